//! Learns what shows that a person is needed: for each language a logistic regression for each cue.
//!
//! Trained are sums that tell; kept are weights of seven steps. From how sure a sum has to be is found on messages that were
//! left out of a training, and held against it.

use core::fmt;

use deskbell_shared::{
    faq::compile::phrasebook::{Intent, Library},
    handoff::{
        Cue, Cues,
        cues::{CUES, LARGEST, Learned, PLACES, books::Example, vector},
    },
    text::HanPairs,
};
use fastrand::Rng;

/// Passes over all messages.
const ROUNDS: usize = 20;
/// How AdaGrad (Duchi, Hazan and Singer, 2011) steps, and of that a bias, which every message moves.
const RATE: f32 = 0.5;
const RATE_OF_BIAS: f32 = 0.05;
/// What pulls weights towards nothing, a step.
const DECAY: f32 = 4e-4;
/// What keeps a quotient finite.
const NEXT_TO_NOTHING: f32 = 1e-6;
/// How much more a message counts that shows a cue than one that does not: there are fewer of them.
const SHOWN: f32 = 2.0;
/// How much a phrasing of an intent counts that shows a cue, beside a message of the books of cues.
const OF_INTENT: f32 = 0.5;
/// How much an ordinary question counts, and how many of them there are of an intent.
const ORDINARY: f32 = 0.3;
const ORDINARY_OF_INTENT: usize = 3;
/// An ordinary question that shows a cue with logarithms of odds beyond this is none: the intent is about the matter.
const NOT_ORDINARY: f32 = -1.0;
/// The share of weights that are cut down to the largest that is kept.
const CUT: f32 = 0.01;
/// In how many parts messages are held against trainings without them.
const FOLDS: usize = 3;
/// How much it matters that what should be told is told, beside that what is told is right (the beta of an F score, squared).
const COMPLETENESS: f32 = 0.7;

/// A cue that is told worse than this is not told at all, which is what the other number makes of it.
const WORTH_TELLING: f32 = 0.25;
const NEVER: f32 = -99.0;
/// The most that a text without features may say, in logarithms of odds: words that nobody knows are no cue.
const OF_NO_EVIDENCE: f32 = -1.0;

/// Intents of which phrasings show a cue.
const INTENTS: &[(&str, Cue)] = &[
    ("core/talk-to-person", Cue::Wish),
    ("core/complaint", Cue::Upset),
    ("core/charged-twice", Cue::Sensitive),
    ("core/unknown-charge", Cue::Sensitive),
    ("core/account-hacked", Cue::Sensitive),
    ("core/data-export-erasure", Cue::Sensitive),
    ("core/death-of-customer", Cue::Sensitive),
    ("food/food-poisoning", Cue::Sensitive),
    ("fitness/accident-injury", Cue::Sensitive),
    ("mobility/ride-accident", Cue::Sensitive),
    ("energy/gas-leak", Cue::Crisis),
    ("clinic/emergency", Cue::Crisis),
    ("talk/insult", Cue::Insult),
    ("talk/sales-pitch", Cue::Spam),
    ("talk/survey-spam", Cue::Spam),
    ("talk/bot-complaint", Cue::Again),
];

/// Parts of names of intents that are too near to one of those to have ordinary questions.
const NEAR: &[&str] = &[
    "accident",
    "account-h",
    "allerg",
    "charge",
    "complain",
    "contact",
    "data",
    "death",
    "delete",
    "dispute",
    "emergency",
    "erasure",
    "fraud",
    "gas-l",
    "hack",
    "harass",
    "injur",
    "insult",
    "lost",
    "outage",
    "person",
    "phishing",
    "poison",
    "police",
    "privacy",
    "recall",
    "safety",
    "scam",
    "site-down",
    "smell",
    "stolen",
    "theft",
    "unauthor",
    "unknown",
];

/// How a training went.
#[derive(Debug)]
pub struct Report {
    messages: usize,
    ordinary: usize,
    /// For each cue how well it was told of messages that had been left out: an F score.
    pub scores: [f32; CUES],
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} messages, {} ordinary questions:", self.messages, self.ordinary)?;
        Cue::ALL.iter().zip(self.scores).try_for_each(|(cue, score)| write!(f, " {cue:?} {score:.2}"))
    }
}

#[derive(Clone)]
struct Sample {
    values: Vec<(u16, f32)>,
    shows: [bool; CUES],
    counts: f32,
    /// In which of the parts it is left out.
    fold: usize,
}

/// Learns the cues of a language. The same books give the same numbers on the same machine.
pub fn learn(lang: &str, examples: &[Example], library: &Library, pairs: &HanPairs) -> (Learned, Report) {
    let mut samples: Vec<Sample> = Vec::new();
    let mut rng = Rng::with_seed(1);
    let mut add = |text: &str, cues: Cues, counts: f32| {
        let fold = rng.usize(0..FOLDS);
        let shows = Cue::ALL.map(|cue| cues.has(cue));
        samples.push(Sample { values: vector(text), shows, counts, fold });
        // A browser folds neither script to the other: both are learned.
        if lang == "zh" {
            let traditional = pairs.unfold(text);
            if traditional != text {
                samples.push(Sample { values: vector(&traditional), shows, counts, fold });
            }
        }
    };
    for Example { text, cues } in examples {
        add(text, *cues, 1.0);
    }
    let intents = library.of(lang);
    for (name, cue) in INTENTS {
        let of_name = intents.iter().filter(|intent| intent.name() == *name);
        for text in of_name.flat_map(|intent| &intent.phrasings) {
            add(text, [*cue].into_iter().collect(), OF_INTENT);
        }
    }
    let messages = samples.len();
    for intent in intents.iter().filter(|intent| is_ordinary(intent)) {
        let step = (intent.phrasings.len() / ORDINARY_OF_INTENT).max(1);
        for text in intent.phrasings.iter().step_by(step).take(ORDINARY_OF_INTENT) {
            let (values, fold) = (vector(text), fold_of(text));
            samples.push(Sample { values, shows: [false; CUES], counts: ORDINARY, fold });
        }
    }
    let first = Trained::on(&samples);
    let mut place = 0;
    samples.retain(|sample| {
        place += 1;
        place <= messages || first.sums(sample).iter().all(|sum| *sum < NOT_ORDINARY)
    });
    let (doubts, scores) = held_against(&samples);
    let mut learned = Trained::on(&samples).kept();
    for (((_, bias), doubt), score) in learned.numbers.iter_mut().zip(doubts).zip(scores) {
        *bias = if score < WORTH_TELLING { NEVER } else { (*bias - doubt).min(OF_NO_EVIDENCE) };
    }
    (learned, Report { messages, ordinary: samples.len() - messages, scores })
}

/// Questions of an intent that is about none of what the cues are about.
fn is_ordinary(intent: &Intent) -> bool {
    let is_near = NEAR.iter().any(|near| intent.id.contains(near));
    !intent.is_small_talk() && intent.book != "legal" && !is_near
}

/// The part in which an ordinary question is left out: any, and always the same.
fn fold_of(text: &str) -> usize {
    text.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % FOLDS
}

/// How sure each cue has to be to be told, and how well it is told then: found on what was left out of trainings.
fn held_against(samples: &[Sample]) -> ([f32; CUES], [f32; CUES]) {
    let mut held: [Vec<(f32, bool, f32)>; CUES] = Default::default();
    for fold in 0..FOLDS {
        let (left_out, others): (Vec<Sample>, Vec<Sample>) =
            samples.iter().cloned().partition(|sample| sample.fold == fold);
        let learned = Trained::on(&others).kept();
        for sample in &left_out {
            let sums = told(&learned, sample);
            for ((held, sum), shows) in held.iter_mut().zip(sums).zip(sample.shows) {
                held.push((sum, shows, sample.counts));
            }
        }
    }
    let (mut doubts, mut scores) = ([0.0; CUES], [0.0; CUES]);
    for ((held, doubt), score) in held.iter_mut().zip(&mut doubts).zip(&mut scores) {
        (*doubt, *score) = best_doubt(held);
    }
    (doubts, scores)
}

/// From which sum on a cue is best told, of sums with what was shown and how much it counts; and the F score there.
fn best_doubt(held: &mut [(f32, bool, f32)]) -> (f32, f32) {
    held.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    let shown: f32 = held.iter().filter(|(_, shows, _)| *shows).map(|(.., counts)| counts).sum();
    let (mut right, mut wrong) = (0.0, 0.0);
    let (mut doubt, mut best) = (0.0, 0.0);
    for (place, (sum, shows, counts)) in held.iter().enumerate() {
        *(if *shows { &mut right } else { &mut wrong }) += counts;
        let score = (1.0 + COMPLETENESS) * right / (COMPLETENESS * shown + right + wrong);
        if score > best {
            let next = held.get(place + 1).map_or(*sum, |(next, ..)| *next);
            (doubt, best) = (0.5 * (sum + next), score);
        }
    }
    (doubt, best)
}

struct Trained {
    weights: Vec<[f32; CUES]>,
    biases: [f32; CUES],
}

impl Trained {
    fn on(samples: &[Sample]) -> Self {
        let mut trained = Self { weights: vec![[0.0; CUES]; PLACES], biases: [-2.0; CUES] };
        let (mut steps, mut steps_of_biases) = (trained.weights.clone(), [0.0; CUES]);
        let mut order: Vec<&Sample> = samples.iter().collect();
        let mut rng = Rng::with_seed(1);
        for _ in 0..ROUNDS {
            rng.shuffle(&mut order);
            for sample in &order {
                trained.step(sample, &mut steps, &mut steps_of_biases);
            }
        }
        trained
    }

    fn sums(&self, sample: &Sample) -> [f32; CUES] {
        let mut sums = self.biases;
        for (place, value) in &sample.values {
            let weights = &self.weights[usize::from(*place)];
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight * value);
        }
        sums
    }

    /// One step of AdaGrad; `steps` are the sums of squared slopes.
    fn step(&mut self, sample: &Sample, steps: &mut [[f32; CUES]], steps_of_biases: &mut [f32; CUES]) {
        let mut slopes = self.sums(sample);
        for (slope, shows) in slopes.iter_mut().zip(sample.shows) {
            let (counts, target) = if shows { (SHOWN, 1.0) } else { (1.0, 0.0) };
            *slope = sample.counts * counts * (1.0 / (1.0 + libm::expf(-*slope)) - target);
        }
        for (place, value) in &sample.values {
            let place = usize::from(*place);
            let (weights, steps) = (&mut self.weights[place], &mut steps[place]);
            for ((weight, step), slope) in weights.iter_mut().zip(steps).zip(slopes) {
                let slope = slope * value + DECAY * *weight;
                *step += slope * slope;
                *weight -= RATE * slope / (step.sqrt() + NEXT_TO_NOTHING);
            }
        }
        for ((bias, step), slope) in self.biases.iter_mut().zip(steps_of_biases).zip(slopes) {
            *step += slope * slope;
            *bias -= RATE_OF_BIAS * slope / (step.sqrt() + NEXT_TO_NOTHING);
        }
    }

    /// The weights in units, and what they say.
    fn kept(&self) -> Learned {
        let mut numbers = [(0.0, 0.0); CUES];
        let mut weights = vec![[0; CUES]; PLACES];
        let most = f32::from(LARGEST);
        for (cue, numbers) in numbers.iter_mut().enumerate() {
            let mut sizes: Vec<f32> = self.weights.iter().map(|weights| weights[cue].abs()).collect();
            sizes.sort_by(f32::total_cmp);
            let largest = sizes[((1.0 - CUT) * (PLACES - 1) as f32) as usize].max(NEXT_TO_NOTHING);
            let unit = largest / most;
            for (kept, trained) in weights.iter_mut().zip(&self.weights) {
                kept[cue] = (trained[cue] / unit).round().clamp(-most, most) as i8;
            }
            *numbers = (unit, self.biases[cue]);
        }
        Learned { numbers, weights }
    }
}

fn told(learned: &Learned, sample: &Sample) -> [f32; CUES] {
    let mut sums = [0.0; CUES];
    for (place, value) in &sample.values {
        let weights = &learned.weights[usize::from(*place)];
        sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += f32::from(*weight) * value);
    }
    sums.iter_mut().zip(learned.numbers).for_each(|(sum, (unit, bias))| *sum = *sum * unit + bias);
    sums
}
