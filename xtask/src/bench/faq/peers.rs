//! The matchers that are compared, each a JavaScript module in the folder of this name: installed, weighed and asked.

use std::{
    collections::HashMap,
    fs::File,
    path::PathBuf,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;

use crate::{
    build::engine,
    compress::brotli,
    eval::set::LabelledSet,
    files,
    fingerprint::{Fingerprint, Stamp},
    progress::{Outcome, step},
    repo::Repo,
    setup,
    shell::{command, read},
};

/// Where the modules are.
const SOURCES: &str = "xtask/src/bench/faq/peers";

/// A matcher.
pub(super) struct Matcher {
    /// As people call it.
    pub(super) name: &'static str,
    /// Its module.
    module: &'static str,
    /// What its bundle is for: `browser`, or `node` where it does not work without one.
    platform: &'static str,
}

/// All of them, ours first.
pub(super) const MATCHERS: [Matcher; 9] = [
    Matcher { name: "Deskbell", module: "deskbell", platform: "node" },
    Matcher { name: "MiniSearch", module: "minisearch", platform: "browser" },
    Matcher { name: "MiniSearch, CJK bigrams", module: "minisearch-bigrams", platform: "browser" },
    Matcher { name: "Fuse.js", module: "fuse", platform: "browser" },
    Matcher { name: "lunr", module: "lunr", platform: "browser" },
    Matcher { name: "elasticlunr", module: "elasticlunr", platform: "browser" },
    Matcher { name: "FlexSearch", module: "flexsearch", platform: "browser" },
    Matcher { name: "Orama", module: "orama", platform: "browser" },
    Matcher { name: "node-nlp", module: "node-nlp", platform: "node" },
];

impl Matcher {
    /// Whether it is the one of this project.
    pub(super) fn is_ours(&self) -> bool {
        self.module == MATCHERS[0].module
    }
}

/// The matchers, ready to be asked.
pub(super) struct Peers {
    node: PathBuf,
    folder: PathBuf,
    /// Ours alone.
    engine: PathBuf,
    /// By module.
    library_bytes_br: HashMap<&'static str, usize>,
}

/// What a matcher made of a set's questions, one item a question.
#[derive(Deserialize)]
pub(super) struct Answers {
    /// The place of the best entry, -1 for none.
    pub(super) best: Vec<i64>,
    pub(super) confidence: Vec<f64>,
    pub(super) us: Vec<f64>,
    pub(super) build_ms: f64,
    /// The file with its index.
    #[serde(skip)]
    pub(super) index: PathBuf,
}

impl Peers {
    /// Installs the libraries into a folder of the build's own, and bundles them as a site would.
    ///
    /// # Errors
    /// npm fails, or a bundle does.
    pub(super) fn install(repo: &Repo) -> Result<Self> {
        let engine = engine::make(repo, engine::Part::Matcher)?;
        let folder = repo.memory().join("bench/faq");
        for source in files::below(&repo.at(SOURCES))? {
            files::write(&folder.join(source.file_name().unwrap_or_default()), files::read(&source)?)?;
        }
        let inputs = Fingerprint::new().path(&folder.join("package-lock.json"))?;
        let stamp = Stamp::at(folder.join("node_modules/.deskbell-stamp"), inputs);
        step("libraries", || {
            if stamp.holds() {
                return Ok(Outcome::Unchanged);
            }
            let options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
            let mut npm = command("npm", options);
            stamp.redo(|| read(npm.current_dir(&folder)).map(drop).context("cannot install the libraries"))
        })?;
        let mut peers = Self { node: setup::node(repo), folder, engine, library_bytes_br: HashMap::new() };
        step("bundles", || {
            for matcher in &MATCHERS {
                let bytes = peers.weigh(repo, matcher)?;
                peers.library_bytes_br.insert(matcher.module, bytes);
            }
            Ok(Outcome::Done)
        })?;
        Ok(peers)
    }

    /// The code that a visitor would download.
    pub(super) fn library_bytes_br(&self, matcher: &Matcher) -> usize {
        self.library_bytes_br.get(matcher.module).copied().unwrap_or_default()
    }

    /// The module with everything that it imports; for ours also the WebAssembly. What brotli takes a minute for is
    /// done once for the same bundle.
    fn weigh(&self, repo: &Repo, matcher: &Matcher) -> Result<usize> {
        let bundle = self.folder.join("bundles").join(matcher.module).with_extension("js");
        read(
            setup::npm_tool(repo, "esbuild", ["--bundle", "--minify", "--format=esm", "--charset=utf8"])
                .args(["--legal-comments=none", "--log-level=error"])
                .arg(format!("--platform={}", matcher.platform))
                .arg(format!("--outfile={}", bundle.display()))
                .arg(self.folder.join(matcher.module).with_extension("mjs")),
        )?;
        let mut inputs = Fingerprint::new().path(&bundle)?;
        if matcher.is_ours() {
            inputs = inputs.path(&self.engine)?;
        }
        let inputs = inputs.finish();
        let known = bundle.with_extension("size");
        let remembered = files::read_text(&known).unwrap_or_default();
        if let Some(size) = remembered.strip_prefix(&inputs).and_then(|size| size.trim().parse().ok()) {
            return Ok(size);
        }
        let mut size = brotli(&files::read(&bundle)?)?;
        if matcher.is_ours() {
            size += brotli(&files::read(&self.engine)?)?;
        }
        files::write(&known, format!("{inputs} {size}"))?;
        Ok(size)
    }

    /// Writes a set for the matchers; returns the file.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn give(&self, set: &LabelledSet, pack: &[u8]) -> Result<PathBuf> {
        let pack_file = self.folder.join("given.pack");
        files::write(&pack_file, pack)?;
        let entries = set.source.entries.iter().enumerate().map(|(place, entry)| {
            let questions: Vec<&str> = entry.questions.iter().map(|question| question.as_str()).collect();
            json!({ "id": place, "questions": questions, "answer": entry.answer.as_str() })
        });
        let queries: Vec<&str> = set.queries.iter().map(|query| query.text.as_str()).collect();
        let given = self.folder.join("given.json");
        let content = json!({
            "lang": language(set),
            "entries": entries.collect::<Vec<_>>(),
            "queries": queries,
            "pack": pack_file,
            "engine": self.engine,
        });
        files::write(&given, content.to_string())?;
        Ok(given)
    }

    /// Asks a matcher all questions of a set; `None` when it takes too long.
    ///
    /// # Errors
    /// It fails.
    pub(super) fn ask(
        &self,
        matcher: &Matcher,
        given: &PathBuf,
        patience: Duration,
    ) -> Result<Option<Answers>> {
        let (index, out, log) =
            (self.folder.join("index.bin"), self.folder.join("out.json"), self.folder.join("said.log"));
        let said = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        // A full set makes node-nlp's model larger than Node's usual heap.
        let mut child = command(&self.node, ["--max-old-space-size=4096", "run.mjs", matcher.module])
            .args([given, &index, &out])
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said)
            .spawn()
            .context("cannot start Node")?;
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if start.elapsed() > patience {
                child.kill()?;
                child.wait()?;
                return Ok(None);
            }
            thread::sleep(Duration::from_millis(20));
        };
        if !status.success() {
            bail!("{} failed: {status}\n{}", matcher.name, files::read_text(&log)?);
        }
        let mut answers: Answers = serde_json::from_slice(&files::read(&out)?)
            .with_context(|| format!("{} answers something else", matcher.name))?;
        answers.index = index;
        Ok(Some(answers))
    }
}

/// The language of most entries, English where they do not say.
fn language(set: &LabelledSet) -> String {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for lang in set.source.entries.iter().filter_map(|entry| entry.lang.as_ref()) {
        *counts.entry(lang.as_str()).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(lang, count)| (*count, std::cmp::Reverse(*lang)));
    most.map_or_else(|| "en".to_owned(), |(lang, _)| lang.to_owned())
}
