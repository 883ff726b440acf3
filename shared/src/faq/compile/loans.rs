//! What an FAQ borrows, as its owner sees it, and what the owner has refused.

use std::collections::BTreeMap;

use super::{
    super::pack::{PackedEntry, PackedIntent},
    align::Aligned,
};
use crate::wire::{FaqTuning, Loan, RefusedLoan};

/// How many phrasings of a loan are shown.
const SHOWN: usize = 4;

/// Takes out what the owner has refused, and returns it.
pub(super) fn heed(aligned: &mut [Aligned], entries: &[PackedEntry], tuning: &FaqTuning) -> Vec<Loan> {
    let is_refused = |loan: &Loan| {
        let of_loan = |refused: &RefusedLoan| refused.entry == loan.entry && refused.intent == loan.intent;
        tuning.refused.iter().any(of_loan)
    };
    let mut refused = Vec::new();
    for Aligned { intent, entries: fits, .. } in aligned {
        let name = intent.name();
        fits.retain(|(entry, fit)| {
            let loan = loan(&entries[usize::from(*entry)], &name, *fit, &intent.phrasings);
            let loan = loan.filter(is_refused).map(|loan| Loan { refused: true, ..loan });
            let stays = loan.is_none();
            refused.extend(loan);
            stays
        });
    }
    refused
}

/// What was borrowed, and what was refused: an entry after the other, and of each what fits it best first.
pub(super) fn listed(
    borrowed: &[PackedIntent],
    aligned: &[Aligned],
    entries: &[PackedEntry],
    refused: Vec<Loan>,
) -> Vec<Loan> {
    let fits = aligned.iter().flat_map(|aligned| {
        aligned.entries.iter().map(move |(entry, fit)| ((aligned.intent.name(), *entry), *fit))
    });
    let fits: BTreeMap<(String, u16), f32> = fits.collect();
    let of_entries =
        borrowed.iter().flat_map(|intent| intent.entries.iter().map(move |entry| (intent, *entry)));
    let borrowed = of_entries.filter_map(|(intent, entry)| {
        let fit = *fits.get(&(intent.name.clone(), entry))?;
        loan(&entries[usize::from(entry)], &intent.name, fit, &intent.phrasings)
    });
    let mut loans: Vec<Loan> = borrowed.chain(refused).collect();
    loans.sort_by(|a, b| {
        a.entry.cmp(&b.entry).then(b.fit.total_cmp(&a.fit)).then_with(|| a.intent.cmp(&b.intent))
    });
    // In two languages, an intent is one loan.
    loans.dedup_by(|b, a| (&b.entry, &b.intent) == (&a.entry, &a.intent));
    loans
}

/// A loan in force; `None` where its names could not be sent.
fn loan(entry: &PackedEntry, intent: &str, fit: f32, phrasings: &[String]) -> Option<Loan> {
    Some(Loan {
        entry: entry.id.parse().ok()?,
        question: entry.questions.first().cloned().unwrap_or_default(),
        intent: intent.to_owned().try_into().ok()?,
        fit,
        phrasings: phrasings.iter().take(SHOWN).cloned().collect(),
        refused: false,
    })
}

#[cfg(test)]
mod tests {
    use super::{super::phrasebook::Library, *};

    #[test]
    fn what_is_listed_is_what_was_borrowed_and_what_was_refused() {
        let mut library = Library::default();
        library
            .add("shop.en.txt", "## open\n? Hours\nuntil when\nwhen do you close\n\n## pay\n? Cards\nvisa\n")
            .unwrap();
        let entries = ["berlin", "bonn", "cologne"].map(|id| PackedEntry {
            id: id.to_owned(),
            questions: vec![format!("When is {id} open?")],
            answer: "From 9 to 18.".to_owned(),
            lang: String::new(),
        });
        let fits = [vec![(0, 0.9), (1, 0.8), (2, 0.7)], vec![(0, 0.95)]];
        let mut aligned: Vec<Aligned> = library
            .of("en")
            .iter()
            .zip(fits)
            .map(|(intent, entries)| Aligned { intent, entries, best_fit: 1.0, tops: Vec::new() })
            .collect();
        let no = RefusedLoan {
            entry: "cologne".parse().unwrap(),
            intent: "shop/open".to_owned().try_into().unwrap(),
        };
        let tuning = FaqTuning { refused: vec![no], ..FaqTuning::default() };
        let refused = heed(&mut aligned, &entries, &tuning);
        assert_eq!(aligned[0].entries, [(0, 0.9), (1, 0.8)]);

        let packed = |name: &str, entries: &[u16], phrasing: &str| PackedIntent {
            name: name.to_owned(),
            entries: entries.to_vec(),
            phrasings: vec![phrasing.to_owned()],
        };
        // Bonn fits, and there was no room for it.
        let borrowed = [
            packed("shop/open", &[0], "when do you close"),
            packed("shop/pay", &[0], "visa"),
            packed("shop/pay", &[0], "mit karte"),
            packed("talk/joke", &[], "tell me a joke"),
        ];
        let told: Vec<String> = listed(&borrowed, &aligned, &entries, refused)
            .into_iter()
            .map(|loan| {
                format!(
                    "{} {} {} {}",
                    loan.entry,
                    loan.intent.as_str(),
                    loan.refused,
                    loan.phrasings.join(", ")
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "berlin shop/pay false visa",
                "berlin shop/open false when do you close",
                "cologne shop/open true until when, when do you close",
            ]
        );
    }
}
