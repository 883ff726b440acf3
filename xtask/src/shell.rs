//! Running other programs: their words go to stderr, because stdout is for this program's one result.

use std::{
    ffi::OsStr,
    io,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// A program about to be run, from its name or path and its arguments.
pub(crate) fn command<A: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = A>,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// Runs a program whose words are worth seeing as they come.
///
/// # Errors
/// It cannot be started, or it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status =
        command.stdin(Stdio::null()).stdout(io::stderr()).status().with_context(|| cannot_start(command))?;
    if status.success() { Ok(()) } else { bail!("`{}` failed: {status}", name(command)) }
}

/// Runs a program and returns what it wrote to stdout; its words are shown only when it fails.
///
/// # Errors
/// It cannot be started, or it fails.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| cannot_start(command))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    bail!("`{}` failed: {}\n{}\n{}", name(command), output.status, said.trim_end(), complaint.trim_end())
}

/// Whether a program is there and does not mind being asked.
pub(crate) fn answers(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`", command.get_program().to_string_lossy())
}

/// The program and its first arguments, short enough for one line.
fn name(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    command.get_args().take(3).fold(program, |name, argument| name + " " + &argument.to_string_lossy())
}
