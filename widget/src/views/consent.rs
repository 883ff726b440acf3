//! The sheet that shows what a person would see, and asks whether it may be sent.

use deskbell_browser::{clock, intl};
use deskbell_shared::wire::{Customer, Email, Line, Text, Turn, TurnSender, VisitorContext};
use leptos::{ev::SubmitEvent, html, prelude::*};

use super::{
    change::{all, changing, maybe, tap, whether},
    text::text as shown,
};
use crate::{app::App, talk::Consent};

/// The sheet, while there is something to agree to.
pub(crate) fn consent_sheet(app: App) -> AnyView {
    let dialog = NodeRef::<html::Dialog>::new();
    // What the visitor chose and wrote stays when the sheet changes under their hands: the page may have moved on. For other
    // words they choose anew.
    let masked = RwSignal::new(true);
    let note = RwSignal::new(String::new());
    Effect::new(move |known: Option<Option<Vec<Turn>>>| {
        let turns = app.consent.with(|consent| consent.as_ref().map(|consent| consent.turns(false)));
        let asked = turns.is_some();
        if asked && known.flatten() != turns {
            masked.set(true);
            note.set(String::new());
        }
        if let Some(dialog) = dialog.get() {
            if asked && !dialog.open() {
                // It fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            } else if !asked && dialog.open() {
                dialog.close();
            }
        }
        turns
    });
    view! {
        <dialog
            id="consent"
            aria-labelledby="consent-title"
            node_ref=dialog
            on:close=move |_| {
                app.consent.set(None);
                app.refocus.notify();
            }
        >
            {changing(move || maybe(app.consent.get().map(|consent| ask(app, consent, masked, note))))}
        </dialog>
    }
    .into_any()
}

fn ask(app: App, consent: Consent, masked: RwSignal<bool>, note: RwSignal<String>) -> AnyView {
    let mask = consent.has_personal_data().then(|| mask_choice(app, masked));
    let note_field = consent.is_empty().then(|| note_field(app, note));
    // Nobody in danger should have to read on, or to agree to anything, before they are told whom to call.
    let first_of_all = consent
        .is_crisis()
        .then(|| view! { <p class="notice warn" role="alert">{app.say("answer.crisis")}</p> }.into_any());
    // Who agrees knows when to expect an answer.
    let away = move || {
        let away = app.away("consent.away", Some("consent.closed"));
        maybe(away.map(|away| view! { <p class="notice" id="away">{away}</p> }.into_any()))
    };
    let facts = facts(app, &consent);
    let turns = move || all(consent.turns(masked.get()).into_iter().map(|turn| said(app, turn)));
    let agreed = move |event: SubmitEvent| {
        event.prevent_default();
        app.agree(masked.get_untracked(), Text::new(&note.get_untracked()).ok());
    };
    view! {
        <form on:submit=agreed>
            <h2 id="consent-title" tabindex="-1">{app.say("consent.title")}</h2>
            {maybe(first_of_all)}
            {changing(away)}
            <p class="lead">{app.say("consent.lead")}</p>
            <div class="sent" tabindex="0" role="region" aria-label=app.say("consent.what")>
                <ul>{changing(turns)}</ul>
                <dl>{facts}</dl>
            </div>
            {maybe(mask)}
            {maybe(note_field)}
            <div class="choices">
                <button id="agree" type="submit" class="main">{app.say("consent.agree")}</button>
                <button id="decline" type="button" class="plain" on:click=tap(move || app.consent.set(None))>
                    {app.say("consent.decline")}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// Whether personal data goes as it is.
fn mask_choice(app: App, masked: RwSignal<bool>) -> AnyView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=whether(move || masked.get())
                on:change=move |event| masked.set(event_target_checked(&event))
            />
            <span>{app.say("consent.mask")}</span>
        </label>
    }
    .into_any()
}

/// For those who ask for a person before they have said anything.
fn note_field(app: App, note: RwSignal<String>) -> AnyView {
    view! {
        <label class="note">
            <span>{app.say("consent.note")}</span>
            <textarea
                rows="2"
                dir="auto"
                maxlength=Text::LIMIT.to_string()
                prop:value=note
                on:input=move |event| note.set(event_target_value(&event))
            ></textarea>
        </label>
    }
    .into_any()
}

/// Where the visitor is.
fn facts(app: App, consent: &Consent) -> AnyView {
    let VisitorContext { language, page, title, .. } = &consent.context;
    let language = intl::language_name(language.as_str(), language.as_str());
    let options = [("hour", "numeric"), ("minute", "2-digit")];
    let time = app.words.with_untracked(|words| intl::date(words.language(), clock::now(), &options));
    let customer = consent.customer().map(|Customer { id, name, email, vip }| {
        let (name, email) = (name.as_ref().map(Line::as_str), email.as_ref().map(Email::as_str));
        let lines = [name, email, Some(id.as_str()), vip.then_some("VIP")];
        lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
    });
    let facts = [
        ("consent.customer", customer),
        ("consent.page", title.as_ref().map(ToString::to_string)),
        ("consent.address", page.as_ref().map(ToString::to_string)),
        ("consent.language", Some(language)),
        ("consent.time", Some(time)),
    ];
    all(facts.into_iter().filter_map(|(key, value)| {
        let value = value?;
        Some(view! { <div><dt>{app.say(key)}</dt><dd dir="auto">{value}</dd></div> }.into_any())
    }))
}

fn said(app: App, Turn { from, text, .. }: Turn) -> AnyView {
    let who = match from {
        TurnSender::Visitor => "log.you",
        TurnSender::Bot => "log.bot",
    };
    view! { <li><strong>{app.say(who)}</strong><span dir="auto">{shown(text.as_str())}</span></li> }
        .into_any()
}
