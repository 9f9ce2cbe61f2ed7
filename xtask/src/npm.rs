//! Node, npm, and the pinned npm tools of `tests/package.json`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, project};

/// The oldest Node that the package supports, hence the oldest that can test it.
const OLDEST_NODE: u32 = 20;

/// `node`, after a look at its version.
pub(crate) fn node() -> Result<Command> {
    let wanted = "install Node.js 20 or newer, and put `node` and `npm` on PATH";
    let path = process::find("node").with_context(|| format!("node is missing: {wanted}"))?;
    let version = process::output(Command::new(&path).arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next();
    match major.and_then(|major| major.parse::<u32>().ok()) {
        Some(major) if major >= OLDEST_NODE => Ok(Command::new(path)),
        _ => bail!("node {} is too old: {wanted}", version.trim()),
    }
}

/// `npm ARGS…` in `dir`.
pub(crate) fn npm(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command
        .args(args)
        .args(["--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(dir);
    command
}

/// The program `name` of the pinned tools, as a command that Node runs.
pub(crate) fn tool(name: &str) -> Result<Command> {
    let bin = tools()?.join(".bin").join(name);
    if !bin.exists() {
        bail!("tests/package.json has no tool called {name}");
    }
    let mut command = node()?;
    command.arg(bin);
    Ok(command)
}

/// The `*.test.mjs` files of a folder under `node --test`, with the pinned tools at hand.
pub(crate) fn tests(folder: &str) -> Result<Command> {
    let files = project::files_in(folder, &[".test.mjs"])?;
    if files.is_empty() {
        bail!("{folder} holds no *.test.mjs");
    }
    tools()?;
    let mut tests = node()?;
    tests
        .args(["--test", "--test-reporter=spec"])
        .args(files)
        .current_dir(project::root());
    Ok(tests)
}

/// The folder of the pinned tools, installed if its lock file has changed since.
pub(crate) fn tools() -> Result<PathBuf> {
    install("tests")
}

/// Installs what the lock file of `folder` pins, unless that is there already; returns its
/// `node_modules`.
pub(crate) fn install(folder: &str) -> Result<PathBuf> {
    let dir = project::path(folder);
    let lock = project::read(&dir.join("package-lock.json"))?;
    let modules = dir.join("node_modules");
    let installed = modules.join(".installed-lock.json");
    if std::fs::read_to_string(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(modules);
    }
    eprintln!("installing the npm tools of {folder}/package.json …");
    // No install scripts: none of the tools needs its own.
    process::run_quietly(&mut npm(&dir, &["ci", "--ignore-scripts"])).with_context(|| {
        format!(
            "the npm tools of {folder} could not be installed: check that npm reaches its registry"
        )
    })?;
    project::write(&installed, lock)?;
    Ok(modules)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// The folders with npm tools of their own.
    const FOLDERS: &[&str] = &[
        "tests",
        "tests/bundlers",
        "tests/packaging",
        "tests/security",
        "tests/runtimes/tools",
    ];

    #[test]
    fn every_npm_tool_is_pinned_by_its_checksum() {
        for folder in FOLDERS {
            let lock = project::path(folder).join("package-lock.json");
            let lock: Value =
                serde_json::from_str(&project::read(&lock).expect("a lock")).expect("JSON");
            let packages = lock["packages"].as_object().expect("packages");
            // The first is the folder itself.
            let tools: Vec<_> = packages
                .iter()
                .filter(|(path, _)| !path.is_empty())
                .collect();
            assert!(!tools.is_empty(), "{folder}");
            for (path, tool) in tools {
                let pinned = tool["integrity"]
                    .as_str()
                    .is_some_and(|sum| sum.starts_with("sha"));
                let bundled = tool["inBundle"] == true;
                assert!(pinned || bundled, "{folder}: {path}");
            }
        }
    }
}
