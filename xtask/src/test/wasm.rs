//! The client's wasm-bindgen tests, in Node and in three browsers' engines.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::counts;
use super::report::Report;
use crate::cargo::{CLIENT, WASM_TARGET, cargo};
use crate::reproduce::Elsewhere;
use crate::{process, project, shims, tools};

/// Every variable by which wasm-bindgen's runner finds a browser: one is set, none is inherited.
const DRIVER_VARIABLES: &[&str] = &[
    "CHROMEDRIVER",
    "GECKODRIVER",
    "MSEDGEDRIVER",
    "SAFARIDRIVER",
    "CHROMEDRIVER_REMOTE",
    "GECKODRIVER_REMOTE",
    "MSEDGEDRIVER_REMOTE",
    "SAFARIDRIVER_REMOTE",
    "NO_HEADLESS",
];

pub(super) fn node() -> Result<Report> {
    crate::npm::node()?;
    let mut tests = wasm_tests()?;
    // A test file may say where it belongs; those for browsers are run by the browsers' groups.
    tests.env("WASM_BINDGEN_TEST_ONLY_NODE", "1");
    Report::default().tests(&mut tests, counts::of_cargo)
}

pub(super) fn chromium() -> Result<Report> {
    let mut tests = wasm_tests()?;
    in_browser(&mut tests, "chromium", &chromium_options()?)?;
    tests.env("CHROMEDRIVER", tools::CHROMEDRIVER.path()?);
    Report::default().tests(&mut tests, counts::of_cargo)
}

pub(super) fn firefox() -> Result<Report> {
    let binary = tools::FIREFOX.path()?;
    let mut tests = wasm_tests()?;
    let options = json!({ "moz:firefoxOptions": { "binary": binary } });
    in_browser(&mut tests, "firefox", &options)?;
    tests.env("GECKODRIVER", tools::GECKODRIVER.path()?);
    Report::default().tests(&mut tests, counts::of_cargo)
}

pub(super) fn webkit() -> Result<Report> {
    let driver = tools::WEBKIT_DRIVER.path()?;
    tools::XAUTH.path()?;
    // WebKitGTK has no headless mode; it gets a virtual display.
    let mut tests = Command::new(tools::XVFB_RUN.path()?);
    let cargo = wasm_tests()?;
    tests
        .arg("--auto-servernum")
        .arg(cargo.get_program())
        .args(cargo.get_args())
        .current_dir(project::root());
    in_browser(&mut tests, "webkit", &json!({}))?;
    // The runner knows one driver for WebKit; WebKitWebDriver speaks the same protocol.
    tests
        .env("SAFARIDRIVER", driver)
        // WebKit's own sandbox needs user namespaces, which containers seldom allow.
        .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
    Report::default().tests(&mut tests, counts::of_cargo)
}

pub(super) fn wasm_pack() -> Result<Report> {
    let report = wasm_pack_builds()?;
    let mut tests = wasm_pack_command()?;
    tests
        .args(["test", "--headless", "--chrome", "--chromedriver"])
        .arg(tools::CHROMEDRIVER.path()?)
        .current_dir(project::root());
    in_browser(&mut tests, "chromium", &chromium_options()?)?;
    report.tests(&mut tests, counts::of_cargo)
}

fn wasm_pack_command() -> Result<Command> {
    let mut command = Command::new(tools::WASM_PACK.path()?);
    // It takes wasm-bindgen's tools from PATH if their version is the lock file's.
    command.env("PATH", process::path_with(&shims::folder()?)?);
    Ok(command)
}

/// The ways to build that users of wasm-pack know. Each would replace `pkg/package.json`.
const WASM_PACK_BUILDS: &[&[&str]] = &[
    &["build"],
    &["build", "--dev"],
    &["build", "--target", "nodejs"],
];

/// `wasm-pack build` fails and leaves `pkg/` unchanged. In a copy, so that a failure of this test costs
/// nothing.
fn wasm_pack_builds() -> Result<Report> {
    let copy = Elsewhere::new("built by wasm-pack")?;
    copy.copy_checkout()?;
    let pkg = copy.checkout().join("pkg");
    let before = contents(&pkg)?;
    let mut report = Report::default();
    for args in WASM_PACK_BUILDS {
        let mut build = wasm_pack_command()?;
        let finished = process::capture(build.args(*args).current_dir(copy.checkout()))?;
        let passed = !finished.ok && contents(&pkg)? == before;
        let line = format!(
            "`wasm-pack {}` stops before it writes to pkg/",
            args.join(" ")
        );
        report = report.verdict(passed, &line);
        if !passed {
            report.text.push_str(&finished.text);
        }
    }
    Ok(report)
}

/// The files of a folder with their contents, and its folders by name.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, Option<Vec<u8>>>> {
    let entries = fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))?;
    entries
        .map(|entry| {
            let path = entry?.path();
            let bytes = path.is_file().then(|| fs::read(&path)).transpose()?;
            Ok((path, bytes))
        })
        .collect()
}

/// The settings that a bare `wasm-pack test --headless --chrome` finds in the root, and where
/// Chromium is.
fn chromium_options() -> Result<Value> {
    let text = project::read(&project::path("webdriver.json"))?;
    let mut options: Value = serde_json::from_str(&text).context("webdriver.json is not JSON")?;
    options["goog:chromeOptions"]["binary"] = json!(tools::CHROMIUM.path()?);
    Ok(options)
}

/// `cargo test` of the client on wasm32.
fn wasm_tests() -> Result<Command> {
    let mut command = cargo([
        "test",
        "--package",
        CLIENT,
        "--tests",
        "--no-fail-fast",
        "--target",
        WASM_TARGET,
        "--config",
    ]);
    command.arg(runner_setting(&shims::test_runner()?)?);
    Ok(command)
}

/// As a list: cargo splits a plain string at its spaces, and the project's path may hold some.
fn runner_setting(runner: &Path) -> Result<String> {
    let runner = runner.to_str().context("the project's path is not UTF-8")?;
    Ok(format!("target.{WASM_TARGET}.runner=[{runner:?}]"))
}

/// Sends the tests to a browser that starts with these capabilities.
fn in_browser(tests: &mut Command, name: &str, capabilities: &Value) -> Result<()> {
    let file = project::cache("webdriver")?.join(format!("{name}.json"));
    project::write(&file, capabilities.to_string())?;
    for variable in DRIVER_VARIABLES {
        tests.env_remove(variable);
    }
    tests
        .env("WASM_BINDGEN_TEST_ONLY_WEB", "1")
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file)
        // A browser's first start on two busy cores takes longer than the runner's 5 s.
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "180");
    Ok(())
}
