//! First FAQs for a site that has none: files to download, fill in and publish.
//!
//! The build makes them from the phrasebooks, one a trade and language; they are plain files, so that offering them
//! costs the console nothing but this list.

use leptos::prelude::*;

use crate::words::{t, words};

/// The trades, by their book, with the key of their name.
const TRADES: [(&str, &str); 36] = [
    ("shop", "starter.shop"),
    ("software", "starter.software"),
    ("payment", "starter.payment"),
    ("telecom", "starter.telecom"),
    ("travel", "starter.travel"),
    ("delivery", "starter.delivery"),
    ("school", "starter.school"),
    ("clinic", "starter.clinic"),
    ("game", "starter.game"),
    ("city", "starter.city"),
    ("flight", "starter.flight"),
    ("food", "starter.food"),
    ("events", "starter.events"),
    ("fitness", "starter.fitness"),
    ("beauty", "starter.beauty"),
    ("care", "starter.care"),
    ("housing", "starter.housing"),
    ("energy", "starter.energy"),
    ("car", "starter.car"),
    ("insurance", "starter.insurance"),
    ("invest", "starter.invest"),
    ("media", "starter.media"),
    ("device", "starter.device"),
    ("market", "starter.market"),
    ("jobs", "starter.jobs"),
    ("pets", "starter.pets"),
    ("museum", "starter.museum"),
    ("hosting", "starter.hosting"),
    ("legal", "starter.legal"),
    ("wedding", "starter.wedding"),
    ("homeservice", "starter.homeservice"),
    ("garden", "starter.garden"),
    ("childcare", "starter.childcare"),
    ("factory", "starter.factory"),
    ("mobility", "starter.mobility"),
    ("club", "starter.club"),
];

/// Where the starter of a trade is, for somebody who reads `language`.
fn address(trade: &str, language: &str) -> String {
    // Traditional is written by few owners alone, and found by the simplified phrasings as well.
    let lang = if language.starts_with("zh") { "zh-Hans" } else { "en" };
    format!("/starters/{trade}.{lang}.yaml")
}

/// The starters, in the language of the console.
#[component]
pub fn Starters() -> impl IntoView {
    let words = words();
    let link = move |(trade, name): (&'static str, &'static str)| {
        view! {
            <li>
                <a class="button" href=move || address(trade, words.language()) download=format!("faq-{trade}.yaml")>
                    {t(name)}
                </a>
            </li>
        }
    };
    view! {
        <section>
            <h2>{t("starter.title")}</h2>
            <p class="hint">{t("starter.about")}</p>
            <ul class="starters" id="starters">{TRADES.map(link).into_iter().collect_view()}</ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_starter_is_in_the_readers_language_or_in_english() {
        assert_eq!(address("shop", "zh-Hant"), "/starters/shop.zh-Hans.yaml");
        assert_eq!(address("city", "en"), "/starters/city.en.yaml");
    }
}
