//! The widget speaks the visitor's language, from the button on, and runs the way that language is written.

use deskbell_shared::locale::{Catalog, direction};
use deskbell_tests::{
    browser::{Browser, Mark, button, textbox},
    edge::repository,
};

use crate::scene::{Shop, TEA, TEA_IN_EGYPT, Visitor, words};

#[tokio::test]
async fn arabic_runs_from_right_to_left_from_the_button_to_the_consent() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA_IN_EGYPT).await;
    let visitor = shop.visitor(&browser).await;
    visitor.phone().await;
    visitor.run("document.documentElement.dir = 'rtl'; Deskbell('show')").await;
    // The script is small: before anybody wants the chat it has of most languages only what is said in all of them.
    let launcher = visitor.see(button(words("loader", "en").text("panel"))).await;
    assert_eq!(launcher.state("expanded").and_then(|state| state.as_bool()), Some(false));
    let left: f64 = visitor.evaluate(&side_of_launcher()).await;
    assert!(left < 100.0, "where lines run to the left, the button is on the left: {left}");

    visitor.click(button(words("loader", "en").text("panel"))).await;
    visitor.see(visitor.composer()).await;
    visitor.see(button(visitor.page.text("close"))).await;
    assert_eq!(visitor.direction().await, ["ar", "rtl"]);
    visitor.ask("How do I cancel my order?").await;
    visitor.read("Cancel this order").await;
    visitor.click(button(visitor.say.text("person.talk"))).await;
    let consent = visitor.see(visitor.consent()).await.text;
    assert!(consent.contains(visitor.say.text("consent.lead")), "{consent}");
    visitor.agree().await;
    visitor.wait_for_text(visitor.say.text("event.handed_over")).await;
}

#[tokio::test]
async fn every_language_that_has_words_can_be_set() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    for tag in languages() {
        let (say, page): (Catalog, Catalog) = (words("widget", &tag), words("loader", &tag));
        visitor.run(&format!("Deskbell('setLocale', '{tag}')")).await;
        visitor.see(textbox(say.text("composer.faq"))).await;
        visitor.run("Deskbell('close')").await;
        visitor.see(button(page.text("open"))).await;
        visitor.run("Deskbell('open')").await;
        assert_eq!(visitor.direction().await, [tag.as_str(), direction(&tag).as_str()]);
    }
    let complaints: Vec<_> =
        visitor.console().into_iter().filter(|said| said.text.contains("Deskbell")).collect();
    assert!(complaints.is_empty(), "{complaints:?}");
}

#[tokio::test]
async fn the_words_of_the_button_are_fetched_when_the_chat_is_wanted() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    shop.page_with(&format!("data-site=\"{}\" data-locale=\"pt-BR\"", shop.site));
    let visitor = shop.visitor(&browser).await;
    let (before, after) = (words("loader", "en"), words("loader", "pt"));
    visitor.see(button(before.text("panel"))).await;
    let ours = async || {
        let sent = visitor.sent_since(Mark::START).await;
        sent.into_iter().map(|sent| sent.url).filter(|url| url.contains("/words/")).collect::<Vec<_>>()
    };
    assert_eq!(ours().await, [""; 0]);
    visitor.hover(button(before.text("panel"))).await;
    visitor.see(button(after.text("open"))).await;
    assert_eq!(ours().await, [format!("{}/words/pt.js", shop.edge.origin())]);
}

impl Visitor {
    /// The language of the frame, and the way it is written.
    async fn direction(&self) -> [String; 2] {
        let root = "[document.documentElement.lang, document.documentElement.dir]";
        self.evaluate_in_frame(&self.frame, root).await
    }
}

fn side_of_launcher() -> String {
    "document.getElementById('deskbell').shadowRoot.querySelector('.launch').getBoundingClientRect().left"
        .to_owned()
}

/// The languages that the widget has words of.
fn languages() -> Vec<String> {
    let folder = repository().join("www/locales/widget");
    let files = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = files.filter_map(Result::ok).map(|file| file.path());
    let mut tags: Vec<_> =
        paths.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect();
    tags.sort();
    tags
}
