//! The site's FAQ: fetched once per content, and looked after for as long as the app is open.

use std::time::Duration;

use deskbell_browser::{
    clock::{self, Timer},
    http::{Call, Failure},
    page,
};
use deskbell_shared::{
    faq::{Matcher, PackError},
    wire::{FaqPointer, Millis, PackHash, SiteId},
};
use leptos::{logging::warn, prelude::*};
use thiserror::Error;
use wasm_bindgen_futures::spawn_local;

/// How often an open widget looks for a newer FAQ.
const LOOK_EVERY: Duration = Duration::from_secs(300);
/// Opening the panel looks for one as well, unless somebody has just looked, in milliseconds.
const JUST_LOOKED_MS: u64 = 20_000;

/// The FAQ in use.
#[derive(Clone, Default)]
pub(crate) enum Faq {
    /// On its way.
    #[default]
    Loading,
    Ready(Matcher),
    /// There is none, or it cannot be had now.
    Missing,
}

impl Faq {
    /// What to ask; `None` while there is nothing.
    pub(crate) fn matcher(&self) -> Option<&Matcher> {
        match self {
            Self::Ready(matcher) => Some(matcher),
            Self::Loading | Self::Missing => None,
        }
    }
}

/// Why a pack is not used.
#[derive(Debug, Error)]
enum Unusable {
    #[error(transparent)]
    Fetch(#[from] Failure),
    #[error(transparent)]
    Pack(#[from] PackError),
}

/// Keeps the FAQ up to date.
#[derive(Clone, Copy)]
pub(crate) struct Keeper {
    site: StoredValue<SiteId>,
    /// The languages that the visitor wants, most wanted first.
    wanted: StoredValue<Vec<String>>,
    faq: RwSignal<Faq>,
    /// The pack in use.
    hash: StoredValue<Option<PackHash>>,
    looked: StoredValue<Millis>,
    /// Whether the module may be replaced by a newer one, as far as is known.
    replaceable: StoredValue<bool>,
    /// Whether the FAQ in force is one that only a newer module reads.
    outdated: RwSignal<bool>,
    /// Held so that it fires.
    _timer: StoredValue<Option<Timer>, LocalStorage>,
}

impl Keeper {
    /// Fetches the pack that the frame's page named, and looks for newer ones from then on.
    pub(crate) fn start(site: SiteId, pack: Option<PackHash>, wanted: Vec<String>) -> Self {
        let timer = StoredValue::new_local(None);
        let keeper = Self {
            site: StoredValue::new(site),
            wanted: StoredValue::new(wanted),
            faq: RwSignal::new(Faq::Loading),
            hash: StoredValue::new(None),
            looked: StoredValue::new(clock::now()),
            replaceable: StoredValue::new(true),
            outdated: RwSignal::new(false),
            _timer: timer,
        };
        spawn_local(keeper.adopt(pack));
        timer.set_value(Timer::every(LOOK_EVERY, move || {
            if page::is_visible() {
                keeper.look();
            }
        }));
        keeper
    }

    /// The FAQ in use.
    pub(crate) fn faq(self) -> ReadSignal<Faq> {
        self.faq.read_only()
    }

    /// The visitor wants other languages from now on.
    pub(crate) fn read_by(self, wanted: Vec<String>) {
        self.wanted.set_value(wanted);
        self.faq.update(|faq| {
            if let Faq::Ready(matcher) = faq {
                *matcher = self.for_visitor(matcher);
            }
        });
    }

    fn for_visitor(self, matcher: &Matcher) -> Matcher {
        self.wanted.with_value(|wanted| {
            let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
            matcher.for_reader(&wanted)
        })
    }

    /// Whether loading the frame anew gets an FAQ that this module cannot read. Never when the pack that came with the
    /// frame was such a one already: then the module that is served is older than the FAQ, and loading it again would
    /// go on for ever.
    pub(crate) fn outdated(self) -> ReadSignal<bool> {
        self.outdated.read_only()
    }

    /// Looks whether there is a newer FAQ, because the visitor has come.
    pub(crate) fn visited(self) {
        if clock::now().since(self.looked.get_value()) >= JUST_LOOKED_MS {
            self.look();
        }
    }

    fn look(self) {
        self.looked.set_value(clock::now());
        spawn_local(async move {
            let path = self.site.with_value(|site| format!("/v1/sites/{site}/faq"));
            // No answer means that nothing is known to have changed.
            if let Ok(FaqPointer { pack }) = Call::get(path).answer().await {
                self.adopt(pack).await;
            }
        });
    }

    /// Takes a pack into use. One that cannot be used leaves the old one in place.
    async fn adopt(self, pack: Option<PackHash>) {
        let known = self.hash.get_value();
        let first = matches!(self.faq.get_untracked(), Faq::Loading);
        if pack == known && !first {
            return;
        }
        let adopted = match &pack {
            Some(hash) => self.fetch(hash).await.map(|matcher| Faq::Ready(self.for_visitor(&matcher))),
            None => Ok(Faq::Missing),
        };
        match adopted {
            Ok(faq) => {
                self.hash.set_value(pack);
                self.faq.set(faq);
            }
            Err(fault) => {
                warn!("Deskbell: the FAQ could not be loaded: {fault}");
                let is_newer = matches!(fault, Unusable::Pack(PackError::NewerVersion { .. }));
                if first {
                    self.faq.set(Faq::Missing);
                    self.replaceable.set_value(!is_newer);
                } else if is_newer && self.replaceable.get_value() {
                    self.outdated.set(true);
                }
            }
        }
    }

    async fn fetch(self, hash: &PackHash) -> Result<Matcher, Unusable> {
        let path = self.site.with_value(|site| format!("/v1/sites/{site}/packs/{}", hash.as_str()));
        Ok(Matcher::load(&Call::get(path).bytes().await?)?)
    }
}
