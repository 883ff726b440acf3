//! Whether a question is about what an FAQ is about, whatever it asks of it.
//!
//! Being like no entry is weak evidence that no entry answers: visitors have many words. A linear model over hashed features
//! tells the FAQ's subject from what it is not about, learned from what the whole of the phrasebooks says: far more than
//! a pack could carry as text, in two kilobytes.

use super::{bytes::Reader, feature::Feature};

/// How many weights a scope has.
pub(super) const WEIGHTS: usize = 4_096;
/// The largest weight, in units, either way: four bits each.
pub(super) const LARGEST: i8 = 7;
/// What is added to a weight of four bits, so that none is below zero.
const NIBBLE_ZERO: i8 = LARGEST + 1;
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

impl Scope {
    /// Reads what [`Self::write`] wrote; `None` when it contradicts itself.
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        if reader.byte().filter(|flag| *flag <= 1)? == 0 {
            return Some(Self::default());
        }
        let (unit, bias) = (reader.f32()?, reader.f32()?);
        let nibbles = reader.bytes(WEIGHTS / 2)?.iter().flat_map(|pair| [pair & 0xF, pair >> 4]);
        let weight = |nibble: u8| Some(nibble as i8 - NIBBLE_ZERO).filter(|weight| *weight >= -LARGEST);
        Some(Self { unit, bias, weights: nibbles.map(weight).collect::<Option<_>>()? })
    }

    /// Writes a byte that says whether anything was learned; then the unit, the bias, and two weights a byte.
    #[cfg(feature = "compile")]
    pub(super) fn write(&self, writer: &mut super::bytes::Writer) {
        writer.bytes(&[u8::from(!self.weights.is_empty())]);
        if !self.weights.is_empty() {
            writer.bytes(&self.unit.to_le_bytes());
            writer.bytes(&self.bias.to_le_bytes());
            for pair in self.weights.chunks_exact(2) {
                writer.bytes(&[(pair[0] + NIBBLE_ZERO) as u8 | ((pair[1] + NIBBLE_ZERO) as u8) << 4]);
            }
        }
    }
}

/// A text of these features as a unit vector over [`WEIGHTS`] places, each of which comes once.
pub(super) fn vector(read: &[Feature]) -> Vec<(u16, f32)> {
    let mut values: Vec<(u16, f32)> = Vec::new();
    let mut seen = [false; WEIGHTS];
    for feature in read {
        let place = feature.place(WEIGHTS);
        if !core::mem::replace(&mut seen[usize::from(place)], true) {
            values.push((place, feature.weight));
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
