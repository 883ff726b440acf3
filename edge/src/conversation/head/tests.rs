//! How a conversation's record changes.

use deskbell_shared::{
    guard::{conduct::Conduct, ladder::Rung, pow::Solver, signal::Signal},
    throttle,
    wire::{BanId, ProblemKind, Proof, TalkEvent, Turn, VisitorContext, token::Key},
};

use super::*;
use crate::conversation::{
    guarding::{Admission, Spoken},
    watch::{Watch, Watcher},
};

const NOW: Millis = Millis(1_000_000);

fn new_id() -> Outcome<MessageId> {
    Ok(MessageId([9; 16]))
}

fn text(text: &str) -> Text {
    Text::new(text).unwrap()
}

fn agent(name: &str) -> Speaker {
    Speaker::Agent {
        person: Email::try_from(format!("{name}@shop.example")).unwrap(),
        name: Line::new(name).unwrap(),
    }
}

fn opened() -> (Head, Vec<Message>) {
    let turn = |n, from, at| Turn {
        id: MessageId([n; 16]),
        at: Millis(at),
        from,
        text: text(if from == TurnSender::Visitor { "Where\nis  it?" } else { "In the post." }),
        entry: None,
    };
    let open = Open {
        site: "acme".parse().unwrap(),
        conversation: ConversationId([1; 16]),
        reasons: vec![HandoffReason::Button],
        priority: Priority::High,
        transcript: vec![turn(1, TurnSender::Visitor, 5), turn(2, TurnSender::Bot, u64::MAX)],
        context: VisitorContext {
            language: "en".to_owned().try_into().unwrap(),
            page: None,
            title: None,
            utc_offset_minutes: 0,
        },
        subject: None,
        customer: None,
        via: None,
        answer: None,
        visitor: VisitorKeys { visitor: "v".to_owned(), address: "a".to_owned(), around: Vec::new() },
        conduct: Conduct::default(),
        watch: Watch::default(),
    };
    Head::open(open, NOW, &mut new_id).unwrap()
}

fn ban(n: u8, until: Option<u64>) -> BanVisitor {
    let (id, reason) = (BanId([n; 16]), Line::new("calm down").ok());
    BanVisitor { id, reason, signals: Vec::new(), until: until.map(Millis), place: None, wide: false }
}

fn unban(n: u8, forgiven: bool) -> UnbanVisitor {
    UnbanVisitor { id: BanId([n; 16]), forgiven }
}

/// The visitor says something; whether it is taken.
fn says(head: &mut Head, n: u8, words: &str, now: Millis) -> Outcome<Option<TalkEvent>> {
    let (watcher, key) = (Watcher::of(&head.site, &Watch::default()), Key::derive(b"master", "challenge/1"));
    let spoken = Spoken { id: MessageId([n; 16]), text: words, watcher: &watcher, key: &key };
    match head.admit_visitor(&spoken, now, &mut new_id)? {
        Admission::Taken(event, _) => Ok(event),
        Admission::Refused(refusal, _) => Err(*refusal),
    }
}

fn prove(head: &mut Head, proof: &Proof, now: Millis) -> Outcome<()> {
    let (watcher, key) = (Watcher::of(&head.site, &Watch::default()), Key::derive(b"master", "challenge/1"));
    head.prove(proof, &watcher, &key, now, &mut new_id)
}

#[test]
fn what_was_said_before_is_numbered_and_nothing_of_it_lies_in_the_future() {
    let (head, messages) = opened();
    assert_eq!(messages.iter().map(|message| message.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(messages.iter().map(|message| message.at).collect::<Vec<_>>(), [Millis(5), NOW, NOW]);
    assert_eq!(head.preview.as_str(), "Where is it?");
    assert_eq!((head.unread, head.waiting_since, head.visitor_read), (1, Some(NOW), 3));
}

#[test]
fn whoever_waits_waits_since_the_first_unanswered_word() {
    let (mut head, _) = opened();
    // These were on their way before anybody had read the visitor's.
    head.say(&agent("Mei"), MessageId([2; 16]), text("Hello"), NOW.plus(5), &mut new_id).unwrap();
    assert_eq!((head.waiting_since, head.unread, head.agents_read), (Some(NOW), 1, 0));
    (head.agents_read, head.unread) = (4, 0);
    head.say(&agent("Mei"), MessageId([3; 16]), text("Hi"), NOW.plus(10), &mut new_id).unwrap();
    assert_eq!((head.waiting_since, head.unread, head.agents_read), (None, 0, 5));
    for (n, wait) in [(4, 20), (5, 30)] {
        head.say(&Speaker::Visitor, MessageId([n; 16]), text("Hm"), NOW.plus(wait), &mut new_id).unwrap();
    }
    assert_eq!((head.waiting_since, head.unread), (Some(NOW.plus(20)), 2));
}

#[test]
fn the_first_reply_is_the_first_one_of_a_person() {
    let (mut head, _) = opened();
    head.say(&Speaker::Visitor, MessageId([3; 16]), text("Hello?"), NOW.plus(5), &mut new_id).unwrap();
    assert_eq!(head.first_reply, None);
    for (n, after) in [(4, 7), (5, 9)] {
        head.say(&agent("Mei"), MessageId([n; 16]), text("Hi"), NOW.plus(after), &mut new_id).unwrap();
    }
    assert_eq!(head.summary(NOW).first_reply, Some(NOW.plus(7)));
}

#[test]
fn a_talk_is_rated_once_after_somebody_who_had_replied_has_closed_it() {
    let (mut head, _) = opened();
    let by = || Line::new("Mei").unwrap();
    assert!(head.rate(true, NOW, &mut new_id).unwrap().is_none(), "it goes on");
    head.close(by(), NOW, &mut new_id).unwrap();
    assert!(head.rate(true, NOW, &mut new_id).unwrap().is_none(), "nobody had replied");
    head.say(&agent("Mei"), MessageId([3; 16]), text("Bye"), NOW, &mut new_id).unwrap();
    let rated = head.rate(false, NOW, &mut new_id).unwrap().unwrap();
    assert_eq!(rated.body, Body::Event { event: Event::Rated { good: false } });
    assert!(head.rate(true, NOW, &mut new_id).unwrap().is_none(), "once");
    assert_eq!(head.summary(NOW).rated_good, Some(false));
    head.say(&Speaker::Visitor, MessageId([5; 16]), text("And"), NOW, &mut new_id).unwrap();
    assert!(head.rate(true, NOW, &mut new_id).unwrap().is_none(), "it goes on again");
    head.close(by(), NOW, &mut new_id).unwrap();
    assert!(head.rate(true, NOW, &mut new_id).unwrap().is_some());
    assert_eq!(head.summary(NOW).rated_good, Some(true));
}

#[test]
fn whoever_was_served_says_once_how_likely_they_are_to_recommend() {
    let (mut head, _) = opened();
    let by = || Line::new("Mei").unwrap();
    let [nine, two] = [9, 2].map(|number| Likelihood::try_from(number).unwrap());
    head.close(by(), NOW, &mut new_id).unwrap();
    assert!(head.recommend(nine, NOW, &mut new_id).unwrap().is_none(), "nobody had replied");
    head.say(&Speaker::Visitor, MessageId([5; 16]), text("And"), NOW, &mut new_id).unwrap();
    head.say(&agent("Mei"), MessageId([3; 16]), text("Bye"), NOW, &mut new_id).unwrap();
    assert!(head.recommend(nine, NOW, &mut new_id).unwrap().is_none(), "it goes on");
    head.close(by(), NOW, &mut new_id).unwrap();
    let said = head.recommend(nine, NOW, &mut new_id).unwrap().unwrap();
    assert_eq!(said.body, Body::Event { event: Event::Recommended { likelihood: nine } });
    assert!(head.recommend(two, NOW, &mut new_id).unwrap().is_none(), "once");
    assert_eq!(head.summary(NOW).recommends, Some(nine));
}

#[test]
fn only_the_visitor_opens_a_closed_talk_again() {
    let (mut head, _) = opened();
    let by = Line::new("Mei").unwrap();
    assert!(head.close(by.clone(), NOW, &mut new_id).unwrap().is_some());
    assert!(head.close(by, NOW, &mut new_id).unwrap().is_none());
    head.say(&agent("Mei"), MessageId([3; 16]), text("Bye"), NOW, &mut new_id).unwrap();
    assert_eq!(head.status, Status::Closed);
    let messages = head.say(&Speaker::Visitor, MessageId([4; 16]), text("Wait"), NOW, &mut new_id).unwrap();
    assert_eq!((messages.len(), head.status, head.waiting_since), (2, Status::Open, Some(NOW)));
    assert_eq!(head.reopened, 1);
    assert_eq!(messages[0].body, Body::Event { event: Event::Reopened });
}

#[test]
fn a_visitor_is_banned_until_the_last_ban_ends() {
    let (mut head, _) = opened();
    assert!(head.put_ban(ban(1, Some(NOW.0 + 10)), NOW, &mut new_id).unwrap().is_some());
    assert!(head.put_ban(ban(1, Some(NOW.0 + 10)), NOW, &mut new_id).unwrap().is_none());
    assert!(head.put_ban(ban(2, None), NOW, &mut new_id).unwrap().is_some());
    let refused = says(&mut head, 9, "Hello", NOW).unwrap_err();
    assert_eq!((refused.problem().kind, refused.problem().until), (ProblemKind::Banned, None));
    assert!(head.admit_agent("Mei", NOW).is_ok(), "the ban is the visitor's");
    let shown = head.lift_ban(&unban(2, false), NOW, &mut new_id).unwrap().unwrap().body;
    let first = Body::Event { event: ban(1, Some(NOW.0 + 10)).event() };
    assert_eq!(shown, first, "the first still holds, and is what the visitor reads");
    assert!(head.lift_ban(&unban(2, false), NOW, &mut new_id).unwrap().is_none(), "it holds no more");
    assert_eq!(head.next_ban_end(NOW), Some(NOW.plus(10)));
    assert!(
        head.put_ban(ban(3, Some(NOW.0 + 5)), NOW, &mut new_id).unwrap().is_none(),
        "the first is longer"
    );
    assert!(head.lift_ban(&unban(3, false), NOW, &mut new_id).unwrap().is_none(), "nothing has changed");
    assert!(says(&mut head, 9, "Hello", NOW.plus(9)).is_err());
    assert!(says(&mut head, 9, "Hello", NOW.plus(10)).is_ok());
    assert!(!head.summary(NOW.plus(10)).banned);
}

#[test]
fn an_agent_decides_when_a_ban_ends() {
    let (mut head, _) = opened();
    head.put_ban(ban(1, Some(NOW.0 + 1_000)), NOW, &mut new_id).unwrap();
    assert!(head.put_ban(ban(1, Some(NOW.0 + 10)), NOW, &mut new_id).unwrap().is_some());
    assert!(says(&mut head, 9, "Hello", NOW.plus(10)).is_ok());
}

#[test]
fn each_speaker_has_a_quota_of_their_own() {
    let (mut head, _) = opened();
    for n in 0..throttle::MESSAGES.burst() as u8 {
        assert!(says(&mut head, n, &format!("words number {n}, all different"), NOW).is_ok());
    }
    let refused = says(&mut head, 99, "and one more", NOW).unwrap_err();
    assert_eq!(refused.problem().kind, ProblemKind::Throttled);
    for _ in 0..throttle::AGENT_MESSAGES.burst() {
        assert!(head.admit_agent("Mei", NOW).is_ok());
    }
    assert!(head.admit_agent("Mei", NOW).is_err());
    assert!(head.admit_agent("Ana", NOW).is_ok());
    assert!(head.admit_agent("Ana", NOW.plus(10 * throttle::AGENT_MESSAGES.window_ms())).is_ok());
    assert_eq!(head.agent_rates.len(), 1, "what is idle is not kept");
}

#[test]
fn the_ladder_goes_up_to_a_ban_that_the_site_hears_of() {
    let (mut head, _) = opened();
    let hint = says(&mut head, 1, "You bastard", NOW).unwrap();
    assert!(matches!(hint, Some(TalkEvent::Noticed { rung: Rung::Hint, .. })), "{hint:?}");
    says(&mut head, 2, "You bitch", NOW).unwrap();
    let slow = says(&mut head, 3, "hm", NOW).unwrap_err();
    assert_eq!(
        (slow.problem().kind, slow.problem().signals.as_slice()),
        (ProblemKind::Throttled, &[Signal::Insult][..])
    );

    let challenged = says(&mut head, 4, "You asshole", NOW).unwrap_err();
    let challenge = challenged.problem().challenge.clone().unwrap();
    let again = says(&mut head, 4, "You asshole", NOW).unwrap_err();
    assert_eq!(again.problem().challenge.as_ref(), Some(&challenge), "one puzzle for one score");

    let mut solver = Solver::new(challenge.puzzle());
    let nonces = loop {
        if let Some(nonces) = solver.work(10_000) {
            break nonces;
        }
    };
    let proof = challenge.solved_by(nonces);
    assert!(prove(&mut head, &proof, NOW).is_ok());
    let replayed = prove(&mut head, &proof, NOW).unwrap_err();
    assert_eq!(replayed.problem().kind, ProblemKind::ChallengeNeeded, "an answer is worth something once");

    let banned = says(&mut head, 5, "fuck you, bastard, cunt", NOW).unwrap_err();
    assert_eq!(
        (banned.problem().kind, banned.problem().until),
        (ProblemKind::Banned, Some(NOW.plus(60_000)))
    );
    assert!(banned.problem().signals.contains(&Signal::Insult));
    assert!(head.is_ahead() && head.stopped.len() == 1 && head.summary(NOW).banned);
    head.lift_ban(&unban(9, true), NOW, &mut new_id).unwrap();
    assert!(says(&mut head, 6, "Thank you", NOW).unwrap().is_none(), "forgiven, nothing counts any more");
}

#[test]
fn the_record_survives_its_storage() {
    let (mut head, _) = opened();
    head.put_ban(ban(1, None), NOW, &mut new_id).unwrap();
    let stored = serde_json::to_string(&head).unwrap();
    assert_eq!(serde_json::from_str::<Head>(&stored).unwrap(), head);
}

#[test]
fn a_place_is_stopped_for_as_long_as_the_visitor_is_there() {
    let (mut head, _) = opened();
    let of_place = BanVisitor { place: Some("range".to_owned()), wide: true, ..ban(1, None) };
    head.visitor.around = vec!["wider".to_owned(), "range".to_owned()];
    let updated = head.updated;
    assert_eq!(
        head.put_ban(of_place, NOW.plus(1), &mut new_id).unwrap(),
        None,
        "nobody is here to read of it"
    );
    assert_eq!(head.updated, updated);
    assert!(head.ban(NOW).is_some());
    head.visitor.around = vec!["elsewhere".to_owned()];
    assert!(head.ban(NOW).is_none());
    head.visitor.address = "range".to_owned();
    assert!(head.ban(NOW).is_some());
    // What was shown has an end that is shown too, also where something holds that is not.
    head.put_ban(ban(2, None), NOW, &mut new_id).unwrap();
    let shown = head.lift_ban(&unban(2, false), NOW, &mut new_id).unwrap().unwrap();
    assert_eq!(shown.body, Body::Event { event: Event::Unbanned });
    head.online = true;
    assert!(head.lift_ban(&unban(1, false), NOW, &mut new_id).unwrap().is_some());
}

#[test]
fn whoever_answers_first_looks_after_it_until_it_is_given_away() {
    let (mut head, _) = opened();
    let teammate = |name: &str| {
        let email = Email::try_from(format!("{name}@shop.example")).unwrap();
        Teammate { email, name: Line::new(name).unwrap() }
    };
    let (mei, ana) = (teammate("Mei"), teammate("Ana"));
    let answers = |head: &mut Head, name: &str, id: u8| {
        head.say(&agent(name), MessageId([id; 16]), Text::new("Hello").unwrap(), NOW, &mut new_id).unwrap();
        head.assignee.clone()
    };
    assert_eq!(answers(&mut head, "Mei", 70), Some(mei.clone()));
    assert_eq!(answers(&mut head, "Ana", 71), Some(mei.clone()));
    assert!(head.assign(Some(ana.clone()), None).is_err(), "it is not nobody's");
    head.assign(Some(ana.clone()), Some(&mei.email)).unwrap();
    head.assign(Some(ana.clone()), Some(&mei.email)).unwrap();
    assert_eq!(head.summary(NOW).assignee, Some(ana.clone()));
    assert!(head.assign(Some(mei.clone()), None).is_err());
    head.assign(None, Some(&ana.email)).unwrap();
    assert_eq!(answers(&mut head, "Ana", 72), Some(ana));
}

#[test]
fn what_was_closed_by_mistake_waits_as_before() {
    let (mut head, _) = opened();
    let by = || Line::new("Mei").unwrap();
    head.priority = Priority::Urgent;
    let waits = head.waiting_since;
    assert!(waits.is_some());
    assert!(head.reopen(by(), NOW, &mut new_id).unwrap().is_none(), "it is open");
    head.close(by(), NOW.plus(5), &mut new_id).unwrap();
    let reopened = head.reopen(by(), NOW.plus(9), &mut new_id).unwrap().unwrap();
    assert_eq!(reopened.body, Body::Event { event: Event::ReopenedBy { by: by() } });
    assert_eq!((head.status, head.waiting_since, head.priority), (Status::Open, waits, Priority::Urgent));
    assert!(!head.unrated && head.reopened == 0);

    // Whoever was answered meanwhile waits for nobody.
    head.close(by(), NOW.plus(10), &mut new_id).unwrap();
    head.unread = 0;
    head.say(&agent("Mei"), MessageId([3; 16]), text("Bye"), NOW.plus(11), &mut new_id).unwrap();
    head.reopen(by(), NOW.plus(12), &mut new_id).unwrap();
    assert_eq!(head.waiting_since, None);
}
