//! Asking the browser for a passkey, of which one can be asked for at a time: Web Authentication, Level 3, section 5.1.

use std::cell::RefCell;

use deskbell_browser::http::Failure;
use deskbell_shared::wire::{
    Algorithm, Assertion, AssertionResponse, Base64Url, Registration, RegistrationResponse, SiteId,
};
use js_sys::{JSON, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, CredentialCreationOptions, CredentialRequestOptions, CredentialsContainer};

use crate::api::Api;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = parseCreationOptionsFromJSON, catch)]
    fn parse_creation_options(json: JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = parseRequestOptionsFromJSON, catch)]
    fn parse_request_options(json: JsValue) -> Result<JsValue, JsValue>;

    /// A `PublicKeyCredential`. Extensions that keep passkeys give something like it, whose `toJSON` may not work: it is read
    /// field by field.
    type Given;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn id(this: &Given) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn response(this: &Given) -> Result<Answer, JsValue>;

    /// An `AuthenticatorAttestationResponse`, or an `AuthenticatorAssertionResponse`.
    type Answer;
    #[wasm_bindgen(method, getter, structural, catch, js_name = clientDataJSON)]
    fn client_data(this: &Answer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = getAuthenticatorData)]
    fn made_data(this: &Answer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = getPublicKey)]
    fn public_key(this: &Answer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = getPublicKeyAlgorithm)]
    fn algorithm(this: &Answer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch, js_name = authenticatorData)]
    fn signed_data(this: &Answer) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn signature(this: &Answer) -> Result<JsValue, JsValue>;
}

/// Why there is no passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It was asked for no longer.
    GivenUp,
    /// The person has closed the browser's dialogue, it has waited too long, or there was none to choose.
    NotGiven,
    /// The device has one of theirs already.
    Known,
    /// What the device has made came too late.
    Late,
    /// The browser or the device could not do it.
    Unable,
    /// The edge has refused, or could not be asked.
    Edge(Failure),
}

thread_local! {
    static PENDING: RefCell<Option<AbortController>> = const { RefCell::new(None) };
}

/// Whether this browser has passkeys, and on this page: it needs https, or this machine.
pub fn are_there() -> bool {
    let Ok(class) = Reflect::get(&window(), &"PublicKeyCredential".into()) else { return false };
    let knows = |name: &str| Reflect::get(&class, &name.into()).is_ok_and(|known| known.is_function());
    class.is_function() && knows("parseCreationOptionsFromJSON") && knows("parseRequestOptionsFromJSON")
}

/// Asks for no passkey any more.
pub fn give_up() {
    if let Some(pending) = PENDING.take() {
        pending.abort();
    }
}

/// Has the person make a passkey. What was asked for before is not any more.
pub async fn make(api: &Api) -> Result<Registration, Trouble> {
    let pending = begin()?;
    let options = api.new_passkey_options().await.map_err(Trouble::Edge)?;
    let given = ask(&options, parse_creation_options, pending, |credentials, options| {
        credentials.create_with_options(options.unchecked_ref::<CredentialCreationOptions>())
    });
    let answer = given.await?.response().map_err(|error| trouble(&error))?;
    Ok(Registration {
        response: RegistrationResponse {
            client_data: bytes(answer.client_data())?,
            authenticator_data: bytes(answer.made_data())?,
            public_key: bytes(answer.public_key())?,
            public_key_algorithm: algorithm(answer.algorithm())?,
        },
    })
}

/// Has the person use one of theirs. What was asked for before is not any more.
pub async fn take(site: &SiteId) -> Result<Assertion, Trouble> {
    let pending = begin()?;
    let options = Api::passkey_options(site).await.map_err(Trouble::Edge)?;
    let given = ask(&options, parse_request_options, pending, |credentials, options| {
        credentials.get_with_options(options.unchecked_ref::<CredentialRequestOptions>())
    });
    let given = given.await?;
    let id = given.id().ok().and_then(|id| id.as_string()).and_then(|id| id.try_into().ok());
    let answer = given.response().map_err(|error| trouble(&error))?;
    Ok(Assertion {
        id: id.ok_or(Trouble::Unable)?,
        response: AssertionResponse {
            client_data: bytes(answer.client_data())?,
            authenticator_data: bytes(answer.signed_data())?,
            signature: bytes(answer.signature())?,
        },
    })
}

fn begin() -> Result<JsValue, Trouble> {
    give_up();
    let pending = AbortController::new().map_err(|_| Trouble::Unable)?;
    let signal = pending.signal().into();
    PENDING.set(Some(pending));
    Ok(signal)
}

async fn ask(
    options: &impl Serialize,
    parse: impl FnOnce(JsValue) -> Result<JsValue, JsValue>,
    pending: JsValue,
    begin: impl FnOnce(CredentialsContainer, &Object) -> Result<Promise, JsValue>,
) -> Result<Given, Trouble> {
    let written = serde_json::to_string(options).map_err(|_| Trouble::Unable)?;
    let asked = async {
        let around = Object::new();
        Reflect::set(&around, &"publicKey".into(), &parse(JSON::parse(&written)?)?)?;
        Reflect::set(&around, &"signal".into(), &pending)?;
        JsFuture::from(begin(window().navigator().credentials(), &around)?).await
    };
    asked.await.map(JsCast::unchecked_into).map_err(|error| trouble(&error))
}

/// What stands in a buffer, as it is sent.
fn bytes(buffer: Result<JsValue, JsValue>) -> Result<Base64Url, Trouble> {
    let buffer = buffer.map_err(|error| trouble(&error))?;
    // One character a byte is what the browser's own encoder takes.
    let characters: String = Uint8Array::new(&buffer).to_vec().into_iter().map(char::from).collect();
    let written = window().btoa(&characters).map_err(|_| Trouble::Unable)?;
    let written = written.replace('+', "-").replace('/', "_");
    written.trim_end_matches('=').to_owned().try_into().map_err(|_| Trouble::Unable)
}

fn algorithm(number: Result<JsValue, JsValue>) -> Result<Algorithm, Trouble> {
    let number = number.ok().and_then(|number| number.as_f64()).ok_or(Trouble::Unable)?;
    Algorithm::try_from(number as i32).map_err(|_| Trouble::Unable)
}

/// What a `DOMException` of the browser's means.
fn trouble(error: &JsValue) -> Trouble {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("AbortError") => Trouble::GivenUp,
        Some("NotAllowedError") => Trouble::NotGiven,
        Some("InvalidStateError") => Trouble::Known,
        _ => Trouble::Unable,
    }
}
