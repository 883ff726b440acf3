//! What the FAQ has learned from visitors, and how it forgets it.

use deskbell_shared::wire::{FaqTuning, Learned};
use leptos::prelude::*;
use web_sys::HtmlDetailsElement;

use crate::words::{t, words};

/// What each entry has learned. Nothing where none has.
#[component]
pub fn LearnedList(
    /// What is in force.
    tuning: FaqTuning,
    /// Whether it is shown: that outlives what is drawn anew.
    unfolded: RwSignal<bool>,
    /// Whether a change is under way.
    busy: RwSignal<bool>,
    /// Sets another tuning.
    change: Callback<FaqTuning>,
) -> impl IntoView {
    if tuning.learned.is_empty() {
        return ().into_any();
    }
    let words = words();
    let count = tuning.learned.len() as u64;
    let tuning = StoredValue::new(tuning);
    let row = move |learned: Learned| {
        let (phrasing, spoken) = (learned.phrasing.to_string(), learned.phrasing.to_string());
        let forget = move |_| {
            if !busy.get_untracked() {
                let mut tuning = tuning.get_value();
                tuning.learned.retain(|other| *other != learned);
                change.run(tuning);
            }
        };
        view! {
            <li>
                <span dir="auto">{phrasing}</span>
                <button
                    type="button"
                    class="link"
                    aria-label=move || words.fill("learned.forget_of", &[("text", &spoken)])
                    aria-busy=move || busy.get().to_string()
                    on:click=forget
                >
                    {t("learned.forget")}
                </button>
            </li>
        }
    };
    let learned = tuning.with_value(|tuning| tuning.learned.clone());
    let entries = learned.chunk_by(|a, b| a.entry == b.entry).map(|learned| {
        let entry = learned[0].entry.to_string();
        let rows = learned.iter().cloned().map(row).collect_view();
        view! {
            <li class="loan-entry">
                <p><span class="tag">{entry}</span></p>
                <ul class="learned">{rows}</ul>
            </li>
        }
    });
    view! {
        <section>
            <h2>{move || words.count("learned.title", count)}</h2>
            <p class="hint">{t("learned.about")}</p>
            <details
                class="folds"
                id="learned"
                open=unfolded.get_untracked()
                on:toggle=move |event| unfolded.set(event_target::<HtmlDetailsElement>(&event).open())
            >
                <summary>{t("learned.show")}</summary>
                <ul class="loans">{entries.collect_view()}</ul>
            </details>
        </section>
    }
    .into_any()
}
