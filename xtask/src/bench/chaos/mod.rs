//! `bench chaos`: what the edge acknowledges is held against what is left of it, while everything goes wrong.
//!
//! A schedule is a conversation of a visitor and one or two agents, each of whom draws from a seeded generator what to do
//! next (`person.rs`) until everything they had to say is acknowledged. Many conversations go on at once, on bare workerd
//! with its objects on disk; meanwhile workerd is killed and started again. Then both sides read the log, and `audit.rs` says
//! what of it is not as it was promised.
//!
//! The same seed draws the same messages and the same faults. In which order the machine then runs them is its own affair.

mod audit;
mod counts;
mod line;
mod person;
mod upset;

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use deskbell_shared::wire::{Message, Missed};
use fastrand::Rng;
use serde_json::{Value, json};

use self::{
    audit::{Record, Verdict, judge},
    counts::Counts,
    person::{Person, Role},
    upset::Upsetter,
};
use super::{
    clerk::Clerk,
    crowd::{self, Outcome, Shop, Visitor},
    deployed::{self, Ceiling},
    party::Party,
    workerd::Server,
};
use crate::{
    build,
    progress::{self, step},
    repo::Repo,
};

/// Conversations that go on at once.
const AT_ONCE: usize = 16;
/// How often workerd is killed while they do.
const KILLS: usize = 2;
/// How long it runs between two kills, in milliseconds, when nobody is done before.
const UPTIME_MS: std::ops::Range<u64> = 600..3_000;
/// How long it is gone, in milliseconds, beside the time that it takes to start.
const DOWNTIME_MS: std::ops::Range<u64> = 0..500;
/// How long the log is asked for at the end.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much chaos.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Conversations to play
    #[arg(long, default_value_t = 200)]
    schedules: usize,
    /// What an earlier run has printed, to draw the same again
    #[arg(long)]
    seed: Option<u64>,
}

/// Where it happens.
struct Scene {
    shop: Shop,
    agents: [Clerk; 2],
}

/// A schedule that is about to be played.
struct Schedule {
    people: Vec<(Role, Party)>,
    upsetter: Upsetter,
    rng: Rng,
}

/// What became of one.
struct Played {
    verdict: Verdict,
    counts: Counts,
}

/// Plays the schedules; the figures, and whether nothing was lost, duplicated or reordered.
///
/// # Errors
/// The build fails, or the worker does not come up, or is not there at the end of a schedule.
pub(crate) fn run(repo: &Repo, arguments: &Arguments) -> Result<(Value, bool)> {
    let began = Instant::now();
    build::build(repo)?;
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    eprintln!("  seed {seed}: `--seed {seed}` draws the same again");
    let mut rng = Rng::with_seed(seed);
    let (mut server, operator) =
        deployed::serve(repo, "chaos", Some(("chaos.mjs", include_str!("chaos.mjs"))), Ceiling::OutOfReach)?;
    let site = deployed::make_site(&operator, "chaos", crowd::PAGE)?;
    let shop = Shop { address: server.address().to_owned(), site };
    let hire = |name, address| Clerk::hire(&operator, &shop, name, address);
    let agents = [hire("mei", "198.18.3.1")?, hire("ana", "198.18.3.2")?];
    let scene = Scene { shop, agents };
    let (mut verdict, mut counts, mut kills, mut done) = (Verdict::default(), Counts::default(), 0, 0);
    while done < arguments.schedules {
        let many = AT_ONCE.min(arguments.schedules - done);
        step(&format!("schedules {} to {} of {}", done + 1, done + many, arguments.schedules), || {
            let schedules = (done..done + many).map(|number| scene.begin(number, rng.fork()));
            let schedules = schedules.collect::<Result<Vec<_>>>()?;
            let (played, killed) = play(&mut server, schedules, &mut rng.fork())?;
            kills += killed;
            for (Played { verdict: of_one, counts: did }, number) in played.into_iter().zip(done..) {
                if !of_one.is_well() || did.undelivered > 0 {
                    eprintln!("    schedule {number}: {of_one:?}, {} undelivered", did.undelivered);
                }
                verdict = verdict.and(of_one);
                counts.add(did);
            }
            Ok(progress::Outcome::Done)
        })?;
        done += many;
    }
    let is_well = verdict.is_well() && counts.undelivered == 0;
    let report = json!({
        "schedules": arguments.schedules,
        "acknowledged": verdict.acknowledged,
        "lost": verdict.lost,
        "duplicated": verdict.duplicated,
        "reordered": verdict.reordered,
        "undelivered": counts.undelivered,
        "seed": seed,
        "seconds": began.elapsed().as_secs(),
        "kills": kills,
        "faults": counts,
    });
    Ok((report, is_well))
}

impl Scene {
    /// A conversation, and who will be in it.
    fn begin(&self, number: usize, mut rng: Rng) -> Result<Schedule> {
        let mut visitor = Visitor::new(
            &self.shop,
            &format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255),
        );
        visitor.words = person::words(&mut rng, 3..12);
        ensure!(visitor.hand_over()? == Outcome::Served, "a visitor was not handed over");
        let agents = self.agents.iter().take(rng.usize(1..=2));
        let agents = agents.map(|agent| (Role::Agent, agent.party(visitor.conversation)));
        let people = [(Role::Visitor, visitor.party())].into_iter().chain(agents).collect();
        Ok(Schedule { people, upsetter: Upsetter::of(&self.shop, visitor.conversation), rng })
    }
}

/// Plays schedules at once while workerd is killed and comes back; what became of each, and how often it was killed.
fn play(server: &mut Server, schedules: Vec<Schedule>, rng: &mut Rng) -> Result<(Vec<Played>, u32)> {
    let (left, mut killed) = (AtomicUsize::new(schedules.len()), 0);
    let left = &left;
    thread::scope(|scope| {
        let playing: Vec<_> = schedules
            .into_iter()
            .map(|schedule| {
                scope.spawn(move || {
                    let played = schedule.play();
                    left.fetch_sub(1, Ordering::Relaxed);
                    played
                })
            })
            .collect();
        for _ in 0..KILLS {
            let until = Instant::now() + Duration::from_millis(rng.u64(UPTIME_MS));
            while Instant::now() < until && left.load(Ordering::Relaxed) > 0 {
                thread::sleep(Duration::from_millis(10));
            }
            if left.load(Ordering::Relaxed) == 0 {
                break;
            }
            server.kill();
            killed += 1;
            thread::sleep(Duration::from_millis(rng.u64(DOWNTIME_MS)));
            server.start_again()?;
        }
        let joined = playing.into_iter().map(|one| one.join().map_err(|_| anyhow!("a thread panicked"))?);
        Ok((joined.collect::<Result<Vec<_>>>()?, killed))
    })
}

impl Schedule {
    /// Plays it to its end, and judges what is left.
    fn play(self) -> Result<Played> {
        let Self { people, upsetter, mut rng } = self;
        let (upsetter, speaking) = (&upsetter, &AtomicUsize::new(people.len()));
        let done: Vec<(Record, Counts)> = thread::scope(|scope| {
            let begin = |(role, party): &(Role, Party)| {
                let person = Person::new(*role, party.clone(), upsetter, speaking, rng.fork())?;
                Ok(scope.spawn(move || person.act_until_done()))
            };
            let playing = people.iter().map(begin).collect::<Result<Vec<_>>>()?;
            let joined = playing.into_iter().map(|one| one.join().map_err(|_| anyhow!("a thread panicked")));
            joined.collect::<Result<Vec<_>>>()
        })?;
        // What is read now is read from what was stored, and not from anybody's memory.
        upsetter.forget();
        let logs: Vec<Vec<Message>> =
            people.iter().map(|(_, party)| whole_log(party)).collect::<Result<_>>()?;
        let (mut records, mut counts) = (Vec::new(), Counts::default());
        for (record, did) in done {
            records.push(record);
            counts.add(did);
        }
        Ok(Played { verdict: judge(&logs, &records), counts })
    }
}

/// The log as somebody gets it, page by page.
fn whole_log(party: &Party) -> Result<Vec<Message>> {
    let (mut log, mut after, until) = (Vec::new(), 0, Instant::now() + PATIENCE);
    loop {
        let page = party.missed(after).and_then(|answer| answer.granted());
        let Missed { messages, more, .. } = match page {
            Ok(page) => page,
            // The edge may be gone just now.
            Err(_) if Instant::now() < until => {
                thread::sleep(Duration::from_millis(100));
                continue;
            }
            Err(fault) => return Err(fault).context("the log cannot be read"),
        };
        after = messages.last().map_or(after, |message| message.seq);
        if messages.is_empty() && more {
            bail!("there is said to be more after {after}, and there is not");
        }
        log.extend(messages);
        if !more {
            return Ok(log);
        }
    }
}
