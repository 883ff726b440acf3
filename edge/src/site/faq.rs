//! A site's FAQ: which pack is in force, the packs themselves, publishing and tuning.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use deskbell_shared::{
    faq::Entry,
    wire::{
        FaqPointer, FaqTuning, Line, MAX_FAQ_BYTES, PackHash, ProblemKind, Published, Role, SiteId,
        TuneRequest, token::from_base64url,
    },
};
use wasm_bindgen::JsValue;
use web_sys::{Request, Response};

use super::{
    calls::{
        Basis, Compile, CompiledFaq, GetBasis, GetPack, GetReport, GetSource, Publish, PublishOutcome,
        SourceFile,
    },
    forget, view,
};
use crate::{
    agent::session::{Authority, operator_or},
    compiler_do::parse,
    platform::{
        gzip,
        object::{Object, ask, ask_text},
    },
    ready::Ready,
    refusal::{Outcome, Refusal},
    reply::Reply,
    visit::Visit,
};

/// The most bytes of packs that an isolate keeps.
const KEPT_BYTES: u32 = 16 * 1024 * 1024;
/// The most packs whose entries an isolate keeps.
const KNOWN: usize = 20;

/// The entries of a pack.
pub(crate) type Entries = Rc<[Entry]>;

/// How often a change is tried that others overtake.
const TURNS: usize = 4;

thread_local! {
    /// Packs as they are sent: compressed.
    static PACKS: RefCell<HashMap<(SiteId, PackHash), Rc<Ready>>> = RefCell::default();
    /// Entries of the packs that handoffs were compared with.
    static ENTRIES: RefCell<HashMap<(SiteId, PackHash), Entries>> = RefCell::default();
}

/// `GET /v1/sites/{site}/faq`.
pub(crate) async fn pointer(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let view = view(visit, site).await?;
    Ok(Reply::json(&FaqPointer { pack: view.pack.clone() })?.with("Cache-Control", "no-cache"))
}

/// A pack from this isolate's memory, for a request that takes it as it is: the most frequent answer there is.
pub(crate) fn kept(request: &Request, site: &SiteId, hash: &PackHash) -> Option<Result<Response, JsValue>> {
    let pack = PACKS.with_borrow(|packs| packs.get(&(site.clone(), hash.clone())).cloned())?;
    let headers = request.headers();
    let header = |name| headers.get(name).ok().flatten();
    let as_it_is = header("Accept-Encoding").is_some_and(|encodings| encodings.contains("gzip"))
        && header("If-None-Match").is_none()
        && header("Origin").is_none();
    as_it_is.then(|| pack.response())
}

/// `GET /v1/sites/{site}/packs/{hash}`.
pub(crate) async fn pack(visit: &Visit, site: &SiteId, hash: &PackHash) -> Outcome<Reply> {
    let etag = etag(hash);
    if visit.header("If-None-Match").is_some_and(|tags| tags.contains(&etag)) {
        return Ok(Reply::status(304).with("ETag", etag).with("Cache-Control", FOR_EVER));
    }
    let pack = ready(visit, site, hash).await?;
    if takes_gzip(visit) {
        return Ok(Reply::ready(pack.response()?));
    }
    Ok(Reply::bytes(PACK_TYPE, gzip::decompress(pack.body()).await?)
        .with("Cache-Control", FOR_EVER)
        .with("Vary", "Accept-Encoding")
        .with("ETag", etag))
}

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const PACK_TYPE: &str = "application/octet-stream";

fn etag(hash: &PackHash) -> String {
    format!("\"{}\"", hash.as_str())
}

fn takes_gzip(visit: &Visit) -> bool {
    visit.header("Accept-Encoding").is_some_and(|encodings| encodings.contains("gzip"))
}

/// The entries of the FAQ in force; none when there is no FAQ, or none that can be read.
///
/// # Errors
/// When the site cannot be asked.
pub(crate) async fn entries(visit: &Visit, site: &SiteId) -> Outcome<Entries> {
    let Some(hash) = view(visit, site).await?.pack.clone() else { return Ok(Rc::default()) };
    let key = (site.clone(), hash);
    if let Some(entries) = ENTRIES.with_borrow(|known| known.get(&key).cloned()) {
        return Ok(entries);
    }
    let pack = ready(visit, site, &key.1).await?;
    let bytes = gzip::decompress(pack.body()).await?.to_vec();
    let entries: Entries = match Entry::all_in(&bytes) {
        Ok(entries) => entries.into(),
        Err(error) => {
            Refusal::failed(error).log("reading a pack");
            Rc::default()
        }
    };
    ENTRIES.with_borrow_mut(|known| {
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(key, Rc::clone(&entries));
    });
    Ok(entries)
}

/// A pack as it is sent, from memory if it is there.
async fn ready(visit: &Visit, site: &SiteId, hash: &PackHash) -> Outcome<Rc<Ready>> {
    match PACKS.with_borrow(|packs| packs.get(&(site.clone(), hash.clone())).cloned()) {
        Some(pack) => Ok(pack),
        None => load(visit, site, hash).await,
    }
}

/// A pack as its site keeps it: compressed.
pub(crate) async fn stored(keeper: &Object, hash: &PackHash) -> Outcome<Vec<u8>> {
    let text = ask(keeper, &GetPack { hash: hash.clone() }).await?;
    from_base64url(&text).ok_or_else(|| Refusal::failed("a stored pack is not base64"))
}

async fn load(visit: &Visit, site: &SiteId, hash: &PackHash) -> Outcome<Rc<Ready>> {
    let bytes = stored(&visit.site_object(site)?, hash).await?;
    let headers = [
        ("Content-Type", PACK_TYPE),
        ("Content-Encoding", "gzip"),
        ("Cache-Control", FOR_EVER),
        ("Vary", "Accept-Encoding"),
        ("ETag", &etag(hash)),
        ("X-Content-Type-Options", "nosniff"),
    ];
    let pack = Rc::new(Ready::new(&headers, &bytes)?);
    PACKS.with_borrow_mut(|packs| {
        let kept: u32 = packs.values().map(|pack| pack.body().length()).sum();
        if kept.saturating_add(pack.body().length()) > KEPT_BYTES {
            packs.clear();
        }
        packs.insert((site.clone(), hash.clone()), Rc::clone(&pack));
    });
    Ok(pack)
}

/// `PUT /v1/sites/{site}/faq`: compiles a source and puts it in force, or says everything that is wrong with it.
pub(crate) async fn publish(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    let source = sent_source(visit).await?;
    let compiled = put_in_force(visit, site, &by, Change::Source(source)).await?;
    Reply::json(&Published {
        pack: compiled.hash,
        entries: compiled.entries,
        phrasings: compiled.phrasings,
        bytes: compiled.bytes,
        warnings: compiled.warnings,
    })
}

/// `PUT /v1/sites/{site}/faq/tuning`: compiles the source in force anew, as its owner wants it now.
pub(crate) async fn tune(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    // All that was learned is in it, twice.
    let TuneRequest { tuning, was } = visit.json_within(MAX_FAQ_BYTES).await?;
    Reply::json(&put_in_force(visit, site, &by, Change::Tuning { tuning, was }).await?.report)
}

/// `GET /v1/sites/{site}/faq/report`.
pub(crate) async fn report(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    Ok(Reply::json_text(ask_text(&visit.site_object(site)?, &GetReport {}).await?)
        .with("Cache-Control", "no-store"))
}

/// What becomes other; the rest stays as it is.
enum Change {
    Source(SourceFile),
    Tuning { tuning: FaqTuning, was: Option<FaqTuning> },
}

/// Compiles what is in force with one change, and puts it in force in one step. Somebody else may have been quicker
/// meanwhile: then this starts from what they left, so that a publication and a tuning undo neither. Of two tunings the
/// second is refused when it was decided on what the first has changed.
async fn put_in_force(visit: &Visit, site: &SiteId, by: &str, change: Change) -> Outcome<CompiledFaq> {
    let (keeper, compiler) = (visit.site_object(site)?, visit.compiler_object(site)?);
    for _ in 0..TURNS {
        let with_source = matches!(change, Change::Tuning { .. });
        let Basis { revision, tuning, source } = ask(&keeper, &GetBasis { with_source }).await?;
        let compile = match &change {
            Change::Source(new) => Compile { source: new.clone(), tuning },
            Change::Tuning { was: Some(was), .. } if *was != tuning => {
                let detail = "Somebody has set something else meanwhile. Look at the report again.";
                return Err(Refusal::new(ProblemKind::Conflict, detail));
            }
            Change::Tuning { tuning: new, .. } => {
                let source = source.ok_or_else(|| Refusal::failed("a basis without its source"))?;
                Compile { source, tuning: new.clone() }
            }
        };
        let compiled = ask(&compiler, &compile).await?;
        let publish = Publish {
            by: by.to_owned(),
            revision,
            source: (!with_source).then_some(compile.source),
            hash: compiled.hash.clone(),
            gzip: compiled.gzip.clone(),
            report: compiled.report.clone(),
            subjects: compiled.subjects.clone(),
        };
        if ask(&keeper, &publish).await? == PublishOutcome::InForce {
            forget(site);
            return Ok(compiled);
        }
    }
    Err(Refusal::failed("the FAQ was changed by somebody else again and again"))
}

/// The FAQ in a request, not yet looked into.
async fn sent_source(visit: &Visit) -> Outcome<SourceFile> {
    let media_type = visit.media_type();
    if !matches!(
        media_type.as_str(),
        "application/yaml" | "application/x-yaml" | "text/yaml" | SourceFile::CSV
    ) {
        let detail = "An FAQ is sent as application/yaml or text/csv.";
        return Err(Refusal::new(ProblemKind::UnsupportedMedia, detail));
    }
    // Headers hold ASCII only, so a name in another script comes percent-encoded.
    let file = visit.header("X-Deskbell-File").and_then(|name| {
        let name = js_sys::decode_uri_component(&name).map_or(name, String::from);
        Line::cut(&name)
    });
    let file = file.map_or_else(|| "faq".to_owned(), |name| name.as_str().to_owned());
    match String::from_utf8(visit.body(MAX_FAQ_BYTES).await?) {
        Ok(text) => Ok(SourceFile { file, media_type, text }),
        // The compiler is handed text; where what is none begins is said here.
        Err(not_text) => match parse(&file, not_text.as_bytes(), &media_type) {
            Err(refusal) => Err(refusal),
            Ok(_) => Err(Refusal::failed(not_text)),
        },
    }
}

/// `GET /v1/sites/{site}/faq/source`.
pub(crate) async fn source(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    let source = ask(&visit.site_object(site)?, &GetSource {}).await?;
    let content_type = if source.media_type == "text/csv" { "text/csv" } else { "application/yaml" };
    let name: String =
        source.file.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    let saved_as = String::from(js_sys::encode_uri_component(&source.file));
    Ok(Reply::text(content_type, source.text)
        .with("X-Deskbell-File", name)
        .with("Content-Disposition", format!("attachment; filename*=UTF-8''{saved_as}")))
}
