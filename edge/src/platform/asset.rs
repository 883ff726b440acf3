//! Files of the build, read through the assets binding: pages to fill, and what to compile with: phrasebooks, and
//! what was learned from them.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;
use worker::Env;

use crate::refusal::{Outcome, Refusal};

/// The text of a file that every build makes. `path` begins with a slash.
///
/// # Errors
/// *Unavailable* when it is not there, or is not UTF-8.
pub(crate) async fn text(env: &Env, path: &str) -> Outcome<String> {
    let text = text_if_there(env, path).await?;
    text.ok_or_else(|| Refusal::failed(format_args!("no asset {path}: build the project first")))
}

/// The text of a file that a build may have made; `None` when it has not.
///
/// # Errors
/// *Unavailable* when the platform does not hand it out, or it is not UTF-8.
pub(crate) async fn text_if_there(env: &Env, path: &str) -> Outcome<Option<String>> {
    let bytes = bytes_if_there(env, path).await?;
    bytes.map(String::from_utf8).transpose().map_err(Refusal::failed)
}

/// A file that a build may have made; `None` when it has not.
///
/// # Errors
/// *Unavailable* when the platform does not hand it out.
pub(crate) async fn bytes_if_there(env: &Env, path: &str) -> Outcome<Option<Vec<u8>>> {
    let response = env.assets("ASSETS")?.fetch(format!("https://assets{path}"), None).await?;
    match response.status_code() {
        200 => {
            let bytes = JsFuture::from(Response::from(response).array_buffer()?).await?;
            Ok(Some(Uint8Array::new(&bytes).to_vec()))
        }
        404 => Ok(None),
        status => Err(Refusal::failed(format_args!("the asset {path} gave {status}"))),
    }
}
