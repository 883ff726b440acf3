//! What is done to the site's channels, with its entry in the record.

use super::SiteDo;
use crate::{
    platform::now,
    refusal::Outcome,
    site::{
        calls::{DropChannel, PutChannel, RenewChannelKey},
        channels::{ChannelBook, KeptChannel},
    },
};

impl SiteDo {
    pub(super) fn put_channel(
        &self,
        PutChannel { id, request, by }: PutChannel,
    ) -> Outcome<Vec<KeptChannel>> {
        let answers = match request.answers {
            Some(true) => ", answers from the FAQ",
            Some(false) => ", answers nothing by itself",
            None => "",
        };
        let detail = format!("{id}: {}{answers}", request.name);
        self.change_channels(&by, "channel", &detail, |book| book.put(id, request, now()))
    }

    pub(super) fn drop_channel(&self, DropChannel { id, by }: &DropChannel) -> Outcome<Vec<KeptChannel>> {
        self.change_channels(by, "channel-removed", id.as_str(), |book| book.remove(id))
    }

    pub(super) fn renew_channel_key(
        &self,
        RenewChannelKey { id, by }: &RenewChannelKey,
    ) -> Outcome<Vec<KeptChannel>> {
        self.change_channels(by, "channel-key", id.as_str(), |book| book.renew(id, now()))
    }

    fn change_channels(
        &self,
        by: &str,
        what: &str,
        detail: &str,
        change: impl FnOnce(&ChannelBook<'_>) -> Outcome<()>,
    ) -> Outcome<Vec<KeptChannel>> {
        self.exists()?;
        self.sql.atomically(|| {
            let book = ChannelBook(&self.sql);
            change(&book)?;
            self.record(by, what, detail)?;
            book.list()
        })
    }
}
