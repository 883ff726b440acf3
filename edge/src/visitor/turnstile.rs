//! Cloudflare's Turnstile has let a visitor pass: whether it did, Cloudflare is asked, and the visitor gets what answers
//! the challenge. It goes on its way as the numbers of a puzzle would, so nothing behind the door knows of Turnstile.
//!
//! **When Cloudflare cannot be asked, the chat goes on.** Visitors solve puzzles for the next minute, and people see an
//! alert.

use deskbell_shared::wire::{
    AlertKind, Pass, ProblemKind, SiteId, TurnstilePass, TurnstileRequest, token::ChallengeClaims,
};
use serde::{Deserialize, Serialize};
use worker::{Fetch, Headers, Method, Request, RequestInit};

use crate::{
    guard::{self, Act, Who},
    platform::{object::ask, patience::within},
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::{
        calls::{GetTurnstileSecret, TurnstileIsDown},
        forget,
    },
    visit::Visit,
};

/// Where Cloudflare is asked, unless the deployment says otherwise.
const VERIFY: &str = "https://challenges.cloudflare.com/turnstile/v0/siteverify";
/// The variable in which it does.
const VERIFY_URL: &str = "TURNSTILE_VERIFY_URL";
/// How long Cloudflare may take, in milliseconds.
const PATIENCE_MS: u64 = 4_000;

/// What Cloudflare is asked.
#[derive(Serialize)]
struct Question<'a> {
    secret: &'a str,
    response: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    remoteip: Option<String>,
}

/// What it answers.
#[derive(Deserialize)]
struct Answer {
    success: bool,
    #[serde(default, rename = "error-codes")]
    errors: Vec<String>,
}

/// `POST /v1/sites/{site}/turnstile`.
pub(crate) async fn pass(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let TurnstileRequest { visitor, challenge, response } = visit.json().await?;
    let admission = guard::admit(visit, site, Act::Turnstile(visitor)).await?;
    let subject = Who::Visitor(visitor).ban_name(&visit.keys, site);
    let claims = visit.keys.challenge.open::<ChallengeClaims>(challenge.as_str(), visit.now);
    if !claims.is_ok_and(|claims| claims.site == *site && claims.subject == subject) {
        let detail = "The challenge was set to somebody else, or too long ago.";
        return Err(Refusal::new(ProblemKind::NotAllowed, detail));
    }
    let object = visit.site_object(site)?;
    let secret = ask(&object, &GetTurnstileSecret {}).await?;
    let secret =
        secret.ok_or_else(|| Refusal::new(ProblemKind::NotFound, "This site does not use Turnstile."))?;
    match passed(visit, &secret, response.as_str()).await {
        Ok(true) => {
            let pass = guard::pass_for(&visit.keys.challenge, challenge.as_str());
            let pass = Pass::new(&pass).map_err(Refusal::failed)?;
            Ok(Reply::json(&TurnstilePass { pass })?.with_limits(&admission.limits))
        }
        Ok(false) => {
            guard::suspect_visitor(visit, site, visitor).await;
            let detail = "Turnstile did not let this browser pass. The challenge's puzzle still does.";
            Err(Refusal::new(ProblemKind::NotAllowed, detail))
        }
        Err(refusal) => {
            guard::raise(visit, site, AlertKind::TurnstileDown).await;
            ask(&object, &TurnstileIsDown {}).await?;
            forget(site);
            Err(refusal)
        }
    }
}

/// Whether Cloudflare says so.
///
/// # Errors
/// It cannot be asked, or will not be asked with this secret.
async fn passed(visit: &Visit, secret: &str, response: &str) -> Outcome<bool> {
    let url = visit.env.var(VERIFY_URL).map_or_else(|_| VERIFY.to_owned(), |url| url.to_string());
    let question = Question { secret, response, remoteip: visit.header("CF-Connecting-IP") };
    let headers = Headers::new();
    headers.set("Content-Type", "application/json")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers);
    init.with_body(Some(serde_json::to_string(&question)?.into()));
    let request = Request::new_with_init(&url, &init)?;
    let answered = within(PATIENCE_MS, async {
        let mut response = Fetch::Request(request).send().await?;
        let text = response.text().await?;
        serde_json::from_str::<Answer>(&text).map_err(Refusal::failed)
    });
    let Answer { success, errors } =
        answered.await.unwrap_or_else(|| Err(Refusal::failed("Turnstile gave no answer in time")))?;
    // What is the visitor's doing and what is not: developers.cloudflare.com/turnstile, server-side validation.
    let ours = ["missing-input-secret", "invalid-input-secret", "internal-error", "bad-request"];
    match errors.iter().find(|error| ours.contains(&error.as_str())) {
        Some(error) if !success => Err(Refusal::failed(format_args!("Turnstile refuses: {error}"))),
        _ => Ok(success),
    }
}
