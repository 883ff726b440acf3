//! `bench match`: how fast the matcher is in a visitor's browser, and what it needs there.
//!
//! The matcher alone, as WebAssembly in headless Chromium, on made-up FAQs of 1,000 and 10,000 phrasings. A browser's
//! clock is coarse, so each question is asked some times between two looks at it; and other programs only ever add to
//! a time, so the least of some rounds counts.
//!
//! | key | what |
//! |---|---|
//! | `engine_bytes`, `engine_bytes_br` | the matcher's module, built as the widget is |
//! | `compile_module_ms` | from its bytes to a module |
//! | `faqs.N.load_ms` | from a pack's bytes to a matcher that can be asked, the middle of some |
//! | `faqs.N.query_us_p50`, `…_p99`, `…_max` | microseconds a question |
//! | `faqs.N.memory_bytes` | all of the module's memory at the end, which is the most there ever was |
//! | `faqs.N.build_ms` | compiling the pack, natively |
//! | `faqs.N.differ` | of 5,000 questions, those with another verdict than natively, to the bit: none, or the command fails |

mod synthetic;

use std::{collections::HashMap, time::Instant};

use anyhow::{Context, Result, anyhow, ensure};
use deskbell_shared::{
    faq::{
        Decision, Matcher,
        compile::{compile, phrasebook::Library},
    },
    wire::FaqTuning,
};
use serde_json::{Map, Value, json};

use super::browser::Page;
use crate::{
    build::engine::{self, Part},
    compress::brotli,
    files, phrasebooks,
    progress::{Outcome, step},
    repo::Repo,
    setup,
};

/// Phrasings of the FAQs.
const SIZES: [usize; 2] = [1_000, 10_000];

/// Questions asked of each.
const QUESTIONS: usize = 5_000;

/// Measures in Chromium.
///
/// # Errors
/// The matcher does not build, Chromium does not start, or the page does not come to an end.
pub(crate) fn run(repo: &Repo) -> Result<Value> {
    setup::for_browsing()?;
    let engine = files::read(&engine::make(repo, Part::Matcher)?)?;
    let engine_bytes_br = brotli(&engine)?;
    let library = phrasebooks::library(repo)?;
    let mut result = json!({ "engine_bytes": engine.len(), "engine_bytes_br": engine_bytes_br });
    let mut page = Page::new(include_str!("page.html"));
    page.serve("/engine.wasm", "application/wasm", engine);
    let mut faqs = HashMap::new();
    for size in SIZES {
        step(&format!("pack of {size} phrasings"), || {
            faqs.insert(size.to_string(), give(&mut page, size, &library)?);
            Ok(Outcome::Done)
        })?;
    }
    page.serve("/sizes.json", "application/json", json!(SIZES).to_string().into_bytes());

    let mut measured = Value::Null;
    step("in Chromium", || {
        measured = page.open(repo)?;
        Ok(Outcome::Done)
    })?;
    if let Some(fault) = measured.get("fault") {
        return Err(anyhow!("the page fails: {fault}"));
    }
    result["compile_module_ms"] = measured["compile_module_ms"].clone();
    let mut all = Map::new();
    for (size, mut faq) in SIZES.map(|size| (size.to_string(), faqs.remove(&size.to_string()))) {
        let faq = faq.as_mut().and_then(Value::as_object_mut).context("every FAQ was made")?;
        let more = measured["faqs"][&size].as_object().context("every FAQ was measured")?;
        ensure!(
            more.get("differ") == Some(&json!(0)),
            "{} of {QUESTIONS} verdicts on {size} phrasings differ from those natively",
            more["differ"]
        );
        faq.extend(more.clone());
        all.insert(size, Value::Object(faq.clone()));
    }
    result["faqs"] = Value::Object(all);
    Ok(result)
}

/// Makes an FAQ, compiles it, and lets the page have the pack and the questions. Returns what is known about it.
fn give(page: &mut Page, phrasings: usize, library: &Library) -> Result<Value> {
    let source = synthetic::faq(phrasings)?;
    let questions = synthetic::questions(&source, QUESTIONS);
    let start = Instant::now();
    let compiled = compile(&source, library, &FaqTuning::default());
    let build_ms = start.elapsed().as_secs_f64() * 1e3;
    let matcher = Matcher::load(&compiled.pack).context("the matcher refuses the pack just compiled")?;
    let verdicts: Vec<Value> = questions.iter().map(|question| native(&matcher, question)).collect();
    let known = json!({
        "entries": compiled.entries,
        "phrasings": compiled.phrasings,
        "pack_bytes": compiled.pack.len(),
        "pack_bytes_br": brotli(&compiled.pack)?,
        "build_ms": build_ms,
    });
    page.serve(&format!("/{phrasings}.pack"), "application/octet-stream", compiled.pack);
    let questions = json!({ "texts": questions, "verdicts": verdicts });
    page.serve(&format!("/{phrasings}.json"), "application/json", questions.to_string().into_bytes());
    Ok(known)
}

/// A verdict as the module tells it: the best entry, the confidence and the decision.
fn native(matcher: &Matcher, question: &str) -> Value {
    let verdict = matcher.ask(question);
    let best = verdict.ranked.first().map_or(-1, |best| best.entry as i64);
    let decision = match verdict.decision {
        Decision::Abstain => 0,
        Decision::Offer(count) => count,
        Decision::Answer => 4,
    };
    json!([best, verdict.confidence, decision])
}
