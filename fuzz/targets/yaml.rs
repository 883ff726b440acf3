//! Any bytes are an FAQ in YAML, or refused with reasons; and an FAQ can be published.

#![no_main]

mod source;

use deskbell_shared::faq::compile::source::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| source::publish(input, Format::Yaml));
