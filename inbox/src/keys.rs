//! The keyboard: which key does what, stated once for the handler and for the list of shortcuts.

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// The conversation below.
    Next,
    /// The conversation above.
    Previous,
    /// Open the chosen conversation.
    Open,
    /// Write an answer.
    Reply,
    /// Write a note for the colleagues.
    Note,
    /// Look after the conversation.
    Take,
    /// Close the conversation.
    Close,
    /// Search the list.
    Search,
    /// Leave the conversation.
    Back,
    /// Show the shortcuts.
    Help,
}

impl Shortcut {
    /// All of them, as the help lists them: the shortcut, its keys, and the key of its words.
    pub const ALL: &'static [(Self, &'static [&'static str], &'static str)] = &[
        (Self::Next, &["j", "↓"], "keys.next"),
        (Self::Previous, &["k", "↑"], "keys.previous"),
        (Self::Open, &["Enter"], "keys.open"),
        (Self::Reply, &["r"], "keys.reply"),
        (Self::Note, &["n"], "keys.note"),
        (Self::Take, &["a"], "keys.take"),
        (Self::Close, &["e"], "keys.close"),
        (Self::Search, &["/"], "keys.search"),
        (Self::Back, &["Esc"], "keys.back"),
        (Self::Help, &["?"], "keys.help"),
    ];

    /// What a pressed key asks for, given the browser's name for it. Shortcuts are single keys: with a
    /// modifier held the key belongs to the browser.
    pub fn of(pressed: &Pressed<'_>) -> Option<Self> {
        if pressed.modified || pressed.composing {
            return None;
        }
        if pressed.typing {
            return (pressed.key == "Escape").then_some(Self::Back);
        }
        // Whoever speaks to the computer, or hits keys by accident, turns off what a character does.
        if !pressed.characters_act && pressed.key.chars().count() == 1 {
            return None;
        }
        match pressed.key {
            "j" => Some(Self::Next),
            "k" => Some(Self::Previous),
            "ArrowDown" if !pressed.scrolls => Some(Self::Next),
            "ArrowUp" if !pressed.scrolls => Some(Self::Previous),
            "Enter" if !pressed.on_control => Some(Self::Open),
            "r" => Some(Self::Reply),
            "n" => Some(Self::Note),
            "a" => Some(Self::Take),
            "e" => Some(Self::Close),
            "/" => Some(Self::Search),
            "?" => Some(Self::Help),
            "Escape" => Some(Self::Back),
            _ => None,
        }
    }
}

/// A key as the browser reports it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pressed<'a> {
    /// The browser's name of the key.
    pub key: &'a str,
    /// Whether Ctrl, Alt or the command key was held.
    pub modified: bool,
    /// Whether an input method is composing, to which the key then belongs.
    pub composing: bool,
    /// Whether the key went into a field.
    pub typing: bool,
    /// Whether the key went to something that the arrows scroll.
    pub scrolls: bool,
    /// Whether the key went to a button or link, which Enter presses.
    pub on_control: bool,
    /// Whether letters and signs are shortcuts, as whoever sits there has set it.
    pub characters_act: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(key: &str) -> Option<Shortcut> {
        Shortcut::of(&Pressed { key, characters_act: true, ..Pressed::default() })
    }

    #[test]
    fn nothing_fires_while_typing_but_the_way_out() {
        for (_, keys, _) in Shortcut::ALL {
            for key in *keys {
                let pressed = Pressed { key, typing: true, characters_act: true, ..Pressed::default() };
                assert_eq!(Shortcut::of(&pressed), None, "{key}");
            }
        }
        let escape = Pressed { key: "Escape", typing: true, ..Pressed::default() };
        assert_eq!(Shortcut::of(&escape), Some(Shortcut::Back));
        assert_eq!(
            Shortcut::of(&Pressed { composing: true, ..escape }),
            None,
            "an input method's own Escape"
        );
    }

    #[test]
    fn letters_and_signs_can_be_turned_off_and_other_keys_go_on() {
        let off = |key| Shortcut::of(&Pressed { key, ..Pressed::default() });
        for key in ["j", "k", "r", "e", "/", "?"] {
            assert_eq!(off(key), None, "{key}");
        }
        for key in ["ArrowDown", "ArrowUp", "Enter", "Escape"] {
            assert_eq!(off(key), of(key), "{key}");
        }
    }

    #[test]
    fn a_modifier_leaves_the_key_to_the_browser() {
        let pressed = Pressed { key: "r", modified: true, characters_act: true, ..Pressed::default() };
        assert_eq!(Shortcut::of(&pressed), None);
    }

    #[test]
    fn every_listed_key_does_what_the_list_says() {
        let name = |shown: &str| match shown {
            "↓" => "ArrowDown".to_owned(),
            "↑" => "ArrowUp".to_owned(),
            "Esc" => "Escape".to_owned(),
            plain => plain.to_owned(),
        };
        for (shortcut, keys, _) in Shortcut::ALL {
            for key in *keys {
                assert_eq!(of(&name(key)), Some(*shortcut), "{key}");
            }
        }
        assert_eq!(of("x"), None);
    }

    #[test]
    fn the_arrows_scroll_what_they_are_in() {
        assert_eq!(Shortcut::of(&Pressed { key: "ArrowUp", scrolls: true, ..Pressed::default() }), None);
        assert_eq!(of("ArrowUp"), Some(Shortcut::Previous));
    }

    #[test]
    fn enter_presses_the_button_it_is_on() {
        assert_eq!(Shortcut::of(&Pressed { key: "Enter", on_control: true, ..Pressed::default() }), None);
    }
}
