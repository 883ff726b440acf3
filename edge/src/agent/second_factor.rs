//! The password and the second factor of whoever is signed in, and whether a site demands it of everybody.

use deskbell_shared::{
    totp,
    wire::{
        Credential, CredentialRequest, DemandRequest, Email, FactorCode, Millis, PasswordRequest,
        ProblemKind, Role, SecretOffer, SiteId, TotpSecret, TurnOnRequest, token::Claims,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    session::{Authority, agent, agent_setting_up},
    sign_in::attempt,
};
use crate::{
    guard::records::place_of,
    platform::{
        object::{ask, ask_text},
        random,
    },
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::calls::{DemandFactor, FactorOf, Prover, RenewCodes, SetPassword, TurnOffFactor, TurnOnFactor},
    visit::Visit,
};

/// How long an offered secret can be turned on, in milliseconds: time to find the phone and install an app.
const OFFER_MS: u64 = 15 * 60 * 1000;

/// A secret that was offered to somebody. They have it already, so it is signed and not sealed; nothing is stored of it.
#[derive(Serialize, Deserialize)]
struct OfferClaims {
    site: SiteId,
    email: Email,
    secret: TotpSecret,
    /// Since when the one was on whose place it takes: of several offers one is turned on.
    instead_of: Option<Millis>,
    expires: Millis,
}

impl Claims for OfferClaims {
    fn expires(&self) -> Millis {
        self.expires
    }
}

/// `GET /v1/sites/{site}/me/second-factor`.
pub(crate) async fn state(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, _) = agent_setting_up(visit, site, Authority::ToRead).await?;
    let call = FactorOf { email: person.email };
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, &call).await?))
}

/// `POST /v1/sites/{site}/me/second-factor/secret`.
pub(crate) async fn offer(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, _) = agent_setting_up(visit, site, Authority::ToChange).await?;
    let state = ask(&visit.site_object(site)?, &FactorOf { email: person.email.clone() }).await?;
    let secret = TotpSecret(random::bytes()?);
    let claims = OfferClaims {
        site: site.clone(),
        email: person.email,
        secret: secret.clone(),
        instead_of: state.on_since,
        expires: visit.now.plus(OFFER_MS),
    };
    Reply::json(&SecretOffer { secret, offer: visit.keys.factor_offer.seal(&claims) })
}

/// `PUT /v1/sites/{site}/me/second-factor`.
pub(crate) async fn turn_on(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, session) = agent_setting_up(visit, site, Authority::ToChange).await?;
    let TurnOnRequest { offer, code, credential } = visit.json().await?;
    let claims = visit.keys.factor_offer.open::<OfferClaims>(&offer, visit.now).ok();
    let claims = claims.filter(|claims| claims.site == *site && claims.email == person.email);
    let OfferClaims { secret, instead_of, .. } = claims.ok_or_else(|| {
        let detail = "This secret was offered too long ago, or to somebody else. Ask for another one.";
        Refusal::new(ProblemKind::Conflict, detail)
    })?;
    // Whoever asks has the secret: there is nothing to be guessed, and nothing to be counted.
    let step = match code {
        FactorCode::Digits(digits) => totp::step_of(&secret, digits, 0, visit.now),
        FactorCode::Recovery(_) => None,
    };
    let step = step.ok_or_else(|| {
        let detail =
            "The app shows another code for this secret. If it stays so, its phone's clock is wrong.";
        Refusal::new(ProblemKind::SecondFactorWrong, detail)
    })?;
    let prover = prover(visit, site, (&person.email, session), credential);
    let call = TurnOnFactor { prover, secret, step, instead_of };
    Reply::json(&attempt(visit, site, &person.email, &call).await?)
}

/// `POST /v1/sites/{site}/me/second-factor/off`.
pub(crate) async fn turn_off(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, session) = agent_setting_up(visit, site, Authority::ToChange).await?;
    let CredentialRequest { credential } = visit.json().await?;
    let call = TurnOffFactor { prover: prover(visit, site, (&person.email, session), credential) };
    attempt(visit, site, &person.email, &call).await?;
    Ok(Reply::status(204))
}

/// `POST /v1/sites/{site}/me/second-factor/codes`.
pub(crate) async fn renew_codes(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, session) = agent_setting_up(visit, site, Authority::ToChange).await?;
    let CredentialRequest { credential } = visit.json().await?;
    let call = RenewCodes { prover: prover(visit, site, (&person.email, session), credential) };
    Reply::json(&attempt(visit, site, &person.email, &call).await?)
}

/// `PUT /v1/sites/{site}/me/password`.
pub(crate) async fn set_password(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, session) = agent(visit, site, Role::Viewer, Authority::ToChange).await?;
    let PasswordRequest { current, new } = visit.json().await?;
    let prover = prover(visit, site, (&person.email, session), Credential::Password(current));
    attempt(visit, site, &person.email, &SetPassword { prover, new }).await?;
    Ok(Reply::status(204))
}

/// `PUT /v1/sites/{site}/second-factor`.
pub(crate) async fn demand(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, _) = agent(visit, site, Role::Admin, Authority::ToChange).await?;
    let request: DemandRequest = visit.json().await?;
    ask(&visit.site_object(site)?, &DemandFactor { demanded: request.demanded, by: person.email }).await?;
    Reply::json(&request)
}

/// Whoever is signed in, in this session, proving once more who they are.
pub(super) fn prover(
    visit: &Visit,
    site: &SiteId,
    (email, session): (&Email, String),
    credential: Credential,
) -> Prover {
    let (from, origin) = (place_of(visit, site), visit.own_origin().to_owned());
    Prover { email: email.clone(), session, credential, from, origin }
}
