//! Parts that every screen uses.

pub mod badge;
pub mod charts;
pub mod checks;
pub mod choices;
pub mod clock;
pub mod confirm;
pub mod copy;
pub mod dialog;
pub mod field;
pub mod icons;
pub mod language;
pub mod linked;
pub mod listed;
pub mod names;
pub mod notice;
pub mod refusal;
pub mod said;
pub mod settling;
pub mod slug;
pub mod span;
pub mod switch;
