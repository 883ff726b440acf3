//! What can be asked on the command line, and which module answers.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use serde_json::Value;

use crate::{bench, build, dev, eval, publish, repo::Repo, site, tidy};

/// Every chore of Deskbell. Each prints progress on stderr and one JSON object on stdout.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the edge and two demo shops on this machine, and rebuild on change.
    Dev(dev::Arguments),
    /// Install what is missing and build everything that is deployed.
    Build,
    /// Make a site, or change its settings.
    Site(site::Arguments),
    /// Make an FAQ file live.
    Publish(publish::Arguments),
    /// Check the house rules.
    Tidy,
    /// Measure a part on labelled data.
    #[command(subcommand)]
    Eval(Eval),
    /// Measure how fast a part is, beside something that does the same.
    #[command(subcommand)]
    Bench(Bench),
}

#[derive(Subcommand)]
enum Eval {
    /// How well questions are answered from an FAQ, and how fast.
    Faq {
        /// A folder with a knowledge file and labelled questions.
        dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// The worker's cached paths, beside a JavaScript worker's.
    Edge,
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// Those of the command.
    pub(crate) fn run(self) -> Result<Value> {
        let repo = Repo::find()?;
        match self.command {
            Command::Dev(arguments) => dev::run(&repo, &arguments),
            Command::Site(arguments) => site::run(&repo, arguments),
            Command::Publish(arguments) => publish::run(&repo, arguments),
            Command::Build => build::run(&repo),
            Command::Tidy => tidy::run(&repo),
            Command::Eval(Eval::Faq { dir }) => eval::run(&dir),
            Command::Bench(Bench::Edge) => bench::edge::run(&repo),
        }
    }
}
