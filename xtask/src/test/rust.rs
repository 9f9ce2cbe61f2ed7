//! What cargo checks and tests natively.

use std::process::Command;

use anyhow::Result;

use super::counts;
use super::report::Report;
use crate::cargo::{CLIENT, WASM_TARGET, cargo};
use crate::{project, reproduce, tools};

pub(super) fn fmt() -> Result<Report> {
    Report::default().check(&mut cargo(["fmt", "--all", "--check"]))
}

pub(super) fn clippy() -> Result<Report> {
    let mut native = cargo(["clippy", "--workspace", "--all-targets"]);
    let mut wasm = cargo([
        "clippy",
        "--package",
        CLIENT,
        "--all-targets",
        "--target",
        WASM_TARGET,
    ]);
    Report::default()
        .check(native.args(["--", "-D", "warnings"]))?
        .check(wasm.args(["--", "-D", "warnings"]))
}

pub(super) fn doc() -> Result<Report> {
    let mut doc = cargo(["doc", "--workspace", "--no-deps"]);
    Report::default().check(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

pub(super) fn native() -> Result<Report> {
    // Without -q, here and elsewhere: wasm-bindgen's runner does not know it, and the counts
    // are the same.
    let mut tests = cargo(["test", "--workspace", "--no-fail-fast"]);
    Report::default().tests(&mut tests, counts::of_cargo)
}

/// The rules of deny.toml that need no database from elsewhere.
pub(super) fn crates() -> Result<Report> {
    let deny = tools::CARGO_DENY.path()?;
    ["licenses", "bans", "sources"]
        .into_iter()
        .try_fold(Report::default(), |report, rule| {
            let mut check = Command::new(&deny);
            check.args(["--workspace", "--color=never", "check", rule]);
            report.check(check.current_dir(project::root()))
        })
}

pub(super) fn reproducible() -> Result<Report> {
    let files = reproduce::compare()?;
    Ok(files.iter().fold(Report::default(), |report, compared| {
        let verdict = if compared.same {
            "is the same"
        } else {
            "differs"
        };
        report.verdict(compared.same, &format!("dist/{} {verdict}", compared.file))
    }))
}
