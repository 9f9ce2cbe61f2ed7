//! Python's tools, in a virtual environment of their own.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, project, tools};

/// The environment with what `requirements` pins, made anew if that has changed since.
pub(crate) fn environment(name: &str, requirements: &str) -> Result<PathBuf> {
    let wanted = project::read(&project::path(requirements))?;
    let dir = project::cache("python")?.join(name);
    let installed = dir.join("installed-requirements.txt");
    if std::fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(dir);
    }
    eprintln!("installing the Python packages of {requirements} …");
    create(&dir)?;
    process::run_quietly(
        Command::new(dir.join("bin/python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
            ])
            .arg(project::path(requirements)),
    )
    .with_context(|| {
        format!(
            "the packages of {requirements} could not be installed: check that pip reaches PyPI"
        )
    })?;
    project::write(&installed, wanted)?;
    Ok(dir)
}

fn create(dir: &PathBuf) -> Result<()> {
    let python = tools::PYTHON.path()?;
    let venv = || {
        process::run_quietly(
            Command::new(&python)
                .args(["-m", "venv", "--clear"])
                .arg(dir),
        )
    };
    if venv().is_ok() {
        return Ok(());
    }
    // Debian ships python3 without its venv module.
    if let Err(error) = tools::apt_install("python3-venv").and_then(|()| venv()) {
        bail!("python3 cannot make a virtual environment: install its venv module ({error:#})");
    }
    Ok(())
}
