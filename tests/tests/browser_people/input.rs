//! Input methods, and a browser's storage full of rubbish, do no harm.

use deskbell_tests::browser::Browser;

use crate::scene::{HOUSEHOLD, Shop, TEA};

#[tokio::test]
async fn the_enter_that_ends_a_composition_does_not_send() {
    let browser = Browser::start().await;
    let shop = Shop::open(HOUSEHOLD).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.focus(visitor.composer()).await;
    visitor.compose("zhuan'ren'gong").await;
    visitor.finish_composing("Enter", "转人工").await;
    assert_eq!(visitor.see(visitor.composer()).await.value, "转人工");
    assert!(visitor.see_all(visitor.log()).await.is_empty(), "nothing was asked yet");
    visitor.press("Enter").await;
    visitor.see(visitor.consent()).await;
}

#[tokio::test]
async fn an_agent_s_composition_is_not_sent_either() {
    let browser = Browser::start().await;
    let shop = Shop::open(HOUSEHOLD).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.ask("转人工").await;
    visitor.agree().await;
    let agent = shop.agent(&browser).await;
    agent.open_only_conversation().await;
    agent.focus(agent.composer()).await;
    agent.compose("ni'hao").await;
    agent.finish_composing("Enter", "你好").await;
    assert_eq!(agent.see(agent.composer()).await.value, "你好");
    agent.press("Enter").await;
    visitor.read("你好").await;
}

#[tokio::test]
async fn storage_full_of_rubbish_is_no_obstacle() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    for rubbish in ["", "{", "null", "[]", r#"{"version":1}"#, r#"{"version":99,"visitor":7,"talk":[]}"#] {
        let store = format!("localStorage.setItem('deskbell:{}', {rubbish:?}); 0", shop.site);
        let _: u8 = visitor.evaluate_in_frame(&visitor.frame, &store).await;
        visitor.reload().await;
        visitor.open_chat().await;
        visitor.ask("How do I cancel my order?").await;
        visitor.read("Cancel this order").await;
    }
    visitor.ask("I'd like to talk to a person").await;
    visitor.agree().await;
    let faults: Vec<_> = visitor.console().into_iter().filter(|said| said.level == "exception").collect();
    assert!(faults.is_empty(), "{faults:#?}");
}
