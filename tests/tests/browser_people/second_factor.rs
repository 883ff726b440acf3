//! Two-step sign-in from the scan to the recovery code, and what an owner asks of everybody.

use deskbell_shared::wire::{SiteRequest, TotpSecret};
use deskbell_tests::{
    authenticator::{Authenticator, early_in_a_step},
    browser::{Browser, By, button, role, textbox},
};

use crate::{
    access::is_accessible,
    agent::Agent,
    scene::{EMAIL, PASSWORD, Shop, TEA, request_for, valid},
};

/// The way to what is somebody's own.
pub(crate) async fn open_own_sign_in(agent: &Agent) {
    agent.click(role("button").name_containing(agent.say.text("account.short"))).await;
    agent.click(button(agent.say.text("account.sign_in"))).await;
    agent.see(role("heading").named(agent.say.text("second_factor.title"))).await;
}

pub(crate) async fn sign_out(agent: &Agent) {
    agent.click(role("button").name_containing(agent.say.text("account.short"))).await;
    agent.click(button(agent.say.text("account.sign_out"))).await;
    agent.see(textbox(agent.say.text("sign_in.email"))).await;
}

/// The first of the two steps.
async fn give_password(agent: &Agent) {
    agent.type_text(textbox(agent.say.text("sign_in.email")), EMAIL).await;
    agent.type_text(textbox(agent.say.text("sign_in.password")), PASSWORD).await;
    agent.press("Enter").await;
    agent.see(code(agent)).await;
}

fn code(agent: &Agent) -> By {
    textbox(agent.say.text("sign_in.code"))
}

pub(crate) async fn is_in(agent: &Agent) {
    agent.see(role("navigation").named(agent.say.text("rail.label"))).await;
}

/// Types what the app shows and the password, and keeps the recovery codes.
async fn set_up(agent: &Agent) -> (Authenticator, Vec<String>) {
    agent.see(role("image").named(agent.say.text("second_factor.qr"))).await;
    is_accessible(agent, None, "setting up").await;
    let secret: String = agent.evaluate("document.querySelector('#factor-secret').textContent").await;
    let secret = TotpSecret::try_from(secret.replace(' ', ""));
    let app = Authenticator(secret.unwrap_or_else(|error| panic!("{error}")));
    early_in_a_step().await;
    agent.type_text(code(agent), &app.shows(-1)).await;
    agent.type_text(textbox(agent.say.text("sign_in.password")), PASSWORD).await;
    agent.press("Enter").await;
    agent.see(role("heading").named(agent.say.text("second_factor.codes"))).await;
    is_accessible(agent, None, "recovery codes").await;
    let codes: String = agent.evaluate("document.querySelector('#recovery-codes').textContent").await;
    agent.click(button(agent.say.text("second_factor.kept"))).await;
    (app, codes.lines().map(str::to_owned).collect())
}

#[tokio::test]
async fn a_phone_and_then_a_recovery_code_are_the_second_step() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let agent = shop.agent(&browser).await;
    open_own_sign_in(&agent).await;
    agent.click(button(agent.say.text("second_factor.set_up"))).await;
    let (app, codes) = set_up(&agent).await;
    agent.wait_for_text(&agent.say.count("second_factor.left", 10, &[("count", "10")])).await;

    sign_out(&agent).await;
    give_password(&agent).await;
    is_accessible(&agent, None, "the second step").await;
    agent.type_text(code(&agent), &app.never_shows()).await;
    agent.press("Enter").await;
    agent.wait_for_text(agent.say.text("failure.second_factor_wrong")).await;
    early_in_a_step().await;
    agent.type_text(code(&agent), &app.shows(0)).await;
    agent.press("Enter").await;
    is_in(&agent).await;

    sign_out(&agent).await;
    give_password(&agent).await;
    agent.click(button(agent.say.text("sign_in.use_recovery"))).await;
    agent.type_text(textbox(agent.say.text("sign_in.recovery")), &codes[0]).await;
    agent.press("Enter").await;
    is_in(&agent).await;
    // The screen that was open before is the one that is shown.
    agent.wait_for_text(&agent.say.count("second_factor.left", 9, &[("count", "9")])).await;
    agent.click(button(agent.say.text("second_factor.turn_off"))).await;
    agent.type_text(textbox(agent.say.text("second_factor.credential")), PASSWORD).await;
    agent.press("Enter").await;
    agent.wait_for_text(agent.say.text("second_factor.off")).await;
}

#[tokio::test]
async fn what_an_owner_asks_of_everybody_comes_before_the_inbox() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let owner = shop.agent(&browser).await;
    open_own_sign_in(&owner).await;
    owner.wait_for_text(owner.say.text("second_factor.yourself_first")).await;
    owner.click(button(owner.say.text("second_factor.set_up"))).await;
    set_up(&owner).await;
    owner.click(button(owner.say.text("second_factor.demand"))).await;
    owner.wait_for_text(owner.say.text("second_factor.demanded")).await;

    // The operator lets them in without it, and they set it up before anything else.
    let lost = SiteRequest { owner: None, no_second_factor: Some(valid(EMAIL)), ..request_for(&shop.host) };
    shop.edge.put_site(&shop.site, &lost).await;
    owner.reload().await;
    owner.type_text(textbox(owner.say.text("sign_in.email")), EMAIL).await;
    owner.type_text(textbox(owner.say.text("sign_in.password")), PASSWORD).await;
    owner.press("Enter").await;
    owner.see(role("heading").named(owner.say.text("second_factor.due"))).await;
    owner.reload().await;
    owner.see(role("heading").named(owner.say.text("second_factor.due"))).await;
    set_up(&owner).await;
    is_in(&owner).await;
}
