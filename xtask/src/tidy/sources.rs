//! The files that the rules are about: everything in the repository that a person wrote.

use std::path::Path;

use anyhow::Result;
use walkdir::{DirEntry, WalkDir};

use crate::{files, repo::Repo};

/// A text file.
pub(super) struct Source {
    /// Its path from the repository's root, with slashes.
    pub(super) path: String,
    /// What is in it.
    pub(super) text: String,
}

impl Source {
    /// The lines, counted from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(number, line)| (number + 1, line))
    }

    /// The lines up to the tests, which stand at the end; none of a file that is all tests.
    pub(super) fn before_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let all_tests = self.path.ends_with("/tests.rs");
        self.lines().take_while(move |(_, line)| !all_tests && line.trim_start() != "#[cfg(test)]")
    }

    /// The lines of code that ships, without comments.
    pub(super) fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        self.before_tests().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Whether it is in a folder, or is that file.
    pub(super) fn is_in(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// All of them.
pub(super) struct Sources(Vec<Source>);

impl Sources {
    /// Reads everything but what is ignored or made by a build. What is not text is left out.
    pub(super) fn read(repo: &Repo) -> Result<Self> {
        let mut sources = Vec::new();
        let walk = WalkDir::new(repo.root()).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|entry| !is_made(repo, entry)) {
            let entry = entry?;
            if entry.file_type().is_file()
                && let Ok(text) = String::from_utf8(files::read(entry.path())?)
            {
                sources.push(Source { path: repo.show(entry.path()), text });
            }
        }
        Ok(Self(sources))
    }

    /// All files.
    pub(super) fn all(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }

    /// The Rust files.
    pub(super) fn rust(&self) -> impl Iterator<Item = &Source> {
        self.all().filter(|source| source.path.ends_with(".rs"))
    }

    /// The file of this path.
    pub(super) fn get(&self, path: &str) -> Option<&Source> {
        self.all().find(|source| source.path == path)
    }
}

fn is_made(repo: &Repo, entry: &DirEntry) -> bool {
    const MADE: [&str; 13] = [
        ".git",
        ".tools",
        ".dev",
        ".wrangler",
        ".dev.vars",
        "node_modules",
        "dist",
        "target",
        "build",
        "edge/build",
        "fuzz/target",
        "fuzz/corpus",
        "fuzz/artifacts",
    ];
    let relative = entry.path().strip_prefix(repo.root()).unwrap_or(entry.path());
    MADE.iter().any(|made| relative == Path::new(made))
        || relative.extension().is_some_and(|extension| extension == "log")
}
