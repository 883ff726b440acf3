//! Something that a visitor asked, and the entry that shall learn it.

use leptos::prelude::*;

use super::asked::{Asked, Choice, Chosen, offered};
use crate::{
    desk::row::moment,
    place::Screen,
    ui::clock::now,
    words::{t, words},
};

/// Something that was asked.
#[component]
pub fn AskedRow(
    /// What.
    asked: Asked,
    /// The entries there are.
    entries: StoredValue<Vec<Choice>>,
    /// What was chosen.
    chosen: Chosen,
    /// Called when it is nothing for the FAQ.
    settle: Callback<Asked>,
) -> impl IntoView {
    let (words, now) = (words(), now());
    let (likely, others) = entries.with_value(|entries| offered(&asked, entries));
    let whole = StoredValue::new(asked.clone());
    let Asked { latest, places, answered, .. } = asked;
    let id = latest.id;
    let text = StoredValue::new(latest.text.to_string());
    let of = move |key: &str| text.with_value(|text| words.fill(key, &[("text", text)]));
    let times = places.len() as u64;
    let times =
        (times > 1).then(|| view! { <span class="tag">{move || words.count("asked.times", times)}</span> });
    let said = move || match &answered {
        Some(question) => words.fill("asked.answered", &[("question", question)]),
        None => words.text("asked.unanswered"),
    };
    let when = move || moment(words, latest.at, now.now());
    let language = move || words.language_name(latest.language.as_str());
    let choose = move |value: String| {
        chosen.update(|chosen| {
            match value.parse() {
                Ok(entry) => chosen.insert(id, entry),
                Err(_) => chosen.remove(&id),
            };
        });
    };
    // What is drawn anew shows what was chosen.
    let before = chosen.with_untracked(|chosen| chosen.get(&id).cloned());
    let option = move |(entry, question): Choice| {
        let is_chosen = before.as_ref() == Some(&entry);
        view! { <option value=entry.to_string() selected=is_chosen>{question}</option> }
    };
    let has_others = !others.is_empty();
    let others = has_others.then(|| {
        view! {
            <optgroup label=t("asked.others")>{others.into_iter().map(&option).collect_view()}</optgroup>
        }
    });
    view! {
        <li>
            <p class="asked-text"><b dir="auto">{text.get_value()}</b> " " {times}</p>
            <p class="hint">
                <span dir="auto">{said}</span> " · " {language} " · " {when} " · "
                <a href=Screen::Talk(latest.id.conversation).hash()>{t("asked.see")}</a>
            </p>
            <div class="asked-acts">
                <select
                    aria-label=move || of("asked.which")
                    on:change=move |event| choose(event_target_value(&event))
                >
                    <option value="">{t("asked.choose")}</option>
                    <optgroup label=t("asked.likely")>{likely.into_iter().map(&option).collect_view()}</optgroup>
                    {others}
                </select>
                <button
                    type="button"
                    class="link"
                    aria-label=move || of("asked.drop_of")
                    on:click=move |_| settle.run(whole.get_value())
                >
                    {t("asked.drop")}
                </button>
            </div>
        </li>
    }
}
