//! How a connection to the edge stands, as views show it.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::Millis;

/// How a connection stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// On its way.
    Connecting,
    /// Here.
    Up,
    /// Lost, or not to be had.
    Down {
        /// When it tries again.
        retry: Millis,
        /// What the edge said, when it was reached and refused.
        failure: Option<Failure>,
    },
    /// Refused in a way that trying again cannot mend.
    Stopped(Failure),
}
