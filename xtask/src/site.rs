//! `cargo xtask site`: the documents and the TypeScript reference as a site, in `target/site`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::console::Console;
use crate::{build, npm, process, project};

/// The folder of the generators and their settings.
pub(crate) const TOOLS: &str = "docs/site";

/// Files and folders with documents. What is installed in them is not looked at.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "benches/README.md",
    "contract",
    "docs",
    "examples",
    "sandbox",
    "tests/README.md",
];

pub(crate) fn command(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!("`cargo xtask site` takes no argument");
    }
    build::build()?;
    let site = serve()?;
    println!("Documents:  {}/", site.url);
    site.wait()
}

/// Builds the site from the documents and from `pkg/`, which has to be built, and serves it on a
/// separate port, so that no page of it shares an origin with the console.
pub(crate) fn serve() -> Result<Console> {
    for mut step in steps()? {
        process::run_quietly(&mut step)?;
    }
    Console::start(&folder(), &[], 0)
}

/// What makes the site, in order; each step fails on what is wrong in a document.
pub(crate) fn steps() -> Result<[Command; 2]> {
    let mut pages = tool("vitepress")?;
    pages.args(["build", TOOLS]);
    let mut reference = tool("typedoc")?;
    reference.args(["--options", &format!("{TOOLS}/typedoc.json")]);
    Ok([pages, reference])
}

/// Follows the links between the repository's own files: to headings too, and to no other host.
pub(crate) fn check_links() -> Result<Command> {
    let mut links = tool("remark")?;
    links
        .args(["--frail", "--quiet", "--no-stdout"])
        .arg("--use")
        .arg(format!(
            "./{TOOLS}/node_modules/remark-validate-links/index.js=repository:false"
        ))
        .args(DOCUMENTS);
    Ok(links)
}

fn folder() -> PathBuf {
    project::path("target/site")
}

fn tool(name: &str) -> Result<Command> {
    let mut command = npm::node()?;
    command
        .arg(npm::install(TOOLS)?.join(".bin").join(name))
        .current_dir(project::root());
    Ok(command)
}
