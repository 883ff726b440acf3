//! Where in a JSON text a fault lies, as the path of the field: `transcript[3].text`.
//!
//! The parser knows the line and the column only. Walking up to there once, when something is wrong, costs
//! nothing while all is well, and far less code than keeping the path all along.

use std::fmt::Write;

/// A level of nesting on the way to the fault.
enum Level {
    /// In an object, at this key.
    Object(Option<String>),
    /// In an array, at this index.
    Array(usize),
}

/// The path of the value that ends at a line and column, both from 1 and in bytes, as the parser counts them.
/// Empty when that is the whole text.
///
/// A value that is read well and then found wrong is reported after the bracket that closes around it, when it is
/// the last one in there. So what stands before a closing bracket is meant, unless `of_whole` says otherwise.
pub(crate) fn at(text: &str, line: usize, column: usize, of_whole: bool) -> String {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let read = text[..text.floor_char_boundary(before.saturating_add(column))].trim_end();
    let inside =
        read.strip_suffix(['}', ']']).filter(|inside| !of_whole && !inside.trim_end().ends_with(['{', '[']));
    write(&levels(inside.unwrap_or(read)))
}

fn levels(text: &str) -> Vec<Level> {
    let mut levels = Vec::new();
    let mut rest = text.char_indices();
    let mut last_string = None;
    while let Some((at, c)) = rest.next() {
        match c {
            '{' => levels.push(Level::Object(None)),
            '[' => levels.push(Level::Array(0)),
            '}' | ']' => drop(levels.pop()),
            ':' => {
                if let Some(Level::Object(key)) = levels.last_mut() {
                    *key = last_string.take();
                }
            }
            ',' => match levels.last_mut() {
                Some(Level::Array(index)) => *index += 1,
                Some(Level::Object(key)) => *key = None,
                None => {}
            },
            '"' => {
                let mut escaped = false;
                let close = rest.find(|(_, c)| {
                    let closes = *c == '"' && !escaped;
                    escaped = *c == '\\' && !escaped;
                    closes
                });
                last_string = close.map(|(close, _)| text[at + 1..close].to_owned());
            }
            _ => {}
        }
    }
    levels
}

fn write(levels: &[Level]) -> String {
    let mut path = String::new();
    for level in levels {
        // Writing to a string cannot fail.
        let _ = match level {
            Level::Object(Some(key)) if path.is_empty() => write!(path, "{key}"),
            Level::Object(Some(key)) => write!(path, ".{key}"),
            Level::Object(None) => Ok(()),
            Level::Array(index) => write!(path, "[{index}]"),
        };
    }
    // A key is from outside, and a hostile one may be long.
    path.truncate(path.floor_char_boundary(120));
    path
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_and_place_is_walked_without_a_panic(text in ".*", line in 0usize..5, column in 0usize..200) {
            let _ = at(&text, line, column, false);
        }
    }

    #[test]
    fn the_path_leads_to_the_value_before_the_place() {
        let text = "{\"a\": 1,\n \"turns\": [{\"id\": \"x\"}, {\"id\": \"y,]}\\\"\", \"at\": -1}]}";
        let place = |needle: &str| {
            let end = text.find(needle).unwrap() + needle.len();
            let line = text[..end].matches('\n').count() + 1;
            let column = end - text[..end].rfind('\n').map_or(0, |at| at + 1);
            at(text, line, column, false)
        };
        assert_eq!(place("1"), "a");
        assert_eq!(place("\"x\""), "turns[0].id");
        assert_eq!(place("y,]}\\\"\""), "turns[1].id");
        assert_eq!(place("-1"), "turns[1].at");
        assert_eq!(place("-1}"), "turns[1].at");
        assert_eq!(at("7", 1, 1, false), "");
        assert_eq!(at("{\"a\": []}", 1, 8, false), "a");
        assert_eq!(at("{\"a\": {\"b\": 1}}", 1, 14, true), "a");
    }
}
