//! Passkeys: a way in that is both steps at once, and cannot be given away by mistake.

use deskbell_shared::wire::{Assertion, Passkeys as Listed, ProblemKind};

use super::SiteDo;
use crate::{
    keys::Keys,
    platform::{now, object},
    refusal::{Outcome, Refusal},
    site::{
        calls::{AddPasskey, NewSession, PasskeysOf, RemovePasskey, SignInByPasskey},
        passkeys::{Asker, Passkeys, Signed},
    },
};

impl SiteDo {
    pub(super) async fn sign_in_by_passkey(&self, body: &str) -> Outcome<String> {
        let SignInByPasskey { passkey, origin, from } = object::call(body)?;
        let signed = self.look_at_passkey(passkey, &origin).await;
        let email = signed.as_ref().ok().map(|signed| signed.email.clone());
        let outcome = signed.and_then(|signed| self.let_in_by_passkey(&signed));
        self.note_refused(email.as_ref(), &from, &outcome)?;
        object::answered::<SignInByPasskey>(&outcome?)
    }

    fn let_in_by_passkey(&self, signed: &Signed) -> Outcome<NewSession> {
        self.sql.atomically(|| {
            self.passkeys()?.take(signed, now())?;
            let person = self.people()?.person(&signed.email)?;
            let person = person.ok_or_else(|| Refusal::failed("a passkey of nobody"))?;
            self.record(signed.email.as_str(), "sign-in", "passkey")?;
            self.people()?.begin_session(person)
        })
    }

    pub(super) async fn look_at_passkey(&self, passkey: Assertion, origin: &str) -> Outcome<Signed> {
        let (keys, site) = (Keys::of(&self.env)?, self.id()?);
        let asker = Asker { keys: &keys, site: &site, origin, now: now() };
        self.passkeys()?.look(&asker, passkey).await
    }

    pub(super) fn passkeys_of(&self, call: &PasskeysOf) -> Outcome<Listed> {
        self.passkeys()?.of(&call.email)
    }

    pub(super) async fn add_passkey(&self, body: &str) -> Outcome<String> {
        let AddPasskey { prover, name, made } = object::call(body)?;
        let (email, session) = (prover.email.clone(), prover.session.clone());
        let (keys, site) = (Keys::of(&self.env)?, self.id()?);
        let asker = Asker { keys: &keys, site: &site, origin: &prover.origin, now: now() };
        let made = asker.made(made).await?;
        self.prove(prover).await?;
        let passkeys = self.sql.atomically(|| {
            if self.factors()?.is_due(&email)? {
                // They began without it.
                self.people()?.end_sessions(&email, Some(&session))?;
            }
            if self.passkeys()?.add(&email, &name, made, now())? {
                self.record(email.as_str(), "passkey-add", name.as_str())?;
            }
            self.passkeys()?.of(&email)
        })?;
        object::answered::<AddPasskey>(&passkeys)
    }

    pub(super) async fn remove_passkey(&self, body: &str) -> Outcome<String> {
        let RemovePasskey { prover, id } = object::call(body)?;
        let (email, session) = (prover.email.clone(), prover.session.clone());
        self.prove(prover).await?;
        let passkeys = self.sql.atomically(|| {
            if let Some(name) = self.passkeys()?.remove(&email, &id)? {
                self.record(email.as_str(), "passkey-remove", name.as_str())?;
                self.people()?.end_sessions(&email, Some(&session))?;
            }
            if self.factors()?.is_due(&email)? {
                let detail =
                    "The site demands a second factor of everybody. Add another passkey, or an app, first.";
                return Err(Refusal::new(ProblemKind::Conflict, detail));
            }
            self.passkeys()?.of(&email)
        })?;
        object::answered::<RemovePasskey>(&passkeys)
    }

    pub(super) fn passkeys(&self) -> Outcome<Passkeys<'_>> {
        self.exists()?;
        Ok(Passkeys(&self.sql))
    }
}
