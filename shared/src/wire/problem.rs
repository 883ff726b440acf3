use serde::{Deserialize, Serialize};

use super::{Challenge, Millis};
use crate::guard::signal::Signal;

/// A refusal as an RFC 9457 problem document (`application/problem+json`).
///
/// `type` is stable and is what programs and translations go by; `detail` is English for whoever reads the
/// network panel. Nothing internal is ever in here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind of refusal, as a relative reference that the edge explains: `/problems/throttled`.
    #[serde(rename = "type")]
    pub kind: ProblemKind,
    /// The kind in a few English words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong this time, and what to do, in English.
    pub detail: String,
    /// Seconds after which the same request can succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
    /// For a ban: when it ends; `None` until an agent lifts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// For a ban: what the agent wrote for the visitor; `None` when nobody did, and `signals` say why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the guard goes by, the heaviest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
    /// The puzzle that helps: whoever sends its solution along is let through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
    /// For an FAQ that could not be published: every fault found, in the order of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<SourceFault>,
}

/// A fault in a file that a site's owner wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFault {
    /// The file's name, as it was given.
    pub file: String,
    /// The line, from 1; 0 when the fault is of the whole file.
    pub line: usize,
    /// What is wrong.
    pub fault: String,
    /// What to do about it.
    pub remedy: String,
}

/// Declares every kind of refusal once: its name on the wire, its status, its title and its explanation.
macro_rules! problems {
    ($($kind:ident $slug:literal $status:literal $title:literal $help:literal;)*) => {
        /// The kinds of refusal there are. The explanation of each is served at its `type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemKind {$(
            #[doc = $help]
            #[serde(rename = $slug)]
            $kind,
        )*}

        impl ProblemKind {
            /// All of them, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The `type` on the wire.
            pub const fn slug(self) -> &'static str {
                match self {$(Self::$kind => $slug,)*}
            }

            /// The HTTP status.
            pub const fn status(self) -> u16 {
                match self {$(Self::$kind => $status,)*}
            }

            /// The kind in a few English words.
            pub const fn title(self) -> &'static str {
                match self {$(Self::$kind => $title,)*}
            }

            /// What it means and what helps, in English.
            pub const fn help(self) -> &'static str {
                match self {$(Self::$kind => $help,)*}
            }
        }
    };
}

problems! {
    Malformed "/problems/malformed" 400 "Not understood"
        "The request could not be read. The detail names the first thing that was wrong.";
    SignInNeeded "/problems/sign-in-needed" 401 "Sign-in needed"
        "There is no session, or it has ended. A visitor's widget gets a new one by itself; an agent signs in again.";
    SignInWrong "/problems/sign-in-wrong" 401 "E-mail or password wrong"
        "No person of this site signs in with that e-mail address and password.";
    SecondFactorNeeded "/problems/second-factor-needed" 401 "Second factor needed"
        "The password is right. Send the same again with 'code': what the person's authenticator app shows, or a recovery code.";
    SecondFactorWrong "/problems/second-factor-wrong" 401 "Code wrong"
        "That is not the code, or it has been used: each works once. An app shows a new one every thirty seconds, by its phone's clock.";
    PasskeyNeeded "/problems/passkey-needed" 401 "Passkey needed"
        "The password is right, and is not enough: the site demands a second factor, and this person's is a passkey. It signs in without a password.";
    PasskeyWrong "/problems/passkey-wrong" 401 "Passkey not taken"
        "Nobody here has this passkey, or it answered to something else or too late. Asking once more makes a new challenge.";
    CredentialWrong "/problems/credential-wrong" 403 "Password or code wrong"
        "Whoever is signed in could not prove once more who they are. The session is good, and nothing was changed.";
    SecondFactorDue "/problems/second-factor-due" 403 "Second factor to be set up first"
        "The site demands a second factor of everybody, and this person has none yet. Nothing else works until it is set up.";
    NotAllowed "/problems/not-allowed" 403 "Not allowed"
        "The session is good, but it does not allow this.";
    OriginNotAllowed "/problems/origin-not-allowed" 403 "This page may not use the chat"
        "The page's origin is not in the site's list. Its owner adds it, exactly as the browser shows it: scheme, host and port.";
    Banned "/problems/banned" 403 "Stopped for now"
        "This visitor or address was stopped, by an agent ('reason') or by the guard ('signals'). The answers of the FAQ keep working; 'until' says when it ends, and the widget takes an appeal.";
    ChallengeNeeded "/problems/challenge-needed" 403 "A puzzle first"
        "The browser has to solve a small puzzle ('challenge') first. The widget does so by itself, and sends the solution along.";
    WordsBlocked "/problems/words-blocked" 422 "These words are not taken here"
        "The site takes no messages with one of these words or addresses. Said in other words it is taken.";
    RulesInvalid "/problems/rules-invalid" 422 "Rules that would lock out too many"
        "Nothing was changed. The detail says which rule, and whom it would have stopped.";
    NotFound "/problems/not-found" 404 "Not found"
        "There is nothing at this address.";
    SiteUnknown "/problems/site-unknown" 404 "No such site"
        "No site has this name. It is the 'data-site' of the script tag.";
    ConversationUnknown "/problems/conversation-unknown" 404 "No such conversation"
        "The conversation does not exist, or has been erased.";
    MethodNotAllowed "/problems/method-not-allowed" 405 "Method not allowed"
        "The address exists, but not for this method.";
    Conflict "/problems/conflict" 409 "Already there"
        "The request contradicts what is stored, such as a message id used for other words.";
    TooLarge "/problems/too-large" 413 "Too large"
        "The body or frame is larger than the limit named in the detail.";
    UnsupportedMedia "/problems/unsupported-media" 415 "Unknown format"
        "The Content-Type is not one this address takes.";
    FaqInvalid "/problems/faq-invalid" 422 "The FAQ has faults"
        "Nothing was published and the FAQ in force stays. 'faults' lists every fault with its line and remedy.";
    Throttled "/problems/throttled" 429 "Too fast"
        "Too much came in too short a time. It works again after 'retry_after_s' seconds; nothing was stored.";
    Unavailable "/problems/unavailable" 503 "Not available now"
        "Something failed on our side. Trying again is safe.";
}

impl Problem {
    /// A refusal of this kind, with what was wrong this time.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: detail.into(),
            retry_after_s: None,
            until: None,
            reason: None,
            signals: Vec::new(),
            challenge: None,
            faults: Vec::new(),
        }
    }

    /// Too fast: the same request can succeed `retry_after_ms` from now, not earlier.
    pub fn throttled(detail: impl Into<String>, retry_after_ms: u64) -> Self {
        Self {
            retry_after_s: Some(retry_after_ms.div_ceil(1000)),
            ..Self::new(ProblemKind::Throttled, detail)
        }
    }

    /// Stopped: by an agent, who wrote `reason` for the visitor, or by the guard, because of `signals`.
    pub fn banned(reason: Option<String>, signals: Vec<Signal>, until: Option<Millis>, now: Millis) -> Self {
        Self {
            reason,
            signals,
            until,
            retry_after_s: until.map(|until| until.since(now).div_ceil(1000)),
            ..Self::new(ProblemKind::Banned, "This visitor was stopped. The FAQ keeps working.")
        }
    }

    /// A puzzle first.
    pub fn challenged(challenge: Challenge, signals: Vec<Signal>) -> Self {
        let detail = "Solve the challenge and send the solution along: X-Deskbell-Proof, or a prove frame.";
        Self { signals, challenge: Some(challenge), ..Self::new(ProblemKind::ChallengeNeeded, detail) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_the_shape_of_rfc_9457() {
        let json = serde_json::to_value(Problem::throttled("slow down", 1_001)).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "type": "/problems/throttled",
                "title": "Too fast",
                "status": 429,
                "detail": "slow down",
                "retry_after_s": 2,
            })
        );
    }

    #[test]
    fn every_kind_has_its_own_slug() {
        let mut slugs: Vec<_> = ProblemKind::ALL.iter().map(|kind| kind.slug()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), ProblemKind::ALL.len());
    }
}
