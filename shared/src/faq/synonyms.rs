//! Swaps a visitor's words for the owner's: a question is asked once as it is, and once in the FAQ's own words.

use core::cmp::Reverse;

use super::{
    hash::{SEED, hash},
    phrases::Phrases,
    spelling::Spelling,
    table::{Set, Table},
};
use crate::text::{Pinyin, Script, Token, tokens};

/// Words that an FAQ does not use, and what it says instead.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Synonyms {
    /// Sources and targets, folded.
    pairs: Vec<(String, String)>,
    /// The place of each source.
    places: Phrases,
}

impl Synonyms {
    /// Fewer than 65,536 pairs: the pack's limits see to that. Of equal sources the first one counts.
    pub(super) fn new(pairs: Vec<(String, String)>) -> Self {
        let places = Phrases::new(pairs.iter().map(|(source, _)| source.as_str()).zip(0_u16..));
        Self { pairs, places }
    }

    /// The pairs, those with the same target together.
    #[cfg(feature = "compile")]
    pub(super) fn by_target(&self) -> impl Iterator<Item = &[(String, String)]> {
        self.pairs.chunk_by(|(_, a), (_, b)| a == b)
    }

    fn target(&self, place: u16) -> &str {
        &self.pairs[usize::from(place)].1
    }
}

/// Pairs of Chinese characters that an FAQ uses, by how they sound.
#[derive(Clone, Debug, Default)]
pub(super) struct Homophones {
    pinyin: Pinyin,
    /// By the hash of two syllables, the pair that is used most.
    by_sound: Table<u32, (char, char)>,
    known: Set<(char, char)>,
}

impl Homophones {
    /// Of folded texts.
    pub(super) fn new<'a>(pinyin: Pinyin, texts: impl Iterator<Item = &'a str>) -> Self {
        let mut homophones = Self { pinyin, ..Self::default() };
        if homophones.pinyin.syllables().is_empty() {
            return homophones;
        }
        let mut counts: Table<(char, char), u16> = Table::default();
        for text in texts {
            for (first, second) in text.chars().zip(text.chars().skip(1)) {
                *counts.entry((first, second)).or_default() += 1;
            }
        }
        for (pair, count) in &counts {
            if let Some(sound) = homophones.sound(pair.0, pair.1) {
                let best = homophones.by_sound.entry(sound).or_insert(*pair);
                // Of pairs used as often, the first in order: the same in every browser.
                if (counts[best], Reverse(*best)) < (*count, Reverse(*pair)) {
                    *best = *pair;
                }
            }
        }
        homophones.known = counts.into_keys().collect();
        homophones
    }

    fn sound(&self, first: char, second: char) -> Option<u32> {
        Some(sound_of(self.pinyin.of(first)?, self.pinyin.of(second)?))
    }

    /// What a pair that the FAQ does not use sounds like.
    fn heard(&self, first: char, second: char) -> Option<(char, char)> {
        if self.by_sound.is_empty() || self.known.contains(&(first, second)) {
            return None;
        }
        self.by_sound.get(&self.sound(first, second)?).copied()
    }

    /// The characters that a word in Latin letters may stand for.
    fn spelled(&self, word: &str) -> Option<String> {
        let syllables = self.pinyin.split(word)?;
        let mut spelled = String::new();
        let mut places = syllables.windows(2);
        while let Some([first, second]) = places.next() {
            let pair = self.by_sound.get(&sound_of(first, second));
            match pair {
                Some((one, other)) => {
                    spelled.extend([*one, *other]);
                    places.next();
                }
                None => continue,
            }
        }
        (!spelled.is_empty()).then_some(spelled)
    }

    /// The character that one syllable in Latin letters stands for between two others, when the FAQ has it beside one of them.
    fn sounded(&self, syllable: &str, before: Option<char>, after: Option<char>) -> Option<char> {
        let ends = before.and_then(|before| {
            let pair = self.by_sound.get(&sound_of(self.pinyin.of(before)?, syllable))?;
            (pair.0 == before).then_some(pair.1)
        });
        let begins = || {
            let after = after?;
            let pair = self.by_sound.get(&sound_of(syllable, self.pinyin.of(after)?))?;
            (pair.1 == after).then_some(pair.0)
        };
        ends.or_else(begins)
    }
}

fn sound_of(first: &str, second: &str) -> u32 {
    hash(hash(hash(SEED, first.as_bytes()), b" "), second.as_bytes())
}

/// Everything that is swapped in a question.
#[derive(Clone, Debug, Default)]
pub(super) struct Swaps {
    synonyms: Synonyms,
    homophones: Homophones,
    spelling: Spelling,
}

impl Swaps {
    pub(super) fn new(synonyms: Synonyms, homophones: Homophones, spelling: Spelling) -> Self {
        Self { synonyms, homophones, spelling }
    }

    /// The folded text with every source replaced, the longest first; `None` when there is none in it.
    pub(super) fn rewrite(&self, folded: &str) -> Option<String> {
        let tokens: Vec<Token> = tokens(folded).collect();
        let mut rewritten = String::with_capacity(folded.len() + 32);
        let mut has_changed = false;
        // Whether what is written next goes on without a blank.
        let mut goes_on = false;
        let mut place = 0;
        while let Some(token) = tokens.get(place) {
            let joins = core::mem::take(&mut goes_on);
            place += match token.script {
                Script::Alphabetic => match self.synonyms.places.of_words(&tokens[place..]) {
                    Some((words, source)) => {
                        has_changed = true;
                        push(&mut rewritten, self.synonyms.target(source));
                        words
                    }
                    None => {
                        let next = tokens.get(place + 1).and_then(|next| next.text.chars().next());
                        let sounded =
                            self.homophones.sounded(token.text, rewritten.chars().next_back(), next);
                        if let Some(c) = sounded {
                            has_changed = true;
                            goes_on = true;
                            rewritten.push(c);
                        } else {
                            let spelled = self.homophones.spelled(token.text);
                            let heard = spelled.as_deref().or_else(|| self.spelling.heard(token.text));
                            has_changed |= heard.is_some();
                            push(&mut rewritten, heard.unwrap_or(token.text));
                        }
                        1
                    }
                },
                Script::Syllabic | Script::Unspaced => {
                    if !joins {
                        rewritten.push(' ');
                    }
                    has_changed |= self.rewrite_run(token.text, &mut rewritten);
                    1
                }
            };
        }
        has_changed.then_some(rewritten)
    }

    /// Copies a run without blanks, and says whether anything in it was replaced.
    fn rewrite_run(&self, run: &str, rewritten: &mut String) -> bool {
        let mut has_changed = false;
        let mut rest = run;
        while let Some(first) = rest.chars().next() {
            let end = match self.synonyms.places.of_run(rest) {
                Some((end, source)) => {
                    has_changed = true;
                    rewritten.push_str(self.synonyms.target(source));
                    end
                }
                None => {
                    let second = rest[first.len_utf8()..].chars().next();
                    match second.and_then(|second| self.homophones.heard(first, second)) {
                        Some((one, other)) => {
                            has_changed = true;
                            rewritten.extend([one, other]);
                            first.len_utf8() + second.map_or(0, char::len_utf8)
                        }
                        None => {
                            rewritten.push(first);
                            first.len_utf8()
                        }
                    }
                }
            };
            rest = &rest[end..];
        }
        has_changed
    }
}

fn push(text: &mut String, word: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(word);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swaps(pairs: &[(&str, &str)]) -> Swaps {
        let pairs = pairs.iter().map(|(source, target)| ((*source).to_owned(), (*target).to_owned()));
        Swaps::new(Synonyms::new(pairs.collect()), Homophones::default(), Spelling::default())
    }

    #[cfg(feature = "compile")]
    #[test]
    fn what_sounds_like_the_faq_is_heard() {
        let texts = ["怎么取消订单", "什么时候发货", "投诉请联系客服"];
        let homophones = Homophones::new(Pinyin::all(), texts.into_iter());
        let swaps = Swaps::new(Synonyms::default(), homophones, Spelling::default());
        assert_eq!(swaps.rewrite("怎么取肖").as_deref(), Some(" 怎么取消"));
        assert_eq!(swaps.rewrite("几号可以fahuo").as_deref(), Some(" 几号可以 发货"));
        assert_eq!(swaps.rewrite("取消ding单").as_deref(), Some(" 取消订单"));
        assert_eq!(swaps.rewrite("我fa").as_deref(), None);
        assert_eq!(swaps.rewrite("取消订单"), None);
    }

    #[test]
    fn the_longest_source_is_replaced_and_the_rest_stays() {
        let swaps = swaps(&[("money back", "refund"), ("money", "payment"), ("hoodie", "clothes")]);
        assert_eq!(swaps.rewrite("my money back for a hoodie").as_deref(), Some("my refund for a clothes"));
        assert_eq!(swaps.rewrite("money").as_deref(), Some("payment"));
        assert_eq!(swaps.rewrite("nothing of that"), None);
        assert_eq!(swaps.rewrite(""), None);
    }

    #[test]
    fn a_run_without_blanks_is_searched_from_left_to_right() {
        let swaps = swaps(&[("退钱", "退款"), ("tk", "退款"), ("快递单号", "物流单号"), ("快递", "物流")]);
        assert_eq!(swaps.rewrite("给我退钱").as_deref(), Some(" 给我退款"));
        assert_eq!(swaps.rewrite("我要tk").as_deref(), Some(" 我要 退款"));
        assert_eq!(swaps.rewrite("查快递单号").as_deref(), Some(" 查物流单号"));
    }
}
