//! What the entries of an FAQ are about, as directions: see [`super::embedding`].

use super::{
    embedding::{DIMENSIONS, Embedding, Vector, add, dot, terms},
    index::one_over_root,
    texts::{RowKind, Texts, homes_of},
};

/// Where every group of an FAQ points.
#[derive(Clone, Debug, Default)]
pub(super) struct Senses {
    embedding: Embedding,
    /// For each entry, where everything points that speaks for it; behind the entries, where the intents point that no entry
    /// answers. Others point nowhere. None at all without an embedding.
    groups: Vec<Sense>,
}

/// Where one group points.
#[derive(Clone, Debug)]
struct Sense {
    sum: Vector,
    /// One over the length of the sum.
    scale: f32,
}

impl Senses {
    /// Of an FAQ's texts.
    pub(super) fn of(embedding: Embedding, texts: &Texts) -> Self {
        if embedding.is_empty() {
            return Self::default();
        }
        let mut groups = vec![Sense { sum: [0.0; DIMENSIONS], scale: 0.0 }; texts.groups.len()];
        let counts = counts_of(texts);
        for (row, text) in texts.iter() {
            let vector = embedding.vector(&terms(text));
            for home in homes_of(row, &texts.groups) {
                let weight = row.kind.weight() / counts[home][row.kind as usize];
                add(&mut groups[home].sum, &vector, weight);
            }
        }
        for group in &mut groups {
            group.scale = one_over_root(dot(&group.sum, &group.sum));
        }
        Self { embedding, groups }
    }

    #[cfg(feature = "compile")]
    pub(super) fn embedding(&self) -> &Embedding {
        &self.embedding
    }

    #[cfg(feature = "compile")]
    pub(super) fn into_embedding(self) -> Embedding {
        self.embedding
    }

    /// Where a folded text points.
    pub(super) fn vector(&self, folded: &str) -> Vector {
        self.embedding.vector(&terms(folded))
    }

    /// How nearly a text of this vector points where every group does, from -1 to 1: cosines, less where some of its terms are
    /// not known. None without an embedding.
    pub(super) fn compare(&self, vector: &Vector) -> Vec<f32> {
        self.groups.iter().map(|group| group.scale * dot(vector, &group.sum)).collect()
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
        let senses =
            Senses::of(embedding(&[&["fade", "bled", "dye"], &["post", "mail"], &["joke"]]), &texts());
        let best = |text: &str| {
            let cosines = senses.compare(&senses.vector(text));
            (0..cosines.len()).max_by(|a, b| cosines[*a].total_cmp(&cosines[*b]))
        };
        assert_eq!(best("dye"), Some(0));
        assert_eq!(best("mail"), Some(1));
        assert_eq!(best("joke"), Some(3));
        // What an entry borrows is part of the entry, and points nowhere by itself.
        assert_eq!(senses.compare(&senses.vector("bled"))[2], 0.0);
    }

    #[test]
    fn a_row_that_is_taken_out_speaks_for_nothing() {
        let texts = texts();
        let senses = Senses::of(embedding(&[&["fade", "bled"], &["post"], &["joke"]]), &texts);
        let weights = weights_of(&texts);
        assert_eq!(weights, [1.0, 1.0, 0.5, 0.5, 0.5, 0.5]);
        assert_eq!(senses.compare_without(&senses.vector("post"), 1, weights[1]), 0.0);
        assert!(senses.compare_without(&senses.vector("fade"), 0, weights[0]) > 0.9);
    }

    #[test]
    fn without_an_embedding_nothing_is_known() {
        let senses = Senses::of(Embedding::default(), &texts());
        assert!(senses.compare(&senses.vector("fade")).is_empty());
    }
}
