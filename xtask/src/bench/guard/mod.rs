//! `bench guard`: honest visitors and attackers against the worker as it is deployed, on bare workerd.
//!
//! | scene | what happens |
//! |---|---|
//! | concurrency | 1,000 handoffs at once from one address: exactly its quota is admitted |
//! | one address | 500 honest visitors behind the address of an attacker with a new name for every request |
//! | one address, as deployed | the same with fewer of them and with the platform's ceiling for an address, which stops whoever sends |
//! | one /64 | addresses of one household: together they get what one gets |
//! | same words | 500 addresses with the right origin post nearly the same text |
//! | slow drip | somebody who never exceeds a burst, for a day of the guard's clock |
//! | replays | tickets, solutions and changed tokens used again |
//! | sockets | floods of frames, huge ones and empty ones |
//! | decision | what the guard adds in the isolate when no object is asked |
//!
//! In all but that one scene the ceiling is out of reach, since it would stop nearly everything before the guard is asked.
//! Throughput and latency stand beside the same worker whose shards admit everything, loaded in turns.

mod decision;
mod sockets;

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use deskbell_shared::{
    throttle::{HANDOFFS_PER_ADDRESS, HANDOFFS_PER_WORDS, Pace},
    wire::Millis,
};
use serde_json::{Value, json};

use super::{
    crowd::{self, Outcome, Shop, Visitor},
    deployed::{self, Ceiling},
    median,
    workerd::Server,
};
use crate::{
    build,
    operator::Operator,
    progress::{self, step},
    repo::Repo,
};

/// Requests at once.
const THREADS: usize = 24;
/// Honest visitors behind the attacker's address.
const HONEST: usize = 500;
/// The same under the platform's ceiling, which makes each of them wait.
const HONEST_AS_DEPLOYED: usize = 48;
/// Addresses of one /64 that are tried.
const HOUSEHOLD: usize = 65_536;
/// Addresses that post the same words.
const COPIES: usize = 500;

/// The worker as it is, with a way to measure it.
const GUARDED: &str = decision::ENTRY;

/// Shards that admit everything at once: what the guard is measured against.
const UNGUARDED: &str = r#"
export { default } from "./entry.mjs";
export * from "./entry.mjs";
const ADMITTED = JSON.stringify({
  limits: [], spent_before: false, stopped: null,
  conduct: { score: { parts: [], at: 0 }, strikes: { count: 0, last: 0 } },
});
export class GuardDo { fetch() { return new Response(ADMITTED); } }
"#;

/// Builds the worker and plays every scene; the figures, and whether all scenes came to their end.
///
/// # Errors
/// The build fails, or the worker does not answer.
pub(crate) fn run(repo: &Repo) -> Result<(Value, bool)> {
    build::build(repo)?;
    let mut started = None;
    step("the worker, guarded and unguarded, on bare workerd", || {
        let guarded = |name, ceiling| start(repo, name, GUARDED, ceiling);
        started = Some((
            guarded("guarded", Ceiling::OutOfReach)?,
            guarded("deployed", Ceiling::AsDeployed)?,
            start(repo, "unguarded", UNGUARDED, Ceiling::OutOfReach)?,
        ));
        Ok(progress::Outcome::Done)
    })?;
    let ((guarded, operator), (deployed, owner), (unguarded, free)) =
        started.context("the workers were started")?;
    let (mut report, mut is_well) = (serde_json::Map::new(), true);
    // A scene that fails takes nothing from the others.
    let mut scene = |name: &str, play: &mut dyn FnMut() -> Result<Value>| {
        let played = step(name, || {
            report.insert(name.to_owned(), play()?);
            Ok(progress::Outcome::Done)
        });
        if let Err(fault) = played {
            eprintln!("error: {fault:#}");
            report.insert(name.to_owned(), json!({ "failed": format!("{fault:#}") }));
            is_well = false;
        }
    };
    scene("concurrency", &mut || concurrency(&new_shop(&guarded, &operator)?));
    scene("one address", &mut || one_address(&new_shop(&guarded, &operator)?, HONEST));
    scene("one address, as deployed", &mut || one_address(&new_shop(&deployed, &owner)?, HONEST_AS_DEPLOYED));
    scene("one /64", &mut || one_household(&new_shop(&guarded, &operator)?));
    scene("same words", &mut || same_words(&new_shop(&guarded, &operator)?));
    scene("slow drip", &mut || Ok(slow_drip()));
    scene("replays", &mut || sockets::replays(&new_shop(&guarded, &operator)?));
    scene("sockets", &mut || sockets::floods(&new_shop(&guarded, &operator)?));
    scene("beside unguarded", &mut || beside(&new_shop(&guarded, &operator)?, &new_shop(&unguarded, &free)?));
    scene("decision", &mut || {
        // A worker that has not just been attacked: what an attack leaves behind is another question.
        let (quiet, operator) = start(repo, "quiet", GUARDED, Ceiling::OutOfReach)?;
        decision::measure(&new_shop(&quiet, &operator)?)
    });
    let number = |scene: &str, key: &str| report[scene][key].clone();
    let over_admitted = [number("concurrency", "over_admitted"), number("one /64", "over_admitted")];
    let over_admitted: Option<u64> = over_admitted.iter().map(Value::as_u64).sum();
    let head = json!({
        "over_admitted": over_admitted,
        "honest_served": number("one address", "honest_served"),
        "attack_stopped": number("one address", "attack_stopped"),
        "honest_served_as_deployed": number("one address, as deployed", "honest_served"),
        "decision_us_p50": number("decision", "us_p50"),
    });
    let Value::Object(mut whole) = head else { return Ok((head, is_well)) };
    whole.insert("scenes".to_owned(), Value::Object(report));
    Ok((Value::Object(whole), is_well))
}

fn start(repo: &Repo, name: &str, entry: &str, ceiling: Ceiling) -> Result<(Server, Operator)> {
    deployed::serve(repo, name, Some(("bench.mjs", entry)), ceiling)
}

fn new_shop(server: &Server, operator: &Operator) -> Result<Shop> {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let name = format!("bench-{}", MADE.fetch_add(1, Ordering::Relaxed));
    let site = deployed::make_site(operator, &name, crowd::PAGE)?;
    Ok(Shop { address: server.address().to_owned(), site })
}

/// Does something so many times, several at once; what came of each.
fn at_once<T: Send>(count: usize, act: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    on_and_on(|n| n < count, act)
}

/// Does something again and again, several at once, as long as there is a reason to; what came of each.
fn on_and_on<T: Send>(
    goes_on: impl Fn(usize) -> bool + Sync,
    act: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let (next, goes_on, act) = (&next, &goes_on, &act);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(move || {
                    let mut done = Vec::new();
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if !goes_on(n) {
                            return Ok::<_, anyhow::Error>(done);
                        }
                        done.push(act(n)?);
                    }
                })
            })
            .collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().map_err(|_| anyhow::anyhow!("a thread panicked"))??);
        }
        Ok(all)
    })
}

/// A thousand at once from one address.
fn concurrency(shop: &Shop) -> Result<Value> {
    let began = Instant::now();
    let outcomes = at_once(1_000, |_| Visitor::new(shop, "198.18.0.1").try_to_hand_over())?;
    let admitted = outcomes.iter().filter(|outcome| **outcome == Outcome::Served).count() as u64;
    Ok(json!({ "asked": 1_000, "admitted": admitted, "over_admitted": over(admitted, began)? }))
}

/// How many more were admitted than the quota of an address and what came free meanwhile.
///
/// # Errors
/// Fewer were: whatever stopped the others, it was not the quota.
fn over(admitted: u64, began: Instant) -> Result<u64> {
    let (quota, took) = (HANDOFFS_PER_ADDRESS, began.elapsed());
    let burst = u64::from(quota.burst());
    ensure!(admitted >= burst, "{admitted} were admitted, and the quota is {burst}");
    let came_free = took.as_millis() as u64 / quota.interval_ms();
    Ok(admitted.saturating_sub(burst + came_free))
}

/// Honest visitors and an attacker behind one address, in the same seconds.
fn one_address(shop: &Shop, visitors: usize) -> Result<Value> {
    let (address, is_over) = ("198.18.0.2", AtomicBool::new(false));
    let (honest, attack) = thread::scope(|scope| {
        let attack = scope.spawn(|| {
            // From the first of the others to the last: nobody arrives all at once.
            let goes_on = |_| !is_over.load(Ordering::Relaxed);
            on_and_on(goes_on, |_| {
                let mut attacker = Visitor::new(shop, address);
                attacker.words = "Buy cheap watches now".to_owned();
                attacker.try_to_hand_over()
            })
        });
        let honest = at_once(visitors, |n| {
            let mut visitor = Visitor::new(shop, address);
            visitor.words = format!("Where is my order {n}?");
            let mut served = vec![visitor.hand_over()?];
            for words in ["It was promised for Monday", "Thank you"] {
                // Whoever was not handed over has nowhere to say it.
                let said = if served[0] == Outcome::Served { visitor.say(words)? } else { Outcome::Refused };
                served.push(said);
            }
            Ok(served)
        });
        is_over.store(true, Ordering::Relaxed);
        let attack = attack.join().map_err(|_| anyhow::anyhow!("the attack panicked"));
        Ok::<_, anyhow::Error>((honest?, attack??))
    })?;
    let requests: Vec<Outcome> = honest.into_iter().flatten().collect();
    let share = |outcomes: &[Outcome], wanted: Outcome| {
        let count = outcomes.iter().filter(|outcome| **outcome == wanted).count();
        (count as f64 / outcomes.len().max(1) as f64 * 10_000.0).round() / 10_000.0
    };
    Ok(json!({
        "honest_visitors": visitors,
        "honest_requests": requests.len(),
        "honest_served": share(&requests, Outcome::Served),
        "attack_requests": attack.len(),
        "attack_stopped": share(&attack, Outcome::Refused),
    }))
}

/// Addresses of one /64: together they get what one gets.
fn one_household(shop: &Shop) -> Result<Value> {
    let began = Instant::now();
    let outcomes =
        at_once(HOUSEHOLD, |n| Visitor::new(shop, &format!("2001:db8:7:7::{n:x}")).try_to_hand_over())?;
    let admitted = outcomes.iter().filter(|outcome| **outcome == Outcome::Served).count() as u64;
    let seconds = (began.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    Ok(json!({
        "addresses": HOUSEHOLD,
        "admitted": admitted,
        "over_admitted": over(admitted, began)?,
        "seconds": seconds,
        "requests_per_s": (HOUSEHOLD as f64 / seconds).round(),
    }))
}

/// Strangers at addresses of their own, from the right page, with nearly the same words.
fn same_words(shop: &Shop) -> Result<Value> {
    let spam =
        "Earn 500 dollars a day from home! Join our exclusive trading group and write to our manager today";
    let outcomes = at_once(COPIES, |n| {
        let mut visitor = Visitor::new(shop, &format!("198.19.{}.{}", n / 256, n % 256));
        visitor.words = format!("{spam} {n}");
        visitor.try_to_hand_over()
    })?;
    let stopped = outcomes.iter().filter(|outcome| **outcome == Outcome::Refused).count();
    Ok(json!({
        "addresses": COPIES,
        "stopped": (stopped as f64 / COPIES as f64 * 1_000.0).round() / 1_000.0,
        "admitted": COPIES - stopped,
        "quota": HANDOFFS_PER_WORDS.burst(),
    }))
}

/// A day of messages, one as soon as the burst allows it, by the guard's own clock.
fn slow_drip() -> Value {
    const DAY_MS: u64 = 86_400_000;
    let (mut pace, mut admitted, mut now) = (Pace::default(), 0_u64, 0);
    while now < DAY_MS {
        now += 3_001;
        admitted += u64::from(pace.decide(1, Millis(now)).admitted());
    }
    json!({ "asked_a_day": DAY_MS / 3_001, "admitted_a_day": admitted })
}

/// The same handoffs at the worker and at one whose shards admit everything, in turns.
fn beside(guarded: &Shop, unguarded: &Shop) -> Result<Value> {
    const ROUNDS: usize = 6;
    const EACH: usize = 150;
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let round = |shop: &Shop| -> Result<(f64, Vec<f64>)> {
        let began = Instant::now();
        let took = at_once(EACH, |_| {
            let n = COUNT.fetch_add(1, Ordering::Relaxed);
            let mut visitor =
                Visitor::new(shop, &format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255));
            let began = Instant::now();
            let outcome = visitor.hand_over()?;
            ensure!(outcome == Outcome::Served, "a handoff was refused");
            Ok(began.elapsed().as_secs_f64() * 1_000.0)
        })?;
        Ok((EACH as f64 / began.elapsed().as_secs_f64(), took))
    };
    let (mut with, mut without) = (Vec::new(), Vec::new());
    let (mut with_ms, mut without_ms) = (Vec::new(), Vec::new());
    for n in 0..ROUNDS {
        let play = |shop: &Shop, rates: &mut Vec<f64>, times: &mut Vec<f64>| -> Result<()> {
            let (rate, took) = round(shop)?;
            rates.push(rate);
            times.extend(took);
            Ok(())
        };
        if n % 2 == 0 {
            play(guarded, &mut with, &mut with_ms)?;
            play(unguarded, &mut without, &mut without_ms)?;
        } else {
            play(unguarded, &mut without, &mut without_ms)?;
            play(guarded, &mut with, &mut with_ms)?;
        }
    }
    let rounded = |value: f64| (value * 100.0).round() / 100.0;
    let (with, without) = (median(with), median(without));
    let (with_ms, without_ms) = (median(with_ms), median(without_ms));
    Ok(json!({
        "handoffs_per_s": rounded(with),
        "unguarded_per_s": rounded(without),
        "ratio": rounded(with / without),
        "latency_ms_p50": rounded(with_ms),
        "unguarded_ms_p50": rounded(without_ms),
        "added_ms_p50": rounded(with_ms - without_ms),
    }))
}
