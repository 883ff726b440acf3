//! Who is signed in at the shop is known to its people, once the visitor has agreed to it.

use std::time::{SystemTime, UNIX_EPOCH};

use deskbell_shared::{faq::Decision, wire::jwt};
use deskbell_tests::browser::{Browser, button, link, role, textbox};
use serde_json::{Value, json};

use crate::scene::{Shop, TEA, Visitor};

impl Shop<'_> {
    /// A token with these claims, signed as the shop's server does.
    async fn signed(&self, mut claims: Value) -> String {
        let secret = self.edge.customer_secret(&self.site).await;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        claims["aud"] = json!(self.site);
        claims["exp"] = json!(now + 600);
        jwt::sign(&claims, &secret)
    }

    /// Has the shop's page say that this customer is signed in.
    async fn identify(&self, visitor: &Visitor, claims: Value) {
        let token = self.signed(claims).await;
        visitor.run(&format!("Deskbell('identify', {{ token: '{token}' }})")).await;
    }
}

#[tokio::test]
async fn agents_see_who_is_signed_in_and_a_vip_waits_for_one_miss_only() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let agent = shop.agent(&browser).await;
    let visitor = shop.visitor(&browser).await;
    let ana = json!({ "sub": "kunde-42", "name": "Ana Löwe", "email": "ana@mail.example", "vip": true });
    shop.identify(&visitor, ana).await;
    visitor.open_chat().await;
    let unanswered = |questions: &[&'static str]| shop.question_that(questions, |d| d == Decision::Abstain);
    visitor.ask(unanswered(&["zxcvb qwfpg", "xyzzy plugh"])).await;
    for shown in ["Ana Löwe", "ana@mail.example", "kunde-42", "VIP"] {
        visitor.wait_for_text_in(visitor.consent(), shown).await;
    }
    visitor.agree().await;

    agent.wait_for_text("Ana Löwe").await;
    agent.wait_for_text(agent.say.text("customer.vip")).await;
    agent.wait_for_text(agent.say.text("priority.high")).await;
    agent.open_only_conversation().await;
    agent.wait_for_text("ana@mail.example").await;
    agent.wait_for_text("kunde-42").await;
}

#[tokio::test]
async fn a_token_that_is_wrong_is_said_in_the_console_and_costs_nobody_their_talk() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let agent = shop.agent(&browser).await;
    let visitor = shop.visitor(&browser).await;
    visitor.run("Deskbell('identify', { token: 7 })").await;
    visitor.open_chat().await;
    visitor.complains_of("a JSON Web Token is needed").await;

    let forged = jwt::sign(&json!({ "sub": "1", "name": "Mallory", "vip": true }), "a guess");
    visitor.run(&format!("Deskbell('identify', {{ token: '{forged}' }})")).await;
    visitor.click(button(visitor.say.text("person.talk"))).await;
    visitor.agree().await;
    visitor.complains_of("not signed with the site's secret").await;
    agent.open_only_conversation().await;
    for claimed in ["Mallory", agent.say.text("customer.vip")] {
        assert!(!agent.reads(claimed).await, "nobody is {claimed} by their own word");
    }
}

#[tokio::test]
async fn whoever_uses_the_device_next_does_not_see_the_talk_of_who_signed_out() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    let identify = async |claims: &Value| shop.identify(&visitor, claims.clone()).await;
    let (ana, bob) = (json!({ "sub": "1", "name": "Ana" }), json!({ "sub": "2", "name": "Bob" }));
    identify(&ana).await;
    visitor.open_chat().await;
    visitor.ask("I want to talk to a person").await;
    visitor.wait_for_text_in(visitor.consent(), "Ana").await;
    // What somebody else asked is not for Bob to hand over, nor to read.
    identify(&bob).await;
    visitor.wait_until_gone(visitor.consent()).await;
    visitor.wait_until_unread("I want to talk to a person").await;
    identify(&ana).await;
    visitor.ask("I want to talk to a person").await;
    visitor.wait_for_text_in(visitor.consent(), "Ana").await;
    visitor.agree().await;
    visitor.see(visitor.composer_to_person()).await;
    visitor.reload().await;
    identify(&ana).await;
    visitor.run("Deskbell('open')").await;
    visitor.see(visitor.composer_to_person()).await;
    visitor.read("I want to talk to a person").await;

    identify(&bob).await;
    visitor.see(visitor.composer()).await;
    visitor.wait_until_unread("I want to talk to a person").await;
    identify(&ana).await;
    visitor.reload().await;
    visitor.run("Deskbell('open')").await;
    visitor.see(visitor.composer()).await;
}

#[tokio::test]
async fn whoever_signs_out_in_one_tab_has_left_the_talk_in_all_of_them() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let first = shop.visitor(&browser).await;
    let ana = json!({ "sub": "1", "name": "Ana" });
    let nobody = "Deskbell('identify', { token: '' })";
    shop.identify(&first, ana.clone()).await;
    first.open_chat().await;
    first.ask("I want to talk to a person").await;
    // A token that the page has fetched anew says the same of them.
    shop.identify(&first, ana.clone()).await;
    first.agree().await;

    let second = shop.visitor_is(browser.another_tab(&first, "second-tab").await);
    second.open(&shop.page()).await;
    shop.identify(&second, ana).await;
    second.run("Deskbell('open')").await;
    second.read("I want to talk to a person").await;
    second.run(nobody).await;
    second.see(second.composer()).await;
    second.wait_until_unread("I want to talk to a person").await;

    // The first still shows it until its page says so too: then it is left there as well.
    first.run(nobody).await;
    first.see(first.composer()).await;
    first.wait_until_unread("I want to talk to a person").await;
    first.reload().await;
    first.run("Deskbell('open')").await;
    first.see(first.composer()).await;
}

#[tokio::test]
async fn a_note_outlives_a_new_token_and_no_other_customer() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    let identify = async |claims: Value| shop.identify(&visitor, claims).await;
    identify(json!({ "sub": "1", "name": "Ana" })).await;
    visitor.open_chat().await;
    visitor.click(button(visitor.say.text("person.talk"))).await;
    let note = textbox(visitor.say.text("consent.note"));
    visitor.type_text(note.clone(), "The spout is broken").await;
    identify(json!({ "sub": "1", "name": "Ana Löwe" })).await;
    visitor.wait_for_text_in(visitor.consent(), "Ana Löwe").await;
    visitor.wait_for_value(note, "The spout is broken").await;

    identify(json!({ "sub": "2", "name": "Bob" })).await;
    visitor.wait_until_gone(visitor.consent()).await;
    visitor.click(button(visitor.say.text("person.talk"))).await;
    visitor.wait_for_text_in(visitor.consent(), "Bob").await;
    visitor.wait_for_value(textbox(visitor.say.text("consent.note")), "").await;
}

#[tokio::test]
async fn the_secret_is_shown_when_asked_for_and_replaced_with_care() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let agent = shop.agent(&browser).await;
    let old = shop.edge.customer_secret(&shop.site).await;
    agent.click(link(agent.say.text("rail.settings"))).await;
    // What comes in above it would move the button away from under the mouse.
    agent.wait_for_text(agent.say.text("settings.origins_about")).await;
    agent.click(button(agent.say.text("customers.show"))).await;
    agent.wait_for_text(&old).await;
    agent.click(button(agent.say.text("customers.renew"))).await;
    agent.wait_for_text(agent.say.text("customers.renew_about")).await;
    agent.click(button(agent.say.text("customers.renew")).within(role("dialog"))).await;
    agent.wait_until_unread(&old).await;
    // The screen has a secret again once it has been replaced.
    agent.wait_until_gone(button(agent.say.text("customers.show"))).await;
    let new = shop.edge.customer_secret(&shop.site).await;
    assert_ne!(new, old);
    agent.wait_for_text(&new).await;
}
