//! What a channel is called, by people and in addresses.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{Channel, ChannelId, ChannelRequest, Line, TextError};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::known::Known;
use crate::{
    ui::{
        checks::Check,
        dialog::{Dialog, FormFoot},
        field::{Field, focus_first_fault},
        refusal::Refusal,
        slug::slug,
    },
    words::{t, words},
};

/// Asks what a channel is called, and whether the FAQ answers there.
#[component]
pub fn ChannelForm(
    /// One that is there already; without it, a new one is made.
    #[prop(optional)]
    channel: Option<Channel>,
    /// The screen's channels.
    known: Known,
    /// Called with what it is when it is done.
    #[prop(into)]
    on_made: Callback<Channel>,
    /// Called when it is given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let words = words();
    let fixed = channel.as_ref().map(|channel| channel.id.clone());
    let is_new = fixed.is_none();
    let answers = RwSignal::new(channel.as_ref().is_none_or(|channel| channel.answers));
    let name = RwSignal::new(channel.map(|channel| channel.name.to_string()).unwrap_or_default());
    let typed_id = RwSignal::new(String::new());
    // In addresses it is called as by people, as long as nobody says otherwise.
    let suggested = StoredValue::new(String::new());
    Effect::new(move |_| {
        let next = name.with(|name| slug(name));
        if typed_id.with_untracked(|typed| suggested.with_value(|suggested| typed == suggested)) {
            suggested.set_value(next.clone());
            typed_id.set(next);
        }
    });
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let line = Memo::new(move |_| name.with(|name| Line::new(name)));
    let id = Memo::new(move |_| match &fixed {
        Some(id) => Ok(id.clone()),
        None => typed_id.with(|typed| typed.trim().parse::<ChannelId>()),
    });
    let is_taken = Memo::new(move |_| {
        let is_it = |channel: Channel| id.with(|id| id.as_ref() == Ok(&channel.id));
        is_new && known.list().items().into_iter().flatten().any(is_it)
    });
    let name_fault = Signal::derive(move || match line.get() {
        Err(TextError::TooLong { chars, limit }) => {
            Some(words.count("composer.too_long", (chars - limit) as u64))
        }
        Err(TextError::Empty) if tried.get() => Some(words.text("channels.no_name")),
        _ => None,
    });
    let id_fault = Signal::derive(move || {
        let key = match id.get() {
            Err(_) => "channels.fault.id",
            Ok(_) if is_taken.get() => "channels.fault.taken",
            Ok(_) => return None,
        };
        tried.get().then(|| words.text(key))
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        tried.set(true);
        let (Ok(name), Ok(id), false) = (line.get_untracked(), id.get_untracked(), is_taken.get_untracked())
        else {
            return focus_first_fault();
        };
        busy.set(true);
        failure.set(None);
        let answers = answers.get_untracked();
        spawn_local(async move {
            let done = known.put(&id, &ChannelRequest { name: name.clone(), answers: Some(answers) }).await;
            busy.try_set(false);
            match done {
                Ok(()) => _ = on_made.try_run(Channel { id, name, answers }),
                Err(why) => _ = failure.try_set(Some(why)),
            }
        });
    };
    view! {
        <Dialog labelled_by="channel-title" on_close>
            <form class="form" novalidate on:submit=submit>
                <h2 id="channel-title">{t(if is_new { "channels.add" } else { "channels.change" })}</h2>
                <Field
                    id="channel-name"
                    label="channels.name"
                    hint="channels.name_hint"
                    value=name
                    fault=name_fault
                    focus=true
                />
                {is_new.then(|| view! {
                    <Field id="channel-id" label="channels.id" hint="channels.id_hint" value=typed_id fault=id_fault/>
                })}
                <Check
                    id="channel-answers"
                    label="channels.answers"
                    hint="channels.answers_hint"
                    is_on=answers
                />
                {move || failure.get().map(|failure| view! { <Refusal failure/> })}
                <FormFoot busy on_close/>
            </form>
        </Dialog>
    }
}
