//! Looking through all talks: beyond those that a console's list is given at first.

use deskbell_shared::wire::{ConversationId, Found, ProblemKind, Summary, words_of};

use super::DeskDo;
use crate::{
    desk::calls::Search,
    platform::sql::{Row, int},
    refusal::{Outcome, Refusal},
};

/// The most talks in an answer.
const MOST_FOUND: usize = 50;
/// The most talks that one request looks at: reading them costs the site's owner.
const MOST_READ: usize = 2_000;
/// How many are read at a time.
const PAGE: usize = 250;

/// Later than any talk, and exact where numbers are floating point.
const LATEST: u64 = 9_007_199_254_740_991;

/// Where a search goes on: among open talks or closed ones, after this one.
struct Place {
    open: bool,
    after: Option<(u64, ConversationId)>,
}

impl Place {
    /// As [`Summary::place`] has it.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let open = match parts.next()? {
            "1" => true,
            "0" => false,
            _ => return None,
        };
        Some(Self { open, after: Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)) })
    }
}

impl DeskDo {
    /// Talks in which all of the words occur. They are compared here, and not by SQLite, which knows the lower case of no letter
    /// but A to Z.
    pub(super) fn search(&self, Search { words, before }: &Search) -> Outcome<Found> {
        let words = words_of(words);
        let mut place = match before {
            None => Place { open: true, after: None },
            Some(text) => Place::read(text)
                .ok_or_else(|| Refusal::new(ProblemKind::Malformed, "before: the place of a talk"))?,
        };
        let (mut conversations, mut next, mut read) = (Vec::new(), None, 0);
        while read < MOST_READ {
            let rows = self.page(&place)?;
            read += rows.len();
            let is_last = rows.len() < PAGE;
            for row in rows {
                let summary: Summary = row.json(0)?;
                place.after = Some((row.number(1)?, row.name(2)?));
                next = Some(summary.place());
                if summary.mentions(&words, []) {
                    conversations.push(summary);
                }
                if conversations.len() == MOST_FOUND {
                    return Ok(Found { conversations, next });
                }
            }
            if is_last && !place.open {
                return Ok(Found { conversations, next: None });
            }
            if is_last {
                place = Place { open: false, after: None };
            }
        }
        Ok(Found { conversations, next })
    }

    fn page(&self, Place { open, after }: &Place) -> Outcome<Vec<Row>> {
        // In the order of the index.
        let query = "SELECT doc, updated, id FROM conversation
                     WHERE open = ?1 AND updated <= ?2 AND NOT (updated = ?2 AND id <= ?3)
                     ORDER BY open DESC, updated DESC, id LIMIT ?4";
        let (updated, id) = match after {
            Some((updated, id)) => (*updated, id.to_string()),
            None => (LATEST, String::new()),
        };
        self.sql.rows(query, vec![int(u64::from(*open)), int(updated), id.into(), int(PAGE as u64)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_or_refused() {
        let id = "0123456789abcdef0123456789abcdef";
        let read = Place::read(&format!("0.1700000000000.{id}")).unwrap();
        assert!(!read.open && read.after.unwrap().0 == 1_700_000_000_000);
        for wrong in ["", "0", "2.1.x", "0.1", "0.1.x", &format!("0.-1.{id}"), &format!("0..{id}"), "0.1.é"]
        {
            assert!(Place::read(wrong).is_none(), "{wrong}");
        }
    }
}
