//! Rules about the words that people read.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use deskbell_shared::locale::plural_forms;
use serde_json::Value;

use super::{Breach, Source, Sources};

/// The locale that the others are held against.
const FIRST: &str = "en.json";

/// All locales of a part have the same keys, and the same `{places}` in each text; what is counted has the plural
/// forms of its language, neither less nor more.
pub(super) fn same_keys(sources: &Sources) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for (part, locales) in parts(sources)? {
        let Some((first, words)) = locales.iter().find(|(source, _)| source.path.ends_with(FIRST)) else {
            continue;
        };
        for (source, other) in &locales {
            let needed: BTreeSet<String> =
                words.keys().flat_map(|key| forms_of(key, words, language(source))).collect();
            for key in needed.iter().filter(|key| !other.contains_key(*key)) {
                breaches.push(Breach::at(
                    source,
                    0,
                    format!("`{key}` is missing; {} of {part} has it", first.path),
                ));
            }
            for (key, text) in other {
                let says = if !needed.contains(key) {
                    "is in no other locale, or counts as its language does not"
                } else if words
                    .get(&model_of(key, words))
                    .is_some_and(|model| !is_filled_alike(key, text, model))
                {
                    "has other places to fill"
                } else {
                    continue;
                };
                breaches.push(Breach::at(source, line_of(source, key), format!("`{key}` {says}")));
            }
        }
    }
    Ok(breaches)
}

/// Where a language of the widget has to stand to be spoken, and as what.
const SPOKEN: [(&str, &str); 3] = [
    ("widget/frame.html", "{{locale:widget:TAG}}"),
    ("shared/src/locale/mod.rs", "\"TAG\""),
    ("www/locales/loader/TAG.json", ""),
];

/// Every language that the widget has words of is one that it speaks, from the button on.
pub(super) fn spoken(sources: &Sources) -> Result<Vec<Breach>> {
    let files = sources.all().filter(|source| source.path.starts_with("www/locales/widget/"));
    let breaches = files.flat_map(|file| {
        let tag = language(file);
        let silent = SPOKEN.iter().filter(move |(place, mark)| {
            let place = sources.get(&place.replace("TAG", tag));
            place.is_none_or(|place| !place.text.contains(&mark.replace("TAG", tag)))
        });
        silent.map(move |(place, _)| {
            Breach::at(file, 0, format!("{tag} is not in {}", place.replace("TAG", tag)))
        })
    });
    Ok(breaches.chain(of_loader(sources)).collect())
}

/// The loader knows of each of its languages, be it that it has the words or that it has to fetch them.
fn of_loader(sources: &Sources) -> Vec<Breach> {
    let script = sources.get("widget/loader/words.ts").map(|script| script.text.as_str()).unwrap_or_default();
    let knows = |tag: &str| {
        script.contains(&format!("loader/{tag}.json"))
            || script.split(['(', '|', ')']).any(|fetched| fetched == tag)
    };
    let files = sources.all().filter(|source| source.path.starts_with("www/locales/loader/"));
    files
        .filter(|file| !knows(language(file)))
        .map(|file| Breach::at(file, 0, format!("{} is not in widget/loader/words.ts", language(file))))
        .collect()
}

/// Each key of the widget and the inbox stands in their code, and each key in their code is in their locales.
pub(super) fn used_keys(sources: &Sources) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for (part, locales) in parts(sources)? {
        let folder = format!("{part}/src");
        let code: Vec<_> = sources.rust().filter(|source| source.is_in(&folder)).collect();
        let Some((first, words)) = locales.iter().find(|(source, _)| source.path.ends_with(FIRST)) else {
            continue;
        };
        // The loader's words are fields of a type: its compiler checks them.
        if code.is_empty() {
            continue;
        }
        for key in words.keys() {
            let whole = format!("\"{key}\"");
            let counted = key.rsplit_once('.').filter(|(_, form)| FORMS.contains(form));
            let counted = counted.map(|(stem, _)| format!("\"{stem}\""));
            let used = |text: &str| {
                text.contains(&whole)
                    || counted.as_ref().is_some_and(|stem| text.contains(stem))
                    || is_composed(key, text)
            };
            if !code.iter().any(|source| used(&source.text)) {
                breaches.push(Breach::at(
                    first,
                    line_of(first, key),
                    format!("`{key}` is used nowhere in {folder}"),
                ));
            }
        }
        for source in code {
            for (number, line) in source.shipped() {
                let unknown = keys_in(line, words).filter(|key| !is_known(key, words));
                breaches.extend(
                    unknown
                        .map(|key| Breach::at(source, number, format!("`{key}` is not in {}", first.path))),
                );
            }
        }
    }
    Ok(breaches)
}

/// How code asks for words: what stands before a key.
const ASKING: [&str; 6] = ["t(", "say(", "text(", "fill(", "count(", "words("];

/// The literals of a line that are keys, or meant to be: they begin as keys do, or words are asked for with them.
fn keys_in<'a>(line: &'a str, words: &Words) -> impl Iterator<Item = &'a str> {
    let begins_as_keys = |literal: &str| {
        let (part, _) = literal.split_once('.').unwrap_or_default();
        words
            .range(format!("{part}.")..)
            .next()
            .is_some_and(|(key, _)| key.starts_with(&literal[..=part.len()]))
    };
    let is_asked_for = |before: &str| {
        ASKING.iter().any(|asking| {
            let rest = before.strip_suffix(asking);
            rest.is_some_and(|rest| !rest.ends_with(|c: char| c == '_' || c.is_alphanumeric()))
        })
    };
    let pieces: Vec<&str> = line.split('"').collect();
    let found = pieces
        .windows(3)
        .filter(|three| is_dotted(three[1]) && (begins_as_keys(three[1]) || is_asked_for(three[0])));
    found.map(|three| three[1]).collect::<Vec<_>>().into_iter()
}

/// Whether a literal has the form of a key: `a.b`, or `a.{b}` where a part of it is known at run time alone.
fn is_dotted(literal: &str) -> bool {
    let is_name = |part: &str| {
        !part.is_empty() && part.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '{' | '}'))
    };
    literal.contains('.') && literal.split('.').all(is_name)
}

/// Whether there is a text for the key, for one of its plural forms, or for what it may become at run time.
fn is_known(key: &str, words: &Words) -> bool {
    let counted = || FORMS.iter().any(|form| words.contains_key(&format!("{key}.{form}")));
    match key.split_once('{') {
        Some((start, _)) => words.keys().any(|known| known.starts_with(start)),
        None => words.contains_key(key) || counted(),
    }
}

/// The plural forms of CLDR.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The key without its plural form, when it is one of what is counted.
fn counted<'a>(key: &'a str, words: &Words) -> Option<&'a str> {
    let (stem, form) = key.rsplit_once('.')?;
    (FORMS.contains(&form) && words.contains_key(&format!("{stem}.other"))).then_some(stem)
}

/// The keys that a language needs where the first locale has this one.
fn forms_of(key: &str, words: &Words, language: &str) -> Vec<String> {
    match counted(key, words) {
        Some(stem) => plural_forms(language).iter().map(|form| format!("{stem}{}", form.suffix())).collect(),
        None => vec![key.to_owned()],
    }
}

/// The key of the text in the first locale that says the same.
fn model_of(key: &str, words: &Words) -> String {
    match counted(key, words) {
        Some(stem) if !words.contains_key(key) => format!("{stem}.other"),
        _ => key.to_owned(),
    }
}

/// Whether a text has the places of its model. A form for exactly none, one or two may say so in a word.
fn is_filled_alike(key: &str, text: &str, model: &str) -> bool {
    let (mut given, asked) = (places(text), places(model));
    if [".zero", ".one", ".two"].iter().any(|form| key.ends_with(form)) && asked.contains("count") {
        given.insert("count");
    }
    given == asked
}

/// The language of a locale file.
fn language(source: &Source) -> &str {
    let name = source.path.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".json").unwrap_or(name)
}

/// Whether the code makes the key at run time, from a literal such as `"role.{role}"`.
fn is_composed(key: &str, text: &str) -> bool {
    key.match_indices('.').any(|(end, _)| text.contains(&format!("\"{}.{{", &key[..end])))
}

type Words = BTreeMap<String, String>;

/// The locale files of each part, by the part's name.
fn parts(sources: &Sources) -> Result<BTreeMap<&str, Vec<(&Source, Words)>>> {
    let mut parts: BTreeMap<&str, Vec<(&Source, Words)>> = BTreeMap::new();
    for source in sources.all() {
        let Some((part, _)) = source.path.strip_prefix("www/locales/").and_then(|path| path.split_once('/'))
        else {
            continue;
        };
        let file: Value =
            serde_json::from_str(&source.text).with_context(|| format!("{} is not JSON", source.path))?;
        let mut words = Words::new();
        flatten("", &file, &mut words);
        parts.entry(part).or_default().push((source, words));
    }
    Ok(parts)
}

/// Texts by their key, `a.b` for one inside another.
fn flatten(key: &str, value: &Value, words: &mut Words) {
    match value {
        Value::Object(inner) => {
            for (name, value) in inner {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                flatten(&key, value, words);
            }
        }
        Value::String(text) => {
            words.insert(key.to_owned(), text.clone());
        }
        other => {
            words.insert(key.to_owned(), other.to_string());
        }
    }
}

/// The `{names}` in a text.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// The line of a key, or 0 where it stands inside another.
fn line_of(source: &Source, key: &str) -> usize {
    let mark = format!("\"{key}\"");
    source.lines().find(|(_, line)| line.trim_start().starts_with(&mark)).map_or(0, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_names_in_braces() {
        assert_eq!(places("{count} of {all}, {count}"), BTreeSet::from(["count", "all"]));
        assert_eq!(places("none"), BTreeSet::new());
    }

    #[test]
    fn a_language_needs_its_own_plural_forms() {
        let words: Words = ["left.one", "left.other", "title"].map(|key| (key.into(), key.into())).into();
        assert_eq!(forms_of("left.one", &words, "zh-Hans"), ["left.other"]);
        assert_eq!(forms_of("left.one", &words, "pl"), ["left.one", "left.few", "left.many", "left.other"]);
        assert_eq!(forms_of("title", &words, "pl"), ["title"]);
        assert_eq!(model_of("left.few", &words), "left.other");
    }

    #[test]
    fn what_is_exactly_two_need_not_be_a_number() {
        assert!(is_filled_alike("left.two", "two letters", "{count} letters"));
        assert!(!is_filled_alike("left.few", "some letters", "{count} letters"));
        assert!(!is_filled_alike("left.two", "two of {name}", "{count} letters"));
    }

    #[test]
    fn a_composed_key_counts_as_used() {
        assert!(is_composed("role.owner", r#"format!("role.{role}")"#));
        assert!(!is_composed("role.owner", r#"say("role.admin")"#));
    }

    #[test]
    fn a_key_in_the_code_is_one_of_the_locale() {
        let words: Words = ["ban.title", "wait.reason", "wait.left.other", "role.owner"]
            .map(|key| (key.into(), key.into()))
            .into();
        let unknown = |line: &'static str| {
            keys_in(line, &words).filter(|key| !is_known(key, &words)).collect::<Vec<_>>()
        };
        let right = r#"t("ban.title"), words.count("wait.left", n, &[("x", y)]), format!("role.{role}")"#;
        assert_eq!(unknown(right), [""; 0]);
        assert_eq!(unknown(r#"words.text("ban.titel")"#), ["ban.titel"]);
        assert_eq!(unknown(r#"let title = if x { "ban.titel" } else { "ban.title" }"#), ["ban.titel"]);
        assert_eq!(unknown(r#"words.text("bann.title")"#), ["bann.title"]);
        assert_eq!(unknown(r#"format!("role.of.{role}")"#), ["role.of.{role}"]);
        assert_eq!(unknown(r#"link.set("app.css"), format("a.b"), "https://ban.example""#), [""; 0]);
    }

    #[test]
    fn nested_words_have_dotted_keys() {
        let mut words = Words::new();
        flatten("", &serde_json::json!({ "a": { "b": "c" }, "d": "e" }), &mut words);
        assert_eq!(words.keys().collect::<Vec<_>>(), ["a.b", "d"]);
    }
}
