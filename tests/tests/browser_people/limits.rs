//! A flood is slowed down with a reason, and a banned visitor sees why.

use deskbell_tests::browser::{Browser, button, link, role, textbox};

use crate::scene::{Shop, TEA, faq_of};

#[tokio::test]
async fn a_flood_of_questions_is_slowed_down_with_a_reason_and_a_countdown() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    // Each once: who asks the same again is offered a person.
    let faq = faq_of(TEA);
    let lines: Vec<&str> = faq.lines().map(str::trim).collect();
    let mut questions =
        lines.windows(2).filter(|pair| pair[0] == "questions:").filter_map(|pair| pair[1].strip_prefix("- "));
    let is_slowed = async || visitor.reads(visitor.say.text("wait.reason")).await;
    let (mut asked, mut question) = (0, "");
    while !is_slowed().await {
        asked += 1;
        question = questions.next().expect("nothing slows a flood down");
        visitor.ask(question).await;
    }
    assert!(asked > 8, "an honest visitor may ask eight questions at once, and {asked} is too early");

    let countdown: String =
        visitor.evaluate_in_frame(&visitor.frame, "document.querySelector('#wait strong').textContent").await;
    assert!(countdown.chars().any(|c| c.is_ascii_digit()), "{countdown:?} says how long");
    assert_eq!(visitor.see(visitor.composer()).await.value, question, "what was not taken is not lost");

    // What helps is to wait as long as it says.
    while is_slowed().await {}
    visitor.focus(visitor.composer()).await;
    visitor.press("Enter").await;
    visitor.wait_for_value(visitor.composer(), "").await;
}

#[tokio::test]
async fn a_flood_past_the_widget_is_stopped_at_the_edge_and_the_visitor_told_when_to_go_on() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;

    // Somebody takes the widget's own key and floods the edge without it.
    let flood: Vec<String> = (0..30).map(|n| format!("flood {n}")).collect();
    let answers = visitor.post(&flood, true).await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((taken.len(), refused.len()), (10, 20), "exactly the quota: {answers:#?}");
    for answer in refused {
        assert_eq!((answer.status, &answer.body["type"]), (429, &"/problems/throttled".into()));
        for header in ["retry-after", "ratelimit", "ratelimit-policy"] {
            assert!(answer.headers.contains_key(header), "{header} in {answer:#?}");
        }
    }

    // The honest widget meets the same limit: it waits, with words, and then goes on by itself.
    visitor.write("after the flood").await;
    visitor.wait_for_text(visitor.say.text("wait.reason")).await;
    visitor.wait_for_text(visitor.say.text("delivery.sent")).await;
    let text = visitor.see(visitor.log()).await.text;
    assert_eq!(text.matches("after the flood").count(), 1, "{text}");
}

#[tokio::test]
async fn a_banned_visitor_sees_why_keeps_the_faq_and_can_be_let_in_again() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    let agent = shop.agent(&browser).await;
    agent.open_only_conversation().await;

    agent.click(button(agent.say.text("talk.ban"))).await;
    agent.type_text(textbox(agent.say.text("ban.reason")), "Please stop swearing at us").await;
    let dialog = role("dialog").named(agent.say.text("ban.title"));
    agent.click(button(agent.say.text("ban.go")).within(dialog.clone())).await;
    agent.wait_until_gone(dialog).await;

    visitor.wait_for_text(visitor.say.text("ban.title")).await;
    visitor.wait_for_text("Please stop swearing at us").await;
    assert!(visitor.see(visitor.composer_to_person()).await.is_disabled());

    // A reload changes nothing, and the FAQ goes on.
    visitor.reload().await;
    visitor.click(visitor.launcher()).await;
    visitor.wait_for_text("Please stop swearing at us").await;
    visitor.click(button(visitor.say.text("ban.faq"))).await;
    visitor.ask("How do I cancel my order?").await;
    visitor.read("Cancel this order").await;

    // A new talk is refused in words too.
    visitor.ask("I want to talk to a person").await;
    visitor.see(visitor.consent()).await;
    visitor.click(button(visitor.say.text("consent.agree"))).await;
    visitor.wait_for_text("Please stop swearing at us").await;

    agent.click(link(agent.say.text("rail.bans"))).await;
    agent.click(role("button").name_containing(agent.say.text("bans.lift"))).await;
    agent.wait_for_text(agent.say.text("bans.none")).await;
    // What the visitor had agreed to send was kept meanwhile, and goes on its way.
    visitor.reload().await;
    visitor.click(visitor.launcher()).await;
    visitor.read(visitor.say.text("event.handed_over")).await;
    visitor.write("Sorry for the words").await;
    visitor.wait_for_text(visitor.say.text("delivery.sent")).await;
}
