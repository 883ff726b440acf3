//! What the guard adds in the isolate when no object is asked: reading the address, naming who is counted, looking for
//! them among those stopped a moment ago, and at twenty blocked ranges.
//!
//! It is the same code of `shared` that the worker runs, with the worker's own table in between.

use std::{collections::HashMap, hint::black_box, time::Instant};

use deskbell_shared::{
    guard::range::Range,
    throttle::ClientAddress,
    wire::{VisitorId, token::Key},
};
use serde_json::{Value, json};

/// Decisions measured together: a clock is too coarse for one.
const TOGETHER: usize = 200;
/// How often.
const ROUNDS: usize = 500;

pub(super) fn measure() -> Value {
    let keys = (Key::derive(b"master", "guard-rate/1"), Key::derive(b"master", "guard-ban/1"));
    let ranges: Vec<Range> = (0..20).filter_map(|n| format!("203.0.{n}.0/24").parse().ok()).collect();
    let mut stopped: HashMap<String, u64> = HashMap::new();
    for n in 0..10_000_u32 {
        stopped.insert(keys.1.name(&[b"bench", b"visitor", &n.to_be_bytes()]), 0);
    }
    let decide = |n: usize| {
        let address = ClientAddress::parse(&format!("198.18.{}.{}", n / 256 % 256, n % 256));
        let blocked = address.is_some_and(|address| ranges.iter().any(|range| range.contains(&address)));
        let visitor = VisitorId((n as u128).to_be_bytes());
        let bytes = address.as_ref().map_or(&[][..], ClientAddress::bytes);
        let known = [(&b"visitor"[..], &visitor.0[..]), (b"address", bytes)].iter().any(|(kind, bytes)| {
            // By one it is counted, by the other it is stopped.
            black_box(keys.0.name(&[b"bench", *kind, bytes]));
            stopped.contains_key(&keys.1.name(&[b"bench", *kind, bytes]))
        });
        blocked || known
    };
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|round| {
            let began = Instant::now();
            for n in 0..TOGETHER {
                black_box(decide(black_box(round * TOGETHER + n)));
            }
            began.elapsed().as_secs_f64() * 1e6 / TOGETHER as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| (times[((times.len() - 1) as f64 * share) as usize] * 100.0).round() / 100.0;
    json!({ "us_p50": at(0.5), "us_p99": at(0.99), "ranges": ranges.len(), "stopped": stopped.len() })
}
