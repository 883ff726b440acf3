//! Which pages may talk to a site. This stops browsers, not scripts: it is no authentication.

use deskbell_shared::wire::{Origin, ProblemKind};

use crate::refusal::{Outcome, Refusal};

/// What a request's origin must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// One of the site's, or the edge's own. None is fine: browsers send none when they read from the
    /// origin of the page.
    Reading,
    /// One of the site's, or the edge's own, and it must be there.
    Changing,
}

/// Checks the `Origin` of a visitor's request.
///
/// # Errors
/// *Origin not allowed*, saying which it was.
pub(crate) fn check(
    origin: Option<&str>,
    own: &str,
    allowed: &[Origin],
    strictness: Strictness,
) -> Outcome<()> {
    match origin {
        None if strictness == Strictness::Reading => Ok(()),
        None => Err(refused("The request names no Origin. Browsers always send one.".to_owned())),
        Some(origin) if origin == own || is_allowed(origin, allowed) => Ok(()),
        Some(origin) => {
            let shown: String = origin.chars().take(200).collect();
            Err(refused(format!("The origin {shown} is not among those of the site.")))
        }
    }
}

/// Checks that a request comes from the edge's own pages: the inbox.
///
/// # Errors
/// *Origin not allowed.*
pub(crate) fn check_own(origin: Option<&str>, own: &str) -> Outcome<()> {
    if origin == Some(own) {
        return Ok(());
    }
    Err(refused(format!("This is for the inbox at {own} alone.")))
}

/// Whether a page of this origin is one of the site's.
pub(crate) fn is_allowed(origin: &str, allowed: &[Origin]) -> bool {
    allowed.iter().any(|allowed| allowed.as_str() == origin)
}

fn refused(detail: String) -> Refusal {
    Refusal::new(ProblemKind::OriginNotAllowed, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_sites_pages_and_the_edge_itself_may_ask() {
        let allowed: Vec<Origin> = ["https://shop.example", "http://localhost:3000"]
            .into_iter()
            .map(|origin| origin.parse().unwrap())
            .collect();
        let ask = |origin, strictness| check(origin, "https://chat.example", &allowed, strictness).is_ok();
        for strictness in [Strictness::Reading, Strictness::Changing] {
            assert!(ask(Some("https://shop.example"), strictness));
            assert!(ask(Some("https://chat.example"), strictness));
            for wrong in [
                "http://shop.example",
                "https://shop.example:8443",
                "https://shop.example.evil.example",
                "https://evil.example",
                "HTTPS://SHOP.EXAMPLE",
                "null",
                "",
            ] {
                assert!(!ask(Some(wrong), strictness), "{wrong}");
            }
        }
        assert!(ask(None, Strictness::Reading));
        assert!(!ask(None, Strictness::Changing));
    }

    #[test]
    fn the_inbox_is_for_its_own_pages() {
        assert!(check_own(Some("https://chat.example"), "https://chat.example").is_ok());
        assert!(check_own(Some("https://shop.example"), "https://chat.example").is_err());
        assert!(check_own(None, "https://chat.example").is_err());
    }
}
