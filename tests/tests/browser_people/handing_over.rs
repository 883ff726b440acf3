//! A person takes over when wished, needed or asked for by button, and gets only what was agreed.

use deskbell_shared::faq::Decision;
use deskbell_tests::browser::{Browser, Mark, Sent, button, role, textbox};

use crate::scene::{HOUSEHOLD, HOUSEHOLD_IN_TAIWAN, Shop, TEA, Trade, Visitor};

#[tokio::test]
async fn who_asks_for_a_person_in_english_gets_one_who_knows_what_was_said() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let agent = shop.agent(&browser).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.ask("How do I cancel my order?").await;
    visitor.read("Cancel this order").await;
    visitor.ask("Can I talk to a real person? I am ana@mail.example, order 1234567890123456").await;

    // What will be sent is shown first, without what is personal, and nothing has been sent yet.
    // The page tells its address when asked, a moment after the sheet is there.
    visitor.wait_for_text_in(visitor.consent(), &shop.page()).await;
    let shown = visitor.see(visitor.consent()).await.text;
    assert!(shown.contains("•••@•••") && !shown.contains("ana@mail.example"), "{shown}");
    assert!(shown.contains("1234567890123456"), "an order number is nobody's secret: {shown}");
    assert!(posts(&visitor).await.is_empty());

    visitor.agree().await;
    let sent = posts(&visitor).await;
    let transcript = &sent.first().expect("the talk was sent").body;
    assert!(transcript.contains("•••@•••") && !transcript.contains("ana@"), "{transcript}");

    agent.open_only_conversation().await;
    agent.read("How do I cancel my order?").await;
    agent.read(&agent.say.fill("talk.from_entry", &[("entry", "cancel-order")])).await;
    agent.read("I am •••@•••, order 1234567890123456").await;
    agent.read(agent.say.text("reason.explicit_wish")).await;
    for context in ["Teapots", &shop.page(), "English"] {
        agent.wait_for_text(context).await;
    }
}

#[tokio::test]
async fn what_a_talk_needs_is_fetched_when_it_is_wanted_and_again_after_a_failure() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.ask("How do I cancel my order?").await;
    visitor.read("Cancel this order").await;
    let is_part = |sent: &Sent| sent.url.contains("/a/widget-person-");
    assert!(!visitor.sent_since(Mark::START).await.iter().any(is_part), "an answer does without it");

    visitor.offline(true).await;
    visitor.click(button(visitor.say.text("person.talk"))).await;
    visitor.wait_for_text(visitor.say.text("trouble.part")).await;
    visitor.offline(false).await;
    visitor.click(button(visitor.say.text("person.talk"))).await;
    visitor.see(visitor.consent()).await;
    assert!(visitor.sent_since(Mark::START).await.iter().any(is_part));
    visitor.agree().await;
    assert!(!posts(&visitor).await.is_empty());
}

#[tokio::test]
async fn who_leaves_personal_data_in_sends_it() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.ask("I want a human, call me on +44 20 7946 0958").await;
    visitor.see(visitor.consent()).await;
    visitor.click(role("checkbox").named(visitor.say.text("consent.mask"))).await;
    visitor.wait_for_text_in(visitor.consent(), "+44 20 7946 0958").await;
    visitor.agree().await;
    assert!(posts(&visitor).await[0].body.contains("+44 20 7946 0958"));
}

#[tokio::test]
async fn who_asks_for_a_person_in_simplified_chinese_gets_one() {
    asks_in_chinese(HOUSEHOLD, "我要转人工").await;
}

#[tokio::test]
async fn who_asks_for_a_person_in_traditional_chinese_gets_one() {
    asks_in_chinese(HOUSEHOLD_IN_TAIWAN, "請幫我轉真人客服").await;
}

async fn asks_in_chinese(trade: Trade, wish: &str) {
    let browser = Browser::start().await;
    let shop = Shop::open(trade).await;
    let agent = shop.agent(&browser).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.ask(wish).await;
    visitor.agree().await;
    agent.open_only_conversation().await;
    agent.read(wish).await;
    agent.answer("您好，我是客服。").await;
    visitor.read("您好，我是客服。").await;
}

#[tokio::test]
async fn after_two_misses_in_a_row_a_person_is_offered() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    let agent = shop.agent(&browser).await;
    visitor.open_chat().await;
    let unanswered = |questions: &[&'static str]| shop.question_that(questions, |d| d == Decision::Abstain);
    visitor.ask(unanswered(&["zxcvb qwfpg", "xyzzy plugh"])).await;
    visitor.read(visitor.say.text("answer.none")).await;
    assert!(visitor.see_all(visitor.consent()).await.is_empty(), "one miss is no reason yet");
    visitor.ask(unanswered(&["arstd oienh", "frobnicate quux"])).await;
    visitor.agree().await;
    agent.open_only_conversation().await;
    agent.read(agent.say.text("reason.no_answer")).await;
}

#[tokio::test]
async fn the_button_is_enough_and_a_note_goes_along() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    let agent = shop.agent(&browser).await;
    visitor.open_chat().await;
    visitor.click(button(visitor.say.text("person.talk"))).await;
    visitor.type_text(textbox(visitor.say.text("consent.note")), "My teapot hums at night").await;
    visitor.agree().await;
    agent.open_only_conversation().await;
    agent.read(agent.say.text("reason.button")).await;
    agent.read("My teapot hums at night").await;
}

#[tokio::test]
async fn who_does_not_agree_sends_nothing_and_goes_on_asking() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.ask("agent please").await;
    visitor.click(button(visitor.say.text("consent.decline"))).await;
    visitor.wait_until_gone(visitor.consent()).await;
    visitor.ask("How do I cancel my order?").await;
    visitor.read("Cancel this order").await;
    assert!(posts(&visitor).await.is_empty());
}

/// Everything posted so far.
async fn posts(visitor: &Visitor) -> Vec<Sent> {
    let sent = visitor.sent_since(Mark::START).await;
    sent.into_iter().filter(|sent| sent.method == "POST").collect()
}
