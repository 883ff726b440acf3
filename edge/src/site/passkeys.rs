//! Passkeys of a site's people: the public keys, and which challenges have been answered.

use deskbell_shared::{
    webauthn::{AuthenticatorData, Ceremony, WebAuthnError, challenge_of, host_of, signed_message},
    wire::{
        Algorithm, Assertion, Base64Url, Email, Line, MAX_PASSKEYS, Millis, Passkey, Passkeys as Listed,
        ProblemKind, RegistrationResponse, SiteId, token::Claims,
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Keys,
    platform::{
        crypto, random,
        sql::{Sql, int},
    },
    refusal::{Outcome, Refusal},
};

/// How long a challenge can be answered, in milliseconds: time to find the key or the phone.
pub(crate) const CHALLENGE_MS: u32 = 5 * 60 * 1000;

/// What a passkey is asked to sign: a token, so that nothing is stored of those that nobody answers.
#[derive(Serialize, Deserialize)]
struct Challenge {
    site: SiteId,
    nonce: String,
    expires: Millis,
}

impl Claims for Challenge {
    fn expires(&self) -> Millis {
        self.expires
    }
}

/// Something to sign, once, at this site.
///
/// # Errors
/// When the platform has no entropy to give.
pub(crate) fn new_challenge(keys: &Keys, site: &SiteId, now: Millis) -> Outcome<Base64Url> {
    let expires = now.plus(u64::from(CHALLENGE_MS));
    let challenge = Challenge { site: site.clone(), nonce: random::secret()?, expires };
    encoded(keys.passkey_challenge.seal(&challenge).as_bytes())
}

/// What authenticators call somebody of this site. It says nothing about them.
pub(crate) fn user_handle(keys: &Keys, site: &SiteId, email: &Email) -> Outcome<Base64Url> {
    encoded(&keys.passkey_user.mac(&[site.as_str().as_bytes(), email.as_str().as_bytes()]))
}

fn encoded(bytes: &[u8]) -> Outcome<Base64Url> {
    Base64Url::of(bytes).map_err(Refusal::failed)
}

/// A challenge that was answered.
struct Answered {
    nonce: String,
    expires: Millis,
}

/// A passkey that can be added, once: its challenge is not used up yet.
pub(crate) struct Made {
    id: Base64Url,
    key: PublicKey,
    counter: u32,
    answered: Answered,
}

/// A passkey that has signed, before it counts: checking a signature takes a while, and other events come in between.
pub(crate) struct Signed {
    id: Base64Url,
    /// Whose it was when it was looked at.
    pub(crate) email: Email,
    key: PublicKey,
    counter: u32,
    answered: Answered,
}

#[derive(Clone, PartialEq, Eq)]
struct PublicKey {
    algorithm: Algorithm,
    /// SubjectPublicKeyInfo.
    spki: Base64Url,
}

/// A passkey as it is kept.
struct Kept {
    email: Email,
    key: PublicKey,
    counter: u32,
}

/// Who has asked for an answer.
pub(crate) struct Asker<'a> {
    /// The deployment's keys.
    pub(crate) keys: &'a Keys,
    /// The site.
    pub(crate) site: &'a SiteId,
    /// The origin of its pages.
    pub(crate) origin: &'a str,
    /// When the answer came.
    pub(crate) now: Millis,
}

impl Asker<'_> {
    /// The challenge that an authenticator's answer is to, and what the authenticator says.
    fn read<'b>(
        &self,
        ceremony: Ceremony,
        client_data: &[u8],
        authenticator_data: &'b [u8],
    ) -> Outcome<(Answered, AuthenticatorData<'b>)> {
        let challenge = challenge_of(client_data, ceremony, self.origin).map_err(not_taken)?;
        let opened = str::from_utf8(&challenge)
            .ok()
            .and_then(|token| self.keys.passkey_challenge.open::<Challenge>(token, self.now).ok());
        let Challenge { nonce, expires, .. } =
            opened.filter(|challenge| challenge.site == *self.site).ok_or_else(too_late)?;
        let said = AuthenticatorData::read(authenticator_data, host_of(self.origin)).map_err(not_taken)?;
        Ok((Answered { nonce, expires }, said))
    }

    /// What can be added of what a browser says of a new passkey.
    ///
    /// # Errors
    /// *Passkey wrong.*
    pub(crate) async fn made(&self, response: RegistrationResponse) -> Outcome<Made> {
        let RegistrationResponse { client_data, authenticator_data, public_key, public_key_algorithm } =
            response;
        let authenticator_data = decoded(&authenticator_data)?;
        let (answered, said) = self.read(Ceremony::Create, &decoded(&client_data)?, &authenticator_data)?;
        let id = said.made.ok_or_else(|| not_taken(WebAuthnError::AuthenticatorData))?;
        let key = PublicKey { algorithm: public_key_algorithm, spki: public_key };
        // What the platform cannot read now would let nobody in later.
        crypto::public_key(key.algorithm, &decoded(&key.spki)?).await.map_err(|error| {
            Refusal::new(ProblemKind::PasskeyWrong, "The public key could not be read.").because(error)
        })?;
        Ok(Made { id: encoded(id)?, key, counter: said.counter, answered })
    }
}

/// The passkeys at the site whose database this is.
pub(crate) struct Passkeys<'a>(pub(crate) &'a Sql);

impl Passkeys<'_> {
    const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS passkey (
            id TEXT PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL, algorithm TEXT NOT NULL, spki TEXT NOT NULL,
            counter INTEGER NOT NULL, added INTEGER NOT NULL, used INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS passkey_email ON passkey (email);
        CREATE TABLE IF NOT EXISTS answered (nonce TEXT PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID;
    ";

    /// Somebody's, in the order in which they were added.
    pub(crate) fn of(&self, email: &Email) -> Outcome<Listed> {
        if !self.are_there()? {
            return Ok(Listed { passkeys: Vec::new() });
        }
        let query = "SELECT id, name, added, used FROM passkey WHERE email = ? ORDER BY added, id";
        let rows = self.0.rows(query, vec![email.as_str().into()])?;
        let passkeys = rows.iter().map(|row| {
            Ok(Passkey {
                id: row.name(0)?,
                name: row.name(1)?,
                added: Millis(row.number(2)?),
                used: row.maybe_number(3)?.map(Millis),
            })
        });
        Ok(Listed { passkeys: passkeys.collect::<Outcome<_>>()? })
    }

    /// Whether somebody has one.
    pub(crate) fn has(&self, email: &Email) -> Outcome<bool> {
        let query = "SELECT 1 FROM passkey WHERE email = ? LIMIT 1";
        Ok(self.are_there()? && self.0.first(query, vec![email.as_str().into()])?.is_some())
    }

    /// Gives somebody one more; whether it is new. Sent again, because the answer did not arrive, it changes nothing.
    ///
    /// # Errors
    /// *Passkey wrong* when its challenge has been answered before; *conflict* when it is there, or too many are.
    pub(crate) fn add(&self, email: &Email, name: &Line, made: Made, now: Millis) -> Outcome<bool> {
        self.0.run(Self::SCHEMA, Vec::new())?;
        let conflict = |detail: &str| Refusal::new(ProblemKind::Conflict, detail);
        match self.kept(&made.id)? {
            Some(kept) if kept.email == *email && kept.key == made.key => return Ok(false),
            Some(_) => return Err(conflict("This passkey is known here already.")),
            None => {}
        }
        if self.of(email)?.passkeys.len() >= MAX_PASSKEYS {
            return Err(conflict(&format!(
                "One person has {MAX_PASSKEYS} passkeys at most. Remove one first."
            )));
        }
        self.answer(&made.answered, now)?;
        let insert = "INSERT INTO passkey (id, email, name, algorithm, spki, counter, added) VALUES (?, ?, ?, ?, ?, ?, ?)";
        let row = vec![
            made.id.as_str().into(),
            email.as_str().into(),
            name.as_str().into(),
            serde_json::to_string(&made.key.algorithm)?.into(),
            made.key.spki.as_str().into(),
            int(u64::from(made.counter)),
            int(now.0),
        ];
        self.0.run(insert, row)?;
        Ok(true)
    }

    /// Takes one away from somebody; what they called it, when it was theirs.
    pub(crate) fn remove(&self, email: &Email, id: &Base64Url) -> Outcome<Option<Line>> {
        let known = self.of(email)?.passkeys.into_iter().find(|passkey| passkey.id == *id);
        if known.is_some() {
            self.0.run("DELETE FROM passkey WHERE id = ?", vec![id.as_str().into()])?;
        }
        Ok(known.map(|passkey| passkey.name))
    }

    /// Takes all of them away from somebody; whether there was one.
    pub(crate) fn drop(&self, email: &Email) -> Outcome<bool> {
        let had = self.has(email)?;
        if had {
            self.0.run("DELETE FROM passkey WHERE email = ?", vec![email.as_str().into()])?;
        }
        Ok(had)
    }

    /// Looks at what a passkey says. Nothing has changed yet.
    ///
    /// # Errors
    /// *Passkey wrong.*
    pub(crate) async fn look(&self, asker: &Asker<'_>, assertion: Assertion) -> Outcome<Signed> {
        let Assertion { id, response } = assertion;
        let (client_data, said) = (decoded(&response.client_data)?, decoded(&response.authenticator_data)?);
        let (answered, AuthenticatorData { counter, .. }) = asker.read(Ceremony::Get, &client_data, &said)?;
        // Whose it is, is known by its own name: what the authenticator calls the person changes with the master secret.
        let Kept { email, key, .. } = self.kept(&id)?.ok_or_else(unknown)?;
        let public = crypto::public_key(key.algorithm, &decoded(&key.spki)?).await?;
        let message = signed_message(&said, &client_data);
        let signature = decoded(&response.signature)?;
        if !crypto::has_signed((key.algorithm, &public), &message, &signature).await? {
            return Err(not_taken(WebAuthnError::Signature));
        }
        Ok(Signed { id, email, key, counter, answered })
    }

    /// Takes what a passkey has signed, in one step: of many at once with the same answer, one is let in.
    ///
    /// # Errors
    /// *Passkey wrong* when it has been taken before, is not theirs any more, or another copy of the passkey has signed since.
    pub(crate) fn take(&self, signed: &Signed, now: Millis) -> Outcome<()> {
        let kept = self.kept(&signed.id)?.filter(|kept| kept.email == signed.email && kept.key == signed.key);
        let kept = kept.ok_or_else(unknown)?;
        // Section 6.1.1: one that counts has counted on; one that is kept in several places does not count.
        if (kept.counter, signed.counter) != (0, 0) && signed.counter <= kept.counter {
            let detail = "There is a copy of this passkey. Remove it, and make another one.";
            return Err(Refusal::new(ProblemKind::PasskeyWrong, detail));
        }
        self.answer(&signed.answered, now)?;
        let update = "UPDATE passkey SET counter = ?, used = ? WHERE id = ?";
        let row = vec![int(u64::from(signed.counter)), int(now.0), signed.id.as_str().into()];
        Ok(self.0.run(update, row)?)
    }

    /// Uses up a challenge. Those that cannot be answered any more need not be known.
    fn answer(&self, Answered { nonce, expires }: &Answered, now: Millis) -> Outcome<()> {
        self.0.run("DELETE FROM answered WHERE expires <= ?", vec![int(now.0)])?;
        let known = "SELECT 1 FROM answered WHERE nonce = ?";
        if *expires <= now || self.0.first(known, vec![nonce.as_str().into()])?.is_some() {
            return Err(too_late());
        }
        let insert = "INSERT INTO answered (nonce, expires) VALUES (?, ?)";
        Ok(self.0.run(insert, vec![nonce.as_str().into(), int(expires.0)])?)
    }

    fn kept(&self, id: &Base64Url) -> Outcome<Option<Kept>> {
        if !self.are_there()? {
            return Ok(None);
        }
        let query = "SELECT email, algorithm, spki, counter FROM passkey WHERE id = ?";
        let kept = self.0.first(query, vec![id.as_str().into()])?.map(|row| {
            Ok(Kept {
                email: row.name(0)?,
                key: PublicKey { algorithm: row.json(1)?, spki: row.name(2)? },
                counter: u32::try_from(row.number(3)?).map_err(Refusal::failed)?,
            })
        });
        kept.transpose()
    }

    fn are_there(&self) -> Outcome<bool> {
        self.0.has_table("passkey")
    }
}

fn decoded(text: &Base64Url) -> Outcome<Vec<u8>> {
    let detail = "What the passkey says is no base64url.";
    text.bytes().ok_or_else(|| Refusal::new(ProblemKind::PasskeyWrong, detail))
}

fn unknown() -> Refusal {
    Refusal::new(ProblemKind::PasskeyWrong, "Nobody at this site has this passkey.")
}

fn too_late() -> Refusal {
    let detail = "It was answered to another challenge, too late, or once already. Ask once more.";
    Refusal::new(ProblemKind::PasskeyWrong, detail)
}

fn not_taken(error: WebAuthnError) -> Refusal {
    Refusal::new(ProblemKind::PasskeyWrong, format!("The passkey is not taken: {error}."))
}
