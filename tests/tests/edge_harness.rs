//! The harness itself: what the other tests leave behind.

use std::{
    env, fs,
    path::PathBuf,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use deskbell_tests::folder::Folder;

/// Set in the process that leaves a folder behind.
const LEAVES: &str = "DESKBELL_LEAVES_A_FOLDER";

#[test]
fn a_folder_is_gone_when_it_is_dropped() {
    let folder = Folder::new().unwrap();
    let path = folder.path().to_owned();
    fs::write(path.join("file"), "x").unwrap();
    drop(folder);
    assert!(!path.exists());
}

#[test]
fn a_folder_that_nobody_drops_is_gone_when_its_process_has_ended() {
    if env::var_os(LEAVES).is_some() {
        let folder = Folder::new().unwrap();
        println!("left: {}", folder.path().display());
        std::mem::forget(folder);
        return;
    }
    let ended = Command::new(env::current_exe().unwrap())
        .args(["--exact", "a_folder_that_nobody_drops_is_gone_when_its_process_has_ended", "--nocapture"])
        .env(LEAVES, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    let left = said.split_once("left: ").and_then(|(_, rest)| rest.lines().next());
    let left = PathBuf::from(left.unwrap_or_else(|| panic!("no folder in {said}")));
    let deadline = Instant::now() + Duration::from_secs(20);
    while left.exists() {
        assert!(Instant::now() < deadline, "{} is still there", left.display());
        thread::sleep(Duration::from_millis(100));
    }
}
