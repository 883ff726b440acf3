//! A count in a mark.

use leptos::prelude::*;

/// A count in a mark, and what it counts for those who hear it.
#[component]
pub fn Badge(
    /// The count.
    count: u64,
    /// What it counts, in words.
    said: String,
) -> impl IntoView {
    let title = said.clone();
    view! {
        <span class="badge" title=title>
            <span aria-hidden="true">{count}</span>
            <span class="only-read">{said}</span>
        </span>
    }
}
