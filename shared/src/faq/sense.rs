//! What the entries of an FAQ are about, as directions: see [`super::embedding`].

use super::{
    embedding::{DIMENSIONS, Embedding, Vector, add, dot, terms},
    index::one_over_root,
    texts::{Row, RowKind, Texts, speaks_for},
};

/// Where every group of an FAQ points.
#[derive(Clone, Debug, Default)]
pub(super) struct Senses {
    /// One for each language of the FAQ that has one.
    embeddings: Vec<Embedding>,
    /// For each entry, where everything points that speaks for it; behind the entries, where the intents point that no entry
    /// answers. Others point nowhere.
    groups: Vec<Sense>,
}

/// Where one group points.
#[derive(Clone, Debug)]
struct Sense {
    /// The place of its embedding.
    embedding: usize,
    sum: Vector,
    /// One over the length of the sum.
    scale: f32,
}

impl Senses {
    /// Of an FAQ's texts; each group is read with the embedding that knows most of its terms.
    pub(super) fn of(embeddings: Vec<Embedding>, texts: &Texts) -> Self {
        if embeddings.is_empty() {
            return Self::default();
        }
        let read: Vec<(usize, Vec<u32>)> =
            texts.iter().map(|(row, text)| (speaks_for(row, &texts.groups), terms(text))).collect();
        let sense = |embedding| Sense { embedding, sum: [0.0; DIMENSIONS], scale: 0.0 };
        let mut groups: Vec<Sense> =
            languages(&embeddings, &read, texts.groups.len()).into_iter().map(sense).collect();
        for ((group, terms), weight) in read.iter().zip(weights_of(texts)) {
            let group = &mut groups[*group];
            add(&mut group.sum, &embeddings[group.embedding].vector(terms), weight);
        }
        for group in &mut groups {
            group.scale = one_over_root(dot(&group.sum, &group.sum));
        }
        Self { embeddings, groups }
    }

    #[cfg(feature = "compile")]
    pub(super) fn embeddings(&self) -> &[Embedding] {
        &self.embeddings
    }

    #[cfg(feature = "compile")]
    pub(super) fn into_embeddings(self) -> Vec<Embedding> {
        self.embeddings
    }

    /// Where a folded text points, in each embedding.
    pub(super) fn vectors(&self, folded: &str) -> Vec<Vector> {
        let terms = terms(folded);
        self.embeddings.iter().map(|embedding| embedding.vector(&terms)).collect()
    }

    /// How nearly a text of these vectors points where every group does, from -1 to 1: cosines, less where some of its terms are
    /// not known. None without an embedding.
    pub(super) fn compare(&self, vectors: &[Vector]) -> Vec<f32> {
        let cosine = |group: &Sense| match group.scale {
            0.0 => 0.0,
            scale => scale * dot(&vectors[group.embedding], &group.sum),
        };
        self.groups.iter().map(cosine).collect()
    }

    /// How nearly a text of these vectors points where its own group does when it is taken out of it, where it had so much
    /// weight.
    #[cfg(feature = "compile")]
    pub(super) fn compare_without(&self, vectors: &[Vector], group: usize, weight: f32) -> f32 {
        let Some(Sense { embedding, sum, .. }) = self.groups.get(group) else { return 0.0 };
        let vector = &vectors[*embedding];
        let mut rest = *sum;
        add(&mut rest, vector, -weight);
        one_over_root(dot(&rest, &rest)) * dot(vector, &rest)
    }
}

/// How nearly two texts of these vectors point the same way, from 0 to 1.
pub(super) fn alike(one: &[Vector], other: &[Vector]) -> f32 {
    one.iter().zip(other).map(|(one, other)| dot(one, other)).fold(0.0, f32::max)
}

/// For each group, the place of the embedding that knows most of its terms; of equals the first.
fn languages(embeddings: &[Embedding], read: &[(usize, Vec<u32>)], groups: usize) -> Vec<usize> {
    if embeddings.len() == 1 {
        return vec![0; groups];
    }
    let mut known = vec![vec![0_usize; embeddings.len()]; groups];
    for (group, terms) in read {
        for (embedding, known) in embeddings.iter().zip(&mut known[*group]) {
            *known += terms.iter().filter(|term| embedding.place(**term).is_some()).count();
        }
    }
    let best = |known: Vec<usize>| (0..known.len()).rev().max_by_key(|place| known[*place]).unwrap_or(0);
    known.into_iter().map(best).collect()
}

/// What each row weighs in the direction of what it speaks for: an entry's phrasings together as much as all that it borrows,
/// and its answer half of that.
pub(super) fn weights_of(texts: &Texts) -> Vec<f32> {
    let place = |row: &Row| (speaks_for(row, &texts.groups), row.kind as usize);
    let mut counts = vec![[0.0_f32; RowKind::COUNT]; texts.groups.len()];
    for (group, kind) in texts.rows.iter().map(place) {
        counts[group][kind] += 1.0;
    }
    let weight = |row: &Row| {
        let (group, kind) = place(row);
        row.kind.weight() / counts[group][kind]
    };
    texts.rows.iter().map(weight).collect()
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
            entry,
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
            Senses::of(vec![embedding(&[&["fade", "bled", "dye"], &["post", "mail"], &["joke"]])], &texts());
        let best = |text: &str| {
            let cosines = senses.compare(&senses.vectors(text));
            (0..cosines.len()).max_by(|a, b| cosines[*a].total_cmp(&cosines[*b]))
        };
        assert_eq!(best("dye"), Some(0));
        assert_eq!(best("mail"), Some(1));
        assert_eq!(best("joke"), Some(3));
        // What an entry borrows is part of the entry, and points nowhere by itself.
        assert_eq!(senses.compare(&senses.vectors("bled"))[2], 0.0);
    }

    #[test]
    fn a_row_that_is_taken_out_speaks_for_nothing() {
        let texts = texts();
        let senses = Senses::of(vec![embedding(&[&["fade", "bled"], &["post"], &["joke"]])], &texts);
        let weights = weights_of(&texts);
        assert_eq!(weights, [1.0, 1.0, 0.5, 0.5, 0.5, 0.5]);
        assert_eq!(senses.compare_without(&senses.vectors("post"), 1, weights[1]), 0.0);
        assert!(senses.compare_without(&senses.vectors("fade"), 0, weights[0]) > 0.9);
    }

    #[test]
    fn every_group_is_read_in_its_own_language() {
        let (english, german) = (embedding(&[&["post"], &["joke"]]), embedding(&[&["fade"], &["bled"]]));
        let senses = Senses::of(vec![english, german], &texts());
        let cosines = senses.compare(&senses.vectors("fade"));
        assert!(cosines[0] > 0.0);
        assert_eq!(cosines[1], 0.0);
    }

    #[test]
    fn without_an_embedding_nothing_is_known() {
        let senses = Senses::of(Vec::new(), &texts());
        assert!(senses.compare(&senses.vectors("fade")).is_empty());
    }
}
