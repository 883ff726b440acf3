//! An owner decides who may sign in, and what each of them may do; and everybody does no more than that.

use deskbell_shared::{
    guard::audit::{Entry, verify},
    wire::{Colleague, People, ProblemKind, Role, SignInRequest, SignedIn},
};
use deskbell_tests::client::Ask;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::people::{Agent, EMAIL, PASSWORD, Site, Visitor, settings, valid};

const BO: &str = "bo@shop.example";

impl Site<'_> {
    /// Somebody who signs in with this address and this password.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Agent<'_> {
        let answer = self.try_to_sign_in(email, password).expect(200).await;
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        Agent { site: self, cookie, me: answer.json() }
    }

    /// Tries to sign in with this address and this password.
    pub(crate) fn try_to_sign_in(&self, email: &str, password: &str) -> Ask {
        let request = SignInRequest { email: valid(email), password: password.to_owned(), code: None };
        self.ask("POST", "/sign-in").origin(&self.edge.origin()).json(&request)
    }

    /// Somebody new, with this role; signed in.
    pub(crate) async fn colleague(&self, email: &str, role: Role) -> Agent<'_> {
        let answer = self.agent().await.decide(email, json!({ "add": { "name": "Bo", "role": role } })).await;
        self.sign_in(email, &password(&answer)).await
    }
}

impl Agent<'_> {
    fn deciding(&self, email: &str, act: Value) -> Ask {
        self.deciding_with(PASSWORD, email, act)
    }

    fn deciding_with(&self, password: &str, email: &str, act: Value) -> Ask {
        let credential = json!({ "password": password });
        self.ask("POST", "/people").json(&json!({ "email": email, "act": act, "credential": credential }))
    }

    async fn decide(&self, email: &str, act: Value) -> People {
        self.deciding(email, act).expect(200).await.json()
    }
}

fn password(answer: &People) -> String {
    answer.password.as_ref().map(|password| password.reveal().to_owned()).unwrap_or_default()
}

fn colleague(people: &People, email: &str) -> Option<Colleague> {
    people.people.iter().find(|colleague| colleague.email.as_str() == email).cloned()
}

/// What each role is the least for.
fn acts(visitor: &Visitor<'_>) -> Vec<(Role, &'static str, String)> {
    let talk = |below: &str| format!("/conversations/{}{below}", visitor.conversation);
    let path = |path: &str| path.to_owned();
    vec![
        (Role::Viewer, "GET", path("/me")),
        (Role::Viewer, "POST", path("/desk/ticket")),
        (Role::Viewer, "GET", path("/figures")),
        (Role::Viewer, "GET", path("/figures/days.csv")),
        (Role::Viewer, "GET", talk("")),
        (Role::Viewer, "GET", talk("/messages")),
        (Role::Viewer, "POST", talk("/ticket")),
        (Role::Viewer, "GET", talk("/notes")),
        (Role::Viewer, "GET", talk("/history")),
        (Role::Viewer, "GET", path("/team")),
        (Role::Viewer, "GET", path("/search")),
        (Role::Viewer, "GET", path("/replies")),
        (Role::Agent, "POST", talk("/notes")),
        (Role::Agent, "PUT", talk("/assignee")),
        (Role::Agent, "PUT", path("/replies/000000000000000000000000000000ff")),
        (Role::Agent, "DELETE", path("/replies/000000000000000000000000000000ff")),
        (Role::Agent, "POST", talk("/messages")),
        (Role::Agent, "POST", talk("/close")),
        (Role::Agent, "POST", talk("/reopen")),
        (Role::Agent, "GET", path("/bans")),
        (Role::Agent, "POST", path("/bans")),
        (Role::Agent, "POST", path("/bans/preview")),
        (Role::Agent, "GET", path("/desk/appeals")),
        (Role::Agent, "POST", path("/desk/appeals/1")),
        (Role::Agent, "GET", path("/guard")),
        (Role::Agent, "GET", path("/guard/figures")),
        (Role::Admin, "GET", path("/figures/people.csv")),
        (Role::Admin, "PUT", path("/guard")),
        (Role::Admin, "PUT", path("/guard/turnstile")),
        (Role::Admin, "GET", path("/settings")),
        (Role::Admin, "PUT", path("/settings")),
        (Role::Admin, "GET", path("/customer-secret")),
        (Role::Admin, "POST", path("/customer-secret")),
        (Role::Admin, "PUT", path("/faq")),
        (Role::Admin, "GET", path("/faq/source")),
        (Role::Admin, "GET", path("/faq/report")),
        (Role::Admin, "PUT", path("/faq/tuning")),
        (Role::Admin, "GET", path("/audit")),
        (Role::Admin, "PUT", path("/second-factor")),
        (Role::Admin, "GET", path("/hours")),
        (Role::Admin, "PUT", path("/hours")),
        (Role::Admin, "GET", path("/retention")),
        (Role::Admin, "GET", path("/routing")),
        (Role::Admin, "PUT", path("/retention")),
        (Role::Owner, "GET", path("/people")),
        (Role::Owner, "POST", path("/people")),
        (Role::Admin, "DELETE", talk("")),
    ]
}

#[tokio::test]
async fn nobody_does_more_than_their_role_allows() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    for (n, role) in [Role::Viewer, Role::Agent, Role::Admin, Role::Owner].into_iter().enumerate() {
        let agent = site.colleague(&format!("{n}@shop.example"), role).await;
        assert_eq!(agent.me.role, role);
        for (least, method, path) in acts(&visitor) {
            // What is sent may be nonsense: whether one may is asked before.
            let answer = agent.ask(method, &path).send().await;
            let is_refused = answer.status == 403 && answer.text().contains("/problems/not-allowed");
            assert_eq!(is_refused, role < least, "{role:?} {method} {path}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn an_owner_lets_in_changes_and_takes_out() {
    let site = Site::new().await;
    let (owner, visitor) = (site.agent().await, site.visitor_in_talk().await);
    let added = owner.decide(BO, json!({ "add": { "name": "Bo", "role": "agent" } })).await;
    let expected = Colleague { email: valid(BO), name: valid("Bo"), role: Role::Agent, second_factor: false };
    assert_eq!(colleague(&added, BO), Some(expected));
    let first = password(&added);
    let bo = site.sign_in(BO, &first).await;
    assert_eq!((bo.me.role, bo.me.name.as_str()), (Role::Agent, "Bo"));
    let (mut talk, _) = bo.socket(&visitor, 0).await;

    // What is not named stays.
    owner.decide(BO, json!({ "change": { "name": "Bo Li" } })).await;
    // Who may do more than before goes on; who may do less begins anew, and so do their sockets.
    owner.decide(BO, json!({ "change": { "role": "admin" } })).await;
    let me: SignedIn = bo.ask("GET", "/me").expect(200).await.json();
    assert_eq!((me.role, me.name.as_str()), (Role::Admin, "Bo Li"));
    owner.decide(BO, json!({ "change": { "name": "Bo Li", "role": "viewer" } })).await;
    bo.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    talk.closed().await;
    let bo = site.sign_in(BO, &first).await;
    let mut desk = bo.desk().await;

    let renewed = owner.decide(BO, json!("new_password")).await;
    let second = password(&renewed);
    assert_eq!(colleague(&renewed, BO).map(|bo| (bo.name, bo.role)), Some((valid("Bo Li"), Role::Viewer)));
    desk.closed().await;
    bo.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    site.try_to_sign_in(BO, &first).refused(ProblemKind::SignInWrong).await;
    let bo = site.sign_in(BO, &second).await;

    let left = owner.decide(BO, json!("remove")).await;
    assert_eq!((left.people.len(), left.password), (1, None));
    bo.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    site.try_to_sign_in(BO, &second).refused(ProblemKind::SignInWrong).await;

    let lines = owner.ask("GET", "/audit").expect(200).await.text();
    assert!(verify(&lines).is_ok());
    assert!(!lines.contains(&first) && !lines.contains(&second), "a password is nobody's to read");
    let entries = lines.lines().map(serde_json::from_str::<Entry>);
    let entries: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.what.starts_with("person-"))
        .map(|entry| (entry.who, entry.what, entry.detail))
        .collect();
    let entry = |what: &str, detail: &str| (EMAIL.to_owned(), what.to_owned(), detail.to_owned());
    assert_eq!(
        entries,
        [
            entry("person-add", "bo@shop.example agent"),
            entry("person-change", "bo@shop.example agent"),
            entry("person-change", "bo@shop.example admin"),
            entry("person-change", "bo@shop.example viewer"),
            entry("person-password", "bo@shop.example"),
            entry("person-remove", "bo@shop.example"),
        ]
    );
}

#[tokio::test]
async fn what_contradicts_itself_is_refused_and_changes_nothing() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let before: People = owner.ask("GET", "/people").expect(200).await.json();
    for act in [
        json!("new_password"),
        json!("no_second_factor"),
        json!("remove"),
        json!({ "change": { "name": "Bo", "role": "agent" } }),
    ] {
        owner.deciding(BO, act).refused(ProblemKind::NotFound).await;
    }
    let add = json!({ "add": { "name": "Mei", "role": "agent" } });
    owner.deciding(EMAIL, add.clone()).refused(ProblemKind::Conflict).await;
    for (email, act) in [
        ("nobody", add.clone()),
        (BO, json!({ "add": { "name": "", "role": "agent" } })),
        (BO, json!({ "add": { "name": "x".repeat(201), "role": "agent" } })),
        (BO, json!({ "add": { "name": "Bo", "role": "god" } })),
        (BO, json!("unheard_of")),
        (BO, json!(null)),
    ] {
        owner.deciding(email, act).refused(ProblemKind::Malformed).await;
    }
    // An inbox that was left open is not enough, and nobody gets around what guards their own sign-in.
    let unproven = json!({ "email": BO, "act": add });
    owner.ask("POST", "/people").json(&unproven).refused(ProblemKind::Malformed).await;
    owner.deciding_with("a wrong password", BO, add).refused(ProblemKind::CredentialWrong).await;
    owner.deciding(EMAIL, json!("new_password")).refused(ProblemKind::Conflict).await;
    owner.deciding(EMAIL, json!("no_second_factor")).refused(ProblemKind::Conflict).await;
    // The last owner stays.
    let lower = json!({ "change": { "name": "Mei", "role": "admin" } });
    owner.deciding(EMAIL, lower).refused(ProblemKind::Conflict).await;
    owner.deciding(EMAIL, json!("remove")).refused(ProblemKind::Conflict).await;
    let after: People = owner.ask("GET", "/people").expect(200).await.json();
    assert_eq!(after, before);
}

#[tokio::test]
async fn of_two_owners_who_take_each_other_out_at_once_one_stays() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let given = password(&owner.decide(BO, json!({ "add": { "name": "Bo", "role": "owner" } })).await);
    let other = site.sign_in(BO, &given).await;
    let one = owner.deciding(BO, json!("remove"));
    let two = other.deciding_with(&given, EMAIL, json!("remove"));
    let done = join_all([one.send(), two.send()]).await;
    assert_eq!(done.iter().filter(|answer| answer.status == 200).count(), 1);
    let people: People = site.operator("GET", "/people").expect(200).await.json();
    assert_eq!(people.people.len(), 1);
}

#[tokio::test]
async fn the_operator_gives_a_password_and_no_role() {
    let site = Site::new().await;
    let bo = site.colleague(BO, Role::Agent).await;
    let owner = json!({ "email": BO, "password": "another long password" });
    let request = json!({ "settings": settings(), "owner": owner });
    site.operator("PUT", "").json(&request).expect(200).await;
    bo.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    let bo = site.sign_in(BO, "another long password").await;
    assert_eq!((bo.me.role, bo.me.name.as_str()), (Role::Agent, "Bo"));
    site.operator("GET", "/people").expect(200).await;
}

#[tokio::test]
async fn everybody_chooses_their_own_password() {
    let site = Site::new().await;
    let given =
        password(&site.agent().await.decide(BO, json!({ "add": { "name": "Bo", "role": "viewer" } })).await);
    let (bo, elsewhere) = (site.sign_in(BO, &given).await, site.sign_in(BO, &given).await);
    let mut desk = elsewhere.desk().await;
    let choose = |current: &str, new: &str| {
        bo.ask("PUT", "/me/password").json(&json!({ "current": current, "new": new }))
    };
    choose("a wrong password", "a password of my own").refused(ProblemKind::CredentialWrong).await;
    choose(&given, "too short").refused(ProblemKind::Malformed).await;
    choose(&given, &"x".repeat(201)).refused(ProblemKind::Malformed).await;
    choose("", "a password of my own").refused(ProblemKind::CredentialWrong).await;
    bo.ask("GET", "/me").expect(200).await;
    site.ask("PUT", "/me/password").json(&json!({})).refused(ProblemKind::SignInNeeded).await;

    choose(&given, "a password of my own").expect(204).await;
    bo.ask("GET", "/me").expect(200).await;
    elsewhere.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    desk.closed().await;
    site.try_to_sign_in(BO, &given).refused(ProblemKind::SignInWrong).await;
    let me = site.sign_in(BO, "a password of my own").await.me;
    assert_eq!((me.role, me.name.as_str()), (Role::Viewer, "Bo"));
    let lines = site.agent().await.ask("GET", "/audit").expect(200).await.text();
    assert!(lines.contains("\"password\"") && !lines.contains("of my own"));
}
