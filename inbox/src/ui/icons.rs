//! The icons, drawn on a grid of 20 in the colour of the text around them. Each is decoration: the words are
//! beside it or in the label of what it stands in.

use leptos::prelude::*;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A tray of conversations.
    Inbox,
    /// A question.
    Faq,
    /// Answers that are kept.
    Replies,
    /// A chart.
    Figures,
    /// A ban.
    Ban,
    /// Somebody says that one is wrong.
    Appeal,
    /// What keeps floods away.
    Shield,
    /// Settings.
    Settings,
    /// Back to the list.
    Back,
    /// What is known of the visitor.
    Details,
    /// Done.
    Check,
    /// Not done after all.
    Reopen,
    /// Send.
    Send,
    /// Search.
    Search,
    /// Copy.
    Copy,
    /// Away with it.
    Close,
    /// Several people.
    People,
    /// How one signs in.
    Key,
    /// Leave.
    SignOut,
    /// The keyboard.
    Keyboard,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Inbox => "M3 11.5 5 4h10l2 7.5M3 11.5V16h14v-4.5M3 11.5h4l1 2h4l1-2h4",
            Self::Faq => {
                "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM7.8 7.9a2.2 2.2 0 1 1 3.2 2c-.7.3-1 .8-1 1.6M10 14h.01"
            }
            Self::Replies => "M3 3.5h14v9.5H9l-4 3.5V13H3zM6.5 7h7M6.5 9.8h4.5",
            Self::Figures => "M3 17h14M5.5 17v-5M10 17V4M14.5 17V8.5",
            Self::Ban => "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM4.7 4.7l10.6 10.6",
            Self::Appeal => "M3 4h14v9H9l-4 3.5V13H3zM10 6.5v3M10 11.2h.01",
            Self::Shield => "M10 2.5 16 5v4.5c0 4-2.5 6.6-6 8-3.5-1.4-6-4-6-8V5z",
            Self::Settings => "M3 6h7M14 6h3M3 14h3M10 14h7M12 4v4M8 12v4",
            Self::Back => "M12 4.5 6.5 10l5.5 5.5",
            Self::Details => "M3 4h14v12H3zM12.5 4v12",
            Self::Check => "m4 10.5 4 4 8-9",
            Self::Reopen => "M4.5 7.5h8a3.75 3.75 0 0 1 0 7.5H8M4.5 7.5l3-3M4.5 7.5l3 3",
            Self::Send => "M10 16V4.5M5 9.5l5-5 5 5",
            Self::Search => "M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM12.5 12.5 17 17",
            Self::Copy => "M7 7h9.5v9.5H7zM13 7V3.5H3.5V13H7",
            Self::Close => "m5 5 10 10M15 5 5 15",
            Self::People => {
                "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5a5.5 5.5 0 0 1 11 0M13 3.8a3 3 0 0 1 0 5.4M15 12a5.5 5.5 0 0 1 3 4.5"
            }
            Self::Key => "M7 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM9.5 10.5 17 3M14 6l2.5 2.5",
            Self::SignOut => "M8 3.5H4v13h4M12.5 6.5 16 10l-3.5 3.5M16 10H8",
            Self::Keyboard => "M2.5 5h15v10h-15zM5.5 8h.01M8.5 8h.01M11.5 8h.01M14.5 8h.01M6.5 12h7",
        }
    }
}

/// Draws an icon.
#[component]
pub fn Glyph(
    /// Which.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" class:mirrors=matches!(icon, Icon::Back | Icon::SignOut) viewBox="0 0 20 20" aria-hidden="true">
            <path d=icon.path()></path>
        </svg>
    }
}
