//! Somebody with a browser window: opening pages, reading them, waiting for what should appear.

use std::{
    fmt::Display,
    fs,
    panic::Location,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use chromiumoxide::{
    Page,
    cdp::{
        browser_protocol::{
            browser::BrowserContextId,
            emulation::SetFocusEmulationEnabledParams,
            page::{CaptureScreenshotFormat, EventLoadEventFired, ReloadParams},
        },
        js_protocol::runtime::{EvaluateParams, ExecutionContextId},
    },
    error::CdpError,
    page::ScreenshotParams,
};
use futures::StreamExt;
use serde::de::{DeserializeOwned, IgnoredAny};
use thiserror::Error;
use tokio::runtime::Handle;

use super::{
    By, Element, Mark, Said, Sent,
    chromium::Unread,
    console::Console,
    network::Network,
    tree::{self, Node},
};

/// How long a person waits for what should appear before the test fails.
const PATIENCE: Duration = Duration::from_secs(15);

/// Between two looks at the page.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A person with a browser window of their own, made by [`Browser::person`](super::Browser::person).
pub struct Person {
    name: String,
    pub(super) page: Page,
    /// What keeps this person's cookies and storage apart from everybody else's.
    pub(super) context: BrowserContextId,
    console: Console,
    network: Network,
    runtime: Handle,
}

/// Why a step cannot be done yet.
#[derive(Debug, Error)]
pub(super) enum NotYet {
    #[error("there is none")]
    Absent,
    #[error("there are {0} of them")]
    Several(usize),
    #[error("it is disabled")]
    Disabled,
    #[error("nothing of it can be seen")]
    Unseen,
    #[error("it does not stand still")]
    Moving,
    #[error("it is covered by {0}")]
    Covered(String),
    #[error("it is still there")]
    Present,
    #[error("it holds {0:?}")]
    Holds(String),
    #[error("the browser says: {0}")]
    Browser(#[from] CdpError),
}

/// The only one of what was found.
pub(super) fn one(mut found: Vec<Element>) -> Result<Element, NotYet> {
    match (found.pop(), found.len()) {
        (None, _) => Err(NotYet::Absent),
        (Some(element), 0) => Ok(element),
        (Some(_), others) => Err(NotYet::Several(others + 1)),
    }
}

impl Person {
    pub(super) async fn enter(
        name: &str,
        page: Page,
        context: BrowserContextId,
        runtime: &Handle,
        unread: Unread,
    ) -> Self {
        let listening = async {
            // Two people may be looked at in turns; each believes to be in front all the time.
            page.execute(SetFocusEmulationEnabledParams::new(true)).await?;
            let console = Console::listen(&page, runtime).await?;
            let network = Network::listen(&page, runtime, unread).await?;
            Ok::<_, CdpError>((console, network))
        };
        match listening.await {
            Ok((console, network)) => {
                Self { name: name.to_owned(), page, context, console, network, runtime: runtime.clone() }
            }
            Err(error) => panic!("the window of {name} cannot be watched: {error}"),
        }
    }

    /// Goes to an address and waits until the page has loaded.
    #[track_caller]
    pub fn open(&self, url: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            if let Err(error) = self.page.goto(url).await {
                self.give_up(at, &format!("open {url}"), &error).await;
            }
        }
    }

    /// Loads the page again and waits until it has loaded.
    #[track_caller]
    pub fn reload(&self) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            let reloaded = async {
                let mut loads = self.page.event_listener::<EventLoadEventFired>().await?;
                self.page.execute(ReloadParams::default()).await?;
                let loaded = tokio::time::timeout(PATIENCE, loads.next()).await;
                loaded.map(|_| ()).map_err(|_| CdpError::Timeout)
            };
            if let Err(error) = reloaded.await {
                self.give_up(at, "reload the page", &error).await;
            }
        }
    }

    /// Waits until there is exactly one of it.
    #[track_caller]
    pub fn see(&self, by: By) -> impl Future<Output = Element> {
        let at = Location::caller();
        async move { self.keep_trying(at, &format!("see {by}"), async || one(self.read().await?.find(&by))).await }
    }

    /// All there are at this moment, in reading order.
    #[track_caller]
    pub fn see_all(&self, by: By) -> impl Future<Output = Vec<Element>> {
        let at = Location::caller();
        async move { self.look(at).await.find(&by) }
    }

    /// All text that the page shows at this moment.
    #[track_caller]
    pub fn text(&self) -> impl Future<Output = String> {
        let at = Location::caller();
        async move { self.look(at).await.text() }
    }

    /// Whether the page shows this text at this moment.
    #[track_caller]
    pub fn reads(&self, text: &str) -> impl Future<Output = bool> {
        let at = Location::caller();
        async move { contains(&self.look(at).await.text(), text) }
    }

    /// Everything that the page and its frames have said in the console.
    pub fn console(&self) -> Vec<Said> {
        self.console.lines()
    }

    /// This moment, to ask later what was sent since.
    #[track_caller]
    pub fn mark(&self) -> impl Future<Output = Mark> {
        let at = Location::caller();
        async move {
            match self.network.mark(&self.page).await {
                Ok(mark) => mark,
                Err(error) => self.give_up(at, "tell the time", &error).await,
            }
        }
    }

    /// Everything that the page and its frames have sent since then, oldest first.
    #[track_caller]
    pub fn sent_since(&self, mark: Mark) -> impl Future<Output = Vec<Sent>> {
        let at = Location::caller();
        async move {
            match self.network.since(&self.page, mark).await {
                Ok(sent) => sent,
                Err(error) => self.give_up(at, "say what was sent", &error).await,
            }
        }
    }

    /// Runs a script in the page; a promise is waited for.
    #[track_caller]
    pub fn run(&self, script: &str) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            if let Err(error) = self.value::<IgnoredAny>(script, None).await {
                self.give_up(at, &format!("run {script}"), &error).await;
            }
        }
    }

    /// The value of a script's expression in the page; a promise is waited for.
    #[track_caller]
    pub fn evaluate<T: DeserializeOwned>(&self, expression: &str) -> impl Future<Output = T> {
        let at = Location::caller();
        async move {
            match self.value(expression, None).await {
                Ok(value) => value,
                Err(error) => self.give_up(at, &format!("evaluate {expression}"), &error).await,
            }
        }
    }

    /// The value of a script's expression in the frame whose address begins so.
    #[track_caller]
    pub fn evaluate_in_frame<T: DeserializeOwned>(
        &self,
        url: &str,
        expression: &str,
    ) -> impl Future<Output = T> {
        let at = Location::caller();
        async move {
            match self.value(expression, Some(url)).await {
                Ok(value) => value,
                Err(error) => self.give_up(at, &format!("evaluate {expression} in {url}"), &error).await,
            }
        }
    }

    /// Takes a picture of the window, into `target/screenshots/`.
    #[track_caller]
    pub fn screenshot(&self, name: &str) -> impl Future<Output = PathBuf> {
        let at = Location::caller();
        async move {
            match picture(&self.page, name).await {
                Ok(path) => path,
                Err(error) => self.give_up(at, "take a picture", &error).await,
            }
        }
    }

    pub(super) async fn read(&self) -> Result<Node, CdpError> {
        tree::read(&self.page).await
    }

    async fn look(&self, at: &Location<'_>) -> Node {
        self.keep_trying(at, "look at the page", async || Ok(self.read().await?)).await
    }

    /// Tries until it can be done, or patience ends.
    pub(super) async fn keep_trying<T>(
        &self,
        at: &Location<'_>,
        wanted: &str,
        attempt: impl AsyncFn() -> Result<T, NotYet>,
    ) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match attempt().await {
                Ok(done) => return done,
                Err(reason) if Instant::now() >= deadline => self.give_up(at, wanted, &reason).await,
                Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    }

    /// Fails the test, with everything that helps to see why.
    pub(super) async fn give_up(&self, at: &Location<'_>, wanted: &str, reason: &impl Display) -> ! {
        let page = match self.read().await {
            Ok(page) => page.outline(),
            Err(error) => format!("(the page cannot be read: {error})"),
        };
        let console: Vec<String> = self.console.lines().iter().map(Said::to_string).collect();
        let name = &self.name;
        panic!(
            "{at}: {name} could not {wanted}: {reason}\n\n{name} had before them:\n{page}\n\nin the console:\n{}\n",
            console.join("\n")
        )
    }

    async fn value<T: DeserializeOwned>(
        &self,
        expression: &str,
        frame_url: Option<&str>,
    ) -> Result<T, CdpError> {
        let mut question = EvaluateParams::new(expression);
        question.return_by_value = Some(true);
        question.await_promise = Some(true);
        if let Some(url) = frame_url {
            question.context_id = Some(self.context_of(url).await?);
        }
        let answer = self.page.execute(question).await?.result;
        if let Some(exception) = answer.exception_details {
            return Err(CdpError::JavascriptException(Box::new(exception)));
        }
        Ok(serde_json::from_value(answer.result.value.unwrap_or_default())?)
    }

    async fn context_of(&self, url: &str) -> Result<ExecutionContextId, CdpError> {
        for frame in self.page.frames().await? {
            let address = self.page.frame_url(frame.clone()).await?.unwrap_or_default();
            if address.starts_with(url)
                && let Some(context) = self.page.frame_execution_context(frame).await?
            {
                return Ok(context);
            }
        }
        Err(CdpError::NotFound)
    }
}

impl Drop for Person {
    /// A failing test leaves a picture of everybody in it.
    fn drop(&mut self) {
        if !thread::panicking() {
            return;
        }
        let test = thread::current().name().unwrap_or("test").replace("::", "-");
        let name = format!("{test}-{}", self.name);
        let page = self.page.clone();
        let taken = self
            .runtime
            .spawn(async move { tokio::time::timeout(Duration::from_secs(5), picture(&page, &name)).await });
        if let Ok(Ok(Ok(path))) = futures::executor::block_on(taken) {
            eprintln!("{} as last seen: {}", self.name, path.display());
        }
    }
}

async fn picture(page: &Page, name: &str) -> Result<PathBuf, CdpError> {
    let params = ScreenshotParams::builder().format(CaptureScreenshotFormat::Png).build();
    let image = page.screenshot(params).await?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
    fs::create_dir_all(&folder)?;
    let path = folder.canonicalize()?.join(format!("{name}.png"));
    fs::write(&path, image)?;
    Ok(path)
}

/// Whether a page shows this text, however it is wrapped.
pub(super) fn contains(shown: &str, wanted: &str) -> bool {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    bare(shown).contains(&bare(wanted))
}
