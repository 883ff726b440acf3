//! A flood is slowed down with a reason, and a banned visitor sees why.

use std::time::{Duration, Instant};

use deskbell_shared::throttle::MESSAGES;
use deskbell_tests::browser::{Browser, button, link, role, textbox};

use crate::{
    agent::Agent,
    scene::{Shop, TEA, faq_of},
};

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
    visitor.wait_until_unread(visitor.say.text("wait.reason")).await;
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
    let began = Instant::now();
    let answers = visitor.post(&flood, true).await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    let burst = u128::from(MESSAGES.burst());
    let came_free = began.elapsed().as_millis() / u128::from(MESSAGES.interval_ms());
    let exactly_the_quota = burst..=burst + came_free;
    assert!(exactly_the_quota.contains(&(taken.len() as u128)), "{} were taken: {answers:#?}", taken.len());
    for answer in refused {
        assert_eq!((answer.status, &answer.body["type"]), (429, &"/problems/throttled".into()));
        for header in ["retry-after", "ratelimit", "ratelimit-policy"] {
            assert!(answer.headers.contains_key(header), "{header} in {answer:#?}");
        }
    }

    // The honest widget meets the same limit: it waits, with words, and then goes on by itself. What comes free is taken
    // by the flood once more just before, so that a slow machine has as long as any.
    visitor.type_text(visitor.composer_to_person(), "after the flood").await;
    let one_more = ["flood again".to_owned()];
    let refused = loop {
        let answer = visitor.post(&one_more, false).await.remove(0);
        if answer.status == 429 {
            break answer;
        }
    };
    let wait_s = refused.headers["retry-after"].parse().expect("a number of seconds");
    tokio::time::sleep(Duration::from_secs(wait_s)).await;
    assert_eq!(visitor.post(&one_more, false).await[0].status, 200);
    visitor.press("Enter").await;
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
    visitor.offline(true).await;
    visitor.write("Written before I knew").await;

    ban(&agent).await;
    visitor.offline(false).await;

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
    assert!(!visitor.reads("Please stop swearing at us").await, "the ban is one of the talk, not of the FAQ");

    // Whoever asks for a person is back in the talk, which was kept, and so was the ban.
    visitor.ask("I want to talk to a person").await;
    visitor.wait_for_text("Please stop swearing at us").await;

    agent.click(link(agent.say.text("rail.bans"))).await;
    agent.click(role("button").name_containing(agent.say.text("bans.lift"))).await;
    agent.wait_for_text(agent.say.text("bans.none")).await;
    // What the ban had held up goes on its way.
    visitor.reload().await;
    visitor.click(visitor.launcher()).await;
    visitor.read(visitor.say.text("event.unbanned")).await;
    visitor.wait_for_text(visitor.say.text("delivery.sent")).await;
    visitor.read("Written before I knew").await;
    visitor.write("Sorry for the words").await;
    visitor.wait_for_text(visitor.say.text("delivery.sent")).await;
}

#[tokio::test]
async fn whoever_s_browser_keeps_nothing_can_say_that_a_ban_is_wrong_and_loses_no_word() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    let closed =
        "Storage.prototype.setItem = Storage.prototype.getItem = () => { throw new Error('closed') }; 0";
    let _: u8 = visitor.evaluate_in_frame(&visitor.frame, closed).await;
    visitor.ask("I'd like to talk to a person").await;
    visitor.agree().await;
    visitor.wait_for_text(visitor.say.text("trouble.unkept")).await;
    visitor.click(button(visitor.say.text("notice.dismiss"))).await;
    let agent = shop.agent(&browser).await;
    agent.open_only_conversation().await;
    ban(&agent).await;

    visitor.click(button(visitor.say.text("appeal.open"))).await;
    let plea = textbox(visitor.say.text("appeal.label"));
    visitor.type_text(plea.clone(), "That was a friend of mine").await;
    visitor.offline(true).await;
    visitor.click(button(visitor.say.text("appeal.send"))).await;
    visitor.wait_for_text(visitor.say.text("appeal.failed")).await;
    visitor.wait_for_value(plea, "That was a friend of mine").await;
    visitor.offline(false).await;
    visitor.click(button(visitor.say.text("appeal.send"))).await;
    visitor.wait_for_text(visitor.say.text("appeal.waits")).await;

    // Whoever appeals again after the decision is told that it stands, and not to try again.
    agent.click(role("link").name_containing(agent.say.text("rail.appeals"))).await;
    agent.click(button(agent.say.text("appeals.confirm"))).await;
    // The widget asks every fifteen seconds.
    tokio::time::sleep(Duration::from_secs(8)).await;
    visitor.wait_for_text(visitor.say.text("appeal.confirmed")).await;
    visitor.click(button(visitor.say.text("notice.dismiss"))).await;
    visitor.click(button(visitor.say.text("appeal.open"))).await;
    visitor.type_text(textbox(visitor.say.text("appeal.label")), "But it was").await;
    visitor.click(button(visitor.say.text("appeal.send"))).await;
    visitor.wait_for_text(visitor.say.text("appeal.once")).await;
}

/// Bans the visitor of the open conversation.
async fn ban(agent: &Agent) {
    agent.click(button(agent.say.text("talk.ban"))).await;
    agent.type_text(textbox(agent.say.text("ban.reason")), "Please stop swearing at us").await;
    let dialog = role("dialog").named(agent.say.text("ban.title"));
    agent.click(button(agent.say.text("ban.go")).within(dialog.clone())).await;
    agent.wait_until_gone(dialog).await;
}
