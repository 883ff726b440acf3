//! What a site's compiler can be asked, and FAQs on their way to it and back.

use deskbell_shared::wire::{EntryId, FaqReport, FaqTuning, LanguageTag, PackHash, SiteId, SourceFault};
use serde::{Deserialize, Serialize};

use crate::platform::object::calls;

/// Compiles an FAQ; a call to the compiler.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Compile {
    /// The FAQ.
    pub(crate) source: SourceFile,
    /// What its owner has set.
    pub(crate) tuning: FaqTuning,
}

/// What the FAQ in force answers; a call to the compiler. `None` where it is not sure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Consult {
    /// Of which site.
    pub(crate) site: SiteId,
    /// The pack in force.
    pub(crate) pack: PackHash,
    /// What the visitor speaks.
    pub(crate) language: LanguageTag,
    /// What they ask.
    pub(crate) question: String,
}

/// A compiled FAQ.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CompiledFaq {
    /// The pack's name.
    pub(crate) hash: PackHash,
    /// The pack's size, in bytes.
    pub(crate) bytes: usize,
    /// The pack, compressed with gzip, in base64url.
    pub(crate) gzip: String,
    /// Entries it has.
    pub(crate) entries: usize,
    /// Phrasings it has.
    pub(crate) phrasings: usize,
    /// What the owner may want to mend.
    pub(crate) warnings: Vec<SourceFault>,
    /// What the owner should know about it.
    pub(crate) report: FaqReport,
}

/// An FAQ as its owner wrote it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SourceFile {
    /// The file's name, as it was given.
    pub(crate) file: String,
    /// `application/yaml` or `text/csv`.
    pub(crate) media_type: String,
    /// The file.
    pub(crate) text: String,
}

impl SourceFile {
    /// The media type of CSV; every other source is YAML.
    pub(crate) const CSV: &str = "text/csv";
}

calls! {
    Compile => CompiledFaq, "/compile";
    Consult => Option<(EntryId, String)>, "/consult";
}
