//! Signing in, and what of it people change themselves: their second factor. Hashing a password and opening a secret take a
//! while, and other events come in between: so both are done first, and what was found counts in one step after that, if
//! it is still so.

use deskbell_shared::wire::{
    Credential, Email, FactorCode, NewPerson, ProblemKind, RecoveryCodes, SecondFactor,
};

use super::SiteDo;
use crate::{
    keys::Keys,
    platform::{now, object},
    refusal::{Outcome, Refusal},
    site::{
        calls::{
            DemandFactor, FactorOf, NewSession, Prover, RefusedSignIns, RenewCodes, SetPassword, SignIn,
            TurnOffFactor, TurnOnFactor,
        },
        gathering::Why,
        passkeys::Signed,
        people::{People, session_ended},
        refusals::RefusedSignIn,
        second_factor::{Factors, Looked, NewFactor, Taken, seal},
    },
};

/// What was found of a credential.
enum Checked {
    /// The password's stored hash, when it is right.
    Password(Option<String>),
    Code(Looked),
    /// What it has signed, or why that is not taken.
    Passkey(Outcome<Signed>),
}

impl SiteDo {
    pub(super) async fn sign_in(&self, body: &str) -> Outcome<String> {
        let call: SignIn = object::call(body)?;
        let (email, from) = (call.email.clone(), call.from.clone());
        let outcome = self.let_in(call).await;
        self.note_refused(Some(&email), &from, &outcome)?;
        object::answered::<SignIn>(&outcome?)
    }

    async fn let_in(&self, call: SignIn) -> Outcome<NewSession> {
        let SignIn { email, password, code, .. } = call;
        let hash = self.people()?.check(&email, &password).await?;
        let looked = match (&hash, code) {
            (Some(_), Some(code)) => Some(self.look(&email, code).await?),
            _ => None,
        };
        let stands = hash.map_or(Ok(false), |hash| self.people()?.still_has(&email, &hash))?;
        let person = if stands { self.people()?.person(&email)? } else { None };
        let person = person.ok_or_else(|| {
            let detail = "No person of this site has this e-mail address and password.";
            Refusal::new(ProblemKind::SignInWrong, detail)
        })?;
        if self.factors()?.is_on(&email)? {
            let looked = looked.ok_or_else(|| {
                let detail =
                    "Send the same again with code: six digits of the person's app, or a recovery code.";
                Refusal::new(ProblemKind::SecondFactorNeeded, detail)
            })?;
            self.take(&email, looked)?;
        } else if self.factors()?.is_demanded()? && self.passkeys()?.has(&email)? {
            let detail =
                "The site demands a second factor, and this person's is a passkey: sign in with that.";
            return Err(Refusal::new(ProblemKind::PasskeyNeeded, detail));
        }
        self.record(email.as_str(), "sign-in", "")?;
        self.people()?.begin_session(person)
    }

    pub(super) async fn turn_on_factor(&self, body: &str) -> Outcome<String> {
        let TurnOnFactor { prover, secret, step, instead_of } = object::call(body)?;
        let (email, session) = (prover.email.clone(), prover.session.clone());
        let (keys, site) = (Keys::of(&self.env)?, self.id()?);
        let sealed = seal(&keys, &site, &email, &secret).await?;
        self.prove(prover).await?;
        let codes = self.sql.atomically(|| {
            let factors = self.factors()?;
            if factors.state(&email)?.on_since != instead_of {
                let detail = "It was set up in another window meanwhile. Look at how it stands now.";
                return Err(Refusal::new(ProblemKind::Conflict, detail));
            }
            factors.put(&email, NewFactor { sealed, step }, now())?;
            self.people()?.end_sessions(&email, Some(&session))?;
            let detail = if instead_of.is_some() { "another app" } else { "" };
            self.record(email.as_str(), "second-factor-on", detail)?;
            factors.new_codes(&email)
        })?;
        object::answered::<TurnOnFactor>(&codes)
    }

    pub(super) async fn set_password(&self, body: &str) -> Outcome<String> {
        let SetPassword { prover, new } = object::call(body)?;
        let (email, session) = (prover.email.clone(), prover.session.clone());
        let person = NewPerson { email: email.clone(), name: None, password: new };
        let person = People::hash(person).await?;
        self.prove(prover).await?;
        self.sql.atomically(|| {
            self.record(email.as_str(), "password", "")?;
            self.people()?.renew(person, &session)
        })?;
        object::answered::<SetPassword>(&())
    }

    pub(super) async fn turn_off_factor(&self, body: &str) -> Outcome<String> {
        let TurnOffFactor { prover } = object::call(body)?;
        let email = prover.email.clone();
        let demanded = || {
            let detail =
                "The site demands a second factor of everybody. Another app can be set up in its place.";
            Refusal::new(ProblemKind::Conflict, detail)
        };
        if self.factors()?.is_demanded()? {
            return Err(demanded());
        }
        self.prove(prover).await?;
        self.sql.atomically(|| {
            if self.factors()?.is_demanded()? {
                return Err(demanded());
            }
            match self.factors()?.drop(&email)? {
                true => self.record(email.as_str(), "second-factor-off", ""),
                false => Ok(()),
            }
        })?;
        object::answered::<TurnOffFactor>(&())
    }

    pub(super) async fn renew_codes(&self, body: &str) -> Outcome<String> {
        let RenewCodes { prover } = object::call(body)?;
        let email = prover.email.clone();
        self.prove(prover).await?;
        let codes = self.sql.atomically(|| -> Outcome<RecoveryCodes> {
            if !self.factors()?.is_on(&email)? {
                let detail = "There is no second factor that recovery codes could stand in for.";
                return Err(Refusal::new(ProblemKind::Conflict, detail));
            }
            self.record(email.as_str(), "recovery-codes", "")?;
            self.factors()?.new_codes(&email)
        })?;
        object::answered::<RenewCodes>(&codes)
    }

    pub(super) fn factor_of(&self, call: &FactorOf) -> Outcome<SecondFactor> {
        self.factors()?.state(&call.email)
    }

    /// Whoever demands it of others has it: nobody shuts themselves out by it.
    pub(super) fn demand_factor(&self, call: &DemandFactor) -> Outcome<()> {
        let factors = self.factors()?;
        if call.demanded && !factors.is_on(&call.by)? && !self.passkeys()?.has(&call.by)? {
            let detail = "Turn it on for yourself before you demand it of everybody.";
            return Err(Refusal::new(ProblemKind::Conflict, detail));
        }
        if factors.is_demanded()? == call.demanded {
            return Ok(());
        }
        self.sql.atomically(|| {
            factors.demand(call.demanded)?;
            let detail = if call.demanded { "on" } else { "off" };
            self.record(call.by.as_str(), "second-factor-demand", detail)
        })
    }

    /// The operator or an owner takes it off somebody who has lost it, and ends their sessions: what was lost, app and passkeys,
    /// may be in other hands.
    pub(super) fn drop_factor(&self, email: &Email, by: &str) -> Outcome<()> {
        if self.people()?.person(email)?.is_none() {
            let detail = "no_second_factor: no person of this site has this e-mail address.";
            return Err(Refusal::new(ProblemKind::NotFound, detail));
        }
        let (had_app, had_passkey) = (self.factors()?.drop(email)?, self.passkeys()?.drop(email)?);
        if had_app || had_passkey {
            self.record(by, "second-factor-off", email.as_str())?;
            self.people()?.end_sessions(email, None)?;
        }
        Ok(())
    }

    /// Checks who is asking, and uses up the code they ask with. What is written here counts also when the credential is wrong.
    ///
    /// Their session has to stand when they are found to be who they are: it may have ended since they began to ask, because
    /// somebody else knows their password.
    pub(super) async fn prove(&self, prover: Prover) -> Outcome<()> {
        let Prover { email, session, credential, from, origin } = prover;
        let checked = match credential {
            Credential::Password(password) => {
                Checked::Password(self.people()?.check(&email, &password).await?)
            }
            Credential::Code(code) => Checked::Code(self.look(&email, code).await?),
            Credential::Passkey(passkey) => Checked::Passkey(self.look_at_passkey(passkey, &origin).await),
        };
        if !self.people()?.is_signed_in(&email, &session, now())? {
            return Err(session_ended());
        }
        let wrong = || {
            Refusal::new(
                ProblemKind::CredentialWrong,
                "That is not the password, no code that is good now, and no passkey of theirs.",
            )
        };
        let outcome = match checked {
            Checked::Password(Some(hash)) if self.people()?.still_has(&email, &hash)? => Ok(()),
            Checked::Password(_) => Err(wrong()),
            Checked::Code(looked) => self.take(&email, looked),
            Checked::Passkey(Ok(signed)) if signed.email != email => Err(wrong()),
            Checked::Passkey(signed) => signed.and_then(|signed| self.passkeys()?.take(&signed, now())),
        };
        let outcome = outcome.map_err(|refusal| match refusal.problem().kind {
            ProblemKind::SecondFactorWrong | ProblemKind::PasskeyWrong => wrong(),
            _ => refusal,
        });
        self.note_refused(Some(&email), &from, &outcome)?;
        outcome
    }

    async fn look(&self, email: &Email, code: FactorCode) -> Outcome<Looked> {
        let (keys, site) = (Keys::of(&self.env)?, self.id()?);
        self.factors()?.look(&keys, &site, email, code).await
    }

    fn take(&self, email: &Email, looked: Looked) -> Outcome<()> {
        match self.factors()?.take(email, looked, now())? {
            Taken::App => Ok(()),
            Taken::Recovery { left } => self.record(email.as_str(), "recovery-code", &format!("{left} left")),
        }
    }

    /// Keeps for the record what was refused to whoever tried to be somebody.
    pub(super) fn note_refused<T>(
        &self,
        email: Option<&Email>,
        from: &str,
        outcome: &Outcome<T>,
    ) -> Outcome<()> {
        let why = match outcome.as_ref().map_err(|refusal| refusal.problem().kind) {
            Err(ProblemKind::SignInWrong) => Why::Wrong,
            Err(ProblemKind::SecondFactorWrong | ProblemKind::PasskeyNeeded) => Why::Code,
            Err(ProblemKind::PasskeyWrong) => Why::Passkey,
            Err(ProblemKind::CredentialWrong) => Why::Credential,
            Err(ProblemKind::Throttled) => Why::Throttled,
            _ => return Ok(()),
        };
        let refused = RefusedSignIn { email: email.cloned(), why, from: from.to_owned(), times: 1 };
        self.refused_sign_ins(&RefusedSignIns { refused: vec![refused] })
    }

    pub(super) fn factors(&self) -> Outcome<Factors<'_>> {
        self.exists()?;
        Ok(Factors(&self.sql))
    }
}
