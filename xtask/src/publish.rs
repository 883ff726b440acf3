//! `publish`: an FAQ file goes live.

use std::path::PathBuf;

use anyhow::Result;
use deskbell_shared::wire::SiteId;
use serde_json::Value;

use crate::{
    operator::{EdgeArguments, Operator, line},
    repo::Repo,
};

/// Which FAQ of which site.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The site's name, as in the script tag's `data-site`
    site: SiteId,
    /// The FAQ: a .yaml, .yml or .csv file
    file: PathBuf,
    #[command(flatten)]
    edge: EdgeArguments,
}

/// Publishes, and says what the owner may want to mend.
///
/// # Errors
/// The edge cannot be reached, or refuses.
pub(crate) fn run(repo: &Repo, arguments: Arguments) -> Result<Value> {
    let operator = Operator::from_arguments(repo, arguments.edge)?;
    let published = operator.publish(&arguments.site, &arguments.file)?;
    for warning in &published.warnings {
        eprintln!("warning: {}", line(warning));
    }
    eprintln!(
        "published: {} entries with {} phrasings, {} bytes",
        published.entries, published.phrasings, published.bytes
    );
    Ok(serde_json::to_value(published)?)
}
