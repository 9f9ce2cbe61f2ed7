//! `cargo xtask scale`: many customers, imported and simulated.
//!
//! The import is `tests/cli/scale.mjs`, which a test runs with fewer rows; the simulation is
//! `benches/scale/cases.rs`. Here they are run, and what they found goes into `docs/scale.md`.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{cargo, npm, package, process, project, sandbox};

const DOCUMENT: &str = "docs/scale.md";

/// From so many rows on the figures are published.
const PUBLISHED_ROWS: u64 = 1_000_000;

pub(crate) fn command(args: &[String]) -> Result<()> {
    if args.len() == 1 && args[0] == "--model" {
        return simulate();
    }
    let (mut rows, mut kills, mut seed) = (20_000, 6, 20_417);
    for pair in args.chunks(2) {
        let value = pair.get(1).and_then(|value| value.parse().ok());
        match (pair[0].as_str(), value) {
            ("--rows", Some(value)) => rows = value,
            ("--kills", Some(value)) => kills = value,
            ("--seed", Some(value)) => seed = value,
            _ => bail!("`cargo xtask scale` takes --model, or --rows N, --kills N and --seed N"),
        }
    }
    import(rows, kills, seed)
}

/// Imports that many rows with the packed command line, killed so often.
fn import(rows: u64, kills: u64, seed: u64) -> Result<()> {
    let folder = project::fresh_cache("scale-data")?;
    let mut script = npm::node()?;
    script
        .arg(project::path("tests/cli/scale.mjs"))
        .env("CONSUMER", package::consumer("scale")?)
        .env("SANDBOX", sandbox::release_binary()?)
        .env("SANDBOX_LOG", folder.join("sandbox.log"))
        .env("FOLDER", &folder)
        .env("ROWS", rows.to_string())
        .env("KILLS", kills.to_string())
        .env("SEED", seed.to_string());
    let figures = process::output(&mut script);
    // A million requests leave a large log.
    std::fs::remove_dir_all(&folder).context("removing the rows")?;
    let figures: Value = serde_json::from_str(&figures?).context("the import printed no JSON")?;
    let table = table(&figures);
    println!("{table}");
    if rows < PUBLISHED_ROWS {
        return Ok(());
    }
    project::write_between(DOCUMENT, "cargo xtask scale", "the import", &table)
}

fn table(figures: &Value) -> String {
    let number = |name: &str| figures[name].as_f64().unwrap_or_default();
    let seconds = |name: &str| format!("{:.0} s", number(name));
    let megabytes = |name: &str| format!("{:.0} MB", number(name) / 1e6);
    let lines = [
        ("rows", number("rows").to_string()),
        ("kills by SIGKILL", number("kills").to_string()),
        ("rows in flight", number("concurrency").to_string()),
        ("import, with all restarts", seconds("importSeconds")),
        ("rows per second", format!("{:.0}", number("rowsPerSecond"))),
        ("processor time of the import", seconds("importCpuSeconds")),
        (
            "most memory of the import, resident",
            megabytes("importPeakBytes"),
        ),
        (
            "the same import again, every row skipped",
            seconds("repeatSeconds"),
        ),
        ("list by `iterateCustomers`", seconds("listSeconds")),
        ("`export`", seconds("exportSeconds")),
        (
            "most memory of the export, resident",
            megabytes("exportPeakBytes"),
        ),
        ("file of the rows", megabytes("fileBytes")),
        ("checkpoint file", megabytes("journalBytes")),
        (
            "rows that were lost, changed or created twice",
            String::from("0"),
        ),
    ];
    let mut text = String::from("\n| | |\n|---|--:|\n");
    for (what, value) in lines {
        text.push_str(&format!("| {what} | {value} |\n"));
    }
    text + "\n"
}

/// Runs the client's policy on a simulated clock; writes the plots and the tables.
fn simulate() -> Result<()> {
    let simulation = cargo::build_optimised_example(cargo::CLIENT, "scale")?;
    let found = process::output(&mut Command::new(simulation))?;
    let plots = project::path("docs/scale");
    project::make_dir(&plots)?;
    let mut document = npm::node()?
        .arg(project::path("benches/scale/document.mjs"))
        .arg(&plots)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting node")?;
    let mut input = document.stdin.take().context("node has no input")?;
    input
        .write_all(found.as_bytes())
        .context("writing to node")?;
    drop(input);
    let output = document.wait_with_output().context("waiting for node")?;
    if !output.status.success() {
        bail!("the plots could not be drawn");
    }
    let tables = String::from_utf8(output.stdout).context("node printed no text")?;
    println!("{tables}");
    project::write_between(
        DOCUMENT,
        "cargo xtask scale --model",
        "the simulation",
        &tables,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_rounds_seconds_and_megabytes() {
        let table = table(
            &json!({ "rows": 1_000_000, "importSeconds": 99.6, "importPeakBytes": 123_456_789 }),
        );
        assert!(table.contains("| rows | 1000000 |\n"), "{table}");
        assert!(table.contains("with all restarts | 100 s |\n"), "{table}");
        assert!(table.contains("| 123 MB |\n"), "{table}");
    }
}
