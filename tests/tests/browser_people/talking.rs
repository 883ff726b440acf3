//! Visitor and agent reach each other through reloads and restarts, with nothing lost.

use deskbell_tests::{
    browser::{Browser, button, textbox},
    edge::Edge,
};

use crate::scene::{AGENT, Shop, TEA};

#[tokio::test]
async fn they_talk_live_both_ways() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    let agent = shop.agent(&browser).await;
    agent.open_only_conversation().await;

    agent.answer("Hello, what can I do for you? See https://willow.example/help").await;
    visitor.read("Hello, what can I do for you?").await;
    visitor.wait_for_text(&visitor.say.fill("state.agent", &[("name", AGENT)])).await;
    agent.wait_for_text(agent.say.text("talk.seen")).await;

    visitor.write("My kettle sings <b>off key</b>").await;
    agent.read("My kettle sings <b>off key</b>").await;
    visitor.wait_for_text(visitor.say.text("delivery.seen")).await;

    visitor.type_text(visitor.composer_to_person(), "and").await;
    agent.wait_for_text(&agent.say.fill("talk.typing", &[("name", agent.say.text("from.visitor"))])).await;
}

#[tokio::test]
async fn a_reload_in_mid_talk_loses_nothing() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    let agent = shop.agent(&browser).await;
    agent.open_only_conversation().await;
    visitor.write("one-v").await;
    agent.read("one-v").await;
    agent.answer("two-a").await;
    visitor.read("two-a").await;

    visitor.open("about:blank").await;
    agent.answer("three-a").await;
    agent.read("three-a").await;
    visitor.open(&shop.page()).await;
    visitor.click(visitor.launcher()).await;
    visitor.read("three-a").await;
    in_order_once(&visitor.see(visitor.log()).await.text, &["one-v", "two-a", "three-a"]);

    agent.reload().await;
    agent.read("three-a").await;
    visitor.write("four-v").await;
    agent.read("four-v").await;
    in_order_once(&agent.see(agent.transcript()).await.text, &["one-v", "two-a", "three-a", "four-v"]);
}

#[tokio::test]
async fn what_a_visitor_writes_without_a_network_arrives_once_when_it_is_back() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    let agent = shop.agent(&browser).await;
    agent.open_only_conversation().await;
    visitor.offline(true).await;
    for text in ["one-v", "two-v"] {
        visitor.write(text).await;
    }
    visitor.wait_for_text(visitor.say.text("delivery.sending")).await;
    visitor.offline(false).await;
    agent.read("two-v").await;
    in_order_once(&agent.see(agent.transcript()).await.text, &["one-v", "two-v"]);
    visitor.read("two-v").await;
    in_order_once(&visitor.see(visitor.log()).await.text, &["one-v", "two-v"]);
}

#[tokio::test]
async fn a_closed_talk_is_opened_again_by_the_visitor_s_next_words() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    let agent = shop.agent(&browser).await;
    agent.open_only_conversation().await;
    agent.click(button(agent.say.text("talk.close"))).await;
    visitor.wait_for_text(visitor.say.text("closed.text")).await;
    visitor.type_text(textbox(visitor.say.text("composer.reopen")), "One more thing").await;
    visitor.press("Enter").await;
    agent.read("One more thing").await;
    agent.read(agent.say.text("event.reopened")).await;
}

#[tokio::test]
async fn an_edge_that_fails_in_mid_talk_loses_doubles_and_mixes_nothing() {
    let browser = Browser::start().await;
    let edge = Edge::start().await;
    let shop = Shop::open_at(&edge, TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    let agent = shop.agent(&browser).await;
    agent.open_only_conversation().await;
    visitor.write("one-v").await;
    agent.read("one-v").await;
    agent.answer("two-a").await;
    visitor.read("two-a").await;

    edge.kill();
    visitor.wait_for_text(visitor.say.text("state.down")).await;
    for text in ["three-v", "four-v"] {
        visitor.write(text).await;
    }
    agent.answer("five-a").await;
    edge.start_again().await;
    visitor.read("five-a").await;
    agent.read("four-v").await;
    visitor.wait_for_text(visitor.say.text("state.agent").split('{').next().unwrap_or_default()).await;
    visitor.write("six-v").await;
    agent.read("six-v").await;

    let (theirs, ours) = (visitor.see(visitor.log()).await.text, agent.see(agent.transcript()).await.text);
    let all = ["one-v", "two-a", "three-v", "four-v", "five-a", "six-v"];
    for text in [&theirs, &ours] {
        all.iter().for_each(|line| assert_eq!(text.matches(line).count(), 1, "{line} in {text}"));
        in_order_once(text, &["one-v", "two-a", "three-v", "four-v", "six-v"]);
    }
    let order = |text: &str| {
        let mut lines = all;
        lines.sort_by_key(|line| text.find(line));
        lines
    };
    assert_eq!(order(&theirs), order(&ours), "both have the same talk");
}

/// Each of the lines stands in the text once, in this order.
fn in_order_once(text: &str, lines: &[&str]) {
    let places: Vec<_> =
        lines.iter().map(|line| text.match_indices(line).map(|(at, _)| at).collect::<Vec<_>>()).collect();
    assert!(places.iter().all(|places| places.len() == 1), "{lines:?} once each in: {text}");
    assert!(places.is_sorted(), "{lines:?} in this order in: {text}");
}
