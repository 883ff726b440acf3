//! What was said, and what is on its way.

use std::sync::Arc;

use deskbell_shared::wire::{Body, Event, Millis, Sender};
use leptos::{html, prelude::*};

use super::{
    composer::{FIELD, FOR_VISITOR},
    lines::{Laid, last_of_ours, lay_out},
    live::LiveTalk,
    message::{MessageView, NoteView, sender_name},
    model::{Delivery, Outgoing, Talk},
};
use crate::{
    connection::Connection,
    desk::row::local_day,
    ui::{
        clock::now,
        field::{focus, press},
        linked::Linked,
        refusal::{Refusal, sentence},
    },
    words::{t, words},
};

/// How far up one has to have scrolled for new words to be announced rather than shown, in pixels.
const AWAY_PX: i32 = 120;

/// What was said, and what is on its way.
///
/// The scrolled box is laid out from its end, so that the browser itself keeps the newest words in sight
/// and leaves whoever reads further up in peace.
#[component]
pub fn Transcript(
    /// Which.
    live: LiveTalk,
    /// Whether it goes through a channel.
    #[prop(optional, into)]
    is_carried: Signal<bool>,
) -> impl IntoView {
    let (words, now) = (words(), now());
    let talk = live.talk();
    let scroller = NodeRef::<html::Div>::new();
    let away = RwSignal::new(false);
    let missed = RwSignal::new(false);
    let laid = Memo::new(move |_| talk.with(|talk| lay_out(talk.messages(), talk.notes(), local_day)));
    let outbox = Memo::new(move |_| talk.with(|talk| talk.outbox().to_vec()));
    let complete = Memo::new(move |_| talk.with(Talk::is_complete));
    let to_end = move || {
        if let Some(scroller) = scroller.get_untracked() {
            scroller.set_scroll_top(0);
        }
    };
    Effect::new(move |before: Option<(usize, usize)>| {
        let (said, ours) = (laid.with(Vec::len), outbox.with(Vec::len) + live.team().sending().len());
        if let Some((said_before, ours_before)) = before {
            if ours > ours_before {
                to_end();
            } else if said > said_before && away.get_untracked() {
                missed.set(true);
            }
        }
        (said, ours)
    });
    let scrolled = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            away.set(scroller.scroll_top() < -AWAY_PX);
            if !away.get_untracked() {
                missed.set(false);
            }
        }
    };
    let loading = move || match live.connection() {
        Connection::Down { failure: Some(failure), .. } => sentence(&words.catalog(), &failure),
        Connection::Down { failure: None, .. } => words.text("connection.lost"),
        _ => words.text("talk.loading"),
    };
    let typing = Memo::new(move |_| {
        let now = now.now();
        talk.with(|talk| talk.typing(now).cloned())
    });
    let typing_line = move || {
        typing.get().map(|from: Sender| {
            let said = words.fill("talk.typing", &[("name", &sender_name(words, &from))]);
            view! {
                <p class="typing" id="typing">
                    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
                    {said}
                </p>
            }
        })
    };
    // Under our last words: whether they have been seen, or, on a channel, have arrived there.
    let receipt = Memo::new(move |_| {
        talk.with(|talk| {
            let last = last_of_ours(talk.messages()).filter(|_| talk.outbox().is_empty())?;
            // That it did not arrive stands below it already.
            let mut after = talk.messages().iter().rev().take_while(|message| message.seq > last);
            let is_lost =
                after.any(|message| matches!(message.body, Body::Event { event: Event::Undelivered { .. } }));
            let has_reached = talk.seen() >= last;
            (has_reached || !is_lost).then_some(has_reached)
        })
    });
    let receipt_line = move || {
        receipt.get().map(|reached| {
            let (key, state) = match (is_carried.get(), reached) {
                (false, true) => ("talk.seen", "seen"),
                (false, false) | (true, true) => ("talk.delivered", "delivered"),
                (true, false) => ("talk.on_its_way", "sent"),
            };
            view! { <p class="receipt" id="receipt" data-state=state>{words.text(key)}</p> }
        })
    };
    view! {
        <div
            class="scroller"
            node_ref=scroller
            on:scroll=scrolled
            tabindex="0"
            role="region"
            aria-label=t("talk.transcript")
        >
            <div class="transcript">
                <Show when=move || !complete.get()>
                    <p class="loading" role="status">{loading}</p>
                </Show>
                // What was said before is not read out when a conversation is opened: only what comes then.
                <div
                    id="transcript"
                    role="log"
                    aria-live="polite"
                    aria-busy=move || (!complete.get()).to_string()
                    aria-label=t("talk.transcript")
                >
                    <ol>
                    <For each=move || laid.get() key=Laid::key let:laid>
                        {match laid {
                            Laid::Message { message, opens_day, opens_group } => {
                                view! { <MessageView message opens_day opens_group/> }.into_any()
                            }
                            Laid::Note { note, opens_day } => view! { <NoteView note opens_day/> }.into_any(),
                        }}
                    </For>
                </ol></div>
                <ol class="outbox" aria-label=t("talk.outbox")>
                    <For
                        each=move || outbox.get()
                        key=|outgoing| (outgoing.say.id, delivery_key(outgoing))
                        let:outgoing
                    >
                        <OutgoingView live outgoing/>
                    </For>
                </ol>
                <ol class="outbox" aria-label=t("note.mark")>
                    <For each=move || live.team().sending() key=|note| note.id let:note>
                        <li class="message note" data-state="sending">
                            <div class="bubble" dir="auto">
                                <Linked text=note.text.to_string()/>
                            </div>
                            <p class="receipt">{t("talk.sending")}</p>
                        </li>
                    </For>
                </ol>
                {receipt_line}
                {typing_line}
            </div>
        </div>
        <Show when=move || missed.get()>
            <button type="button" class="button newer" on:click=move |_| to_end()>
                {t("talk.newer")}
            </button>
        </Show>
    }
}

fn delivery_key(outgoing: &Outgoing) -> (u8, Millis) {
    match outgoing.delivery {
        Delivery::Sending => (0, Millis::default()),
        Delivery::Stored => (1, Millis::default()),
        Delivery::Refused(_) => (2, outgoing.tried),
    }
}

/// A message on its way.
#[component]
fn OutgoingView(
    /// Which conversation.
    live: LiveTalk,
    /// The message.
    outgoing: Arc<Outgoing>,
) -> impl IntoView {
    let words = words();
    let say = outgoing.say.clone();
    let (state, said) = match &outgoing.delivery {
        Delivery::Sending => ("sending", Some("talk.sending")),
        Delivery::Stored => ("stored", Some("talk.delivered")),
        Delivery::Refused(_) => ("refused", None),
    };
    let refusal = match &outgoing.delivery {
        Delivery::Refused(problem) => {
            let failure = deskbell_browser::http::Failure::Refused(problem.clone());
            let (again, id) = (say.clone(), say.id);
            Some(view! {
                <Refusal failure/>
                <p class="refused-acts">
                    <button type="button" class="link" on:click=move |_| live.say_again(again.clone())>
                        {t("talk.say_again")}
                    </button>
                    <button type="button" class="link" on:click=move |_| {
                        live.take_back(id);
                        press(FOR_VISITOR);
                    }>
                        {t("talk.take_back")}
                    </button>
                    <button type="button" class="link" on:click=move |_| {
                        live.discard(id);
                        focus(document().get_element_by_id(FIELD));
                    }>
                        {t("talk.discard")}
                    </button>
                </p>
            })
        }
        _ => None,
    };
    view! {
        <li class="message agent" data-state=state data-message=say.id.to_string()>
            <div class="bubble" dir="auto">
                <Linked text=say.text.to_string()/>
            </div>
            {said.map(|key| view! { <p class="receipt">{move || words.text(key)}</p> })}
            {refusal}
        </li>
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use deskbell_shared::wire::{ConversationId, Problem, ProblemKind, Status, TalkEvent, Text};
    use wasm_bindgen::JsCast;
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::HtmlElement;

    use super::*;
    use crate::{
        talk::{
            Talks,
            drafts::{Drafts, Kept},
        },
        tests::{ana, find, settle, stage},
    };

    fn talk(id: ConversationId) -> (HtmlElement, LiveTalk) {
        let started = Rc::new(Cell::new(None));
        let shared = Rc::clone(&started);
        let place = stage(move || {
            provide_context(Talks::of(crate::session::session(), RwSignal::default()));
            let live = LiveTalk::start(id);
            shared.set(Some(live));
            view! { <Transcript live/> }
        });
        (place, started.get().unwrap())
    }

    fn hears(live: LiveTalk, event: TalkEvent) {
        live.talk().update(|talk| drop(talk.apply(event, Millis(1))));
    }

    #[wasm_bindgen_test]
    async fn nothing_is_read_out_until_all_that_was_said_is_there() {
        let (place, live) = talk(ConversationId([21; 16]));
        let is_busy = || find(&place, "#transcript").get_attribute("aria-busy");
        assert_eq!(is_busy().as_deref(), Some("true"));
        hears(
            live,
            TalkEvent::CatchUp { messages: Vec::new(), more: false, status: Status::Open, now: None },
        );
        settle().await;
        assert_eq!(is_busy().as_deref(), Some("false"));
    }

    #[wasm_bindgen_test]
    async fn what_was_refused_is_kept_apart_and_can_be_let_be() {
        let id = ConversationId([22; 16]);
        let (place, live) = talk(id);
        live.say(Text::new("an answer").unwrap());
        let said = live.talk().with_untracked(|talk| talk.outbox()[0].say.id);
        let problem = Problem::new(ProblemKind::Throttled, "slow");
        hears(live, TalkEvent::Refused { id: Some(said), problem });
        settle().await;
        let kept = || Drafts::of(&ana()).read(id);
        assert_eq!((kept().outbox.len(), kept().refused.len()), (0, 1));
        let discard = find(&place, ".refused-acts button:last-child");
        assert_eq!(discard.text_content().as_deref(), Some("Discard"));
        discard.unchecked_into::<HtmlElement>().click();
        settle().await;
        assert_eq!(kept(), Kept::default());
    }
}
