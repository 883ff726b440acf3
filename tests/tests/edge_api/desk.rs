//! People sign in, see the list as it changes, and other pages cannot act for them.

use deskbell_shared::{
    guard::{
        audit::{Entry, verify},
        record::Figures,
        signal::Signal,
    },
    throttle::SIGN_INS_PER_PERSON_AND_ADDRESS,
    wire::{
        DeskEvent, DeskRequest, HandoffReason, MessageId, Priority, ProblemKind, Role, SignInRequest,
        SignedIn, Status, Summary, TalkEvent, TalkRequest, Ticket,
    },
};
use deskbell_tests::{client::Socket, edge::Edge};
use serde_json::json;

use crate::{
    blocking::LATER,
    people::{EMAIL, SHOP, Site, Visitor, settings, valid},
};

/// Waits until a visitor's row is so; how it stands then.
pub(crate) async fn changed(
    desk: &mut Socket,
    visitor: &Visitor<'_>,
    is: impl Fn(&Summary) -> bool,
) -> Summary {
    desk.until(|event| match event {
        DeskEvent::Changed { conversation, .. } if conversation.conversation == visitor.conversation => {
            Some(*conversation).filter(&is)
        }
        _ => None,
    })
    .await
}

#[tokio::test]
async fn a_session_lasts_until_signing_out() {
    let site = Site::new().await;
    site.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    let agent = site.agent().await;
    assert!(agent.cookie.starts_with("__Host-"));
    assert_eq!(
        (agent.me.role, agent.me.name.as_str(), agent.me.site_name.as_str()),
        (Role::Owner, "Mei", "Shop")
    );
    assert_eq!(agent.ask("GET", "/me").expect(200).await.json::<SignedIn>(), agent.me);

    let forged = format!("{}x", agent.cookie);
    site.ask("GET", "/me").header("Cookie", &forged).refused(ProblemKind::SignInNeeded).await;
    let elsewhere = Site::new().await;
    elsewhere.ask("GET", "/me").header("Cookie", &agent.cookie).refused(ProblemKind::SignInNeeded).await;

    let second = site.agent().await;
    let gone = agent.ask("POST", "/sign-out").expect(204).await;
    assert!(gone.header("set-cookie").contains("Max-Age=0"));
    agent.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    second.ask("GET", "/me").expect(200).await;
}

#[tokio::test]
async fn a_new_password_ends_every_session_of_its_person() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let owner = json!({ "email": EMAIL, "password": "another long password" });
    let body = json!({ "settings": settings(), "owner": owner });
    // Whoever makes a site does not take over one that is there.
    let make = |site: &Site<'_>| site.operator("PUT", "").header("If-None-Match", "*").json(&body);
    make(&site).refused(ProblemKind::Conflict).await;
    agent.ask("GET", "/me").expect(200).await;
    let early = async {
        let sign_ins = (0..5).map(|_| async {
            let request = json!({ "email": EMAIL, "password": crate::people::PASSWORD });
            site.ask("POST", "/sign-in").origin(&site.edge.origin()).json(&request).send().await
        });
        futures::future::join_all(sign_ins).await
    };
    let (_, early) = tokio::join!(site.operator("PUT", "").json(&body).expect(200), early);
    agent.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    // Those that were on their way with the old one come to nothing either.
    for answer in early {
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default();
        site.ask("GET", "/me").header("Cookie", cookie).refused(ProblemKind::SignInNeeded).await;
    }
    let request = |password: &str| json!({ "email": EMAIL, "password": password });
    let sign_in =
        |password| site.ask("POST", "/sign-in").origin(&site.edge.origin()).json(&request(password));
    sign_in(crate::people::PASSWORD).refused(ProblemKind::SignInWrong).await;
    // The name that was not given again is the one they had.
    let me: SignedIn = sign_in("another long password").expect(200).await.json();
    assert_eq!(me.name.as_str(), "Mei");
}

#[tokio::test]
async fn sockets_and_tickets_end_with_their_session() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    let (leaver, stayer) = (site.agent().await, site.agent().await);
    let open = |path: String| async move {
        Socket::open(site.edge, &path, Some(&site.edge.origin())).await.map(drop)
    };
    let desk_path = |ticket: Ticket| site.path(&format!("/desk/socket?ticket={}", ticket.ticket));
    let ends = async |socket: &mut Socket| socket.closed().await.map(|frame| u16::from(frame.code));

    let (mut left_desk, mut desk) = (leaver.desk().await, stayer.desk().await);
    let ((mut left_talk, _), (mut talk, _)) =
        (leaver.socket(&visitor, 4).await, stayer.socket(&visitor, 4).await);
    let desk_ticket: Ticket = leaver.ask("POST", "/desk/ticket").expect(200).await.json();
    let talk_ticket: Ticket = leaver.talk("POST", &visitor, "/ticket").expect(200).await.json();
    leaver.ask("POST", "/sign-out").expect(204).await;
    assert_eq!(ends(&mut left_desk).await, Some(1008));
    assert_eq!(ends(&mut left_talk).await, Some(1008));
    assert_eq!(open(desk_path(desk_ticket)).await, Err(401));
    assert_eq!(open(visitor.socket_path(&talk_ticket)).await, Err(401));

    // Another session of the same person goes on, until a new password ends that too.
    desk.send(&DeskRequest::Hello).await;
    desk.until(|event| matches!(event, DeskEvent::Snapshot { .. }).then_some(())).await;
    let say = TalkRequest::Say { id: MessageId(crate::people::bytes()), text: valid("Still here") };
    talk.send(&say).await;
    talk.until(|event| matches!(event, TalkEvent::Ack { .. }).then_some(())).await;
    let owner = json!({ "email": EMAIL, "name": "Mei", "password": "another long password" });
    site.operator("PUT", "").json(&json!({ "settings": settings(), "owner": owner })).expect(200).await;
    assert_eq!(ends(&mut desk).await, Some(1008));
    assert_eq!(ends(&mut talk).await, Some(1008));

    // Where there is no site there is no desk either, and none is made by asking.
    let nowhere = format!("/v1/sites/nobody-made-this/desk/socket?ticket={}", "A".repeat(43));
    assert_eq!(open(nowhere).await, Err(404));
}

#[tokio::test]
async fn sockets_end_with_a_session_that_ends_by_time() {
    let edge = Edge::start_behind(LATER).await;
    let site = Site::at(&edge).await;
    let agent = site.agent().await;
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    desk.until(|event| matches!(event, DeskEvent::Snapshot { .. }).then_some(())).await;
    agent.ask("GET", "/me").header("X-Days-Later", "8").refused(ProblemKind::SignInNeeded).await;
    // The alarm of the platform goes by a clock of its own. Whoever signs in next does its work.
    site.agent().await;
    assert_eq!(desk.closed().await.map(|frame| u16::from(frame.code)), Some(1008));
}

#[tokio::test]
async fn the_cookie_is_for_this_host_and_its_own_pages_alone() {
    let site = Site::new().await;
    let request =
        SignInRequest { email: valid(EMAIL), password: crate::people::PASSWORD.to_owned(), code: None };
    let answer = site.ask("POST", "/sign-in").origin(&site.edge.origin()).json(&request).expect(200).await;
    let cookie = answer.header("set-cookie");
    for part in ["__Host-", "; Path=/;", "; HttpOnly", "; Secure", "; SameSite=Strict", "; Max-Age="] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    for origin in [SHOP, "https://evil.example"] {
        let ask = site.ask("POST", "/sign-in").origin(origin).json(&request);
        ask.refused(ProblemKind::OriginNotAllowed).await;
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_person_look_the_same() {
    let site = Site::new().await;
    let sign_in = |email: &str| {
        let request = json!({ "email": email, "password": "not the password" });
        site.ask("POST", "/sign-in").origin(&site.edge.origin()).json(&request)
    };
    let wrong = sign_in(EMAIL).refused(ProblemKind::SignInWrong).await;
    let unknown = sign_in("nobody@shop.example").refused(ProblemKind::SignInWrong).await;
    assert_eq!(wrong, unknown);
    let detail = sign_in("nobody").refused(ProblemKind::Malformed).await.detail;
    assert!(detail.starts_with("email: "), "{detail}");
    sign_in(EMAIL).header("X", "y").refused(ProblemKind::SignInWrong).await;
}

#[tokio::test]
async fn guessing_is_stopped_and_knowing_costs_nothing() {
    let site = Site::new().await;
    let quota = SIGN_INS_PER_PERSON_AND_ADDRESS.burst();
    for _ in 0..quota + 5 {
        site.agent().await;
    }
    let guess = || {
        let request = json!({ "email": EMAIL, "password": "a guess" });
        site.ask("POST", "/sign-in").origin(&site.edge.origin()).json(&request).send()
    };
    let guesses = futures::future::join_all((0..20).map(|_| guess())).await;
    let tried = guesses.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(tried, quota as usize);
    assert!(guess().await.problem(ProblemKind::Throttled).retry_after_s.is_some_and(|seconds| seconds > 60));

    // Whoever is guessed at still gets in, from where nobody guesses.
    let request =
        SignInRequest { email: valid(EMAIL), password: crate::people::PASSWORD.to_owned(), code: None };
    let elsewhere =
        site.ask("POST", "/sign-in").origin(&site.edge.origin()).from_address(&crate::people::address());
    elsewhere.json(&request).expect(200).await;
}

#[tokio::test]
async fn refused_sign_ins_are_on_record_and_a_flood_of_them_does_not_fill_it() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let quota = u64::from(SIGN_INS_PER_PERSON_AND_ADDRESS.burst());
    let guess = |email: String, from: String| {
        let request = json!({ "email": email, "password": "a guess" });
        let ask = site.ask("POST", "/sign-in").origin(&site.edge.origin()).from_address(&from);
        async move { ask.json(&request).send().await.status }
    };
    let from = crate::people::address();
    let one = futures::future::join_all((0..60).map(|_| guess(EMAIL.to_owned(), from.clone()))).await;
    assert_eq!(one.iter().filter(|status| **status == 401).count() as u64, quota);
    // Names that nobody has, each from another place.
    let guess_anybody = |n| guess(format!("person-{n}@shop.example"), crate::people::address());
    let others = futures::future::join_all((0..40).map(guess_anybody)).await;
    assert!(others.iter().all(|status| *status == 401), "{others:?}");
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;

    let record = agent.ask("GET", "/audit").expect(200).await.text();
    verify(&record).unwrap_or_else(|broken| panic!("{broken}"));
    let entries = record.lines().map(|line| {
        let entry: Entry = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        entry
    });
    let refused: Vec<Entry> = entries.filter(|entry| entry.what == "sign-in-refused").collect();
    let times = |who: &str, why: &str| -> u64 {
        let details = refused.iter().filter(|entry| entry.who == who).map(|entry| {
            let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap_or_default();
            detail
        });
        details.filter(|detail| detail["why"] == why).filter_map(|detail| detail["times"].as_u64()).sum()
    };
    assert_eq!(
        (times(EMAIL, "wrong"), times(EMAIL, "throttled"), times("unknown", "wrong")),
        (quota, 60 - quota, 40)
    );
    assert!(refused.len() <= 6, "{} entries of a hundred refusals", refused.len());
    for never in [from.as_str(), "person-1@", "a guess"] {
        assert!(!record.contains(never), "{never} is on record");
    }
    // The guard's own figures have them too.
    let figures: Figures = agent.ask("GET", "/guard/figures").expect(200).await.json();
    for signal in [Signal::SignIn, Signal::Rate] {
        assert!(figures.signals.iter().any(|(known, _)| *known == signal), "{signal:?} in {figures:?}");
    }
}

#[tokio::test]
async fn other_pages_cannot_act_for_an_agent() {
    let site = Site::new().await;
    let (visitor, agent) = (site.visitor_in_talk().await, site.agent().await);
    let close = format!("/conversations/{}/close", visitor.conversation);
    let own = site.edge.origin();
    let with_cookie = || site.ask("POST", &close).header("Cookie", &agent.cookie);
    with_cookie().origin(&own).refused(ProblemKind::SignInNeeded).await;
    with_cookie().origin(&own).header("X-Deskbell-Csrf", "x").refused(ProblemKind::SignInNeeded).await;
    let foreign = with_cookie().origin(SHOP).header("X-Deskbell-Csrf", &agent.me.csrf);
    foreign.refused(ProblemKind::OriginNotAllowed).await;
    with_cookie().header("X-Deskbell-Csrf", &agent.me.csrf).refused(ProblemKind::OriginNotAllowed).await;
    let other = site.agent().await;
    let crossed = with_cookie().origin(&own).header("X-Deskbell-Csrf", &other.me.csrf);
    crossed.refused(ProblemKind::SignInNeeded).await;
    for below in ["/desk/ticket", "/bans", "/sign-out"] {
        let ask = site.ask("POST", below).header("Cookie", &agent.cookie).origin(&own);
        ask.refused(ProblemKind::SignInNeeded).await;
    }
    agent.talk("POST", &visitor, "/close").expect(204).await;
}

#[tokio::test]
async fn the_desk_shows_each_change_as_it_happens() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let earlier = site.visitor_in_talk().await;
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let snapshot = |event| match event {
        DeskEvent::Snapshot { conversations, open } => Some((conversations, open)),
        _ => None,
    };
    let (conversations, open) = desk.until(snapshot).await;
    assert_eq!(open, 1);
    let summary = &conversations[0];
    assert_eq!(summary.conversation, earlier.conversation);
    assert_eq!((summary.status, summary.last_seq, summary.unread), (Status::Open, 4, 2));
    assert_eq!(summary.preview.as_str(), "I want a person");
    assert_eq!(summary.waiting_since, Some(summary.opened));
    assert!(!summary.online && !summary.banned);
    assert_eq!(summary.context, earlier.handoff().context);

    let visitor = site.visitor_in_talk().await;
    changed(&mut desk, &visitor, |summary| summary.unread == 2).await;
    let (socket, _) = visitor.socket(4).await;
    changed(&mut desk, &visitor, |summary| summary.online).await;
    let (mut talk, _) = agent.socket(&visitor, 4).await;
    talk.send(&TalkRequest::Read { seq: 2 }).await;
    changed(&mut desk, &visitor, |summary| summary.unread == 1 && summary.waiting_since.is_some()).await;
    let say = async |talk: &mut Socket| {
        let id = MessageId(crate::people::bytes());
        talk.send(&TalkRequest::Say { id, text: valid("Hello\n there") }).await;
    };
    // Words that cross with the visitor's neither read nor answer these.
    say(&mut talk).await;
    let crossed = changed(&mut desk, &visitor, |summary| summary.last_seq == 5).await;
    assert_eq!((crossed.unread, crossed.waiting_since), (1, Some(crossed.opened)));
    talk.send(&TalkRequest::Read { seq: 5 }).await;
    say(&mut talk).await;
    let answered = changed(&mut desk, &visitor, |summary| summary.last_seq == 6).await;
    assert_eq!((answered.unread, answered.waiting_since), (0, None));
    assert_eq!(answered.preview.as_str(), "Hello there");
    visitor.say("Thank you").expect(200).await;
    changed(&mut desk, &visitor, |summary| summary.unread == 1 && summary.waiting_since.is_some()).await;
    socket.close(1000).await;
    changed(&mut desk, &visitor, |summary| !summary.online).await;
    agent.talk("POST", &visitor, "/close").expect(204).await;
    changed(&mut desk, &visitor, |summary| summary.status == Status::Closed).await;

    desk.send(&DeskRequest::Hello).await;
    let (conversations, open) = desk.until(snapshot).await;
    assert_eq!(open, 1);
    let order: Vec<_> = conversations.iter().map(|summary| summary.conversation).collect();
    assert_eq!(order, [earlier.conversation, visitor.conversation], "the open ones come first");
}

#[tokio::test]
async fn who_waits_longest_is_in_the_list_however_many_there_are() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let (done, first) = (site.visitor_in_talk().await, site.visitor_in_talk().await);
    agent.talk("POST", &done, "/close").expect(204).await;
    for _ in 0..6 {
        futures::future::join_all((0..34).map(|_| site.visitor_in_talk())).await;
    }
    let last = site.visitor_in_talk().await;
    let mut danger = site.visitor();
    danger.hand_over_as(HandoffReason::Crisis, Priority::Urgent).await;

    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let list = desk.until(|event| match event {
        DeskEvent::Snapshot { conversations, open } => Some((conversations, open)),
        _ => None,
    });
    let (conversations, open) = list.await;
    let of = |status| conversations.iter().filter(|summary| summary.status == status).count();
    assert_eq!((open, of(Status::Open), of(Status::Closed)), (207, 201, 1));
    assert_eq!(conversations[0].conversation, first.conversation);
    assert!(conversations.iter().all(|summary| summary.conversation != last.conversation));
    // Nor is who should not wait beyond its end.
    let pressing = conversations.iter().find(|summary| summary.conversation == danger.conversation).unwrap();
    assert_eq!((pressing.priority, &pressing.reasons[..]), (Priority::Urgent, &[HandoffReason::Crisis][..]));

    // What comes from beyond the list's end is none more.
    last.say("Hello?").expect(200).await;
    let open = desk.until(|event| match event {
        DeskEvent::Changed { conversation, open } if conversation.conversation == last.conversation => {
            Some(open)
        }
        _ => None,
    });
    assert_eq!(open.await, 207);
}

#[tokio::test]
async fn the_desk_is_for_those_who_are_signed_in() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    visitor.ask("POST", "/desk/ticket").bearer(&visitor.token).refused(ProblemKind::SignInNeeded).await;
    visitor.talk("POST", "/close").refused(ProblemKind::SignInNeeded).await;
    site.ask("GET", "/bans").refused(ProblemKind::SignInNeeded).await;
    let path = site.path(&format!("/desk/socket?ticket={}", visitor.ticket().await.ticket));
    assert_eq!(Socket::open(site.edge, &path, Some(&site.edge.origin())).await.err(), Some(401));
    assert_eq!(Socket::open(site.edge, &path, Some(SHOP)).await.err(), Some(403));

    let mut desk = site.agent().await.desk().await;
    desk.send(&json!("dance")).await;
    assert_eq!(desk.closed().await.map(|frame| u16::from(frame.code)), Some(1008));
}

#[tokio::test]
async fn an_agent_finds_only_conversations_of_the_site() {
    let (site, other) = (Site::new().await, Site::new().await);
    let (visitor, agent) = (site.visitor_in_talk().await, other.agent().await);
    for (method, below) in [("GET", "/messages"), ("POST", "/ticket"), ("POST", "/close")] {
        agent.talk(method, &visitor, below).refused(ProblemKind::ConversationUnknown).await;
    }
}
