//! Events of a page, kept as they come.

use std::sync::{Arc, Mutex, PoisonError};

use chromiumoxide::{Page, cdp::IntoEventKind, error::CdpError};
use futures::StreamExt;
use tokio::runtime::Handle;

/// All events of one kind since the page was opened, in order.
pub(super) struct Kept<T>(Arc<Mutex<Vec<Arc<T>>>>);

impl<T: IntoEventKind + Unpin + Send + Sync + 'static> Kept<T> {
    pub(super) async fn listen(page: &Page, runtime: &Handle) -> Result<Self, CdpError> {
        let mut events = page.event_listener::<T>().await?;
        let kept = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&kept);
        runtime.spawn(async move {
            while let Some(event) = events.next().await {
                into.lock().unwrap_or_else(PoisonError::into_inner).push(event);
            }
        });
        Ok(Self(kept))
    }

    pub(super) fn all(&self) -> Vec<Arc<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
