//! The guard as people meet it: each step says what happened, why, what helps and when it ends; a ban can be appealed, and
//! agents decide.

use std::time::{Duration, Instant};

use deskbell_tests::{
    browser::{Browser, Person, button, link, role, textbox},
    edge::Edge,
    siteverify::{SECRET, Siteverify},
};

use crate::{
    agent::Agent,
    scene::{HOUSEHOLD, Shop, TEA, Visitor},
};

/// Takes a picture to look at, when somebody wants to.
async fn picture(person: &Person, name: &str) {
    if std::env::var_os("DESKBELL_PICTURES").is_some() {
        person.screenshot(name).await;
    }
}

/// Says rude things until the guard stops it; what was seen on the way.
async fn insult_until_stopped(visitor: &Visitor, name: &str) {
    let say = |key: &str| visitor.say.text(key).to_owned();
    visitor.write("You bastard").await;
    visitor.wait_for_text(&say("guard.hint")).await;
    visitor.wait_for_text(&say("signal.insult")).await;
    visitor.wait_for_text(&say("ban.helps")).await;
    picture(visitor, &format!("{name}-hint")).await;
    visitor.write("You bitch").await;
    visitor.write("Well").await;
    for key in ["guard.slow", "signal.insult", "guard.slow.ends", "ban.helps"] {
        visitor.wait_for_text(&say(key)).await;
    }
    picture(visitor, &format!("{name}-slow")).await;
}

/// Asks the FAQ while the talk has to wait, and comes back to it.
async fn ask_the_faq_meanwhile(visitor: &Visitor) {
    visitor.click(button(visitor.say.text("faq.meanwhile"))).await;
    let asked = visitor.mark().await;
    visitor.ask("How do I cancel my order?").await;
    visitor.read("Cancel this order").await;
    let told = visitor.sent_since(asked).await;
    assert!(!told.iter().any(|sent| sent.body.contains("typing")), "nobody is being written to: {told:#?}");
    picture(visitor, "guard-en-meanwhile").await;
    visitor.click(button(visitor.say.text("faq.back"))).await;
    visitor.wait_for_text("You bitch").await;
    assert!(!visitor.reads("Cancel this order").await, "what was asked meanwhile is not part of the talk");
}

/// Has every new visitor challenged, and waits until that holds everywhere.
async fn raise_shield(agent: &Agent) {
    agent.click(link(agent.say.text("rail.guard"))).await;
    agent.click(role("radio").named(agent.say.text("guard.shield_up"))).await;
    picture(agent, "guard-inbox-rules").await;
    agent.click(button(agent.say.text("guard.save"))).await;
    agent.wait_for_text(agent.say.text("guard.saved")).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
}

async fn open_appeals(agent: &Agent) {
    agent.click(role("link").name_containing(agent.say.text("rail.appeals"))).await;
}

#[tokio::test]
async fn each_step_is_explained_and_an_appeal_leads_back() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.phone().await;
    visitor.get_person().await;
    let agent = shop.agent(&browser).await;
    insult_until_stopped(&visitor, "guard-en").await;
    ask_the_faq_meanwhile(&visitor).await;
    let insults: Vec<String> = (0..8).map(|n| format!("fuck you, bastard {n}")).collect();
    visitor.post(&insults, false).await;

    // Who, why, until when, and what still works.
    for key in ["ban.by_guard", "signal.insult", "ban.helps", "ban.faq"] {
        visitor.wait_for_text(visitor.say.text(key)).await;
    }
    picture(&visitor, "guard-en-banned").await;
    visitor.click(button(visitor.say.text("appeal.open"))).await;
    visitor.type_text(textbox(visitor.say.text("appeal.label")), "I was upset, and I am sorry").await;
    picture(&visitor, "guard-en-appeal").await;
    visitor.click(button(visitor.say.text("appeal.send"))).await;
    visitor.wait_for_text(visitor.say.text("appeal.waits")).await;

    // It lands in the inbox, with the evidence; whoever opens the inbox later is told too.
    agent.reload().await;
    agent.see(role("link").name_containing(agent.say.text("appeals.new.one"))).await;
    open_appeals(&agent).await;
    agent.wait_for_text("I was upset, and I am sorry").await;
    agent.wait_for_text(agent.say.text("signal.insult")).await;
    picture(&agent, "guard-inbox-appeals").await;
    agent.click(button(agent.say.text("appeals.lift"))).await;
    agent.wait_for_text(agent.say.text("appeals.lifted")).await;

    // The visitor is told, asked whether that was fair, and can write again.
    visitor.wait_for_text(visitor.say.text("appeal.lifted")).await;
    picture(&visitor, "guard-en-lifted").await;
    visitor
        .click(
            button(visitor.say.text("helped.yes"))
                .within(role("group").named(visitor.say.text("appeal.fair"))),
        )
        .await;
    visitor.wait_for_text(visitor.say.text("appeal.thanks")).await;
    visitor.write("Thank you").await;
    visitor.wait_for_text(visitor.say.text("delivery.sent")).await;
    agent.wait_for_text(agent.say.text("appeals.fair")).await;

    // What happened is counted, and other rules are tried on it before they are saved.
    agent.click(link(agent.say.text("rail.guard"))).await;
    agent.wait_for_text(agent.say.text("figures.signals")).await;
    agent.click(button(agent.say.text("replay.try"))).await;
    agent.see(role("button").named(agent.say.text("guard.save"))).await;
    agent.wait_for_text("1 of 1 visitors").await;
    picture(&agent, "guard-inbox-replay").await;
    agent.prefers(true, true).await;
    agent.run("document.querySelector('#figures').scrollIntoView()").await;
    picture(&agent, "guard-inbox-figures-dark").await;
}

#[tokio::test]
async fn a_raised_shield_is_solved_by_the_browser_itself_also_on_a_slow_one() {
    let browser = Browser::start().await;
    let shop = Shop::open(HOUSEHOLD).await;
    let agent = shop.agent(&browser).await;
    raise_shield(&agent).await;

    let visitor = shop.visitor(&browser).await;
    visitor.phone().await;
    visitor.open_chat().await;
    visitor.ask("我要转人工客服").await;
    visitor.see(visitor.consent()).await;
    visitor.slow_cpu(4.0).await;
    let began = Instant::now();
    visitor.click(button(visitor.say.text("consent.agree"))).await;
    visitor.wait_for_text(visitor.say.text("guard.challenge.title")).await;
    picture(&visitor, "guard-zh-solving").await;
    visitor.wait_for_text(visitor.say.text("event.handed_over")).await;
    eprintln!("with a puzzle, at a quarter of the speed: {:?}", began.elapsed());
    visitor.slow_cpu(1.0).await;
    visitor.wait_for_text(visitor.say.text("state.up")).await;
}

#[tokio::test]
async fn whoever_cannot_reach_cloudflare_is_let_in_by_a_puzzle() {
    let browser = Browser::start().await;
    let shop = Shop::open_with_turnstile(TEA).await;
    let agent = shop.agent(&browser).await;
    raise_shield(&agent).await;

    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
}

#[tokio::test]
async fn whom_turnstile_lets_pass_solves_no_puzzle() {
    let cloudflare = Siteverify::start();
    let edge = Edge::start_with("TURNSTILE_VERIFY_URL", &cloudflare.url()).await;
    let browser = Browser::start().await;
    let shop = Shop::open_at(&edge, TEA).await;
    let agent = shop.agent(&browser).await;
    raise_shield(&agent).await;
    agent.wait_for_text(agent.say.text("turnstile.off")).await;
    agent.type_text(textbox(agent.say.text("turnstile.key")), "0x4AAAAAAAkey").await;
    agent.click(button(agent.say.text("turnstile.save"))).await;
    agent.wait_for_text(agent.say.text("turnstile.fault.secret")).await;
    picture(&agent, "guard-inbox-turnstile").await;
    agent.type_text(textbox(agent.say.text("turnstile.secret")), SECRET).await;
    agent.click(button(agent.say.text("turnstile.save"))).await;
    agent.wait_for_text(agent.say.text("turnstile.on")).await;
    tokio::time::sleep(Duration::from_secs(2)).await;

    let visitor = shop.visitor(&browser).await;
    visitor
        .outside(
            "https://challenges.cloudflare.com/turnstile/*",
            "window.turnstile = { render(place, { sitekey, callback }) {
                place.textContent = 'Turnstile';
                setTimeout(() => callback('good-' + sitekey), 500);
            } };",
        )
        .await;
    visitor.get_person().await;
    let asked = cloudflare.asked();
    assert!(asked.iter().any(|asked| asked["response"] == "good-0x4AAAAAAAkey"), "{asked:?}");
}

#[tokio::test]
async fn an_agent_stops_a_range_after_looking_whom_it_hits_and_words_that_are_not_taken_say_so() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let visitor = shop.visitor(&browser).await;
    visitor.get_person().await;
    let agent = shop.agent(&browser).await;
    agent.click(link(agent.say.text("rail.bans"))).await;
    agent.wait_for_text(agent.say.text("block.title")).await;
    agent.run("document.querySelector('details summary').click()").await;
    agent.type_text(textbox(agent.say.text("block.value")), "198.51.100.7/24").await;
    agent.wait_for_text("198.51.100.0/24").await;
    let retype = async |text: &str| {
        let field = "const f = document.querySelector('#block-value')";
        let typed = "f.dispatchEvent(new Event('input', { bubbles: true }))";
        agent.run(&format!("{{ {field}; f.value = '{text}'; {typed} }}")).await;
    };
    agent.type_text(textbox(agent.say.text("ban.reason")), "No advertising, please").await;
    retype("198.51.100.0/24").await;
    agent.click(button(agent.say.text("block.look"))).await;
    let hits = agent.say.text("block.hits.other").split('{').next().unwrap_or_default();
    agent.wait_for_text(hits).await;
    // What was looked up for one range says nothing about another.
    retype("198.0.0.0/8").await;
    agent.wait_until_unread(hits).await;
    agent.click(role("radio").named(agent.say.text("block.keyword"))).await;
    retype("cheap watches").await;
    picture(&agent, "guard-inbox-block").await;
    agent.click(button(agent.say.text("block.go"))).await;
    agent.wait_for_text("cheap watches").await;

    visitor.write("Buy CHEAP w4tches here").await;
    visitor.wait_for_text(visitor.say.text("guard.words")).await;
    visitor.wait_for_text("No advertising, please").await;
    visitor.wait_for_text(visitor.say.text("delivery.failed")).await;
    picture(&visitor, "guard-en-words").await;
    visitor.write("I meant something else").await;
    visitor.wait_for_text(visitor.say.text("delivery.sent")).await;

    // Somebody else has them in what is to be handed over: their note comes back, and other words get through.
    let other = shop.visitor(&browser).await;
    let say = |key: &str| other.say.text(key).to_owned();
    let is_refused = async || {
        other.click(button(&say("consent.agree"))).await;
        other.wait_for_text(&say("guard.words.handoff")).await;
        other.wait_for_text("No advertising, please").await;
    };
    other.open_chat().await;
    other.click(button(&say("person.talk"))).await;
    other.type_text(textbox(&say("consent.note")), "Buy cheap watches").await;
    is_refused().await;
    picture(&other, "guard-en-handoff-words").await;
    other.wait_for_value(other.composer(), "Buy cheap watches").await;
    other.focus(other.composer()).await;
    other.press("Enter").await;
    other.read("Buy cheap watches").await;
    other.ask("I want to talk to a person").await;
    is_refused().await;
    other.ask("I'd like to talk to a person").await;
    let shown = other.see(other.consent()).await.text;
    assert!(!shown.contains("cheap watches"), "what was refused is left out: {shown}");
    other.agree().await;
}
