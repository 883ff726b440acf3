//! Which language to speak, and the words to say.
//!
//! | item | decides |
//! |---|---|
//! | [`negotiate`] | which of the spoken languages serves a reader best |
//! | [`is_same_language`] | whether two tags name a language that the same people read |
//! | [`direction`] | which way a language is written |
//! | [`Catalog`] | the words of one language, with places to fill and plural forms |

mod catalog;
mod negotiate;
mod plural;

pub use catalog::{Catalog, CatalogError};
pub use negotiate::{Direction, direction, is_same_language, negotiate};
pub use plural::{Plural, plural, plural_forms};

/// The languages that the widget speaks: those that have a locale file, as `frame.html` names them.
pub const OF_WIDGET: [&str; 18] = [
    "ar", "de", "en", "es", "fr", "hi", "id", "it", "ja", "ko", "pl", "pt", "ru", "th", "tr", "vi",
    "zh-Hans", "zh-Hant",
];
