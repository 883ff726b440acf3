//! axe finds nothing serious, in the light and in the dark, and the keyboard never loses its place.

use deskbell_tests::{
    browser::{Browser, By, Person, button, link, role, textbox},
    edge::repository,
};
use serde_json::Value;

use crate::scene::{EMAIL, LOOK_AGAIN, PASSWORD, Shop, TEA, Visitor, read};

#[tokio::test]
async fn the_widget_is_usable_by_everybody() {
    let browser = Browser::start().await;
    for dark in [false, true] {
        let shop = Shop::open(TEA).await;
        let visitor = shop.visitor_is(browser.person(if dark { "dark" } else { "light" }).await);
        visitor.prefers(dark, true).await;
        visitor.open(&shop.page()).await;
        visitor.see(visitor.launcher()).await;
        is_accessible(&visitor, None, "the button").await;
        visitor.open_chat().await;
        let frame = Some(visitor.frame.as_str());
        is_accessible(&visitor, frame, "the greeting").await;
        visitor.ask("How do I cancel my order?").await;
        visitor.read("Cancel this order").await;
        visitor.ask("zxcvb qwfpg").await;
        visitor.read(visitor.say.text("answer.none")).await;
        is_accessible(&visitor, frame, "questions and answers").await;
        visitor.forces_colors().await;
        let case: String = visitor
            .evaluate_in_frame(
                &visitor.frame,
                "getComputedStyle(document.querySelector('.bubble')).textTransform",
            )
            .await;
        assert_eq!(case, "none", "in forced colours what is said reads as it was written");
        visitor.prefers(dark, true).await;
        visitor.ask("I am ana@mail.example, talk to a person").await;
        visitor.see(visitor.consent()).await;
        is_accessible(&visitor, frame, "the consent").await;
        visitor.agree().await;
        visitor.write("Hello?").await;
        visitor.wait_for_text(visitor.say.text("delivery.sent")).await;
        is_accessible(&visitor, frame, "the talk with a person").await;
    }
}

#[tokio::test]
async fn whoever_goes_by_keyboard_keeps_their_place() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    let say = |key: &str| visitor.say.text(key).to_owned();
    let suggestions = role("list").named(&say("home.suggestions"));
    let first = visitor.see_all(role("button").within(suggestions)).await.remove(0).name;
    presses(&visitor, button(&first)).await;
    writes_in(&visitor, visitor.composer()).await;
    presses(&visitor, button(&say("helped.yes"))).await;
    writes_in(&visitor, visitor.composer()).await;
    for choice in ["consent.decline", "consent.agree"] {
        presses(&visitor, button(&say("person.talk"))).await;
        presses(&visitor, button(&say(choice))).await;
        visitor.wait_until_gone(visitor.consent()).await;
        let to_person = choice == "consent.agree";
        let field = if to_person { visitor.composer_to_person() } else { visitor.composer() };
        writes_in(&visitor, field).await;
    }
}

/// Presses a button by keyboard.
async fn presses(visitor: &Visitor, button: By) {
    visitor.focus(button).await;
    visitor.press("Enter").await;
}

/// Waits until what is typed goes into this field.
async fn writes_in(visitor: &Visitor, field: By) {
    for _ in 0..100 {
        if visitor.see(field.clone()).await.is_focused() {
            return;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    panic!("the keyboard is not in {field}");
}

#[tokio::test]
async fn the_inbox_is_usable_by_everybody() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    for dark in [false, true] {
        let door = browser.person(if dark { "dark door" } else { "light door" }).await;
        door.prefers(dark, true).await;
        door.speaks("en").await;
        door.open(&format!("{}/inbox/{}", shop.edge.origin(), shop.site)).await;
        door.see(textbox("Password")).await;
        is_accessible(&door, None, "the sign-in").await;

        // Set before anything is drawn: what is still half of the other colours is no fault.
        let agent = browser.person("agent").await;
        agent.prefers(dark, true).await;
        let agent = shop.agent_as(agent, EMAIL, PASSWORD).await;
        is_accessible(&agent, None, "the list").await;
        agent.open_only_conversation().await;
        agent.answer("Hello!").await;
        agent.read("Hello!").await;
        is_accessible(&agent, None, "a conversation").await;
        agent.click(button(agent.say.text("talk.ban"))).await;
        agent.see(role("dialog").named(agent.say.text("ban.title"))).await;
        is_accessible(&agent, None, "the ban").await;
        agent.press("Escape").await;
        for screen in ["rail.bans", "rail.faq", "rail.settings"] {
            agent.click(link(agent.say.text(screen))).await;
            agent.see(role("heading").named(agent.say.text(screen))).await;
            if screen == "rail.faq" {
                agent.see(role("heading").named(agent.say.text("loans.title"))).await;
            }
            is_accessible(&agent, None, screen).await;
        }
    }
}

/// Fails with what axe calls serious or critical, in the page or in one of its frames.
pub(crate) async fn is_accessible(person: &Person, frame: Option<&str>, what: &str) {
    let axe = read(&repository().join("node_modules/axe-core/axe.min.js"));
    let run = format!(
        "(async () => {{
            {axe};
            const {{ violations }} = await axe.run({{ exclude: ['iframe'] }});
            return violations.filter(found => ['serious', 'critical'].includes(found.impact)).map(found => ({{
                rule: found.id, help: found.help,
                nodes: found.nodes.map(node => node.html + ' ' + node.failureSummary),
            }}));
        }})()"
    );
    let found: Vec<Value> = match frame {
        Some(frame) => person.evaluate_in_frame(frame, &run).await,
        None => person.evaluate(&run).await,
    };
    assert!(found.is_empty(), "{what}: {found:#?}");
}
