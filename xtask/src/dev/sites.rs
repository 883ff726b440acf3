//! The two demo shops and who may sign in to their inboxes.

use anyhow::{Context, Result};
use deskbell_shared::wire::{NewPerson, Password, SiteId, SiteRequest, SiteSettings};

use super::shop::Shop;
use crate::{
    operator::{Operator, line},
    progress::{Outcome, step},
    repo::Repo,
};

/// A shop that exists to show Deskbell.
pub(crate) struct Demo {
    /// The site's id.
    pub(super) site: &'static str,
    /// The shop's name.
    pub(super) name: &'static str,
    /// Where its page and its FAQ are, below `www/demo`.
    pub(super) folder: &'static str,
    /// The shop's colour.
    accent: &'static str,
    /// The shop's language.
    language: &'static str,
    /// Who signs in.
    pub(super) email: &'static str,
    /// Their name.
    person: &'static str,
}

/// The shops.
pub(crate) const DEMOS: [Demo; 2] = [
    Demo {
        site: "willow",
        name: "Willow & Co",
        folder: "en",
        accent: "#27478c",
        language: "en",
        email: "ada@willow.example",
        person: "Ada",
    },
    Demo {
        site: "qinglan",
        name: "青岚",
        folder: "zh",
        accent: "#1d6168",
        language: "zh-Hans",
        email: "lan@qinglan.example",
        person: "小岚",
    },
];

/// Their password. No secret: the edge of `dev` listens on this machine only.
pub(super) const PASSWORD: &str = "kettle-is-on";

impl Demo {
    /// Where the FAQ is in the repository.
    pub(crate) fn faq(&self) -> String {
        format!("www/demo/{}/faq.yaml", self.folder)
    }

    /// What its owner has decided. `ports` are those of all shops: each serves the pages of all, which link to each other.
    pub(crate) fn settings(&self, ports: &[u16]) -> Result<SiteSettings> {
        let origins = ports.iter().flat_map(|port| Shop::origins(*port)).map(|origin| origin.parse());
        Ok(SiteSettings {
            name: self.name.to_owned().try_into()?,
            origins: origins.collect::<Result<_, _>>()?,
            accent: self.accent.to_owned().try_into()?,
            language: Some(self.language.to_owned().try_into()?),
            greeting: None,
            turnstile: None,
            asks_to_recommend: true,
        })
    }

    /// Makes the site or brings it up to date.
    pub(super) fn set_up(&self, operator: &Operator, ports: &[u16]) -> Result<()> {
        let settings = self.settings(ports)?;
        let owner = NewPerson {
            email: self.email.to_owned().try_into()?,
            name: Some(self.person.to_owned().try_into()?),
            password: Password::try_from(PASSWORD.to_owned())?,
        };
        step(&format!("site {}", self.site), || {
            let request =
                SiteRequest { settings, owner: Some(owner), no_second_factor: None, turnstile_secret: None };
            operator.put_site(&self.id()?, &request)?;
            Ok(Outcome::Done)
        })?;
        Ok(())
    }

    /// Publishes the FAQ as it is now. A mistake in it is only said: the next save mends it.
    pub(super) fn publish(&self, repo: &Repo, operator: &Operator) {
        let published = step(&format!("FAQ of {}", self.site), || {
            let published = operator.publish(&self.id()?, &repo.at(self.faq()))?;
            for warning in &published.warnings {
                eprintln!("    warning: {}", line(warning));
            }
            Ok(Outcome::Done)
        });
        if let Err(fault) = published {
            eprintln!("error: {fault:#}");
        }
    }

    /// Its id, as the wire has it.
    pub(crate) fn id(&self) -> Result<SiteId> {
        self.site.parse().context("a demo site has a bad name")
    }
}
