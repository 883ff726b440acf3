//! Which language an entry is in, when its owner did not say: the phrasebooks to borrow from depend on it.
//!
//! By its letters, and among the languages in Latin ones by the little words that no sentence does without.

use std::collections::{BTreeMap, BTreeSet};

use super::{super::pack::PackedEntry, phrasebook::Library, source::Source};
use crate::text::{Script, fold, tokens};

/// For each entry the primary subtag of its language: the owner's, or what it looks like; empty when it looks like none.
pub(super) fn languages_of(entries: &[PackedEntry]) -> Vec<String> {
    told_or_guessed(entries.iter().map(|entry| {
        let texts = entry.questions.iter().chain([&entry.answer]).map(String::as_str);
        (entry.lang.as_str(), texts.collect())
    }))
}

/// The primary subtags of the languages whose phrasebooks an FAQ may borrow from.
pub fn languages_needed(source: &Source) -> BTreeSet<String> {
    let entries = source.entries.iter().map(|entry| {
        let lang = entry.lang.as_ref().map_or("", |lang| lang.as_str());
        let questions = entry.questions.iter().map(|question| question.as_str());
        (lang, questions.chain([entry.answer.as_str()]).collect())
    });
    told_or_guessed(entries).into_iter().filter(|lang| !lang.is_empty()).collect()
}

/// Languages of entries, each given with the one that its owner told, or nothing. What looks like no language is taken for
/// the one that most of the others are in.
fn told_or_guessed<'a>(entries: impl Iterator<Item = (&'a str, Vec<&'a str>)>) -> Vec<String> {
    let languages: Vec<Option<String>> = entries
        .map(|(told, texts)| match told {
            "" => guess(&texts).map(str::to_owned),
            told => Some(Library::language_of(told).to_ascii_lowercase()),
        })
        .collect();
    let mut often: BTreeMap<&str, usize> = BTreeMap::new();
    languages.iter().flatten().for_each(|lang| *often.entry(lang).or_default() += 1);
    let usual = often.into_iter().max_by_key(|(_, count)| *count).map_or("", |(lang, _)| lang).to_owned();
    languages.into_iter().map(|lang| lang.unwrap_or_else(|| usual.clone())).collect()
}

/// The language that texts look like, of those that there are books in.
fn guess(texts: &[&str]) -> Option<&'static str> {
    let mut letters: BTreeMap<&'static str, usize> = BTreeMap::new();
    for letter in texts.iter().flat_map(|text| text.chars()) {
        if let Some(script) = script_of(letter) {
            *letters.entry(script).or_default() += letters_in(letter);
        }
    }
    // Japanese is written with Chinese characters too, and Chinese never with kana.
    let kana = letters.remove(KANA).unwrap_or_default();
    if let Some(han) = letters.remove(HAN) {
        letters.insert(if KANA_OF_JAPANESE * kana >= han { "ja" } else { "zh" }, han + kana);
    } else if kana > 0 {
        letters.insert("ja", kana);
    }
    match letters.into_iter().max_by_key(|(_, count)| *count)?.0 {
        LATIN => by_little_words(texts),
        lang => Some(lang),
    }
}

/// How many letters of an alphabet say as much: a brand's Latin letters in a Chinese sentence are soon more than its own.
fn letters_in(letter: char) -> usize {
    if Script::of(letter) == Script::Syllabic { 4 } else { 1 }
}

const LATIN: &str = "latin";
const HAN: &str = "han";
const KANA: &str = "kana";
/// A Japanese text has at least one kana for so many Chinese characters.
const KANA_OF_JAPANESE: usize = 8;

/// A language that a letter is of, or a script that several share.
fn script_of(letter: char) -> Option<&'static str> {
    Some(match letter {
        'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => LATIN,
        '\u{400}'..='\u{4FF}' => "ru",
        '\u{600}'..='\u{6FF}' => "ar",
        '\u{900}'..='\u{97F}' => "hi",
        '\u{E00}'..='\u{E7F}' => "th",
        '\u{3041}'..='\u{30FF}' => KANA,
        '\u{4E00}'..='\u{9FFF}' => HAN,
        '\u{AC00}'..='\u{D7AF}' => "ko",
        _ => return None,
    })
}

/// The language in Latin letters whose little words there are most of; none without any.
fn by_little_words(texts: &[&str]) -> Option<&'static str> {
    let mut counts = [0_usize; LITTLE_WORDS.len()];
    for text in texts {
        for token in tokens(&fold(text)).filter(|token| token.script == Script::Alphabetic) {
            for ((_, words), count) in LITTLE_WORDS.iter().zip(&mut counts) {
                *count += usize::from(words.split(' ').any(|word| word == token.text));
            }
        }
    }
    // Of equals the first.
    let best = counts.iter().zip(LITTLE_WORDS).rev().max_by_key(|(count, _)| **count)?;
    (*best.0 > 0).then_some(best.1.0)
}

/// Words that hardly a question or an answer does without, folded.
const LITTLE_WORDS: [(&str, &str); 10] = [
    (
        "en",
        "the is are do does can how what my i you your to of and for in with where when it not have will we our this be \
         if from which who why am an at on or any there",
    ),
    (
        "de",
        "der die das ist ich wie was kann und mein meine nicht mit fur ein eine wo wann ihr sie wir zu den dem auf bei \
         von im es gibt welche habe wird oder werden sind uber bis ihre man einen",
    ),
    (
        "es",
        "el la los las que como es mi puedo un una y para con por en del se hay cuando donde cual cuanto si no su tengo \
         son mis lo al hasta cuales esta pueden sin",
    ),
    (
        "fr",
        "le la les est je comment mon ma mes un une et pour avec dans du des que quand ou vous nous puis quel quelle \
         votre ce il ne pas sur au aux peut sont vos combien estce en",
    ),
    (
        "id",
        "apa bagaimana cara yang dan di saya untuk dengan tidak bisa berapa ke dari ini itu ada kapan mana adalah atau \
         jika akan anda apakah kami dimana sudah dalam pada harus lama",
    ),
    (
        "it",
        "il lo la gli le che come e mio mia posso un una per con di del della quando dove quale quanto non si in nel ho \
         ci sono vostro dei delle al alla ce cosa i da",
    ),
    (
        "pl",
        "jak i w na czy nie do moj moje sie z jest co gdzie kiedy ile za to moge o po mozna dla od przez jaki jakie lub \
         moja sa u ze",
    ),
    (
        "pt",
        "o a os as que como e meu minha posso um uma para com por em do da dos das se quando onde qual quanto nao na no \
         seu sua ao voces voce tem sao meus ate",
    ),
    (
        "tr",
        "ve bir nasil ne mi icin var mu nerede zaman bu ile kadar hangi benim da de veya olarak miyim nedir neden \
         musunuz misiniz kac sonra olan degil yok olur edilir her ya size icinde gun edebilirsiniz iletin sayfasindan en az \
         cok neler kendi baska yeni gerekir yapmaliyim aliyorum olmuyor son",
    ),
    (
        "vi",
        "la co khong toi lam the nao cua cho va duoc o dau khi bao nhieu minh gi cac mot nhu voi bi hay thi tai sao den \
         ban muon phai trong",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &str) -> Option<&'static str> {
        guess(&[text])
    }

    #[test]
    fn a_text_is_in_the_language_whose_letters_or_little_words_it_has() {
        for (text, lang) in [
            ("How can I pay?", "en"),
            ("Wie kann ich bezahlen?", "de"),
            ("¿Cómo puedo pagar?", "es"),
            ("Comment puis-je payer ?", "fr"),
            ("Bagaimana cara membayar?", "id"),
            ("Come posso pagare con la carta?", "it"),
            ("Jak mogę zapłacić?", "pl"),
            ("Como posso pagar com o meu cartão?", "pt"),
            ("Nasıl ödeme yapabilirim, hangi kartlar var?", "tr"),
            ("Tôi thanh toán như thế nào?", "vi"),
            ("Как оплатить?", "ru"),
            ("كيف أدفع؟", "ar"),
            ("भुगतान कैसे करें?", "hi"),
            ("จ่ายเงินยังไง", "th"),
            ("결제는 어떻게 하나요?", "ko"),
            ("可以开发票吗？支持 WeChat Pay", "zh"),
            ("お支払い方法を教えてください", "ja"),
        ] {
            assert_eq!(language(text), Some(lang), "{text}");
        }
    }

    #[test]
    fn what_the_phrasebooks_answer_is_in_their_language() {
        let mut library = Library::default();
        for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/phrasebooks")).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name.ends_with(".txt") {
                library.add(&name, &std::fs::read_to_string(&path).unwrap()).unwrap();
            }
        }
        for lang in library.languages() {
            let intents =
                library.of(lang).iter().filter_map(|intent| Some((&intent.titles, intent.starter.as_ref()?)));
            let texts = intents.map(|(titles, answer)| {
                titles.iter().chain([answer]).map(String::as_str).collect::<Vec<_>>()
            });
            let guesses: Vec<_> = texts.map(|texts| guess(&texts)).collect();
            let right = guesses.iter().filter(|guessed| **guessed == Some(lang)).count();
            assert!(right * 50 >= guesses.len() * 49, "{lang}: {right} of {}", guesses.len());
        }
    }

    #[test]
    fn what_looks_like_no_language_is_in_the_usual_one() {
        assert_eq!(language("Kuinka maksan laskun?"), None);
        assert_eq!(language("…"), None);
        let entry = |lang: &'static str, text: &'static str| (lang, vec![text]);
        let entries = [
            entry("", "Refund status"),
            entry("", "Wann kommt die Rechnung?"),
            entry("zh-Hant", "x"),
            entry("", "Wo ist das?"),
            entry("", "What is this?"),
        ];
        assert_eq!(told_or_guessed(entries.into_iter()), ["de", "de", "zh", "de", "en"]);
        let told =
            [entry("de", "x"), entry("", "Refund status"), entry("de-AT", "x"), entry("", "Wo ist das?")];
        assert_eq!(told_or_guessed(told.into_iter()), ["de"; 4]);
        let told =
            [entry("", "What is this?"), entry("nl", "x"), entry("", "Refund status"), entry("nl", "x")];
        assert_eq!(told_or_guessed(told.into_iter()), ["en", "nl", "nl", "nl"]);
        assert_eq!(told_or_guessed([("ZH-Hant", vec![])].into_iter()), ["zh"]);
    }
}
