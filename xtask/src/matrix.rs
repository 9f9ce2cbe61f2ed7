//! `cargo xtask matrix`: the installed package on every runtime and in an app of every bundler.
//!
//! The rows are data in `tests/runtimes` and `tests/bundlers`; each runs the same scenario against the
//! sandbox. Here they are run, and their results become a table, here and in docs/compatibility.md.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{frameworks, npm, package, process, project, sandbox, tools};

/// Where the table stands.
const DOCUMENT: &str = "docs/compatibility.md";
const BEGIN: &str = "<!-- the matrix, written by `cargo xtask matrix` -->\n";
const END: &str = "<!-- end of the matrix -->";

pub(crate) fn command(names: &[String]) -> Result<()> {
    if let Some(("frameworks", names)) = names.split_first().map(|(name, rest)| (&**name, rest)) {
        return frameworks::command(names);
    }
    let reports = project::fresh_cache("matrix-report")?;
    let mut rows = Vec::new();
    let mut ok = true;
    for (name, tests) in [("runtimes", runtimes()?), ("bundlers", bundlers()?)] {
        let file = reports.join(name);
        let mut tests = tests;
        tests
            .env("MATRIX_ROWS", names.join("\n"))
            .env("MATRIX_REPORT", &file);
        let finished = process::capture(&mut tests)?;
        if !finished.ok {
            ok = false;
            println!("{}", finished.text);
        }
        rows.extend(read_rows(&file)?);
    }
    if rows.is_empty() {
        bail!("no row has such a name: {}", names.join(", "));
    }
    for row in &rows {
        println!("{}", row.line());
    }
    if names.is_empty() {
        frameworks::print_record()?;
    }
    if !ok || rows.iter().any(|row| !row.ok) {
        bail!("some rows are red");
    }
    if names.is_empty() {
        write_document(&rows)?;
    }
    Ok(())
}

/// The tests of every runtime, ready to run.
pub(crate) fn runtimes() -> Result<Command> {
    everywhere("tests/runtimes", &package::consumer("runtimes")?)
}

/// The tests of a folder, with every runtime that there is at hand.
pub(crate) fn everywhere(folder: &str, consumer: &Path) -> Result<Command> {
    npm::install("tests/runtimes/tools")?;
    let mut tests = node_tests(folder, consumer)?;
    set_browsers(&mut tests)?;
    Ok(tests)
}

/// Names the browsers' drivers to a script.
pub(crate) fn set_browsers(script: &mut Command) -> Result<&mut Command> {
    tools::XAUTH.path()?;
    Ok(script
        .env("CHROMEDRIVER", tools::CHROMEDRIVER.path()?)
        .env("FIREFOX", tools::FIREFOX.path()?)
        .env("GECKODRIVER", tools::GECKODRIVER.path()?)
        .env("WEBKIT_DRIVER", tools::WEBKIT_DRIVER.path()?)
        .env("XVFB_RUN", tools::XVFB_RUN.path()?))
}

/// The tests of every bundler, ready to run.
pub(crate) fn bundlers() -> Result<Command> {
    let consumer = package::consumer("bundlers")?;
    npm::install("tests/bundlers")?;
    node_tests("tests/bundlers", &consumer)
}

/// The `*.test.mjs` files of a folder under `node --test`. They find the installed package, the
/// sandbox and Chromium in the environment.
pub(crate) fn node_tests(folder: &str, consumer: &Path) -> Result<Command> {
    let mut tests = npm::tests(folder)?;
    set_environment(&mut tests, consumer)?;
    Ok(tests)
}

/// Names the installed package, the sandbox and Chromium to a script.
pub(crate) fn set_environment<'a>(
    script: &'a mut Command,
    consumer: &Path,
) -> Result<&'a mut Command> {
    Ok(script
        .env("CONSUMER", consumer)
        .env("SANDBOX", sandbox::binary()?)
        .env("CHROMIUM", tools::CHROMIUM.path()?)
        .env("PACKAGE_VERSION", project::version()))
}

/// What came of a row.
struct Row {
    name: String,
    kind: String,
    ok: bool,
    steps: u64,
    ms: u64,
}

impl Row {
    fn line(&self) -> String {
        let verdict = if self.ok { "green" } else { "RED" };
        let Self {
            name, steps, ms, ..
        } = self;
        format!("{verdict:<6} {name:<44} {steps:>3} steps {ms:>7} ms")
    }
}

/// Reads the report that `tests/runtimes/matrix.mjs` wrote; a run without rows wrote none.
fn read_rows(file: &Path) -> Result<Vec<Row>> {
    let Ok(text) = std::fs::read_to_string(file) else {
        return Ok(Vec::new());
    };
    text.lines().map(read_row).collect()
}

fn read_row(line: &str) -> Result<Row> {
    let row: Value = serde_json::from_str(line).context("the report of the matrix is not JSON")?;
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    Ok(Row {
        name: text("name"),
        kind: text("kind"),
        ok: row["ok"] == true,
        steps: row["steps"].as_u64().unwrap_or_default(),
        ms: row["ms"].as_u64().unwrap_or_default(),
    })
}

fn write_document(rows: &[Row]) -> Result<()> {
    let file = project::path(DOCUMENT);
    let document = project::read(&file)?;
    let (Some(begin), Some(end)) = (document.find(BEGIN), document.find(END)) else {
        bail!("{DOCUMENT} has lost the marks of the matrix");
    };
    let (before, after) = (&document[..begin + BEGIN.len()], &document[end..]);
    project::write(&file, format!("{before}{}{after}", table(rows)))
}

/// A line for each runtime and tool, without times: those differ from run to run.
fn table(rows: &[Row]) -> String {
    let mut lines: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for row in rows {
        let (what, how) = split(&row.name);
        match lines.iter_mut().find(|line| line.1 == what) {
            Some(line) => line.2.extend(how),
            None => lines.push((&row.kind, what, how.into_iter().collect())),
        }
    }
    let mut text = String::from("\n| kind | what | proven |\n|---|---|---|\n");
    for (kind, what, how) in lines {
        text.push_str(&format!("| {kind} | {what} | {} |\n", how.join(" · ")));
    }
    text.push('\n');
    text
}

/// `Chromium: page, strict CSP` is `Chromium`, by way of `page, strict CSP`.
fn split(name: &str) -> (&str, Option<&str>) {
    match name.split_once(": ").or_else(|| name.split_once(", ")) {
        Some((what, how)) => (what, Some(how)),
        None => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_line_for_each_runtime_and_leaves_times_out() {
        let lines = [
            r#"{"name":"Node 20, import","kind":"server","ok":true,"steps":17,"failed":0,"ms":812}"#,
            r#"{"name":"Parcel","kind":"bundler","ok":true,"steps":17,"failed":0,"ms":99}"#,
            r#"{"name":"Node 20, require","kind":"server","ok":false,"steps":17,"failed":1,"ms":1}"#,
        ];
        let rows: Vec<Row> = lines
            .iter()
            .map(|line| read_row(line).expect("JSON"))
            .collect();
        let table = table(&rows);
        assert!(
            table.contains("| server | Node 20 | import · require |\n"),
            "{table}"
        );
        assert!(table.contains("| bundler | Parcel |  |\n"), "{table}");
        assert!(!table.contains("812"));
        assert!(rows[2].line().starts_with("RED"));
    }
}
