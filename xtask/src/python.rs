//! Python's tools, in their own virtual environment.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use crate::{process, project, tools};

/// The file in an environment that says what is in it.
const INSTALLED: &str = "installed-requirements.txt";

/// Python packages, in a separate environment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Environment {
    pub(crate) name: &'static str,
    /// The file that pins them.
    pub(crate) requirements: &'static str,
}

pub(crate) const SCHEMATHESIS: Environment = Environment {
    name: "schemathesis",
    requirements: "tests/schemathesis/requirements.txt",
};
/// openapi-generator, which Python's registry has.
pub(crate) const BENCH: Environment = Environment {
    name: "bench",
    requirements: "benches/requirements.txt",
};

impl Environment {
    /// The folder with what is pinned, made anew if that has changed since.
    pub(crate) fn path(&self) -> Result<PathBuf> {
        let Self { name, requirements } = self;
        let dir = project::cache("python")?.join(name);
        if !self.is_missing()? {
            return Ok(dir);
        }
        process::note(&format!(
            "installing the Python packages of {requirements} …"
        ));
        create(&dir)?;
        let file = project::path(requirements);
        process::run_quietly(
            Command::new(dir.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet"])
                .args(["--disable-pip-version-check", "-r"])
                .arg(&file),
        )
        .map_err(|error| {
            process::note(&format!("{error:#}"));
            anyhow!(
                "the packages of {requirements} could not be installed: check that pip reaches \
                 PyPI, and that python3 is 3.10 or newer"
            )
        })?;
        std::fs::copy(&file, dir.join(INSTALLED)).context("noting what is installed")?;
        Ok(dir)
    }

    pub(crate) fn is_missing(&self) -> Result<bool> {
        let wanted = project::read(&project::path(self.requirements))?;
        let installed = project::cache("python")?.join(self.name).join(INSTALLED);
        Ok(std::fs::read_to_string(installed).ok() != Some(wanted))
    }
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
    if let Err(error) = tools::apt_install(&["python3-venv"]).and_then(|()| venv()) {
        process::note(&format!("{error:#}"));
        bail!(
            "python3 cannot make a virtual environment: install its venv module (Debian's package \
             python3-venv)"
        );
    }
    Ok(())
}
