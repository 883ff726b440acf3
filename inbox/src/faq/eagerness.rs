//! The slider from careful to eager, with what each of its positions costs on this FAQ.

use deskbell_shared::wire::{Eagerness, FaqLevel, FaqTuning};
use leptos::prelude::*;

use crate::words::{Words, t, words};

/// The slider, and the table of what its positions cost.
#[component]
pub fn EagernessSlider(
    /// What is in force.
    tuning: FaqTuning,
    /// What each position costs.
    levels: Vec<FaqLevel>,
    /// Whether a change is under way.
    busy: RwSignal<bool>,
    /// Sets another tuning.
    change: Callback<FaqTuning>,
) -> impl IntoView {
    let words = words();
    let in_force = tuning.eagerness;
    // Where the thumb is: while it is moved, not yet what is in force.
    let shown = RwSignal::new(in_force);
    let tuning = StoredValue::new(tuning);
    let moved = move |event| {
        let position = event_target_value(&event).parse::<i8>().ok();
        if let Some(eagerness) = position.and_then(|position| Eagerness::try_from(position).ok()) {
            shown.set(eagerness);
        }
    };
    let set = move |eagerness: Eagerness| {
        if eagerness != in_force {
            change.run(FaqTuning { eagerness, ..tuning.get_value() });
        }
    };
    let is_new = move || shown.get() != in_force;
    let row = move |level: FaqLevel| {
        let at = level.eagerness;
        view! {
            <tr data-position=at.position().to_string() aria-current=move || (shown.get() == at).then_some("true")>
                <th scope="row">{t(name(at))}</th>
                <td>{move || share(words, level.answered)}</td>
                <td>{move || share(words, level.wrong)}</td>
                <td>{move || share(words, level.offered)}</td>
            </tr>
        }
    };
    view! {
        <p class="hint" id="eagerness-about">{t("tune.about")}</p>
        <div class="eagerness">
            <label for="eagerness">{t("tune.eagerness")}</label>
            <input
                type="range"
                id="eagerness"
                min="-2"
                max="2"
                step="1"
                list="eagerness-positions"
                aria-describedby="eagerness-about"
                aria-valuetext=move || words.text(name(shown.get()))
                prop:value=move || shown.get().position().to_string()
                on:input=moved
            />
            <datalist id="eagerness-positions">
                {Eagerness::ALL.map(|at| view! { <option value=at.position().to_string()></option> }).collect_view()}
            </datalist>
            <div class="eagerness-ends" aria-hidden="true">
                <span>{t(name(Eagerness::ALL[0]))}</span>
                <span>{t(name(Eagerness::ALL[4]))}</span>
            </div>
        </div>
        <table class="levels">
            <caption>{t("tune.levels")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("tune.position")}</th>
                    <th scope="col">{t("tune.answered")}</th>
                    <th scope="col">{t("tune.wrong")}</th>
                    <th scope="col">{t("tune.offered")}</th>
                </tr>
            </thead>
            <tbody>{levels.into_iter().map(row).collect_view()}</tbody>
        </table>
        <p class="hint">{t("tune.cautious")}</p>
        <button
            type="button"
            class="button primary"
            id="set-eagerness"
            aria-disabled=move || (busy.get() || !is_new()).to_string()
            aria-busy=move || busy.get().to_string()
            on:click=move |_| set(shown.get_untracked())
        >
            {move || if busy.get() { words.text("tune.busy") } else { words.text("tune.set") }}
        </button>
    }
}

/// The key of a position's name.
fn name(eagerness: Eagerness) -> &'static str {
    match eagerness.position() {
        ..=-2 => "tune.careful",
        -1 => "tune.rather_careful",
        0 => "tune.balanced",
        1 => "tune.rather_eager",
        2.. => "tune.eager",
    }
}

/// A share in whole percent.
fn share(words: Words, share: f32) -> String {
    let percent = (f64::from(share.clamp(0.0, 1.0)) * 100.0).round();
    words.fill("tune.percent", &[("n", &percent.to_string())])
}
