//! Appeals: what visitors say against bans, the evidence, and what is decided.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{AppealOutcome, AppealSummary, Appeals, DecideRequest, Fairness};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    desk::{
        live::live_desk,
        row::{moment, visitor_name},
    },
    place::Screen,
    session::session,
    ui::{clock::now, notice::notice, refusal::Refusal},
    words::{Words, t, words},
};

/// What can be decided, with the keys of the words for it; the mildest first.
const OUTCOMES: [(AppealOutcome, &str); 4] = [
    (AppealOutcome::Lifted, "appeals.lift"),
    (AppealOutcome::Shortened, "appeals.shorten"),
    (AppealOutcome::Confirmed, "appeals.confirm"),
    (AppealOutcome::Permanent, "appeals.permanent"),
];

/// The queue of appeals.
#[component]
pub fn AppealsScreen() -> impl IntoView {
    let (session, live) = (session(), live_desk());
    let appeals = RwSignal::new(None::<Result<Appeals, Failure>>);
    let load = move || {
        spawn_local(async move {
            let answer = session.api().appeals().await;
            appeals.try_set(Some(answer.map_err(|failure| session.heed(failure))));
        });
    };
    // A new appeal, and one that a colleague decided, come by themselves.
    Effect::new(move |_| {
        live.appeals().track();
        load();
    });
    let shown = move || match appeals.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Err(failure)) => view! {
            <Refusal failure/>
            <button type="button" class="button" on:click=move |_| load()>{t("app.retry")}</button>
        }
        .into_any(),
        Some(Ok(Appeals { appeals, .. })) if appeals.is_empty() => {
            view! { <p class="hint" id="no-appeals">{t("appeals.none")}</p> }.into_any()
        }
        Some(Ok(Appeals { appeals, fairness })) => {
            let row = move |appeal| view! { <Appeal appeal on_decided=move |()| load()/> };
            view! {
                <ul class="cards" id="appeals">{appeals.into_iter().map(row).collect_view()}</ul>
                <FairnessTable fairness/>
            }
            .into_any()
        }
    };
    view! {
        <main class="page">
            <div class="page-body">
                <h1>{t("appeals.title")}</h1>
                <p class="hint">{t("appeals.about")}</p>
                {shown}
            </div>
        </main>
    }
}

/// What a signal is called; bans that agents made have none.
pub fn signal_name(words: Words, signal: Option<deskbell_shared::guard::signal::Signal>) -> String {
    match signal {
        Some(signal) => words.text(&format!("signal.{}", signal.slug())),
        None => words.text("signal.agent"),
    }
}

/// One appeal.
#[component]
fn Appeal(
    /// Which.
    appeal: AppealSummary,
    /// Called when it has been decided.
    #[prop(into)]
    on_decided: Callback<()>,
) -> impl IntoView {
    let (session, words, notice, now) = (session(), words(), notice(), now());
    let AppealSummary {
        number,
        conversation,
        words: said,
        at,
        signals,
        reason,
        since,
        until,
        outcome,
        fair,
        ..
    } = appeal;
    let busy = RwSignal::new(false);
    let decide = move |outcome: AppealOutcome| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = session.api().decide(number, &DecideRequest { outcome }).await;
            busy.try_set(false);
            match answer {
                Ok(_) => _ = on_decided.try_run(()),
                Err(failure) => notice.say(session.heed(failure)),
            }
        });
    };
    let evidence = move || match &reason {
        Some(reason) => words.fill("appeals.by_agent", &[("reason", reason.as_str())]),
        None => {
            let named: Vec<String> = signals.iter().map(|signal| signal_name(words, Some(*signal))).collect();
            words.fill("appeals.by_guard", &[("signals", &named.join(" · "))])
        }
    };
    let times = Memo::new(move |_| {
        let now = now.now();
        let until = match until {
            Some(until) => words.fill("bans.until", &[("until", &moment(words, until, now))]),
            None => words.text("ban.until_lifted"),
        };
        let times =
            [("when", moment(words, at, now)), ("since", moment(words, since, now)), ("until", until)];
        words.fill("appeals.times", &times.each_ref().map(|(name, value)| (*name, value.as_str())))
    });
    let talk = conversation.map(|id| {
        view! { <a href=Screen::Talk(id).hash()>{move || visitor_name(words, id)}</a> }
    });
    let foot = match outcome {
        None => {
            let button = move |(outcome, label): (AppealOutcome, &'static str)| {
                let class = match outcome {
                    AppealOutcome::Lifted => "button primary",
                    AppealOutcome::Permanent => "button danger",
                    _ => "button",
                };
                view! {
                    <button
                        type="button"
                        class=class
                        aria-busy=move || busy.get().to_string()
                        on:click=move |_| decide(outcome)
                    >
                        {t(label)}
                    </button>
                }
            };
            view! { <div class="decide">{OUTCOMES.map(button).collect_view()}</div> }.into_any()
        }
        Some(outcome) => {
            let decided = match outcome {
                AppealOutcome::Lifted => "appeals.lifted",
                AppealOutcome::Shortened => "appeals.shortened",
                AppealOutcome::Confirmed => "appeals.confirmed",
                AppealOutcome::Permanent => "appeals.made_permanent",
            };
            let fair = fair.map(|fair| {
                let key = if fair { "appeals.fair" } else { "appeals.unfair" };
                view! { <span class="tag" class:alert=!fair>{t(key)}</span> }
            });
            view! { <p class="decided"><span class="tag done">{t(decided)}</span> " " {fair}</p> }.into_any()
        }
    };
    view! {
        <li class="card appeal" data-appeal=number.to_string()>
            <div>
                <p>{talk} " " <span class="hint">{times}</span></p>
                <blockquote dir="auto">{said.to_string()}</blockquote>
                <p class="hint">{evidence}</p>
                {foot}
            </div>
        </li>
    }
}

/// How fair visitors found it, for each thing that led to a ban.
#[component]
fn FairnessTable(
    /// Counted by the edge.
    fairness: Vec<Fairness>,
) -> impl IntoView {
    let words = words();
    let row = move |counted: Fairness| {
        let Fairness { signal, appeals, lifted, fair, unfair } = counted;
        let wrong = 100 * lifted / appeals.max(1);
        view! {
            <tr>
                <th scope="row">{move || signal_name(words, signal)}</th>
                <td>{appeals}</td>
                <td>{format!("{lifted} ({wrong} %)")}</td>
                <td>{fair}</td>
                <td>{unfair}</td>
            </tr>
        }
    };
    view! {
        <section>
            <h2>{t("appeals.fairness")}</h2>
            <table class="figures" id="fairness">
                <thead>
                    <tr>
                        <th scope="col">{t("appeals.rule")}</th>
                        <th scope="col">{t("appeals.count")}</th>
                        <th scope="col">{t("appeals.wrong")}</th>
                        <th scope="col">{t("appeals.found_fair")}</th>
                        <th scope="col">{t("appeals.found_unfair")}</th>
                    </tr>
                </thead>
                <tbody>{fairness.into_iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
}
