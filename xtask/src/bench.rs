//! `cargo xtask bench`: what the client costs, next to raw fetch and other clients.
//!
//! The measurements are programs in `benches/`; here they get what they need: the packed and
//! installed package, the pinned peers, the generators' programs, the sandbox. They write
//! `docs/performance.md` themselves.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::{build, matrix, npm, package, process, project, python, sandbox, size, tools};

/// Where the peers are pinned, and what measures them.
const FOLDER: &str = "benches";

pub(crate) fn command(args: &[String]) -> Result<()> {
    npm::tools()?;
    let mut run = npm::node()?;
    run.arg(project::path(FOLDER).join("run.mjs"))
        .args(args)
        .current_dir(project::root())
        .env("CONSUMER", package::consumer("bench")?)
        .env("SANDBOX", sandbox::release_binary()?)
        .env("CHROMIUM", tools::CHROMIUM.path()?)
        .env("CHROMEDRIVER", tools::CHROMEDRIVER.path()?);
    process::run(provide(&mut run)?)
}

/// The tests of the measurements, ready to run.
pub(crate) fn tests() -> Result<Command> {
    let consumer = package::consumer("bench-tests")?;
    let mut tests = matrix::node_tests(FOLDER, &consumer)?;
    provide(&mut tests)?;
    Ok(tests)
}

/// Installs the peers and the runtimes, and passes the program where the rest is.
fn provide(command: &mut Command) -> Result<&mut Command> {
    npm::install(FOLDER)?;
    npm::install("tests/runtimes/tools")?;
    if let Some(generator) = openapi_generator() {
        command.env("OPENAPI_GENERATOR", generator);
    }
    let results = project::cache("bench-results")?;
    let (module, glue) = build::floor()?;
    Ok(command
        .env("CORE_SOURCES", build::core_sources()?)
        .env(
            "CODE_BY_CRATE",
            serde_json::to_string(&size::code_by_crate()?)?,
        )
        .env("FLOOR_WASM", module)
        .env("FLOOR_GLUE", glue)
        .env("CLIENTS_CACHE", project::cache("bench-clients")?)
        .env("SANDBOX_LOG", results.join("sandbox.log"))
        .env("RESULTS_CACHE", results)
        .env("PACKAGE_VERSION", project::version()))
}

/// openapi-generator's program, which Python's registry has; it needs a Java. Without one the others are measured.
fn openapi_generator() -> Option<PathBuf> {
    let program = tools::JAVA
        .path()
        .and_then(|_| Ok(python::BENCH.path()?.join("bin/openapi-generator-cli")));
    program
        .inspect_err(|error| process::note(&format!("openapi-generator is left out: {error:#}")))
        .ok()
}
