//! Making a site: what it is called, where it may be shown, who owns it. Then the script tag to paste, and
//! its first FAQ.

pub mod form;

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{ProblemKind, SiteId};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use self::form::{Fault, Field as Of, Meant, Typed};
use crate::{
    api::{Api, Pass},
    faq::upload::Upload,
    settings::ScriptTag,
    ui::{
        field::{Field, Kind, focus, focus_first_fault},
        language::LanguageSwitch,
        refusal::Refusal,
    },
    words::{t, words},
};

/// A site that has just been made, and the token for its next step.
#[derive(Clone, PartialEq)]
struct Made {
    site: SiteId,
    token: String,
}

/// Making a site.
#[component]
pub fn SetupPage() -> impl IntoView {
    let made = RwSignal::new(None::<Made>);
    let words = words();
    Effect::new(move |_| document().set_title(&words.text("setup.title")));
    view! {
        <main class="door">
            <div class="door-card broad">
                {move || match made.get() {
                    None => view! { <SetupForm made/> }.into_any(),
                    Some(made) => view! { <NextSteps made/> }.into_any(),
                }}
            </div>
            <LanguageSwitch/>
        </main>
    }
}

/// The form.
#[component]
fn SetupForm(
    /// Set when the site is made.
    made: RwSignal<Option<Made>>,
) -> impl IntoView {
    let words = words();
    let new = || RwSignal::new(String::new());
    let (token, site, name, origins) = (new(), new(), new(), new());
    let (email, person, password) = (new(), new(), new());
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let read = Memo::new(move |_| {
        form::read(&Typed {
            token: token.get(),
            site: site.get(),
            name: name.get(),
            origins: origins.get(),
            email: email.get(),
            person: person.get(),
            password: password.get(),
        })
    });
    let fault = move |of: Of| {
        Signal::derive(move || {
            let said = |fault: &Fault| words.fill(fault.key, &[("value", &fault.value)]);
            let found = |faults: &Vec<Fault>| faults.iter().find(|fault| fault.field == of).map(said);
            tried.get().then(|| read.with(|read| read.as_ref().err().and_then(found))).flatten()
        })
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Ok(Meant { token, site, request }) = read.get_untracked() else { return focus_first_fault() };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let api = Api::new(site.clone(), Pass::Operator(token.clone()));
            let answer = api.make_site(&request).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    made.try_set(Some(Made { site, token }));
                }
                Err(why) => {
                    let field = particular(&why).map(|(_, field)| field);
                    failure.try_set(Some(why));
                    if let Some(field) = field {
                        focus(document().get_element_by_id(field));
                    }
                }
            }
        });
    };
    let refused = move || {
        failure.get().map(|failure| match particular(&failure) {
            Some((key, _)) => view! { <p class="refusal" role="alert">{t(key)}</p> }.into_any(),
            None => view! { <Refusal failure/> }.into_any(),
        })
    };
    view! {
        <h1>{t("setup.title")}</h1>
        <p class="hint">{t("setup.about")}</p>
        <form class="form" method="post" novalidate on:submit=submit aria-busy=move || busy.get().to_string()>
            <Field
                id="token"
                label="setup.token"
                kind=Kind::Password
                value=token
                hint="setup.token_hint"
                fault=fault(Of::Token)
                focus=true
            />
            <fieldset>
                <legend>{t("setup.the_site")}</legend>
                <Field id="site" label="setup.site" value=site hint="setup.site_hint" fault=fault(Of::Site)/>
                <Field id="name" label="setup.name" value=name hint="setup.name_hint" fault=fault(Of::Name)/>
                <Field
                    id="origins"
                    label="setup.origins"
                    kind=Kind::Lines
                    value=origins
                    hint="setup.origins_hint"
                    fault=fault(Of::Origins)
                />
            </fieldset>
            <fieldset>
                <legend>{t("setup.the_owner")}</legend>
                <Field
                    id="email"
                    label="sign_in.email"
                    kind=Kind::Email
                    autocomplete="username"
                    value=email
                    fault=fault(Of::Email)
                />
                <Field
                    id="person"
                    label="setup.person"
                    autocomplete="name"
                    value=person
                    hint="setup.person_hint"
                    fault=fault(Of::Person)
                />
                <Field
                    id="password"
                    label="sign_in.password"
                    kind=Kind::Password
                    autocomplete="new-password"
                    value=password
                    hint="setup.password_hint"
                    fault=fault(Of::Password)
                />
            </fieldset>
            {refused}
            <button type="submit" class="button primary wide">
                {move || words.text(if busy.get() { "setup.busy" } else { "setup.go" })}
            </button>
        </form>
    }
}

/// What a refusal means here, where it means something in particular, and the field to mend.
fn particular(failure: &Failure) -> Option<(&'static str, &'static str)> {
    let Failure::Refused(problem) = failure else { return None };
    match problem.kind {
        ProblemKind::SignInNeeded | ProblemKind::NotAllowed => Some(("setup.wrong_token", "token")),
        ProblemKind::Conflict => Some(("setup.taken", "site")),
        _ => None,
    }
}

/// What comes after the site is made.
#[component]
fn NextSteps(
    /// The site.
    made: Made,
) -> impl IntoView {
    let words = words();
    let Made { site, token } = made;
    let inbox = format!("/inbox/{site}");
    let api = Api::new(site.clone(), Pass::Operator(token));
    let name = site.to_string();
    view! {
        <h1 id="made">{move || words.fill("setup.made", &[("site", &name)])}</h1>
        <section>
            <h2>{t("settings.tag")}</h2>
            <ScriptTag site=site/>
        </section>
        <section>
            <h2>{t("faq.publish")}</h2>
            <p class="hint">{t("faq.about")}</p>
            <Upload api=move |()| api.clone() on_published=|_| () on_failed=|_| ()/>
        </section>
        <section>
            <h2>{t("setup.inbox")}</h2>
            <p class="hint">{t("setup.inbox_about")}</p>
            <p><a class="button primary" id="to-inbox" href=inbox>{t("setup.to_inbox")}</a></p>
        </section>
    }
}
