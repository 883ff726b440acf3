//! What a visitor's words show of their need for a person, and what the widget says to it.

use deskbell_tests::browser::{Browser, Mark, button};

use crate::scene::{Shop, TEA, Visitor};

impl Visitor {
    /// Waits until the widget has what tells it that a person is needed, which it fetches once the FAQ is there.
    pub(crate) async fn understands(&self) {
        let fetched = "performance.getEntriesByType('resource').some(
            (entry) => entry.name.includes('/a/cues-') && entry.responseEnd > 0)";
        while !self.evaluate_in_frame::<bool>(&self.frame, fetched).await {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        // It is read a moment later, which nothing outside shows.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}

#[tokio::test]
async fn who_is_upset_or_in_danger_is_offered_a_person_and_comes_first_in_the_inbox() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let agent = shop.agent(&browser).await;
    let upset = shop.visitor(&browser).await;
    upset.open_chat().await;
    upset.understands().await;
    upset.ask("How do I cancel my order? You are a disgrace, what a terrible service, I am furious").await;
    upset.read(upset.say.text("answer.upset")).await;
    upset.click(button(upset.say.text("person.talk")).within(upset.log())).await;
    upset.see(upset.consent()).await;
    upset.agree().await;
    agent.wait_for_text(agent.say.text("reason.upset")).await;

    let danger = shop.visitor(&browser).await;
    danger.open_chat().await;
    danger.understands().await;
    danger.ask("there is a fire, smoke is coming out of the kettle, help").await;
    // Nobody has to agree to anything before they are told whom to call.
    danger.wait_for_text_in(danger.consent(), danger.say.text("answer.crisis")).await;
    danger.agree().await;
    danger.read(danger.say.text("answer.crisis")).await;
    agent.wait_for_text(agent.say.text("priority.urgent")).await;
    agent.wait_for_text(agent.say.text("reason.crisis")).await;
}

#[tokio::test]
async fn abuse_is_met_calmly_and_calls_nobody() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.understands().await;
    visitor.ask("fuck you stupid bot").await;
    visitor.read(visitor.say.text("answer.calm")).await;
    let sent = visitor.sent_since(Mark::START).await;
    assert!(sent.iter().all(|sent| sent.method == "GET"), "{sent:#?}");
}
