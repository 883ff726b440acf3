//! Chooses which terms of a language's embedding a pack carries.
//!
//! A language has tens of thousands, and a pack room for some thousands. Those are taken that visitors of such an FAQ use: a term
//! counts each time it stands in a text of an intent, more in those of intents that point where some entry does, and more when
//! it is rare or says much.

use std::collections::BTreeMap;

use super::{
    super::{
        embedding::{DIMENSIONS, Embedding, Places, add, dot, terms},
        index::one_over_root,
        reading::Reading,
        score::Support,
        sense::Senses,
        texts::Texts,
    },
    parallel,
    phrasebook::{Intent, Library},
};

/// How many terms a pack carries, over all languages.
const CARRIED: usize = 4_000;
/// How quickly an intent counts less the further it points from every entry.
const SHARPNESS: f32 = 8.0;

/// The embedding of an FAQ, with the terms of its languages that are worth carrying; an empty one without any that is known.
/// `languages` are those of the entries: the more entries, the more room.
pub(super) fn embedding(
    languages: &[String],
    library: &Library,
    texts: &Texts,
    reading: &Reading,
) -> Embedding {
    let mut entries: BTreeMap<&str, usize> = BTreeMap::new();
    languages.iter().for_each(|lang| *entries.entry(lang).or_default() += 1);
    let mut known: Vec<(&str, usize, &Embedding)> = entries
        .into_iter()
        .filter_map(|(lang, entries)| Some((lang, entries, library.embedding(lang)?)))
        .collect();
    known.sort_by(|(a, x, _), (b, y, _)| y.cmp(x).then(a.cmp(b)));
    let all: usize = known.iter().map(|(_, entries, _)| entries).sum();
    let distilled = known.into_iter().map(|(lang, entries, embedding)| {
        let senses = Senses::of(embedding.clone(), texts, &Support::default());
        distil(embedding, CARRIED * entries / all, &senses, library.of(lang), reading)
    });
    Embedding::merged(&distilled.collect::<Vec<_>>())
}

fn distil(
    embedding: &Embedding,
    room: usize,
    senses: &Senses,
    intents: &[Intent],
    reading: &Reading,
) -> Embedding {
    let places = Places::of(embedding);
    let counted = parallel::map(intents, |intent| count(intent, embedding, &places, senses, reading));
    let mut worths = vec![0.0_f32; embedding.len()];
    for (weight, places) in counted {
        places.into_iter().for_each(|place| worths[place] += weight);
    }
    worths.iter_mut().zip(embedding.lengths()).for_each(|(worth, length)| *worth *= length);
    let mut order: Vec<usize> = (0..worths.len()).filter(|place| worths[*place] > 0.0).collect();
    order.sort_by(|a, b| worths[*b].total_cmp(&worths[*a]).then(a.cmp(b)));
    order.truncate(room);
    embedding.only(order)
}

/// How much an intent counts, and the places of the terms of its texts.
fn count(
    intent: &Intent,
    embedding: &Embedding,
    places: &Places,
    senses: &Senses,
    reading: &Reading,
) -> (f32, Vec<usize>) {
    let mut known = Vec::new();
    let mut sum = [0.0; DIMENSIONS];
    for text in intent.texts() {
        let of_text: Vec<Option<usize>> =
            terms(&reading.fold(text)).into_iter().map(|term| places.get(term)).collect();
        known.extend(of_text.iter().flatten());
        add(&mut sum, &embedding.vector_of_places(of_text.into_iter()), 1.0);
    }
    let bearings = senses.compare(&sum);
    let nearest =
        bearings.iter().map(|bearing| bearing.sense).fold(0.0, f32::max) * one_over_root(dot(&sum, &sum));
    (libm::expf(SHARPNESS * (nearest - 1.0)), known)
}

#[cfg(test)]
mod tests {
    use core::ops::Range;

    use super::{super::embedding::Learned, *};
    use crate::faq::{embedding::term_of, pack::PackedEntry};

    fn texts(reading: &Reading) -> Texts {
        let entry = PackedEntry {
            id: "post".into(),
            questions: vec!["post".into()],
            answer: String::new(),
            lang: String::new(),
        };
        Texts::of(&[entry], &[], reading)
    }

    #[test]
    fn what_is_asked_of_such_an_faq_comes_first() {
        let book = "## a\n? Post\npost mail\n\n## b\n? Joke\njoke pun joke pun\n";
        let mut library = Library::default();
        library.add("shop.en.txt", book).unwrap();
        let signs = |word: &str| if ["post", "mail"].contains(&word) { 0 } else { u64::MAX >> 32 };
        let mut terms: Vec<(u32, u64, u8)> =
            ["post", "mail", "joke", "pun", "tea"].map(|word| (term_of(word), signs(word), 0)).into();
        terms.sort_unstable();
        let embedding = Embedding::new(terms, 0);
        let reading = Reading::default();
        let senses = Senses::of(embedding.clone(), &texts(&reading), &Support::default());
        let distilled = |room| distil(&embedding, room, &senses, library.of("en"), &reading);
        let knows = |room, word: &str| distilled(room).place(term_of(word)).is_some();
        assert!(knows(2, "post") && knows(2, "mail") && !knows(2, "joke"));
        // What no text has is worth nothing, however much room there is.
        assert!(knows(9, "joke") && !knows(9, "tea"));
    }

    #[test]
    fn a_pack_has_room_for_every_language_by_its_entries() {
        let mut library = Library::default();
        let learned = |terms: Range<u32>| terms.map(|term| Learned { term, signs: 0, length: 1.0 }).collect();
        for lang in ["de", "en"] {
            library.add(&format!("shop.{lang}.txt"), "## a\n? Post\npost\n").unwrap();
        }
        let post = term_of("post");
        let both =
            [("de".to_owned(), learned(post..post + 9)), ("en".to_owned(), learned(post - 9..post + 1))];
        for (lang, bytes) in super::super::embedding::encode(&library, both.into()) {
            library.add_embedding(&lang, &bytes).unwrap();
        }
        let reading = Reading::default();
        let known = |languages: &[&str]| {
            let languages: Vec<String> = languages.iter().map(ToString::to_string).collect();
            embedding(&languages, &library, &texts(&reading), &reading).len()
        };
        // Both know the word, and nothing else of theirs is in any text.
        assert_eq!((known(&["de", "en", "en"]), known(&["en"]), known(&["fr"]), known(&[])), (1, 1, 0, 0));
    }
}
