//! How people sign in, and what of it they change themselves.

use deskbell_browser::http::{Call, Failure};
use deskbell_shared::wire::{
    AddPasskeyRequest, Assertion, CreationOptions, CredentialRequest, DemandRequest, PasskeySignInRequest,
    Passkeys, PasswordRequest, RecoveryCodes, RemovePasskeyRequest, RequestOptions, SecondFactor,
    SecretOffer, SignInRequest, SignedIn, SiteId, TurnOnRequest,
};

use super::Api;

impl Api {
    /// Signs in. The session itself is a cookie that no script can read.
    pub async fn sign_in(site: &SiteId, request: &SignInRequest) -> Result<SignedIn, Failure> {
        Call::post(format!("/v1/sites/{site}/sign-in")).json(request).answer().await
    }

    /// How the browser asks for a passkey.
    pub async fn passkey_options(site: &SiteId) -> Result<RequestOptions, Failure> {
        Call::post(format!("/v1/sites/{site}/passkey-options")).answer().await
    }

    /// Signs in with a passkey.
    pub async fn sign_in_by_passkey(site: &SiteId, passkey: Assertion) -> Result<SignedIn, Failure> {
        let request = PasskeySignInRequest { passkey };
        Call::post(format!("/v1/sites/{site}/sign-in/passkey")).json(&request).answer().await
    }

    /// Who is signed in.
    pub async fn me(site: &SiteId) -> Result<SignedIn, Failure> {
        Call::get(format!("/v1/sites/{site}/me")).answer().await
    }

    /// How two-step sign-in of whoever is signed in stands.
    pub async fn second_factor(&self) -> Result<SecondFactor, Failure> {
        Call::get(self.path("me/second-factor")).answer().await
    }

    /// The passkeys of whoever is signed in.
    pub async fn passkeys(&self) -> Result<Passkeys, Failure> {
        Call::get(self.path("me/passkeys")).answer().await
    }

    /// How the browser makes one.
    pub async fn new_passkey_options(&self) -> Result<CreationOptions, Failure> {
        self.signed(Call::post(self.path("me/passkeys/options"))).answer().await
    }

    /// Adds one.
    pub async fn add_passkey(&self, request: &AddPasskeyRequest) -> Result<Passkeys, Failure> {
        self.signed(Call::post(self.path("me/passkeys"))).json(request).answer().await
    }

    /// Takes one away.
    pub async fn remove_passkey(&self, request: &RemovePasskeyRequest) -> Result<Passkeys, Failure> {
        self.signed(Call::post(self.path("me/passkeys/remove"))).json(request).answer().await
    }

    /// A secret for an authenticator app.
    pub async fn offer_secret(&self) -> Result<SecretOffer, Failure> {
        self.signed(Call::post(self.path("me/second-factor/secret"))).answer().await
    }

    /// Turns two-step sign-in on, or puts another app in the place of the one before.
    pub async fn turn_on_factor(&self, request: &TurnOnRequest) -> Result<RecoveryCodes, Failure> {
        self.signed(Call::put(self.path("me/second-factor"))).json(request).answer().await
    }

    /// Turns it off.
    pub async fn turn_off_factor(&self, request: &CredentialRequest) -> Result<(), Failure> {
        self.signed(Call::post(self.path("me/second-factor/off"))).json(request).done().await
    }

    /// New recovery codes.
    pub async fn renew_codes(&self, request: &CredentialRequest) -> Result<RecoveryCodes, Failure> {
        self.signed(Call::post(self.path("me/second-factor/codes"))).json(request).answer().await
    }

    /// Asks two-step sign-in of everybody, or leaves it to each.
    pub async fn demand_factor(&self, request: DemandRequest) -> Result<DemandRequest, Failure> {
        self.signed(Call::put(self.path("second-factor"))).json(&request).answer().await
    }

    /// Chooses another password.
    pub async fn set_password(&self, request: &PasswordRequest) -> Result<(), Failure> {
        self.signed(Call::put(self.path("me/password"))).json(request).done().await
    }

    /// Ends the session.
    pub async fn sign_out(&self) -> Result<(), Failure> {
        self.signed(Call::post(self.path("sign-out"))).done().await
    }
}
