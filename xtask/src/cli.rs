//! What can be asked on the command line, and which module answers.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use serde_json::Value;

use crate::{build, eval, repo::Repo};

/// Every chore of Deskbell. Each prints progress on stderr and one JSON object on stdout.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing and build everything that is deployed.
    Build,
    /// Measure a part on labelled data.
    #[command(subcommand)]
    Eval(Eval),
}

#[derive(Subcommand)]
enum Eval {
    /// How well questions are answered from an FAQ, and how fast.
    Faq {
        /// A folder with a knowledge file and labelled questions.
        dir: PathBuf,
    },
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// Those of the command.
    pub(crate) fn run(self) -> Result<Value> {
        let repo = Repo::find()?;
        match self.command {
            Command::Build => build::run(&repo),
            Command::Eval(Eval::Faq { dir }) => eval::run(&dir),
        }
    }
}
