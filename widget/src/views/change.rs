//! The few ways in which what is on screen changes.
//!
//! Each is compiled once and takes its closures boxed. Given as they are, every closure in a view would bring its own
//! copy of the machinery that renders it, and the visitor would download them all.

use leptos::{ev::MouseEvent, prelude::*};

/// What a button does.
pub(super) type Tap = Box<dyn FnMut(MouseEvent)>;

/// Makes a button do something.
pub(super) fn tap(mut act: impl FnMut() + 'static) -> Tap {
    Box::new(move |_| act())
}

/// A view that is made anew whenever a signal that it reads has changed.
pub(super) fn changing(view: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    fn boxed(view: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
        (move || view()).into_any()
    }
    boxed(Box::new(view))
}

/// A view that is there while something holds.
pub(super) fn when(
    holds: impl Fn() -> bool + Send + Sync + 'static,
    view: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    // The view is made when it begins to hold, not whenever what decides it changes.
    let holds: Box<dyn Fn() -> bool + Send + Sync> = Box::new(holds);
    let shown = memo(holds);
    changing(move || if shown.get() { view() } else { ().into_any() })
}

fn memo(holds: Box<dyn Fn() -> bool + Send + Sync>) -> Memo<bool> {
    Memo::new(move |_| holds())
}

/// A text that follows the signals it reads.
pub(super) fn told(text: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(text)
}

/// A fact that follows the signals it reads.
pub(super) fn whether(holds: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(holds)
}

/// Views one after the other.
pub(super) fn all(views: impl IntoIterator<Item = AnyView>) -> AnyView {
    views.into_iter().collect::<Vec<_>>().into_any()
}

/// A view, or nothing.
pub(super) fn maybe(view: Option<AnyView>) -> AnyView {
    view.unwrap_or_else(|| ().into_any())
}
