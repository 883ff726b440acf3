//! Traditional and simplified Chinese characters, folded together.

/// Pairs of a traditional character and the simplified one it folds to, in the order of the traditional ones.
///
/// All pairs are known only to the compiler of packs; a pack carries those that its own characters need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HanPairs(Vec<(char, char)>);

impl HanPairs {
    /// The pairs given; `None` unless they are in the order of the traditional characters, each once.
    pub fn in_order(pairs: Vec<(char, char)>) -> Option<Self> {
        pairs.is_sorted_by(|(a, _), (b, _)| a < b).then_some(Self(pairs))
    }

    /// All pairs.
    #[cfg(feature = "compile")]
    pub fn all() -> Self {
        let pair = |line: &str| {
            let mut chars = line.chars();
            Some((chars.next()?, chars.next()?))
        };
        Self(include_str!("han.txt").lines().filter(|line| !line.starts_with('#')).filter_map(pair).collect())
    }

    /// Only the pairs that lead to a character of `used`.
    #[cfg(feature = "compile")]
    pub fn leading_to(&self, used: &std::collections::BTreeSet<char>) -> Self {
        Self(self.iter().filter(|(_, simplified)| used.contains(simplified)).collect())
    }

    /// Every pair, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (char, char)> {
        self.0.iter().copied()
    }

    /// The text with every traditional character that has a pair replaced.
    pub fn fold(&self, text: &str) -> String {
        text.chars().map(|c| self.simplified(c)).collect()
    }

    /// The text with every simplified character replaced by the first traditional one that folds to it: near enough to how
    /// it would be written to learn from.
    #[cfg(feature = "compile")]
    pub fn unfold(&self, text: &str) -> String {
        let traditional =
            |c| self.iter().find(|(_, simplified)| *simplified == c).map_or(c, |(first, _)| first);
        text.chars().map(traditional).collect()
    }

    fn simplified(&self, c: char) -> char {
        match self.0.binary_search_by_key(&c, |(traditional, _)| *traditional) {
            Ok(place) => self.0[place].1,
            Err(_) => c,
        }
    }
}

#[cfg(test)]
#[cfg(feature = "compile")]
mod tests {
    use super::*;

    #[test]
    fn both_scripts_fold_to_the_same() {
        let all = HanPairs::all();
        assert_eq!(HanPairs::in_order(all.iter().collect()).as_ref(), Some(&all));
        assert_eq!(all.fold("訂單還沒發貨，怎麼取消"), "订单还没发货，怎么取消");
        assert_eq!(all.fold("订单"), "订单");
        assert!(all.iter().len() > 1_500);
    }

    #[test]
    fn folding_twice_changes_nothing_more() {
        let all = HanPairs::all();
        for (_, simplified) in all.iter() {
            assert_eq!(all.simplified(simplified), simplified);
        }
    }

    #[test]
    fn a_cut_table_folds_what_it_was_cut_for() {
        let cut = HanPairs::all().leading_to(&"订单".chars().collect());
        assert_eq!(cut.fold("訂單貨"), "订单貨");
    }
}
