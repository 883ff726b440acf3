//! Rules about manifests and lock files.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Breach, Source, Sources};

/// Every crate inherits the lints.
pub(super) fn lints(sources: &Sources) -> Result<Vec<Breach>> {
    let loose = crates(sources).filter(|manifest| {
        let mut lines = manifest.text.lines().skip_while(|line| line.trim() != "[lints]").skip(1);
        lines.next().map(str::trim) != Some("workspace = true")
    });
    Ok(loose.map(|manifest| Breach::at(manifest, 0, "has lints of its own")).collect())
}

/// No version is stated twice.
pub(super) fn versions(sources: &Sources) -> Result<Vec<Breach>> {
    let mut stated: BTreeMap<&str, Vec<(&Source, usize)>> = BTreeMap::new();
    let mut users: BTreeMap<&str, usize> = BTreeMap::new();
    for manifest in crates(sources) {
        let mut names = Vec::new();
        for (line, name, inherits) in dependencies(manifest) {
            if !names.contains(&name) {
                names.push(name);
                *users.entry(name).or_default() += 1;
            }
            if !inherits {
                stated.entry(name).or_default().push((manifest, line));
            }
        }
    }
    let twice = stated.into_iter().filter(|(name, _)| users.get(name).is_some_and(|users| *users > 1));
    Ok(twice
        .flat_map(|(name, places)| {
            places.into_iter().map(move |(manifest, line)| {
                Breach::at(manifest, line, format!("`{name}` has a version here"))
            })
        })
        .collect())
}

/// `(line, name, whether it inherits)` of each dependency of a crate.
fn dependencies(manifest: &Source) -> Vec<(usize, &str, bool)> {
    let mut found = Vec::new();
    let mut section = "";
    for (number, line) in manifest.lines() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
            if let Some((kind, name)) = section.rsplit_once('.')
                && kind.ends_with("dependencies")
            {
                found.push((number, name, false));
            }
        } else if section.ends_with("dependencies") {
            if let Some((key, value)) = line.split_once('=')
                && !line.starts_with('#')
                && !key.trim().is_empty()
            {
                let (name, inherits) = match key.trim().strip_suffix(".workspace") {
                    Some(name) => (name, true),
                    None => (key.trim(), value.contains("workspace = true") || value.contains("path = ")),
                };
                found.push((number, name, inherits));
            }
        } else if section.contains("dependencies.")
            && line == "workspace = true"
            && let Some(last) = found.last_mut()
        {
            last.2 = true;
        }
    }
    found
}

/// What runs the build, and what it is compared with, is pinned.
pub(super) fn exact_packages(sources: &Sources) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for manifest in named(sources, "package.json") {
        let package: Value =
            serde_json::from_str(&manifest.text).with_context(|| format!("{} is not JSON", manifest.path))?;
        for list in ["dependencies", "devDependencies"] {
            for (name, version) in package[list].as_object().into_iter().flatten() {
                let exact = version.as_str().is_some_and(|version| {
                    version.split('.').count() == 3 && version.starts_with(|c: char| c.is_ascii_digit())
                });
                if !exact {
                    breaches.push(Breach::at(manifest, 0, format!("`{name}` is {version}")));
                }
            }
        }
    }
    Ok(breaches)
}

/// A registry belongs to whoever installs, not to the project.
pub(super) fn lock_files(sources: &Sources) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for lock in named(sources, "package-lock.json") {
        let named = lock.lines().filter(|(_, line)| line.trim_start().starts_with("\"resolved\""));
        breaches.extend(named.map(|(line, _)| Breach::at(lock, line, "a download address")));
    }
    for lock in named(sources, "Cargo.lock") {
        let other = |line: &str| {
            line.starts_with("source = ")
                && line != "source = \"registry+https://github.com/rust-lang/crates.io-index\""
        };
        let named = lock.lines().filter(|(_, line)| other(line));
        breaches.extend(named.map(|(line, _)| Breach::at(lock, line, "a source other than crates.io")));
    }
    Ok(breaches)
}

/// The files of this name, in whatever folder.
fn named<'a>(sources: &'a Sources, name: &'a str) -> impl Iterator<Item = &'a Source> {
    sources.all().filter(move |source| source.path.rsplit('/').next() == Some(name))
}

/// The manifests of the workspace's members.
fn crates(sources: &Sources) -> impl Iterator<Item = &Source> {
    sources.all().filter(|source| source.path.ends_with("/Cargo.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_read_in_every_form() {
        let manifest = Source {
            path: "a/Cargo.toml".to_owned(),
            text: "[package]\nname = \"a\"\n[dependencies]\n# why\nb.workspace = true\nc = \"1\"\nd = { workspace = true, features = [] }\n\
                   [dependencies.e]\nworkspace = true\nfeatures = [\n  \"x\",\n]\n[dev-dependencies]\nf = { version = \"2\" }\n"
                .to_owned(),
        };
        assert_eq!(
            dependencies(&manifest),
            [(5, "b", true), (6, "c", false), (7, "d", true), (8, "e", true), (14, "f", false)]
        );
    }
}
