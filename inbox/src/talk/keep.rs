//! Taking a conversation along as a file, and erasing it.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{ConversationId, Role};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    desk::nav::nav,
    place::Screen,
    session::session,
    ui::{dialog::Dialog, refusal::Refusal},
    words::t,
};

/// What can be done with all there is of a conversation.
#[component]
pub fn KeepSection(
    /// Which conversation.
    id: ConversationId,
) -> impl IntoView {
    let session = session();
    let asks = RwSignal::new(false);
    let file = session.api().talk_record(id);
    view! {
        <section>
            <h3>{t("keep.title")}</h3>
            <div class="acts">
                <a class="button" id="download" href=file download=format!("{id}.json")>{t("keep.download")}</a>
                <Show when=move || session.may(Role::Admin)>
                    <button type="button" class="button" id="erase" on:click=move |_| asks.set(true)>
                        {t("keep.erase")}
                    </button>
                </Show>
            </div>
            {move || asks.get().then(|| view! { <EraseDialog id on_close=move |()| asks.set(false)/> })}
        </section>
    }
}

/// Asks once more, for there is no way back.
#[component]
fn EraseDialog(
    /// The conversation.
    id: ConversationId,
    /// Called when it is given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let (session, nav) = (session(), nav());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let erase = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            match session.api().erase(id).await {
                Ok(()) => nav.go(Screen::Desk),
                Err(why) => {
                    busy.try_set(false);
                    failure.try_set(Some(session.heed(why)));
                }
            }
        });
    };
    view! {
        <Dialog labelled_by="erase-title" on_close>
            <h2 id="erase-title">{t("keep.erase_title")}</h2>
            <p>{t("keep.erase_about")}</p>
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| on_close.run(())>
                    {t("dialog.cancel")}
                </button>
                <button
                    type="button"
                    class="button danger"
                    id="erase-now"
                    aria-busy=move || busy.get().to_string()
                    on:click=erase
                >
                    {t("keep.erase_now")}
                </button>
            </div>
        </Dialog>
    }
}
