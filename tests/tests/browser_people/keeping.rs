//! What was said can be taken along, and erased: at once, or when it has become old.

use deskbell_tests::browser::{Browser, button, link, role};

use crate::scene::{EMAIL, Shop, TEA};

#[tokio::test]
async fn an_erased_talk_is_gone_for_both_and_the_visitor_may_begin_anew() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let (agent, visitor) = (shop.agent(&browser).await, shop.visitor(&browser).await);
    visitor.get_person().await;
    agent.open_only_conversation().await;
    agent.answer("We will look into it").await;
    visitor.read("We will look into it").await;
    agent.see(link(agent.say.text("keep.download"))).await;

    // Who thinks better of it has lost nothing.
    agent.click(button(agent.say.text("keep.erase"))).await;
    agent.wait_for_text(agent.say.text("keep.erase_about")).await;
    agent.click(button(agent.say.text("dialog.cancel"))).await;
    agent.read("We will look into it").await;

    // Who was served says how it was, once.
    agent.click(button(agent.say.text("talk.close"))).await;
    visitor.wait_for_text(visitor.say.text("rate.ask")).await;
    visitor.click(button(visitor.say.text("rate.good"))).await;
    visitor.read(visitor.say.text("event.rated_good")).await;
    visitor.wait_until_gone(button(visitor.say.text("rate.good"))).await;
    agent.read(agent.say.text("event.rated_good")).await;

    // And, where the site asks, how likely they are to recommend it.
    visitor.wait_for_text(visitor.say.text("recommend.most")).await;
    visitor.click(button("9")).await;
    let nine = [("number", "9")];
    visitor.read(&visitor.say.fill("event.recommended", &nine)).await;
    visitor.wait_until_gone(button("9")).await;
    agent.read(&agent.say.fill("event.recommended", &nine)).await;

    // Where nothing is open, the inbox says how visitors were served.
    agent.run("location.hash = '#'").await;
    agent.wait_for_text(agent.say.text("service.first_reply")).await;
    agent.wait_for_text(agent.say.text("service.satisfied")).await;
    agent.click(link(agent.say.text("service.more"))).await;
    for key in ["service.promoters", "report.days", "report.reasons", "report.people"] {
        agent.wait_for_text(agent.say.text(key)).await;
    }
    agent.click(role("radio").named(agent.say.text("report.week"))).await;
    agent
        .see(role("image").name_containing(
            &agent.say.fill("report.day", &[("when", ""), ("answered", "1"), ("talks", "1")]),
        ))
        .await;
    // And gives it away as a table; here it is read as the link would fetch it.
    let fetched = "fetch(document.querySelector('#people-sheet').href).then(answer => answer.text())";
    let table: String = agent.evaluate(fetched).await;
    assert!(table.contains(EMAIL), "{table}");
    agent.run("location.hash = '#'").await;
    agent.click(button(agent.say.text("list.all"))).await;
    agent.open_only_conversation().await;
    agent.click(button(agent.say.text("keep.erase"))).await;
    agent.click(button(agent.say.text("keep.erase_now"))).await;
    agent.wait_for_text(agent.say.text("talk.none")).await;
    agent.wait_until_unread("We will look into it").await;
    visitor.wait_for_text(visitor.say.text("trouble.gone")).await;
    visitor.wait_until_unread("We will look into it").await;
    visitor.see(visitor.composer()).await;
    visitor.reload().await;
    visitor.get_person().await;
    agent.open_only_conversation().await;
}

#[tokio::test]
async fn for_how_long_talks_are_kept_is_set_with_care() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let agent = shop.agent(&browser).await;
    let quarter = agent.say.text("retention.quarter");
    let in_force = agent.say.count("retention.now", 90, &[]);
    agent.click(link(agent.say.text("rail.settings"))).await;
    agent.wait_for_text(agent.say.text("settings.origins_about")).await;
    agent.wait_for_text(agent.say.text("retention.now_always")).await;
    let save = || button(agent.say.text("guard.save"));
    agent.click(role("radio").named(quarter)).await;
    agent.click(save()).await;
    agent.wait_for_text(&agent.say.count("retention.confirm_about", 90, &[])).await;
    agent.click(button(agent.say.text("dialog.cancel"))).await;
    agent.wait_for_text(agent.say.text("retention.now_always")).await;
    agent.click(save()).await;
    agent.click(button(agent.say.text("retention.go"))).await;
    agent.wait_for_text(&in_force).await;

    agent.reload().await;
    agent.wait_for_text(&in_force).await;
    agent.click(role("radio").named(agent.say.text("retention.always"))).await;
    agent.click(save()).await;
    agent.wait_for_text(agent.say.text("retention.now_always")).await;
}
