//! From an FAQ as its owner wrote it to a pack.
//!
//! The same code runs in the command line and at the edge, and the same source always gives the same bytes.

mod align;
mod borrow;
mod calibrate;
mod check;
mod csv;
mod distil;
pub mod embedding;
mod holdout;
mod language;
mod learned;
mod lint;
mod loans;
mod parallel;
pub mod phrasebook;
mod scope;
mod softmax;
pub mod source;
pub mod starter;
pub mod thesaurus;
mod train;
mod yaml;

pub use language::languages_needed;

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use self::{
    holdout::HoldOut,
    phrasebook::Library,
    scope::{Example, Half},
    source::{Source, SourceEntry},
    thesaurus::{Relation, Vocabulary},
};
use super::{
    embedding::{Embedding, Vector},
    index::{FeaturesOfRows, Index},
    pack::{MAX_SWAPS, Pack, PackedEntry, PackedIntent},
    reading::{Aspect, MAX_ASPECTS, Reading},
    score::{LEAST_WEIGHT_OF_LOANS, Scorer, weight_of_loans},
    sense::{Senses, weights_of},
    synonyms::Synonyms,
    texts::Texts,
};
use crate::{
    text::{HanPairs, Pinyin, fold},
    wire::{Advice, FaqReport, FaqTuning, Loan, PackHash, SourceFault},
};

/// The most entries a source may have. A pack may have more: this is about what an owner can keep in order.
pub const MAX_SOURCE_ENTRIES: usize = 2_000;

/// The language whose characters have sounds that are worth knowing.
const CHINESE: &str = "zh";

/// The most entries a pack suggests in a language; no greeting has room for more.
const MAX_SUGGESTED: usize = 12;

/// A compiled FAQ.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The pack, for [`super::Matcher::load`].
    pub pack: Vec<u8>,
    /// Its name: the first 16 bytes of its SHA-256.
    pub hash: PackHash,
    /// Entries it has.
    pub entries: usize,
    /// Phrasings it has.
    pub phrasings: usize,
    /// What the owner may want to mend; nothing here stops a publication.
    pub warnings: Vec<SourceFault>,
    /// What the owner should know about it.
    pub report: FaqReport,
}

/// Compiles an FAQ of at most [`super::MAX_ENTRIES`] entries and [`super::MAX_PHRASINGS`] phrasings.
pub fn compile(source: &Source, library: &Library, tuning: &FaqTuning) -> Compiled {
    let source = &source.having_learned(&tuning.learned);
    let mut order: Vec<usize> = (0..source.entries.len()).collect();
    order.sort_by(|a, b| source.entries[*a].id.cmp(&source.entries[*b].id));
    let entries: Vec<PackedEntry> = order.iter().map(|place| packed(&source.entries[*place])).collect();

    let of_entries = language::languages_of(&entries);
    let languages: BTreeSet<&str> = of_entries.iter().map(String::as_str).collect();
    let all = HanPairs::all();
    let aspects = aspects_of(&languages, &all, library);
    let everything = Reading::new(all, aspects.clone());
    let Borrowed { intents, loans, examples, not_translated } =
        borrowed(&entries, &of_entries, &everything, library, tuning);
    let used = characters(&entries, &intents, &everything);
    let is_chinese = languages.contains(CHINESE);
    let pinyin = if is_chinese { Pinyin::all().sounding_like(&used) } else { Pinyin::default() };
    let texts = Texts::of(&entries, &intents, &everything);
    let embedding = distil::embedding(&of_entries, library, &texts, &everything);
    let vectors = embedding.vectors(texts.all());
    let reading =
        Reading::new(everything.han().leading_to(&known(used, everything.han(), &embedding)), aspects);
    let synonyms = swaps_for(&entries, &languages, &reading, library);
    let (scorer, features) = trained(&texts, &reading, &vectors);
    let senses = Senses::of(embedding, &texts, scorer.support());
    let scope = scope::learn(&examples, None);
    let asked = HoldOut {
        scorer: &scorer,
        features: &features,
        texts: &texts,
        weights: weights_of(&texts),
        senses: &senses,
        vectors: &vectors,
        reading: &reading,
        scopes: [Half::One, Half::Other].map(|half| (half, scope::learn(&examples, Some(half)))),
    };
    let (calibration, levels) = calibrate::calibrate(&asked, &intents, tuning.eagerness);
    let advice = lint::advise(&entries, &asked, not_translated);
    let report = FaqReport { tuning: tuning.clone(), levels, loans, advice };

    let suggested = suggested(source, &order);
    let support = scorer.into_support();
    let embedding = senses.into_embedding();
    let pack = Pack {
        entries,
        intents,
        synonyms,
        reading,
        pinyin,
        suggested,
        support,
        scope,
        embedding,
        calibration,
    };
    let pack = pack.encode();
    let mut name = [0; 16];
    name.copy_from_slice(&Sha256::digest(&pack)[..16]);
    Compiled {
        pack,
        hash: PackHash::from(name),
        entries: source.entries.len(),
        phrasings: source.entries.iter().map(|entry| entry.questions.len()).sum(),
        warnings: source.warnings.clone(),
        report,
    }
}

/// What the entries borrow from the phrasebooks, and what was learned on the way.
#[derive(Default)]
struct Borrowed {
    intents: Vec<PackedIntent>,
    /// What their owner is told of it.
    loans: Vec<Loan>,
    /// What tells their subject from others.
    examples: Vec<Example>,
    /// Entries that are missing in one of the FAQ's languages.
    not_translated: Vec<Advice>,
}

fn borrowed(
    entries: &[PackedEntry],
    languages: &[String],
    reading: &Reading,
    library: &Library,
    tuning: &FaqTuning,
) -> Borrowed {
    let questions = entries.iter().map(|entry| entry.questions.len()).sum();
    if weight_of_loans(questions, entries.len()) < LEAST_WEIGHT_OF_LOANS {
        return Borrowed::default();
    }
    let index = Index::build(&Texts::of(entries, &[], reading), reading);
    let untrained = train::untrained(&index);
    let draft = Scorer::new(index, untrained);
    let mut aligned = align::align(entries, languages, &draft, reading, library);
    let not_translated = lint::not_translated(entries, languages, &aligned, library);
    let refused = loans::heed(&mut aligned, entries, tuning);
    let intents = borrow::borrow(&aligned);
    Borrowed {
        loans: loans::listed(&intents, &aligned, entries, refused),
        examples: scope::examples(entries, &aligned, reading),
        intents,
        not_translated,
    }
}

/// An FAQ with what it borrows, trained, and the features of its rows.
fn trained(texts: &Texts, reading: &Reading, vectors: &[Vector]) -> (Scorer, FeaturesOfRows) {
    let index = Index::build(texts, reading);
    let features = index.features_of_rows();
    let support = train::train(&index, &features, vectors);
    (Scorer::new(index, support), features)
}

/// The aspects that are asked for in the FAQ's languages.
fn aspects_of(languages: &BTreeSet<&str>, han: &HanPairs, library: &Library) -> Vec<Aspect> {
    let sets = languages.iter().flat_map(|lang| library.words(lang));
    let sets = sets.filter(|set| set.relation == Relation::Aspect).take(MAX_ASPECTS);
    sets.map(|set| set.words().map(|word| han.fold(&fold(word))).collect()).collect()
}

fn packed(entry: &SourceEntry) -> PackedEntry {
    PackedEntry {
        id: entry.id.to_string(),
        questions: entry.questions.iter().map(ToString::to_string).collect(),
        answer: entry.answer.to_string(),
        lang: entry.lang.as_ref().map(|lang| lang.as_str().to_owned()).unwrap_or_default(),
    }
}

/// Swaps from words that the FAQ's questions do not use to those that they do. Words of answers would be many more, and
/// were found to mislead.
fn swaps_for(
    entries: &[PackedEntry],
    languages: &BTreeSet<&str>,
    reading: &Reading,
    library: &Library,
) -> Synonyms {
    let texts = entries.iter().flat_map(|entry| &entry.questions);
    let texts: Vec<String> = texts.map(|text| reading.fold(text)).collect();
    let vocabulary = Vocabulary::of(texts.iter().map(String::as_str));
    let swaps = languages.iter().flat_map(|lang| thesaurus::swaps(library.words(lang), &vocabulary));
    Synonyms::new(swaps.take(MAX_SWAPS).collect())
}

/// Every character that the FAQ's texts have once they are folded, and the phrases that ask for its aspects.
fn characters(entries: &[PackedEntry], intents: &[PackedIntent], reading: &Reading) -> BTreeSet<char> {
    let of_entries = entries.iter().flat_map(|entry| entry.questions.iter().chain([&entry.answer]));
    let texts = of_entries
        .chain(intents.iter().flat_map(|intent| &intent.phrasings))
        .chain(reading.aspects().iter().flatten());
    texts.flat_map(|text| reading.fold(text).chars().collect::<Vec<_>>()).collect()
}

/// To the characters that the FAQ's texts have, those that its embedding knows: a question in traditional characters is to be
/// understood even where its words are not the FAQ's.
fn known(mut used: BTreeSet<char>, all: &HanPairs, embedding: &Embedding) -> BTreeSet<char> {
    let simplified = all.iter().map(|(_, simplified)| simplified);
    used.extend(simplified.filter(|c| embedding.knows(*c)));
    used
}

/// The entries the owner wants offered first, or all of them, in the owner's order; in an FAQ of several languages so for
/// each of them, since nobody reads them all.
fn suggested(source: &Source, order: &[usize]) -> Vec<u16> {
    let mut place_in_pack = vec![0_u16; order.len()];
    for (place, in_source) in (0_u16..).zip(order) {
        place_in_pack[*in_source] = place;
    }
    let language = |entry: &SourceEntry| {
        entry.lang.as_ref().map(|lang| Library::language_of(lang.as_str()).to_ascii_lowercase())
    };
    let languages: BTreeSet<_> = source.entries.iter().filter_map(language).collect();
    let chosen: BTreeSet<_> = source.entries.iter().filter(|entry| entry.suggest).map(language).collect();
    // Where the owner chose some in one language, others may be without.
    let is_left_out = |lang: &Option<String>| lang.is_some() && languages.len() > 1 && !chosen.contains(lang);
    let mut offered: Vec<_> = source
        .entries
        .iter()
        .zip(place_in_pack)
        .map(|(entry, place)| (entry.suggest, language(entry), place))
        .filter(|(is_chosen, lang, _)| *is_chosen || chosen.is_empty() || is_left_out(lang))
        .collect();
    offered.sort_by_key(|(is_chosen, ..)| !is_chosen);
    let mut taken: BTreeMap<Option<String>, usize> = BTreeMap::new();
    offered.retain(|(_, lang, _)| {
        let taken = taken.entry(lang.clone()).or_default();
        *taken += 1;
        *taken <= MAX_SUGGESTED
    });
    offered.into_iter().map(|(.., place)| place).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::faq::{Decision, Matcher};

    fn entry(id: &str, questions: &[&str], answer: &str) -> SourceEntry {
        SourceEntry {
            id: id.parse().unwrap(),
            questions: questions.iter().map(|text| source::Question::new(text).unwrap()).collect(),
            answer: crate::wire::Text::new(answer).unwrap(),
            lang: None,
            suggest: false,
            subject: None,
        }
    }

    fn shop() -> Vec<SourceEntry> {
        vec![
            entry(
                "returns",
                &["How do I return an item?", "Sending something back", "What is your return policy?"],
                "Within 30 days, unused. Print the label from your account.",
            ),
            entry(
                "delivery-time",
                &["How long does delivery take?", "When will my parcel arrive?"],
                "Two to four working days inside the country.",
            ),
            entry(
                "payment",
                &["Which cards do you accept?", "How can I pay?"],
                "Visa, Mastercard and bank transfer.",
            ),
            entry(
                "opening",
                &["When are you open?", "Opening hours of the shop"],
                "Monday to Saturday, 9 to 18.",
            ),
            entry(
                "gift",
                &["Can you wrap it as a gift?", "Do you sell gift cards?"],
                "Yes, both, at checkout.",
            ),
            entry(
                "cancel-zh",
                &["怎么取消订单？", "下单后还能取消吗"],
                "发货前可以在订单页取消。发货后请申请退货。",
            ),
            entry("invoice-zh", &["可以开发票吗？", "电子发票在哪里下载"], "在订单详情里点击“开发票”。"),
        ]
    }

    fn matcher_of(entries: Vec<SourceEntry>) -> Matcher {
        Matcher::load(
            &compile(&Source { entries, warnings: Vec::new() }, &Library::default(), &FaqTuning::default())
                .pack,
        )
        .unwrap()
    }

    fn best<'a>(matcher: &'a Matcher, question: &str) -> Option<&'a str> {
        matcher.ask(question).ranked.first().map(|candidate| matcher.entries()[candidate.entry].id.as_str())
    }

    #[test]
    fn a_question_in_the_owners_words_is_answered() {
        let matcher = matcher_of(shop());
        for owner in shop() {
            for question in &owner.questions {
                let verdict = matcher.ask(question.as_str());
                assert_eq!(best(&matcher, question.as_str()), Some(owner.id.as_str()), "{question}");
                assert_eq!(verdict.decision, Decision::Answer, "{question}: {verdict:?}");
            }
        }
    }

    #[test]
    fn a_question_finds_its_entry_by_what_both_are_about() {
        let mut library = Library::default();
        library
            .add("shop.en.txt", "## post\n? Postage\npostage parcel delivery\n\n## joke\n? Joke\ntell joke\n")
            .unwrap();
        let terms = embedding::Terms::default();
        let towards = |words: &str, signs| {
            let learned = move |term| embedding::Learned { term, signs, length: 1.0 };
            terms.of(words).into_iter().map(learned).collect::<Vec<_>>()
        };
        let learned = [towards("postage parcel delivery", 0), towards("tell joke", u64::MAX >> 32)].concat();
        let encoded = embedding::encode(&library, [("en".to_owned(), learned)].into());
        library.add_embedding("en", &encoded["en"]).unwrap();
        let entries =
            vec![entry("post", &["Parcel delivery"], "Soon."), entry("pay", &["Which cards?"], "All.")];
        let with = |library: &Library| {
            let source = Source { entries: entries.clone(), warnings: Vec::new() };
            Matcher::load(&compile(&source, library, &FaqTuning::default()).pack).unwrap()
        };
        let (knowing, plain) = (with(&library), with(&Library::default()));
        assert_eq!(best(&knowing, "postage"), Some("post"));
        assert_eq!(plain.ask("postage").decision, Decision::Abstain);
        let why = knowing.explain("postage");
        assert_eq!(why.carried.first().map(|part| part.text.as_str()), Some("postage"));
    }

    #[test]
    fn an_entry_is_found_in_the_faqs_other_language() {
        let mut library = Library::default();
        library.add("shop.en.txt", "## post\n? Postage\nparcel\n\n## pay\n? Cards\ncredit card\n").unwrap();
        library.add("shop.zh-Hans.txt", "## post\n? 邮寄\n包裹\n\n## pay\n? 付款\n刷卡\n").unwrap();
        let terms = embedding::Terms::default();
        let learned = |towards: [(&str, u64); 2]| -> Vec<embedding::Learned> {
            let learned = |text, signs| {
                let learned = move |term| embedding::Learned { term, signs, length: 1.0 };
                terms.of(text).into_iter().map(learned)
            };
            towards.into_iter().flat_map(|(text, signs)| learned(text, signs)).collect()
        };
        let (post, pay) = (0, u64::MAX >> 32);
        let of_languages = [
            ("en".to_owned(), learned([("postage parcel", post), ("cards credit card", pay)])),
            ("zh".to_owned(), learned([("邮寄包裹", post), ("付款刷卡", pay)])),
        ];
        for (lang, bytes) in embedding::encode(&library, of_languages.into()) {
            library.add_embedding(&lang, &bytes).unwrap();
        }
        let entries =
            vec![entry("post", &["How to send a parcel"], "Soon."), entry("pay", &["怎么付款"], "刷卡。")];
        let source = Source { entries, warnings: Vec::new() };
        let matcher = Matcher::load(&compile(&source, &library, &FaqTuning::default()).pack).unwrap();
        assert_eq!(best(&matcher, "包裹"), Some("post"));
        assert_eq!(best(&matcher, "credit card"), Some("pay"));
    }

    #[test]
    fn slips_endings_and_the_other_script_still_find_the_entry() {
        let matcher = matcher_of(shop());
        for (question, id) in [
            ("retrun polcy", "returns"),
            ("i want to SEND IT BACK!!", "returns"),
            ("parcel arrival", "delivery-time"),
            ("我想取消訂單", "cancel-zh"),
            ("電子發票", "invoice-zh"),
            ("ｇｉｆｔ　ｃａｒｄｓ", "gift"),
        ] {
            assert_eq!(best(&matcher, question), Some(id), "{question}");
        }
    }

    #[test]
    fn what_the_faq_knows_nothing_of_is_left_to_a_person() {
        let matcher = matcher_of(shop());
        for question in ["", "   ", "?!", "🙂", "Ωμέγα", "zzqx jvvk"] {
            assert_eq!(matcher.ask(question).decision, Decision::Abstain, "{question}");
        }
    }

    #[test]
    fn a_short_question_goes_on_from_the_one_before() {
        let mut entries = shop();
        entries.push(entry(
            "returns-children",
            &["Returns of children's clothes", "Can I return shoes for children?"],
            "Within 60 days: they grow.",
        ));
        let matcher = matcher_of(entries);
        let best = |verdict: crate::faq::Verdict| matcher.entries()[verdict.ranked[0].entry].id.clone();
        let before = "How do I return an item?";
        assert_eq!(best(matcher.ask_after("and for children?", before)), "returns-children");
        assert_eq!(best(matcher.ask_after("How can I pay?", before)), "payment");
        assert_eq!(matcher.ask_after("vrumpf", before), matcher.ask("vrumpf"));
        // A greeting is nothing to go on from.
        assert_eq!(matcher.ask_after("children", "vrumpf"), matcher.ask("children"));
        assert!(matcher.ask("I want to return something").repeats(&matcher.ask(before)));
        assert!(!matcher.ask("How can I pay?").repeats(&matcher.ask(before)));
    }

    #[test]
    fn a_question_that_goes_on_is_explained_as_it_was_judged() {
        let mut entries = shop();
        entries.push(entry("returns-children", &["Returns of children's clothes"], "Within 60 days."));
        entries.push(entry("sizes-children", &["Sizes of children's clothes"], "From 98 to 152."));
        let (matcher, before) = (matcher_of(entries), "How do I return an item?");
        let told = |question| {
            let (why, verdict) =
                (matcher.explain_after(question, before), matcher.ask_after(question, before));
            assert_eq!((why.decision, why.covered), (verdict.decision, verdict.confidence), "{question}");
            assert_eq!(why.entry, verdict.ranked.first().map(|best| best.entry), "{question}");
            why
        };
        let why = told("and children's clothes?");
        assert!(why.goes_on && !why.carried.is_empty(), "{why:?}");
        assert_ne!(why, matcher.explain("and children's clothes?"));
        assert_eq!(told("How can I pay?"), matcher.explain("How can I pay?"));
        assert_eq!(matcher.explain_after("vrumpf", before), matcher.explain("vrumpf"));
    }

    #[test]
    fn two_entries_that_ask_the_same_are_both_offered() {
        let mut entries = shop();
        entries.push(entry("returns-b2b", &["How do I return an item?"], "Ask your contact."));
        let matcher = matcher_of(entries);
        let verdict = matcher.ask("How do I return an item?");
        assert!(matches!(verdict.decision, Decision::Offer(2..)), "{verdict:?}");
        let why = matcher.explain("How do I return an item?");
        assert!(why.contested && why.right >= why.answer_at, "{why:?}");
        assert!(!matcher.explain("How can I pay?").contested);
    }

    #[test]
    fn an_empty_faq_answers_nothing() {
        let matcher = matcher_of(Vec::new());
        assert_eq!(matcher.ask("anything").decision, Decision::Abstain);
        assert!(matcher.suggestions(3).is_empty());
    }

    #[test]
    fn the_owners_choice_is_suggested_first_else_the_beginning_of_the_file() {
        let ids = |matcher: &Matcher, n| -> Vec<String> {
            matcher.suggestions(n).into_iter().map(|entry| matcher.entries()[entry].id.clone()).collect()
        };
        let mut entries = shop();
        assert_eq!(ids(&matcher_of(entries.clone()), 2), ["returns", "delivery-time"]);
        entries[3].suggest = true;
        entries[1].suggest = true;
        assert_eq!(ids(&matcher_of(entries), 5), ["delivery-time", "opening"]);
    }

    #[test]
    fn suggestions_are_in_the_readers_language_and_others_only_where_it_has_too_few() {
        let entries = |chosen: &[&str]| -> Vec<SourceEntry> {
            let named = |lang: &str, count| (0..count).map(|n| format!("{lang}{n}")).collect::<Vec<_>>();
            let all = [named("en", 20), named("zh-Hans", 3), named("de", 9)].concat().into_iter();
            all.map(|id| {
                let lang = id.trim_end_matches(char::is_numeric).to_owned().try_into().unwrap();
                let suggest = chosen.contains(&id.as_str());
                SourceEntry { lang: Some(lang), suggest, ..entry(&id, &[&format!("What is {id}?")], "This.") }
            })
            .collect()
        };
        let ids = |chosen: &[&str], wanted: &[&str]| -> String {
            let matcher = matcher_of(entries(chosen)).for_reader(wanted);
            let ids = matcher.suggestions(4).into_iter().map(|entry| matcher.entries()[entry].id.clone());
            ids.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(ids(&[], &["de-CH", "en"]), "de0 de1 de2 de3");
        assert_eq!(ids(&[], &["fr", "en"]), "en0 en1 en2 en3");
        assert_eq!(ids(&[], &["zh-TW"]), "zh-Hans0 zh-Hans1 zh-Hans2 en0");
        assert_eq!(ids(&[], &["fr"]), ids(&[], &[]));
        assert_eq!(ids(&["en7", "de4", "en3"], &["en"]), "en3 en7");
        assert_eq!(ids(&["en7", "de4", "en3"], &["de"]), "de4");
        assert_eq!(ids(&["en7", "en3"], &["de"]), "de0 de1 de2 de3", "chosen for those who read it");
    }

    #[test]
    fn a_pack_is_named_by_its_content() {
        let source = Source { entries: shop(), warnings: Vec::new() };
        let (once, again) = (
            compile(&source, &Library::default(), &FaqTuning::default()),
            compile(&source, &Library::default(), &FaqTuning::default()),
        );
        assert_eq!((&once.pack, &once.hash), (&again.pack, &again.hash));
        let digest = Sha256::digest(&once.pack);
        let name: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(once.hash.as_str(), name);
        assert_eq!((once.entries, once.phrasings), (7, 15));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn the_order_of_the_file_changes_no_verdict(
            entries in Just(shop()).prop_shuffle(),
            question in "[a-z ]{0,30}|how do i (pay|return|cancel)|怎么(取消|付款|退货)",
        ) {
            let (one, other) = (matcher_of(shop()), matcher_of(entries));
            prop_assert_eq!(one.entries(), other.entries());
            prop_assert_eq!(one.ask(&question), other.ask(&question));
        }
    }

    proptest! {
        #[test]
        fn any_question_gets_a_sound_verdict(question in any::<String>()) {
            let matcher = matcher_of(shop());
            let verdict = matcher.ask(&question);
            prop_assert!((0.0..=1.0).contains(&verdict.confidence));
            prop_assert!(verdict.ranked.iter().all(|candidate| (0.0..=1.0).contains(&candidate.confidence)));
            prop_assert!(verdict.ranked.is_sorted_by(|a, b| a.confidence >= b.confidence));
            if let Decision::Offer(count) = verdict.decision {
                prop_assert!((1..=3).contains(&count) && count <= verdict.ranked.len());
            }
            prop_assert_eq!(matcher.ask(&question), verdict);
        }
    }
}
