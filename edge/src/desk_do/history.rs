//! What else the visitor of a conversation has talked about with the site's people.

use deskbell_shared::wire::{ProblemKind, Summary, TalkHistory};

use super::{DeskDo, retention::LAST_SAID};
use crate::{
    desk::calls::History,
    platform::sql::int,
    refusal::{Outcome, Refusal},
};

/// The most conversations in a history, beside the one that is asked about.
const MOST: u64 = 20;

/// Who the customer of a conversation is, by the number that the site knows them by.
const CUSTOMER: &str = "json_extract(doc, '$.customer.sub')";

pub(super) const SCHEMA: &str = "
    CREATE INDEX IF NOT EXISTS by_customer ON conversation (json_extract(doc, '$.customer.sub'))
        WHERE json_extract(doc, '$.customer.sub') IS NOT NULL
";

impl DeskDo {
    pub(super) fn history(&self, History { conversation }: &History) -> Outcome<TalkHistory> {
        let id = conversation.to_string();
        let this = "SELECT doc, visitor FROM conversation WHERE id = ?";
        let row = self.sql.first(this, vec![id.into()])?.ok_or_else(|| {
            Refusal::new(ProblemKind::ConversationUnknown, "There is no such conversation at this site.")
        })?;
        let conversation: Summary = row.json(0)?;
        let others = self.others_of(&conversation, row.text(1)?)?;
        Ok(TalkHistory { conversation, others })
    }

    /// The other talks that the visitor of one has had, whose browser goes by this key, the latest first.
    pub(super) fn others_of(&self, talk: &Summary, visitor: &str) -> Outcome<Vec<Summary>> {
        let customer = talk.customer.as_ref().map(|customer| customer.id.to_string());
        // A browser may be several people's: whoever is signed in as somebody has nothing to do with what others said there.
        let others = format!(
            "SELECT doc FROM conversation
             WHERE id <> ?1 AND id IN (
                SELECT id FROM conversation WHERE {CUSTOMER} = ?2 AND {CUSTOMER} IS NOT NULL
                UNION
                SELECT id FROM conversation
                WHERE visitor = ?3 AND (?2 IS NULL OR {CUSTOMER} IS NULL OR {CUSTOMER} = ?2)
             )
             ORDER BY {LAST_SAID} DESC LIMIT ?4"
        );
        let values = vec![talk.conversation.to_string().into(), customer.into(), visitor.into(), int(MOST)];
        self.sql.rows(&others, values)?.iter().map(|row| row.json(0)).collect()
    }
}
