//! Trying rules on what is on record: whom they would have stopped, which of them were honest, and what would be better.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    conduct::{Conduct, Evidence, Verdict},
    ladder::Rung,
    record::{Changed, Decision, Excerpt, Replayed, Suggested},
    rules::{GuardRules, Keyword, check_word},
    words::WordList,
};
use crate::{
    text::{HanPairs, Script, fold, tokens},
    wire::{ConversationId, MessageId, Millis},
};

/// Visitors that are listed.
const LISTED: usize = 50;
/// Words that are suggested.
const SUGGESTED: usize = 8;
/// A word is suggested when so many of those stopped have used it.
const USED_BY: usize = 3;
/// A suggested threshold lies this far above the worst of the honest.
const MARGIN: u32 = 5;

/// What is known of one visitor after a replay.
struct Replay<'a> {
    words: Vec<&'a Excerpt>,
    conversation: Option<ConversationId>,
    said: &'a Excerpt,
    before: Rung,
    after: Rung,
    most_points: u32,
    honest: bool,
}

/// Tries rules on decisions, oldest first. `honest` says whom agents have considered honest.
pub fn replay(decisions: &[Decision], honest: &BTreeSet<String>, rules: &GuardRules) -> Replayed {
    let list = WordList::new(rules.blocked.iter().map(Keyword::as_str));
    let pairs = HanPairs::all();
    let mut visitors: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
    for decision in decisions.iter().filter(|decision| decision.words.is_some()) {
        visitors.entry(&decision.visitor).or_default().push(decision);
    }
    let all: Vec<Replay<'_>> = visitors
        .into_iter()
        .filter_map(|(visitor, acts)| one(&acts, honest.contains(visitor), &list, &pairs, rules))
        .collect();
    let is_stopped = |replay: &&Replay<'_>| replay.after >= Rung::Challenge;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut changed: Vec<&Replay<'_>> = all.iter().filter(|replay| replay.before != replay.after).collect();
    changed.sort_by_key(|replay| (!replay.honest, std::cmp::Reverse(replay.after)));
    Replayed {
        visitors: count(all.len()),
        stopped: count(all.iter().filter(is_stopped).count()),
        honest_stopped: count(all.iter().filter(is_stopped).filter(|replay| replay.honest).count()),
        changed: changed
            .into_iter()
            .take(LISTED)
            .map(|replay| Changed {
                conversation: replay.conversation,
                words: replay.said.clone(),
                before: replay.before,
                after: replay.after,
                honest: replay.honest,
            })
            .collect(),
        suggested: suggest(&all, rules),
    }
}

/// One visitor's acts under the rules.
fn one<'a>(
    acts: &[&'a Decision],
    honest: bool,
    list: &WordList,
    pairs: &HanPairs,
    rules: &GuardRules,
) -> Option<Replay<'a>> {
    let (mut conduct, mut after, mut most_points) = (Conduct::default(), Rung::Clear, 0);
    let (mut said, mut words) = (None, Vec::new());
    for (n, act) in acts.iter().enumerate() {
        let Some(text) = &act.words else { continue };
        let mut id = [0; 16];
        id[..8].copy_from_slice(&(n as u64).to_be_bytes());
        let evidence = Evidence::of(text.as_str(), list, pairs);
        let before = most_points;
        let verdict = conduct.say(MessageId(id), &evidence, rules.thresholds, act.at);
        most_points = most_points.max(conduct.score.points(act.at));
        let rung = match verdict {
            Verdict::Ban { .. } => {
                most_points = most_points.max(rules.thresholds.of(Rung::Ban));
                Rung::Ban
            }
            _ => conduct.rung(rules.thresholds, act.at),
        };
        if rung > after || said.is_none() || most_points > before {
            said = Some(text);
        }
        after = after.max(rung);
        words.push(text);
    }
    let before = acts.iter().map(|act| act.rung).max().unwrap_or_default();
    let conversation = acts.iter().rev().find_map(|act| act.conversation);
    Some(Replay { words, conversation, said: said?, before, after, most_points, honest })
}

fn suggest(all: &[Replay<'_>], rules: &GuardRules) -> Suggested {
    let worst_honest =
        all.iter().filter(|replay| replay.honest).map(|replay| replay.most_points).max().unwrap_or(0);
    let at = rules.thresholds.of(Rung::Challenge);
    let challenge = (worst_honest >= at).then(|| worst_honest.saturating_add(MARGIN));
    let known = WordList::new(rules.blocked.iter().map(Keyword::as_str));
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    let mut honest: BTreeSet<String> = BTreeSet::new();
    for replay in all {
        let words: BTreeSet<String> = replay.words.iter().flat_map(|text| words_of(text.as_str())).collect();
        if replay.before >= Rung::Slow && !replay.honest {
            words.into_iter().for_each(|word| *used.entry(word).or_default() += 1);
        } else {
            honest.extend(words);
        }
    }
    let mut used: Vec<(String, usize)> = used
        .into_iter()
        .filter(|(word, by)| *by >= USED_BY && !honest.contains(word) && known.find(word).is_empty())
        .collect();
    used.sort_by_key(|(word, by)| (std::cmp::Reverse(*by), word.clone()));
    let keywords = used.into_iter().filter_map(|(word, _)| Keyword::new(&word).ok());
    let words = keywords.filter(|word| check_word(word).is_ok()).take(SUGGESTED).collect();
    Suggested { challenge, words }
}

/// What could be a keyword: words of four letters and more, and pairs of Chinese characters.
fn words_of(text: &str) -> Vec<String> {
    let folded = fold(text);
    tokens(&folded)
        .flat_map(|token| match token.script {
            Script::Syllabic => {
                let chars: Vec<char> = token.text.chars().collect();
                chars.windows(2).map(|pair| pair.iter().collect()).collect()
            }
            _ if token.text.chars().count() >= 4 => vec![token.text.to_owned()],
            _ => Vec::new(),
        })
        .collect()
}

/// The oldest moment of the week that is looked at.
pub const fn week_before(now: Millis) -> Millis {
    now.days_before(7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::ladder::Thresholds;

    fn said(visitor: &str, at: u64, words: &str, rung: Rung) -> Decision {
        Decision {
            at: Millis(at),
            visitor: visitor.to_owned(),
            address: String::new(),
            country: None,
            conversation: None,
            before: None,
            rung,
            signals: Vec::new(),
            words: Excerpt::new(words).ok(),
        }
    }

    fn week() -> Vec<Decision> {
        let mut week = vec![said("honest", 1, "Where is my teapot? I ordered it on Friday", Rung::Clear)];
        for n in 0..4 {
            let spammer = format!("spammer-{n}");
            week.push(said(&spammer, 10 + n, "Join the lottery and win", Rung::Slow));
            week.push(said(&spammer, 20 + n, "The lottery of the year", Rung::Challenge));
        }
        week
    }

    #[test]
    fn the_record_shows_whom_a_word_would_have_stopped() {
        let now = replay(&week(), &BTreeSet::new(), &GuardRules::default());
        assert_eq!((now.visitors, now.stopped), (5, 0), "by their words alone nobody would be");
        assert_eq!(
            now.suggested.words.iter().map(Keyword::as_str).collect::<Vec<_>>(),
            ["join", "lottery", "year"]
        );
        let blocked = vec![Keyword::new("lottery").unwrap()];
        let then = replay(&week(), &BTreeSet::new(), &GuardRules { blocked, ..GuardRules::default() });
        assert_eq!((then.stopped, then.honest_stopped), (4, 0));
        assert!(!then.suggested.words.iter().any(|word| word.as_str() == "lottery"));
    }

    #[test]
    fn rules_that_would_have_stopped_the_honest_say_so_and_what_would_not() {
        let honest = BTreeSet::from(["honest".to_owned()]);
        let blocked = vec![Keyword::new("teapot").unwrap()];
        let thresholds = Thresholds::new(10, 20, 30, 60).unwrap();
        let tried = replay(&week(), &honest, &GuardRules { blocked, thresholds, ..GuardRules::default() });
        assert_eq!((tried.stopped, tried.honest_stopped), (1, 1));
        assert!(tried.changed[0].honest && tried.changed[0].words.as_str().contains("teapot"));
        assert_eq!(tried.suggested.challenge, Some(40));
    }

    #[test]
    fn nothing_on_record_changes_nothing() {
        let empty = replay(&[], &BTreeSet::new(), &GuardRules::default());
        assert_eq!((empty.visitors, empty.stopped, empty.suggested), (0, 0, Suggested::default()));
    }
}
