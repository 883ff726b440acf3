//! A pack from anywhere is loaded or refused, and a matcher that came of it answers any question soundly.
//!
//! The input is a question, a zero byte, and what stands behind a pack's header: with the header made here, the
//! checksum is right and the reader behind it has something to do. The input as it is must be refused or loaded too.

#![no_main]

use deskbell_shared::faq::{Decision, Matcher, PACK_VERSION};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let _ = Matcher::load(input);
    let end = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    let question = String::from_utf8_lossy(&input[..end]);
    let Ok(matcher) = Matcher::load(&sealed(input.get(end + 1..).unwrap_or_default())) else { return };
    for place in matcher.suggestions(usize::MAX) {
        assert!(place < matcher.entries().len());
    }
    let first = matcher.entries().first().map(|entry| entry.question.clone());
    for question in [&*question, first.as_deref().unwrap_or_default(), "返品 how 怎么退货?"] {
        let verdict = matcher.ask(question);
        assert_eq!(verdict, matcher.ask(question), "the same question twice");
        assert!((0.0..=1.0).contains(&verdict.confidence));
        for candidate in &verdict.ranked {
            assert!(candidate.entry < matcher.entries().len());
            assert!((0.0..=1.0).contains(&candidate.confidence));
        }
        match verdict.decision {
            Decision::Answer => assert!(!verdict.ranked.is_empty()),
            Decision::Offer(count) => assert!((1..=3).contains(&count) && count <= verdict.ranked.len()),
            Decision::Abstain => {}
        }
        matcher.explain(question);
        matcher.ask_after(question, "what about the other one");
    }
});

/// The body behind a header that fits it: see `shared/src/faq/pack.rs`.
fn sealed(body: &[u8]) -> Vec<u8> {
    let checksum =
        body.iter().fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    let mut pack = b"DBFQ".to_vec();
    pack.push(PACK_VERSION);
    pack.extend((body.len() as u32).to_le_bytes());
    pack.extend(checksum.to_le_bytes());
    pack.extend(body);
    pack
}
