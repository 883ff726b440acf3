//! Taking a conversation along as a file, and erasing it.

use deskbell_shared::wire::{ConversationId, Role};
use leptos::prelude::*;

use crate::{
    desk::nav::nav,
    place::Screen,
    session::session,
    ui::confirm::Confirm,
    words::{t, words},
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
    let (session, nav, words) = (session(), nav(), words());
    let erase = move || async move {
        session.api().erase(id).await.map_err(|why| session.heed(why))?;
        nav.go(Screen::Desk);
        Ok(())
    };
    view! {
        <Confirm
            id="erase-now"
            title="keep.erase_title"
            about=Signal::derive(move || words.text("keep.erase_about"))
            label="keep.erase_now"
            act=erase
            on_close
        />
    }
}
