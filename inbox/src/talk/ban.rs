//! Stopping a visitor: whom, for how long, and what they are told.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{BanRequest, BanScope, ConversationId, Line, TextError};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    session::session,
    ui::{
        choices::Choices,
        dialog::{Dialog, FormFoot},
        field::{Field, focus_first_fault},
        icons::{Glyph, Icon},
        refusal::Refusal,
    },
    words::{Words, t, words},
};

/// For how long one can be stopped, in seconds, and the keys of the words for it.
const SPANS: [(Option<u32>, &str); 4] = [
    (Some(10 * 60), "ban.ten_minutes"),
    (Some(60 * 60), "ban.one_hour"),
    (Some(24 * 60 * 60), "ban.one_day"),
    (None, "ban.until_lifted"),
];

/// Whom it can stop, and the keys of the words for it.
const SCOPES: [(BanScope, &str); 2] =
    [(BanScope::Visitor, "ban.visitor"), (BanScope::Address, "ban.address")];

/// What is wrong with what the visitor would be told: too much of it at once, nothing at all only once it was `tried`.
pub fn reason_fault(
    words: Words,
    parsed: Memo<Result<Line, TextError>>,
    tried: RwSignal<bool>,
) -> Signal<Option<String>> {
    Signal::derive(move || match parsed.get() {
        Err(TextError::TooLong { chars, limit }) => {
            Some(words.count("composer.too_long", (chars - limit) as u64))
        }
        Err(TextError::Empty) if tried.get() => Some(words.text("ban.no_reason")),
        _ => None,
    })
}

/// Asks whom to stop, for how long, and what to tell them.
#[component]
pub fn BanDialog(
    /// The conversation whose visitor is meant.
    id: ConversationId,
    /// Whether they are on the site's pages: on a channel, nobody's address is known.
    is_on_site: bool,
    /// Called when it is done or given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let scope = RwSignal::new(BanScope::Visitor);
    let span = RwSignal::new(SPANS[1].0);
    let reason = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let parsed = Memo::new(move |_| reason.with(|reason| Line::new(reason)));
    let fault = reason_fault(words, parsed, tried);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Ok(reason) = parsed.get_untracked() else { return focus_first_fault() };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let request = BanRequest {
            conversation: Some(id),
            scope: scope.get_untracked(),
            reason,
            seconds: span.get_untracked(),
        };
        spawn_local(async move {
            let answer = session.api().ban(&request).await;
            busy.try_set(false);
            match answer {
                // It may have been closed by hand meanwhile.
                Ok(_) => _ = on_close.try_run(()),
                Err(why) => {
                    failure.try_set(Some(session.heed(why)));
                }
            }
        });
    };
    view! {
        <Dialog labelled_by="ban-title" on_close>
            <form class="form" novalidate on:submit=submit>
                <div class="dialog-head">
                    <h2 id="ban-title">{t("ban.title")}</h2>
                    <button
                        type="button"
                        class="button quiet"
                        aria-label=t("dialog.close")
                        on:click=move |_| on_close.run(())
                    >
                        <Glyph icon=Icon::Close/>
                    </button>
                </div>
                {is_on_site.then(|| view! {
                    <Choices name="scope" label="ban.whom" chosen=scope options=SCOPES>
                        <Show when=move || scope.get() == BanScope::Address>
                            <p class="warning" role="note">{t("ban.address_warning")}</p>
                        </Show>
                    </Choices>
                })}
                <Choices name="span" label="ban.how_long" chosen=span options=SPANS in_a_row=true/>
                <Field id="ban-reason" label="ban.reason" value=reason hint="ban.reason_hint" fault=fault/>
                {move || failure.get().map(|failure| view! { <Refusal failure/> })}
                <FormFoot go="ban.go" class="button danger" busy on_close/>
            </form>
        </Dialog>
    }
}
