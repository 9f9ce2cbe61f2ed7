//! `cargo xtask simulate`: clients and the sandbox on one virtual clock, by a schedule drawn from each seed.
//!
//! The plans and what must hold are in `tests/simulation`, which a test group runs with a fixed number of seeds.

use anyhow::{Result, bail};

use crate::{npm, package, process, project};

pub(crate) fn command(args: &[String]) -> Result<()> {
    let (mut seeds, mut from) = (1_000, 1);
    for pair in args.chunks(2) {
        let value: Option<u32> = pair.get(1).and_then(|value| value.parse().ok());
        match (pair[0].as_str(), value) {
            ("--seeds", Some(value)) => seeds = value,
            ("--from", Some(value)) => from = value,
            _ => bail!("`cargo xtask simulate` takes --seeds N and --from SEED"),
        }
    }
    let mut script = npm::node()?;
    script
        .arg(project::path("tests/simulation/main.mjs"))
        .env("CONSUMER", package::consumer("simulate")?)
        .env("FROM", from.to_string())
        .env("SEEDS", seeds.to_string());
    process::run(&mut script)
}
