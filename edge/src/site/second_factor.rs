//! Second factors of a site's people: the secret of an authenticator app, sealed, and recovery codes, hashed; and whether the
//! site demands one of everybody.

use deskbell_shared::{
    throttle::{Gcra, WRONG_CODES_PER_PERSON},
    totp,
    wire::{
        Email, FactorCode, Millis, ProblemKind, RecoveryCode, RecoveryCodes, SecondFactor, SiteId,
        TotpSecret,
        token::{base64url, from_base64url},
    },
};

use super::passkeys::Passkeys;
use crate::{
    keys::Keys,
    limits::Limit,
    platform::{
        crypto, random,
        sql::{Sql, int},
    },
    refusal::{Outcome, Refusal},
};

/// How many recovery codes there are at a time.
const CODES: usize = 10;

/// The second factors at the site whose database this is.
pub(crate) struct Factors<'a>(pub(crate) &'a Sql);

/// A second factor that is about to be turned on.
pub(crate) struct NewFactor {
    /// Its secret, as it is kept.
    pub(crate) sealed: String,
    /// The step of the code that showed that an app has it.
    pub(crate) step: u64,
}

/// What somebody typed, before it counts: opening what is sealed takes a while, and other events come in between.
pub(crate) enum Looked {
    /// A code of an app, and the secret that was kept when it was looked at.
    App { sealed: String, secret: TotpSecret, digits: u32 },
    /// A recovery code's hash.
    Recovery(String),
    /// Nothing that could be right.
    Nothing,
}

/// What was used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// A code of the app.
    App,
    /// A recovery code; so many are left.
    Recovery { left: u64 },
}

struct Kept {
    sealed: String,
    since: Millis,
    /// The step of the code that was taken last: none is taken twice.
    last_step: u64,
    /// Wrong codes.
    wrong: Gcra,
}

impl Factors<'_> {
    /// The tables it needs.
    const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS factor (
            email TEXT PRIMARY KEY, sealed TEXT NOT NULL, since INTEGER NOT NULL,
            last_step INTEGER NOT NULL, wrong INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS recovery_code (
            email TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (email, hash)
        ) WITHOUT ROWID;
    ";
    /// Whether the site demands it.
    const DEMAND: &'static str = "CREATE TABLE IF NOT EXISTS factor_demand (only INTEGER PRIMARY KEY CHECK (only = 1), demanded INTEGER NOT NULL)";

    /// Looks at what somebody typed. What cannot be opened, since the deployment has another key, is nothing.
    pub(crate) async fn look(
        &self,
        keys: &Keys,
        site: &SiteId,
        email: &Email,
        code: FactorCode,
    ) -> Outcome<Looked> {
        let digits = match code {
            FactorCode::Recovery(code) => return Ok(Looked::Recovery(hash_of(&code, email))),
            FactorCode::Digits(digits) => digits,
        };
        let Some(Kept { sealed, .. }) = self.kept(email)? else { return Ok(Looked::Nothing) };
        match open(keys, site, email, &sealed).await {
            Ok(secret) => Ok(Looked::App { sealed, secret, digits }),
            Err(refusal) => {
                refusal.log("opening a second factor");
                Ok(Looked::Nothing)
            }
        }
    }

    /// Uses up a code, in one step: of many at once with the same one, one is let in.
    ///
    /// # Errors
    /// *Second factor wrong*; *throttled*, also for a right code, after too many wrong ones of an app. Recovery codes go on
    /// working: nobody finds one by trying.
    pub(crate) fn take(&self, email: &Email, looked: Looked, now: Millis) -> Outcome<Taken> {
        let wrong = || {
            let detail = "That is not the code, or it has been used. Wait for the next one, and type that.";
            Refusal::new(ProblemKind::SecondFactorWrong, detail)
        };
        let kept = self.kept(email)?.ok_or_else(wrong)?;
        match looked {
            Looked::App { sealed, secret, digits } if sealed == kept.sealed => {
                let mut tried = kept.wrong;
                let decision = tried.decide(WRONG_CODES_PER_PERSON, 1, now);
                if !decision.admitted() {
                    let limit = Limit::of("codes-person", WRONG_CODES_PER_PERSON, decision);
                    let detail = "Too many wrong codes were tried for this person. A recovery code works.";
                    return Err(Refusal::throttled(detail, limit.reset_s * 1000, vec![limit]));
                }
                match totp::step_of(&secret, digits, kept.last_step, now) {
                    Some(step) => {
                        let update = "UPDATE factor SET last_step = ? WHERE email = ?";
                        self.0.run(update, vec![int(step), email.as_str().into()])?;
                        Ok(Taken::App)
                    }
                    None => {
                        let update = "UPDATE factor SET wrong = ? WHERE email = ?";
                        self.0.run(update, vec![int(tried.0.0), email.as_str().into()])?;
                        Err(wrong())
                    }
                }
            }
            Looked::Recovery(hash) => {
                let row = || vec![email.as_str().into(), hash.as_str().into()];
                let known = "SELECT 1 FROM recovery_code WHERE email = ? AND hash = ?";
                self.0.first(known, row())?.ok_or_else(wrong)?;
                self.0.run("DELETE FROM recovery_code WHERE email = ? AND hash = ?", row())?;
                Ok(Taken::Recovery { left: self.codes_left(email)? })
            }
            Looked::App { .. } | Looked::Nothing => Err(wrong()),
        }
    }

    /// Turns it on, or puts another app in the place of the one before.
    pub(crate) fn put(&self, email: &Email, new: NewFactor, now: Millis) -> Outcome<()> {
        self.0.run(Self::SCHEMA, Vec::new())?;
        let upsert = "INSERT INTO factor (email, sealed, since, last_step, wrong) VALUES (?, ?, ?, ?, 0)
                      ON CONFLICT (email) DO UPDATE
                      SET sealed = excluded.sealed, since = excluded.since, last_step = excluded.last_step";
        let row = vec![email.as_str().into(), new.sealed.into(), int(now.0), int(new.step)];
        Ok(self.0.run(upsert, row)?)
    }

    /// Makes new recovery codes, in the place of those before. Nobody can read them again.
    pub(crate) fn new_codes(&self, email: &Email) -> Outcome<RecoveryCodes> {
        let codes: Vec<RecoveryCode> =
            (0..CODES).map(|_| random::bytes().map(RecoveryCode)).collect::<Result<_, _>>()?;
        self.0.run("DELETE FROM recovery_code WHERE email = ?", vec![email.as_str().into()])?;
        for code in &codes {
            let insert = "INSERT INTO recovery_code (email, hash) VALUES (?, ?)";
            self.0.run(insert, vec![email.as_str().into(), hash_of(code, email).into()])?;
        }
        Ok(RecoveryCodes { codes })
    }

    /// Takes it off somebody; whether there was one.
    pub(crate) fn drop(&self, email: &Email) -> Outcome<bool> {
        if self.kept(email)?.is_none() {
            return Ok(false);
        }
        for delete in ["DELETE FROM factor WHERE email = ?", "DELETE FROM recovery_code WHERE email = ?"] {
            self.0.run(delete, vec![email.as_str().into()])?;
        }
        Ok(true)
    }

    /// Whether somebody has one.
    pub(crate) fn is_on(&self, email: &Email) -> Outcome<bool> {
        Ok(self.kept(email)?.is_some())
    }

    /// How it stands.
    pub(crate) fn state(&self, email: &Email) -> Outcome<SecondFactor> {
        let kept = self.kept(email)?;
        let left = if kept.is_some() { self.codes_left(email)? } else { 0 };
        Ok(SecondFactor {
            on_since: kept.map(|kept| kept.since),
            codes_left: u32::try_from(left).unwrap_or(u32::MAX),
            demanded: self.is_demanded()?,
        })
    }

    /// Whether somebody has to set one up before anything else.
    pub(crate) fn is_due(&self, email: &Email) -> Outcome<bool> {
        Ok(self.is_demanded()? && !self.is_on(email)? && !Passkeys(self.0).has(email)?)
    }

    /// Demands it of everybody, or does not any more. Sessions that may have begun with the password alone end: also of whoever
    /// has passkeys and no app.
    pub(crate) fn demand(&self, demanded: bool) -> Outcome<()> {
        self.0.run(Self::SCHEMA, Vec::new())?;
        self.0.run(Self::DEMAND, Vec::new())?;
        let upsert = "INSERT INTO factor_demand (only, demanded) VALUES (1, ?)
                      ON CONFLICT (only) DO UPDATE SET demanded = excluded.demanded";
        self.0.run(upsert, vec![int(u64::from(demanded))])?;
        if demanded {
            let end = "DELETE FROM session WHERE email NOT IN (SELECT email FROM factor)";
            self.0.run(end, Vec::new())?;
        }
        Ok(())
    }

    /// Whether the site demands it.
    pub(crate) fn is_demanded(&self) -> Outcome<bool> {
        if !self.0.has_table("factor_demand")? {
            return Ok(false);
        }
        let row = self.0.first("SELECT demanded FROM factor_demand", Vec::new())?;
        Ok(row.map_or(Ok(0), |row| row.number(0))? == 1)
    }

    fn codes_left(&self, email: &Email) -> Outcome<u64> {
        let query = "SELECT COUNT(*) FROM recovery_code WHERE email = ?";
        self.0.first(query, vec![email.as_str().into()])?.map_or(Ok(0), |row| row.number(0))
    }

    fn kept(&self, email: &Email) -> Outcome<Option<Kept>> {
        if !self.0.has_table("factor")? {
            return Ok(None);
        }
        let query = "SELECT sealed, since, last_step, wrong FROM factor WHERE email = ?";
        let row = self.0.first(query, vec![email.as_str().into()])?;
        let kept = row.map(|row| {
            Ok(Kept {
                sealed: row.text(0)?.to_owned(),
                since: Millis(row.number(1)?),
                last_step: row.number(2)?,
                wrong: Gcra(Millis(row.number(3)?)),
            })
        });
        kept.transpose()
    }
}

/// Seals a secret for one person of one site: in another's place it cannot be opened.
pub(crate) async fn seal(keys: &Keys, site: &SiteId, email: &Email, secret: &TotpSecret) -> Outcome<String> {
    Ok(base64url(&crypto::seal(&key_of(keys, site, email), &secret.0).await?))
}

async fn open(keys: &Keys, site: &SiteId, email: &Email, sealed: &str) -> Outcome<TotpSecret> {
    let sealed = from_base64url(sealed).unwrap_or_default();
    let secret = crypto::open(&key_of(keys, site, email), &sealed).await?;
    secret.try_into().map(TotpSecret).map_err(|_| Refusal::failed("a sealed secret of another length"))
}

fn key_of(keys: &Keys, site: &SiteId, email: &Email) -> [u8; 32] {
    keys.factor.mac(&[site.as_str().as_bytes(), email.as_str().as_bytes()])
}

fn hash_of(code: &RecoveryCode, email: &Email) -> String {
    base64url(&code.digest(email))
}
