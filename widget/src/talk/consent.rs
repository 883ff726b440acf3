//! What a person would see of the talk, shown to the visitor before anything is sent.

use deskbell_shared::{
    handoff::mask,
    locale::Catalog,
    wire::{
        Address, Customer, CustomerToken, HandoffReason, HandoffRequest, LanguageTag, Line, MAX_BODY_BYTES,
        MAX_TRANSCRIPT_TURNS, MessageId, Millis, Priority, ResumeKey, Text, Turn, TurnSender, VisitorContext,
        VisitorId,
    },
};

use super::{Choice, Item, ItemKind};

/// What would be sent, until the visitor agrees or not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Consent {
    pub(crate) reasons: Vec<HandoffReason>,
    priority: Priority,
    /// The talk word for word.
    turns: Vec<Turn>,
    pub(crate) context: VisitorContext,
    /// Who the visitor is, as the site's page says.
    customer: Option<(CustomerToken, Customer)>,
}

impl Consent {
    /// Collects what was said, in the words in which it was shown.
    pub(crate) fn new(
        (reasons, priority): (Vec<HandoffReason>, Priority),
        items: &[Item],
        words: &Catalog,
        context: VisitorContext,
    ) -> Self {
        let turns = items.iter().filter_map(|item| turn(item, words)).collect();
        Self { reasons, priority, turns, context, customer: None }
    }

    /// The same, of somebody who is signed in at the site.
    pub(crate) fn of(self, customer: Option<(CustomerToken, Customer)>) -> Self {
        Self { customer, ..self }
    }

    /// Who the visitor is, as the site's page says.
    pub(crate) fn customer(&self) -> Option<&Customer> {
        self.customer.as_ref().map(|(_, customer)| customer)
    }

    /// Whether the visitor has said anything yet.
    pub(crate) fn is_empty(&self) -> bool {
        !self.turns.iter().any(|turn| turn.from == TurnSender::Visitor)
    }

    /// Whether the talk tells of danger.
    pub(crate) fn is_crisis(&self) -> bool {
        self.reasons.contains(&HandoffReason::Crisis)
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
            priority: self.priority,
            transcript: self.turns(masked).into_iter().chain(note).collect(),
            context: self.context.clone(),
            customer: self.customer.as_ref().map(|(token, _)| token.clone()),
        }
    }
}

/// What a request needs beside its transcript, in bytes: the longest note, the context, and who is signed in.
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
        ItemKind::Again(choice) => {
            let text = format!("{}\n\n{}", words.text("answer.again"), choice.answer);
            (TurnSender::Bot, Text::cut(&text)?, choice.id.clone())
        }
        ItemKind::Offer(choices) => (TurnSender::Bot, Text::cut(&offer(choices, words))?, None),
        ItemKind::NoAnswer => (TurnSender::Bot, Text::cut(words.text("answer.none"))?, None),
        // What the visitor wrote is the reason itself; the widget's "of course" is nothing a person needs.
        ItemKind::PersonWanted | ItemKind::Care(_) | ItemKind::Calm => return None,
    };
    Some(Turn { id: item.id, at: item.at, from, text, entry })
}

fn offer(choices: &[Choice], words: &Catalog) -> String {
    choices
        .iter()
        .fold(words.text("offer.title").to_owned(), |text, choice| format!("{text}\n• {}", choice.question))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words() -> Catalog {
        Catalog::parse("en", include_str!("../../../www/locales/widget/en.json")).unwrap()
    }

    fn place() -> VisitorContext {
        let tag = LanguageTag::try_from("en".to_owned()).unwrap();
        context(tag, Some("https://shop.example/tea"), Some("Tea"), 60)
    }

    fn question(id: u8, text: &str) -> Item {
        let kind = ItemKind::Question(Text::new(text).unwrap());
        Item { id: MessageId([id; 16]), at: Millis(u64::from(id)), kind }
    }

    fn consent(items: &[Item]) -> Consent {
        Consent::new((vec![HandoffReason::Button], Priority::High), items, &words(), place())
    }

    fn agreed(consent: &Consent, masked: bool, note: Option<&str>) -> HandoffRequest {
        let note = note.map(|text| (MessageId([9; 16]), Text::new(text).unwrap()));
        consent.agreed(masked, note, Millis(9), ResumeKey([1; 16]), VisitorId([2; 16]))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]

        #[test]
        fn a_request_is_never_larger_than_the_edge_reads(
            items in 0_u8..150,
            letter in prop_oneof![Just("a"), Just("\""), Just("茶"), Just("😀")],
            chars in 1_usize..4000,
        ) {
            let text = letter.repeat(chars);
            let items: Vec<Item> = (0..items).map(|id| question(id, &text)).collect();
            let request = agreed(&consent(&items), false, Some(&text));
            prop_assert!(serde_json::to_string(&request).unwrap().len() <= MAX_BODY_BYTES);
            prop_assert!(request.transcript.len() <= MAX_TRANSCRIPT_TURNS);
        }
    }

    #[test]
    fn what_is_sent_is_what_was_shown() {
        let items = [question(1, "Where is my parcel?"), question(2, "Write to ana@example.com")];
        let consent = consent(&items);
        assert!(consent.has_personal_data());
        for masked in [true, false] {
            assert_eq!(agreed(&consent, masked, None).transcript, consent.turns(masked));
        }
        let sent = |masked| serde_json::to_string(&agreed(&consent, masked, None)).unwrap();
        assert!(!sent(true).contains("ana@example.com"));
        assert!(sent(false).contains("ana@example.com"));
    }

    #[test]
    fn a_note_comes_last_and_only_the_visitor_counts_as_having_spoken() {
        let nothing = consent(&[]);
        assert!(nothing.is_empty());
        let request = agreed(&nothing, true, Some("It broke"));
        assert_eq!(request.transcript.last().unwrap().text.as_str(), "It broke");
        assert!(!consent(&[question(1, "Hi")]).is_empty());
    }

    #[test]
    fn the_widgets_own_lines_are_sent_as_they_were_worded() {
        let choice = |question: &str| Choice {
            id: "tea".parse().ok(),
            question: question.to_owned(),
            answer: Text::new("Yes.").unwrap(),
            lang: String::new(),
        };
        let item = |id, kind| Item { id: MessageId([id; 16]), at: Millis(0), kind };
        let items = [
            item(1, ItemKind::Offer(vec![choice("Green tea?"), choice("Black tea?")])),
            item(2, ItemKind::Answer(choice("Green tea?"))),
            item(3, ItemKind::NoAnswer),
            item(4, ItemKind::PersonWanted),
        ];
        let turns = consent(&items).turns(true);
        let texts: Vec<_> = turns.iter().map(|turn| turn.text.as_str()).collect();
        assert_eq!(texts[0], "Did you mean one of these?\n• Green tea?\n• Black tea?");
        assert_eq!(texts[1..], ["Yes.", words().text("answer.none")]);
        assert_eq!(turns[1].entry, "tea".parse().ok());
    }
}
