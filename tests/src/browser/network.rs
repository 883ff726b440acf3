//! What leaves the browser: requests, sockets, and what is said over them.

use std::{fmt, sync::PoisonError, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use chromiumoxide::{
    MethodType, Page,
    cdp::browser_protocol::network::{
        EnableParams, EventLoadingFinished, EventRequestServedFromCache, EventRequestWillBeSent,
        EventResponseReceived, EventWebSocketCreated, EventWebSocketFrameSent,
        EventWebSocketWillSendHandshakeRequest, GetRequestPostDataParams, Initiator, Request, RequestId,
    },
    error::CdpError,
};
use tokio::runtime::Handle;

use super::{chromium::Unread, record::Kept};

/// How long an event may be on its way to the log after the browser has answered.
const SETTLING: Duration = Duration::from_millis(100);

/// Bodies up to this size come with the event itself.
const INLINE_BODY_BYTES: i64 = 1024 * 1024;

/// A moment in the browser's own time, to ask what was sent after it.
#[derive(Clone, Copy, Debug)]
pub struct Mark(f64);

impl Mark {
    /// Before everything.
    pub const START: Self = Self(0.0);
}

/// Something that left for the network, or would have, had the cache not had it.
#[derive(Clone, Debug)]
pub struct Sent {
    /// A request, a socket opened, or a message over it.
    pub kind: SentKind,
    /// `GET`, `POST`, …; `GET` for sockets.
    pub method: String,
    /// Where to. Of a message over a socket: the socket's address.
    pub url: String,
    /// What it carried, empty for none. Of a binary message over a socket: base64.
    pub body: String,
    /// Who asked for it: `script https://…/app.js:12`, `parser https://…`, …
    pub initiator: String,
    /// The answer's status, once there is one.
    pub status: Option<i64>,
    /// Whether the answer came from a cache of the browser, so that nothing left.
    pub from_cache: bool,
    /// Bytes of the answer as they came over the wire, headers included, once it is complete.
    pub answer_bytes: Option<u64>,
}

/// What kind of thing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentKind {
    /// A request of any kind: navigation, `fetch`, beacon, image, …
    Request,
    /// A socket's opening.
    Socket,
    /// A message over a socket.
    SocketMessage,
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} {}", self.kind, self.method, self.url)?;
        if !self.body.is_empty() {
            write!(f, " “{}”", self.body)?;
        }
        write!(f, " (from {})", self.initiator)
    }
}

pub(super) struct Network {
    requests: Kept<EventRequestWillBeSent>,
    cached: Kept<EventRequestServedFromCache>,
    responses: Kept<EventResponseReceived>,
    finished: Kept<EventLoadingFinished>,
    sockets: Kept<EventWebSocketCreated>,
    handshakes: Kept<EventWebSocketWillSendHandshakeRequest>,
    messages: Kept<EventWebSocketFrameSent>,
    unread: Unread,
}

impl Network {
    pub(super) async fn listen(page: &Page, runtime: &Handle, unread: Unread) -> Result<Self, CdpError> {
        page.execute(EnableParams::builder().max_post_data_size(INLINE_BODY_BYTES).build()).await?;
        Ok(Self {
            requests: Kept::listen(page, runtime).await?,
            cached: Kept::listen(page, runtime).await?,
            responses: Kept::listen(page, runtime).await?,
            finished: Kept::listen(page, runtime).await?,
            sockets: Kept::listen(page, runtime).await?,
            handshakes: Kept::listen(page, runtime).await?,
            messages: Kept::listen(page, runtime).await?,
            unread,
        })
    }

    pub(super) async fn mark(&self, page: &Page) -> Result<Mark, CdpError> {
        let metrics = page.metrics().await?;
        let now = metrics.iter().find(|metric| metric.name == "Timestamp");
        now.map(|metric| Mark(metric.value)).ok_or(CdpError::NotFound)
    }

    /// Everything sent after the mark, oldest first.
    ///
    /// # Panics
    /// When Chromium reported something of the network that could not be read: then nobody knows.
    pub(super) async fn since(&self, page: &Page, mark: Mark) -> Result<Vec<Sent>, CdpError> {
        // What happened before this answer was reported before it.
        self.mark(page).await?;
        tokio::time::sleep(SETTLING).await;
        self.check_unread();

        let mut sent = Vec::new();
        for event in self.requests.all() {
            let at = *event.timestamp.inner();
            if at > mark.0 && !is_local(&event.request.url) {
                sent.push((at, self.request(page, &event).await));
            }
        }
        for event in self.handshakes.all() {
            let socket = self.socket(&event.request_id, SentKind::Socket, String::new());
            sent.push((*event.timestamp.inner(), socket));
        }
        for event in self.messages.all() {
            let body = event.response.payload_data.clone();
            let message = self.socket(&event.request_id, SentKind::SocketMessage, body);
            sent.push((*event.timestamp.inner(), message));
        }
        sent.retain(|(at, _)| *at > mark.0);
        sent.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        Ok(sent.into_iter().map(|(_, sent)| sent).collect())
    }

    async fn request(&self, page: &Page, event: &EventRequestWillBeSent) -> Sent {
        let id = &event.request_id;
        let responses = self.responses.all();
        let response = responses.iter().find(|received| received.request_id == *id).map(|r| &r.response);
        let finished = self.finished.all();
        let finished = finished.iter().find(|finished| finished.request_id == *id);
        let from_memory = self.cached.all().iter().any(|cached| cached.request_id == *id);
        let from_disk = response.is_some_and(|response| response.from_disk_cache == Some(true));
        Sent {
            kind: SentKind::Request,
            method: event.request.method.clone(),
            url: event.request.url.clone(),
            body: body(page, id, &event.request).await,
            initiator: asked_by(&event.initiator),
            status: response.map(|response| response.status),
            from_cache: from_memory || from_disk,
            answer_bytes: finished.map(|finished| finished.encoded_data_length as u64),
        }
    }

    fn socket(&self, id: &RequestId, kind: SentKind, body: String) -> Sent {
        let sockets = self.sockets.all();
        let created = sockets.iter().find(|created| created.request_id == *id);
        Sent {
            kind,
            method: "GET".to_owned(),
            url: created.map(|created| created.url.clone()).unwrap_or_default(),
            body,
            initiator: created.and_then(|c| c.initiator.as_ref()).map(asked_by).unwrap_or_default(),
            status: None,
            from_cache: false,
            answer_bytes: None,
        }
    }

    fn check_unread(&self) {
        let needed = [
            EventRequestWillBeSent::method_id(),
            EventWebSocketCreated::method_id(),
            EventWebSocketWillSendHandshakeRequest::method_id(),
            EventWebSocketFrameSent::method_id(),
        ];
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(event) = unread.iter().find(|event| needed.iter().any(|method| method == *event)) {
            panic!("Chromium reported {event} in a way that this harness cannot read: update chromiumoxide");
        }
    }
}

/// Whether it is read from the page itself: such a request goes nowhere.
fn is_local(url: &str) -> bool {
    ["data:", "blob:", "about:"].iter().any(|scheme| url.starts_with(scheme))
}

async fn body(page: &Page, id: &RequestId, request: &Request) -> String {
    if request.has_post_data != Some(true) {
        return String::new();
    }
    let parts = request.post_data_entries.iter().flatten().filter_map(|entry| entry.bytes.as_ref());
    let bytes: Vec<u8> = parts.flat_map(|part| BASE64_STANDARD.decode(part).unwrap_or_default()).collect();
    if !bytes.is_empty() {
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    match page.execute(GetRequestPostDataParams::new(id.clone())).await {
        Ok(data) => data.result.post_data,
        Err(error) => format!("(a body that could not be read: {error})"),
    }
}

fn asked_by(initiator: &Initiator) -> String {
    let kind = initiator.r#type.as_ref();
    let frame = initiator.stack.as_ref().and_then(|stack| stack.call_frames.first());
    match (frame, &initiator.url) {
        (Some(frame), _) => format!("{kind} {}:{}", frame.url, frame.line_number + 1),
        (None, Some(url)) => format!("{kind} {url}"),
        (None, None) => kind.to_owned(),
    }
}
