//! What is done to a conversation's object from outside; see `chaos.mjs`.

use deskbell_shared::wire::ConversationId;

use super::super::crowd::{Shop, agent};

/// Upsets one conversation.
pub(super) struct Upsetter {
    address: String,
    name: String,
}

impl Upsetter {
    /// For this conversation.
    pub(super) fn of(shop: &Shop, conversation: ConversationId) -> Self {
        Self { address: shop.address.clone(), name: format!("{}/{conversation}", shop.site) }
    }

    /// Ends the object in the middle of whatever it is doing.
    pub(super) fn abort(&self) {
        self.ask("abort");
    }

    /// Takes its memory from it, between two events.
    pub(super) fn forget(&self) {
        self.ask("forget");
    }

    fn ask(&self, what: &str) {
        // Whoever is aborted does not answer, and where there is no edge there is nothing to upset.
        drop(agent().post(format!("{}/{what}", self.address)).header("X-Chaos", &self.name).send_empty());
    }
}
