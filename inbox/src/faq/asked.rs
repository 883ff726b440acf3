//! What visitors asked before a person came, each to be learned as one more way to ask for an entry.

use std::collections::{BTreeMap, HashSet};

use deskbell_browser::http::Failure;
use deskbell_shared::{
    faq::Matcher,
    text::fold,
    wire::{AskedId, AskedQuestion, EntryId, FaqTuning, Learned, Line, MAX_LEARNED, SettleRequest},
};
use leptos::{prelude::*, task::spawn_local};

use super::asked_row::AskedRow;
use crate::{
    session::session,
    talk::faq::{NoMatcher, matcher},
    ui::{notice::notice, refusal::Retry},
    words::{t, words},
};

/// So many are shown at first, and with each *more*.
const PAGE: usize = 20;
/// An FAQ of more entries is not offered whole for each question.
const MOST_OFFERED: usize = 300;

/// Something that was asked, however often in the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// As it was asked last.
    pub latest: AskedQuestion,
    /// Where it was asked.
    pub places: Vec<AskedId>,
    /// How the entry asks that was the answer.
    pub answered: Option<String>,
    /// Which entries it may be about, the most likely first.
    pub likely: Vec<EntryId>,
}

/// An entry, and how it asks.
pub type Choice = (EntryId, String);

/// Which entry shall learn what was asked there.
pub type Chosen = RwSignal<BTreeMap<AskedId, EntryId>>;

/// What is known when everything is here.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    asked: Vec<Asked>,
    entries: Vec<Choice>,
}

/// What visitors asked, and which entries shall learn it.
#[component]
pub fn AskedSection(
    /// What is in force.
    tuning: FaqTuning,
    /// What was chosen: it outlives what is drawn anew.
    chosen: Chosen,
    /// Whether a change is under way.
    busy: RwSignal<bool>,
    /// Sets another tuning.
    change: Callback<FaqTuning>,
) -> impl IntoView {
    let (session, notice, words) = (session(), notice(), words());
    let known = RwSignal::new(None::<Result<Known, Failure>>);
    let tuning = StoredValue::new(tuning);
    let load = move || {
        known.set(None);
        spawn_local(async move {
            let answer = session.api().asked().await.map_err(|why| session.heed(why));
            let matcher = matcher(session).await;
            let made = match (answer, matcher) {
                (Err(why), _) | (Ok(_), Err(NoMatcher::Fetch(why))) => Err(why),
                // Without an FAQ that can be read here there is nothing to choose from.
                (Ok(_), Err(_)) => Ok(Known { asked: Vec::new(), entries: Vec::new() }),
                (Ok(answer), Ok(matcher)) => {
                    let learned = tuning.try_with_value(|tuning| tuning.learned.clone()).unwrap_or_default();
                    let (asked, settled) = gathered(answer.questions, &learned);
                    // What was learned need not be listed again.
                    if !settled.is_empty() {
                        let request = SettleRequest { questions: settled };
                        spawn_local(async move { drop(session.api().settle_asked(&request).await) });
                    }
                    let asked = asked.into_iter().map(|asked| placed(asked, &matcher)).collect();
                    Ok(Known { asked, entries: choices(&matcher) })
                }
            };
            if let Ok(Known { asked, .. }) = &made {
                // What is not listed any more is not to be learned.
                let is_listed = |id: &AskedId| asked.iter().any(|asked| asked.latest.id == *id);
                chosen.try_update(|chosen| chosen.retain(|id, _| is_listed(id)));
            }
            known.try_set(Some(made));
        });
    };
    load();
    let shown = RwSignal::new(PAGE);
    let settled = RwSignal::new(HashSet::<AskedId>::new());
    let settle = Callback::new(move |Asked { latest, places: questions, .. }: Asked| {
        settled.update(|settled| _ = settled.insert(latest.id));
        chosen.update(|chosen| _ = chosen.remove(&latest.id));
        spawn_local(async move {
            if let Err(why) = session.api().settle_asked(&SettleRequest { questions }).await {
                settled.try_update(|settled| settled.remove(&latest.id));
                notice.say(session.heed(why));
            }
        });
    });
    let teach = move |_| {
        if busy.get_untracked() {
            return;
        }
        let mut tuning = tuning.get_value();
        known.with_untracked(|known| {
            let Some(Ok(known)) = known else { return };
            chosen.with_untracked(|chosen| {
                let learned = known.asked.iter().filter_map(|Asked { latest, .. }| {
                    let entry = chosen.get(&latest.id)?.clone();
                    Some(Learned { entry, phrasing: latest.text.clone() })
                });
                tuning.learned.extend(learned);
            });
        });
        if !chosen.with_untracked(BTreeMap::is_empty) {
            change.run(tuning);
        }
    };
    let is_full = move || {
        let learned = tuning.with_value(|tuning| tuning.learned.len());
        learned + chosen.with(BTreeMap::len) > MAX_LEARNED
    };
    let list = move || match known.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Err(failure)) => view! {
            <Retry failure on_retry=move |()| load()/>
        }
        .into_any(),
        Some(Ok(Known { asked, .. })) if asked.is_empty() => {
            view! { <p class="hint" id="nothing-asked">{t("asked.none")}</p> }.into_any()
        }
        Some(Ok(Known { asked, entries })) => {
            let all = StoredValue::new(asked);
            let entries = StoredValue::new(entries);
            let left = move || {
                let settled = settled.get();
                let is_left = |asked: &&Asked| !settled.contains(&asked.latest.id);
                all.with_value(|all| all.iter().filter(is_left).cloned().collect::<Vec<_>>())
            };
            let more = move || left().len() > shown.get();
            let row = move |asked: Asked| view! { <AskedRow asked entries chosen settle/> };
            view! {
                <ul class="asked-list" id="asked">
                    <For each=move || left().into_iter().take(shown.get()) key=|asked| asked.latest.id children=row/>
                </ul>
                <Show when=move || left().is_empty()>
                    <p class="hint" id="nothing-asked">{t("asked.none")}</p>
                </Show>
                <Show when=more>
                    <button type="button" class="link" on:click=move |_| shown.update(|shown| *shown += PAGE)>
                        {t("asked.more")}
                    </button>
                </Show>
                <Show when=is_full>
                    <p class="fault" role="alert">{t("asked.full")}</p>
                </Show>
                <Show when=move || !chosen.with(BTreeMap::is_empty)>
                    <p>
                        <button
                            type="button"
                            class="button primary"
                            id="teach"
                            aria-busy=move || busy.get().to_string()
                            aria-disabled=move || is_full().to_string()
                            on:click=move |event| if !is_full() { teach(event) }
                        >
                            {move || words.count("asked.teach", chosen.with(BTreeMap::len) as u64)}
                        </button>
                        <Show when=move || busy.get()>
                            <span class="hint" role="status">" " {t("tune.busy")}</span>
                        </Show>
                    </p>
                </Show>
            }
            .into_any()
        }
    };
    view! {
        <section>
            <h2>{t("asked.title")}</h2>
            <p class="hint">{t("asked.about")}</p>
            {list}
        </section>
    }
}

/// What was asked in the same words together, the latest first; and what the FAQ has learned already.
fn gathered(questions: Vec<AskedQuestion>, learned: &[Learned]) -> (Vec<Asked>, Vec<AskedId>) {
    let learned: HashSet<String> = learned.iter().map(|one| words_of(&one.phrasing)).collect();
    let (mut asked, mut settled): (Vec<(String, Asked)>, _) = (Vec::new(), Vec::new());
    for question in questions {
        let (words, id) = (words_of(&question.text), question.id);
        if words.is_empty() || learned.contains(&words) {
            settled.push(id);
        } else if let Some((_, same)) = asked.iter_mut().find(|(known, _)| *known == words) {
            same.places.push(id);
        } else {
            let first = Asked { latest: question, places: vec![id], answered: None, likely: Vec::new() };
            asked.push((words, first));
        }
    }
    (asked.into_iter().map(|(_, asked)| asked).collect(), settled)
}

fn words_of(text: &Line) -> String {
    fold(text.as_str())
}

/// With what the FAQ makes of it now.
fn placed(asked: Asked, matcher: &Matcher) -> Asked {
    let id = |entry: usize| matcher.entries().get(entry)?.id.parse().ok();
    let reader = matcher.for_reader(&[asked.latest.language.as_str()]);
    let ranked = reader.ask(asked.latest.text.as_str()).ranked;
    let answered = asked.latest.answered.as_ref().and_then(|answered| {
        let entry = matcher.entries().iter().find(|entry| entry.id == answered.as_str())?;
        Some(entry.question.clone())
    });
    Asked { likely: ranked.iter().filter_map(|candidate| id(candidate.entry)).collect(), answered, ..asked }
}

/// All entries, where they are not too many to choose from.
fn choices(matcher: &Matcher) -> Vec<Choice> {
    let choice = |entry: &deskbell_shared::faq::Entry| Some((entry.id.parse().ok()?, entry.question.clone()));
    matcher.entries().iter().filter_map(choice).collect()
}

/// What can be chosen for a question: likely entries, and the others, unless they are too many.
pub fn offered(asked: &Asked, entries: &[Choice]) -> (Vec<Choice>, Vec<Choice>) {
    let find = |id: &EntryId| entries.iter().find(|(entry, _)| entry == id).cloned();
    let likely: Vec<Choice> = asked.likely.iter().filter_map(find).collect();
    let others = entries.iter().filter(|(entry, _)| !asked.likely.contains(entry)).cloned();
    (likely, if entries.len() > MOST_OFFERED { Vec::new() } else { others.collect() })
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::{ConversationId, LanguageTag, Millis};

    use super::*;

    fn question(n: u8, text: &str) -> AskedQuestion {
        AskedQuestion {
            id: AskedId { conversation: ConversationId([n; 16]), seq: 1 },
            text: Line::new(text).unwrap(),
            language: LanguageTag::english(),
            at: Millis(u64::from(n)),
            answered: None,
        }
    }

    #[test]
    fn the_same_words_stand_together_and_what_was_learned_does_not_stand_there() {
        let learned = [Learned { entry: "a".parse().unwrap(), phrasing: Line::new("Is it VEGAN?").unwrap() }];
        let questions = vec![
            question(4, "do you ship to Mars"),
            question(3, "is it vegan"),
            question(2, "Do you ship to Mars?"),
            question(1, "???"),
        ];
        let (asked, settled) = gathered(questions, &learned);
        let places: Vec<_> = asked[0].places.iter().map(|id| id.conversation.0[0]).collect();
        assert_eq!((asked.len(), places), (1, vec![4, 2]));
        assert_eq!(settled.iter().map(|id| id.conversation.0[0]).collect::<Vec<_>>(), [3, 1]);
    }

    #[test]
    fn likely_entries_come_first_and_of_too_many_they_alone() {
        let entry = |n: usize| (format!("e{n}").parse().unwrap(), format!("Question {n}"));
        let latest = question(1, "Where?");
        let likely = vec!["e2".parse().unwrap(), "gone".parse().unwrap(), "e0".parse().unwrap()];
        let asked = Asked { places: vec![latest.id], latest, answered: None, likely };
        let (likely, others) = offered(&asked, &[entry(0), entry(1), entry(2)]);
        assert_eq!((likely, others), (vec![entry(2), entry(0)], vec![entry(1)]));
        let many: Vec<Choice> = (0..=MOST_OFFERED).map(entry).collect();
        let (likely, others) = offered(&asked, &many);
        assert_eq!((likely.len(), others.len()), (2, 0));
    }
}
