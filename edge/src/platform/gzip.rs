//! Compression by the platform's own streams: nothing for it has to be shipped in WebAssembly.

use js_sys::Uint8Array;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableWritablePair, Response};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = ReadableWritablePair)]
    type CompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    #[wasm_bindgen(extends = ReadableWritablePair)]
    type DecompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// The bytes, compressed with gzip.
///
/// # Errors
/// When the platform's stream fails.
pub(crate) async fn compress(bytes: &[u8]) -> Result<Vec<u8>, worker::Error> {
    let stream = CompressionStream::new("gzip")?;
    pipe(&Uint8Array::from(bytes), &stream).await.map(|bytes| bytes.to_vec())
}

/// The bytes that were compressed with gzip.
///
/// # Errors
/// When they were not.
pub(crate) async fn decompress(bytes: &Uint8Array) -> Result<Uint8Array, worker::Error> {
    let stream = DecompressionStream::new("gzip")?;
    pipe(bytes, &stream).await
}

async fn pipe(bytes: &Uint8Array, through: &ReadableWritablePair) -> Result<Uint8Array, worker::Error> {
    let no_body = || worker::Error::RustError("a response of bytes has no stream".to_owned());
    let source = Response::new_with_opt_js_u8_array(Some(bytes))?.body().ok_or_else(no_body)?;
    let result = Response::new_with_opt_readable_stream(Some(&source.pipe_through(through)))?;
    Ok(Uint8Array::new(&JsFuture::from(result.array_buffer()?).await?))
}
