//! Owners see what their FAQ does, and set it.

use deskbell_tests::browser::{Browser, button, link, role};

use crate::scene::{LOOK_AGAIN, Shop, TEA};

#[tokio::test]
async fn an_owner_moves_the_slider_and_refuses_a_loan() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let owner = shop.agent(&browser).await;
    owner.click(link(owner.say.text("rail.faq"))).await;
    owner.see(role("heading").named(owner.say.text("tune.title"))).await;
    let slider = role("slider").named(owner.say.text("tune.eagerness"));
    owner.click(slider.clone()).await;
    owner.press("End").await;
    let current = "document.querySelector('.levels tr[aria-current]').dataset.position";
    let position: String = owner.evaluate(current).await;
    assert_eq!(position, "2", "the table follows the slider");
    owner.click(button(owner.say.text("tune.set"))).await;
    let in_force = "String(document.querySelector('#eagerness')?.value)
        + document.querySelector('#set-eagerness')?.getAttribute('aria-disabled')";
    wait_until(&owner, in_force, "2true").await;

    let first = "String(document.querySelector('.switch')?.getAttribute('aria-checked'))";
    let was: String = owner.evaluate(first).await;
    assert_eq!(was, "false");
    let _: bool = owner.evaluate("(document.querySelector('.switch').click(), true)").await;
    wait_until(&owner, first, "true").await;
    owner.reload().await;
    owner.see(role("heading").named(owner.say.text("loans.title"))).await;
    wait_until(&owner, first, "true").await;
}

async fn wait_until(agent: &crate::scene::Agent, expression: &str, is: &str) {
    for _ in 0..400 {
        let now: String = agent.evaluate(expression).await;
        if now == is {
            return;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    panic!("{expression} is not {is}");
}
