//! The FAQ in force, what is known of it and set for it, and publishing another.

pub mod advice;
pub mod asked;
pub mod asked_row;
pub mod eagerness;
pub mod learned;
pub mod loans;
pub mod source;
pub mod starters;
pub mod tune;
pub mod upload;

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{FaqPointer, Published};
use leptos::{prelude::*, task::spawn_local};

use self::{starters::Starters, tune::Tune, upload::Upload};
use crate::{
    session::session,
    subjects::subjects,
    ui::refusal::Retry,
    words::{t, words},
};

/// The FAQ in force, and publishing another.
#[component]
pub fn FaqScreen() -> impl IntoView {
    let (session, words, subjects) = (session(), words(), subjects());
    let pointer = RwSignal::new(None::<Result<FaqPointer, Failure>>);
    let load = move || {
        spawn_local(async move {
            let answer = session.api().faq().await;
            pointer.try_set(Some(answer.map_err(|failure| session.heed(failure))));
        });
    };
    load();
    let in_force = move || match pointer.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Err(failure)) => view! {
            <Retry failure on_retry=move |()| load()/>
        }
        .into_any(),
        Some(Ok(FaqPointer { pack: None })) => view! { <p id="faq-in-force">{t("faq.none")}</p> }.into_any(),
        Some(Ok(FaqPointer { pack: Some(pack) })) => {
            let short: String = pack.as_str().chars().take(8).collect();
            view! {
                <p id="faq-in-force">
                    {move || words.text("faq.version")} " " <code title=pack.as_str().to_owned()>{short}</code>
                </p>
                <p><a class="button" id="faq-source" href=session.api().faq_source() download="">{t("faq.download")}</a></p>
            }
            .into_any()
        }
    };
    let has_faq =
        Memo::new(move |_| pointer.with(|pointer| matches!(pointer, Some(Ok(FaqPointer { pack: Some(_) })))));
    let has_none =
        Memo::new(move |_| pointer.with(|pointer| matches!(pointer, Some(Ok(FaqPointer { pack: None })))));
    let publications = RwSignal::new(0_u32);
    let published = move |published: Published| {
        pointer.try_set(Some(Ok(FaqPointer { pack: Some(published.pack) })));
        publications.try_update(|count| *count += 1);
        subjects.load();
    };
    let failed = move |failure: Failure| {
        if failure == Failure::Unreachable {
            // It may be in force all the same.
            load();
            publications.try_update(|count| *count += 1);
        }
        session.heed(failure);
    };
    view! {
        <main class="page">
            <div class="page-body">
                <h1>{t("faq.title")}</h1>
                <section>
                    <h2>{t("faq.in_force")}</h2>
                    {in_force}
                </section>
                {move || has_none.get().then(|| view! { <Starters/> })}
                {move || has_faq.get().then(|| view! { <Tune in_force=publications.into() on_tuned=move |()| load()/> })}
                <section>
                    <h2>{t("faq.publish")}</h2>
                    <p class="hint">{t("faq.about")}</p>
                    <Upload
                        api=move |()| session.api()
                        on_published=published
                        on_failed=failed
                    />
                </section>
            </div>
        </main>
    }
}
