//! A place that survives a reload, if the browser gives one.
//!
//! Storage can be missing, forbidden, full, or hold what somebody else put there. Reading then finds
//! nothing, and writing says whether it worked: the caller goes on either way.

use serde::{Serialize, de::DeserializeOwned};

/// What was stored under `key`; `None` when there is nothing, or nothing that can be read as a `T`.
pub fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    let text = local()?.get_item(key).ok()??;
    serde_json::from_str(&text).ok()
}

/// Whether anything is stored under `key`.
pub fn holds(key: &str) -> bool {
    local().is_some_and(|storage| matches!(storage.get_item(key), Ok(Some(_))))
}

/// Stores `value` under `key`; whether the browser kept it.
pub fn write(key: &str, value: &impl Serialize) -> bool {
    let Ok(text) = serde_json::to_string(value) else { return false };
    local().is_some_and(|storage| storage.set_item(key, &text).is_ok())
}

/// Forgets what was stored under `key`.
pub fn remove(key: &str) {
    if let Some(storage) = local() {
        // It fails only where reading finds nothing either.
        let _ = storage.remove_item(key);
    }
}

/// The keys under which something is stored and that begin with `prefix`.
pub fn keys(prefix: &str) -> Vec<String> {
    let Some(storage) = local() else { return Vec::new() };
    let count = storage.length().unwrap_or(0);
    let keys = (0..count).filter_map(|place| storage.key(place).ok().flatten());
    keys.filter(|key| key.starts_with(prefix)).collect()
}

fn local() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn what_is_written_is_read_and_what_is_something_else_is_nothing() {
        assert!(write("test/a", &vec![1, 2]));
        assert_eq!(read::<Vec<u8>>("test/a"), Some(vec![1, 2]));
        assert_eq!(read::<String>("test/a"), None);
        assert_eq!(keys("test/"), ["test/a"]);
        assert!(holds("test/a"));
        remove("test/a");
        assert!(!holds("test/a"));
        assert_eq!(read::<Vec<u8>>("test/a"), None);
        assert!(keys("test/").is_empty());
    }

    #[wasm_bindgen_test]
    fn a_full_storage_says_so() {
        assert!(!write("test/full", &"x".repeat(20_000_000)));
        assert_eq!(read::<String>("test/full"), None);
    }
}
