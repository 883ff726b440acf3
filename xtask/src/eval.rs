//! How well questions are answered from an FAQ, and how fast.
//!
//! The folder holds `faq.jsonl`, one entry a line (`id`, `questions`, `answer`, `lang`), and `queries.jsonl`, one
//! visitor's question a line (`text`, and the `id` of the entry that answers it, or null where none does).

use std::{
    collections::HashMap,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use deskbell_shared::faq::{
    Decision, MAX_ENTRIES, MAX_PHRASINGS, Matcher, Verdict,
    compile::{
        compile,
        source::{Question, Source, SourceEntry},
    },
};
use deskbell_shared::wire::{EntryId, LanguageTag, Text};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::compress::brotli;

#[derive(Deserialize)]
struct LabelledEntry {
    id: String,
    questions: Vec<String>,
    answer: String,
    lang: Option<LanguageTag>,
}

#[derive(Deserialize)]
struct LabelledQuestion {
    text: String,
    id: Option<String>,
}

/// A question as it went: what should have been said, and what was.
struct Outcome {
    /// The place of the right entry; `None` when none answers the question.
    expected: Option<usize>,
    verdict: Verdict,
}

/// Measures the matcher on a folder of labelled questions.
///
/// # Errors
/// When the folder or a line of its files is not as described above.
pub(crate) fn run(dir: &Path) -> Result<Value> {
    let labelled: Vec<LabelledEntry> = read_lines(&dir.join("faq.jsonl"))?;
    let questions: Vec<LabelledQuestion> = read_lines(&dir.join("queries.jsonl"))?;
    let source = Source { entries: numbered(&labelled)?, warnings: Vec::new() };
    let phrasings: usize = source.entries.iter().map(|entry| entry.questions.len()).sum();
    ensure!(
        labelled.len() <= MAX_ENTRIES && phrasings <= MAX_PHRASINGS,
        "faq.jsonl has {} entries and {phrasings} phrasings; a pack takes {MAX_ENTRIES} and {MAX_PHRASINGS}",
        labelled.len()
    );

    eprintln!("compiling {} entries", labelled.len());
    let start = Instant::now();
    let compiled = compile(&source);
    let build = start.elapsed();
    let matcher = Matcher::load(&compiled.pack).context("the matcher refuses the pack just compiled")?;

    let place_of: HashMap<&str, usize> =
        labelled.iter().enumerate().map(|(place, entry)| (entry.id.as_str(), place)).collect();
    let expected: Vec<Option<usize>> = questions
        .iter()
        .map(|question| match &question.id {
            None => Ok(None),
            Some(id) => match place_of.get(id.as_str()) {
                Some(place) => Ok(Some(*place)),
                None => bail!("queries.jsonl asks for entry {id:?}, which faq.jsonl does not have"),
            },
        })
        .collect::<Result<_>>()?;

    eprintln!("asking {} questions", questions.len());
    for question in &questions {
        matcher.ask(&question.text);
    }
    let mut times = Vec::with_capacity(questions.len());
    let mut outcomes = Vec::with_capacity(questions.len());
    for (question, expected) in questions.iter().zip(expected) {
        let start = Instant::now();
        let verdict = matcher.ask(&question.text);
        times.push(start.elapsed());
        outcomes.push(Outcome { expected, verdict });
    }
    times.sort_unstable();

    let (inside, outside): (Vec<&Outcome>, Vec<&Outcome>) =
        outcomes.iter().partition(|outcome| outcome.expected.is_some());
    ensure!(!inside.is_empty(), "queries.jsonl has no question that an entry answers");
    let share_of_inside = |holds: &dyn Fn(&Outcome) -> bool| {
        inside.iter().filter(|outcome| holds(outcome)).count() as f64 / inside.len() as f64
    };
    let answers: Vec<&Outcome> =
        outcomes.iter().filter(|outcome| outcome.verdict.decision == Decision::Answer).collect();
    let wrong_answers = answers.iter().filter(|outcome| outcome.rank() != Some(1)).count();
    let reciprocal_ranks: f64 =
        inside.iter().filter_map(|outcome| outcome.rank()).map(|rank| 1.0 / rank as f64).sum();

    Ok(json!({
        "top1": share_of_inside(&|outcome| outcome.rank() == Some(1)),
        "top3": share_of_inside(&|outcome| outcome.rank().is_some_and(|rank| rank <= 3)),
        "mrr": reciprocal_ranks / inside.len() as f64,
        "oos_auroc": auroc(&confidences(&inside), &confidences(&outside)),
        "answered": share_of_inside(&|outcome| outcome.verdict.decision == Decision::Answer),
        "wrong_of_answered": (!answers.is_empty()).then(|| wrong_answers as f64 / answers.len() as f64),
        "offered": share_of_inside(&Outcome::shown),
        "query_us_p50": microseconds(quantile(&times, 0.50)),
        "query_us_p99": microseconds(quantile(&times, 0.99)),
        "pack_bytes": compiled.pack.len(),
        "pack_bytes_br": brotli(&compiled.pack)?,
        "build_ms": build.as_secs_f64() * 1e3,
    }))
}

impl Outcome {
    /// The rank of the right entry, from 1; `None` when there is none, or it was not ranked.
    fn rank(&self) -> Option<usize> {
        let expected = self.expected?;
        self.verdict.ranked.iter().position(|candidate| candidate.entry == expected).map(|place| place + 1)
    }

    /// Whether the visitor saw the right entry, as the answer or among the offers.
    fn shown(&self) -> bool {
        let seen = match self.verdict.decision {
            Decision::Answer => 1,
            Decision::Offer(count) => count,
            Decision::Abstain => 0,
        };
        self.rank().is_some_and(|rank| rank <= seen)
    }
}

/// The entries as a source. Their ids become numbers in the file's order, which is then the matcher's order too:
/// labelled sets name entries as they like.
fn numbered(labelled: &[LabelledEntry]) -> Result<Vec<SourceEntry>> {
    let entry = |(place, entry): (usize, &LabelledEntry)| {
        let questions: Vec<Question> =
            entry.questions.iter().filter_map(|text| Question::cut(text)).collect();
        ensure!(!questions.is_empty(), "faq.jsonl, line {}: {:?} has no questions", place + 1, entry.id);
        let answer = Text::cut(&entry.answer)
            .with_context(|| format!("faq.jsonl, line {}: {:?} has no answer", place + 1, entry.id))?;
        let id: EntryId = format!("{place:06}").parse()?;
        Ok(SourceEntry { id, questions, answer, lang: entry.lang.clone(), suggest: false })
    };
    let mut seen = HashMap::new();
    for (place, labelled) in labelled.iter().enumerate() {
        if let Some(first) = seen.insert(&labelled.id, place) {
            bail!("faq.jsonl, line {}: {:?} is already on line {}", place + 1, labelled.id, first + 1);
        }
    }
    labelled.iter().enumerate().map(entry).collect()
}

fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read: Vec<T> = lines
        .map(|(place, line)| {
            serde_json::from_str(line).with_context(|| format!("{}, line {}", path.display(), place + 1))
        })
        .collect::<Result<_>>()?;
    ensure!(!read.is_empty(), "{} is empty", path.display());
    Ok(read)
}

fn confidences(outcomes: &[&Outcome]) -> Vec<f32> {
    outcomes.iter().map(|outcome| outcome.verdict.confidence).collect()
}

/// How likely a confidence of `inside` is above one of `outside`, a tie counting half; `None` when there is none.
fn auroc(inside: &[f32], outside: &[f32]) -> Option<f64> {
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
fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

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
