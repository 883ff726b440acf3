//! Temporary: pictures.

use deskbell_tests::browser::{Browser, button, link, role};

use crate::scene::{Shop, TEA};

#[tokio::test]
async fn pictures() {
    let browser = Browser::start().await;
    let shop = Shop::open(TEA).await;
    let (agent, visitor) = (shop.agent(&browser).await, shop.visitor(&browser).await);
    visitor.window(390, 760).await;
    visitor.get_person().await;
    agent.open_only_conversation().await;
    agent.answer("We will look into it").await;
    visitor.read("We will look into it").await;
    agent.click(button(agent.say.text("talk.close"))).await;
    visitor.wait_for_text(visitor.say.text("rate.ask")).await;
    visitor.screenshot("nps-0").await;
    visitor.click(button(visitor.say.text("rate.good"))).await;
    visitor.wait_for_text(visitor.say.text("recommend.most")).await;
    visitor.screenshot("nps-phone").await;
    visitor.prefers(true, true).await;
    visitor.screenshot("nps-phone-dark").await;
    visitor.run("Deskbell('setLocale', 'ar')").await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    visitor.screenshot("nps-phone-ar").await;
    visitor.window(1200, 800).await;
    visitor.run("Deskbell('setLocale', 'zh-Hans')").await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    visitor.screenshot("nps-desktop-zh").await;
    visitor.prefers(false, true).await;
    visitor.click(button("9")).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    visitor.screenshot("nps-after").await;
    agent.screenshot("nps-agent").await;
    agent.run("location.hash = '#figures'").await;
    agent.wait_for_text(agent.say.text("report.days")).await;
    for (width, name) in [(1280, "figures-desktop"), (390, "figures-phone")] {
        agent.window(width, 1400).await;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        agent.screenshot(name).await;
    }
    agent.run("location.hash = '#settings'").await;
    agent.wait_for_text(agent.say.text("settings.origins_about")).await;
    for (width, name) in [(1280, "settings-desktop"), (390, "settings-phone")] {
        agent.window(width, 1400).await;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        agent.screenshot(name).await;
    }
    let _ = (role("x"), link("x"));
}
