//! `audit verify`: whether a downloaded record of privileged acts is whole.

use std::path::Path;

use anyhow::{Context, Result};
use deskbell_shared::guard::audit::verify;
use serde_json::{Value, json};

use crate::files;

/// Checks a record, as `GET /v1/sites/{site}/audit` and the inbox give it.
///
/// # Errors
/// The file cannot be read, or the chain is broken: the message says where.
pub(crate) fn run(file: &Path) -> Result<Value> {
    let text = files::read_text(file)?;
    let (entries, last) = verify(&text).with_context(|| format!("{} is not whole", file.display()))?;
    Ok(json!({ "entries": entries, "last": last }))
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use deskbell_shared::{
        guard::audit::{BEGINNING, Entry},
        wire::Millis,
    };

    use super::*;

    #[test]
    fn a_whole_record_is_counted_and_a_changed_one_names_the_place() {
        let first = Entry::following((0, BEGINNING), Millis(1), "mei@shop.example", "ban", "0a");
        let second = Entry::following((1, &first.hash), Millis(2), "guard", "unban", "0a");
        let lines = [first, second].map(|entry| serde_json::to_string(&entry).unwrap()).join("\n");
        let file = env::temp_dir().join(format!("deskbell-audit-{}.jsonl", std::process::id()));
        fs::write(&file, &lines).unwrap();
        assert_eq!(run(&file).unwrap()["entries"], 2);
        fs::write(&file, lines.replace("unban", "nothing")).unwrap();
        let fault = format!("{:#}", run(&file).unwrap_err());
        assert!(fault.contains("entry 2 was changed"), "{fault}");
        fs::remove_file(&file).unwrap();
    }
}
