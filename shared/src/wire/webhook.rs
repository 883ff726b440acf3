//! Webhooks: where other programs, and a team's own chat, hear of what happens at a site.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use thiserror::Error;

use super::{ConversationId, LanguageTag, Line, MAX_SUBJECTS, Millis, Subject, WebhookId};

/// The most webhooks of a site.
pub const MAX_WEBHOOKS: usize = 10;

/// Where a webhook is sent: `https://`, a host with a name, at most 2,000 characters of printable ASCII.
///
/// A host that is an address, or a name that only a local network knows, is none: what the edge sends must not reach what
/// only its own surroundings can. `http://localhost` is one for development; a deployment refuses it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebhookUrl(String);

/// Not an address that webhooks are sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WebhookUrlError {
    /// Not `https`.
    #[error("a webhook's address begins with https://")]
    NotHttps,
    /// Too long, or with characters that addresses do not have.
    #[error(
        "a webhook's address has 2000 characters at most, without blanks; others than ASCII are percent-encoded"
    )]
    Characters,
    /// No name that everybody's DNS knows.
    #[error("a webhook's host is a public name such as hooks.example.com, not an IP address or a local name")]
    Host,
    /// A name and a password in front of the host.
    #[error("a webhook's address has no name and password in front of its host")]
    Credentials,
    /// Not a port.
    #[error("a webhook's port is a number from 1 to 65535")]
    Port,
}

/// The ends of names that no public DNS has, or that lead back to the machine itself: RFC 6761, RFC 6762, RFC 8375 and the
/// names that clouds give their own machines.
const LOCAL_ENDS: [&str; 7] = ["localhost", "local", "internal", "home.arpa", "lan", "intranet", "test"];

impl WebhookUrl {
    /// The most characters one may have.
    pub const MAX_CHARS: usize = 2_000;

    /// The address as text. It may hold a secret, as those of chats do.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, and the port where it is not the scheme's own: this can be shown to anybody.
    pub fn host(&self) -> &str {
        let (_, rest) = self.0.split_once("://").unwrap_or_default();
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }

    /// Whether it is on the machine itself, as in development.
    pub fn is_local(&self) -> bool {
        self.0.starts_with("http://")
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookUrl({}/…)", self.host())
    }
}

impl FromStr for WebhookUrl {
    type Err = WebhookUrlError;
    fn from_str(text: &str) -> Result<Self, WebhookUrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(WebhookUrlError::NotHttps)?;
        let plain = |c: u8| c.is_ascii_graphic() && !matches!(c, b'\\' | b'"' | b'<' | b'>' | b'`');
        if text.len() > Self::MAX_CHARS || !rest.bytes().all(plain) {
            return Err(WebhookUrlError::Characters);
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(WebhookUrlError::Credentials);
        }
        let (host, port) =
            authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
        let of_port = |port: &str| !port.starts_with(['0', '+']) && port.parse::<u16>().is_ok();
        let names_its_host = match scheme {
            "https" => is_public(&host.to_ascii_lowercase()),
            "http" => host == "localhost",
            _ => return Err(WebhookUrlError::NotHttps),
        };
        if !names_its_host {
            return Err(if scheme == "http" { WebhookUrlError::NotHttps } else { WebhookUrlError::Host });
        }
        if !port.is_none_or(of_port) {
            return Err(WebhookUrlError::Port);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Whether a host is a name of the public DNS. What a browser would read as an IPv4 address ends in a number, in whatever
/// way it is written (URL Standard, "ends in a number checker"); no public name does.
fn is_public(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let of_label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-' || c == b'_')
    };
    let is_local =
        LOCAL_ENDS.iter().any(|end| host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')));
    labels.len() > 1
        && host.len() <= 253
        && labels.iter().all(of_label)
        && labels.last().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_lowercase()))
        && !is_local
}

impl TryFrom<String> for WebhookUrl {
    type Error = WebhookUrlError;
    fn try_from(text: String) -> Result<Self, WebhookUrlError> {
        text.parse()
    }
}

impl From<WebhookUrl> for String {
    fn from(url: WebhookUrl) -> String {
        url.0
    }
}

/// What a webhook can tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Topic {
    /// A visitor was handed over.
    #[serde(rename = "conversation.opened")]
    Opened,
    /// A visitor wrote, and waits for an answer again.
    #[serde(rename = "conversation.waiting")]
    Waiting,
    /// A person answered whoever was waiting.
    #[serde(rename = "conversation.replied")]
    Replied,
    /// Somebody looks after it, another than before, or nobody any more.
    #[serde(rename = "conversation.assigned")]
    Assigned,
    /// A person closed it.
    #[serde(rename = "conversation.closed")]
    Closed,
    /// The visitor wrote after it was closed.
    #[serde(rename = "conversation.reopened")]
    Reopened,
    /// The visitor said how it was.
    #[serde(rename = "conversation.rated")]
    Rated,
    /// The visitor said how likely they are to recommend the site.
    #[serde(rename = "conversation.recommended")]
    Recommended,
    /// A person, or the FAQ, said something that a channel has to carry.
    #[serde(rename = "conversation.outgoing")]
    Outgoing,
    /// Nothing of it is left.
    #[serde(rename = "conversation.erased")]
    Erased,
    /// A visitor speaks against a ban.
    #[serde(rename = "appeal.filed")]
    Appealed,
    /// Something about the guard that people should know now.
    #[serde(rename = "alert.began")]
    AlertBegan,
    /// That is over.
    #[serde(rename = "alert.ended")]
    AlertEnded,
    /// Nothing: somebody tries whether it arrives.
    #[serde(rename = "test")]
    Test,
}

impl Topic {
    /// Those that can be asked for.
    pub const ALL: [Self; 13] = [
        Self::Opened,
        Self::Waiting,
        Self::Replied,
        Self::Assigned,
        Self::Closed,
        Self::Reopened,
        Self::Rated,
        Self::Recommended,
        Self::Outgoing,
        Self::Erased,
        Self::Appealed,
        Self::AlertBegan,
        Self::AlertEnded,
    ];

    /// Its name, as it stands in what is sent.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "conversation.opened",
            Self::Waiting => "conversation.waiting",
            Self::Replied => "conversation.replied",
            Self::Assigned => "conversation.assigned",
            Self::Closed => "conversation.closed",
            Self::Reopened => "conversation.reopened",
            Self::Rated => "conversation.rated",
            Self::Recommended => "conversation.recommended",
            Self::Outgoing => "conversation.outgoing",
            Self::Erased => "conversation.erased",
            Self::Appealed => "appeal.filed",
            Self::AlertBegan => "alert.began",
            Self::AlertEnded => "alert.ended",
            Self::Test => "test",
        }
    }
}

/// In what form a webhook is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookFormat {
    /// JSON for a program, signed as [Standard Webhooks](https://www.standardwebhooks.com) has it.
    #[default]
    Standard,
    /// A sentence for a Slack channel; Google Chat, Mattermost and Rocket.Chat take the same.
    Slack,
    /// A sentence for a Discord channel.
    Discord,
    /// A sentence for a channel of Microsoft Teams, through a workflow.
    Teams,
    /// A sentence for a Feishu or Lark group.
    Lark,
    /// A sentence for a DingTalk group; WeCom takes the same.
    DingTalk,
}

/// `PUT /v1/sites/{site}/webhooks/{id}`: makes a webhook, or changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRequest {
    /// Where it is sent.
    pub url: WebhookUrl,
    /// In what form.
    #[serde(default)]
    pub format: WebhookFormat,
    /// The language of its sentences, for those that have some.
    pub language: LanguageTag,
    /// Of what it tells; never empty.
    #[serde(deserialize_with = "topics")]
    pub topics: Vec<Topic>,
    /// Of talks about which subjects alone it tells, at most [`MAX_SUBJECTS`]; none for all. What is about no talk it tells all
    /// the same.
    #[serde(default, deserialize_with = "few")]
    pub subjects: Vec<Subject>,
    /// Whether it is sent at all.
    pub on: bool,
}

/// Topics that can be asked for, each once, at least one.
fn topics<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Topic>, D::Error> {
    let asked = Vec::<Topic>::deserialize(from)?;
    let topics: Vec<_> = Topic::ALL.into_iter().filter(|topic| asked.contains(topic)).collect();
    if topics.is_empty() || asked.contains(&Topic::Test) {
        return Err(D::Error::custom("a webhook tells of one thing at least, and of nothing called test"));
    }
    Ok(topics)
}

fn few<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Subject>, D::Error> {
    let subjects = Vec::<Subject>::deserialize(from)?;
    if subjects.len() > MAX_SUBJECTS {
        return Err(D::Error::custom(format_args!("subjects: {MAX_SUBJECTS} at most")));
    }
    Ok(subjects)
}

/// A webhook, and how it fares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// For changing it.
    pub id: WebhookId,
    /// What was asked for.
    #[serde(flatten)]
    pub set: WebhookRequest,
    /// Why nothing is sent any more although nobody turned it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    /// Since when nothing has arrived; `None` while all does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Millis>,
}

/// Why nothing is sent any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// The other side says that nobody is there any more: 410.
    Gone,
    /// Nothing has arrived for days.
    Failing,
}

/// `GET /v1/sites/{site}/webhooks`; also the answer to what changes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhooks {
    /// The oldest first.
    pub webhooks: Vec<Webhook>,
}

/// `GET /v1/sites/{site}/webhooks/{id}/secret`, and `POST` for a new one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSecret {
    /// With what the other side tells that it was Deskbell: `whsec_` and base64.
    pub secret: String,
}

/// `GET /v1/sites/{site}/webhooks/{id}/deliveries`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliveries {
    /// The latest 50, the latest first.
    pub deliveries: Vec<Delivery>,
}

/// Something that a webhook tells of, and what has come of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// For sending it again.
    pub number: u64,
    /// What it tells of.
    pub topic: Topic,
    /// The conversation whose standing it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// When.
    pub at: Millis,
    /// How often it was tried.
    pub attempts: u32,
    /// What came of the last try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Attempt>,
    /// When it is tried next; `None` when it has arrived or is given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Millis>,
}

/// One try; also the answer to `POST /v1/sites/{site}/webhooks/{id}/test`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When.
    pub at: Millis,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What came of it.
    pub result: AttemptResult,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptResult {
    /// It arrived.
    Taken {
        /// The status it was answered with: 200 to 299.
        status: u16,
    },
    /// The other side did not want it.
    Refused {
        /// The status it was answered with. Some chats answer 200 and refuse in what they say.
        status: u16,
        /// What the other side said, as far as chats say it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<Line>,
    },
    /// There was no answer in time.
    Late,
    /// Nobody could be reached.
    Unreachable,
}

impl AttemptResult {
    /// Whether it is this letter that was not wanted, so that another one may be: its content was found wrong, or the other
    /// side failed over it. What says that nobody may come in, is there or has time is about all letters.
    pub const fn is_about_the_letter(&self) -> bool {
        matches!(self, Self::Refused { status: 400 | 406 | 409 | 411..=417 | 422 | 431 | 500 | 501, .. })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_names_a_public_host() {
        for good in [
            "https://hooks.example.com/services/T0/B0/x",
            "https://example.com",
            "https://Hooks.Example.com/T",
            "https://example.com:8443/a?b=c#d",
            "https://xn--fiq228c.example/%E4%B8%AD",
            "http://localhost:9000/hook",
        ] {
            assert_eq!(good.parse::<WebhookUrl>().map(String::from).as_deref(), Ok(good));
        }
        use WebhookUrlError as E;
        let cases = [
            ("ftp://example.com", E::NotHttps),
            ("http://example.com/", E::NotHttps),
            ("example.com", E::NotHttps),
            ("", E::NotHttps),
            ("https://example.com/a b", E::Characters),
            ("https://example.com\\@evil.example", E::Characters),
            ("https://例子.example", E::Characters),
            ("https://me:secret@example.com/", E::Credentials),
            ("https://127.0.0.1/", E::Host),
            ("https://0x7f.1/", E::Host),
            ("https://example.0x7f000001/", E::Host),
            ("https://2130706433/", E::Host),
            ("https://[::1]/", E::Host),
            ("https://localhost/", E::Host),
            ("https://db.internal/", E::Host),
            ("https://a.home.arpa/", E::Host),
            ("https://printer.local/", E::Host),
            ("https://example.com./", E::Host),
            ("https://.example.com/", E::Host),
            ("https:///x", E::Host),
            ("https://example.com:0/", E::Port),
            ("https://example.com:65536/", E::Port),
            ("https://example.com:/", E::Port),
            ("https://example.com:+80/", E::Port),
        ];
        for (bad, why) in cases {
            assert_eq!(bad.parse::<WebhookUrl>(), Err(why), "{bad}");
        }
        let long = format!("https://example.com/{}", "x".repeat(WebhookUrl::MAX_CHARS));
        assert_eq!(long.parse::<WebhookUrl>(), Err(E::Characters));
    }

    #[test]
    fn what_may_be_a_secret_is_in_no_log() -> Result<(), WebhookUrlError> {
        let url: WebhookUrl = "https://hooks.example.com:8443/services/secret".parse()?;
        assert_eq!(url.host(), "hooks.example.com:8443");
        assert_eq!(format!("{url:?}"), "WebhookUrl(hooks.example.com:8443/…)");
        Ok(())
    }

    #[test]
    fn topics_are_named_as_they_are_sent_and_each_stands_once() {
        for topic in Topic::ALL {
            assert_eq!(serde_json::to_string(&topic).ok(), Some(format!("\"{}\"", topic.name())));
        }
        let read = |topics: &str| {
            let text =
                format!(r#"{{"url":"https://example.com","language":"en","on":true,"topics":{topics}}}"#);
            serde_json::from_str::<WebhookRequest>(&text).ok().map(|request| request.topics)
        };
        let twice = r#"["conversation.closed","conversation.opened","conversation.closed"]"#;
        assert_eq!(read(twice), Some(vec![Topic::Opened, Topic::Closed]));
        for wrong in ["[]", r#"["test"]"#, r#"["conversation.opened","test"]"#, r#"["nothing"]"#] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic_and_what_is_taken_stays_as_it_is(text in ".{0,80}") {
            if let Ok(url) = text.parse::<WebhookUrl>() {
                prop_assert_eq!(url.as_str(), text);
            }
        }

        #[test]
        fn no_number_is_a_host(host in "(0x)?[0-9a-f]{1,10}(\\.(0x)?[0-9a-f]{1,4}){0,3}\\.[0-9]{1,3}") {
            let address = format!("https://{host}/");
            prop_assert_eq!(address.parse::<WebhookUrl>(), Err(WebhookUrlError::Host));
        }
    }
}
