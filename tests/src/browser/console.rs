//! What a page says in its console: messages, exceptions, and what Chromium itself reports.

use std::fmt;

use chromiumoxide::{
    Page,
    cdp::{
        browser_protocol::log::EventEntryAdded,
        js_protocol::runtime::{EventConsoleApiCalled, EventExceptionThrown, RemoteObject},
    },
    error::CdpError,
};
use serde_json::Value;
use tokio::runtime::Handle;

use super::record::Kept;

/// A line of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// `log`, `info`, `warning`, `error`, …; `exception` for one that nobody caught.
    pub level: String,
    /// What it says; for an exception, with its stack.
    pub text: String,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.level, self.text)
    }
}

pub(super) struct Console {
    messages: Kept<EventConsoleApiCalled>,
    exceptions: Kept<EventExceptionThrown>,
    /// Requests that failed, policies that were broken, and the like.
    reports: Kept<EventEntryAdded>,
}

impl Console {
    pub(super) async fn listen(page: &Page, runtime: &Handle) -> Result<Self, CdpError> {
        Ok(Self {
            messages: Kept::listen(page, runtime).await?,
            exceptions: Kept::listen(page, runtime).await?,
            reports: Kept::listen(page, runtime).await?,
        })
    }

    /// Everything said so far, in order.
    pub(super) fn lines(&self) -> Vec<Said> {
        let messages = self.messages.all().into_iter().map(|message| {
            let text = message.args.iter().map(shown).collect::<Vec<_>>().join(" ");
            (*message.timestamp.inner(), Said { level: message.r#type.as_ref().to_owned(), text })
        });
        let exceptions = self.exceptions.all().into_iter().map(|thrown| {
            let details = &thrown.exception_details;
            let stack = details.exception.as_ref().and_then(|object| object.description.clone());
            let text = stack.unwrap_or_else(|| details.text.clone());
            (*thrown.timestamp.inner(), Said { level: "exception".to_owned(), text })
        });
        let reports = self.reports.all().into_iter().map(|report| {
            let entry = &report.entry;
            let text = match &entry.url {
                Some(url) => format!("{} ({url})", entry.text),
                None => entry.text.clone(),
            };
            (*entry.timestamp.inner(), Said { level: entry.level.as_ref().to_owned(), text })
        });
        let mut lines: Vec<(f64, Said)> = messages.chain(exceptions).chain(reports).collect();
        lines.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        lines.into_iter().map(|(_, said)| said).collect()
    }
}

fn shown(object: &RemoteObject) -> String {
    match (&object.value, &object.description) {
        (Some(Value::String(text)), _) => text.clone(),
        (Some(value), _) => value.to_string(),
        (None, Some(description)) => description.clone(),
        (None, None) => object.r#type.as_ref().to_owned(),
    }
}
