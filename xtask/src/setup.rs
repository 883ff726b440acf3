//! What has to be there before anything is built: checked, and installed where a chore can do it.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::PathBuf,
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    files,
    fingerprint::{Fingerprint, Stamp},
    progress::{Outcome, announce, step},
    repo::Repo,
    shell::{answers, command, read, run},
};

/// The target of everything that runs in a browser or in workerd.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Everything that a build needs.
///
/// # Errors
/// Something is missing that only a person can install; the error says what to do.
pub(crate) fn for_building(repo: &Repo) -> Result<()> {
    wasm_target()?;
    npm_packages(repo)?;
    cargo_tools(repo)
}

/// The wasm target of the Rust in use.
fn wasm_target() -> Result<()> {
    let folder = read(&mut command("rustc", ["--target", WASM, "--print", "target-libdir"]))
        .context("Rust is missing: install it from https://rustup.rs")?;
    if PathBuf::from(folder.trim()).is_dir() {
        return Ok(());
    }
    step("wasm target", || {
        run(&mut command("rustup", ["target", "add", WASM])).with_context(|| {
            format!("the target {WASM} is missing: install rustup, or add the target yourself")
        })?;
        Ok(Outcome::Done)
    })?;
    Ok(())
}

/// The npm packages, exactly as the lock file has them.
fn npm_packages(repo: &Repo) -> Result<()> {
    let inputs = Fingerprint::new()
        .path(&repo.at("package.json"))?
        .path(&repo.at("package-lock.json"))?
        .path(&repo.at(".npmrc"))?;
    let stamp = Stamp::at(repo.at("node_modules/.deskbell-stamp"), inputs);
    if stamp.holds() {
        return Ok(());
    }
    if !answers(&mut command("npm", ["--version"])) {
        bail!("npm is missing: install Node.js with npm, of any age (Debian: `apt-get install npm`)");
    }
    step("npm packages", || {
        // Not `run`: npm warns that the system's Node is older than wrangler likes, which is why Node is one of the packages.
        let mut npm = command("npm", ["ci", "--no-progress", "--loglevel=error"]);
        stamp.redo(|| {
            read(npm.current_dir(repo.root()))?;
            ensure!(
                node(repo).is_file(),
                "npm did not run the install scripts of the packages, one of which brings Node: allow them (`npm config \
                 set ignore-scripts false`) and try again"
            );
            Ok(())
        })
    })?;
    Ok(())
}

/// The command-line tools that come from crates.io, each of exactly the version that its library has in `Cargo.toml`.
fn cargo_tools(repo: &Repo) -> Result<()> {
    let manifest = files::read_text(&repo.at("Cargo.toml"))?;
    let bindgen = exact_version(&manifest, "wasm-bindgen")?;
    let worker = exact_version(&manifest, "worker")?;
    let is = |tool: &str, version: &str| {
        let said = read(&mut command(repo.tool(tool), ["--version"])).unwrap_or_default();
        said.split_whitespace().next_back() == Some(version)
    };
    let mut missing = Vec::new();
    if !is("wasm-bindgen", bindgen) || !repo.tool("wasm-bindgen-test-runner").is_file() {
        missing.push(format!("wasm-bindgen-cli@{bindgen}"));
    }
    if !is("worker-build", worker) {
        missing.push(format!("worker-build@{worker}"));
    }
    install(repo, &missing)
}

/// What fuzzing needs. Its version is stated here: it is the only thing that knows it.
///
/// # Errors
/// It does not install.
pub(crate) fn for_fuzzing(repo: &Repo) -> Result<()> {
    const VERSION: &str = "0.13.2";
    let said = read(&mut command(repo.tool("cargo-fuzz"), ["--version"])).unwrap_or_default();
    if said.split_whitespace().next_back() == Some(VERSION) {
        return Ok(());
    }
    install(repo, &[format!("cargo-fuzz@{VERSION}")])
}

/// Installs tools from crates.io into the project.
fn install(repo: &Repo, missing: &[String]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    announce(&format!("{} (once, a few minutes)", missing.join(", ")));
    step("tools", || {
        let mut install = command(cargo(), ["install", "--force", "--root"]);
        install.arg(repo.at(".tools")).arg("--target-dir").arg(repo.target().join("tools")).args(missing);
        // They run for a second or two at a time: compiling them well would cost minutes and save nothing.
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1").env("CARGO_PROFILE_RELEASE_LTO", "off");
        install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        run(install.current_dir(repo.root()))?;
        // Some hundred megabytes that nobody will look at again.
        files::remove(&repo.target().join("tools"))?;
        Ok(Outcome::Done)
    })?;
    Ok(())
}

/// A browser with its driver, and glyphs for Chinese.
///
/// # Errors
/// Something is missing that this command may not install; the error says what to do.
pub(crate) fn for_browsing() -> Result<()> {
    let mut missing = Vec::new();
    if !answers(&mut command("chromium", ["--version"])) {
        missing.push("chromium");
    }
    if !answers(&mut command("chromedriver", ["--version"])) {
        missing.push("chromium-driver");
    }
    let has_apt = answers(&mut command("apt-get", ["--version"]));
    // Without them screenshots show boxes, and nothing else would say so.
    if has_apt && !answers(&mut command("dpkg", ["--status", "fonts-noto-cjk"])) {
        missing.push("fonts-noto-cjk");
    }
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("missing for tests in a browser: sudo apt-get install {}", missing.join(" "));
    let is_root = read(&mut command("id", ["-u"])).is_ok_and(|id| id.trim() == "0");
    let prefix: &[&str] = match () {
        () if !has_apt => bail!("{by_hand} (or the like on your system)"),
        () if is_root => &[],
        () if answers(&mut command("sudo", ["--non-interactive", "true"])) => &["sudo", "--non-interactive"],
        () => bail!("{by_hand}"),
    };
    step(&missing.join(", "), || {
        let apt = |what: &[&str]| {
            let words =
                [prefix, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes", "--quiet"], what]
                    .concat();
            read(&mut command(words[0], &words[1..]))
        };
        apt(&["update"])?;
        apt(&[&["install", "--no-install-recommends"], missing.as_slice()].concat())
            .with_context(|| by_hand.clone())?;
        Ok(Outcome::Done)
    })?;
    Ok(())
}

/// The version after `NAME = "=` or `NAME = { version = "=` in the workspace's manifest.
fn exact_version<'a>(manifest: &'a str, name: &str) -> Result<&'a str> {
    manifest
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='))
        .find_map(|rest| rest.split_once("\"=")?.1.split('"').next())
        .with_context(|| format!("Cargo.toml has no exact version of {name}"))
}

/// The cargo that runs this command.
pub(crate) fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// The Node of the npm packages: new enough for all of them, whatever the system has.
pub(crate) fn node(repo: &Repo) -> PathBuf {
    deskbell_wrangler::node(repo.root())
}

/// A tool that an npm package brings, about to be run.
pub(crate) fn npm_tool<A: AsRef<OsStr>>(
    repo: &Repo,
    name: &str,
    arguments: impl IntoIterator<Item = A>,
) -> Command {
    under_node(repo, command(repo.npm_tool(name), arguments))
}

/// A program for which `node` is that of the npm packages: many of their tools are scripts that look for it.
pub(crate) fn under_node(repo: &Repo, mut program: Command) -> Command {
    let mut path = node(repo).parent().map_or_else(OsString::new, Into::into);
    if let Some(there) = env::var_os("PATH") {
        path.push(":");
        path.push(there);
    }
    program.env("PATH", path);
    program
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, Permissions},
        os::unix::fs::PermissionsExt,
    };

    use super::*;

    /// The tools of npm's packages begin with this line: an old Node of the system's cannot read them.
    #[test]
    fn scripts_run_under_the_project_s_own_node() {
        let (repo, folder) = (Repo::find().unwrap(), tempfile::tempdir().unwrap());
        let script = folder.path().join("tool");
        files::write(&script, "#!/usr/bin/env node\nconsole.log(process.execPath)\n").unwrap();
        fs::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
        let mut tool = under_node(&repo, command(&script, ["--version"]));
        let path = tool.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path).unwrap();
        assert_eq!(env::split_paths(path).next().as_deref(), node(&repo).parent());
        if node(&repo).is_file() {
            let ran = PathBuf::from(read(&mut tool).unwrap().trim());
            assert_eq!(ran.canonicalize().unwrap(), node(&repo).canonicalize().unwrap());
        }
    }

    #[test]
    fn an_exact_version_is_read_from_the_manifest() {
        let manifest = "worker-x = \"=9\"\nworker = \"=0.8.7\"\nother = \"1\"\nbig = { version = \"=2.0\", features = [] }\n";
        assert_eq!(exact_version(manifest, "worker").unwrap(), "0.8.7");
        assert_eq!(exact_version(manifest, "big").unwrap(), "2.0");
        assert!(exact_version(manifest, "other").is_err());
        assert!(exact_version(manifest, "none").is_err());
    }
}
