use serde::{Deserialize, Serialize};

use crate::wire::{
    AlertKind, ChannelId, ConversationId, HandoffReason, LanguageTag, Likelihood, Millis, Priority, Status,
    Subject, Summary, Teammate, Topic, Via, WebhookRequest,
};

/// Something that happened, and that a webhook may tell of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// What.
    pub topic: Topic,
    /// When.
    pub at: Millis,
    /// What it is about.
    pub about: Matter,
}

impl News {
    /// Whether a webhook that is set so tells of it.
    pub fn is_for(&self, set: &WebhookRequest) -> bool {
        let is_about_them = match &self.about {
            Matter::Conversation(standing) => {
                standing.subject.as_ref().is_some_and(|subject| set.subjects.contains(subject))
            }
            _ => true,
        };
        set.topics.contains(&self.topic) && (set.subjects.is_empty() || is_about_them)
    }

    /// The conversation that it tells the standing of.
    pub fn conversation(&self) -> Option<ConversationId> {
        match &self.about {
            Matter::Conversation(standing) => Some(standing.id),
            _ => None,
        }
    }
}

/// What something is about. No words that anybody said are in it, and no customer's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// How a conversation stood after it.
    Conversation(Standing),
    /// A conversation of which nothing is left.
    Erased {
        /// Which it was.
        id: ConversationId,
    },
    /// What a visitor says against a ban.
    Appeal {
        /// Its number in the inbox.
        number: u64,
    },
    /// Something about the guard.
    Alert(Raised),
    /// Nothing at all.
    Nothing,
}

/// An alert, as it began or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    /// What it is about.
    pub kind: AlertKind,
    /// Since when; `None` when it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
}

/// How a conversation stands, as other programs learn of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Which.
    pub id: ConversationId,
    /// Whether it is open.
    pub status: Status,
    /// How soon a person should come.
    pub priority: Priority,
    /// Why it came to a person, most telling first.
    pub reasons: Vec<HandoffReason>,
    /// What it is about, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Through which channel it goes; `None` when that is the site's pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// The language the visitor reads.
    pub language: LanguageTag,
    /// When it was handed over.
    pub opened: Millis,
    /// Since when the visitor has waited for a reply; `None` when it is the visitor's turn.
    pub waiting_since: Option<Millis>,
    /// When a person first replied.
    pub first_reply: Option<Millis>,
    /// How often the visitor wrote again after it was closed.
    pub reopened: u32,
    /// Whether it was good, as the visitor said.
    pub rated_good: Option<bool>,
    /// How likely the visitor is to recommend the site, as they said, from 0 to 10.
    #[serde(default)]
    pub recommends: Option<Likelihood>,
    /// Who looks after it.
    pub assignee: Option<Teammate>,
}

impl From<&Summary> for Standing {
    fn from(summary: &Summary) -> Self {
        Self {
            id: summary.conversation,
            status: summary.status,
            priority: summary.priority,
            reasons: summary.reasons.clone(),
            subject: summary.subject.clone(),
            channel: summary.via.as_ref().map(|via| via.channel.clone()),
            language: summary.context.language.clone(),
            opened: summary.opened,
            waiting_since: summary.waiting_since,
            first_reply: summary.first_reply,
            reopened: summary.reopened,
            rated_good: summary.rated_good,
            recommends: summary.recommends,
            assignee: summary.assignee.clone(),
        }
    }
}

/// What is news between how a conversation stood, `None` where nobody knew of it, and how it stands now. Several things may
/// have happened between two looks: what was undone between them is not told, nor a reply, other than the first, after which the
/// talk was closed.
pub fn of_change(before: Option<&Summary>, now: &Summary) -> Vec<News> {
    let said = |summary: &Summary| summary.via.as_ref().map(|via| via.said);
    let has_more_to_carry = now.via.as_ref().is_some_and(Via::owes) && said(now) != before.and_then(said);
    // What the FAQ alone has answered is nobody's business yet.
    let before = before.filter(|before| is_with_people(before));
    let is_with_people = is_with_people(now);
    let is_open = now.status == Status::Open;
    let was_open = before.is_none_or(|before| before.status == Status::Open);
    let reopened = before.is_some_and(|before| before.reopened < now.reopened);
    let waited = before.is_some_and(|before| before.waiting_since.is_some());
    let assignee = |summary: &Summary| summary.assignee.as_ref().map(|teammate| teammate.email.clone());
    let is_first_reply = before.is_some_and(|before| before.first_reply != now.first_reply);
    let rating = before.and_then(|before| before.rated_good);
    let recommended = before.and_then(|before| before.recommends);
    let topics = [
        (Topic::Opened, before.is_none()),
        (Topic::Reopened, reopened),
        (Topic::Waiting, before.is_some() && !reopened && !waited && is_open && now.waiting_since.is_some()),
        (Topic::Replied, waited && now.waiting_since.is_none() && (is_open || is_first_reply)),
        (Topic::Assigned, assignee(now) != before.and_then(assignee)),
        (Topic::Closed, !is_open && (was_open || reopened)),
        (Topic::Rated, now.rated_good.is_some() && now.rated_good != rating),
        (Topic::Recommended, now.recommends.is_some() && now.recommends != recommended),
    ];
    let news = |topic| News { topic, at: now.updated, about: Matter::Conversation(now.into()) };
    let of_people = topics.into_iter().filter(|(_, is)| *is && is_with_people).map(|(topic, _)| topic);
    of_people.chain(has_more_to_carry.then_some(Topic::Outgoing)).map(news).collect()
}

fn is_with_people(summary: &Summary) -> bool {
    summary.via.as_ref().is_none_or(|via| via.had_people)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{webhook::tests::summary, wire::Line};

    fn told(before: Option<&Summary>, now: &Summary) -> Vec<&'static str> {
        of_change(before, now).into_iter().map(|news| news.topic.name()).collect()
    }

    #[test]
    fn a_webhook_for_some_subjects_tells_of_their_talks_and_of_what_is_about_no_talk() {
        let set = |topics: &str, subjects: &str| {
            let text = format!(
                r#"{{"url":"https://example.com","language":"en","on":true,"topics":{topics},"subjects":{subjects}}}"#
            );
            serde_json::from_str::<WebhookRequest>(&text).unwrap()
        };
        let opened = |subject: &str| {
            let summary = Summary { subject: Subject::new(subject).ok(), ..summary() };
            of_change(None, &summary).remove(0)
        };
        let (all, billing) = (r#"["conversation.opened","alert.began"]"#, r#"["Billing"]"#);
        assert!(opened("Billing").is_for(&set(all, billing)) && opened("").is_for(&set(all, "[]")));
        assert!(!opened("Orders").is_for(&set(all, billing)) && !opened("").is_for(&set(all, billing)));
        assert!(!opened("Billing").is_for(&set(r#"["conversation.closed"]"#, billing)));
        let alert = Matter::Alert(Raised { kind: AlertKind::Attack, since: Some(Millis(1)) });
        assert!(News { topic: Topic::AlertBegan, at: Millis(1), about: alert }.is_for(&set(all, billing)));
    }

    fn mei() -> Option<Teammate> {
        Some(Teammate {
            email: "mei@shop.example".to_owned().try_into().unwrap(),
            name: Line::new("Mei").unwrap(),
        })
    }

    #[test]
    fn each_step_of_a_talk_is_told_once() {
        let opened = summary();
        assert_eq!(told(None, &opened), ["conversation.opened"]);
        assert_eq!(told(Some(&opened), &opened), [""; 0]);

        let mut replied = opened.clone();
        (replied.waiting_since, replied.first_reply, replied.assignee) = (None, Some(Millis(9)), mei());
        assert_eq!(told(Some(&opened), &replied), ["conversation.replied", "conversation.assigned"]);

        let mut waiting = replied.clone();
        waiting.waiting_since = Some(Millis(11));
        assert_eq!(told(Some(&replied), &waiting), ["conversation.waiting"]);

        let mut closed = waiting.clone();
        (closed.status, closed.waiting_since) = (Status::Closed, None);
        assert_eq!(told(Some(&waiting), &closed), ["conversation.closed"], "nobody has replied");

        let mut rated = closed.clone();
        rated.rated_good = Some(false);
        assert_eq!(told(Some(&closed), &rated), ["conversation.rated"]);

        let mut recommended = rated.clone();
        recommended.recommends = 9.try_into().ok();
        assert_eq!(told(Some(&rated), &recommended), ["conversation.recommended"]);

        let mut again = rated.clone();
        (again.status, again.reopened, again.waiting_since) = (Status::Open, 1, Some(Millis(20)));
        assert_eq!(told(Some(&rated), &again), ["conversation.reopened"]);

        let mut nobodys = again.clone();
        nobodys.assignee = None;
        assert_eq!(told(Some(&again), &nobodys), ["conversation.assigned"]);
    }

    #[test]
    fn a_channel_hears_of_everything_that_it_has_to_carry() {
        let on_channel = |said, delivered| {
            let via = Via {
                channel: "whatsapp".parse().unwrap(),
                name: Line::new("WhatsApp").unwrap(),
                from: Line::new("SECRET number").unwrap(),
                called: None,
                said,
                delivered,
                by_faq: false,
                had_people: true,
            };
            Summary { via: Some(via), waiting_since: None, first_reply: Some(Millis(1)), ..summary() }
        };
        assert_eq!(told(Some(&on_channel(0, 0)), &on_channel(5, 0)), ["conversation.outgoing"]);
        assert_eq!(
            told(Some(&on_channel(5, 0)), &on_channel(6, 5)),
            ["conversation.outgoing"],
            "another one"
        );
        assert_eq!(told(Some(&on_channel(6, 5)), &on_channel(6, 6)), [""; 0], "it is delivered");
        assert_eq!(told(Some(&on_channel(6, 6)), &on_channel(7, 7)), [""; 0], "it is delivered already");

        let mut by_faq = on_channel(2, 0);
        (by_faq.status, by_faq.first_reply) = (Status::Closed, None);
        by_faq.via.iter_mut().for_each(|via| (via.by_faq, via.had_people) = (true, false));
        assert_eq!(told(None, &by_faq), ["conversation.outgoing"], "nobody waits for a person");
        let mut asks_again = on_channel(2, 2);
        (asks_again.first_reply, asks_again.waiting_since) = (None, Some(Millis(9)));
        assert_eq!(told(Some(&by_faq), &asks_again), ["conversation.opened"]);

        let text = serde_json::to_string(&of_change(Some(&on_channel(0, 0)), &on_channel(5, 0))).unwrap();
        assert!(text.contains(r#""channel":"whatsapp""#) && !text.contains("SECRET"), "{text}");
    }

    #[test]
    fn what_happened_between_two_looks_is_told_together() {
        let mut closed = summary();
        (closed.status, closed.waiting_since) = (Status::Closed, None);
        assert_eq!(told(None, &closed), ["conversation.opened", "conversation.closed"]);
        let mut answered = closed.clone();
        answered.first_reply = Some(Millis(9));
        assert_eq!(told(Some(&summary()), &answered), ["conversation.replied", "conversation.closed"]);
        let mut again = closed.clone();
        again.reopened = 1;
        assert_eq!(told(Some(&closed), &again), ["conversation.reopened", "conversation.closed"]);
    }

    #[test]
    fn no_words_and_no_customer_are_in_it() {
        let text = serde_json::to_string(&of_change(None, &summary())).unwrap();
        assert!(!text.contains("SECRET"), "{text}");
    }
}
