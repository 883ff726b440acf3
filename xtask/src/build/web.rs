//! `dist/`: everything that is served as a file.
//!
//! | from | to | in templates |
//! |---|---|---|
//! | an app | `a/NAME-HASH.wasm`, `a/NAME-HASH.js` | `{{NAME_wasm}}`, `{{NAME_js}}` |
//! | a part of it | `a/NAME-PART-HASH.wasm` | `{{NAME_PART_wasm}}` |
//! | `www/styles/NAME.css` | `a/NAME-HASH.css` | `{{NAME_css}}` |
//! | `www/locales/APP/TAG.json` | `a/APP-TAG-HASH.json` | `{{locale:APP:TAG}}` |
//! | `shared/cues/LANG.cues.txt` | `a/cues-LANG-HASH.txt`, and `cues/LANG.txt`, which only the edge reads | `{{cues:LANG}}` |
//! | `www/icons/NAME.EXT` | `a/NAME-HASH.EXT` | `{{icon:NAME}}` |
//! | `widget/loader/index.ts` | `deskbell.js` | |
//! | `www/locales/loader/TAG.json` that is not in it | `words/TAG.js` | |
//! | `widget/frame.html`, `inbox/inbox.html` | the same name, with addresses filled in | |
//! | `www/demo/` | `demo/` | |
//! | `shared/phrasebooks/BOOK.LANG.txt` | `phrasebooks/LANG.txt`, which only the edge reads | |
//! | `shared/embeddings/LANG.bin` | `phrasebooks/LANG.bin`, which only the edge reads | |
//! | the answers in `shared/phrasebooks` | `starters/BOOK.LANG.yaml`, first FAQs for new sites | |

use std::path::Path;

use anyhow::{Context, Result};

use super::{apps, assets::Assets, parts, template};
use crate::{
    cues, files,
    fingerprint::{Fingerprint, Stamp},
    phrasebooks,
    progress::Outcome,
    repo::Repo,
    setup,
    shell::read,
};

/// Makes `dist/` anew when anything that goes into it has changed.
pub(super) fn make(repo: &Repo) -> Result<Outcome> {
    let mut inputs = Fingerprint::new().path(&repo.at("xtask/src/build"))?.path(&repo.at("package.json"))?;
    for path in [
        "www",
        "xtask/src/phrasebooks.rs",
        "shared/src/faq/compile/phrasebook.rs",
        "shared/src/faq/compile/starter.rs",
        "shared/phrasebooks",
        "shared/embeddings",
        "shared/cues",
        "xtask/src/cues.rs",
        "widget/loader",
        "widget/frame.html",
        "inbox/inbox.html",
    ] {
        inputs = inputs.path(&repo.at(path))?;
    }
    for app in apps::ALL {
        inputs = inputs.path(&apps::wasm(repo, app))?.path(&apps::glue(repo, app))?;
        for part in parts::of(app) {
            inputs = inputs.path(&apps::part(repo, app, part))?;
        }
    }
    let stamp = Stamp::new(repo, "web", inputs);
    if stamp.holds() && repo.dist().join("_headers").is_file() {
        return Ok(Outcome::Unchanged);
    }
    stamp.redo(|| write(repo))
}

fn write(repo: &Repo) -> Result<()> {
    let mut assets = Assets::new(repo);
    for app in apps::ALL {
        add_app(repo, app, &mut assets)?;
    }
    add_styles(repo, &mut assets)?;
    add_locales(repo, &mut assets)?;
    add_cues(repo, &mut assets)?;
    add_icons(repo, &mut assets)?;
    assets.finish(repo)?;

    loader(repo)?;
    for page in ["widget/frame.html", "inbox/inbox.html"] {
        let page = repo.at(page);
        let filled = template::fill(&files::read_text(&page)?, &assets)
            .with_context(|| format!("cannot fill {}", repo.show(&page)))?;
        files::write(&repo.dist().join(page.file_name().unwrap_or_default()), filled)?;
    }
    demo(repo)?;
    phrasebooks(repo)?;
    starters(repo)?;
    files::write(&repo.dist().join("_headers"), HEADERS)
}

/// The module, and its glue with one line more that starts it from its address.
fn add_app(repo: &Repo, app: &str, assets: &mut Assets) -> Result<()> {
    let wasm = files::read(&apps::wasm(repo, app))?;
    let address = assets.add(&format!("{app}_wasm"), app, "wasm", &wasm)?;
    let glue = apps::glue(repo, app);
    for part in parts::of(app) {
        let wasm = files::read(&apps::part(repo, app, part))?;
        assets.add(&parts::asset(app, part), &format!("{app}-{part}"), "wasm", &wasm)?;
    }
    if !parts::of(app).is_empty() {
        let script = template::fill(&files::read_text(&apps::parts_template(repo, app))?, assets)?;
        files::write(&glue.with_file_name(parts::SCRIPT), script)?;
    }
    let start = glue.with_file_name("start.js");
    files::write(
        &start,
        format!("import start from './app.js';\nstart({{ module_or_path: '{address}' }});\n"),
    )?;
    let script = esbuild(repo, &start, &["--bundle", "--format=esm"])?;
    assets.add(&format!("{app}_js"), app, "js", script.as_bytes())?;
    Ok(())
}

/// Every style sheet; those whose name begins with `_` are parts of others.
fn add_styles(repo: &Repo, assets: &mut Assets) -> Result<()> {
    for file in files::below(&repo.at("www/styles"))? {
        let stem = stem(&file);
        if stem.starts_with('_') {
            continue;
        }
        let style = esbuild(repo, &file, &["--bundle"])?;
        assets.add(&format!("{stem}_css"), &stem, "css", style.as_bytes())?;
    }
    Ok(())
}

fn add_locales(repo: &Repo, assets: &mut Assets) -> Result<()> {
    for app in apps::ALL {
        for file in files::below(&repo.at("www/locales").join(app))? {
            let words: serde_json::Value = serde_json::from_slice(&files::read(&file)?)
                .with_context(|| format!("{} is not JSON", repo.show(&file)))?;
            let tag = stem(&file);
            assets.add(
                &format!("locale:{app}:{tag}"),
                &format!("{app}-{tag}"),
                "json",
                words.to_string().as_bytes(),
            )?;
        }
    }
    Ok(())
}

/// What shows that a person is needed, in every language.
fn add_cues(repo: &Repo, assets: &mut Assets) -> Result<()> {
    let to = repo.dist().join("cues");
    files::remove(&to)?;
    for (lang, table) in cues::tables(repo)? {
        files::write(&to.join(&lang).with_extension("txt"), &table)?;
        assets.add(&format!("cues:{lang}"), &format!("cues-{lang}"), "txt", table.as_bytes())?;
    }
    Ok(())
}

fn add_icons(repo: &Repo, assets: &mut Assets) -> Result<()> {
    for file in files::below(&repo.at("www/icons"))? {
        let (stem, extension) =
            (stem(&file), file.extension().unwrap_or_default().to_string_lossy().into_owned());
        assets.add(&format!("icon:{stem}"), &stem, &extension, &files::read(&file)?)?;
    }
    Ok(())
}

/// The script in the site's page, and its types.
fn loader(repo: &Repo) -> Result<()> {
    let folder = repo.at("widget/loader");
    let script = esbuild(
        repo,
        &folder.join("index.ts"),
        &["--bundle", "--format=iife", "--target=es2022", "--loader:.css=text", "--loader:.svg=text"],
    )?;
    files::write(&repo.dist().join("deskbell.js"), script)?;
    files::write(&repo.dist().join("deskbell.d.ts"), files::read(&folder.join("deskbell.d.ts"))?)?;
    loader_words(repo)
}

/// The words of the languages that the script has no room for, each as a script of its own.
fn loader_words(repo: &Repo) -> Result<()> {
    let to = repo.dist().join("words");
    files::remove(&to)?;
    let bundled = files::read_text(&repo.at("widget/loader/words.ts"))?;
    for file in files::below(&repo.at("www/locales/loader"))? {
        let tag = stem(&file);
        if bundled.contains(&format!("locales/loader/{tag}.json")) {
            continue;
        }
        let words: serde_json::Value = serde_json::from_slice(&files::read(&file)?)
            .with_context(|| format!("{} is not JSON", repo.show(&file)))?;
        files::write(&to.join(format!("{tag}.js")), format!("export default {words}\n"))?;
    }
    Ok(())
}

/// The demo shops. Here they are on the edge's own origin: their script tag needs no address.
fn demo(repo: &Repo) -> Result<()> {
    let (from, to) = (repo.at("www/demo"), repo.dist().join("demo"));
    files::remove(&to)?;
    for file in files::below(&from)? {
        let bytes = files::read(&file)?;
        let bytes = match file.extension().and_then(|extension| extension.to_str()) {
            // A shop's FAQ is published, not served.
            Some("yaml" | "csv") => continue,
            Some("html") => String::from_utf8(bytes)?.replace("{{edge}}", "").into_bytes(),
            _ => bytes,
        };
        files::write(&to.join(file.strip_prefix(&from)?), bytes)?;
    }
    Ok(())
}

/// One bundle a language, and what was learned from it, for the compiler at the edge.
fn phrasebooks(repo: &Repo) -> Result<()> {
    let to = repo.dist().join("phrasebooks");
    // A fault in a book leaves the last bundles where they are.
    let (bundles, embeddings) = (phrasebooks::bundles(repo)?, phrasebooks::embeddings(repo)?);
    files::remove(&to)?;
    for (language, bundle) in bundles {
        files::write(&to.join(language).with_extension("txt"), bundle)?;
    }
    for (language, embedding) in embeddings {
        files::write(&to.join(language).with_extension("bin"), embedding)?;
    }
    Ok(())
}

/// First FAQs for new sites.
fn starters(repo: &Repo) -> Result<()> {
    let (to, starters) = (repo.dist().join("starters"), phrasebooks::starters(repo)?);
    files::remove(&to)?;
    for (name, file) in starters {
        files::write(&to.join(format!("{name}.yaml")), file)?;
    }
    Ok(())
}

/// What esbuild makes of a file.
fn esbuild(repo: &Repo, file: &Path, options: &[&str]) -> Result<String> {
    let mut esbuild = setup::npm_tool(repo, "esbuild", options);
    esbuild.args(["--minify", "--charset=utf8", "--legal-comments=none", "--log-level=warning"]).arg(file);
    read(esbuild.current_dir(repo.root()))
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// What every static file is served with. The loader and its words are fetched by pages of other origins, whatever
/// policies they have; they change with a deployment, so they are kept for minutes only.
const HEADERS: &str = "\
/*
  X-Content-Type-Options: nosniff
  Cross-Origin-Resource-Policy: cross-origin
/a/*
  Cache-Control: public, max-age=31536000, immutable
/deskbell.js
  Cache-Control: public, max-age=300, stale-while-revalidate=86400
  Access-Control-Allow-Origin: *
/words/*
  Cache-Control: public, max-age=300, stale-while-revalidate=86400
  Access-Control-Allow-Origin: *
/deskbell.d.ts
  Cache-Control: public, max-age=300
  Access-Control-Allow-Origin: *
";
