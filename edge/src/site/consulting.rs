//! What the FAQ in force makes of what somebody has written, where the edge has to know it.

use deskbell_shared::wire::{LanguageTag, SiteId};

use super::{
    calls::{Consult, Consulted},
    view,
};
use crate::{
    platform::{object::ask, patience::within},
    refusal::{Outcome, Refusal},
    visit::Visit,
};

/// How long somebody's words wait for it, in milliseconds.
const PATIENCE_MS: u64 = 3_000;

/// What it makes of texts of one person, in their order. Whatever goes wrong with it, what was written is for people all the
/// same: then it makes nothing of them.
pub(crate) async fn consulted(
    visit: &Visit,
    site: &SiteId,
    language: &LanguageTag,
    texts: Vec<String>,
) -> Consulted {
    let late = || Err(Refusal::failed("the FAQ gave no answer in time"));
    let found = within(PATIENCE_MS, consult(visit, site, language, texts)).await.unwrap_or_else(late);
    found.inspect_err(|refusal| refusal.log("consulting the FAQ")).unwrap_or_default()
}

async fn consult(
    visit: &Visit,
    site: &SiteId,
    language: &LanguageTag,
    texts: Vec<String>,
) -> Outcome<Consulted> {
    let Some(pack) = view(visit, site).await?.pack.clone() else { return Ok(Consulted::default()) };
    let (site, language) = (site.clone(), language.clone());
    let compiler = visit.compiler_object(&site)?;
    ask(&compiler, &Consult { site, pack, language, texts }).await
}
