//! Whether a second build gives the same bytes.
//!
//! The package is built a second time from nothing: in a copy of the checkout elsewhere, with
//! folders of other lengths for cargo's home and for what it builds, in another time zone. The same
//! compiler and the same npm tools, since both are pinned.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{self as this, Command};

use anyhow::{Context, Result};

use crate::{build, process, project, tools};

/// Of each file of `pkg/dist`, whether the second build made the same.
pub(crate) struct Comparison {
    pub(crate) file: String,
    pub(crate) same: bool,
}

/// Builds the package here, unless that is done, and elsewhere, and compares.
pub(crate) fn compare() -> Result<Vec<Comparison>> {
    let here = build::build()?;
    let elsewhere = Elsewhere::new("built a second time")?;
    elsewhere.copy_checkout()?;
    elsewhere.share_downloads()?;
    let there = elsewhere.build()?;
    let names: BTreeSet<String> = names(&here)?.into_iter().chain(names(&there)?).collect();
    Ok(names
        .into_iter()
        .map(|file| {
            let (ours, theirs) = (fs::read(here.join(&file)), fs::read(there.join(&file)));
            let same = ours.is_ok_and(|ours| theirs.is_ok_and(|theirs| ours == theirs));
            Comparison { file, same }
        })
        .collect())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    fs::read_dir(folder)
        .with_context(|| format!("listing {}", folder.display()))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

/// A folder outside of the project, removed when dropped. Its name has spaces, as a user's may.
pub(crate) struct Elsewhere(PathBuf);

impl Elsewhere {
    /// `purpose` is a part of the folder's name.
    pub(crate) fn new(purpose: &str) -> Result<Self> {
        let name = format!("synctera-customers, {purpose} {}", this::id());
        let folder = env::temp_dir().join(name);
        project::make_dir(&folder)?;
        Ok(Self(folder))
    }

    pub(crate) fn checkout(&self) -> PathBuf {
        self.0.join("a checkout")
    }

    fn cargo_home(&self) -> PathBuf {
        self.0.join("home of cargo")
    }

    /// All that git has or would have: none of what was built.
    pub(crate) fn copy_checkout(&self) -> Result<()> {
        let mut git = Command::new(tools::GIT.path()?);
        git.args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]);
        let listed = process::output(git.current_dir(project::root()))?;
        for file in listed.split_terminator('\0') {
            let (from, to) = (project::path(file), self.checkout().join(file));
            // Git goes on listing a file that was removed, until that is committed.
            if from.is_file() {
                project::make_dir(to.parent().context("a file has no folder")?)?;
                fs::copy(&from, &to).with_context(|| format!("copying {file}"))?;
            }
        }
        Ok(())
    }

    /// What came from registries and is pinned by a checksum need not be downloaded again. Cargo
    /// unpacks the crates anew, into its other home.
    fn share_downloads(&self) -> Result<()> {
        let modules = Path::new("tests/node_modules");
        link(
            &project::path("tests/node_modules"),
            &self.checkout().join(modules),
        )?;
        let home = env::home_dir().context("there is no home folder")?;
        let home = env::var_os("CARGO_HOME").map_or(home.join(".cargo"), PathBuf::from);
        for shared in ["config.toml", "registry/cache", "registry/index"] {
            let from = home.join(shared);
            if from.exists() {
                link(&from, &self.cargo_home().join(shared))?;
            }
        }
        Ok(())
    }

    /// Builds the package there and returns its `pkg/dist`.
    fn build(&self) -> Result<PathBuf> {
        let this = env::current_exe().context("finding this program")?;
        let mut build = Command::new(this);
        build
            .arg("build")
            // By it cargo passes this program where the project is.
            .env("CARGO_MANIFEST_DIR", self.checkout().join("xtask"))
            .env("CARGO_HOME", self.cargo_home())
            .env("CARGO_TARGET_DIR", self.0.join("what is built"))
            .env("TZ", "Pacific/Kiritimati")
            .current_dir(self.checkout());
        process::run_quietly(&mut build).context("building a second time")?;
        Ok(self.checkout().join("pkg/dist"))
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn link(from: &Path, to: &Path) -> Result<()> {
    project::make_dir(to.parent().context("a link has no folder")?)?;
    symlink(from, to).with_context(|| format!("linking {}", to.display()))
}
