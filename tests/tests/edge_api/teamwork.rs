//! People share the work: each talk is looked after by somebody, what they note is theirs alone, and answers are kept.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use deskbell_shared::wire::{
    CustomerSecret, HandoffAccepted, HandoffRequest, InternalNote, MAX_SAVED_REPLIES, Missed, NoteEvent,
    ProblemKind, Role, SavedReplies, SavedReplyRequest, TalkEvent, TalkHistory, TalkRecord, TalkRequest,
    Team, Teammate, Ticket, jwt,
};
use deskbell_tests::client::{Ask, Socket};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::{
    desk::changed,
    people::{Agent, EMAIL, Site, Visitor, bytes, message_id, valid},
};

const BO: &str = "bo@shop.example";

/// The next that a socket tells of notes; what it tells of other things is passed over.
async fn next_of_notes(socket: &mut Socket) -> NoteEvent {
    loop {
        if let Ok(event) = serde_json::from_str(&socket.next_text().await) {
            return event;
        }
    }
}

fn mei() -> Teammate {
    Teammate { email: valid(EMAIL), name: valid("Mei") }
}

fn bo() -> Teammate {
    Teammate { email: valid(BO), name: valid("Bo") }
}

impl Agent<'_> {
    pub(crate) fn assigning(&self, visitor: &Visitor<'_>, to: Option<&str>, instead_of: Option<&str>) -> Ask {
        self.talk("PUT", visitor, "/assignee").json(&json!({ "to": to, "instead_of": instead_of }))
    }

    fn noting(&self, visitor: &Visitor<'_>, text: &str) -> Ask {
        self.talk("POST", visitor, "/notes").json(&json!({ "id": message_id(), "text": text }))
    }

    pub(crate) fn saying(&self, visitor: &Visitor<'_>, text: &str) -> Ask {
        self.talk("POST", visitor, "/messages").json(&json!({ "id": message_id(), "text": text }))
    }

    async fn notes(&self, visitor: &Visitor<'_>) -> Vec<InternalNote> {
        self.talk("GET", visitor, "/notes").expect(200).await.json()
    }

    async fn history(&self, visitor: &Visitor<'_>) -> TalkHistory {
        self.talk("GET", visitor, "/history").expect(200).await.json()
    }
}

#[tokio::test]
async fn whoever_answers_first_looks_after_it_until_it_is_given_to_another() {
    let site = Site::new().await;
    let (mei_signed_in, bo_signed_in) = (site.agent().await, site.colleague(BO, Role::Agent).await);
    site.colleague("vi@shop.example", Role::Viewer).await;
    let team: Team = bo_signed_in.ask("GET", "/team").expect(200).await.json();
    assert_eq!(team.teammates, [bo(), mei()], "whoever may only look is not one of them");

    let visitor = site.visitor_in_talk().await;
    let mut desk = mei_signed_in.desk().await;
    bo_signed_in.saying(&visitor, "I am looking into it").expect(200).await;
    let is =
        |teammate: Option<Teammate>| move |row: &deskbell_shared::wire::Summary| row.assignee == teammate;
    changed(&mut desk, &visitor, is(Some(bo()))).await;
    mei_signed_in.saying(&visitor, "So am I").expect(200).await;
    assert_eq!(mei_signed_in.history(&visitor).await.conversation.assignee, Some(bo()), "it stays Bo's");

    // Who has not seen that it was given away does not take it.
    mei_signed_in.assigning(&visitor, Some(EMAIL), None).refused(ProblemKind::Conflict).await;
    mei_signed_in.assigning(&visitor, Some(EMAIL), Some(BO)).expect(204).await;
    mei_signed_in.assigning(&visitor, Some(EMAIL), Some(BO)).expect(204).await;
    changed(&mut desk, &visitor, is(Some(mei()))).await;
    bo_signed_in.assigning(&visitor, None, Some(EMAIL)).expect(204).await;
    changed(&mut desk, &visitor, is(None)).await;

    for nobody in ["vi@shop.example", "gone@shop.example"] {
        bo_signed_in.assigning(&visitor, Some(nobody), None).refused(ProblemKind::NotFound).await;
    }
    for nonsense in [json!({ "to": "nobody", "instead_of": null }), json!(null), json!([])] {
        let ask = bo_signed_in.talk("PUT", &visitor, "/assignee").json(&nonsense);
        ask.refused(ProblemKind::Malformed).await;
    }
    let stranger = site.visitor();
    bo_signed_in.assigning(&stranger, Some(BO), None).refused(ProblemKind::ConversationUnknown).await;
}

#[tokio::test]
async fn of_two_who_take_a_talk_at_once_one_has_it() {
    let site = Site::new().await;
    let (one, two) = (site.agent().await, site.colleague(BO, Role::Agent).await);
    for _ in 0..10 {
        let visitor = site.visitor_in_talk().await;
        let taking = [one.assigning(&visitor, Some(EMAIL), None), two.assigning(&visitor, Some(BO), None)];
        let done = join_all(taking.into_iter().map(Ask::send)).await;
        let taken: Vec<_> = done.iter().map(|answer| answer.status).collect();
        let expected = if taken[0] == 204 { (409, mei()) } else { (204, bo()) };
        assert_eq!(taken[1], expected.0, "{taken:?}");
        assert_eq!(one.history(&visitor).await.conversation.assignee, Some(expected.1));
    }
}

#[tokio::test]
async fn what_people_note_is_theirs_alone() {
    const SECRET: &str = "asks for the third time, be generous";
    let site = Site::new().await;
    let (mei_signed_in, vi) = (site.agent().await, site.colleague("vi@shop.example", Role::Viewer).await);
    let mut visitor = site.visitor_in_talk().await;
    let (mut theirs, _) = visitor.socket(0).await;
    let (mut ours, _) = mei_signed_in.socket(&visitor, 0).await;
    let request = json!({ "id": message_id(), "text": SECRET });
    let post = || mei_signed_in.talk("POST", &visitor, "/notes").json(&request);
    let note: InternalNote = post().expect(200).await.json();
    assert_eq!((&note.by, note.text.as_str(), note.after), (&mei(), SECRET, 4));
    assert_eq!(next_of_notes(&mut ours).await, NoteEvent::Noted { note: note.clone() });

    // Sent again it is the same; other words under its name are not taken.
    assert_eq!(post().expect(200).await.json::<InternalNote>(), note);
    let other = json!({ "id": request["id"], "text": "other words" });
    mei_signed_in.talk("POST", &visitor, "/notes").json(&other).refused(ProblemKind::Conflict).await;
    assert_eq!(mei_signed_in.notes(&visitor).await, vec![note.clone()]);
    for text in [String::new(), "x".repeat(4001)] {
        mei_signed_in.noting(&visitor, &text).refused(ProblemKind::Malformed).await;
    }

    // Nothing that a visitor can ask for has it.
    let seen: Vec<TalkEvent> = theirs.during(Duration::from_millis(300)).await;
    assert!(!format!("{seen:?}").contains(SECRET));
    theirs.send(&TalkRequest::Hello { after: 0 }).await;
    let caught_up = theirs.next_text().await;
    let missed = visitor.talk("GET", "/messages?after=0").expect(200).await.text();
    let resumed = visitor.resume_request().expect(200).await.text();
    for answer in [caught_up, missed, resumed] {
        assert!(!answer.contains(SECRET), "{answer}");
    }
    for (method, below) in [("GET", "/notes"), ("POST", "/notes"), ("GET", "/history"), ("PUT", "/assignee")]
    {
        visitor.talk(method, below).json(&request).refused(ProblemKind::SignInNeeded).await;
    }
    visitor.come_back().await;

    // Whoever comes later has it too, also who only looks; and it is taken along with the rest.
    let ticket: Ticket = vi.talk("POST", &visitor, "/ticket").expect(200).await.json();
    let later = Socket::open(site.edge, &visitor.socket_path(&ticket), Some(&site.edge.origin())).await;
    let mut later = later.unwrap_or_else(|status| panic!("the socket was refused with {status}"));
    later.send(&TalkRequest::Hello { after: 0 }).await;
    assert_eq!(next_of_notes(&mut later).await, NoteEvent::Notes { notes: vec![note.clone()] });
    let record: TalkRecord = vi.talk("GET", &visitor, "").expect(200).await.json();
    assert_eq!(record.notes, [note]);
    mei_signed_in.talk("DELETE", &visitor, "").expect(204).await;
    mei_signed_in.talk("GET", &visitor, "/notes").refused(ProblemKind::ConversationUnknown).await;
}

#[tokio::test]
async fn who_may_only_look_sees_a_talk_and_leaves_no_trace_in_it() {
    let site = Site::new().await;
    let vi = site.colleague("vi@shop.example", Role::Viewer).await;
    let visitor = site.visitor_in_talk().await;
    let (mut theirs, _) = visitor.socket(0).await;
    let (mut looking, caught_up) = vi.socket(&visitor, 0).await;
    assert!(matches!(caught_up, TalkEvent::CatchUp { ref messages, .. } if messages.len() == 4));
    visitor.say("Is somebody there?").expect(200).await;
    looking.until(|event| matches!(event, TalkEvent::Message { .. }).then_some(())).await;
    looking.send(&TalkRequest::Read { seq: 5 }).await;
    looking.send(&TalkRequest::Typing).await;
    let (id, text) = (message_id(), valid("I may not say this"));
    looking.send(&TalkRequest::Say { id, text }).await;
    let refused = |event| match event {
        TalkEvent::Refused { id, problem } => Some((id, problem.kind)),
        _ => None,
    };
    assert_eq!(looking.until(refused).await, (Some(id), ProblemKind::NotAllowed));
    let heard: Vec<TalkEvent> = theirs.during(Duration::from_millis(300)).await;
    assert!(
        heard.iter().all(|event| matches!(event, TalkEvent::Message { message } if message.seq == 5)),
        "{heard:?}"
    );
    let missed: Missed = vi.talk("GET", &visitor, "/messages?after=0").expect(200).await.json();
    assert_eq!(missed.messages.len(), 5);
    let row = vi.history(&visitor).await.conversation;
    assert!(row.unread > 0 && row.assignee.is_none() && row.first_reply.is_none());
}

fn reply(title: &str, text: &str, version: u64) -> Value {
    json!({ "title": title, "text": text, "version": version })
}

#[tokio::test]
async fn answers_are_kept_for_everybody_and_nobodys_change_is_lost() {
    let site = Site::new().await;
    let (mei_signed_in, bo_signed_in) = (site.agent().await, site.colleague(BO, Role::Agent).await);
    let empty: SavedReplies = mei_signed_in.ask("GET", "/replies").expect(200).await.json();
    assert!(empty.replies.is_empty());
    let path = format!("/replies/{}", message_id());
    let put = |agent: &Agent<'_>, request: &Value| agent.ask("PUT", &path).json(request);
    let first = reply("Refund", "Hello {name}, it takes three days.", 0);
    put(&mei_signed_in, &first).expect(200).await;
    put(&mei_signed_in, &first).expect(200).await;
    let second = reply("Refund", "It takes a week.", 1);
    let answer: SavedReplies = put(&bo_signed_in, &second).expect(200).await.json();
    assert_eq!(answer.replies.len(), 1);
    assert_eq!((answer.replies[0].version, answer.replies[0].text.as_str()), (2, "It takes a week."));
    // Mei has not seen Bo's change.
    put(&mei_signed_in, &reply("Refund", "It takes a day.", 1)).refused(ProblemKind::Conflict).await;
    put(&mei_signed_in, &reply("Refund", "It takes a day.", 7)).refused(ProblemKind::Conflict).await;
    for nonsense in [reply("", "x", 2), reply("x", "", 2), reply(&"x".repeat(201), "x", 2), json!({})] {
        put(&mei_signed_in, &nonsense).refused(ProblemKind::Malformed).await;
    }
    mei_signed_in.ask("PUT", "/replies/nonsense").json(&first).refused(ProblemKind::NotFound).await;

    let thanks = format!("/replies/{}", message_id());
    let answer: SavedReplies =
        bo_signed_in.ask("PUT", &thanks).json(&reply("apologies", "Sorry!", 0)).expect(200).await.json();
    let titles: Vec<_> = answer.replies.iter().map(|reply| reply.title.as_str()).collect();
    assert_eq!(titles, ["apologies", "Refund"]);
    bo_signed_in.ask("DELETE", &thanks).refused(ProblemKind::Malformed).await;
    bo_signed_in.ask("DELETE", &format!("{thanks}?version=2")).refused(ProblemKind::Conflict).await;
    for _ in 0..2 {
        bo_signed_in.ask("DELETE", &format!("{thanks}?version=1")).expect(200).await;
    }
    put(&bo_signed_in, &reply("Refund", "Taken away meanwhile", 0)).refused(ProblemKind::Conflict).await;
    site.ask("GET", "/replies").refused(ProblemKind::SignInNeeded).await;
}

#[tokio::test]
async fn there_are_so_many_saved_replies_and_no_more() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let make = |n: usize| {
        let request =
            SavedReplyRequest { title: valid(&format!("Reply {n}")), text: valid("Hello"), version: 0 };
        agent.ask("PUT", &format!("/replies/{}", message_id())).json(&request).send()
    };
    for chunk in (0..=MAX_SAVED_REPLIES).collect::<Vec<_>>().chunks(50) {
        let answers = join_all(chunk.iter().map(|n| make(*n))).await;
        let refused = answers.iter().filter(|answer| answer.status != 200).count();
        assert_eq!(refused, usize::from(chunk.contains(&MAX_SAVED_REPLIES)));
    }
}

impl Site<'_> {
    /// Somebody in a talk in this browser, signed in at the shop as this customer.
    async fn known_visitor(&self, customer: Option<&str>, browser: [u8; 16]) -> Visitor<'_> {
        let mut visitor = self.visitor();
        visitor.id.0 = browser;
        let secret: CustomerSecret = self.operator("GET", "/customer-secret").expect(200).await.json();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let token = customer.map(|sub| {
            valid(&jwt::sign(&json!({ "sub": sub, "aud": self.name, "exp": now + 60 }), &secret.secret))
        });
        let request = HandoffRequest { customer: token, ..visitor.handoff() };
        let accepted: HandoffAccepted =
            visitor.ask("POST", "/conversations").json(&request).expect(201).await.json();
        visitor.conversation = accepted.conversation;
        visitor
    }
}

#[tokio::test]
async fn a_customers_talks_are_found_and_nobody_elses() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let (home, work) = (bytes(), bytes());
    let first = site.known_visitor(Some("ana"), home).await;
    let anonymous = site.known_visitor(None, home).await;
    let elsewhere = site.known_visitor(Some("ana"), work).await;
    // The same browser, and somebody else in front of it.
    let other = site.known_visitor(Some("ben"), home).await;
    site.visitor_in_talk().await;
    let others = async |visitor: &Visitor<'_>| {
        let mut found: Vec<_> =
            agent.history(visitor).await.others.into_iter().map(|row| row.conversation).collect();
        found.sort();
        found
    };
    let sorted = |visitors: &[&Visitor<'_>]| {
        let mut ids: Vec<_> = visitors.iter().map(|visitor| visitor.conversation).collect();
        ids.sort();
        ids
    };
    assert_eq!(others(&first).await, sorted(&[&anonymous, &elsewhere]));
    assert_eq!(others(&elsewhere).await, sorted(&[&first]));
    assert_eq!(others(&other).await, sorted(&[&anonymous]));
    assert_eq!(others(&anonymous).await, sorted(&[&first, &other]));
    let unknown = site.visitor();
    agent.talk("GET", &unknown, "/history").refused(ProblemKind::ConversationUnknown).await;
}
