//! Every chore of the project as a cargo command: `cargo xtask NAME`.
//!
//! A contract for people and for scripts: progress goes to stderr, one JSON object to stdout, and a
//! failure exits non-zero. A command is a module with a `run` that returns its result.

mod ask;
mod audit;
mod bench;
mod build;
mod cli;
mod compress;
mod cues;
mod customer;
mod dev;
mod embed;
mod eval;
mod files;
mod fingerprint;
mod fuzz;
mod operator;
mod phrasebooks;
mod progress;
mod publish;
mod repo;
mod secrets;
mod setup;
mod shell;
mod site;
mod size;
mod starter;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::Cli::parse().run() {
        Ok((result, is_well)) => {
            println!("{result}");
            if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(fault) => {
            eprintln!("error: {fault:#}");
            ExitCode::FAILURE
        }
    }
}
