//! How one visitor behaves, act by act, and what answers it.

use serde::{Deserialize, Serialize};

use super::{
    ladder::{Rung, Strikes, Thresholds},
    likeness::Sketch,
    pow,
    score::Score,
    signal::Signal,
    spam::Baggage,
    words::WordList,
};
use crate::{
    text::HanPairs,
    throttle::{Decision, Gcra, SLOW_MESSAGES},
    wire::{MessageId, Millis},
};

/// Texts remembered to recognise a repetition.
const REMEMBERED: usize = 6;
/// A repetition counts within this time, in milliseconds.
const REPEATS_MS: u64 = 10 * 60 * 1000;
/// Messages remembered that were weighed and not taken: coming again, they are not counted again.
const WEIGHED: usize = 8;

/// What a text says against whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Signals of the text itself, with how often each.
    pub signals: Vec<(Signal, u32)>,
    /// To recognise it again; `None` for what says too little.
    pub sketch: Sketch,
}

impl Evidence {
    /// Weighs a text.
    pub fn of(text: &str, words: &WordList, pairs: &HanPairs) -> Self {
        let baggage = Baggage::of(text);
        let hits = words.find(text);
        let times = |signal| {
            u32::try_from(hits.iter().filter(|hit| hit.signal == signal).count()).unwrap_or(u32::MAX)
        };
        let signals = [
            // One link or one number is what people send; more are what robots do.
            (Signal::Links, baggage.links.saturating_sub(1).min(6)),
            (Signal::Contacts, baggage.contacts.saturating_sub(1).min(6)),
            (Signal::Rude, times(Signal::Rude).min(3)),
            (Signal::Insult, times(Signal::Insult).min(3)),
            (Signal::Blocked, times(Signal::Blocked).min(3)),
        ];
        let signals = signals.into_iter().filter(|(_, times)| *times > 0).collect();
        Self { signals, sketch: Sketch::of(text, pairs) }
    }

    /// Whether the site has blocked a word in it.
    pub fn is_blocked(&self) -> bool {
        self.signals.iter().any(|(signal, _)| *signal == Signal::Blocked)
    }
}

/// What is done about an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Take,
    /// It is taken, and the visitor is told that it was noticed.
    Hint,
    /// Not yet: slow mode.
    Wait {
        /// For how long, in milliseconds.
        ms: u64,
    },
    /// A puzzle first.
    Challenge {
        /// How hard.
        bits: u8,
    },
    /// Stopped.
    Ban {
        /// For how long, in milliseconds.
        ms: u64,
    },
}

/// How a visitor behaves. The default is somebody of whom nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conduct {
    /// What speaks against them.
    pub score: Score,
    /// How often they were stopped.
    pub strikes: Strikes,
    /// Challenges answered wrongly since the last right answer.
    #[serde(default)]
    failed: u32,
    /// The rung of which they were told last.
    #[serde(default)]
    told: Rung,
    /// What they have used of slow mode.
    #[serde(default)]
    slow: Gcra,
    #[serde(default)]
    said: Vec<(Sketch, Millis)>,
    #[serde(default)]
    weighed: Vec<MessageId>,
}

impl Conduct {
    /// What is known of somebody who begins a new talk: their score, and that they were stopped before.
    pub fn continued(&self, now: Millis) -> Self {
        let mut conduct = Self { score: self.score.clone(), strikes: self.strikes, ..Self::default() };
        conduct.score.add(Signal::History, self.strikes.count(now).min(3), now);
        conduct
    }

    /// The rung that they have reached.
    pub fn rung(&self, thresholds: Thresholds, now: Millis) -> Rung {
        thresholds.rung(self.score.points(now))
    }

    /// The signals behind it, the heaviest first.
    pub fn reasons(&self, now: Millis) -> Vec<Signal> {
        self.score.explained(now).into_iter().map(|(signal, _)| signal).take(3).collect()
    }

    /// Something spoke against them.
    pub fn note(&mut self, signal: Signal, times: u32, now: Millis) {
        self.score.add(signal, times, now);
    }

    /// Something that was taken turned out to speak against them; the rung of which they have to be told, when a higher
    /// one begins that does not speak for itself. Challenges and bans come with the next act.
    pub fn note_late(
        &mut self,
        signal: Signal,
        times: u32,
        thresholds: Thresholds,
        now: Millis,
    ) -> Option<Rung> {
        self.note(signal, times, now);
        let rung = self.rung(thresholds, now);
        let rises = rung > self.told && rung <= Rung::Slow;
        if rises {
            self.told = rung;
        }
        rises.then_some(rung)
    }

    /// Weighs what they said, once for each id, and decides.
    pub fn say(
        &mut self,
        id: MessageId,
        evidence: &Evidence,
        thresholds: Thresholds,
        now: Millis,
    ) -> Verdict {
        if !self.weighed.contains(&id) {
            self.remember(id);
            self.weigh(evidence, now);
        }
        let verdict = self.verdict(thresholds, now);
        if matches!(verdict, Verdict::Take | Verdict::Hint) {
            self.weighed.retain(|known| *known != id);
        }
        verdict
    }

    /// Counts what a text says against them, once for each id, also when it comes again.
    pub fn weigh_once(&mut self, id: MessageId, evidence: &Evidence, now: Millis) {
        if !self.weighed.contains(&id) {
            self.remember(id);
            self.weigh(evidence, now);
        }
    }

    /// Whether nothing of it is worth keeping.
    pub fn is_gone(&self, now: Millis) -> bool {
        self.score.is_gone(now) && self.strikes.count(now) == 0
    }

    /// Counts what a text says against them.
    fn weigh(&mut self, evidence: &Evidence, now: Millis) {
        for (signal, times) in &evidence.signals {
            self.score.add(*signal, *times, now);
        }
        self.said.retain(|(_, at)| now.since(*at) < REPEATS_MS);
        let repeats = self.said.iter().filter(|(said, _)| said.is_like(&evidence.sketch)).count();
        // Saying something once more happens to everybody.
        if repeats >= 2 && evidence.sketch.can_be_repeated() {
            self.score.add(Signal::Repeat, 1, now);
        }
        if self.said.len() == REMEMBERED {
            self.said.remove(0);
        }
        self.said.push((evidence.sketch, now));
    }

    /// What is done about somebody with this score now. A ban is counted.
    pub fn verdict(&mut self, thresholds: Thresholds, now: Millis) -> Verdict {
        let rung = self.rung(thresholds, now);
        let rises = rung > self.told;
        self.told = rung;
        match rung {
            Rung::Clear => Verdict::Take,
            Rung::Hint if rises => Verdict::Hint,
            Rung::Hint => Verdict::Take,
            Rung::Slow => match self.slow.decide(SLOW_MESSAGES, 1, now) {
                Decision::Admitted { .. } if rises => Verdict::Hint,
                Decision::Admitted { .. } => Verdict::Take,
                Decision::Refused { retry_after_ms } => {
                    Verdict::Wait { ms: retry_after_ms.unwrap_or(SLOW_MESSAGES.window_ms()) }
                }
            },
            Rung::Challenge => Verdict::Challenge { bits: self.difficulty(thresholds, now) },
            Rung::Ban => Verdict::Ban { ms: self.stop(thresholds, now) },
        }
    }

    /// Stops them, and says for how long. Afterwards they are still watched.
    pub fn stop(&mut self, thresholds: Thresholds, now: Millis) -> u64 {
        let ms = self.strikes.strike(now);
        self.score.lower_to(thresholds.of(Rung::Challenge), now);
        ms
    }

    /// How hard a challenge is: harder with the score, and with every wrong answer.
    pub fn difficulty(&self, thresholds: Thresholds, now: Millis) -> u8 {
        let above = self.score.points(now).saturating_sub(thresholds.of(Rung::Challenge));
        let steps = (above / 15).saturating_add(self.failed).saturating_add(self.strikes.count(now));
        pow::EASIEST.saturating_add(u8::try_from(steps).unwrap_or(u8::MAX)).min(pow::HARDEST)
    }

    /// They solved a challenge: what is left is below slow mode.
    pub fn solved(&mut self, thresholds: Thresholds, now: Millis) {
        self.failed = 0;
        self.score.lower_to(thresholds.of(Rung::Slow).saturating_sub(1), now);
        self.told = self.rung(thresholds, now);
    }

    /// They answered a challenge wrongly.
    pub fn failed(&mut self, now: Millis) {
        self.failed = self.failed.saturating_add(1);
        self.score.add(Signal::FailedChallenge, 1, now);
    }

    /// An agent found that they had been stopped wrongly: nothing speaks against them any more.
    pub fn forgive(&mut self) {
        *self = Self { weighed: core::mem::take(&mut self.weighed), ..Self::default() };
    }

    fn remember(&mut self, id: MessageId) {
        if self.weighed.len() == WEIGHED {
            self.weighed.remove(0);
        }
        self.weighed.push(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: fn() -> Thresholds = Thresholds::default;
    const NOW: Millis = Millis(1_000_000);

    struct Talk {
        conduct: Conduct,
        words: WordList,
        pairs: HanPairs,
        said: u8,
    }

    impl Talk {
        fn new() -> Self {
            Self {
                conduct: Conduct::default(),
                words: WordList::new(["casino"]),
                pairs: HanPairs::all(),
                said: 0,
            }
        }

        fn say(&mut self, text: &str, now: Millis) -> Verdict {
            self.said += 1;
            let evidence = Evidence::of(text, &self.words, &self.pairs);
            self.conduct.say(MessageId([self.said; 16]), &evidence, RULES(), now)
        }
    }

    #[test]
    fn an_ordinary_talk_is_never_answered_by_the_guard() {
        let mut talk = Talk::new();
        for (n, text) in [
            "Hello, where is my order 4711?",
            "It was promised for Monday",
            "See https://shop.example/orders/4711",
            "You can reach me at ana@example.com",
            "Hello?",
            "This is crap, honestly",
            "hello?",
            "OK, thank you",
        ]
        .iter()
        .enumerate()
        {
            assert_eq!(talk.say(text, NOW.plus(n as u64 * 5_000)), Verdict::Take, "{text}");
        }
    }

    #[test]
    fn each_rung_comes_in_its_turn_and_a_solved_challenge_leads_down() {
        let mut talk = Talk::new();
        assert_eq!(talk.say("You bastard", NOW), Verdict::Hint);
        assert_eq!(
            talk.say("You bitch", NOW),
            Verdict::Hint,
            "slow mode begins with a message that is taken"
        );
        assert!(matches!(talk.say("well", NOW), Verdict::Wait { ms: 1..=15_000 }));
        let Verdict::Challenge { bits } = talk.say("you asshole", NOW) else { panic!("no challenge") };
        assert_eq!(bits, pow::EASIEST + 1);
        talk.conduct.solved(RULES(), NOW);
        assert_eq!(talk.say("sorry", NOW), Verdict::Take);
        assert_eq!(talk.say("fuck you, bastard, cunt", NOW), Verdict::Ban { ms: 60_000 });
        assert_eq!(talk.conduct.reasons(NOW), [Signal::Insult]);
        let later = NOW.plus(60_000);
        assert_eq!(talk.conduct.rung(RULES(), later), Rung::Slow, "watched, and let in");
    }

    #[test]
    fn the_same_message_again_is_not_counted_again() {
        let mut talk = Talk::new();
        talk.say("casino casino", NOW);
        let evidence = Evidence::of("come to our casino, bastard", &talk.words, &talk.pairs);
        let id = MessageId([99; 16]);
        let first = talk.conduct.say(id, &evidence, RULES(), NOW);
        for _ in 0..20 {
            assert_eq!(talk.conduct.say(id, &evidence, RULES(), NOW), first);
        }
    }

    #[test]
    fn repeating_oneself_leads_to_slow_mode_and_on() {
        let mut talk = Talk::new();
        let verdicts: Vec<_> = (0..12).map(|_| talk.say("Buy our watches", NOW)).collect();
        assert_eq!(verdicts[..2], [Verdict::Take, Verdict::Take]);
        assert!(matches!(verdicts[11], Verdict::Challenge { .. } | Verdict::Ban { .. }), "{verdicts:?}");
    }

    #[test]
    fn who_was_stopped_begins_anew_under_watch_and_forgiven_is_forgotten() {
        let mut conduct = Conduct::default();
        assert_eq!(conduct.stop(RULES(), NOW), 60_000);
        let mut again = conduct.continued(NOW);
        assert_eq!(again.reasons(NOW), [Signal::History]);
        assert_eq!(again.stop(RULES(), NOW), 600_000);
        again.forgive();
        assert_eq!((again.rung(RULES(), NOW), again.strikes.count(NOW)), (Rung::Clear, 0));
    }

    #[test]
    fn what_turns_out_late_is_told_once_and_answered_with_the_next_act() {
        let mut talk = Talk::new();
        assert_eq!(talk.say("Our new shop is open, come and see", NOW), Verdict::Take);
        let mut copied = || talk.conduct.note_late(Signal::Copied, 1, RULES(), NOW);
        assert_eq!((copied(), copied(), copied()), (Some(Rung::Hint), Some(Rung::Slow), None));
        assert!(matches!(talk.say("Our shop is open", NOW), Verdict::Challenge { .. }));
    }

    #[test]
    fn wrong_answers_make_it_harder_up_to_a_point() {
        let mut conduct = Conduct::default();
        for _ in 0..50 {
            conduct.failed(NOW);
        }
        assert_eq!(conduct.difficulty(RULES(), NOW), pow::HARDEST);
    }
}
