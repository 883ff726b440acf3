//! `site`: makes a site, or changes its settings.

use std::env;

use anyhow::{Context, Result};
use deskbell_shared::wire::{
    Colour, Email, LanguageTag, Line, NewPerson, Origin, Password, SiteId, SiteRequest, SiteSettings, Text,
    TurnstileKey, TurnstileSecret,
};
use serde_json::{Value, json};

use crate::{
    operator::{EdgeArguments, Operator},
    repo::Repo,
    secrets,
};

/// Where the secret of Turnstile is taken from: not from the command line, which the shell remembers.
const TURNSTILE_SECRET: &str = "DESKBELL_TURNSTILE_SECRET";

/// A site and what is decided about it. Settings that are not named get their defaults.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The site's name, as in the script tag's `data-site`
    site: SiteId,
    /// The name visitors see
    #[arg(long, value_parser = parse::<Line>)]
    name: Line,
    /// A page's origin that may show the widget, `https://shop.example.com`; repeat it for each
    #[arg(long)]
    origin: Vec<Origin>,
    /// The brand's colour, #rrggbb
    #[arg(long, value_parser = parse::<Colour>)]
    accent: Option<Colour>,
    /// The language to fall back on, such as `en` or `zh-Hans`
    #[arg(long, value_parser = parse::<LanguageTag>)]
    language: Option<LanguageTag>,
    /// The first words of the chat
    #[arg(long, value_parser = parse::<Text>)]
    greeting: Option<Text>,
    /// The site key of Cloudflare's Turnstile, to ask visitors that instead of a puzzle; its secret comes from the
    /// environment, as DESKBELL_TURNSTILE_SECRET, and need not come again
    #[arg(long, value_parser = parse::<TurnstileKey>)]
    turnstile: Option<TurnstileKey>,
    /// For a new site: the e-mail address of the first person who may sign in; their password is made and printed
    #[arg(long, value_parser = parse::<Email>)]
    owner: Option<Email>,
    /// That person's name, which visitors see
    #[arg(long, value_parser = parse::<Line>, requires = "owner")]
    owner_name: Option<Line>,
    #[command(flatten)]
    edge: EdgeArguments,
}

/// Makes or changes the site.
///
/// # Errors
/// The edge cannot be reached, or refuses.
pub(crate) fn run(repo: &Repo, arguments: Arguments) -> Result<Value> {
    let Arguments { site, name, origin, accent, language, greeting, turnstile, owner, owner_name, edge } =
        arguments;
    let operator = Operator::from_arguments(repo, edge)?;
    // Made here and shown once: a password on the command line would be in the shell's history.
    let password = secrets::random()?;
    let owner = match owner {
        None => None,
        Some(email) => Some(NewPerson {
            email,
            name: owner_name.unwrap_or_else(|| name.clone()),
            password: Password::try_from(password.clone())?,
        }),
    };
    let first_person = owner.is_some();
    let secret = turnstile.as_ref().and_then(|_| env::var(TURNSTILE_SECRET).ok());
    let turnstile_secret = secret.map(TurnstileSecret::try_from).transpose().context(TURNSTILE_SECRET)?;
    let accent = accent.unwrap_or_default();
    let settings = SiteSettings { name, origins: origin, accent, language, greeting, turnstile };
    let made = operator.put_site(&site, &SiteRequest { settings, owner, turnstile_secret })?;
    eprintln!("{} {site}", if made { "made" } else { "changed" });
    // Only a new site takes a first person: a password that opens nothing is not shown.
    let password = (made && first_person).then_some(password);
    Ok(json!({ "site": site, "made": made, "password": password }))
}

/// A value of the wire from an argument, by the wire's own rules.
fn parse<T>(text: &str) -> Result<T, T::Error>
where
    T: TryFrom<String>,
{
    T::try_from(text.to_owned())
}
