//! The conversations there are, and which of them the list shows in which order.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use deskbell_shared::wire::{ConversationId, DeskEvent, Email, Millis, Status, Summary, words_of};

use super::wanted::{About, Filter};

/// All conversations the edge has told of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    rows: BTreeMap<ConversationId, Arc<Summary>>,
    /// Those that were looked for, beyond what the edge tells of by itself, and up to where it does.
    found: BTreeMap<ConversationId, Arc<Summary>>,
    closed_to: Option<String>,
    /// All open ones, those that the list is too short for included.
    open: usize,
    /// Of how many open ones the snapshot told, and how many of these waited for an answer.
    told: (usize, usize),
    /// Whether the list has been asked for anew.
    asked: bool,
}

impl Desk {
    /// Takes in what the edge sent.
    pub fn apply(&mut self, event: DeskEvent) {
        match event {
            DeskEvent::Snapshot { conversations, open } => {
                let closed = conversations.iter().filter(|row| row.status == Status::Closed);
                let last = closed.min_by_key(|row| (row.updated, Reverse(row.conversation)));
                self.closed_to = last.map(Summary::place);
                let rows = conversations.into_iter().map(|row| (row.conversation, self.kept_or_new(row)));
                let rows = rows.collect();
                // What others that are done have pushed off its end is where it was.
                let before = std::mem::replace(&mut self.rows, rows);
                self.found.extend(before.into_iter().filter(|(_, row)| row.status == Status::Closed));
                self.found.retain(|id, _| !self.rows.contains_key(id));
                (self.open, self.told, self.asked) = (open as usize, self.known(), false);
            }
            DeskEvent::Changed { conversation, open } => {
                let row = self.kept_or_new(*conversation);
                self.found.remove(&row.conversation);
                self.rows.insert(row.conversation, row);
                self.open = open as usize;
            }
            DeskEvent::Erased { conversation, open } => {
                self.rows.remove(&conversation);
                self.found.remove(&conversation);
                self.open = open as usize;
            }
            // What is not about conversations is not in this list.
            DeskEvent::Appealed { .. } | DeskEvent::Alert { .. } | DeskEvent::Duty { .. } => {}
        }
    }

    /// The row already there when it says the same, so that what did not change is not drawn again.
    fn kept_or_new(&self, row: Summary) -> Arc<Summary> {
        match self.rows.get(&row.conversation) {
            Some(known) if **known == row => known.clone(),
            _ => Arc::new(row),
        }
    }

    /// Takes in what was looked for. What the edge tells of by itself is not older.
    pub fn add(&mut self, found: Vec<Summary>) {
        let found = found.into_iter().filter(|row| !self.rows.contains_key(&row.conversation));
        self.found.extend(found.map(|row| (row.conversation, Arc::new(row))));
    }

    /// Forgets what was looked for: while nobody was connected, nobody told of its changes.
    pub fn forget_found(&mut self) {
        self.found.clear();
    }

    /// Up to which place the edge has told of all that is closed, by itself.
    pub fn closed_to(&self) -> Option<String> {
        self.closed_to.clone()
    }

    /// One conversation.
    pub fn get(&self, id: ConversationId) -> Option<Arc<Summary>> {
        self.rows.get(&id).or_else(|| self.found.get(&id)).cloned()
    }

    fn all(&self) -> impl Iterator<Item = &Arc<Summary>> {
        self.rows.values().chain(self.found.values())
    }

    /// Open conversations, those that the list is too short for included.
    pub fn open(&self) -> usize {
        self.open.max(self.known().0)
    }

    /// Open conversations that the list is too short for.
    pub fn open_beyond(&self) -> usize {
        self.open().saturating_sub(self.all().filter(|row| row.status == Status::Open).count())
    }

    /// Whether the list has to be asked for anew, said once until it comes: it is too short for all, and half of those
    /// at its top are answered or closed. Those beyond its end may have come to the top then.
    pub fn runs_short(&mut self) -> bool {
        let ((open, waiting), (told, told_waiting)) = (self.known(), self.told);
        let is_half_gone = open < told.div_ceil(2) || waiting < told_waiting.div_ceil(2);
        self.open_beyond() > 0 && is_half_gone && !std::mem::replace(&mut self.asked, true)
    }

    /// Open conversations in the list, and how many of them wait for an answer.
    fn known(&self) -> (usize, usize) {
        let open = || self.rows.values().filter(|row| row.status == Status::Open);
        (open().count(), open().filter(|row| row.waiting_since.is_some()).count())
    }

    /// Visitors who wait for an answer, of those whose it is to answer.
    pub fn waiting(&self, is_theirs: impl Fn(&Summary) -> bool) -> usize {
        self.rows.values().filter(|row| waits(row) && is_theirs(row)).count()
    }

    /// When something last happened, as far as is known.
    pub fn newest(&self) -> Millis {
        self.rows.values().map(|row| row.updated).max().unwrap_or_default()
    }

    /// Open conversations that somebody looks after.
    pub fn mine(&self, me: Option<&Email>) -> usize {
        self.rows.values().filter(|row| Filter::Mine.wants(row, me)).count()
    }

    /// What the list shows, top first.
    ///
    /// Those who wait for an answer come first, the most urgent of them and then the longest wait at the top: that is the
    /// order in which they should be served, and going down the list serves them in it. It is also calm: one who writes
    /// again keeps the place, for the wait began with the first unanswered words. Below come those whose turn it
    /// is themselves, and everything closed, latest talk first.
    ///
    /// A search finds what the list knows, whatever is wanted beside, but for one's own; `named` says what it shows in the
    /// reader's language. `me` is who reads it.
    pub fn shown(
        &self,
        (filter, about): (Filter, &About),
        me: Option<&Email>,
        search: &str,
        named: impl Fn(&Summary) -> Vec<String>,
    ) -> Vec<ConversationId> {
        let words = words_of(search);
        let filter = if words.is_empty() || filter == Filter::Mine { filter } else { Filter::All };
        let mut rows: Vec<_> = self
            .all()
            .filter(|row| filter.wants(row, me) && about.wants(row))
            .filter(|row| words.is_empty() || row.mentions(&words, named(row).iter().map(String::as_str)))
            .collect();
        rows.sort_by_key(|row| {
            let waits = row.waiting_since.filter(|_| row.status == Status::Open);
            let latest_first = Reverse(row.updated);
            // Among the answered it is no matter any more how soon an answer should come.
            let urgent_first = Reverse(waits.map(|_| row.priority));
            (waits.is_none(), urgent_first, waits, latest_first, row.conversation)
        });
        rows.into_iter().map(|row| row.conversation).collect()
    }
}

/// The conversation below (`down`) or above the chosen one; the first when none of the list is chosen.
pub fn neighbour(
    list: &[ConversationId],
    chosen: Option<ConversationId>,
    down: bool,
) -> Option<ConversationId> {
    let place = chosen.and_then(|id| list.iter().position(|other| *other == id));
    let next = match place {
        None => 0,
        Some(place) if down => (place + 1).min(list.len() - 1),
        Some(place) => place.saturating_sub(1),
    };
    list.get(next).copied()
}

/// Whether its visitor waits for an answer.
pub(super) fn waits(row: &Summary) -> bool {
    row.status == Status::Open && row.waiting_since.is_some()
}

/// Whether somebody looks after a conversation.
pub(super) fn is_of(row: &Summary, me: Option<&Email>) -> bool {
    row.assignee.as_ref().is_some_and(|assignee| Some(&assignee.email) == me)
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::{
        HandoffReason, LanguageTag, Line, Priority, Subject, Teammate, VisitorContext,
    };

    use super::*;

    fn row(id: u8, updated: u64, waiting_since: Option<u64>) -> Summary {
        Summary {
            conversation: ConversationId([id; 16]),
            status: Status::Open,
            last_seq: 3,
            preview: Line::new(&format!("Question {id}")).unwrap(),
            reasons: vec![HandoffReason::Button],
            priority: Priority::Normal,
            context: VisitorContext {
                language: LanguageTag::try_from("en".to_owned()).unwrap(),
                page: None,
                title: Line::cut("Green Tea"),
                utc_offset_minutes: 0,
            },
            subject: None,
            customer: None,
            via: None,
            opened: Millis(1),
            updated: Millis(updated),
            last_said: None,
            waiting_since: waiting_since.map(Millis),
            first_reply: None,
            reopened: 0,
            rated_good: None,
            recommends: None,
            unread: 0,
            assignee: None,
            online: false,
            banned: false,
        }
    }

    fn email(name: &str) -> Option<Email> {
        Email::try_from(format!("{name}@shop.example")).ok()
    }

    fn desk(rows: impl IntoIterator<Item = Summary>) -> Desk {
        let mut desk = Desk::default();
        desk.apply(DeskEvent::Snapshot { conversations: rows.into_iter().collect(), open: 0 });
        desk
    }

    fn changed(row: Summary, open: u32) -> DeskEvent {
        DeskEvent::Changed { conversation: Box::new(row), open }
    }

    fn closed(id: u8, updated: u64) -> Summary {
        Summary { status: Status::Closed, ..row(id, updated, None) }
    }

    fn ids(desk: &Desk, filter: Filter, search: &str) -> Vec<u8> {
        let named =
            |row: &Summary| vec![format!("Visitor {:02X}", row.conversation.0[0]), "English".to_owned()];
        desk.shown((filter, &About::Anything), email("ana").as_ref(), search, named)
            .iter()
            .map(|id| id.0[0])
            .collect()
    }

    #[test]
    fn who_waits_longest_is_on_top_and_the_answered_follow_by_their_latest_words() {
        let desk = desk([row(1, 90, None), row(2, 50, Some(40)), row(3, 80, Some(10)), row(4, 95, None)]);
        assert_eq!(ids(&desk, Filter::Open, ""), [3, 2, 4, 1]);
    }

    #[test]
    fn who_should_not_wait_is_above_who_has_waited_longer_until_they_are_answered() {
        let pressing = |id, waiting, priority| Summary { priority, ..row(id, u64::from(id), waiting) };
        let desk = desk([
            row(1, 50, Some(10)),
            pressing(2, Some(40), Priority::High),
            pressing(3, Some(60), Priority::Urgent),
            pressing(4, Some(30), Priority::High),
            pressing(5, None, Priority::Urgent),
        ]);
        assert_eq!(ids(&desk, Filter::Open, ""), [3, 4, 2, 1, 5]);
    }

    #[test]
    fn writing_again_does_not_cost_the_place() {
        let mut desk = desk([row(1, 20, Some(10)), row(2, 30, Some(25))]);
        desk.apply(changed(row(1, 99, Some(10)), 2));
        assert_eq!(ids(&desk, Filter::Open, ""), [1, 2]);
    }

    #[test]
    fn closed_ones_are_apart_and_wait_for_nobody() {
        let closed = |id, updated| Summary { status: Status::Closed, ..row(id, updated, Some(1)) };
        let desk = desk([row(1, 10, None), closed(2, 20), closed(3, 30)]);
        assert_eq!(ids(&desk, Filter::Open, ""), [1]);
        assert_eq!(ids(&desk, Filter::Closed, ""), [3, 2]);
        assert_eq!(ids(&desk, Filter::All, ""), [3, 2, 1]);
    }

    #[test]
    fn ones_own_are_those_that_one_looks_after_and_that_are_open() {
        let of = |id, name: &str, status| {
            let (email, name) = (email(name).unwrap(), Line::new(name).unwrap());
            Summary { assignee: Some(Teammate { email, name }), status, ..row(id, 10, None) }
        };
        let desk = desk([
            row(1, 10, None),
            of(2, "ana", Status::Open),
            of(3, "bo", Status::Open),
            of(4, "ana", Status::Closed),
        ]);
        assert_eq!(ids(&desk, Filter::Mine, ""), [2]);
        assert_eq!((desk.mine(email("ana").as_ref()), desk.mine(None)), (1, 0));
    }

    #[test]
    fn a_list_can_be_of_one_subject_or_of_none() {
        let about = |id, name: &str| Summary { subject: Subject::new(name).ok(), ..row(id, 10, None) };
        let desk = desk([row(1, 10, None), about(2, "Billing"), about(3, "Delivery")]);
        let ids = |wanted: About| {
            let shown = desk.shown((Filter::Open, &wanted), None, "", |_| vec![]);
            shown.iter().map(|id| id.0[0]).collect::<Vec<_>>()
        };
        assert_eq!(ids(About::Subject(Subject::new("Billing").unwrap())), [2]);
        assert_eq!((ids(About::Nothing), ids(About::Anything)), (vec![1], vec![1, 2, 3]));
    }

    #[test]
    fn every_word_of_a_search_has_to_occur() {
        let desk = desk([row(1, 10, None), row(2, 20, None)]);
        assert_eq!(ids(&desk, Filter::Open, "QUESTION 2"), [2]);
        assert_eq!(ids(&desk, Filter::Open, "green question"), [2, 1]);
        assert_eq!(ids(&desk, Filter::Open, "0101"), [1]);
        assert_eq!(ids(&desk, Filter::Open, "visitor 02"), [2]);
        assert_eq!(ids(&desk, Filter::Open, "english green"), [2, 1]);
        assert_eq!(ids(&desk, Filter::Open, "coffee"), [] as [u8; 0]);
    }

    #[test]
    fn what_is_looked_for_is_found_whether_it_is_done_or_not() {
        let mut desk = desk([row(1, 10, Some(10)), closed(2, 20)]);
        assert_eq!(desk.closed_to(), Some(closed(2, 20).place()));
        assert_eq!(ids(&desk, Filter::Open, ""), [1]);
        assert_eq!(ids(&desk, Filter::Open, "question"), [1, 2]);
        assert_eq!(ids(&desk, Filter::Mine, "question"), [] as [u8; 0]);

        desk.add(vec![closed(3, 5), closed(2, 1)]);
        assert_eq!(desk.get(ConversationId([2; 16])).unwrap().updated, Millis(20), "what is told is newer");
        assert_eq!(ids(&desk, Filter::Closed, ""), [2, 3]);
        assert_eq!(desk.closed_to(), Some(closed(2, 20).place()), "what lies between was not told");
        desk.apply(DeskEvent::Snapshot { conversations: vec![row(1, 10, None)], open: 1 });
        assert_eq!(
            ids(&desk, Filter::Closed, ""),
            [2, 3],
            "what was looked for stays, and what was pushed off"
        );
        desk.apply(changed(row(3, 30, Some(30)), 2));
        assert_eq!((ids(&desk, Filter::Closed, ""), ids(&desk, Filter::Open, "")), (vec![2], vec![3, 1]));
        desk.forget_found();
        desk.apply(DeskEvent::Erased { conversation: ConversationId([3; 16]), open: 1 });
        assert_eq!(ids(&desk, Filter::All, ""), [1]);
    }

    #[test]
    fn who_waits_is_counted_for_whoever_should_answer() {
        let email = |text: &str| Email::try_from(text.to_owned()).unwrap();
        let of = |id, name: &str| {
            let teammate = Teammate { email: email(name), name: Line::new("A").unwrap() };
            Summary { assignee: Some(teammate), ..row(id, 10, Some(10)) }
        };
        let (ana, bo) = ("ana@shop.example", "bo@shop.example");
        let desk = desk([row(1, 10, Some(10)), row(2, 10, None), of(3, ana), of(4, bo), closed(5, 9)]);
        assert_eq!(desk.waiting(|row| row.assignee.is_none() || is_of(row, Some(&email(ana)))), 2);
        assert_eq!((desk.waiting(|_| true), desk.newest()), (3, Millis(10)));
    }

    #[test]
    fn what_did_not_change_is_the_same_row() {
        let mut desk = desk([row(1, 10, None)]);
        let before = desk.get(ConversationId([1; 16])).unwrap();
        desk.apply(changed(row(1, 10, None), 1));
        assert!(Arc::ptr_eq(&before, &desk.get(ConversationId([1; 16])).unwrap()));
    }

    #[test]
    fn a_new_snapshot_forgets_what_it_does_not_name() {
        let mut desk = desk([row(1, 10, None), row(2, 10, None)]);
        desk.apply(DeskEvent::Snapshot { conversations: vec![row(2, 10, None)], open: 300 });
        assert_eq!((desk.open(), desk.open_beyond()), (300, 299));
        assert_eq!(ids(&desk, Filter::All, ""), [2]);
    }

    #[test]
    fn one_from_beyond_the_end_is_counted_once_when_it_comes() {
        let mut desk = Desk::default();
        desk.apply(DeskEvent::Snapshot { conversations: vec![row(1, 10, Some(1))], open: 3 });
        desk.apply(changed(row(2, 20, Some(2)), 3));
        assert_eq!((desk.open(), desk.open_beyond()), (3, 1));
        desk.apply(changed(Summary { status: Status::Closed, ..row(2, 30, None) }, 2));
        assert_eq!((desk.open(), desk.open_beyond()), (2, 1));
    }

    #[test]
    fn a_list_that_is_too_short_for_all_is_asked_for_anew_once_when_half_of_its_top_is_done() {
        let waiting = || (1..=4).map(|id| row(id, 10, Some(id.into()))).collect();
        let mut desk = Desk::default();
        desk.apply(DeskEvent::Snapshot { conversations: waiting(), open: 9 });
        let answered = |desk: &mut Desk, id| {
            desk.apply(changed(row(id, 20, None), 9));
            desk.runs_short()
        };
        assert_eq!([1, 2, 3, 4].map(|id| answered(&mut desk, id)), [false, false, true, false]);
        desk.apply(DeskEvent::Snapshot { conversations: waiting(), open: 9 });
        assert!(!desk.runs_short());
        for id in 1..=3 {
            desk.apply(changed(Summary { status: Status::Closed, ..row(id, 20, None) }, 9 - u32::from(id)));
        }
        assert!(desk.runs_short());
        desk.apply(DeskEvent::Snapshot { conversations: waiting(), open: 4 });
        desk.apply(changed(row(1, 20, None), 4));
        assert!(!desk.runs_short(), "nothing is beyond its end");
    }

    #[test]
    fn the_keys_walk_the_list_and_stop_at_its_ends() {
        let list = [1, 2, 3].map(|id| ConversationId([id; 16]));
        let walk = |chosen: Option<usize>, down| neighbour(&list, chosen.map(|place| list[place]), down);
        assert_eq!(walk(None, true), Some(list[0]));
        assert_eq!(walk(Some(0), true), Some(list[1]));
        assert_eq!(walk(Some(2), true), Some(list[2]));
        assert_eq!(walk(Some(0), false), Some(list[0]));
        assert_eq!(neighbour(&[], None, true), None);
        assert_eq!(neighbour(&[], Some(list[0]), true), None);
    }
}
