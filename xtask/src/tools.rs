//! The tools that the project needs and their versions, all in this one place.
//!
//! Others are pinned elsewhere: npm's tools by the `package-lock.json` of each folder that has some,
//! Python's by a `requirements.txt`, Rust by `rust-toolchain.toml`. Debian pins what its release
//! holds.
//!
//! What nothing here installs, since without it `cargo xtask` does not start or the machine is none
//! of ours: rustup, Node with npm, and the C compiler by which Rust links and `SQLite` is compiled.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use crate::{process, project};

/// A program that Debian packages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AptTool {
    program: &'static str,
    pub(crate) package: &'static str,
}

pub(crate) const CHROMIUM: AptTool = apt("chromium", "chromium");
pub(crate) const CHROMEDRIVER: AptTool = apt("chromedriver", "chromium-driver");
pub(crate) const FIREFOX: AptTool = apt("firefox", "firefox-esr");
pub(crate) const WEBKIT_DRIVER: AptTool = apt("WebKitWebDriver", "webkit2gtk-driver");
pub(crate) const XVFB_RUN: AptTool = apt("xvfb-run", "xvfb");
/// `xvfb-run` calls it, and xvfb only recommends it.
pub(crate) const XAUTH: AptTool = apt("xauth", "xauth");
/// The newest that the release holds: openapi-generator runs on 11 and later.
pub(crate) const JAVA: AptTool = apt("java", "default-jre-headless");
pub(crate) const PYTHON: AptTool = apt("python3", "python3-venv");
pub(crate) const GIT: AptTool = apt("git", "git");

/// A program from crates.io.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CargoTool {
    pub(crate) name: &'static str,
    version: &'static str,
}

pub(crate) const GECKODRIVER: CargoTool = CargoTool {
    name: "geckodriver",
    version: "0.37.1",
};
/// In a minute of compiling (`cargo install --debug` on two cores): cheaper than rules of our own.
pub(crate) const CARGO_DENY: CargoTool = CargoTool {
    name: "cargo-deny",
    version: "0.20.2",
};
pub(crate) const WASM_PACK: CargoTool = CargoTool {
    name: "wasm-pack",
    version: "0.15.1",
};

const fn apt(program: &'static str, package: &'static str) -> AptTool {
    AptTool { program, package }
}

impl AptTool {
    /// Where the program is; installs its package if it is not on `PATH`.
    pub(crate) fn path(&self) -> Result<PathBuf> {
        if let Some(path) = process::find(self.program) {
            return Ok(path);
        }
        apt_install(&[self.package]).map_err(|error| {
            process::note(&format!("{error:#}"));
            anyhow!(
                "{} is missing and cannot be installed here: install Debian's package {} \
                 (`apt-get install {}`), or put {} on PATH",
                self.program,
                self.package,
                self.package,
                self.program
            )
        })?;
        process::find(self.program).with_context(|| {
            format!(
                "Debian's package {} is installed, yet {} is not on PATH: add its folder to PATH",
                self.package, self.program
            )
        })
    }

    pub(crate) fn is_missing(&self) -> bool {
        process::find(self.program).is_none()
    }
}

/// Installs Debian packages, as root and with `apt-get` only.
pub(crate) fn apt_install(packages: &[&str]) -> Result<()> {
    if process::find("apt-get").is_none() {
        bail!("there is no apt-get");
    }
    if process::output(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!("apt-get needs root");
    }
    let _lock = project::lock("apt")?;
    process::note(&format!(
        "installing from Debian: {} …",
        packages.join(", ")
    ));
    let apt_get = || {
        let mut command = Command::new("apt-get");
        command
            // A new machine may be busy with its own updates.
            .args(["-o", "DPkg::Lock::Timeout=600"])
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    let install = || {
        process::run_quietly(
            apt_get()
                .args(["install", "--yes", "--no-install-recommends"])
                .args(packages),
        )
    };
    // A machine's package lists may be missing or old: one look at what is there, then fresh ones.
    if install().is_err() {
        process::run_quietly(apt_get().arg("update"))?;
        install()?;
    }
    Ok(())
}

impl CargoTool {
    /// Where the program is; builds it into `.cache/cargo` unless this very version is there.
    pub(crate) fn path(&self) -> Result<PathBuf> {
        let Self { name, version } = self;
        let root = project::cache("cargo")?;
        let program = root.join("bin").join(name);
        if !self.is_missing()? {
            return Ok(program);
        }
        // Their builds share a folder.
        let _lock = project::lock("cargo")?;
        if !self.is_missing()? {
            return Ok(program);
        }
        process::note(&format!(
            "installing {name} {version} from crates.io (compiles for a minute or two) …"
        ));
        self.install(&root).map_err(|error| {
            process::note(&format!("{error:#}"));
            anyhow!(
                "{name} {version} could not be installed: check that crates.io is reachable, and \
                 that `cargo install {name}@{version}` works"
            )
        })?;
        project::write(&self.marker(&root), "")?;
        Ok(program)
    }

    pub(crate) fn is_missing(&self) -> Result<bool> {
        let root = project::cache("cargo")?;
        let program = root.join("bin").join(self.name);
        Ok(!program.exists() || !self.marker(&root).exists())
    }

    /// The file that says which version is there.
    fn marker(&self, root: &Path) -> PathBuf {
        root.join(self.label().replace(' ', "-"))
    }

    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    fn install(&self, root: &Path) -> Result<()> {
        let crate_name = format!("{}@{}", self.name, self.version);
        process::run_quietly(
            Command::new("cargo")
                // Unoptimised: these tools wait for others all day, and compile twice as fast.
                .args(["install", "--debug", "--locked", "--force", "--root"])
                .arg(root)
                .arg(crate_name)
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .env("CARGO_TARGET_DIR", root.join("target")),
        )
    }
}
