//! What counts as the same text.

mod fold;
mod han;
pub mod links;
mod pinyin;
mod token;

pub use fold::fold;
pub use han::HanPairs;
pub use pinyin::Pinyin;
pub use token::{Script, Token, tokens};
