//! `eval faq`: how well questions are answered from an FAQ, and how fast.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, ensure};
use deskbell_shared::faq::{
    Decision, Matcher, Verdict,
    compile::{Compiled, compile, phrasebook::Library},
    subject_of,
};
use deskbell_shared::wire::FaqTuning;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    robust::{Scripts, mistyped},
    set::{self, LabelledSet, Query},
};
use crate::{compress::brotli, phrasebooks, repo::Repo};

/// Measures the matcher on a folder of labelled questions.
///
/// # Errors
/// When the folder is not as described in [`set`], or the matcher refuses the pack just compiled.
pub(crate) fn run(repo: &Repo, dir: &Path) -> Result<Value> {
    let library = phrasebooks::library(repo)?;
    let set = LabelledSet::read(dir)?;
    eprintln!("{} entries, {} questions", set.source.entries.len(), set.queries.len());
    let figures = measure(&set, &library)?;
    Ok(Value::Object(figures.to_json().into_iter().chain(figures.times()).collect()))
}

/// Measures the matcher on every set below a folder, and prints the most important figures as a table on stderr.
///
/// # Errors
/// Those of [`run`], for any of the sets; or when there is none.
pub(crate) fn run_all(repo: &Repo, root: &Path) -> Result<Value> {
    let library = phrasebooks::library(repo)?;
    let dirs = set::find(root);
    ensure!(!dirs.is_empty(), "no folder below {} holds faq.jsonl and queries.jsonl", root.display());
    let name = |dir: &Path| dir.strip_prefix(root).unwrap_or(dir).display().to_string();
    let width = dirs.iter().map(|dir| name(dir).len()).max().unwrap_or_default();
    eprintln!("{:width$}  {HEADING}", "");
    // A queue, since the sets differ in size by a hundred. Times are measured by `eval faq DIR` alone: here every core is
    // busy.
    let next = std::sync::Mutex::new(dirs.iter());
    let measured = std::sync::Mutex::new(Map::new());
    let worker = || -> Result<()> {
        loop {
            let Some(dir) = next.lock().map_err(|_| anyhow!("a set failed"))?.next() else { return Ok(()) };
            let figures =
                measure(&LabelledSet::read(dir)?, &library).with_context(|| dir.display().to_string())?;
            eprintln!("{:width$}  {}", name(dir), figures.to_row());
            measured.lock().map_err(|_| anyhow!("a set failed"))?.insert(name(dir), figures.to_json().into());
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        running.into_iter().try_for_each(|running| running.join().map_err(|_| anyhow!("a set failed"))?)
    })?;
    Ok(Value::Object(measured.into_inner().map_err(|_| anyhow!("a set failed"))?))
}

/// A question as it went: what should have been said, and what was.
struct Outcome {
    expected: Option<usize>,
    verdict: Verdict,
    /// The place of the right entry, from 1; `None` when there is none, or none was ranked.
    place: Option<usize>,
}

/// Everything that is measured on a set; shares are from 0 to 1.
struct Figures {
    top1: f64,
    top3: f64,
    mrr: f64,
    oos_auroc: Option<f64>,
    answered: f64,
    wrong_of_answered: Option<f64>,
    offered: f64,
    query_p50: Duration,
    query_p99: Duration,
    pack_bytes: usize,
    pack_bytes_br: usize,
    build: Duration,
    /// The share whose entry is ranked first with every fourth word mistyped, and of the same questions as they were.
    mistyped: Option<(f64, f64)>,
    /// The same for questions written in the other Chinese script.
    other_script: Option<(f64, f64)>,
    /// Where entries have subjects.
    subjects: Option<SubjectFigures>,
}

/// How well it is told what questions are about.
#[derive(Serialize)]
struct SubjectFigures {
    /// The share of the questions that an entry with a subject answers of which a subject was told.
    told: f64,
    /// The share of those whose subject that is.
    right_of_told: Option<f64>,
    /// The share of the questions that no entry answers of which a subject was told.
    told_out_of_scope: Option<f64>,
}

const HEADING: &str = "top1  top3  auroc  answered  wrong  offered  pack_br  mistyped  script";

impl Figures {
    /// What does not depend on the machine, and what else it is doing.
    fn to_json(&self) -> Map<String, Value> {
        object(json!({
            "top1": self.top1,
            "top3": self.top3,
            "mrr": self.mrr,
            "oos_auroc": self.oos_auroc,
            "answered": self.answered,
            "wrong_of_answered": self.wrong_of_answered,
            "offered": self.offered,
            "pack_bytes": self.pack_bytes,
            "pack_bytes_br": self.pack_bytes_br,
            "top1_mistyped": self.mistyped.map(|(changed, _)| changed),
            "top1_before_mistyped": self.mistyped.map(|(_, before)| before),
            "top1_other_script": self.other_script.map(|(changed, _)| changed),
            "top1_before_other_script": self.other_script.map(|(_, before)| before),
            "subjects": self.subjects,
        }))
    }

    /// The rest.
    fn times(&self) -> Map<String, Value> {
        object(json!({
            "query_us_p50": microseconds(self.query_p50),
            "query_us_p99": microseconds(self.query_p99),
            "build_ms": self.build.as_secs_f64() * 1e3,
        }))
    }

    /// The figures under [`HEADING`], in percent.
    fn to_row(&self) -> String {
        let percent = |share: f64| format!("{:.1}", 100.0 * share);
        let lost = |share: Option<(f64, f64)>| {
            share.map_or_else(
                || "–".to_owned(),
                |(changed, before)| format!("{:+.1}", 100.0 * (changed - before)),
            )
        };
        let maybe = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), percent);
        format!(
            "{:>4}  {:>4}  {:>5}  {:>8}  {:>5}  {:>7}  {:>7}  {:>8}  {:>6}",
            percent(self.top1),
            percent(self.top3),
            maybe(self.oos_auroc),
            percent(self.answered),
            maybe(self.wrong_of_answered),
            percent(self.offered),
            self.pack_bytes_br,
            lost(self.mistyped),
            lost(self.other_script),
        )
    }
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn measure(set: &LabelledSet, library: &Library) -> Result<Figures> {
    let start = Instant::now();
    let compiled = compile(&set.source, library, &FaqTuning::default());
    let build = start.elapsed();
    let matcher = Matcher::load(&compiled.pack).context("the matcher refuses the pack just compiled")?;
    let subjects = subjects(set, &matcher);
    Ok(Figures { subjects, ..figures(&matcher, &compiled, build, &set.queries)? })
}

fn figures(matcher: &Matcher, compiled: &Compiled, build: Duration, queries: &[Query]) -> Result<Figures> {
    for query in queries {
        matcher.ask(&query.text);
    }
    let mut times = Vec::with_capacity(queries.len());
    let mut outcomes = Vec::with_capacity(queries.len());
    for query in queries {
        let start = Instant::now();
        let verdict = matcher.ask(&query.text);
        times.push(start.elapsed());
        let place = query.expected.and_then(|entry| matcher.place_of(entry, &query.text));
        outcomes.push(Outcome { expected: query.expected, verdict, place });
    }
    times.sort_unstable();
    let scripts = Scripts::new();

    let (inside, outside): (Vec<&Outcome>, Vec<&Outcome>) =
        outcomes.iter().partition(|outcome| outcome.expected.is_some());
    let share_of_inside = |holds: &dyn Fn(&Outcome) -> bool| {
        inside.iter().filter(|outcome| holds(outcome)).count() as f64 / inside.len() as f64
    };
    let answers: Vec<&Outcome> =
        outcomes.iter().filter(|outcome| outcome.verdict.decision == Decision::Answer).collect();
    let wrong_answers = answers.iter().filter(|outcome| outcome.rank() != Some(1)).count();
    let reciprocal_ranks: f64 =
        inside.iter().filter_map(|outcome| outcome.place).map(|place| 1.0 / place as f64).sum();
    Ok(Figures {
        top1: share_of_inside(&|outcome| outcome.rank() == Some(1)),
        top3: share_of_inside(&|outcome| outcome.rank().is_some_and(|rank| rank <= 3)),
        mrr: reciprocal_ranks / inside.len() as f64,
        oos_auroc: auroc(&confidences(&inside), &confidences(&outside)),
        answered: share_of_inside(&|outcome| outcome.verdict.decision == Decision::Answer),
        wrong_of_answered: (!answers.is_empty()).then(|| wrong_answers as f64 / answers.len() as f64),
        offered: share_of_inside(&Outcome::shown),
        query_p50: quantile(&times, 0.50),
        query_p99: quantile(&times, 0.99),
        pack_bytes: compiled.pack.len(),
        pack_bytes_br: brotli(&compiled.pack)?,
        build,
        mistyped: changed(matcher, queries, mistyped),
        other_script: changed(matcher, queries, |text| scripts.other(text)),
        subjects: None,
    })
}

/// How well it is told what questions are about; `None` where no entry has a subject.
fn subjects(set: &LabelledSet, matcher: &Matcher) -> Option<SubjectFigures> {
    let subject_of_entry = |place: usize| set.source.entries.get(place)?.subject.as_ref();
    let told = |query: &Query| subject_of(&[matcher.ask(&query.text)], subject_of_entry);
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for query in &set.queries {
        match query.expected.map(subject_of_entry) {
            Some(Some(expected)) => inside.push((expected, told(query))),
            Some(None) => {}
            None => outside.push(told(query)),
        }
    }
    let share = |part: usize, of: usize| (of > 0).then(|| part as f64 / of as f64);
    let told = inside.iter().filter(|(_, told)| told.is_some()).count();
    let right = inside.iter().filter(|(expected, told)| *told == Some(*expected)).count();
    Some(SubjectFigures {
        told: share(told, inside.len())?,
        right_of_told: share(right, told),
        told_out_of_scope: share(outside.iter().flatten().count(), outside.len()),
    })
}

/// A share of fewer questions than these says nothing.
const LEAST_CHANGED: usize = 30;

/// The share of questions whose entry is ranked first when they are changed, and when they are not, over those that can be.
fn changed(
    matcher: &Matcher,
    queries: &[Query],
    change: impl Fn(&str) -> Option<String>,
) -> Option<(f64, f64)> {
    let changed: Vec<(&Query, String)> = queries
        .iter()
        .filter(|query| query.expected.is_some())
        .filter_map(|query| Some((query, change(&query.text)?)))
        .collect();
    let is_first = |query: &Query, text: &str| {
        matcher.ask(text).ranked.first().map(|candidate| candidate.entry) == query.expected
    };
    let share = |holds: &dyn Fn(&Query, &str) -> bool| {
        changed.iter().filter(|(query, text)| holds(query, text)).count() as f64 / changed.len() as f64
    };
    (changed.len() >= LEAST_CHANGED).then(|| {
        (share(&|query, text| is_first(query, text)), share(&|query, _| is_first(query, &query.text)))
    })
}

impl Outcome {
    /// The place of the right entry among those that a verdict names.
    fn rank(&self) -> Option<usize> {
        self.place.filter(|place| *place <= self.verdict.ranked.len())
    }

    /// Whether the visitor saw the right entry, as the answer or among the offers.
    fn shown(&self) -> bool {
        self.rank().is_some_and(|rank| rank <= self.verdict.decision.shown())
    }
}

fn confidences(outcomes: &[&Outcome]) -> Vec<f32> {
    outcomes.iter().map(|outcome| outcome.verdict.confidence).collect()
}

/// How likely a confidence of `inside` is above one of `outside`, a tie counting half; `None` when there is none.
pub(crate) fn auroc(inside: &[f32], outside: &[f32]) -> Option<f64> {
    if inside.is_empty() || outside.is_empty() {
        return None;
    }
    let wins = |inside: &f32| -> f64 {
        let win = |outside: &f32| match inside.total_cmp(outside) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        };
        outside.iter().map(win).sum()
    };
    Some(inside.iter().map(wins).sum::<f64>() / (inside.len() * outside.len()) as f64)
}

/// The value below which a share of the sorted values lies.
pub(crate) fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
}

pub(crate) fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[cfg(test)]
mod tests {
    use deskbell_shared::faq::compile::source::{Format, parse};

    use super::*;

    /// The right entry counts by its place also where a verdict, which names ten, does not name it.
    #[test]
    fn an_entry_far_down_has_a_place() {
        let yaml = (0..14).fold(String::new(), |yaml, n| {
            yaml + &format!(
                "- id: e{n:02}\n  questions: [tea number {n}, is tea {n} good]\n  answer: Yes {n}.\n"
            )
        });
        let source = parse("faq.yaml", yaml.as_bytes(), Format::Yaml).unwrap();
        let compiled = compile(&source, &Library::default(), &FaqTuning::default());
        let matcher = Matcher::load(&compiled.pack).unwrap();
        let (question, named) = ("tea number 3", matcher.ask("tea number 3").ranked);
        for (place, candidate) in named.iter().enumerate() {
            assert_eq!(matcher.place_of(candidate.entry, question), Some(place + 1));
        }
        let mut places: Vec<_> = (0..14).filter_map(|entry| matcher.place_of(entry, question)).collect();
        places.sort_unstable();
        assert_eq!(places, (1..=14).collect::<Vec<_>>());
        let figures = |entry| {
            let query = Query { text: question.to_owned(), expected: Some(entry) };
            figures(&matcher, &compiled, Duration::ZERO, &[query]).unwrap()
        };
        let last = (0..14).find(|entry| matcher.place_of(*entry, question) == Some(14)).unwrap();
        assert_eq!((figures(last).mrr, figures(last).offered), (1.0 / 14.0, 0.0));
        assert_eq!(figures(named[0].entry).mrr, 1.0);
        assert!(!figures(last).to_json().keys().any(|key| key.contains("_us_") || key.ends_with("_ms")));
    }

    #[test]
    fn the_area_under_the_curve_counts_pairs() {
        assert_eq!(auroc(&[0.9, 0.5], &[0.1, 0.5]), Some(0.875));
        assert_eq!(auroc(&[0.9], &[]), None);
    }

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_micros).collect();
        assert_eq!(quantile(&times, 0.50), Duration::from_micros(50));
        assert_eq!(quantile(&times, 0.99), Duration::from_micros(99));
        assert_eq!(quantile(&[], 0.5), Duration::ZERO);
    }
}
