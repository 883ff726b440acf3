//! What each entry borrows from the phrasebooks, and the switch that refuses it.

use deskbell_shared::wire::{FaqTuning, Loan, RefusedLoan};
use leptos::prelude::*;

use crate::words::{t, words};

/// The loans, an entry after the other.
#[component]
pub fn Loans(
    /// What is in force.
    tuning: FaqTuning,
    /// All loans, those of an entry beside each other.
    loans: Vec<Loan>,
    /// Whether a change is under way.
    busy: RwSignal<bool>,
    /// Sets another tuning.
    change: Callback<FaqTuning>,
) -> impl IntoView {
    if loans.is_empty() {
        return view! { <p class="hint" id="no-loans">{t("loans.none")}</p> }.into_any();
    }
    let tuning = StoredValue::new(tuning);
    let entries = loans.chunk_by(|a, b| a.entry == b.entry).map(|loans| {
        let (question, entry) = (loans[0].question.clone(), loans[0].entry.to_string());
        let rows = loans.iter().map(|loan| view! { <LoanRow loan=loan.clone() tuning busy change/> });
        view! {
            <li class="loan-entry">
                <p dir="auto"><b>{question}</b> " " <span class="tag">{entry}</span></p>
                <ul>{rows.collect_view()}</ul>
            </li>
        }
    });
    view! { <ul class="loans" id="loans">{entries.collect_view()}</ul> }.into_any()
}

/// A loan: what is borrowed, and whether it may be.
#[component]
fn LoanRow(
    /// The loan.
    loan: Loan,
    /// What is in force.
    tuning: StoredValue<FaqTuning>,
    /// Whether a change is under way.
    busy: RwSignal<bool>,
    /// Sets another tuning.
    change: Callback<FaqTuning>,
) -> impl IntoView {
    let words = words();
    let Loan { entry, intent, phrasings, refused, question, .. } = loan;
    let name = intent.as_str().to_owned();
    let label = move || words.fill("loans.refuse_of", &[("intent", &name), ("question", &question)]);
    let shown = intent.as_str().to_owned();
    let flip = move |_| {
        if busy.get_untracked() {
            return;
        }
        let loan = RefusedLoan { entry: entry.clone(), intent: intent.clone() };
        let mut tuning = tuning.get_value();
        tuning.refused.retain(|refused| *refused != loan);
        if !refused {
            tuning.refused.push(loan);
        }
        change.run(tuning);
    };
    let samples = phrasings.into_iter().map(|phrasing| view! { <li dir="auto">{phrasing}</li> });
    view! {
        <li class="loan" class:refused=refused>
            <div>
                <code>{shown}</code>
                <ul class="samples">{samples.collect_view()}</ul>
            </div>
            <button
                type="button"
                role="switch"
                class="switch"
                aria-checked=refused.to_string()
                aria-label=label
                aria-busy=move || busy.get().to_string()
                on:click=flip
            >
                {t("loans.refuse")}
            </button>
        </li>
    }
}
