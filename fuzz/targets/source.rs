//! What the two targets of FAQ sources share: any file is read or refused, and what is read can be published.

use deskbell_shared::{
    faq::{
        Matcher,
        compile::{
            compile,
            phrasebook::Library,
            source::{Format, parse},
        },
    },
    wire::FaqTuning,
};

/// Up to so many entries a source is compiled as well: more would take the time that the parser needs.
const COMPILED: usize = 6;

/// Reads a source, and goes on to where a visitor asks.
pub fn publish(input: &[u8], format: Format) {
    match parse("faq", input, format) {
        Err(unsound) => assert!(!unsound.faults.is_empty(), "refused for no reason"),
        Ok(source) if source.entries.len() <= COMPILED => {
            let compiled = compile(&source, &Library::default(), &FaqTuning::default());
            let matcher = match Matcher::load(&compiled.pack) {
                Ok(matcher) => matcher,
                Err(fault) => panic!("the pack just compiled is refused: {fault}"),
            };
            assert_eq!(matcher.entries().len(), source.entries.len());
            for entry in &source.entries {
                matcher.ask(entry.questions[0].as_str());
            }
        }
        Ok(_) => {}
    }
}
