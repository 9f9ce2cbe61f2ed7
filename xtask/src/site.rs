//! `cargo xtask site`: the documents and the references of TypeScript and Rust as a site. Its pages are in
//! `target/site`; those of rustdoc, in `target/doc`, are served below `/rust`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::cargo::{CLIENT, cargo};
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
    Console::start(&folder(), &[("/rust", &project::path("target/doc"))], 0)
}

/// What makes the site, in order; each step fails on what is wrong in a document.
pub(crate) fn steps() -> Result<[Command; 3]> {
    let mut pages = tool("vitepress")?;
    pages.args(["build", TOOLS]);
    let mut reference = tool("typedoc")?;
    reference.args(["--options", &format!("{TOOLS}/typedoc.json")]);
    let mut rust = cargo(["doc", "--no-deps", "--package", CLIENT]);
    rust.env("RUSTDOCFLAGS", "-D warnings");
    Ok([pages, reference, rust])
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
