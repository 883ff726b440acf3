//! A report as tables for a spreadsheet: comma-separated values as RFC 4180 has them.

use super::{ReportRequest, ServiceFigures, ServiceReport, Sheet};
use crate::wire::Day;

/// What tells a spreadsheet that the file is UTF-8: without it, names are read in whatever code its computer had first.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";
const END_OF_LINE: &str = "\r\n";
/// The columns behind those that say whose figures they are. Times are in seconds.
const FIGURES: [&str; 11] = [
    "talks",
    "answered",
    "first_reply_median_s",
    "first_reply_p90_s",
    "closed",
    "solved_at_first_contact",
    "rated",
    "satisfied",
    "recommending",
    "promoters",
    "detractors",
];

impl ServiceReport {
    /// One of its tables: a line of names, then a line for each day, the oldest first, or for each person. Nobody is in it
    /// when the report has no people.
    pub fn sheet(&self, sheet: Sheet, request: ReportRequest) -> String {
        let mut table = BYTE_ORDER_MARK.to_owned();
        match sheet {
            Sheet::Days => {
                line(&mut table, ["date"].into_iter().chain(FIGURES));
                for day in &self.days {
                    let date = Day::of_wall_clock(request.local(day.since)).to_string();
                    line(&mut table, [date].into_iter().chain(cells(&day.figures)));
                }
            }
            Sheet::People => {
                line(&mut table, ["name", "address"].into_iter().chain(FIGURES));
                for by in self.people.iter().flatten() {
                    let who = [text(by.person.name.as_str()), text(by.person.email.as_str())];
                    line(&mut table, who.into_iter().chain(cells(&by.figures)));
                }
            }
        }
        table
    }
}

fn line(table: &mut String, cells: impl Iterator<Item = impl AsRef<str>>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            table.push(',');
        }
        table.push_str(cell.as_ref());
    }
    table.push_str(END_OF_LINE);
}

/// The figures, in the order of their columns; what is not known stays empty.
fn cells(figures: &ServiceFigures) -> [String; 11] {
    let ServiceFigures { talks, answered, first_reply, closed, solved_at_first, rated, satisfied, .. } =
        figures;
    let ServiceFigures { recommending, promoters, detractors, .. } = figures;
    let seconds = |ms: Option<u64>| ms.map(|ms| (ms.saturating_add(500) / 1_000).to_string());
    [
        talks.to_string(),
        answered.to_string(),
        seconds(first_reply.map(|spread| spread.p50_ms)).unwrap_or_default(),
        seconds(first_reply.map(|spread| spread.p90_ms)).unwrap_or_default(),
        closed.to_string(),
        solved_at_first.to_string(),
        rated.to_string(),
        satisfied.to_string(),
        recommending.to_string(),
        promoters.to_string(),
        detractors.to_string(),
    ]
}

/// Somebody's words as a cell. A spreadsheet would reckon what begins like a formula, whoever wrote it: an apostrophe before it
/// keeps it what it is (OWASP, CSV injection).
fn text(words: &str) -> String {
    let formula = words.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']);
    let apostrophe = if formula { "'" } else { "" };
    format!("\"{apostrophe}{}\"", words.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Line, Millis, ServedBy, ServiceDay, Spread, Teammate};

    fn report(figures: ServiceFigures, since: Millis, people: Option<Vec<ServedBy>>) -> ServiceReport {
        ServiceReport {
            lately: figures,
            before: None,
            days: vec![ServiceDay { since, figures }],
            hours: vec![],
            reasons: vec![],
            languages: vec![],
            subjects: vec![],
            channels: vec![],
            people,
            is_partial: false,
        }
    }

    fn figures() -> ServiceFigures {
        let first_reply = Some(Spread { p50_ms: 1_499, p90_ms: 1_500 });
        ServiceFigures {
            talks: 3,
            answered: 2,
            first_reply,
            closed: 2,
            solved_at_first: 1,
            rated: 1,
            satisfied: 1,
            recommending: 2,
            promoters: 1,
            detractors: 0,
        }
    }

    const SHANGHAI: ReportRequest = ReportRequest { days: 1, utc_offset_minutes: 480 };

    #[test]
    fn a_line_a_day_says_what_was_counted_on_it() {
        let midnight_in_shanghai = Millis(20_000 * Millis::DAY - 8 * 3_600_000);
        let head = "\u{FEFF}date,talks,answered,first_reply_median_s,first_reply_p90_s,closed,solved_at_first_contact,rated,satisfied,recommending,promoters,detractors\r\n";
        let table = report(figures(), midnight_in_shanghai, None).sheet(Sheet::Days, SHANGHAI);
        assert_eq!(table, format!("{head}2024-10-04,3,2,1,2,2,1,1,1,2,1,0\r\n"));
        let nothing = report(ServiceFigures::default(), midnight_in_shanghai, None);
        assert_eq!(nothing.sheet(Sheet::Days, SHANGHAI), format!("{head}2024-10-04,0,0,,,0,0,0,0,0,0,0\r\n"));
    }

    #[test]
    fn a_name_is_a_cell_and_never_a_formula() {
        let person = |name: &str, email: &str| ServedBy {
            person: Teammate { name: Line::new(name).unwrap(), email: email.to_owned().try_into().unwrap() },
            figures: figures(),
        };
        let people = vec![person("=1+1, \"Bo\"", "-bo@shop.example"), person("小美", "mei@shop.example")];
        let table = report(figures(), Millis(0), Some(people)).sheet(Sheet::People, SHANGHAI);
        let lines: Vec<&str> = table.split("\r\n").collect();
        assert!(lines[0].starts_with("\u{FEFF}name,address,talks,"));
        assert_eq!(lines[1], "\"'=1+1, \"\"Bo\"\"\",\"'-bo@shop.example\",3,2,1,2,2,1,1,1,2,1,0");
        assert_eq!(lines[2], "\"小美\",\"mei@shop.example\",3,2,1,2,2,1,1,1,2,1,0");
        assert_eq!(lines[3..], [""]);
        let nobody = report(figures(), Millis(0), None).sheet(Sheet::People, SHANGHAI);
        assert_eq!(nobody.lines().count(), 1);
    }
}
