//! An open chat picks up a new FAQ.

use deskbell_tests::browser::{Browser, button, role};

use crate::scene::{Shop, TEA};

#[tokio::test]
async fn an_open_chat_picks_up_a_new_faq() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    // In two languages: the visitor is shown their own, wherever in the file it is.
    let entry = |id: &str, lang: &str, question: &str, answer: &str| {
        format!("- id: {id}-{lang}\n  questions: [{question:?}]\n  answer: {answer}\n  lang: {lang}\n")
    };
    let planets = ["Mercury", "Venus", "Mars", "Jupiter"];
    let to_planets = planets.map(|planet| {
        let id = planet.to_lowercase();
        entry(&id, "zh-Hans", &format!("你们送货到 {planet} 吗？"), "不送。")
            + &entry(&id, "en", &format!("Do you deliver to {planet}?"), "We do not.")
    });
    let faq = entry("moon", "zh-Hans", "你们送货到月球吗？", "每隔一个星期二，视天气而定。")
        + &entry("moon", "en", "Do you deliver to the moon?", "Every second Tuesday, weather permitting.")
        + &to_planets.concat();
    shop.edge.publish(&shop.site, &faq).await;

    // Whoever comes back to the chat after a while gets what is in force then.
    let later = "{ const now = Date.now; Date.now = () => now() + 60_000; 0 }";
    let _: u8 = visitor.evaluate_in_frame(&visitor.frame, later).await;
    visitor.press("Escape").await;
    visitor.wait_until_gone(visitor.composer()).await;
    visitor.click(visitor.launcher()).await;
    visitor.see(button("Do you deliver to the moon?").within(role("main"))).await;
    let suggested = "[...document.querySelectorAll('.suggestions [lang]')].map(shown => shown.lang).join()";
    let languages: String = visitor.evaluate_in_frame(&visitor.frame, suggested).await;
    assert_eq!(languages, ["en"; 5].join(","));
    visitor.run("Deskbell('setLocale', 'zh-TW')").await;
    visitor.see(button("你们送货到月球吗？").within(role("main"))).await;
    let languages: String = visitor.evaluate_in_frame(&visitor.frame, suggested).await;
    assert_eq!(languages, ["zh-Hans"; 5].join(","));
    visitor.run("Deskbell('setLocale', 'en')").await;
    visitor.see(button("Do you deliver to the moon?").within(role("main"))).await;
    visitor.see(visitor.composer()).await;
    visitor.ask("do you deliver to the moon").await;
    visitor.read("Every second Tuesday").await;
}
