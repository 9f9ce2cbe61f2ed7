//! The tools that the project needs and their versions, all in this one place.
//!
//! Two kinds are pinned by the lock files of their own package managers instead: the npm tools
//! (`tests/package.json`) and Python's (`tests/schemathesis/requirements.txt`). Rust is
//! pinned by `rust-toolchain.toml`. Debian pins what its release holds.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, project};

/// A program that Debian packages.
pub(crate) struct AptTool {
    program: &'static str,
    package: &'static str,
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

/// A program from crates.io.
pub(crate) struct CargoTool {
    name: &'static str,
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
        apt_install(self.package).with_context(|| {
            format!(
                "{} is missing and cannot be installed here: install Debian's package {} \
                 (`apt-get install {}`), or put {} on PATH",
                self.program, self.package, self.package, self.program
            )
        })?;
        process::find(self.program).with_context(|| {
            format!(
                "Debian's package {} is installed, yet {} is not on PATH: add its folder to PATH",
                self.package, self.program
            )
        })
    }
}

/// Installs a Debian package, as root and with `apt-get` only.
pub(crate) fn apt_install(package: &str) -> Result<()> {
    if process::find("apt-get").is_none() {
        bail!("there is no apt-get");
    }
    if process::output(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!("apt-get needs root");
    }
    eprintln!("installing Debian's package {package} …");
    let install = || {
        process::run_quietly(
            Command::new("apt-get")
                .args(["install", "--yes", "--no-install-recommends", package])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    // A machine's package lists may be missing or old: one look at what is there, then fresh ones.
    if install().is_err() {
        process::run_quietly(Command::new("apt-get").arg("update"))?;
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
        let marker = root.join(format!("{name}-{version}"));
        if program.exists() && marker.exists() {
            return Ok(program);
        }
        eprintln!("installing {name} {version} from crates.io (compiles for a minute or two) …");
        self.install(&root).with_context(|| {
            format!("{name} {version} could not be installed: check that crates.io is reachable")
        })?;
        project::write(&marker, "")?;
        Ok(program)
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
