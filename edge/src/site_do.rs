//! A site: its settings, its people and their sessions, its FAQ, its bans and the record of what was done.
//!
//! **Why one a site.** All of it is rarely written and must never disagree with itself: a pointer to a pack
//! that is not there, or a ban that is listed and not in force.
//!
//! **What it relies on the platform for.** What is written between two awaits commits together. The alarm
//! fires at least once: a ban is written here first and then carried to the guard and into the visitor's
//! conversations, as often as it takes; each of them ignores what it has heard already. So are ends of sessions, to where
//! sockets are open. It also sums up refused sign-ins and the guard's bans, and forgets what is long over.
//! Memory holds nothing but since when bans are being carried.

mod channels;
mod guarding;
mod passkeys;
mod people;
mod sessions;
mod settings;
mod signing_in;

use std::cell::Cell;

use deskbell_shared::{
    guard::audit::Entry,
    wire::{Ban, BanScope, Millis, ProblemKind, Role, SiteSettings},
};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::{
    platform::{
        now,
        object::{self, Call},
        sql::Sql,
    },
    refusal::{Outcome, Refusal},
    site::{
        audit::Record,
        bans::BanBook,
        calls::{
            AddPasskey, AppealOf, Besieged, ChangePerson, DecideAppeal, DemandFactor, DropChannel, DropReply,
            FactorOf, ForgetTraces, Gate, GetBasis, GetPack, GetReport, GetRules, GetSource, GetSubjects,
            GetTurnstileSecret, GuardBan, ListAppeals, ListBans, ListPeople, ListReplies, ListTeam,
            MakeAppeal, MakeBan, NoteActs, PasskeysOf, Publish, PublishOutcome, PutChannel, PutHours,
            PutReply, PutRules, PutSite, ReadAudit, RefusedSignIns, RemovePasskey, RenewChannelKey,
            RenewCodes, RenewCustomerSecret, SetLook, SetPassword, SetTurnstile, SignIn, SignInByPasskey,
            SignOut, SiteChange, SiteView, TurnOffFactor, TurnOnFactor, TurnstileIsDown, Unban, View, WhoIs,
        },
        channels::ChannelBook,
        customers::Renewals,
        gathering::Gathering,
        hours::HoursBook,
        library::Library,
        people::People,
        replies::Replies,
        rules::RuleBook,
        turnstile::Turnstile,
    },
};

/// How long until a ban that could not be carried everywhere is carried again, in milliseconds; twice as long each time.
const RETRY_MS: i64 = 5_000;

/// Calls after which something may have to be carried.
const CHANGES: [&str; 10] = [
    PutSite::PATH,
    TurnstileIsDown::PATH,
    SetTurnstile::PATH,
    PutRules::PATH,
    MakeBan::PATH,
    GuardBan::PATH,
    Unban::PATH,
    MakeAppeal::PATH,
    AppealOf::PATH,
    DecideAppeal::PATH,
];

/// Calls after which sessions may have ended, or something is gathered for the record.
const ENDS_SESSIONS: [&str; 13] = [
    SignIn::PATH,
    SignInByPasskey::PATH,
    AddPasskey::PATH,
    RemovePasskey::PATH,
    SignOut::PATH,
    ChangePerson::PATH,
    PutSite::PATH,
    RefusedSignIns::PATH,
    TurnOnFactor::PATH,
    TurnOffFactor::PATH,
    RenewCodes::PATH,
    SetPassword::PATH,
    DemandFactor::PATH,
];

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS site (
        only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL, settings TEXT NOT NULL
    );
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
            // Hashing a password, or checking a signature, takes a while; everything else is one step.
            SignIn::PATH => self.sign_in(&body).await,
            TurnOnFactor::PATH => self.turn_on_factor(&body).await,
            TurnOffFactor::PATH => self.turn_off_factor(&body).await,
            RenewCodes::PATH => self.renew_codes(&body).await,
            SetPassword::PATH => self.set_password(&body).await,
            SignInByPasskey::PATH => self.sign_in_by_passkey(&body).await,
            AddPasskey::PATH => self.add_passkey(&body).await,
            RemovePasskey::PATH => self.remove_passkey(&body).await,
            PutSite::PATH => self.put(&body).await,
            ChangePerson::PATH => self.change_person(&body).await,
            _ => self.answer(&path, &body),
        };
        // Whoever only looks does not wait until everything is carried.
        if CHANGES.contains(&path.as_str()) {
            self.settle().await;
        }
        if ENDS_SESSIONS.contains(&path.as_str()) {
            // What was refused has ended nothing.
            if outcome.is_ok() {
                self.end_sockets().await;
            }
            self.look_again().await?;
        } else if path == GuardBan::PATH {
            self.look_again().await?;
        }
        object::send(&path, outcome)
    }

    async fn alarm(&self) -> worker::Result<Response> {
        let by_time = [
            ("asking Turnstile again", self.turnstile_is_back()),
            ("summing up for the record", self.sum_up(false)),
            ("forgetting", self.forget()),
        ];
        for (what, done) in by_time {
            if let Err(refusal) = done {
                refusal.log(what);
            }
        }
        let did = self.carry().await;
        if self.has_to_carry() {
            // Where another event carries, its outcome counts.
            let wait = if did { self.wait_after_failing() } else { Ok(RETRY_MS) };
            self.state.storage().set_alarm(wait.unwrap_or(RETRY_MS)).await?;
        }
        // Afterwards, since what is left open is tried again sooner.
        self.end_sockets().await;
        self.look_again().await?;
        Response::empty()
    }
}

impl SiteDo {
    fn answer(&self, path: &str, body: &str) -> Outcome<String> {
        object::answer! { path, body;
            View => |_| self.view()?,
            Besieged => |call| self.besieged(call)?,
            SetTurnstile => |call| self.set_turnstile(call)?,
            SetLook => |call| self.set_look(call)?,
            PutHours => |call| self.put_hours(&call)?,
            GetTurnstileSecret => |_| self.exists().and_then(|()| Turnstile(&self.sql).secret())?,
            TurnstileIsDown => |_| self.turnstile_is_down()?,
            GetPack => |call| self.library()?.pack(&call)?,
            RefusedSignIns => |call| self.refused_sign_ins(&call)?,
            WhoIs => |call| self.people()?.who_is(call, now())?,
            ListPeople => |_| self.list_people()?,
            ListTeam => |_| self.people()?.team()?,
            ListReplies => |_| self.replies()?.list()?,
            PutReply => |call| self.replies()?.put(call.id, &call.request)?,
            DropReply => |call| self.replies()?.drop(call.id, call.version)?,
            SignOut => |call| self.people()?.sign_out(call)?,
            FactorOf => |call| self.factor_of(&call)?,
            PasskeysOf => |call| self.passkeys_of(&call)?,
            DemandFactor => |call| self.demand_factor(&call)?,
            Publish => |call| self.publish(call)?,
            GetBasis => |call| self.library()?.next_basis(&call)?,
            GetReport => |_| self.library()?.report()?,
            GetSource => |_| self.library()?.source()?,
            GetSubjects => |_| self.library()?.subjects()?,
            ListBans => |_| self.bans()?.in_force(now())?,
            MakeBan => |call| self.ban(&call)?,
            GuardBan => |call| self.guard_ban(call)?,
            Unban => |call| self.unban(&call)?,
            MakeAppeal => |call| self.appeal(call)?,
            AppealOf => |call| self.appeal_of(&call)?,
            ListAppeals => |_| self.appeals()?.list()?,
            DecideAppeal => |call| self.decide(&call)?,
            GetRules => |_| self.rules()?.get()?,
            PutRules => |call| self.put_rules(&call)?,
            ReadAudit => |call| self.read_audit(&call)?,
            NoteActs => |call| self.note_acts(&call)?,
            ForgetTraces => |call| self.forget_traces(&call)?,
            RenewCustomerSecret => |call| self.renew_customer_secret(&call)?,
            PutChannel => |call| self.put_channel(call)?,
            DropChannel => |call| self.drop_channel(&call)?,
            RenewChannelKey => |call| self.renew_channel_key(&call)?,
        }
    }

    fn view(&self) -> Outcome<SiteView> {
        let (settings, pack) = (self.settings()?, self.library()?.in_force()?);
        let (rules, bans) = (self.rules()?.get()?, self.bans()?.in_force(now())?.bans);
        let is_gate = |ban: &&Ban| matches!(ban.scope, BanScope::Range(_) | BanScope::Country(_));
        let gate =
            |ban: &Ban| Gate { scope: ban.scope.clone(), reason: ban.reason.clone(), until: ban.until };
        let gates = bans.iter().filter(is_gate).map(gate).collect();
        let watch = self.watch_of(&rules, &bans, &settings)?;
        let (under_attack, turnstile_is_up) = (self.is_besieged()?, Turnstile(&self.sql).is_up(now())?);
        let customer_renewals = Renewals(&self.sql).count()?;
        let channels = ChannelBook(&self.sql).list()?;
        let shield = rules.shield;
        Ok(SiteView {
            settings,
            pack,
            watch,
            gates,
            shield,
            under_attack,
            turnstile_is_up,
            customer_renewals,
            channels,
            has_subjects: self.library()?.has_subjects()?,
            hours: HoursBook(&self.sql).get()?,
        })
    }

    async fn put(&self, body: &str) -> Outcome<String> {
        let call: PutSite = object::call(body)?;
        // Hashing takes a while and other events come in between, so it is done before anything is looked at.
        let owner = match call.owner {
            Some(owner) => Some(People::hash(owner).await?),
            None => None,
        };
        let change = if self.sql.has_table("site")? { SiteChange::Changed } else { SiteChange::Made };
        if change == SiteChange::Made && owner.is_none() {
            return Err(Refusal::new(
                ProblemKind::Malformed,
                "owner: a new site needs the first person who may sign in",
            ));
        }
        if change == SiteChange::Changed && call.new {
            return Err(Refusal::new(ProblemKind::Conflict, "A site has this name already."));
        }
        let before = match change {
            SiteChange::Made => None,
            SiteChange::Changed => self.settings()?.turnstile,
        };
        let change = self.sql.atomically(|| {
            for schema in
                [SCHEMA, People::SCHEMA, Library::SCHEMA, BanBook::SCHEMA, RuleBook::SCHEMA, Record::SCHEMA]
            {
                self.sql.run(schema, Vec::new())?;
            }
            let upsert = "INSERT INTO site (only, id, settings) VALUES (1, ?, ?)
                          ON CONFLICT (only) DO UPDATE SET settings = excluded.settings";
            let settings = serde_json::to_string(&call.settings)?;
            self.sql.run(upsert, vec![call.site.as_str().into(), settings.as_str().into()])?;
            let (before, key) = (before.as_ref(), call.settings.turnstile.as_ref());
            Turnstile(&self.sql).set(before, key, call.turnstile_secret.as_ref())?;
            // Conversations look out for what is set here too.
            self.rules()?.touch()?;
            self.record("operator", "settings", &settings)?;
            if let Some(owner) = owner {
                self.record("operator", "owner", owner.email())?;
                People(&self.sql).put(owner, Role::Owner, &call.settings.name)?;
            }
            if let Some(email) = &call.no_second_factor {
                self.drop_factor(email, "operator")?;
            }
            Ok(change)
        })?;
        object::answered::<PutSite>(&change)
    }

    fn refused_sign_ins(&self, call: &RefusedSignIns) -> Outcome<()> {
        self.exists()?;
        self.sql.atomically(|| call.refused.iter().try_for_each(|refused| refused.take(&self.sql, now())))
    }

    fn sum_up(&self, all: bool) -> Outcome<()> {
        self.exists()?;
        self.sql.atomically(|| Gathering(&self.sql).sum_up(all, now()))
    }

    /// Sees to it that the alarm goes when something is due by time alone: a session ends, what is gathered for the
    /// record is written down, Turnstile is asked again, or something is forgotten.
    async fn look_again(&self) -> worker::Result<()> {
        let Ok(people) = self.people() else { return Ok(()) };
        let back = Turnstile(&self.sql).down_until();
        let due = [Gathering(&self.sql).due(), people.next_end(), self.next_to_forget(), back];
        let due = due.into_iter().filter_map(Result::ok).flatten();
        let Some(due) = due.min() else { return Ok(()) };
        let alarm = self.state.storage().get_alarm().await?;
        if alarm.is_none_or(|at| u64::try_from(at).is_ok_and(|at| at > due.0)) {
            let offset = i64::try_from(due.since(now())).unwrap_or(i64::MAX);
            self.state.storage().set_alarm(offset.max(1)).await?;
        }
        Ok(())
    }

    fn read_audit(&self, call: &ReadAudit) -> Outcome<Vec<Entry>> {
        if call.after == 0 {
            self.sum_up(true)?;
        }
        self.exists()?;
        Record(&self.sql).after(call.after)
    }

    fn note_acts(&self, NoteActs { by, what, details }: &NoteActs) -> Outcome<()> {
        self.exists()?;
        self.sql.atomically(|| details.iter().try_for_each(|detail| self.record(by, what, detail)))
    }

    fn forget_traces(&self, ForgetTraces { conversation, visitor }: &ForgetTraces) -> Outcome<()> {
        let (bans, appeals) = (self.bans()?, self.appeals()?);
        self.sql.atomically(|| {
            appeals.forget_conversation(*conversation, visitor.as_deref())?;
            bans.forget_conversation(*conversation)
        })
    }

    fn renew_customer_secret(&self, call: &RenewCustomerSecret) -> Outcome<u64> {
        self.exists()?;
        self.sql.atomically(|| {
            let renewals = Renewals(&self.sql).renew()?;
            self.record(&call.by, "customer-secret", &renewals.to_string())?;
            Ok(renewals)
        })
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

    /// Writes down what was done, and by whom.
    fn record(&self, who: &str, what: &str, detail: &str) -> Outcome<()> {
        Record(&self.sql).write(now(), who, what, detail)
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

    fn replies(&self) -> Outcome<Replies<'_>> {
        self.exists()?;
        Ok(Replies(&self.sql))
    }

    fn library(&self) -> Outcome<Library<'_>> {
        self.exists()?;
        Ok(Library(&self.sql))
    }

    /// A site that was never made keeps nothing, and is not made by asking.
    fn exists(&self) -> Outcome<()> {
        if self.sql.has_table("site")? {
            return Ok(());
        }
        Err(Refusal::new(ProblemKind::SiteUnknown, "No site has this name here."))
    }
}
