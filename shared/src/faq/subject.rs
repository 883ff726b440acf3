//! What somebody is writing about, as far as the FAQ's subjects can say.

use std::collections::BTreeMap;

use super::Verdict;
use crate::wire::Subject;

/// Less than this share of the likelihood, and it could as well be about something else.
const LEAST_SHARE: f32 = 0.5;
/// Less than this, and the FAQ knows nothing of what is written.
const LEAST_COVERED: f32 = 0.5;

/// What several questions of one person are about: the subject whose entries are most likely to answer them. `subject_of` has the
/// subject of each entry, by its place. `None` where no subject has most of the likelihood, or the FAQ knows nothing of what is
/// asked.
///
/// It takes more to name the entry than its subject: so the likelihood of all entries counts, by subject, and of each question
/// as far as the FAQ covers it.
pub fn subject_of<'a>(
    asked: &[Verdict],
    subject_of: impl Fn(usize) -> Option<&'a Subject>,
) -> Option<&'a Subject> {
    let mut likely: BTreeMap<Option<&Subject>, f32> = BTreeMap::new();
    for verdict in asked {
        let all: f32 = verdict.ranked.iter().map(|candidate| candidate.confidence).sum();
        if all > 0.0 {
            for candidate in &verdict.ranked {
                let share = verdict.confidence * candidate.confidence / all;
                *likely.entry(subject_of(candidate.entry)).or_default() += share;
            }
        }
    }
    let all: f32 = likely.values().sum();
    let (subject, most) = likely.into_iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
    let best_covered = asked.iter().map(|verdict| verdict.confidence).fold(0.0, f32::max);
    subject.filter(|_| most >= LEAST_SHARE * all && best_covered >= LEAST_COVERED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faq::{Candidate, Decision};

    /// What is made of a question that the FAQ covers so likely, by entries so likely each.
    fn verdict(covered: f32, likely: &[(usize, f32)]) -> Verdict {
        let ranked = likely.iter().map(|&(entry, confidence)| Candidate { entry, confidence }).collect();
        Verdict { decision: Decision::Abstain, confidence: covered, ranked }
    }

    /// The subject of three entries about billing, two about orders and one about nothing.
    fn told(asked: &[Verdict]) -> Option<String> {
        let [billing, orders] = ["Billing", "Orders"].map(|name| Subject::new(name).unwrap());
        let of_entry = [Some(&billing), Some(&billing), Some(&billing), Some(&orders), Some(&orders), None];
        subject_of(asked, |entry| of_entry.get(entry).copied().flatten()).map(ToString::to_string)
    }

    #[test]
    fn entries_that_share_a_subject_tell_it_together() {
        let billing = Some("Billing".to_owned());
        assert_eq!(told(&[verdict(0.9, &[(3, 0.4), (0, 0.3), (1, 0.3)])]), billing);
        assert_eq!(told(&[verdict(0.9, &[(3, 0.5), (0, 0.3), (5, 0.2)])]), Some("Orders".to_owned()));
        assert_eq!(told(&[verdict(0.9, &[(3, 0.4), (0, 0.3), (5, 0.3)])]), None, "as likely something else");
        assert_eq!(told(&[verdict(0.9, &[(5, 0.9), (0, 0.1)])]), None, "an entry about nothing");
        assert_eq!(told(&[verdict(0.9, &[(17, 0.9)])]), None, "an entry that is gone");
    }

    #[test]
    fn what_the_faq_knows_nothing_of_is_about_nothing() {
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[verdict(0.0, &[])]), None);
        assert_eq!(told(&[verdict(0.2, &[(0, 0.2)])]), None);
    }

    #[test]
    fn of_several_questions_the_covered_ones_decide() {
        let (greeting, asked) = (verdict(0.1, &[(3, 0.1)]), verdict(0.8, &[(0, 0.7)]));
        assert_eq!(told(&[greeting.clone(), asked.clone(), greeting]), Some("Billing".to_owned()));
        assert_eq!(told(&[asked.clone(), verdict(0.8, &[(3, 0.7)]), asked]), Some("Billing".to_owned()));
    }
}
