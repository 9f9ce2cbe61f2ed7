//! `cargo xtask load`: what the sandbox serves, next to what one client in Node can ask.
//!
//! Both share this machine, so a rate says something only next to another one of the same minute:
//! each turn of a client is followed by one of the generator (`sandbox/benches/load.rs`), and what is
//! reported is the median of the rounds. The processor time that the sandbox takes for a request is
//! measured as well; it depends least on what else goes on.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::{cargo, npm, package, process, project, sandbox};

const DOCUMENT: &str = "sandbox/README.md";

const OPERATIONS: [&str; 3] = ["get", "list", "create"];
const CLIENTS: [&str; 2] = ["raw", "ours"];

/// Connections of the generator, which are calls in flight of a client.
const IN_FLIGHT: &str = "50";

/// Customers to begin with.
const CUSTOMERS: &str = "10000";

/// How thoroughly.
struct Course {
    rounds: usize,
    /// Of one turn.
    seconds: &'static str,
}

const WHOLE: Course = Course {
    rounds: 5,
    seconds: "3",
};
/// So short that the numbers say nothing.
const QUICK: Course = Course {
    rounds: 1,
    seconds: "0.3",
};

pub(crate) fn command(args: &[String]) -> Result<()> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let quick = match args.as_slice() {
        [] => false,
        ["--quick"] => true,
        _ => bail!("`cargo xtask load` takes --quick or nothing"),
    };
    let rows = measure(if quick { &QUICK } else { &WHOLE })?;
    let table = table(&rows);
    println!("{table}");
    let list: Vec<Value> = rows.iter().map(Row::json).collect();
    let file = project::cache("bench")?.join("sandbox.json");
    project::write(&file, serde_json::to_string_pretty(&list)? + "\n")?;
    if quick {
        return Ok(());
    }
    publish(&rows)?;
    project::write_between(DOCUMENT, "cargo xtask load", "the load", &table)
}

/// One operation by one client, and by the generator right after: medians of the rounds.
#[derive(Debug)]
struct Row {
    operation: &'static str,
    client: &'static str,
    client_rate: f64,
    server_rate: f64,
    ratio: f64,
    /// What a request of the generator took; none where the system does not say.
    server_micros: Option<f64>,
}

impl Row {
    fn of(operation: &'static str, client: &'static str, turns: &[(Turn, Turn)]) -> Self {
        let of = |value: fn(&(Turn, Turn)) -> f64| median(turns.iter().map(value).collect());
        let has_micros = turns.iter().all(|(_, server)| server.micros.is_some());
        Self {
            operation,
            client,
            client_rate: of(|(client, _)| client.rate),
            server_rate: of(|(_, server)| server.rate),
            ratio: of(|(client, server)| server.rate / client.rate),
            server_micros: has_micros.then(|| of(|(_, server)| server.micros.unwrap_or_default())),
        }
    }

    fn json(&self) -> Value {
        json!({
            "operation": self.operation,
            "client": self.client,
            "clientRate": self.client_rate.round(),
            "serverRate": self.server_rate.round(),
            "ratio": (self.ratio * 10.0).round() / 10.0,
            "serverCpuMicros": self.server_micros.map(|micros| (micros * 10.0).round() / 10.0),
        })
    }
}

/// What one turn came to.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// Requests per second.
    rate: f64,
    /// Processor time of the sandbox per request, in microseconds. A client's is too much, by what
    /// it asks before it counts.
    micros: Option<f64>,
}

fn measure(course: &Course) -> Result<Vec<Row>> {
    let consumer = package::consumer("load")?;
    let script = consumer.join("client.mjs");
    let source = project::path("sandbox/benches/client.mjs");
    std::fs::copy(source, &script).context("copying the client")?;
    let bench = Bench {
        script,
        generator: cargo::build_bench(cargo::SANDBOX, "load")?,
        sandbox: sandbox::release_binary()?,
        seconds: course.seconds,
    };
    let mut turns = vec![Vec::new(); OPERATIONS.len() * CLIENTS.len()];
    for round in 1..=course.rounds {
        eprintln!("round {round} of {} …", course.rounds);
        for (turns, pair) in turns.iter_mut().zip(bench.round()?) {
            turns.push(pair);
        }
    }
    let names = OPERATIONS
        .iter()
        .flat_map(|operation| CLIENTS.map(|client| (*operation, client)));
    Ok(names
        .zip(turns)
        .map(|((operation, client), turns)| Row::of(operation, client, &turns))
        .collect())
}

/// What asks and what answers.
struct Bench {
    script: PathBuf,
    generator: PathBuf,
    sandbox: PathBuf,
    seconds: &'static str,
}

impl Bench {
    /// Each operation by each client and by the generator, on a new database in a file.
    fn round(&self) -> Result<Vec<(Turn, Turn)>> {
        let data = project::fresh_cache("load-data")?;
        let database = data.join("sandbox.db");
        let database = database
            .to_str()
            .context("the project's path is not UTF-8")?;
        let args = ["--db", database, "--seed", CUSTOMERS];
        let sandbox = Sandbox::start_program(&self.sandbox, &args, &data.join("sandbox.log"))?;
        let mut pairs = Vec::new();
        for operation in OPERATIONS {
            for client in CLIENTS {
                pairs.push((
                    turn(&sandbox, &mut self.client(&sandbox, client, operation)?)?,
                    turn(&sandbox, &mut self.generator(&sandbox, operation))?,
                ));
            }
        }
        Ok(pairs)
    }

    fn client(&self, sandbox: &Sandbox, client: &str, operation: &str) -> Result<Command> {
        let mut command = npm::node()?;
        command
            .arg(&self.script)
            .args([client, operation, self.seconds, IN_FLIGHT])
            .env("SYNCTERA_BASE_URL", &sandbox.base_url)
            .env("SYNCTERA_TOKEN", &sandbox.token);
        Ok(command)
    }

    fn generator(&self, sandbox: &Sandbox, operation: &str) -> Command {
        let mut command = Command::new(&self.generator);
        command
            .arg(&sandbox.base_url)
            .args([operation, IN_FLIGHT, self.seconds])
            .env("SYNCTERA_TOKEN", &sandbox.token);
        command
    }
}

/// Lets `program` ask, which prints how many responses it got in how many seconds.
fn turn(sandbox: &Sandbox, program: &mut Command) -> Result<Turn> {
    let before = processor_micros(sandbox.id());
    let printed = process::output(program)?;
    let after = processor_micros(sandbox.id());
    let printed: Value = serde_json::from_str(&printed).context("a load printed no JSON")?;
    let number = |name: &str| printed[name].as_f64().filter(|number| *number > 0.0);
    let (Some(requests), Some(seconds)) = (number("requests"), number("seconds")) else {
        bail!("nothing was answered: {printed}");
    };
    Ok(Turn {
        rate: requests / seconds,
        micros: before
            .zip(after)
            .map(|(before, after)| (after - before) / requests),
    })
}

/// The processor time that a process has had, in microseconds; none where there is no such file.
fn processor_micros(process: u32) -> Option<f64> {
    let stat = project::read(Path::new(&format!("/proc/{process}/stat"))).ok()?;
    // The name, in parentheses, may hold spaces; two places after it is the fourth of 52 numbers.
    let numbers: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| numbers.get(at)?.parse::<f64>().ok();
    // Linux gives them in hundredths of a second to every program.
    Some((ticks(11)? + ticks(12)?) * 10_000.0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| operation | client in Node | it asks, per second | the sandbox serves, per second \
         | ratio | processor time per request |\n|---|---|--:|--:|--:|--:|\n",
    );
    for row in rows {
        let micros = row.server_micros.map_or_else(
            || String::from("not known"),
            |micros| format!("{micros:.0} µs"),
        );
        text.push_str(&format!(
            "| {} | {} | {:.0} | {:.0} | {:.1} | {micros} |\n",
            row.operation,
            name(row.client),
            row.client_rate,
            row.server_rate,
            row.ratio,
        ));
    }
    text
}

fn name(client: &str) -> &'static str {
    if client == "ours" {
        "this package"
    } else {
        "raw `fetch`"
    }
}

/// For the document on performance (`benches/sections/sandbox.mjs`): the pair whose ratio is the
/// smallest, and all of them in a table.
fn publish(rows: &[Row]) -> Result<()> {
    let least = rows
        .iter()
        .min_by(|a, b| a.ratio.total_cmp(&b.ratio))
        .context("nothing was measured")?;
    let how = format!(
        "By `cargo xtask load`: the sandbox with {CUSTOMERS} customers in a file, asked by one program \
         in Node with {IN_FLIGHT} calls in flight, and in turns by a generator in Rust with as many \
         connections. All share one machine, and each number is the median of {} rounds. The pair \
         whose ratio is the smallest is {} by {}.",
        WHOLE.rounds,
        least.operation,
        name(least.client),
    );
    let cells = |row: &Row| {
        json!([
            row.operation,
            name(row.client),
            format!("{:.0}", row.client_rate),
            format!("{:.0}", row.server_rate),
            format!("{:.1}", row.ratio),
        ])
    };
    let today = process::output(Command::new("date").arg("+%F"))?;
    let published = json!({
        "taken": today.trim(),
        "served": least.server_rate.round(),
        "asked": least.client_rate.round(),
        "how": how,
        "table": {
            "head": ["operation", "client", "asks, per second", "served, per second", "ratio"],
            "rows": rows.iter().map(cells).collect::<Vec<_>>(),
        },
    });
    let folder = project::path("docs/performance");
    project::make_dir(&folder)?;
    let text = serde_json::to_string_pretty(&published)? + "\n";
    project::write(&folder.join("sandbox.json"), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(rate: f64, micros: f64) -> Turn {
        Turn {
            rate,
            micros: Some(micros),
        }
    }

    #[test]
    fn a_row_has_the_medians_and_the_ratio_is_that_of_the_same_round() {
        let turns = [
            (turn(100.0, 9.0), turn(900.0, 30.0)),
            (turn(300.0, 9.0), turn(600.0, 10.0)),
            (turn(200.0, 9.0), turn(1000.0, 20.0)),
        ];
        let row = Row::of("get", "raw", &turns);
        assert_eq!((row.client_rate, row.server_rate), (200.0, 900.0));
        assert_eq!((row.ratio, row.server_micros), (5.0, Some(20.0)));
        assert!(table(&[row]).ends_with("| get | raw `fetch` | 200 | 900 | 5.0 | 20 µs |\n"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_processor_time_of_a_process_grows_as_it_works() {
        let me = std::process::id();
        let before = processor_micros(me).expect("a time");
        let start = std::time::Instant::now();
        while processor_micros(me).expect("a time") <= before {
            assert!(start.elapsed().as_secs() < 20, "no time passes");
        }
    }
}
