//! `size`: what is downloaded and deployed, in bytes.

use anyhow::{Result, anyhow};
use deskbell_shared::{
    faq::compile::{
        compile,
        source::{Format, parse},
    },
    wire::{FaqTuning, WidgetConfig},
};
use serde_json::{Value, json};

use crate::{
    build::{self, assets::Assets},
    compress::{brotli, gzip},
    dev::sites::{DEMOS, Demo},
    files,
    operator::Faults,
    repo::Repo,
};

/// Builds, and weighs what was built.
///
/// # Errors
/// The build fails, or a file of it is missing.
pub(crate) fn run(repo: &Repo) -> Result<Value> {
    build::build(repo)?;
    let assets = Assets::of_last_build(repo)?;
    let asset = |name: &str| files::read(&assets.path(name)?);
    let worker =
        ["entry.mjs", "index.js", "index_bg.wasm"].map(|name| files::read(&repo.at("edge/build").join(name)));
    let worker = worker.into_iter().collect::<Result<Vec<_>>>()?;
    Ok(json!({
        "loader": weigh(&[files::read(&repo.dist().join("deskbell.js"))?])?,
        "widget_wasm": weigh(&[asset("widget_wasm")?])?,
        "widget_person_wasm": weigh(&[asset("widget_person_wasm")?])?,
        "widget_js": weigh(&[asset("widget_js")?])?,
        "widget_css": weigh(&[asset("widget_css")?])?,
        "inbox_wasm": weigh(&[asset("inbox_wasm")?])?,
        "inbox_js": weigh(&[asset("inbox_js")?])?,
        "inbox_css": weigh(&[asset("inbox_css")?])?,
        "worker": weigh(&worker)?,
        "cues": weigh(&[files::read(&assets.path("cues:en")?)?])?,
        "first_answer_brotli": first_answer(repo, &assets, &DEMOS[0])?,
    }))
}

/// Everything that the widget asks for from intent to its first answer. The pack counts as it is stored and sent: in gzip.
fn first_answer(repo: &Repo, assets: &Assets, demo: &Demo) -> Result<usize> {
    let faq = demo.faq();
    let says = "the demo shop's FAQ has faults";
    let source = parse(&faq, &files::read(&repo.at(&faq))?, Format::Yaml)
        .map_err(|unsound| anyhow!(Faults { says, faults: unsound.faults }))?;
    let pack = compile(&source, &crate::phrasebooks::library(repo)?, &FaqTuning::default());
    let config = WidgetConfig {
        site: demo.id()?,
        settings: demo.settings(&[8788, 8789])?,
        pack: Some(pack.hash),
        attendance: None,
    };
    let frame = files::read_text(&repo.dist().join("frame.html"))? + &serde_json::to_string(&config)?;
    let mut bytes = brotli(frame.as_bytes())? + gzip(&pack.pack)?;
    for name in ["widget_css", "widget_js", "widget_wasm", "locale:widget:en"] {
        bytes += brotli(&files::read(&assets.path(name)?)?)?;
    }
    Ok(bytes)
}

/// Files that belong together, each compressed by itself.
fn weigh(files: &[Vec<u8>]) -> Result<Value> {
    let sum = |size: fn(&[u8]) -> Result<usize>| files.iter().map(|file| size(file)).sum::<Result<usize>>();
    Ok(json!({ "raw": sum(|file| Ok(file.len()))?, "gzip": sum(gzip)?, "brotli": sum(brotli)? }))
}
