//! Whether two texts are the same, or nearly: a sketch of 64 bits that changes little when a text does.
//!
//! Source: Charikar, "Similarity estimation techniques from rounding algorithms" (2002), over runs of letters.

use serde::{Deserialize, Serialize};

use super::letters::{Piece, is_han, pieces};
use crate::text::HanPairs;

/// Sketches of the same text in other words differ in more bits than this.
const NEAR_BITS: u32 = 9;
/// Shorter texts are the same only when they are the same: two honest questions are soon alike.
const MANY_LETTERS: u32 = 40;
/// What is shorter is said again by everybody.
const FEW_LETTERS: u32 = 8;
/// The letters that are taken together.
const RUN: usize = 3;

/// What is kept of a text to recognise it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    /// Changes little when the text does.
    bits: u64,
    /// Changes when anything does that a reader would notice.
    exact: u64,
    /// Letters; a Chinese character counts as two.
    letters: u32,
    /// The same for texts that are nearly the same.
    bands: [u64; 2],
}

impl Sketch {
    /// The sketch of a text.
    pub fn of(text: &str, pairs: &HanPairs) -> Self {
        let pieces = pieces(text, pairs);
        let exact: Vec<char> = pieces.iter().flat_map(|piece| &piece.letters).copied().collect();
        let letters: Vec<char> = pieces.iter().flat_map(plain).collect();
        let mut votes = [0_i32; 64];
        for run in letters.windows(RUN.min(letters.len().max(1))) {
            let hash = hashed(run);
            for (bit, vote) in votes.iter_mut().enumerate() {
                *vote += if hash >> bit & 1 == 1 { 1 } else { -1 };
            }
        }
        let bits = votes.iter().enumerate().fold(0, |bits, (bit, vote)| bits | u64::from(*vote > 0) << bit);
        let weight = |c: &char| if is_han(*c) { 2 } else { 1 };
        let count = letters.iter().map(weight).fold(0_u32, u32::saturating_add);
        Self { bits, exact: hashed(&exact), letters: count, bands: bands(&letters) }
    }

    /// Whether they are sketches of the same text, or nearly.
    pub fn is_like(&self, other: &Self) -> bool {
        if self.exact == other.exact {
            return true;
        }
        let (shorter, longer) = (self.letters.min(other.letters), self.letters.max(other.letters));
        shorter >= MANY_LETTERS
            && shorter >= longer - longer / 4
            && (self.bits ^ other.bits).count_ones() <= NEAR_BITS
    }

    /// Whether saying it again says anything: "OK", "hello?" and "?" are said again by everybody.
    pub fn can_be_repeated(&self) -> bool {
        self.letters >= FEW_LETTERS
    }

    /// Whether there is enough of it that two strangers would hardly write the same.
    pub fn says_much(&self) -> bool {
        self.letters >= MANY_LETTERS
    }

    /// Names under which texts can be counted that are nearly the same: two such texts share at least one of them,
    /// most of the time, and strangers' texts hardly ever do. None for what says too little to tell strangers apart.
    pub fn names(&self) -> Option<[u64; 2]> {
        self.says_much().then_some(self.bands)
    }
}

/// The names of a text: for each, the least hashes that its runs of letters have under four orders. Nearly the same
/// texts have nearly the same runs, and so, most of the time, the same least ones.
///
/// Source: Broder, "On the resemblance and containment of documents" (1997).
fn bands(letters: &[char]) -> [u64; 2] {
    let hashes: Vec<u64> = letters.windows(RUN.min(letters.len().max(1))).map(hashed).collect();
    [0, 4].map(|first| {
        (first..first + 4_u64).fold(0, |name, order| {
            let key = order.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let least = hashes.iter().map(|hash| mixed(hash ^ key)).min().unwrap_or_default();
            mixed(name ^ least)
        })
    })
}

/// Letters without the numbers that a sender counts up.
fn plain(piece: &Piece) -> Vec<char> {
    let digits_only = piece.letters.iter().all(|c| !c.is_alphabetic());
    if digits_only { vec!['0'] } else { piece.letters.clone() }
}

/// FNV-1a, then mixed so that every bit depends on all of them.
fn hashed(letters: &[char]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for c in letters {
        hash = (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mixed(hash)
}

/// Every bit of it depends on all of them.
fn mixed(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sketch(text: &str) -> Sketch {
        Sketch::of(text, &HanPairs::all())
    }

    const SPAM: &str = "Earn $500 a day from home! Join our exclusive trading group on Telegram and write to our manager today";

    proptest! {
        #[test]
        fn any_text_has_a_sketch_and_is_like_itself(text in any::<String>()) {
            prop_assert!(sketch(&text).is_like(&sketch(&text)));
        }
    }

    #[test]
    fn small_changes_make_it_no_other_text() {
        for other in [
            "earn $900 a day from home!! join our exclusive trading group on telegram and write to our manager today",
            "Earn $500 a day from h0me! Join our exclusive tradlng group on Telegram and write to our manager today",
            "E a r n $500 a day from home! Join our exclusive trading group on Telegram and write to our manager today :)",
        ] {
            assert!(sketch(SPAM).is_like(&sketch(other)), "{other}");
        }
    }

    #[test]
    fn texts_nearly_the_same_share_a_name_and_strangers_texts_do_not() {
        let names = |text: &str| sketch(text).names().unwrap();
        let share = |a: &str, b: &str| names(a).iter().zip(names(b)).any(|(a, b)| *a == b);
        let shared = (0..100).filter(|n| share(SPAM, &format!("{SPAM} {n} :)"))).count();
        assert!(shared >= 90, "{shared} of 100");
        assert!(!share(
            SPAM,
            "Where is my order? It was promised for Monday and the page has not changed since last week"
        ));
        assert_eq!(sketch("Where is my order?").names(), None);
    }

    #[test]
    fn other_texts_are_other_texts() {
        for other in [
            "Where is my order? It was promised for Monday and the tracking page has not changed since last week",
            "I would like to return the teapot that I ordered on Friday, because the lid does not fit at all, sorry",
            "",
        ] {
            assert!(!sketch(SPAM).is_like(&sketch(other)), "{other}");
        }
        assert!(!sketch("Where is order A1?").is_like(&sketch("Where is order B2?")));
        assert!(sketch("WHERE is my order?!").is_like(&sketch("where is my order")));
        assert!(!sketch("我想查一下订单").says_much());
        assert!(sketch("加我微信领取优惠券，每天都有红包，数量有限先到先得").says_much());
    }
}
