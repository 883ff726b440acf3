//! Filling the addresses of built files into the two HTML templates, and leaving out what only their authors read.
//!
//! `{{widget_js}}` is the address of the file that the build calls `widget_js`. Comments go, except those that begin
//! with `<!--deskbell:`: there the worker puts something when it serves the page.

use anyhow::{Context, Result, bail};

use super::assets::Assets;

/// The template with every `{{name}}` replaced.
///
/// # Errors
/// It asks for a file that is not built, or is not well formed.
pub(super) fn fill(template: &str, assets: &Assets) -> Result<String> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    loop {
        let next = ["{{", "<!--"].into_iter().filter_map(|mark| Some((rest.find(mark)?, mark))).min();
        let Some((at, mark)) = next else { break };
        filled.push_str(&rest[..at]);
        let inside = &rest[at + mark.len()..];
        let end = if mark == "{{" { "}}" } else { "-->" };
        let (content, after) =
            inside.split_once(end).with_context(|| format!("a `{mark}` without its `{end}`"))?;
        if mark == "{{" {
            filled.push_str(address(assets, content)?);
        } else if content.starts_with("deskbell:") {
            filled.push_str(&format!("<!--{content}-->"));
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn address<'a>(assets: &'a Assets, name: &str) -> Result<&'a str> {
    match assets.address(name) {
        Some(address) => Ok(address),
        None => {
            let known: Vec<_> = assets.names().collect();
            bail!("`{{{{{name}}}}}` is not built; there are {}", known.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_in_and_comments_go() {
        let assets = Assets::with("app_js", "/a/app-1.js");
        let filled = fill("<!-- why -->a {{app_js}} <!--deskbell:config--> b", &assets).unwrap();
        assert_eq!(filled, "a /a/app-1.js <!--deskbell:config--> b");
        assert!(fill("{{none}}", &assets).is_err());
        assert!(fill("{{app_js", &assets).is_err());
    }
}
