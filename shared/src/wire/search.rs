//! Looking through all the talks a site has, beyond those that a console's list is given.

use serde::{Deserialize, Serialize};

use super::{Line, Status, Summary};

/// The longest search, in characters.
pub const MAX_SEARCH: usize = 200;

/// `GET /v1/sites/{site}/search?words=…&before=…`: talks in which all of the words occur, open ones first, and of these and of
/// closed ones the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The talks.
    pub conversations: Vec<Summary>,
    /// The place to go on at; `None` when that is all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Summary {
    /// Whether all of these words, as [`words_of`] has them, occur in what is known of the talk, or begin its id. `named` is
    /// what else it is called, in its reader's language.
    pub fn mentions<'a>(&'a self, words: &[String], named: impl IntoIterator<Item = &'a str>) -> bool {
        let line = |line: &'a Option<Line>| line.as_ref().map(Line::as_str);
        let talk = [
            Some(self.preview.as_str()),
            line(&self.context.title),
            self.context.page.as_ref().map(|page| page.as_str()),
            Some(self.context.language.as_str()),
            self.subject.as_ref().map(|subject| subject.as_str()),
            self.assignee.as_ref().map(|assignee| assignee.name.as_str()),
        ];
        let customer = self.customer.iter().flat_map(|customer| {
            let email = customer.email.as_ref().map(|email| email.as_str());
            [Some(customer.id.as_str()), line(&customer.name), email]
        });
        let via = self
            .via
            .iter()
            .flat_map(|via| [Some(via.name.as_str()), Some(via.from.as_str()), line(&via.called)]);
        let known = talk.into_iter().chain(customer).chain(via).flatten();
        let texts: Vec<String> = known.chain(named).map(str::to_lowercase).collect();
        let id = self.conversation.to_string();
        words.iter().all(|word| texts.iter().any(|text| text.contains(word)) || id.starts_with(word))
    }

    /// The talk's place in a search: those `before` it are further back.
    pub fn place(&self) -> String {
        format!("{}.{}.{}", u8::from(self.status == Status::Open), self.updated.0, self.conversation)
    }
}

/// The words of a search, in lower case.
pub fn words_of(search: &str) -> Vec<String> {
    search.split_whitespace().map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_of_a_search_have_to_occur_in_any_script_and_case() {
        let talk: Summary = serde_json::from_value(serde_json::json!({
            "conversation": "0123456789abcdef0123456789abcdef", "status": "closed", "last_seq": 1, "updated": 7,
            "preview": "Wo bleiben meine Äpfel? 快递", "reasons": [], "opened": 1, "waiting_since": null,
            "context": { "language": "de", "title": "Obst", "utc_offset_minutes": 60 }, "unread": 0, "online": false, "banned": false,
            "customer": { "sub": "C-42", "name": "Ана Пэ", "email": "ana@shop.example" },
        }))
        .unwrap();
        let finds = |search: &str| talk.mentions(&words_of(search), ["Visitor 0123"]);
        for search in ["", " äpfel WO ", "ÄPFEL", "快递", "obst", "АНА c-42", "ana@", "01234567", "visitor"]
        {
            assert!(finds(search), "{search}");
        }
        for search in ["birnen", "äpfel birnen", "closed", "preview", "123456"] {
            assert!(!finds(search), "{search}");
        }
        assert_eq!(talk.place(), "0.7.0123456789abcdef0123456789abcdef");
    }
}
