//! Finding Chromium, starting it with a profile of its own, and ending it.

use std::{
    env,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chromiumoxide::{
    BrowserConfig,
    cdp::browser_protocol::{
        browser::{BrowserContextId, PermissionDescriptor, PermissionSetting, SetPermissionParams},
        network::Cookie,
        storage::GetCookiesParams,
        target::{CreateBrowserContextParams, CreateTargetParams},
    },
    error::CdpError,
};
use futures::StreamExt;
use serde::Deserialize;
use tokio::runtime::Runtime;

use super::Person;
use crate::folder::Folder;

/// The names under which Chromium is installed, tried in turn when `$CHROMIUM` does not say.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Beside what the library switches off by itself: nothing that reaches for the network on its own, and one
/// process for all frames of a page (the module's documentation says why).
const FLAGS: [&str; 7] = [
    "disable-gpu",
    "disable-quic",
    "disable-component-update",
    "no-default-browser-check",
    "disable-site-isolation-trials",
    "disable-features=IsolateOrigins,site-per-process,OriginKeyedProcessesByDefault,OptimizationHints,MediaRouter",
    "deny-permission-prompts",
];

/// One Chromium with a fresh profile. It ends when this is dropped.
pub struct Browser {
    chromium: Option<chromiumoxide::Browser>,
    /// Drives the connection on its own thread, so that a test that blocks or panics can still take a screenshot.
    runtime: Option<Runtime>,
    unread: Unread,
    _profile: Folder,
}

/// The names of events that the library could not read. Silence about them would make "no request was sent" a guess.
pub(super) type Unread = Arc<Mutex<Vec<String>>>;

impl Browser {
    /// Starts Chromium, headless.
    ///
    /// # Panics
    /// When there is none, or it does not start: the message says what to do.
    pub async fn start() -> Self {
        let profile = Folder::new().unwrap_or_else(|error| panic!("no room for a browser profile: {error}"));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("browser")
            .enable_all()
            .build()
            .unwrap_or_else(|error| panic!("no thread for the browser: {error}"));
        let config = config(&profile);
        let unread = Unread::default();
        let notes = Arc::clone(&unread);
        let launched = runtime.spawn(async move {
            let (mut chromium, mut handler) = chromiumoxide::Browser::launch(config).await?;
            drain_stderr(&mut chromium);
            tokio::spawn(async move {
                while let Some(step) = handler.next().await {
                    match step {
                        Ok(()) => {}
                        Err(CdpError::InvalidMessage(message, _)) => note(&notes, &message),
                        Err(_) => break,
                    }
                }
            });
            Ok::<_, CdpError>(chromium)
        });
        let chromium = match launched.await {
            Ok(Ok(chromium)) => chromium,
            Ok(Err(error)) => panic!("Chromium did not start: {error}"),
            Err(error) => panic!("Chromium did not start: {error}"),
        };
        Self { chromium: Some(chromium), runtime: Some(runtime), unread, _profile: profile }
    }

    /// Somebody with a browser window of their own: nothing is shared with anybody else's, neither cookies nor
    /// storage nor cache. The name appears in failures and names the screenshots.
    ///
    /// # Panics
    /// When Chromium opens no window.
    pub async fn person(&self, name: &str) -> Person {
        let context = self.chromium().create_browser_context(CreateBrowserContextParams::default()).await;
        self.tab(name, context.unwrap_or_else(|error| panic!("{name} got no window: {error}"))).await
    }

    /// Another tab of somebody's, with all that their first one keeps.
    ///
    /// # Panics
    /// When Chromium opens none.
    pub async fn another_tab(&self, person: &Person, name: &str) -> Person {
        self.tab(name, person.context.clone()).await
    }

    async fn tab(&self, name: &str, context: BrowserContextId) -> Person {
        let Some(runtime) = &self.runtime else { unreachable!("it is there until the browser is dropped") };
        let mut target = CreateTargetParams::new("about:blank");
        target.browser_context_id = Some(context.clone());
        let page = self.chromium().new_page(target).await;
        let page = page.unwrap_or_else(|error| panic!("{name} got no window: {error}"));
        Person::enter(name, page, context, runtime.handle(), Arc::clone(&self.unread)).await
    }

    /// Lets the page that somebody has open show notifications.
    ///
    /// # Panics
    /// When Chromium does not.
    pub async fn allows_notifications(&self, person: &Person) {
        let mut allowed = SetPermissionParams::new(
            PermissionDescriptor::new("notifications".to_owned()),
            PermissionSetting::Granted,
        );
        allowed.origin = Some(person.evaluate("location.origin").await);
        allowed.browser_context_id = Some(person.context.clone());
        if let Err(error) = self.chromium().execute(allowed).await {
            panic!("Chromium allows no notifications: {error}");
        }
    }

    /// All cookies that somebody's browser holds, for whichever site and path.
    ///
    /// # Panics
    /// When Chromium does not tell.
    pub async fn cookies_of(&self, person: &Person) -> Vec<Cookie> {
        let question = GetCookiesParams { browser_context_id: Some(person.context.clone()) };
        match self.chromium().execute(question).await {
            Ok(answer) => answer.result.cookies,
            Err(error) => panic!("Chromium does not tell its cookies: {error}"),
        }
    }

    fn chromium(&self) -> &chromiumoxide::Browser {
        self.chromium.as_ref().unwrap_or_else(|| unreachable!("it is there until the browser is dropped"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let (Some(mut chromium), Some(runtime)) = (self.chromium.take(), self.runtime.take()) {
            let ended = runtime.spawn(async move {
                chromium.kill().await;
            });
            let _ = futures::executor::block_on(ended);
            runtime.shutdown_background();
        }
    }
}

fn config(profile: &Folder) -> BrowserConfig {
    let mut config = BrowserConfig::builder()
        .chrome_executable(executable())
        .new_headless_mode()
        .user_data_dir(profile.path())
        .window_size(1280, 800)
        .viewport(None)
        .launch_timeout(Duration::from_secs(60))
        .surface_invalid_messages()
        .respect_https_errors()
        .args(FLAGS);
    if is_root() {
        config = config.no_sandbox();
    }
    config.build().unwrap_or_else(|error| panic!("Chromium cannot be started so: {error}"))
}

fn executable() -> PathBuf {
    if let Some(path) = env::var_os("CHROMIUM") {
        return path.into();
    }
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("no Chromium: run `apt install chromium`, or name one in $CHROMIUM"))
}

/// Chromium refuses its sandbox to root, as whom containers run.
fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// Reads away what Chromium logs: a full pipe would stop it.
fn drain_stderr(chromium: &mut chromiumoxide::Browser) {
    if let Some(stderr) = chromium.get_mut_child().and_then(|child| child.stderr.take()) {
        let mut stderr = stderr.into_inner();
        tokio::spawn(async move { tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await });
    }
}

fn note(unread: &Unread, message: &str) {
    #[derive(Deserialize)]
    struct Event {
        method: String,
    }
    // An answer that cannot be read fails the step that asked for it; here it is about events alone.
    if let Ok(event) = serde_json::from_str::<Event>(message) {
        unread.lock().unwrap_or_else(PoisonError::into_inner).push(event.method);
    }
}
