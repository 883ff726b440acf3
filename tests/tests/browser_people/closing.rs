//! What is closed can be opened again, what is half done is not lost by leaving, and whoever does not look is called.

use deskbell_tests::browser::{Browser, button, role};

use crate::{
    access::is_accessible,
    scene::{LOOK_AGAIN, Shop, TEA},
};

#[tokio::test]
async fn a_talk_that_was_closed_by_mistake_goes_on() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let (robin, visitor) = (shop.agent(&browser).await, shop.visitor(&browser).await);
    let say = |key: &str| robin.say.text(key).to_owned();
    visitor.get_person().await;
    robin.open_only_conversation().await;
    // Whoever opens it by hand goes on writing, and what they write does nothing else.
    robin.until("document.activeElement.id === 'reply'").await;
    robin.press("e").await;
    robin.until("document.querySelector('#reply').value === 'e'").await;
    robin.press("Backspace").await;
    robin.click(button(&say("talk.close"))).await;
    visitor.wait_for_text(visitor.say.text("closed.text")).await;
    robin
        .until("document.activeElement.id === 'reopen' && document.activeElement.ariaBusy === 'false'")
        .await;
    robin.press("Enter").await;
    visitor.read("opened this conversation again").await;
    visitor.wait_until_unread(visitor.say.text("closed.text")).await;
    robin
        .until(
            "document.activeElement.id === 'close' && document.activeElement.ariaBusy === 'false'
                && document.querySelector('[data-waiting]') !== null",
        )
        .await;

    // What is done is found, whatever else the list is wanted to show, and further back than it goes.
    robin.press("Enter").await;
    robin.until("document.querySelectorAll('[data-conversation]').length === 0").await;
    robin.type_text(role("searchbox"), "I'd like person").await;
    robin.until("document.querySelectorAll('[data-conversation]').length === 1").await;
    is_accessible(&robin, None, "a search").await;
    robin.press("Enter").await;
    robin.wait_for_text(&say("list.all_there_is")).await;
    robin.until("document.querySelectorAll('[data-conversation]').length === 1").await;
}

#[tokio::test]
async fn whoever_signs_out_knows_what_they_leave_unsent() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let (robin, visitor) = (shop.agent(&browser).await, shop.visitor(&browser).await);
    let say = |key: &str| robin.say.text(key).to_owned();
    visitor.get_person().await;
    robin.open_only_conversation().await;
    robin.type_text(robin.composer(), "I am about to").await;
    robin.click(button(&say("account.short"))).await;
    robin.click(button(&say("account.sign_out"))).await;
    robin.see(role("dialog")).await;
    robin.click(button(&say("dialog.cancel"))).await;
    robin.wait_until_gone(role("dialog")).await;
    robin.wait_for_value(robin.composer(), "I am about to").await;
    robin.click(button(&say("account.short"))).await;
    robin.click(button(&say("account.sign_out"))).await;
    robin.click(button(&say("account.sign_out_all_the_same"))).await;
    robin.wait_for_text(&say("sign_in.title")).await;
}

#[tokio::test]
async fn whoever_looks_elsewhere_is_called() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let robin = shop.agent(&browser).await;
    let say = |key: &str| robin.say.text(key).to_owned();
    browser.allows_notifications(&robin).await;
    // What is shown is noted, and shown all the same.
    robin
        .run(
            "window.shown = [];
             window.Notification = class extends Notification {
                 constructor(title, options) { super(title, options); window.shown.push(this) }
             }",
        )
        .await;
    robin.click(button(&say("account.short"))).await;
    robin.click(role("switch").named(&say("account.notifications"))).await;
    robin.until("document.querySelector('#notifications').ariaChecked === 'true'").await;
    robin.click(role("switch").named(&say("account.sound"))).await;

    // While somebody looks, the list is enough.
    let first = shop.visitor(&browser).await;
    robin.run("document.hasFocus = () => true").await;
    first.get_person().await;
    robin.until("document.querySelectorAll('[data-conversation]').length === 1").await;
    robin.until("document.title.startsWith('(1)')").await;
    assert_eq!(robin.evaluate::<usize>("shown.length").await, 0);

    robin.run("document.hasFocus = () => false").await;
    first.write("Is anybody there?").await;
    robin.until("shown.length === 1").await;
    assert_eq!(robin.evaluate::<String>("shown[0].body").await, "Is anybody there?");
    robin.run("shown[0].dispatchEvent(new Event('click'))").await;
    robin.see(robin.composer()).await;
    first.wait_for_text(first.say.text("delivery.seen")).await;

    robin.click(role("switch").named(&say("account.notifications"))).await;
    robin.until("document.querySelector('#notifications').ariaChecked === 'false'").await;
    first.write("Hello?").await;
    robin.read("Hello?").await;
    tokio::time::sleep(LOOK_AGAIN).await;
    assert_eq!(robin.evaluate::<usize>("shown.length").await, 1);
}
