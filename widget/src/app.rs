//! What is going on, as signals, and what can be done. Views read the one and call the other.

use std::{sync::Arc, time::Duration};

use deskbell_browser::{
    clock::{self, Timer},
    page::{self, Listener},
    random,
};
use deskbell_shared::{
    handoff::Outcome,
    locale::Catalog,
    throttle::{Decision, Gcra, MESSAGES},
    wire::{
        EntryId, HandoffReason, LanguageTag, MessageId, Millis, ProblemKind, ResumeKey, SiteId, SiteSettings,
        Status, Text, VisitorContext, VisitorId, WidgetConfig,
    },
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    faq::{Faq, Keeper},
    host::{Event, FromPage, Host, ToPage},
    look,
    person::{Ban, Line, LineState, Log, Memory, Opening, Report, Talk},
    talk::{self, Asked, Choice, Consent, FaqTalk},
    words,
};

/// How long somebody counts as typing after they were last heard to.
const TYPING: Duration = Duration::from_secs(5);

/// The app. A handle: copying it copies nothing.
#[derive(Clone, Copy)]
pub(crate) struct App {
    pub(crate) site: StoredValue<SiteId>,
    pub(crate) settings: StoredValue<SiteSettings>,
    pub(crate) words: RwSignal<Arc<Catalog>>,
    /// Whether the panel is open in the page.
    pub(crate) open: RwSignal<bool>,
    /// Whether the visitor uses a finger: then the keyboard on the screen comes only when they want it.
    pub(crate) touch: RwSignal<bool>,
    pub(crate) faq: ReadSignal<Faq>,
    pub(crate) talk: RwSignal<FaqTalk>,
    /// What the visitor is asked to agree to.
    pub(crate) consent: RwSignal<Option<Consent>>,
    /// Whether a person has the talk.
    pub(crate) with_person: RwSignal<bool>,
    pub(crate) state: RwSignal<LineState>,
    /// Nothing can be sent before.
    pub(crate) wait_until: RwSignal<Option<Millis>>,
    pub(crate) ban: RwSignal<Option<Ban>>,
    /// Something that did not work, as a key of the locale file.
    pub(crate) trouble: RwSignal<Option<&'static str>>,
    pub(crate) typing: RwSignal<Option<String>>,
    /// What is in the composer.
    pub(crate) draft: RwSignal<String>,
    /// What was asked before the FAQ was there.
    early: RwSignal<Vec<Text>>,
    keeper: Keeper,
    host: StoredValue<Host, LocalStorage>,
    memory: StoredValue<Memory>,
    line: StoredValue<Option<Line>, LocalStorage>,
    /// Changes whenever the line's log does.
    log_changed: Trigger,
    pace: StoredValue<Gcra>,
    /// The site's page, as it last said.
    place: StoredValue<Option<(String, String)>>,
    typing_timer: StoredValue<Option<Timer>, LocalStorage>,
    other_tabs: StoredValue<Option<Listener>, LocalStorage>,
}

impl App {
    /// Starts: takes up a talk with a person where there is one.
    pub(crate) fn start(config: WidgetConfig, words: Catalog, host: Host) -> Self {
        let keeper = Keeper::start(config.site.clone(), config.pack);
        let app = Self {
            memory: StoredValue::new(Memory::of(&config.site)),
            site: StoredValue::new(config.site),
            settings: StoredValue::new(config.settings),
            words: RwSignal::new(Arc::new(words)),
            // Without a page around it there is nothing that could open or close it.
            open: RwSignal::new(!host.is_there()),
            touch: RwSignal::new(false),
            faq: keeper.faq(),
            talk: RwSignal::new(FaqTalk::default()),
            consent: RwSignal::new(None),
            with_person: RwSignal::new(false),
            state: RwSignal::new(LineState::Opening),
            wait_until: RwSignal::new(None),
            ban: RwSignal::new(None),
            trouble: RwSignal::new(None),
            typing: RwSignal::new(None),
            draft: RwSignal::new(String::new()),
            early: RwSignal::new(Vec::new()),
            keeper,
            host: StoredValue::new_local(host),
            line: StoredValue::new_local(None),
            log_changed: Trigger::new(),
            pace: StoredValue::new(Gcra::default()),
            place: StoredValue::new(None),
            typing_timer: StoredValue::new_local(None),
            other_tabs: StoredValue::new_local(None),
        };
        app.take_up();
        app.watch();
        // Another tab may hand over, and then this one has the talk too.
        app.other_tabs.set_value(
            web_sys::window().map(|window| Listener::on(&window, "storage", move |_| app.take_up())),
        );
        app
    }

    fn take_up(self) {
        if self.with_person.get_untracked() {
            return;
        }
        if let Some((visitor, Some(mut talk))) = self.memory.with_value(Memory::recall) {
            let opening = talk.handoff.take().map_or(Opening::Resume, Opening::HandOver);
            self.open_line(visitor, talk.resume, opening, Log::new(talk.outbox, talk.read));
        }
    }

    fn watch(self) {
        Effect::new(move |_| {
            if !matches!(self.faq.get(), Faq::Loading) {
                for text in self.early.try_update(std::mem::take).unwrap_or_default() {
                    if self.with_person.get_untracked() || !self.ask(text.clone()) {
                        self.keep(text.as_str());
                    }
                }
            }
        });
        Effect::new(move |told: Option<usize>| {
            let count = self.unread();
            if count != told.unwrap_or(0) {
                self.host.with_value(|host| host.tell(ToPage::Unread(count)));
            }
            count
        });
    }

    // Words.

    /// The text of a key, in the language spoken now.
    pub(crate) fn say(self, key: &str) -> String {
        self.words.with_untracked(|words| words.text(key).to_owned())
    }

    /// The text of a key with its places filled.
    pub(crate) fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.with_untracked(|words| words.fill(key, values))
    }

    /// A counted phrase.
    pub(crate) fn count(self, key: &str, count: u64) -> String {
        self.words.with_untracked(|words| words.count(key, count, &[]))
    }

    // The page around the frame.

    /// Does what the page asks.
    fn hear(self, message: FromPage) {
        match message {
            FromPage::Open { touch } => {
                self.touch.set(touch);
                self.open.set(true);
                self.keeper.visited();
                self.on_line(Line::retry);
                self.look_at_log();
            }
            FromPage::Close => self.open.set(false),
            FromPage::Theme(theme) => theme.apply(),
            FromPage::Locale(locale) => self.speak(locale),
            FromPage::Page { url, title } => {
                self.place.set_value(Some((url, title)));
                self.consent.update(|consent| {
                    if let Some((consent, context)) = consent.as_mut().zip(self.context()) {
                        consent.context = context;
                    }
                });
            }
            FromPage::Ask(text) => match Text::new(&text) {
                // Only the visitor sends words to a person.
                Ok(text) if self.with_person.get_untracked() => self.keep(text.as_str()),
                Ok(text) => {
                    self.ask(text);
                }
                Err(fault) => leptos::logging::warn!("Deskbell('ask', …): {fault}"),
            },
        }
    }

    /// Hears the page from now on, until what it returns is dropped.
    pub(crate) fn listen(self) -> Option<Listener> {
        self.host.with_value(|host| host.listen(move |message| self.hear(message)))
    }

    /// Tells the page that the app listens.
    pub(crate) fn ready(self) {
        let (accent, ink) = self
            .settings
            .with_value(|settings| (settings.accent.as_str().to_owned(), look::ink_on(&settings.accent)));
        self.host.with_value(|host| host.tell(ToPage::Ready { accent: &accent, ink: &ink }));
    }

    /// Whether there is a page that can close the panel.
    pub(crate) fn can_close(self) -> bool {
        self.host.with_value(Host::is_there)
    }

    /// The visitor closes the panel.
    pub(crate) fn close(self) {
        if self.can_close() {
            self.open.set(false);
            self.host.with_value(|host| host.tell(ToPage::Close));
        }
    }

    fn speak(self, locale: String) {
        let fallback = self.settings.with_value(|settings| settings.language.clone());
        let language = words::choose(&[locale], fallback.as_ref().map(LanguageTag::as_str));
        spawn_local(async move {
            if let Some(words) = words::fetch(language).await {
                words::announce(&words);
                self.words.set(Arc::new(words));
            }
        });
    }

    fn event(self, event: Event<'_>) {
        self.host.with_value(|host| host.tell(ToPage::Event(event)));
    }

    // Questions to the FAQ.

    /// Takes what the visitor wrote; whether it was taken. If not, it stays in the composer, and the reason is shown.
    pub(crate) fn submit(self, text: &str) -> bool {
        let Ok(text) = Text::new(text) else { return false };
        if self.wait_until.get_untracked().is_some() || self.ban_holds() {
            return false;
        }
        if !self.with_person.get_untracked() {
            return self.ask(text);
        }
        let now = clock::now();
        let pace = self.pace.try_update_value(|pace| pace.decide(MESSAGES, 1, now));
        if let Some(Decision::Refused { retry_after_ms }) = pace {
            self.wait_until.set(Some(now.plus(retry_after_ms.unwrap_or(MESSAGES.window_ms()))));
            return false;
        }
        self.on_line(|line| line.say(new_id(), text));
        self.event(Event::Message("visitor"));
        true
    }

    /// Puts words that could not be taken into the composer, after what is there.
    fn keep(self, words: &str) {
        self.draft.update(|draft| {
            if !draft.is_empty() {
                draft.push('\n');
            }
            draft.push_str(words);
        });
    }

    fn ban_holds(self) -> bool {
        self.with_person.get_untracked() && self.ban.with_untracked(Option::is_some)
    }

    /// Asks; whether the question was taken.
    fn ask(self, text: Text) -> bool {
        if matches!(self.faq.get_untracked(), Faq::Loading) {
            self.early.update(|early| early.push(text));
            return true;
        }
        let now = clock::now();
        let asked = self.faq.with_untracked(|faq| {
            self.talk.try_update(|talk| talk.ask(text, faq.matcher(), now, &mut new_id))
        });
        asked.is_none_or(|asked| self.asked(asked, now))
    }

    /// Whether something was asked for which the FAQ is not there yet.
    pub(crate) fn is_thinking(self) -> bool {
        self.early.with(|early| !early.is_empty())
    }

    /// Takes a suggestion, or one of those offered.
    pub(crate) fn choose(self, choice: Choice) {
        if self.with_person.get_untracked() {
            return;
        }
        let now = clock::now();
        if let Some(asked) = self.talk.try_update(|talk| talk.choose(choice, now, &mut new_id)) {
            self.asked(asked, now);
        }
    }

    /// None of what was offered fits, or the answer did not help.
    pub(crate) fn none_fits(self) {
        if self.with_person.get_untracked() {
            return;
        }
        let now = clock::now();
        if let Some(asked) = self.talk.try_update(|talk| talk.none_fits(now, &mut new_id)) {
            self.asked(asked, now);
        }
    }

    fn asked(self, asked: Asked, now: Millis) -> bool {
        match asked {
            Asked::TooFast(wait) => {
                self.wait_until.set(Some(now.plus(wait)));
                false
            }
            Asked::Done(outcome, entry) => {
                let outcome = match outcome {
                    Outcome::Answered => "answered",
                    Outcome::Offered => "offered",
                    Outcome::Missed => "missed",
                };
                self.event(Event::Answer { outcome, entry: entry.as_ref().map(EntryId::as_str) });
                true
            }
            Asked::HandOver(reason) => {
                self.want_person(reason);
                true
            }
        }
    }

    // Handing over.

    /// Shows what a person would see, and asks whether it may be sent.
    pub(crate) fn want_person(self, reason: HandoffReason) {
        if self.with_person.get_untracked() {
            return;
        }
        self.host.with_value(|host| host.tell(ToPage::Where));
        let Some(context) = self.context() else { return };
        let consent = self.talk.with_untracked(|talk| {
            self.words.with_untracked(|words| Consent::new(reason, talk.items(), words, context))
        });
        self.trouble.set(None);
        self.consent.set(Some(consent));
    }

    /// Where the visitor is. Words are only ever fetched for a language tag, so there is always something.
    fn context(self) -> Option<VisitorContext> {
        let language = self.words.with_untracked(|words| words.language().to_owned()).try_into().ok()?;
        let minutes = js_sys::Date::new_0().get_timezone_offset();
        Some(self.place.with_value(|place| {
            let (page, title) = place.as_ref().map(|(url, title)| (url.as_str(), title.as_str())).unzip();
            talk::context(language, page, title, -minutes as i16)
        }))
    }

    /// The visitor agrees: from here on, and not before, something leaves the browser and something is stored.
    pub(crate) fn agree(self, masked: bool, note: Option<Text>) {
        let Some(consent) = self.consent.try_update(Option::take).flatten() else { return };
        // Another tab was faster: there is one talk with a person, and this tab joins it.
        self.take_up();
        if self.with_person.get_untracked() {
            if let Some(note) = note {
                self.on_line(|line| line.say(new_id(), note));
            }
            return;
        }
        let Some((resume, fresh)) = random::id().map(ResumeKey).zip(random::id().map(VisitorId)) else {
            return self.trouble.set(Some("trouble.browser"));
        };
        let visitor = self.memory.with_value(Memory::recall).map_or(fresh, |(visitor, _)| visitor);
        let note = note.map(|text| (new_id(), text));
        let request = consent.agreed(masked, note, clock::now(), resume, visitor);
        // Our own wire types: there is nothing in them that JSON cannot write.
        let handoff = serde_json::to_string(&request).unwrap_or_default();
        let talk = Talk { resume, handoff: Some(handoff.clone()), outbox: Vec::new(), read: 0 };
        self.memory.with_value(|memory| memory.begin(visitor, talk));
        self.open_line(visitor, resume, Opening::HandOver(handoff), Log::new(Vec::new(), 0));
    }

    fn open_line(self, visitor: VisitorId, resume: ResumeKey, opening: Opening, log: Log) {
        let (site, memory) = (self.site.get_value(), self.memory.get_value());
        self.state.set(LineState::Opening);
        let line =
            Line::open(site, visitor, resume, opening, log, memory, move |report| self.reported(report));
        self.line.set_value(Some(line));
        self.with_person.set(true);
        self.log_changed.notify();
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
            Report::Throttled(until) => self.wait_until.set(Some(until)),
            Report::Banned(ban) => self.ban.set(ban),
            Report::Over(problem) => {
                leptos::logging::warn!("Deskbell: {}: {}", problem.title, problem.detail);
                let unsent = |line: &Line| line.with_log(|log| log.outbox().to_vec());
                let unsent = self.line.with_value(|line| line.as_ref().map(unsent)).unwrap_or_default();
                self.hang_up();
                for say in unsent {
                    self.keep(say.text.as_str());
                }
                self.trouble.set(Some(match problem.kind {
                    ProblemKind::ConversationUnknown => "trouble.gone",
                    _ => "trouble.refused",
                }));
            }
        }
    }

    /// Leaves the talk with the person, and begins anew with the FAQ.
    pub(crate) fn start_over(self) {
        self.hang_up();
        self.talk.set(FaqTalk::default());
    }

    /// Leaves the talk with the person.
    fn hang_up(self) {
        if let Some(line) = self.line.try_update_value(Option::take).flatten() {
            self.memory.with_value(|memory| memory.end(line.resume()));
            // Not from inside the line's own report: it is still in use there.
            spawn_local(async move { drop(line) });
        }
        self.with_person.set(false);
        self.ban.set(None);
        self.wait_until.set(None);
        self.trouble.set(None);
        self.typing.set(None);
        self.log_changed.notify();
    }

    // The talk with a person.

    /// Looks at the log, and again whenever it changes.
    pub(crate) fn with_log<T>(self, look: impl FnOnce(&Log) -> T) -> Option<T> {
        self.log_changed.track();
        self.line.with_value(|line| line.as_ref().map(|line| line.with_log(look)))
    }

    fn on_line(self, act: impl FnOnce(&Line)) {
        self.line.with_value(|line| {
            if let Some(line) = line {
                act(line);
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

    /// The visitor is typing.
    pub(crate) fn typed(self) {
        self.on_line(Line::typing);
    }

    /// The visitor has everything before their eyes, if they look.
    pub(crate) fn look_at_log(self) {
        if self.open.get_untracked() && page::is_visible() {
            self.on_line(Line::seen);
        }
    }
}

/// A name for a message that nobody else has.
fn new_id() -> MessageId {
    // Without a cryptographic source a name may be weaker: it is no secret.
    let weak = || (random::fraction().to_bits() as u128) << 64 | u128::from(random::fraction().to_bits());
    MessageId(random::id().unwrap_or_else(|| weak().to_le_bytes()))
}
