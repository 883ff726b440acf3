//! What a site's compiler can be asked, and FAQs on their way to it and back.

use std::collections::BTreeMap;

use deskbell_shared::wire::{
    EntryId, FaqReport, FaqTuning, LanguageTag, PackHash, SiteId, SourceFault, Subject,
};
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

/// What the FAQ in force makes of what somebody writes; a call to the compiler.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Consult {
    /// Of which site.
    pub(crate) site: SiteId,
    /// The pack in force.
    pub(crate) pack: PackHash,
    /// What the visitor speaks.
    pub(crate) language: LanguageTag,
    /// What they have written, in its order.
    pub(crate) texts: Vec<String>,
    /// Whether it is to be told what that is about.
    pub(crate) tells_subject: bool,
}

/// What the FAQ makes of what somebody writes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Consulted {
    /// What it answers to the last of it, and from which entry; `None` where it is not sure.
    pub(crate) answer: Option<(EntryId, String)>,
    /// What all of it is about, as far as that can be told.
    pub(crate) subject: Option<Subject>,
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
    /// What its entries are about.
    pub(crate) subjects: BTreeMap<EntryId, Subject>,
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
    Consult => Consulted, "/consult";
}
