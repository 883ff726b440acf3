//! What a desk can be asked about its webhooks.

use deskbell_shared::wire::{Attempt, Deliveries, SiteId, WebhookId, WebhookRequest, Webhooks};
use serde::{Deserialize, Serialize};

use crate::platform::object::calls;

/// The site's webhooks.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ListWebhooks {}

/// Makes a webhook, or changes it. *Conflict* when there are as many as there can be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PutWebhook {
    /// Of which site.
    pub(crate) site: SiteId,
    /// The address of its inbox, which stands in what is sent.
    pub(crate) inbox: String,
    /// Which.
    pub(crate) id: WebhookId,
    /// What it is from now on.
    pub(crate) request: WebhookRequest,
}

/// Takes a webhook away, and what it had still to tell.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct DropWebhook {
    /// Which.
    pub(crate) id: WebhookId,
}

/// What a webhook's secret is derived with; *not found* when there is none of this name.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct GetSalt {
    /// Which.
    pub(crate) id: WebhookId,
    /// Whether it is given another one first.
    pub(crate) renew: bool,
}

/// The latest that a webhook told of, or is to tell.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ListDeliveries {
    /// Which.
    pub(crate) id: WebhookId,
}

/// Has something sent once more that was sent, or was given up. *Conflict* when the webhook is off.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct SendAgain {
    /// Of which webhook.
    pub(crate) id: WebhookId,
    /// What.
    pub(crate) number: u64,
}

/// Sends a webhook that says nothing, now.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct TryWebhook {
    /// Which.
    pub(crate) id: WebhookId,
}

calls! {
    ListWebhooks => Webhooks, "/webhooks";
    PutWebhook => Webhooks, "/webhook/put";
    DropWebhook => Webhooks, "/webhook/drop";
    GetSalt => u64, "/webhook/salt";
    ListDeliveries => Deliveries, "/webhook/deliveries";
    SendAgain => (), "/webhook/again";
    TryWebhook => Attempt, "/webhook/try";
}
