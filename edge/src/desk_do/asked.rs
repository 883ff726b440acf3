//! What visitors asked before a person came, until somebody has settled it.

use deskbell_shared::wire::{AskedId, AskedQuestion, AskedQuestions, Millis, SettleRequest};

use super::DeskDo;
use crate::{
    desk::calls::{ListAsked, Note, SettleAsked},
    platform::{
        now,
        sql::{Row, int},
    },
    refusal::Outcome,
};

/// For how long it is kept, in milliseconds: words that were asked so long ago are asked again, or not worth learning.
const KEPT_MS: u64 = AskedQuestions::DAYS * Millis::DAY;

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS asked (
        talk TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL,
        answered TEXT, PRIMARY KEY (talk, seq)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS asked_at ON asked (at);
";

impl DeskDo {
    /// Keeps what was asked in a talk that has come to people.
    pub(super) fn note_asked(&self, Note { summary, asked, .. }: &Note) -> Outcome<()> {
        let insert = "INSERT OR IGNORE INTO asked (talk, seq, at, language, text, answered)
                      VALUES (?, ?, ?, ?, ?, ?)";
        for one in asked {
            let row = vec![
                summary.conversation.to_string().into(),
                int(one.seq),
                int(summary.opened.0),
                summary.context.language.as_str().into(),
                one.text.as_str().into(),
                one.answered.as_ref().map(|entry| entry.as_str().to_owned()).into(),
            ];
            self.sql.run(insert, row)?;
        }
        Ok(())
    }

    /// Forgets what was asked too long ago.
    pub(super) fn forget_asked(&self) -> Outcome<()> {
        let before = int(now().0.saturating_sub(KEPT_MS));
        Ok(self.sql.run("DELETE FROM asked WHERE at < ?", vec![before])?)
    }

    pub(super) fn asked(&self, _call: ListAsked) -> Outcome<AskedQuestions> {
        self.forget_asked()?;
        let query = "SELECT talk, seq, at, language, text, answered FROM asked
                     ORDER BY at DESC, talk, seq LIMIT ?";
        let rows = self.sql.rows(query, vec![int(AskedQuestions::MOST as u64)])?;
        let question = |row: &Row| {
            Ok(AskedQuestion {
                id: AskedId { conversation: row.name(0)?, seq: row.number(1)? },
                at: Millis(row.number(2)?),
                language: row.name(3)?,
                text: row.name(4)?,
                answered: row.maybe_name(5)?,
            })
        };
        Ok(AskedQuestions { questions: rows.iter().map(question).collect::<Outcome<_>>()? })
    }

    pub(super) fn settle_asked(&self, SettleAsked { request }: &SettleAsked) -> Outcome<()> {
        let SettleRequest { questions } = request;
        self.sql.atomically(|| {
            questions.iter().try_for_each(|AskedId { conversation, seq }| {
                let delete = "DELETE FROM asked WHERE talk = ? AND seq = ?";
                Ok(self.sql.run(delete, vec![conversation.to_string().into(), int(*seq)])?)
            })
        })
    }
}
