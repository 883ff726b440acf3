//! Owners see what their FAQ does, and set it; nobody is answered the same thing twice without a word.

use deskbell_shared::faq::Decision;
use deskbell_tests::browser::{Browser, button, link, role, textbox};

use crate::{
    access::is_accessible,
    scene::{LOOK_AGAIN, Shop, TEA, wait_until},
};

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
        + document.querySelector('#set-eagerness')?.getAttribute('aria-disabled')
        + document.querySelector('#set-eagerness')?.getAttribute('aria-busy')";
    wait_until(&owner, in_force, "2truefalse").await;

    let first = "String(document.querySelector('.loan .switch')?.getAttribute('aria-checked'))";
    let was: String = owner.evaluate(first).await;
    assert_eq!(was, "false");
    let _: bool = owner.evaluate("(document.querySelector('.loan .switch').click(), true)").await;
    wait_until(&owner, first, "true").await;
    owner.reload().await;
    owner.see(role("heading").named(owner.say.text("loans.title"))).await;
    wait_until(&owner, first, "true").await;
}

#[tokio::test]
async fn an_owner_teaches_the_faq_what_was_asked_in_vain() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let (owner, visitor) = (shop.agent(&browser).await, shop.visitor(&browser).await);
    let vain = [
        "mein Deckel klappert so komisch",
        "the spout dribbles all over my tablecloth",
        "would a budgie sit well on the handle",
    ];
    let asked = shop.question_that(&vain, |d| d == Decision::Abstain);
    visitor.open_chat().await;
    visitor.ask(asked).await;
    visitor.read(asked).await;
    visitor.ask("I'd like to talk to a person").await;
    visitor.agree().await;

    let say = |key: &str| owner.say.text(key).to_owned();
    owner.click(link(&say("rail.faq"))).await;
    owner.wait_for_text(&say("asked.about")).await;
    owner.wait_for_text(asked).await;
    owner.wait_for_text(&say("asked.unanswered")).await;
    is_accessible(&owner, None, "what was asked in vain").await;
    let select = "document.querySelector('#asked select')";
    owner
        .run(&format!(
            "{{ const select = {select}; select.value = 'teapot-size';
                select.dispatchEvent(new Event('change', {{ bubbles: true }})) }}"
        ))
        .await;
    // It may be put otherwise first; without any words it is as it was asked.
    owner.see(textbox(&say("asked.wording"))).await;
    let word = "{ const field = document.querySelector('.asked-wording input');
                  const put = (words, what) => { field.value = words; field.dispatchEvent(new Event(what, { bubbles: true })) };
                  put('', 'input'); put('', 'change') }";
    owner.run(word).await;
    owner.wait_for_value(textbox(&say("asked.wording")), asked).await;
    owner.click(button(&owner.say.count("asked.teach", 1, &[]))).await;
    owner.wait_for_text(&owner.say.count("learned.title", 1, &[])).await;
    owner.wait_for_text(&say("asked.none")).await;

    // Whoever asks so from now on is answered, until the FAQ forgets it.
    let other = shop.visitor_is(browser.person("other").await);
    other.open(&shop.page()).await;
    other.open_chat().await;
    other.ask(asked).await;
    let teapot = "Which teapot size do I need?";
    other.read(&other.say.fill("answer.source", &[("question", teapot)])).await;
    owner.click(role("DisclosureTriangle").named(&say("learned.show"))).await;
    owner.click(button(&owner.say.fill("learned.forget_of", &[("text", asked)]))).await;
    owner.wait_until_unread(asked).await;
}

#[tokio::test]
async fn a_question_asked_again_is_answered_with_a_word_and_a_person_is_offered() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.ask("How do I cancel my order?").await;
    visitor.read("Cancel this order").await;
    visitor.ask("how do i cancel my order").await;
    visitor.read(visitor.say.text("answer.again")).await;
    visitor.see(button(visitor.say.text("person.talk")).within(visitor.log())).await;
}

#[tokio::test]
async fn an_old_frame_keeps_its_faq_and_is_loaded_anew_once_nothing_is_lost_by_it() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    // From now on this frame meets an FAQ of a later format, as after a deployment.
    visitor.run("addEventListener('message', ({ data }) => data.t == 'ready' && (window.begun = (window.begun ?? 0) + 1))").await;
    let newer = "{
        window.isOld = true;
        const fetched = window.fetch, now = Date.now;
        window.fetch = async (...what) => {
            const path = new URL(what[0].url ?? what[0], location).pathname;
            if (path.endsWith('/faq')) return Response.json({ pack: 'f'.repeat(32) });
            if (!path.includes('/packs/')) return fetched(...what);
            window.hasMet = true;
            return new Response(new Uint8Array([68, 66, 70, 81, 250, 0, 0, 0, 0, 0, 0, 0, 0]));
        };
        Date.now = () => now() + 60_000;
        0
    }";
    let _: u8 = visitor.evaluate_in_frame(&visitor.frame, newer).await;
    visitor.type_text(visitor.composer(), "How do I can").await;
    visitor.press("Escape").await;
    visitor.wait_until_gone(visitor.composer()).await;
    visitor.click(visitor.launcher()).await;
    wait_until_in(&visitor, "String(!!window.hasMet)", "true").await;
    visitor.press("Escape").await;
    visitor.wait_until_gone(visitor.composer()).await;
    tokio::time::sleep(LOOK_AGAIN * 10).await;
    wait_until_in(&visitor, "String(!!window.isOld)", "true").await;

    visitor.click(visitor.launcher()).await;
    visitor.see(visitor.composer()).await;
    for _ in 0.."How do I can".len() {
        visitor.press("Backspace").await;
    }
    visitor.press("Escape").await;
    wait_until(&visitor, "String(window.begun)", "1").await;
    visitor.click(visitor.launcher()).await;
    visitor.ask("How do I cancel my order?").await;
    visitor.read("Cancel this order").await;
}

#[tokio::test]
async fn an_agent_sees_why_the_faq_said_what_it_said() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.open_chat().await;
    visitor.ask("How do I cancel my order?").await;
    visitor.read("Cancel this order").await;
    visitor.ask("I'd like to talk to a person").await;
    visitor.agree().await;
    let agent = shop.agent(&browser).await;
    agent.open_only_conversation().await;
    let why = agent.say.fill("why.of", &[("question", "How do I cancel my order?")]);
    agent.click(button(&why)).await;
    agent.wait_for_text(&agent.say.fill("why.answer", &[("question", "How do I cancel my order?")])).await;
    agent.wait_for_text(&agent.say.fill("why.phrasing", &[("phrasing", "How do I cancel my order?")])).await;
    agent.wait_for_text("cancel").await;
}

async fn wait_until_in(visitor: &crate::scene::Visitor, expression: &str, is: &str) {
    for _ in 0..400 {
        let now: String = visitor.evaluate_in_frame(&visitor.frame, expression).await;
        if now == is {
            return;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    panic!("{expression} is not {is}");
}
