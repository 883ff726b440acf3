//! The sheet that shows what a person would see, and asks whether it may be sent.

use deskbell_browser::{clock, intl};
use deskbell_shared::wire::{Text, Turn, TurnSender};
use leptos::{html, prelude::*};

use crate::{app::App, talk::Consent};

/// The sheet, while there is something to agree to.
#[component]
pub(super) fn Sheet(app: App) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let asked = app.consent.with(Option::is_some);
        if let Some(dialog) = dialog.get() {
            if asked && !dialog.open() {
                // It fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            } else if !asked && dialog.open() {
                dialog.close();
            }
        }
    });
    view! {
        <dialog
            id="consent"
            aria-labelledby="consent-title"
            node_ref=dialog
            on:close=move |_| app.consent.set(None)
        >
            {move || app.consent.get().map(|consent| view! { <Ask app consent /> })}
        </dialog>
    }
}

#[component]
fn Ask(app: App, consent: Consent) -> impl IntoView {
    let masked = RwSignal::new(true);
    let note = RwSignal::new(String::new());
    let nothing_said = consent.is_empty();
    let personal = consent.has_personal_data();
    let context = consent.context.clone();
    let turns = move || consent.turns(masked.get());
    let language = context.language.as_str().to_owned();
    let local_time = move || {
        let options = [("hour", "numeric"), ("minute", "2-digit")];
        app.words.with(|words| intl::date(words.language(), clock::now(), &options))
    };
    let fact = move |key: &'static str, value: String| {
        view! {
            <div>
                <dt>{move || app.say(key)}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let page = context.title.as_ref().map(|title| title.as_str().to_owned());
    let address = context.page.as_ref().map(|page| page.as_str().to_owned());
    view! {
        <form method="dialog" on:submit=move |event| {
            event.prevent_default();
            app.agree(masked.get_untracked(), Text::new(&note.get_untracked()).ok());
        }>
            <h2 id="consent-title" tabindex="-1" autofocus>{move || app.say("consent.title")}</h2>
            <p class="lead">{move || app.say("consent.lead")}</p>
            <div class="sent" tabindex="0" role="region" aria-label=move || app.say("consent.what")>
                <ul>{move || turns().into_iter().map(|turn| said(app, turn)).collect_view()}</ul>
                <dl>
                    {page.map(|page| fact("consent.page", page))}
                    {address.map(|address| fact("consent.address", address))}
                    {fact("consent.language", intl::language_name(&language, &language))}
                    {fact("consent.time", local_time())}
                </dl>
            </div>
            <Show when=move || personal>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=masked
                        on:change=move |event| masked.set(event_target_checked(&event))
                    />
                    <span>{move || app.say("consent.mask")}</span>
                </label>
            </Show>
            <Show when=move || nothing_said>
                <label class="note">
                    <span>{move || app.say("consent.note")}</span>
                    <textarea
                        rows="2"
                        maxlength=Text::LIMIT.to_string()
                        prop:value=note
                        on:input=move |event| note.set(event_target_value(&event))
                    ></textarea>
                </label>
            </Show>
            <div class="choices">
                <button id="agree" type="submit" class="main">{move || app.say("consent.agree")}</button>
                <button id="decline" type="button" class="plain" on:click=move |_| app.consent.set(None)>
                    {move || app.say("consent.decline")}
                </button>
            </div>
        </form>
    }
}

fn said(app: App, Turn { from, text, .. }: Turn) -> impl IntoView {
    let who = match from {
        TurnSender::Visitor => "log.you",
        TurnSender::Bot => "log.bot",
    };
    view! {
        <li>
            <strong>{move || app.say(who)}</strong>
            <span>{text.as_str().to_owned()}</span>
        </li>
    }
}
