//! What can be asked on the command line, and which module answers.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{
    ask, audit, bench, build, cues, customer, dev, embed, eval, fuzz, publish, repo::Repo, site, size,
    starter, test, tidy,
};

/// Every chore of Deskbell. Each prints progress on stderr and its result, nearly always one JSON object, on stdout.
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
    /// Print an FAQ file to start from.
    Starter(starter::Arguments),
    /// Ask a site's FAQ, and see why it answers as it does.
    Ask(ask::Arguments),
    /// Sign the token of a customer, as a site's backend would.
    Customer(customer::Arguments),
    /// Check everything; ends with the line `N passed, N failed`.
    Test(test::Arguments),
    /// Check the house rules.
    Tidy,
    /// Send the parsers what nobody would, at random, for a while.
    Fuzz(fuzz::Arguments),
    /// Learn from the phrasebooks what words have to do with each other.
    Embed,
    /// Learn from the books of cues what shows that a person is needed.
    Cues,
    /// Weigh what is downloaded and deployed.
    Size,
    /// Check a downloaded record of privileged acts.
    #[command(subcommand)]
    Audit(Audit),
    /// Measure a part on labelled data.
    #[command(subcommand)]
    Eval(Eval),
    /// Measure how fast a part is, beside something that does the same.
    #[command(subcommand)]
    Bench(Bench),
}

#[derive(Subcommand)]
enum Audit {
    /// Whether every entry follows the one before it, unchanged.
    Verify {
        /// The record, as the inbox gives it.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum Eval {
    /// How well questions are answered from an FAQ, and how fast.
    Faq {
        /// A folder with a knowledge file and labelled questions.
        dir: PathBuf,
        /// Measure every such folder below this one.
        #[arg(long)]
        all: bool,
    },
    /// How well it is told who needs a person, why, and how soon.
    Handoff {
        /// A file with labelled conversations, one a line.
        file: PathBuf,
        /// Show each conversation that is told otherwise than it is labelled.
        #[arg(long)]
        wrong: bool,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// The worker's cached paths, beside a JavaScript worker's.
    Edge,
    /// Honest visitors and attackers, against the guard.
    Guard,
    /// Messages through cut sockets, killed edges and everything sent twice: none lost, none doubled, none out of order.
    Chaos(bench::chaos::Arguments),
    /// How many messages a second one conversation stores, beside a JavaScript object; and how long one takes to arrive.
    Messages,
    /// How long a challenge takes in Chromium at a quarter of the speed, and whether the page stays smooth.
    Challenge,
    /// The matcher, beside JavaScript search libraries: how often right, how sure, how fast, how large.
    Faq(bench::faq::Arguments),
    /// The matcher in Chromium: how long it takes to load and to ask, and the memory it needs.
    Match,
}

impl Cli {
    /// Does what was asked; returns what belongs on stdout, and whether all is well.
    ///
    /// # Errors
    /// Those of the command.
    pub(crate) fn run(self) -> Result<(String, bool)> {
        let repo = Repo::find()?;
        let result = match self.command {
            Command::Test(arguments) => {
                let count = test::run(&repo, &arguments)?;
                return Ok((format!("{} passed, {} failed", count.passed, count.failed), count.failed == 0));
            }
            Command::Bench(Bench::Guard) => {
                let (report, is_well) = bench::guard::run(&repo)?;
                return Ok((report.to_string(), is_well));
            }
            Command::Bench(Bench::Chaos(arguments)) => {
                let (report, is_well) = bench::chaos::run(&repo, &arguments)?;
                return Ok((report.to_string(), is_well));
            }
            Command::Starter(arguments) => return Ok((starter::run(&repo, &arguments)?, true)),
            Command::Ask(arguments) => ask::run(&repo, arguments),
            Command::Customer(arguments) => customer::run(&repo, arguments),
            Command::Dev(arguments) => dev::run(&repo, &arguments),
            Command::Site(arguments) => site::run(&repo, arguments),
            Command::Publish(arguments) => publish::run(&repo, arguments),
            Command::Build => build::run(&repo),
            Command::Size => size::run(&repo),
            Command::Embed => embed::run(&repo),
            Command::Cues => cues::run(&repo),
            Command::Fuzz(arguments) => fuzz::run(&repo, &arguments),
            Command::Tidy => tidy::run(&repo),
            Command::Eval(Eval::Faq { dir, all: false }) => eval::run(&repo, &dir),
            Command::Eval(Eval::Faq { dir, all: true }) => eval::run_all(&repo, &dir),
            Command::Eval(Eval::Handoff { file, wrong }) => eval::handoff::run(&repo, &file, wrong),
            Command::Audit(Audit::Verify { file }) => audit::run(&file),
            Command::Bench(Bench::Edge) => bench::edge::run(&repo),
            Command::Bench(Bench::Challenge) => bench::challenge::run(&repo),
            Command::Bench(Bench::Faq(arguments)) => bench::faq::run(&repo, &arguments),
            Command::Bench(Bench::Messages) => bench::messages::run(&repo),
            Command::Bench(Bench::Match) => bench::matching::run(&repo),
        }?;
        Ok((result.to_string(), true))
    }
}
