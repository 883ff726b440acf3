//! What the agent is told about a connection that is not there.

use leptos::prelude::*;

use super::live::live_desk;
use crate::{
    connection::Connection,
    ui::{clock::now, refusal::sentence, span},
    words::{t, words},
};

/// The state of the connection: nothing to see when all is well.
#[component]
pub fn ConnectionBanner() -> impl IntoView {
    let (live, words, now) = (live_desk(), words(), now());
    let said = Memo::new(move |_| match live.connection() {
        // What is there for a moment alone would make everything below it jump.
        Connection::Up | Connection::Connecting => None,
        Connection::Stopped(failure) => Some(sentence(&words.catalog(), &failure)),
        Connection::Down { retry, failure } => {
            let why = match failure {
                Some(failure) => sentence(&words.catalog(), &failure),
                None => words.text("connection.lost"),
            };
            let now = now.now();
            let wait = span::countdown(&words.catalog(), retry, now);
            let next = if now < retry {
                words.fill("connection.retry_in", &[("wait", &wait)])
            } else {
                words.text("connection.retrying")
            };
            Some(format!("{why} {next}"))
        }
    });
    // What is read aloud does not count seconds.
    let announced = Memo::new(move |_| match live.connection() {
        Connection::Up if live.is_loaded() => words.text("connection.up"),
        Connection::Up | Connection::Connecting => String::new(),
        Connection::Stopped(failure) => sentence(&words.catalog(), &failure),
        Connection::Down { .. } => words.text("connection.lost"),
    });
    view! {
        <div class="connection" id="connection">
            <span role="status" class="only-read">{announced}</span>
            {move || {
                said.get()
                    .map(|said| {
                        view! {
                            <p class="connection-said">
                                <span aria-hidden="true">{said}</span>
                                <button type="button" class="link" on:click=move |_| live.retry_now()>
                                    {t("connection.retry_now")}
                                </button>
                            </p>
                        }
                    })
            }}
        </div>
    }
}
