//! What fuzzing begins with: sound inputs of the project's own, small enough that a change to them means something.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use deskbell_shared::{
    faq::compile::{
        compile,
        source::{Format, Source, parse},
    },
    wire::FaqTuning,
};

use crate::{dev::sites::DEMOS, files, operator::Faults, phrasebooks, progress::Outcome, repo::Repo};

/// Entries of the packs and sources that are made from the demo shops' FAQs.
const SIZES: [usize; 3] = [1, 3, 6];

/// What stands before the body of a pack.
const PACK_HEADER: usize = 13;

/// Sources with what the demos' have not: every key, the quoting, and faults.
const YAML: [&str; 4] = [
    "- id: a\n  questions: [\"How?\", 'It''s', >-\n    folded\n    lines]\n  answer: |\n    Two\n    lines\n  lang: en\n  suggest: true\n  subject: Two\n",
    "# note\n---\n- {id: b, questions: [x], answer: y}\n- id: b\n  questions:\n  answer: &a z\n",
    "- id: c\n  questions:\n    - 怎么退货？\n    - 退貨\n  answer: \"\\u4e03天\\t[链接](https://example.com)\"\n  lang: zh-Hant\n",
    "id: [a\n",
];
const CSV: [&str; 4] = [
    "id,question,answer,lang,suggest\r\na,\"How, \"\"so\"\"?\",\"Two\nlines\",en,true\r\na,And,,,\r\n",
    "\u{feff}question;answer;id\nx;y;b\n",
    "id\tquestion\tanswer\nc\t怎么退货？\t七天\n",
    "id,question,answer\nd,\"never closed,\n",
];

/// Texts of many scripts and forms.
const TEXTS: [&str; 12] = [
    "Where is my order?",
    "ＷＨＥＲＥ　ｉｓ　ｍｙ　ｏｒｄｅｒ",
    "Straße, CAFÉ, cafe\u{301}, İstanbul, ﬁne",
    "訂單什麼時候發貨？订单",
    "注文はいつ届きますか ｶﾀｶﾅ",
    "주문이 언제 오나요",
    "أين طَلَبِي؟ ــــ",
    "איפה ההזמנה שֶׁלִּי",
    "मेरा ऑर्डर कहाँ है",
    "คำสั่งซื้ออยู่ที่ไหน",
    "👩‍👩‍👧 🇫🇷 x\u{200d}y \u{202e}abc",
    "see https://example.com/a_(b)?c=d. or [shop](https://example.com), me@example.com, [bank.example](http://evil.example)",
];

/// The folder of a target's seeds.
pub(super) fn folder(repo: &Repo, target: &str) -> PathBuf {
    repo.memory().join("fuzz/seeds").join(target)
}

/// Writes all of them anew: the formats may have changed.
///
/// # Errors
/// A demo's FAQ has faults, or a file cannot be written.
pub(super) fn write(repo: &Repo) -> Result<Outcome> {
    files::remove(&repo.memory().join("fuzz/seeds"))?;
    let library = phrasebooks::library(repo)?;
    for demo in &DEMOS {
        let name = demo.faq();
        let demo = parse(&name, &files::read(&repo.at(&name))?, Format::Yaml).map_err(|unsound| {
            anyhow!(Faults { says: "the demo shop's FAQ has faults", faults: unsound.faults })
        })?;
        for size in SIZES {
            let part: Vec<_> = demo.entries.iter().take(size).cloned().collect();
            let source = Source { entries: part, warnings: Vec::new() };
            put(repo, "yaml", to_yaml(&source)?.as_bytes())?;
            put(repo, "csv", to_csv(&source).as_bytes())?;
            let pack = compile(&source, &library, &FaqTuning::default()).pack;
            let question = source.entries.first().map_or("", |entry| entry.questions[0].as_str());
            let body = pack.get(PACK_HEADER..).unwrap_or_default();
            put(repo, "pack", &[question.as_bytes(), &[0], body].concat())?;
        }
    }
    for (target, texts) in [("yaml", &YAML[..]), ("csv", &CSV), ("text", &TEXTS)] {
        texts.iter().try_for_each(|text| put(repo, target, text.as_bytes()))?;
    }
    Ok(Outcome::Done)
}

fn put(repo: &Repo, target: &str, seed: &[u8]) -> Result<()> {
    files::write(&folder(repo, target).join(crate::fingerprint::short(seed)), seed)
}

/// JSON's strings are YAML's too.
fn to_yaml(source: &Source) -> Result<String> {
    let mut yaml = String::new();
    for entry in &source.entries {
        yaml += &format!("- id: {}\n  questions:\n", entry.id);
        for question in &entry.questions {
            yaml += &format!("    - {}\n", serde_json::to_string(question.as_str())?);
        }
        yaml += &format!("  answer: {}\n", serde_json::to_string(entry.answer.as_str())?);
    }
    Ok(yaml)
}

fn to_csv(source: &Source) -> String {
    let mut csv = "id,question,answer\n".to_owned();
    let quoted = |text: &str| text.replace('"', "\"\"");
    for entry in &source.entries {
        for question in &entry.questions {
            csv += &format!(
                "{},\"{}\",\"{}\"\n",
                entry.id,
                quoted(question.as_str()),
                quoted(entry.answer.as_str())
            );
        }
    }
    csv
}
