//! The panel under test, in a real browser, with the real words and a real FAQ.

use std::time::Duration;

use deskbell_browser::{clock::Timer, storage};
use deskbell_shared::{
    locale::Catalog,
    wire::{Line, PackHash, ResumeKey, SiteSettings, WidgetConfig},
};
use js_sys::Promise;
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement, KeyboardEvent, KeyboardEventInit};

use crate::{
    app::App,
    host::{Fragment, Host},
    person::{Memory, Talk},
    views,
};

wasm_bindgen_test_configure!(run_in_browser);

const ENGLISH: &str = include_str!("../../www/locales/widget/en.json");

struct Stage {
    app: App,
    place: HtmlElement,
}

/// Shows the panel of a site without an FAQ, so that nothing is fetched.
async fn stage(site: &str) -> Stage {
    stage_with(site, None).await
}

/// Shows the panel of a site with this FAQ.
async fn stage_with(site: &str, pack: Option<PackHash>) -> Stage {
    let document = document();
    let place: HtmlElement = document.create_element("div").unwrap().unchecked_into();
    document.body().unwrap().append_child(&place).unwrap();
    let config = WidgetConfig {
        site: site.parse().unwrap(),
        settings: SiteSettings {
            name: Line::new("Tea").unwrap(),
            origins: Vec::new(),
            accent: Default::default(),
            language: None,
            greeting: None,
            turnstile: None,
            asks_to_recommend: false,
        },
        pack,
        attendance: None,
    };
    let made = StoredValue::new(None);
    let handle = mount_to(place.clone(), move || {
        let host = Host::find(&Fragment::default(), &[]).unwrap();
        let app = App::start(config, Vec::new(), Catalog::parse("en", ENGLISH).unwrap(), host);
        made.set_value(Some(app));
        views::panel(app)
    });
    handle.forget();
    settle().await;
    Stage { app: made.get_value().unwrap(), place }
}

impl Stage {
    fn find(&self, selector: &str) -> Element {
        let found = self.place.query_selector(selector).unwrap();
        found.unwrap_or_else(|| panic!("no {selector} in {}", self.place.inner_html()))
    }

    fn has(&self, selector: &str) -> bool {
        self.place.query_selector(selector).unwrap().is_some()
    }

    fn field(&self) -> HtmlTextAreaElement {
        self.find("#message").unchecked_into()
    }

    fn write(&self, text: &str) {
        self.field().set_value(text);
        self.fire("input");
    }

    fn fire(&self, event: &str) {
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        let event = web_sys::Event::new_with_event_init_dict(event, &init).unwrap();
        self.field().dispatch_event(&event).unwrap();
    }

    fn press_enter(&self, shift: bool, composing: bool, code: u32) {
        let init = KeyboardEventInit::new();
        init.set_key("Enter");
        init.set_shift_key(shift);
        init.set_is_composing(composing);
        init.set_key_code(code);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        self.field().dispatch_event(&event).unwrap();
    }

    async fn ask(&self, text: &str) {
        self.write(text);
        self.press_enter(false, false, 13);
        settle().await;
    }

    fn said(&self) -> u32 {
        self.place.query_selector_all(".row.own").unwrap().length()
    }
}

async fn settle() {
    wait(60).await;
}

async fn wait(milliseconds: u64) {
    let mut timer = None;
    let done = Promise::new(&mut |resolve, _| {
        timer = Timer::after(Duration::from_millis(milliseconds), move || {
            resolve.call0(&JsValue::UNDEFINED).unwrap();
        });
    });
    JsFuture::from(done).await.unwrap();
    drop(timer);
}

#[wasm_bindgen_test]
async fn an_enter_that_confirms_a_composition_sends_nothing() {
    let stage = stage("ime").await;
    stage.write("你好");
    stage.press_enter(false, true, 13);
    // Safari: the composition has ended, and only the key code tells.
    stage.press_enter(false, false, 229);
    // A browser that reports the composition by its events alone.
    stage.fire("compositionstart");
    stage.press_enter(false, false, 13);
    stage.fire("compositionend");
    stage.press_enter(true, false, 13);
    settle().await;
    assert_eq!((stage.said(), stage.field().value()), (0, "你好".to_owned()));
    stage.press_enter(false, false, 13);
    settle().await;
    assert_eq!((stage.said(), stage.field().value()), (1, String::new()));
}

#[wasm_bindgen_test]
async fn hostile_text_is_shown_and_never_run() {
    let stage = stage("hostile").await;
    let hostile =
        "<img src=x onerror=alert(1)> javascript:alert(1) [a](javascript:alert(1)) https://ok.example";
    stage.ask(hostile).await;
    let bubble = stage.find(".row.own .bubble");
    assert_eq!(bubble.text_content().unwrap(), hostile);
    assert!(!stage.has("img") && !stage.has("script"));
    let links = bubble.query_selector_all("a").unwrap();
    assert_eq!(links.length(), 1);
    let link: Element = links.item(0).unwrap().unchecked_into();
    assert_eq!(link.get_attribute("href").as_deref(), Some("https://ok.example"));
    assert!(link.get_attribute("rel").unwrap().contains("noopener"));
}

#[wasm_bindgen_test]
async fn two_misses_ask_for_consent_and_nothing_is_stored_before_it() {
    let stage = stage("consent").await;
    stage.ask("qwzx").await;
    assert!(stage.has(".row.bot .main"), "a person is offered");
    stage.ask("Write to ana@example.com").await;
    assert!(stage.has("#consent[open]"));
    let shown = stage.find("#consent .sent").text_content().unwrap();
    assert!(!shown.contains("ana@example.com"), "{shown}");
    stage.find("#consent input").unchecked_into::<HtmlElement>().click();
    settle().await;
    assert!(stage.find("#consent .sent").text_content().unwrap().contains("ana@example.com"));
    assert_eq!(
        web_sys::window().unwrap().local_storage().unwrap().unwrap().get_item("deskbell:consent"),
        Ok(None)
    );
    stage.find("#decline").unchecked_into::<HtmlElement>().click();
    settle().await;
    assert!(!stage.has("#consent[open]"));
}

#[wasm_bindgen_test]
async fn a_flood_is_shown_a_countdown_and_keeps_its_words() {
    let stage = stage("flood").await;
    for _ in 0..9 {
        stage.ask("I want a human").await;
        stage.app.consent.set(None);
    }
    assert_eq!((stage.said(), stage.field().value()), (8, "I want a human".to_owned()));
    let left = || stage.find("#wait strong").text_content().unwrap();
    let before = left();
    wait(1_200).await;
    assert!(!stage.has("#wait") || left() != before, "{before}");
}

#[wasm_bindgen_test]
async fn a_message_that_is_too_long_is_not_sent_and_says_so() {
    let stage = stage("long").await;
    stage.ask(&"a".repeat(4_002)).await;
    assert_eq!(stage.said(), 0);
    assert_eq!(stage.find("#left.over").text_content().unwrap(), "2 characters too many");
}

#[wasm_bindgen_test]
async fn words_run_as_their_own_language_does() {
    let stage = stage("arabic").await;
    stage.ask("كم تكلفة الشحن؟").await;
    assert!(stage.has(".row.own .bubble > :dir(rtl)"));
    assert!(stage.has(".row.bot .bubble:dir(ltr)"), "the widget's own words are English");
}

#[wasm_bindgen_test]
async fn a_question_that_comes_before_the_faq_is_shown_while_it_waits() {
    let late = "{ const fetched = fetch; window.fetch = () => new Promise(answer => {
        window.giveUp = () => { window.fetch = fetched; answer(new Response('', { status: 404 })); };
    }); }";
    js_sys::eval(late).unwrap();
    let stage = stage_with("early", Some("f".repeat(32).try_into().unwrap())).await;
    stage.ask("Hello?").await;
    assert_eq!((stage.said(), stage.has("#typing")), (1, true));
    js_sys::eval("giveUp()").unwrap();
    settle().await;
    assert_eq!((stage.said(), stage.has("#typing")), (1, false));
    assert!(stage.has(".row.bot"), "it was asked all the same");
}

#[wasm_bindgen_test]
async fn damaged_or_foreign_storage_is_no_memory() {
    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    let huge = format!("\"{}\"", "x".repeat(1_000_000));
    for (number, text) in
        ["", "null", "[]", "{}", r#"{"version":1,"visitor":"zz"}"#, r#"{"version":99}"#, huge.as_str()]
            .into_iter()
            .enumerate()
    {
        let site = format!("damaged-{number}");
        storage.set_item(&format!("deskbell:{site}"), text).unwrap();
        let stage = stage(&site).await;
        assert!(!stage.app.with_person.get_untracked(), "{text:.40}");
        stage.ask("hello").await;
        assert_eq!(stage.said(), 1);
        storage.remove_item(&format!("deskbell:{site}")).unwrap();
    }
}

#[wasm_bindgen_test]
fn a_talk_is_remembered_and_another_tabs_talk_is_left_alone() {
    let memory = Memory::of(&"memory".parse().unwrap());
    let talk = |key| Talk {
        resume: ResumeKey([key; 16]),
        handoff: None,
        note: None,
        customer: None,
        outbox: Vec::new(),
        read: 0,
    };
    let visitor = deskbell_shared::wire::VisitorId([1; 16]);
    assert!(memory.begin(visitor, talk(1)));
    memory.read(ResumeKey([1; 16]), 5);
    memory.read(ResumeKey([2; 16]), 9);
    assert_eq!(memory.recall(), Some((visitor, Some(Talk { read: 5, ..talk(1) }))));
    memory.end(ResumeKey([2; 16]));
    assert!(memory.recall().is_some_and(|(_, talk)| talk.is_some()));
    memory.end(ResumeKey([1; 16]));
    assert_eq!(memory.recall(), Some((visitor, None)));

    let since = |days: u64| {
        let at = deskbell_browser::clock::now().0 - days * 24 * 60 * 60 * 1000;
        let visitor = "01".repeat(16);
        storage::write("deskbell:memory", &serde_json::json!({ "version": 1, "visitor": visitor, "at": at }));
        memory.recall()
    };
    assert_eq!(since(89), Some((visitor, None)));
    assert_eq!(since(90), None);
    assert!(storage::keys("deskbell:memory").is_empty(), "what is forgotten is no longer there");
}

#[path = "../../shared/tests/verdicts/digest.rs"]
mod digest;

#[wasm_bindgen_test]
fn a_question_gets_the_same_verdict_here_as_natively() {
    assert_eq!(digest::digest(), digest::EXPECTED);
}
