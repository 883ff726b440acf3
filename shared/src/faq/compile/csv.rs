//! A source in CSV (RFC 4180): a header, then one row a phrasing.
//!
//! Written here rather than taken from a library because it has to name the line of a quotation mark that is never
//! closed, which readers made for sound files pass over.

use std::collections::HashMap;

use super::source::{Draft, Faults, Spot, excerpt};

/// Reads the entries, and notes what is wrong with their form.
pub(super) fn read(text: &str, faults: &mut Faults) -> Vec<Draft> {
    let mut rows = Rows { rest: text, line: 1, separator: separator(text) };
    let Some(header) = rows.next_row(faults) else { return Vec::new() };
    let Some(columns) = Columns::of(&header, faults) else { return Vec::new() };

    let mut drafts: Vec<Draft> = Vec::new();
    let mut place_of: HashMap<String, usize> = HashMap::new();
    while let Some(row) = rows.next_row(faults) {
        if row.cells.iter().all(|cell| cell.text.trim().is_empty()) {
            continue;
        }
        if row.cells.len() > header.cells.len() {
            let fault =
                format!("the row has {} cells; the header has {}", row.cells.len(), header.cells.len());
            faults.add(row.line, fault, "put a text that contains the separator between quotation marks");
            continue;
        }
        let id = columns.cell(&row, Column::Id).filter(|id| !id.text.trim().is_empty());
        let place = match &id {
            Some(id) => *place_of.entry(id.text.trim().to_owned()).or_insert(drafts.len()),
            None => drafts.len(),
        };
        if place == drafts.len() {
            drafts.push(Draft { line: row.line, id, ..Draft::default() });
        }
        let draft = &mut drafts[place];
        draft.questions.extend(columns.cell(&row, Column::Question));
        for (column, field) in [
            (Column::Answer, &mut draft.answer),
            (Column::Lang, &mut draft.lang),
            (Column::Suggest, &mut draft.suggest),
            (Column::Subject, &mut draft.subject),
        ] {
            if let Some(cell) = columns.cell(&row, column).filter(|cell| !cell.text.trim().is_empty()) {
                join(field, cell, column, faults);
            }
        }
    }
    drafts
}

/// Rows of one entry say the same, or leave it to another row.
fn join(field: &mut Option<Spot>, cell: Spot, column: Column, faults: &mut Faults) {
    match field {
        None => *field = Some(cell),
        Some(first) if first.text.trim() == cell.text.trim() => {}
        Some(first) => {
            let fault = format!("'{}' differs from line {}, of the same id", column.name(), first.line);
            faults.add(cell.line, fault, "leave the cell empty, or give the row another id");
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Id,
    Question,
    Answer,
    Lang,
    Suggest,
    Subject,
}

impl Column {
    const ALL: [Self; 6] = [Self::Id, Self::Question, Self::Answer, Self::Lang, Self::Suggest, Self::Subject];

    const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Question => "question",
            Self::Answer => "answer",
            Self::Lang => "lang",
            Self::Suggest => "suggest",
            Self::Subject => "subject",
        }
    }

    const fn is_needed(self) -> bool {
        matches!(self, Self::Id | Self::Question | Self::Answer)
    }
}

/// Which column is where.
struct Columns(Vec<Column>);

impl Columns {
    fn of(header: &Row, faults: &mut Faults) -> Option<Self> {
        const HEADER: &str = "begin the file with the line 'id,question,answer,lang'";
        let mut columns = Vec::new();
        let mut sound = true;
        for cell in &header.cells {
            let name = cell.text.trim().to_ascii_lowercase();
            match Column::ALL.into_iter().find(|column| column.name() == name) {
                Some(column) if !columns.contains(&column) => columns.push(column),
                Some(_) => {
                    faults.add(
                        cell.line,
                        format!("the header has '{name}' twice"),
                        "delete one of the columns",
                    );
                    sound = false;
                }
                None => {
                    faults.add(cell.line, format!("there is no column '{}'", excerpt(&cell.text)), HEADER);
                    sound = false;
                }
            }
        }
        for column in Column::ALL.into_iter().filter(|column| column.is_needed() && !columns.contains(column))
        {
            faults.add(header.line, format!("the header has no '{}'", column.name()), HEADER);
            sound = false;
        }
        sound.then_some(Self(columns))
    }

    fn cell(&self, row: &Row, column: Column) -> Option<Spot> {
        let place = self.0.iter().position(|known| *known == column)?;
        row.cells.get(place).cloned()
    }
}

struct Row {
    line: usize,
    cells: Vec<Spot>,
}

/// Spreadsheets of many countries separate by semicolons; a header tells.
fn separator(text: &str) -> char {
    let header = text.lines().next().unwrap_or_default();
    let count = |separator: char| header.matches(separator).count();
    [',', ';', '\t'].into_iter().max_by_key(|separator| (count(*separator), *separator == ',')).unwrap_or(',')
}

struct Rows<'a> {
    rest: &'a str,
    /// The line that `rest` begins on.
    line: usize,
    separator: char,
}

impl Rows<'_> {
    fn next_row(&mut self, faults: &mut Faults) -> Option<Row> {
        if self.rest.is_empty() {
            return None;
        }
        let mut row = Row { line: self.line, cells: Vec::new() };
        loop {
            row.cells.push(self.next_cell(faults));
            match self.take() {
                Some(separator) if separator == self.separator => {}
                _ => return Some(row),
            }
        }
    }

    /// A cell, up to its separator or the end of its line.
    fn next_cell(&mut self, faults: &mut Faults) -> Spot {
        let mut cell = Spot { line: self.line, text: String::new() };
        if self.rest.starts_with('"') {
            self.take();
            self.quoted(&mut cell, faults);
            let after = self.rest.find([self.separator, '\n']).unwrap_or(self.rest.len());
            if !self.rest[..after].trim().is_empty() {
                faults.add(
                    self.line,
                    format!("'{}' follows a closing quotation mark", excerpt(&self.rest[..after])),
                    "write a quotation mark inside a quoted text twice: \"\"",
                );
            }
            self.rest = &self.rest[after..];
        } else {
            let end = self.rest.find([self.separator, '\n']).unwrap_or(self.rest.len());
            cell.text.push_str(self.rest[..end].trim_end_matches('\r'));
            self.rest = &self.rest[end..];
        }
        cell
    }

    /// What is between quotation marks; a doubled one is one of the text.
    fn quoted(&mut self, cell: &mut Spot, faults: &mut Faults) {
        while let Some(c) = self.take() {
            if c != '"' {
                cell.text.push(c);
            } else if self.rest.starts_with('"') {
                self.take();
                cell.text.push('"');
            } else {
                return;
            }
        }
        faults.add(cell.line, "the quotation mark that opens here is never closed", "close it, or delete it");
    }

    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        self.line += usize::from(c == '\n');
        Some(c)
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::{Format, Source, parse};

    fn faults(csv: &str) -> Vec<(usize, String)> {
        let unsound = parse("f", csv.as_bytes(), Format::Csv).expect_err("the source has faults");
        unsound.faults.into_iter().map(|fault| (fault.line, fault.fault)).collect()
    }

    fn read(csv: &str) -> Source {
        parse("f", csv.as_bytes(), Format::Csv).unwrap()
    }

    #[test]
    fn rows_of_one_id_are_one_entry() {
        let source = read(
            "\
Id,Question,Answer,Lang,Suggest,Subject
returns,How do I return it?,\"Within 30 days,
unused.\",en,true,
pay,How can I pay?,By card.,en,,Billing

returns,\"It says \"\"send back\"\"\",,,,Returns
returns,Refund?,\"Within 30 days,
unused.\",en,,Returns
",
        );
        assert_eq!(source.entries.len(), 2);
        let entry = &source.entries[0];
        assert_eq!(entry.answer.as_str(), "Within 30 days,\nunused.");
        assert_eq!(entry.questions.len(), 3);
        assert_eq!(entry.questions[1].as_str(), "It says \"send back\"");
        assert!(entry.suggest);
        assert!(!source.entries[1].suggest);
        let subjects = source.entries.iter().filter_map(|entry| entry.subject.as_ref());
        assert_eq!(subjects.map(|subject| subject.as_str()).collect::<Vec<_>>(), ["Returns", "Billing"]);
    }

    #[test]
    fn semicolons_and_tabs_separate_where_spreadsheets_write_them() {
        for csv in ["id;question;answer\r\na;b, c;d\r\n", "id\tquestion\tanswer\na\tb, c\td\n"] {
            assert_eq!(read(csv).entries[0].questions[0].as_str(), "b, c");
        }
    }

    #[test]
    fn wrong_forms_are_named_with_the_line_they_begin_on() {
        assert_eq!(
            faults(
                "\
id,question,answer
a,\"two
lines\",x
a,other,y
b,\"quoted\" rest,z
c,too,many,cells
,nobody,knows
d,\"never closed,x
e,f,g
"
            ),
            [
                (4, "'answer' differs from line 3, of the same id".to_owned()),
                (5, "'rest' follows a closing quotation mark".to_owned()),
                (6, "the row has 4 cells; the header has 3".to_owned()),
                (7, "the entry has no id".to_owned()),
                (8, "the quotation mark that opens here is never closed".to_owned()),
                (8, "the entry has no answer".to_owned()),
            ]
        );
    }

    #[test]
    fn a_header_is_needed() {
        assert_eq!(
            faults("name,question,question\n"),
            [
                (1, "there is no column 'name'".to_owned()),
                (1, "the header has 'question' twice".to_owned()),
                (1, "the header has no 'id'".to_owned()),
                (1, "the header has no 'answer'".to_owned()),
            ]
        );
    }
}
