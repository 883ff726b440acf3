//! What the FAQ answers to somebody on a channel, where there is no widget to show it.

use deskbell_shared::{
    text::links::{Segment, split},
    wire::{EntryId, MessageId, Text},
};

use crate::conversation::calls::FaqAnswer;

/// An entry's answer, as it is said there under this id.
pub(super) fn answer(id: MessageId, (entry, answer): (EntryId, String)) -> Option<FaqAnswer> {
    Some(FaqAnswer { id, entry, text: Text::cut(&plain(&answer))? })
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
