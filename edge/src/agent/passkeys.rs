//! Signing in with a passkey, and the passkeys of whoever is signed in.

use deskbell_shared::wire::{
    AddPasskeyRequest, Algorithm, Attestation, AuthenticatorSelection, CreationOptions, CredentialDescriptor,
    CredentialParameters, CredentialType, PasskeySignInRequest, PasskeyUser, ProblemKind, RelyingParty,
    RemovePasskeyRequest, RequestOptions, Requirement, SiteId,
};

use super::{
    second_factor::prover,
    session::{Authority, agent_setting_up},
    sign_in::{attempt, welcome},
};
use crate::{
    guard::{self, Act},
    platform::object::{ask, ask_text},
    refusal::Outcome,
    reply::Reply,
    site::{
        calls::{AddPasskey, PasskeysOf, RemovePasskey, SignInByPasskey},
        origin,
        passkeys::{CHALLENGE_MS, new_challenge, user_handle},
        view,
    },
    visit::Visit,
};

/// `POST /v1/sites/{site}/passkey-options`. Nothing is stored of it.
pub(crate) async fn request_options(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    origin::check_own(visit.header("Origin").as_deref(), visit.own_origin())?;
    view(visit, site).await?;
    Reply::json(&RequestOptions {
        challenge: new_challenge(&visit.keys, site, visit.now)?,
        timeout: CHALLENGE_MS,
        user_verification: Requirement::Required,
    })
}

/// `POST /v1/sites/{site}/sign-in/passkey`.
pub(crate) async fn sign_in(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let own = visit.own_origin();
    origin::check_own(visit.header("Origin").as_deref(), own)?;
    let PasskeySignInRequest { passkey } = visit.json().await?;
    view(visit, site).await?;
    let from = guard::records::place_of(visit, site);
    let admission = guard::admit(visit, site, Act::Passkey).await?;
    let call = SignInByPasskey { passkey, origin: own.to_owned(), from };
    let outcome = ask(&visit.site_object(site)?, &call).await;
    match outcome.as_ref().map_err(|refusal| refusal.problem().kind) {
        Ok(session) => admission.was_theirs(visit, site, &session.person.email).await,
        Err(ProblemKind::PasskeyWrong) => guard::note_wrong_sign_in(visit, site, None).await,
        Err(_) => {}
    }
    welcome(visit, site, outcome?)
}

/// `GET /v1/sites/{site}/me/passkeys`.
pub(crate) async fn list(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, _) = agent_setting_up(visit, site, Authority::ToRead).await?;
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, &PasskeysOf { email: person.email }).await?))
}

/// `POST /v1/sites/{site}/me/passkeys/options`.
pub(crate) async fn creation_options(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, _) = agent_setting_up(visit, site, Authority::ToChange).await?;
    let known = ask(&visit.site_object(site)?, &PasskeysOf { email: person.email.clone() }).await?;
    let kind = CredentialType::PublicKey;
    // Several sites may be at one host: what an authenticator shows tells them apart.
    let display_name = format!("{} ({})", person.name.as_str(), person.site_name.as_str());
    Reply::json(&CreationOptions {
        rp: RelyingParty { name: person.site_name.as_str().to_owned() },
        user: PasskeyUser {
            id: user_handle(&visit.keys, site, &person.email)?,
            name: person.email.as_str().to_owned(),
            display_name,
        },
        challenge: new_challenge(&visit.keys, site, visit.now)?,
        pub_key_cred_params: Algorithm::ALL.map(|alg| CredentialParameters { kind, alg }).to_vec(),
        timeout: CHALLENGE_MS,
        exclude_credentials: known
            .passkeys
            .into_iter()
            .map(|passkey| CredentialDescriptor { kind, id: passkey.id })
            .collect(),
        authenticator_selection: AuthenticatorSelection {
            resident_key: Requirement::Required,
            require_resident_key: true,
            user_verification: Requirement::Required,
        },
        attestation: Attestation::None,
    })
}

/// `POST /v1/sites/{site}/me/passkeys`.
pub(crate) async fn add(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, session) = agent_setting_up(visit, site, Authority::ToChange).await?;
    let AddPasskeyRequest { name, passkey, credential } = visit.json().await?;
    let prover = prover(visit, site, (&person.email, session), credential);
    let call = AddPasskey { prover, name, made: passkey.response };
    Reply::json(&attempt(visit, site, &person.email, &call).await?)
}

/// `POST /v1/sites/{site}/me/passkeys/remove`.
pub(crate) async fn remove(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, session) = agent_setting_up(visit, site, Authority::ToChange).await?;
    let RemovePasskeyRequest { id, credential } = visit.json().await?;
    let call = RemovePasskey { prover: prover(visit, site, (&person.email, session), credential), id };
    Reply::json(&attempt(visit, site, &person.email, &call).await?)
}
