//! What would make an FAQ find more: advice for its owner, drawn from the FAQ itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        pack::{PackedEntry, PackedIntent},
        score::Ranking,
        texts::RowKind,
    },
    holdout::HoldOut,
    parallel,
};
use crate::wire::{Advice, EntryId};

/// From which cosine on two phrasings ask nearly the same.
const NEARLY_THE_SAME: f32 = 0.82;
/// By how much another entry has to win before it is worth a word.
const CLEAR_LEAD: f32 = 1.0;
/// The most pieces of advice, over all kinds: more is read by nobody.
const MAX_ADVICE: usize = 60;

/// Gives advice on the FAQ that was compiled from `entries`.
pub(super) fn advise(entries: &[PackedEntry], intents: &[PackedIntent], asked: &HoldOut) -> Vec<Advice> {
    let mut advisor =
        Advisor { entries, asked, closest: BTreeMap::new(), won: Vec::new(), tried: BTreeMap::new() };
    let rows: Vec<usize> = asked.rows(RowKind::Question).collect();
    let looked_at = parallel::map(&rows, |&row| {
        let like = asked.like(row);
        let alike = like.iter().copied().enumerate().filter(|(_, cosine)| *cosine >= NEARLY_THE_SAME);
        let alike: Vec<(usize, f32)> = alike.collect();
        (alike, Ranking::of(&asked.without(row, like)))
    });
    for (row, (alike, ranking)) in rows.into_iter().zip(looked_at) {
        advisor.note_the_same(row, &alike);
        advisor.note_who_wins(row, &ranking);
    }
    let mut advice = advisor.nearly_the_same();
    advice.extend(advisor.won_and_hard_to_find());
    advice.extend(not_translated(entries, intents));
    advice.truncate(MAX_ADVICE);
    advice
}

struct Advisor<'a> {
    entries: &'a [PackedEntry],
    asked: &'a HoldOut<'a>,
    /// For two entries, the two of their phrasings that are most alike, and how much.
    closest: BTreeMap<(u16, u16), (f32, usize, usize)>,
    /// Phrasings that another entry wins clearly: by how much, whose they are, who wins, and which.
    won: Vec<(f32, u16, usize, usize)>,
    /// For each entry, how many of its phrasings were taken out, and how many of them it won all the same.
    tried: BTreeMap<u16, (usize, usize)>,
}

impl Advisor<'_> {
    /// Looks for phrasings of other entries among the rows that are so much alike.
    fn note_the_same(&mut self, row: usize, alike: &[(usize, f32)]) {
        let rows = self.asked.scorer.index().rows();
        for (other, cosine) in alike.iter().copied() {
            let (mine, theirs) = (rows[row].group, rows[other].group);
            let is_candidate = rows[other].kind == RowKind::Question
                && mine < theirs
                && self.entries[usize::from(mine)].lang == self.entries[usize::from(theirs)].lang;
            if is_candidate {
                let best = self.closest.entry((mine, theirs)).or_insert((cosine, row, other));
                if cosine > best.0 {
                    *best = (cosine, row, other);
                }
            }
        }
    }

    /// Looks who answers a row that is taken out.
    fn note_who_wins(&mut self, row: usize, ranking: &Ranking) {
        let home = self.asked.scorer.index().rows()[row].group;
        let Some((winner, score)) = ranking.best.first().copied() else { return };
        let (count, found) = self.tried.entry(home).or_default();
        *count += 1;
        if winner == usize::from(home) {
            *found += 1;
            return;
        }
        let own = ranking.best.iter().find(|(entry, _)| *entry == usize::from(home));
        let lead = score - own.map_or(0.0, |(_, score)| *score);
        if lead >= CLEAR_LEAD {
            self.won.push((lead, home, winner, row));
        }
    }

    fn nearly_the_same(&self) -> Vec<Advice> {
        let mut pairs: Vec<_> = self.closest.iter().collect();
        pairs.sort_by(|(_, (a, ..)), (_, (b, ..))| b.total_cmp(a));
        let advice = pairs.into_iter().filter_map(|((mine, theirs), (_, row, other))| {
            Some(Advice::NearlyTheSame {
                entry: self.id(usize::from(*mine))?,
                other: self.id(usize::from(*theirs))?,
                phrasing: self.text(*row),
                others_phrasing: self.text(*other),
            })
        });
        advice.collect()
    }

    /// Phrasings that bring visitors to another entry, unless none of their entry's phrasings is found: then the entry.
    fn won_and_hard_to_find(&self) -> Vec<Advice> {
        let tried = &self.tried;
        let is_lost = |home: u16| tried.get(&home).is_some_and(|(count, found)| *count >= 2 && *found == 0);
        let hard = tried.keys().filter(|home| is_lost(**home)).filter_map(|home| {
            Some(Advice::HardToFind {
                entry: self.id(usize::from(*home))?,
                question: self.title(usize::from(*home)),
            })
        });
        let mut won = self.won.clone();
        won.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
        let won =
            won.into_iter().filter(|(_, home, ..)| !is_lost(*home)).filter_map(|(_, home, winner, row)| {
                Some(Advice::WonByAnother {
                    entry: self.id(home.into())?,
                    other: self.id(winner)?,
                    phrasing: self.text(row),
                })
            });
        hard.chain(won).collect()
    }

    fn id(&self, entry: usize) -> Option<EntryId> {
        self.entries.get(entry)?.id.parse().ok()
    }

    fn title(&self, entry: usize) -> String {
        self.entries[entry].questions.first().cloned().unwrap_or_default()
    }

    /// The phrasing behind a row. An entry's phrasings are its first rows.
    fn text(&self, row: usize) -> String {
        let rows = self.asked.scorer.index().rows();
        let home = rows[row].group;
        let first = rows[..row].iter().rposition(|other| other.group != home).map_or(0, |before| before + 1);
        self.entries[usize::from(home)].questions.get(row - first).cloned().unwrap_or_default()
    }
}

/// Entries whose intent is answered in one language of the FAQ and not in another. Only what borrows can be told.
fn not_translated(entries: &[PackedEntry], intents: &[PackedIntent]) -> Vec<Advice> {
    let langs: BTreeSet<&str> =
        entries.iter().map(|entry| entry.lang.as_str()).filter(|lang| !lang.is_empty()).collect();
    if langs.len() < 2 {
        return Vec::new();
    }
    let mut answered: BTreeMap<&str, BTreeMap<&str, u16>> = BTreeMap::new();
    for intent in intents {
        if let Some(entry) = intent.entry {
            let lang = entries[usize::from(entry)].lang.as_str();
            answered.entry(&intent.name).or_default().insert(lang, entry);
        }
    }
    let mut told = BTreeSet::new();
    let mut advice = Vec::new();
    for by_lang in answered.values() {
        for lang in langs.iter().filter(|lang| !by_lang.contains_key(**lang)) {
            let Some(entry) = by_lang.values().next().map(|entry| &entries[usize::from(*entry)]) else {
                continue;
            };
            if told.insert((&entry.id, *lang))
                && let Ok(id) = entry.id.parse()
            {
                let question = entry.questions.first().cloned().unwrap_or_default();
                advice.push(Advice::NotTranslated { entry: id, question, lang: (*lang).to_owned() });
            }
        }
    }
    advice
}
