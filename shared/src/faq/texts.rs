//! The texts of an FAQ that questions are compared with: its rows, and what they belong to.

use super::{
    pack::{PackedEntry, PackedIntent},
    reading::Reading,
};

/// The most sentences of an answer that are compared; what comes later is detail.
const MAX_SENTENCES: usize = 8;

/// A text that is compared with questions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// The [`Group`] it belongs to.
    pub(super) group: u16,
    /// What it is.
    pub(super) kind: RowKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    /// A phrasing of the owner's.
    Question,
    /// A sentence of the answer: the words are the subject's, but nobody asks like that.
    AnswerSentence,
    /// A phrasing from a phrasebook.
    Borrowed,
}

impl RowKind {
    /// How many kinds there are.
    pub(super) const COUNT: usize = 3;

    /// How much a row of this kind counts beside others of its group.
    pub(super) const fn weight(self) -> f32 {
        match self {
            Self::Question | Self::Borrowed => 1.0,
            Self::AnswerSentence => 0.5,
        }
    }

    /// How much it counts when it is the row most like a question: sentences of answers are less to the point.
    pub(super) const fn nearness(self) -> f32 {
        match self {
            Self::Question | Self::Borrowed => 1.0,
            Self::AnswerSentence => 0.8,
        }
    }

    /// How much it counts when the rarity of features is counted.
    pub(super) const fn weight_in_rarity(self) -> f32 {
        match self {
            Self::Question => 1.0,
            Self::AnswerSentence => 0.1,
            Self::Borrowed => 0.2,
        }
    }
}

/// Rows that say the same: an entry's own, or an intent's of a phrasebook. Entries' groups come first, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The entries its rows speak for, the one they fit best first; none when no entry answers them.
    pub(super) entries: Vec<u16>,
    /// Whether the owner wrote it.
    pub(super) is_own: bool,
}

/// Every text that is compared with questions, folded once for all that is made from them.
pub(super) struct Texts {
    pub(super) rows: Vec<Row>,
    pub(super) groups: Vec<Group>,
    pub(super) folded: Vec<String>,
}

impl Texts {
    pub(super) fn of(entries: &[PackedEntry], intents: &[PackedIntent], reading: &Reading) -> Self {
        let (rows, folded) = rows_of(entries, intents).map(|(row, text)| (row, reading.fold(text))).unzip();
        Self { rows, groups: groups_of(entries.len(), intents), folded }
    }

    /// All of them with their rows, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Row, &str)> {
        self.rows.iter().zip(self.all())
    }

    /// All of them, in their order.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.folded.iter().map(String::as_str)
    }

    /// Those of the entries themselves.
    pub(super) fn own(&self) -> impl Iterator<Item = &str> {
        let own = self.iter().filter(|(row, _)| self.groups[usize::from(row.group)].is_own);
        own.map(|(_, text)| text)
    }
}

/// The entries that a row speaks for, the one it fits best first, or the intent that no entry answers, as places of their
/// groups among these.
pub(super) fn homes_of(row: &Row, groups: &[Group]) -> impl Iterator<Item = usize> {
    let place = usize::from(row.group);
    let entries = &groups[place].entries;
    entries.iter().map(|entry| usize::from(*entry)).chain(entries.is_empty().then_some(place))
}

/// Every text that is compared with questions: entry by entry, then intent by intent.
pub(super) fn rows_of<'a>(
    entries: &'a [PackedEntry],
    intents: &'a [PackedIntent],
) -> impl Iterator<Item = (Row, &'a str)> {
    let of_entry = |(group, packed): (usize, &'a PackedEntry)| {
        let row = move |kind| Row { group: group as u16, kind };
        let questions = packed.questions.iter().map(move |text| (row(RowKind::Question), text.as_str()));
        let sentences = sentences(&packed.answer).take(MAX_SENTENCES);
        questions.chain(sentences.map(move |text| (row(RowKind::AnswerSentence), text)))
    };
    let of_intent = move |(place, intent): (usize, &'a PackedIntent)| {
        let row = Row { group: (entries.len() + place) as u16, kind: RowKind::Borrowed };
        intent.phrasings.iter().map(move |text| (row, text.as_str()))
    };
    entries.iter().enumerate().flat_map(of_entry).chain(intents.iter().enumerate().flat_map(of_intent))
}

/// The groups of those rows.
fn groups_of(entries: usize, intents: &[PackedIntent]) -> Vec<Group> {
    let own = (0..entries).map(|entry| Group { entries: vec![entry as u16], is_own: true });
    own.chain(intents.iter().map(|intent| Group { entries: intent.entries.clone(), is_own: false })).collect()
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['。', '！', '？', '；', '!', '?', ';', '।', '؟', '\n'])
        .flat_map(|part| part.split(". "))
        .filter(|sentence| sentence.chars().any(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_cut_into_sentences() {
        let found: Vec<_> = sentences("In 3.5 days. Or later!\n…\n第一句。第二句").collect();
        assert_eq!(found, ["In 3.5 days", "Or later", "第一句", "第二句"]);
    }
}
