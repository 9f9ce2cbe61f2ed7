//! `cargo xtask test`: every test there is, in groups.
//!
//! A failed group does not keep the others from running. The last line counts what really ran,
//! as the runners themselves counted it; a check that counts nothing, such as rustfmt, is one.

mod budgets;
mod counts;
mod groups;
mod javascript;
mod report;
mod rust;
mod wasm;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::toolchain::{self, Purpose};
use groups::{GROUPS, Group};
use report::Report;

pub(crate) fn command(args: &[String]) -> Result<()> {
    if args.iter().any(|arg| arg == "--list" || arg == "--help") {
        for Group { name, title, .. } in GROUPS {
            println!("{name:<14} {title}");
        }
        return Ok(());
    }
    let groups = chosen(args)?;
    toolchain::ensure(Purpose::Test)?;
    let mut total = Report::default();
    let mut failed = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        println!(
            "[{}/{}] {}: {}",
            number + 1,
            groups.len(),
            group.name,
            group.title
        );
        let report = run(group);
        if report.counts.failed > 0 {
            failed.push(group.name);
        }
        total.counts.add(report.counts);
    }
    println!();
    if !failed.is_empty() {
        println!(
            "failed: {} (again: cargo xtask test {})",
            failed.join(", "),
            failed.join(" ")
        );
    }
    println!(
        "{} passed, {} failed",
        total.counts.passed, total.counts.failed
    );
    if failed.is_empty() {
        Ok(())
    } else {
        // The lines above have said it all.
        std::process::exit(1);
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

/// Runs a group and prints how it went: one line, and all its output if it failed.
fn run(group: &Group) -> Report {
    let start = Instant::now();
    let mut report = (group.run)().unwrap_or_else(|error| Report::error(&error));
    if report.counts.passed + report.counts.failed == 0 {
        report
            .text
            .push_str("\nno test ran: that is a failure too\n");
        report.counts.failed = 1;
    }
    if report.counts.failed > 0 {
        for line in report.text.trim_end().lines() {
            println!("{}", shortened(line));
        }
    }
    println!("    {} in {} s", report.counts, start.elapsed().as_secs());
    report
}

/// A bundle in an error message can be one line of a hundred kilobytes.
fn shortened(line: &str) -> String {
    const LONGEST: usize = 1000;
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", &line[..at]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let report = run(&Group {
            name: "empty",
            title: "nothing",
            run: || Ok(Report::default()),
        });
        assert_eq!((report.counts.passed, report.counts.failed), (0, 1));
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
    fn very_long_lines_are_cut_between_characters() {
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened(&"é".repeat(2000)).chars().count(), 1002);
    }
}
