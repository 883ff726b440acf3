//! What every test begins with: a shop of its own with a page and an FAQ, and the people who meet there.

use std::{
    collections::BTreeMap,
    fs,
    ops::Deref,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use deskbell_shared::{
    faq::{
        Decision, Matcher,
        compile::{
            compile,
            phrasebook::Library,
            source::{Format, parse},
        },
    },
    locale::{Catalog, negotiate},
    wire::{FaqTuning, NewPerson, SiteRequest, SiteSettings},
};
use deskbell_tests::{
    browser::{Browser, By, Person, button, role, textbox},
    edge::{Edge, repository},
    host::HostSite,
};
use serde::Deserialize;
use serde_json::Value;

/// Whom visitors talk to.
pub(crate) const AGENT: &str = "Robin";
/// The address they sign in with.
pub(crate) const EMAIL: &str = "robin@shop.example";
pub(crate) const PASSWORD: &str = "kettles and teapots";

/// Between two looks at what the harness cannot wait for by itself.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A kind of shop: the language of its pages, and the FAQ it has.
#[derive(Clone, Copy)]
pub(crate) struct Trade {
    /// As on the page's `html` element.
    pub(crate) language: &'static str,
    faq: &'static str,
}

/// Tea and teapots, in English.
pub(crate) const TEA: Trade = Trade { language: "en", faq: "www/demo/en/faq.yaml" };
/// Household goods, in Simplified Chinese.
pub(crate) const HOUSEHOLD: Trade = Trade { language: "zh-CN", faq: "www/demo/zh/faq.yaml" };
/// The same, on a page for readers in Taiwan.
pub(crate) const HOUSEHOLD_IN_TAIWAN: Trade = Trade { language: "zh-TW", ..HOUSEHOLD };
/// Tea on a page for readers in Egypt.
pub(crate) const TEA_IN_EGYPT: Trade = Trade { language: "ar-EG", ..TEA };

/// A shop: a site at an edge, and a page with the script tag.
pub(crate) struct Shop<'a> {
    pub(crate) edge: &'a Edge,
    /// Its name at the edge.
    pub(crate) site: String,
    /// Where its pages are.
    pub(crate) host: HostSite,
    pub(crate) trade: Trade,
}

impl Shop<'static> {
    /// A shop at the edge that the tests share.
    pub(crate) async fn open(trade: Trade) -> Self {
        Shop::open_at(Edge::shared().await, trade).await
    }

    /// The same, whose visitors are asked for Turnstile instead of a puzzle.
    pub(crate) async fn open_with_turnstile(trade: Trade) -> Self {
        let shop = Self::open(trade).await;
        let request = SiteRequest {
            settings: SiteSettings { turnstile: Some(valid("0x4AAAAAAAkey")), ..settings_of(&shop.host) },
            owner: None,
            no_second_factor: None,
            turnstile_secret: Some(valid("0x4AAAAAAAsecret")),
        };
        shop.edge.put_site(&shop.site, &request).await;
        shop
    }
}

impl<'a> Shop<'a> {
    /// A shop at this edge.
    pub(crate) async fn open_at(edge: &'a Edge, trade: Trade) -> Self {
        static OPENED: AtomicUsize = AtomicUsize::new(0);
        let site = format!("shop-{}", OPENED.fetch_add(1, Ordering::Relaxed));
        let host = HostSite::start();
        edge.put_site(&site, &request_for(&host)).await;
        edge.publish(&site, &faq_of(trade)).await;
        let shop = Self { edge, site, host, trade };
        shop.page_with(&format!("data-site=\"{}\"", shop.site));
        shop
    }

    /// Ends the sessions of everybody who has signed in, by giving them the password that they have.
    pub(crate) async fn end_sessions(&self) {
        self.edge.put_site(&self.site, &request_for(&self.host)).await;
    }

    /// The address of the shop's page.
    pub(crate) fn page(&self) -> String {
        format!("{}/", self.host.origin())
    }

    /// Writes the shop's page anew, with these attributes on the script tag.
    pub(crate) fn page_with(&self, attributes: &str) -> String {
        self.page_of(&format!("<h1>Teapots</h1><p>Everything for tea.</p>{}", self.tag_with(attributes)))
    }

    /// The script tag, as the shop has it.
    pub(crate) fn tag(&self) -> String {
        self.tag_with(&format!("data-site=\"{}\"", self.site))
    }

    fn tag_with(&self, attributes: &str) -> String {
        format!("<script async src=\"{}/deskbell.js\" {attributes}></script>", self.edge.origin())
    }

    /// Writes the shop's page anew, with this body.
    pub(crate) fn page_of(&self, body: &str) -> String {
        let language = self.trade.language;
        let html = format!(
            "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Teapots</title></head>\
             <body>{body}</body></html>"
        );
        self.host.page("/", &html)
    }

    /// Somebody who has come to the shop's page.
    pub(crate) async fn visitor(&self, browser: &Browser) -> Visitor {
        let person = browser.person("visitor").await;
        person.open(&self.page()).await;
        self.visitor_is(person)
    }

    /// Somebody who is going to be the shop's visitor.
    pub(crate) fn visitor_is(&self, person: Person) -> Visitor {
        let language = negotiate(&[self.trade.language], &["ar", "en", "zh-Hans", "zh-Hant"], "en");
        let frame = format!("{}/w/{}", self.edge.origin(), self.site);
        Visitor { person, say: words("widget", language), page: words("loader", language), frame }
    }

    /// The first of these questions with which the shop's FAQ does this.
    pub(crate) fn question_that<'q>(
        &self,
        questions: &[&'q str],
        does: impl Fn(Decision) -> bool,
    ) -> &'q str {
        let source = parse("faq.yaml", faq_of(self.trade).as_bytes(), Format::Yaml);
        let source = source.unwrap_or_else(|faults| panic!("the demo FAQ has faults: {faults:?}"));
        let pack = compile(&source, &phrasebooks(), &FaqTuning::default()).pack;
        let matcher = Matcher::load(&pack).unwrap_or_else(|error| panic!("the demo pack: {error}"));
        let found = questions.iter().find(|question| does(matcher.ask(question).decision));
        found.unwrap_or_else(|| panic!("none of {questions:?} does what is wanted"))
    }
}

/// What makes the shop, and gives its agent the password that they have.
pub(crate) fn request_for(host: &HostSite) -> SiteRequest {
    let owner = NewPerson { email: valid(EMAIL), name: Some(valid(AGENT)), password: valid(PASSWORD) };
    let (settings, owner) = (settings_of(host), Some(owner));
    SiteRequest { settings, owner, no_second_factor: None, turnstile_secret: None }
}

fn settings_of(host: &HostSite) -> SiteSettings {
    SiteSettings {
        name: valid("Willow & Co"),
        origins: vec![valid(&host.origin())],
        accent: Default::default(),
        language: None,
        greeting: None,
        turnstile: None,
        asks_to_recommend: true,
    }
}

/// A visitor before the shop's page.
pub(crate) struct Visitor {
    person: Person,
    /// The widget's words in the visitor's language.
    pub(crate) say: Catalog,
    /// The button's words on the page.
    pub(crate) page: Catalog,
    /// The address of the widget's frame.
    pub(crate) frame: String,
}

impl Deref for Visitor {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.person
    }
}

impl Visitor {
    /// The button on the page that opens the chat.
    pub(crate) fn launcher(&self) -> By {
        button(self.page.text("open"))
    }

    /// Opens the chat, and waits until it can be written in and its FAQ is there.
    pub(crate) async fn open_chat(&self) {
        self.click(self.launcher()).await;
        self.see(self.composer()).await;
        self.wait_for_text(self.say.text("home.suggestions")).await;
    }

    /// The field for questions to the FAQ.
    pub(crate) fn composer(&self) -> By {
        textbox(self.say.text("composer.faq"))
    }

    /// The field for messages to a person.
    pub(crate) fn composer_to_person(&self) -> By {
        textbox(self.say.text("composer.person"))
    }

    /// Asks the FAQ.
    pub(crate) async fn ask(&self, question: &str) {
        self.type_text(self.composer(), question).await;
        self.press("Enter").await;
    }

    /// Writes to a person.
    pub(crate) async fn write(&self, text: &str) {
        self.type_text(self.composer_to_person(), text).await;
        self.press("Enter").await;
    }

    /// Sends messages to a person past the widget and its countdowns, with its own key, as somebody would with a
    /// script: one after the other, or all at once.
    pub(crate) async fn post(&self, texts: &[String], at_once: bool) -> Vec<Posted> {
        static POSTED: AtomicUsize = AtomicUsize::new(0);
        let site = self.frame.rsplit('/').next().unwrap_or_default();
        let first = POSTED.fetch_add(texts.len(), Ordering::Relaxed);
        let texts = serde_json::to_string(texts).unwrap_or_default();
        let script = format!(
            "(async () => {{
                const {{ visitor, talk: {{ resume }} }} = JSON.parse(localStorage.getItem('deskbell:{site}'));
                const post = (path, body, token) => fetch('/v1/sites/{site}/' + path, {{
                    method: 'POST',
                    headers: {{ 'Content-Type': 'application/json', ...(token && {{ Authorization: 'Bearer ' + token }}) }},
                    body: JSON.stringify(body),
                }});
                const {{ conversation, session }} = await (await post('sessions', {{ resume, visitor }})).json();
                const id = n => n.toString(16).padStart(32, 'f');
                const say = async (text, n) => {{
                    const answer = await post(`conversations/${{conversation}}/messages`, {{ id: id({first} + n), text }}, session.token);
                    return {{ status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.json() }};
                }};
                const texts = {texts};
                if ({at_once}) return Promise.all(texts.map(say));
                const answers = [];
                for (const [n, text] of texts.entries()) answers.push(await say(text, n));
                return answers;
            }})()"
        );
        self.evaluate_in_frame(&self.frame, &script).await
    }

    /// The sheet that asks whether the talk may be sent.
    pub(crate) fn consent(&self) -> By {
        role("dialog").named(self.say.text("consent.title"))
    }

    /// Agrees to what is shown, and waits until the talk is with the team.
    pub(crate) async fn agree(&self) {
        self.see(self.consent()).await;
        self.click(button(self.say.text("consent.agree"))).await;
        self.wait_for_text(self.say.text("event.handed_over")).await;
        self.wait_for_text(self.say.text("state.up")).await;
    }

    /// Asks for a person and agrees.
    pub(crate) async fn get_person(&self) {
        self.open_chat().await;
        self.ask("I'd like to talk to a person").await;
        self.agree().await;
    }

    /// The talk so far.
    pub(crate) fn log(&self) -> By {
        role("log").named(self.say.text("log.label"))
    }

    /// Waits until the talk shows this.
    pub(crate) async fn read(&self, text: &str) {
        self.wait_for_text_in(self.log(), text).await;
    }
}

/// What came back of a message that was sent past the widget.
#[derive(Debug, Deserialize)]
pub(crate) struct Posted {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
}

/// The words of an interface.
pub(crate) fn words(interface: &str, language: &str) -> Catalog {
    let file = repository().join(format!("www/locales/{interface}/{language}.json"));
    Catalog::parse(language, &read(&file)).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The FAQ of a kind of shop, as its owner wrote it.
pub(crate) fn faq_of(trade: Trade) -> String {
    read(&repository().join(trade.faq))
}

/// The phrasebooks that the edge compiles with, and what was learned from them.
fn phrasebooks() -> Library {
    let mut library = Library::default();
    let folder = repository().join("shared/phrasebooks");
    let files = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = files.filter_map(Result::ok).map(|file| file.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let added = library.add(&name, &read(&path));
        added.unwrap_or_else(|faults| panic!("a phrasebook has faults: {faults:?}"));
    }
    let languages: Vec<String> = library.languages().map(str::to_owned).collect();
    for lang in languages {
        let path = repository().join(format!("shared/embeddings/{lang}.bin"));
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let added = library.add_embedding(&lang, &bytes);
        added.unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    }
    library
}

/// A file of the repository.
pub(crate) fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A value of the wire.
pub(crate) fn valid<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned()).unwrap_or_else(|_| panic!("{text} is not valid on the wire"))
}

/// Waits until an expression of the page gives this text.
pub(crate) async fn wait_until(person: &Person, expression: &str, is: &str) {
    for _ in 0..400 {
        let now: String = person.evaluate(expression).await;
        if now == is {
            return;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    panic!("{expression} is not {is}");
}
