//! What the console asks of the edge, one function a request.

mod account;
mod channels;

use deskbell_browser::http::{Call, Failure};
use deskbell_shared::{
    guard::{
        record::{Figures, Replayed},
        rules::{GuardRules, RulesRequest},
    },
    wire::{
        AppealSummary, Appeals, AskedQuestions, AssignRequest, Attempt, Ban, BanId, BanPreview, BanRequest,
        Bans, ConversationId, CustomerSecret, DecideRequest, Deliveries, FaqPointer, FaqReport, Found, Hours,
        HoursRequest, InternalNote, LookRequest, NoteRequest, PackHash, People, PersonRequest, Published,
        ReplyId, ReportRequest, Retention, Routing, Said, SavedReplies, SavedReplyRequest, SayRequest, Seq,
        ServiceReport, SettleRequest, Sheet, SiteId, SiteRequest, SiteSettings, SubjectRequest, Subjects,
        TalkHistory, Team, Ticket, TuneRequest, TurnstileSetting, WebhookId, WebhookRequest, WebhookSecret,
        Webhooks,
    },
};
use web_sys::File;

/// How long a request may take that compiles an FAQ, in milliseconds: a file of 4 MB on its way up a slow line, and the
/// compiler, more than once when others change something meanwhile.
const COMPILING_MS: u32 = 300_000;

/// In whose name a request is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Somebody signed in: the browser sends the cookie, and this proves that the console asked.
    Csrf(String),
    /// The operator, with the deployment's token.
    Operator(String),
}

/// The edge, as one site's people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    site: SiteId,
    pass: Pass,
}

impl Api {
    /// The edge for one site, in somebody's name.
    pub fn new(site: SiteId, pass: Pass) -> Self {
        Self { site, pass }
    }

    /// Where the desk's socket is.
    pub fn desk_socket(&self) -> String {
        self.path("desk/socket")
    }

    /// A ticket for the desk's socket.
    pub async fn desk_ticket(&self) -> Result<Ticket, Failure> {
        self.signed(Call::post(self.path("desk/ticket"))).answer().await
    }

    /// Where a conversation's socket is.
    pub fn talk_socket(&self, id: ConversationId) -> String {
        self.path(&format!("conversations/{id}/socket"))
    }

    /// A ticket for a conversation's socket.
    pub async fn talk_ticket(&self, id: ConversationId) -> Result<Ticket, Failure> {
        self.signed(Call::post(self.path(&format!("conversations/{id}/ticket")))).answer().await
    }

    /// Says something without a socket.
    pub async fn say(&self, id: ConversationId, say: &SayRequest) -> Result<Said, Failure> {
        self.signed(Call::post(self.path(&format!("conversations/{id}/messages")))).json(say).answer().await
    }

    /// Who can answer visitors.
    pub async fn team(&self) -> Result<Team, Failure> {
        Call::get(self.path("team")).answer().await
    }

    /// Has somebody look after a conversation.
    pub async fn assign(&self, id: ConversationId, request: &AssignRequest) -> Result<(), Failure> {
        self.signed(Call::put(self.path(&format!("conversations/{id}/assignee")))).json(request).done().await
    }

    /// What talks may be about.
    pub async fn subjects(&self) -> Result<Subjects, Failure> {
        Call::get(self.path("subjects")).answer().await
    }

    /// Says what a conversation is about.
    pub async fn set_subject(&self, id: ConversationId, request: &SubjectRequest) -> Result<(), Failure> {
        self.signed(Call::put(self.path(&format!("conversations/{id}/subject")))).json(request).done().await
    }

    /// Notes something about a conversation.
    pub async fn note(&self, id: ConversationId, note: &NoteRequest) -> Result<InternalNote, Failure> {
        self.signed(Call::post(self.path(&format!("conversations/{id}/notes")))).json(note).answer().await
    }

    /// What else the visitor of a conversation has talked about.
    pub async fn history(&self, id: ConversationId) -> Result<TalkHistory, Failure> {
        Call::get(self.path(&format!("conversations/{id}/history"))).answer().await
    }

    /// The saved replies.
    pub async fn replies(&self) -> Result<SavedReplies, Failure> {
        Call::get(self.path("replies")).answer().await
    }

    /// Makes a saved reply, or changes it.
    pub async fn put_reply(&self, id: ReplyId, request: &SavedReplyRequest) -> Result<SavedReplies, Failure> {
        self.signed(Call::put(self.path(&format!("replies/{id}")))).json(request).answer().await
    }

    /// Takes a saved reply away.
    pub async fn remove_reply(&self, id: ReplyId, version: u64) -> Result<SavedReplies, Failure> {
        let path = self.path(&format!("replies/{id}?version={version}"));
        self.signed(Call::delete(path)).answer().await
    }

    /// How visitors were served over some days.
    pub async fn service_report(&self, request: ReportRequest) -> Result<ServiceReport, Failure> {
        Call::get(self.path(&format!("figures?{}", query_of(request)))).answer().await
    }

    /// Where a table of the same can be downloaded.
    pub fn service_sheet(&self, sheet: Sheet, request: ReportRequest) -> String {
        self.path(&format!("figures/{}?{}", sheet.file(), query_of(request)))
    }

    /// Closes a conversation, if its visitor has written nothing after what was seen.
    pub async fn close(&self, id: ConversationId, seen: Seq) -> Result<(), Failure> {
        self.signed(Call::post(self.path(&format!("conversations/{id}/close?seen={seen}")))).done().await
    }

    /// Takes back that a conversation was closed.
    pub async fn reopen(&self, id: ConversationId) -> Result<(), Failure> {
        self.signed(Call::post(self.path(&format!("conversations/{id}/reopen")))).done().await
    }

    /// Where all there is of a conversation can be downloaded.
    pub fn talk_record(&self, id: ConversationId) -> String {
        self.path(&format!("conversations/{id}"))
    }

    /// Erases a conversation, for good.
    pub async fn erase(&self, id: ConversationId) -> Result<(), Failure> {
        self.signed(Call::delete(self.path(&format!("conversations/{id}")))).done().await
    }

    /// To whom visitors who wait are given.
    pub async fn routing(&self) -> Result<Routing, Failure> {
        Call::get(self.path("routing")).answer().await
    }

    /// Sets to whom visitors who wait are given.
    pub async fn put_routing(&self, routing: &Routing) -> Result<Routing, Failure> {
        self.signed(Call::put(self.path("routing"))).json(routing).answer().await
    }

    /// Looks through all talks for those in which all of the words occur, from a place on.
    pub async fn search(&self, words: &str, before: Option<&str>) -> Result<Found, Failure> {
        let words = String::from(js_sys::encode_uri_component(words));
        let before = before.map(|place| format!("&before={place}")).unwrap_or_default();
        Call::get(self.path(&format!("search?words={words}{before}"))).answer().await
    }

    /// When people are there.
    pub async fn hours(&self) -> Result<Hours, Failure> {
        Call::get(self.path("hours")).answer().await
    }

    /// Sets when people are there.
    pub async fn put_hours(&self, request: &HoursRequest) -> Result<Hours, Failure> {
        self.signed(Call::put(self.path("hours"))).json(request).answer().await
    }

    /// For how long talks are kept.
    pub async fn retention(&self) -> Result<Retention, Failure> {
        Call::get(self.path("retention")).answer().await
    }

    /// Keeps talks for so long.
    pub async fn put_retention(&self, retention: Retention) -> Result<Retention, Failure> {
        self.signed(Call::put(self.path("retention"))).json(&retention).answer().await
    }

    /// The bans in force.
    pub async fn bans(&self) -> Result<Bans, Failure> {
        Call::get(self.path("bans")).answer().await
    }

    /// Stops the visitor of a conversation.
    pub async fn ban(&self, request: &BanRequest) -> Result<Ban, Failure> {
        self.signed(Call::post(self.path("bans"))).json(request).answer().await
    }

    /// Whom a ban would stop.
    pub async fn preview(&self, request: &BanRequest) -> Result<BanPreview, Failure> {
        self.signed(Call::post(self.path("bans/preview"))).json(request).answer().await
    }

    /// What visitors say against bans.
    pub async fn appeals(&self) -> Result<Appeals, Failure> {
        Call::get(self.path("desk/appeals")).answer().await
    }

    /// Decides an appeal.
    pub async fn decide(&self, number: u64, request: &DecideRequest) -> Result<AppealSummary, Failure> {
        self.signed(Call::post(self.path(&format!("desk/appeals/{number}")))).json(request).answer().await
    }

    /// The guard's rules.
    pub async fn rules(&self) -> Result<GuardRules, Failure> {
        Call::get(self.path("guard")).answer().await
    }

    /// Changes the guard's rules.
    pub async fn put_rules(&self, request: &RulesRequest) -> Result<GuardRules, Failure> {
        self.signed(Call::put(self.path("guard"))).json(request).answer().await
    }

    /// Who may sign in.
    pub async fn people(&self) -> Result<People, Failure> {
        Call::get(self.path("people")).answer().await
    }

    /// Decides about somebody.
    pub async fn decide_about(&self, request: &PersonRequest) -> Result<People, Failure> {
        self.signed(Call::post(self.path("people"))).json(request).answer().await
    }

    /// Whether visitors are asked Turnstile.
    pub async fn turnstile(&self) -> Result<TurnstileSetting, Failure> {
        Call::get(self.path("guard/turnstile")).answer().await
    }

    /// Has visitors asked Turnstile, or puzzles alone.
    pub async fn put_turnstile(&self, setting: &TurnstileSetting) -> Result<TurnstileSetting, Failure> {
        self.signed(Call::put(self.path("guard/turnstile"))).json(setting).answer().await
    }

    /// What the guard decided in the last seven days, counted.
    pub async fn figures(&self) -> Result<Figures, Failure> {
        Call::get(self.path("guard/figures")).answer().await
    }

    /// What rules would have done in the last seven days.
    pub async fn replay(&self, rules: &GuardRules) -> Result<Replayed, Failure> {
        self.signed(Call::post(self.path("guard/replay"))).json(rules).answer().await
    }

    /// Where the record of privileged acts can be downloaded.
    pub fn audit(&self) -> String {
        self.path("audit")
    }

    /// Lifts a ban.
    pub async fn lift(&self, id: BanId) -> Result<(), Failure> {
        self.signed(Call::delete(self.path(&format!("bans/{id}")))).done().await
    }

    /// Makes the site. One that is there stays as it is.
    pub async fn make_site(&self, request: &SiteRequest) -> Result<(), Failure> {
        let call = Call::put(format!("/v1/sites/{}", self.site)).header("If-None-Match", "*");
        self.signed(call).json(request).done().await
    }

    /// Changes what visitors see of the widget; the settings from then on.
    pub async fn put_look(&self, request: &LookRequest) -> Result<SiteSettings, Failure> {
        self.signed(Call::put(self.path("settings"))).json(request).answer().await
    }

    /// The site's settings.
    pub async fn settings(&self) -> Result<SiteSettings, Failure> {
        self.signed(Call::get(self.path("settings"))).answer().await
    }

    /// The secret with which the site's backend signs who its customers are.
    pub async fn customer_secret(&self) -> Result<CustomerSecret, Failure> {
        Call::get(self.path("customer-secret")).answer().await
    }

    /// Makes a new one.
    pub async fn renew_customer_secret(&self) -> Result<CustomerSecret, Failure> {
        self.signed(Call::post(self.path("customer-secret"))).answer().await
    }

    /// The site's webhooks.
    pub async fn webhooks(&self) -> Result<Webhooks, Failure> {
        Call::get(self.path("webhooks")).answer().await
    }

    /// Makes a webhook, or changes it.
    pub async fn put_webhook(&self, id: WebhookId, request: &WebhookRequest) -> Result<Webhooks, Failure> {
        self.signed(Call::put(self.path(&format!("webhooks/{id}")))).json(request).answer().await
    }

    /// Takes a webhook away.
    pub async fn remove_webhook(&self, id: WebhookId) -> Result<Webhooks, Failure> {
        self.signed(Call::delete(self.path(&format!("webhooks/{id}")))).answer().await
    }

    /// Sends a webhook that says nothing. The other side has ten seconds.
    pub async fn test_webhook(&self, id: WebhookId) -> Result<Attempt, Failure> {
        self.signed(Call::post(self.path(&format!("webhooks/{id}/test")))).answer().await
    }

    /// What a webhook has told lately.
    pub async fn deliveries(&self, id: WebhookId) -> Result<Deliveries, Failure> {
        Call::get(self.path(&format!("webhooks/{id}/deliveries"))).answer().await
    }

    /// Has something sent once more.
    pub async fn deliver_again(&self, id: WebhookId, number: u64) -> Result<(), Failure> {
        self.signed(Call::post(self.path(&format!("webhooks/{id}/deliveries/{number}")))).done().await
    }

    /// The secret that a webhook is signed with.
    pub async fn webhook_secret(&self, id: WebhookId) -> Result<WebhookSecret, Failure> {
        Call::get(self.path(&format!("webhooks/{id}/secret"))).answer().await
    }

    /// Gives a webhook a new one.
    pub async fn renew_webhook_secret(&self, id: WebhookId) -> Result<WebhookSecret, Failure> {
        self.signed(Call::post(self.path(&format!("webhooks/{id}/secret")))).answer().await
    }

    /// Which FAQ is in force.
    pub async fn faq(&self) -> Result<FaqPointer, Failure> {
        Call::get(self.path("faq")).answer().await
    }

    /// Where the source of the FAQ in force can be downloaded.
    pub fn faq_source(&self) -> String {
        self.path("faq/source")
    }

    /// A pack.
    pub async fn pack(&self, hash: &PackHash) -> Result<Vec<u8>, Failure> {
        Call::get(self.path(&format!("packs/{}", hash.as_str()))).bytes().await
    }

    /// What the owner should know about the FAQ in force.
    pub async fn faq_report(&self) -> Result<FaqReport, Failure> {
        Call::get(self.path("faq/report")).answer().await
    }

    /// Compiles the FAQ in force anew; the report is that of the new pack.
    pub async fn tune(&self, request: &TuneRequest) -> Result<FaqReport, Failure> {
        let call = Call::put(self.path("faq/tuning")).patience(COMPILING_MS);
        self.signed(call).json(request).answer().await
    }

    /// What visitors asked before a person came.
    pub async fn asked(&self) -> Result<AskedQuestions, Failure> {
        Call::get(self.path("faq/asked")).answer().await
    }

    /// Some of that need not be listed any more.
    pub async fn settle_asked(&self, request: &SettleRequest) -> Result<(), Failure> {
        self.signed(Call::post(self.path("faq/asked"))).json(request).done().await
    }

    /// Publishes an FAQ from a file. The name travels percent-encoded, for a header holds only ASCII.
    pub async fn publish(&self, file: &File, content_type: &'static str) -> Result<Published, Failure> {
        let name = String::from(js_sys::encode_uri_component(&file.name()));
        let call = Call::put(self.path("faq")).header("X-Deskbell-File", name).patience(COMPILING_MS);
        self.signed(call).body(content_type, file.into()).answer().await
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/sites/{}/{rest}", self.site)
    }

    fn signed(&self, call: Call) -> Call {
        match &self.pass {
            Pass::Csrf(csrf) => call.header("X-Deskbell-Csrf", csrf),
            Pass::Operator(token) => call.bearer(token),
        }
    }
}

/// The query that asks about these days.
fn query_of(request: ReportRequest) -> String {
    let ReportRequest { days, utc_offset_minutes } = request;
    format!("days={days}&utc_offset_minutes={utc_offset_minutes}")
}
