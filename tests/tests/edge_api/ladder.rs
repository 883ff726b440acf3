//! Abuse is answered in steps, each explained; a solved puzzle leads down.

use deskbell_shared::{
    guard::{ladder::Rung, pow::Solver, signal::Signal},
    throttle::{HANDOFFS_PER_ADDRESS, HANDOFFS_PER_WORDS},
    wire::{
        Answer, Bans, Challenge, Problem, ProblemKind, Proof, ResumeKey, TalkEvent, TalkRequest, VisitorId,
    },
};
use deskbell_tests::client::{Answer as Response, Ask};
use futures::future::join_all;

use crate::people::{Site, Visitor, address, bytes, message_id, valid};

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
pub(crate) async fn insult(visitor: &Visitor<'_>, times: usize) -> Problem {
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
