//! What is known of the FAQ in force, and what its owner sets: how eagerly it answers, what it has
//! learned from visitors, and what it borrows.
//!
//! A change is sent as soon as it is made, one at a time: each is a compilation, and the answer to it is the report
//! that everything here is drawn from.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{FaqReport, FaqTuning, ProblemKind, TuneRequest};
use leptos::{prelude::*, task::spawn_local};

use super::{
    advice::AdviceList,
    asked::{AskedSection, Kept},
    eagerness::EagernessSlider,
    learned::LearnedList,
    loans::Loans,
};
use crate::{
    session::session,
    ui::{notice::notice, refusal::Retry},
    words::t,
};

/// The report on the FAQ in force, and its tuning.
#[component]
pub fn Tune(
    /// Counts the FAQs that came into force; each is reported on anew.
    in_force: Signal<u32>,
    /// Told when the pointer has moved.
    #[prop(into)]
    on_tuned: Callback<()>,
) -> impl IntoView {
    let (session, notice) = (session(), notice());
    let report = RwSignal::new(None::<Result<FaqReport, Failure>>);
    let busy = RwSignal::new(false);
    let (kept, unfolded) = (Kept::default(), RwSignal::new(false));
    // Whether a colleague has set something else meanwhile.
    let overtaken = RwSignal::new(false);
    let load = move || {
        spawn_local(async move {
            let answer = session.api().faq_report().await;
            report.try_set(Some(answer.map_err(|failure| session.heed(failure))));
        });
    };
    Effect::new(move |_| {
        in_force.track();
        load();
    });
    let change = Callback::new(move |tuning: FaqTuning| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        overtaken.set(false);
        let was = report.with_untracked(|report| match report {
            Some(Ok(report)) => Some(report.tuning.clone()),
            _ => None,
        });
        spawn_local(async move {
            let answer = session.api().tune(&TuneRequest { tuning, was }).await;
            busy.try_set(false);
            match answer {
                Ok(told) => {
                    report.try_set(Some(Ok(told)));
                    on_tuned.try_run(());
                }
                Err(Failure::Refused(problem)) if problem.kind == ProblemKind::Conflict => {
                    overtaken.try_set(true);
                    load();
                    on_tuned.try_run(());
                }
                Err(failure) => {
                    if failure == Failure::Unreachable {
                        // It may be in force all the same.
                        load();
                        on_tuned.try_run(());
                    }
                    // What is shown goes back to what is in force.
                    report.try_update(|_| {});
                    notice.say(session.heed(failure));
                }
            }
        });
    });
    move || match report.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Err(Failure::Refused(problem))) if problem.kind == ProblemKind::NotFound => {
            view! { <p class="hint" id="no-report">{t("tune.no_report")}</p> }.into_any()
        }
        Some(Err(failure)) => view! {
            <Retry failure on_retry=move |()| load()/>
        }
        .into_any(),
        Some(Ok(report)) => {
            let FaqReport { tuning, levels, loans, advice } = report;
            view! {
                <section>
                    <h2>{t("tune.title")}</h2>
                    <Show when=move || overtaken.get()>
                        <p class="warning" role="alert">{t("tune.overtaken")}</p>
                    </Show>
                    <EagernessSlider tuning=tuning.clone() levels busy change/>
                </section>
                <AskedSection tuning=tuning.clone() kept busy change/>
                <LearnedList tuning=tuning.clone() unfolded busy change/>
                <section>
                    <h2>{t("advice.title")}</h2>
                    <AdviceList advice/>
                </section>
                <section>
                    <h2>{t("loans.title")}</h2>
                    <p class="hint">{t("loans.about")}</p>
                    <Loans tuning loans busy change/>
                </section>
            }
            .into_any()
        }
    }
}
