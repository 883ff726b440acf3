//! The answers that the site's people give again and again: the screen on which they are kept.

pub mod form;
pub mod live;

use deskbell_shared::wire::SavedReply;
use leptos::prelude::*;

use self::{form::ReplyForm, live::replies};
use crate::{
    ui::{confirm::Confirm, linked::Linked, refusal::Retry},
    words::{t, words},
};

/// What is asked about a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ask {
    Add,
    Change(SavedReply),
    Remove(SavedReply),
}

/// The saved replies.
#[component]
pub fn RepliesScreen() -> impl IntoView {
    let replies = replies();
    // Beside the list, which may be another one while something is being written.
    let asked = RwSignal::new(None::<Ask>);
    let close = move |()| asked.set(None);
    replies.load();
    let list = move || match (replies.known(), replies.failure()) {
        (Some(known), _) if known.is_empty() => {
            view! { <p id="no-replies">{t("replies.none")}</p> }.into_any()
        }
        (Some(known), _) => {
            let row = |reply| view! { <ReplyRow reply asked/> };
            view! { <ul class="cards" id="replies">{known.into_iter().map(row).collect_view()}</ul> }
                .into_any()
        }
        (None, Some(failure)) => view! {
            <Retry failure on_retry=move |()| replies.load()/>
        }
        .into_any(),
        (None, None) => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
    };
    view! {
        <main class="page">
            <div class="page-body">
                <h1>{t("replies.title")}</h1>
                <p class="hint">{t("replies.about")}</p>
                <div>
                    <button type="button" class="button" id="add-reply" on:click=move |_| asked.set(Some(Ask::Add))>
                        {t("replies.add")}
                    </button>
                </div>
                {list}
            </div>
            {move || {
                asked.get().map(|ask| match ask {
                    Ask::Add => view! { <ReplyForm on_close=close/> }.into_any(),
                    Ask::Change(reply) => view! { <ReplyForm reply on_close=close/> }.into_any(),
                    Ask::Remove(reply) => view! { <RemoveDialog reply on_close=close/> }.into_any(),
                })
            }}
        </main>
    }
}

/// A saved reply, and what can be done with it.
#[component]
fn ReplyRow(
    /// The reply.
    reply: SavedReply,
    /// What is asked on the screen.
    asked: RwSignal<Option<Ask>>,
) -> impl IntoView {
    let words = words();
    let act = |ask: Ask, key: &'static str| {
        let title = reply.title.to_string();
        view! {
            <button
                type="button"
                class="button"
                aria-label=move || words.fill("replies.act_of", &[("act", &words.text(key)), ("title", &title)])
                on:click=move |_| asked.set(Some(ask.clone()))
            >
                {t(key)}
            </button>
        }
    };
    view! {
        <li class="card" data-reply=reply.id.to_string()>
            <div>
                <p><strong dir="auto">{reply.title.to_string()}</strong></p>
                <p class="reply-text" dir="auto"><Linked text=reply.text.to_string()/></p>
            </div>
            <div class="acts">
                {act(Ask::Change(reply.clone()), "people.change")}
                {act(Ask::Remove(reply.clone()), "people.remove")}
            </div>
        </li>
    }
}

/// Asks once more: others answer with it too.
#[component]
fn RemoveDialog(
    /// The reply.
    reply: SavedReply,
    /// Called when it is done or given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let (words, replies) = (words(), replies());
    let about = move || words.fill("replies.remove_about", &[("title", &reply.title.to_string())]);
    view! {
        <Confirm
            id="remove-reply"
            title="replies.remove_title"
            about=Signal::derive(about)
            label="people.remove"
            act=move || replies.remove(reply.id, reply.version)
            on_close
        />
    }
}
