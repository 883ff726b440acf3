//! Whether the site asks two-step sign-in of everybody.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::DemandRequest;
use leptos::{prelude::*, task::spawn_local};

use crate::{session::session, ui::refusal::Refusal, words::t};

/// Whether the site asks it of everybody, to be changed.
#[component]
pub fn Everybody(
    /// Whether it does.
    demanded: bool,
    /// Whether whoever looks has it, or a passkey: nobody asks of others what they do not do.
    #[prop(into)]
    is_on: Signal<bool>,
    /// Called when it has changed.
    #[prop(into)]
    on_change: Callback<()>,
) -> impl IntoView {
    let session = session();
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let change = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = session.api().demand_factor(DemandRequest { demanded: !demanded }).await;
            busy.try_set(false);
            match answer {
                Ok(_) => _ = on_change.try_run(()),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    let (state, go) = match demanded {
        true => ("second_factor.demand_on", "second_factor.relax"),
        false => ("second_factor.demand_off", "second_factor.demand"),
    };
    view! {
        <section id="everybodys-factor">
            <h2>{t("second_factor.everybody")}</h2>
            <p>{t(state)}</p>
            {(!demanded).then(|| view! { <p class="hint">{t("second_factor.demand_about")}</p> })}
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            {move || if is_on.get() || demanded {
                view! {
                    <button type="button" class="button" aria-busy=move || busy.get().to_string() on:click=change>
                        {t(go)}
                    </button>
                }
                .into_any()
            } else {
                view! { <p>{t("second_factor.yourself_first")}</p> }.into_any()
            }}
        </section>
    }
}
