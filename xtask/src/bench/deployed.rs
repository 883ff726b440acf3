//! The worker as it is deployed, on bare workerd: what was built, and everything that `wrangler.toml` binds.

use anyhow::{Context, Result};
use deskbell_shared::wire::{Email, NewPerson, Password, SiteId, SiteRequest, SiteSettings};
use serde::Deserialize;

use super::workerd::{Limit, Server, Worker};
use crate::{files, operator::Operator, repo::Repo, secrets};

/// What `wrangler.toml` says of the worker, as far as workerd has to know it.
#[derive(Deserialize)]
pub(super) struct Deployment {
    pub(super) compatibility_date: String,
    assets: Assets,
    durable_objects: DurableObjects,
    #[serde(default)]
    ratelimits: Vec<RateLimit>,
}

#[derive(Deserialize)]
struct Assets {
    directory: String,
    binding: String,
}

#[derive(Deserialize)]
struct DurableObjects {
    bindings: Vec<Objects>,
}

#[derive(Deserialize)]
struct Objects {
    name: String,
    class_name: String,
}

#[derive(Deserialize)]
struct RateLimit {
    name: String,
    simple: Limit,
}

impl Deployment {
    /// Reads it.
    ///
    /// # Errors
    /// The file cannot be read, or binds in another way than it did.
    pub(super) fn read(repo: &Repo) -> Result<Self> {
        let config = files::read_text(&repo.at("wrangler.toml"))?;
        toml::from_str(&config).context("wrangler.toml is not as the benchmarks know it")
    }

    /// A worker with these bindings.
    fn bind(&self, repo: &Repo, worker: Worker, ceiling: Ceiling) -> Worker {
        let assets = repo.at(&self.assets.directory);
        let worker = self
            .durable_objects
            .bindings
            .iter()
            .fold(worker, |worker, objects| worker.objects(&objects.name, &objects.class_name))
            .directory(&self.assets.binding, &assets);
        self.ratelimits.iter().fold(worker, |worker, RateLimit { name, simple }| match ceiling {
            Ceiling::AsDeployed => worker.limiter(name, *simple),
            Ceiling::OutOfReach => worker.limiter(name, Limit { limit: u32::MAX, ..*simple }),
        })
    }
}

/// How many requests of one address the platform lets through.
#[derive(Clone, Copy)]
pub(super) enum Ceiling {
    /// As many as `wrangler.toml` says.
    AsDeployed,
    /// More than anybody sends: for what lies behind it.
    OutOfReach,
}

/// Serves what the last build made, with a module before it where there is one, and gives its operator.
///
/// # Errors
/// Nothing is built, or workerd does not come up.
pub(super) fn serve(
    repo: &Repo,
    name: &str,
    before: Option<(&str, &str)>,
    ceiling: Ceiling,
) -> Result<(Server, Operator)> {
    let (built, token) = (repo.at("edge/build"), secrets::random()?);
    let worker = match before {
        Some((name, source)) => Worker::default().script(name, source.into()),
        None => Worker::default(),
    };
    let worker = worker
        .script("entry.mjs", files::read(&built.join("entry.mjs"))?)
        .script("index.js", files::read(&built.join("index.js"))?)
        .wasm("index_bg.wasm", files::read(&built.join("index_bg.wasm"))?)
        .text("DESKBELL_KEY", &secrets::random()?)
        .text(secrets::ADMIN_TOKEN, &token);
    let server = Deployment::read(repo)?.bind(repo, worker, ceiling).serve(repo, name)?;
    let operator = Operator::new(server.address(), token);
    Ok((server, operator))
}

/// Makes a site that allows this page.
///
/// # Errors
/// The worker refuses.
pub(super) fn make_site(operator: &Operator, name: &str, page: &str) -> Result<SiteId> {
    let site = name.parse()?;
    add_person(operator, &site, page, "owner")?;
    Ok(site)
}

/// Lets somebody of this name sign in to a site that allows this page, and gives their address and their password. The
/// site is made when it is not there.
///
/// # Errors
/// The worker refuses.
pub(super) fn add_person(
    operator: &Operator,
    site: &SiteId,
    page: &str,
    name: &str,
) -> Result<(Email, String)> {
    let settings = SiteSettings {
        name: "Bench".to_owned().try_into()?,
        origins: vec![page.parse()?],
        accent: Default::default(),
        language: None,
        greeting: None,
        turnstile: None,
        asks_to_recommend: false,
    };
    let (email, password) = (Email::try_from(format!("{name}@shop.example.com"))?, secrets::random()?);
    let owner = NewPerson {
        email: email.clone(),
        name: Some(name.to_owned().try_into()?),
        password: Password::try_from(password.clone())?,
    };
    operator.put_site(
        site,
        &SiteRequest { settings, owner: Some(owner), no_second_factor: None, turnstile_secret: None },
    )?;
    Ok((email, password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_bound_in_deployment_is_bound_here() {
        let repo = Repo::find().unwrap();
        let deployment = Deployment::read(&repo).unwrap();
        let config = deployment.bind(&repo, Worker::default(), Ceiling::AsDeployed).config(1, "", "");
        let written = files::read_text(&repo.at("wrangler.toml")).unwrap();
        let names = written.split(['{', '\n', ',']).filter_map(|part| {
            let (key, value) = part.split_once(" = ")?;
            let is_binding = ["name", "binding"].contains(&key.trim());
            let name = value.trim().trim_end_matches(" }").trim_matches('"');
            (is_binding && name.chars().all(|c| c == '_' || c.is_ascii_uppercase())).then_some(name)
        });
        let missing: Vec<&str> =
            names.clone().filter(|name| !config.contains(&format!("(name = \"{name}\", "))).collect();
        assert!(names.count() >= 8 && missing.is_empty(), "{missing:?} in {config}");
    }
}
