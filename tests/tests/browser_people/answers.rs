//! Questions are answered on the visitor's device, and nothing typed leaves it.

use deskbell_shared::faq::Decision;
use deskbell_tests::browser::{Browser, Mark, button, role};

use crate::scene::{Shop, TEA};

#[tokio::test]
async fn an_answer_takes_no_request_and_nothing_typed_leaves_the_browser() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.understands().await;

    let asked = visitor.mark().await;
    visitor.ask("How do I cancel my order?").await;
    visitor.read("Cancel this order").await;
    visitor.read(&visitor.say.fill("answer.source", &[("question", "How do I cancel my order?")])).await;
    let sent = visitor.sent_since(asked).await;
    assert!(sent.is_empty(), "between question and answer the browser sent {sent:#?}");

    // Nor later, while the visitor goes on without agreeing to anything.
    visitor.ask("zebra41 zebra42").await;
    visitor.read(visitor.say.text("answer.none")).await;
    visitor.click(button(visitor.say.text("person.talk")).within(visitor.log())).await;
    visitor.see(visitor.consent()).await;
    visitor.click(button(visitor.say.text("consent.decline"))).await;
    visitor.wait_until_gone(visitor.consent()).await;
    visitor.type_text(visitor.composer(), "zebra43").await;
    let sent = visitor.sent_since(Mark::START).await;
    let leaks: Vec<_> = sent.iter().filter(|sent| format!("{sent}").contains("zebra")).collect();
    assert!(leaks.is_empty(), "what was typed left the browser: {leaks:#?}");
    let stored = "document.cookie.length + localStorage.length + sessionStorage.length";
    let stored: usize = visitor.evaluate_in_frame(&visitor.frame, stored).await;
    assert_eq!(stored, 0, "nothing is stored before a handoff");
}

#[tokio::test]
async fn when_several_entries_may_be_meant_they_are_offered() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    let vague = shop.question_that(
        &["teapot", "delivery", "my order", "gift", "change my order or my address", "return or exchange"],
        |decision| matches!(decision, Decision::Offer(2..)),
    );
    visitor.ask(vague).await;
    let offer = role("list").named(visitor.say.text("offer.title"));
    visitor.see(offer.clone()).await;
    let choices = visitor.see_all(role("button").within(offer)).await;
    assert!((3..=4).contains(&choices.len()), "two or three, and “none of these”: {choices:#?}");

    let chosen = &choices[0].name;
    visitor.click(button(chosen)).await;
    visitor.read(&visitor.say.fill("answer.source", &[("question", chosen)])).await;
}

#[tokio::test]
async fn a_suggested_question_is_answered_with_one_click() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    let suggestions = role("list").named(visitor.say.text("home.suggestions"));
    let first = visitor.see_all(role("button").within(suggestions)).await.remove(0).name;
    visitor.click(button(&first)).await;
    visitor.read(&visitor.say.fill("answer.source", &[("question", &first)])).await;
}
