//! A secret as authenticator apps scan it: drawn here, so that nobody else sees it.

use std::fmt::Write;

use deskbell_shared::wire::{SignedIn, TotpSecret};
use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

use crate::words::words;

/// The white around it without which cameras do not find it, in modules.
const QUIET: i32 = 4;
/// The most characters of a site's name that an app is told: more would make the modules too small.
const LONGEST_NAME: usize = 40;

/// The address that opens an app with a secret: the form that all of them read, with what they take for granted left out.
pub fn address(who: &SignedIn, secret: &TotpSecret) -> String {
    let escaped = |text: &str| String::from(js_sys::encode_uri_component(text));
    let site: String = who.site_name.as_str().chars().take(LONGEST_NAME).collect();
    let (site, email) = (escaped(&site), escaped(who.email.as_str()));
    format!("otpauth://totp/{site}:{email}?secret={}&issuer={site}", secret.reveal())
}

/// A text as a QR code; nothing when it is too long for one.
#[component]
pub fn Qr(
    /// The text.
    text: String,
    /// The key of what it is.
    label: &'static str,
) -> impl IntoView {
    let words = words();
    let code = QrCode::encode_text(&text, QrCodeEcc::Low).ok();
    code.map(|code| {
        let side = code.size() + 2 * QUIET;
        view! {
            <svg
                class="qr"
                role="img"
                aria-label=move || words.text(label)
                viewBox=format!("0 0 {side} {side}")
                shape-rendering="crispEdges"
            >
                <path class="qr-paper" d=format!("M0 0h{side}v{side}h-{side}z")></path>
                <path class="qr-ink" d=ink(&code)></path>
            </svg>
        }
    })
}

/// The dark modules as one path: a bar for each run in a row.
fn ink(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                // A string takes whatever is written to it.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_once() {
        let code = QrCode::encode_text("otpauth://totp/Tea:ana@example.com", QrCodeEcc::Low).unwrap();
        let mut drawn = Vec::new();
        for bar in ink(&code).split('M').skip(1) {
            let (at, rest) = bar.split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let run: i32 = rest.split_once('v').unwrap().0.parse().unwrap();
            let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
            drawn.extend((x..x + run).map(|x| (y - QUIET, x - QUIET)));
        }
        let places = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (y, x)));
        assert_eq!(drawn, places.filter(|(y, x)| code.get_module(*x, *y)).collect::<Vec<_>>());
    }
}
