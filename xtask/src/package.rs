//! The npm package as its users get it: packed, then installed from the tarball.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{build, npm, process, project};

/// The package's name, in the registry and in imports.
pub(crate) const NAME: &str = "synctera-customers";

/// Packs what is built; returns the tarball. The caller holds the lock `pack` while using that.
fn pack() -> Result<PathBuf> {
    let out = project::fresh_cache("pack")?;
    let mut command = npm::npm(&project::path("pkg"), &["pack", "--json"])?;
    command.arg("--pack-destination").arg(&out);
    let printed: Value = serde_json::from_str(&process::output(&mut command)?)
        .context("npm pack printed no JSON")?;
    // A list up to npm 11, an object by package name since.
    let packed = printed.get(0).or_else(|| printed.get(NAME));
    let name = packed
        .and_then(|packed| packed["filename"].as_str())
        .context("npm pack named no file")?;
    Ok(out.join(name))
}

/// A small separate project in `.cache/NAME` with the packed package installed in it.
pub(crate) fn consumer(name: &str) -> Result<PathBuf> {
    // Built before the lock is taken, which is then held for a moment.
    build::build()?;
    let _lock = project::lock("pack")?;
    let tarball = pack()?;
    let dir = project::fresh_cache(name)?;
    project::write(
        &dir.join("package.json"),
        "{ \"name\": \"consumer\", \"private\": true, \"type\": \"module\" }\n",
    )?;
    // Offline: the package must need nothing else.
    let mut install = npm::npm(&dir, &["install", "--offline", "--no-save"])?;
    process::run_quietly(install.arg(&tarball)).context("installing the packed package")?;
    Ok(dir)
}

/// Where `consumer` has the package's files.
pub(crate) fn installed(consumer: &Path) -> PathBuf {
    consumer.join("node_modules").join(NAME)
}
