//! The people of a site and their sessions.

use deskbell_shared::wire::{
    Colleague, Email, Line, Millis, NewPerson, ProblemKind, Role, Teammate,
    token::{base64url, from_base64url},
};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::{
    calls::{NewSession, Person, Place, SignOut, WhoIs},
    passkeys::Passkeys,
    second_factor::Factors,
};
use crate::{
    platform::{
        crypto::{self, pbkdf2},
        now, random,
        sql::{Row, Sql, int},
    },
    refusal::{Outcome, Refusal},
};

/// How long somebody stays signed in, in milliseconds.
const SESSION_MS: u64 = 7 * 24 * 60 * 60 * 1000;
/// The most places that are told at once that a session has ended; what is left follows.
const MOST_AT_ONCE: u64 = 500;

/// Where sockets were opened in a session. When the session is gone, they have to go too.
const OPENED: &str = "
    CREATE TABLE IF NOT EXISTS opened (session TEXT NOT NULL, place TEXT NOT NULL, PRIMARY KEY (session, place))
    WITHOUT ROWID;
";

/// The people of the site whose database this is.
pub(crate) struct People<'a>(pub(crate) &'a Sql);

/// A person whose password is hashed, ready to be stored.
pub(crate) struct HashedPerson {
    email: Email,
    name: Option<Line>,
    salt: String,
    hash: String,
}

impl HashedPerson {
    /// The address they sign in with.
    pub(crate) fn email(&self) -> &str {
        self.email.as_str()
    }
}

impl People<'_> {
    /// The tables it needs.
    pub(crate) const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS person (
            email TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL,
            salt TEXT NOT NULL, hash TEXT NOT NULL, iterations INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS session (
            id TEXT PRIMARY KEY, email TEXT NOT NULL, expires INTEGER NOT NULL
        ) WITHOUT ROWID;
    ";

    /// Hashes a new person's password, with a salt of their own.
    pub(crate) async fn hash(person: NewPerson) -> Outcome<HashedPerson> {
        let salt = random::bytes::<16>()?;
        let hash = pbkdf2(person.password.reveal(), &salt, crypto::ITERATIONS).await?;
        Ok(HashedPerson {
            email: person.email,
            name: person.name,
            salt: base64url(&salt),
            hash: base64url(&hash),
        })
    }

    /// Lets somebody in, or gives one who is known a new password, and a name where one is given; whoever is known stays what
    /// they are. Whoever is signed in as them is not any more: a password is set anew when somebody else may know the old
    /// one.
    pub(crate) fn put(&self, person: HashedPerson, role: Role, name: &Line) -> Outcome<()> {
        let known = self.person(&person.email)?.map(|known| (known.name, known.role));
        let (name, role) = known.unwrap_or_else(|| (name.clone(), role));
        let name = person.name.unwrap_or(name);
        let upsert =
            "INSERT INTO person (email, name, role, salt, hash, iterations) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (email) DO UPDATE SET name = excluded.name,
                salt = excluded.salt, hash = excluded.hash, iterations = excluded.iterations";
        let row = vec![
            person.email.as_str().into(),
            name.as_str().into(),
            serde_json::to_string(&role)?.into(),
            person.salt.into(),
            person.hash.into(),
            int(u64::from(crypto::ITERATIONS)),
        ];
        self.0.run(upsert, row)?;
        self.end_sessions(&person.email, None)
    }

    /// Puts this password in the place of the one that somebody has, and ends their sessions but for this one.
    pub(crate) fn renew(&self, person: HashedPerson, session: &str) -> Outcome<()> {
        let update = "UPDATE person SET salt = ?, hash = ?, iterations = ? WHERE email = ?";
        let iterations = int(u64::from(crypto::ITERATIONS));
        let row = vec![person.salt.into(), person.hash.into(), iterations, person.email.as_str().into()];
        self.0.run(update, row)?;
        self.end_sessions(&person.email, Some(session))
    }

    /// Calls somebody who is known so, where a name is given, and lets them do that.
    pub(crate) fn change(&self, email: &Email, name: Option<&Line>, role: Role) -> Outcome<()> {
        let name = name.map(|name| name.as_str().to_owned());
        let row = vec![name.into(), serde_json::to_string(&role)?.into(), email.as_str().into()];
        Ok(self.0.run("UPDATE person SET name = coalesce(?, name), role = ? WHERE email = ?", row)?)
    }

    /// Lets somebody in no more, and ends their sessions.
    pub(crate) fn remove(&self, email: &Email) -> Outcome<()> {
        self.0.run("DELETE FROM person WHERE email = ?", vec![email.as_str().into()])?;
        self.end_sessions(email, None)
    }

    /// All of them, in the order of their addresses.
    pub(crate) fn list(&self) -> Outcome<Vec<Colleague>> {
        let colleague = |row: &Row| {
            let email: Email = row.name(0)?;
            let second_factor = Factors(self.0).is_on(&email)? || Passkeys(self.0).has(&email)?;
            Ok(Colleague { email, name: row.name(1)?, role: row.json(2)?, second_factor })
        };
        let rows = self.0.rows("SELECT email, name, role FROM person ORDER BY email", Vec::new())?;
        rows.iter().map(colleague).collect()
    }

    /// Those who can answer visitors, in the order of their addresses.
    pub(crate) fn team(&self) -> Outcome<Vec<Teammate>> {
        let can_answer = |colleague: &Colleague| colleague.role >= Role::Agent;
        let teammate = |Colleague { email, name, .. }: Colleague| Teammate { email, name };
        Ok(self.list()?.into_iter().filter(can_answer).map(teammate).collect())
    }

    /// How many there are.
    pub(crate) fn count(&self) -> Outcome<u64> {
        let row = self.0.first("SELECT COUNT(*) FROM person", Vec::new())?;
        row.map_or(Ok(0), |row| row.number(0))
    }

    /// How many of them are owners.
    pub(crate) fn owners(&self) -> Outcome<u64> {
        let query = "SELECT COUNT(*) FROM person WHERE role = ?";
        let row = self.0.first(query, vec![serde_json::to_string(&Role::Owner)?.into()])?;
        row.map_or(Ok(0), |row| row.number(0))
    }

    /// The stored hash of a person's password, when this is it. Somebody unknown takes as long as a wrong password.
    pub(crate) async fn check(&self, email: &Email, password: &str) -> Outcome<Option<String>> {
        let query = "SELECT salt, hash, iterations FROM person WHERE email = ?";
        let (salt, hash, iterations) = match self.0.first(query, vec![email.as_str().into()])? {
            Some(row) => (row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.number(2)?),
            None => (String::new(), String::new(), u64::from(crypto::ITERATIONS)),
        };
        let salt = from_base64url(&salt).unwrap_or_default();
        let iterations = u32::try_from(iterations).unwrap_or(crypto::ITERATIONS);
        let given = pbkdf2(password, &salt, iterations).await?;
        let right = from_base64url(&hash).is_some_and(|hash| hash.ct_eq(&given).into());
        Ok(right.then_some(hash))
    }

    /// Whether this is the stored hash of a person's password: they may have got another one while it was computed.
    pub(crate) fn still_has(&self, email: &Email, hash: &str) -> Outcome<bool> {
        let query = "SELECT 1 FROM person WHERE email = ? AND hash = ?";
        Ok(self.0.first(query, vec![email.as_str().into(), hash.into()])?.is_some())
    }

    /// Begins a session of somebody who has shown who they are.
    pub(crate) fn begin_session(&self, person: Person) -> Outcome<NewSession> {
        let (now, id) = (now(), random::secret()?);
        let expires = now.plus(SESSION_MS);
        self.0.run("DELETE FROM session WHERE expires <= ?", vec![int(now.0)])?;
        self.0.run(
            "INSERT INTO session (id, email, expires) VALUES (?, ?, ?)",
            vec![id.as_str().into(), person.email.as_str().into(), int(expires.0)],
        )?;
        Ok(NewSession { id, expires, person })
    }

    /// Ends the sessions of a person, but for this one.
    pub(crate) fn end_sessions(&self, email: &Email, but: Option<&str>) -> Outcome<()> {
        let row = vec![email.as_str().into(), but.unwrap_or_default().into()];
        Ok(self.0.run("DELETE FROM session WHERE email = ? AND id <> ?", row)?)
    }

    /// Whether this is a session of this person that stands.
    pub(crate) fn is_signed_in(&self, email: &Email, session: &str, now: Millis) -> Outcome<bool> {
        let query = "SELECT 1 FROM session WHERE id = ? AND email = ? AND expires > ?";
        let row = vec![session.into(), email.as_str().into(), int(now.0)];
        Ok(self.0.first(query, row)?.is_some())
    }

    /// Whose session this is.
    pub(crate) fn who_is(&self, call: WhoIs, now: Millis) -> Outcome<Person> {
        let query = "SELECT email FROM session WHERE id = ? AND expires > ?";
        let session = self.0.first(query, vec![call.session.as_str().into(), int(now.0)])?;
        let person = session.map(|row| self.person(&row.name(0)?)).transpose()?.flatten();
        let person = person.ok_or_else(session_ended)?;
        if person.second_factor_due && !call.sets_up {
            return Err(Refusal::new(
                ProblemKind::SecondFactorDue,
                "The site demands a second factor: set it up first, at me/second-factor.",
            ));
        }
        if let Some(place) = call.opens {
            self.0.run(OPENED, Vec::new())?;
            let insert = "INSERT OR IGNORE INTO opened (session, place) VALUES (?, ?)";
            self.0.run(insert, vec![call.session.into(), serde_json::to_string(&place)?.into()])?;
        }
        Ok(person)
    }

    /// Ends a session. Doing it again changes nothing.
    pub(crate) fn sign_out(&self, call: SignOut) -> Outcome<()> {
        Ok(self.0.run("DELETE FROM session WHERE id = ?", vec![call.session.into()])?)
    }

    /// The sessions that have ended and may have sockets still, with where these are.
    pub(crate) fn left_open(&self, now: Millis) -> Outcome<Vec<(String, Place)>> {
        self.0.run("DELETE FROM session WHERE expires <= ?", vec![int(now.0)])?;
        if !self.0.has_table("opened")? {
            return Ok(Vec::new());
        }
        let query = "SELECT session, place FROM opened WHERE session NOT IN (SELECT id FROM session)
                     ORDER BY session, place LIMIT ?";
        let rows = self.0.rows(query, vec![int(MOST_AT_ONCE)])?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.json(1)?))).collect()
    }

    /// Nothing of this session is open there any more.
    pub(crate) fn closed(&self, session: &str, place: Place) -> Outcome<()> {
        let row = vec![session.into(), serde_json::to_string(&place)?.into()];
        Ok(self.0.run("DELETE FROM opened WHERE session = ? AND place = ?", row)?)
    }

    /// When the next session ends by itself; `None` when nobody is signed in.
    pub(crate) fn next_end(&self) -> Outcome<Option<Millis>> {
        let row = self.0.first("SELECT MIN(expires) FROM session", Vec::new())?;
        Ok(row.map(|row| row.maybe_number(0)).transpose()?.flatten().map(Millis))
    }

    /// Who has this address.
    pub(crate) fn person(&self, email: &Email) -> Outcome<Option<Person>> {
        #[derive(Deserialize)]
        struct Named {
            name: Line,
        }
        let query = "SELECT email, name, role, settings FROM person, site WHERE email = ?";
        let Some(row) = self.0.first(query, vec![email.as_str().into()])? else { return Ok(None) };
        Ok(Some(Person {
            email: row.name(0)?,
            name: row.name(1)?,
            role: row.json(2)?,
            site_name: row.json::<Named>(3)?.name,
            second_factor_due: Factors(self.0).is_due(email)?,
            has_passkey: Passkeys(self.0).has(email)?,
        }))
    }
}

/// Whoever is asking is not signed in any more.
pub(crate) fn session_ended() -> Refusal {
    Refusal::new(ProblemKind::SignInNeeded, "The session has ended. Sign in again.")
}
