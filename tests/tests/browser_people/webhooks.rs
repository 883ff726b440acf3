//! An owner has another program told what happens, sees whether it arrives, and what was sent.

use deskbell_tests::{
    browser::{Browser, button, link, role, textbox},
    edge::Edge,
    receiver::{Manner, Receiver},
};

use crate::{
    agent::Agent,
    scene::{Shop, TEA},
};

impl Agent {
    /// Presses a button of the webhook that goes to this host.
    async fn press_of(&self, act: &str, host: &str) {
        let values = [("act", self.say.text(act)), ("host", host)];
        self.click(button(&self.say.fill("webhooks.act_of", &values))).await;
    }
}

#[tokio::test]
async fn an_owner_has_a_program_told_and_sees_what_comes_of_it() {
    let edge = Edge::start_with("DESKBELL_LOCAL_WEBHOOKS", "1").await;
    let browser = Browser::start().await;
    let shop = Shop::open_at(&edge, TEA).await;
    let receiver = Receiver::start([Manner::Status(500)]);
    let owner = shop.agent(&browser).await;
    let words = |key: &str| owner.say.text(key).to_owned();
    let host = receiver.url().replace("http://", "").replace("/hook", "");
    owner.click(link(&words("rail.settings"))).await;
    owner.wait_for_text(&words("webhooks.about")).await;

    // What is wrong is said where it is wrong.
    owner.click(button(&words("webhooks.add"))).await;
    let address = || textbox(owner.say.text("webhooks.url"));
    owner.type_text(address(), "http://192.168.0.1/").await;
    owner.click(button(&words("guard.save"))).await;
    owner.wait_for_text(&words("webhooks.fault.https")).await;
    owner.click(button(&words("dialog.cancel"))).await;
    owner.click(button(&words("webhooks.add"))).await;
    owner.type_text(address(), &receiver.url()).await;
    owner.click(role("checkbox").named(&words("webhooks.topic.closed"))).await;
    owner.click(button(&words("guard.save"))).await;
    owner.wait_for_text(&host).await;

    // A test that is refused, and one that arrives.
    owner.press_of("webhooks.try", &host).await;
    owner.wait_for_text(&words("webhooks.refused").replace("{status}", "500")).await;
    owner.press_of("webhooks.try", &host).await;
    let taken = words("webhooks.taken");
    let arrived = taken.split("{ms}").next().unwrap_or_default();
    owner.wait_for_text(arrived).await;

    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    let opened = &receiver.got(3).await[2];
    assert_eq!(opened.topic(), "conversation.opened");

    // What is sent leads to the talk.
    let url = opened.json()["data"]["url"].as_str().unwrap_or_default().to_owned();
    owner.press_of("webhooks.secret", &host).await;
    let secret: String = loop {
        let shown: Option<String> =
            owner.evaluate("document.querySelector('#webhook-secret')?.textContent ?? null").await;
        if let Some(secret) = shown {
            break secret;
        }
    };
    assert_eq!(opened.signatures_of(secret.trim()), 1);
    owner.click(button(&words("dialog.done"))).await;
    owner.press_of("webhooks.log", &host).await;
    owner.wait_for_text(&words("webhooks.topic.opened")).await;
    owner.wait_for_text(arrived).await;
    owner.click(role("button").name_containing(&words("webhooks.topic.opened"))).await;
    let again = &receiver.got(4).await[3];
    assert_eq!(again.header("webhook-id"), opened.header("webhook-id"));
    owner.click(button(&words("dialog.done"))).await;

    owner.press_of("people.remove", &host).await;
    owner.wait_for_text(&words("webhooks.remove_title")).await;
    owner.click(button(&words("people.remove"))).await;
    owner.wait_until_unread(&host).await;

    owner.run(&format!("location.href = '{url}'")).await;
    owner.see(button(&words("talk.close"))).await;
}
