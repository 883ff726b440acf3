//! What texts are about, beyond the words they share.
//!
//! A visitor writes "it bled on my shirts" where the owner wrote "colour fastness". No word of the two is the same, but in
//! the phrasebooks both stand under one intent. From the phrasebooks of all languages every *term* (a word, the beginning of
//! one, a character) has learned a direction in a space in which what is asked for the same thing lies together, in whatever
//! language; a text's direction is the sum of its terms'. See `compile/embedding.rs` for how they are learned, and
//! `compile/distil.rs` for which of them a pack carries.
//!
//! Of each direction only the signs are kept, with one length for all: 64 dimensions are eight bytes. Training knows that
//! and makes up for it.

use super::{
    bytes::Reader,
    feature::{pieces, word},
    hash::{SEED, hash},
    index::one_over_root,
};
use crate::text::{Script, tokens};

/// How many dimensions a direction has.
pub(super) const DIMENSIONS: usize = u64::BITS as usize;
/// The most terms that one language has.
pub(super) const MAX_TERMS: usize = 50_000;
/// How many bits of a term's hash are kept: few enough that the distance to the next one takes little more than a byte, and that
/// one in 260 unknown terms is taken for one of 4,000 known ones.
const TERM_BITS: u32 = 20;
/// A word is known by so many of its letters too: its stem, more or less, in most languages.
const STEM: usize = 4;
/// Lengths, each a quarter of a halving below the one before it.
const LENGTHS: [f32; 64] = {
    let mut lengths = [1.0; 64];
    let mut step = 1;
    while step < lengths.len() {
        lengths[step] = lengths[step - 1] * 0.840_896_4;
        step += 1;
    }
    lengths
};

/// A direction, or a sum of some: a text's is of length 1, shorter where some of its terms are not known.
pub(super) type Vector = [f32; DIMENSIONS];

/// Terms, and where they point.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Embedding {
    /// The hashes of the terms, in their order.
    terms: Vec<u32>,
    /// For each term, a bit for each dimension: set where it is negative.
    signs: Vec<u64>,
    /// For each term, how long its vector is: a place in [`LENGTHS`].
    lengths: Vec<u8>,
    /// How long a term is taken to be that is not known.
    unknown: u8,
}

impl Embedding {
    /// Of terms in the order of their hashes.
    #[cfg(feature = "compile")]
    pub(super) fn new(terms: Vec<(u32, u64, u8)>, unknown: u8) -> Self {
        let mut embedding = Self { unknown, ..Self::default() };
        for (term, signs, length) in terms {
            embedding.terms.push(term);
            embedding.signs.push(signs);
            embedding.lengths.push(length);
        }
        embedding
    }

    /// Whether it knows nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// How many terms it knows.
    #[cfg(feature = "compile")]
    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }

    /// How long the vector of each term is.
    #[cfg(feature = "compile")]
    pub(super) fn lengths(&self) -> impl Iterator<Item = f32> {
        self.lengths.iter().map(|length| LENGTHS[usize::from(*length)])
    }

    /// The terms of several; where some know the same term, the first one's.
    #[cfg(feature = "compile")]
    pub(super) fn merged(embeddings: &[Self]) -> Self {
        let mut terms: Vec<(u32, u64, u8)> = embeddings.iter().flat_map(Self::iter).collect();
        terms.sort_by_key(|(term, ..)| *term);
        terms.dedup_by_key(|(term, ..)| *term);
        Self::new(terms, embeddings.first().map_or(0, |first| first.unknown))
    }

    /// Each term with its signs and its length.
    #[cfg(feature = "compile")]
    fn iter(&self) -> impl Iterator<Item = (u32, u64, u8)> {
        let of_terms = self.terms.iter().zip(&self.signs).zip(&self.lengths);
        of_terms.map(|((term, signs), length)| (*term, *signs, *length))
    }

    /// The same with the terms of these places alone.
    #[cfg(feature = "compile")]
    pub(super) fn only(&self, mut places: Vec<usize>) -> Self {
        places.sort_unstable();
        let terms =
            places.into_iter().map(|place| (self.terms[place], self.signs[place], self.lengths[place]));
        Self::new(terms.collect(), self.unknown)
    }

    /// Whether a single character is one of the terms.
    #[cfg(feature = "compile")]
    pub(super) fn knows(&self, character: char) -> bool {
        let text = character.to_string();
        terms(&text).first().is_some_and(|term| self.place(*term).is_some())
    }

    /// The place of a term, if it is known.
    pub(super) fn place(&self, term: u32) -> Option<usize> {
        self.terms.binary_search(&term).ok()
    }

    /// Where a text of these terms points. The more of it is unknown, the shorter the vector.
    pub(super) fn vector(&self, terms: &[u32]) -> Vector {
        self.vector_of_places(terms.iter().map(|term| self.place(*term)))
    }

    /// The same, from the places of the terms.
    pub(super) fn vector_of_places(&self, places: impl Iterator<Item = Option<usize>>) -> Vector {
        let mut sum = [0.0_f32; DIMENSIONS];
        let mut unknown = 0.0_f32;
        for place in places {
            match place {
                Some(place) => {
                    let (length, signs) =
                        (LENGTHS[usize::from(self.lengths[place])].to_bits(), self.signs[place]);
                    for (dimension, sum) in sum.iter_mut().enumerate() {
                        // The bit becomes the sign of the number: half of all branches here would be mispredicted.
                        let sign = (signs >> dimension) as u32 & 1;
                        *sum += f32::from_bits(length | sign << 31);
                    }
                }
                None => unknown += 1.0,
            }
        }
        let length = LENGTHS[usize::from(self.unknown)];
        let squares = dot(&sum, &sum) + unknown * length * length * DIMENSIONS as f32;
        scaled(sum, squares)
    }

    /// Where each of these folded texts points; of none without any terms.
    #[cfg(feature = "compile")]
    pub(super) fn vectors<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Vec<Vector> {
        let known = texts.filter(|_| !self.is_empty());
        known.map(|text| self.vector(&terms(text))).collect()
    }

    /// Reads what [`Self::write`] wrote; `None` when it contradicts itself.
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let count = reader.number_up_to(MAX_TERMS)?;
        let unknown = reader.byte()?;
        let mut terms = Vec::with_capacity(count.min(reader.left()));
        let mut next = 0;
        for _ in 0..count {
            let term = next + reader.number_up_to(1 << TERM_BITS)? as u32;
            if term >> TERM_BITS != 0 {
                return None;
            }
            terms.push(term);
            next = term + 1;
        }
        let lengths = reader.bytes(count)?.to_vec();
        if lengths.iter().chain([&unknown]).any(|length| usize::from(*length) >= LENGTHS.len()) {
            return None;
        }
        let signs = (0..count)
            .map(|_| reader.bytes(size_of::<u64>())?.try_into().ok().map(u64::from_le_bytes))
            .collect::<Option<_>>()?;
        Some(Self { terms, signs, lengths, unknown })
    }

    /// Writes: how many terms there are; the length of an unknown one; the hashes as distances from the one before; the
    /// lengths; the signs.
    #[cfg(feature = "compile")]
    pub(super) fn write(&self, writer: &mut super::bytes::Writer) {
        writer.number(self.terms.len());
        writer.bytes(&[self.unknown]);
        let mut next = 0;
        for term in &self.terms {
            writer.number((term - next) as usize);
            next = term + 1;
        }
        writer.bytes(&self.lengths);
        self.signs.iter().for_each(|signs| writer.bytes(&signs.to_le_bytes()));
    }
}

/// Where the terms of an embedding are: it looks where [`Embedding::place`] searches, for whoever asks a million times.
#[cfg(feature = "compile")]
pub(super) struct Places(Vec<u16>);

#[cfg(feature = "compile")]
impl Places {
    /// What stands for a term that is not known: there are fewer than so many.
    const NOWHERE: u16 = u16::MAX;

    pub(super) fn of(embedding: &Embedding) -> Self {
        let mut places = vec![Self::NOWHERE; 1 << TERM_BITS];
        (0..).zip(&embedding.terms).for_each(|(place, term)| places[*term as usize] = place);
        Self(places)
    }

    /// The place of a term, if it is known.
    pub(super) fn get(&self, term: u32) -> Option<usize> {
        self.0.get(term as usize).filter(|place| **place != Self::NOWHERE).map(|place| usize::from(*place))
    }
}

/// The hashes of the terms of a folded text, each once, in their order.
pub(super) fn terms(folded: &str) -> Vec<u32> {
    let mut hashes = Vec::new();
    let mut found = |hash: u32| hashes.push(hash & ((1 << TERM_BITS) - 1));
    for token in tokens(folded) {
        match token.script {
            Script::Alphabetic => {
                found(word(token.text));
                let stem = token.text.char_indices().nth(STEM).map(|(end, _)| &token.text[..end]);
                if let Some(stem) = stem {
                    found(hash(hash(SEED, b"stem "), stem.as_bytes()));
                }
            }
            Script::Syllabic => pieces(token.text.chars(), 1..=2, &mut found),
            Script::Unspaced => pieces(token.text.chars(), 2..=3, &mut found),
        }
    }
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// The place of a length among [`LENGTHS`], or of the next shorter one.
#[cfg(feature = "compile")]
pub(super) fn place_of(length: f32) -> u8 {
    LENGTHS.partition_point(|longer| *longer > length).min(LENGTHS.len() - 1) as u8
}

/// Adds so much of a vector to a sum.
pub(super) fn add(sum: &mut Vector, vector: &Vector, weight: f32) {
    sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += weight * value);
}

/// The product of two vectors; of unit vectors it is their cosine.
pub(super) fn dot(one: &Vector, other: &Vector) -> f32 {
    // Four sums, so that an addition does not wait for the one before it.
    let (mut a, mut b, mut c, mut d) = (0.0, 0.0, 0.0, 0.0);
    for (one, other) in one.as_chunks::<4>().0.iter().zip(other.as_chunks::<4>().0) {
        a += one[0] * other[0];
        b += one[1] * other[1];
        c += one[2] * other[2];
        d += one[3] * other[3];
    }
    (a + b) + (c + d)
}

/// A vector over the root of this squared length; nothing stays nothing.
fn scaled(mut vector: Vector, squares: f32) -> Vector {
    let scale = one_over_root(squares);
    vector.iter_mut().for_each(|value| *value *= scale);
    vector
}

/// The hash of a word.
#[cfg(all(test, feature = "compile"))]
pub(super) fn term_of(word: &str) -> u32 {
    super::feature::word(word) & ((1 << TERM_BITS) - 1)
}

#[cfg(test)]
#[cfg(feature = "compile")]
mod tests {
    use proptest::prelude::*;

    use super::{super::bytes::Writer, *};
    use crate::text::fold;

    fn vector(embedding: &Embedding, text: &str) -> Vector {
        embedding.vector(&terms(&fold(text)))
    }

    fn length(vector: &Vector) -> f32 {
        dot(vector, vector).sqrt()
    }

    fn embedding() -> impl Strategy<Value = Embedding> {
        let term = (0..1_u32 << TERM_BITS, any::<u64>(), 0..LENGTHS.len() as u8);
        (proptest::collection::vec(term, 0..40), 0..LENGTHS.len() as u8).prop_map(|(mut terms, unknown)| {
            terms.sort_unstable();
            terms.dedup_by_key(|(term, ..)| *term);
            Embedding::new(terms, unknown)
        })
    }

    #[test]
    fn a_word_is_known_by_its_beginning_too_and_a_character_by_its_neighbour() {
        assert_eq!(terms("post post"), [term_of("post")]);
        assert_eq!(terms("delivery").len(), 2);
        assert_eq!(terms("delivery delivered").len(), 3);
        assert_eq!(terms("退货").len(), 3);
    }

    #[test]
    fn the_more_is_unknown_the_shorter_the_vector() {
        let known = Embedding::new(vec![(term_of("post"), 5, 0)], 0);
        assert!((length(&vector(&known, "post")) - 1.0).abs() < 1e-5);
        let with_one = length(&vector(&known, "post tea"));
        let with_two = length(&vector(&known, "post tea cup"));
        assert!((with_one - 0.5_f32.sqrt()).abs() < 1e-5 && with_two < with_one);
        assert_eq!(length(&vector(&known, "tea")), 0.0);
        assert_eq!(vector(&known, "post post post"), vector(&known, "post"));
    }

    #[test]
    fn only_some_terms_are_the_same_terms() {
        let all = Embedding::new(vec![(1, 10, 1), (2, 20, 2), (3, 30, 3)], 4);
        assert_eq!(all.only(vec![2, 0]), Embedding::new(vec![(1, 10, 1), (3, 30, 3)], 4));
        assert_eq!((all.place(2), all.place(4)), (Some(1), None));
    }

    #[test]
    fn a_length_is_kept_to_a_quarter_of_a_halving() {
        for length in [1.0, 0.5, 0.3, 0.02] {
            let kept = LENGTHS[usize::from(place_of(length))];
            assert!((0.84..=1.001).contains(&(kept / length)), "{length}: {kept}");
        }
        assert_eq!(usize::from(place_of(0.0)), LENGTHS.len() - 1);
    }

    proptest! {
        #[test]
        fn an_embedding_survives_the_network(embedding in embedding()) {
            let mut writer = Writer::default();
            embedding.write(&mut writer);
            let bytes = writer.into_bytes();
            prop_assert_eq!(Embedding::read(&mut Reader::new(&bytes)), Some(embedding));
            for end in 0..bytes.len() {
                prop_assert_eq!(Embedding::read(&mut Reader::new(&bytes[..end])), None);
            }
        }

        #[test]
        fn any_bytes_are_an_embedding_or_refused(bytes in any::<Vec<u8>>(), text in any::<String>()) {
            if let Some(embedding) = Embedding::read(&mut Reader::new(&bytes)) {
                prop_assert!(length(&vector(&embedding, &text)) < 1.001);
            }
        }

        #[test]
        fn no_vector_is_longer_than_one(embedding in embedding(), text in any::<String>()) {
            prop_assert!(length(&vector(&embedding, &text)) < 1.001);
        }
    }
}
