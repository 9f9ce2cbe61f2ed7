//! `cargo xtask faults`: what calls do when things go wrong.
//!
//! The faults, the exactly-once run and the soak are tests in `tests/faults`; here they are run, and
//! what they found becomes tables, here and in `docs/reliability.md`. The large runs are the same
//! tests with larger numbers.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{matrix, npm, package, process, project, tools};

const DOCUMENT: &str = "docs/reliability.md";
const COMMAND: &str = "cargo xtask faults";

/// The sizes of the large runs; those of the small ones are the tests' own.
const SOAK: [(&str, &str); 2] = [("FAULTS_CUSTOMERS", "10000"), ("FAULTS_CALLS", "1000000")];

pub(crate) fn command(args: &[String]) -> Result<()> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let large = match args.as_slice() {
        [] => false,
        ["--soak"] => true,
        _ => bail!("`cargo xtask faults` takes --soak or nothing"),
    };
    let report = project::fresh_cache("faults-report")?.join("lines");
    let mut tests = tests()?;
    tests.env("FAULTS_REPORT", &report);
    if large {
        tests.envs(SOAK);
    }
    let finished = process::capture(&mut tests)?;
    let found = Found::read(&report)?;
    let table = found.table();
    println!("{table}\n{}", found.runs());
    for line in found.red() {
        println!("RED {line}");
    }
    if !finished.ok {
        println!("{}", failures(&finished.text));
        bail!("some calls did not end as they should");
    }
    project::write_between(DOCUMENT, COMMAND, "the faults", &table)?;
    if large {
        project::write_between(DOCUMENT, COMMAND, "the large runs", &found.runs())?;
    }
    Ok(())
}

/// The tests under faults, ready to run.
pub(crate) fn tests() -> Result<Command> {
    let consumer = package::consumer("faults")?;
    npm::install("tests/runtimes/tools")?;
    let mut tests = matrix::node_tests("tests/faults", &consumer)?;
    tests.env("CHROMEDRIVER", tools::CHROMEDRIVER.path()?);
    Ok(tests)
}

/// What `node --test` prints last; before it stands the sandbox's log.
fn failures(text: &str) -> &str {
    text.find("✖ failing tests:")
        .map_or(text, |start| &text[start..])
}

/// What the tests reported.
struct Found {
    calls: Vec<Call>,
    runs: Vec<Value>,
}

/// How one operation ended under one fault on one runtime.
struct Call {
    fault: String,
    injected: String,
    runtime: String,
    operation: String,
    ended: String,
    outcome: Option<String>,
    attempts: u64,
    /// How often the database held the write; none for a read.
    stored: Option<u64>,
    ok: bool,
}

impl Found {
    fn read(report: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(report)
            .context("the tests wrote no report; `cargo xtask test faults` shows why")?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self> {
        let mut found = Self {
            calls: Vec::new(),
            runs: Vec::new(),
        };
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).context("the report is not JSON")?;
            if line["kind"] == "matrix" {
                found.calls.push(Call::from(&line));
            } else {
                found.runs.push(line);
            }
        }
        Ok(found)
    }

    fn red(&self) -> Vec<String> {
        self.calls
            .iter()
            .filter(|call| !call.ok)
            .map(|call| format!("{}: {}: {}", call.runtime, call.fault, call.operation))
            .collect()
    }

    /// A line for each fault and each way in which calls ended under it.
    fn table(&self) -> String {
        let mut groups: Vec<Vec<&Call>> = Vec::new();
        for call in &self.calls {
            match groups.iter_mut().find(|group| group[0].is_like(call)) {
                Some(group) => group.push(call),
                None => groups.push(vec![call]),
            }
        }
        // A fault's lines stand together, in the order in which the faults were met.
        let first = |group: &Vec<&Call>| {
            let fault = &group[0].fault;
            self.calls.iter().position(|call| call.fault == *fault)
        };
        groups.sort_by_key(first);
        let count = |of: fn(&Call) -> &str| {
            let names: BTreeSet<&str> = self.calls.iter().map(of).collect();
            names.len()
        };
        let green = self.calls.iter().filter(|call| call.ok).count();
        let mut text = format!(
            "\n{} faults × {} operations × {} runtimes ({}): {} calls, {green} ended as they must.\n\n\
             | fault | injected | calls | end | attempts | outcome | the database holds the write |\n\
             |---|---|---|---|---|---|---|\n",
            count(|call| &call.fault),
            count(|call| &call.operation),
            count(|call| &call.runtime),
            in_order(self.calls.iter().map(|call| &call.runtime)),
            self.calls.len(),
        );
        for group in groups {
            text.push_str(&line(&group));
        }
        text.push('\n');
        text
    }

    /// The long runs, in words.
    fn runs(&self) -> String {
        let mut text = String::from("\n");
        for run in &self.runs {
            text.push_str(&match run["kind"].as_str() {
                Some("exactly-once") => exactly_once(run),
                _ => soak(run),
            });
            text.push('\n');
        }
        text
    }
}

impl Call {
    fn from(line: &Value) -> Self {
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        let operation = text("operation").unwrap_or_default();
        Self {
            fault: text("fault").unwrap_or_default(),
            injected: text("injected").unwrap_or_default(),
            runtime: text("runtime").unwrap_or_default(),
            operation: operation
                .trim_end_matches("Customer")
                .trim_end_matches("Customers")
                .to_owned(),
            ended: text("ended").unwrap_or_else(|| String::from("not at all")),
            outcome: text("outcome"),
            attempts: line["attempts"].as_u64().unwrap_or_default(),
            stored: line["stored"].as_u64(),
            ok: line["ok"] == true,
        }
    }

    /// Whether both stand in one line of the table.
    fn is_like(&self, other: &Self) -> bool {
        let key = |call: &Self| (call.fault.clone(), call.ended.clone(), call.outcome.clone());
        key(self) == key(other)
    }
}

fn line(group: &[&Call]) -> String {
    let call = group[0];
    let attempts: BTreeSet<u64> = group.iter().map(|call| call.attempts).collect();
    let attempts = match (attempts.first(), attempts.last()) {
        (Some(least), Some(most)) if least != most => format!("{least} to {most}"),
        (least, _) => least.map(u64::to_string).unwrap_or_default(),
    };
    let stored: BTreeSet<&str> = group
        .iter()
        .filter_map(|call| call.stored)
        .map(|stored| match stored {
            0 => "not",
            1 => "once",
            _ => "MORE THAN ONCE",
        })
        .collect();
    let operations = in_order(group.iter().map(|call| &call.operation));
    let operations = match operations.as_str() {
        "create, get, list, patch, update" => "all five",
        some => some,
    };
    let mut stored = stored.into_iter().collect::<Vec<_>>().join(" or ");
    if !stored.is_empty() && call.outcome.as_deref() == Some("unknown") {
        stored.push_str("; repeated, once");
    }
    if stored.is_empty() {
        stored.push('–');
    }
    format!(
        "| {} | {} | {operations} | {} | {attempts} | {} | {stored} |\n",
        call.fault,
        injected(&call.injected),
        call.ended,
        call.outcome.as_deref().unwrap_or("–"),
    )
}

/// `words: header`, either of them, as a cell.
fn injected(text: &str) -> String {
    match text.rsplit_once(": ") {
        Some((words, header)) => format!("{words}, `{header}`"),
        None if text.contains('=') => format!("`{text}`"),
        None => text.to_owned(),
    }
}

/// Each once, in the order of their first appearance.
fn in_order<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !seen.contains(&name.as_str()) {
            seen.push(name);
        }
    }
    seen.join(", ")
}

fn exactly_once(run: &Value) -> String {
    let list = |name: &str| {
        let counts = run[name].as_object().into_iter().flatten();
        counts
            .map(|(what, count)| format!("{what} × {count}"))
            .collect::<Vec<_>>()
            .join("; ")
    };
    format!(
        "**Exactly once** (seed {}): {} creates and {} patches, 50 at a time, in {} s.\n\n\
         * Faults met: {}.\n\
         * Requests sent by the client: {}.\n\
         * Calls that ended all the same and were repeated by their key: {} ({}). Of them {} ended \
         because the retry budget was spent.\n\
         * Afterwards the database held {} customers; created twice: {}; acknowledged and missing: \
         {} creates, {} patches.\n",
        run["seed"],
        run["creates"],
        run["patches"],
        run["seconds"],
        list("faults"),
        run["attempts"],
        run["repeatedByKey"],
        list("ended"),
        run["endedEarly"],
        run["rows"],
        run["duplicates"],
        run["lostCreates"],
        run["lostPatches"],
    )
}

fn soak(run: &Value) -> String {
    let mut text = format!(
        "**Soak**: {} calls on one client, {} requests to a stubbed fetch, {} s after the warm-up; \
         listeners left on their common signal: {}.\n\n\
         | bytes in use, garbage collected | after the first {} | at the end |\n|---|---|---|\n",
        run["calls"], run["requests"], run["seconds"], run["listeners"], run["warmUp"],
    );
    for (label, name) in [
        ("WebAssembly memory", "wasm"),
        ("JavaScript heap", "heapUsed"),
        ("array buffers", "arrayBuffers"),
    ] {
        let (before, after) = (&run["before"][name], &run["after"][name]);
        text.push_str(&format!("| {label} | {before} | {after} |\n"));
    }
    text
}

/// Writes between `<!-- NAME, written by … -->` and `<!-- end of NAME -->`.
#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"
{"kind":"matrix","fault":"reset","injected":"drop=before;times=1","runtime":"Node","operation":"createCustomer","ended":"resolves","attempts":2,"stored":1,"ok":true}
{"kind":"matrix","fault":"reset","injected":"drop=before;times=1","runtime":"Node","operation":"listCustomers","ended":"resolves","attempts":2,"ok":true}
{"kind":"matrix","fault":"refused","injected":"nothing listens","runtime":"Node","operation":"patchCustomer","ended":"ConnectionError","attempts":3,"outcome":"unknown","stored":0,"ok":true}
{"kind":"matrix","fault":"reset","injected":"drop=before;times=1","runtime":"Chromium","operation":"createCustomer","ended":"resolves","attempts":1,"stored":1,"ok":false}
"#;

    #[test]
    fn what_ended_alike_is_one_line_and_a_faults_lines_stand_together() {
        let found = Found::parse(REPORT.trim()).expect("JSON");
        let table = found.table();
        let lines: Vec<&str> = table.trim().lines().skip(4).collect();
        assert_eq!(
            lines,
            [
                "| reset | `drop=before;times=1` | create, list | resolves | 1 to 2 | – | once |",
                "| refused | nothing listens | patch | ConnectionError | 3 | unknown | not; repeated, once |",
            ]
        );
        assert!(
            table.contains("2 runtimes (Node, Chromium): 4 calls, 3 ended"),
            "{table}"
        );
        assert_eq!(found.red(), ["Chromium: reset: create"]);
    }

    #[test]
    fn a_duplicate_would_be_seen_in_the_table() {
        let line = r#"{"kind":"matrix","fault":"f","operation":"createCustomer","stored":2}"#;
        let table = Found::parse(line).expect("JSON").table();
        assert!(table.contains("MORE THAN ONCE"), "{table}");
        assert!(table.contains("not at all"), "{table}");
    }
}
