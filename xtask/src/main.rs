//! The project's own commands. `cargo xtask` alone lists them.
//!
//! One file per command (`build`, `sandbox`, `demo`, `console`, `test`, `matrix`, `faults`, `size`,
//! `bench`, `load`, `scale`, `screenshots`, `simulate`, `site`), and one per thing they share: the
//! [`project`]'s folders, the [`toolchain`], the pinned [`tools`], the [`package`] as installed.

mod bench;
mod build;
mod cargo;
mod console;
mod declarations;
mod demo;
mod faults;
mod frameworks;
mod load;
mod matrix;
mod npm;
mod once;
mod package;
mod process;
mod project;
mod python;
mod reproduce;
mod sandbox;
mod sbom;
mod scale;
mod screenshots;
mod shims;
mod simulate;
mod site;
mod size;
mod test;
mod text;
mod third_party;
mod toolchain;
mod tools;
mod wake;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

struct Command {
    name: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "build",
        about: "the wasm module, its glue and types into pkg/dist, ready to pack",
        run: build::command,
    },
    Command {
        name: "sandbox",
        about: "the local Synctera; arguments go to it (try: cargo xtask sandbox --help)",
        run: sandbox::command,
    },
    Command {
        name: "demo",
        about: "the five operations against the sandbox, then the console; --once ends there",
        run: demo::command,
    },
    Command {
        name: "console",
        about: "the console for a server that runs: SYNCTERA_BASE_URL, SYNCTERA_TOKEN; --port",
        run: console::command,
    },
    Command {
        name: "site",
        about: "the documents and the TypeScript reference as a site, with a search",
        run: site::command,
    },
    Command {
        name: "screenshots",
        about: "the console's main views as images; writes docs/console/",
        run: screenshots::command,
    },
    Command {
        name: "test",
        about: "every test, or the groups named; --list shows the groups",
        run: test::command,
    },
    Command {
        name: "matrix",
        about: "every runtime and bundler, or the rows named; writes the table in docs/compatibility.md; `frameworks` for theirs",
        run: matrix::command,
    },
    Command {
        name: "faults",
        about: "every fault on every operation; --soak adds the large runs; writes docs/reliability.md",
        run: faults::command,
    },
    Command {
        name: "size",
        about: "what a user downloads and a call executes, against budgets; --functions lists functions",
        run: size::command,
    },
    Command {
        name: "bench",
        about: "time, memory and bytes next to raw fetch and peers, or the parts named; writes docs/performance.md",
        run: bench::command,
    },
    Command {
        name: "load",
        about: "what the sandbox serves next to what one client in Node can ask; writes sandbox/README.md",
        run: load::command,
    },
    Command {
        name: "scale",
        about: "an import that is killed again and again: --rows, --kills, --seed; --model simulates; writes docs/scale.md",
        run: scale::command,
    },
    Command {
        name: "simulate",
        about: "clients and sandbox on one virtual clock, by schedules from --seeds N, --from SEED",
        run: simulate::command,
    },
];

fn main() -> ExitCode {
    // wasm-pack and cargo look for wasm-bindgen's tools by name: under such a name, be that tool.
    let result = shims::run_if_called_by_name().unwrap_or_else(|| dispatch(env::args().skip(1)));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(mut args: impl Iterator<Item = String>) -> Result<()> {
    let Some(name) = args.next() else {
        list();
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        list();
        return Ok(());
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        bail!("there is no command `{name}`; `cargo xtask` lists them");
    };
    let args: Vec<String> = args.collect();
    (command.run)(&args)
}

fn list() {
    println!("cargo xtask COMMAND [ARGUMENT…]\n");
    for Command { name, about, .. } in COMMANDS {
        println!("  {name:<8}  {about}");
    }
}
