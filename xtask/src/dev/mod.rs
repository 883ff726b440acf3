//! `dev`: the whole system on this machine, rebuilt as its sources change.
//!
//! The edge runs under `wrangler dev`; the two demo shops are served from addresses of their own, so that the
//! script tag is as foreign to them as it is to a real shop.

pub(crate) mod edge;
mod shop;
pub(crate) mod sites;
mod watch;

use std::{net::TcpListener, sync::mpsc, time::Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use self::{edge::Edge, shop::Shop, sites::DEMOS};
use crate::{build, files, operator, operator::Operator, progress::seconds, repo::Repo, secrets};

/// How to run it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The edge's port; the demo shops take the two after it
    #[arg(long, default_value_t = 8787)]
    port: u16,
}

/// What wakes the command up.
pub(crate) enum Event {
    /// Somebody wants it to end.
    Stop,
    /// Sources have changed.
    Changed(watch::Changes),
    /// The edge ended by itself.
    EdgeEnded,
}

/// Runs until Ctrl-C.
///
/// # Errors
/// Something is missing, does not build, or the edge does not come up.
pub(crate) fn run(repo: &Repo, arguments: &Arguments) -> Result<Value> {
    let start = Instant::now();
    let (events, inbox) = mpsc::channel();
    let stop = events.clone();
    ctrlc::set_handler(move || {
        let _ = stop.send(Event::Stop);
    })
    .context("cannot listen for Ctrl-C")?;

    let edge_address = format!("http://localhost:{}", arguments.port);
    let ports = [arguments.port, arguments.port.saturating_add(1), arguments.port.saturating_add(2)];
    ports.into_iter().try_for_each(must_be_free)?;
    secrets::ensure(repo)?;
    build::build(repo)?;

    for (demo, port) in DEMOS.iter().zip(&ports[1..]) {
        Shop::open(repo, demo.folder, *port, &edge_address)?;
    }
    let edge = Edge::start(repo, arguments.port, events.clone())?;
    edge.wait_until_healthy(&edge_address, &inbox)?;
    files::write(&operator::address_file(repo), &edge_address)?;
    let operator = Operator::new(&edge_address, secrets::admin_token(repo)?);
    for demo in &DEMOS {
        demo.set_up(&operator, &ports[1..])?;
        demo.publish(repo, &operator);
    }
    let _watcher = watch::start(repo, events)?;
    eprintln!("\nready in {}\n{}", seconds(start.elapsed()), summary(&edge_address, &ports[1..], repo));

    let ended = serve(repo, &inbox, &operator);
    eprintln!("stopping");
    files::remove(&operator::address_file(repo))?;
    drop(edge);
    ended?;
    Ok(json!({ "served_s": start.elapsed().as_secs() }))
}

/// Rebuilds and republishes until somebody says stop.
fn serve(repo: &Repo, inbox: &mpsc::Receiver<Event>, operator: &Operator) -> Result<()> {
    loop {
        match inbox.recv()? {
            Event::Stop => return Ok(()),
            Event::EdgeEnded => bail!("the edge ended by itself: .dev/edge.log says why"),
            Event::Changed(changes) => {
                // A mistake in a source is not the end: the next change mends it.
                if changes.sources
                    && let Err(fault) = build::build(repo)
                {
                    eprintln!("error: {fault:#}");
                }
                for demo in DEMOS.iter().filter(|demo| changes.faqs.contains(&repo.at(demo.faq()))) {
                    demo.publish(repo, operator);
                }
            }
        }
    }
}

fn must_be_free(port: u16) -> Result<()> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(_) => bail!(
            "port {port} is taken by another program: stop it, or choose others with `cargo xtask dev --port 8800`"
        ),
    }
}

fn summary(edge: &str, ports: &[u16], repo: &Repo) -> String {
    let mut text = String::new();
    for (demo, port) in DEMOS.iter().zip(ports) {
        text += &format!(
            "\n  {}\n    shop     {}\n    inbox    {edge}/inbox/{}\n    sign in  {}  {}\n",
            demo.name,
            Shop::address(*port),
            demo.site,
            demo.email,
            sites::PASSWORD,
        );
    }
    text + &format!(
        "\n  edge     {edge}, its log in {}\n  stop     Ctrl-C\n",
        repo.show(&edge::log_file(repo))
    )
}
