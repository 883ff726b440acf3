//! Rules about Rust files.

use anyhow::Result;

use super::{Breach, Sources};

/// The length at which to ask whether a file is two things.
const LONG: usize = 400;

/// Every file begins with its documentation, or its first item does.
pub(super) fn headers(sources: &Sources) -> Result<Vec<Breach>> {
    let headless = sources.rust().filter(|source| !first_words(&source.text).starts_with("//"));
    Ok(headless.map(|source| Breach::at(source, 1, "does not say why it exists")).collect())
}

/// The first line that is neither blank nor part of the imports.
fn first_words(text: &str) -> &str {
    let mut importing = false;
    for line in text.lines() {
        let line = line.trim();
        let is_module = ["mod ", "pub mod ", "pub(crate) mod ", "pub(super) mod "]
            .iter()
            .any(|mark| line.starts_with(mark));
        if importing || line.starts_with("use ") || line.starts_with("pub use ") {
            importing = !line.ends_with(';');
        } else if !(line.is_empty() || line.starts_with("#![") || (is_module && line.ends_with(';'))) {
            return line;
        }
    }
    ""
}

/// No file is longer than it should be, its tests not counted.
pub(super) fn sizes(sources: &Sources) -> Result<Vec<Breach>> {
    let long = sources
        .rust()
        .map(|source| (source, source.before_tests().count()))
        .filter(|(_, lines)| *lines > LONG);
    Ok(long.map(|(source, lines)| Breach::at(source, lines, format!("has {lines} lines"))).collect())
}

/// No way to panic in what runs in a visitor's browser, an agent's, or at the edge; no lint switched off to get there.
pub(super) fn panics(sources: &Sources) -> Result<Vec<Breach>> {
    const WAYS: [&str; 9] = [
        ".unwrap()",
        ".expect(",
        "panic!(",
        "unreachable!(",
        "unimplemented!(",
        "allow(clippy::unwrap_used",
        "allow(clippy::expect_used",
        "expect(clippy::unwrap_used",
        "expect(clippy::expect_used",
    ];
    let ships = ["shared/src", "browser/src", "widget/src", "inbox/src", "edge/src"];
    Ok(found(sources, &ships, &WAYS))
}

/// The layer rule.
pub(super) fn purity(sources: &Sources) -> Result<Vec<Breach>> {
    const OUTSIDE: [&str; 18] = [
        "std::fs",
        "std::io",
        "std::net",
        "std::env",
        "std::time",
        "std::thread",
        "std::process",
        "SystemTime",
        "Instant::now",
        "getrandom",
        "rand::",
        "js_sys",
        "web_sys",
        "wasm_bindgen",
        "gloo_",
        "leptos",
        "worker::",
        "println!(",
    ];
    let mut breaches = found(sources, &["shared/src"], &OUTSIDE);
    if let Some(manifest) = sources.get("shared/Cargo.toml") {
        let needed = manifest.lines().take_while(|(_, line)| !line.starts_with("[dev-dependencies]"));
        for (number, line) in needed {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if ["getrandom", "rand", "js-sys", "web-sys", "wasm-bindgen", "worker", "leptos", "tokio"]
                .contains(&name)
            {
                breaches.push(Breach::at(manifest, number, format!("depends on `{name}`")));
            }
        }
    }
    Ok(breaches)
}

/// The runtime role is in the name.
pub(super) fn roles(sources: &Sources) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for source in sources.rust().filter(|source| source.is_in("edge/src")) {
        let object = source.shipped().find(|(_, line)| line.trim_start().starts_with("#[durable_object"));
        match (object, source.path.ends_with("_do.rs")) {
            (Some((line, _)), false) => {
                breaches.push(Breach::at(source, line, "a durable object in a file that does not say so"))
            }
            (None, true) => {
                breaches.push(Breach::at(source, 1, "no durable object in a file that promises one"))
            }
            _ => {}
        }
    }
    Ok(breaches)
}

/// Chinese in the code of an interface is a sentence that a locale file does not have.
pub(super) fn words(sources: &Sources) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    let interfaces = |source: &&super::Source| {
        ["widget/src", "inbox/src", "browser/src"].iter().any(|folder| source.is_in(folder))
    };
    for source in sources.rust().filter(interfaces) {
        let spoken =
            source.shipped().filter(|(_, line)| line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)));
        breaches.extend(spoken.map(|(line, _)| Breach::at(source, line, "a sentence in code")));
    }
    Ok(breaches)
}

/// Where one of `marks` stands in code that ships, below one of `folders`.
fn found(sources: &Sources, folders: &[&str], marks: &[&str]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources.rust().filter(|source| folders.iter().any(|folder| source.is_in(folder))) {
        for (number, line) in source.shipped() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) {
                breaches.push(Breach::at(source, number, format!("`{mark}`")));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_come_after_the_imports() {
        assert_eq!(first_words("use a::{\n    b,\n};\n\nmod c;\n\n/// Why.\nstruct S;"), "/// Why.");
        assert_eq!(first_words("//! Why.\n"), "//! Why.");
        assert_eq!(first_words("fn main() {}"), "fn main() {}");
        assert_eq!(first_words("mod tests {"), "mod tests {");
    }
}
