//! `cargo xtask matrix frameworks`: the packed package in projects of frameworks, test runners and
//! platforms.
//!
//! The projects are data in `tests/frameworks`. They take too long for every run of the tests, so what
//! came of each row, when and with which versions, is kept, and shown in a document. `--broken` tests the
//! rows themselves.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{matrix, npm, package, process, project};

/// What is known of every row.
const RECORD: &str = "tests/frameworks/record.json";

/// Where the table stands.
const DOCUMENT: &str = "docs/compatibility.md";

/// Makes every entry of the package throw, upon which every row has to be red.
const BROKEN: &str = "--broken";

/// Runs the rows whose names hold one of `names`, all if there are none.
pub(crate) fn command(args: &[String]) -> Result<()> {
    let is_broken = args.iter().any(|arg| arg == BROKEN);
    let names: Vec<&str> = args
        .iter()
        .map(String::as_str)
        .filter(|arg| *arg != BROKEN)
        .collect();
    let consumer = package::consumer("frameworks")?;
    npm::install("tests/runtimes/tools")?;
    npm::install("tests/bundlers")?;
    let report = project::fresh_cache("matrix-report")?.join("frameworks");
    let mut tests = matrix::node_tests("tests/frameworks", &consumer)?;
    tests
        .env("MATRIX_ROWS", names.join("\n"))
        .env("MATRIX_REPORT", &report)
        .env("PROJECTS", project::fresh_cache("projects")?);
    if is_broken {
        tests.env("BROKEN", "yes");
    }
    let finished = process::capture(&mut tests)?;
    let rows = read(&std::fs::read_to_string(&report).unwrap_or_default())?;
    if rows.is_empty() {
        bail!("no row was run:\n{}", finished.text);
    }
    for row in &rows {
        println!("{}", line(row));
    }
    if is_broken {
        return match rows.iter().find(|row| row["ok"] == true) {
            Some(row) => bail!("{} does not notice a broken entry", text(row, "name")),
            None => Ok(()),
        };
    }
    let record = if names.is_empty() {
        rows.clone()
    } else {
        merged(read_record()?, &rows)
    };
    write_record(&record)?;
    project::write_between(
        DOCUMENT,
        "cargo xtask matrix frameworks",
        "the frameworks",
        &table(&record),
    )?;
    let is_red = rows.iter().any(|row| row["ok"] != true);
    if !finished.ok || is_red {
        bail!("some rows are red:\n{}", finished.text);
    }
    Ok(())
}

/// Prints what came of each row when it was last run.
pub(crate) fn print_record() -> Result<()> {
    for row in read_record()? {
        println!("{} on {}", line(&row), text(&row, "date"));
    }
    Ok(())
}

/// The report that `tests/runtimes/matrix.mjs` wrote.
fn read(report: &str) -> Result<Vec<Value>> {
    report
        .lines()
        .map(|line| serde_json::from_str(line).context("the report is not JSON"))
        .collect()
}

fn read_record() -> Result<Vec<Value>> {
    let Ok(text) = std::fs::read_to_string(project::path(RECORD)) else {
        return Ok(Vec::new());
    };
    serde_json::from_str(&text).with_context(|| format!("{RECORD} is not a list"))
}

fn write_record(rows: &[Value]) -> Result<()> {
    let text = serde_json::to_string_pretty(rows)?;
    project::write(&project::path(RECORD), text + "\n")
}

/// The record with what is known anew.
fn merged(mut record: Vec<Value>, rows: &[Value]) -> Vec<Value> {
    for row in rows {
        match record.iter_mut().find(|old| old["name"] == row["name"]) {
            Some(old) => old.clone_from(row),
            None => record.push(row.clone()),
        }
    }
    record
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

fn line(row: &Value) -> String {
    let verdict = if row["ok"] == true { "green" } else { "RED" };
    let name = text(row, "name");
    let (steps, ms) = (&row["steps"], &row["ms"]);
    format!("{verdict:<6} {name:<64} {steps:>3} steps {ms:>7} ms")
}

/// A line for each project: its places, its first package, and the day of its last run.
fn table(record: &[Value]) -> String {
    let mut projects: Vec<(&str, Vec<String>, &Value)> = Vec::new();
    for row in record {
        let (project, place) = text(row, "name").split_once(": ").unwrap_or_default();
        let place = match row["ok"] == true {
            true => place.to_owned(),
            false => format!("**fails: {place}**"),
        };
        match projects.iter_mut().find(|(name, ..)| *name == project) {
            Some((_, places, _)) => places.push(place),
            None => projects.push((project, vec![place], row)),
        }
    }
    let mut table =
        String::from("\n| environment | works | proven in | with | on |\n|---|---|---|---|---|\n");
    for (project, places, row) in projects {
        let needs = match text(row, "works") {
            "" => "yes",
            works => works,
        };
        let with = row["versions"][0].as_str().unwrap_or_default();
        let (places, date) = (places.join(" · "), text(row, "date"));
        table.push_str(&format!(
            "| {project} | {needs} | {places} | {with} | {date} |\n"
        ));
    }
    table.push('\n');
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{"name":"Next.js 14: page","ok":true,"steps":2,"ms":5,"date":"2026-11-29","versions":["next 14.2.35"]}
{"name":"Next.js 14: action","ok":false,"steps":1,"ms":5,"date":"2026-11-29","versions":["next 14.2.35"]}
{"name":"An extension: page","ok":true,"steps":2,"ms":5,"date":"2026-11-29","versions":["esbuild 1"],"works":"with `a line`"}"#;

    #[test]
    fn the_table_has_a_line_for_each_project_and_marks_what_fails() {
        let table = table(&read(REPORT).expect("a report"));
        for line in [
            "| Next.js 14 | yes | page · **fails: action** | next 14.2.35 | 2026-11-29 |\n",
            "| An extension | with `a line` | page | esbuild 1 | 2026-11-29 |\n",
        ] {
            assert!(table.contains(line), "{table}");
        }
    }

    #[test]
    fn a_row_that_ran_again_replaces_what_was_known_of_it() {
        let old = read(REPORT).expect("a report");
        let mut again = old[1].clone();
        again["ok"] = true.into();
        let merged = merged(old, &[again]);
        assert_eq!(merged.len(), 3);
        assert_eq!(merged[1]["ok"], true);
    }
}
