use serde::{Deserialize, Serialize};

use super::{Attendance, PackHash, SiteId, SiteSettings};

/// What the frame's page tells the widget, so that it need not ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WidgetConfig {
    /// The site.
    pub site: SiteId,
    /// The owner's settings.
    pub settings: SiteSettings,
    /// The FAQ in force; `None` until one is published.
    pub pack: Option<PackHash>,
    /// Whether the site's people are there, where the site says when they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Attendance>,
}
