//! An FAQ is tuned without being sent again, in one step, and what is set outlives a publication.

use deskbell_shared::wire::{
    Eagerness, FaqPointer, FaqReport, FaqTuning, MAX_FAQ_BYTES, MAX_REFUSED_LOANS, ProblemKind, Published,
    RefusedLoan, TuneRequest,
};
use serde_json::json;

use crate::people::Site;

/// Enough of a shop that something is borrowed for it; in a language whose phrasebooks are small, so that compiling is
/// quick also when every test does it at once.
const FAQ: &str = "\
- {id: cancel, lang: de, questions: [Wie kann ich meine Bestellung stornieren?], answer: Vor dem Versand.}
- {id: gift, lang: de, questions: [Kann ich meine Bestellung als Geschenk verpacken lassen?], answer: Ja.}
- {id: delivery, lang: de, questions: [Wie lange dauert die Lieferung?], answer: Zwei Tage.}
- {id: returns, lang: de, questions: [Wie lange kann ich einen Artikel zurückgeben?], answer: Dreißig Tage.}
- {id: password, lang: de, questions: [Ich habe mein Passwort vergessen. Was nun?], answer: Setzen Sie es neu.}
- {id: account, lang: de, questions: [Wie lösche ich mein Konto?], answer: In den Einstellungen.}
- {id: hours, lang: de, questions: [Wie sind Ihre Öffnungszeiten?], answer: Von 9 bis 17 Uhr.}
";

async fn report(site: &Site<'_>) -> FaqReport {
    site.operator("GET", "/faq/report").expect(200).await.json()
}

async fn pointer(site: &Site<'_>) -> FaqPointer {
    site.ask("GET", "/faq").expect(200).await.json()
}

async fn publish(site: &Site<'_>, faq: &str) -> Published {
    site.operator("PUT", "/faq").body("application/yaml", faq.to_owned()).expect(200).await.json()
}

fn set(tuning: &FaqTuning) -> TuneRequest {
    TuneRequest { tuning: tuning.clone(), was: None }
}

fn eager() -> FaqTuning {
    FaqTuning { eagerness: Eagerness::ALL[4], ..FaqTuning::default() }
}

#[tokio::test]
async fn a_published_faq_borrows_from_the_phrasebooks_and_says_what() {
    let site = Site::new().await;
    publish(&site, FAQ).await;
    let report = report(&site).await;
    assert_eq!(report.tuning, FaqTuning::default());
    assert_eq!(report.levels.len(), 5);
    assert!(report.levels.iter().all(|level| (0.0..=1.0).contains(&level.answered)));
    assert!(!report.loans.is_empty(), "nothing was borrowed: {report:?}");
    assert!(report.loans.iter().all(|loan| !loan.phrasings.is_empty() && !loan.refused));
}

#[tokio::test]
async fn tuning_moves_the_pointer_and_is_kept_when_the_next_faq_comes() {
    let site = Site::new().await;
    let first = publish(&site, FAQ).await;
    let loan = report(&site).await.loans.remove(0);
    let refused = RefusedLoan { entry: loan.entry, intent: loan.intent };
    let tuning = FaqTuning { refused: vec![refused.clone()], ..eager() };
    let told: FaqReport = site.operator("PUT", "/faq/tuning").json(&set(&tuning)).expect(200).await.json();
    assert_eq!(told.tuning, tuning);
    let is_refused = |report: &FaqReport| {
        let mut loans = report.loans.iter();
        loans.any(|loan| loan.refused && loan.entry == refused.entry && loan.intent == refused.intent)
    };
    assert!(is_refused(&told), "{:?}", told.loans);
    let tuned = pointer(&site).await.pack;
    assert!(tuned.is_some() && tuned.as_ref() != Some(&first.pack));
    assert_eq!(report(&site).await, told);
    assert_eq!(site.operator("GET", "/faq/source").expect(200).await.text(), FAQ);

    assert_eq!(Some(publish(&site, FAQ).await.pack), tuned, "the same source and tuning make the same pack");
    assert_eq!(report(&site).await.tuning, tuning);
    site.operator("PUT", "/faq/tuning").json(&set(&FaqTuning::default())).expect(200).await;
    assert_eq!(pointer(&site).await.pack, Some(first.pack));

    // Whoever looked at a tuning that is not set any more undoes nothing.
    let request = TuneRequest { tuning: eager(), was: Some(tuning) };
    site.operator("PUT", "/faq/tuning").json(&request).refused(ProblemKind::Conflict).await;
    assert_eq!(report(&site).await.tuning, FaqTuning::default());
    let request = TuneRequest { was: Some(FaqTuning::default()), ..request };
    site.operator("PUT", "/faq/tuning").json(&request).expect(200).await;
}

#[tokio::test]
async fn bad_tuning_is_refused_with_its_field_and_changes_nothing() {
    let site = Site::new().await;
    publish(&site, FAQ).await;
    let before = (pointer(&site).await, report(&site).await);
    let loan = |n: usize| json!({ "entry": format!("e{n}"), "intent": "shop/returns" });
    let too_many: Vec<_> = (0..=MAX_REFUSED_LOANS).map(loan).collect();
    for (bad, names) in [
        (json!({ "eagerness": 3 }), "eagerness"),
        (json!({ "eagerness": "bold" }), "eagerness"),
        (json!({ "refused": [{ "entry": "returns", "intent": "No Intent" }] }), "refused"),
        (json!({ "refused": [{ "entry": "", "intent": "shop/returns" }] }), "refused"),
        (json!({ "refused": too_many }), "at most 500"),
        (json!("eager"), ""),
    ] {
        let problem = site
            .operator("PUT", "/faq/tuning")
            .json(&json!({ "tuning": bad }))
            .refused(ProblemKind::Malformed)
            .await;
        assert!(problem.detail.contains(names), "{bad}: {}", problem.detail);
    }
    site.operator("PUT", "/faq/tuning").body("application/json", "{").refused(ProblemKind::Malformed).await;
    let huge = vec![b' '; MAX_FAQ_BYTES + 1];
    site.operator("PUT", "/faq/tuning").body("application/json", huge).refused(ProblemKind::TooLarge).await;
    site.operator("PUT", "/faq/tuning").body("text/csv", "x").refused(ProblemKind::UnsupportedMedia).await;
    site.operator("GET", "/faq/tuning").refused(ProblemKind::MethodNotAllowed).await;
    assert_eq!((pointer(&site).await, report(&site).await), before);
}

#[tokio::test]
async fn only_admins_and_the_operator_tune() {
    let site = Site::new().await;
    publish(&site, FAQ).await;
    let owner = site.agent().await;
    owner.ask("PUT", "/faq/tuning").json(&set(&eager())).expect(200).await;
    owner.ask("GET", "/faq/report").expect(200).await;
    site.ask("PUT", "/faq/tuning").json(&set(&eager())).refused(ProblemKind::SignInNeeded).await;
    site.ask("GET", "/faq/report").refused(ProblemKind::SignInNeeded).await;
    let forged = site.ask("PUT", "/faq/tuning").header("Cookie", &owner.cookie).origin(&site.edge.origin());
    forged.json(&set(&eager())).refused(ProblemKind::SignInNeeded).await;
    let other = Site::new().await;
    let elsewhere = other.ask("GET", "/faq/report").header("Cookie", &owner.cookie);
    elsewhere.refused(ProblemKind::SignInNeeded).await;
}

#[tokio::test]
async fn without_an_faq_there_is_nothing_to_tune() {
    let site = Site::new().await;
    site.operator("PUT", "/faq/tuning").json(&set(&eager())).refused(ProblemKind::NotFound).await;
    site.operator("GET", "/faq/report").refused(ProblemKind::NotFound).await;
    assert_eq!(pointer(&site).await.pack, None);
}

#[tokio::test]
async fn a_publication_and_a_tuning_at_once_undo_neither() {
    let site = Site::new().await;
    publish(&site, FAQ).await;
    let changed =
        format!("{FAQ}- {{id: added, lang: de, questions: [Reparieren Sie Deckel?], answer: Ja.}}\n");
    let publishing = site.operator("PUT", "/faq").body("application/yaml", changed.clone()).expect(200);
    let (careful, bold) = (FaqTuning { eagerness: Eagerness::ALL[0], ..eager() }, eager());
    let tune = |tuning: &FaqTuning| site.operator("PUT", "/faq/tuning").json(&set(tuning)).expect(200);
    tokio::join!(publishing, tune(&careful), tune(&bold));
    let report = report(&site).await;
    assert!(report.tuning == careful || report.tuning == bold, "{:?}", report.tuning);
    assert_eq!(site.operator("GET", "/faq/source").expect(200).await.text(), changed);
    // What is in force is what the source and the tuning that are kept make.
    let in_force = pointer(&site).await.pack;
    assert_eq!(Some(publish(&site, &changed).await.pack), in_force);
}
