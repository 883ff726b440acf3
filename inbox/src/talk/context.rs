//! What is known of the visitor: where they are, what time it is there, what they asked before and why a
//! person took over.

use std::sync::Arc;

use deskbell_shared::wire::{Address, Customer, Millis, Summary, Via, VisitorContext};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use super::{
    assigned::AssignedSection,
    before::{Asked, asked_before},
    history::{History, HistorySection},
    keep::KeepSection,
    live::LiveTalk,
    message::reasons,
    subject::SubjectSection,
    why::Why,
};
use crate::{
    desk::row::moment,
    ui::{clock::now, span::briefly},
    words::{t, words},
};

const MINUTE_MS: i64 = 60_000;

/// What is known of the visitor.
#[component]
pub fn ContextPane(
    /// Which conversation.
    live: LiveTalk,
    /// What is known of it; `None` until the edge has said.
    summary: Memo<Option<Arc<Summary>>>,
    /// Whether it goes through a channel.
    is_carried: Signal<bool>,
    /// What else its visitor has talked about.
    history: History,
    /// Whether it is shown where there is no room for it at all times.
    shown: RwSignal<bool>,
) -> impl IntoView {
    let talk = live.talk();
    let asked = Memo::new(move |_| talk.with(|talk| asked_before(talk.messages())));
    let visitor = move || {
        summary.get().map(|summary| {
            view! { <Visitor summary/> }
        })
    };
    view! {
        <aside class="context" id="context" aria-label=t("context.label") class:shown=move || shown.get()>
            <AssignedSection id=live.id() summary history/>
            <SubjectSection id=live.id() summary history/>
            {visitor}
            // Whoever writes on a channel has no widget to ask.
            <Show when=move || !is_carried.get()>
                <section>
                    <h3>{t("context.asked")}</h3>
                    {move || {
                        let asked = asked.get();
                        if asked.is_empty() {
                            view! { <p class="hint">{t("context.asked_nothing")}</p> }.into_any()
                        } else {
                            let asked = asked.into_iter().map(|asked| view! { <Question asked summary/> });
                            view! { <ol class="asked">{asked.collect_view()}</ol> }.into_any()
                        }
                    }}
                </section>
            </Show>
            <HistorySection id=live.id() history/>
            <KeepSection id=live.id()/>
        </aside>
    }
}

/// Where the visitor is, and since when the conversation runs.
#[component]
fn Visitor(
    /// What the list knows.
    summary: Arc<Summary>,
) -> impl IntoView {
    let (words, now) = (words(), now());
    let VisitorContext { language, page, title, utc_offset_minutes } = summary.context.clone();
    let via = summary.via.clone();
    let is_here = via.is_none();
    let why = (!summary.reasons.is_empty()).then(|| summary.reasons.clone());
    let opened = summary.opened;
    let customer = summary.customer.clone().map(|Customer { id, name, email, vip }| {
        view! {
            <dt>{t("context.customer")}</dt>
            <dd id="context-customer">
                {name.map(|name| view! { <span dir="auto">{name.to_string()}</span> })}
                {email.map(|email| view! { <span>{email.as_str().to_owned()}</span> })}
                <span class="hint" dir="auto">{id.to_string()}</span>
                {vip.then(|| view! { <span class="tag vip">{t("customer.vip")}</span> })}
            </dd>
        }
    });
    let local_time = Memo::new(move |_| {
        let there = there(now.now(), utc_offset_minutes);
        words.date(
            there,
            &[("timeZone", "UTC"), ("weekday", "short"), ("hour", "numeric"), ("minute", "2-digit")],
        )
    });
    let started = Memo::new(move |_| {
        let now = now.now();
        let ago = words.fill("row.ago", &[("span", &briefly(&words.catalog(), opened, now))]);
        format!("{} ({ago})", moment(words, opened, now))
    });
    let why = why.map(|why| {
        view! {
            <dt>{t("context.why")}</dt>
            <dd id="context-why">{move || reasons(words, &why)}</dd>
        }
    });
    let via = via.map(|Via { name, from, called, .. }| {
        view! {
            <dt>{t("context.channel")}</dt>
            <dd id="context-channel">
                <span dir="auto">{name.to_string()}</span>
                {called.map(|called| view! { <span dir="auto">{called.to_string()}</span> })}
                <span class="hint" dir="auto">{from.to_string()}</span>
            </dd>
        }
    });
    // Of somebody who is not on the site's pages nobody has said what time it is there.
    let local_time = is_here.then(|| {
        view! {
            <dt>{t("context.local_time")}</dt>
            <dd id="context-time">{local_time} " " <span class="hint">{utc_offset(utc_offset_minutes)}</span></dd>
        }
    });
    let page = page.map(|page| {
        view! {
            <dt>{t("context.page")}</dt>
            <dd>
                {title.map(|title| view! { <span dir="auto">{title.to_string()}</span> })}
                <PageLink page/>
            </dd>
        }
    });
    view! {
        <section>
            <h3>{t("context.visitor")}</h3>
            <dl>
                {customer}
                {via}
                {why}
                {page}
                <dt>{t("context.language")}</dt>
                <dd id="context-language">{move || words.language_name(language.as_str())}</dd>
                {local_time}
                <dt>{t(if is_here { "context.started" } else { "context.written" })}</dt>
                <dd>{started}</dd>
            </dl>
        </section>
    }
}

/// The visitor's page: a link only when it leads to a web page, for the address is the visitor's to claim.
#[component]
fn PageLink(
    /// The page.
    page: Address,
) -> impl IntoView {
    let address = page.to_string();
    let shown = address.clone();
    if is_web_page(&address) {
        view! {
            <a href=address target="_blank" rel="noopener noreferrer nofollow" id="context-page">{shown}</a>
        }
        .into_any()
    } else {
        view! { <span id="context-page">{shown}</span> }.into_any()
    }
}

/// A question from before, which leads to where it was asked.
#[component]
fn Question(
    /// The question.
    asked: Asked,
    /// What the list knows of the visitor.
    summary: Memo<Option<Arc<Summary>>>,
) -> impl IntoView {
    let words = words();
    let language =
        summary.with_untracked(|summary| summary.as_ref().map(|summary| summary.context.language.clone()));
    let Asked { seq, question, before, entries } = asked;
    let to_explain = question.clone();
    let answered = move || match entries.as_slice() {
        [] => view! { <span class="tag alert">{words.text("context.no_answer")}</span> }.into_any(),
        entries => {
            let entry = |entry: &deskbell_shared::wire::EntryId| {
                view! { <span class="tag">{entry.to_string()}</span> }
            };
            entries.iter().map(entry).collect_view().into_any()
        }
    };
    view! {
        <li>
            <button type="button" class="link" dir="auto" on:click=move |_| show_message(seq)>
                {question.to_string()}
            </button>
            {answered}
            <Why question=to_explain before language seq/>
        </li>
    }
}

/// Scrolls a message into sight.
fn show_message(seq: u64) {
    let message = document().query_selector(&format!("[data-seq=\"{seq}\"]")).ok().flatten();
    if let Some(message) = message.and_then(|message| message.dyn_into::<web_sys::Element>().ok()) {
        let how = ScrollIntoViewOptions::new();
        how.set_block(ScrollLogicalPosition::Center);
        message.scroll_into_view_with_scroll_into_view_options(&how);
    }
}

/// A moment shifted so that, written in UTC, it reads as the clock on the visitor's wall.
fn there(now: Millis, utc_offset_minutes: i16) -> Millis {
    let shift = i64::from(utc_offset_minutes) * MINUTE_MS;
    Millis(now.0.saturating_add_signed(shift))
}

/// `UTC+8`, `UTC−3:30`.
fn utc_offset(minutes: i16) -> String {
    let sign = if minutes < 0 { '−' } else { '+' };
    match (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

fn is_web_page(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_web_page_becomes_a_link() {
        assert!(is_web_page("https://shop.example/tea"));
        for address in ["javascript:alert(1)", " https://x", "data:text/html,x", "HTTPS", "//x", "file:///x"]
        {
            assert!(!is_web_page(address), "{address}");
        }
    }

    #[test]
    fn the_visitors_clock_is_their_own() {
        assert_eq!(there(Millis(3_600_000), 480), Millis(9 * 3_600_000));
        assert_eq!(there(Millis(3_600_000), -120), Millis(0), "never before the epoch");
        assert_eq!([0, 480, -210, 345].map(utc_offset), ["UTC", "UTC+8", "UTC−3:30", "UTC+5:45"]);
    }
}
