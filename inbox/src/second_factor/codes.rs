//! Recovery codes, shown once.

use deskbell_shared::wire::RecoveryCodes;
use leptos::prelude::*;

use super::title::Title;
use crate::{ui::copy::CopyText, words::t};

/// New recovery codes, until somebody says that they have kept them.
#[component]
pub fn KeptCodes(
    /// The codes.
    codes: RecoveryCodes,
    /// Called then.
    #[prop(into)]
    on_kept: Callback<()>,
) -> impl IntoView {
    let lines: Vec<String> = codes.codes.iter().map(ToString::to_string).collect();
    view! {
        <div class="form">
            <Title label="second_factor.codes"/>
            <p>{t("second_factor.codes_about")}</p>
            <CopyText id="recovery-codes" text=lines.join("\n")/>
            <button type="button" class="button primary" on:click=move |_| on_kept.run(())>
                {t("second_factor.kept")}
            </button>
        </div>
    }
}
