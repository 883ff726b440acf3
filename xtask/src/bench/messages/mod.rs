//! `bench messages`: how many messages one conversation stores and acknowledges in a second, beside the least that a durable
//! object could do, and how long one takes from a visitor to an agent.
//!
//! Quotas hold as they are deployed: an agent says sixty messages at once in a conversation, and then one every half a
//! second. So a round is a new conversation, in which several agents use up theirs, each over one socket with all of it in
//! flight. The baseline is a JavaScript object on the same workerd that stores and acknowledges the same frames over as many
//! sockets; both take turns, and a ratio is the median of the ratios of the rounds. A conversation also tells every message
//! to every socket, and how it stands to the desk: `telling_per_s` is the baseline when it does the first of these too.

mod delivery;
mod load;

use std::{
    fs::File,
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use deskbell_shared::throttle::AGENT_MESSAGES;
use serde_json::{Value, json};

use super::{
    clerk::Clerk,
    crowd::{self, Outcome, Shop, Visitor},
    deployed::{self, Ceiling},
    median, party,
    party::Socket,
    workerd::{Server, Worker},
};
use crate::{
    build, files,
    progress::{Outcome as Step, step},
    repo::Repo,
};

/// Agents who write, each over a socket.
const AGENTS: usize = 8;
/// Rounds that count, and before them those in which what is hot is compiled.
const ROUNDS: usize = 15;
const ROUNDS_BEFORE: usize = 3;
/// How long a frame may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Builds the worker and measures.
///
/// # Errors
/// The build fails, or a message is not taken or does not arrive.
pub(crate) fn run(repo: &Repo) -> Result<Value> {
    build::build(repo)?;
    let mut started = None;
    step("the worker and the baseline on bare workerd", || {
        let (server, operator) = deployed::serve(repo, "messages", None, Ceiling::OutOfReach)?;
        let site = deployed::make_site(&operator, "messages", crowd::PAGE)?;
        let shop = Shop { address: server.address().to_owned(), site };
        let hire = |n| Clerk::hire(&operator, &shop, &format!("agent-{n}"), &format!("198.18.5.{n}"));
        let agents = (0..AGENTS).map(hire).collect::<Result<Vec<_>>>()?;
        let baseline = Worker::default()
            .script("baseline.mjs", include_str!("baseline.mjs").into())
            .objects("LOG", "Log")
            .serve(repo, "messages-baseline")?;
        started = Some((server, shop, agents, baseline));
        Ok(Step::Done)
    })?;
    let (_server, shop, agents, baseline) = started.context("both were started")?;
    let mut rounds = Vec::new();
    step(&format!("{ROUNDS} rounds of {AGENTS} times {} messages", AGENT_MESSAGES.burst()), || {
        for number in 0..ROUNDS_BEFORE + ROUNDS {
            let round = Round::play(&shop, &agents, &baseline, number)?;
            if number >= ROUNDS_BEFORE {
                rounds.push(round);
            }
        }
        Ok(Step::Done)
    })?;
    let mut took = Vec::new();
    step("from visitors to agents", || {
        took = delivery::measure(&shop, agents.first().context("there are agents")?)?;
        Ok(Step::Done)
    })?;
    took.sort_by(f64::total_cmp);
    let of = |figure: fn(&Round) -> f64| median(rounds.iter().map(figure).collect());
    Ok(json!({
        "durable_per_s": of(|round| round.durable).round(),
        "baseline_per_s": of(|round| round.baseline).round(),
        "ratio": to_places(3, of(|round| round.durable / round.baseline)),
        "telling_per_s": of(|round| round.telling).round(),
        "telling_ratio": to_places(3, of(|round| round.durable / round.telling)),
        "deliver_ms_p50": to_places(2, quantile(&took, 0.5)),
        "deliver_ms_p95": to_places(2, quantile(&took, 0.95)),
        "flush_ms_p50": to_places(3, flush_ms(&repo.memory().join("bench"))?),
        "sockets": AGENTS,
        "rounds": ROUNDS,
        "delivered": took.len(),
    }))
}

/// Messages a second in one round.
struct Round {
    durable: f64,
    baseline: f64,
    telling: f64,
}

impl Round {
    fn play(shop: &Shop, agents: &[Clerk], baseline: &Server, number: usize) -> Result<Self> {
        let each = usize::try_from(AGENT_MESSAGES.burst())?;
        let durable = || load::messages_per_s(conversation(shop, agents, number)?, each);
        let plain = |path: &str| load::messages_per_s(plain_sockets(baseline, path)?, each);
        // Whoever comes first meets a machine in another state: they take turns.
        if number.is_multiple_of(2) {
            let durable = durable()?;
            let baseline = plain(&format!("plain-{number}"))?;
            Ok(Self { durable, baseline, telling: plain(&format!("telling-{number}?tell"))? })
        } else {
            let telling = plain(&format!("telling-{number}?tell"))?;
            let baseline = plain(&format!("plain-{number}"))?;
            Ok(Self { durable: durable()?, baseline, telling })
        }
    }
}

/// The agents' sockets in a new conversation.
fn conversation(shop: &Shop, agents: &[Clerk], number: usize) -> Result<Vec<Socket>> {
    let mut visitor = Visitor::new(shop, &format!("198.18.6.{number}"));
    visitor.words = format!("Where is my order {number}?");
    ensure!(visitor.hand_over()? == Outcome::Served, "a visitor was not handed over");
    agents.iter().map(|agent| agent.party(visitor.conversation).connect(PATIENCE)?.granted()).collect()
}

/// As many sockets of a new object of the baseline's.
fn plain_sockets(baseline: &Server, path: &str) -> Result<Vec<Socket>> {
    let url = format!("{}/{path}", baseline.address().replacen("http", "ws", 1));
    (0..AGENTS).map(|_| party::open(&url, crowd::PAGE, PATIENCE)).collect()
}

/// How long the disk under the objects takes to store a page for good, in milliseconds: each of them waits for that before it
/// acknowledges, and it differs between machines, and from hour to hour, more than anything else here.
fn flush_ms(folder: &Path) -> Result<f64> {
    const PAGE: [u8; 4096] = [1; 4096];
    let path = folder.join("flush");
    let mut file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut flush = || -> Result<f64> {
        let began = Instant::now();
        file.write_all(&PAGE)?;
        file.sync_data()?;
        Ok(began.elapsed().as_secs_f64() * 1_000.0)
    };
    let took = (0..200).map(|_| flush()).collect::<Result<_>>()?;
    files::remove(&path)?;
    Ok(median(took))
}

/// The value that this share of the sorted ones does not exceed; 0 of none.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = (sorted.len() as f64 * share) as usize;
    sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

fn to_places(places: i32, value: f64) -> f64 {
    let scale = 10_f64.powi(places);
    (value * scale).round() / scale
}
