//! Publishing an FAQ from a file: what came of it, or every fault with its line and remedy.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::Published;
use leptos::{html, prelude::*, task::spawn_local};
use web_sys::File;

use super::source::{NotASource, media_type};
use crate::{
    api::Api,
    ui::refusal::{Faults, Refusal},
    words::{t, words},
};

/// What came of publishing.
#[derive(Clone)]
enum Outcome {
    Busy(String),
    Published(Published),
    NotASource(NotASource),
    Failed(Failure),
}

/// Publishes an FAQ from a file.
#[component]
pub fn Upload(
    /// The edge, in the name of whoever publishes.
    #[prop(into)]
    api: Callback<(), Api>,
    /// Told of what was published.
    #[prop(into)]
    on_published: Callback<Published>,
    /// Told of what failed.
    #[prop(into)]
    on_failed: Callback<Failure>,
) -> impl IntoView {
    let words = words();
    let input = NodeRef::<html::Input>::new();
    let outcome = RwSignal::new(None::<Outcome>);
    let publish = move |file: File| {
        let media_type = match media_type(&file.name(), file.size()) {
            Ok(media_type) => media_type,
            Err(fault) => return outcome.set(Some(Outcome::NotASource(fault))),
        };
        outcome.set(Some(Outcome::Busy(file.name())));
        let api = api.run(());
        spawn_local(async move {
            // Whoever left the screen meanwhile is told nothing; what was published is published.
            outcome.try_set(Some(match api.publish(&file, media_type).await {
                Ok(published) => {
                    on_published.try_run(published.clone());
                    Outcome::Published(published)
                }
                Err(failure) => {
                    on_failed.try_run(failure.clone());
                    Outcome::Failed(failure)
                }
            }));
        });
    };
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.item(0)) {
            publish(file);
        }
        // So that the same file, mended, can be chosen again.
        input.set_value("");
    };
    let said = move || match outcome.get()? {
        Outcome::Busy(name) => {
            Some(view! { <p role="status">{words.fill("faq.publishing", &[("file", &name)])}</p> }.into_any())
        }
        Outcome::NotASource(fault) => {
            Some(view! { <p class="refusal" role="alert">{words.text(fault.key())}</p> }.into_any())
        }
        Outcome::Failed(failure) => Some(view! { <Refusal failure/> }.into_any()),
        Outcome::Published(published) => {
            let entries = words.count("faq.entries", published.entries as u64);
            let phrasings = words.count("faq.phrasings", published.phrasings as u64);
            let warnings = published.warnings;
            let warned = (!warnings.is_empty()).then(
                || view! { <p class="warning">{words.count("faq.warnings", warnings.len() as u64)}</p> },
            );
            Some(
                view! {
                    <p class="success" role="status" id="published">
                        {words.fill("faq.published", &[("entries", &entries), ("phrasings", &phrasings)])}
                    </p>
                    {warned}
                    <Faults faults=warnings/>
                }
                .into_any(),
            )
        }
    };
    view! {
        <div class="upload">
            <label class="button" for="faq-file">{t("faq.choose")}</label>
            <input
                node_ref=input
                class="only-read"
                type="file"
                id="faq-file"
                accept=".yaml,.yml,.csv,application/yaml,text/csv"
                aria-describedby="faq-file-hint"
                on:change=chosen
            />
            <p class="hint" id="faq-file-hint">{t("faq.choose_hint")}</p>
            {said}
        </div>
    }
}
