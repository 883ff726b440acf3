//! `eval`: how good a part is, measured on labelled data.

mod faq;
mod robust;
pub(crate) mod set;

pub(crate) use faq::{run, run_all};
