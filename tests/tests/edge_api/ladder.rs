//! Abuse is answered in steps, each explained; a solved puzzle leads down; what the guard decides, people can undo.

use deskbell_shared::{
    guard::{ladder::Rung, pow::Solver, signal::Signal},
    throttle::{HANDOFFS_PER_ADDRESS, HANDOFFS_PER_WORDS},
    wire::{
        Answer, AppealId, AppealOutcome, AppealState, Appeals, Ban, BanScope, Bans, Challenge, DeskEvent,
        DeskRequest, Problem, ProblemKind, Proof, ResumeKey, TalkEvent, TalkRequest, VisitorId,
    },
};
use deskbell_tests::{
    client::{Answer as Response, Ask},
    edge::Edge,
};
use futures::future::join_all;
use serde_json::json;

use crate::{
    blocking::LATER,
    people::{Agent, Site, Visitor, address, bytes, message_id, valid},
};

/// Solves a challenge as the widget does.
pub(crate) fn solve(challenge: &Challenge) -> Proof {
    let mut solver = Solver::new(challenge.puzzle());
    loop {
        if let Some(nonces) = solver.work(100_000) {
            return challenge.solved_by(nonces);
        }
    }
}

/// The same request, with the solution of a challenge.
pub(crate) fn with_proof(ask: Ask, proof: &Proof) -> Ask {
    ask.header(Proof::HEADER, &proof.to_string())
}

/// The puzzle with which somebody is turned away: because the quota is used up, or the address has a bad name by now.
fn puzzle_in(answer: &Response) -> Challenge {
    let problem: Problem = answer.json();
    assert!(matches!(problem.kind, ProblemKind::Throttled | ProblemKind::ChallengeNeeded), "{problem:?}");
    problem.challenge.unwrap_or_else(|| panic!("no puzzle: {}", answer.text()))
}

fn refused(event: TalkEvent) -> Option<Problem> {
    match event {
        TalkEvent::Refused { problem, .. } => Some(problem),
        _ => None,
    }
}

/// Says one thing after the other over a socket, and reads the answer to each.
async fn insult(visitor: &Visitor<'_>, times: usize) -> Problem {
    let mut last = None;
    for n in 0..times {
        let words = ["You bastard", "You bitch", "You asshole", "fuck you, bastard, bitch, cunt"][n % 4];
        let answer = visitor.say(words).send().await;
        if answer.status != 200 {
            last = Some(answer.json::<Problem>());
        }
    }
    last.unwrap_or_else(|| panic!("abuse is not answered"))
}

#[tokio::test]
async fn each_rung_is_explained_and_a_solved_puzzle_leads_down() {
    let site = Site::new().await;
    let visitor = site.visitor_in_talk().await;
    let (mut socket, _) = visitor.socket(4).await;
    let say = |text: &str| TalkRequest::Say { id: message_id(), text: valid(text) };

    socket.send(&say("You bastard")).await;
    let noticed = socket.until(|event| match event {
        TalkEvent::Noticed { rung, signals } => Some((rung, signals)),
        _ => None,
    });
    assert_eq!(noticed.await, (Rung::Hint, vec![Signal::Insult]));

    socket.send(&say("You bitch")).await;
    socket.until(|event| matches!(event, TalkEvent::Ack { .. }).then_some(())).await;
    socket.send(&say("Hm")).await;
    let slowed = socket.until(refused).await;
    assert_eq!((slowed.kind, &slowed.signals[..]), (ProblemKind::Throttled, &[Signal::Insult][..]));
    assert!(slowed.retry_after_s.is_some_and(|seconds| (1..=15).contains(&seconds)));

    let waiting = say("You asshole");
    socket.send(&waiting).await;
    let challenged = socket.until(refused).await;
    assert_eq!(challenged.kind, ProblemKind::ChallengeNeeded);
    let challenge = challenged.challenge.expect("a challenge");
    let proof = solve(&challenge);
    socket.send(&TalkRequest::Prove { proof: proof.clone() }).await;
    socket.until(|event| matches!(event, TalkEvent::Proven).then_some(())).await;
    socket.send(&say("Sorry, I was upset")).await;
    socket.until(|event| matches!(event, TalkEvent::Ack { .. }).then_some(())).await;

    // The same solution again is worth nothing.
    socket.send(&TalkRequest::Prove { proof }).await;
    assert_eq!(socket.until(refused).await.kind, ProblemKind::ChallengeNeeded);
}

#[tokio::test]
async fn a_ban_of_the_guard_is_seen_appealed_and_undone_and_the_visitor_asked_whether_that_was_fair() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let mut visitor = site.visitor_in_talk().await;
    let (mut socket, _) = visitor.socket(4).await;
    let problem = insult(&visitor, 8).await;
    assert_eq!((problem.kind, problem.reason), (ProblemKind::Banned, None));
    assert!(problem.signals.contains(&Signal::Insult), "{:?}", problem.signals);
    assert!(problem.retry_after_s.is_some_and(|seconds| seconds <= 60), "the first ban is a minute");

    // People see it, made by nobody, with what the guard went by; no way in is left, but the FAQ and the appeal.
    let bans: Bans = agent.ask("GET", "/bans").expect(200).await.json();
    let [ban] = &bans.bans[..] else { panic!("{bans:?}") };
    assert_eq!((ban.by.as_ref(), ban.conversation), (None, Some(visitor.conversation)));
    visitor.resume_request().refused(ProblemKind::Banned).await;
    visitor.ask("GET", "/faq").expect(200).await;

    let id = AppealId(bytes());
    let appeal = json!({ "id": id, "visitor": visitor.id, "words": "I was upset, sorry", "language": "en" });
    let make = || visitor.ask("POST", "/appeals").json(&appeal);
    let state: AppealState = make().expect(201).await.json();
    assert_eq!(state.outcome, None);
    make().expect(201).await;
    let early = visitor.ask("POST", &format!("/appeals/{id}/fair")).json(&json!({ "fair": false }));
    assert_eq!(early.expect(200).await.json::<AppealState>().fair, None);
    let told = desk.until(|event| match event {
        DeskEvent::Appealed { appeal } => Some(appeal),
        _ => None,
    });
    assert_eq!(told.await.words.as_str(), "I was upset, sorry");

    let decide = json!({ "outcome": AppealOutcome::Lifted });
    agent
        .ask("POST", &format!("/desk/appeals/{}", agent.appeal_of(ban).await))
        .json(&decide)
        .expect(200)
        .await;
    socket
        .until(|event| {
            matches!(event, TalkEvent::Message { message }
        if format!("{:?}", message.body).contains("Unbanned"))
            .then_some(())
        })
        .await;
    let state: AppealState = visitor.ask("GET", &format!("/appeals/{id}")).expect(200).await.json();
    assert_eq!((state.outcome, state.fair), (Some(AppealOutcome::Lifted), None));
    visitor.say("Thank you").expect(200).await;
    visitor.resume = ResumeKey(bytes());
    visitor.hand_over().await;

    // Once, and nobody hears of what changed nothing.
    for fair in [true, false] {
        let ask = visitor.ask("POST", &format!("/appeals/{id}/fair")).json(&json!({ "fair": fair }));
        assert_eq!(ask.expect(200).await.json::<AppealState>().fair, Some(true));
    }
    desk.send(&DeskRequest::Hello).await;
    let (mut told, mut is_over) = (0, false);
    while !is_over {
        match desk.next().await {
            DeskEvent::Appealed { appeal } => told += u32::from(appeal.fair.is_some()),
            DeskEvent::Snapshot { .. } => is_over = true,
            _ => {}
        }
    }
    assert_eq!(told, 1);
    let appeals: Appeals = agent.ask("GET", "/desk/appeals").expect(200).await.json();
    assert_eq!(appeals.appeals[0].fair, Some(true));
    assert_eq!((appeals.fairness[0].lifted, appeals.fairness[0].fair), (1, 1));
}

/// A visitor whom an agent has banned for an hour, and who appeals.
async fn appealing<'a>(site: &'a Site<'a>, agent: &Agent<'_>) -> (Visitor<'a>, Ban) {
    let visitor = site.visitor_in_talk().await;
    let ban = agent.ban(&visitor, BanScope::Visitor, Some(3_600)).expect(201).await.json();
    let appeal = json!({ "id": AppealId(bytes()), "visitor": visitor.id, "words": "Why?", "language": "en" });
    visitor.ask("POST", "/appeals").json(&appeal).expect(201).await;
    (visitor, ban)
}

fn decide_on(agent: &Agent<'_>, number: u64, outcome: AppealOutcome) -> Ask {
    agent.ask("POST", &format!("/desk/appeals/{number}")).json(&json!({ "outcome": outcome }))
}

#[tokio::test]
async fn whoever_starts_over_goes_on_where_they_were_on_the_ladder() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let mut visitor = site.visitor_in_talk().await;
    assert!(insult(&visitor, 8).await.retry_after_s.is_some_and(|seconds| seconds <= 60));
    // Lifted, and not because it was wrong.
    let Bans { bans } = agent.ask("GET", "/bans").expect(200).await.json();
    agent.ask("DELETE", &format!("/bans/{}", bans[0].id)).expect(204).await;
    visitor.resume = ResumeKey(bytes());
    visitor.hand_over().await;
    let problem = insult(&visitor, 8).await;
    assert_eq!(problem.kind, ProblemKind::Banned);
    assert!(problem.retry_after_s.is_some_and(|seconds| (61..=600).contains(&seconds)), "{problem:?}");
}

#[tokio::test]
async fn only_an_agent_makes_a_ban_permanent_or_shorter() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let (visitor, ban) = appealing(&site, &agent).await;
    let number = agent.appeal_of(&ban).await;
    let decide = |outcome| decide_on(&agent, number, outcome);
    decide(AppealOutcome::Permanent).expect(200).await;
    let problem = visitor.say("Hello").refused(ProblemKind::Banned).await;
    assert_eq!((problem.until, problem.reason.as_deref()), (None, Some("Please calm down")));

    let (other, other_ban) = appealing(&site, &agent).await;
    let number = agent.appeal_of(&other_ban).await;
    let decide = |outcome| decide_on(&agent, number, outcome);
    decide(AppealOutcome::Shortened).expect(200).await;
    let problem = other.say("Hello").refused(ProblemKind::Banned).await;
    assert!(problem.retry_after_s.is_some_and(|seconds| seconds <= 600), "{problem:?}");
    // What a colleague has decided meanwhile stands, and the same again shortens nothing.
    decide(AppealOutcome::Permanent).refused(ProblemKind::Conflict).await;
    decide(AppealOutcome::Lifted).refused(ProblemKind::Conflict).await;
    decide(AppealOutcome::Shortened).expect(200).await;
    assert_eq!(other.say("Hello").refused(ProblemKind::Banned).await.until, problem.until);

    // So does that the ban was lifted, which decides the appeal.
    let (lifted, lifted_ban) = appealing(&site, &agent).await;
    let (_, waiting_ban) = appealing(&site, &agent).await;
    let number = agent.appeal_of(&lifted_ban).await;
    let first =
        async || agent.ask("GET", "/desk/appeals").expect(200).await.json::<Appeals>().appeals.remove(0);
    assert_eq!((first().await.ban, first().await.outcome), (lifted_ban.id, None), "whoever waits longest");
    agent.ask("DELETE", &format!("/bans/{}", lifted_ban.id)).expect(204).await;
    assert_eq!(first().await.ban, waiting_ban.id, "this one alone waits now");
    for outcome in [AppealOutcome::Permanent, AppealOutcome::Confirmed] {
        decide_on(&agent, number, outcome).refused(ProblemKind::Conflict).await;
    }
    decide_on(&agent, number, AppealOutcome::Lifted).expect(200).await;
    lifted.say("Thank you").expect(200).await;
    let nobody = site.visitor();
    let appeal = json!({ "id": AppealId(bytes()), "visitor": nobody.id, "words": "Why?", "language": "en" });
    nobody.ask("POST", "/appeals").json(&appeal).refused(ProblemKind::NotFound).await;
}

#[tokio::test]
async fn each_visitor_at_a_place_appeals_for_themselves_and_lifting_its_ban_forgives_nobodys_conduct() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let honest = site.visitor_in_talk().await;
    let mut rude = site.visitor_from(&honest.address);
    rude.hand_over().await;
    for words in ["You bastard", "You bitch", "You asshole"] {
        rude.say(words).send().await;
    }
    let ban: Ban = agent.ban(&honest, BanScope::Address, None).expect(201).await.json();
    let appeal = |visitor: &Visitor<'_>| {
        let appeal =
            json!({ "id": AppealId(bytes()), "visitor": visitor.id, "words": "Why me?", "language": "en" });
        visitor.ask("POST", "/appeals").json(&appeal)
    };
    appeal(&rude).expect(201).await;
    let of_rude = agent.appeal_of(&ban).await;
    appeal(&honest).expect(201).await;
    appeal(&rude).refused(ProblemKind::Conflict).await;
    decide_on(&agent, of_rude, AppealOutcome::Confirmed).expect(200).await;
    // The other one waits still.
    let of_honest = agent.appeal_of(&ban).await;
    assert_ne!(of_honest, of_rude);
    decide_on(&agent, of_honest, AppealOutcome::Lifted).expect(200).await;
    honest.say("Thank you").expect(200).await;
    rude.say("Hm").refused(ProblemKind::ChallengeNeeded).await;
}

#[tokio::test]
async fn bans_that_are_over_and_appeals_of_long_ago_are_forgotten() {
    // Its site's alarm goes before anybody asks it anything; and when it is asked for appeals for the first time, it has kept
    // them as it did before each visitor had one.
    let wide_awake = format!(
        "{LATER}
        import {{ SiteDo as Whole }} from './entry.mjs';
        export class SiteDo {{
            constructor(state, env) {{
                this.whole = new Whole(state, env);
                this.sql = state.storage.sql;
            }}
            async fetch(request) {{
                await this.whole.alarm();
                if (new URL(request.url).pathname === '/appeals' && !this.asked) {{
                    this.asked = true;
                    this.sql.exec(`
                        CREATE TABLE appeal (
                            ban TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
                            waits INTEGER NOT NULL, doc TEXT NOT NULL
                        ) WITHOUT ROWID;
                        INSERT INTO appeal SELECT ban, id, at, waits, json_remove(doc, '$.summary.number')
                            FROM plea;
                        DROP TABLE plea;
                        DROP TABLE taken;
                    `);
                }}
                return this.whole.fetch(request);
            }}
            alarm() {{ return this.whole.alarm(); }}
        }}"
    );
    let edge = Edge::start_behind(&wide_awake).await;
    let site = Site::at(&edge).await;
    let agent = site.agent().await;
    let (visitor, ban) = appealing(&site, &agent).await;
    let lift = |ban: &Ban| agent.ask("DELETE", &format!("/bans/{}", ban.id));
    let banned = site.visitor_in_talk().await;
    let over: Ban = agent.ban(&banned, BanScope::Visitor, Some(60)).expect(201).await.json();
    lift(&ban).header("X-Days-Later", "3").expect(204).await;
    lift(&over).refused(ProblemKind::NotFound).await;
    let appeals = async || site.agent().await.ask("GET", "/desk/appeals").expect(200).await.json::<Appeals>();
    assert_eq!(appeals().await.appeals[0].outcome, Some(AppealOutcome::Lifted), "it waited until then");
    visitor.ask("GET", "/faq").header("X-Days-Later", "100").expect(200).await;
    assert_eq!(appeals().await, Appeals { appeals: Vec::new(), fairness: Vec::new() });
}

#[tokio::test]
async fn beyond_an_addresses_quota_a_solved_puzzle_lets_an_honest_browser_through_once() {
    let site = Site::new().await;
    let from = address();
    let more_than_the_quota = HANDOFFS_PER_ADDRESS.burst() as usize + 10;
    // On a slow machine some of the quota may come free meanwhile; whoever is let in by that is let in rightly, and nobody
    // by that again and again.
    let turned_away = async |visitor: &mut Visitor<'_>, proof: Option<&Proof>| {
        for _ in 0..3 {
            let mut floods = 0;
            while site.flood(&from, more_than_the_quota).await.contains(&201) {
                floods += 1;
                assert!(floods < 20, "an address is let in without end");
            }
            visitor.resume = ResumeKey(bytes());
            let ask = visitor.ask("POST", "/conversations").json(&visitor.handoff());
            let answer = proof.into_iter().fold(ask, with_proof).send().await;
            if answer.status != 201 {
                return puzzle_in(&answer);
            }
        }
        panic!("let in whenever they come")
    };
    let mut honest = site.visitor_from(&from);
    let challenge = turned_away(&mut honest, None).await;
    let proof = solve(&challenge);

    // It is worth nothing to somebody else, or when it is changed.
    let mut other = site.visitor_from(&from);
    turned_away(&mut other, Some(&proof)).await;
    let mut wrong = proof.clone();
    let Answer::Numbers(nonces) = &mut wrong.answer else { panic!("{wrong:?} solves no puzzle") };
    nonces[3] ^= 1;
    turned_away(&mut honest, Some(&wrong)).await;
    let counted_by = async |visitor: &Visitor<'_>| {
        let ask = visitor.ask("POST", "/conversations").json(&visitor.handoff());
        with_proof(ask, &proof).send().await.header("ratelimit-policy").to_owned()
    };
    assert!(counted_by(&honest).await.contains("handoff-address-proven"));
    // Used again, it leads past no quota.
    honest.resume = ResumeKey(bytes());
    let again = counted_by(&honest).await;
    assert!(again.contains("handoff-address") && !again.contains("proven"), "{again}");
    let next = turned_away(&mut honest, Some(&proof)).await;
    assert_ne!(next.token, challenge.token);
}

#[tokio::test]
async fn a_header_that_anybody_can_write_is_no_address() {
    let site = Site::new().await;
    let from = address();
    let spoofed = (0..HANDOFFS_PER_ADDRESS.burst() + 10).map(|n| {
        let visitor = site.visitor_from(&from);
        let ask = visitor.ask("POST", "/conversations").header("X-Forwarded-For", &format!("192.0.2.{n}"));
        async move { ask.json(&visitor.handoff()).send().await.status }
    });
    let answers = join_all(spoofed).await;
    assert!(answers.iter().filter(|status| **status == 429).count() >= 9, "{answers:?}");
}

#[tokio::test]
async fn a_visitor_who_changes_names_to_insult_leaves_a_trace_at_the_address_but_is_not_banned_by_it() {
    let site = Site::new().await;
    let from = address();
    // Sessions that were never ours, many of them: evidence against the address, and against nobody there.
    let mut visitor = site.visitor_in_talk().await;
    visitor.address.clone_from(&from);
    visitor.token = "bm8.bm8".to_owned();
    for _ in 0..6 {
        visitor.say("Hello").refused(ProblemKind::SignInNeeded).await;
        tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
    }
    let mut honest = site.visitor_from(&from);
    honest.id = VisitorId(bytes());
    let hand_over = || honest.ask("POST", "/conversations").json(&honest.handoff());
    let problem = hand_over().refused(ProblemKind::ChallengeNeeded).await;
    let proof = solve(&problem.challenge.expect("a challenge"));
    with_proof(hand_over(), &proof).expect(201).await;
}

#[tokio::test]
async fn many_strangers_with_nearly_the_same_words_are_asked_for_a_puzzle() {
    let site = Site::new().await;
    let spam =
        "Earn 500 dollars a day from home! Join our exclusive trading group and write to our manager today";
    let strangers = (0..12).map(|n| {
        let visitor = site.visitor();
        let mut handoff = visitor.handoff();
        handoff.transcript[0].text = valid(&format!("{spam} {n}"));
        async move { visitor.ask("POST", "/conversations").json(&handoff).send().await }
    });
    let answers = join_all(strangers).await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(refused.len() >= 6, "{}", refused.len());
    let problem = refused[0].problem(ProblemKind::Throttled);
    assert!(problem.signals.contains(&Signal::Copied) && problem.challenge.is_some(), "{problem:?}");
    // What somebody else writes is nobody's copy.
    site.visitor().hand_over().await;
}

#[tokio::test]
async fn many_strangers_with_one_text_in_their_talks_are_told_slowed_down_and_asked_for_a_puzzle() {
    let site = Site::new().await;
    let spam =
        "Earn 500 dollars a day from home! Join our exclusive trading group and write to our manager today";
    let say = |text: String| TalkRequest::Say { id: message_id(), text: valid(&text) };
    let is_ack = |event: TalkEvent| matches!(event, TalkEvent::Ack { .. }).then_some(());
    let is_answer = |event: TalkEvent| match event {
        TalkEvent::Ack { .. } => Some(None),
        TalkEvent::Refused { problem, .. } => Some(Some(problem)),
        _ => None,
    };
    let few = HANDOFFS_PER_WORDS.burst() as usize;
    let mut last = None;
    for n in 0..few + 3 {
        let visitor = site.visitor_in_talk().await;
        let (mut socket, _) = visitor.socket(4).await;
        // The first time it is taken from everybody: nobody can know.
        socket.send(&say(format!("{spam} {n}"))).await;
        socket.until(is_ack).await;
        if n < few {
            continue;
        }
        let noticed = socket.until(|event| match event {
            TalkEvent::Noticed { rung, signals } => Some((rung, signals)),
            _ => None,
        });
        assert_eq!(noticed.await, (Rung::Hint, vec![Signal::Copied]), "visitor {n}");
        // Going on leads up the ladder.
        let mut refused = None;
        for _ in 0..20 {
            socket.send(&say(format!("{spam} again {n}"))).await;
            refused = socket.until(is_answer).await;
            if refused.is_some() {
                break;
            }
        }
        let refused = refused.expect("who copies on and on is stopped");
        assert_eq!(refused.signals[0], Signal::Copied, "{refused:?}");
        last = Some(socket);
    }
    // What somebody else writes is nobody's copy, however long it is.
    let honest = site.visitor_in_talk().await;
    let (mut socket, _) = honest.socket(4).await;
    socket
        .send(&say("I ordered two teapots on Monday and only one of them was in the parcel".to_owned()))
        .await;
    let after = socket.during::<TalkEvent>(std::time::Duration::from_secs(2)).await;
    assert!(!after.iter().any(|event| matches!(event, TalkEvent::Noticed { .. })), "{after:?}");
    drop(last);
}
