//! Gives visitors who wait to people who are there, if the site wants that: to whom next.

use std::collections::BTreeMap;

use deskbell_shared::{
    routing::{Present, Waiting, choose, covers, primary_language},
    wire::{
        ConversationId, DeskEvent, Email, LanguageTag, Millis, Priority, Routing, SiteId, Status, Summary,
        Teammate,
    },
};
use worker::SqlStorageValue;

use super::{DeskDo, Seat, retention::LAST_SAID};
use crate::{
    desk::calls::PutRouting,
    platform::{
        now, socket,
        sql::{Row, int},
    },
    refusal::{Outcome, Refusal},
};

/// Who looks after a talk and has gone keeps it for so long while its visitor waits, in milliseconds: a page is loaded anew.
const GONE_MS: u64 = 2 * 60_000;
/// Who was given a talk and is there, but has not answered, keeps it for so long, in milliseconds.
const UNANSWERED_MS: u64 = 10 * 60_000;
/// As that, where somebody should come now, in milliseconds.
const UNANSWERED_URGENT_MS: u64 = 2 * 60_000;
/// What a conversation was asked to take, and has not, is given anew after so long, in milliseconds.
const ON_THE_WAY_MS: u64 = 60_000;
/// A talk in which nothing was said for so long is no work any more, in milliseconds.
const IDLE_MS: u64 = 30 * 60_000;
/// Who was not there for so long is forgotten, in milliseconds.
const FORGET_MS: u64 = 30 * Millis::DAY;
/// So many are looked at, those first that should not wait. There is somebody for each, unless the only one who is there has
/// them already.
const MOST_LOOKED_AT: u64 = 20;

/// Whose visitor waits.
const WAITS: &str =
    "open = 1 AND coalesce(json_extract(doc, '$.waiting_since'), 9007199254740991) < 9007199254740991
                     AND NOT json_extract(doc, '$.banned')";

/// Who is nobody's, unless somebody had them and gave them back; was given to somebody, which did not arrive; is somebody's who
/// has gone; or was given to somebody who does not answer. That has to have been before `?1` for what did not arrive, before `?2`
/// for who has gone, and before `?3`, or `?4` where there is danger, for who does not answer.
const TO_BE_GIVEN: &str = "(
    (json_extract(doc, '$.assignee') IS NULL AND given.talk IS NULL)
    OR (NOT given.taken AND given.at <= ?1)
    OR (json_extract(doc, '$.assignee') IS NOT NULL AND coalesce(person.seen, 0) <= ?2
        AND json_extract(doc, '$.waiting_since') <= ?2 AND coalesce(given.at, 0) <= ?2)
    OR (given.by_turn AND given.taken AND json_extract(doc, '$.assignee.email') = given.person
        AND json_extract(doc, '$.waiting_since') <= given.at
        AND given.at <= CASE json_extract(doc, '$.priority') WHEN 'urgent' THEN ?4 ELSE ?3 END))";

/// What decides for whom a talk is, beside how soon somebody should come and whom its visitor knows: its language, its subject, and
/// who has it, who is not the one to give it to. Talks that are alike in it have the same text.
const KIND: &str = "json_array(json_extract(doc, '$.context.language'), json_extract(doc, '$.subject'),
                               json_extract(doc, '$.assignee.email'))";

/// The tables behind [`TO_BE_GIVEN`].
const TALKS: &str = "conversation LEFT JOIN given ON given.talk = conversation.id
                     LEFT JOIN person ON person.email = json_extract(doc, '$.assignee.email')";

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS routing (only INTEGER PRIMARY KEY CHECK (only = 1), site TEXT NOT NULL, doc TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS person (
        email TEXT PRIMARY KEY, takes INTEGER NOT NULL DEFAULT 1, seen INTEGER NOT NULL DEFAULT 0,
        last_given INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS given (
        talk TEXT PRIMARY KEY, person TEXT NOT NULL, at INTEGER NOT NULL, by_turn INTEGER NOT NULL, taken INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS given_to ON given (person, at);
";

/// A talk for somebody.
pub(super) struct Given {
    pub(super) talk: ConversationId,
    pub(super) to: Teammate,
    /// Who looks after it so far.
    pub(super) instead_of: Option<Email>,
}

impl DeskDo {
    pub(super) fn routing(&self) -> Outcome<Routing> {
        let row = self.sql.first("SELECT doc FROM routing", Vec::new())?;
        Ok(row.map(|row| row.json(0)).transpose()?.unwrap_or_default())
    }

    /// The site and its rules, where it has talks given to people.
    pub(super) fn rules(&self) -> Outcome<Option<(SiteId, Routing)>> {
        let query = "SELECT site, doc FROM routing WHERE json_extract(doc, '$.on')";
        let row = self.sql.first(query, Vec::new())?;
        row.map(|row| Ok((row.name(0)?, row.json(1)?))).transpose()
    }

    pub(super) fn put_routing(&self, PutRouting { site, routing }: &PutRouting) -> Outcome<()> {
        let upsert = "INSERT OR REPLACE INTO routing (only, site, doc) VALUES (1, ?, ?)";
        self.sql.run(upsert, vec![site.as_str().into(), serde_json::to_string(routing)?.into()])?;
        for socket in self.state.get_websockets() {
            if let Some(Seat { agent, .. }) = socket::seat(&socket) {
                let (takes, _) = self.turn_of(&agent.person)?;
                socket::send(&socket, &DeskEvent::Duty { gives: routing.on, takes });
            }
        }
        Ok(())
    }

    /// Whether talks are given to people, and to somebody.
    pub(super) fn duty(&self, person: &Email) -> Outcome<DeskEvent> {
        let (takes, _) = self.turn_of(person)?;
        Ok(DeskEvent::Duty { gives: self.routing()?.on, takes })
    }

    /// Whether somebody takes talks, and when they were last given one.
    fn turn_of(&self, person: &Email) -> Outcome<(bool, Millis)> {
        let query = "SELECT takes, last_given FROM person WHERE email = ?";
        match self.sql.first(query, vec![person.as_str().into()])? {
            Some(row) => Ok((row.number(0)? == 1, Millis(row.number(1)?))),
            None => Ok((true, Millis::default())),
        }
    }

    /// Somebody takes talks from now on, or none. All their consoles hear of it.
    pub(super) fn set_duty(&self, person: &Email, takes: bool) -> Outcome<()> {
        let upsert = "INSERT INTO person (email, takes, seen) VALUES (?, ?, ?)
                      ON CONFLICT (email) DO UPDATE SET takes = excluded.takes, seen = excluded.seen";
        self.sql.run(upsert, vec![person.as_str().into(), int(u64::from(takes)), int(now().0)])?;
        let theirs = |socket: &worker::WebSocket| {
            socket::seat::<Seat>(socket).is_some_and(|seat| seat.agent.person == *person)
        };
        let sockets = self.state.get_websockets().into_iter().filter(theirs);
        socket::send_all(sockets, &self.duty(person)?);
        Ok(())
    }

    /// Somebody is there, or was until now.
    pub(super) fn note_seen(&self, person: &str) -> Outcome<()> {
        // Not at every look: what counts are minutes.
        let upsert = "INSERT INTO person (email, seen) VALUES (?1, ?2)
                      ON CONFLICT (email) DO UPDATE SET seen = excluded.seen WHERE seen < ?2 - 15000";
        Ok(self.sql.run(upsert, vec![person.into(), int(now().0)])?)
    }

    /// Keeps in mind who looks after a talk, so that one that somebody gives back is not given to the next at once; and
    /// nothing of a talk that is over. `before` is how it stood.
    pub(super) fn note_assignee(&self, before: Option<&Summary>, talk: &Summary) -> Outcome<()> {
        let had_by = before.and_then(|before| before.assignee.as_ref()).map(|assignee| &assignee.email);
        let id = || talk.conversation.to_string().into();
        let now = int(now().0);
        match &talk.assignee {
            _ if talk.status == Status::Closed => {
                self.sql.run("DELETE FROM given WHERE talk = ?", vec![id()])?;
            }
            // What is told of another change says nothing about whom it was given to meanwhile.
            Some(person) if had_by == Some(&person.email) => {
                // Who has it since before it was closed is as if it had been given to them.
                let is_theirs_again = talk.reopened > 0 && talk.waiting_since.is_some();
                let insert =
                    "INSERT OR IGNORE INTO given (talk, person, at, by_turn, taken) VALUES (?, ?, ?, ?, 1)";
                let by_turn = int(u64::from(is_theirs_again));
                self.sql.run(insert, vec![id(), person.email.as_str().into(), now, by_turn])?;
            }
            Some(person) => {
                let upsert = "INSERT INTO given (talk, person, at, by_turn, taken) VALUES (?, ?, ?, 0, 1)
                    ON CONFLICT (talk) DO UPDATE SET taken = 1,
                        at = CASE WHEN person = excluded.person THEN at ELSE excluded.at END,
                        by_turn = CASE WHEN person = excluded.person THEN by_turn ELSE 0 END,
                        person = excluded.person";
                self.sql.run(upsert, vec![id(), person.email.as_str().into(), now])?;
            }
            // Who gives back what they are not there for passes it on to those who are.
            None if had_by.is_some_and(|by| self.is_for_others(talk, by)) => {
                self.sql.run("DELETE FROM given WHERE talk = ?", vec![id()])?;
            }
            None if had_by.is_some() => {
                let update = "UPDATE given SET person = '', at = ?, by_turn = 0, taken = 1 WHERE talk = ?";
                self.sql.run(update, vec![now, id()])?;
            }
            // What was given back as something else is another matter now.
            None if before.is_some_and(|before| before.subject != talk.subject) => {
                self.sql.run("DELETE FROM given WHERE talk = ? AND person = ''", vec![id()])?;
            }
            None => {}
        }
        Ok(())
    }

    /// Whether somebody does not know what a talk is about, and somebody else who is there does.
    fn is_for_others(&self, talk: &Summary, than: &Email) -> bool {
        let others = || {
            let Some((_, routing)) = self.rules()? else { return Ok(false) };
            let subject = talk.subject.as_ref();
            let is_theirs = routing.skills_of(than).is_none_or(|skills| covers(&skills.subjects, subject));
            let language = primary_language(&talk.context.language);
            let is_for =
                |one: &Present| one.person.email != *than && one.knows(subject) && one.understands(&language);
            Ok(!is_theirs && self.present(&routing)?.iter().any(is_for))
        };
        others().inspect_err(|why: &Refusal| why.log("who knows what a talk is about")).unwrap_or_default()
    }

    /// Takes the next that is to be given, so that nobody else gives it meanwhile; `None` when there is nobody for anybody.
    pub(super) fn take_given(&self) -> Outcome<Option<Given>> {
        let Some((_, routing)) = self.rules()? else { return Ok(None) };
        let present = self.present(&routing)?;
        if present.is_empty() {
            return Ok(None);
        }
        let before = |ms: u64| int(now().0.saturating_sub(ms));
        let times =
            vec![before(ON_THE_WAY_MS), before(GONE_MS), before(UNANSWERED_MS), before(UNANSWERED_URGENT_MS)];
        // Only those for whom there is somebody, so that those for whom there is nobody are in nobody's way.
        let kinds = self.kinds_with_somebody(times.clone(), &present, routing.at_once)?;
        let query = format!(
            "SELECT doc, visitor FROM {TALKS}
             WHERE {WAITS} AND {TO_BE_GIVEN}
                AND (json_extract(doc, '$.priority') = 'urgent' OR {KIND} IN (SELECT value FROM json_each(?5)))
             ORDER BY json_extract(doc, '$.priority') = 'urgent' DESC, json_extract(doc, '$.priority') = 'high' DESC,
                      json_extract(doc, '$.assignee') IS NOT NULL, json_extract(doc, '$.waiting_since')
             LIMIT ?6"
        );
        let mut values = times;
        values.extend([serde_json::to_string(&kinds)?.into(), int(MOST_LOOKED_AT)]);
        for row in self.sql.rows(&query, values)? {
            // One that cannot be read is in nobody's way either.
            match self.given_of(&row, &present, routing.at_once) {
                Ok(Some(given)) => {
                    self.mark_given(&given)?;
                    return Ok(Some(given));
                }
                Ok(None) => {}
                Err(refusal) => refusal.log("reading a talk that waits"),
            }
        }
        Ok(None)
    }

    /// Of which kinds (see [`KIND`]) of those who are to be given there is somebody for one, who has time.
    fn kinds_with_somebody(
        &self,
        times: Vec<SqlStorageValue>,
        present: &[Present],
        at_once: u8,
    ) -> Outcome<Vec<String>> {
        let query = format!("SELECT DISTINCT {KIND} FROM {TALKS} WHERE {WAITS} AND {TO_BE_GIVEN}");
        let mut kinds = Vec::new();
        for row in self.sql.rows(&query, times)? {
            let (language, subject, has_it): (LanguageTag, _, Option<String>) = match row.json(0) {
                Ok(kind) => kind,
                // One that cannot be read is in nobody's way.
                Err(refusal) => {
                    refusal.log("what a talk that waits is for");
                    continue;
                }
            };
            let is_other = |one: &&Present| has_it.as_deref() != Some(one.person.email.as_str());
            let others: Vec<_> = present.iter().filter(is_other).cloned().collect();
            let waiting = Waiting { language, subject, priority: Priority::Normal, known_to: Vec::new() };
            if choose(&waiting, &others, at_once).is_some() {
                kinds.push(row.text(0)?.to_owned());
            }
        }
        Ok(kinds)
    }

    fn given_of(&self, row: &Row, present: &[Present], at_once: u8) -> Outcome<Option<Given>> {
        let talk: Summary = row.json(0)?;
        // Whom they knew is no reason not to give them to anybody.
        let known_to = self.known_to(&talk, row.text(1)?).inspect_err(|why| why.log("a visitor's history"));
        let known_to = known_to.unwrap_or_default();
        let instead_of = talk.assignee.map(|assignee| assignee.email);
        // Who has it and does not answer is not the one to give it to.
        let others: Vec<_> =
            present.iter().filter(|one| Some(&one.person.email) != instead_of.as_ref()).cloned().collect();
        let waiting = Waiting {
            language: talk.context.language,
            subject: talk.subject,
            priority: talk.priority,
            known_to,
        };
        let chosen = choose(&waiting, &others, at_once);
        Ok(chosen.map(|one| Given { talk: talk.conversation, to: one.person.clone(), instead_of }))
    }

    fn mark_given(&self, Given { talk, to, .. }: &Given) -> Outcome<()> {
        let (id, email, now) = (talk.to_string(), to.email.as_str(), now().0);
        let given = "INSERT OR REPLACE INTO given (talk, person, at, by_turn, taken) VALUES (?, ?, ?, 1, 0)";
        let person = "INSERT INTO person (email, last_given) VALUES (?, ?)
                      ON CONFLICT (email) DO UPDATE SET last_given = excluded.last_given";
        self.sql.run(given, vec![id.into(), email.into(), int(now)])?;
        Ok(self.sql.run(person, vec![email.into(), int(now)])?)
    }

    /// What was to be given is not to be given any more: people have seen to it.
    pub(super) fn settle_given(&self, talk: ConversationId) -> Outcome<()> {
        let update = "UPDATE given SET person = '', by_turn = 0, taken = 1 WHERE talk = ? AND NOT taken";
        Ok(self.sql.run(update, vec![talk.to_string().into()])?)
    }

    /// Those who are there, may answer and take talks.
    fn present(&self, routing: &Routing) -> Outcome<Vec<Present>> {
        let mut people = BTreeMap::new();
        for socket in self.state.get_websockets() {
            if let Some(Seat { agent, since }) = socket::seat(&socket)
                && agent.may_answer
                && !socket::is_silent(&self.state, &socket, since)
            {
                let person = Teammate { email: agent.person, name: agent.name };
                people.insert(person.email.as_str().to_owned(), person);
            }
        }
        people.keys().try_for_each(|email| self.note_seen(email))?;
        let mut present = Vec::with_capacity(people.len());
        for person in people.into_values() {
            let (takes, last_given) = self.turn_of(&person.email)?;
            if takes {
                let skills = routing.skills_of(&person.email).cloned();
                let (languages, subjects) =
                    skills.map(|skills| (skills.languages, skills.subjects)).unwrap_or_default();
                let load = self.load_of(&person.email)?;
                present.push(Present { person, languages, subjects, load, last_given });
            }
        }
        Ok(present)
    }

    /// How many talks somebody looks after in which something is going on, those included that they were just given.
    fn load_of(&self, person: &Email) -> Outcome<u32> {
        let query = format!(
            "SELECT
            (SELECT COUNT(*) FROM conversation WHERE open = 1 AND json_extract(doc, '$.assignee.email') = ?1
                AND NOT json_extract(doc, '$.banned')
                AND (json_extract(doc, '$.waiting_since') IS NOT NULL
                     OR {LAST_SAID} > ?2))
            + (SELECT COUNT(*) FROM given WHERE person = ?1 AND NOT taken AND at > ?3)"
        );
        let before = |ms: u64| int(now().0.saturating_sub(ms));
        let values = vec![person.as_str().into(), before(IDLE_MS), before(ON_THE_WAY_MS)];
        let count = self.sql.first(&query, values)?.map_or(Ok(0), |row| row.number(0))?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Those who have looked after the talks that the same customer, or browser, had beside this one.
    fn known_to(&self, talk: &Summary, visitor: &str) -> Outcome<Vec<Teammate>> {
        let others = self.others_of(talk, visitor)?;
        Ok(others.into_iter().filter_map(|other| other.assignee).collect())
    }

    /// Forgets those who have not been there for long.
    pub(super) fn forget_people(&self) -> Outcome<()> {
        let before = int(now().0.saturating_sub(FORGET_MS));
        Ok(self.sql.run("DELETE FROM person WHERE max(seen, last_given) < ?", vec![before])?)
    }

    /// Since when somebody has waited who should not have to, for whom it is looked again and again.
    pub(super) fn waits_since(&self, after: Millis) -> Outcome<bool> {
        let query = format!(
            "SELECT 1 FROM conversation WHERE {WAITS} AND json_extract(doc, '$.waiting_since') > ? LIMIT 1"
        );
        Ok(self.rules()?.is_some() && self.sql.first(&query, vec![int(after.0)])?.is_some())
    }
}
