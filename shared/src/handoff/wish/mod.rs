//! Whether a text asks for a human being.
//!
//! The phrases are data: [`english`] and [`chinese`] hold word lists and the phrases made of them,
//! [`phrase`] knows how a phrase is found, and [`reading`] brings a text into the one form in which
//! the phrases are written. Another language is another table.
//!
//! What counts as a wish, where it is not obvious:
//! - Asking how to reach a person is a wish: in a chat the answer is the person. Asking for the telephone
//!   number, the hours or the address of customer service is a question, and the FAQ may know.
//! - Turning the machine down ("I don't want to talk to a bot") is a wish for its opposite.
//! - Asking whether this is a machine is not: people ask out of curiosity.
//! - What was said, must be done or will happen ("you have to call an agent?", "will someone call me?") is
//!   not, nor is a wish that is turned down ("no need to transfer me").

mod chinese;
mod english;
mod phrase;
mod reading;

use phrase::Language;

/// Every language whose phrases are known.
const LANGUAGES: [&Language; 2] = [&english::ENGLISH, &chinese::CHINESE];

/// Whether the text asks for a human being, in English or in Chinese of either script.
///
/// A visitor mixes languages, and the interface may speak yet another one: all phrases are tried on every
/// text. Case, width, script, punctuation and common misspellings make no difference.
///
/// ```
/// # use deskbell_shared::handoff::wants_person;
/// assert!(wants_person("Can I TALK to a real person, please?"));
/// assert!(wants_person("轉 人工客服"));
/// assert!(!wants_person("is the agent fee refundable?"));
/// assert!(!wants_person("不用转人工"));
/// ```
pub fn wants_person(text: &str) -> bool {
    let reading = reading::of(text);
    reading.split('\n').any(|clause| LANGUAGES.iter().any(|language| language.wishes_in(clause)))
}

#[cfg(test)]
mod tests;
