//! What is going on, as signals, and what can be done. Views read the one and call the other.

mod appeal;
mod attendance;
mod part;
mod person;
mod questions;

use std::sync::Arc;

use deskbell_browser::{
    clock::Timer,
    page::{self, Listener},
    random,
};
use deskbell_shared::{
    guard::signal::Signal,
    locale::Catalog,
    throttle::Pace,
    wire::{AppealId, Attendance, MessageId, Millis, SayRequest, SiteId, SiteSettings, Text, WidgetConfig},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    cues,
    customer::Identity,
    faq::{Faq, Keeper},
    host::{Event, FromPage, Host, ToPage},
    look,
    person::{Ban, Line, LineState, Memory, Part},
    talk::{Consent, FaqTalk},
    words,
};

pub(crate) use appeal::Appealed;

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
    /// Whether the visitor asks the FAQ meanwhile: the talk with the person goes on, out of sight.
    pub(crate) aside: RwSignal<bool>,
    pub(crate) state: RwSignal<LineState>,
    /// Nothing can be sent before.
    pub(crate) wait_until: RwSignal<Option<Millis>>,
    /// Why the wait is slow mode; nothing for an ordinary one.
    pub(crate) slowed_by: RwSignal<Vec<Signal>>,
    /// What the guard has noticed, before it does anything.
    pub(crate) noticed: RwSignal<Vec<Signal>>,
    /// How many parts of a puzzle are solved, or that Turnstile is asked, and why it was set.
    pub(crate) solving: RwSignal<Option<(Option<usize>, Vec<Signal>)>>,
    /// That the last words, or those that were to be handed over, are not taken here, and what an agent wrote about it.
    pub(crate) words_blocked: RwSignal<Option<Option<String>>>,
    pub(crate) ban: RwSignal<Option<Ban>>,
    /// How the appeal stands that the visitor made.
    pub(crate) appeal: RwSignal<Option<Appealed>>,
    /// What the visitor is writing against a ban.
    pub(crate) plea: RwSignal<String>,
    /// What a talk with a person needs, once it is fetched.
    pub(crate) part: RwSignal<Option<&'static dyn Part>>,
    /// Whether the visitor waits for it.
    pub(crate) fetching: RwSignal<bool>,
    /// Something that did not work, as a key of the locale file.
    pub(crate) trouble: RwSignal<Option<&'static str>>,
    pub(crate) typing: RwSignal<Option<String>>,
    /// What the site says of when people are there, and whether they are, as far as is known.
    attendance: StoredValue<Option<Attendance>>,
    is_here: RwSignal<Option<bool>>,
    /// How far the edge's clock is ahead of this browser's.
    edge_ahead_ms: StoredValue<i64>,
    /// What is in the composer.
    pub(crate) draft: RwSignal<String>,
    /// What had the keyboard's focus is gone, or done with: the visitor goes on writing.
    pub(crate) refocus: Trigger,
    /// What was asked before the FAQ was there.
    early: RwSignal<Vec<SayRequest>>,
    keeper: Keeper,
    host: StoredValue<Host, LocalStorage>,
    memory: StoredValue<Memory>,
    line: StoredValue<Option<Box<dyn Line>>, LocalStorage>,
    /// Whose the talk on the line is, when it was begun by somebody who was signed in at the site.
    talk_of: StoredValue<Option<deskbell_shared::wire::Line>>,
    /// Changes whenever the line's log does.
    log_changed: Trigger,
    /// How many items the talk with the FAQ had when a person took over.
    handed_over_after: StoredValue<usize>,
    /// How many items were in a handoff that was refused for its words: the next one is without them.
    left_out: StoredValue<usize>,
    pace: StoredValue<Pace>,
    /// The site's page, as it last said.
    place: StoredValue<Option<(String, String)>>,
    /// The language that the page asked for last; empty until it asks for one.
    language: StoredValue<&'static str>,
    /// Who the visitor is, as the site's page says.
    identity: StoredValue<Option<Identity>>,
    /// Whether the page has said who is there, or that it is nobody it knows.
    is_told: StoredValue<bool>,
    typing_timer: StoredValue<Option<Timer>, LocalStorage>,
    /// The appeal made in this tab: a browser that keeps nothing still asks after it.
    appealed: StoredValue<Option<AppealId>>,
    appeal_timer: StoredValue<Option<Timer>, LocalStorage>,
    /// How often it was asked after in vain.
    appeal_asked: StoredValue<u32>,
    part_timer: StoredValue<Option<Timer>, LocalStorage>,
    other_tabs: StoredValue<Option<Listener>, LocalStorage>,
}

impl App {
    /// Starts, for a visitor who wants these languages: takes up a talk with a person where there is one.
    pub(crate) fn start(config: WidgetConfig, wanted: Vec<String>, words: Catalog, host: Host) -> Self {
        let keeper = Keeper::start(config.site.clone(), config.pack, wanted);
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
            aside: RwSignal::new(false),
            state: RwSignal::new(LineState::Opening),
            wait_until: RwSignal::new(None),
            slowed_by: RwSignal::new(Vec::new()),
            noticed: RwSignal::new(Vec::new()),
            solving: RwSignal::new(None),
            words_blocked: RwSignal::new(None),
            ban: RwSignal::new(None),
            appeal: RwSignal::new(None),
            plea: RwSignal::new(String::new()),
            appealed: StoredValue::new(None),
            appeal_timer: StoredValue::new_local(None),
            appeal_asked: StoredValue::new(0),
            part: RwSignal::new(None),
            fetching: RwSignal::new(false),
            trouble: RwSignal::new(None),
            typing: RwSignal::new(None),
            attendance: StoredValue::new(config.attendance),
            is_here: RwSignal::new(None),
            edge_ahead_ms: StoredValue::new(0),
            draft: RwSignal::new(String::new()),
            refocus: Trigger::new(),
            early: RwSignal::new(Vec::new()),
            keeper,
            host: StoredValue::new_local(host),
            line: StoredValue::new_local(None),
            talk_of: StoredValue::new(None),
            log_changed: Trigger::new(),
            handed_over_after: StoredValue::new(0),
            left_out: StoredValue::new(0),
            pace: StoredValue::new(Pace::default()),
            place: StoredValue::new(None),
            language: StoredValue::new(""),
            identity: StoredValue::new(None),
            is_told: StoredValue::new(false),
            typing_timer: StoredValue::new_local(None),
            part_timer: StoredValue::new_local(None),
            other_tabs: StoredValue::new_local(None),
        };
        app.with_remembered(|part, app| part.begin(app));
        app.watch();
        app.follow_attendance();
        // Another tab may hand over, and then this one has the talk too.
        app.other_tabs.set_value(web_sys::window().map(|window| {
            Listener::on(&window, "storage", move |_| app.with_remembered(|part, app| part.join(app)))
        }));
        app
    }

    fn watch(self) {
        Effect::new(move |_| {
            if !matches!(self.faq.get(), Faq::Loading) {
                for SayRequest { id, text } in self.early.try_update(std::mem::take).unwrap_or_default() {
                    if self.is_to_person_now() || !self.ask_as(id, text.clone()) {
                        self.keep(text.as_str());
                    }
                }
            }
        });
        Effect::new(move |_| {
            let wanted = self.faq.with(|faq| match faq {
                Faq::Loading => None,
                faq => Some(self.words.with(|words| cues::wanted(faq.matcher(), words.language()))),
            });
            let missing = |wanted| self.talk.with_untracked(|talk| cues::missing(wanted, talk.reader()));
            for lang in wanted.map(missing).unwrap_or_default() {
                spawn_local(async move {
                    if let Some(table) = cues::fetch(&lang).await {
                        self.talk.update_untracked(|talk| talk.understand(table));
                    }
                });
            }
        });
        // An FAQ that only a newer module reads: the frame is loaded anew as soon as nobody would notice.
        let outdated = self.keeper.outdated();
        Effect::new(move |_| {
            if outdated.get() && self.is_idle() {
                page::reload();
            }
        });
        // Who closes the panel may come back to it much later, when what is served is a newer version of this app.
        Effect::new(move |was: Option<bool>| {
            let open = self.open.get();
            if was == Some(true) && !open {
                self.expect_person();
            }
            open
        });
        Effect::new(move |told: Option<usize>| {
            let count = self.unread();
            if count != told.unwrap_or(0) {
                self.host.with_value(|host| host.tell(ToPage::Unread(count)));
            }
            count
        });
    }

    /// Whether the panel is closed, with nothing in it that would be lost.
    fn is_idle(self) -> bool {
        let talking = self.talk.with(|talk| !talk.items().is_empty()) || self.with_person.get();
        let writing = self.draft.with(|draft| !draft.is_empty()) || self.is_thinking();
        !(self.open.get() || talking || writing || self.consent.with(Option::is_some))
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
                self.on_line(|line| line.retry());
                self.look_at_log();
            }
            FromPage::Close => self.open.set(false),
            FromPage::Theme(theme) => theme.apply(),
            FromPage::Locale(locale) => self.speak(locale),
            FromPage::Page { url, title } => {
                self.place.set_value(Some((url, title)));
                if let Some(part) = self.part.get_untracked() {
                    part.moved(self);
                }
            }
            FromPage::Identify(token) => self.identify(token),
            FromPage::Ask(text) => match Text::new(&text) {
                // Only the visitor sends words to a person.
                Ok(text) if self.is_to_person_now() => self.keep(text.as_str()),
                // Too many came at once: the visitor sends it when the time has passed.
                Ok(text) if !self.ask(text.clone()) => self.keep(text.as_str()),
                Ok(_) => {}
                Err(fault) => leptos::logging::warn!("Deskbell('ask', …): {fault}"),
            },
        }
    }

    /// From now on the visitor is this customer. With an empty token, or what is none, nobody is signed in any more.
    fn identify(self, token: String) {
        let identity =
            (!token.is_empty()).then(|| Identity::read(token)).transpose().unwrap_or_else(|fault| {
                leptos::logging::error!("Deskbell('identify', …): {fault}.");
                None
            });
        let is_vip = identity.as_ref().is_some_and(Identity::is_vip);
        let has_left = self.identity.with_value(|before| {
            let is_gone = |before| identity.as_ref().is_none_or(|identity| identity.is_another(before));
            before.as_ref().is_some_and(is_gone)
        });
        if has_left {
            // What they were about to hand over is theirs.
            self.consent.set(None);
            if !self.with_person.get_untracked() {
                self.draft.set(String::new());
                self.early.set(Vec::new());
                self.left_out.set_value(0);
                self.words_blocked.set(None);
                self.trouble.set(None);
                self.talk.update(|talk| *talk = talk.anew());
            }
        }
        self.is_told.set_value(true);
        self.talk.update_untracked(|talk| talk.set_vip(is_vip));
        self.identity.set_value(identity);
        match self.part.get_untracked() {
            Some(part) => {
                part.identified(self);
                part.moved(self);
            }
            None => self.with_remembered(|part, app| part.identified(app)),
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
        let of_site = self.settings.with_value(|settings| settings.language.clone());
        let of_page = locale.split(',').map(str::to_owned).collect();
        let wanted = words::wanted(of_page, of_site.as_ref());
        let language = words::choose(&wanted);
        self.keeper.read_by(wanted);
        self.language.set_value(language);
        if self.words.with_untracked(|words| words.language() == language) {
            return;
        }
        spawn_local(async move {
            // The page may have asked for another language since, whose words came first.
            if let Some(words) = words::fetch(language).await
                && self.language.get_value() == language
            {
                words::announce(&words);
                self.words.set(Arc::new(words));
            }
        });
    }

    fn event(self, event: Event<'_>) {
        self.host.with_value(|host| host.tell(ToPage::Event(event)));
    }
}

/// A name for a message that nobody else has.
fn new_id() -> MessageId {
    // Without a cryptographic source a name may be weaker: it is no secret.
    let weak = || (random::fraction().to_bits() as u128) << 64 | u128::from(random::fraction().to_bits());
    MessageId(random::id().unwrap_or_else(|| weak().to_le_bytes()))
}
