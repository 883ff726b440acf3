//! A saved reply's title and text.

use deskbell_browser::{http::Failure, random};
use deskbell_shared::wire::{Line, ReplyId, SavedReply, SavedReplyRequest, Text};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::live::replies;
use crate::{
    ui::{
        dialog::{Dialog, FormFoot},
        field::{Field, Kind, focus_first_fault},
        refusal::Refusal,
    },
    words::{t, words},
};

/// Asks for a title and a text.
#[component]
pub fn ReplyForm(
    /// One that is there already; without it, a new one is made.
    #[prop(optional)]
    reply: Option<SavedReply>,
    /// Called when it is done or given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let (words, replies) = (words(), replies());
    let (is_new, version) = (reply.is_none(), reply.as_ref().map_or(0, |reply| reply.version));
    // A new one has its name from the start, so that sending it twice makes one.
    let id = reply.as_ref().map(|reply| reply.id).or_else(|| random::id().map(ReplyId));
    let of = |text: fn(&SavedReply) -> String| RwSignal::new(reply.as_ref().map(text).unwrap_or_default());
    let (title, text) = (of(|reply| reply.title.to_string()), of(|reply| reply.text.to_string()));
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let parsed_title = Memo::new(move |_| title.with(|title| Line::new(title).ok()));
    let parsed_text = Memo::new(move |_| text.with(|text| Text::new(text).ok()));
    let fault = move |is_wrong: bool, key: &str| (tried.get() && is_wrong).then(|| words.text(key));
    let title_fault = Signal::derive(move || fault(parsed_title.with(Option::is_none), "replies.no_title"));
    let text_fault = Signal::derive(move || fault(parsed_text.with(Option::is_none), "replies.no_text"));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let (Some(title), Some(text)) = (parsed_title.get_untracked(), parsed_text.get_untracked()) else {
            return focus_first_fault();
        };
        let Some(id) = id.filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let done = replies.put(id, &SavedReplyRequest { title, text, version }).await;
            busy.try_set(false);
            match done {
                Ok(()) => _ = on_close.try_run(()),
                // What is written here stays, to be copied.
                Err(why) => _ = failure.try_set(Some(why)),
            }
        });
    };
    let heading = if is_new { "replies.add" } else { "replies.change" };
    view! {
        <Dialog labelled_by="reply-title" on_close>
            <form class="form" novalidate on:submit=submit>
                <h2 id="reply-title">{t(heading)}</h2>
                <Field
                    id="reply-name"
                    label="replies.name"
                    hint="replies.name_hint"
                    value=title
                    fault=title_fault
                    focus=true
                />
                <Field
                    id="reply-words"
                    label="replies.text"
                    hint="replies.text_hint"
                    kind=Kind::Prose
                    value=text
                    fault=text_fault
                />
                {id.is_none().then(|| view! { <p class="fault">{t("composer.no_random")}</p> })}
                {move || failure.get().map(|failure| view! { <Refusal failure/> })}
                <FormFoot busy on_close/>
            </form>
        </Dialog>
    }
}
