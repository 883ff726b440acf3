//! Which files can hold an FAQ.

use deskbell_shared::wire::MAX_FAQ_BYTES;

/// Why a file cannot be an FAQ, known before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotASource {
    /// Neither YAML nor CSV, by its name.
    Unknown,
    /// Nothing in it.
    Empty,
    /// Larger than the edge reads.
    TooLarge,
}

impl NotASource {
    /// The key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unknown => "faq.unknown_format",
            Self::Empty => "faq.empty_file",
            Self::TooLarge => "faq.too_large",
        }
    }
}

/// The media type of a file, by its name and its size in bytes.
///
/// # Errors
/// [`NotASource`] when sending it would be in vain.
pub fn media_type(name: &str, bytes: f64) -> Result<&'static str, NotASource> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let media_type = match extension.as_deref() {
        Some("yaml" | "yml") => "application/yaml",
        Some("csv") => "text/csv",
        _ => return Err(NotASource::Unknown),
    };
    if bytes < 1.0 {
        Err(NotASource::Empty)
    } else if bytes > MAX_FAQ_BYTES as f64 {
        Err(NotASource::TooLarge)
    } else {
        Ok(media_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_name_and_refused_before_it_is_sent() {
        assert_eq!(media_type("faq.yaml", 10.0), Ok("application/yaml"));
        assert_eq!(media_type("常见问题.YML", 10.0), Ok("application/yaml"));
        assert_eq!(media_type("a.b.csv", 10.0), Ok("text/csv"));
        for name in ["faq", "faq.txt", "yaml", "faq.yaml.exe", ""] {
            assert_eq!(media_type(name, 10.0), Err(NotASource::Unknown), "{name}");
        }
        assert_eq!(media_type("faq.csv", 0.0), Err(NotASource::Empty));
        assert_eq!(media_type("faq.csv", 5e9), Err(NotASource::TooLarge));
    }
}
