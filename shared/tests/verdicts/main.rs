//! The same verdict everywhere, to the last bit. The widget's tests ask the same in Chromium.

mod digest;

#[test]
fn ten_thousand_questions_get_the_verdicts_they_always_got() {
    assert_eq!(digest::digest(), digest::EXPECTED, "the matcher has changed: see digest.rs");
}
