//! What is kept of talks: as a file, for so many days, and nothing of what was erased.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use deskbell_shared::{
    guard::{audit::Entry, record::Figures},
    wire::{
        AppealId, Appeals, Ban, BanScope, Bans, DeskEvent, DeskRequest, HandoffAccepted, HandoffRequest,
        KeepDays, MAX_TRANSCRIPT_TURNS, MessageId, Millis, ProblemKind, Retention, Status, TalkEvent,
        TalkRecord, Turn, TurnSender,
    },
};
use deskbell_tests::{
    client::Socket,
    edge::{ADMIN_TOKEN, Edge},
};
use futures::future::join_all;
use serde_json::json;

use crate::{
    desk::changed,
    people::{Agent, SHOP, Site, Visitor, bytes, valid},
};

/// What the record has of this.
async fn recorded(agent: &Agent<'_>, what: &str) -> Vec<Entry> {
    let lines = agent.ask("GET", "/audit").expect(200).await.text();
    let entries = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")));
    entries.filter(|entry: &Entry| entry.what == what).collect()
}

/// Waits until the desk has heard that a visitor's conversation is no more.
async fn erased(desk: &mut Socket, visitor: &Visitor<'_>) -> u32 {
    desk.until(|event| match event {
        DeskEvent::Erased { conversation, open } => (conversation == visitor.conversation).then_some(open),
        _ => None,
    })
    .await
}

/// Whether the list has a visitor's conversation.
async fn is_listed(agent: &Agent<'_>, visitor: &Visitor<'_>) -> bool {
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let DeskEvent::Snapshot { conversations, .. } = desk.next().await else { panic!("no snapshot") };
    conversations.iter().any(|summary| summary.conversation == visitor.conversation)
}

#[tokio::test]
async fn nothing_is_left_of_a_talk_that_was_erased() {
    let site = Site::new().await;
    let (agent, other) = (site.agent().await, site.visitor_in_talk().await);
    let mut visitor = site.visitor();
    // What kept it from beginning goes with it.
    visitor.address.clone_from(&other.address);
    let ban: Ban = agent.ban(&other, BanScope::Address, None).expect(201).await.json();
    visitor.ask("POST", "/conversations").json(&visitor.handoff()).refused(ProblemKind::Banned).await;
    agent.ask("DELETE", &format!("/bans/{}", ban.id)).expect(204).await;
    visitor.hand_over().await;
    let kept = async || agent.ask("GET", "/guard/figures").expect(200).await.json::<Figures>().texts;
    let deadline = Instant::now() + Duration::from_secs(20);
    while kept().await.is_empty() {
        assert!(Instant::now() < deadline, "nobody has written down who was stopped");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let rules = json!({ "blocked": ["teapot"] });
    agent.ask("PUT", "/guard").json(&rules).expect(200).await;
    visitor.say("My teapot is broken").expect(200).await;
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let (mut theirs, _) = visitor.socket(0).await;
    let (mut ours, _) = agent.socket(&visitor, 0).await;

    let ban: Ban = agent.ban(&visitor, BanScope::Visitor, None).expect(201).await.json();
    let appeal =
        json!({ "id": AppealId(bytes()), "visitor": visitor.id, "words": "I am Ana", "language": "en" });
    visitor.ask("POST", "/appeals").json(&appeal).expect(201).await;
    agent.appeal_of(&ban).await;

    agent.talk("DELETE", &visitor, "").expect(204).await;
    assert_eq!(erased(&mut desk, &visitor).await, 1);
    let Appeals { appeals, .. } = agent.ask("GET", "/desk/appeals").expect(200).await.json();
    assert!(appeals.is_empty(), "what was said against a ban");
    let Bans { bans } = agent.ask("GET", "/bans").expect(200).await.json();
    assert!(bans.iter().all(|ban| ban.conversation.is_none()), "bans hold on, and name nothing");
    agent.ask("DELETE", &format!("/bans/{}", ban.id)).expect(204).await;
    theirs.closed().await;
    ours.closed().await;
    for (method, below) in [("GET", ""), ("GET", "/messages"), ("POST", "/close"), ("DELETE", "")] {
        agent.talk(method, &visitor, below).refused(ProblemKind::ConversationUnknown).await;
    }
    visitor.resume_request().refused(ProblemKind::ConversationUnknown).await;
    visitor.say("Hello?").refused(ProblemKind::ConversationUnknown).await;
    visitor.talk("POST", "/ticket").refused(ProblemKind::ConversationUnknown).await;
    assert!(!is_listed(&agent, &visitor).await && is_listed(&agent, &other).await);
    let figures: Figures = agent.ask("GET", "/guard/figures").expect(200).await.json();
    assert_eq!(figures.texts, [], "what the guard had kept of it");

    // The record has who and which, and none of the words.
    let entries = recorded(&agent, "erase").await;
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].who.as_str(), entries[0].detail.as_str()),
        (agent.me.email.as_str(), visitor.conversation.to_string().as_str())
    );

    // Who comes again begins anew.
    assert_eq!(visitor.hand_over().await.last_seq, 4);
    assert!(is_listed(&agent, &visitor).await);
}

#[tokio::test]
async fn nobody_else_erases_a_talk() {
    let (site, elsewhere) = (Site::new().await, Site::new().await);
    let (visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let path = format!("/conversations/{}", visitor.conversation);
    site.ask("DELETE", &path).refused(ProblemKind::SignInNeeded).await;
    visitor.talk("DELETE", "").refused(ProblemKind::SignInNeeded).await;
    let forged = site.ask("DELETE", &path).header("Cookie", &agent.cookie);
    forged
        .origin(SHOP)
        .header("X-Deskbell-Csrf", &agent.me.csrf)
        .refused(ProblemKind::OriginNotAllowed)
        .await;
    let unsigned = site.ask("DELETE", &path).header("Cookie", &agent.cookie).origin(&site.edge.origin());
    unsigned.refused(ProblemKind::SignInNeeded).await;
    elsewhere.agent().await.ask("DELETE", &path).refused(ProblemKind::ConversationUnknown).await;
    assert!(recorded(&agent, "erase").await.is_empty());
    assert!(recorded(&elsewhere.agent().await, "erase").await.is_empty());
    assert!(is_listed(&agent, &visitor).await);
    site.operator("DELETE", &path).expect(204).await;
    assert_eq!(recorded(&agent, "erase").await[0].who, "operator");
}

#[tokio::test]
async fn what_is_said_while_a_talk_is_erased_is_refused_or_erased_too() {
    let site = Site::new().await;
    let (visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let says = (0..8).map(|n| {
        let text = format!("One more thing, number {n}");
        let visitor = &visitor;
        async move { visitor.say(&text).send().await.status }
    });
    let erase = async { agent.talk("DELETE", &visitor, "").send().await.status };
    let (said, erased) = tokio::join!(join_all(says), erase);
    assert_eq!(erased, 204);
    assert!(said.iter().all(|status| matches!(status, 200 | 404)), "{said:?}");
    visitor.resume_request().refused(ProblemKind::ConversationUnknown).await;
    assert!(!is_listed(&agent, &visitor).await);
}

#[tokio::test]
async fn all_there_is_of_a_talk_can_be_taken_along() {
    let site = Site::new().await;
    let (mut visitor, agent) = (site.visitor(), site.agent().await);
    // One message more than there are in a page.
    let turn = |n| Turn {
        id: MessageId([n; 16]),
        at: Millis(1),
        from: TurnSender::Visitor,
        text: valid("Hello?"),
        entry: None,
    };
    let transcript: Vec<Turn> = (0..MAX_TRANSCRIPT_TURNS as u8).map(turn).collect();
    let handoff = HandoffRequest { transcript: transcript.clone(), ..visitor.handoff() };
    let accepted: HandoffAccepted =
        visitor.ask("POST", "/conversations").json(&handoff).expect(201).await.json();
    visitor.token = accepted.session.token;
    visitor.conversation = accepted.conversation;
    let answer = agent.talk("GET", &visitor, "").expect(200).await;
    let file = format!("attachment; filename=\"{}-{}.json\"", site.name, visitor.conversation);
    assert_eq!(answer.header("content-disposition"), file);
    let record: TalkRecord = answer.json();
    assert_eq!((record.summary.conversation, record.summary.status), (visitor.conversation, Status::Open));
    assert!(record.messages.iter().zip(1..).all(|(message, seq)| message.seq == seq));
    let said = transcript.iter().map(|turn| turn.id);
    assert!(record.messages.iter().map(|message| message.id).zip(said).all(|(id, said)| id == said));
    assert_eq!(record.messages.len(), MAX_TRANSCRIPT_TURNS + 1);

    site.operator("GET", &format!("/conversations/{}", visitor.conversation)).expect(200).await;
    visitor.talk("GET", "").refused(ProblemKind::SignInNeeded).await;
    let nobodys = format!("/conversations/{}", MessageId([9; 16]));
    agent.ask("GET", &nobodys).refused(ProblemKind::ConversationUnknown).await;
}

#[tokio::test]
async fn for_how_long_talks_are_kept_is_the_sites_decision() {
    let site = Site::new().await;
    let (visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let kept = async || agent.ask("GET", "/retention").expect(200).await.json::<Retention>().days;
    assert_eq!(kept().await, None);
    for wrong in [json!({ "days": 0 }), json!({ "days": 3_651 }), json!({ "days": "30" }), json!(30)] {
        agent.ask("PUT", "/retention").json(&wrong).refused(ProblemKind::Malformed).await;
    }
    agent.ask("PUT", "/retention").json(&json!({ "days": 30 })).expect(200).await;
    assert_eq!(kept().await, KeepDays::new(30).ok());
    assert!(is_listed(&agent, &visitor).await, "it is not that old");
    agent.ask("PUT", "/retention").json(&json!({ "days": null })).expect(200).await;
    assert_eq!(kept().await, None);
    let details: Vec<String> =
        recorded(&agent, "retention").await.into_iter().map(|entry| entry.detail).collect();
    assert_eq!(details, ["30 days", "none"]);

    site.ask("GET", "/retention").refused(ProblemKind::SignInNeeded).await;
    visitor.ask("PUT", "/retention").json(&json!({ "days": 1 })).refused(ProblemKind::SignInNeeded).await;
    site.edge
        .ask("GET", "/v1/sites/nobodys/retention")
        .bearer(ADMIN_TOKEN)
        .refused(ProblemKind::SiteUnknown)
        .await;
}

/// An edge whose clock is a hundred days late until it is asked for `/later`, then fifty, and right from `/today` on.
const LATE: &str = "
    import edge from './entry.mjs';
    export * from './entry.mjs';
    const Real = Date;
    let late = 100 * 24 * 60 * 60 * 1000;
    globalThis.Date = class extends Real {
        constructor(...moment) {
            if (moment.length > 0) super(...moment); else super(Real.now() - late);
        }
        static now() { return Real.now() - late; }
    };
    export default {
        fetch(request, env, context) {
            const path = new URL(request.url).pathname;
            if (path === '/later') late /= 2;
            if (path === '/today') late = 0;
            return edge.fetch(request, env, context);
        }
    };
";

#[tokio::test]
async fn talks_that_have_become_too_old_are_erased_by_themselves() {
    let edge = Edge::start_behind(LATE).await;
    let site = Site::at(&edge).await;
    // More than are erased at once.
    let old = join_all((0..25).map(|_| site.visitor_in_talk())).await;
    let mut still_in_use = site.visitor_in_talk().await;
    site.operator("PUT", "/retention").json(&json!({ "days": 99 })).expect(200).await;
    assert!(is_listed(&site.agent().await, &old[0]).await);

    edge.ask("GET", "/later").send().await;
    still_in_use.come_back().await;
    still_in_use.say("Are you still there?").expect(200).await;
    edge.ask("GET", "/today").send().await;
    let agent = site.agent().await;
    let new = site.visitor_in_talk().await;
    // The alarm goes at the latest a day after it was set, and for it that is long ago.
    let deadline = Instant::now() + Duration::from_secs(20);
    for visitor in &old {
        while is_listed(&agent, visitor).await {
            assert!(Instant::now() < deadline, "nobody erases what is old");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        visitor.resume_request().refused(ProblemKind::ConversationUnknown).await;
    }
    for visitor in [&still_in_use, &new] {
        assert!(is_listed(&agent, visitor).await);
        visitor.resume_request().expect(200).await;
    }
    still_in_use.come_back().await;
    let (_socket, caught_up) = still_in_use.socket(0).await;
    assert!(matches!(caught_up, TalkEvent::CatchUp { messages, .. } if messages.len() == 5));
    let entries = recorded(&agent, "erase").await;
    assert!(entries.iter().all(|entry| entry.who == "retention"), "{entries:?}");
    let named: BTreeSet<String> = entries.into_iter().map(|entry| entry.detail).collect();
    assert_eq!(named, old.iter().map(|visitor| visitor.conversation.to_string()).collect());
}

/// A desk that does not hear of the first erased talk, as one that is being moved. After `/deaf` it does not hear the next
/// note either, and after `/late` hears it when a talk has been erased.
const HARD_OF_HEARING: &str = "
    import edge, { DeskDo as Whole } from './entry.mjs';
    export * from './entry.mjs';
    let [deaf, late, release] = [new Set(['/forget']), false, null];
    export class DeskDo {
        constructor(state, env) { this.whole = new Whole(state, env); }
        async fetch(request) {
            const path = new URL(request.url).pathname;
            if (deaf.delete(path)) throw new Error('not now');
            if (path === '/note' && late) {
                late = false;
                await new Promise(go => release = go);
            }
            const answer = await this.whole.fetch(request);
            if (path === '/forget') release?.();
            return answer;
        }
        alarm() { return this.whole.alarm(); }
        webSocketMessage(socket, message) { return this.whole.webSocketMessage(socket, message); }
        webSocketClose(socket, code, reason, clean) {
            return this.whole.webSocketClose(socket, code, reason, clean);
        }
        webSocketError(socket, error) { return this.whole.webSocketError(socket, error); }
    }
    export default {
        fetch(request, env, context) {
            const path = new URL(request.url).pathname;
            if (path === '/held') return new Response(String(release !== null));
            if (path === '/deaf') deaf.add('/note');
            if (path === '/late') { deaf.clear(); late = true; }
            return edge.fetch(request, env, context);
        }
    };
";

#[tokio::test]
async fn a_desk_that_could_not_be_told_of_an_erased_talk_is_told_later() {
    let edge = Edge::start_behind(HARD_OF_HEARING).await;
    let site = Site::at(&edge).await;
    let (mut visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    agent.talk("DELETE", &visitor, "").expect(204).await;
    // Until everybody has heard of it, nothing of the same name begins.
    visitor.ask("POST", "/conversations").json(&visitor.handoff()).refused(ProblemKind::Unavailable).await;
    erased(&mut desk, &visitor).await;
    visitor.hand_over().await;
    // One that has begun anew is told of again as well.
    edge.ask("GET", "/deaf").send().await;
    visitor.say("Are you still there?").expect(200).await;
    changed(&mut desk, &visitor, |summary| summary.preview.as_str() == "Are you still there?").await;
}

#[tokio::test]
async fn what_was_on_its_way_to_the_desk_does_not_bring_an_erased_talk_back() {
    let edge = Edge::start_behind(HARD_OF_HEARING).await;
    let site = Site::at(&edge).await;
    let (mut visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    edge.ask("GET", "/late").send().await;
    let erase = async {
        while edge.ask("GET", "/held").send().await.text() != "true" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        agent.talk("DELETE", &visitor, "").expect(204).await;
    };
    let (said, ()) = tokio::join!(visitor.say("My name is Ana").send(), erase);
    assert_eq!(said.status, 200);
    assert!(!is_listed(&agent, &visitor).await);
    visitor.hand_over().await;
    assert!(is_listed(&agent, &visitor).await);
}
