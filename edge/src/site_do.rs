//! A site: its settings, its people and their sessions, its FAQ, its bans and the record of what was done.
//!
//! **Why one a site.** All of it is rarely written and must never disagree with itself: a pointer to a pack
//! that is not there, or a ban that is listed and not in force.
//!
//! **What it relies on the platform for.** What is written between two awaits commits together. The alarm
//! fires at least once: a ban is written here first and then carried to the guard and into the visitor's
//! conversations, as often as it takes; each of them ignores what it has heard already. Memory holds nothing
//! but since when bans are being carried.

use std::cell::Cell;

use deskbell_shared::wire::{Ban, Millis, ProblemKind, SiteSettings};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::{
    platform::{
        now,
        object::{self, Call},
        sql::{Sql, int},
    },
    refusal::{Outcome, Refusal},
    site::{
        bans::BanBook,
        calls::{
            GetBasis, GetPack, GetReport, GetSource, ListBans, MakeBan, Publish, PublishOutcome, PutSite,
            SignIn, SignOut, SiteChange, SiteView, Unban, View, WhoIs,
        },
        library::Library,
        people::People,
    },
};

/// How long until a ban that could not be carried everywhere is carried again, in milliseconds.
const RETRY_MS: i64 = 5_000;
/// After this long, carrying that came to no end is given up, in milliseconds. Five hundred conversations take a few
/// seconds.
const GIVE_UP_MS: u64 = 60_000;

/// How long a refused sign-in stays on record, in milliseconds: anybody can add to them.
const KEEP_REFUSED_MS: u64 = 7 * 24 * 60 * 60 * 1000;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS site (
        only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL, settings TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS audit (
        n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS audit_refused ON audit (at) WHERE what = 'sign-in refused';
";

/// A site.
#[durable_object(alarm)]
pub struct SiteDo {
    state: State,
    env: Env,
    sql: Sql,
    carrying_since: Cell<Option<Millis>>,
}

impl DurableObject for SiteDo {
    fn new(state: State, env: Env) -> Self {
        let sql = Sql::of(&state);
        Self { state, env, sql, carrying_since: Cell::default() }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let (path, body) = (request.path(), request.text().await?);
        let outcome = match path.as_str() {
            // Hashing a password takes a while; everything else is one step.
            SignIn::PATH => self.sign_in(&body).await,
            PutSite::PATH => self.put(&body).await,
            _ => self.answer(&path, &body),
        };
        if matches!(path.as_str(), MakeBan::PATH | Unban::PATH) {
            self.settle().await;
        }
        object::send(&path, outcome)
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.carry_bans().await;
        if self.has_bans_to_carry() {
            self.state.storage().set_alarm(RETRY_MS).await?;
        }
        Response::empty()
    }
}

impl SiteDo {
    fn answer(&self, path: &str, body: &str) -> Outcome<String> {
        object::answer! { path, body;
            View => |_| self.view()?,
            GetPack => |call| self.library()?.pack(&call)?,
            WhoIs => |call| self.people()?.who_is(call, now())?,
            SignOut => |call| self.people()?.sign_out(call)?,
            Publish => |call| self.publish(call)?,
            GetBasis => |call| self.library()?.next_basis(&call)?,
            GetReport => |_| self.library()?.report()?,
            GetSource => |_| self.library()?.source()?,
            ListBans => |_| self.bans()?.in_force(now())?,
            MakeBan => |call| self.ban(&call)?,
            Unban => |call| self.unban(&call)?,
        }
    }

    fn view(&self) -> Outcome<SiteView> {
        Ok(SiteView { settings: self.settings()?, pack: self.library()?.in_force()? })
    }

    async fn put(&self, body: &str) -> Outcome<String> {
        let call: PutSite = object::call(body)?;
        let change = if self.sql.has_table("site")? { SiteChange::Changed } else { SiteChange::Made };
        if change == SiteChange::Made && call.owner.is_none() {
            return Err(Refusal::new(
                ProblemKind::Malformed,
                "owner: a new site needs the first person who may sign in",
            ));
        }
        // Hashing takes a while and other events come in between, so it is done before anything is written.
        let owner = match call.owner {
            Some(owner) => Some(People::hash(owner).await?),
            None => None,
        };
        let change = self.sql.atomically(|| {
            for schema in [SCHEMA, People::SCHEMA, Library::SCHEMA, BanBook::SCHEMA] {
                self.sql.run(schema, Vec::new())?;
            }
            let upsert = "INSERT INTO site (only, id, settings) VALUES (1, ?, ?)
                          ON CONFLICT (only) DO UPDATE SET settings = excluded.settings";
            let settings = serde_json::to_string(&call.settings)?;
            self.sql.run(upsert, vec![call.site.as_str().into(), settings.as_str().into()])?;
            self.record("operator", "settings", &settings)?;
            if let Some(owner) = owner {
                self.record("operator", "owner", owner.email())?;
                People(&self.sql).put(owner)?;
            }
            Ok(change)
        })?;
        object::answered::<PutSite>(&change)
    }

    async fn sign_in(&self, body: &str) -> Outcome<String> {
        let call: SignIn = object::call(body)?;
        let who = call.email.as_str().to_owned();
        let outcome = self.people()?.sign_in(call).await;
        self.record(&who, if outcome.is_ok() { "sign-in" } else { "sign-in refused" }, "")?;
        let old = now().0.saturating_sub(KEEP_REFUSED_MS);
        self.sql.run("DELETE FROM audit WHERE what = 'sign-in refused' AND at < ?", vec![int(old)])?;
        object::answered::<SignIn>(&outcome?)
    }

    fn publish(&self, call: Publish) -> Outcome<PublishOutcome> {
        let library = self.library()?;
        self.sql.atomically(|| {
            let (by, hash) = (call.by.clone(), call.hash.clone());
            let what = if call.source.is_some() { "publish" } else { "tune" };
            let outcome = library.publish(call, now())?;
            if outcome == PublishOutcome::InForce {
                self.record(&by, what, hash.as_str())?;
            }
            Ok(outcome)
        })
    }

    fn ban(&self, call: &MakeBan) -> Outcome<Ban> {
        let bans = self.bans()?;
        self.sql.atomically(|| {
            let ban = bans.make(call, now())?;
            self.record(call.by.email.as_str(), "ban", &ban.id.to_string())?;
            Ok(ban)
        })
    }

    fn unban(&self, call: &Unban) -> Outcome<()> {
        let bans = self.bans()?;
        self.sql.atomically(|| {
            bans.lift(call.id)?;
            self.record(call.by.email.as_str(), "unban", &call.id.to_string())
        })
    }

    /// What follows a change of the bans: it is carried to where they are enforced. The alarm is set in the same step
    /// as what was written, and does the work if this ends halfway.
    async fn settle(&self) {
        if !self.has_bans_to_carry() {
            return;
        }
        if let Err(error) = self.state.storage().set_alarm(RETRY_MS).await {
            Refusal::from(error).log("setting the alarm");
        }
        self.carry_bans().await;
    }

    fn has_bans_to_carry(&self) -> bool {
        matches!(self.bans().and_then(|bans| bans.pending()), Ok(true))
    }

    /// Carries what has changed, once at a time, until nothing is left. What fails here is tried again by the alarm.
    async fn carry_bans(&self) {
        let Ok(bans) = self.bans() else { return };
        let busy = self.carrying_since.get().is_some_and(|since| now().since(since) < GIVE_UP_MS);
        if busy {
            return;
        }
        self.carrying_since.set(Some(now()));
        if let Err(refusal) = bans.carry(&self.env).await {
            refusal.log("carrying bans");
        }
        self.carrying_since.set(None);
    }

    /// Writes down what was done, and by whom. Rows are never changed, and only refused sign-ins are forgotten.
    fn record(&self, who: &str, what: &str, detail: &str) -> Outcome<()> {
        let Millis(at) = now();
        let insert = "INSERT INTO audit (at, who, what, detail) VALUES (?, ?, ?, ?)";
        Ok(self.sql.run(insert, vec![int(at), who.into(), what.into(), detail.into()])?)
    }

    fn settings(&self) -> Outcome<SiteSettings> {
        self.exists()?;
        let row = self.sql.first("SELECT settings FROM site", Vec::new())?;
        row.ok_or_else(|| Refusal::failed("a site without settings"))?.json(0)
    }

    fn people(&self) -> Outcome<People<'_>> {
        self.exists()?;
        Ok(People(&self.sql))
    }

    fn library(&self) -> Outcome<Library<'_>> {
        self.exists()?;
        Ok(Library(&self.sql))
    }

    fn bans(&self) -> Outcome<BanBook<'_>> {
        self.exists()?;
        Ok(BanBook(&self.sql))
    }

    /// A site that was never made keeps nothing, and is not made by asking.
    fn exists(&self) -> Outcome<()> {
        if self.sql.has_table("site")? {
            return Ok(());
        }
        Err(Refusal::new(ProblemKind::SiteUnknown, "No site has this name here."))
    }
}
