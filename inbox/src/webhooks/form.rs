//! Where a webhook is sent, in what form, and of what it tells.

use deskbell_browser::{http::Failure, random};
use deskbell_shared::wire::{
    LanguageTag, Subject, Topic, Webhook, WebhookId, WebhookRequest, WebhookUrl, WebhookUrlError,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::known::{FORMATS, Known, TOPICS};
use crate::{
    subjects::{SubjectNames, subjects},
    ui::{
        checks::{Check, Checks},
        choices::Choices,
        dialog::{Dialog, FormFoot},
        field::{Field, focus_first_fault},
        names::choose,
        refusal::Refusal,
    },
    words::{t, words},
};

/// What a new one tells of, unless somebody chooses otherwise: what somebody has to come for. Each turn of a talk that goes on
/// is not that.
const AT_FIRST: [Topic; 4] = [Topic::Opened, Topic::Reopened, Topic::Appealed, Topic::AlertBegan];

/// Asks for what a webhook is.
#[component]
pub fn WebhookForm(
    /// One that is there already; without it, a new one is made.
    #[prop(optional)]
    webhook: Option<Webhook>,
    /// The screen's webhooks.
    known: Known,
    /// Called when it is done or given up.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let words = words();
    let is_new = webhook.is_none();
    // A new one has its name from the start, so that sending it twice makes one.
    let id = webhook.as_ref().map(|webhook| webhook.id).or_else(|| random::id().map(WebhookId));
    let set = webhook.map(|webhook| webhook.set);
    let url = RwSignal::new(set.as_ref().map(|set| set.url.as_str().to_owned()).unwrap_or_default());
    let format = RwSignal::new(set.as_ref().map(|set| set.format).unwrap_or_default());
    let topics = RwSignal::new(set.as_ref().map_or_else(|| AT_FIRST.to_vec(), |set| set.topics.clone()));
    let about = RwSignal::new(set.as_ref().map(|set| set.subjects.clone()).unwrap_or_default());
    let on = RwSignal::new(set.as_ref().is_none_or(|set| set.on));
    let language = set.map(|set| set.language);
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let parsed = Memo::new(move |_| url.with(|url| read(url)));
    let url_fault = Signal::derive(move || {
        parsed.get().err().filter(|_| tried.get()).map(|fault| words.text(fault_key(fault)))
    });
    let topics_fault = Signal::derive(move || {
        (tried.get() && topics.with(Vec::is_empty)).then(|| words.text("webhooks.no_topic"))
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let (Ok(url), false) = (parsed.get_untracked(), topics.with_untracked(Vec::is_empty)) else {
            return focus_first_fault();
        };
        // One that is there goes on speaking as its readers do, whoever changes it.
        let language =
            language.clone().or_else(|| LanguageTag::try_from(untrack(|| words.language()).to_owned()).ok());
        let (Some(id), Some(language)) = (id, language) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let (format, topics, on) = (format.get_untracked(), topics.get_untracked(), on.get_untracked());
        let subjects = about.get_untracked();
        spawn_local(async move {
            let done = known.put(id, &WebhookRequest { url, format, language, topics, subjects, on }).await;
            busy.try_set(false);
            match done {
                Ok(()) => _ = on_close.try_run(()),
                Err(why) => _ = failure.try_set(Some(why)),
            }
        });
    };
    view! {
        <Dialog labelled_by="webhook-title" on_close>
            <form class="form" novalidate on:submit=submit>
                <h2 id="webhook-title">{t(if is_new { "webhooks.add" } else { "webhooks.change" })}</h2>
                <Choices name="webhook-format" label="webhooks.to" chosen=format options=FORMATS/>
                <Field
                    id="webhook-url"
                    label="webhooks.url"
                    hint="webhooks.url_hint"
                    value=url
                    fault=url_fault
                    focus=is_new
                />
                <Checks name="webhook-topics" label="webhooks.topics" chosen=topics options=TOPICS fault=topics_fault/>
                <AboutField about/>
                <Check id="webhook-on" label="webhooks.is_on" is_on=on/>
                {id.is_none().then(|| view! { <p class="fault">{t("composer.no_random")}</p> })}
                {move || failure.get().map(|failure| view! { <Refusal failure/> })}
                <FormFoot busy on_close/>
            </form>
        </Dialog>
    }
}

/// Of talks about which subjects it tells, where the site has some.
#[component]
fn AboutField(
    /// Those; none for all.
    about: RwSignal<Vec<Subject>>,
) -> impl IntoView {
    let subjects = subjects();
    subjects.load();
    let has_any = subjects.has_any(about.get_untracked());
    let change = Callback::new(move |(subject, is_chosen)| {
        about.update(|about| choose(about, subject, is_chosen));
    });
    view! {
        <Show when=move || has_any.get()>
            <fieldset id="webhook-subjects">
                <legend>{t("webhooks.subjects")}</legend>
                <p class="hint">{t("webhooks.subjects_hint")}</p>
                <SubjectNames chosen=about on_change=change/>
            </fieldset>
        </Show>
    }
}

/// The address that was entered. One on the machine itself is for whoever runs Deskbell on it.
fn read(url: &str) -> Result<WebhookUrl, WebhookUrlError> {
    let url: WebhookUrl = url.trim().parse()?;
    let is_here = || location().hostname().is_ok_and(|host| host == "localhost" || host == "127.0.0.1");
    if url.is_local() && !is_here() { Err(WebhookUrlError::NotHttps) } else { Ok(url) }
}

fn fault_key(fault: WebhookUrlError) -> &'static str {
    match fault {
        WebhookUrlError::NotHttps => "webhooks.fault.https",
        WebhookUrlError::Characters => "webhooks.fault.characters",
        WebhookUrlError::Host => "webhooks.fault.host",
        WebhookUrlError::Credentials => "webhooks.fault.credentials",
        WebhookUrlError::Port => "webhooks.fault.port",
    }
}
