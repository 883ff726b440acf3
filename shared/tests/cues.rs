//! The books of cues under test: whether they are sound, and whether the tables are theirs and tell what nobody doubts.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its data fails")]

mod books;

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use books::{files, library};
use deskbell_shared::{
    faq::compile::phrasebook::Library,
    handoff::{
        Cue, CueReader, CueTable, Cues,
        cues::{
            books::{Example, name_of, parse},
            is_of,
        },
    },
    text::fold,
};

const TABLE: &str = ".cues.txt";

/// The texts of the books, by language.
fn texts() -> BTreeMap<String, Vec<String>> {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files("cues") {
        let name = path.file_name().unwrap().to_str().unwrap();
        if !name.ends_with(TABLE) {
            let lang = Library::language_of(name.split('.').next().unwrap()).to_owned();
            texts.entry(lang).or_default().push(fs::read_to_string(&path).unwrap());
        }
    }
    texts
}

fn table(lang: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("cues/{lang}{TABLE}"));
    fs::read_to_string(path).unwrap_or_default()
}

fn reader(lang: &str) -> CueReader {
    let mut reader = CueReader::default();
    reader.add(CueTable::parse(&table(lang)).unwrap());
    reader
}

#[test]
fn every_language_has_a_table_that_was_learned_from_the_books_as_they_are_and_that_the_widget_finds() {
    let (library, texts) = (library(), texts());
    let frame = Path::new(env!("CARGO_MANIFEST_DIR")).join("../widget/frame.html");
    let frame = fs::read_to_string(frame).unwrap();
    for lang in library.languages() {
        let name = name_of(texts.get(lang).into_iter().flatten().map(String::as_str), library.of(lang));
        assert!(
            is_of(&table(lang), lang, &name),
            "the books have changed since the cues of `{lang}` were learned: run `cargo xtask cues`"
        );
        assert_eq!(CueTable::parse(&table(lang)).unwrap().lang(), lang);
        assert!(frame.contains(&format!("data-cues-{lang}=")), "{lang}");
    }
    assert!(texts.keys().all(|lang| library.languages().any(|known| known == lang)));
}

#[test]
fn no_message_stands_twice() {
    let mut twice = Vec::new();
    for (lang, texts) in texts() {
        let mut seen: HashMap<String, Cues> = HashMap::new();
        for Example { text, cues } in texts.iter().flat_map(|text| parse(text).unwrap()) {
            if seen.insert(fold(&text), cues).is_some() {
                twice.push(format!("{lang}: {text}"));
            }
        }
    }
    assert!(twice.is_empty(), "{} messages:\n{}", twice.len(), twice.join("\n"));
}

#[test]
fn what_nobody_doubts_is_told() {
    for (lang, text, cue) in [
        ("en", "please let a human being deal with this", Cue::Wish),
        ("en", "you are nothing but scammers and I will take you to court", Cue::Threat),
        ("en", "my card was charged twice for one order", Cue::Sensitive),
        ("en", "there is a fire in the kitchen, smoke everywhere", Cue::Crisis),
        ("en", "shut up you stupid bot", Cue::Insult),
        ("zh", "给我转人工客服", Cue::Wish),
        ("zh", "你们是骗子公司 我要去法院告你们", Cue::Threat),
        ("zh", "信用卡被盗刷了三笔", Cue::Sensitive),
        ("zh", "廚房著火了 都是煙", Cue::Crisis),
        ("zh", "傻逼机器人", Cue::Insult),
        ("ja", "担当の人と話したいです", Cue::Wish),
        ("ja", "身に覚えのない請求があります", Cue::Sensitive),
        ("es", "quiero hablar con una persona de verdad", Cue::Wish),
        ("es", "huele mucho a gas en la cocina", Cue::Crisis),
    ] {
        assert!(reader(lang).read(text).has(cue), "{cue:?}: {text}");
    }
}

#[test]
fn ordinary_questions_show_nothing() {
    for (lang, text) in [
        ("en", "how long does shipping to Canada take?"),
        ("en", "do you sell fire extinguishers?"),
        ("en", "can I pay by invoice"),
        ("en", "thank you, that helped"),
        ("zh", "请问什么时候发货"),
        ("zh", "灭火器多少钱一个"),
        ("zh", "謝謝 解決了"),
        ("ja", "送料はいくらですか"),
        ("es", "cuánto tarda el envío a Canarias"),
    ] {
        assert_eq!(reader(lang).read(text), Cues::default(), "{text}");
    }
}
