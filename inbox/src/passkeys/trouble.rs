//! Why there is no passkey, in words.

use leptos::prelude::*;

use super::authenticator::Trouble;
use crate::{ui::refusal::Refusal, words::t};

/// What is said of it. Whoever has given it up knows that.
#[component]
pub fn PasskeyTrouble(
    /// What has happened, if something has.
    #[prop(into)]
    trouble: Signal<Option<Trouble>>,
) -> impl IntoView {
    let said = |key: &'static str| view! { <p class="refusal" role="alert">{t(key)}</p> }.into_any();
    let hint = |key: &'static str| view! { <p class="hint" role="status">{t(key)}</p> }.into_any();
    move || match trouble.get()? {
        Trouble::GivenUp => None,
        Trouble::NotGiven => Some(hint("passkeys.not_given")),
        Trouble::Late => Some(said("passkeys.late")),
        Trouble::Known => Some(said("passkeys.known")),
        Trouble::Unable => Some(said("passkeys.unable")),
        Trouble::Edge(failure) => Some(view! { <Refusal failure/> }.into_any()),
    }
}
