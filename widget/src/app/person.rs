//! Handing over, and the talk with a person.

use std::time::Duration;

use deskbell_browser::{
    clock::{self, Timer},
    page, random,
};
use deskbell_shared::{
    guard::spam::Baggage,
    throttle::{Decision, MESSAGE_WITH_LINKS, MESSAGES},
    wire::{
        Customer, CustomerToken, HandoffReason, Likelihood, ProblemKind, ResumeKey, Status, Text, TurnSender,
        VisitorContext, VisitorId,
    },
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{App, new_id};
use crate::{
    host::{Event, ToPage},
    person::{Line, LineState, Log, Memory, OpenLine, Opening, Report, Talk},
    talk::{self, Consent, Item},
};

/// How long somebody counts as typing after they were last heard to.
const TYPING: Duration = Duration::from_secs(5);

impl App {
    /// Takes up the talk that this browser remembers.
    pub(crate) fn take_up(self) {
        if self.with_person.get_untracked() {
            return;
        }
        if let Some((visitor, Some(mut talk))) = self.memory.with_value(Memory::recall) {
            // Another tab may not have heard yet who is here now: it goes on with its own.
            if self.is_told.get_value() && self.is_others(talk.customer.as_ref()) {
                return;
            }
            let note = talk.note.take();
            let opening =
                talk.handoff.take().map_or(Opening::Resume, |request| Opening::HandOver { request, note });
            self.talk_of.set_value(talk.customer);
            self.open_line(visitor, talk.resume, opening, Log::new(talk.outbox, talk.read));
        }
    }

    /// Shows what a person would see, and asks whether it may be sent.
    pub(crate) fn ask_consent(self, reason: HandoffReason) {
        if self.with_person.get_untracked() {
            return self.come_back();
        }
        self.host.with_value(|host| host.tell(ToPage::Where));
        let Some(context) = self.context() else { return };
        let consent = self.talk.with_untracked(|talk| {
            let items = talk.items().get(self.left_out.get_value()..).unwrap_or_default();
            let mut reasons = talk.reasons();
            reasons.retain(|other| *other != reason);
            // What the talk itself tells says more than that the button was pressed.
            let place = if reason == HandoffReason::Button { reasons.len() } else { 0 };
            reasons.insert(place, reason);
            let consent = self
                .words
                .with_untracked(|words| Consent::new((reasons, talk.priority()), items, words, context));
            consent.of(self.customer())
        });
        self.trouble.set(None);
        self.words_blocked.set(None);
        self.consent.set(Some(consent));
    }

    /// Who the visitor is, as the site's page says, and what shows it.
    fn customer(self) -> Option<(CustomerToken, Customer)> {
        let identity = self.identity.get_value()?;
        match identity.customer() {
            Ok(customer) => Some((identity.token, customer)),
            Err(fault) => {
                leptos::logging::error!("Deskbell('identify', …): {fault}.");
                None
            }
        }
    }

    /// Where the visitor is. Words are only ever fetched for a language tag, so there is always something.
    fn context(self) -> Option<VisitorContext> {
        let language = self.words.with_untracked(|words| words.language().to_owned()).try_into().ok()?;
        Some(self.place.with_value(|place| {
            let (page, title) = place.as_ref().map(|(url, title)| (url.as_str(), title.as_str())).unzip();
            talk::context(language, page, title, clock::utc_offset_minutes())
        }))
    }

    /// The visitor agrees: from here on, and not before, something leaves the browser and something is stored.
    pub(crate) fn agree(self, masked: bool, note: Option<Text>) {
        let Some(consent) = self.consent.try_update(Option::take).flatten() else { return };
        // Another tab was faster: there is one talk with a person, and this tab joins it.
        self.take_up();
        if self.with_person.get_untracked() {
            match note {
                Some(note) => self.on_line(|line| line.say(new_id(), note)),
                // The person there knows nothing of what was asked here: the last of it is theirs to send.
                None => {
                    let mut turns = consent.turns(masked).into_iter().rev();
                    if let Some(turn) = turns.find(|turn| turn.from == TurnSender::Visitor) {
                        self.keep(turn.text.as_str());
                    }
                }
            }
            return;
        }
        let Some((resume, fresh)) = random::id().map(ResumeKey).zip(random::id().map(VisitorId)) else {
            return self.trouble.set(Some("trouble.browser"));
        };
        let visitor = self.memory.with_value(Memory::recall).map_or(fresh, |(visitor, _)| visitor);
        let turn = note.clone().map(|text| (new_id(), text));
        let request = consent.agreed(masked, turn, clock::now(), resume, visitor);
        // Our own wire types: there is nothing in them that JSON cannot write.
        let request = serde_json::to_string(&request).unwrap_or_default();
        let handoff = Some(request.clone());
        let customer = consent.customer().map(|customer| customer.id.clone());
        self.talk_of.set_value(customer.clone());
        let talk = Talk { resume, handoff, note: note.clone(), customer, outbox: Vec::new(), read: 0 };
        if !self.memory.with_value(|memory| memory.begin(visitor, talk)) {
            self.trouble.set(Some("trouble.unkept"));
        }
        self.open_line(visitor, resume, Opening::HandOver { request, note }, Log::new(Vec::new(), 0));
    }

    fn open_line(self, visitor: VisitorId, resume: ResumeKey, opening: Opening, log: Log) {
        let (site, memory) = (self.site.get_value(), self.memory.get_value());
        self.state.set(LineState::Opening);
        let report = move |report| self.reported(report);
        let line = OpenLine::open(site, visitor, resume, opening, log, memory, report);
        self.line.set_value(Some(Box::new(line)));
        self.handed_over_after.set_value(self.talk.with_untracked(|talk| talk.items().len()));
        self.with_person.set(true);
        self.log_changed.notify();
    }

    /// Writes to the person, unless that is too fast; whether it is on its way.
    pub(crate) fn say_to_person(self, text: Text) -> bool {
        let now = clock::now();
        let weight = if Baggage::of(text.as_str()).is_any() { MESSAGE_WITH_LINKS } else { 1 };
        let pace = self.pace.try_update_value(|pace| pace.decide(weight, now));
        if let Some(Decision::Refused { retry_after_ms }) = pace {
            self.slowed_by.set(Vec::new());
            self.wait_until.set(Some(now.plus(retry_after_ms.unwrap_or(MESSAGES.window_ms()))));
            return false;
        }
        self.noticed.set(Vec::new());
        self.words_blocked.set(None);
        self.on_line(|line| line.say(new_id(), text));
        self.event(Event::Message("visitor"));
        true
    }

    /// The page around the frame is another one, or somebody else is signed in: the sheet says where and who.
    pub(crate) fn moved(self) {
        let Some((mut consent, context)) = self.consent.get_untracked().zip(self.context()) else { return };
        consent.context = context;
        let consent = Some(consent.of(self.customer()));
        if self.consent.with_untracked(|shown| *shown != consent) {
            self.consent.set(consent);
        }
    }

    /// On a device that several people use, nobody reads or goes on with the talk of a customer who has signed out.
    pub(crate) fn leave_to_its_customer(self) {
        let remembered = self.memory.with_value(Memory::recall).and_then(|(_, talk)| talk);
        if let Some(talk) = remembered.filter(|talk| self.is_others(talk.customer.as_ref())) {
            self.memory.with_value(|memory| memory.end(talk.resume));
        }
        // Another tab may have forgotten it first, and a browser that keeps nothing never knew it.
        if self.with_person.get_untracked() && self.talk_of.with_value(|of| self.is_others(of.as_ref())) {
            self.start_over();
            self.draft.set(String::new());
            self.plea.set(String::new());
        }
    }

    /// Whether what is this customer's is not for whoever is here now.
    fn is_others(self, of: Option<&deskbell_shared::wire::Line>) -> bool {
        of.is_some_and(|id| self.customer().is_none_or(|(_, customer)| customer.id != *id))
    }

    fn reported(self, report: Report) {
        match report {
            Report::State(state) => self.state.set(state),
            Report::Changed => {
                self.log_changed.notify();
                self.look_at_log();
            }
            Report::Accepted(conversation) => {
                self.event(Event::Handoff(&conversation.to_string()));
            }
            Report::Typing(name) => {
                self.typing.set(Some(name));
                self.typing_timer.set_value(Timer::after(TYPING, move || self.typing.set(None)));
            }
            Report::Heard => {
                self.typing.set(None);
                self.event(Event::Message("agent"));
            }
            Report::Throttled(until, signals) if !self.aside.get_untracked() => {
                self.slowed_by.set(signals);
                self.wait_until.set(Some(until));
            }
            // The FAQ need not wait.
            Report::Throttled(..) => {}
            Report::Noticed(signals) => self.noticed.set(signals),
            Report::Solving(progress) => self.solving.set(progress),
            Report::WordsBlocked(reason) => self.words_blocked.set(Some(reason)),
            Report::Banned(ban) => self.banned(ban),
            Report::Over(problem) => {
                leptos::logging::warn!("Deskbell: {}: {}", problem.title, problem.detail);
                self.hang_up();
                match problem.kind {
                    ProblemKind::WordsBlocked => {
                        self.left_out.set_value(self.handed_over_after.get_value());
                        self.words_blocked.set(Some(problem.reason));
                    }
                    ProblemKind::ConversationUnknown => self.trouble.set(Some("trouble.gone")),
                    _ => self.trouble.set(Some("trouble.refused")),
                }
            }
        }
    }

    /// Whether what is written goes to a person.
    pub(crate) fn is_to_person(self) -> bool {
        self.with_person.get() && !self.aside.get()
    }

    /// The same, at this moment: for what is done, and not for what is shown.
    pub(crate) fn is_to_person_now(self) -> bool {
        untrack(|| self.is_to_person())
    }

    /// What was asked here of what is on screen now: before the handoff beside the talk, and since then in its place.
    pub(crate) fn items<T>(self, look: impl FnOnce(&[Item]) -> T) -> T {
        let since = self.handed_over_after.get_value();
        self.talk.with(|talk| {
            let (before, meanwhile) = talk.items().split_at(since.min(talk.items().len()));
            look(match (self.with_person.get(), self.aside.get()) {
                (false, _) => talk.items(),
                (true, false) => before,
                (true, true) => meanwhile,
            })
        })
    }

    /// Asks the FAQ while the talk has to wait. What is written from here on stays in the browser again.
    pub(crate) fn step_aside(self) {
        // The line knows by itself when it may send.
        self.wait_until.set(None);
        self.aside.set(true);
        self.refocus.notify();
    }

    /// Back from the FAQ to the talk.
    pub(crate) fn come_back(self) {
        self.wait_until.set(None);
        self.aside.set(false);
        self.refocus.notify();
        self.look_at_log();
    }

    /// Leaves the talk with the person, and begins anew with the FAQ.
    pub(crate) fn start_over(self) {
        self.hang_up();
        self.left_out.set_value(0);
        self.talk.update(|talk| *talk = talk.anew());
        self.refocus.notify();
    }

    /// Leaves the talk with the person. What the edge does not have of it goes back into the composer.
    fn hang_up(self) {
        if let Some(line) = self.line.try_update_value(Option::take).flatten() {
            self.memory.with_value(|memory| memory.end(line.resume()));
            for text in line.unsent() {
                self.keep(text.as_str());
            }
            // Not from inside the line's own report: it is still in use there.
            spawn_local(async move { drop(line) });
        }
        self.with_person.set(false);
        self.aside.set(false);
        self.ban.set(None);
        self.solving.set(None);
        self.noticed.set(Vec::new());
        self.words_blocked.set(None);
        self.wait_until.set(None);
        self.trouble.set(None);
        self.typing.set(None);
        self.log_changed.notify();
    }

    /// Looks at the log, and again whenever it changes.
    pub(crate) fn with_log<T>(self, look: impl FnOnce(&Log) -> T) -> Option<T> {
        self.log_changed.track();
        self.line.with_value(|line| line.as_ref().map(|line| look(&line.log())))
    }

    pub(super) fn on_line(self, act: impl FnOnce(&dyn Line)) {
        self.line.with_value(|line| {
            if let Some(line) = line {
                act(&**line);
            }
        });
    }

    /// Messages that the visitor has not seen.
    pub(crate) fn unread(self) -> usize {
        self.with_log(Log::unread).unwrap_or(0)
    }

    /// Whether the site's people have closed the talk.
    pub(crate) fn is_closed(self) -> bool {
        self.with_log(|log| log.status() == Status::Closed).unwrap_or(false)
    }

    /// Whether the visitor may say how the talk was.
    pub(crate) fn may_rate(self) -> bool {
        self.state.get() == LineState::Up && self.with_log(Log::may_be_rated).unwrap_or(false)
    }

    /// Whether the visitor is asked how likely they are to recommend the site: where it asks, once they need not say any more
    /// how the talk was.
    pub(crate) fn may_recommend(self) -> bool {
        let asks = self.settings.with_value(|settings| settings.asks_to_recommend);
        let may = |log: &Log| log.may_recommend() && !log.may_be_rated();
        asks && self.state.get() == LineState::Up && self.with_log(may).unwrap_or(false)
    }

    /// The visitor says how the talk was.
    pub(crate) fn rate(self, good: bool) {
        self.judge(|line| line.rate(good));
    }

    /// The visitor says how likely they are to recommend the site.
    pub(crate) fn recommend(self, likelihood: Likelihood) {
        self.judge(|line| line.recommend(likelihood));
    }

    fn judge(self, tell: impl Fn(&dyn Line) -> bool) {
        let mut sent = false;
        self.on_line(|line| sent = tell(line));
        if !sent {
            self.trouble.set(Some("trouble.refused"));
        }
        self.refocus.notify();
    }

    /// The visitor is typing. Only whom it goes to is told.
    pub(crate) fn typed(self) {
        if self.is_to_person_now() {
            self.on_line(|line| line.typing());
        }
    }

    /// The page is shown again, or hidden.
    pub(crate) fn visibility(self) {
        if page::is_visible() {
            self.look_at_log();
            if let Some(part) = self.part.get_untracked() {
                part.seen(self);
            }
        } else if self.open.get_untracked() {
            self.expect_person();
        }
    }

    /// The visitor has everything before their eyes, if they look.
    pub(crate) fn look_at_log(self) {
        if self.open.get_untracked() && page::is_visible() && !self.aside.get_untracked() {
            self.on_line(|line| line.seen());
        }
    }
}
