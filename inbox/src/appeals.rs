//! Appeals: what visitors say against bans, the evidence, and what is decided.

use deskbell_shared::wire::{AppealOutcome, AppealSummary, Appeals, DecideRequest, Fairness};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    desk::{
        live::live_desk,
        row::{moment, visitor_name},
    },
    figures::said::share,
    place::Screen,
    session::session,
    ui::{clock::now, notice::notice, refusal::Retry, said::Said},
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
    let (live, words) = (live_desk(), words());
    let appeals = live.appeals();
    let said = RwSignal::new(None::<String>);
    let load = move || live.load_appeals();
    load();
    // It outlives the row, which is drawn anew as soon as the list says the same.
    let decided = Callback::new(move |appeal: AppealSummary| {
        let visitor = appeal.conversation.map(|id| visitor_name(words, id));
        let visitor = visitor.unwrap_or_else(|| words.text("bans.a_visitor"));
        let decision = appeal.outcome.map(|outcome| words.text(decision_key(outcome))).unwrap_or_default();
        said.try_set(Some(words.fill("appeals.said", &[("visitor", &visitor), ("decision", &decision)])));
        load();
    });
    let list = move || match appeals.get() {
        Some(Ok(Appeals { appeals, .. })) => appeals,
        _ => Vec::new(),
    };
    let standing = Memo::new(move |_| {
        appeals.with(|appeals| {
            appeals.as_ref().map(|answer| match answer {
                Ok(Appeals { appeals, .. }) => Ok(!appeals.is_empty()),
                Err(failure) => Err(failure.clone()),
            })
        })
    });
    let shown = move || {
        match standing.get() {
            None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
            Some(Err(failure)) => view! {
                <Retry failure on_retry=move |()| load()/>
            }
            .into_any(),
            Some(Ok(false)) => view! { <p class="hint" id="no-appeals">{t("appeals.none")}</p> }.into_any(),
            // A button that is about to be pressed stays the one of its appeal, whatever comes before it.
            Some(Ok(true)) => view! {
                <ul class="cards" id="appeals">
                    <For each=list key=|appeal| (appeal.number, appeal.outcome, appeal.fair) let:appeal>
                        <Appeal appeal on_decided=decided/>
                    </For>
                </ul>
                {move || match appeals.get() {
                    Some(Ok(Appeals { fairness, .. })) => Some(view! { <FairnessTable fairness/> }),
                    _ => None,
                }}
            }
            .into_any(),
        }
    };
    view! {
        <main class="page">
            <div class="page-body">
                <h1>{t("appeals.title")}</h1>
                <p class="hint">{t("appeals.about")}</p>
                <Said id="decided" said/>
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

/// The key of the words for what was decided.
fn decision_key(outcome: AppealOutcome) -> &'static str {
    match outcome {
        AppealOutcome::Lifted => "appeals.lifted",
        AppealOutcome::Shortened => "appeals.shortened",
        AppealOutcome::Confirmed => "appeals.confirmed",
        AppealOutcome::Permanent => "appeals.made_permanent",
    }
}

/// One appeal.
#[component]
fn Appeal(
    /// Which.
    appeal: AppealSummary,
    /// Called when it has been decided.
    #[prop(into)]
    on_decided: Callback<AppealSummary>,
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
                Ok(decided) => _ = on_decided.try_run(decided),
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
            let decided = decision_key(outcome);
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
        let of_all = move || {
            share(words, lifted, appeals)
                .map_or_else(|| lifted.to_string(), |share| format!("{lifted} ({share})"))
        };
        view! {
            <tr>
                <th scope="row">{move || signal_name(words, signal)}</th>
                <td>{appeals}</td>
                <td>{of_all}</td>
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
