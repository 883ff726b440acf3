use core::ops::Range;

/// A text without its personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The text as it may be sent.
    pub text: String,
    /// What was masked, in the order of the text; empty when the text is unchanged.
    pub found: Vec<Found>,
}

/// One masked piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it was.
    pub kind: Kind,
    /// Where its mask stands in [`Masked::text`], in bytes.
    pub range: Range<usize>,
}

/// The kinds of personal data that are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A payment card's number.
    Card,
    /// A telephone number.
    Phone,
    /// A Chinese resident's identity number.
    ResidentId,
    /// An international bank account number.
    Iban,
}

/// Masks the personal data in `text`.
pub fn mask(text: &str) -> Masked {
    Masked { text: text.to_owned(), found: Vec::new() }
}
