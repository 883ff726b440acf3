//! Whether a question is an earlier one in other words, told by the words alone.
//!
//! The FAQ knows that two questions have one answer; where it has none, or the second comes instead of thanks, the words they
//! share have to tell. It is never asked alone: what is answered afresh was another question.

use crate::{
    faq::hash::{SEED, hash},
    text::{Script, fold, tokens},
};

/// The share of the shorter question's words that the other one has, from which on they ask the same.
const SAME: f32 = 0.2;
/// The letters by which words are compared: endings differ from question to question.
const STEM: usize = 5;
/// The fewest letters of a word that says what a question is about.
const LETTERS: usize = 4;

/// Words of four letters and more that say nothing about what is asked, as [`fold`] leaves them, cut to their stems.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "about", "again", "could", "does", "doesn", "doesnt", "doing", "dont", "from", "have", "hello", "here", "inste", "just", "like",
    "many", "might", "more", "much", "need", "only", "pleas", "reall", "shoul", "some", "still", "thank", "that", "thats", "their",
    "them", "then", "there", "these", "they", "this", "those", "very", "want", "what", "when", "where", "which", "will", "with",
    "would", "your",
    "como", "cual", "cuand", "cuant", "donde", "esta", "este", "esto", "estoy", "gusta", "hola", "neces", "para", "pero", "porqu",
    "puedo", "quier", "sobre", "tengo", "tiene",
    "avec", "avez", "bonjo", "comme", "dans", "elle", "merci", "mais", "pour", "quand", "quel", "quell", "vous", "votre",
    "aber", "bitte", "dass", "eine", "einen", "einer", "habe", "haben", "hallo", "kann", "mein", "meine", "nicht", "oder", "sich",
    "sind", "wann", "warum", "wenn", "werde", "wird",
];

/// Characters that say nothing about what is asked, of scripts without blanks.
const PARTICLES: &str = "的了吗呢吧啊呀哦么嘛我你您他她它是不有没在就都也还要能可以这那个一请问怎什和跟给把被到说想\
                         のはがをにでともかなよねすまたるてい이가을를은는요";

/// What a question is about: the hashes of its telling words, in order, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gist(Vec<u32>);

impl Gist {
    pub(super) fn of(text: &str) -> Self {
        let folded = fold(text);
        let mut hashes = Vec::new();
        for token in tokens(&folded) {
            match token.script {
                Script::Alphabetic => hashes.extend(stem(token.text).map(named)),
                Script::Syllabic => {
                    for run in token.text.split(|c| PARTICLES.contains(c)) {
                        hashes.extend(pieces(run, 2).map(named));
                    }
                }
                Script::Unspaced => hashes.extend(pieces(token.text, 4).map(named)),
            }
        }
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    /// Whether both ask the same, as far as words tell.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let shorter = self.0.len().min(other.0.len());
        let shared = self.0.iter().filter(|hash| other.0.binary_search(hash).is_ok()).count();
        shared > 0 && shared as f32 >= SAME * shorter as f32
    }
}

fn named(piece: &str) -> u32 {
    hash(SEED, piece.as_bytes())
}

/// The beginning of a word that says what a question is about.
fn stem(word: &str) -> Option<&str> {
    let is_number = word.contains(|c: char| c.is_ascii_digit()) && word.len() > 1;
    if !is_number && word.chars().count() < LETTERS {
        return None;
    }
    let end = word.char_indices().nth(STEM).map_or(word.len(), |(end, _)| end);
    Some(&word[..end]).filter(|stem| !COMMON.contains(stem))
}

/// Every stretch of so many characters; a shorter run is one of its own.
fn pieces(run: &str, length: usize) -> impl Iterator<Item = &str> {
    let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
    let last = starts.len() - 1;
    (0..last.min((last + 1).saturating_sub(length).max(1)))
        .map(move |first| &run[starts[first]..starts[(first + length).min(last)]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> bool {
        Gist::of(one).is_like(&Gist::of(other))
    }

    #[test]
    fn the_same_question_in_other_words_is_recognised() {
        for (first, second) in [
            ("the zip on my rucksack is stuck", "that rucksack zip, it still wont open"),
            ("订阅取消不了", "点了取消订阅也没反应"),
            ("où est mon remboursement", "et mon remboursement alors ?"),
            ("error 503 on upload", "your upload gives me 503"),
        ] {
            assert!(alike(first, second), "{first} / {second}");
        }
    }

    #[test]
    fn a_follow_up_about_something_else_is_not() {
        for (first, second) in [
            ("do you deliver to Malta", "and to Crete?"),
            ("大衣有几个颜色", "那围巾呢"),
            ("is breakfast included", "and parking?"),
            ("what are your hours", "thank you very much"),
            ("", ""),
        ] {
            assert!(!alike(first, second), "{first} / {second}");
        }
    }

    #[test]
    fn pieces_of_short_and_long_runs() {
        assert_eq!(pieces("", 2).count(), 0);
        assert_eq!(pieces("单", 2).collect::<Vec<_>>(), ["单"]);
        assert_eq!(pieces("订单号", 2).collect::<Vec<_>>(), ["订单", "单号"]);
    }
}
