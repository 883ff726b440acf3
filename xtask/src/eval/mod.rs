//! `eval`: how good a part is, measured on labelled data.

mod faq;
pub(crate) mod handoff;
mod robust;
pub(crate) mod set;

pub(crate) use faq::{auroc, microseconds, quantile, run, run_all};
