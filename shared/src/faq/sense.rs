//! What the entries of an FAQ are about, as directions: see [`super::embedding`].
//!
//! Each is looked at in two ways. All that speaks for an entry, added up, is where it points. And an entry's own rows speak with
//! the strengths that training found for where they point as they do for the words they have: see `compile/train.rs`.

use super::{
    embedding::{DIMENSIONS, Embedding, Vector, add, dot, terms},
    index::one_over_root,
    score::Support,
    texts::{RowKind, Texts, homes_of},
};

/// Where every group of an FAQ points.
#[derive(Clone, Debug, Default)]
pub(super) struct Senses {
    embedding: Embedding,
    /// For each entry, where everything points that speaks for it; behind the entries, where the intents point that no entry
    /// answers. Others point nowhere. None at all without an embedding.
    groups: Vec<Sense>,
    /// For each entry, the directions of its own rows, each as long as it is strong, less those of rows that speak against it.
    voices: Vec<Vector>,
}

/// Where one group points.
#[derive(Clone, Debug)]
struct Sense {
    sum: Vector,
    /// One over the length of the sum.
    scale: f32,
}

/// How the direction of a text compares with a group.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Bearing {
    /// How nearly it points where the group does, from -1 to 1: the cosine, less where some of the text's terms are not known.
    pub(super) sense: f32,
    /// What the group's rows say to it, as strong as they are; 0 of an intent.
    pub(super) voice: f32,
}

impl Senses {
    /// Of an FAQ's texts, whose rows say as much as training found; nothing before it.
    pub(super) fn of(embedding: Embedding, texts: &Texts, support: &Support) -> Self {
        if embedding.is_empty() {
            return Self::default();
        }
        let mut groups = vec![Sense { sum: [0.0; DIMENSIONS], scale: 0.0 }; texts.groups.len()];
        let mut voices = vec![[0.0; DIMENSIONS]; texts.groups.iter().filter(|group| group.is_own).count()];
        let counts = counts_of(texts);
        for (place, (row, text)) in texts.iter().enumerate() {
            let vector = embedding.vector(&terms(text));
            for (group, voice) in support.of_row(place, row) {
                if let Some(of_group) = voices.get_mut(group) {
                    add(of_group, &vector, voice);
                }
            }
            for home in homes_of(row, &texts.groups) {
                let weight = row.kind.weight() / counts[home][row.kind as usize];
                add(&mut groups[home].sum, &vector, weight);
            }
        }
        for group in &mut groups {
            group.scale = one_over_root(dot(&group.sum, &group.sum));
        }
        Self { embedding, groups, voices }
    }

    #[cfg(feature = "compile")]
    pub(super) fn into_embedding(self) -> Embedding {
        self.embedding
    }

    /// Where a folded text points.
    pub(super) fn vector(&self, folded: &str) -> Vector {
        self.embedding.vector(&terms(folded))
    }

    /// Compares a text of this vector with every group; with none without an embedding.
    pub(super) fn compare(&self, vector: &Vector) -> Vec<Bearing> {
        let voices = self.voices.iter().map(|voice| dot(vector, voice)).chain(core::iter::repeat(0.0));
        let bearing = |(group, voice): (&Sense, f32)| {
            // Most intents point nowhere.
            let sense = if group.scale > 0.0 { group.scale * dot(vector, &group.sum) } else { 0.0 };
            Bearing { sense, voice }
        };
        self.groups.iter().zip(voices).map(bearing).collect()
    }

    /// How nearly a text of this vector points where its own group does when it is taken out of it, where it had so much
    /// weight.
    #[cfg(feature = "compile")]
    pub(super) fn compare_without(&self, vector: &Vector, group: usize, weight: f32) -> f32 {
        let Some(Sense { sum, .. }) = self.groups.get(group) else { return 0.0 };
        let mut rest = *sum;
        add(&mut rest, vector, -weight);
        one_over_root(dot(&rest, &rest)) * dot(vector, &rest)
    }
}

/// What each row weighs in the direction of what it speaks for first: an entry's phrasings together as much as all that it
/// borrows, and its answer half of that.
#[cfg(feature = "compile")]
pub(super) fn weights_of(texts: &Texts) -> Vec<f32> {
    let counts = counts_of(texts);
    let weights = texts.rows.iter().map(|row| {
        let home = homes_of(row, &texts.groups).next();
        home.map_or(0.0, |home| row.kind.weight() / counts[home][row.kind as usize])
    });
    weights.collect()
}

/// For each group, how many rows of each kind speak for it.
fn counts_of(texts: &Texts) -> Vec<[f32; RowKind::COUNT]> {
    let mut counts = vec![[0.0; RowKind::COUNT]; texts.groups.len()];
    for row in &texts.rows {
        homes_of(row, &texts.groups).for_each(|home| counts[home][row.kind as usize] += 1.0);
    }
    counts
}

#[cfg(test)]
#[cfg(feature = "compile")]
mod tests {
    use super::*;
    use crate::faq::{
        embedding::term_of,
        pack::{PackedEntry, PackedIntent},
        reading::Reading,
        score::Rival,
    };

    /// An embedding in which each list of words points its own way.
    fn embedding(lists: &[&[&str]]) -> Embedding {
        let term = |(place, word): (usize, &&str)| (term_of(word), u64::MAX << (16 * place), 0);
        let terms =
            lists.iter().enumerate().flat_map(|(place, words)| words.iter().map(move |word| (place, word)));
        let mut terms: Vec<(u32, u64, u8)> = terms.map(term).collect();
        terms.sort_unstable();
        Embedding::new(terms, 0)
    }

    fn texts() -> Texts {
        let entry = |question: &str| PackedEntry {
            id: question.to_owned(),
            questions: vec![question.to_owned()],
            answer: String::new(),
            lang: String::new(),
        };
        let intent = |entry, phrasing: &str| PackedIntent {
            name: "shop/x".to_owned(),
            entries: Vec::from_iter(entry),
            phrasings: vec![phrasing.to_owned(), phrasing.to_owned()],
        };
        Texts::of(
            &[entry("fade"), entry("post")],
            &[intent(Some(0), "bled"), intent(None, "joke")],
            &Reading::default(),
        )
    }

    #[test]
    fn words_of_one_direction_mean_the_same() {
        let embedding = embedding(&[&["fade", "bled", "dye"], &["post", "mail"], &["joke"]]);
        let senses = Senses::of(embedding, &texts(), &Support::default());
        let best = |text: &str| {
            let bearings = senses.compare(&senses.vector(text));
            (0..bearings.len()).max_by(|a, b| bearings[*a].sense.total_cmp(&bearings[*b].sense))
        };
        assert_eq!(best("dye"), Some(0));
        assert_eq!(best("mail"), Some(1));
        assert_eq!(best("joke"), Some(3));
        // What an entry borrows is part of the entry, and points nowhere by itself.
        assert_eq!(senses.compare(&senses.vector("bled"))[2], Bearing::default());
    }

    #[test]
    fn a_row_that_is_taken_out_speaks_for_nothing() {
        let texts = texts();
        let embedding = embedding(&[&["fade", "bled"], &["post"], &["joke"]]);
        let senses = Senses::of(embedding, &texts, &Support::default());
        let weights = weights_of(&texts);
        assert_eq!(weights, [1.0, 1.0, 0.5, 0.5, 0.5, 0.5]);
        assert_eq!(senses.compare_without(&senses.vector("post"), 1, weights[1]), 0.0);
        assert!(senses.compare_without(&senses.vector("fade"), 0, weights[0]) > 0.9);
    }

    #[test]
    fn a_row_speaks_as_strongly_as_it_was_trained_to() {
        let support = Support {
            unit: 0.5,
            strengths: vec![4, 2, 9, 9, 9, 9],
            rivals: vec![Rival { row: 1, group: 0, strength: 2 }, Rival { row: 4, group: 2, strength: 9 }],
        };
        let senses = Senses::of(embedding(&[&["fade"], &["post"]]), &texts(), &support);
        let voices = |text: &str| -> Vec<f32> {
            senses.compare(&senses.vector(text)).iter().map(|bearing| bearing.voice).collect()
        };
        // The two words have half of their direction in common. Intents say nothing.
        let (fade, post) = (voices("fade"), voices("post"));
        assert!((fade[0] - 1.5).abs() < 1e-5 && (fade[1] - 0.5).abs() < 1e-5, "{fade:?}");
        assert!(post[0].abs() < 1e-5 && (post[1] - 1.0).abs() < 1e-5, "{post:?}");
        assert_eq!((&fade[2..], &post[2..]), (&[0.0, 0.0][..], &[0.0, 0.0][..]));
    }

    #[test]
    fn without_an_embedding_nothing_is_known() {
        let senses = Senses::of(Embedding::default(), &texts(), &Support::default());
        assert!(senses.compare(&senses.vector("fade")).is_empty());
    }
}
