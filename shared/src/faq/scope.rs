//! Whether a question is about what an FAQ is about, whatever it asks of it.
//!
//! Being like no entry is weak evidence that no entry answers: visitors have many words. A linear model over hashed features
//! tells the FAQ's subject from what it is not about, learned from what the whole of the phrasebooks says: far more than
//! a pack could carry as text, in two kilobytes.

use super::feature::Feature;

/// How many weights a scope has.
pub(super) const WEIGHTS: usize = 4_096;
/// The largest weight, in units, either way: four bits each.
pub(super) const LARGEST: i8 = 7;
/// Evidence beyond this, in logarithms of odds, says nothing more.
const SURE: f32 = 4.0;

/// What an FAQ is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Scope {
    /// What one unit of a weight says, in logarithms of odds.
    pub(super) unit: f32,
    /// What a question without features says.
    pub(super) bias: f32,
    /// [`WEIGHTS`] of them, each at most [`LARGEST`] units either way; none when nothing was learned.
    pub(super) weights: Vec<i8>,
}

impl Scope {
    /// Speaks for the FAQ when positive, and against it when negative: logarithms of odds. Nothing without a scope.
    pub(super) fn evidence(&self, read: &[Feature]) -> f32 {
        if self.weights.is_empty() {
            return 0.0;
        }
        let says = |(place, value): &(u16, f32)| f32::from(self.weights[usize::from(*place)]) * value;
        let sum: f32 = vector(read).iter().map(says).sum();
        (self.bias + self.unit * sum).clamp(-SURE, SURE)
    }
}

/// A text of these features as a unit vector over [`WEIGHTS`] places, each of which comes once.
pub(super) fn vector(read: &[Feature]) -> Vec<(u16, f32)> {
    let mut values: Vec<(u16, f32)> = Vec::new();
    let mut seen = [false; WEIGHTS];
    for feature in read {
        // Knuth's multiplicative hash: the pieces of a word differ in few bits.
        let place = feature.hash.wrapping_mul(0x9E37_79B1) >> (u32::BITS - WEIGHTS.trailing_zeros());
        if !core::mem::replace(&mut seen[place as usize], true) {
            values.push((place as u16, feature.weight));
        }
    }
    let length = values.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
    values.iter_mut().for_each(|(_, value)| *value /= length);
    values
}

#[cfg(test)]
mod tests {
    use super::{super::reading::Reading, *};

    fn read(text: &str) -> Vec<Feature> {
        Reading::default().read(text)
    }

    #[test]
    fn nothing_learned_says_nothing() {
        assert_eq!(Scope::default().evidence(&read("where is my parcel")), 0.0);
    }

    #[test]
    fn a_text_is_a_unit_vector() {
        let vector = vector(&read("where is my parcel"));
        assert!((vector.iter().map(|(_, value)| value * value).sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(vector.iter().all(|(place, _)| usize::from(*place) < WEIGHTS));
        assert!(super::vector(&read("")).is_empty());
    }

    #[test]
    fn evidence_is_never_beyond_sure() {
        let scope = Scope { unit: 9.0, bias: 0.0, weights: vec![LARGEST; WEIGHTS] };
        assert_eq!(scope.evidence(&read("parcel")), SURE);
        assert_eq!(scope.evidence(&read("")), 0.0);
    }
}
