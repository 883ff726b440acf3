//! What a person would see of the talk, shown to the visitor before anything is sent.

use deskbell_shared::{
    handoff::mask,
    locale::Catalog,
    wire::{
        Address, HandoffReason, HandoffRequest, LanguageTag, Line, MAX_BODY_BYTES, MAX_TRANSCRIPT_TURNS,
        MessageId, Millis, ResumeKey, Text, Turn, TurnSender, VisitorContext, VisitorId,
    },
};

use super::{Choice, Item, ItemKind};

/// What would be sent, until the visitor agrees or not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Consent {
    pub(crate) reasons: Vec<HandoffReason>,
    /// The talk word for word.
    turns: Vec<Turn>,
    pub(crate) context: VisitorContext,
}

impl Consent {
    /// Collects what was said, in the words in which it was shown.
    pub(crate) fn new(
        reason: HandoffReason,
        items: &[Item],
        words: &Catalog,
        context: VisitorContext,
    ) -> Self {
        let turns = items.iter().filter_map(|item| turn(item, words)).collect();
        Self { reasons: vec![reason], turns, context }
    }

    /// Whether the visitor has said anything yet.
    pub(crate) fn is_empty(&self) -> bool {
        !self.turns.iter().any(|turn| turn.from == TurnSender::Visitor)
    }

    /// Whether there is anything to mask.
    pub(crate) fn has_personal_data(&self) -> bool {
        self.turns.iter().any(|turn| !mask(turn.text.as_str()).found.is_empty())
    }

    /// The turns exactly as they would be sent. A talk too long for one request is without its oldest turns.
    pub(crate) fn turns(&self, masked: bool) -> Vec<Turn> {
        let seen = |turn: &Turn| {
            let text = Text::cut(&mask(turn.text.as_str()).text)?;
            Some(Turn { text, ..turn.clone() })
        };
        let turns: Vec<Turn> =
            if masked { self.turns.iter().filter_map(seen).collect() } else { self.turns.clone() };
        let mut bytes = 0;
        let fitting = turns.iter().rev().take(MAX_TRANSCRIPT_TURNS - 1).take_while(|turn| {
            bytes += size(turn);
            bytes <= MAX_BODY_BYTES - RESERVE
        });
        let older = turns.len() - fitting.count();
        turns.into_iter().skip(older).collect()
    }

    /// The request that the visitor has agreed to. `note` is what they wrote for the person in the sheet.
    pub(crate) fn agreed(
        &self,
        masked: bool,
        note: Option<(MessageId, Text)>,
        now: Millis,
        resume: ResumeKey,
        visitor: VisitorId,
    ) -> HandoffRequest {
        let note = note.map(|(id, text)| Turn { id, at: now, from: TurnSender::Visitor, text, entry: None });
        HandoffRequest {
            resume,
            visitor,
            reasons: self.reasons.clone(),
            transcript: self.turns(masked).into_iter().chain(note).collect(),
            context: self.context.clone(),
        }
    }
}

/// What a request needs beside its transcript, in bytes: the longest note, and the context.
const RESERVE: usize = 32 * 1024;

/// Where the visitor is: `page` and `title` as the site's page says, shortened to what the wire takes.
pub(crate) fn context(
    language: LanguageTag,
    page: Option<&str>,
    title: Option<&str>,
    utc_offset_minutes: i16,
) -> VisitorContext {
    VisitorContext {
        language,
        page: page.and_then(Address::cut),
        title: title.and_then(Line::cut),
        utc_offset_minutes: utc_offset_minutes.clamp(-840, 840),
    }
}

fn size(turn: &Turn) -> usize {
    serde_json::to_string(turn).map_or(0, |json| json.len() + 1)
}

fn turn(item: &Item, words: &Catalog) -> Option<Turn> {
    let (from, text, entry) = match &item.kind {
        ItemKind::Question(text) => (TurnSender::Visitor, text.clone(), None),
        ItemKind::Answer(choice) => (TurnSender::Bot, choice.answer.clone(), choice.id.clone()),
        ItemKind::Offer(choices) => (TurnSender::Bot, Text::cut(&offer(choices, words))?, None),
        ItemKind::NoAnswer => (TurnSender::Bot, Text::cut(words.text("answer.none"))?, None),
        // The visitor's wish is the reason itself; the widget's "of course" is nothing a person needs.
        ItemKind::PersonWanted => return None,
    };
    Some(Turn { id: item.id, at: item.at, from, text, entry })
}

fn offer(choices: &[Choice], words: &Catalog) -> String {
    choices
        .iter()
        .fold(words.text("offer.title").to_owned(), |text, choice| format!("{text}\n• {}", choice.question))
}
