//! Somebody in a conversation, visitor or agent, as the network knows them: requests about it, and its socket.

use std::{net::TcpStream, time::Duration};

use anyhow::{Result, bail};
use deskbell_shared::wire::{
    ConversationId, MessageId, Missed, Problem, Said, SayRequest, Seq, Text, Ticket,
};
use serde::de::DeserializeOwned;
use tungstenite::{WebSocket, client::IntoClientRequest, connect, http::HeaderValue, stream::MaybeTlsStream};
use ureq::{Body, RequestBuilder, http::Response};

use super::crowd::{Shop, agent, read};

/// A conversation's socket.
pub(super) type Socket = WebSocket<MaybeTlsStream<TcpStream>>;

/// What the edge said to a request.
pub(super) enum Answer<T> {
    /// It did it.
    Done(T),
    /// It did not, and nothing has changed.
    Refused(Box<Problem>),
}

impl<T> Answer<T> {
    /// What was asked for.
    ///
    /// # Errors
    /// It was refused.
    pub(super) fn granted(self) -> Result<T> {
        match self {
            Self::Done(value) => Ok(value),
            Self::Refused(problem) => bail!("{}: {}", problem.title, problem.detail),
        }
    }
}

/// Somebody in a conversation.
#[derive(Clone)]
pub(super) struct Party {
    place: String,
    origin: String,
    headers: Vec<(&'static str, String)>,
}

impl Party {
    /// Whoever sends these headers, from a page of this origin.
    pub(super) fn new(
        shop: &Shop,
        conversation: ConversationId,
        origin: &str,
        headers: Vec<(&'static str, String)>,
    ) -> Self {
        Self { place: place(shop, conversation), origin: origin.to_owned(), headers }
    }

    /// A socket to the conversation that waits for a frame at most this long at a time; nothing has been said on it.
    ///
    /// # Errors
    /// It cannot be had; what the edge said is lost, except for a refused ticket.
    pub(super) fn connect(&self, patience: Duration) -> Result<Answer<Socket>> {
        let ticket: Ticket = match answer(self.post("ticket", &())?)? {
            Answer::Done(ticket) => ticket,
            Answer::Refused(problem) => return Ok(Answer::Refused(problem)),
        };
        let place = self.place.replacen("http", "ws", 1);
        Ok(Answer::Done(open(&format!("{place}/socket?ticket={}", ticket.ticket), &self.origin, patience)?))
    }

    /// Says something without a socket.
    ///
    /// # Errors
    /// No answer comes: it may have been taken, or not.
    pub(super) fn say(&self, id: MessageId, text: Text) -> Result<Answer<Said>> {
        answer(self.post("messages", &SayRequest { id, text })?)
    }

    /// What was said after a sequence number: a page of it.
    ///
    /// # Errors
    /// No answer comes.
    pub(super) fn missed(&self, after: Seq) -> Result<Answer<Missed>> {
        answer(self.signed(agent().get(format!("{}/messages?after={after}", self.place))).call()?)
    }

    /// Closes the conversation, as an agent may.
    ///
    /// # Errors
    /// No answer comes, or it is refused.
    pub(super) fn close(&self) -> Result<()> {
        let mut response = self.post("close", &())?;
        if response.status().is_success() { Ok(()) } else { bail!(response.body_mut().read_to_string()?) }
    }

    fn post(&self, below: &str, body: &impl serde::Serialize) -> Result<Response<Body>> {
        Ok(self.signed(agent().post(format!("{}/{below}", self.place))).send_json(body)?)
    }

    /// A request with the headers that say whose it is.
    fn signed<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        let request = request.header("Origin", &self.origin);
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }
}

/// The address of a conversation.
pub(super) fn place(Shop { address, site }: &Shop, conversation: ConversationId) -> String {
    format!("{address}/v1/sites/{site}/conversations/{conversation}")
}

/// Opens a socket, from a page of this origin.
///
/// # Errors
/// It is refused, or nobody is there.
pub(super) fn open(url: &str, origin: &str, patience: Duration) -> Result<Socket> {
    let mut request = url.into_client_request()?;
    request.headers_mut().insert("Origin", HeaderValue::from_str(origin)?);
    let (socket, _) = connect(request)?;
    if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    }
    Ok(socket)
}

fn answer<T: DeserializeOwned>(mut response: Response<Body>) -> Result<Answer<T>> {
    let done = response.status().is_success();
    Ok(if done { Answer::Done(read(&mut response)?) } else { Answer::Refused(read(&mut response)?) })
}
