//! Who should not wait is shown as such.

use deskbell_shared::wire::{HandoffReason, Priority, ProblemKind, Status};
use serde_json::json;

use crate::{desk::changed, people::Site};

#[tokio::test]
async fn how_soon_a_person_should_come_is_shown_until_the_talk_is_closed() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let mut desk = agent.desk().await;
    let mut visitor = site.visitor();
    visitor.hand_over_as(HandoffReason::Sensitive, Priority::High).await;
    let summary = changed(&mut desk, &visitor, |summary| summary.priority == Priority::High).await;
    assert_eq!(summary.reasons, [HandoffReason::Sensitive]);
    agent.talk("POST", &visitor, "/close").expect(204).await;
    changed(&mut desk, &visitor, |summary| summary.status == Status::Closed).await;
    visitor.say("One more thing").expect(200).await;
    let summary = changed(&mut desk, &visitor, |summary| summary.status == Status::Open).await;
    assert_eq!(summary.priority, Priority::Normal);

    // One that is none is refused; one that an older widget does not send is normal.
    let mut request = serde_json::to_value(site.visitor().handoff()).unwrap();
    request["priority"] = json!("now");
    let stranger = site.visitor();
    stranger.ask("POST", "/conversations").json(&request).refused(ProblemKind::Malformed).await;
    request.as_object_mut().unwrap().remove("priority");
    stranger.ask("POST", "/conversations").json(&request).expect(201).await;
}
