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

/// What is asked.
pub(crate) struct Asking<'a> {
    /// What the writer speaks.
    pub(crate) language: &'a LanguageTag,
    /// What they have written, in its order.
    pub(crate) texts: Vec<String>,
    /// Whether it is to be told what that is about.
    pub(crate) tells_subject: bool,
    /// How long their words wait for it, in milliseconds.
    pub(crate) patience_ms: u64,
}

/// What it makes of texts of one person. Whatever goes wrong with it, what was written is for people all the same: then it makes
/// nothing of them.
pub(crate) async fn consulted(visit: &Visit, site: &SiteId, asking: Asking<'_>) -> Consulted {
    let late = || Err(Refusal::failed("the FAQ gave no answer in time"));
    let found = within(asking.patience_ms, consult(visit, site, asking)).await.unwrap_or_else(late);
    found.inspect_err(|refusal| refusal.log("consulting the FAQ")).unwrap_or_default()
}

async fn consult(visit: &Visit, site: &SiteId, asking: Asking<'_>) -> Outcome<Consulted> {
    let Some(pack) = view(visit, site).await?.pack.clone() else { return Ok(Consulted::default()) };
    let Asking { language, texts, tells_subject, .. } = asking;
    let (site, language) = (site.clone(), language.clone());
    let compiler = visit.compiler_object(&site)?;
    ask(&compiler, &Consult { site, pack, language, texts, tells_subject }).await
}
