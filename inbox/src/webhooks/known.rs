//! The webhooks, as far as the edge has said, and the words for what is known of them.

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{
    Attempt, AttemptResult, Stopped, Topic, Webhook, WebhookFormat, WebhookId, WebhookRequest, Webhooks,
};

use crate::{ui::listed::Listed, words::Words};

/// The formats, and the keys of their names.
pub const FORMATS: [(WebhookFormat, &str); 6] = [
    (WebhookFormat::Standard, "webhooks.format.standard"),
    (WebhookFormat::Slack, "webhooks.format.slack"),
    (WebhookFormat::Teams, "webhooks.format.teams"),
    (WebhookFormat::Discord, "webhooks.format.discord"),
    (WebhookFormat::Lark, "webhooks.format.lark"),
    (WebhookFormat::DingTalk, "webhooks.format.ding_talk"),
];

/// What can be told, and the keys of the words for it.
pub const TOPICS: [(Topic, &str); 13] = [
    (Topic::Opened, "webhooks.topic.opened"),
    (Topic::Waiting, "webhooks.topic.waiting"),
    (Topic::Replied, "webhooks.topic.replied"),
    (Topic::Assigned, "webhooks.topic.assigned"),
    (Topic::Closed, "webhooks.topic.closed"),
    (Topic::Reopened, "webhooks.topic.reopened"),
    (Topic::Rated, "webhooks.topic.rated"),
    (Topic::Recommended, "webhooks.topic.recommended"),
    (Topic::Outgoing, "webhooks.topic.outgoing"),
    (Topic::Erased, "webhooks.topic.erased"),
    (Topic::Appealed, "webhooks.topic.appealed"),
    (Topic::AlertBegan, "webhooks.topic.alert_began"),
    (Topic::AlertEnded, "webhooks.topic.alert_ended"),
];

/// What is asked about a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Another one.
    Add,
    /// What it is.
    Change(Webhook),
    /// Whether it is to go.
    Remove(Webhook),
    /// What it has told lately.
    Log(Webhook),
    /// With what it is signed.
    Secret(Webhook),
}

/// The webhooks.
#[derive(Clone, Copy)]
pub struct Known(Listed<Webhook>);

impl Known {
    /// Asks for them.
    pub fn load() -> Self {
        Self(Listed::load(|session| Box::pin(async move { session.api().webhooks().await.map(of_answer) })))
    }

    /// All of them.
    pub fn list(self) -> Listed<Webhook> {
        self.0
    }

    /// Makes one, or changes it.
    pub async fn put(self, id: WebhookId, request: &WebhookRequest) -> Result<(), Failure> {
        self.0.take(self.0.session().api().put_webhook(id, request).await.map(of_answer))
    }

    /// Takes one away.
    pub async fn remove(self, id: WebhookId) -> Result<(), Failure> {
        self.0.take(self.0.session().api().remove_webhook(id).await.map(of_answer))
    }
}

fn of_answer(answer: Webhooks) -> Vec<Webhook> {
    answer.webhooks
}

/// How a webhook fares, in a sentence, and the class that shows it.
pub fn state_of(words: Words, webhook: &Webhook) -> (String, &'static str) {
    match webhook {
        Webhook { stopped: Some(Stopped::Gone), .. } => (words.text("webhooks.gone"), "tag alert"),
        Webhook { stopped: Some(Stopped::Failing), .. } => (words.text("webhooks.given_up"), "tag alert"),
        Webhook { set: WebhookRequest { on: false, .. }, .. } => (words.text("webhooks.off"), "tag"),
        Webhook { failing_since: Some(_), .. } => (words.text("webhooks.failing"), "tag alert"),
        _ => (words.text("webhooks.on"), "tag done"),
    }
}

/// What came of a try, in a sentence.
pub fn result_of(words: Words, attempt: &Attempt) -> String {
    match &attempt.result {
        AttemptResult::Taken { status } => words
            .fill("webhooks.taken", &[("status", &status.to_string()), ("ms", &attempt.took_ms.to_string())]),
        AttemptResult::Refused { status, said: None } => {
            words.fill("webhooks.refused", &[("status", &status.to_string())])
        }
        AttemptResult::Refused { status, said: Some(said) } => {
            let values = [("status", status.to_string()), ("said", said.to_string())];
            words.fill(
                "webhooks.refused_saying",
                &values.each_ref().map(|(name, text)| (*name, text.as_str())),
            )
        }
        AttemptResult::Late => words.text("webhooks.late"),
        AttemptResult::Unreachable => words.text("webhooks.unreachable"),
    }
}

/// The key of what something is called that was told.
pub fn topic_key(topic: Topic) -> &'static str {
    TOPICS.iter().find(|(known, _)| *known == topic).map_or("webhooks.test", |(_, key)| key)
}
