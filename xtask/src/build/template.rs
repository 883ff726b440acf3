//! Filling the addresses of built files into the two HTML templates.
//!
//! `{{widget_js}}` is the address of the file that the build calls `widget_js`. Names with a dot or that the
//! build does not know are the worker's to fill, when it serves the page: `{{edge.config}}`.

use anyhow::{Result, bail};

use super::assets::Assets;

/// The template with every `{{name}}` of the build replaced.
///
/// # Errors
/// It asks for a file that is not built.
pub(super) fn fill(template: &str, assets: &Assets) -> Result<String> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { bail!("a `{{{{` without its `}}}}`") };
        filled.push_str(before);
        match assets.address(name) {
            Some(address) => filled.push_str(address),
            None if name.contains('.') => filled.push_str(&format!("{{{{{name}}}}}")),
            None => {
                let known: Vec<_> = assets.names().collect();
                bail!("`{{{{{name}}}}}` is not built; there are {}", known.join(", "))
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}
