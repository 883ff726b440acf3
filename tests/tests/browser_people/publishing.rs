//! An open chat picks up a new FAQ.

use deskbell_tests::browser::{Browser, button, role};

use crate::scene::{Shop, TEA};

#[tokio::test]
async fn an_open_chat_picks_up_a_new_faq() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    let faq = "- id: moon\n  questions:\n    - Do you deliver to the moon?\n  answer: Every second Tuesday, weather permitting.\n";
    shop.edge.publish(&shop.site, faq).await;

    // Whoever comes back to the chat after a while gets what is in force then.
    let later = "{ const now = Date.now; Date.now = () => now() + 60_000; 0 }";
    let _: u8 = visitor.evaluate_in_frame(&visitor.frame, later).await;
    visitor.press("Escape").await;
    visitor.wait_until_gone(visitor.composer()).await;
    visitor.click(visitor.launcher()).await;
    visitor.see(button("Do you deliver to the moon?").within(role("main"))).await;
    visitor.ask("do you deliver to the moon").await;
    visitor.read("Every second Tuesday").await;
}
