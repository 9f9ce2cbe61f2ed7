//! What other languages' tools check: the package from outside, the sandbox over HTTP.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::counts;
use super::report::Report;
use crate::sandbox::Sandbox;
use crate::{bench, cargo, faults, matrix, npm, package, process, project, python, site};

/// The client's own JavaScript by itself, with the tables that Rust hands to it; and the built package
/// with a stub of `fetch`.
pub(super) fn js() -> Result<Report> {
    crate::build::build()?;
    let tables = project::cache("js")?.join("tables.json");
    let text = process::output(&mut Command::new(cargo::build_example("tables")?))?;
    project::write(&tables, text)?;
    let mut tests = npm::tests("tests/js")?;
    Report::default().tests(tests.env("TABLES", tables), counts::of_node)
}

pub(super) fn package() -> Result<Report> {
    let consumer = package::consumer("package")?;
    node_tests("tests/package", &consumer)
}

pub(super) fn cli() -> Result<Report> {
    let consumer = package::consumer("cli")?;
    npm::install("tests/runtimes/tools")?;
    node_tests("tests/cli", &consumer)
}

/// The sandbox in process.
pub(super) fn testing() -> Result<Report> {
    let consumer = package::consumer("testing")?;
    for tools in ["tests/testing", "tests/runtimes/tools"] {
        npm::install(tools)?;
    }
    node_tests("tests/testing", &consumer)
}

pub(super) fn simulation() -> Result<Report> {
    let consumer = package::consumer("simulation")?;
    node_tests("tests/simulation", &consumer)
}

pub(super) fn contract() -> Result<Report> {
    let consumer = package::consumer("contract")?;
    node_tests("tests/contract", &consumer)
}

pub(super) fn console() -> Result<Report> {
    let consumer = package::consumer("console")?;
    let mut tests = tests_with_console("tests/console", &consumer)?;
    Report::default().tests(matrix::set_browsers(&mut tests)?, counts::of_node)
}

/// `examples/worker-proxy`, with the tools that other groups have pinned already.
pub(super) fn proxy() -> Result<Report> {
    let consumer = package::consumer("proxy")?;
    for tools in ["tests/bundlers", "tests/packaging", "tests/runtimes/tools"] {
        npm::install(tools)?;
    }
    let mut tests = tests_with_console("tests/proxy", &consumer)?;
    Report::default().tests(&mut tests, counts::of_node)
}

/// `examples/bulk-worker`, with the same tools.
pub(super) fn bulk_worker() -> Result<Report> {
    let consumer = package::consumer("bulk-worker")?;
    for tools in ["tests/bundlers", "tests/packaging", "tests/runtimes/tools"] {
        npm::install(tools)?;
    }
    node_tests("tests/bulk-worker", &consumer)
}

/// A new user's projects, with the tools that other groups have pinned already.
pub(super) fn first_hour() -> Result<Report> {
    let consumer = package::consumer("first-hour")?;
    for tools in [
        "tests/bundlers",
        "tests/packaging",
        "tests/runtimes/tools",
        "tests/first-hour",
    ] {
        npm::install(tools)?;
    }
    let mut tests = tests_with_console("tests/first-hour", &consumer)?;
    Report::default().tests(&mut tests, counts::of_node)
}

/// `examples/`, but for those that have a group to themselves.
pub(super) fn examples() -> Result<Report> {
    let consumer = package::consumer("examples")?;
    for tools in ["tests/examples", "tests/runtimes/tools"] {
        npm::install(tools)?;
    }
    node_tests("tests/examples", &consumer)
}

/// The tests of a folder. They start `cargo xtask console`, which serves as `cargo xtask demo` does.
fn tests_with_console(folder: &str, consumer: &Path) -> Result<Command> {
    let mut tests = matrix::node_tests(folder, consumer)?;
    tests.env(
        "XTASK",
        std::env::current_exe().context("finding this program")?,
    );
    Ok(tests)
}

/// JavaScript whose comments hold its types.
pub(super) fn scripts() -> Result<Report> {
    // The console and the command line use the package's types, and the latter those of Node.
    crate::build::build()?;
    npm::install("tests/packaging")?;
    let mut report = Report::default();
    // esbuild would read a `cli/tsconfig.json` and bundle by its paths.
    for folder in ["src/js", "www", "tests/cli"] {
        let mut types = npm::tool("tsc")?;
        report = report.check(types.arg("--project").arg(project::path(folder)))?;
    }
    Ok(report)
}

/// The documents for people: each link leads somewhere, and the site is made without a warning.
pub(super) fn docs() -> Result<Report> {
    crate::build::build()?;
    let mut report = Report::default().check(&mut site::check_links()?)?;
    for mut step in site::steps()? {
        report = report.check(&mut step)?;
    }
    Ok(report)
}

pub(super) fn runtimes() -> Result<Report> {
    Report::default().tests(&mut matrix::runtimes()?, counts::of_node)
}

pub(super) fn faults() -> Result<Report> {
    Report::default().tests(&mut faults::tests()?, counts::of_node)
}

pub(super) fn bundlers() -> Result<Report> {
    Report::default().tests(&mut matrix::bundlers()?, counts::of_node)
}

pub(super) fn bench() -> Result<Report> {
    Report::default().tests(&mut bench::tests()?, counts::of_node)
}

pub(super) fn packaging() -> Result<Report> {
    let consumer = package::consumer("packaging")?;
    for tools in ["tests/packaging", "tests/runtimes/tools"] {
        npm::install(tools)?;
    }
    node_tests("tests/packaging", &consumer)
}

pub(super) fn types() -> Result<Report> {
    let consumer = package::consumer("types")?;
    npm::install("tests/packaging")?;
    node_tests("tests/packaging/types", &consumer)
}

pub(super) fn security() -> Result<Report> {
    let consumer = package::consumer("security")?;
    npm::install("tests/security")?;
    node_tests("tests/security", &consumer)
}

pub(super) fn security_runtimes() -> Result<Report> {
    let consumer = package::consumer("security-runtimes")?;
    let mut tests = matrix::everywhere("tests/security/runtimes", &consumer)?;
    Report::default().tests(&mut tests, counts::of_node)
}

fn node_tests(folder: &str, consumer: &Path) -> Result<Report> {
    Report::default().tests(&mut matrix::node_tests(folder, consumer)?, counts::of_node)
}

pub(super) fn schemathesis() -> Result<Report> {
    let environment = python::SCHEMATHESIS.path()?;
    let data = project::fresh_cache("schemathesis")?;
    let sandbox = Sandbox::start(&[], &data.join("sandbox.log"))?;
    let mut check = Command::new(environment.join("bin/schemathesis"));
    check
        .args(["run", "../../contract/customers.openapi.yaml"])
        // Where its settings are, and what they name.
        .current_dir(project::path("tests/schemathesis"))
        .env("SANDBOX_URL", &sandbox.base_url)
        .env("SANDBOX_TOKEN", &sandbox.token)
        .env("NO_COLOR", "1");
    Report::default().tests(&mut check, counts::of_schemathesis)
}

pub(super) fn demo() -> Result<Report> {
    // As one types it, in a separate process: what the demo starts ends with it.
    Report::default().check(&mut cargo::cargo(["xtask", "demo", "--once"]))
}
