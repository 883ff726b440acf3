//! Two colleagues share the work: who looks after what, what only they read, and the answers that they keep.

use deskbell_shared::faq::Decision;
use deskbell_tests::browser::{Browser, button, link, role, textbox};

use crate::scene::{EMAIL, LOOK_AGAIN, Shop, TEA, faq_of};

const BO: &str = "bo@shop.example";

#[tokio::test]
async fn a_talk_is_given_to_a_colleague_with_a_note_that_the_visitor_never_sees() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let (robin, visitor) = (shop.agent(&browser).await, shop.visitor(&browser).await);
    let password = robin.lets_in(BO, "Bo").await;
    let bo = shop.agent_as(browser.person("bo").await, BO, &password).await;
    let say = |key: &str| robin.say.text(key).to_owned();
    visitor.get_person().await;
    robin.open_only_conversation().await;

    // The note has a field of its own: what was begun for the visitor waits meanwhile.
    robin.type_text(robin.composer(), "Half an answer").await;
    robin.click(button(&say("note.note"))).await;
    robin.wait_for_text(&say("note.hint")).await;
    robin.type_text(textbox(&say("note.label")), "Wants the blue teapot, be generous").await;
    robin.press("Enter").await;
    robin.read("Wants the blue teapot, be generous").await;
    robin.click(button(&say("note.reply"))).await;
    robin.type_text(robin.composer(), " and the rest").await;
    robin.press("Enter").await;
    visitor.read("Half an answer and the rest").await;

    // Whoever answers first looks after it, and gives it on.
    let holds = async |address: &str| {
        robin.until(&format!("document.querySelector('#assignee').value === '{address}'")).await
    };
    holds(EMAIL).await;
    robin.see(role("option").named("Bo")).await;
    robin
        .run(&format!(
            "const select = document.querySelector('#assignee');
         select.value = '{BO}';
         select.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        ))
        .await;
    holds(BO).await;
    bo.click(role("button").name_containing(&say("list.mine"))).await;
    bo.open_only_conversation().await;
    bo.read("Wants the blue teapot, be generous").await;
    bo.wait_for_text(&say("note.mark")).await;
    visitor.wait_until_unread("be generous").await;
    visitor.reload().await;
    visitor.click(visitor.launcher()).await;
    visitor.read("Half an answer and the rest").await;
    visitor.wait_until_unread("be generous").await;
}

#[tokio::test]
async fn an_answer_is_kept_and_chosen_and_the_faq_has_one_too() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let (robin, visitor) = (shop.agent(&browser).await, shop.visitor(&browser).await);
    let say = |key: &str| robin.say.text(key).to_owned();
    visitor.get_person().await;
    robin.click(link(&say("rail.replies"))).await;
    robin.wait_for_text(&say("replies.none")).await;
    robin.click(button(&say("replies.add"))).await;
    let save = || button(&say("guard.save")).within(role("dialog"));
    robin.click(save()).await;
    robin.wait_for_text(&say("replies.no_title")).await;
    robin.type_text(textbox(&say("replies.name")), "Broken lid").await;
    robin.type_text(textbox(&say("replies.text")), "Sorry, {name}! A new lid is on its way.").await;
    robin.click(save()).await;
    robin.wait_until_gone(role("dialog")).await;
    robin.wait_for_text("Broken lid").await;

    robin.run("location.hash = '#'").await;
    robin.open_only_conversation().await;
    robin.type_text(robin.composer(), "/").await;
    robin.see(role("dialog").named(&say("replies.choose"))).await;
    robin.type_text(role("combobox").named(&say("replies.find")), "lid").await;
    robin.see(role("option").name_containing("Broken lid")).await;
    robin.press("Enter").await;
    robin.wait_until_gone(role("dialog")).await;
    robin.press("Enter").await;
    // Nobody knows what the visitor is called.
    visitor.read("Sorry! A new lid is on its way.").await;

    // What the visitor asks is looked up in the FAQ.
    let question = shop.question_that(&["How long will delivery take?"], |d| d == Decision::Answer);
    visitor.write(question).await;
    robin.read(question).await;
    robin.click(button(&say("replies.title"))).await;
    robin.see(role("option").name_containing(question)).await;
    robin.press("ArrowDown").await;
    robin.press("Enter").await;
    robin.wait_until_gone(role("dialog")).await;
    // The keyboard is back where the answer stands.
    while !robin.evaluate::<bool>("document.activeElement.id === 'reply'").await {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    let draft: String = robin.evaluate("document.querySelector('#reply').value").await;
    assert!(faq_of(TEA).contains(draft.split('.').next().unwrap_or("nothing")), "{draft}");
    robin.press("Enter").await;
    visitor.read(draft.split('.').next().unwrap_or("nothing")).await;
}

#[tokio::test]
async fn a_note_that_cannot_be_sent_waits_and_is_there_once() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let (robin, visitor) = (shop.agent(&browser).await, shop.visitor(&browser).await);
    let say = |key: &str| robin.say.text(key).to_owned();
    visitor.get_person().await;
    robin.open_only_conversation().await;
    let handed_over = say("event.handed_over");
    robin.read(handed_over.split('{').next().unwrap_or_default().trim_end_matches([' ', ':'])).await;
    robin.click(button(&say("note.note"))).await;
    robin.offline(true).await;
    robin.type_text(textbox(&say("note.label")), "Called us before").await;
    robin.press("Enter").await;
    robin.wait_for_text(&say("talk.sending")).await;
    robin.type_text(textbox(&say("note.label")), "Half a thought").await;
    robin.offline(false).await;
    robin.read("Called us before").await;
    robin.reload().await;
    robin.read("Called us before").await;
    let notes: usize = robin.evaluate("document.querySelectorAll('[data-note]').length").await;
    assert_eq!(notes, 1);
    // Whoever was writing a note goes on writing a note.
    let draft: String = robin.evaluate("document.querySelector('#reply').value").await;
    assert_eq!(draft, "Half a thought");
    robin.see(textbox(&say("note.label"))).await;
}

#[tokio::test]
async fn a_visitor_who_waits_comes_to_whoever_takes_new_ones() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let robin = shop.agent(&browser).await;
    let password = robin.lets_in(BO, "Bo").await;
    let bo = shop.agent_as(browser.person("bo").await, BO, &password).await;
    let say = |key: &str| robin.say.text(key).to_owned();
    robin.click(link(&say("rail.settings"))).await;
    robin.wait_for_text(&say("routing.about")).await;
    robin.click(role("checkbox").named(&say("routing.on"))).await;
    let at_once = || textbox(&say("routing.at_once"));
    let save = || button(&say("routing.save"));
    robin.type_text(at_once(), "00").await;
    robin.click(save()).await;
    robin.wait_for_text(&say("routing.at_once_fault")).await;
    robin
        .run(
            "const field = document.querySelector('#routing-at-once'); field.value = '3'; \
               field.dispatchEvent(new Event('input', { bubbles: true }))",
        )
        .await;
    let his = "document.querySelector(`[data-person='bo@shop.example'] summary`)";
    robin.until(&format!("!!{his}")).await;
    robin.run(&format!("{his}.click()")).await;
    robin
        .click(
            role("checkbox")
                .named("French")
                .within(role("group").named(&format!("Bo: {}", say("routing.languages")))),
        )
        .await;
    robin.click(save()).await;
    robin.wait_for_text(&say("routing.saved")).await;
    robin.reload().await;
    robin.wait_for_text("French").await;

    // Bo speaks another language than the visitor, and Robin takes no new ones for a while.
    let takes = |to: bool| format!("document.querySelector('#duty').checked === {to}");
    let duty = || role("switch").named(robin.say.text("duty.takes"));
    let given = robin.say.count("duty.given", 1, &[]);
    robin.click(link(&say("rail.inbox"))).await;
    robin.click(duty()).await;
    robin.until(&takes(false)).await;
    bo.until(&takes(true)).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    robin.click(duty()).await;
    robin.wait_for_text(&given).await;
    robin.click(link(&say("duty.open"))).await;
    robin.answer("I am here").await;
    visitor.read("I am here").await;
    robin.wait_until_unread(&given).await;
}
