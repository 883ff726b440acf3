//! `site`: makes a site, or changes what was named of its settings.

use std::env;

use anyhow::{Context, Result, bail, ensure};
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

/// A site and what is decided about it. A site that exists keeps what is not named.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The site's name, as in the script tag's `data-site`
    site: SiteId,
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    person: Person,
    #[command(flatten)]
    edge: EdgeArguments,
}

/// Somebody who may sign in, and what is to be done about them.
#[derive(clap::Args)]
struct Person {
    /// The e-mail address of somebody who may sign in: for a new site, or together with --new-password or
    /// --no-second-factor. With the first two their password is made and printed
    #[arg(long, value_parser = parse::<Email>)]
    owner: Option<Email>,
    /// That person's name, which visitors see
    #[arg(long, value_parser = parse::<Line>, requires = "owner")]
    owner_name: Option<Line>,
    /// For a site that exists: adds the person, or gives them another password and ends their sessions
    #[arg(long, requires = "owner")]
    new_password: bool,
    /// For somebody who has lost their phone and their recovery codes: takes app and passkeys off them and ends their
    /// sessions; the password stays
    #[arg(long, requires = "owner")]
    no_second_factor: bool,
}

/// Settings that were named.
#[derive(clap::Args)]
struct Named {
    /// The name visitors see
    #[arg(long, value_parser = parse::<Line>)]
    name: Option<Line>,
    /// A page's origin that may show the widget, `https://shop.example.com`; repeat it for each: they are all there are
    #[arg(long)]
    origin: Vec<Origin>,
    /// The same, beside those that there are already
    #[arg(long)]
    add_origin: Vec<Origin>,
    /// The brand's colour, #rrggbb
    #[arg(long, value_parser = parse::<Colour>)]
    accent: Option<Colour>,
    /// The language to fall back on, such as `en` or `zh-Hans`; '' for none
    #[arg(long, value_parser = or_none::<LanguageTag>)]
    language: Option<OrNone<LanguageTag>>,
    /// The first words of the chat; '' for the usual ones
    #[arg(long, value_parser = or_none::<Text>)]
    greeting: Option<OrNone<Text>>,
    /// The site key of Cloudflare's Turnstile, to ask visitors that instead of a puzzle; its secret comes from the
    /// environment, as DESKBELL_TURNSTILE_SECRET, and need not come again; '' for puzzles alone
    #[arg(long, value_parser = or_none::<TurnstileKey>)]
    turnstile: Option<OrNone<TurnstileKey>>,
    /// Whether visitors who were served are asked how likely they are to recommend the site: `true` or `false`
    #[arg(long)]
    asks_to_recommend: Option<bool>,
}

/// A setting that can be taken away.
#[derive(Clone)]
struct OrNone<T>(Option<T>);

/// Makes or changes the site.
///
/// # Errors
/// Something is missing, the edge cannot be reached, or it refuses.
pub(crate) fn run(repo: &Repo, arguments: Arguments) -> Result<Value> {
    let Arguments { site, named, person, edge } = arguments;
    let operator = Operator::from_arguments(repo, edge)?;
    put(&operator, &site, named, person)
}

/// Makes the site, or changes of it what was named.
fn put(operator: &Operator, site: &SiteId, named: Named, person: Person) -> Result<Value> {
    let Person { owner, owner_name, new_password, no_second_factor } = person;
    let before = operator.settings(site)?;
    let made = before.is_none();
    match (&owner, made) {
        (None, true) => bail!("there is no site {site} yet: a new one needs --name, --origin and --owner"),
        (Some(email), false) if !new_password && !no_second_factor => bail!(
            "there is a site {site}: leave --owner out to change its settings, or say --new-password to let {} in \
             with another password, or --no-second-factor to let them in with the password alone",
            email.as_str()
        ),
        _ => {}
    }
    let asks_turnstile = named.turnstile.as_ref().is_some_and(|key| key.0.is_some());
    let secret = asks_turnstile.then(|| env::var(TURNSTILE_SECRET).ok()).flatten();
    let turnstile_secret = secret.map(TurnstileSecret::try_from).transpose().context(TURNSTILE_SECRET)?;
    let settings = match before {
        None => named.whole()?,
        Some(before) => named.over(before),
    };
    // Made here and shown once: a password on the command line would be in the shell's history.
    let gets_password = made || new_password;
    let password = gets_password.then(secrets::random).transpose()?;
    let owes_nothing = owner.clone().filter(|_| no_second_factor);
    let owner = match (owner, &password) {
        (Some(email), Some(password)) => {
            Some(NewPerson { email, name: owner_name, password: Password::try_from(password.clone())? })
        }
        _ => None,
    };
    let request = SiteRequest { settings, owner, no_second_factor: owes_nothing, turnstile_secret };
    if made { operator.make_site(site, &request) } else { operator.put_site(site, &request) }?;
    eprintln!("{} {site}", if made { "made" } else { "changed" });
    Ok(json!({ "site": site, "made": made, "settings": request.settings, "password": password }))
}

impl Named {
    /// The settings of a new site.
    fn whole(self) -> Result<SiteSettings> {
        let name = self.name.clone().context("a new site needs --name")?;
        let none = SiteSettings {
            name,
            origins: Vec::new(),
            accent: Colour::default(),
            language: None,
            greeting: None,
            turnstile: None,
            asks_to_recommend: false,
        };
        let settings = self.over(none);
        ensure!(
            !settings.origins.is_empty(),
            "a new site needs --origin: without one no page may show the chat"
        );
        Ok(settings)
    }

    /// These, and of a site that exists what is not among them.
    fn over(self, before: SiteSettings) -> SiteSettings {
        let mut origins = if self.origin.is_empty() { before.origins } else { self.origin };
        for origin in self.add_origin {
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        SiteSettings {
            name: self.name.unwrap_or(before.name),
            origins,
            accent: self.accent.unwrap_or(before.accent),
            language: self.language.map_or(before.language, |named| named.0),
            greeting: self.greeting.map_or(before.greeting, |named| named.0),
            turnstile: self.turnstile.map_or(before.turnstile, |named| named.0),
            asks_to_recommend: self.asks_to_recommend.unwrap_or(before.asks_to_recommend),
        }
    }
}

/// A value of the wire from an argument, by the wire's own rules.
fn parse<T>(text: &str) -> Result<T, T::Error>
where
    T: TryFrom<String>,
{
    T::try_from(text.to_owned())
}

/// The same, or nothing.
fn or_none<T>(text: &str) -> Result<OrNone<T>, T::Error>
where
    T: TryFrom<String>,
{
    if text.is_empty() { Ok(OrNone(None)) } else { parse(text).map(Some).map(OrNone) }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread};

    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Typed {
        #[command(flatten)]
        named: Named,
    }

    #[derive(Parser)]
    struct Someone {
        #[command(flatten)]
        person: Person,
    }

    fn named(typed: &[&str]) -> Named {
        Typed::parse_from(["site"].iter().chain(typed)).named
    }

    fn settings() -> SiteSettings {
        let typed =
            ["--name", "Acme", "--origin", "https://acme.com", "--greeting", "Hello", "--turnstile", "0x4A"];
        named(&typed).whole().unwrap()
    }

    #[test]
    fn a_site_keeps_what_is_not_named() {
        assert_eq!(named(&[]).over(settings()), settings());
        let more = named(&["--add-origin", "https://acme.de", "--add-origin", "https://acme.com"]);
        let origins: Vec<_> =
            ["https://acme.com", "https://acme.de"].map(|origin| origin.parse().unwrap()).into();
        assert_eq!(more.over(settings()), SiteSettings { origins, ..settings() });
        let other = named(&["--origin", "https://acme.fr"]).over(settings());
        assert_eq!(other.origins, ["https://acme.fr".parse().unwrap()]);
        let without = named(&["--greeting", ""]).over(settings());
        assert_eq!(without, SiteSettings { greeting: None, ..settings() });
    }

    #[test]
    fn a_new_site_is_shown_somewhere() {
        assert!(named(&["--name", "Acme"]).whole().is_err());
        assert!(named(&["--origin", "https://acme.com"]).whole().is_err());
    }

    /// Does something to a site that exists; what the edge was sent.
    fn sent(person: &[&str]) -> (Result<Value>, Option<SiteRequest>) {
        let person = Someone::parse_from(["site"].iter().chain(person)).person;
        let server = tiny_http::Server::http("127.0.0.1:0").unwrap();
        let operator = Operator::new(&format!("http://{}", server.server_addr()), String::new());
        let (tell, heard) = mpsc::channel();
        thread::spawn(move || {
            for mut request in server.incoming_requests() {
                if *request.method() == tiny_http::Method::Put {
                    let sent: SiteRequest = serde_json::from_reader(request.as_reader()).unwrap();
                    tell.send(sent).unwrap();
                }
                let answer = serde_json::to_string(&settings()).unwrap();
                request.respond(tiny_http::Response::from_string(answer)).unwrap();
            }
        });
        let outcome = put(&operator, &"acme".parse().unwrap(), named(&["--accent", "#27478c"]), person);
        (outcome, heard.try_recv().ok())
    }

    #[test]
    fn whoever_gets_a_password_is_told_it() {
        let (outcome, request) = sent(&[]);
        assert_eq!((outcome.unwrap()["password"].clone(), request.unwrap().owner), (Value::Null, None));
        let (outcome, request) = sent(&["--owner", "bo@acme.com", "--new-password"]);
        let (told, request) = (outcome.unwrap()["password"].clone(), request.unwrap());
        let owner = request.owner.unwrap();
        assert_eq!((told.as_str(), owner.name), (Some(owner.password.reveal()), None));
        assert_eq!(request.no_second_factor, None);
        // The command that made the site, once more: nothing is sent.
        let (outcome, request) = sent(&["--owner", "ana@acme.com"]);
        assert!(outcome.is_err() && request.is_none());
    }

    #[test]
    fn whoever_has_lost_their_phone_keeps_their_password() {
        let (outcome, request) = sent(&["--owner", "bo@acme.com", "--no-second-factor"]);
        let request = request.unwrap();
        assert_eq!((outcome.unwrap()["password"].clone(), request.owner), (Value::Null, None));
        assert_eq!(request.no_second_factor.unwrap().as_str(), "bo@acme.com");
        assert!(Someone::try_parse_from(["site", "--no-second-factor"]).is_err());
    }
}
