//! Running other programs.

use std::cell::RefCell;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use anyhow::{Context, Result, bail};

/// How often a long, quiet step says that it is still there.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(60);

/// How long one captured program may take. A browser that hangs must not hang the whole run.
const LIMIT: Duration = Duration::from_secs(20 * 60);

thread_local! {
    /// Where this thread's notes go, and what its programs print besides; without it, the terminal.
    static LOG: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// Does `work` with its notes and the output of its programs in `log`, not on the terminal: several
/// threads work at once, and their lines would mix.
pub(crate) fn logging_to<T>(log: File, work: impl FnOnce() -> T) -> T {
    LOG.set(Some(log));
    let result = work();
    LOG.set(None);
    result
}

/// Says what is being done.
pub(crate) fn note(text: &str) {
    match log() {
        // A log that cannot be written fails nothing.
        Some(mut log) => drop(writeln!(log, "{text}")),
        None => eprintln!("{text}"),
    }
}

fn log() -> Option<File> {
    LOG.with_borrow(|log| log.as_ref()?.try_clone().ok())
}

/// A program that has ended, and all it printed: both streams, in the order of arrival.
pub(crate) struct Finished {
    pub(crate) ok: bool,
    pub(crate) text: String,
}

/// Runs the program with its output on ours; fails if it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| start_error(command))?;
    check(command, status)
}

/// Runs the program quietly; a failure shows what it printed.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    let finished = capture(command)?;
    if !finished.ok {
        bail!("`{}` failed:\n{}", shown(command), finished.text.trim_end());
    }
    Ok(())
}

/// Runs the program and returns its standard output; fails if it fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(log().map_or_else(Stdio::inherit, Stdio::from))
        .output()
        .with_context(|| start_error(command))?;
    check(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs the program to its end, whatever that is, and keeps what it prints.
pub(crate) fn capture(command: &mut Command) -> Result<Finished> {
    let (mut reader, writer) = std::io::pipe().context("making a pipe")?;
    let child = command
        .stdin(Stdio::null())
        .stdout(writer.try_clone().context("sharing a pipe")?)
        .stderr(writer)
        .spawn()
        .with_context(|| start_error(command));
    // The command holds the pipe's writing end; while it does, reading never ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = child?;

    let (sender, receiver) = mpsc::channel();
    let log = log();
    let is_logged = log.is_some();
    let reading = thread::spawn(move || {
        let bytes = read_all(&mut reader, log);
        let _ = sender.send(());
        bytes
    });

    let start = Instant::now();
    let mut timed_out = false;
    loop {
        match receiver.recv_timeout(HEARTBEAT) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if start.elapsed() > LIMIT => {
                timed_out = true;
                kill_tree(&mut child);
            }
            Err(RecvTimeoutError::Timeout) if is_logged => {}
            Err(RecvTimeoutError::Timeout) => {
                eprintln!("    … still running after {} s", start.elapsed().as_secs());
            }
        }
    }
    let status = child.wait().context("waiting for a program to end")?;
    let bytes = reading.join().unwrap_or_default();
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if timed_out {
        text.push_str(&format!("\nstopped after {} s\n", LIMIT.as_secs()));
    }
    Ok(Finished {
        ok: status.success() && !timed_out,
        text,
    })
}

/// Reads to the end, and copies into `log` what comes as it comes. A read error leaves what came so
/// far, which is what there is to show.
fn read_all(reader: &mut impl Read, mut log: Option<File>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 1 << 16];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return bytes,
            Ok(length) => {
                bytes.extend_from_slice(&buffer[..length]);
                if let Some(log) = &mut log {
                    let _ = log.write_all(&buffer[..length]);
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return bytes,
        }
    }
}

/// The program on `PATH` called `name`, if there is one.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|dir| dir.join(name))
        .find(|path| path.is_file())
}

/// A `PATH` that looks into `dir` first.
pub(crate) fn path_with(dir: &Path) -> Result<std::ffi::OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let dirs = std::iter::once(dir.to_path_buf()).chain(env::split_paths(&path));
    env::join_paths(dirs).context("extending PATH")
}

/// The command as one could type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![
        program
            .file_name()
            .unwrap_or(program.as_os_str())
            .to_string_lossy()
            .into_owned(),
    ];
    words.extend(
        command
            .get_args()
            .map(|arg| arg.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

fn start_error(command: &Command) -> String {
    format!("cannot start `{}`", shown(command))
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Kills a program and what it started: killing `cargo test` alone leaves its browser behind,
/// and its own process group would keep Ctrl-C from reaching it.
fn kill_tree(child: &mut Child) {
    for pid in descendants(child.id()) {
        // The shell's own `kill`: the program is in a package that small images leave out.
        let kill = format!("kill -9 {pid}");
        let _ = Command::new("sh").args(["-c", &kill]).status();
    }
    let _ = child.kill();
}

fn descendants(of: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let pid = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // `pid (name) state ppid …`, and the name may hold spaces and parentheses.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?;
            Some((pid, parent.parse().ok()?))
        })
        .collect();
    let mut found = vec![of];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(
            parents
                .iter()
                .filter(|(_, p)| *p == parent)
                .map(|(pid, _)| *pid),
        );
        next += 1;
    }
    found.split_off(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_captured_program_keeps_both_streams_and_its_verdict() {
        let finished = capture(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]));
        let finished = finished.expect("sh runs");
        assert!(!finished.ok);
        assert_eq!(finished.text, "out\nerr\n");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&mut Command::new("no-such-program-here")).expect_err("must fail");
        assert!(error.to_string().contains("no-such-program-here"));
    }

    #[test]
    fn the_whole_tree_below_a_program_is_found() {
        let mut child = Command::new("sh")
            .args(["-c", "sleep 30 & wait"])
            .spawn()
            .expect("sh runs");
        let start = Instant::now();
        while descendants(child.id()).is_empty() && start.elapsed() < Duration::from_secs(5) {
            thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(descendants(child.id()).len(), 1);
        kill_tree(&mut child);
        child.wait().expect("it has ended");
    }
}
