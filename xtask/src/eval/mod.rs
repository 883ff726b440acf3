//! `eval`: how good a part is, measured on labelled data.

mod faq;
mod robust;
pub(crate) mod set;

pub(crate) use faq::{auroc, microseconds, quantile, run, run_all};
