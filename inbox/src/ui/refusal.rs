//! Why something did not work, in words, with the time after which it will.

use deskbell_browser::{clock, http::Failure};
use deskbell_shared::{
    locale::Catalog,
    wire::{Problem, ProblemKind, SourceFault},
};
use leptos::prelude::*;

use crate::{
    ui::{clock::now, span},
    words::{t, words},
};

/// The key of the words for a failure.
fn key(failure: &Failure) -> &'static str {
    let Failure::Refused(problem) = failure else {
        return match failure {
            Failure::Unreachable => "failure.unreachable",
            _ => "failure.garbled",
        };
    };
    match problem.kind {
        ProblemKind::Malformed => "failure.malformed",
        ProblemKind::SignInNeeded => "failure.sign_in_needed",
        ProblemKind::SignInWrong => "failure.sign_in_wrong",
        ProblemKind::SecondFactorNeeded => "failure.second_factor_needed",
        ProblemKind::SecondFactorWrong => "failure.second_factor_wrong",
        ProblemKind::PasskeyNeeded => "failure.passkey_needed",
        ProblemKind::PasskeyWrong => "failure.passkey_wrong",
        ProblemKind::CredentialWrong => "failure.credential_wrong",
        ProblemKind::SecondFactorDue => "failure.second_factor_due",
        ProblemKind::NotAllowed => "failure.not_allowed",
        ProblemKind::OriginNotAllowed => "failure.origin_not_allowed",
        ProblemKind::Banned => "failure.banned",
        ProblemKind::ChallengeNeeded => "failure.throttled",
        ProblemKind::WordsBlocked => "failure.malformed",
        ProblemKind::RulesInvalid => "failure.rules_invalid",
        ProblemKind::NotFound => "failure.not_found",
        ProblemKind::SiteUnknown => "failure.site_unknown",
        ProblemKind::ConversationUnknown => "failure.conversation_unknown",
        ProblemKind::MethodNotAllowed => "failure.malformed",
        ProblemKind::Conflict => "failure.conflict",
        ProblemKind::TooLarge => "failure.too_large",
        ProblemKind::UnsupportedMedia => "failure.unsupported_media",
        ProblemKind::FaqInvalid => "failure.faq_invalid",
        ProblemKind::Throttled => "failure.throttled",
        ProblemKind::Unavailable => "failure.unavailable",
    }
}

/// A failure in one sentence.
pub fn sentence(words: &Catalog, failure: &Failure) -> String {
    let status = match failure {
        Failure::Garbled { status } => status.to_string(),
        _ => String::new(),
    };
    words.fill(key(failure), &[("status", &status)])
}

/// What the edge said in particular, in English, where that helps whoever has to mend it.
fn detail(failure: &Failure) -> Option<&str> {
    let Failure::Refused(problem) = failure else { return None };
    let helps = matches!(
        problem.kind,
        ProblemKind::Malformed
            | ProblemKind::NotAllowed
            | ProblemKind::Conflict
            | ProblemKind::TooLarge
            | ProblemKind::UnsupportedMedia
            | ProblemKind::MethodNotAllowed
            | ProblemKind::RulesInvalid
    );
    (helps && !problem.detail.is_empty()).then_some(problem.detail.as_str())
}

fn refused(failure: &Failure) -> Option<&Problem> {
    match failure {
        Failure::Refused(problem) => Some(problem),
        _ => None,
    }
}

/// Whether the edge refused for this.
pub fn is(failure: &Failure, kind: ProblemKind) -> bool {
    refused(failure).is_some_and(|problem| problem.kind == kind)
}

/// Why something did not work; counts down to when it can be tried again, and lists the faults of a file.
#[component]
pub fn Refusal(
    /// What happened.
    failure: Failure,
) -> impl IntoView {
    let (words, now) = (words(), now());
    let again = refused(&failure)
        .and_then(|problem| problem.retry_after_s)
        .map(|seconds| clock::now().plus(seconds.saturating_mul(1000)));
    let wait = move || {
        let until = again?;
        let now = now.now();
        let text = if now < until {
            words.fill("failure.again_in", &[("wait", &span::countdown(&words.catalog(), until, now))])
        } else {
            words.text("failure.again_now")
        };
        Some(view! { <span class="refusal-wait" aria-live="off">{text}</span> })
    };
    let detail = detail(&failure).map(|detail| view! { <small lang="en">{detail.to_owned()}</small> });
    let faults = refused(&failure).map(|problem| problem.faults.clone()).unwrap_or_default();
    view! {
        <div class="refusal" role="alert">
            <p>{move || sentence(&words.catalog(), &failure)} " " {wait}</p>
            {detail}
            <Faults faults/>
        </div>
    }
}

/// The faults of a file, each with its line and what to do about it.
#[component]
pub fn Faults(
    /// In the order of the file.
    faults: Vec<SourceFault>,
) -> impl IntoView {
    let words = words();
    let row = |fault: SourceFault| {
        let SourceFault { file, line, fault, remedy } = fault;
        let place = match line {
            0 => file,
            line => format!("{file}:{line}"),
        };
        view! {
            <li>
                <code>{place}</code>
                <span lang="en">{fault}</span>
                <span lang="en" class="remedy">{remedy}</span>
            </li>
        }
    };
    (!faults.is_empty()).then(|| {
        view! {
            <ol class="faults" aria-label=move || words.text("faq.faults")>
                {faults.into_iter().map(row).collect_view()}
            </ol>
        }
    })
}

/// Why something could not be had, and a button to ask for it again.
#[component]
pub fn Retry(
    /// Why.
    failure: Failure,
    /// Asks again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <Refusal failure/>
        <button type="button" class="button" on:click=move |_| on_retry.run(())>{t("app.retry")}</button>
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::tests::{find, stage};

    #[wasm_bindgen_test]
    fn a_throttle_says_when_it_works_again() {
        let problem = Problem::throttled("slow down", 42_000);
        let place = stage(move || view! { <Refusal failure=Failure::Refused(Box::new(problem))/> });
        let said = find(&place, "[role=alert]").text_content().unwrap();
        // The clock that is shown ticks once a second, and may be almost that far behind.
        assert!(said.contains("42 seconds") || said.contains("43 seconds"), "{said}");
        assert!(!said.contains("slow down"), "what is for developers is not shown: {said}");
    }

    #[wasm_bindgen_test]
    fn every_fault_of_a_file_comes_with_its_line_and_remedy() {
        let fault = |line| SourceFault {
            file: "faq.csv".to_owned(),
            line,
            fault: "no answer".to_owned(),
            remedy: "write one".to_owned(),
        };
        let problem =
            Problem { faults: vec![fault(0), fault(7)], ..Problem::new(ProblemKind::FaqInvalid, "2 faults") };
        let place = stage(move || view! { <Refusal failure=Failure::Refused(Box::new(problem))/> });
        let faults = place.query_selector_all(".faults li").unwrap();
        let said = |place| faults.item(place).unwrap().text_content().unwrap();
        assert_eq!(
            (said(0).as_str(), said(1).as_str()),
            ("faq.csvno answerwrite one", "faq.csv:7no answerwrite one")
        );
    }

    #[wasm_bindgen_test]
    fn every_failure_has_words() {
        let words = crate::words::Words::of(
            Catalog::parse("en", include_str!("../../../www/locales/inbox/en.json")).unwrap(),
        );
        let refused = |kind: &ProblemKind| Failure::Refused(Box::new(Problem::new(*kind, "detail")));
        let failures = ProblemKind::ALL.iter().map(refused);
        for failure in failures.chain([Failure::Unreachable, Failure::Garbled { status: 502 }]) {
            let said = sentence(&words.catalog(), &failure);
            assert!(!said.starts_with("failure.") && !said.contains('{'), "{failure:?}: {said}");
        }
    }
}
