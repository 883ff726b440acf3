//! A conversation as both sides use it: tickets, sockets, and messages without a socket.

use deskbell_shared::wire::{ConversationId, ProblemKind, Proof, Role, SayRequest, Seq, SiteId};

use crate::{
    agent::session::{Authority, agent, agent_opening},
    conversation::{
        self,
        calls::{Holder, Read, Say, Speaker, TalkTicket},
    },
    guard::{self, Act},
    platform::object::{ask_text, upgrade},
    refusal::{Outcome, Refusal},
    reply::Reply,
    site::{
        calls::{Person, Place},
        view,
    },
    visit::Visit,
    visitor::session,
};

/// `POST …/ticket`: a ticket for one socket, for the visitor or an agent.
pub(crate) async fn ticket(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    let mut admission = None;
    let call = match visit.bearer() {
        Some(token) => {
            let visitor = session::check(visit, site, id, &token).await?;
            admission = Some(guard::admit(visit, site, Act::Ticket(visitor)).await?);
            let keys = session::keys_of(visit, site, visitor);
            let watch = Some(view(visit, site).await?.watch.clone());
            let holder = Holder { speaker: Speaker::Visitor, session: None, looks_on: false };
            TalkTicket { holder, visitor: Some(keys), watch }
        }
        None => {
            let (person, session) = agent_opening(visit, site, Role::Viewer, Place::Talk(id)).await?;
            let looks_on = person.role < Role::Agent;
            let holder = Holder { speaker: speaker(person), session: Some(session), looks_on };
            TalkTicket { holder, visitor: None, watch: None }
        }
    };
    let ticket = ask_text(&conversation::object(&visit.env, site, id)?, &call).await;
    match admission {
        Some(admission) => {
            Ok(Reply::json_text(admission.stands_for(ticket).await?).with_limits(&admission.limits))
        }
        None => Ok(Reply::json_text(ticket?)),
    }
}

/// `GET …/socket?ticket=`: the socket itself.
pub(crate) async fn socket(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    let query = ticket_query(visit)?;
    Ok(Reply::ready(upgrade(&conversation::object(&visit.env, site, id)?, &query).await?))
}

/// `GET …/messages?after=N`: what was missed.
pub(crate) async fn missed(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    let after = match visit.query("after") {
        None => 0,
        Some(text) => text.parse::<Seq>().map_err(|_| {
            Refusal::new(ProblemKind::Malformed, "after: a sequence number, from 0 for the beginning")
        })?,
    };
    match visit.bearer() {
        Some(token) => drop(session::check(visit, site, id, &token).await?),
        None => drop(agent(visit, site, Role::Viewer, Authority::ToRead).await?),
    }
    Ok(Reply::json_text(ask_text(&conversation::object(&visit.env, site, id)?, &Read { after }).await?))
}

/// `POST …/messages`: says something where a socket cannot be had.
pub(crate) async fn say(visit: &Visit, site: &SiteId, id: ConversationId) -> Outcome<Reply> {
    let speaker = match visit.bearer() {
        Some(token) => {
            session::check(visit, site, id, &token).await?;
            Speaker::Visitor
        }
        None => speaker(agent(visit, site, Role::Agent, Authority::ToChange).await?.0),
    };
    let SayRequest { id: message, text } = visit.json().await?;
    let proof = visit.header(Proof::HEADER).and_then(|header| Proof::try_from(header).ok());
    let watch = match speaker {
        Speaker::Visitor => Some(view(visit, site).await?.watch.clone()),
        Speaker::Agent { .. } => None,
    };
    let call = Say { proof, watch, ..Say::new(speaker, message, text) };
    Ok(Reply::json_text(ask_text(&conversation::object(&visit.env, site, id)?, &call).await?))
}

/// The query that carries a socket's ticket to its object.
///
/// # Errors
/// *Malformed*, when the request asks for no socket or brings no ticket.
pub(crate) fn ticket_query(visit: &Visit) -> Outcome<String> {
    let wants_socket = visit.header("Upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
    if !wants_socket {
        return Err(Refusal::new(ProblemKind::Malformed, "This address is for WebSocket connections."));
    }
    let plain = |ticket: &&str| {
        ticket.len() <= 100 && ticket.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    match visit.query("ticket").filter(plain) {
        Some(ticket) => Ok(format!("ticket={ticket}")),
        None => Err(Refusal::new(ProblemKind::Malformed, "ticket: the value from a ticket request")),
    }
}

fn speaker(person: Person) -> Speaker {
    Speaker::Agent { person: person.email, name: person.name }
}
