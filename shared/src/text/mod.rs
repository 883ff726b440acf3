//! What counts as the same text.

mod fold;
mod han;
pub mod links;
mod token;

pub use fold::fold;
pub use han::HanPairs;
pub use token::{Script, Token, tokens};
