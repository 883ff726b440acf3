//! What counts against a visitor, and how much.

use serde::{Deserialize, Serialize};

/// A point, in the thousandths that scores are counted in.
pub const POINT: u32 = 1_000;

/// Declares every signal once: its name on the wire and what one occurrence of it weighs, in points.
macro_rules! signals {
    ($($(#[$doc:meta])* $name:ident $slug:literal $points:literal;)*) => {
        /// Something about a visitor's behaviour that speaks against them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Signal {$(
            $(#[$doc])*
            #[serde(rename = $slug)]
            $name,
        )*}

        impl Signal {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name on the wire.
            pub const fn slug(self) -> &'static str {
                match self {$(Self::$name => $slug,)*}
            }

            /// What one occurrence weighs, in thousandths of a point.
            pub const fn weight(self) -> u32 {
                match self {$(Self::$name => $points * POINT,)*}
            }
        }
    };
}

signals! {
    /// An act was refused because too many came before it.
    Rate "rate" 1;
    /// Many acts in a few seconds, all within what is admitted.
    Burst "burst" 4;
    /// The same words again.
    Repeat "repeat" 12;
    /// The words that several other visitors send at the same time.
    Copied "copied" 25;
    /// A link beyond the first of a text.
    Links "links" 8;
    /// An address, number or account to be reached at elsewhere.
    Contacts "contacts" 6;
    /// A rude word.
    Rude "rude" 8;
    /// An insult.
    Insult "insult" 25;
    /// A word that the site has blocked.
    Blocked "blocked" 35;
    /// A challenge answered wrongly, or with an answer used before.
    FailedChallenge "failed_challenge" 20;
    /// A token that was never ours, or was changed.
    RejectedToken "rejected_token" 15;
    /// A sign-in to the inbox with a wrong password.
    SignIn "sign_in" 5;
    /// Stopped before, not long ago.
    History "history" 15;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_has_a_name_of_its_own_and_weighs_something() {
        let mut names: Vec<_> = Signal::ALL.iter().map(|signal| signal.slug()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Signal::ALL.len());
        assert!(Signal::ALL.iter().all(|signal| signal.weight() >= POINT));
        for signal in Signal::ALL {
            assert_eq!(serde_json::to_string(signal).unwrap(), format!("\"{}\"", signal.slug()));
        }
    }
}
