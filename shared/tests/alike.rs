//! FAQs whose entries are hard to tell apart, with the real phrasebooks: what is borrowed must not decide between them.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its data fails")]

use std::{fs, path::Path};

use deskbell_shared::{
    faq::{
        Decision, Matcher,
        compile::{
            compile,
            phrasebook::Library,
            source::{Format, parse},
        },
    },
    wire::FaqTuning,
};

/// The phrasebooks of these languages, with what was learned from them.
fn library(languages: &[&str]) -> Library {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut library = Library::default();
    for file in fs::read_dir(root.join("phrasebooks")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if languages.iter().any(|language| name.ends_with(&format!(".{language}.txt"))) {
            library.add(name, &fs::read_to_string(&path).unwrap()).unwrap();
        }
    }
    for language in languages {
        let language = language.split('-').next().unwrap();
        let embedding = fs::read(root.join("embeddings").join(language).with_extension("bin")).unwrap();
        library.add_embedding(language, &embedding).unwrap();
    }
    library
}

/// The FAQ of these rows: id, question, answer, language.
fn matcher(rows: &[[&str; 4]], library: &Library) -> Matcher {
    let quoted = rows.iter().map(|row| row.map(|cell| format!("{cell:?}")).join(","));
    let csv = ["id,question,answer,lang".to_owned()].into_iter().chain(quoted).collect::<Vec<_>>().join("\n");
    let source = parse("faq.csv", csv.as_bytes(), Format::Csv).unwrap();
    Matcher::load(&compile(&source, library, &FaqTuning::default()).pack).unwrap()
}

fn best<'a>(matcher: &'a Matcher, question: &str) -> Option<&'a str> {
    let best = matcher.ask(question).ranked.first().map(|candidate| candidate.entry);
    best.map(|entry| matcher.entries()[entry].id.as_str())
}

#[test]
fn of_many_shops_or_plans_the_one_that_is_named_answers() {
    let library = library(&["en"]);
    let shops = matcher(
        &[
            ["berlin", "When is the Berlin store open?", "Monday to Saturday, 9 to 20.", "en"],
            ["hamburg", "When is the Hamburg store open?", "Daily 10 to 18; parking is free.", "en"],
            ["cologne", "When is the Cologne store open?", "Closed for renovation until May.", "en"],
            ["leipzig", "When is the Leipzig store open?", "Tuesday to Saturday.", "en"],
            ["pay", "Which payment methods do you accept?", "Cards, PayPal and cash.", "en"],
            ["returns", "How do I return something?", "Within 30 days.", "en"],
        ],
        &library,
    );
    for shop in ["berlin", "hamburg", "cologne", "leipzig"] {
        for question in [
            format!("When is the {shop} store open?"),
            format!("{shop} opening hours"),
            format!("is the shop in {shop} open on sundays"),
        ] {
            assert_eq!(best(&shops, &question), Some(shop), "{question}");
        }
    }
    let plans = matcher(
        &[
            ["basic", "What is included in the Basic plan?", "Two boards and email support.", "en"],
            ["team", "What is included in the Team plan?", "Unlimited boards for five people.", "en"],
            ["enterprise", "What is included in the Enterprise plan?", "A contract.", "en"],
            ["price", "How much does it cost?", "From 5 euros a month.", "en"],
            ["cancel", "How do I cancel my subscription?", "Under Billing.", "en"],
        ],
        &library,
    );
    for plan in ["basic", "team", "enterprise"] {
        for question in
            [format!("What is included in the {plan} plan?"), format!("what do i get with the {plan} plan")]
        {
            assert_eq!(best(&plans, &question), Some(plan), "{question}");
        }
    }
}

#[test]
fn what_is_answered_in_one_language_alone_is_found_in_the_other() {
    let matcher = matcher(
        &[
            ["hours-de", "Wann haben Sie geöffnet?", "Montag bis Samstag von 9 bis 18 Uhr.", "de"],
            ["hours-en", "When are you open?", "Monday to Saturday, 9 to 18.", "en"],
            ["pay-de", "Wie kann ich bezahlen?", "Mit Karte oder PayPal.", "de"],
            ["pay-en", "How can I pay?", "By card or PayPal.", "en"],
            ["track-de", "Wo ist mein Paket?", "Der Link steht in der Versandmail.", "de"],
            ["track-en", "Where is my parcel?", "The link is in the shipping mail.", "en"],
            ["returns", "Wie schicke ich etwas zurück?", "Innerhalb von 30 Tagen, kostenlos.", "de"],
            ["gift", "Kann ich etwas als Geschenk einpacken lassen?", "Ja, für 3 Euro.", "de"],
        ],
        &library(&["de", "en"]),
    );
    for (question, id) in
        [("how do I send something back", "returns"), ("do you offer gift wrapping", "gift")]
    {
        assert_eq!(best(&matcher, question), Some(id), "{question}");
        assert_ne!(matcher.ask(question).decision, Decision::Abstain, "{question}");
    }
    for (question, id) in [("when do you open", "hours-en"), ("wann macht ihr auf", "hours-de")] {
        assert_eq!(best(&matcher, question), Some(id), "{question}");
    }
}

#[test]
fn of_two_languages_that_fit_alike_the_readers_answers() {
    let library = library(&["de", "en"]);
    let rows = [
        ["hours-de", "Wann haben Sie geöffnet?", "Montag bis Samstag von 9 bis 18 Uhr.", "de"],
        ["hours-en", "When are you open?", "Monday to Saturday, 9 to 18.", "en"],
        ["pay-de", "Kann ich mit PayPal bezahlen?", "Mit Karte oder PayPal.", "de"],
        ["pay-en", "Can I pay with PayPal?", "By card or PayPal.", "en"],
        ["track-de", "Wo ist mein DHL-Paket?", "Der Link steht in der Versandmail.", "de"],
        ["track-en", "Where is my DHL parcel?", "The link is in the shipping mail.", "en"],
        ["returns", "Wie schicke ich etwas zurück?", "Innerhalb von 30 Tagen, kostenlos.", "de"],
    ];
    let anybody = matcher(&rows, &library);
    for (wanted, lang) in [("de-AT", "de"), ("en-GB", "en")] {
        let reader = anybody.for_reader(&["xx", wanted]);
        for (question, subject) in [("PayPal", "pay"), ("paypal?", "pay")] {
            assert_eq!(best(&reader, question), Some(format!("{subject}-{lang}").as_str()), "{question}");
            assert_eq!(reader.ask(question).decision, Decision::Answer, "{question}");
        }
        // Who asks in the other language is answered in it, and so is what is in one language alone.
        for (question, id) in [
            ("when do you open", "hours-en"),
            ("wann macht ihr auf", "hours-de"),
            ("how do I send something back", "returns"),
        ] {
            assert_eq!(best(&reader, question), Some(id), "{question}");
            assert_eq!(reader.ask(question).decision, anybody.ask(question).decision, "{question}");
        }
    }
    let german = rows.iter().filter(|row| row[3] == "de").copied().collect::<Vec<_>>();
    let german = matcher(&german, &library);
    for question in ["PayPal", "wo bleibt mein Paket", "when do you open"] {
        for wanted in ["en", "de"] {
            assert_eq!(german.for_reader(&[wanted]).ask(question), german.ask(question), "{question}");
        }
    }
}
