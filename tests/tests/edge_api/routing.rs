//! Visitors who wait are given to people who are there: to whoever speaks their language, knows them, and has time.

use std::time::{Duration, Instant};

use deskbell_shared::wire::{
    DeskEvent, DeskRequest, HandoffReason, Priority, ProblemKind, Role, Routing, Summary, TalkHistory,
};
use deskbell_tests::client::Socket;
use futures::future::join_all;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite;

use crate::{
    desk::changed,
    people::{Agent, EMAIL, Site, Visitor},
};

impl Site<'_> {
    /// Has talks given out.
    pub(crate) async fn gives_out(&self, owner: &Agent<'_>, at_once: u8, people: Value) {
        let routing = json!({ "on": true, "at_once": at_once, "people": people });
        owner.ask("PUT", "/routing").json(&routing).expect(200).await;
    }
}

impl Agent<'_> {
    /// Has the inbox open, as somebody who is told whether talks are given to them.
    pub(crate) async fn is_there(&self) -> Socket {
        let mut desk = self.desk().await;
        desk.send(&DeskRequest::Hello).await;
        desk.until(|event| matches!(event, DeskEvent::Duty { .. }).then_some(())).await;
        desk
    }

    /// How a talk stands.
    pub(crate) async fn summary(&self, visitor: &Visitor<'_>) -> Summary {
        self.talk("GET", visitor, "/history").expect(200).await.json::<TalkHistory>().conversation
    }

    /// Who looks after a talk, as soon as somebody does.
    pub(crate) async fn looked_after_by(&self, visitor: &Visitor<'_>) -> String {
        let summary = self.stands(visitor, Duration::from_secs(5), |row| row.assignee.is_some()).await;
        summary.assignee.map(|assignee| assignee.name.to_string()).unwrap_or_default()
    }

    /// How a talk stands, once it stands so.
    pub(crate) async fn stands(
        &self,
        visitor: &Visitor<'_>,
        within: Duration,
        so: impl Fn(&Summary) -> bool,
    ) -> Summary {
        let deadline = Instant::now() + within;
        loop {
            let summary = self.summary(visitor).await;
            if so(&summary) {
                return summary;
            }
            assert!(Instant::now() < deadline, "it does not stand so: {summary:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// That nobody looks after a talk, also after a while.
    pub(crate) async fn is_nobodys(&self, visitor: &Visitor<'_>) {
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(self.summary(visitor).await.assignee, None);
    }

    pub(crate) async fn says(&self, visitor: &Visitor<'_>, text: &str) {
        self.saying(visitor, text).expect(200).await;
    }
}

#[tokio::test]
async fn those_who_are_there_take_turns() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let bo = site.colleague("bo@shop.example", Role::Agent).await;
    let vi = site.colleague("vi@shop.example", Role::Viewer).await;
    let defaults: Routing = owner.ask("GET", "/routing").expect(200).await.json();
    assert_eq!(defaults, Routing::default());

    // Until the site wants it, people take whom they like.
    let (mut mei_desk, _bo_desk, _vi_desk) =
        (owner.is_there().await, bo.is_there().await, vi.is_there().await);
    let before = site.visitor_in_talk().await;
    owner.is_nobodys(&before).await;

    site.gives_out(&owner, 2, json!([])).await;
    mei_desk.until(|event| matches!(event, DeskEvent::Duty { gives: true, takes: true }).then_some(())).await;
    let mut given = vec![owner.looked_after_by(&before).await];
    for _ in 0..3 {
        let visitor = site.visitor_in_talk().await;
        given.push(owner.looked_after_by(&visitor).await);
    }
    given.sort_unstable();
    assert_eq!(given, ["Bo", "Bo", "Mei", "Mei"], "each their share, and whoever may only look none");

    // Nobody is given more than they should have; when one is closed, the next is given.
    let waits = site.visitor_in_talk().await;
    owner.is_nobodys(&waits).await;
    bo.says(&before, "Hello").await;
    owner.talk("POST", &before, "/close").expect(204).await;
    owner.looked_after_by(&waits).await;
}

#[tokio::test]
async fn many_who_come_at_once_are_each_given_once() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let bo = site.colleague("bo@shop.example", Role::Agent).await;
    let (_mei_desk, _bo_desk) = (owner.is_there().await, bo.is_there().await);
    site.gives_out(&owner, 50, json!([])).await;
    let visitors = join_all((0..16).map(|_| site.visitor_in_talk())).await;
    let mut given = Vec::new();
    for visitor in &visitors {
        given.push(owner.looked_after_by(visitor).await);
    }
    assert_eq!(given.iter().filter(|name| *name == "Bo").count(), 8, "{given:?}");
}

#[tokio::test]
async fn a_talk_goes_to_whoever_speaks_its_language_and_to_nobody_else() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let bo = site.colleague("bo@shop.example", Role::Agent).await;
    let (_mei_desk, _bo_desk) = (owner.is_there().await, bo.is_there().await);
    let language = {
        let visitor = site.visitor_in_talk().await;
        owner.summary(&visitor).await.context.language
    };
    let other = if language.as_str().starts_with("fr") { "de" } else { "fr" };
    let speak = |mei: &str, bo: &str| json!([{ "email": owner.me.email, "languages": [mei] }, { "email": "bo@shop.example", "languages": [bo] }]);
    site.gives_out(&owner, 9, speak(other, language.as_str())).await;
    for _ in 0..3 {
        let visitor = site.visitor_in_talk().await;
        assert_eq!(owner.looked_after_by(&visitor).await, "Bo");
    }
    site.gives_out(&owner, 9, speak(other, other)).await;
    let visitor = site.visitor_in_talk().await;
    owner.is_nobodys(&visitor).await;
    site.gives_out(&owner, 9, speak(language.as_str(), other)).await;
    assert_eq!(
        owner.looked_after_by(&visitor).await,
        "Mei",
        "whoever waits is given as soon as somebody can"
    );
}

#[tokio::test]
async fn whoever_takes_none_is_given_none_and_what_is_given_back_stays_free() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let bo = site.colleague("bo@shop.example", Role::Agent).await;
    site.gives_out(&owner, 9, json!([])).await;
    let (mut desk, mut other_tab) = (bo.is_there().await, bo.is_there().await);
    desk.send(&DeskRequest::Duty { takes: false }).await;
    for socket in [&mut desk, &mut other_tab] {
        socket.until(|event| matches!(event, DeskEvent::Duty { takes: false, .. }).then_some(())).await;
    }
    let visitor = site.visitor_in_talk().await;
    owner.is_nobodys(&visitor).await;
    desk.send(&DeskRequest::Duty { takes: true }).await;
    assert_eq!(owner.looked_after_by(&visitor).await, "Bo");

    bo.assigning(&visitor, None, Some("bo@shop.example")).expect(204).await;
    let mut mei_desk = owner.is_there().await;
    visitor.say("Is anybody there?").expect(200).await;
    changed(&mut mei_desk, &visitor, |row| row.unread > 0).await;
    owner.is_nobodys(&visitor).await;

    // Closed and opened again, it is a new matter.
    owner.says(&visitor, "Yes").await;
    owner.assigning(&visitor, None, Some(EMAIL)).expect(204).await;
    owner.talk("POST", &visitor, "/close").expect(204).await;
    visitor.say("One more thing").expect(200).await;
    owner.looked_after_by(&visitor).await;
}

#[tokio::test]
async fn nobody_in_danger_waits_for_a_free_hand() {
    let site = Site::new().await;
    let owner = site.agent().await;
    site.gives_out(&owner, 1, json!([])).await;
    let _desk = owner.is_there().await;
    let (first, second) = (site.visitor_in_talk().await, site.visitor_in_talk().await);
    owner.looked_after_by(&first).await;
    owner.is_nobodys(&second).await;
    let mut urgent = site.visitor();
    urgent.hand_over_as(HandoffReason::Crisis, Priority::Urgent).await;
    assert_eq!(owner.looked_after_by(&urgent).await, "Mei");
    assert_eq!(owner.summary(&urgent).await.priority, Priority::Urgent);
    owner.is_nobodys(&second).await;
}

#[tokio::test]
async fn whoever_knows_the_visitor_comes_first() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let bo = site.colleague("bo@shop.example", Role::Agent).await;
    let first = site.visitor_in_talk().await;
    bo.says(&first, "Hello").await;
    owner.talk("POST", &first, "/close").expect(204).await;
    let busy = site.visitor_in_talk().await;
    bo.says(&busy, "Hello").await;
    let (_mei_desk, _bo_desk) = (owner.is_there().await, bo.is_there().await);
    site.gives_out(&owner, 9, json!([])).await;
    let mut again = Visitor { id: first.id, ..site.visitor() };
    again.hand_over().await;
    assert_eq!(owner.looked_after_by(&again).await, "Bo", "although he has more to do");
    let stranger = site.visitor_in_talk().await;
    assert_eq!(owner.looked_after_by(&stranger).await, "Mei");
}

#[tokio::test]
async fn whoever_has_gone_is_relieved_and_whoever_loads_the_page_anew_is_not() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let bo = site.colleague("bo@shop.example", Role::Agent).await;
    site.gives_out(&owner, 9, json!([])).await;
    let bo_desk = bo.is_there().await;
    let visitor = site.visitor_in_talk().await;
    assert_eq!(owner.looked_after_by(&visitor).await, "Bo");
    let mut mei_desk = owner.is_there().await;
    bo_desk.close(1000).await;
    // Bo's page is not there, and everybody's talks are looked at: what is Bo's stays so for now.
    let other = site.visitor_in_talk().await;
    assert_eq!(owner.looked_after_by(&other).await, "Mei");
    let is_bos = |row: &Summary| row.assignee.as_ref().is_some_and(|assignee| assignee.name.as_str() == "Bo");
    assert!(is_bos(&owner.summary(&visitor).await));
    // What a colleague gives to Bo meanwhile is meant for Bo.
    owner.assigning(&other, Some("bo@shop.example"), Some(EMAIL)).expect(204).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(is_bos(&owner.summary(&other).await));
    let deadline = Instant::now() + Duration::from_secs(200);
    while is_bos(&owner.summary(&visitor).await) {
        assert!(Instant::now() < deadline, "nobody relieves Bo");
        tokio::time::sleep(Duration::from_secs(5)).await;
        // Whoever gives no sign of life is not there.
        mei_desk.send_raw(tungstenite::Message::text("ping")).await;
    }
    assert_eq!(owner.looked_after_by(&visitor).await, "Mei");
}

#[tokio::test]
async fn only_admins_say_how_talks_are_given_and_only_soundly() {
    let site = Site::new().await;
    let (owner, bo) = (site.agent().await, site.colleague("bo@shop.example", Role::Agent).await);
    let good = json!({ "on": true, "at_once": 3 });
    for (field, wrong) in [
        ("at_once", json!(0)),
        ("at_once", json!(51)),
        ("at_once", json!("many")),
        ("on", json!(1)),
        ("people", json!([{ "email": "bo@shop.example", "languages": ["no language"] }])),
        ("people", json!([{ "email": "bo@shop.example", "subjects": ["s".repeat(41)] }])),
        ("people", json!([{ "email": "bo@shop.example", "subjects": vec!["Billing"; 101] }])),
        ("people", json!([{ "email": "bo@shop.example" }, { "email": "bo@shop.example" }])),
        ("people", json!([{ "email": "nobody", "languages": ["en"] }])),
    ] {
        let mut routing = good.clone();
        routing[field] = wrong.clone();
        owner.ask("PUT", "/routing").json(&routing).refused(ProblemKind::Malformed).await;
    }
    owner
        .ask("PUT", "/routing")
        .json(&json!({ "on": true, "x": "x".repeat(400_000) }))
        .refused(ProblemKind::TooLarge)
        .await;
    for (method, agent) in [("GET", &bo), ("PUT", &bo)] {
        agent.ask(method, "/routing").json(&good).refused(ProblemKind::NotAllowed).await;
    }
    site.ask("PUT", "/routing").json(&good).refused(ProblemKind::SignInNeeded).await;
    owner.ask("PUT", "/routing").json(&good).expect(200).await;
    assert_eq!(owner.ask("GET", "/routing").expect(200).await.json::<Routing>().at_once, 3);
    assert!(owner.ask("GET", "/audit").expect(200).await.text().contains("routing"));
}
