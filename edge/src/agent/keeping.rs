//! What is kept of talks: as a file to take along, for how long, and not at all any more.

use deskbell_shared::wire::{ConversationId, ProblemKind, Retention, Role, SiteId, TalkRecord};

use super::session::{Authority, operator_or};
use crate::{
    conversation::{
        self,
        calls::{Erase, ListNotes, Read, Summarise, WhoIsIt},
    },
    desk::calls::{Forget, GetRetention, PutRetention},
    platform::object::{ask, ask_text},
    refusal::Outcome,
    reply::Reply,
    site::{note, view},
    visit::Visit,
};

/// `GET /v1/sites/{site}/conversations/{id}`: all there is of a conversation, as a file.
pub(crate) async fn record(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Viewer, Authority::ToRead).await?;
    let object = conversation::object(&visit.env, site, id)?;
    let (summary, notes) = (ask(&object, &Summarise {}).await?, ask(&object, &ListNotes {}).await?);
    let mut record = TalkRecord { summary, messages: Vec::new(), notes };
    loop {
        let after = record.messages.last().map_or(0, |message| message.seq);
        let page = ask(&object, &Read { after }).await?;
        let ends = !page.more || page.messages.is_empty();
        record.messages.extend(page.messages);
        if ends {
            break;
        }
    }
    let file = format!("attachment; filename=\"{site}-{id}.json\"");
    Ok(Reply::json(&record)?.with("Content-Disposition", file))
}

/// `DELETE /v1/sites/{site}/conversations/{id}`: erases a conversation, everywhere and for good.
pub(crate) async fn erase(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    view(visit, site).await?;
    let object = conversation::object(&visit.env, site, id)?;
    if let Err(refusal) = ask(&object, &WhoIsIt {}).await {
        let is_unknown = refusal.problem().kind == ProblemKind::ConversationUnknown;
        // What the list alone still has goes from there.
        let forget = Forget { conversation: id, at: visit.now };
        if !is_unknown || !ask(&visit.desk_object(site)?, &forget).await? {
            return Err(refusal);
        }
    }
    // The record first: nothing is erased that nobody can be asked about.
    note(visit, site, by, "erase", id.to_string()).await?;
    ask(&object, &Erase { site: site.clone(), conversation: id, quiet_since: None }).await?;
    Ok(Reply::status(204))
}

/// `GET /v1/sites/{site}/retention`.
pub(crate) async fn retention(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    // A desk keeps tables from the first time it is asked anything: a name that somebody made up is given none.
    view(visit, site).await?;
    Ok(Reply::json_text(ask_text(&visit.desk_object(site)?, &GetRetention {}).await?))
}

/// `PUT /v1/sites/{site}/retention`: what is older than that is erased from now on.
pub(crate) async fn put_retention(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    let retention: Retention = visit.json().await?;
    let detail = retention.days.map_or_else(|| "none".to_owned(), |days| format!("{} days", days.get()));
    note(visit, site, by, "retention", detail).await?;
    ask(&visit.desk_object(site)?, &PutRetention { site: site.clone(), retention }).await?;
    Reply::json(&retention)
}
