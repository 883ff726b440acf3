//! For how long talks are kept.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{KeepDays, Retention};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    session::session,
    ui::{choices::Choices, dialog::Dialog, refusal::Refusal},
    words::{t, words},
};

/// For how many days talks can be kept, and the keys of the words for it.
const SPANS: [(Option<u16>, &str); 6] = [
    (None, "retention.always"),
    (Some(30), "retention.month"),
    (Some(90), "retention.quarter"),
    (Some(180), "retention.half_year"),
    (Some(365), "retention.year"),
    (Some(3 * 365), "retention.three_years"),
];

/// For how long talks are kept, to be changed.
#[component]
pub fn RetentionSection() -> impl IntoView {
    let session = session();
    // What is in force; `None` until the edge has said.
    let held = RwSignal::new(None::<Retention>);
    let failure = RwSignal::new(None::<Failure>);
    let take = move |answer: Result<Retention, Failure>| match answer {
        Ok(retention) => _ = held.try_set(Some(retention)),
        Err(why) => _ = failure.try_set(Some(session.heed(why))),
    };
    spawn_local(async move { take(session.api().retention().await) });
    view! {
        <section id="retention">
            <h2>{t("retention.title")}</h2>
            <p class="hint">{t("retention.about")}</p>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            {move || held.get().map(|held_now| view! { <Choice held_now on_change=move |set| held.set(Some(set))/> })}
        </section>
    }
}

/// What can be chosen, once it is known what is in force.
#[component]
fn Choice(
    /// What is in force.
    held_now: Retention,
    /// Called with what is in force from now on.
    #[prop(into)]
    on_change: Callback<Retention>,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let chosen = RwSignal::new(held_now.days.map(KeepDays::get));
    let busy = RwSignal::new(false);
    let asks = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let days_of = move || chosen.get_untracked().and_then(|days| KeepDays::new(days).ok());
    let save = move || {
        asks.set(false);
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = session.api().put_retention(Retention { days: days_of() }).await;
            busy.try_set(false);
            match answer {
                Ok(set) => _ = on_change.try_run(set),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if days_of().is_some() {
            asks.set(true);
        } else {
            save();
        }
    };
    let told = move || match held_now.days {
        Some(days) => words.count("retention.now", u64::from(days.get())),
        None => words.text("retention.now_always"),
    };
    view! {
        <form class="form" on:submit=submit>
            <p id="retention-now" role="status">{told}</p>
            <Choices name="retention" label="retention.how_long" chosen options=SPANS in_a_row=true/>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <button type="submit" class="button" aria-busy=move || busy.get().to_string()>
                    {t("guard.save")}
                </button>
            </div>
        </form>
        <Show when=move || asks.get()>
            <Dialog labelled_by="retention-title" on_close=move |()| asks.set(false)>
                <h2 id="retention-title">{t("retention.confirm")}</h2>
                <p>
                    {move || {
                        words.count("retention.confirm_about", chosen.get().map(u64::from).unwrap_or_default())
                    }}
                </p>
                <div class="dialog-foot">
                    <button type="button" class="button" on:click=move |_| asks.set(false)>
                        {t("dialog.cancel")}
                    </button>
                    <button type="button" class="button danger" id="retain" on:click=move |_| save()>
                        {t("retention.go")}
                    </button>
                </div>
            </Dialog>
        </Show>
    }
}
