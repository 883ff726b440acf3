//! The script tag to paste, and what is set for the site.

use deskbell_browser::{http::Failure, page};
use deskbell_shared::wire::{SiteId, SiteSettings};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    channels::ChannelsSection,
    customers::CustomersSection,
    hours::HoursSection,
    look::LookForm,
    retention::RetentionSection,
    routing::RoutingSection,
    session::session,
    ui::{copy::CopyText, refusal::Retry},
    webhooks::WebhooksSection,
    words::t,
};

/// The script tag that puts the chat on a site's pages.
pub fn script_tag(origin: &str, site: &SiteId) -> String {
    format!("<script async src=\"{origin}/deskbell.js\" data-site=\"{site}\"></script>")
}

/// The script tag, with a button that copies it.
#[component]
pub fn ScriptTag(
    /// For which site.
    site: SiteId,
) -> impl IntoView {
    view! {
        <p class="hint">{t("settings.tag_about")}</p>
        <CopyText id="script-tag" text=script_tag(&page::origin(), &site)/>
    }
}

/// The script tag to paste, and what is set for the site.
#[component]
pub fn SettingsScreen() -> impl IntoView {
    let session = session();
    let settings = RwSignal::new(None::<Result<SiteSettings, Failure>>);
    let load = move || {
        spawn_local(async move {
            let answer = session.api().settings().await;
            settings.try_set(Some(answer.map_err(|failure| session.heed(failure))));
        });
    };
    load();
    let origins = move |settings: &SiteSettings| {
        if settings.origins.is_empty() {
            return view! { <p class="warning">{t("settings.no_origins")}</p> }.into_any();
        }
        let row = |origin: &deskbell_shared::wire::Origin| {
            view! { <li><code>{origin.to_string()}</code></li> }
        };
        view! { <ul class="origins" id="origins">{settings.origins.iter().map(row).collect_view()}</ul> }
            .into_any()
    };
    let shown = move || match settings.get() {
        None => view! { <p class="loading" role="status">{t("app.loading")}</p> }.into_any(),
        Some(Err(failure)) => view! {
            <Retry failure on_retry=move |()| load()/>
        }
        .into_any(),
        Some(Ok(settings)) => {
            let origins = origins(&settings);
            view! {
                <section>
                    <h2>{t("settings.look")}</h2>
                    <LookForm settings/>
                </section>
                <section>
                    <h2>{t("settings.origins")}</h2>
                    <p class="hint">{t("settings.origins_about")}</p>
                    {origins}
                </section>
            }
            .into_any()
        }
    };
    view! {
        <main class="page">
            <div class="page-body">
                <h1>{t("settings.title")}</h1>
                <section>
                    <h2>{t("settings.tag")}</h2>
                    <ScriptTag site=session.site()/>
                </section>
                {shown}
                <HoursSection/>
                <RoutingSection/>
                <CustomersSection/>
                <RetentionSection/>
                <ChannelsSection/>
                <WebhooksSection/>
            </div>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_the_one_the_loader_reads() {
        assert_eq!(
            script_tag("https://chat.example.com", &"acme".parse().unwrap()),
            r#"<script async src="https://chat.example.com/deskbell.js" data-site="acme"></script>"#
        );
    }
}
