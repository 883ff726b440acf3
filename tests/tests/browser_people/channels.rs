//! An owner makes a channel, and people answer whoever writes on it.

use deskbell_shared::wire::{Carried, Outgoing, OutgoingMessage};
use deskbell_tests::{
    browser::{Browser, button, link, role, textbox},
    client::Ask,
    edge::Edge,
};
use serde_json::json;

use crate::{
    access::is_accessible,
    agent::Agent,
    scene::{LOOK_AGAIN, Shop, TEA},
};

impl Agent {
    /// Presses a button of this channel.
    async fn press_of_channel(&self, act: &str, name: &str) {
        let values = [("act", self.say.text(act)), ("name", name)];
        self.click(button(&self.say.fill("channels.act_of", &values))).await;
    }

    /// What stands in the dialog under this id, once it does, unless it is `other`.
    async fn shown(&self, id: &str, other: &str) -> String {
        loop {
            let shown: Option<String> =
                self.evaluate(&format!("document.querySelector('#{id}')?.textContent.trim() ?? null")).await;
            match shown {
                Some(shown) if shown != other => return shown,
                _ => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    }
}

/// A request of the program that carries a channel.
fn ask(edge: &Edge, method: &str, address: &str, key: &str) -> Ask {
    edge.ask(method, address.strip_prefix(&edge.origin()).unwrap_or(address)).bearer(key)
}

#[tokio::test]
async fn an_owner_makes_a_channel_and_answers_who_writes_on_it() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let owner = shop.agent(&browser).await;
    let words = |key: &str| owner.say.text(key).to_owned();
    owner.click(link(&words("rail.settings"))).await;
    owner.wait_for_text(&words("channels.about")).await;

    // What is wrong is said where it is wrong; what it is called in addresses follows from its name.
    owner.click(button(&words("channels.add"))).await;
    owner.click(button(&words("guard.save"))).await;
    owner.wait_for_text(&words("channels.no_name")).await;
    owner.wait_for_text(&words("channels.fault.id")).await;
    owner.type_text(textbox(&words("channels.name")), "WhatsApp (shop)").await;
    owner.wait_for_value(textbox(&words("channels.id")), "whatsapp-shop").await;
    is_accessible(&owner, None, "a new channel").await;
    owner.click(button(&words("guard.save"))).await;
    owner.wait_for_text(&words("channels.key_about")).await;
    let address = owner.shown("channel-address", "").await;
    let old = owner.shown("channel-key", "").await;
    is_accessible(&owner, None, "a channel's key").await;
    owner.click(button(&words("channels.renew"))).await;
    owner.wait_for_text(&words("channels.renew_about")).await;
    owner.click(button(&words("channels.renew"))).await;
    let key = owner.shown("channel-key", &old).await;
    owner.click(button(&words("dialog.done"))).await;
    owner.click(button(&words("channels.add"))).await;
    owner.type_text(textbox(&words("channels.name")), "WhatsApp shop").await;
    owner.click(button(&words("guard.save"))).await;
    owner.wait_for_text(&words("channels.fault.taken")).await;
    owner.click(button(&words("dialog.cancel"))).await;

    let message =
        json!({ "from": "+49 151 1234", "id": "1", "text": "Is the kettle in stock?", "name": "Ana" });
    let messages = format!("{address}/messages");
    let begun: Carried = ask(shop.edge, "POST", &messages, &key).json(&message).expect(201).await.json();
    owner.run("location.hash = '#'").await;
    owner.open_only_conversation().await;
    owner.read("Is the kettle in stock?").await;
    owner.see(role("heading").named("Ana")).await;
    owner.wait_for_text("WhatsApp (shop)").await;
    owner.wait_for_text("+49 151 1234").await;
    owner.answer("It is.").await;
    owner.wait_for_text(&words("talk.on_its_way")).await;
    is_accessible(&owner, None, "a talk on a channel").await;

    let outgoing = format!("{address}/outgoing");
    let due: OutgoingMessage = loop {
        let outgoing: Outgoing = ask(shop.edge, "GET", &outgoing, &key).expect(200).await.json();
        match outgoing.messages.into_iter().next() {
            Some(message) => break message,
            None => tokio::time::sleep(LOOK_AGAIN).await,
        }
    };
    assert_eq!((due.to.as_str(), due.text.as_str()), ("+49 151 1234", "It is."));
    let delivered = format!("{address}/delivered");
    let up_to = json!({ "conversation": begun.conversation, "seq": due.seq });
    ask(shop.edge, "POST", &delivered, &key).json(&up_to).expect(204).await;
    owner.wait_for_text(&words("talk.delivered")).await;

    // Nobody knows the address of whoever writes there.
    owner.click(button(&words("talk.ban"))).await;
    owner.wait_for_text(&words("ban.title")).await;
    assert!(!owner.reads(&words("ban.address")).await);
    owner.click(button(&words("dialog.cancel"))).await;

    owner.answer("Shall we put one by?").await;
    owner.wait_for_text(&words("talk.on_its_way")).await;
    let failed =
        json!({ "conversation": begun.conversation, "seq": due.seq + 1, "failed": "Has left WhatsApp" });
    ask(shop.edge, "POST", &delivered, &key).json(&failed).expect(204).await;
    owner.read(&owner.say.fill("event.undelivered", &[("why", "Has left WhatsApp")])).await;
    owner.wait_until_unread(&words("talk.on_its_way")).await;

    owner.click(link(&words("rail.settings"))).await;
    owner.press_of_channel("people.remove", "WhatsApp (shop)").await;
    owner.wait_for_text(&words("channels.remove_title")).await;
    owner.click(button(&words("people.remove")).within(role("dialog"))).await;
    owner.wait_until_unread("whatsapp-shop").await;
}
