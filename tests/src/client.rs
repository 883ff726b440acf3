//! Somebody at the other end of the network: requests and sockets to an edge under test that state what they expect.

use std::time::Duration;

use deskbell_shared::wire::{Problem, ProblemKind};
use futures::{SinkExt, StreamExt};
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, protocol::CloseFrame},
};

use crate::edge::Edge;

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request that is being put together.
pub struct Ask(RequestBuilder);

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Edge {
    /// A request to a path of this edge.
    ///
    /// # Panics
    /// When the method is none.
    pub fn ask(&self, method: &str, path: &str) -> Ask {
        let method =
            Method::from_bytes(method.as_bytes()).unwrap_or_else(|_| panic!("{method} is no method"));
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        let client = client.unwrap_or_else(|error| panic!("no client: {error}"));
        Ask(client.request(method, format!("{}{path}", self.origin())))
    }
}

impl Ask {
    /// With this header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// From a page of this origin.
    pub fn origin(self, origin: &str) -> Self {
        self.header("Origin", origin)
    }

    /// From this address, as the platform would report it.
    pub fn from_address(self, address: &str) -> Self {
        self.header("CF-Connecting-IP", address)
    }

    /// With this token.
    pub fn bearer(self, token: &str) -> Self {
        Self(self.0.bearer_auth(token))
    }

    /// With this value as JSON.
    pub fn json(self, value: &impl Serialize) -> Self {
        Self(self.0.json(value))
    }

    /// With these bytes as they are.
    pub fn body(self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self(self.0.header("Content-Type", media_type).body(body.into()))
    }

    /// Sends it.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn send(self) -> Answer {
        let answer = async {
            let response = self.0.send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Ok::<_, reqwest::Error>(Answer { status, headers, body: response.bytes().await?.to_vec() })
        };
        let answer = tokio::time::timeout(PATIENCE, answer).await;
        let answer = answer.unwrap_or_else(|_| panic!("no answer within {PATIENCE:?}"));
        answer.unwrap_or_else(|error| panic!("no answer: {error}"))
    }

    /// Sends it and expects this status.
    ///
    /// # Panics
    /// When another comes.
    pub async fn expect(self, status: u16) -> Answer {
        let answer = self.send().await;
        assert_eq!(answer.status, status, "{}", answer.text());
        answer
    }

    /// Sends it and expects a refusal of this kind, as RFC 9457 has it.
    ///
    /// # Panics
    /// When something else comes.
    pub async fn refused(self, kind: ProblemKind) -> Problem {
        self.send().await.problem(kind)
    }
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none, or another one.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.text()))
    }

    /// A header's value; empty when it was not sent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The problem document of a refusal of this kind.
    ///
    /// # Panics
    /// When it is something else, or not as the kind declares it.
    pub fn problem(&self, kind: ProblemKind) -> Problem {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}: {}",
            self.status,
            self.text()
        );
        let problem: Problem = self.json();
        assert_eq!(problem.kind, kind, "{problem:?}");
        assert_eq!((self.status, problem.status), (kind.status(), kind.status()));
        assert_eq!(problem.title, kind.title());
        assert!(!problem.detail.is_empty());
        let waits = problem.retry_after_s.map(|seconds| seconds.to_string()).unwrap_or_default();
        assert_eq!(self.header("retry-after"), waits);
        problem
    }
}

/// An open socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens a socket at a path, from a page of this origin.
    ///
    /// # Errors
    /// The status of a refusal.
    ///
    /// # Panics
    /// When there is neither a socket nor a refusal.
    pub async fn open(edge: &Edge, path: &str, origin: Option<&str>) -> Result<Self, u16> {
        let address = format!("{}{path}", edge.origin()).replacen("http", "ws", 1);
        let mut request =
            address.into_client_request().unwrap_or_else(|error| panic!("{path} is no address: {error}"));
        if let Some(origin) = origin {
            let origin = origin.parse().unwrap_or_else(|_| panic!("{origin} is no header"));
            request.headers_mut().insert("Origin", origin);
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no socket at {path}: {error}"),
        }
    }

    /// Sends a frame.
    ///
    /// # Panics
    /// When the socket is gone.
    pub async fn send(&mut self, frame: &impl Serialize) {
        let text = serde_json::to_string(frame).unwrap_or_else(|error| panic!("no frame: {error}"));
        self.send_raw(Message::text(text)).await;
    }

    /// Sends whatever this is.
    ///
    /// # Panics
    /// When the socket is gone.
    pub async fn send_raw(&mut self, message: Message) {
        self.0.send(message).await.unwrap_or_else(|error| panic!("the socket is gone: {error}"));
    }

    /// The next frame of text.
    ///
    /// # Panics
    /// When none comes, or the socket closes.
    pub async fn next_text(&mut self) -> String {
        in_time("no frame", async {
            loop {
                match self.next_message().await {
                    Some(Message::Text(text)) => return text.to_string(),
                    Some(Message::Ping(_) | Message::Pong(_)) => {}
                    other => panic!("expected a frame, got {other:?}"),
                }
            }
        })
        .await
    }

    /// The next frame.
    ///
    /// # Panics
    /// When none comes, or it is another one.
    pub async fn next<T: DeserializeOwned>(&mut self) -> T {
        let text = self.next_text().await;
        parsed(&text)
    }

    /// Reads frames until one is what is looked for.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn until<T: DeserializeOwned, R>(&mut self, mut pick: impl FnMut(T) -> Option<R>) -> R {
        in_time("not the frame that was looked for", async {
            loop {
                if let Some(found) = pick(self.next().await) {
                    return found;
                }
            }
        })
        .await
    }

    /// Everything that comes within this time.
    ///
    /// # Panics
    /// When a frame is something else, or the socket closes.
    pub async fn during<T: DeserializeOwned>(&mut self, time: Duration) -> Vec<T> {
        let (mut all, until) = (Vec::new(), tokio::time::Instant::now() + time);
        while let Ok(message) = tokio::time::timeout_at(until, self.0.next()).await {
            match message {
                Some(Ok(Message::Text(text))) => all.push(parsed(&text)),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("the socket gave {other:?}"),
            }
        }
        all
    }

    /// Reads until the socket closes, and says how the other side closed it.
    ///
    /// # Panics
    /// When it stays open.
    pub async fn closed(&mut self) -> Option<CloseFrame> {
        in_time("it stays open", async {
            loop {
                match self.next_message().await {
                    Some(Message::Close(frame)) => return frame,
                    Some(_) => {}
                    None => return None,
                }
            }
        })
        .await
    }

    /// Closes the socket, and says how the other side answered.
    ///
    /// # Panics
    /// When it does not.
    pub async fn close(mut self, code: u16) -> Option<CloseFrame> {
        let frame = CloseFrame { code: code.into(), reason: "done".into() };
        self.0.close(Some(frame)).await.unwrap_or_else(|error| panic!("the socket is gone: {error}"));
        self.closed().await
    }

    async fn next_message(&mut self) -> Option<Message> {
        self.0.next().await.and_then(Result::ok)
    }
}

/// What is waited for, also while other things keep coming.
async fn in_time<T>(otherwise: &str, wait: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("{otherwise} within {PATIENCE:?}"))
}

fn parsed<T: DeserializeOwned>(frame: &str) -> T {
    serde_json::from_str(frame).unwrap_or_else(|error| panic!("{error} in the frame {frame}"))
}
