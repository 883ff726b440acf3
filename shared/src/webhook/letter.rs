//! What is sent of news, in each form, and what the answer to it means.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Matter, News,
    news::{Raised, Standing},
};
use crate::{
    locale::Catalog,
    wire::{AlertKind, AttemptResult, ConversationId, Line, Priority, SiteId, Topic, WebhookFormat},
};

/// What a program gets: `type`, `timestamp` and `data`, as Standard Webhooks recommends.
#[derive(Serialize)]
struct Letter<'a> {
    #[serde(rename = "type")]
    topic: &'static str,
    timestamp: &'a str,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    site: &'a SiteId,
    /// Where people see it.
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<Conversation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    appeal: Option<Numbered>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert: Option<Raised>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Conversation<'a> {
    Standing(&'a Standing),
    Erased { id: ConversationId },
}

#[derive(Serialize)]
struct Numbered {
    number: u64,
}

/// When something happened that is told.
#[derive(Clone, Copy, Debug)]
pub struct Time<'a> {
    /// The moment, in UTC, as ISO 8601 has it.
    pub iso_8601: &'a str,
    /// Whether that was a while ago, so that chats have to say when.
    pub is_late: bool,
}

/// The body that tells of something.
///
/// `words` are those of the webhook's language; `inbox` is the address of the site's inbox.
pub fn letter(
    format: WebhookFormat,
    news: &News,
    words: &Catalog,
    (site, inbox): (&SiteId, &str),
    time: Time<'_>,
) -> String {
    let url = format!("{inbox}{}", place(&news.about));
    if format == WebhookFormat::Standard {
        let (mut conversation, mut appeal, mut alert) = (None, None, None);
        match &news.about {
            Matter::Conversation(standing) => conversation = Some(Conversation::Standing(standing)),
            Matter::Erased { id } => conversation = Some(Conversation::Erased { id: *id }),
            Matter::Appeal { number } => appeal = Some(Numbered { number: *number }),
            Matter::Alert(about) => alert = Some(*about),
            Matter::Nothing => {}
        }
        let data = Data { site, url, conversation, appeal, alert };
        // These are our own plain structs: there is nothing in them that JSON cannot write.
        return serde_json::to_string(&Letter { topic: news.topic.name(), timestamp: time.iso_8601, data })
            .unwrap_or_default();
    }
    let sentence = words.text(key(news)).to_owned();
    let key = if time.is_late { "said_late" } else { "said" };
    // The day and the minute.
    let moment = time.iso_8601.get(..16).unwrap_or_default().replace('T', " ");
    let subject = match &news.about {
        Matter::Conversation(standing) => standing.subject.as_ref(),
        _ => None,
    };
    // In angle brackets chats call people.
    let named = subject.map(|subject| subject.as_str().replace(['<', '>'], ""));
    let place = named.map_or_else(|| site.to_string(), |subject| format!("{site} · {subject}"));
    let said =
        words.fill(key, &[("site", &place), ("sentence", &sentence), ("time", &format!("{moment} UTC"))]);
    if format == WebhookFormat::Teams {
        return card(&said, words.text("open"), &url).to_string();
    }
    in_chat(format, &format!("{said}\n{url}")).to_string()
}

/// A sentence and a button for Teams, where an address in a text is no link.
fn card(text: &str, label: &str, url: &str) -> Value {
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": [{ "type": "TextBlock", "text": text, "wrap": true }],
                "actions": [{ "type": "Action.OpenUrl", "title": label, "url": url }],
            },
        }],
    })
}

/// A text, as the other chats take it.
fn in_chat(format: WebhookFormat, text: &str) -> Value {
    match format {
        WebhookFormat::Standard | WebhookFormat::Slack | WebhookFormat::Teams => json!({ "text": text }),
        // Nobody is called by a name that happens to stand in it.
        WebhookFormat::Discord => json!({ "content": text, "allowed_mentions": { "parse": [] } }),
        WebhookFormat::Lark => json!({ "msg_type": "text", "content": { "text": text } }),
        WebhookFormat::DingTalk => json!({ "msgtype": "text", "text": { "content": text } }),
    }
}

/// Where in the inbox people see it.
fn place(about: &Matter) -> String {
    match about {
        Matter::Conversation(standing) => format!("#talk/{}", standing.id),
        Matter::Appeal { .. } => "#appeals".to_owned(),
        Matter::Alert(_) => "#guard".to_owned(),
        Matter::Erased { .. } | Matter::Nothing => String::new(),
    }
}

/// The key of the sentence for it.
fn key(news: &News) -> &'static str {
    match (&news.about, news.topic) {
        (Matter::Conversation(standing), Topic::Opened) => match standing.priority {
            Priority::Normal => "conversation.opened",
            Priority::High => "conversation.opened_high",
            Priority::Urgent => "conversation.opened_urgent",
        },
        (Matter::Conversation(standing), Topic::Rated) => match standing.rated_good {
            Some(false) => "conversation.rated_bad",
            _ => "conversation.rated_good",
        },
        (Matter::Conversation(standing), Topic::Recommended) => match standing.recommends {
            Some(promoter) if promoter.promotes() => "conversation.recommended_gladly",
            Some(detractor) if detractor.detracts() => "conversation.recommended_hardly",
            _ => "conversation.recommended_perhaps",
        },
        (Matter::Conversation(Standing { assignee: None, .. }), Topic::Assigned) => "conversation.unassigned",
        (Matter::Alert(Raised { kind, .. }), Topic::AlertBegan) => match kind {
            AlertKind::Attack => "alert.attack",
            AlertKind::GuardDown => "alert.guard_down",
            AlertKind::TurnstileDown => "alert.turnstile_down",
        },
        (_, topic) => topic.name(),
    }
}

/// What chats say that answer 200 also when they refuse: Lark `code` and `msg`, DingTalk and WeCom `errcode` and `errmsg`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    code: i64,
    msg: String,
    errcode: i64,
    errmsg: String,
}

/// Whether an answer has to be read for knowing what it means, or for telling people: programs are believed by their status.
pub const fn has_to_be_read(format: WebhookFormat, status: u16) -> bool {
    match format {
        WebhookFormat::Standard => false,
        WebhookFormat::Lark | WebhookFormat::DingTalk => true,
        WebhookFormat::Slack | WebhookFormat::Discord | WebhookFormat::Teams => status < 200 || status > 299,
    }
}

/// What an answer means: `status` is that of HTTP, `body` the beginning of what was said with it.
pub fn answered(format: WebhookFormat, status: u16, body: &str) -> AttemptResult {
    let is_chat = format != WebhookFormat::Standard;
    let said = match format {
        WebhookFormat::Lark | WebhookFormat::DingTalk => {
            serde_json::from_str::<Said>(body).unwrap_or_default()
        }
        _ => Said::default(),
    };
    if (200..300).contains(&status) && said.code == 0 && said.errcode == 0 {
        return AttemptResult::Taken { status };
    }
    let words = [said.msg, said.errmsg, body.to_owned()].into_iter().find(|words| !words.trim().is_empty());
    let line = |words: String| Line::new(&words.split_whitespace().collect::<Vec<_>>().join(" ")).ok();
    let cut = |words: String| words.chars().take(Line::LIMIT).collect::<String>();
    AttemptResult::Refused { status, said: words.filter(|_| is_chat).map(cut).and_then(line) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        webhook::{of_change, tests::summary},
        wire::{Likelihood, Millis},
    };

    fn words() -> Catalog {
        Catalog::parse("en", include_str!("../../../www/locales/webhooks/en.json")).unwrap()
    }

    fn sent(format: WebhookFormat, news: &News) -> Value {
        let site = "acme".parse().unwrap();
        let place = (&site, "https://chat.example.com/inbox/acme");
        serde_json::from_str(&letter(format, news, &words(), place, at(false))).unwrap()
    }

    fn at(is_late: bool) -> Time<'static> {
        Time { iso_8601: "2026-11-28T05:00:00.000Z", is_late }
    }

    fn news(topic: Topic, about: Matter) -> News {
        News { topic, at: Millis(1), about }
    }

    #[test]
    fn a_program_gets_what_happened_and_how_it_stands() {
        let opened = &of_change(None, &summary())[0];
        let sent = sent(WebhookFormat::Standard, opened);
        assert_eq!(sent["type"], "conversation.opened");
        assert_eq!(sent["timestamp"], "2026-11-28T05:00:00.000Z");
        assert_eq!(sent["data"]["site"], "acme");
        let id = "07".repeat(16);
        assert_eq!(sent["data"]["url"], format!("https://chat.example.com/inbox/acme#talk/{id}"));
        assert_eq!(sent["data"]["conversation"]["id"], id);
        assert_eq!(sent["data"]["conversation"]["priority"], "urgent");
        assert_eq!(sent["data"]["conversation"]["reasons"], json!(["crisis"]));
        assert!(!sent.to_string().contains("SECRET"), "{sent}");
    }

    #[test]
    fn each_chat_gets_a_sentence_in_its_own_form() {
        let opened = &of_change(None, &summary())[0];
        let text = |format, pointer: &str| {
            sent(format, opened).pointer(pointer).and_then(Value::as_str).map(ToOwned::to_owned)
        };
        let said = text(WebhookFormat::Slack, "/text").unwrap();
        assert!(said.starts_with("Deskbell, acme: Urgent"), "{said}");
        assert!(said.ends_with("/inbox/acme#talk/07070707070707070707070707070707"), "{said}");
        for (format, pointer) in [
            (WebhookFormat::Discord, "/content"),
            (WebhookFormat::Lark, "/content/text"),
            (WebhookFormat::DingTalk, "/text/content"),
        ] {
            assert_eq!(text(format, pointer).as_ref(), Some(&said), "{format:?}");
        }
        let card =
            |pointer: &str| text(WebhookFormat::Teams, &format!("/attachments/0/content/{pointer}")).unwrap();
        let (sentence, url) = (card("body/0/text"), card("actions/0/url"));
        assert_eq!(format!("{sentence}\n{url}"), said);
        assert_eq!(card("actions/0/title"), "Open in Deskbell");
    }

    #[test]
    fn what_comes_late_tells_a_chat_when_it_was() {
        let opened = &of_change(None, &summary())[0];
        let (site, inbox) = ("acme".parse().unwrap(), "https://chat.example.com/inbox/acme");
        let text = letter(WebhookFormat::Slack, opened, &words(), (&site, inbox), at(true));
        assert!(text.starts_with(r#"{"text":"Deskbell, acme, 2026-11-28 05:00 UTC: Urgent"#), "{text}");
    }

    #[test]
    fn there_is_a_sentence_for_everything() {
        let words = words();
        let talk = || Matter::Conversation((&summary()).into());
        let mut all =
            vec![news(Topic::Appealed, Matter::Appeal { number: 3 }), news(Topic::Test, Matter::Nothing)];
        all.push(news(Topic::Erased, Matter::Erased { id: summary().conversation }));
        all.extend(
            Topic::ALL.into_iter().filter(|t| t.name().starts_with("conversation")).map(|t| news(t, talk())),
        );
        for likelihood in Likelihood::all() {
            let standing = Standing { recommends: Some(likelihood), ..(&summary()).into() };
            all.push(news(Topic::Recommended, Matter::Conversation(standing)));
        }
        for kind in [AlertKind::Attack, AlertKind::GuardDown, AlertKind::TurnstileDown] {
            let alert = || Matter::Alert(Raised { kind, since: Some(Millis(1)) });
            all.extend([Topic::AlertBegan, Topic::AlertEnded].map(|topic| news(topic, alert())));
        }
        for news in all {
            assert_ne!(words.text(key(&news)), key(&news), "{news:?}");
        }
    }

    #[test]
    fn a_chat_that_refuses_politely_has_refused() {
        use AttemptResult as R;
        use WebhookFormat as F;
        let line = |text: &str| Some(Line::new(text).unwrap());
        let cases = [
            (F::Standard, 204, "", R::Taken { status: 204 }),
            (F::Standard, 500, "a page of theirs", R::Refused { status: 500, said: None }),
            (F::Standard, 302, "", R::Refused { status: 302, said: None }),
            (F::Slack, 200, "ok", R::Taken { status: 200 }),
            (F::Slack, 404, "no_service", R::Refused { status: 404, said: line("no_service") }),
            (F::Lark, 200, r#"{"code":0,"msg":"success"}"#, R::Taken { status: 200 }),
            (
                F::Lark,
                200,
                r#"{"code":19024,"msg":"Key Words Not Found"}"#,
                R::Refused { status: 200, said: line("Key Words Not Found") },
            ),
            (
                F::DingTalk,
                200,
                r#"{"errcode":310000,"errmsg":"keywords not in content"}"#,
                R::Refused { status: 200, said: line("keywords not in content") },
            ),
            (F::DingTalk, 200, "<html>", R::Taken { status: 200 }),
            (F::Discord, 400, "a\n b\u{0}c", R::Refused { status: 400, said: line("a bc") }),
        ];
        for (format, status, body, expected) in cases {
            assert_eq!(answered(format, status, body), expected, "{body}");
        }
        let long = answered(F::Slack, 400, &"长".repeat(5_000));
        assert!(matches!(long, R::Refused { said: Some(_), .. }), "{long:?}");
    }
}
