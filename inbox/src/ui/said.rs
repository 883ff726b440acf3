//! What has just been done, where the button that did it is gone.

use leptos::{html, prelude::*};

/// A line that says what was done, and takes the focus: it would be nowhere otherwise, or on what belongs to another.
#[component]
pub fn Said(
    /// Where it stands; stays the same.
    id: &'static str,
    /// What was done last.
    said: RwSignal<Option<String>>,
) -> impl IntoView {
    let line = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        if said.with(Option::is_some)
            && let Some(line) = line.get_untracked()
        {
            // A page that is not looked at may refuse the focus: then there is nobody to miss it.
            let _ = line.focus();
        }
    });
    view! { <p class="said" id=id role="status" tabindex="-1" node_ref=line>{move || said.get()}</p> }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::tests::{find, settle, stage};

    #[wasm_bindgen_test]
    async fn it_takes_the_focus_when_something_was_done() {
        let said = RwSignal::new(None);
        let place = stage(move || view! { <Said id="said" said/> });
        settle().await;
        assert_ne!(document().active_element(), Some(find(&place, "#said")));
        said.set(Some("Lifted: Visitor 3F2A".to_owned()));
        settle().await;
        assert_eq!(document().active_element(), Some(find(&place, "#said")));
        assert_eq!(find(&place, "#said").text_content().as_deref(), Some("Lifted: Visitor 3F2A"));
    }
}
