//! Reads what the frame's page says, loads the words, and puts the app on screen.

use deskbell_browser::page::Listener;
use deskbell_shared::wire::WidgetConfig;
use leptos::{logging::error, prelude::*};
use wasm_bindgen_futures::spawn_local;

use crate::{
    app::App,
    host::{Fragment, Host},
    look, views, words,
};

/// The element in which the worker puts the site's [`WidgetConfig`].
const CONFIG: &str = "deskbell-config";

/// Starts, or says in the console why not. The loader in the page notices the silence, and asks the edge.
pub(crate) fn start() {
    let Some(config) = read_config() else {
        return error!("Deskbell: this page has no readable #{CONFIG}");
    };
    let fragment = Fragment::read();
    let host = match Host::find(&fragment, &config.settings.origins) {
        Ok(host) => host,
        Err(fault) => return error!("Deskbell: {fault}"),
    };
    fragment.theme.apply();
    look::wear_accent(&config.settings.accent);
    spawn_local(async move {
        let wanted = words::wanted(fragment.languages, config.settings.language.as_ref());
        let Some(words) = words::fetch(words::choose(&wanted)).await else { return };
        words::announce(&words);
        leptos::mount::mount_to_body(move || {
            let app = App::start(config.clone(), wanted.clone(), words.clone(), host);
            listen(app);
            app.ready();
            views::panel(app)
        });
    });
}

fn read_config() -> Option<WidgetConfig> {
    let element = web_sys::window()?.document()?.get_element_by_id(CONFIG)?;
    serde_json::from_str(&element.text_content()?).ok()
}

/// Hears the page, and notices when the visitor looks again. Both last as long as the app.
fn listen(app: App) {
    let listeners: Vec<Option<Listener>> = vec![
        app.listen(),
        document().map(|document| Listener::on(&document, "visibilitychange", move |_| app.visibility())),
    ];
    StoredValue::new_local(listeners);
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
