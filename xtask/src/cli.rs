//! What can be asked on the command line, and which module answers.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use serde_json::Value;

use crate::eval;

/// Every chore of Deskbell. Each prints progress on stderr and one JSON object on stdout.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
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
    pub(crate) fn run(self) -> Result<Value> {
        match self.command {
            Command::Eval(Eval::Faq { dir }) => eval::run(&dir),
        }
    }
}
