//! Stopping more than one visitor: a range of addresses, a country, a word, an e-mail address; with whom that would hit.

use deskbell_browser::http::Failure;
use deskbell_shared::{
    guard::{range::RangeError, rules::Keyword},
    wire::{BanRequest, BanScope, ConversationId, Email, Line},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    desk::row::visitor_name,
    place::Screen,
    session::session,
    talk::ban::reason_fault,
    ui::{
        choices::Choices,
        field::{Field, focus_first_fault},
        refusal::Refusal,
    },
    words::{Words, t, words},
};

/// What can be stopped here, and the keys of the words for it.
const KINDS: [(Kind, &str, &str); 4] = [
    (Kind::Range, "block.range", "block.range_hint"),
    (Kind::Country, "block.country", "block.country_hint"),
    (Kind::Keyword, "block.keyword", "block.keyword_hint"),
    (Kind::Email, "block.email", "block.email_hint"),
];

/// For how long, in seconds, and the keys of the words for it.
const SPANS: [(Option<u32>, &str); 4] = [
    (Some(60 * 60), "ban.one_hour"),
    (Some(24 * 60 * 60), "ban.one_day"),
    (Some(7 * 24 * 60 * 60), "ban.one_week"),
    (None, "ban.until_lifted"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Range,
    Country,
    Keyword,
    Email,
}

/// What is wrong with what was typed.
#[derive(Clone, Debug, PartialEq)]
enum Fault {
    Empty,
    Range(RangeError),
    Country,
    Keyword,
    Email,
}

fn scope_of(kind: Kind, typed: &str) -> Result<BanScope, Fault> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Fault::Empty);
    }
    Ok(match kind {
        Kind::Range => BanScope::Range(typed.parse().map_err(Fault::Range)?),
        Kind::Country => BanScope::Country(typed.to_uppercase().parse().map_err(|_| Fault::Country)?),
        Kind::Keyword => BanScope::Keyword(Keyword::new(typed).map_err(|_| Fault::Keyword)?),
        Kind::Email => BanScope::Email(Email::try_from(typed.to_owned()).map_err(|_| Fault::Email)?),
    })
}

fn sentence(words: Words, fault: &Fault) -> String {
    match fault {
        Fault::Empty => words.text("setup.fault.empty"),
        Fault::Range(RangeError::Form) => words.text("block.fault.range"),
        Fault::Range(RangeError::BitsAfter(range)) => {
            words.fill("block.fault.bits", &[("range", &range.to_string())])
        }
        Fault::Range(RangeError::TooWide(least)) => {
            words.fill("block.fault.wide", &[("least", &least.to_string())])
        }
        Fault::Range(RangeError::TooNarrow) => words.text("block.fault.narrow"),
        Fault::Country => words.text("block.fault.country"),
        Fault::Keyword => words.fill("setup.fault.long", &[("value", &Keyword::LIMIT.to_string())]),
        Fault::Email => words.text("setup.fault.email"),
    }
}

/// Asks what to stop, for how long, and why; shows whom it would hit before it is done.
#[component]
pub fn BlockForm(
    /// Called when something was stopped.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (session, words) = (session(), words());
    let kind = RwSignal::new(Kind::Range);
    let typed = RwSignal::new(String::new());
    let reason = RwSignal::new(String::new());
    let span = RwSignal::new(SPANS[1].0);
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    // Whom it would hit, and what that was looked up for: it says nothing about anything else.
    let preview = RwSignal::new(None::<(BanScope, Vec<ConversationId>)>);
    let scope = Memo::new(move |_| typed.with(|typed| scope_of(kind.get(), typed)));
    let fault = Signal::derive(move || match scope.get() {
        Err(Fault::Empty) if !tried.get() => None,
        Err(fault) => Some(sentence(words, &fault)),
        Ok(_) => None,
    });
    let parsed = Memo::new(move |_| reason.with(|reason| Line::new(reason)));
    let reason_fault = reason_fault(words, parsed, tried);
    let request = move || {
        tried.set(true);
        let (Ok(scope), Ok(reason)) = (scope.get_untracked(), parsed.get_untracked()) else {
            focus_first_fault();
            return None;
        };
        (!busy.get_untracked()).then(|| BanRequest {
            conversation: None,
            scope,
            reason,
            seconds: span.get_untracked(),
        })
    };
    let look = move |_| {
        let Some(request) = request() else { return };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = session.api().preview(&request).await;
            busy.try_set(false);
            match answer {
                Ok(found) => _ = preview.try_set(Some((request.scope, found.conversations))),
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(request) = request() else { return };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = session.api().ban(&request).await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    typed.try_set(String::new());
                    reason.try_set(String::new());
                    tried.try_set(false);
                    preview.try_set(None);
                    _ = on_done.try_run(());
                }
                Err(why) => _ = failure.try_set(Some(session.heed(why))),
            }
        });
    };
    let hint = move || {
        let key = KINDS.iter().find(|(value, ..)| *value == kind.get()).map_or("", |(.., hint)| *hint);
        words.text(key)
    };
    let hits = move || {
        let (previewed, conversations) = preview.get()?;
        (scope.get() == Ok(previewed)).then(|| {
            let said = words.count("block.hits", conversations.len() as u64);
            let link = move |id| {
                view! { <li><a href=Screen::Talk(id).hash()>{move || visitor_name(words, id)}</a></li> }
            };
            view! {
                <div id="preview" role="status">
                    <p>{said}</p>
                    <ul class="hits">{conversations.into_iter().take(20).map(link).collect_view()}</ul>
                </div>
            }
        })
    };
    view! {
        <form class="form" id="block" novalidate on:submit=submit>
            <Choices
                name="kind"
                label="block.what"
                chosen=kind
                options=KINDS.map(|(value, label, _)| (value, label))
                in_a_row=true
            />
            <Field id="block-value" label="block.value" value=typed fault=fault/>
            <p class="hint">{hint}</p>
            <Choices name="span" label="ban.how_long" chosen=span options=SPANS in_a_row=true/>
            <Field id="block-reason" label="ban.reason" value=reason hint="ban.reason_hint" fault=reason_fault/>
            {hits}
            {move || failure.get().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <Show when=move || matches!(kind.get(), Kind::Range | Kind::Country)>
                    <button type="button" class="button" id="look" on:click=look>{t("block.look")}</button>
                </Show>
                <button type="submit" class="button danger" aria-busy=move || busy.get().to_string()>
                    {t("block.go")}
                </button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_a_scope_or_a_fault() {
        assert!(matches!(scope_of(Kind::Range, " 198.51.100.0/24 "), Ok(BanScope::Range(_))));
        assert!(matches!(scope_of(Kind::Country, "de"), Ok(BanScope::Country(_))));
        assert!(matches!(scope_of(Kind::Keyword, "加微信"), Ok(BanScope::Keyword(_))));
        assert!(matches!(scope_of(Kind::Email, "A@b.example"), Ok(BanScope::Email(_))));
        assert_eq!(scope_of(Kind::Email, " "), Err(Fault::Empty));
        assert_eq!(scope_of(Kind::Email, "nobody"), Err(Fault::Email));
        assert_eq!(scope_of(Kind::Country, "Germany"), Err(Fault::Country));
        assert_eq!(scope_of(Kind::Range, "0.0.0.0/0"), Err(Fault::Range(RangeError::TooWide(8))));
    }
}
