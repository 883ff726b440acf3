//! The script tag does no harm, whatever is wrong with it, and says what is wrong.

use deskbell_tests::{
    browser::{Browser, Mark, Person, Said, SentKind, button, role},
    host::HostSite,
};

use crate::scene::{LOOK_AGAIN, Shop, TEA, Visitor};

impl Visitor {
    /// Waits until the console says this in Deskbell's name.
    pub(crate) async fn complains_of(&self, what: &str) {
        let is_it = |said: &Said| said.text.contains("Deskbell") && said.text.contains(what);
        for _ in 0..300 {
            if self.console().iter().any(is_it) {
                return;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        panic!("no word of {what} in the console: {:#?}", self.console());
    }
}

#[tokio::test]
async fn before_intent_it_is_one_request_and_nothing_stored() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.see(visitor.launcher()).await;
    let of_edge = |url: &str| url.starts_with(&shop.edge.origin());
    let sent = visitor.sent_since(Mark::START).await;
    let ours: Vec<_> = sent.iter().filter(|sent| of_edge(&sent.url)).map(|sent| sent.url.as_str()).collect();
    assert_eq!(ours, [format!("{}/deskbell.js", shop.edge.origin())]);
    assert!(sent.iter().all(|sent| sent.kind == SentKind::Request && sent.method == "GET"));

    let stored = "(async () => document.cookie.length + localStorage.length + sessionStorage.length
        + (await indexedDB.databases()).length + (await caches.keys()).length)()";
    assert_eq!(visitor.evaluate::<usize>(stored).await, 0);
    let frames: usize = visitor.evaluate("window.length").await;
    assert_eq!(frames, 0, "no frame, and so no WebAssembly");
}

#[tokio::test]
async fn what_a_theme_says_of_every_element_does_not_hide_it() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let tag = shop.tag();
    // Themes have the first of these; the rest is worse than any.
    let theme = "div:empty { display: none } html > div { position: static !important; opacity: 0 !important }
                 #deskbell, * { display: none; transform: scale(0); visibility: hidden; z-index: -1 !important }
                 html, body, h1 { display: block; visibility: visible; transform: none }";
    shop.page_of(&format!("<style>{theme}</style><h1>Teapots</h1>{tag}"));
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
}

#[tokio::test]
async fn loaded_twice_it_says_so_and_works_once() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let tag = shop.tag();
    shop.page_of(&format!("<h1>Teapots</h1>{tag}{tag}"));
    let visitor = shop.visitor(&browser).await;
    visitor.complains_of("twice").await;
    visitor.open_chat().await;
    page_is_well(&visitor).await;
}

#[tokio::test]
async fn a_missing_or_malformed_site_is_explained() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    for (attributes, explanation) in
        [("", "data-site"), ("data-site=\"No Such!\"", "data-site"), ("data-site", "data-site")]
    {
        shop.page_with(attributes);
        let visitor = shop.visitor(&browser).await;
        visitor.complains_of(explanation).await;
        assert!(visitor.see_all(visitor.launcher()).await.is_empty());
        page_is_well(&visitor).await;
    }
}

#[tokio::test]
async fn an_unknown_site_is_explained() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    shop.page_with("data-site=\"nobody-knows-it\"");
    let visitor = shop.visitor(&browser).await;
    visitor.click(visitor.launcher()).await;
    visitor.complains_of("/problems/site-unknown").await;
    page_is_well(&visitor).await;
}

#[tokio::test]
async fn a_page_that_is_not_allowed_is_told_so() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let stranger = HostSite::start();
    let tag = shop.tag();
    let page = stranger
        .page("/", &format!("<!doctype html><html lang=\"en\"><body><h1>Teapots</h1>{tag}</body></html>"));
    let visitor = shop.visitor_is(browser.person("stranger").await);
    visitor.open(&page).await;
    visitor.click(visitor.launcher()).await;
    visitor.complains_of("/problems/origin-not-allowed").await;
    visitor.complains_of(&stranger.origin()).await;
    page_is_well(&visitor).await;
}

#[tokio::test]
async fn an_edge_that_cannot_be_reached_is_explained_and_can_be_tried_again() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.see(visitor.launcher()).await;
    visitor.offline(true).await;
    visitor.click(visitor.launcher()).await;
    visitor.complains_of("cannot be reached").await;
    page_is_well(&visitor).await;
    visitor.offline(false).await;
    visitor.click(button("Try again")).await;
    visitor.see(visitor.composer()).await;
}

#[tokio::test]
async fn a_slow_start_on_a_page_that_allows_no_more_than_it_must_is_waited_for() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let (edge, site) = (shop.edge.origin(), &shop.site);
    let html = format!(
        "<!doctype html><html lang=\"en\"><body><h1>Teapots</h1>\
         <script async src=\"{edge}/deskbell.js\" data-site=\"{site}\"></script></body></html>"
    );
    let policy = format!("default-src 'self'; script-src {edge}; frame-src {edge}");
    shop.host.page_with_headers("/", &html, &[("Content-Security-Policy", &policy)]);
    let visitor = shop.visitor(&browser).await;
    // Next to no time passes until the page asks why the frame says nothing: as if the module took seconds.
    visitor
        .run("const later = setTimeout; window.setTimeout = (act, ms, ...rest) => later(act, ms == 3000 ? 0 : ms, ...rest)")
        .await;
    visitor.slow_cpu(4.0).await;
    visitor.open_chat().await;
    visitor.ask("How do I cancel my order?").await;
    visitor.read("Cancel this order").await;
    page_is_well(&visitor).await;
}

#[tokio::test]
async fn calls_made_before_it_loads_are_queued_and_events_reach_the_page() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    shop.page_of(&format!(
        "<h1>Teapots</h1>
         <script>
           window.heard = [];
           for (const name of ['ready', 'open', 'answer']) document.addEventListener('deskbell:' + name, event => heard.push(name));
           window.Deskbell = window.Deskbell || function () {{ (Deskbell.q = Deskbell.q || []).push(arguments) }};
           Deskbell('ask', 'How do I cancel my order?');
         </script>
         <script async src=\"{}/deskbell.js\" data-site=\"{}\"></script>",
        shop.edge.origin(),
        shop.site
    ));
    let visitor = shop.visitor(&browser).await;
    visitor.read("Cancel this order").await;
    let heard: Vec<String> = visitor.evaluate("heard").await;
    assert_eq!(heard, ["ready", "open", "answer"]);

    visitor.run("Deskbell('setLocale', 'zh-Hant')").await;
    visitor.see(role("log").named(crate::scene::words("widget", "zh-Hant").text("log.label"))).await;
    visitor.run("Deskbell('close')").await;
    visitor.wait_until_gone(visitor.composer()).await;
    visitor.run("Deskbell('nonsense')").await;
    visitor.complains_of("nonsense").await;
    visitor.run("Deskbell('shutdown')").await;
    visitor.wait_until_gone(role("button")).await;
    page_is_well(&visitor).await;
}

/// Nothing was thrown into the page, and it still works.
async fn page_is_well(person: &Person) {
    let thrown: Vec<_> = person.console().into_iter().filter(|said| said.level == "exception").collect();
    assert!(thrown.is_empty(), "{thrown:#?}");
    person.see(role("heading").named("Teapots")).await;
}
