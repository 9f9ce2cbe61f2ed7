//! Where things are in the project.

use std::env;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The project's root folder.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable when it runs us, so that a moved checkout still works.
    let manifest =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let manifest = PathBuf::from(manifest);
    manifest
        .parent()
        .map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// `path` below the root.
pub(crate) fn path(path: &str) -> PathBuf {
    root().join(path)
}

/// A folder below `.cache/`, made if it is missing. Git ignores it; deleting it is always safe.
pub(crate) fn cache(name: &str) -> Result<PathBuf> {
    let dir = root().join(".cache").join(name);
    make_dir(&dir)?;
    Ok(dir)
}

/// The same, emptied first.
pub(crate) fn fresh_cache(name: &str) -> Result<PathBuf> {
    let dir = root().join(".cache").join(name);
    if dir.exists() {
        std::fs::remove_dir_all(&dir).with_context(|| format!("emptying {}", dir.display()))?;
    }
    make_dir(&dir)?;
    Ok(dir)
}

/// Waits until no other command or thread holds the lock `name`; it is free again when the file is
/// dropped. For what writes into a folder that others use too.
pub(crate) fn lock(name: &str) -> Result<File> {
    let path = cache("locks")?.join(name);
    let file = File::create(&path).with_context(|| format!("making {}", path.display()))?;
    file.lock()
        .with_context(|| format!("waiting for {}", path.display()))?;
    Ok(file)
}

/// The files of a folder whose names end in one of `ends`, by name. A missing folder has none.
pub(crate) fn files_in(folder: &str, ends: &[&str]) -> Result<Vec<PathBuf>> {
    let Ok(entries) = std::fs::read_dir(self::path(folder)) else {
        return Ok(Vec::new());
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("listing {folder}"))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if ends.iter().any(|end| name.ends_with(end)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

pub(crate) fn make_dir(dir: &Path) -> Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))
}

pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

pub(crate) fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<()> {
    std::fs::write(path, contents).with_context(|| format!("writing {}", path.display()))
}

/// Puts `text` between the marks that say that `command` writes `name` there.
pub(crate) fn write_between(document: &str, command: &str, name: &str, text: &str) -> Result<()> {
    let file = path(document);
    let old = read(&file)?;
    let begin = format!("<!-- {name}, written by `{command}` -->\n");
    let end = format!("<!-- end of {name} -->");
    let (Some(from), Some(to)) = (old.find(&begin), old.find(&end)) else {
        bail!("{document} has lost the marks of {name}");
    };
    let (before, after) = (&old[..from + begin.len()], &old[to..]);
    write(&file, format!("{before}{text}{after}"))
}

/// The version that the workspace's crates share.
pub(crate) fn version() -> &'static str {
    // xtask's version is the workspace's.
    env!("CARGO_PKG_VERSION")
}
