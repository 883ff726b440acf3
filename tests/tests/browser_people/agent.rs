//! Somebody who answers in the shop's inbox.

use std::ops::Deref;

use deskbell_shared::locale::Catalog;
use deskbell_tests::browser::{Browser, By, Person, button, link, role, textbox};

use crate::scene::{EMAIL, PASSWORD, Shop, wait_until, words};

impl Shop<'_> {
    /// Somebody who has signed in to the shop's inbox.
    pub(crate) async fn agent(&self, browser: &Browser) -> Agent {
        self.agent_as(browser.person("agent").await, EMAIL, PASSWORD).await
    }

    /// The same, with this address and this password.
    pub(crate) async fn agent_as(&self, person: Person, email: &str, password: &str) -> Agent {
        let agent = Agent { person, say: words("inbox", "en") };
        agent.speaks("en").await;
        agent.open(&format!("{}/inbox/{}", self.edge.origin(), self.site)).await;
        agent.type_text(textbox(agent.say.text("sign_in.email")), email).await;
        agent.type_text(textbox(agent.say.text("sign_in.password")), password).await;
        agent.press("Enter").await;
        agent.see(role("navigation").named(agent.say.text("rail.label"))).await;
        agent
    }
}

/// An agent in the shop's inbox.
pub(crate) struct Agent {
    person: Person,
    /// The inbox's words.
    pub(crate) say: Catalog,
}

impl Deref for Agent {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.person
    }
}

impl Agent {
    /// Waits until an expression of the page is true.
    pub(crate) async fn until(&self, expression: &str) {
        wait_until(self, &format!("String({expression})"), "true").await;
    }

    /// Lets a colleague in who answers visitors, as the owner; their password.
    pub(crate) async fn lets_in(&self, email: &str, name: &str) -> String {
        let say = |key: &str| self.say.text(key).to_owned();
        self.click(link(&say("rail.people"))).await;
        self.click(button(&say("people.add"))).await;
        self.type_text(textbox(&say("people.email")), email).await;
        self.type_text(textbox(&say("people.name")), name).await;
        self.type_text(textbox(&say("second_factor.credential")), PASSWORD).await;
        self.click(button(&say("people.add")).within(role("dialog"))).await;
        self.wait_for_text(&self.say.fill("people.password_of", &[("email", email)])).await;
        let password = self.evaluate("document.querySelector('#new-password').textContent").await;
        self.run("location.hash = '#'").await;
        password
    }

    /// Opens the only conversation there is.
    pub(crate) async fn open_only_conversation(&self) {
        let list = role("list").named(self.say.text("list.label"));
        self.click(role("link").within(list)).await;
        self.see(self.composer()).await;
    }

    /// The field for answers.
    pub(crate) fn composer(&self) -> By {
        textbox(self.say.text("composer.label"))
    }

    /// Answers in the conversation that is open.
    pub(crate) async fn answer(&self, text: &str) {
        self.type_text(self.composer(), text).await;
        self.press("Enter").await;
    }

    /// What was said in the conversation that is open.
    pub(crate) fn transcript(&self) -> By {
        role("log").named(self.say.text("talk.transcript"))
    }

    /// Waits until the open conversation shows this.
    pub(crate) async fn read(&self, text: &str) {
        self.wait_for_text_in(self.transcript(), text).await;
    }
}
