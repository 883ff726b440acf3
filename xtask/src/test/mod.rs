//! `test`: everything that has to hold before a change lands, from formatting to two browsers talking to each other.

mod checks;
mod programs;

use std::time::Instant;

use anyhow::Result;
use clap::ValueEnum;

use crate::{bench::edge, progress::seconds, repo::Repo, setup, tidy};

/// What to check.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only this stage; repeat it for more
    #[arg(long, value_name = "STAGE")]
    only: Vec<Stage>,
    /// Not this stage; repeat it for more
    #[arg(long, value_name = "STAGE")]
    skip: Vec<Stage>,
}

/// The parts of the whole, quick ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// rustfmt
    Format,
    /// The house rules
    Tidy,
    /// The loader's types
    Types,
    /// Clippy, warnings denied, natively and for wasm32
    Lint,
    /// Everything that is deployed builds
    Build,
    /// Tests that need no browser and no edge
    Native,
    /// Tests of the apps' parts, in headless Chromium
    Wasm,
    /// Tests against the edge in workerd
    Edge,
    /// Visitors and agents in Chromium, against the edge
    Browser,
    /// What would be deployed, and that it answers on bare workerd
    Deploy,
}

/// How many checks passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Those that passed.
    pub(crate) passed: usize,
    /// Those that did not.
    pub(crate) failed: usize,
}

impl Count {
    /// One check, from how it went; what went wrong is printed.
    fn of_one(result: Result<()>) -> Self {
        match result {
            Ok(()) => Self { passed: 1, failed: 0 },
            Err(fault) => {
                eprintln!("error: {fault:#}");
                Self { passed: 0, failed: 1 }
            }
        }
    }

    fn and(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl Stage {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn run(self, repo: &Repo) -> Result<Count> {
        Ok(match self {
            Self::Format => Count::of_one(checks::format(repo)),
            Self::Tidy => {
                let (passed, failed) = tidy::check(repo)?;
                Count { passed, failed }
            }
            Self::Types => Count::of_one(checks::types(repo)),
            Self::Lint => {
                Count::of_one(checks::lint_native(repo)).and(Count::of_one(checks::lint_wasm(repo)))
            }
            Self::Build => Count::of_one(checks::build(repo)),
            Self::Native => programs::native(repo)?,
            Self::Wasm => programs::wasm(repo)?,
            // They mostly wait for a time to pass; those in browsers keep several programs busy.
            Self::Edge => programs::system(repo, "edge*", 2)?,
            Self::Browser => programs::system(repo, "browser*", 1)?,
            Self::Deploy => Count::of_one(checks::deploy(repo)).and(Count::of_one(edge::rehearse(repo))),
        })
    }

    /// Whether it opens a browser.
    fn browses(self) -> bool {
        matches!(self, Self::Wasm | Self::Browser)
    }
}

/// Runs the stages and returns the last line: how many checks passed, and how many did not. A stage that fails does
/// not keep the others from running.
///
/// # Errors
/// What the stages need cannot be set up.
pub(crate) fn run(repo: &Repo, arguments: &Arguments) -> Result<Count> {
    let start = Instant::now();
    let wanted = |stage: &&Stage| {
        (arguments.only.is_empty() || arguments.only.contains(stage)) && !arguments.skip.contains(stage)
    };
    let stages: Vec<Stage> = Stage::value_variants().iter().filter(wanted).copied().collect();
    setup::for_building(repo)?;
    if stages.iter().any(|stage| stage.browses()) {
        setup::for_browsing()?;
    }
    let mut total = Count::default();
    let mut summary = String::new();
    for stage in stages {
        eprintln!("\n{}", stage.name());
        let start = Instant::now();
        let count = stage.run(repo).unwrap_or_else(|fault| Count::of_one(Err(fault)));
        total = total.and(count);
        summary += &format!(
            "  {} {:<8} {:>5} passed {:>3} failed  {}\n",
            if count.failed == 0 { '✓' } else { '✗' },
            stage.name(),
            count.passed,
            count.failed,
            seconds(start.elapsed())
        );
    }
    eprintln!("\n{summary}in {}", seconds(start.elapsed()));
    Ok(total)
}
