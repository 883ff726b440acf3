//! Charts: columns side by side, and rows with a bar each.

use leptos::prelude::*;

use crate::words::t;

/// A column of two parts, one upon the other.
#[derive(Clone, Debug)]
pub struct Column {
    /// What it says, in words.
    pub said: Signal<String>,
    /// The lower part.
    pub low: u32,
    /// The upper part.
    pub high: u32,
}

/// Columns side by side, in the order of time.
#[component]
pub fn Columns(
    /// The key of what they are.
    title: &'static str,
    /// The columns.
    columns: Vec<Column>,
    /// Where the first and the last of them stand.
    ends: [Signal<String>; 2],
    /// Whether their lower part is nothing to be glad of.
    #[prop(optional)]
    is_alarming: bool,
) -> impl IntoView {
    let most = columns.iter().map(|column| column.low.saturating_add(column.high)).max().unwrap_or(0);
    let column = move |Column { said, low, high }: Column| {
        let share = |count: u32| f64::from(count) / f64::from(most.max(1)) * 100.0;
        let (low, all) = (share(low), share(low.saturating_add(high)));
        let y = |height: f64| format!("{:.2}", 100.0 - height);
        view! {
            <svg viewBox="0 0 10 100" preserveAspectRatio="none" role="img" aria-label=said>
                <title>{said}</title>
                <rect class="high" x="1" width="8" y=y(all) height=format!("{all:.2}")></rect>
                <rect class="low" x="1" width="8" y=y(low) height=format!("{low:.2}")></rect>
            </svg>
        }
    };
    let [first, last] = ends;
    view! {
        <figure class="chart" class:alarming=is_alarming>
            <figcaption>{t(title)}</figcaption>
            // The columns say it for those who do not see.
            <span class="most" aria-hidden="true">{most}</span>
            <div class="columns">{columns.into_iter().map(column).collect_view()}</div>
            <div class="ends" aria-hidden="true">
                <span>{first}</span>
                <span>{last}</span>
            </div>
        </figure>
    }
}

/// Rows with a bar each; nothing when there are none.
#[component]
pub fn Bars(
    /// The key of what they are.
    title: &'static str,
    /// What each is called, and its count.
    rows: Vec<(Signal<String>, u32)>,
) -> impl IntoView {
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let row = move |(name, count): (Signal<String>, u32)| {
        view! {
            <li>
                <span dir="auto">{name}</span>
                // The count beside it says the same in words.
                <meter min="0" max=most.to_string() value=count.to_string() aria-hidden="true"></meter>
                <span>{count}</span>
            </li>
        }
    };
    (most > 0).then(|| {
        view! {
            <h3>{t(title)}</h3>
            <ul class="bars">{rows.into_iter().map(row).collect_view()}</ul>
        }
    })
}
