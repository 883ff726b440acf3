//! Learns what an FAQ is about, from its own phrasings, from what it borrows, and from what the phrasebooks say besides.

use super::{
    super::{
        pack::PackedEntry,
        reading::Reading,
        scope::{LARGEST, Scope, WEIGHTS, vector},
    },
    align::{Aligned, MAY_FIT},
};
use crate::faq::{
    feature::Feature,
    hash::{SEED, hash},
};

/// Of the intents that no entry answers, this share is learned from, those least like the FAQ: of the others some are
/// answered all the same, and telling near misses apart is what the strangers of a pack are for.
const SHARE_OF_STRANGERS: f32 = 0.5;
/// How many phrasings of an intent are learned from.
const OF_INTENT: usize = 24;
/// What a phrasing counts: of the owner's own, and of small talk, beside others.
const WEIGHT_OF_OWN: f32 = 3.0;
const WEIGHT_OF_SMALL_TALK: f32 = 6.0;
/// No phrasing counts more than so many times the average one.
const LARGEST_WEIGHT: f32 = 20.0;
/// With fewer intents that no entry answers, nothing is learned.
const LEAST_STRANGERS: usize = 10;

/// Passes over all texts, and how AdaGrad (Duchi, Hazan and Singer, 2011) steps: its rate, and that of the bias.
const ROUNDS: usize = 5;
const RATE: f32 = 0.5;
const RATE_OF_BIAS: f32 = 0.01;
/// The penalty on squared weights.
const PENALTY: f32 = 1e-3;

/// A text that is about the FAQ, or is not.
pub(super) struct Example {
    vector: Vec<(u16, f32)>,
    is_about: bool,
    weight: f32,
    half: Half,
}

/// Which half of all texts a text belongs to: what is learned from one is tried on the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    One,
    Other,
}

impl Half {
    /// The same for the same features.
    pub(super) fn of(read: &[Feature]) -> Self {
        let all = read.iter().fold(SEED, |state, feature| hash(state, &feature.hash.to_be_bytes()));
        if all & 1 == 0 { Self::One } else { Self::Other }
    }
}

/// Everything there is to learn from; nothing when the phrasebooks do not say enough of what the FAQ is not about.
pub(super) fn examples(entries: &[PackedEntry], aligned: &[Aligned], reading: &Reading) -> Vec<Example> {
    let mut likeness: Vec<f32> =
        aligned.iter().filter(|aligned| is_other(aligned)).map(Aligned::likeness).collect();
    likeness.sort_by(f32::total_cmp);
    let least_alike =
        likeness.get((likeness.len() as f32 * SHARE_OF_STRANGERS) as usize).copied().unwrap_or(f32::MAX);
    let example = |text: &String, is_about, weight| {
        let read = reading.read(text);
        Example { vector: vector(&read), is_about, weight, half: Half::of(&read) }
    };

    let own = entries.iter().flat_map(|entry| &entry.questions);
    let mut examples: Vec<Example> = own.map(|text| example(text, true, WEIGHT_OF_OWN)).collect();
    let mut strangers = 0;
    for aligned in aligned {
        let is_about = !aligned.entries.is_empty();
        let is_small_talk = aligned.intent.is_small_talk();
        let is_far = is_other(aligned) && aligned.likeness() <= least_alike;
        if !(is_about || is_small_talk || is_far) {
            continue;
        }
        strangers += usize::from(!is_about);
        let weight = if is_small_talk { WEIGHT_OF_SMALL_TALK } else { 1.0 };
        let texts = aligned.intent.phrasings.iter().take(OF_INTENT);
        examples.extend(texts.map(|text| example(text, is_about, weight)));
    }
    if strangers < LEAST_STRANGERS { Vec::new() } else { examples }
}

/// Whether an intent is of no entry, by far.
fn is_other(aligned: &Aligned) -> bool {
    aligned.entries.is_empty() && !aligned.intent.is_small_talk() && aligned.best_fit < MAY_FIT
}

/// Learns from all examples, or from one half of them: a logistic regression in which both sides weigh the same.
pub(super) fn learn(examples: &[Example], half: Option<Half>) -> Scope {
    let examples: Vec<&Example> =
        examples.iter().filter(|example| half.is_none_or(|half| example.half == half)).collect();
    let weight_of = |is_about: bool| -> f32 {
        examples.iter().filter(|example| example.is_about == is_about).map(|example| example.weight).sum()
    };
    let sums = [weight_of(false), weight_of(true)];
    if sums.contains(&0.0) {
        return Scope::default();
    }
    let count = examples.len();
    let balance = sums.map(|sum| 0.5 * count as f32 / sum);

    let mut weights = vec![0.0_f32; WEIGHTS];
    let mut squares = vec![1e-6_f32; WEIGHTS];
    let mut bias = 0.0_f32;
    let stride = stride(count);
    let mut at = 0;
    for _ in 0..ROUNDS * count {
        at = (at + stride) % count;
        let Example { vector, is_about, weight, .. } = examples[at];
        let sum: f32 = vector.iter().map(|(place, value)| weights[usize::from(*place)] * value).sum();
        let likely = 1.0 / (1.0 + libm::expf(-(bias + sum)));
        let weight = (weight * balance[usize::from(*is_about)]).min(LARGEST_WEIGHT);
        let slope = (likely - f32::from(u8::from(*is_about))) * weight;
        bias -= RATE_OF_BIAS * slope;
        for (place, value) in vector {
            let place = usize::from(*place);
            let slope = slope * value + PENALTY * weights[place];
            squares[place] += slope * slope;
            weights[place] -= RATE * slope / squares[place].sqrt();
        }
    }

    let largest = weights.iter().fold(f32::MIN_POSITIVE, |largest, weight| largest.max(weight.abs()));
    let unit = largest / f32::from(LARGEST);
    let in_units = |weight: f32| libm::roundf(weight / unit) as i8;
    Scope { unit, bias, weights: weights.into_iter().map(in_units).collect() }
}

/// A step that visits all places before it comes back, far from where it was: neighbours are of the same intent.
fn stride(count: usize) -> usize {
    let mut stride = (count as f32 * 0.618) as usize | 1;
    while common_divisor(stride, count) != 1 {
        stride += 2;
    }
    stride
}

fn common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn example(text: &str, is_about: bool) -> Example {
        let read = Reading::default().read(text);
        Example { vector: vector(&read), is_about, weight: 1.0, half: Half::of(&read) }
    }

    #[test]
    fn what_is_learned_tells_subjects_apart() {
        let about =
            ["where is my parcel", "parcel late", "the parcel is broken", "track parcel", "my parcel"];
        let other = ["tell me a joke", "weather today", "a funny joke", "sing a song", "joke please"];
        let examples: Vec<Example> = about
            .iter()
            .map(|text| example(text, true))
            .chain(other.iter().map(|text| example(text, false)))
            .collect();
        let scope = learn(&examples, None);
        assert!(scope.evidence(&Reading::default().read("parcel lost")) > 0.0);
        assert!(scope.evidence(&Reading::default().read("another joke")) < 0.0);
        assert!(scope.weights.iter().all(|weight| weight.abs() <= LARGEST));
    }

    #[test]
    fn one_side_alone_teaches_nothing() {
        assert_eq!(learn(&[example("parcel", true)], None), Scope::default());
        assert_eq!(learn(&[], None), Scope::default());
    }

    proptest! {
        #[test]
        fn every_place_is_visited_once(count in 1_usize..3_000) {
            let stride = stride(count);
            let mut seen = vec![false; count];
            let mut at = 0;
            for _ in 0..count {
                at = (at + stride) % count;
                prop_assert!(!core::mem::replace(&mut seen[at], true));
            }
        }
    }
}
