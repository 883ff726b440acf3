//! What an admin sets is what visitors see.

use deskbell_tests::browser::{Browser, button, link, role, textbox};

use crate::scene::{Shop, TEA};

#[tokio::test]
async fn what_visitors_see_is_decided_in_the_inbox() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let agent = shop.agent(&browser).await;
    agent.click(link(agent.say.text("rail.settings"))).await;
    agent.wait_for_text(agent.say.text("settings.origins_about")).await;
    agent.type_text(textbox(agent.say.text("settings.greeting")), "Welcome to the teapots").await;
    agent
        .run(
            "const colour = document.querySelector('#look-accent');
             colour.value = '#8a1c4a';
             colour.dispatchEvent(new Event('input', { bubbles: true }))",
        )
        .await;
    agent.click(role("checkbox").named(agent.say.text("settings.asks_to_recommend"))).await;
    agent.click(button(agent.say.text("settings.save"))).await;
    agent.wait_for_text(agent.say.text("settings.saved")).await;

    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.wait_for_text("Welcome to the teapots").await;
    let accent = "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()";
    assert_eq!(visitor.evaluate_in_frame::<String>(&visitor.frame, accent).await, "#8a1c4a");

    // Nobody is asked any more whether they would recommend the shop.
    visitor.reload().await;
    visitor.get_person().await;
    agent.run("location.hash = '#'").await;
    agent.open_only_conversation().await;
    agent.answer("We have it").await;
    agent.click(button(agent.say.text("talk.close"))).await;
    visitor.click(button(visitor.say.text("rate.good"))).await;
    visitor.read(visitor.say.text("event.rated_good")).await;
    visitor.wait_until_gone(button(visitor.say.text("rate.good"))).await;
    assert!(!visitor.reads(visitor.say.text("recommend.most")).await);
}
