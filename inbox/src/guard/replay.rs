//! What rules would have done in the recorded week, before they are saved.

use deskbell_shared::guard::record::{Changed, Replayed};
use leptos::prelude::*;

use crate::{
    desk::row::visitor_name,
    place::Screen,
    words::{t, words},
};

/// Whom the rules would have stopped, which of them were honest, and what the record suggests.
#[component]
pub fn ReplayView(
    /// As the edge found it.
    replayed: Replayed,
    /// Blocked words, one a line: suggestions go there.
    blocked: RwSignal<String>,
    /// From how many points on a puzzle answers: a suggestion goes there.
    challenge: RwSignal<String>,
) -> impl IntoView {
    let words = words();
    let Replayed { visitors, changed, stopped, honest_stopped, suggested } = replayed;
    let summary = move || {
        let (stopped, visitors, honest) =
            (stopped.to_string(), visitors.to_string(), honest_stopped.to_string());
        words.fill("replay.summary", &[("stopped", &stopped), ("visitors", &visitors), ("honest", &honest)])
    };
    let row = move |one: Changed| {
        let rung = move |slug: &str| words.text(&format!("rung.{slug}"));
        let (before, after) = (one.before.slug(), one.after.slug());
        let talk = one.conversation.map(|id| {
            view! { <a href=Screen::Talk(id).hash()>{move || visitor_name(words, id)}</a> " " }
        });
        view! {
            <li>
                <p>
                    {talk}
                    <span class="hint">{move || format!("{} → {}", rung(before), rung(after))}</span>
                    " "
                    {one.honest.then(|| view! { <span class="tag alert">{t("replay.honest")}</span> })}
                </p>
                <p dir="auto">{one.words.to_string()}</p>
            </li>
        }
    };
    let list = (!changed.is_empty())
        .then(|| view! { <ul class="replayed">{changed.into_iter().map(row).collect_view()}</ul> });
    let add = move |word: String| {
        let label = word.clone();
        let take = move |_| {
            blocked.update(|list| {
                if !list.is_empty() && !list.ends_with('\n') {
                    list.push('\n');
                }
                list.push_str(&word);
            });
        };
        view! { <button type="button" class="button" on:click=take>{format!("+ {label}")}</button> }
    };
    let suggested_words = (!suggested.words.is_empty()).then(|| {
        let buttons = suggested.words.iter().map(|word| add(word.to_string())).collect_view();
        view! {
            <p class="hint">{t("replay.words")}</p>
            <div class="decide">{buttons}</div>
        }
    });
    let threshold = suggested.challenge.map(|points| {
        let text = move || words.fill("replay.challenge", &[("points", &points.to_string())]);
        view! {
            <button type="button" class="button" on:click=move |_| challenge.set(points.to_string())>{text}</button>
        }
    });
    view! {
        <div id="replayed" role="status">
            <p class:warning=move || { honest_stopped > 0 }>{summary}</p>
            {threshold}
            {suggested_words}
            {list}
        </div>
    }
}
