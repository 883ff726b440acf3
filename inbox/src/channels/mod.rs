//! Channels: which other ways in than the site's pages there are, and with which key each is carried.

pub mod form;
pub mod key;
pub mod known;

use deskbell_shared::wire::Channel;
use leptos::prelude::*;

use self::{
    form::ChannelForm,
    key::{KeyDialog, RenewDialog},
    known::{Ask, Known},
};
use crate::{
    ui::confirm::Confirm,
    words::{t, words},
};

/// The channels of the site, to be changed.
#[component]
pub fn ChannelsSection() -> impl IntoView {
    let known = Known::load();
    let asked = RwSignal::new(None::<Ask>);
    let close = move |()| asked.set(None);
    let ask = move |ask| asked.set(Some(ask));
    let row = move |channel| view! { <ChannelRow channel known asked/> };
    let is_here = known.list().is_here();
    view! {
        <section id="channels">
            <h2>{t("channels.title")}</h2>
            <p class="hint">{t("channels.about")}</p>
            {known.list().waiting()}
            <Show when=move || is_here.get()>
                <ul class="cards" id="channel-list">
                    <For
                        each=move || known.list().items().unwrap_or_default()
                        key=|channel| channel.id.clone()
                        children=row
                    />
                </ul>
                <div>
                    <button type="button" class="button" id="add-channel" on:click=move |_| ask(Ask::Add)>
                        {t("channels.add")}
                    </button>
                </div>
            </Show>
            {move || {
                asked.get().map(|what| match what {
                    Ask::Add => view! {
                        <ChannelForm known on_made=move |channel| ask(Ask::Key(channel)) on_close=close/>
                    }
                    .into_any(),
                    Ask::Change(channel) => view! {
                        <ChannelForm channel known on_made=move |_| close(()) on_close=close/>
                    }
                    .into_any(),
                    Ask::Key(channel) => view! { <KeyDialog channel asked/> }.into_any(),
                    Ask::Renew(channel) => view! { <RenewDialog channel asked/> }.into_any(),
                    Ask::Remove(channel) => view! { <RemoveDialog channel known on_close=close/> }.into_any(),
                })
            }}
        </section>
    }
}

/// A channel, and what can be done with it.
#[component]
fn ChannelRow(
    /// Which; what it is called is read from `known`, so that the row stays when that changes, and the focus on it.
    channel: Channel,
    /// The screen's channels.
    known: Known,
    /// What is asked on the screen.
    asked: RwSignal<Option<Ask>>,
) -> impl IntoView {
    let words = words();
    let id = channel.id.clone();
    let shown = Memo::new(move |_| {
        let found = known.list().items().into_iter().flatten().find(|known| known.id == channel.id);
        found.unwrap_or_else(|| channel.clone())
    });
    let name = move || shown.with(|channel| channel.name.to_string());
    let act = move |key: &'static str, ask: fn(Channel) -> Ask| {
        let label = move || words.fill("channels.act_of", &[("act", &words.text(key)), ("name", &name())]);
        view! {
            <button
                type="button"
                class="button"
                aria-label=label
                on:click=move |_| asked.set(Some(ask(shown.get_untracked())))
            >
                {t(key)}
            </button>
        }
    };
    view! {
        <li class="card" data-channel=id.to_string()>
            <div>
                <p><strong dir="auto">{name}</strong></p>
                <p class="hint" dir="ltr">{id.to_string()}</p>
            </div>
            <div class="acts">
                {act("channels.key", Ask::Key)}
                {act("people.change", Ask::Change)}
                {act("people.remove", Ask::Remove)}
            </div>
        </li>
    }
}

/// Asks once more: its program can hand over nothing any more.
#[component]
fn RemoveDialog(
    /// The channel.
    channel: Channel,
    /// The screen's channels.
    known: Known,
    /// Called when it is done or given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let words = words();
    let name = channel.name.clone();
    let about = move || words.fill("channels.remove_about", &[("name", name.as_str())]);
    view! {
        <Confirm
            id="remove-channel"
            title="channels.remove_title"
            about=Signal::derive(about)
            label="people.remove"
            act=move || known.remove(channel.id.clone())
            on_close
        />
    }
}
