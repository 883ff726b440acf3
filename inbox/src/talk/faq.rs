//! The site's FAQ as agents use it: to see why it said something, and to answer from it.
//!
//! The pack is fetched when it is first wanted, once for as long as the console is open. It is the pack in force then; a
//! visitor may have had an earlier one.

use std::cell::RefCell;

use deskbell_browser::http::Failure;
use deskbell_shared::{
    faq::{Matcher, PackError},
    wire::SiteId,
};
use thiserror::Error;

use crate::session::Session;

thread_local! {
    /// The matcher of the site whose inbox this is.
    static MATCHER: RefCell<Option<(SiteId, Matcher)>> = const { RefCell::new(None) };
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
    let kept = MATCHER.with_borrow(|kept| kept.clone());
    if let Some((of, matcher)) = kept
        && of == site
    {
        return Ok(matcher);
    }
    let hash = api.faq().await?.pack.ok_or(NoMatcher::NoFaq)?;
    let matcher = Matcher::load(&api.pack(&hash).await?)?;
    MATCHER.set(Some((site, matcher.clone())));
    Ok(matcher)
}
