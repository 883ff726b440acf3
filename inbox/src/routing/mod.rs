//! To whom visitors who wait are given, to be set.

pub mod skills;

use deskbell_browser::http::Failure;
use deskbell_shared::wire::Routing;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use self::skills::{SkillsRow, in_force, of_those};
use crate::{
    session::session,
    subjects::subjects,
    team::team,
    ui::{
        checks::Check,
        field::{Field, focus_first_fault},
        refusal::{Refusal, Retry},
    },
    words::{t, words},
};

/// To whom visitors who wait are given, to be set.
#[component]
pub fn RoutingSection() -> impl IntoView {
    let session = session();
    let held = RwSignal::new(None::<Routing>);
    let failure = RwSignal::new(None::<Failure>);
    let load = move || {
        failure.set(None);
        spawn_local(async move {
            match session.api().routing().await {
                Ok(routing) => _ = held.try_set(Some(routing)),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    load();
    view! {
        <section id="routing">
            <h2>{t("routing.title")}</h2>
            <p class="hint">{t("routing.about")}</p>
            {move || {
                failure
                    .get()
                    .map(|failure| {
                        view! {
                            <Retry failure on_retry=move |()| load()/>
                        }
                    })
            }}
            {move || held.get().map(|routing| view! { <RoutingForm routing/> })}
        </section>
    }
}

/// What can be set, once it is known what is in force.
#[component]
fn RoutingForm(
    /// What is in force.
    routing: Routing,
) -> impl IntoView {
    let (session, words, team) = (session(), words(), team());
    // Somebody may have come since the console was opened.
    team.load();
    subjects().load();
    let Routing { on, at_once, people } = routing;
    let on = RwSignal::new(on);
    let at_once = RwSignal::new(at_once.to_string());
    let everybody = RwSignal::new(in_force(people));
    let (tried, busy, saved) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let failure = RwSignal::new(None::<Failure>);
    let number = Memo::new(move |_| {
        at_once.with(|text| text.trim().parse::<u8>().ok()).filter(|number| Routing::AT_ONCE.contains(number))
    });
    let fault = Signal::derive(move || {
        (tried.get() && number.get().is_none()).then(|| words.text("routing.at_once_fault"))
    });
    // What is changed after it was saved is not saved.
    Effect::new(move || {
        on.track();
        at_once.track();
        everybody.track();
        saved.set(false);
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Some(at_once) = number.get_untracked() else { return focus_first_fault() };
        let people = untrack(|| team.teammates());
        // As long as nobody is known, what was chosen for nobody can be told from what was for somebody who has gone.
        if people.is_empty() {
            team.load();
            return;
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let people = everybody.with_untracked(|everybody| of_those(&people, everybody));
        let routing = Routing { on: on.get_untracked(), at_once, people };
        spawn_local(async move {
            let answer = session.api().put_routing(&routing).await;
            busy.try_set(false);
            match answer {
                Ok(_) => _ = saved.try_set(true),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <Check id="routing-on" label="routing.on" is_on=on/>
            <Field id="routing-at-once" label="routing.at_once" hint="routing.at_once_hint" value=at_once fault/>
            <fieldset>
                <legend>{t("routing.people")}</legend>
                <p class="hint">{t("routing.people_hint")}</p>
                <For each=move || team.teammates() key=|person| person.email.as_str().to_owned() let:person>
                    <SkillsRow person everybody/>
                </For>
            </fieldset>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <p class="hint" role="status">{move || saved.get().then(|| words.text("routing.saved"))}</p>
                <button
                    type="submit"
                    class="button"
                    aria-busy=move || busy.get().to_string()
                    aria-disabled=move || team.teammates().is_empty().to_string()
                >
                    {t("routing.save")}
                </button>
            </div>
        </form>
    }
}
