//! The guard's rules: from when each rung answers, blocked words, the shield; what it decided, what other rules would
//! have done, Turnstile, and the record to take away.

pub mod figures;
mod overtaken;
pub mod replay;
pub mod turnstile;

use deskbell_browser::http::Failure;
use deskbell_shared::{
    guard::{
        ladder::{Rung, Thresholds},
        record::Replayed,
        rules::{GuardRules, Keyword, RulesRequest, Shield},
    },
    wire::ProblemKind,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use self::{figures::FiguresSection, replay::ReplayView, turnstile::TurnstileSection};
use crate::{
    session::session,
    ui::{
        choices::Choices,
        field::{Field, Kind, focus_first_fault},
        refusal::{Refusal, Retry},
    },
    words::{t, words},
};

/// The ways the shield can stand, with the keys of the words for it.
const SHIELDS: [(Shield, &str); 3] = [
    (Shield::Auto, "guard.shield_auto"),
    (Shield::Up, "guard.shield_up"),
    (Shield::Down, "guard.shield_down"),
];

/// The rules in force, to be changed.
#[component]
pub fn GuardScreen() -> impl IntoView {
    let session = session();
    let rules = RwSignal::new(None::<Result<GuardRules, Failure>>);
    let load = move || {
        spawn_local(async move {
            let answer = session.api().rules().await;
            rules.try_set(Some(answer.map_err(|failure| session.heed(failure))));
        });
    };
    load();
    let shown = move || match rules.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Err(failure)) => view! {
            <Retry failure on_retry=move |()| load()/>
        }
        .into_any(),
        Some(Ok(rules)) => view! { <RulesForm rules/> }.into_any(),
    };
    view! {
        <main class="page">
            <div class="page-body">
                <h1>{t("guard.title")}</h1>
                <p class="hint">{t("guard.about")}</p>
                <section>{shown}</section>
                <TurnstileSection/>
                <FiguresSection/>
                <section>
                    <h2>{t("guard.record")}</h2>
                    <p class="hint">{t("guard.record_about")}</p>
                    <a class="button" id="audit" href=session.api().audit() download="audit.jsonl">{t("guard.record_get")}</a>
                </section>
            </div>
        </main>
    }
}

/// Four numbers and a list of words.
#[component]
fn RulesForm(
    /// Those in force.
    rules: GuardRules,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let of = |rung| (rung, RwSignal::new(rules.thresholds.of(rung).to_string()));
    let rungs = [of(Rung::Hint), of(Rung::Slow), of(Rung::Challenge), of(Rung::Ban)];
    let [hint, slow, challenge, ban] = rungs.map(|(_, typed)| typed);
    let list: Vec<&str> = rules.blocked.iter().map(Keyword::as_str).collect();
    let blocked = RwSignal::new(list.join("\n"));
    let shield = RwSignal::new(rules.shield);
    let keep = RwSignal::new(rules.keep_days.to_string());
    let seen = RwSignal::new(rules);
    let busy = RwSignal::new(false);
    // Whether a colleague has set other rules meanwhile.
    let overtaken = RwSignal::new(false);
    // What was saved last: it is said as long as that is what is written.
    let saved = RwSignal::new(None::<GuardRules>);
    let failure = RwSignal::new(None::<Failure>);
    let replayed = RwSignal::new(None::<Replayed>);
    let thresholds = Memo::new(move |_| {
        let number = |typed: RwSignal<String>| typed.with(|typed| typed.trim().parse::<u32>().unwrap_or(0));
        Thresholds::new(number(hint), number(slow), number(challenge), number(ban))
    });
    let fault = Signal::derive(move || {
        use deskbell_shared::guard::ladder::ThresholdsError as E;
        Some(match thresholds.get().err()? {
            E::MeetsEverybody => words.fill("guard.fault.low", &[("least", &Thresholds::LEAST.to_string())]),
            E::NotRising => words.fill("guard.fault.rising", &[("step", &Thresholds::STEP.to_string())]),
            E::OutOfReach => words.fill("guard.fault.high", &[("most", &Thresholds::MOST.to_string())]),
        })
    });
    let parsed = Memo::new(move |_| {
        blocked.with(|typed| {
            typed
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(Keyword::new)
                .collect::<Result<Vec<_>, _>>()
        })
    });
    let word_fault = Signal::derive(move || {
        parsed.get().err().map(|_| words.fill("setup.fault.long", &[("value", &Keyword::LIMIT.to_string())]))
    });
    let days = Memo::new(move |_| {
        let typed = keep.with(|typed| typed.trim().parse::<u16>().ok());
        typed.filter(|days| (1..=GuardRules::MOST_DAYS).contains(days))
    });
    let keep_fault = Signal::derive(move || {
        let most = GuardRules::MOST_DAYS.to_string();
        days.get().is_none().then(|| words.fill("guard.fault.days", &[("most", &most)]))
    });
    let current = Memo::new(move |_| {
        let (thresholds, blocked, keep_days) = (thresholds.get().ok()?, parsed.get().ok()?, days.get()?);
        Some(GuardRules { thresholds, blocked, shield: shield.get(), keep_days })
    });
    // What is written, when it can be rules at all and nothing is on its way.
    let written = move || {
        let Some(rules) = current.get_untracked() else {
            focus_first_fault();
            return None;
        };
        if busy.get_untracked() {
            return None;
        }
        busy.set(true);
        saved.set(None);
        overtaken.set(false);
        failure.set(None);
        Some(rules)
    };
    // Shows what a colleague has set, except where something is written.
    let take = move |now: GuardRules| {
        let was = seen.get_untracked();
        for (rung, typed) in rungs {
            let of = |rules: &GuardRules| rules.thresholds.of(rung).to_string();
            typed.update(|typed| *typed = overtaken::field(std::mem::take(typed), &of(&was), of(&now)));
        }
        blocked.update(|typed| *typed = overtaken::lines(typed, &was.blocked, &now.blocked));
        shield.update(|chosen| *chosen = overtaken::field(*chosen, &was.shield, now.shield));
        let days = |rules: &GuardRules| rules.keep_days.to_string();
        keep.update(|typed| *typed = overtaken::field(std::mem::take(typed), &days(&was), days(&now)));
        seen.set(now);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(rules) = written() else { return };
        spawn_local(async move {
            let api = session.api();
            let request = RulesRequest { rules, was: Some(seen.get_untracked()) };
            let mut answer = api.put_rules(&request).await;
            if matches!(&answer, Err(Failure::Refused(problem)) if problem.kind == ProblemKind::Conflict) {
                answer = api.rules().await;
            }
            // Whoever left the screen meanwhile is told nothing.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(now) if now == request.rules => {
                    seen.set(now);
                    saved.set(Some(request.rules));
                }
                Ok(now) => {
                    take(now);
                    overtaken.set(true);
                }
                Err(why) => failure.set(Some(session.heed(why))),
            }
        });
    };
    let try_out = move |_| {
        let Some(rules) = written() else { return };
        spawn_local(async move {
            let answer = session.api().replay(&rules).await;
            busy.try_set(false);
            match answer {
                Ok(found) => _ = replayed.try_set(Some(found)),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    let is_saved = Memo::new(move |_| saved.with(|saved| saved.is_some() && *saved == current.get()));
    view! {
        <form class="form" id="rules" novalidate on:submit=submit>
            <h2>{t("guard.rungs")}</h2>
            <p class="hint">{t("guard.rungs_about")}</p>
            <div class="rungs">
                <Field id="rung-hint" label="guard.hint" value=hint/>
                <Field id="rung-slow" label="guard.slow" value=slow/>
                <Field id="rung-challenge" label="guard.challenge" value=challenge/>
                <Field id="rung-ban" label="guard.ban" value=ban/>
            </div>
            {move || fault.get().map(|fault| view! { <p class="fault" role="alert">{fault}</p> })}
            <Field id="blocked" label="guard.blocked" kind=Kind::Lines value=blocked hint="guard.blocked_hint" fault=word_fault/>
            <Choices name="shield" label="guard.shield" chosen=shield options=SHIELDS/>
            <Field id="keep" label="guard.keep" value=keep hint="guard.keep_hint" fault=keep_fault/>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <Show when=move || overtaken.get()>
                <p class="warning" role="alert">{t("guard.overtaken")}</p>
            </Show>
            {move || replayed.get().map(|replayed| view! { <ReplayView replayed blocked challenge/> })}
            <div class="dialog-foot">
                <span role="status">{move || is_saved.get().then(|| words.text("guard.saved"))}</span>
                <button type="button" class="button" id="try" on:click=try_out>{t("replay.try")}</button>
                <button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>
                    {t("guard.save")}
                </button>
            </div>
        </form>
    }
}
