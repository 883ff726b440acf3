//! Insults and blocked words: lists in English and Chinese, a site's own, and finding them however they are written.
//!
//! A word of letters is found as a whole word, or spaced out letter by letter; never across two ordinary words, and
//! never inside one: nobody is stopped for living in Scunthorpe. Chinese has no blanks, so its words are found wherever
//! their characters follow each other on a line.

use super::{
    letters::{ANY, Gap, Piece, is_han, pieces},
    signal::Signal,
};
use crate::text::HanPairs;

/// Insults and threats. None is an ordinary word in another language, for every text is searched for all of them: a retard
/// is a delay in French, a bitch is a dog, and cnm is what Turks call whom they like.
const INSULTS: &str = "fuck fucker fuckface fuckwit motherfucker clusterfuck asshole arsehole bastard cunt \
    dickhead shithead dipshit whore faggot nigger wanker twat scumbag \
    傻逼 煞笔 傻叉 操你 草泥马 日你妈 干你娘 你妈死 死全家 全家死 王八蛋 狗东西 狗杂种 杂种 贱人 贱货 婊子 畜生 脑残 \
    弱智 杀了你 弄死你 狗娘养 nmsl shabi caonima";
/// Insults and threats of more than a word.
const INSULTS_IN_WORDS: [&str; 13] = [
    "kill yourself",
    "go and die",
    "i will kill you",
    "you bitch",
    "you bitches",
    "stupid bitch",
    "son of a bitch",
    "you slut",
    "you retard",
    "you retards",
    "你去死",
    "你这智障",
    "你这个智障",
];

/// Rude words, which angry but honest people use too.
const RUDE: &str =
    "shit bullshit crap idiot moron imbecile 他妈的 尼玛 滚蛋 废物 白痴 混蛋 放屁 狗屁 神经病 tmd nima";
/// Rude words of more than one.
const RUDE_IN_WORDS: [&str; 3] = ["shut up", "piss off", "stupid bot"];

/// Endings with which a word is still the same.
const ENDINGS: [&str; 9] = ["s", "es", "ed", "er", "ers", "ing", "in", "y", "ish"];

/// A word to look for.
#[derive(Clone, Debug)]
struct Pattern {
    /// As it was written in the list.
    written: String,
    letters: Vec<char>,
    /// How many words it consists of.
    parts: usize,
    signal: Signal,
}

/// Words to look for, ready to be found.
#[derive(Clone, Debug)]
pub struct WordList {
    latin: Vec<Pattern>,
    han: Vec<Pattern>,
    pairs: HanPairs,
}

/// A word that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// As it stands in the list.
    pub word: String,
    /// What it counts as.
    pub signal: Signal,
}

impl WordList {
    /// The lists there are from the start, and a site's own words.
    pub fn new<'a>(blocked: impl IntoIterator<Item = &'a str>) -> Self {
        let mut list = Self::only(blocked);
        for (words, phrases, signal) in
            [(INSULTS, &INSULTS_IN_WORDS[..], Signal::Insult), (RUDE, &RUDE_IN_WORDS[..], Signal::Rude)]
        {
            for word in words.split_whitespace().chain(phrases.iter().copied()) {
                list.push(word, signal);
            }
        }
        list
    }

    /// Only these words.
    pub fn only<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut list = Self { latin: Vec::new(), han: Vec::new(), pairs: HanPairs::all() };
        for word in words {
            list.push(word, Signal::Blocked);
        }
        list
    }

    fn push(&mut self, written: &str, signal: Signal) {
        let pieces = pieces(written, &self.pairs);
        let letters: Vec<char> = pieces.iter().flat_map(|piece| &piece.letters).copied().collect();
        if letters.is_empty() {
            return;
        }
        let has_han = letters.iter().copied().any(is_han);
        let pattern = Pattern { written: written.trim().to_owned(), letters, parts: pieces.len(), signal };
        if has_han { self.han.push(pattern) } else { self.latin.push(pattern) }
    }

    /// What of the list a text has in it, each word once; a site's own words first.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let pieces = pieces(text, &self.pairs);
        let mut hits: Vec<Hit> = Vec::new();
        let mut found = |pattern: &Pattern| {
            if !hits.iter().any(|hit| hit.word == pattern.written) {
                hits.push(Hit { word: pattern.written.clone(), signal: pattern.signal });
            }
        };
        for start in 0..pieces.len() {
            for pattern in &self.latin {
                if begins(pattern, &pieces[start]) && is_word_at(pattern, &pieces[start..]) {
                    found(pattern);
                }
            }
        }
        for line in lines(&pieces) {
            for pattern in &self.han {
                if line.windows(pattern.letters.len()).any(|window| window == pattern.letters) {
                    found(pattern);
                }
            }
        }
        hits.sort_by_key(|hit| hit.signal != Signal::Blocked);
        hits
    }

    /// The first of a site's own words that a text has in it.
    pub fn blocked(&self, text: &str) -> Option<String> {
        self.find(text).into_iter().find(|hit| hit.signal == Signal::Blocked).map(|hit| hit.word)
    }
}

fn begins(pattern: &Pattern, piece: &Piece) -> bool {
    piece.letters.first().is_some_and(|first| fits(*first, pattern.letters[0]))
}

fn fits(letter: char, of_pattern: char) -> bool {
    letter == of_pattern || letter == ANY
}

/// Whether the word is what the pieces from here on say: one piece, or several that no ordinary words would make.
fn is_word_at(pattern: &Pattern, pieces: &[Piece]) -> bool {
    let mut letters: Vec<char> = Vec::new();
    let (mut long, mut longest) = (0, 0);
    for (n, piece) in pieces.iter().enumerate() {
        if n > 0 && piece.before == Gap::Far {
            return false;
        }
        letters.extend(&piece.letters);
        long += usize::from(piece.letters.len() > 1);
        longest = longest.max(piece.letters.len());
        let spaced_out = long <= 1 || longest <= 2;
        let as_written = n + 1 == pattern.parts;
        if n == 0 && pattern.parts == 1 {
            if reads_with_ending(&letters, &pattern.letters) {
                return true;
            }
        } else if (spaced_out || as_written) && reads(&letters, &pattern.letters) == Some(0) {
            return true;
        }
        // Stretched letters make a word longer, but not for ever.
        if letters.len() > 4 * pattern.letters.len() || !(spaced_out || n + 1 < pattern.parts) {
            return false;
        }
    }
    false
}

fn reads_with_ending(letters: &[char], pattern: &[char]) -> bool {
    match reads(letters, pattern) {
        Some(0) => true,
        Some(left) => {
            let ending: String = letters[letters.len() - left..].iter().collect();
            ENDINGS.iter().any(|known| known.replace('v', "u").replace('l', "i") == ending)
        }
        None => false,
    }
}

/// How many letters are left behind the pattern, when they begin with it. A letter may stand there more often than
/// in the pattern, never less often.
fn reads(letters: &[char], pattern: &[char]) -> Option<usize> {
    let (mut at, mut last) = (0, None);
    for wanted in pattern {
        // Letters stretched: only where the pattern goes on with another one.
        while last.is_some_and(|last| last != *wanted && letters.get(at) == Some(&last)) {
            at += 1;
        }
        if !letters.get(at).is_some_and(|letter| fits(*letter, *wanted)) {
            return None;
        }
        last = Some(*wanted);
        at += 1;
    }
    while last.is_some() && letters.get(at).copied() == last {
        at += 1;
    }
    Some(letters.len() - at)
}

/// The letters of each line, with nothing between them.
fn lines(pieces: &[Piece]) -> Vec<Vec<char>> {
    let mut lines: Vec<Vec<char>> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if piece.before == Gap::Near => line.extend(&piece.letters),
            _ => lines.push(piece.letters.clone()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(list: &WordList, text: &str) -> Vec<String> {
        list.find(text).into_iter().map(|hit| hit.word).collect()
    }

    proptest! {
        #[test]
        fn any_text_is_searched_without_a_panic(text in any::<String>(), word in any::<String>()) {
            let _ = WordList::new([word.as_str()]).find(&text);
        }

        #[test]
        fn a_blocked_word_is_found_however_it_is_spaced(gaps in proptest::collection::vec("[ ._-]\u{200B}?", 5)) {
            let spaced: String = "casino".chars().enumerate().map(|(n, c)| match n {
                0 => c.to_string(),
                n => format!("{}{c}", gaps[n - 1]),
            }).collect();
            let list = WordList::new(["casino"]);
            prop_assert_eq!(finds(&list, &format!("come to our {spaced} now")), ["casino"]);
        }
    }

    #[test]
    fn dressing_up_does_not_help() {
        let list = WordList::new([]);
        for text in [
            "fuck",
            "FUCK",
            "f u c k",
            "f.u.c.k",
            "f-u-c-k",
            "fu ck",
            "fuuuuck",
            "f*ck",
            "fυck",
            "ｆｕｃｋ",
            "fu\u{200B}ck",
            "𝖋𝖚𝖈𝖐",
            "fvck",
            "you fucking",
            "fúck",
            "ⓕⓤⓒⓚ",
            "F U C K",
            "f_u_c_k",
        ] {
            assert_eq!(finds(&list, text), ["fuck"], "{text}");
        }
        for text in ["傻逼", "傻 逼", "傻*逼", "傻\u{200B}逼", "你就是個傻逼", "傻．逼"] {
            assert_eq!(finds(&list, text), ["傻逼"], "{text}");
        }
        assert_eq!(finds(&list, "狗東西"), ["狗东西"], "traditional characters");
        assert_eq!(finds(&list, "1d10t"), ["idiot"]);
        assert_eq!(finds(&list, "you b!tch"), ["you bitch"]);
        assert_eq!(finds(&list, "go k1ll y0urself"), ["kill yourself"]);
    }

    #[test]
    fn honest_words_are_left_alone() {
        let list = WordList::new([]);
        for text in [
            "I live in Scunthorpe",
            "My class assessment",
            "Was hit by a bus",
            "the pen is here",
            "a cocktail glass",
            "Essex and Sussex",
            "Dick Smith's shop",
            "shiitake mushrooms",
            "order 455 and 5417",
            "Hello, hells bells",
            "The shipment is in transit",
            "Where is my parcel? It was promised for Monday!",
            "push it, as if",
            "Ma commande est en retard",
            "my bitch is in season, can she come along",
            "Teşekkürler cnm",
            "请问怎么操作退款",
            "垃圾桶有货吗",
            "我去死海旅游要带什么",
        ] {
            let found = finds(&list, text);
            assert!(found.is_empty(), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_sites_own_words_come_first_and_may_be_phrases() {
        let list = WordList::new(["free bitcoin", "加微信", "idiot"]);
        let hits = list.find("You idiot: FREE  B1tcoin, 加 微 信");
        assert_eq!(
            hits.iter().map(|hit| hit.word.as_str()).collect::<Vec<_>>(),
            ["idiot", "free bitcoin", "加微信"]
        );
        assert!(hits.iter().all(|hit| hit.signal == Signal::Blocked));
        assert_eq!(finds(&list, "is bitcoin free here?"), [] as [&str; 0]);
        assert_eq!(list.blocked("free bitcoin").as_deref(), Some("free bitcoin"));
    }
}
