//! The figures of each person, for those who lead them.

use deskbell_shared::wire::{ServedBy, ServiceFigures};
use leptos::prelude::*;

use super::said::{share, span};
use crate::words::{t, words};

/// A row for everybody.
#[component]
pub fn PeopleTable(
    /// The most talks first.
    people: Vec<ServedBy>,
) -> impl IntoView {
    let words = words();
    let row = move |ServedBy { person, figures }: ServedBy| {
        let ServiceFigures { talks, first_reply, closed, solved_at_first, rated, satisfied, .. } = figures;
        let nothing = || "–".to_owned();
        let reply = move || first_reply.map_or_else(nothing, |spread| span(words, spread.p50_ms));
        view! {
            <tr>
                <th scope="row" dir="auto" title=person.email.as_str().to_owned()>{person.name.to_string()}</th>
                <td>{talks}</td>
                <td>{reply}</td>
                <td>{move || share(words, solved_at_first, closed).unwrap_or_else(nothing)}</td>
                <td>{move || share(words, satisfied, rated).unwrap_or_else(nothing)}</td>
            </tr>
        }
    };
    view! {
        <section>
            <h2 id="by-person">{t("report.people")}</h2>
            <div class="wide">
                <table class="figures" aria-labelledby="by-person">
                    <thead>
                        <tr>
                            <th scope="col">{t("report.person")}</th>
                            <th scope="col">{t("service.talks")}</th>
                            <th scope="col">{t("service.first_reply")}</th>
                            <th scope="col">{t("service.solved")}</th>
                            <th scope="col">{t("service.satisfied")}</th>
                        </tr>
                    </thead>
                    <tbody>{people.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <p class="hint">{t("report.people_about")}</p>
        </section>
    }
}
