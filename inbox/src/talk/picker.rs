//! Choosing an answer that is there already: one that the site's people have saved, or one of the FAQ's.

use std::sync::Arc;

use deskbell_shared::{
    faq::{Decision, Matcher},
    wire::{Body, LanguageTag, SavedReply, Sender, Summary, saved_reply::fill},
};
use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};

use super::{
    faq::{NoMatcher, matcher},
    live::LiveTalk,
};
use crate::{
    place::Screen,
    replies::live::replies,
    session::session,
    ui::{dialog::Dialog, field::is_of_input_method, refusal::Refusal},
    words::{t, words},
};

/// The most saved replies that are shown: whoever looks for another says more of it.
const MOST_REPLIES: usize = 50;
/// The most entries of the FAQ that are shown.
const MOST_ENTRIES: usize = 5;
/// The id of the list, and the beginning of those of its options.
const LIST: &str = "answers";

/// An answer that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    title: String,
    text: String,
    is_of_faq: bool,
}

/// Shows what can be answered, and puts what is chosen into the composer.
#[component]
pub fn ReplyPicker(
    /// Which conversation.
    live: LiveTalk,
    /// What is known of it.
    summary: Memo<Option<Arc<Summary>>>,
    /// Called when something is chosen, or nothing.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let (words, session, replies) = (words(), session(), replies());
    let row = summary.get_untracked();
    let name = row.as_ref().and_then(|row| Some(row.customer.as_ref()?.name.as_ref()?.to_string()));
    let language = row.map(|row| row.context.language.clone());
    let search = RwSignal::new(String::new());
    let faq = RwSignal::new_local(None::<Matcher>);
    replies.load();
    spawn_local(async move {
        // Where there is no FAQ, or it cannot be had, there are saved replies still.
        match matcher(session).await {
            Ok(matcher) => {
                let wanted = language.as_ref().map(LanguageTag::as_str);
                faq.try_set(Some(matcher.for_reader(wanted.as_slice())));
            }
            Err(NoMatcher::Fetch(failure)) => drop(session.heed(failure)),
            Err(NoMatcher::NoFaq | NoMatcher::Pack(_)) => {}
        }
    });
    // As it was when this was opened: what the visitor goes on to write moves nothing under the hand of whoever chooses.
    let asked = live.talk().with_untracked(|talk| last_asked(talk.messages().iter().map(|m| &**m)));
    let answers = Memo::new(move |_| {
        let wanted = search.get();
        let saved = replies.known().unwrap_or_default();
        let mut answers = matching(&saved, &wanted, name.as_deref());
        let question = if wanted.trim().is_empty() { asked.clone().unwrap_or_default() } else { wanted };
        answers.extend(faq.with(|faq| faq.as_ref().map(|faq| entries(faq, &question)).unwrap_or_default()));
        answers
    });
    let at = RwSignal::new(0_usize);
    let choose = move |place: usize| {
        if let Some(answer) = answers.with_untracked(|answers| answers.get(place).cloned()) {
            live.insert(&answer.text);
            on_close.run(());
        }
    };
    let step = move |by: isize| {
        let last = answers.with_untracked(Vec::len).saturating_sub(1);
        at.update(|at| *at = at.saturating_add_signed(by).min(last));
        let option = document().get_element_by_id(&format!("{LIST}-{}", at.get_untracked()));
        if let Some(option) = option {
            option.scroll_into_view_with_bool(false);
        }
    };
    let pressed = move |event: KeyboardEvent| {
        if is_of_input_method(&event) {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => step(1),
            "ArrowUp" => step(-1),
            "Enter" => choose(at.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    let option = move |(place, answer): (usize, Answer)| {
        let Answer { title, text, is_of_faq } = answer;
        let source = is_of_faq.then(|| view! { <span class="tag">{t("replies.of_faq")}</span> });
        view! {
            <li
                role="option"
                id=format!("{LIST}-{place}")
                aria-selected=move || (at.get() == place).to_string()
                on:click=move |_| choose(place)
                on:pointermove=move |_| at.set(place)
            >
                <span class="answer-title" dir="auto">{title} " " {source}</span>
                <span class="answer-text" dir="auto">{text}</span>
            </li>
        }
    };
    let nothing = move || {
        let key = match search.with(|search| search.trim().is_empty()) {
            _ if !answers.with(Vec::is_empty) => return None,
            _ if replies.known().is_none() && replies.failure().is_none() => "app.loading",
            true => "replies.none",
            false => "replies.none_found",
        };
        Some(view! { <p class="hint" role="status">{words.text(key)}</p> })
    };
    view! {
        <Dialog labelled_by="answers-title" on_close>
            <h2 id="answers-title">{t("replies.choose")}</h2>
            <input
                id="find-answer"
                type="search"
                role="combobox"
                autocomplete="off"
                autofocus=true
                aria-autocomplete="list"
                aria-expanded=move || (!answers.with(Vec::is_empty)).to_string()
                aria-controls=LIST
                aria-activedescendant=move || (at.get() < answers.with(Vec::len)).then(|| format!("{LIST}-{}", at.get()))
                aria-label=t("replies.find")
                placeholder=t("replies.find")
                prop:value=move || search.get()
                on:input=move |event| {
                    search.set(event_target_value(&event));
                    at.set(0);
                }
                on:keydown=pressed
            />
            <div class="answers">
                <ul id=LIST role="listbox" aria-label=t("replies.choose")>
                    {move || answers.get().into_iter().enumerate().map(option).collect_view()}
                </ul>
                {nothing}
            </div>
            {move || replies.failure().map(|failure| view! { <Refusal failure/> })}
            <div class="dialog-foot">
                <a href=Screen::Replies.hash()>{t("replies.edit")}</a>
                <button type="button" class="button" on:click=move |_| on_close.run(())>{t("dialog.cancel")}</button>
            </div>
        </Dialog>
    }
}

/// The visitor's last words.
fn last_asked<'a>(
    messages: impl DoubleEndedIterator<Item = &'a deskbell_shared::wire::Message>,
) -> Option<String> {
    messages.rev().find_map(|message| match (&message.from, &message.body) {
        (Sender::Visitor, Body::Text { text, .. }) => Some(text.to_string()),
        _ => None,
    })
}

/// The saved replies in which every word occurs, as they would be said to somebody of this name.
fn matching(saved: &[SavedReply], wanted: &str, name: Option<&str>) -> Vec<Answer> {
    let words: Vec<String> = wanted.split_whitespace().map(str::to_lowercase).collect();
    let has = |reply: &&SavedReply| {
        let text = format!("{} {}", reply.title, reply.text).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let answer = |reply: &SavedReply| Answer {
        title: reply.title.to_string(),
        text: fill(reply.text.as_str(), name),
        is_of_faq: false,
    };
    saved.iter().filter(has).take(MOST_REPLIES).map(answer).collect()
}

/// What the FAQ has for a question: what it would answer or offer, or else its best guesses, for whoever asks here can tell.
fn entries(faq: &Matcher, question: &str) -> Vec<Answer> {
    let verdict = faq.ask(question);
    let shown = match verdict.decision {
        Decision::Answer | Decision::Offer(_) => MOST_ENTRIES,
        Decision::Abstain => 2,
    };
    let found = verdict.ranked.iter().take(shown).filter_map(|candidate| faq.entries().get(candidate.entry));
    let answer = |entry: &deskbell_shared::faq::Entry| Answer {
        title: entry.question.clone(),
        text: entry.answer.clone(),
        is_of_faq: true,
    };
    found.map(answer).collect()
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::{Line, ReplyId, Text};

    use super::*;

    fn reply(id: u8, title: &str, text: &str) -> SavedReply {
        let (title, text) = (Line::new(title).unwrap(), Text::new(text).unwrap());
        SavedReply { id: ReplyId([id; 16]), version: 1, title, text }
    }

    #[test]
    fn every_word_has_to_occur_and_the_name_is_filled_in() {
        let saved = [
            reply(1, "Refund on its way", "Hello {name}, your refund takes three days."),
            reply(2, "Thanks", "Thank you for waiting."),
        ];
        let titles = |wanted: &str| {
            matching(&saved, wanted, None).into_iter().map(|answer| answer.title).collect::<Vec<_>>()
        };
        assert_eq!(titles(""), ["Refund on its way", "Thanks"]);
        assert_eq!(titles("WAITING thanks"), ["Thanks"]);
        assert_eq!(titles("refund waiting"), [""; 0]);
        assert_eq!(
            matching(&saved, "refund", Some("Ana"))[0].text,
            "Hello Ana, your refund takes three days."
        );
    }
}
