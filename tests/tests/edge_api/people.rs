//! Who meets at an edge: a site, its visitors and its agents, each test with its own.

use std::sync::atomic::{AtomicU32, Ordering};

use deskbell_shared::wire::{
    Appeals, Ban, BanScope, ConversationId, HandoffAccepted, HandoffReason, HandoffRequest, MessageId,
    Millis, NewPerson, Priority, ResumeKey, ResumeRequest, Resumed, SignInRequest, SignedIn, SiteRequest,
    SiteSettings, TalkEvent, TalkRequest, Ticket, Turn, TurnSender, VisitorContext, VisitorId,
};
use deskbell_tests::{
    client::{Ask, Socket},
    edge::{ADMIN_TOKEN, Edge},
};
use futures::future::join_all;
use serde_json::json;

/// The page that every site of these tests allows.
pub(crate) const SHOP: &str = "https://shop.example";
/// The owner's address.
pub(crate) const EMAIL: &str = "mei@shop.example";
/// The owner's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

static COUNT: AtomicU32 = AtomicU32::new(1);

fn unique() -> u32 {
    COUNT.fetch_add(1, Ordering::Relaxed)
}

/// Sixteen bytes that nobody else in this run has.
pub(crate) fn bytes() -> [u8; 16] {
    u128::from(unique()).to_be_bytes()
}

/// An id for a new message.
pub(crate) fn message_id() -> MessageId {
    MessageId(bytes())
}

/// An IPv4 address that nobody else in this run has.
pub(crate) fn address() -> String {
    let n = unique().to_be_bytes();
    format!("10.{}.{}.{}", n[1], n[2], n[3])
}

/// A value of a type that checks itself.
pub(crate) fn valid<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned()).unwrap_or_else(|_| panic!("{text} is not valid here"))
}

/// A site.
pub(crate) struct Site<'a> {
    /// Where.
    pub(crate) edge: &'a Edge,
    /// Its name.
    pub(crate) name: String,
}

impl Site<'_> {
    /// A new site at the edge that all tests share.
    pub(crate) async fn new() -> Site<'static> {
        Self::at(Edge::shared().await).await
    }

    /// A new site where nobody publishes an FAQ: for what has to happen within seconds.
    pub(crate) async fn undisturbed() -> Site<'static> {
        Self::at(Edge::undisturbed().await).await
    }

    /// A new site at this edge.
    pub(crate) async fn at(edge: &Edge) -> Site<'_> {
        let site = Site { edge, name: format!("site-{}", unique()) };
        let owner = NewPerson { email: valid(EMAIL), name: Some(valid("Mei")), password: valid(PASSWORD) };
        let request = SiteRequest {
            settings: settings(),
            owner: Some(owner),
            no_second_factor: None,
            turnstile_secret: None,
        };
        site.operator("PUT", "").json(&request).expect(201).await;
        site
    }

    /// A path below the site.
    pub(crate) fn path(&self, below: &str) -> String {
        format!("/v1/sites/{}{below}", self.name)
    }

    /// A request below the site.
    pub(crate) fn ask(&self, method: &str, below: &str) -> Ask {
        self.edge.ask(method, &self.path(below))
    }

    /// A request of the operator's.
    pub(crate) fn operator(&self, method: &str, below: &str) -> Ask {
        self.ask(method, below).bearer(ADMIN_TOKEN)
    }

    /// A new visitor, at an address of their own.
    pub(crate) fn visitor(&self) -> Visitor<'_> {
        Visitor {
            site: self,
            id: VisitorId(bytes()),
            resume: ResumeKey(bytes()),
            address: address(),
            token: String::new(),
            conversation: ConversationId([0; 16]),
        }
    }

    /// A new visitor, at this address.
    pub(crate) fn visitor_from(&self, address: &str) -> Visitor<'_> {
        Visitor { address: address.to_owned(), ..self.visitor() }
    }

    /// So many new visitors at this address ask for a person at once: what each is answered.
    pub(crate) async fn flood(&self, address: &str, visitors: usize) -> Vec<u16> {
        let hand_over = |_| async {
            let visitor = self.visitor_from(address);
            visitor.ask("POST", "/conversations").json(&visitor.handoff()).send().await.status
        };
        join_all((0..visitors).map(hand_over)).await
    }

    /// A visitor who has been handed to a person.
    pub(crate) async fn visitor_in_talk(&self) -> Visitor<'_> {
        let mut visitor = self.visitor();
        visitor.hand_over().await;
        visitor
    }

    /// The owner, signed in.
    pub(crate) async fn agent(&self) -> Agent<'_> {
        let request = SignInRequest { email: valid(EMAIL), password: PASSWORD.to_owned(), code: None };
        let answer =
            self.ask("POST", "/sign-in").origin(&self.edge.origin()).json(&request).expect(200).await;
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        Agent { site: self, cookie, me: answer.json() }
    }
}

/// The settings every site of these tests begins with.
pub(crate) fn settings() -> SiteSettings {
    SiteSettings {
        name: valid("Shop"),
        origins: vec![valid(SHOP)],
        accent: Default::default(),
        language: None,
        greeting: None,
        turnstile: None,
        asks_to_recommend: false,
    }
}

/// A visitor.
pub(crate) struct Visitor<'a> {
    pub(crate) site: &'a Site<'a>,
    pub(crate) id: VisitorId,
    pub(crate) resume: ResumeKey,
    pub(crate) address: String,
    pub(crate) token: String,
    pub(crate) conversation: ConversationId,
}

impl Visitor<'_> {
    /// A request from the site's page.
    pub(crate) fn ask(&self, method: &str, below: &str) -> Ask {
        self.site.ask(method, below).origin(SHOP).from_address(&self.address)
    }

    /// A request about the visitor's conversation, with the session.
    pub(crate) fn talk(&self, method: &str, below: &str) -> Ask {
        self.ask(method, &format!("/conversations/{}{below}", self.conversation)).bearer(&self.token)
    }

    /// What the visitor sends to be handed over.
    pub(crate) fn handoff(&self) -> HandoffRequest {
        let turn =
            |from, text, entry| Turn { id: message_id(), at: Millis(1), from, text: valid(text), entry };
        HandoffRequest {
            resume: self.resume,
            visitor: self.id,
            reasons: vec![HandoffReason::ExplicitWish],
            priority: Priority::Normal,
            transcript: vec![
                turn(TurnSender::Visitor, "Where is my parcel?", None),
                turn(TurnSender::Bot, "Look at the tracking page.", Some(valid("tracking"))),
                turn(TurnSender::Visitor, "I want a person", None),
            ],
            context: VisitorContext {
                language: valid("en"),
                page: Some(valid("https://shop.example/cart")),
                title: Some(valid("Cart")),
                utc_offset_minutes: 60,
            },
            customer: None,
        }
    }

    /// Is handed over, and keeps the session.
    pub(crate) async fn hand_over(&mut self) -> HandoffAccepted {
        self.hand_over_as(HandoffReason::ExplicitWish, Priority::Normal).await
    }

    /// Is handed over for this reason, and keeps the session.
    pub(crate) async fn hand_over_as(
        &mut self,
        reason: HandoffReason,
        priority: Priority,
    ) -> HandoffAccepted {
        let request = HandoffRequest { reasons: vec![reason], priority, ..self.handoff() };
        let answer = self.ask("POST", "/conversations").json(&request).expect(201).await;
        let accepted: HandoffAccepted = answer.json();
        self.token.clone_from(&accepted.session.token);
        self.conversation = accepted.conversation;
        accepted
    }

    /// Comes back with nothing but the key, and keeps the new session.
    pub(crate) async fn come_back(&mut self) -> Resumed {
        let resumed: Resumed = self.resume_request().expect(200).await.json();
        self.token.clone_from(&resumed.session.token);
        resumed
    }

    /// The request with which the visitor comes back.
    pub(crate) fn resume_request(&self) -> Ask {
        self.ask("POST", "/sessions").json(&ResumeRequest { resume: self.resume, visitor: self.id })
    }

    /// A ticket for a socket.
    pub(crate) async fn ticket(&self) -> Ticket {
        self.talk("POST", "/ticket").expect(200).await.json()
    }

    /// The path of a socket with this ticket.
    pub(crate) fn socket_path(&self, ticket: &Ticket) -> String {
        self.site.path(&format!("/conversations/{}/socket?ticket={}", self.conversation, ticket.ticket))
    }

    /// An open socket, caught up from this sequence number.
    pub(crate) async fn socket(&self, after: u64) -> (Socket, TalkEvent) {
        let path = self.socket_path(&self.ticket().await);
        greet(Socket::open(self.site.edge, &path, Some(SHOP)).await, after).await
    }

    /// Says something without a socket.
    pub(crate) fn say(&self, text: &str) -> Ask {
        self.talk("POST", "/messages").json(&json!({ "id": message_id(), "text": text }))
    }
}

/// An agent who is signed in.
pub(crate) struct Agent<'a> {
    pub(crate) site: &'a Site<'a>,
    pub(crate) cookie: String,
    pub(crate) me: SignedIn,
}

impl Agent<'_> {
    /// A request from the inbox.
    pub(crate) fn ask(&self, method: &str, below: &str) -> Ask {
        let ask = self.site.ask(method, below).header("Cookie", &self.cookie);
        if method == "GET" {
            return ask;
        }
        ask.origin(&self.site.edge.origin()).header("X-Deskbell-Csrf", &self.me.csrf)
    }

    /// A request about a conversation.
    pub(crate) fn talk(&self, method: &str, visitor: &Visitor<'_>, below: &str) -> Ask {
        self.ask(method, &format!("/conversations/{}{below}", visitor.conversation))
    }

    /// An open socket to a conversation, caught up from this sequence number.
    pub(crate) async fn socket(&self, visitor: &Visitor<'_>, after: u64) -> (Socket, TalkEvent) {
        let ticket: Ticket = self.talk("POST", visitor, "/ticket").expect(200).await.json();
        let path = visitor.socket_path(&ticket);
        greet(Socket::open(self.site.edge, &path, Some(&self.site.edge.origin())).await, after).await
    }

    /// An open socket to the desk; nothing has been asked yet.
    pub(crate) async fn desk(&self) -> Socket {
        let ticket: Ticket = self.ask("POST", "/desk/ticket").expect(200).await.json();
        let path = self.site.path(&format!("/desk/socket?ticket={}", ticket.ticket));
        let socket = Socket::open(self.site.edge, &path, Some(&self.site.edge.origin())).await;
        socket.unwrap_or_else(|status| panic!("the desk's socket was refused with {status}"))
    }

    /// Bans a conversation's visitor.
    pub(crate) fn ban(&self, visitor: &Visitor<'_>, scope: BanScope, seconds: Option<u32>) -> Ask {
        self.ask("POST", "/bans").json(&json!({
            "conversation": visitor.conversation, "scope": scope, "reason": "Please calm down", "seconds": seconds,
        }))
    }
}

impl Agent<'_> {
    /// The number of the appeal against a ban that waits longest.
    pub(crate) async fn appeal_of(&self, ban: &Ban) -> u64 {
        let Appeals { appeals, .. } = self.ask("GET", "/desk/appeals").expect(200).await.json();
        let appeal = appeals.into_iter().find(|appeal| appeal.ban == ban.id && appeal.outcome.is_none());
        appeal.unwrap_or_else(|| panic!("nobody appeals against {ban:?}")).number
    }
}

async fn greet(socket: Result<Socket, u16>, after: u64) -> (Socket, TalkEvent) {
    let mut socket = socket.unwrap_or_else(|status| panic!("the socket was refused with {status}"));
    socket.send(&TalkRequest::Hello { after }).await;
    let first = socket.next().await;
    (socket, first)
}
