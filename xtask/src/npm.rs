//! Node, npm, and the pinned npm tools of `tests/package.json`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use crate::once::Once;
use crate::{process, project};

/// The folder of the tools that the build and most tests use.
pub(crate) const TOOLS: &str = "tests";

/// The file that pins a folder's tools, and the copy of it that says which are installed.
const LOCK: &str = "package-lock.json";
const INSTALLED: &str = ".installed-lock.json";

/// The oldest Node that the package supports, hence the oldest that can test it.
const OLDEST_NODE: u32 = 20;

/// What is missing where Node is.
const WANTED: &str = "install Node.js 20 or newer, and put `node` and `npm` on PATH";

/// `node`, after a look at its version.
pub(crate) fn node() -> Result<Command> {
    static NODE: Once<PathBuf> = Once::new();
    NODE.get(find_node).map(Command::new)
}

fn find_node() -> Result<PathBuf> {
    let path = process::find("node").with_context(|| format!("node is missing: {WANTED}"))?;
    let version = process::output(Command::new(&path).arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next();
    match major.and_then(|major| major.parse::<u32>().ok()) {
        Some(major) if major >= OLDEST_NODE => Ok(path),
        _ => bail!("node {} is too old: {WANTED}", version.trim()),
    }
}

/// `npm ARGS…` in `dir`.
pub(crate) fn npm(dir: &Path, args: &[&str]) -> Result<Command> {
    // What npm starts is Node, and Debian has one without the other.
    node()?;
    let npm = process::find("npm").with_context(|| format!("npm is missing: {WANTED}"))?;
    let mut command = Command::new(npm);
    command
        .args(args)
        .args(["--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(dir);
    Ok(command)
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
    install(TOOLS)
}

/// Installs what the lock file of `folder` pins, unless that is there already; returns its
/// `node_modules`.
pub(crate) fn install(folder: &str) -> Result<PathBuf> {
    let dir = project::path(folder);
    let modules = dir.join("node_modules");
    if !is_missing(folder)? {
        return Ok(modules);
    }
    let _lock = project::lock(&format!("npm-{}", folder.replace('/', "-")))?;
    if !is_missing(folder)? {
        return Ok(modules);
    }
    process::note(&format!(
        "installing the npm tools of {folder}/package.json …"
    ));
    // No install scripts: none of the tools needs its own.
    process::run_quietly(&mut npm(&dir, &["ci", "--ignore-scripts"])?).map_err(|error| {
        process::note(&format!("{error:#}"));
        anyhow!(
            "the npm tools of {folder} could not be installed: check that npm reaches its registry"
        )
    })?;
    std::fs::copy(dir.join(LOCK), modules.join(INSTALLED)).context("noting what is installed")?;
    Ok(modules)
}

/// Whether the tools of `folder` are other than its lock file says.
pub(crate) fn is_missing(folder: &str) -> Result<bool> {
    let dir = project::path(folder);
    let wanted = project::read(&dir.join(LOCK))?;
    let installed = dir.join("node_modules").join(INSTALLED);
    Ok(std::fs::read_to_string(installed).ok() != Some(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// Where npm has to do with something: the folders below `folder` that hold the file `name`.
    /// Those of other tools, and what they made, are left out.
    fn folders_with(name: &str, folder: &Path, found: &mut Vec<PathBuf>) {
        if folder.join(name).is_file() {
            found.push(folder.to_path_buf());
        }
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let file_name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_made = ["node_modules", "target"].contains(&&*file_name);
            if path.is_dir() && !is_made && !file_name.starts_with('.') {
                folders_with(name, &path, found);
            }
        }
    }

    fn json(path: &Path) -> Value {
        serde_json::from_str(&project::read(path).expect("a file")).expect("JSON")
    }

    #[test]
    fn every_npm_tool_is_pinned_by_its_checksum() {
        let mut folders = Vec::new();
        folders_with(LOCK, &project::root(), &mut folders);
        assert!(folders.contains(&project::path(TOOLS)));
        for folder in folders {
            let folder = folder.display();
            let lock = json(Path::new(&format!("{folder}/{LOCK}")));
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

    #[test]
    fn every_manifest_that_asks_for_tools_has_a_lock_file_but_the_example_s() {
        let mut folders = Vec::new();
        folders_with("package.json", &project::root(), &mut folders);
        // Users copy it, and their own lock file pins what they get.
        let example = project::path("examples");
        for folder in folders {
            let manifest = json(&folder.join("package.json"));
            let asks = ["dependencies", "devDependencies"]
                .iter()
                .any(|kind| manifest[*kind].is_object());
            let is_pinned = folder.join(LOCK).is_file();
            assert!(
                !asks || is_pinned || folder.starts_with(&example),
                "{}",
                folder.display()
            );
        }
    }
}
