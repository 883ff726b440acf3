//! What the FAQ answers to somebody on a channel, where there is no widget to ask.

use deskbell_shared::{
    text::links::{Segment, split},
    wire::{EntryId, LanguageTag, MessageId, SiteId, Text},
};

use crate::{
    conversation::calls::FaqAnswer,
    platform::{object::ask, patience::within},
    refusal::{Outcome, Refusal},
    site::{calls::Consult, view},
    visit::Visit,
};

/// How long somebody's words wait for what the FAQ answers, in milliseconds.
const PATIENCE_MS: u64 = 5_000;

/// The answer, where the FAQ is sure; it is said under this id. Whatever goes wrong with it, what was written is for people all
/// the same.
pub(super) async fn consulted(
    visit: &Visit,
    site: &SiteId,
    id: MessageId,
    (language, question): (&LanguageTag, &str),
) -> Option<FaqAnswer> {
    let late = || Err(Refusal::failed("the FAQ gave no answer in time"));
    let found = within(PATIENCE_MS, consult(visit, site, language, question)).await.unwrap_or_else(late);
    let (entry, answer) = found.inspect_err(|refusal| refusal.log("consulting the FAQ")).ok()??;
    Some(FaqAnswer { id, entry, text: Text::cut(&plain(&answer))? })
}

async fn consult(
    visit: &Visit,
    site: &SiteId,
    language: &LanguageTag,
    question: &str,
) -> Outcome<Option<(EntryId, String)>> {
    let Some(pack) = view(visit, site).await?.pack.clone() else { return Ok(None) };
    let (site, language, question) = (site.clone(), language.clone(), question.to_owned());
    let compiler = visit.compiler_object(&site)?;
    ask(&compiler, &Consult { site, pack, language, question }).await
}

/// An answer as it can be read where links have no labels.
fn plain(answer: &str) -> String {
    let piece = |segment: Segment<'_>| match segment {
        Segment::Text(text) => text.to_owned(),
        Segment::Link { label, href } => {
            let address = href.strip_prefix("mailto:").or_else(|| href.strip_prefix("tel:")).unwrap_or(&href);
            if label == address { address.to_owned() } else { format!("{label} ({address})") }
        }
    };
    split(answer).into_iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_written_out() {
        for (answer, read) in [
            ("See [our page](https://shop.example/a).", "See our page (https://shop.example/a)."),
            ("See https://shop.example/a.", "See https://shop.example/a."),
            ("Write to us@shop.example!", "Write to us@shop.example!"),
            (
                "[Write](mailto:us@shop.example) or [call](tel:+4912345)",
                "Write (us@shop.example) or call (+4912345)",
            ),
            ("Nothing here", "Nothing here"),
        ] {
            assert_eq!(plain(answer), read);
        }
    }
}
