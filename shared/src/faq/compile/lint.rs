//! What would make an FAQ find more: advice for its owner, drawn from the FAQ itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{pack::PackedEntry, score::Ranking, texts::RowKind},
    align::Aligned,
    holdout::HoldOut,
    parallel,
    phrasebook::{Intent, Library},
};
use crate::wire::{Advice, EntryId};

/// From which cosine on two phrasings ask nearly the same.
const NEARLY_THE_SAME: f32 = 0.82;
/// By how much another entry has to win before it is worth a word.
const CLEAR_LEAD: f32 = 1.0;
/// A language that no owner named is one of an FAQ's when more than this share of the entries looks like it.
const SHARE_OF_LANGUAGE: f32 = 0.2;
/// The most pieces of advice, over all kinds: more is read by nobody.
const MAX_ADVICE: usize = 60;

/// Gives advice on the FAQ that was compiled from `entries`, of which these are not translated.
pub(super) fn advise(entries: &[PackedEntry], asked: &HoldOut, not_translated: Vec<Advice>) -> Vec<Advice> {
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
    advice.extend(not_translated);
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

/// Entries that one of the FAQ's languages has and another lacks, by the intents that they answer. Only where a language's books
/// have those intents can it be told.
pub(super) fn not_translated(
    entries: &[PackedEntry],
    languages: &[String],
    aligned: &[Aligned],
    library: &Library,
) -> Vec<Advice> {
    let mut intents_of: BTreeMap<usize, BTreeSet<(&str, &str)>> = BTreeMap::new();
    let mut answered = BTreeSet::new();
    for aligned in aligned {
        let intent = name_of(aligned.intent);
        for place in aligned.entries.iter().map(|(entry, _)| usize::from(*entry)) {
            intents_of.entry(place).or_default().insert(intent);
            answered.insert((languages[place].as_str(), intent));
        }
    }
    let books = languages_of_faq(entries, languages).into_iter();
    let books = books.map(|lang| (lang, library.of(lang).iter().map(name_of).collect()));
    let books: Vec<(&str, BTreeSet<(&str, &str)>)> = books.collect();
    let mut advice = Vec::new();
    for (place, intents) in intents_of {
        let Ok(id) = entries[place].id.parse::<EntryId>() else { continue };
        for (lang, book) in books.iter().filter(|(lang, _)| *lang != languages[place]) {
            let mut asked_there = intents.intersection(book).peekable();
            if asked_there.peek().is_some() && asked_there.all(|intent| !answered.contains(&(*lang, *intent)))
            {
                let question = entries[place].questions.first().cloned().unwrap_or_default();
                advice.push(Advice::NotTranslated { entry: id.clone(), question, lang: (*lang).to_owned() });
            }
        }
    }
    advice
}

/// The book that an intent is in, and its name there: the same in every language.
fn name_of(intent: &Intent) -> (&str, &str) {
    (&intent.book, &intent.id)
}

/// The languages that an FAQ is meant to be in: those that its owner names, and those that a good part of it looks like. What
/// one entry looks like may be a mistake.
fn languages_of_faq<'a>(entries: &[PackedEntry], languages: &'a [String]) -> BTreeSet<&'a str> {
    let is_meant = |lang: &str| {
        let of_it = entries.iter().zip(languages).filter(|(_, other)| *other == lang);
        let of_it: Vec<&PackedEntry> = of_it.map(|(entry, _)| entry).collect();
        of_it.iter().any(|entry| !entry.lang.is_empty())
            || of_it.len() as f32 > SHARE_OF_LANGUAGE * entries.len() as f32
    };
    let all: BTreeSet<&str> = languages.iter().map(String::as_str).collect();
    all.into_iter().filter(|lang| is_meant(lang)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        faq::compile::{
            compile, language,
            source::{Format, parse},
        },
        wire::FaqTuning,
    };

    /// Advice in short, in an FAQ without loans.
    fn advice(entries: &[(&str, &[&str])]) -> Vec<String> {
        let rows = entries.iter().flat_map(|(id, questions)| {
            questions.iter().map(move |question| format!("{id},{question},Answer of {id}.\n"))
        });
        let csv = format!("id,question,answer\n{}", rows.collect::<String>());
        let source = parse("faq.csv", csv.as_bytes(), Format::Csv).unwrap();
        let advice = compile(&source, &Library::default(), &FaqTuning::default()).report.advice;
        let told = advice.into_iter().map(|advice| match advice {
            Advice::NearlyTheSame { entry, other, .. } => format!("{entry} = {other}"),
            Advice::WonByAnother { entry, other, phrasing } => format!("{entry} < {other}: {phrasing}"),
            Advice::HardToFind { entry, .. } => format!("{entry} ?"),
            Advice::NotTranslated { entry, lang, .. } => format!("{entry} - {lang}"),
        });
        told.collect()
    }

    #[test]
    fn entries_that_take_each_others_questions_are_named() {
        let returns: &[&str] =
            &["How do I return an item?", "I want to return an item", "Return an item to the shop"];
        let pay: &[&str] = &["Which cards do you accept?", "Do you accept credit cards?"];
        assert_eq!(advice(&[("returns", returns), ("pay", pay)]), Vec::<String>::new());
        let business: &[&str] = &["How do I return an item?", "Business customers"];
        let with_business = advice(&[("returns", returns), ("pay", pay), ("business", business)]);
        assert!(with_business.contains(&"business = returns".to_owned()), "{with_business:?}");
        let lost: &[&str] = &["Return an item by post", "Unused item to return"];
        let with_lost = advice(&[("returns", returns), ("pay", pay), ("lost", lost)]);
        assert!(with_lost.contains(&"lost ?".to_owned()), "{with_lost:?}");
    }

    /// What is not translated in an FAQ of entries with their ids, languages and questions, which answer the intents that
    /// their ids begin with.
    fn missing(entries: &[(&str, &str, &str)]) -> Vec<String> {
        let mut library = Library::default();
        library
            .add("shop.en.txt", "## pay\n? Pay\nhow can i pay\n\n## post\n? Post\nwhen does it come\n")
            .unwrap();
        library.add("shop.de.txt", "## pay\n? Zahlen\nwie kann ich zahlen\n").unwrap();
        library.add("shop.zh-Hans.txt", "## pay\n? 付款\n怎么付款\n\n## post\n? 邮寄\n什么时候到\n").unwrap();
        let packed = |(id, lang, question): &(&str, &str, &str)| PackedEntry {
            id: (*id).to_owned(),
            questions: vec![(*question).to_owned()],
            answer: String::new(),
            lang: (*lang).to_owned(),
        };
        let entries: Vec<PackedEntry> = entries.iter().map(packed).collect();
        let languages = language::languages_of(&entries);
        let of_intent = |lang: &str, intent: &Intent| {
            let answers =
                |place: &usize| languages[*place] == lang && entries[*place].id.starts_with(&intent.id);
            (0..entries.len()).filter(answers).map(|place| (place as u16, 0.9)).collect()
        };
        let aligned: Vec<Aligned> = library
            .languages()
            .flat_map(|lang| library.of(lang).iter().map(move |intent| (lang, intent)))
            .map(|(lang, intent)| Aligned {
                intent,
                entries: of_intent(lang, intent),
                best_fit: 0.9,
                tops: Vec::new(),
            })
            .collect();
        let told = not_translated(&entries, &languages, &aligned, &library).into_iter();
        let told = told.filter_map(|advice| match advice {
            Advice::NotTranslated { entry, lang, .. } => Some(format!("{entry} - {lang}")),
            _ => None,
        });
        told.collect()
    }

    #[test]
    fn an_entry_is_missing_where_a_language_could_have_it_and_has_not() {
        let en = ("pay", "en", "How can I pay?");
        let none = Vec::<String>::new();
        assert_eq!(missing(&[en, ("post", "zh-Hans", "什么时候到")]), ["pay - zh", "post - en"]);
        assert_eq!(missing(&[en, ("pay-zh", "zh-Hans", "怎么付款")]), none);
        // Dutch has no books, and the German ones nothing about the post.
        assert_eq!(missing(&[en, ("betalen", "nl", "Hoe betaal ik?")]), none);
        assert_eq!(missing(&[("post", "en", "When does it come?"), ("x", "de", "Gutschein")]), none);
        // One language, told in several ways or not at all.
        assert_eq!(missing(&[en, ("post", "en-GB", "When does it come?")]), none);
        assert_eq!(missing(&[en, ("post", "", "When does it come?")]), none);
        assert_eq!(missing(&[en, ("pay-zh", "", "怎么付款"), ("post", "", "When?")]), ["post - zh"]);
        // What one entry of many looks like is no language of the FAQ.
        let many = ["pay1", "pay2", "pay3", "pay4"].map(|id| (id, "", "How can I pay?"));
        assert_eq!(missing(&[&many[..], &[("x", "", "怎么")]].concat()), none);
    }
}
