//! Names as they may stand in addresses.

/// What is left of a name there: parts of `a-z` and `0-9` with hyphens between them, at most 40 characters; nothing of one in
/// another script.
pub fn slug(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let mut slug = parts.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    slug.truncate(40);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use deskbell_shared::wire::ChannelId;

    use super::*;

    #[test]
    fn what_a_name_becomes_in_addresses_can_stand_there() {
        for (name, expected) in [
            ("WhatsApp", "whatsapp"),
            (" E-mail (support) ", "e-mail-support"),
            ("微信", ""),
            ("Café №1", "caf-1"),
        ] {
            assert_eq!(slug(name), expected);
        }
        let long = slug(&"a-".repeat(50));
        assert!(long.parse::<ChannelId>().is_ok(), "{long}");
    }
}
