//! Text from people, in which links are the only markup.

use deskbell_shared::text::links::{Segment, split};
use leptos::prelude::*;

/// Text from people: everything is shown as it was written, and what is a link can be followed.
#[component]
pub fn Linked(
    /// The text.
    text: String,
) -> impl IntoView {
    let segment = |segment: Segment<'_>| match segment {
        Segment::Text(text) => text.to_owned().into_any(),
        Segment::Link { label, href } => {
            let label = label.into_owned();
            view! { <a href=href target="_blank" rel="noopener noreferrer nofollow">{label}</a> }.into_any()
        }
    };
    split(&text).into_iter().map(segment).collect_view()
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::tests::{find, stage};

    #[wasm_bindgen_test]
    fn markup_stays_text_and_only_links_lead_away() {
        let text = "<img src=x onerror=alert(1)> javascript:alert(1) https://shop.example/a";
        let place = stage(move || view! { <p><Linked text=text.to_owned()/></p> });
        assert_eq!(place.text_content().unwrap(), text);
        assert_eq!(place.query_selector_all("img, script").unwrap().length(), 0);
        assert_eq!(place.query_selector_all("a").unwrap().length(), 1);
        let link = find(&place, "a");
        assert_eq!(link.get_attribute("href").unwrap(), "https://shop.example/a");
        assert!(link.get_attribute("rel").unwrap().contains("noopener"));
    }
}
