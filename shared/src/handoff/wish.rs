/// Whether the text asks for a human being, in English or in Chinese of either script.
pub fn wants_person(text: &str) -> bool {
    text.contains("human") || text.contains("人工")
}
