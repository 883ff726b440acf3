//! The verdict on a conversation: what was promised while it went on, held against the log that is left of it.
//!
//! | word | what it counts |
//! |---|---|
//! | lost | messages acknowledged, or shown to somebody, that are not in the log as they were; numbers that no message has; messages that one side reads and the other does not |
//! | duplicated | messages that are in the log once more; acknowledgements that give one message another place |
//! | reordered | messages of a sender that stand before one that they had to follow; acknowledgements and frames that say another place or order than the log |

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use deskbell_shared::wire::{Body, Message, MessageId, Seq, Text};

/// What a sender knows of one of their messages.
pub(super) struct Sent {
    pub(super) id: MessageId,
    pub(super) text: Text,
    /// When its first byte may have left.
    pub(super) first: Option<Instant>,
    /// When the first acknowledgement was read.
    pub(super) acknowledged: Option<Instant>,
    /// The places that acknowledgements gave it.
    pub(super) places: BTreeSet<Seq>,
    /// Whether it went any other way than over one socket at a time, behind all that stood before it; or was refused once,
    /// so that others may have passed it.
    pub(super) out_of_line: bool,
}

impl Sent {
    /// A message that nobody has heard of yet.
    pub(super) fn new(id: MessageId, text: Text) -> Self {
        Self { id, text, first: None, acknowledged: None, places: BTreeSet::new(), out_of_line: false }
    }

    /// Whether it had to stand before another one that its sender wrote later.
    fn precedes(&self, later: &Self) -> bool {
        let before = self.acknowledged.zip(later.first).is_some_and(|(stored, sent)| stored < sent);
        before || !(self.out_of_line || later.out_of_line)
    }
}

/// What somebody was shown as it happened.
#[derive(Default)]
pub(super) struct Seen {
    messages: BTreeMap<Seq, MessageId>,
    /// Frames that did not follow on the one before.
    disorders: u64,
    /// Places at which two messages were shown.
    conflicts: u64,
}

impl Seen {
    /// A message was shown.
    pub(super) fn show(&mut self, message: &Message) {
        let known = *self.messages.entry(message.seq).or_insert(message.id);
        self.conflicts += u64::from(known != message.id);
    }

    /// A frame came that does not follow on the one before.
    pub(super) fn note_disorder(&mut self) {
        self.disorders += 1;
    }

    /// The last place up to which nothing is missing.
    pub(super) fn last(&self) -> Seq {
        let follows = self.messages.keys().zip(1..).take_while(|(seq, expected)| *seq == expected);
        follows.last().map_or(0, |(seq, _)| *seq)
    }
}

/// What somebody did and was told.
pub(super) struct Record {
    pub(super) sent: Vec<Sent>,
    pub(super) seen: Seen,
}

/// How many messages are not as they were promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) acknowledged: u64,
    pub(super) lost: u64,
    pub(super) duplicated: u64,
    pub(super) reordered: u64,
}

impl Verdict {
    /// Whether everything is as it was promised.
    pub(super) fn is_well(&self) -> bool {
        self.lost + self.duplicated + self.reordered == 0
    }

    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            acknowledged: self.acknowledged + other.acknowledged,
            lost: self.lost + other.lost,
            duplicated: self.duplicated + other.duplicated,
            reordered: self.reordered + other.reordered,
        }
    }
}

/// Judges a conversation by the logs that its people read at the end, each in the order in which they got it.
pub(super) fn judge(logs: &[Vec<Message>], people: &[Record]) -> Verdict {
    let (mut verdict, log) = (Verdict::default(), logs.first().map(Vec::as_slice).unwrap_or_default());
    let mut places: BTreeMap<MessageId, Seq> = BTreeMap::new();
    for message in log {
        verdict.duplicated += u64::from(places.insert(message.id, message.seq).is_some());
    }
    let stored: BTreeMap<Seq, &Message> = log.iter().map(|message| (message.seq, message)).collect();
    verdict.reordered += log.windows(2).filter(|pair| pair[0].seq >= pair[1].seq).count() as u64;
    // By its place, so that a message that is missed in several ways is lost once.
    let mut lost: BTreeSet<Seq> = gaps(&stored);
    for other in logs.iter().skip(1) {
        lost.extend(differing(log, other));
    }
    for Record { sent, seen } in people {
        for message in sent.iter().filter(|message| message.acknowledged.is_some()) {
            verdict.acknowledged += 1;
            verdict.duplicated += message.places.len().saturating_sub(1) as u64;
            match places.get(&message.id) {
                Some(seq) => {
                    verdict.reordered += u64::from(!message.places.contains(seq));
                    lost.extend(Some(*seq).filter(|seq| !says(stored.get(seq).copied(), &message.text)));
                }
                None => lost.extend(message.places.first()),
            }
        }
        verdict.reordered += out_of_order(sent, &places) + seen.disorders;
        verdict.duplicated += seen.conflicts;
        let stands = |(seq, id): (&Seq, &MessageId)| stored.get(seq).is_some_and(|message| message.id == *id);
        lost.extend(seen.messages.iter().filter(|shown| !stands(*shown)).map(|(seq, _)| *seq));
    }
    verdict.lost = lost.len() as u64;
    verdict
}

/// The numbers between 1 and the last that no message has.
fn gaps(stored: &BTreeMap<Seq, &Message>) -> BTreeSet<Seq> {
    let last = stored.keys().next_back().copied().unwrap_or(0);
    (1..=last).filter(|seq| !stored.contains_key(seq)).collect()
}

/// The places at which one log has another message than the other, or none.
fn differing(one: &[Message], other: &[Message]) -> BTreeSet<Seq> {
    let place = |message: &Message| (message.seq, message.id);
    let (one, other): (BTreeSet<_>, BTreeSet<_>) =
        (one.iter().map(place).collect(), other.iter().map(place).collect());
    one.symmetric_difference(&other).map(|(seq, _)| *seq).collect()
}

fn says(message: Option<&Message>, words: &Text) -> bool {
    matches!(message.map(|message| &message.body), Some(Body::Text { text, .. }) if text == words)
}

/// Messages of one sender that stand before one that they had to follow.
fn out_of_order(sent: &[Sent], places: &BTreeMap<MessageId, Seq>) -> u64 {
    let placed: Vec<(&Sent, Seq)> =
        sent.iter().filter_map(|message| Some((message, *places.get(&message.id)?))).collect();
    let overtakes = |at: usize| {
        let (message, seq) = placed[at];
        placed[..at].iter().any(|(earlier, before)| *before > seq && earlier.precedes(message))
    };
    (0..placed.len()).filter(|at| overtakes(*at)).count() as u64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use deskbell_shared::wire::{Millis, Sender};

    use super::*;

    fn message(seq: Seq, id: u8) -> Message {
        let body = Body::Text { text: words(id), entry: None };
        Message { seq, id: MessageId([id; 16]), at: Millis(1), from: Sender::Visitor, body }
    }

    fn words(id: u8) -> Text {
        Text::new(&format!("message {id}")).unwrap()
    }

    fn log(ids: &[u8]) -> Vec<Message> {
        ids.iter().zip(1..).map(|(id, seq)| message(seq, *id)).collect()
    }

    /// Acknowledged at these places, all of them sent before any was acknowledged.
    fn acknowledged(places: &[(u8, Seq)]) -> Record {
        let now = Instant::now();
        let sent = places.iter().map(|(id, seq)| Sent {
            first: Some(now),
            acknowledged: Some(now + Duration::from_secs(1)),
            places: BTreeSet::from([*seq]),
            ..Sent::new(MessageId([*id; 16]), words(*id))
        });
        Record { sent: sent.collect(), seen: Seen::default() }
    }

    fn verdict(acknowledged: u64, lost: u64, duplicated: u64, reordered: u64) -> Verdict {
        Verdict { acknowledged, lost, duplicated, reordered }
    }

    #[test]
    fn what_was_promised_and_kept_is_well() {
        let mut record = acknowledged(&[(1, 1), (2, 2), (3, 4)]);
        log(&[1, 2, 9]).iter().for_each(|message| record.seen.show(message));
        assert_eq!(record.seen.last(), 3);
        let verdict = judge(&[log(&[1, 2, 9, 3]), log(&[1, 2, 9, 3])], &[record]);
        assert!(verdict.is_well());
        assert_eq!(verdict.acknowledged, 3);
    }

    #[test]
    fn each_way_to_lose_a_message_is_seen_once() {
        let judged = |log: Vec<Message>, record| judge(&[log], &[record]);
        assert_eq!(judged(log(&[1]), acknowledged(&[(1, 1), (2, 2)])), verdict(2, 1, 0, 0), "the last");
        let gap = vec![message(1, 1), message(3, 3)];
        assert_eq!(
            judged(gap.clone(), acknowledged(&[(1, 1), (2, 2)])),
            verdict(2, 1, 0, 0),
            "with its number"
        );
        assert_eq!(judged(gap, acknowledged(&[(1, 1)])), verdict(1, 1, 0, 0), "a number that nobody has");
        let mut other = log(&[1]);
        other[0].body = message(1, 7).body;
        assert_eq!(judged(other, acknowledged(&[(1, 1)])), verdict(1, 1, 0, 0), "its words");
        let mut shown = acknowledged(&[]);
        shown.seen.show(&message(2, 2));
        assert_eq!(judged(log(&[1]), shown), verdict(0, 1, 0, 0), "what was shown");
        assert_eq!(judge(&[log(&[1, 2]), log(&[1])], &[]), verdict(0, 1, 0, 0), "on one side");
    }

    #[test]
    fn a_message_that_is_there_twice_is_seen() {
        assert_eq!(judge(&[log(&[1, 1])], &[]).duplicated, 1);
        let mut twice = acknowledged(&[(1, 1)]);
        twice.sent[0].places.insert(2);
        assert_eq!(judge(&[log(&[1, 2])], &[twice]), verdict(1, 0, 1, 0));
    }

    #[test]
    fn messages_stand_in_the_order_in_which_they_had_to() {
        let judged = |record| judge(&[log(&[2, 1])], &[record]);
        assert_eq!(judged(acknowledged(&[(1, 2), (2, 1)])).reordered, 1, "over one socket");
        let mut raced = acknowledged(&[(1, 2), (2, 1)]);
        raced.sent[1].out_of_line = true;
        assert_eq!(judged(raced).reordered, 0, "no order is promised to what is sent at once");
        let mut after = acknowledged(&[(1, 2), (2, 1)]);
        after.sent[1].out_of_line = true;
        after.sent[1].first = after.sent[0].acknowledged.map(|then| then + Duration::from_secs(1));
        assert_eq!(judged(after).reordered, 1, "what was acknowledged stands before what is sent then");
        assert_eq!(judge(&[log(&[1])], &[acknowledged(&[(1, 2)])]).reordered, 1, "not where it was said");
        let mut frames = acknowledged(&[]);
        frames.seen.note_disorder();
        assert_eq!(judge(&[log(&[1])], &[frames]).reordered, 1);
    }
}
