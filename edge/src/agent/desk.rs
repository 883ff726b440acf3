//! The agents' desk: the socket over which the list of conversations stays up to date, looking through all of them, closing
//! one, and taking that back.

use deskbell_shared::wire::{
    ConversationId, MAX_SEARCH, ProblemKind, ReportRequest, Role, Routing, Sheet, SiteId,
};

use super::session::{Authority, agent, agent_opening, operator_or};
use crate::{
    conversation::{
        self,
        calls::{Close, Reopen},
    },
    desk::calls::{CountService, DeskTicket, GetRouting, PutRouting, Search},
    platform::object::{ask, ask_text, upgrade},
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::{calls::Place, note, origin, view},
    talk::ticket_query,
    visit::Visit,
};

/// `POST /v1/sites/{site}/desk/ticket`.
pub(crate) async fn ticket(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, session) = agent_opening(visit, site, Role::Viewer, Place::Desk).await?;
    let may_answer = person.role >= Role::Agent;
    let call = DeskTicket { person: person.email, name: person.name, session, may_answer };
    Ok(Reply::json_text(ask_text(&visit.desk_object(site)?, &call).await?))
}

/// `GET /v1/sites/{site}/desk/socket?ticket=`.
pub(crate) async fn socket(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let query = ticket_query(visit)?;
    origin::check_own(visit.header("Origin").as_deref(), visit.own_origin())?;
    // A desk keeps tables from the first time it is asked anything: a name that somebody made up is given none.
    view(visit, site).await?;
    Ok(Reply::ready(upgrade(&visit.desk_object(site)?, &query).await?))
}

/// `GET /v1/sites/{site}/figures`. How each person fares is for those who lead them.
pub(crate) async fn figures(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let (person, _) = agent(visit, site, Role::Viewer, Authority::ToRead).await?;
    let request = report_request(visit)?;
    let mut report = ask(&visit.desk_object(site)?, &CountService { request }).await?;
    if person.role < Role::Admin {
        report.people = None;
    }
    Reply::json(&report)
}

/// `GET /v1/sites/{site}/figures/days.csv` and `…/people.csv`: the same, to go on with in a spreadsheet.
pub(crate) async fn sheet(visit: &Visit, site: &SiteId, sheet: Sheet) -> Outcome<Reply> {
    let least = match sheet {
        Sheet::Days => Role::Viewer,
        Sheet::People => Role::Admin,
    };
    agent(visit, site, least, Authority::ToRead).await?;
    let request = report_request(visit)?;
    let report = ask(&visit.desk_object(site)?, &CountService { request }).await?;
    // What is not all has a name that says so, for whoever opens it months later.
    let part = if report.is_partial { "partial-" } else { "" };
    Ok(Reply::text("text/csv; charset=utf-8", report.sheet(sheet, request))
        .with("Content-Disposition", format!("attachment; filename=\"{site}-{part}{}\"", sheet.file())))
}

/// Which days the query asks about: thirty, and days in UTC, unless it says otherwise.
fn report_request(visit: &Visit) -> Outcome<ReportRequest> {
    let (days, offset) = (visit.query("days"), visit.query("utc_offset_minutes"));
    ReportRequest::parse(days.unwrap_or("30"), offset.unwrap_or("0"))
        .map_err(|why| Refusal::new(ProblemKind::Malformed, why.to_string()))
}

/// `GET /v1/sites/{site}/search`: talks in which all of some words occur.
pub(crate) async fn search(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Viewer, Authority::ToRead).await?;
    view(visit, site).await?;
    let words = js_sys::decode_uri_component(visit.query("words").unwrap_or_default());
    let words =
        words.map_err(|_| Refusal::new(ProblemKind::Malformed, "words: escaped as in any address"))?;
    let words = String::from(words);
    if words.chars().count() > MAX_SEARCH {
        let detail = format!("words: {MAX_SEARCH} characters at most");
        return Err(Refusal::new(ProblemKind::Malformed, detail));
    }
    let call = Search { words, before: visit.query("before").map(str::to_owned) };
    Ok(Reply::json_text(ask_text(&visit.desk_object(site)?, &call).await?))
}

/// `GET /v1/sites/{site}/routing`.
pub(crate) async fn routing(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    view(visit, site).await?;
    Ok(Reply::json_text(ask_text(&visit.desk_object(site)?, &GetRouting {}).await?))
}

/// `PUT /v1/sites/{site}/routing`.
pub(crate) async fn put_routing(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    view(visit, site).await?;
    let routing: Routing = visit.json().await?;
    let state = if routing.on { format!("on, {} at once", routing.at_once) } else { "off".to_owned() };
    note(visit, site, by, "routing", state).await?;
    ask(&visit.desk_object(site)?, &PutRouting { site: site.clone(), routing: routing.clone() }).await?;
    Reply::json(&routing)
}

/// `POST /v1/sites/{site}/conversations/{id}/close`: with `seen`, only if its visitor has written nothing after that.
pub(crate) async fn close(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    let (person, _) = agent(visit, site, Role::Agent, Authority::ToChange).await?;
    let seen = visit
        .query("seen")
        .map(|text| text.parse())
        .transpose()
        .map_err(|_| Refusal::new(ProblemKind::Malformed, "seen: a number of a message"))?;
    ask(&conversation::object(&visit.env, site, id)?, &Close { by: person.name, seen }).await?;
    Ok(Reply::status(204))
}

/// `POST /v1/sites/{site}/conversations/{id}/reopen`.
pub(crate) async fn reopen(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    let (person, _) = agent(visit, site, Role::Agent, Authority::ToChange).await?;
    ask(&conversation::object(&visit.env, site, id)?, &Reopen { by: person.name }).await?;
    Ok(Reply::status(204))
}
