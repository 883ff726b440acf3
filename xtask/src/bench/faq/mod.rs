//! `bench faq`: the matcher beside the JavaScript libraries that a site owner could pick instead, on the same data, in
//! the same run and in the same Node.
//!
//! Ours runs as the WebAssembly that browsers run. Each library is used as its documentation recommends for such a
//! search ([`peers`] has a module for each), with one document an entry, and its own score as its confidence.
//!
//! | key | what |
//! |---|---|
//! | `top1` | share of the questions that an entry answers for which that entry came first |
//! | `oos_auroc` | how well the score tells those questions from the ones that no entry answers |
//! | `query_us_p50`, `query_us_p99` | microseconds a question |
//! | `index_bytes_br` | what a browser would load instead of building the index itself, the answers' texts with it |
//! | `library_bytes_br` | the code, bundled and minified |
//! | `build_ms` | from the texts to a matcher that can be asked; ours is compiled natively, and loaded |
//!
//! Figures are null where a library did not finish in time.

mod peers;
mod table;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use deskbell_shared::{
    faq::compile::{compile, phrasebook::Library},
    wire::FaqTuning,
};
use serde_json::{Map, Value, json};

use self::peers::{Answers, MATCHERS, Matcher, Peers};
use crate::{
    compress::brotli,
    eval::{
        auroc, microseconds, quantile,
        set::{self, LabelledSet},
    },
    files, phrasebooks,
    progress::{Outcome, step},
    repo::Repo,
};

/// What to compare on.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A folder with an FAQ and labelled questions, as `eval faq` takes it
    dir: PathBuf,
    /// Every such folder below this one
    #[arg(long)]
    all: bool,
    /// Seconds after which a matcher is given up on a set
    #[arg(long, default_value_t = 600)]
    patience: u64,
}

/// A matcher on a set.
struct Row {
    matcher: &'static Matcher,
    /// None when it did not finish.
    figures: Option<Figures>,
    library_bytes_br: usize,
}

/// Shares are from 0 to 1.
struct Figures {
    top1: f64,
    oos_auroc: Option<f64>,
    query_us_p50: f64,
    query_us_p99: f64,
    index_bytes_br: usize,
    build_ms: f64,
}

/// Compares all matchers on a folder, or on every folder below it; prints tables for the README on stderr.
///
/// # Errors
/// A folder is not as described in [`set`], a library cannot be installed, or a matcher fails.
pub(crate) fn run(repo: &Repo, arguments: &Arguments) -> Result<Value> {
    let Arguments { dir, all, patience } = arguments;
    let library = phrasebooks::library(repo)?;
    let peers = Peers::install(repo)?;
    let patience = Duration::from_secs(*patience);
    let dirs = if *all { set::find(dir) } else { vec![dir.clone()] };
    ensure!(!dirs.is_empty(), "no folder below {} holds faq.jsonl and queries.jsonl", dir.display());
    let mut sets = BTreeMap::new();
    for each in &dirs {
        let name = if *all { each.strip_prefix(dir).unwrap_or(each) } else { each };
        let name = name.display().to_string();
        eprintln!("{name}");
        let rows = compare(&peers, each, &library, patience).with_context(|| name.clone())?;
        sets.insert(name, rows);
    }
    if *all {
        eprintln!("\n{}\n{}", table::of_all(&sets), table::summary(&sets));
        let sets = sets.iter().map(|(name, rows)| (name.clone(), to_json(rows)));
        return Ok(Value::Object(sets.collect::<Map<_, _>>()));
    }
    let rows = sets.into_values().next().unwrap_or_default();
    eprintln!("\n{}", table::of_one(&rows));
    Ok(to_json(&rows))
}

fn to_json(rows: &[Row]) -> Value {
    let row = |row: &Row| {
        let figures = row.figures.as_ref();
        json!({
            "matcher": row.matcher.name,
            "top1": figures.map(|figures| figures.top1),
            "oos_auroc": figures.and_then(|figures| figures.oos_auroc),
            "query_us_p50": figures.map(|figures| figures.query_us_p50),
            "query_us_p99": figures.map(|figures| figures.query_us_p99),
            "index_bytes_br": figures.map(|figures| figures.index_bytes_br),
            "library_bytes_br": row.library_bytes_br,
            "build_ms": figures.map(|figures| figures.build_ms),
        })
    };
    rows.iter().map(row).collect()
}

/// All matchers on the set in a folder.
fn compare(peers: &Peers, dir: &Path, library: &Library, patience: Duration) -> Result<Vec<Row>> {
    let set = LabelledSet::read(dir)?;
    let start = Instant::now();
    let compiled = compile(&set.source, library, &FaqTuning::default());
    let compiled_ms = start.elapsed().as_secs_f64() * 1e3;
    let given = peers.give(&set, &compiled.pack)?;
    let mut rows = Vec::new();
    for matcher in &MATCHERS {
        let mut figures = None;
        step(matcher.name, || {
            if let Some(mut answers) = peers.ask(matcher, &given, patience)? {
                if matcher.is_ours() {
                    answers.build_ms += compiled_ms;
                }
                figures = Some(judge(&set, &answers)?);
            } else {
                eprintln!("  … {} is not done after {} s", matcher.name, patience.as_secs());
            }
            Ok(Outcome::Done)
        })?;
        rows.push(Row { matcher, figures, library_bytes_br: peers.library_bytes_br(matcher) });
    }
    Ok(rows)
}

/// The measures, from what a matcher answered.
fn judge(set: &LabelledSet, answers: &Answers) -> Result<Figures> {
    ensure!(
        answers.best.len() == set.queries.len()
            && answers.confidence.len() == set.queries.len()
            && answers.us.len() == set.queries.len(),
        "not every question was answered"
    );
    let (mut inside, mut outside, mut right) = (Vec::new(), Vec::new(), 0);
    for ((query, best), confidence) in set.queries.iter().zip(&answers.best).zip(&answers.confidence) {
        match query.expected {
            Some(expected) => {
                inside.push(*confidence as f32);
                right += usize::from(usize::try_from(*best) == Ok(expected));
            }
            None => outside.push(*confidence as f32),
        }
    }
    let mut times: Vec<Duration> = answers.us.iter().map(|us| Duration::from_secs_f64(us / 1e6)).collect();
    times.sort_unstable();
    Ok(Figures {
        top1: right as f64 / inside.len() as f64,
        oos_auroc: auroc(&inside, &outside),
        query_us_p50: microseconds(quantile(&times, 0.50)),
        query_us_p99: microseconds(quantile(&times, 0.99)),
        index_bytes_br: brotli(&files::read(&answers.index)?)?,
        build_ms: answers.build_ms,
    })
}
