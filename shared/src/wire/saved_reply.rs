//! Answers that the site's people give again and again.

use serde::{Deserialize, Serialize};

use super::{Line, ReplyId, Text};

/// The most saved replies of a site.
pub const MAX_SAVED_REPLIES: usize = 500;

/// What in a saved reply stands for the customer's name.
const NAME: &str = "{name}";

/// An answer that the site's people give again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedReply {
    /// For changing it.
    pub id: ReplyId,
    /// Counts up with every change, from 1.
    pub version: u64,
    /// What agents find it by.
    pub title: Line,
    /// What is said; [`fill`] puts the customer's name for `{name}`.
    pub text: Text,
}

/// `GET /v1/sites/{site}/replies`; also the answer to what changes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedReplies {
    /// In the order of their titles.
    pub replies: Vec<SavedReply>,
}

/// `PUT /v1/sites/{site}/replies/{id}`: makes a saved reply, or changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedReplyRequest {
    /// What agents find it by.
    pub title: Line,
    /// What is said.
    pub text: Text,
    /// The version that is changed, as whoever asks has seen it; 0 for a new one. When it is another by now, nothing changes.
    pub version: u64,
}

/// What stands between a name and the words it is called out to with.
const COMMAS: [char; 4] = [',', '，', '、', '،'];

/// The text with the customer's name for each `{name}`. Where nobody has said who it is, the name is left out, and with it the
/// blanks before it and a comma that nothing follows any more: "Hello {name}, …" becomes "Hello, …", "Sorry, {name}!" "Sorry!".
pub fn fill(text: &str, name: Option<&str>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(NAME) {
        rest = after;
        let Some(name) = name else {
            let before = before.trim_end_matches(' ');
            let goes_on = after.starts_with(|c: char| c.is_alphanumeric() || c.is_whitespace());
            filled.push_str(if goes_on { before } else { before.trim_end_matches(COMMAS) });
            if filled.is_empty() {
                // Where the name stood first, nothing is left for the next word to keep its distance from.
                rest = after.trim_start_matches(' ').trim_start_matches(COMMAS).trim_start_matches(' ');
            }
            continue;
        };
        filled.extend([before, name]);
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_name_stands_where_it_belongs_or_nowhere() {
        assert_eq!(fill("Hello {name}, welcome.", Some("Ana")), "Hello Ana, welcome.");
        assert_eq!(fill("Hello {name}, welcome.", None), "Hello, welcome.");
        assert_eq!(fill("{name}, welcome. Bye {name}!", None), "welcome. Bye!");
        assert_eq!(fill("Sorry, {name}! It is on its way.", None), "Sorry! It is on its way.");
        assert_eq!(fill("Well, {name}, we can.", None), "Well, we can.");
        assert_eq!(fill("Sorry, {name} will call.", None), "Sorry, will call.");
        assert_eq!(fill("抱歉，{name}！", None), "抱歉！");
        assert_eq!(fill("{name}您好", None), "您好");
        assert_eq!(fill("{name}您好", Some("李")), "李您好");
        assert_eq!(fill("No place {nme}", Some("Ana")), "No place {nme}");
        assert_eq!(fill("{name}", Some("{name}")), "{name}", "a name is no pattern");
    }

    proptest! {
        #[test]
        fn what_has_no_place_stays_as_it_is(text in "[^{]*", name in proptest::option::of(".*")) {
            prop_assert_eq!(fill(&text, name.as_deref()), text);
        }

        #[test]
        fn no_place_is_left(text in "([a-z ]|\\{name\\}){0,12}") {
            prop_assert!(!fill(&text, None).contains(NAME));
        }
    }
}
