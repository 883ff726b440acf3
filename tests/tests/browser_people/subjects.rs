//! What talks are about is seen, said otherwise, and narrows the list; and people are there for some of it.

use deskbell_shared::faq::Decision;
use deskbell_tests::browser::{Browser, button, link, role};

use crate::{
    access::is_accessible,
    agent::Agent,
    scene::{Shop, TEA},
};

impl Agent {
    /// Chooses what is called so from a select.
    async fn choose(&self, select: &str, name: &str) {
        self.run(&format!(
            "{{
                const select = document.querySelector('{select}');
                select.value = [...select.options].find(option => option.text === '{name}').value;
                select.dispatchEvent(new Event('change', {{ bubbles: true }}))
            }}"
        ))
        .await;
    }

    /// Waits until this stands in the select.
    async fn has_chosen(&self, select: &str, name: &str) {
        self.until(&format!("document.querySelector('{select}')?.selectedOptions[0]?.text === '{name}'"))
            .await;
    }

    /// Waits until so many rows are in the list.
    async fn lists(&self, rows: usize) {
        self.until(&format!("document.querySelectorAll('[data-conversation]').length === {rows}")).await;
    }
}

#[tokio::test]
async fn a_talk_shows_what_it_is_about_and_can_be_found_by_it() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let (robin, visitor) = (shop.agent(&browser).await, shop.visitor(&browser).await);
    let say = |key: &str| robin.say.text(key).to_owned();
    let question = shop.question_that(&["How long will delivery take?"], |d| d == Decision::Answer);
    visitor.open_chat().await;
    visitor.ask(question).await;
    visitor.ask("I'd like to talk to a person").await;
    visitor.agree().await;
    robin.open_only_conversation().await;
    robin.has_chosen("#subject", "Delivery").await;
    is_accessible(&robin, None, "a talk with a subject").await;
    robin.until("document.querySelector('.row .subject').textContent === 'Delivery'").await;

    // Who reads it knows better.
    robin.choose("#subject", "Returns").await;
    robin.until("document.querySelector('.row .subject').textContent === 'Returns'").await;
    robin.has_chosen("#subject", "Returns").await;

    robin.choose("#about", "Delivery").await;
    robin.wait_for_text(&say("list.none_about")).await;
    robin.lists(0).await;
    robin.choose("#about", "Returns").await;
    robin.lists(1).await;
    robin.choose("#about", &say("list.about_nothing")).await;
    robin.lists(0).await;
    robin.choose("#about", &say("list.about_anything")).await;
    robin.lists(1).await;
    robin.choose("#subject", &say("subject.none")).await;
    robin.until("!document.querySelector('.row .subject')").await;
    robin.choose("#subject", "Payment").await;
    robin.until("document.querySelector('.row .subject')?.textContent === 'Payment'").await;
    robin.click(link(&say("rail.figures"))).await;
    robin.wait_for_text(&say("report.subjects")).await;
    robin.wait_for_text("Payment").await;
}

#[tokio::test]
async fn an_admin_says_who_is_there_for_what_and_what_a_webhook_tells_of() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let robin = shop.agent(&browser).await;
    robin.lets_in("bo@shop.example", "Bo").await;
    let say = |key: &str| robin.say.text(key).to_owned();
    robin.click(link(&say("rail.settings"))).await;
    robin.wait_for_text(&say("routing.people_hint")).await;
    let his = "document.querySelector(`[data-person='bo@shop.example'] summary`)";
    robin.until(&format!("!!{his}")).await;
    robin.run(&format!("{his}.click()")).await;
    let group = || role("group").named(&format!("Bo: {}", robin.say.text("routing.subjects")));
    robin.click(role("checkbox").named("Returns").within(group())).await;
    robin.click(role("checkbox").named("Payment").within(group())).await;
    robin.click(role("checkbox").named("Returns").within(group())).await;
    is_accessible(&robin, None, "who is there for what").await;
    robin.click(button(&say("routing.save"))).await;
    robin.wait_for_text(&say("routing.saved")).await;
    robin.reload().await;
    let is_for = format!("{his}?.textContent.includes('{} · Payment')", say("routing.all"));
    robin.until(&is_for).await;

    robin.click(button(&say("webhooks.add"))).await;
    robin.wait_for_text(&say("webhooks.subjects_hint")).await;
    robin.see(role("checkbox").named("Delivery").within(role("dialog"))).await;
    is_accessible(&robin, None, "a webhook for some subjects").await;
}
