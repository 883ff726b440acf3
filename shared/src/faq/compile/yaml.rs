//! A source in YAML: a list of entries, each a mapping.

use std::collections::BTreeSet;

use granit_parser::{Event, Parser, ScanError, Span, StrInput, options};

use super::source::{Draft, Faults, Spot, excerpt};

/// How deep lists and mappings may be inside one another; an FAQ needs three.
const MAX_DEPTH: usize = 8;

/// Reads the entries, and notes what is wrong with their form.
pub(super) fn read(text: &str, faults: &mut Faults) -> Vec<Draft> {
    let options = options! { flow_nesting_limit: MAX_DEPTH, block_nesting_limit: MAX_DEPTH };
    let mut nodes = Nodes(Parser::new_from_str_with_options(text, options));
    let mut drafts = Vec::new();
    if let Err(error) = read_entries(&mut nodes, faults, &mut drafts) {
        let remedy = "compare the line and the one above with their neighbours: indentation, colons, quotes; \
                      a text with a colon or a hash belongs in quotes";
        faults.add(error.marker().line(), format!("this is not YAML: {}", error.info()), remedy);
    }
    drafts
}

/// A value, and the line it begins on.
struct Node {
    line: usize,
    value: Value,
}

enum Value {
    Text(String),
    Nothing,
    List(Vec<Node>),
    Fields(Vec<(Node, Node)>),
    /// A reference to another place. Never followed: a few of them can stand for gigabytes.
    Alias,
}

/// The parser's events as values.
struct Nodes<'a>(Parser<'a, StrInput<'a>>);

impl<'a> Nodes<'a> {
    fn event(&mut self) -> Result<(Event<'a>, Span), ScanError> {
        self.0.next_event().unwrap_or(Ok((Event::StreamEnd, Span::default())))
    }

    fn node(&mut self, event: Event<'a>, span: Span) -> Result<Node, ScanError> {
        let value = match event {
            Event::Scalar(text, style, ..) => {
                let plain = style == granit_parser::ScalarStyle::Plain;
                match text.as_ref() {
                    "" | "~" | "null" | "Null" | "NULL" if plain => Value::Nothing,
                    text => Value::Text(text.to_owned()),
                }
            }
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.event()? {
                        (Event::SequenceEnd | Event::StreamEnd, _) => break Value::List(items),
                        (event, span) => items.push(self.node(event, span)?),
                    }
                }
            }
            Event::MappingStart(..) => {
                let mut fields = Vec::new();
                loop {
                    match self.event()? {
                        (Event::MappingEnd | Event::StreamEnd, _) => break Value::Fields(fields),
                        (event, span) => {
                            let key = self.node(event, span)?;
                            let (event, span) = self.event()?;
                            fields.push((key, self.node(event, span)?));
                        }
                    }
                }
            }
            _ => Value::Alias,
        };
        Ok(Node { line: span.start.line(), value })
    }
}

/// Entries read before a fault of the YAML itself are kept, so that their own faults are named too.
fn read_entries(nodes: &mut Nodes, faults: &mut Faults, drafts: &mut Vec<Draft>) -> Result<(), ScanError> {
    const AS_A_LIST: &str = "begin every entry with '- id: …'";
    let mut documents = 0;
    loop {
        match nodes.event()? {
            (Event::StreamEnd, _) => return Ok(()),
            (Event::StreamStart | Event::DocumentEnd, _) => {}
            (Event::DocumentStart(..), span) => {
                documents += 1;
                if documents > 1 {
                    let remedy = "delete the line '---', so that there is one list";
                    faults.add(span.start.line(), "a second document begins here", remedy);
                }
            }
            (Event::SequenceStart(..), _) => loop {
                match nodes.event()? {
                    (Event::SequenceEnd | Event::StreamEnd, _) => break,
                    (event, span) => {
                        let node = nodes.node(event, span)?;
                        drafts.extend(draft(node, faults));
                    }
                }
            },
            (event, span) => {
                let node = nodes.node(event, span)?;
                if !matches!(node.value, Value::Nothing) {
                    faults.add(node.line, "the file is not a list of entries", AS_A_LIST);
                }
            }
        }
    }
}

fn draft(node: Node, faults: &mut Faults) -> Option<Draft> {
    let Value::Fields(fields) = node.value else {
        faults.add(
            node.line,
            "this is not an entry",
            "write 'id:', 'questions:' and 'answer:' below one another",
        );
        return None;
    };
    let mut draft = Draft { line: node.line, ..Draft::default() };
    let mut seen = BTreeSet::new();
    for (key, value) in fields {
        let Value::Text(name) = key.value else {
            faults.add(key.line, "a field has no plain name", FIELDS);
            continue;
        };
        if seen.contains(&name) {
            faults.add(key.line, format!("the entry has '{name}' twice"), "keep one of them");
            continue;
        }
        match name.as_str() {
            "id" => draft.id = text(&name, value, faults),
            "questions" => draft.questions = texts(value, faults),
            "answer" => draft.answer = text(&name, value, faults),
            "lang" => draft.lang = text(&name, value, faults),
            "suggest" => draft.suggest = text(&name, value, faults),
            "subject" => draft.subject = text(&name, value, faults),
            _ => faults.add(key.line, format!("there is no field '{}'", excerpt(&name)), FIELDS),
        }
        seen.insert(name);
    }
    Some(draft)
}

const FIELDS: &str =
    "an entry has 'id', 'questions', 'answer' and, if you like, 'lang', 'suggest' and 'subject'";

/// The text of a field; what is missing altogether is found later, with the other missing fields.
fn text(name: &str, node: Node, faults: &mut Faults) -> Option<Spot> {
    match node.value {
        Value::Text(text) => Some(Spot { line: node.line, text }),
        Value::Nothing => Some(Spot { line: node.line, text: String::new() }),
        Value::Alias => {
            no_alias(node.line, faults);
            None
        }
        Value::List(_) | Value::Fields(_) => {
            faults.add(node.line, format!("'{name}' is not a text"), "write one text, in quotes if need be");
            None
        }
    }
}

fn texts(node: Node, faults: &mut Faults) -> Vec<Spot> {
    match node.value {
        Value::List(items) => items.into_iter().filter_map(|item| text("questions", item, faults)).collect(),
        Value::Nothing => Vec::new(),
        Value::Alias => {
            no_alias(node.line, faults);
            Vec::new()
        }
        Value::Text(_) | Value::Fields(_) => {
            faults.add(
                node.line,
                "'questions' is not a list",
                "write each question on its own line, after '- '",
            );
            Vec::new()
        }
    }
}

fn no_alias(line: usize, faults: &mut Faults) {
    faults.add(line, "references to other places ('*name') are not followed", "write the text out");
}

#[cfg(test)]
mod tests {
    use super::super::source::{Format, Source, parse};

    fn faults(yaml: &str) -> Vec<(usize, String)> {
        let unsound = parse("f", yaml.as_bytes(), Format::Yaml).expect_err("the source has faults");
        unsound.faults.into_iter().map(|fault| (fault.line, fault.fault)).collect()
    }

    fn read(yaml: &str) -> Source {
        parse("f", yaml.as_bytes(), Format::Yaml).unwrap()
    }

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let source = read(
            "\
# Our FAQ
- id: 17
  questions:
    - Where's my parcel?
    - \"Tracking: how?\"
  answer: |
    Look here:
    the tracking page.
  lang: en
  suggest: true
  subject: Delivery
",
        );
        let entry = &source.entries[0];
        assert_eq!(entry.id.as_str(), "17");
        assert_eq!(entry.questions[1].as_str(), "Tracking: how?");
        assert_eq!(entry.answer.as_str(), "Look here:\nthe tracking page.");
        assert_eq!(entry.lang.as_ref().map(|lang| lang.as_str()), Some("en"));
        assert!(entry.suggest);
        assert_eq!(entry.subject.as_ref().map(|subject| subject.as_str()), Some("Delivery"));
    }

    #[test]
    fn wrong_forms_are_named() {
        assert_eq!(
            faults(
                "\
- id: [a, b]
  questions: one
  answer: yes
  anwser: no
  answer: twice
- just words
- id: b
  questions: [x: y]
  answer:
"
            ),
            [
                (1, "'id' is not a text".to_owned()),
                (1, "the entry has no id".to_owned()),
                (1, "the entry has no question".to_owned()),
                (2, "'questions' is not a list".to_owned()),
                (4, "there is no field 'anwser'".to_owned()),
                (5, "the entry has 'answer' twice".to_owned()),
                (6, "this is not an entry".to_owned()),
                (7, "the entry has no question".to_owned()),
                (8, "'questions' is not a text".to_owned()),
                (9, "the answer cannot be used: the text is empty".to_owned()),
            ]
        );
        assert_eq!(faults("id: a\nanswer: b\n"), [(1, "the file is not a list of entries".to_owned())]);
    }

    #[test]
    fn what_is_not_yaml_is_named_beside_the_faults_before_it() {
        let found = faults("- id: a\n  questions: [b]\n- id: \"open\n  answer: c\n");
        assert_eq!(found[0], (1, "the entry has no answer".to_owned()));
        assert!(found[1].1.starts_with("this is not YAML: "), "{found:?}");
    }

    #[test]
    fn references_are_never_followed() {
        let bomb = "\
- &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]
- &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
- id: x
  questions: *b
  answer: *a
";
        let found = faults(bomb);
        assert!(
            found.contains(&(4, "references to other places ('*name') are not followed".to_owned())),
            "{found:?}"
        );
        assert!(
            found.contains(&(5, "references to other places ('*name') are not followed".to_owned())),
            "{found:?}"
        );
    }

    #[test]
    fn a_very_deep_file_is_refused() {
        assert!(faults(&"[".repeat(100_000))[0].1.starts_with("this is not YAML: "));
        assert!(faults(&"- ".repeat(100_000))[0].1.starts_with("this is not YAML: "));
    }

    #[test]
    fn a_second_document_is_named() {
        let found = faults("- id: a\n  questions: [b]\n  answer: c\n---\n- id: d\n");
        assert_eq!(found[0], (4, "a second document begins here".to_owned()));
    }
}
