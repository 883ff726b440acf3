//! The site's FAQ as agents use it: to see why it said something, and to answer from it.
//!
//! The pack is fetched when it is first wanted, and again when another is in force; a visitor may have had an earlier one.

use std::cell::RefCell;

use deskbell_browser::http::Failure;
use deskbell_shared::{
    faq::{Matcher, PackError},
    wire::{PackHash, SiteId},
};
use thiserror::Error;

use crate::session::Session;

thread_local! {
    /// The matcher of the site whose inbox this is, and the pack it is of.
    static MATCHER: RefCell<Option<(SiteId, PackHash, Matcher)>> = const { RefCell::new(None) };
}

/// Why there is no matcher.
#[derive(Clone, Debug, Error)]
pub enum NoMatcher {
    /// The site has published none.
    #[error("there is no FAQ")]
    NoFaq,
    /// It could not be fetched.
    #[error(transparent)]
    Fetch(#[from] Failure),
    /// It could not be read.
    #[error(transparent)]
    Pack(#[from] PackError),
}

/// The matcher of the site's FAQ.
///
/// # Errors
/// [`NoMatcher`].
pub async fn matcher(session: Session) -> Result<Matcher, NoMatcher> {
    let (site, api) = (session.site(), session.api());
    let kept = MATCHER.with_borrow(|kept| kept.clone().filter(|(of, ..)| *of == site));
    let hash = match (api.faq().await, &kept) {
        (Ok(pointer), _) => pointer.pack.ok_or(NoMatcher::NoFaq)?,
        // Without a connection, what is here is better than nothing.
        (Err(_), Some((_, hash, _))) => hash.clone(),
        (Err(why), None) => return Err(why.into()),
    };
    if let Some((_, known, matcher)) = kept
        && known == hash
    {
        return Ok(matcher);
    }
    let matcher = Matcher::load(&api.pack(&hash).await?)?;
    MATCHER.set(Some((site, hash, matcher.clone())));
    Ok(matcher)
}
