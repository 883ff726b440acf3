//! Passkeys from adding one to signing in with it, and proving with it who one is.

use deskbell_tests::browser::{Browser, button, link, role, textbox};

use crate::{
    access::is_accessible,
    agent::Agent,
    scene::{PASSWORD, Shop, TEA},
    second_factor::{is_in, open_own_sign_in, sign_out},
};

/// Adds a passkey of this name, with the password.
async fn add(agent: &Agent, name: &str) {
    agent.click(button(agent.say.text("passkeys.add"))).await;
    agent.type_text(textbox(agent.say.text("passkeys.name")), name).await;
    agent.type_text(textbox(agent.say.text("second_factor.credential")), PASSWORD).await;
    agent.press("Enter").await;
    agent.wait_for_text(name).await;
}

#[tokio::test]
async fn a_passkey_signs_in_and_stands_for_the_password() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let agent = shop.agent(&browser).await;
    agent.keeps_passkeys().await;
    open_own_sign_in(&agent).await;
    agent.wait_for_text(agent.say.text("passkeys.none")).await;
    agent.click(button(agent.say.text("passkeys.add"))).await;
    agent.click(button(agent.say.text("passkeys.go"))).await;
    agent.wait_for_text(agent.say.text("second_factor.no_credential")).await;
    agent.wait_for_text(agent.say.text("passkeys.no_name")).await;
    is_accessible(&agent, None, "adding a passkey").await;
    agent.type_text(textbox(agent.say.text("passkeys.name")), "Work laptop").await;
    agent.type_text(textbox(agent.say.text("second_factor.credential")), "not the password").await;
    agent.press("Enter").await;
    agent.wait_for_text(agent.say.text("failure.credential_wrong")).await;
    // The device has it by now, and is not asked again.
    agent.type_text(textbox(agent.say.text("second_factor.credential")), PASSWORD).await;
    agent.press("Enter").await;
    agent.see(button(&agent.say.fill("passkeys.remove", &[("name", "Work laptop")]))).await;
    is_accessible(&agent, None, "passkeys").await;

    sign_out(&agent).await;
    is_accessible(&agent, None, "signing in").await;
    agent.click(button(agent.say.text("sign_in.passkey"))).await;
    is_in(&agent).await;

    // What it proves once more is that it is them.
    agent.click(link(agent.say.text("rail.people"))).await;
    agent.click(button(agent.say.text("people.add"))).await;
    agent.type_text(textbox(agent.say.text("people.email")), "bo@shop.example").await;
    agent.type_text(textbox(agent.say.text("people.name")), "Bo").await;
    agent.click(button(agent.say.text("passkeys.instead"))).await;
    agent.wait_for_text(&agent.say.fill("people.password_of", &[("email", "bo@shop.example")])).await;

    open_own_sign_in(&agent).await;
    agent.click(button(&agent.say.fill("passkeys.remove", &[("name", "Work laptop")]))).await;
    agent.see(role("heading").named(&agent.say.fill("passkeys.remove", &[("name", "Work laptop")]))).await;
    agent.click(button(agent.say.text("passkeys.instead"))).await;
    agent.wait_for_text(agent.say.text("passkeys.none")).await;
    sign_out(&agent).await;
    agent.click(button(agent.say.text("sign_in.passkey"))).await;
    agent.wait_for_text(agent.say.text("failure.passkey_wrong")).await;
}

#[tokio::test]
async fn where_everybody_needs_two_steps_a_passkey_is_both() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let owner = shop.agent(&browser).await;
    owner.keeps_passkeys().await;
    let password = owner.lets_in("bo@shop.example", "Bo").await;
    open_own_sign_in(&owner).await;
    owner.wait_for_text(owner.say.text("second_factor.yourself_first")).await;
    add(&owner, "Phone").await;
    owner.click(button(owner.say.text("second_factor.demand"))).await;
    // It may have begun with the password alone.
    owner.wait_for_text(owner.say.text("sign_in.ended")).await;
    owner.click(button(owner.say.text("sign_in.passkey"))).await;
    owner.wait_until_gone(role("dialog")).await;
    sign_out(&owner).await;
    owner.type_text(textbox(owner.say.text("sign_in.email")), crate::scene::EMAIL).await;
    owner.type_text(textbox(owner.say.text("sign_in.password")), PASSWORD).await;
    owner.press("Enter").await;
    owner.wait_for_text(owner.say.text("failure.passkey_needed")).await;
    owner.click(button(owner.say.text("sign_in.passkey"))).await;
    is_in(&owner).await;

    // Whoever has neither yet may add one in place of an app.
    let colleague = browser.person("colleague").await;
    colleague.keeps_passkeys().await;
    colleague.speaks("en").await;
    let say = |key: &str| owner.say.text(key).to_owned();
    colleague.open(&format!("{}/inbox/{}", shop.edge.origin(), shop.site)).await;
    colleague.type_text(textbox(&say("sign_in.email")), "bo@shop.example").await;
    colleague.type_text(textbox(&say("sign_in.password")), &password).await;
    colleague.press("Enter").await;
    colleague.see(role("heading").named(&say("second_factor.due"))).await;
    colleague.click(button(&say("passkeys.add_instead"))).await;
    colleague.type_text(textbox(&say("passkeys.name")), "Tablet").await;
    colleague.type_text(textbox(&say("sign_in.password")), &password).await;
    colleague.press("Enter").await;
    colleague.see(role("navigation").named(&say("rail.label"))).await;
}
