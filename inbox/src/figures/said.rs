//! Figures in words.

use deskbell_shared::wire::Millis;

use crate::{ui::span::briefly, words::Words};

/// So many of so many, in whole percent, the way a half rounds up.
pub fn percent(part: u32, whole: u32) -> u64 {
    let whole = u64::from(whole.max(1));
    (u64::from(part) * 200 + whole) / (whole * 2)
}

/// So many of so many; `None` of none.
pub fn share(words: Words, part: u32, whole: u32) -> Option<String> {
    let said = || words.fill("service.percent", &[("percent", &percent(part, whole).to_string())]);
    (whole > 0).then(said)
}

/// A score that may be below nothing, with its sign.
pub fn signed(score: i32) -> String {
    match score {
        0 => "0".to_owned(),
        1.. => format!("+{score}"),
        // The minus of typography is as wide as the plus.
        _ => format!("−{}", score.unsigned_abs()),
    }
}

/// So long, briefly.
pub fn span(words: Words, ms: u64) -> String {
    briefly(&words.catalog(), Millis(0), Millis(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_has_its_sign() {
        assert_eq!([33, 0, -100].map(signed), ["+33", "0", "−100"]);
    }

    #[test]
    fn a_share_is_rounded_to_the_nearest_percent() {
        assert_eq!(
            [(0, 0), (1, 3), (2, 3), (1, 200), (7, 7)].map(|(part, whole)| percent(part, whole)),
            [0, 33, 67, 1, 100]
        );
        assert_eq!(percent(u32::MAX, u32::MAX), 100);
    }
}
