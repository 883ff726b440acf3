//! A site's part of the guard: bans, appeals and rules, written down with who did it, and carried to where they hold.

use deskbell_shared::{
    guard::rules::GuardRules,
    wire::{
        AppealOutcome, AppealState, AppealSummary, Ban, BanScope, DeskEvent, Millis, ProblemKind, SiteId,
        SiteSettings,
    },
};

use super::{RETRY_MS, SiteDo};
use crate::{
    conversation::watch::Watch,
    desk::calls::Tell,
    platform::{
        now,
        object::{self, Object, ask},
        patience::within,
        sql::int,
    },
    refusal::{Outcome, Refusal},
    site::{
        appeals::{Appeal, AppealBook},
        bans::BanBook,
        calls::{
            AppealOf, Besieged, DecideAppeal, GuardBan, MakeAppeal, MakeBan, PutRules, SetTurnstile, Unban,
        },
        carrying::carry_watch,
        considered::Considered,
        gathering::{Gathering, Why},
        rules::RuleBook,
        turnstile::Turnstile,
    },
    watch::calls::{Consider, KeepFor},
};

/// After this long, carrying that came to no end is given up, in milliseconds. Five hundred conversations take a few
/// seconds.
const GIVE_UP_MS: u64 = 60_000;
/// How long the watch may take to answer, in milliseconds.
const PATIENCE_MS: u64 = 1_000;
/// How often it is looked for what can be forgotten, in milliseconds.
const FORGET_MS: u64 = 60 * 60 * 1000;
/// Whether there is an attack, as the desk says.
const SIEGE: &str = "CREATE TABLE IF NOT EXISTS siege (
    only INTEGER PRIMARY KEY CHECK (only = 1), attack INTEGER NOT NULL
)";
/// Who acts when nobody does.
const GUARD: &str = "guard";

/// How often in a row something could not be carried: memory does not last as long as the wait.
const IN_VAIN: &str = "
    CREATE TABLE IF NOT EXISTS in_vain (only INTEGER PRIMARY KEY CHECK (only = 1), times INTEGER NOT NULL);
";
/// How often the wait doubles: to an hour and a half.
const MOST_DOUBLINGS: u64 = 10;

impl SiteDo {
    pub(super) fn ban(&self, call: &MakeBan) -> Outcome<Ban> {
        let bans = self.bans()?;
        self.sql.atomically(|| {
            let ban = bans.make(call, now())?;
            self.record(call.by.email.as_str(), "ban", &serde_json::to_string(&ban)?)?;
            self.words_changed(&ban)?;
            if ban.scope == BanScope::Visitor {
                Considered(&self.sql).note(&call.key, false)?;
            }
            Ok(ban)
        })
    }

    pub(super) fn guard_ban(&self, call: GuardBan) -> Outcome<()> {
        let bans = self.bans()?;
        self.sql.atomically(|| {
            let detail = serde_json::to_string(&(call.id, &call.signals, call.until))?;
            let signals: Vec<String> = call.signals.iter().map(|signal| signal.slug().to_owned()).collect();
            let now = now();
            if bans.take(call, now)? && Gathering(&self.sql).take(GUARD, Why::Stopped, 1, &signals, now)? {
                self.record(GUARD, "ban", &detail)?;
            }
            Ok(())
        })
    }

    pub(super) fn unban(&self, call: &Unban) -> Outcome<()> {
        let (bans, appeals) = (self.bans()?, self.appeals()?);
        self.sql.atomically(|| {
            bans.lift(call.id, false, now())?;
            appeals.lifted(call.id)?;
            self.record(call.by.email.as_str(), "unban", &call.id.to_string())?;
            bans.get(call.id)?.map_or(Ok(()), |ban| self.words_changed(&ban))
        })
    }

    pub(super) fn put_rules(&self, call: &PutRules) -> Outcome<()> {
        let rules = self.rules()?;
        if let Some(was) = &call.was
            && *was != rules.get()?
        {
            let detail = "Somebody has set other rules meanwhile. Look at them again.";
            return Err(Refusal::new(ProblemKind::Conflict, detail));
        }
        self.sql.atomically(|| {
            self.record(&call.by, "rules", &serde_json::to_string(&call.rules)?)?;
            rules.put(&call.rules)
        })
    }

    pub(super) fn set_turnstile(&self, call: SetTurnstile) -> Outcome<()> {
        let SetTurnstile { key, secret, by } = call;
        let before = self.settings()?;
        let settings = SiteSettings { turnstile: key, ..before.clone() };
        self.sql.atomically(|| {
            let keys = (before.turnstile.as_ref(), settings.turnstile.as_ref());
            Turnstile(&self.sql).set(keys.0, keys.1, secret.as_ref())?;
            self.sql.run("UPDATE site SET settings = ?", vec![serde_json::to_string(&settings)?.into()])?;
            // Talks set challenges too.
            self.rules()?.touch()?;
            let detail = settings.turnstile.as_ref().map_or("off", |key| key.as_str());
            self.record(&by, "turnstile", detail)
        })
    }

    /// Talks hear that Cloudflare cannot be asked, and after a while that it is asked again.
    pub(super) fn turnstile_is_down(&self) -> Outcome<()> {
        self.exists()?;
        self.sql.atomically(|| match Turnstile(&self.sql).is_down(now())? {
            true => self.rules()?.touch(),
            false => Ok(()),
        })
    }

    pub(super) fn turnstile_is_back(&self) -> Outcome<()> {
        let turnstile = Turnstile(&self.sql);
        if turnstile.down_until()?.is_none_or(|until| until > now()) {
            return Ok(());
        }
        self.sql.atomically(|| {
            turnstile.is_back()?;
            self.rules()?.touch()
        })
    }

    /// What conversations look out for, by these rules, bans in force and settings.
    pub(super) fn watch_of(
        &self,
        rules: &GuardRules,
        bans: &[Ban],
        settings: &SiteSettings,
    ) -> Outcome<Watch> {
        let (version, _) = self.rules()?.versions()?;
        let is_down = Turnstile(&self.sql).down_until()?.is_some();
        let turnstile = settings.turnstile.as_ref().filter(|_| !is_down);
        Ok(Watch::of(version, rules, bans, turnstile))
    }

    /// Every isolate learns of an attack with what it knows of the site, also one that has seen nothing of it.
    pub(super) fn besieged(&self, Besieged { on }: Besieged) -> Outcome<()> {
        self.exists()?;
        self.sql.run(SIEGE, Vec::new())?;
        let upsert = "INSERT INTO siege (only, attack) VALUES (1, ?)
                      ON CONFLICT (only) DO UPDATE SET attack = excluded.attack";
        Ok(self.sql.run(upsert, vec![int(u64::from(on))])?)
    }

    pub(super) fn is_besieged(&self) -> Outcome<bool> {
        if !self.sql.has_table("siege")? {
            return Ok(false);
        }
        let row = self.sql.first("SELECT attack FROM siege", Vec::new())?;
        Ok(row.map_or(Ok(0), |row| row.number(0))? == 1)
    }

    /// Bans of words are part of what conversations look out for.
    fn words_changed(&self, ban: &Ban) -> Outcome<()> {
        match ban.scope {
            BanScope::Keyword(_) | BanScope::Email(_) => self.rules()?.touch(),
            _ => Ok(()),
        }
    }

    pub(super) fn appeal(&self, call: MakeAppeal) -> Outcome<AppealState> {
        let MakeAppeal { request, keys } = call;
        let all: Vec<&str> =
            [&keys.visitor, &keys.address].into_iter().chain(&keys.around).map(String::as_str).collect();
        let ban = self.bans()?.stopping(&all, now())?.ok_or_else(|| {
            Refusal::new(
                ProblemKind::NotFound,
                "Nothing stops this visitor: there is nothing to appeal against.",
            )
        })?;
        let appeal = self.appeals()?.make(request, &ban, &keys.visitor, now())?;
        Ok(AppealState { outcome: appeal.outcome, until: appeal.until, fair: appeal.fair })
    }

    pub(super) fn appeal_of(&self, call: &AppealOf) -> Outcome<AppealState> {
        self.appeals()?.state(call.id, call.fair)
    }

    /// An agent decides: the ban is lifted, ends sooner, stays, or stays for good. Nobody but an agent does the last. What
    /// another agent has decided meanwhile stands.
    pub(super) fn decide(&self, call: &DecideAppeal) -> Outcome<AppealSummary> {
        let (bans, appeals) = (self.bans()?, self.appeals()?);
        let Appeal { summary, visitor } = appeals.get(call.number)?;
        match summary.outcome {
            None => {}
            Some(before) if before == call.outcome => return Ok(summary),
            Some(_) => {
                let detail = "A colleague has decided about this appeal already.";
                return Err(Refusal::new(ProblemKind::Conflict, detail));
            }
        }
        self.sql.atomically(|| {
            let now = now();
            let ban = bans
                .get(summary.ban)?
                .ok_or_else(|| Refusal::new(ProblemKind::NotFound, "There is no such ban at this site."))?;
            if call.outcome != AppealOutcome::Lifted && bans.is_lifted(ban.id)? {
                return Err(Refusal::new(ProblemKind::Conflict, "A colleague has lifted this ban already."));
            }
            let until = match call.outcome {
                AppealOutcome::Lifted => {
                    // A ban of a place says nothing about the conduct of those who are there.
                    bans.lift(ban.id, ban.scope == BanScope::Visitor, now)?;
                    appeals.lifted(ban.id)?;
                    Considered(&self.sql).note(&visitor, true)?;
                    None
                }
                AppealOutcome::Shortened => {
                    let left = ban.until.map_or(SHORTENED_MS, |until| until.since(now) / 4);
                    Some(now.plus(left.min(SHORTENED_MS)))
                }
                AppealOutcome::Confirmed => ban.until,
                AppealOutcome::Permanent => None,
            };
            if call.outcome != AppealOutcome::Lifted && until != ban.until {
                bans.end_at(ban.id, until)?;
            }
            let detail = serde_json::to_string(&(ban.id, call.outcome, until))?;
            self.record(call.by.email.as_str(), "appeal", &detail)?;
            appeals.decide(call.number, call.outcome, until)
        })
    }

    /// Forgets the bans that are over, and the appeals of long ago.
    pub(super) fn forget(&self) -> Outcome<()> {
        let (bans, appeals, now) = (self.bans()?, self.appeals()?, now());
        self.sql.atomically(|| {
            appeals.forget(now)?;
            bans.forget(now)
        })
    }

    /// When there may be something to forget: not every moment, for what cannot go yet either.
    pub(super) fn next_to_forget(&self) -> Outcome<Option<Millis>> {
        let ends = [self.bans()?.next_end()?, self.appeals()?.next_end()?];
        Ok(ends.into_iter().flatten().min().map(|end| end.max(now().plus(FORGET_MS))))
    }

    /// What follows a call that changed something: it is carried to where it is enforced. The alarm is set in the same step
    /// as what was written, and does the work if this ends halfway.
    pub(super) async fn settle(&self) {
        if !self.has_to_carry() {
            return;
        }
        // What is new does not wait as long as what was tried in vain.
        if let Err(refusal) = self.begin_to_try() {
            refusal.log("beginning to carry");
        }
        if let Err(error) = self.state.storage().set_alarm(RETRY_MS).await {
            Refusal::from(error).log("setting the alarm");
        }
        self.carry().await;
    }

    pub(super) fn has_to_carry(&self) -> bool {
        let bans = matches!(self.bans().and_then(|bans| bans.pending()), Ok(true));
        let versions = |rules: RuleBook<'_>| Ok((rules.versions()?, rules.watched()?));
        let rules = self.rules().and_then(versions);
        let rules =
            matches!(rules, Ok(((version, carried), watched)) if version != carried || version != watched);
        let appeals = matches!(self.appeals().and_then(|appeals| appeals.untold()), Ok(Some(_)));
        bans || rules || appeals || matches!(Considered(&self.sql).next(), Ok(Some(_)))
    }

    /// How long until what has just failed is tried again, in milliseconds: twice as long each time.
    pub(super) fn wait_after_failing(&self) -> Outcome<i64> {
        self.sql.run(IN_VAIN, Vec::new())?;
        let count = "INSERT INTO in_vain (only, times) VALUES (1, 1)
                     ON CONFLICT (only) DO UPDATE SET times = times + 1 RETURNING times";
        let times = self.sql.first(count, Vec::new())?.map_or(Ok(1), |row| row.number(0))?;
        Ok(RETRY_MS << times.saturating_sub(1).min(MOST_DOUBLINGS))
    }

    fn begin_to_try(&self) -> Outcome<()> {
        match self.sql.has_table("in_vain")? {
            true => Ok(self.sql.run("DELETE FROM in_vain", Vec::new())?),
            false => Ok(()),
        }
    }

    /// Carries what has changed, once at a time, until nothing is left; whether it was this one that did. What fails here is
    /// tried again by the alarm.
    pub(super) async fn carry(&self) -> bool {
        let busy = self.carrying_since.get().is_some_and(|since| now().since(since) < GIVE_UP_MS);
        if busy {
            return false;
        }
        self.carrying_since.set(Some(now()));
        self.carry_all().await;
        self.carrying_since.set(None);
        true
    }

    async fn carry_all(&self) {
        // None of them waits for another, nor anything for a watch that is slow.
        let late = || Err(Refusal::failed("the watch gave no answer in time"));
        let carried = [
            ("bans", self.carry_bans().await),
            ("rules", self.carry_rules().await),
            ("appeals", self.tell_appeals().await),
            ("what the watch goes by", within(PATIENCE_MS, self.tell_watch()).await.unwrap_or_else(late)),
        ];
        for (what, outcome) in carried {
            if let Err(refusal) = outcome {
                refusal.log(&format!("carrying {what}"));
            }
        }
    }

    async fn carry_bans(&self) -> Outcome<()> {
        self.bans()?.carry(&self.env).await
    }

    async fn carry_rules(&self) -> Outcome<()> {
        loop {
            let (version, carried) = self.rules()?.versions()?;
            if version == carried {
                return Ok(());
            }
            let (rules, bans) = (self.rules()?.get()?, self.bans()?.in_force(now())?.bans);
            let watch = self.watch_of(&rules, &bans, &self.settings()?)?;
            carry_watch(&self.env, &self.id()?, &watch).await?;
            self.rules()?.carried(version)?;
        }
    }

    /// Whoever has the inbox open hears of appeals at once; whoever opens it later asks for the list.
    async fn tell_appeals(&self) -> Outcome<()> {
        let desk = self.object(object::DESK)?;
        while let Some((appeal, change)) = self.appeals()?.untold()? {
            let number = appeal.number;
            ask(&desk, &Tell { event: DeskEvent::Appealed { appeal: Box::new(appeal) } }).await?;
            self.appeals()?.told(number, change)?;
        }
        Ok(())
    }

    /// The watch hears for how long it keeps decisions, and whom agents considered honest.
    async fn tell_watch(&self) -> Outcome<()> {
        let (watch, (version, _)) = (self.object(object::WATCH)?, self.rules()?.versions()?);
        if self.rules()?.watched()? != version {
            ask(&watch, &KeepFor { days: self.rules()?.get()?.keep_days }).await?;
            self.rules()?.watch_knows(version)?;
        }
        while let Some((visitor, honest)) = Considered(&self.sql).next()? {
            ask(&watch, &Consider { visitor: visitor.clone(), honest }).await?;
            Considered(&self.sql).known(&visitor, honest)?;
        }
        Ok(())
    }

    /// Another object of this site.
    pub(super) fn object(&self, binding: &str) -> Outcome<Object> {
        object::named(&self.env, binding, self.id()?.as_str())
    }

    pub(super) fn id(&self) -> Outcome<SiteId> {
        let row = self.sql.first("SELECT id FROM site", Vec::new())?;
        row.ok_or_else(|| Refusal::failed("a site without a name"))?.name(0)
    }

    pub(super) fn bans(&self) -> Outcome<BanBook<'_>> {
        self.exists()?;
        Ok(BanBook(&self.sql))
    }

    pub(super) fn appeals(&self) -> Outcome<AppealBook<'_>> {
        self.exists()?;
        AppealBook::of(&self.sql)
    }

    pub(super) fn rules(&self) -> Outcome<RuleBook<'_>> {
        self.exists()?;
        Ok(RuleBook(&self.sql))
    }
}

/// A shortened ban lasts no longer than this from then on, in milliseconds.
const SHORTENED_MS: u64 = 10 * 60 * 1000;
