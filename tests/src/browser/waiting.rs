//! What a person waits for on a page: each fails the test when it does not come.

use std::panic::Location;

use super::{
    By, Person,
    person::{NotYet, contains, one},
};

impl Person {
    /// Waits until there is none of it.
    #[track_caller]
    pub fn wait_until_gone(&self, by: By) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            self.keep_trying(at, &format!("see {by} go"), async || {
                match self.read().await?.find(&by).is_empty() {
                    true => Ok(()),
                    false => Err(NotYet::Present),
                }
            })
            .await;
        }
    }

    /// Waits until the page shows this text. Space is not compared: how words are wrapped is the page's affair.
    /// What somebody has typed into a field does not count.
    #[track_caller]
    pub fn wait_for_text(&self, text: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            self.keep_trying(at, &format!("read “{text}”"), async || {
                contains(&self.read().await?.text(), text).then_some(()).ok_or(NotYet::Absent)
            })
            .await;
        }
    }

    /// Waits until something shows this text: a list of messages, a notice.
    #[track_caller]
    pub fn wait_for_text_in(&self, by: By, text: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            self.keep_trying(at, &format!("read “{text}” in {by}"), async || {
                let found = self.read().await?.find(&by);
                found.iter().any(|element| contains(&element.text, text)).then_some(()).ok_or(NotYet::Absent)
            })
            .await;
        }
    }

    /// Waits until the page does not show this text any more, for as long as a countdown of the widget's may take.
    #[track_caller]
    pub fn wait_until_unread(&self, text: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            self.keep_trying(at, &format!("see “{text}” go"), async || {
                match contains(&self.read().await?.text(), text) {
                    true => Err(NotYet::Present),
                    false => Ok(()),
                }
            })
            .await;
        }
    }

    /// Waits until a field holds exactly this.
    #[track_caller]
    pub fn wait_for_value(&self, field: By, value: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            self.keep_trying(at, &format!("see “{value}” in {field}"), async || {
                let holds = one(self.read().await?.find(&field))?.value;
                if holds == value { Ok(()) } else { Err(NotYet::Holds(holds)) }
            })
            .await;
        }
    }
}
