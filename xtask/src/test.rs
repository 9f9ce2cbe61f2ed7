//! `cargo xtask test`: every test there is, in groups, two at a time where they share nothing.
//!
//! A failed group does not keep the others from running. The last line counts what really ran,
//! as the runners themselves counted it; a check that counts nothing, such as rustfmt, is one.

mod budgets;
mod counts;
mod groups;
mod javascript;
mod needs;
mod report;
mod rust;
mod schedule;
mod wasm;

use std::collections::BTreeSet;
use std::fs::File;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Display, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::toolchain::{self, Purpose};
use crate::{process, project};
use counts::Counts;
use groups::{GROUPS, Group};
use needs::{Need, Step};
use report::Report;
use schedule::Job;

/// How many groups run at once, where there are processors for them. Compilers and browsers use
/// several threads.
const WORKERS: usize = 2;

/// How many lines of a log are shown of what could not even run.
const SHOWN: usize = 60;

pub(crate) fn command(args: &[String]) -> Result<()> {
    if args.iter().any(|arg| arg == "--list" || arg == "--help") {
        for Group { name, title, .. } in GROUPS {
            println!("{name:<17} {title}");
        }
        return Ok(());
    }
    let groups = chosen(args)?;
    toolchain::ensure(Purpose::Test)?;
    let wanted: BTreeSet<Need> = groups
        .iter()
        .flat_map(|group| group.needs.iter().copied().flatten().copied())
        .collect();
    let steps = needs::steps(&wanted)?;
    if let Some(line) = needs::announcement(&steps) {
        println!("{line}");
    }
    project::cache("logs")?;
    let workers = thread::available_parallelism().map_or(1, |cores| WORKERS.min(cores.get()));
    println!(
        "{} groups, {workers} at a time; the output of each is in .cache/logs",
        groups.len()
    );
    let run = Run {
        groups,
        steps,
        start: Instant::now(),
        ended: Mutex::default(),
    };
    run.all(workers);
    run.conclude()
}

/// A run of some groups, and of the steps that provide what they need.
struct Run {
    groups: Vec<&'static Group>,
    steps: Vec<Step>,
    start: Instant,
    ended: Mutex<Ended>,
}

/// What has come of the groups so far.
#[derive(Default)]
struct Ended {
    groups: usize,
    counts: Counts,
    failed: Vec<&'static str>,
}

impl Run {
    fn all(&self, workers: usize) {
        let jobs = self.jobs();
        schedule::run(&jobs, workers, process::HEARTBEAT, |running| {
            let running: Vec<String> = running
                .iter()
                .map(|(name, time)| format!("{name} for {} s", time.as_secs()))
                .collect();
            eprintln!(
                "    … {} of {} groups done after {} s; running: {}",
                self.ended().groups,
                self.groups.len(),
                self.start.elapsed().as_secs(),
                running.join(", ")
            );
        });
    }

    /// The groups in their order, and before the first that needs or holds something, all the steps:
    /// the build would wait for whatever holds cargo's folder, and many groups for the build.
    fn jobs(&self) -> Vec<Job<'_>> {
        let first = self
            .groups
            .iter()
            .position(|group| !(group.needs.is_empty() && group.holds.is_empty()))
            .unwrap_or(self.groups.len());
        // The place of the job that provides for a need; none if nothing is missing.
        let place = |need: &Need| {
            let step = self.steps.iter().position(|step| step.needs.contains(need));
            step.map(|step| first + step)
        };
        let group = |group: &'static Group| Job {
            name: group.name,
            after: group
                .needs
                .iter()
                .copied()
                .flatten()
                .filter_map(place)
                .collect(),
            holds: group.holds,
            work: Box::new(move || self.run(group)),
        };
        let (early, late) = self.groups.split_at(first);
        let early = early.iter().copied().map(group);
        let steps = self.steps.iter().map(|step| Job {
            name: &step.name,
            after: step.after().iter().filter_map(place).collect(),
            holds: step.holds,
            work: Box::new(|| provide(step)),
        });
        early
            .chain(steps)
            .chain(late.iter().copied().map(group))
            .collect()
    }

    fn run(&self, group: &'static Group) {
        let start = Instant::now();
        let report = outcome(group);
        let mut ended = self.ended();
        ended.groups += 1;
        let mut text = format!(
            "[{}/{}] {}: {}\n",
            ended.groups,
            self.groups.len(),
            group.name,
            group.title
        );
        let mut log = String::new();
        if report.counts.failed > 0 {
            ended.failed.push(group.name);
            for line in telling(&report.text) {
                text.push_str(&shortened(line));
                text.push('\n');
            }
            log = format!("; all output: {}", shown(&log_of(group.name)));
        }
        ended.counts.add(report.counts);
        let seconds = start.elapsed().as_secs();
        // In one piece, while no other group prints.
        println!("{text}    {} in {seconds} s{log}", report.counts);
    }

    /// Prints the last lines of the run.
    fn conclude(&self) -> Result<()> {
        let Ended { counts, failed, .. } = &*self.ended();
        println!();
        if failed.is_empty() {
            println!("{} passed, {} failed", counts.passed, counts.failed);
            return Ok(());
        }
        println!(
            "failed: {} (again: cargo xtask test {})",
            failed.join(", "),
            failed.join(" ")
        );
        println!("{} passed, {} failed", counts.passed, counts.failed);
        // The lines above have said it all.
        std::process::exit(1);
    }

    fn ended(&self) -> MutexGuard<'_, Ended> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The groups named, in their own order; all if none is named.
fn chosen(names: &[String]) -> Result<Vec<&'static Group>> {
    if let Some(unknown) = names
        .iter()
        .find(|name| GROUPS.iter().all(|group| group.name != name.as_str()))
    {
        bail!("there is no test group `{unknown}`; `cargo xtask test --list` shows them");
    }
    Ok(GROUPS
        .iter()
        .filter(|group| names.is_empty() || names.iter().any(|name| name == group.name))
        .collect())
}

/// Runs a group, with all its output in its log. One that could not run has failed, and so has one
/// that ran nothing.
fn outcome(group: &Group) -> Report {
    let log = log_of(group.name);
    let mut report = logged(&log, group.run).unwrap_or_else(|error| {
        let mut report = Report::error(&error);
        report.text.push_str(&end_of(&log));
        report
    });
    if report.counts.passed + report.counts.failed == 0 {
        report
            .text
            .push_str("\nno test ran: that is a failure too\n");
        report.counts.failed = 1;
    }
    report
}

/// Provides for what groups need, and prints that. Should it fail, those groups say why.
fn provide(step: &Step) {
    let start = Instant::now();
    let log = log_of(&step.name);
    match logged(&log, || step.run()) {
        Ok(()) => println!("[set-up] {} in {} s", step.name, start.elapsed().as_secs()),
        Err(error) => println!("[set-up] {} failed: {error:#}\n{}", step.name, end_of(&log)),
    }
}

/// Does `work` with all output in the file `log`; a panic is an error like any other.
fn logged<T>(log: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let file = File::create(log).with_context(|| format!("making {}", log.display()))?;
    process::logging_to(file, || {
        panic::catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| bail!("xtask panicked; the message is above"))
    })
}

fn log_of(name: &str) -> PathBuf {
    project::path(".cache/logs").join(format!("{name}.log"))
}

/// Below the project, as one types it.
fn shown(path: &Path) -> Display<'_> {
    path.strip_prefix(project::root()).unwrap_or(path).display()
}

/// The last lines of a log.
fn end_of(log: &Path) -> String {
    let text = project::read(log).unwrap_or_default();
    let lines: Vec<&str> = telling(&text).collect();
    let from = lines.len().saturating_sub(SHOWN);
    format!("\n{}\n", lines[from..].join("\n"))
}

/// The lines of an output but those by which cargo names the crate it is at: hundreds, before the
/// one that matters.
fn telling(text: &str) -> impl Iterator<Item = &str> {
    const PROGRESS: &[&str] = &[
        "Checking",
        "Compiling",
        "Documenting",
        "Downloaded",
        "Downloading",
        "Dirty",
        "Fresh",
    ];
    text.trim_end().lines().filter(|line| {
        let verb = line.trim_start().split(' ').next().unwrap_or_default();
        !(line.starts_with(' ') && PROGRESS.contains(&verb))
    })
}

/// A bundle in an error message can be one line of a hundred kilobytes. What a program says last, such
/// as the signal that ended it, is kept.
fn shortened(line: &str) -> String {
    const START: usize = 700;
    const END: usize = 300;
    let length = line.chars().count();
    if length <= START + END {
        return line.to_owned();
    }
    let start: String = line.chars().take(START).collect();
    let end: String = line.chars().skip(length - END).collect();
    format!("{start} … {end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &'static str, run: fn() -> Result<Report>) -> Group {
        project::cache("logs").expect("a folder");
        Group {
            name,
            title: "of a test",
            needs: &[],
            holds: &[],
            run,
        }
    }

    #[test]
    fn groups_run_in_their_own_order_and_an_unknown_one_is_named() {
        let names = |args: &[&str]| {
            let args: Vec<String> = args.iter().map(ToString::to_string).collect();
            chosen(&args).map(|groups| groups.iter().map(|group| group.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&["clippy", "fmt"]).expect("known"), ["fmt", "clippy"]);
        assert_eq!(names(&[]).expect("all").len(), GROUPS.len());
        let error = names(&["fmt", "nope"]).expect_err("unknown");
        assert!(error.to_string().contains("`nope`"));
    }

    #[test]
    fn a_group_that_ran_nothing_has_failed() {
        let report = outcome(&group("test-empty", || Ok(Report::default())));
        assert_eq!((report.counts.passed, report.counts.failed), (0, 1));
    }

    #[test]
    fn a_group_that_could_not_run_has_failed_and_shows_what_was_printed() {
        let report = outcome(&group("test-broken", || {
            process::output(std::process::Command::new("sh").args(["-c", "echo boom >&2"]))?;
            bail!("no luck")
        }));
        assert_eq!((report.counts.passed, report.counts.failed), (0, 1));
        assert_eq!(report.text, "no luck\nboom\n");
        let report = outcome(&group("test-panic", || panic!("as it should")));
        assert_eq!((report.counts.passed, report.counts.failed), (0, 1));
    }

    #[test]
    fn all_that_a_group_prints_is_in_its_log_and_nothing_of_it_on_the_terminal() {
        let named = group("test-logged", || {
            let program = &mut std::process::Command::new("sh");
            program.args(["-c", "echo out; echo err >&2"]);
            process::note("a note");
            Report::default().check(program)
        });
        assert_eq!(outcome(&named).counts.passed, 1);
        let log = project::read(&log_of("test-logged")).expect("a log");
        assert_eq!(log, "a note\nout\nerr\n");
    }

    #[test]
    fn steps_come_before_all_groups_but_those_that_share_nothing() {
        let run = Run {
            groups: chosen(&["fmt", "clippy", "scripts", "js"].map(String::from)).expect("known"),
            steps: [Need::Tools, Need::Package].map(Need::step).into(),
            start: Instant::now(),
            ended: Mutex::default(),
        };
        let jobs = run.jobs();
        let listed: Vec<(&str, &[usize])> = jobs
            .iter()
            .map(|job| (job.name, job.after.as_slice()))
            .collect();
        let expected: [(&str, &[usize]); 6] = [
            ("fmt", &[]),
            ("npm-tests", &[]),
            ("build", &[1]),
            ("clippy", &[]),
            ("js", &[1]),
            ("scripts", &[1, 2]),
        ];
        assert_eq!(listed, expected);
    }

    #[test]
    fn a_runner_that_crashes_before_it_counts_has_failed() {
        let crash = &mut std::process::Command::new("sh");
        crash.args(["-c", "echo boom >&2; exit 1"]);
        let report = Report::default()
            .tests(crash, counts::of_cargo)
            .expect("sh runs");
        assert_eq!((report.counts.passed, report.counts.failed), (0, 1));
        assert_eq!(report.text, "boom\n");
    }

    #[test]
    fn very_long_lines_are_cut_in_the_middle_and_between_characters() {
        assert_eq!(shortened("short"), "short");
        let cut = shortened(&format!("a{}b", "é".repeat(2000)));
        assert!(cut.starts_with("aé") && cut.ends_with("éb"));
        assert_eq!(cut.chars().count(), 1003);
    }

    #[test]
    fn cargo_s_progress_is_left_out_of_what_is_shown() {
        let text =
            "   Compiling syn v2.0.1\n    Checking x v1.0.0 (/x)\nerror: no\n  Fresh\nChecking\n\n";
        assert_eq!(telling(text).collect::<Vec<_>>(), ["error: no", "Checking"]);
    }
}
