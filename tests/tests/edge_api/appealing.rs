//! A visitor says that a ban is wrong, people decide, and the visitor says whether that was fair.

use deskbell_shared::{
    guard::signal::Signal,
    wire::{
        AppealId, AppealOutcome, AppealState, Appeals, Ban, BanScope, Bans, DeskEvent, DeskRequest,
        ProblemKind, ResumeKey, Role, TalkEvent,
    },
};
use deskbell_tests::{client::Ask, edge::Edge};
use serde_json::json;

use crate::{
    blocking::LATER,
    ladder::insult,
    people::{Agent, Site, Visitor, bytes},
};

#[tokio::test]
async fn a_ban_of_the_guard_is_seen_appealed_and_undone_and_the_visitor_asked_whether_that_was_fair() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let mut desk = agent.desk().await;
    desk.send(&DeskRequest::Hello).await;
    let viewer = site.colleague("vi@shop.example", Role::Viewer).await;
    let mut viewers = viewer.desk().await;
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
    // Nor does anybody who may not decide about it.
    for (desk, expected) in [(&mut desk, 1), (&mut viewers, 0)] {
        desk.send(&DeskRequest::Hello).await;
        let (mut told, mut is_over) = (0, false);
        while !is_over {
            match desk.next().await {
                DeskEvent::Appealed { appeal } if expected == 0 => panic!("a viewer is told: {appeal:?}"),
                DeskEvent::Appealed { appeal } => told += u32::from(appeal.fair.is_some()),
                DeskEvent::Snapshot { .. } => is_over = true,
                _ => {}
            }
        }
        assert_eq!(told, expected);
    }
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
