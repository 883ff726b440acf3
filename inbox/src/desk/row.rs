//! A conversation in the list.

use std::sync::Arc;

use deskbell_shared::wire::{ConversationId, Customer, HandoffReason, Millis, Priority, Status, Summary};
use leptos::prelude::*;

use super::{list::waits, live::live_desk, pane::choice};
use crate::{
    place::Screen,
    talk::talks,
    team::{LiveTeam, team},
    ui::{
        badge::Badge,
        clock::now,
        span::{Urgency, briefly},
    },
    words::{Words, t, words},
};

/// How many colours there are for visitors, told apart in the style sheet.
const HUES: u8 = 8;

/// A conversation in the list.
#[component]
pub fn Row(
    /// Which.
    id: ConversationId,
    /// Whether it is the one that is open.
    is_open: Signal<bool>,
    /// Whether Tab leads to it.
    is_tab_stop: Signal<bool>,
    /// Called when it gets the focus.
    #[prop(into)]
    on_focus: Callback<()>,
) -> impl IntoView {
    let (words, now, talks, team, choice) = (words(), now(), talks(), team(), choice());
    let desk = live_desk().desk();
    let row = Memo::new(move |_| desk.with(|desk| desk.get(id)));
    let waited = Memo::new(move |_| {
        row.get().and_then(|row| row.waiting_since).map(|since| (since, now.now().since(since)))
    });
    let urgency = Memo::new(move |_| waited.get().map(|(_, waited)| Urgency::of(waited).class()));
    let time = Memo::new(move |_| {
        let row = row.get()?;
        let (key, since) = match row.waiting_since.filter(|_| row.status == Status::Open) {
            Some(since) => ("row.waits", since),
            None => ("row.ago", row.updated),
        };
        let span = briefly(&words.catalog(), since, now.now());
        Some((span.clone(), words.fill(key, &[("span", &span)])))
    });
    let unread = Memo::new(move |_| row.get().map_or(0, |row| row.unread));
    view! {
        <li>
            <a
                class="row"
                class:unread=move || unread.get() != 0
                class:closed=move || row.get().is_some_and(|row| row.status == Status::Closed)
                href=Screen::Talk(id).hash()
                data-conversation=id.to_string()
                data-waiting=urgency
                aria-current=move || is_open.get().then_some("true")
                tabindex=move || if is_tab_stop.get() { "0" } else { "-1" }
                on:focus=move |_| on_focus.run(())
                on:click=move |event| {
                    if !is_open.get_untracked() {
                        choice.pressed(&event);
                    }
                }
            >
                <Face id online=Signal::derive(move || row.get().is_some_and(|row| row.online))/>
                <span class="row-line">
                    <span class="row-who" dir="auto">{move || who(words, id, row.get().as_deref())}</span>
                    <span class="row-page">{move || row.get().and_then(|row| page_name(&row))}</span>
                    {move || {
                        time.get()
                            .map(|(span, said)| {
                                let title = said.clone();
                                view! {
                                    <span class="row-time" title=title>
                                        <span aria-hidden="true">{span}</span>
                                        <span class="only-read">{said}</span>
                                    </span>
                                }
                            })
                    }}
                </span>
                <span class="row-line">
                    <span class="row-preview" dir="auto">
                        {move || row.get().map(|row| row.preview.to_string())}
                    </span>
                    {move || {
                        let unread = unread.get();
                        (unread > 0)
                            .then(|| {
                                let said = words.count("row.unread", unread.into());
                                view! { <Badge count=u64::from(unread) said/> }
                            })
                    }}
                </span>
                <span class="row-line row-tags">
                    <Show when=move || talks.is_unsent(id)>
                        <span class="tag alert">{t("row.unsent")}</span>
                    </Show>
                    {move || row.get().map(|row| tags(words, team, &row))}
                </span>
            </a>
        </li>
    }
}

/// The visitor's mark: a colour of theirs, and whether they are here.
#[component]
pub fn Face(
    /// Whose conversation.
    id: ConversationId,
    /// Whether the visitor's page is open.
    online: Signal<bool>,
) -> impl IntoView {
    let words = words();
    let class = format!("face hue-{}", id.0[0] % HUES);
    view! {
        <span class=class>
            <svg viewBox="0 0 20 20" class="icon" aria-hidden="true">
                <path d="M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM4 16.5a6 6 0 0 1 12 0"></path>
            </svg>
            {move || {
                online
                    .get()
                    .then(|| view! { <span class="online" title=words.text("row.online")>
                        <span class="only-read">{words.text("row.online")}</span>
                    </span> })
            }}
        </span>
    }
}

/// What a visitor without a name is called: short, and the same everywhere.
pub fn visitor_name(words: Words, id: ConversationId) -> String {
    let short: String = id.to_string().chars().take(4).collect();
    words.fill("visitor.name", &[("id", &short.to_uppercase())])
}

/// What a visitor is called: by the name that the site's backend has signed, as on their channel, or else as
/// [`visitor_name`].
pub fn who(words: Words, id: ConversationId, row: Option<&Summary>) -> String {
    let signed = row.and_then(|row| row.customer.as_ref()?.name.as_ref());
    let on_channel =
        || row.and_then(|row| row.via.as_ref()).map(|via| via.called.as_ref().unwrap_or(&via.from));
    signed.or_else(on_channel).map_or_else(|| visitor_name(words, id), ToString::to_string)
}

/// The key of the words for why a person took over.
pub fn reason_key(reason: HandoffReason) -> &'static str {
    match reason {
        HandoffReason::ExplicitWish => "reason.explicit_wish",
        HandoffReason::Button => "reason.button",
        HandoffReason::NoAnswer => "reason.no_answer",
        HandoffReason::RepeatedQuestion => "reason.repeated_question",
        HandoffReason::Upset => "reason.upset",
        HandoffReason::Sensitive => "reason.sensitive",
        HandoffReason::Crisis => "reason.crisis",
    }
}

/// The key of the words for how soon a person should come, when that is not in turn.
pub fn priority_key(priority: Priority) -> Option<&'static str> {
    match priority {
        Priority::Normal => None,
        Priority::High => Some("priority.high"),
        Priority::Urgent => Some("priority.urgent"),
    }
}

/// The page's title, or else its path.
fn page_name(row: &Summary) -> Option<String> {
    let title = row.context.title.as_ref().map(ToString::to_string);
    title.or_else(|| row.context.page.as_ref().map(ToString::to_string))
}

/// What is shown of a conversation in the reader's language: whose it is, what it is about, through which channel it
/// goes, who looks after it, why a person took over, what the visitor speaks.
pub fn names(words: Words, team: LiveTeam, row: &Summary) -> Vec<String> {
    let reason = row.reasons.first().map(|reason| words.text(reason_key(*reason)));
    let language = words.language_name(row.context.language.as_str());
    let customer = row.customer.iter().flat_map(|Customer { id, email, .. }| {
        [Some(id.to_string()), email.as_ref().map(|email| email.as_str().to_owned())].into_iter().flatten()
    });
    let via = row.via.iter().flat_map(|via| [via.name.to_string(), via.from.to_string()]);
    let assignee = team.assignee(row).map(|assignee| assignee.name.to_string());
    let subject = row.subject.as_ref().map(ToString::to_string);
    let named = [who(words, row.conversation, Some(row)), language];
    named.into_iter().chain(subject).chain(via).chain(customer).chain(reason).chain(assignee).collect()
}

fn tags(words: Words, team: LiveTeam, row: &Arc<Summary>) -> impl IntoView + use<> {
    let reason = row.reasons.first().map(|reason| words.text(reason_key(*reason)));
    let language = words.language_name(row.context.language.as_str());
    let priority = waits(row).then(|| priority_key(row.priority)).flatten().map(|key| words.text(key));
    let subject = row.subject.as_ref().map(ToString::to_string);
    let via = row.via.as_ref().map(|via| via.name.to_string());
    let by_faq = row.via.as_ref().is_some_and(|via| via.by_faq).then(|| words.text("row.by_faq"));
    let vip = row.customer.as_ref().is_some_and(|customer| customer.vip);
    let banned = row.banned.then(|| words.text("row.banned"));
    let assignee = team.assignee(row).map(|assignee| {
        let name =
            if team.is_me(&assignee.email) { words.text("assign.you") } else { assignee.name.to_string() };
        (words.fill("assign.is", &[("name", &name)]), name)
    });
    let closed = (row.status == Status::Closed).then(|| words.text("status.closed"));
    view! {
        {priority.map(|priority| view! { <span class="tag alert">{priority}</span> })}
        {vip.then(|| view! { <span class="tag vip">{words.text("customer.vip")}</span> })}
        {assignee.map(|(said, name)| view! { <span class="tag assignee" dir="auto" title=said>{name}</span> })}
        {subject.map(|subject| view! { <span class="tag subject" dir="auto">{subject}</span> })}
        {via.map(|via| view! { <span class="tag via" dir="auto">{via}</span> })}
        {by_faq.map(|by_faq| view! { <span class="tag done">{by_faq}</span> })}
        {reason.map(|reason| view! { <span class="tag">{reason}</span> })}
        <span class="tag">{language}</span>
        {banned.map(|banned| view! { <span class="tag alert">{banned}</span> })}
        {closed.map(|closed| view! { <span class="tag">{closed}</span> })}
    }
}

/// A moment today by its time, an earlier one by its date too.
pub fn moment(words: Words, at: Millis, now: Millis) -> String {
    let today = local_day(at) == local_day(now);
    if today {
        words.date(at, &[("timeStyle", "short")])
    } else {
        words.date(at, &[("dateStyle", "medium"), ("timeStyle", "short")])
    }
}

/// Which day a moment is in the reader's own time zone.
pub fn local_day(at: Millis) -> (u32, u32, u32) {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at.0 as f64));
    (date.get_full_year(), date.get_month(), date.get_date())
}
