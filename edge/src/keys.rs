//! The deployment's secrets, and the keys derived from them.

use std::{cell::OnceCell, rc::Rc};

use deskbell_shared::wire::{ProblemKind, token::Key};
use subtle::ConstantTimeEq;
use worker::Env;

use crate::refusal::{Outcome, Refusal};

/// The fewest characters a secret may have: 32 characters of base64 are 192 bits.
const MIN_SECRET_CHARS: usize = 32;

/// One key for each purpose, so that what was signed for one is worth nothing for another.
pub(crate) struct Keys {
    /// Signs visitors' sessions.
    pub(crate) visitor_session: Key,
    /// Signs agents' session cookies.
    pub(crate) agent_session: Key,
    /// Makes the token that agents' changing requests carry.
    pub(crate) csrf: Key,
    /// Signs the secrets that are offered to agents' authenticator apps.
    pub(crate) factor_offer: Key,
    /// Derives the keys with which agents' second factors are sealed.
    pub(crate) factor: Key,
    /// Signs what passkeys are asked to sign.
    pub(crate) passkey_challenge: Key,
    /// Names people to their authenticators.
    pub(crate) passkey_user: Key,
    /// Names agents' sessions to the objects that keep their sockets.
    pub(crate) agent_socket: Key,
    /// Derives a conversation's id from its visitor's key.
    pub(crate) conversation: Key,
    /// Signs challenges.
    pub(crate) challenge: Key,
    /// Hides who is counted. Rates under it live for a day at most, and where somebody has signed in for sixty.
    pub(crate) rate: Key,
    /// Hides who is banned, and who a conversation is with.
    pub(crate) ban: Key,
    /// Derives the secrets with which sites sign who their customers are.
    pub(crate) customer: Key,
    /// Derives the secrets that webhooks are signed with.
    pub(crate) webhook: Key,
    /// Derives channels' keys, and names what comes through them.
    pub(crate) channel: Key,
    admin_token: String,
}

thread_local! {
    // Secrets are fixed for the life of an isolate.
    static KEYS: OnceCell<Rc<Keys>> = const { OnceCell::new() };
}

impl Keys {
    /// The keys of this deployment.
    ///
    /// # Errors
    /// *Unavailable* when a secret is missing or too short: nothing runs with keys that can be guessed.
    pub(crate) fn of(env: &Env) -> Outcome<Rc<Self>> {
        if let Some(keys) = KEYS.with(|keys| keys.get().cloned()) {
            return Ok(keys);
        }
        let master = secret(env, "DESKBELL_KEY")?;
        let derive = |purpose| Key::derive(master.as_bytes(), purpose);
        let keys = Rc::new(Self {
            visitor_session: derive("visitor-session/1"),
            agent_session: derive("agent-session/1"),
            csrf: derive("csrf/1"),
            factor_offer: derive("factor-offer/1"),
            factor: derive("factor/1"),
            passkey_challenge: derive("passkey-challenge/1"),
            passkey_user: derive("passkey-user/1"),
            agent_socket: derive("agent-socket/1"),
            conversation: derive("conversation/1"),
            challenge: derive("challenge/1"),
            rate: derive("guard-rate/1"),
            ban: derive("guard-ban/1"),
            customer: derive("customer/1"),
            webhook: derive("webhook/1"),
            channel: derive("channel/1"),
            admin_token: secret(env, "DESKBELL_ADMIN_TOKEN")?,
        });
        Ok(KEYS.with(|cell| cell.get_or_init(|| keys).clone()))
    }

    /// Whether this is the operator's token. Takes the same time for every wrong one of the same length.
    pub(crate) fn is_admin_token(&self, token: &str) -> bool {
        self.admin_token.as_bytes().ct_eq(token.as_bytes()).into()
    }
}

fn secret(env: &Env, name: &str) -> Outcome<String> {
    let value = env.secret(name).map(|secret| secret.to_string()).unwrap_or_default();
    if value.chars().count() >= MIN_SECRET_CHARS {
        return Ok(value);
    }
    Err(Refusal::new(
        ProblemKind::Unavailable,
        format!("This deployment has no {name} of at least {MIN_SECRET_CHARS} characters. Its operator sets it with: wrangler secret put {name}"),
    )
    .because("refusing to run without secrets"))
}
