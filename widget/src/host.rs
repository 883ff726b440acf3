//! Messages to and from the site's page, which holds this frame. Their other side is `widget/loader/protocol.ts`.
//!
//! A message is taken only from the window that holds the frame, from the origin the site's owner allows, and
//! of this version; everything else that arrives is somebody else's.

use deskbell_browser::page::Listener;
use deskbell_shared::wire::Origin;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, UrlSearchParams, Window};

use crate::look::Theme;

const VERSION: u8 = 1;
/// Longer texts are not taken: the page has nothing to say that is as long, in bytes.
const LONGEST: usize = 32 * 1024;

/// The page around the frame. There is none when the frame's address was opened by itself.
pub(crate) struct Host {
    parent: Option<(Window, Origin)>,
}

/// What the page says.
#[derive(Debug, PartialEq)]
pub(crate) enum FromPage {
    /// The panel is open now. With a finger, the keyboard should not jump up.
    Open {
        touch: bool,
    },
    Close,
    Locale(String),
    Theme(Theme),
    Ask(String),
    /// The visitor is signed in at the site, and this token says as whom.
    Identify(String),
    /// Where the visitor is: the answer to [`ToPage::Where`].
    Page {
        url: String,
        title: String,
    },
}

/// What the page is told.
#[derive(Debug)]
pub(crate) enum ToPage<'a> {
    /// The app listens, and this is the site's colour.
    Ready {
        accent: &'a str,
        ink: &'a str,
    },
    /// The visitor closed the panel.
    Close,
    /// Where is the visitor?
    Where,
    Unread(usize),
    /// An event of the public interface.
    Event(Event<'a>),
}

/// An event of the public interface, declared in `deskbell.d.ts`. None has the visitor's words.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// Something was said in the talk with a person, by `visitor` or `agent`.
    Message(&'static str),
    /// A question was dealt with: `answered`, `offered`, `missed` or `repeated`.
    Answer { outcome: &'static str, entry: Option<&'a str> },
    /// The talk went to a person, as this conversation.
    Handoff(&'a str),
}

impl ToPage<'_> {
    /// The message as it crosses.
    fn sealed(&self) -> JsValue {
        let message = match self {
            Self::Ready { accent, ink } => {
                object(&[("t", "ready".into()), ("accent", (*accent).into()), ("ink", (*ink).into())])
            }
            Self::Close => object(&[("t", "close".into())]),
            Self::Where => object(&[("t", "where".into())]),
            Self::Unread(count) => object(&[("t", "unread".into()), ("count", (*count as f64).into())]),
            Self::Event(event) => {
                let (name, detail) = event.told();
                object(&[("t", "event".into()), ("name", name.into()), ("detail", detail)])
            }
        };
        set(&message, "deskbell", VERSION.into());
        message
    }
}

impl Event<'_> {
    fn told(&self) -> (&'static str, JsValue) {
        match self {
            Self::Message(from) => ("message", object(&[("from", (*from).into())])),
            Self::Answer { outcome, entry } => {
                let detail = object(&[("outcome", (*outcome).into())]);
                if let Some(entry) = entry {
                    set(&detail, "entry", (*entry).into());
                }
                ("answer", detail)
            }
            Self::Handoff(conversation) => ("handoff", object(&[("conversation", (*conversation).into())])),
        }
    }
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new().into();
    for (name, value) in fields {
        set(&object, name, value.clone());
    }
    object
}

fn set(object: &JsValue, name: &str, value: JsValue) {
    // Setting a property of a plain object of one's own cannot fail.
    let _ = js_sys::Reflect::set(object, &name.into(), &value);
}

/// What the loader put into the frame's address, behind the `#`: it never leaves the browser.
#[derive(Default)]
pub(crate) struct Fragment {
    origin: String,
    /// The languages the page wants, most wanted first.
    pub(crate) languages: Vec<String>,
    pub(crate) theme: Theme,
}

/// The page that holds the frame may not.
#[derive(Debug, thiserror::Error)]
#[error("the page {0:?} may not show this chat")]
pub(crate) struct NotAllowed(String);

impl Fragment {
    /// Reads the frame's own address.
    pub(crate) fn read() -> Self {
        let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
        let Ok(params) = UrlSearchParams::new_with_str(hash.trim_start_matches('#')) else {
            return Self::default();
        };
        let get = |name: &str| params.get(name).unwrap_or_default();
        Self {
            origin: get("origin"),
            languages: get("languages").split(',').map(str::to_owned).collect(),
            theme: Theme::parse(&get("theme")),
        }
    }
}

impl Host {
    /// Finds the page around the frame.
    ///
    /// # Errors
    /// [`NotAllowed`] when it is not one of the `allowed`. The frame's `frame-ancestors` keeps such pages out
    /// already; and were the address to name a wrong origin, the browser would deliver no message to it.
    pub(crate) fn find(fragment: &Fragment, allowed: &[Origin]) -> Result<Self, NotAllowed> {
        let window = web_sys::window();
        let parent = window.as_ref().and_then(|window| window.parent().ok().flatten());
        match parent.zip(window) {
            Some((parent, window)) if !js_sys::Object::is(&parent, &window) => {
                let origin = allowed.iter().find(|origin| origin.as_str() == fragment.origin);
                let origin = origin.ok_or_else(|| NotAllowed(fragment.origin.clone()))?.clone();
                Ok(Self { parent: Some((parent, origin)) })
            }
            _ => Ok(Self { parent: None }),
        }
    }

    /// Whether there is a page around the frame.
    pub(crate) fn is_there(&self) -> bool {
        self.parent.is_some()
    }

    /// Tells the page something.
    pub(crate) fn tell(&self, message: ToPage<'_>) {
        let Some((parent, origin)) = &self.parent else { return };
        // It fails for an origin that cannot be read, and an `Origin` can.
        let _ = parent.post_message(&message.sealed(), origin.as_str());
    }

    /// Hears what the page says, until what it returns is dropped.
    pub(crate) fn listen(&self, hear: impl Fn(FromPage) + 'static) -> Option<Listener> {
        let (parent, origin) = self.parent.clone()?;
        let heard = move |event: web_sys::Event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            let from_page = event.source().is_some_and(|source| js_sys::Object::is(&source, &parent));
            if from_page
                && event.origin() == origin.as_str()
                && let Some(message) = opened(&event.data())
            {
                hear(message);
            }
        };
        let window = web_sys::window()?;
        Some(Listener::on(&window, "message", heard))
    }
}

/// What is in the envelope; nothing when it is not one of ours.
fn opened(data: &JsValue) -> Option<FromPage> {
    let field = |name: &str| js_sys::Reflect::get(data, &name.into()).ok();
    let text = |name: &str| field(name)?.as_string().filter(|text| text.len() <= LONGEST);
    if field("deskbell")?.as_f64() != Some(f64::from(VERSION)) {
        return None;
    }
    Some(match text("t")?.as_str() {
        "open" => FromPage::Open { touch: field("touch")?.as_bool()? },
        "close" => FromPage::Close,
        "locale" => FromPage::Locale(text("locale")?),
        "theme" => FromPage::Theme(Theme::parse(&text("theme")?)),
        "ask" => FromPage::Ask(text("text")?),
        "identify" => FromPage::Identify(text("token")?),
        "page" => FromPage::Page { url: text("url")?, title: text("title")? },
        _ => return None,
    })
}
