//! `customer`: a token of a signed-in customer, as a site's backend would sign it, to try what agents then see.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use deskbell_shared::wire::{Customer, Email, Line, SiteId, jwt};
use serde_json::{Value, json};

use crate::{
    operator::{EdgeArguments, Operator},
    repo::Repo,
};

/// How long a token is good, in seconds.
const GOOD_FOR_S: u64 = 60 * 60;

/// Who, at which site.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The site's name, as in the script tag's `data-site`
    site: SiteId,
    /// What the site calls the customer
    #[arg(long, default_value = "1", value_parser = line)]
    id: Line,
    /// What people call them
    #[arg(long, value_parser = line)]
    name: Option<Line>,
    /// Their address
    #[arg(long, value_parser = email)]
    email: Option<Email>,
    /// They should not wait
    #[arg(long)]
    vip: bool,
    #[command(flatten)]
    edge: EdgeArguments,
}

fn line(text: &str) -> Result<Line, String> {
    Line::new(text).map_err(|fault| fault.to_string())
}

fn email(text: &str) -> Result<Email, String> {
    Email::try_from(text.to_owned()).map_err(|fault| fault.to_string())
}

/// Signs it, and says how to use it.
///
/// # Errors
/// The edge cannot be reached, or refuses.
pub(crate) fn run(repo: &Repo, arguments: Arguments) -> Result<Value> {
    let Arguments { site, id, name, email, vip, edge } = arguments;
    let secret = Operator::from_arguments(repo, edge)?.customer_secret(&site)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut claims = serde_json::to_value(Customer { id, name, email, vip })?;
    claims["aud"] = json!(site);
    claims["exp"] = json!(now + GOOD_FOR_S);
    let token = jwt::sign(&claims, &secret);
    eprintln!(
        "good for an hour: Deskbell('identify', {{ token }}) on a page of the site; a demo shop takes it behind its address, as #customer=TOKEN"
    );
    Ok(json!({ "token": token, "claims": claims }))
}
