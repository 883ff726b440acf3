//! `dev`: the whole system on this machine, rebuilt as its sources change.
//!
//! The edge runs under `wrangler dev`; the two demo shops are served from addresses of their own, so that the
//! script tag is as foreign to them as it is to a real shop.

pub(crate) mod edge;
mod shop;
pub(crate) mod sites;
mod watch;

use std::{
    fs::{self, File, TryLockError},
    io::{ErrorKind, Write},
    net::TcpListener,
    path::Path,
    sync::mpsc,
    time::Instant,
};

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
    let _lock = alone(&repo.at(".dev/lock"), &edge_address)?;
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

/// Makes sure that nobody else runs the edge of this checkout: two would share one state, and one address file. Whoever
/// does wrote down where.
fn alone(path: &Path, address: &str) -> Result<File> {
    let open = || File::options().create(true).truncate(false).read(true).write(true).open(path);
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    let mut lock = open().with_context(|| format!("cannot write {}", path.display()))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let there = files::read_text(path)?;
            bail!("`cargo xtask dev` runs already, at {there}: stop it first")
        }
        Err(TryLockError::Error(fault)) => return Err(fault).context("cannot lock .dev"),
    }
    lock.set_len(0)?;
    lock.write_all(address.as_bytes())?;
    Ok(lock)
}

/// Wrangler listens at both addresses that `localhost` has.
fn must_be_free(port: u16) -> Result<()> {
    let is_taken = |address: &str| {
        TcpListener::bind((address, port)).is_err_and(|fault| fault.kind() == ErrorKind::AddrInUse)
    };
    if ["127.0.0.1", "::1"].into_iter().any(is_taken) {
        bail!(
            "port {port} is taken by another program: stop it, or choose others with `cargo xtask dev --port 8800`"
        );
    }
    Ok(())
}

fn summary(edge: &str, ports: &[u16], repo: &Repo) -> String {
    let mut text = String::new();
    for (demo, port) in DEMOS.iter().zip(ports) {
        text += &format!(
            "\n  {}\n    shop     {}\n    inbox    {edge}/inbox/{}\n    sign in  {}  {}\n    customer cargo xtask customer {} --name Ana --vip\n",
            demo.name,
            Shop::address(*port),
            demo.site,
            demo.email,
            sites::PASSWORD,
            demo.site,
        );
    }
    text + &format!(
        "\n  edge     {edge}, its log in {}\n  stop     Ctrl-C\n",
        repo.show(&edge::log_file(repo))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_one_is_told_where_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".dev/lock");
        let first = alone(&path, "http://localhost:8787").unwrap();
        let said = alone(&path, "http://localhost:8800").unwrap_err().to_string();
        assert!(said.contains("http://localhost:8787"), "{said}");
        drop(first);
        alone(&path, "http://localhost:8800").unwrap();
    }

    #[test]
    fn a_port_that_is_taken_at_either_address_is_not_free() {
        for address in ["127.0.0.1", "::1"] {
            let Ok(taken) = TcpListener::bind((address, 0)) else { continue };
            let port = taken.local_addr().unwrap().port();
            assert!(must_be_free(port).is_err(), "{address}");
            drop(taken);
        }
    }
}
