//! Who a visitor is counts when the site's backend has signed it, and no visitor is lost over a signature that is wrong.

use std::time::{SystemTime, UNIX_EPOCH};

use deskbell_shared::{
    guard::audit::verify,
    wire::{
        Customer, CustomerFault, CustomerSecret, HandoffAccepted, HandoffRequest, Priority, ProblemKind,
        Status, jwt,
    },
};
use serde_json::{Value, json};

use crate::{
    desk::changed,
    people::{Site, Visitor, valid},
};

impl Site<'_> {
    async fn customer_secret(&self) -> String {
        self.agent().await.ask("GET", "/customer-secret").expect(200).await.json::<CustomerSecret>().secret
    }

    /// Claims of a customer of this site, good for a minute.
    fn claims(&self) -> Value {
        json!({ "sub": "42", "aud": self.name, "exp": seconds() + 60, "name": "Ana", "vip": true })
    }
}

/// Now, as tokens count.
fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

impl Visitor<'_> {
    /// Is handed over with this token; what the edge says of it.
    async fn hand_over_with(&mut self, token: String) -> Option<CustomerFault> {
        let request = HandoffRequest { customer: Some(valid(&token)), ..self.handoff() };
        let accepted: HandoffAccepted =
            self.ask("POST", "/conversations").json(&request).expect(201).await.json();
        self.conversation = accepted.conversation;
        accepted.customer_fault
    }
}

#[tokio::test]
async fn agents_see_who_is_signed_in_and_a_vip_first() {
    let site = Site::new().await;
    let secret = site.customer_secret().await;
    let mut desk = site.agent().await.desk().await;
    let mut ana = site.visitor();
    assert_eq!(ana.hand_over_with(jwt::sign(&site.claims(), &secret)).await, None);
    let summary = changed(&mut desk, &ana, |_| true).await;
    let expected = Customer { id: valid("42"), name: Some(valid("Ana")), email: None, vip: true };
    assert_eq!((summary.customer, summary.priority), (Some(expected), Priority::High));
    site.agent().await.talk("POST", &ana, "/close").expect(204).await;
    let summary = changed(&mut desk, &ana, |summary| summary.status == Status::Closed).await;
    assert_eq!(summary.priority, Priority::High, "also with the next matter");

    let mut claims = site.claims();
    claims["vip"] = json!(false);
    let mut other = site.visitor();
    assert_eq!(other.hand_over_with(jwt::sign(&claims, &secret)).await, None);
    assert_eq!(changed(&mut desk, &other, |_| true).await.priority, Priority::Normal);
}

#[tokio::test]
async fn who_cannot_be_believed_is_heard_as_everybody_is() {
    let site = Site::new().await;
    let secret = site.customer_secret().await;
    let mut desk = site.agent().await.desk().await;
    let expired = {
        let mut claims = site.claims();
        claims["exp"] = json!(seconds() - 1);
        jwt::sign(&claims, &secret)
    };
    let elsewhere = Site::new().await;
    for (token, fault) in [
        (jwt::sign(&site.claims(), "guessed"), CustomerFault::Signature),
        (jwt::sign(&site.claims(), &elsewhere.customer_secret().await), CustomerFault::Signature),
        (jwt::sign(&elsewhere.claims(), &secret), CustomerFault::OtherSite),
        (expired, CustomerFault::Expired),
    ] {
        let mut visitor = site.visitor();
        assert_eq!(visitor.hand_over_with(token).await, Some(fault));
        let summary = changed(&mut desk, &visitor, |_| true).await;
        assert_eq!((summary.customer, summary.priority), (None, Priority::Normal), "{fault:?}");
    }
    let mut request = serde_json::to_value(site.visitor().handoff()).unwrap();
    for malformed in [json!("a.b"), json!(7), json!("x".repeat(5_000))] {
        request["customer"] = malformed;
        site.visitor().ask("POST", "/conversations").json(&request).refused(ProblemKind::Malformed).await;
    }
}

#[tokio::test]
async fn a_new_secret_ends_what_was_signed_with_the_old_one() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let old = site.customer_secret().await;
    assert_eq!(site.customer_secret().await, old, "it stays until somebody wants another");
    let renew =
        |ask: deskbell_tests::client::Ask| async { ask.expect(200).await.json::<CustomerSecret>().secret };
    let new = renew(agent.ask("POST", "/customer-secret")).await;
    assert_ne!(new, old);
    assert_eq!(renew(site.operator("GET", "/customer-secret")).await, new);
    let mut visitor = site.visitor();
    let told = visitor.hand_over_with(jwt::sign(&site.claims(), &old)).await;
    assert_eq!(told, Some(CustomerFault::Signature));
    assert_eq!(site.visitor().hand_over_with(jwt::sign(&site.claims(), &new)).await, None);

    let record = agent.ask("GET", "/audit").expect(200).await.text();
    verify(&record).expect("a whole record");
    assert_eq!(record.matches(r#""what":"customer-secret""#).count(), 1, "{record}");
    for method in ["GET", "POST"] {
        site.ask(method, "/customer-secret").refused(ProblemKind::SignInNeeded).await;
    }
}
