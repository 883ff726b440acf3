//! The inbox keeps what was written in it, and says on every screen what its people should know.

use deskbell_tests::browser::{Browser, button, link, role, textbox};

use crate::{
    agent::Agent,
    scene::{PASSWORD, Shop, TEA},
};

async fn sign_in_again(agent: &Agent) {
    agent.wait_for_text(agent.say.text("sign_in.ended_hint")).await;
    agent.type_text(textbox(agent.say.text("sign_in.password")), PASSWORD).await;
    agent.press("Enter").await;
    agent.wait_until_gone(role("dialog")).await;
}

#[tokio::test]
async fn what_is_typed_is_still_there_after_the_session_has_ended() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let agent = shop.agent(&browser).await;
    agent.click(link(agent.say.text("rail.guard"))).await;
    agent.type_text(textbox(agent.say.text("guard.blocked")), "cheap watches").await;
    shop.end_sessions().await;
    sign_in_again(&agent).await;
    agent.click(button(agent.say.text("guard.save"))).await;
    agent.wait_for_text(agent.say.text("guard.saved")).await;
    agent.reload().await;
    assert_eq!(agent.see(textbox(agent.say.text("guard.blocked"))).await.value, "cheap watches");
}

#[tokio::test]
async fn what_was_written_offline_goes_out_wherever_the_agent_is_by_then() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    let agent = shop.agent(&browser).await;
    agent.open_only_conversation().await;
    agent.offline(true).await;
    agent.answer("It ships today").await;
    agent.wait_for_text(agent.say.text("talk.sending")).await;

    // Every screen says that the connection is lost, and the list where something waits to be sent.
    agent.click(link(agent.say.text("rail.guard"))).await;
    agent.wait_for_text(agent.say.text("connection.lost")).await;
    agent.click(role("link").name_containing(agent.say.text("rail.inbox"))).await;
    agent.wait_for_text(agent.say.text("row.unsent")).await;
    agent.offline(false).await;
    visitor.read("It ships today").await;
    agent.wait_until_unread(agent.say.text("row.unsent")).await;
}
