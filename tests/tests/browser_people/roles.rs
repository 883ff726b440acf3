//! An owner lets a colleague in, who then sees what they may do and no more.

use deskbell_tests::browser::{Browser, button, link, role, textbox};

use crate::scene::{PASSWORD, Shop, TEA};

const BO: &str = "bo@shop.example";

#[tokio::test]
async fn a_colleague_is_let_in_changed_and_taken_out() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let owner = shop.agent(&browser).await;
    let say = |key: &str| owner.say.text(key).to_owned();
    let act_of = |key: &str| owner.say.fill("people.act_of", &[("act", owner.say.text(key)), ("email", BO)]);
    owner.click(link(&say("rail.people"))).await;
    owner.wait_for_text(&say("people.you")).await;
    owner.click(button(&say("people.add"))).await;
    // What is missing is said where it is missing.
    let add = || button(&say("people.add")).within(role("dialog"));
    owner.click(add()).await;
    owner.wait_for_text(&say("people.no_email")).await;
    owner.wait_for_text(&say("people.no_name")).await;
    owner.type_text(textbox(&say("people.email")), BO).await;
    owner.type_text(textbox(&say("people.name")), "Bo").await;
    let prove = async || owner.type_text(textbox(&say("second_factor.credential")), PASSWORD).await;
    prove().await;
    owner.click(add()).await;
    owner.wait_for_text(&owner.say.fill("people.password_of", &[("email", BO)])).await;
    let password: String = owner.evaluate("document.querySelector('#new-password').textContent").await;

    let bo = shop.agent_as(browser.person("bo").await, BO, &password).await;
    bo.see(link(&say("rail.bans"))).await;
    assert!(!bo.reads(&say("rail.settings")).await && !bo.reads(&say("rail.people")).await);

    // What was given is not for ever.
    bo.click(button(&say("account.short"))).await;
    bo.click(button(&say("account.sign_in"))).await;
    bo.type_text(textbox(&say("password.current")), &password).await;
    bo.type_text(textbox(&say("password.new")), "a password of my own").await;
    bo.click(button(&say("password.go"))).await;
    bo.wait_for_text(&say("password.changed")).await;

    owner.click(button(&act_of("people.change"))).await;
    owner.click(role("radio").named(&say("people.role.admin"))).await;
    prove().await;
    owner.click(button(&say("guard.save")).within(role("dialog"))).await;
    owner.wait_until_gone(role("dialog")).await;
    bo.reload().await;
    bo.see(link(&say("rail.settings"))).await;

    owner.click(button(&act_of("people.remove"))).await;
    owner.wait_for_text(&owner.say.fill("people.remove_about", &[("email", BO)])).await;
    prove().await;
    owner.click(button(&say("people.remove")).within(role("dialog"))).await;
    owner.wait_until_gone(button(&act_of("people.remove"))).await;
    bo.wait_for_text(&say("sign_in.ended")).await;
}
