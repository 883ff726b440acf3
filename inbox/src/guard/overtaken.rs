//! What becomes of written rules when a colleague has set others meanwhile: what was touched stays, the rest is theirs.

use deskbell_shared::guard::rules::Keyword;

/// What a field shows then, which showed `was` before anything was written.
pub(super) fn field<T: PartialEq>(written: T, was: &T, now: T) -> T {
    if written == *was { now } else { written }
}

/// Words a line each: those that the colleague has added or taken away are so here too.
pub(super) fn lines(written: &str, was: &[Keyword], now: &[Keyword]) -> String {
    let is_in = |words: &[Keyword], line: &str| words.iter().any(|word| word.as_str() == line.trim());
    let kept = written.lines().filter(|line| !is_in(was, line) || is_in(now, line));
    let added = now.iter().map(Keyword::as_str);
    let added = added.filter(|word| !is_in(was, word) && !written.lines().any(|line| line.trim() == *word));
    kept.chain(added).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<Keyword> {
        words.iter().map(|word| Keyword::new(word).unwrap()).collect()
    }

    #[test]
    fn what_was_touched_stays_and_the_rest_is_the_colleagues() {
        assert_eq!(field("20", &"20", "30"), "30");
        assert_eq!(field("25", &"20", "30"), "25");
        let (was, now) = (words(&["casino", "lottery", "pills"]), words(&["casino", "pills", "loans"]));
        assert_eq!(lines("casino\nlottery\npills", &was, &now), "casino\npills\nloans");
        assert_eq!(lines("lottery\nbets", &was, &now), "bets\nloans", "what was taken away here stays away");
        assert_eq!(lines(" casino \nloans", &was, &now), " casino \nloans");
        assert_eq!(lines("bets\n", &was, &was), "bets");
    }
}
