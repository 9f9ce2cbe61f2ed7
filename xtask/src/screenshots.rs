//! `cargo xtask screenshots`: the console's main views as images in `docs/console/`.

use anyhow::{Context, Result, bail};

use crate::{matrix, npm, package, process, project};

pub(crate) fn command(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!("`cargo xtask screenshots` takes no arguments");
    }
    let consumer = package::consumer("screenshots")?;
    npm::tools()?;
    let mut script = npm::node()?;
    script
        .arg(project::path("tests/console/screenshots.mjs"))
        .arg(project::path("docs/console"))
        .env(
            "XTASK",
            std::env::current_exe().context("finding this program")?,
        );
    process::run(matrix::set_environment(&mut script, &consumer)?)
}
