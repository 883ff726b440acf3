//! Visitors are told when people are back, as an admin has set it.

use deskbell_tests::browser::{Browser, button, link, role};

use crate::{
    access::is_accessible,
    agent::Agent,
    scene::{Shop, TEA},
};

impl Agent {
    /// Puts a value into a field as somebody would by its own means: a calendar, or a clock.
    async fn enters(&self, field: &str, value: &str) {
        self.run(&format!(
            "{{
                const field = document.querySelector('{field}');
                field.value = {value};
                field.dispatchEvent(new Event('input', {{ bubbles: true }}))
            }}"
        ))
        .await;
    }
}

#[tokio::test]
async fn whoever_comes_while_nobody_is_there_knows_when_to_expect_an_answer() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let robin = shop.agent(&browser).await;
    let say = |key: &str| robin.say.text(key).to_owned();
    robin.click(link(&say("rail.settings"))).await;
    robin.wait_for_text(&say("hours.told_nothing")).await;
    robin.click(role("checkbox").named(&say("hours.on"))).await;
    is_accessible(&robin, None, "opening hours").await;

    // Times that cross are not saved.
    robin.enters("[data-day] input", "'18:00'").await;
    robin.click(button(&say("hours.save"))).await;
    robin.wait_for_text(&say("hours.fault")).await;
    robin.enters("[data-day] input", "'08:30'").await;
    robin.wait_until_unread(&say("hours.fault")).await;

    // The next six days are holidays, whichever of them have hours.
    for day in 0..6 {
        let date = format!("new Date(Date.now() + ({day} - 1) * 864e5).toISOString().slice(0, 10)");
        robin.enters("#hours-day", &date).await;
        robin.click(button(&say("hours.add_day"))).await;
        robin.until(&format!("document.querySelectorAll('[data-closed]').length === {}", day + 1)).await;
    }
    robin.click(button(&say("hours.save"))).await;
    robin.wait_for_text(&say("hours.saved")).await;
    let told: String = robin.evaluate("document.querySelector('#hours-told').textContent").await;
    assert_ne!(told, say("hours.told_nothing"));
    assert_ne!(told, say("hours.told_here"));

    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.ask("I'd like to talk to a person").await;
    visitor.see(visitor.consent()).await;
    let frame = visitor.frame.clone();
    let away = "document.querySelector('#away')?.textContent ?? ''";
    let away: String = visitor.evaluate_in_frame(&frame, away).await;
    assert!(away.contains("back") && away.chars().any(|c| c.is_ascii_digit()), "{away}");
    is_accessible(&visitor, Some(&frame), "a team that is away").await;
    visitor.click(button(visitor.say.text("consent.agree"))).await;
    visitor.wait_for_text(visitor.say.text("event.handed_over")).await;
    let (before, _) = visitor.say.text("state.away").split_once("{moment}").unwrap_or_default();
    visitor.wait_for_text(before.trim()).await;

    // Whoever is answered all the same talks to a person.
    robin.run("location.hash = '#'").await;
    robin.open_only_conversation().await;
    robin.answer("I happen to be here").await;
    visitor.read("I happen to be here").await;
    visitor.wait_for_text("You are talking to").await;
}
