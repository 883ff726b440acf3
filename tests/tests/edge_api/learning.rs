//! What visitors asked before a person came is told to whoever keeps the FAQ, and learned by it.

use std::time::Duration;

use deskbell_shared::{
    faq::{Decision, Matcher},
    wire::{
        AskedId, AskedQuestion, AskedQuestions, FaqPointer, FaqReport, FaqTuning, HandoffAccepted,
        HandoffRequest, Learned, MAX_LEARNED, Millis, ProblemKind, Role, TuneRequest, Turn, TurnSender,
    },
};
use deskbell_tests::client::Ask;
use serde_json::{Value, json};

use crate::{
    people::{Agent, Site, message_id, valid},
    publishing::unzip,
};

const FAQ: &str = "
- {id: colour, questions: [Do the colours fade?, How colourfast is it?], answer: Wash it cold.}
- {id: invoice, questions: [Can I get an invoice?], answer: It is in your account.}
- {id: hours, questions: [When are you open?], answer: Nine to six.}
";
/// In words that no phrasebook has.
const ASKED: &str = "my flurbo went grumbly";

impl Agent<'_> {
    /// What was asked and nobody has settled, once there is so much.
    async fn asked(&self, number: usize) -> Vec<(AskedId, String, Option<String>)> {
        for _ in 0..100 {
            let AskedQuestions { questions } = self.ask("GET", "/faq/asked").expect(200).await.json();
            if questions.len() == number {
                let told = |question: AskedQuestion| {
                    let answered = question.answered.map(|entry| entry.to_string());
                    (question.id, question.text.to_string(), answered)
                };
                return questions.into_iter().map(told).collect();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("there are not so many")
    }

    fn settling(&self, questions: &Value) -> Ask {
        self.ask("POST", "/faq/asked").json(&json!({ "questions": questions }))
    }
}

async fn site() -> Site<'static> {
    let site = Site::new().await;
    site.edge.publish(&site.name, FAQ).await;
    site
}

/// What the FAQ in force answers.
async fn answer(site: &Site<'_>, question: &str) -> Option<String> {
    let FaqPointer { pack } = site.ask("GET", "/faq").expect(200).await.json();
    let pack = pack?;
    let path = format!("/packs/{}", pack.as_str());
    let sent = site.ask("GET", &path).header("Accept-Encoding", "gzip").expect(200).await;
    let matcher = Matcher::load(&unzip(&sent.body)).unwrap_or_else(|error| panic!("a pack: {error}"));
    let verdict = matcher.ask(question);
    let best = verdict.ranked.first().filter(|_| verdict.decision == Decision::Answer)?;
    Some(matcher.entries()[best.entry].id.clone())
}

#[tokio::test]
async fn what_was_asked_in_vain_is_told_settled_and_erased() {
    let site = site().await;
    let owner = site.agent().await;
    assert_eq!(owner.asked(0).await, []);
    let mut ana = site.visitor();
    let turn = |from, text: &str, entry: Option<&str>| Turn {
        id: message_id(),
        at: Millis(1),
        from,
        text: valid(text),
        entry: entry.map(valid),
    };
    let transcript = vec![
        turn(TurnSender::Visitor, "When are you open?", None),
        turn(TurnSender::Bot, "Nine to six.", Some("hours")),
        turn(TurnSender::Visitor, ASKED, None),
        turn(TurnSender::Bot, "I do not know an answer to this.", None),
        turn(TurnSender::Visitor, "I want to talk to a person", None),
    ];
    let request = HandoffRequest { transcript, ..ana.handoff() };
    // Sent again, because the answer did not arrive, it is the same.
    for status in [201, 200] {
        let accepted: HandoffAccepted =
            ana.ask("POST", "/conversations").json(&request).expect(status).await.json();
        ana.token.clone_from(&accepted.session.token);
        ana.conversation = accepted.conversation;
    }
    let asked = owner.asked(2).await;
    let words: Vec<_> = asked.iter().map(|(_, text, entry)| (text.as_str(), entry.as_deref())).collect();
    assert_eq!(words, [("When are you open?", Some("hours")), (ASKED, None)]);
    // What is said to people is for people.
    ana.say("Are you there?").expect(200).await;

    owner.settling(&json!([asked[0].0])).expect(204).await;
    owner.settling(&json!([asked[0].0])).expect(204).await;
    let left = owner.asked(1).await;
    assert_eq!(left[0].1, ASKED);
    owner.talk("DELETE", &ana, "").expect(204).await;
    owner.asked(0).await;
}

#[tokio::test]
async fn what_an_faq_has_learned_is_in_force_and_outlives_a_publication() {
    let site = site().await;
    let owner = site.agent().await;
    assert_eq!(answer(&site, ASKED).await, None);
    let learned = |entry: &str, phrasing: &str| Learned { entry: valid(entry), phrasing: valid(phrasing) };
    let tuning =
        FaqTuning { learned: vec![learned("colour", "My flurbo went grumbly!")], ..FaqTuning::default() };
    let request = TuneRequest { tuning: tuning.clone(), was: Some(FaqTuning::default()) };
    let told: FaqReport = owner.ask("PUT", "/faq/tuning").json(&request).expect(200).await.json();
    assert_eq!(told.tuning, tuning);
    assert_eq!(answer(&site, ASKED).await.as_deref(), Some("colour"));
    assert_eq!(owner.ask("GET", "/faq/source").expect(200).await.text(), FAQ);
    site.edge.publish(&site.name, &FAQ.replace("Wash it cold.", "Wash it alone.")).await;
    assert_eq!(answer(&site, ASKED).await.as_deref(), Some("colour"));
    // A console that knows nothing of it takes nothing away without being told.
    let old =
        json!({ "tuning": { "eagerness": 1, "refused": [] }, "was": { "eagerness": 0, "refused": [] } });
    owner.ask("PUT", "/faq/tuning").json(&old).refused(ProblemKind::Conflict).await;
    // What belongs to an entry that is gone does no harm.
    let without: String =
        FAQ.lines().filter(|line| !line.contains("colour")).map(|line| format!("{line}\n")).collect();
    site.edge.publish(&site.name, &without).await;
    assert_eq!(answer(&site, ASKED).await, None);
    let report: FaqReport = owner.ask("GET", "/faq/report").expect(200).await.json();
    assert_eq!(report.tuning, tuning);
}

#[tokio::test]
async fn only_admins_see_what_was_asked_and_only_soundly() {
    let site = site().await;
    let (owner, bo) = (site.agent().await, site.colleague("bo@shop.example", Role::Agent).await);
    site.visitor().hand_over_about(&[ASKED]).await;
    let asked = owner.asked(1).await;
    bo.ask("GET", "/faq/asked").refused(ProblemKind::NotAllowed).await;
    bo.settling(&json!([asked[0].0])).refused(ProblemKind::NotAllowed).await;
    site.ask("GET", "/faq/asked").refused(ProblemKind::SignInNeeded).await;
    site.ask("POST", "/faq/asked").json(&json!({ "questions": [] })).refused(ProblemKind::SignInNeeded).await;
    let many = vec![asked[0].0; AskedQuestions::MOST + 1];
    for wrong in [json!("all"), json!([{ "conversation": "x", "seq": 1 }]), json!(many)] {
        owner.settling(&wrong).refused(ProblemKind::Malformed).await;
    }
    let stranger = json!([{ "conversation": "00".repeat(16), "seq": 1 }]);
    owner.settling(&stranger).expect(204).await;
    owner.asked(1).await;
    let told: AskedQuestions = site.operator("GET", "/faq/asked").expect(200).await.json();
    assert_eq!(told.questions.len(), 1);
    for wrong in [
        json!([{ "entry": "colour" }]),
        json!([{ "entry": "a b", "phrasing": "x" }]),
        json!([{ "entry": "colour", "phrasing": "" }]),
    ] {
        let request = json!({ "tuning": { "learned": wrong } });
        owner.ask("PUT", "/faq/tuning").json(&request).refused(ProblemKind::Malformed).await;
    }
    assert_eq!(answer(&site, ASKED).await, None);
}

#[tokio::test]
async fn what_is_written_on_a_channel_may_be_learned_too() {
    let site = site().await;
    let owner = site.agent().await;
    let carrier = site.carrier(&owner, "sms").await;
    carrier.carry("+49 1", "1", ASKED).expect(201).await;
    carrier.carry("+49 1", "2", "Hello?").expect(200).await;
    let asked = owner.asked(1).await;
    assert_eq!(asked[0].1, ASKED);

    // What the FAQ has settled is told once it has not.
    owner.ask("PUT", "/channels/sms").json(&json!({ "name": "SMS", "answers": true })).expect(200).await;
    carrier.carry("+49 2", "1", "When are you open?").expect(201).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    owner.asked(1).await;
    carrier.carry("+49 2", "2", "and on holidays?").expect(200).await;
    let told = owner.asked(3).await;
    let words: Vec<_> = told.iter().map(|(_, text, entry)| (text.as_str(), entry.as_deref())).collect();
    assert!(
        words.contains(&("When are you open?", Some("hours"))) && words.contains(&("and on holidays?", None))
    );
}

#[tokio::test]
async fn as_much_as_an_faq_may_learn_can_be_set_and_taken_back() {
    let site = site().await;
    let owner = site.agent().await;
    let phrasing = |n: usize| Learned {
        entry: valid("colour"),
        phrasing: valid(&format!("{n:03}{}", "染".repeat(197))),
    };
    let tuning = FaqTuning { learned: (0..MAX_LEARNED).map(phrasing).collect(), ..FaqTuning::default() };
    let request = TuneRequest { tuning: tuning.clone(), was: None };
    owner.ask("PUT", "/faq/tuning").json(&request).expect(200).await;
    let less = FaqTuning { learned: tuning.learned[1..].to_vec(), ..FaqTuning::default() };
    owner.ask("PUT", "/faq/tuning").json(&TuneRequest { tuning: less, was: Some(tuning) }).expect(200).await;
}
