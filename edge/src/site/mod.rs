//! A site as its visitors and its owner meet it: the frame, the settings, the FAQ.

pub(crate) mod appeals;
pub(crate) mod audit;
pub(crate) mod bans;
pub(crate) mod calls;
pub(crate) mod carrying;
pub(crate) mod channels;
pub(crate) mod considered;
pub(crate) mod consulting;
pub(crate) mod customers;
pub(crate) mod faq;
pub(crate) mod frame;
pub(crate) mod gathering;
pub(crate) mod hours;
pub(crate) mod library;
pub(crate) mod origin;
pub(crate) mod pages;
pub(crate) mod passkeys;
pub(crate) mod people;
pub(crate) mod refusals;
pub(crate) mod replies;
pub(crate) mod rules;
pub(crate) mod second_factor;
pub(crate) mod settings;
pub(crate) mod turnstile;

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use deskbell_shared::wire::{Millis, SiteId};

use self::calls::{NoteActs, SiteView, View};
use crate::{platform::object::ask, refusal::Outcome, visit::Visit};

/// How long an isolate believes what it knows of a site, in milliseconds: what agents stop is stopped everywhere within
/// two seconds.
const FRESH_MS: u64 = 1_500;
/// The most sites an isolate knows at once.
const KNOWN: usize = 500;

thread_local! {
    static VIEWS: RefCell<HashMap<SiteId, (Rc<SiteView>, Millis)>> = RefCell::default();
}

/// What visitors may know of a site. Kept for a few seconds, so that a busy site is not asked every time.
///
/// # Errors
/// *Site unknown.*
pub(crate) async fn view(visit: &Visit, site: &SiteId) -> Outcome<Rc<SiteView>> {
    let known = VIEWS.with_borrow(|views| views.get(site).cloned());
    if let Some((view, since)) = known
        && visit.now.since(since) < FRESH_MS
    {
        return Ok(view);
    }
    let view = Rc::new(ask(&visit.site_object(site)?, &View {}).await?);
    VIEWS.with_borrow_mut(|views| {
        if views.len() >= KNOWN {
            views.clear();
        }
        views.insert(site.clone(), (Rc::clone(&view), visit.now));
    });
    Ok(view)
}

/// Forgets what this isolate knows of a site, because it has just changed.
pub(crate) fn forget(site: &SiteId) {
    VIEWS.with_borrow_mut(|views| views.remove(site));
}

/// Has the site write down what somebody did, in its record of privileged acts.
pub(crate) async fn note(
    visit: &Visit,
    site: &SiteId,
    by: String,
    what: &str,
    detail: String,
) -> Outcome<()> {
    ask(&visit.site_object(site)?, &NoteActs { by, what: what.to_owned(), details: vec![detail] }).await
}
