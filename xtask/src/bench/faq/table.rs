//! The comparison as people read it: Markdown, to be pasted into the README.

use std::{collections::BTreeMap, fmt::Write};

use super::{Figures, Row, peers::MATCHERS};
use crate::bench::median;

/// One set: a row a matcher.
pub(super) fn of_one(rows: &[Row]) -> String {
    let mut table = head(&["matcher", "right first", "AUROC", "p50", "p99", "index", "library"]);
    for row in rows {
        let cell = |cell: fn(&Figures) -> String| row.figures.as_ref().map_or_else(dash, cell);
        line(
            &mut table,
            &[
                row.matcher.name.to_owned(),
                cell(|figures| format!("{} %", percent(figures.top1))),
                cell(|figures| figures.oos_auroc.map_or_else(dash, percent)),
                cell(|figures| micros(figures.query_us_p50)),
                cell(|figures| micros(figures.query_us_p99)),
                cell(|figures| kilobytes(figures.index_bytes_br as f64)),
                kilobytes(row.library_bytes_br as f64),
            ],
        );
    }
    table
}

/// Many sets: a row each, with the share that was right first and the AUROC of every matcher.
pub(super) fn of_all(sets: &BTreeMap<String, Vec<Row>>) -> String {
    let names: Vec<&str> = ["right first / AUROC"].into_iter().chain(MATCHERS.map(|m| m.name)).collect();
    let mut table = head(&names);
    for (name, rows) in sets {
        let best = rows.iter().filter_map(|row| row.figures.as_ref()).map(|figures| figures.top1);
        let best = best.fold(0.0, f64::max);
        let mut cells = vec![name.clone()];
        cells.extend(rows.iter().map(|row| {
            row.figures.as_ref().map_or_else(dash, |figures| {
                let (mark, auroc) = (if figures.top1 == best { "**" } else { "" }, figures.oos_auroc);
                format!("{mark}{}{mark} / {}", percent(figures.top1), auroc.map_or_else(dash, percent))
            })
        }));
        line(&mut table, &cells);
    }
    table
}

/// Many sets in a row a matcher: the mean of the shares, the median of times and sizes, over the sets that it finished.
pub(super) fn summary(sets: &BTreeMap<String, Vec<Row>>) -> String {
    let mut table = head(&["matcher", "sets", "right first", "AUROC", "p50", "p99", "index", "library"]);
    for (place, matcher) in MATCHERS.iter().enumerate() {
        let rows: Vec<&Row> = sets.values().filter_map(|rows| rows.get(place)).collect();
        let figures: Vec<&Figures> = rows.iter().filter_map(|row| row.figures.as_ref()).collect();
        let each = |of: fn(&Figures) -> f64| figures.iter().map(|figures| of(figures)).collect::<Vec<f64>>();
        let aurocs: Vec<f64> = figures.iter().filter_map(|figures| figures.oos_auroc).collect();
        line(
            &mut table,
            &[
                matcher.name.to_owned(),
                figures.len().to_string(),
                format!("{} %", percent(mean(&each(|figures| figures.top1)))),
                percent(mean(&aurocs)),
                micros(median(each(|figures| figures.query_us_p50))),
                micros(median(each(|figures| figures.query_us_p99))),
                kilobytes(median(each(|figures| figures.index_bytes_br as f64))),
                kilobytes(rows.first().map_or(0.0, |row| row.library_bytes_br as f64)),
            ],
        );
    }
    table
}

fn head(names: &[&str]) -> String {
    let mut table = String::new();
    line(&mut table, &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    line(&mut table, &names.iter().map(|_| "---".to_owned()).collect::<Vec<_>>());
    table
}

fn line(table: &mut String, cells: &[String]) {
    // Writing to a text cannot fail.
    let _ = writeln!(table, "| {} |", cells.join(" | "));
}

fn dash() -> String {
    "–".to_owned()
}

fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

fn micros(us: f64) -> String {
    if us >= 10_000.0 { format!("{:.0} ms", us / 1e3) } else { format!("{us:.0} µs") }
}

fn kilobytes(bytes: f64) -> String {
    format!("{:.1} KB", bytes / 1024.0)
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_finish_is_a_dash() {
        let row = |figures| Row { matcher: &MATCHERS[0], figures, library_bytes_br: 2048 };
        let figures = Figures {
            top1: 0.8125,
            oos_auroc: None,
            query_us_p50: 7.2,
            query_us_p99: 12_300.0,
            index_bytes_br: 512,
            build_ms: 1.0,
        };
        let table = of_one(&[row(Some(figures)), row(None)]);
        let lines: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| Deskbell | 81.2 % | – | 7 µs | 12 ms | 0.5 KB | 2.0 KB |",
                "| Deskbell | – | – | – | – | – | 2.0 KB |"
            ]
        );
    }
}
