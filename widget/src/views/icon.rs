//! The few icons there are, drawn on a field of 24 by 24.

use leptos::prelude::*;

pub(super) const CLOSE: &str = "M6 6l12 12M18 6L6 18";
pub(super) const SEND: &str = "M12 19V5M5.5 11.5L12 5l6.5 6.5";
pub(super) const NEXT: &str = "M9 6l6 6-6 6";
pub(super) const LOCK: &str = "M7 10V7.5a5 5 0 0 1 10 0V10M6 10h12v10H6z";
pub(super) const PERSON: &str = "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0";
pub(super) const SOURCE: &str = "M5 4h9l5 5v11H5zM14 4v5h5";

/// An icon. Decoration: what it means is said beside it, or by its button's label.
pub(super) fn icon(path: &'static str) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path />
        </svg>
    }
    .into_any()
}
