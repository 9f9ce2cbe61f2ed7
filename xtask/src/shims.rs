//! wasm-bindgen's command-line tools, which this program also is.
//!
//! Built from the library of `wasm-bindgen-cli`, so that there is nothing to install and their
//! version is the crate's. Cargo's test runner and wasm-pack find them by name: links with these
//! names lead here, and [`run_if_called_by_name`] does what the name says.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};
use wasm_bindgen_cli::{wasm_bindgen, wasm_bindgen_test_runner};

use crate::{project, wake};

const WASM_BINDGEN: &str = "wasm-bindgen";
const TEST_RUNNER: &str = "wasm-bindgen-test-runner";

/// Acts as the tool whose name this program was called by, if it was.
pub(crate) fn run_if_called_by_name() -> Option<Result<()>> {
    let args: Vec<OsString> = env::args_os().collect();
    match Path::new(args.first()?).file_stem()?.to_str()? {
        WASM_BINDGEN => Some(wasm_bindgen::run_cli_with_args(args)),
        TEST_RUNNER => {
            wake::own_server();
            Some(wasm_bindgen_test_runner::run_cli_with_args(args))
        }
        _ => None,
    }
}

/// Runs `wasm-bindgen` with these arguments, in this process.
pub(crate) fn run_wasm_bindgen(args: &[&str]) -> Result<()> {
    let args = [WASM_BINDGEN].iter().chain(args).map(OsString::from);
    wasm_bindgen::run_cli_with_args(args).context("wasm-bindgen failed")
}

/// A folder that holds both tools, for a `PATH`.
pub(crate) fn folder() -> Result<PathBuf> {
    let dir = project::cache("bin")?;
    let _lock = project::lock("bin")?;
    let this = env::current_exe().context("finding this program")?;
    for name in [WASM_BINDGEN, TEST_RUNNER] {
        link(&this, &dir.join(name))?;
    }
    Ok(dir)
}

/// The runner for cargo's wasm tests.
pub(crate) fn test_runner() -> Result<PathBuf> {
    Ok(folder()?.join(TEST_RUNNER))
}

/// Points `to` at this program, which may have been rebuilt elsewhere since the last time. Another
/// command may be looking for it: it is replaced at once, and only if it has to be.
fn link(this: &Path, to: &Path) -> Result<()> {
    if fs::read_link(to).is_ok_and(|target| target == this) {
        return Ok(());
    }
    let new = to.with_extension(std::process::id().to_string());
    std::os::unix::fs::symlink(this, &new)
        .and_then(|()| fs::rename(&new, to))
        .with_context(|| format!("linking {}", to.display()))
}
