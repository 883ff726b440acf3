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
    ui::{field::focus, notice::notice, refusal::Retry},
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

impl Asked {
    /// Where it was asked first: that stays, whoever asks it again.
    pub fn key(&self) -> AskedId {
        self.places.last().copied().unwrap_or(self.latest.id)
    }
}

/// An entry, and how it asks.
pub type Choice = (EntryId, String);

/// What shall be learned of what was asked, by its [`Asked::key`].
pub type Chosen = RwSignal<BTreeMap<AskedId, Learned>>;

/// What outlives what is drawn anew when another tuning is in force.
#[derive(Clone, Copy)]
pub struct Kept {
    /// What was chosen.
    pub chosen: Chosen,
    /// How many are shown.
    pub shown: RwSignal<usize>,
}

impl Default for Kept {
    fn default() -> Self {
        Self { chosen: RwSignal::default(), shown: RwSignal::new(PAGE) }
    }
}

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
    /// What outlives what is drawn anew.
    kept: Kept,
    /// Whether a change is under way.
    busy: RwSignal<bool>,
    /// Sets another tuning.
    change: Callback<FaqTuning>,
) -> impl IntoView {
    let (session, notice, words) = (session(), notice(), words());
    let known = RwSignal::new(None::<Result<Known, Failure>>);
    let Kept { chosen, shown } = kept;
    let tuning = StoredValue::new(tuning);
    let unreadable = RwSignal::new(false);
    let load = move || {
        known.set(None);
        spawn_local(async move {
            let answer = session.api().asked().await.map_err(|why| session.heed(why));
            let matcher = matcher(session).await;
            let made = match (answer, matcher) {
                (Err(why), _) => Err(why),
                (Ok(_), Err(NoMatcher::Fetch(why))) => Err(session.heed(why)),
                // Without an FAQ that can be read here there is nothing to choose from.
                (Ok(_), Err(NoMatcher::NoFaq | NoMatcher::Pack(_))) => {
                    unreadable.try_set(true);
                    return;
                }
                (Ok(answer), Ok(matcher)) => {
                    let entries = choices(&matcher);
                    let learned = tuning.try_with_value(|tuning| tuning.learned.clone()).unwrap_or_default();
                    let before = chosen.try_get_untracked().unwrap_or_default();
                    let (asked, settled) = gathered(answer.questions, &learned, &before, &entries);
                    // What was learned need not be listed again.
                    if !settled.is_empty() {
                        let request = SettleRequest { questions: settled };
                        spawn_local(async move { drop(session.api().settle_asked(&request).await) });
                    }
                    let asked: Vec<_> = asked.into_iter().map(|asked| placed(asked, &matcher)).collect();
                    // What is not listed any more, or of an entry that is gone, is not to be learned.
                    let can_be = |id: &AskedId, learned: &Learned| {
                        asked.iter().any(|asked| asked.key() == *id)
                            && entries.iter().any(|(entry, _)| *entry == learned.entry)
                    };
                    let left: BTreeMap<_, _> =
                        before.iter().filter(|(id, learned)| can_be(id, learned)).map(cloned).collect();
                    if left != before {
                        // Something was learned, and what had the focus is gone.
                        chosen.try_set(left);
                        focus(document().get_element_by_id("asked-title"));
                    }
                    Ok(Known { asked, entries })
                }
            };
            known.try_set(Some(made));
        });
    };
    load();
    let settled = RwSignal::new(HashSet::<AskedId>::new());
    let settle = Callback::new(move |asked: Asked| {
        let key = asked.key();
        settled.update(|settled| _ = settled.insert(key));
        // What had the focus is gone.
        focus(document().get_element_by_id("asked-title"));
        spawn_local(async move {
            match session.api().settle_asked(&SettleRequest { questions: asked.places }).await {
                Ok(()) => _ = chosen.try_update(|chosen| chosen.remove(&key)),
                Err(why) => {
                    settled.try_update(|settled| settled.remove(&key));
                    notice.say(session.heed(why));
                }
            }
        });
    });
    let teach = move |_| {
        if busy.get_untracked() {
            return;
        }
        let mut tuning = tuning.get_value();
        chosen.with_untracked(|chosen| tuning.learned.extend(chosen.values().cloned()));
        if !chosen.with_untracked(BTreeMap::is_empty) {
            change.run(tuning);
        }
    };
    let is_full = move || {
        let learned = tuning.with_value(|tuning| tuning.learned.len());
        learned + chosen.with(BTreeMap::len) > MAX_LEARNED
    };
    let list = move || match known.get() {
        None if unreadable.get() => view! { <p class="hint" role="alert">{t("why.failed")}</p> }.into_any(),
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
                let is_left = |asked: &&Asked| !settled.contains(&asked.key());
                all.with_value(|all| all.iter().filter(is_left).cloned().collect::<Vec<_>>())
            };
            let more = move || left().len() > shown.get();
            let row = move |asked: Asked| view! { <AskedRow asked entries chosen settle/> };
            view! {
                <ul class="asked-list" id="asked">
                    <For each=move || left().into_iter().take(shown.get()) key=Asked::key children=row/>
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
            <h2 id="asked-title" tabindex="-1">{t("asked.title")}</h2>
            <p class="hint">{t("asked.about")}</p>
            {list}
        </section>
    }
}

/// What was asked in the same words together, the latest first; and what the FAQ has learned already, as it was asked or as it was
/// `chosen`. What was learned for an entry that is gone is not known any more.
fn gathered(
    questions: Vec<AskedQuestion>,
    learned: &[Learned],
    chosen: &BTreeMap<AskedId, Learned>,
    entries: &[Choice],
) -> (Vec<Asked>, Vec<AskedId>) {
    let is_there = |learned: &&Learned| entries.iter().any(|(entry, _)| *entry == learned.entry);
    let known: HashSet<String> = learned.iter().filter(is_there).map(|one| words_of(&one.phrasing)).collect();
    let (mut asked, mut settled): (Vec<(String, Asked)>, _) = (Vec::new(), Vec::new());
    for question in questions {
        let (words, id) = (words_of(&question.text), question.id);
        if words.is_empty() || known.contains(&words) {
            settled.push(id);
        } else if let Some((_, same)) = asked.iter_mut().find(|(known, _)| *known == words) {
            same.places.push(id);
        } else {
            let first = Asked { latest: question, places: vec![id], answered: None, likely: Vec::new() };
            asked.push((words, first));
        }
    }
    let (taught, left): (Vec<_>, Vec<_>) = asked
        .into_iter()
        .map(|(_, asked)| asked)
        .partition(|asked| chosen.get(&asked.key()).is_some_and(|chosen| learned.contains(chosen)));
    settled.extend(taught.into_iter().flat_map(|asked| asked.places));
    (left, settled)
}

fn cloned((id, learned): (&AskedId, &Learned)) -> (AskedId, Learned) {
    (*id, learned.clone())
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

/// All entries.
fn choices(matcher: &Matcher) -> Vec<Choice> {
    let choice = |entry: &deskbell_shared::faq::Entry| Some((entry.id.parse().ok()?, entry.question.clone()));
    matcher.entries().iter().filter_map(choice).collect()
}

/// What can be chosen for a question: likely entries, and the others, unless there are some that are likely and too many others.
pub fn offered(asked: &Asked, entries: &[Choice]) -> (Vec<Choice>, Vec<Choice>) {
    let find = |id: &EntryId| entries.iter().find(|(entry, _)| entry == id).cloned();
    let likely: Vec<Choice> = asked.likely.iter().filter_map(find).collect();
    let others = entries.iter().filter(|(entry, _)| !asked.likely.contains(entry)).cloned();
    let are_too_many = entries.len() > MOST_OFFERED && !likely.is_empty();
    (likely, if are_too_many { Vec::new() } else { others.collect() })
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
        let entry: Choice = ("a".parse().unwrap(), "Is it from plants?".to_owned());
        let nothing = BTreeMap::new();
        let (asked, settled) = gathered(questions.clone(), &learned, &nothing, std::slice::from_ref(&entry));
        let places: Vec<_> = asked[0].places.iter().map(|id| id.conversation.0[0]).collect();
        assert_eq!((asked.len(), places), (1, vec![4, 2]));
        assert_eq!(settled.iter().map(|id| id.conversation.0[0]).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(asked[0].key().conversation.0[0], 2);
        let (asked, _) = gathered(questions.clone(), &learned, &nothing, &[]);
        assert_eq!(asked.len(), 2, "what was learned for an entry that is gone is asked in vain again");

        // What was put otherwise before it was learned is settled too.
        let ship = Learned { entry: entry.0.clone(), phrasing: Line::new("Do you ship there?").unwrap() };
        let chosen = BTreeMap::from([(asked[0].key(), ship.clone())]);
        let (asked, settled) = gathered(questions, &[ship], &chosen, &[entry]);
        assert_eq!((asked.len(), settled.len()), (1, 3));
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
