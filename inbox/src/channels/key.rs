//! Where a channel's program hands over what people write, and the key that it shows there.

use deskbell_browser::{http::Failure, page};
use deskbell_shared::wire::Channel;
use leptos::{prelude::*, task::spawn_local};

use super::known::Ask;
use crate::{
    session::session,
    ui::{confirm::Confirm, copy::CopyText, dialog::Dialog, refusal::Refusal},
    words::t,
};

/// The address and the key.
#[component]
pub fn KeyDialog(
    /// The channel.
    channel: Channel,
    /// What is asked on the screen.
    asked: RwSignal<Option<Ask>>,
) -> impl IntoView {
    let session = session();
    let key = RwSignal::new(None::<String>);
    let failure = RwSignal::new(None::<Failure>);
    let address = format!("{}/v1/sites/{}/channels/{}", page::origin(), session.site(), channel.id);
    let id = channel.id.clone();
    spawn_local(async move {
        match session.api().channel_key(&id).await {
            Ok(answer) => _ = key.try_set(Some(answer.key)),
            Err(why) => _ = failure.try_set(Some(session.heed(why))),
        }
    });
    view! {
        <Dialog labelled_by="key-title" on_close=move |()| asked.set(None)>
            <h2 id="key-title">{t("channels.key_title")}</h2>
            <p>{t("channels.key_about")}</p>
            <h3>{t("webhooks.url")}</h3>
            <CopyText id="channel-address" text=address/>
            {move || {
                key.get().map(|text| view! {
                    <h3>{t("channels.key")}</h3>
                    <CopyText id="channel-key" text/>
                })
            }}
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <button
                    type="button"
                    class="button"
                    id="renew-key"
                    on:click=move |_| asked.set(Some(Ask::Renew(channel.clone())))
                >
                    {t("channels.renew")}
                </button>
                <button type="button" class="button" on:click=move |_| asked.set(None)>{t("dialog.done")}</button>
            </div>
        </Dialog>
    }
}

/// Asks once more: its program hands over nothing until it has the new key, which is shown then.
#[component]
pub fn RenewDialog(
    /// The channel.
    channel: Channel,
    /// What is asked on the screen.
    asked: RwSignal<Option<Ask>>,
) -> impl IntoView {
    let (session, id) = (session(), channel.id.clone());
    let renew = move || {
        let id = id.clone();
        async move { session.api().renew_channel_key(&id).await.map(drop).map_err(|why| session.heed(why)) }
    };
    let about = t("channels.renew_about");
    view! {
        <Confirm
            id="really-renew-key"
            title="channels.renew_title"
            about=Signal::derive(about)
            label="channels.renew"
            act=renew
            on_close=move |()| asked.set(Some(Ask::Key(channel.clone())))
        />
    }
}
