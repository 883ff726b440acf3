//! Where in the console one is: the path names the inbox, the part after `#` the screen in it. Both are
//! plain addresses, so that reloading, going back and sending a link to a colleague work.

use deskbell_shared::wire::{ConversationId, SiteId};

/// Which of the two consoles a path opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A site's inbox: `/inbox/{site}`.
    Inbox(SiteId),
    /// Making a site: `/setup`.
    Setup,
    /// A path that names no site one could have.
    Nowhere,
}

impl Place {
    /// Reads a path.
    pub fn of(path: &str) -> Self {
        match path.trim_end_matches('/').split('/').collect::<Vec<_>>()[..] {
            ["", "setup"] => Self::Setup,
            ["", "inbox", site] => site.parse().map_or(Self::Nowhere, Self::Inbox),
            _ => Self::Nowhere,
        }
    }
}

/// A screen of the inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// The list alone.
    #[default]
    Desk,
    /// The list, and a conversation.
    Talk(ConversationId),
    /// The saved replies.
    Replies,
    /// Who is banned.
    Bans,
    /// What visitors say against that.
    Appeals,
    /// The guard's rules.
    Guard,
    /// The FAQ in force.
    Faq,
    /// The script tag and the site's settings.
    Settings,
    /// Who may sign in.
    People,
    /// How visitors were served.
    Figures,
    /// One's own sign-in.
    SignIn,
}

impl Screen {
    /// Reads the part of an address after `#`, with or without it. What is not known is the list.
    pub fn of(hash: &str) -> Self {
        let hash = hash.trim_start_matches('#');
        match hash {
            "replies" => Self::Replies,
            "bans" => Self::Bans,
            "appeals" => Self::Appeals,
            "guard" => Self::Guard,
            "faq" => Self::Faq,
            "settings" => Self::Settings,
            "people" => Self::People,
            "figures" => Self::Figures,
            "sign-in" => Self::SignIn,
            _ => hash.strip_prefix("talk/").and_then(|id| id.parse().ok()).map_or(Self::Desk, Self::Talk),
        }
    }

    /// The address of the screen, `#` included.
    pub fn hash(self) -> String {
        match self {
            Self::Desk => "#".to_owned(),
            Self::Talk(id) => format!("#talk/{id}"),
            Self::Replies => "#replies".to_owned(),
            Self::Bans => "#bans".to_owned(),
            Self::Appeals => "#appeals".to_owned(),
            Self::Guard => "#guard".to_owned(),
            Self::Faq => "#faq".to_owned(),
            Self::Settings => "#settings".to_owned(),
            Self::People => "#people".to_owned(),
            Self::Figures => "#figures".to_owned(),
            Self::SignIn => "#sign-in".to_owned(),
        }
    }

    /// The conversation that is open.
    pub fn talk(self) -> Option<ConversationId> {
        match self {
            Self::Talk(id) => Some(id),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_site_or_nothing() {
        assert_eq!(Place::of("/inbox/acme"), Place::Inbox("acme".parse().unwrap()));
        assert_eq!(Place::of("/inbox/acme/"), Place::Inbox("acme".parse().unwrap()));
        assert_eq!(Place::of("/setup"), Place::Setup);
        for path in ["", "/", "/inbox", "/inbox/", "/inbox/Acme", "/inbox/a/b", "/inbox/%2e", "/setup/x"] {
            assert_eq!(Place::of(path), Place::Nowhere, "{path}");
        }
    }

    #[test]
    fn a_screen_survives_its_own_address() {
        for screen in [
            Screen::Desk,
            Screen::Talk(ConversationId([7; 16])),
            Screen::Replies,
            Screen::Bans,
            Screen::Appeals,
            Screen::Guard,
            Screen::Faq,
            Screen::Settings,
            Screen::People,
            Screen::Figures,
            Screen::SignIn,
        ] {
            assert_eq!(Screen::of(&screen.hash()), screen);
        }
        for hash in ["", "#", "#nothing", "#talk/", "#talk/xyz", "#talk/<script>"] {
            assert_eq!(Screen::of(hash), Screen::Desk, "{hash}");
        }
    }
}
