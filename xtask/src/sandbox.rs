//! `cargo xtask sandbox`: the local Synctera.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::once::Once;
use crate::{cargo, process, project};

pub(crate) fn command(args: &[String]) -> Result<()> {
    process::run(Command::new(binary()?).args(args))
}

/// Builds the sandbox, once in this process, and says where its program is.
pub(crate) fn binary() -> Result<PathBuf> {
    static BUILT: Once<PathBuf> = Once::new();
    BUILT.get(|| own(&cargo::build_program(cargo::SANDBOX)?))
}

/// A link of our own to the program. Cargo removes and remakes its own whenever it builds the sandbox
/// with other features, as for the workspace's tests, and another group may be starting it then.
fn own(program: &Path) -> Result<PathBuf> {
    let link = project::cache("sandbox")?.join(cargo::SANDBOX);
    let _lock = project::lock("sandbox")?;
    let new = link.with_extension("new");
    let _ = fs::remove_file(&new);
    // A hard link, since a symbolic one would lead to what is removed. Renaming it does nothing where
    // nothing has changed.
    fs::hard_link(program, &new)
        .or_else(|_| fs::copy(program, &new).map(drop))
        .and_then(|()| fs::rename(&new, &link))
        .with_context(|| format!("linking {}", program.display()))?;
    Ok(link)
}

/// The same, optimised: for measuring.
pub(crate) fn release_binary() -> Result<PathBuf> {
    cargo::build_optimised_program(cargo::SANDBOX)
}

/// A running sandbox, stopped when dropped.
pub(crate) struct Sandbox {
    child: Child,
    pub(crate) base_url: String,
    pub(crate) token: String,
}

impl Sandbox {
    /// Starts it on a free port and waits until it says where it is. What it says about each
    /// request goes into the file `log`.
    pub(crate) fn start(args: &[&str], log: &Path) -> Result<Self> {
        Self::start_program(&binary()?, args, log)
    }

    /// The same for a program that is built already.
    pub(crate) fn start_program(program: &Path, args: &[&str], log: &Path) -> Result<Self> {
        let log_file = File::create(log).with_context(|| format!("making {}", log.display()))?;
        let mut child = Command::new(program)
            .args(["--port", "0", "--exit-with-parent"])
            .args(args)
            // A new one each time, whatever the caller's environment has for another sandbox.
            .env_remove("SANDBOX_TOKEN")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log_file)
            .spawn()
            .context("starting the sandbox")?;
        let lines = child.stdout.take().context("the sandbox has no output")?;
        let mut lines = BufReader::new(lines).lines();
        let mut value = |label: &str| -> Result<String> {
            let Some(line) = lines.next() else {
                bail!("the sandbox ended at once: {}", project::read(log)?.trim());
            };
            let line = line.context("reading from the sandbox")?;
            let value = line.strip_prefix(label).map(str::trim);
            match value {
                Some(value) => Ok(value.to_owned()),
                None => bail!("the sandbox printed `{line}` where `{label} …` is wanted"),
            }
        };
        let base_url = value("Base URL:")?;
        let token = value("Token:")?;
        // It goes on printing, and a pipe that is not emptied would stop it at some point.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(Self {
            child,
            base_url,
            token,
        })
    }

    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
