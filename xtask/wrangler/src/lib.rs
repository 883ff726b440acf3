//! Wrangler as the chores and the tests start it: under the project's own Node, saying and asking nothing that is not to
//! the point, and never left behind.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// How an edge ends.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// In the middle of whatever it is doing, as on a failing machine.
    AtOnce,
    /// Asked to, so that workerd closes its databases; at once after five seconds.
    InOrder,
}

impl End {
    /// Starts a program, and ends it and all it has started when nobody holds the other end of the standard input. The
    /// shell itself holds no end of the program's output: that ends with the program.
    fn script(self) -> &'static str {
        match self {
            Self::AtOnce => r#""$@" </dev/null & exec >/dev/null 2>&1; cat; kill -KILL 0"#,
            Self::InOrder => {
                r#""$@" </dev/null & edge=$!; exec >/dev/null 2>&1; cat
                trap : TERM; kill -TERM 0
                (sleep 5; kill -KILL 0) & wait "$edge"; kill -KILL 0"#
            }
        }
    }
}

/// The Node of the npm packages: new enough for all of them, whatever the system has.
pub fn node(repository: &Path) -> PathBuf {
    repository.join("node_modules/node/bin/node")
}

/// A command of wrangler's, in the repository.
pub fn wrangler(repository: &Path, what: &str) -> Command {
    let mut wrangler = Command::new(node(repository));
    wrangler.arg(script(repository)).arg(what).stdin(Stdio::null());
    quietly(repository, wrangler)
}

/// `wrangler dev`, which runs workerd with everything the deployment has: about to be spawned, in the repository. It runs
/// until the standard input of the child is dropped, or this process is no more, however that comes.
pub fn dev(repository: &Path, end: End) -> Command {
    let mut dev = Command::new("sh");
    dev.args(["-c", end.script(), "sh"]).arg(node(repository)).arg(script(repository));
    dev.args(["dev", "--ip", "localhost", "--show-interactive-dev-session=false"]);
    // A group of its own: what is ended together, and what Ctrl-C does not reach before whoever started it.
    dev.stdin(Stdio::piped()).process_group(0);
    quietly(repository, dev)
}

fn script(repository: &Path) -> PathBuf {
    repository.join("node_modules/wrangler/bin/wrangler.js")
}

fn quietly(repository: &Path, mut wrangler: Command) -> Command {
    wrangler.current_dir(repository).envs([
        ("WRANGLER_SEND_METRICS", "false"),
        ("WRANGLER_HIDE_BANNER", "true"),
        ("CLOUDFLARE_CF_FETCH_ENABLED", "false"),
        ("NO_COLOR", "1"),
        ("CI", "1"),
    ]);
    wrangler
}

/// A configuration without its `[build]` table: what runs here is built already. With one, wrangler stops answering while
/// a source has a mistake, and watches nothing else.
pub fn without_build(config: &str) -> String {
    let mut inside = false;
    let kept = config.lines().filter(|line| {
        if line.starts_with('[') {
            inside = line.trim() == "[build]";
        }
        !inside
    });
    kept.fold(String::new(), |text, line| text + line + "\n")
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, Permissions},
        os::unix::fs::PermissionsExt,
        thread,
        time::{Duration, Instant},
    };

    use super::*;

    #[test]
    fn only_the_build_table_is_left_out() {
        let config = "main = \"x\"\n[build]\ncommand = \"y\"\n\n[assets]\ndirectory = \"dist\"\n";
        assert_eq!(without_build(config), "main = \"x\"\n[assets]\ndirectory = \"dist\"\n");
    }

    /// In place of Node: starts something, says so, and says so when it is asked to end.
    const NODE: &str = "#!/bin/sh
trap 'echo > asked; exit' TERM
sleep 1000 & echo $! > started
wait
";

    #[test]
    fn what_is_let_go_of_ends_with_all_it_has_started() {
        for (end, is_asked) in [(End::AtOnce, false), (End::InOrder, true)] {
            let folder = tempfile::tempdir().unwrap();
            let (node, at) = (node(folder.path()), |name| folder.path().join(name));
            fs::create_dir_all(node.parent().unwrap()).unwrap();
            fs::write(&node, NODE).unwrap();
            fs::set_permissions(&node, Permissions::from_mode(0o755)).unwrap();
            let mut child = dev(folder.path(), end).spawn().unwrap();
            let deadline = Instant::now() + Duration::from_secs(20);
            let started = loop {
                let started = fs::read_to_string(at("started")).unwrap_or_default();
                if started.ends_with('\n') {
                    break started;
                }
                assert!(Instant::now() < deadline, "nothing starts");
                thread::sleep(Duration::from_millis(20));
            };
            drop(child.stdin.take());
            child.wait().unwrap();
            assert_eq!(at("asked").exists(), is_asked, "{end:?}");
            let lives = || fs::exists(format!("/proc/{}/exe", started.trim())).unwrap_or_default();
            while lives() {
                assert!(Instant::now() < deadline, "what it started lives on");
                thread::sleep(Duration::from_millis(20));
            }
        }
    }
}
