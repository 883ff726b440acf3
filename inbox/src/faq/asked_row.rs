//! Something that a visitor asked, and the entry that shall learn it.

use deskbell_shared::wire::{Learned, Line};
use leptos::{ev::Event, prelude::*};
use web_sys::HtmlInputElement;

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
    let id = whole.with_value(Asked::key);
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
    let phrasing = latest.text.clone();
    let choose = move |value: String| {
        chosen.update(|chosen| {
            let phrasing = chosen.get(&id).map_or(&phrasing, |chosen| &chosen.phrasing).clone();
            match value.parse() {
                Ok(entry) => chosen.insert(id, Learned { entry, phrasing }),
                Err(_) => chosen.remove(&id),
            };
        });
    };
    let reword = move |text: String| {
        // Without words of its own it is learned as it was asked.
        let phrasing =
            Line::new(&text).unwrap_or_else(|_| whole.with_value(|asked| asked.latest.text.clone()));
        chosen.update(|chosen| {
            if let Some(chosen) = chosen.get_mut(&id) {
                chosen.phrasing = phrasing;
            }
        });
    };
    let is_chosen = Memo::new(move |_| chosen.with(|chosen| chosen.contains_key(&id)));
    let wording = move || {
        chosen
            .with_untracked(|chosen| chosen.get(&id).map(|chosen| chosen.phrasing.to_string()))
            .unwrap_or_default()
    };
    let show_wording = move |event: Event| event_target::<HtmlInputElement>(&event).set_value(&wording());
    // What is drawn anew shows what was chosen.
    let before = chosen.with_untracked(|chosen| chosen.get(&id).map(|chosen| chosen.entry.clone()));
    let option = move |(entry, question): Choice| {
        let is_chosen = before.as_ref() == Some(&entry);
        view! { <option value=entry.to_string() selected=is_chosen>{question}</option> }
    };
    let group = |label: &'static str, choices: Vec<Choice>| {
        (!choices.is_empty()).then(|| {
            view! { <optgroup label=t(label)>{choices.into_iter().map(&option).collect_view()}</optgroup> }
        })
    };
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
                    {group("asked.likely", likely)}
                    {group("asked.others", others)}
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
            <Show when=move || is_chosen.get()>
                <label class="asked-wording">
                    <span class="hint">{t("asked.wording")}</span>
                    <input
                        type="text"
                        maxlength=Line::LIMIT.to_string()
                        dir="auto"
                        value=wording()
                        on:input=move |event| reword(event_target_value(&event))
                        on:change=show_wording
                    />
                </label>
            </Show>
        </li>
    }
}
