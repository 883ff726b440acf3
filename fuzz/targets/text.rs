//! Any text can be folded, and folding what is folded changes nothing; its tokens are pieces of it; its links are safe.

#![no_main]

use std::sync::LazyLock;

use deskbell_shared::text::{HanPairs, fold, links, tokens};
use libfuzzer_sys::fuzz_target;

/// Read once: it is thousands of characters.
static HAN: LazyLock<HanPairs> = LazyLock::new(HanPairs::all);

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let folded = fold(&text);
    assert_eq!(fold(&folded), folded, "folded twice");
    let han = &*HAN;
    let simplified = han.fold(&folded);
    assert_eq!(han.fold(&simplified), simplified, "simplified twice");
    for token in tokens(&simplified) {
        assert!(!token.text.is_empty());
        assert!(simplified.contains(token.text));
    }
    for segment in links::split(&text) {
        if let links::Segment::Link { label, href } = segment {
            assert!(!label.is_empty() && href.is_ascii());
            assert!(["https:", "http:", "mailto:", "tel:"].iter().any(|scheme| href.starts_with(scheme)));
        }
    }
});
