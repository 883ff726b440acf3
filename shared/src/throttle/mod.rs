//! How fast is too fast: the generic cell rate algorithm, the same in the widget and at the edge.
//!
//! A [`Quota`] is a burst and a sustained rate; a [`Gcra`] is what one key (a visitor, an address,
//! a site) has used of it. The clock is an argument. A caller told to wait until T is admitted at T
//! and at no moment before: the property tests hold that against a plain reference model.
//!
//! Source: ITU-T I.371, annex A; the virtual-scheduling form, with the theoretical arrival time
//! as the only state.

mod address;
mod backoff;
mod gcra;
mod plan;
mod quota;
mod quotas;

pub use address::ClientAddress;
pub use backoff::Backoff;
pub use gcra::{Decision, Gcra};
pub use plan::{Pace, decide_all};
pub use quota::{Quota, QuotaError};
pub use quotas::*;
