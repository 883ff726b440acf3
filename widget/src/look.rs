//! Theme, accent and contrast.

use deskbell_shared::wire::Colour;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Light, dark, or as the visitor's system is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// What the page asked for; anything unknown follows the system.
    pub(crate) fn parse(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// Wears it from now on.
    pub(crate) fn apply(self) {
        let Some(root) = root() else { return };
        // Setting and removing an attribute of a well-formed name cannot fail.
        let _ = match self {
            Self::Auto => root.remove_attribute("data-theme"),
            Self::Light => root.set_attribute("data-theme", "light"),
            Self::Dark => root.set_attribute("data-theme", "dark"),
        };
    }
}

const WHITE: Rgb = Rgb([255.0, 255.0, 255.0]);
/// Surfaces on which the accent has to be readable as text: the style sheet's `--raised`, the nearer to grey.
const LIGHT: Rgb = Rgb([243.0, 245.0, 247.0]);
const DARK: Rgb = Rgb([34.0, 38.0, 45.0]);
/// The least contrast of text: WCAG 2.2, success criterion 1.4.3.
const READABLE: f32 = 4.5;

/// Wears the owner's colour, in shades that can be read.
pub(crate) fn wear_accent(accent: &Colour) {
    let Some(root) = root() else { return };
    let style = root.style();
    let colour = Rgb::of(accent);
    for (name, shade) in [
        ("--accent", colour),
        ("--on-accent", colour.ink()),
        ("--accent-on-light", colour.readable_on(LIGHT)),
        ("--accent-on-dark", colour.readable_on(DARK)),
    ] {
        let _ = style.set_property(name, &shade.css());
    }
}

/// What is readable on the accent, as CSS reads it.
pub(crate) fn ink_on(accent: &Colour) -> String {
    Rgb::of(accent).ink().css()
}

fn root() -> Option<HtmlElement> {
    web_sys::window()?.document()?.document_element()?.dyn_into().ok()
}

/// A colour in sRGB, each part from 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rgb([f32; 3]);

impl Rgb {
    fn of(colour: &Colour) -> Self {
        // A `Colour` has six hexadecimal digits; were it otherwise, black is as good as anything.
        let part = |at: usize| {
            colour.as_str().get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok()).unwrap_or(0)
        };
        Self([1, 3, 5].map(|at| f32::from(part(at))))
    }

    fn css(self) -> String {
        let [r, g, b] = self.0.map(|part| part.round() as u8);
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// Relative luminance, from 0 to 1: WCAG 2.2.
    fn luminance(self) -> f32 {
        let [r, g, b] = self.0.map(|part| {
            let part = part / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// From 1 (the same) to 21 (black and white).
    fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn mixed(self, other: Self, share: f32) -> Self {
        let mut parts = self.0;
        for (part, other) in parts.iter_mut().zip(other.0) {
            *part += (other - *part) * share;
        }
        Self(parts)
    }

    /// White while it can be read, as brands expect, else near black.
    fn ink(self) -> Self {
        let near_black = Self([17.0, 20.0, 24.0]);
        if self.contrast(WHITE) >= READABLE || self.contrast(WHITE) >= self.contrast(near_black) {
            WHITE
        } else {
            near_black
        }
    }

    /// The nearest shade of it that can be read on `surface`.
    fn readable_on(self, surface: Self) -> Self {
        let away = if surface.luminance() > 0.5 { Self([0.0; 3]) } else { WHITE };
        (0..=20)
            .map(|step| self.mixed(away, step as f32 / 20.0))
            .find(|shade| shade.contrast(surface) >= READABLE)
            .unwrap_or(away)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::try_from(text.to_owned()).unwrap()
    }

    proptest! {
        #[test]
        fn every_accent_can_be_read(digits in "#[0-9a-f]{6}") {
            let accent = Rgb::of(&colour(&digits));
            prop_assert_eq!(accent.css(), digits);
            prop_assert!(accent.contrast(accent.ink()) >= 4.2, "{}", accent.contrast(accent.ink()));
            for surface in [LIGHT, DARK] {
                prop_assert!(accent.readable_on(surface).contrast(surface) >= READABLE);
            }
        }
    }

    #[test]
    fn a_readable_accent_stays_as_it_is() {
        let teal = Rgb::of(&colour("#0f766e"));
        assert_eq!(teal.readable_on(LIGHT), teal);
        assert_ne!(teal.readable_on(DARK), teal);
        assert_eq!(ink_on(&colour("#0f766e")), "#ffffff");
        assert_eq!(ink_on(&colour("#ffe066")), "#111418");
    }
}
