//! The file of a database: which one a name means, and that only its owner can read it.
//!
//! `SQLite` gives its other files (log, shared memory, journal) the mode of the database, and follows
//! no link to them.

use std::path::{Path, PathBuf};

use super::StoreError;

/// The file that `path` means, without links on the way. It is made if there is none.
///
/// # Errors
/// When `path` is a URI or another name that `SQLite` takes for something else than a file, when the
/// file cannot be made, or when others can read or replace it and that cannot be changed.
pub(super) fn prepare(path: &Path) -> Result<PathBuf, StoreError> {
    check_name(path)?;
    resolve(path)
}

fn check_name(path: &Path) -> Result<(), StoreError> {
    let name = path.as_os_str().as_encoded_bytes();
    let refused = if name.is_empty() {
        "the name is empty"
    } else if name == b":memory:" {
        "a database in memory needs no name"
    } else if name
        .get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"file:"))
    {
        "it is a URI, and a path is wanted (./file:… if the name begins so)"
    } else {
        return Ok(());
    };
    Err(refuse(refused))
}

fn refuse(why: impl Into<String>) -> StoreError {
    StoreError::File(why.into())
}

#[cfg(not(unix))]
fn resolve(path: &Path) -> Result<PathBuf, StoreError> {
    // An absolute path is nothing but a path to SQLite, which makes the file.
    std::path::absolute(path).map_err(|error| refuse(error.to_string()))
}

#[cfg(unix)]
use unix::resolve;

#[cfg(unix)]
mod unix {
    use std::{
        fs::{self, File, Metadata, OpenOptions, Permissions},
        io::{self, ErrorKind, Read},
        os::unix::fs::{OpenOptionsExt, PermissionsExt},
        path::{Path, PathBuf},
    };

    use super::{StoreError, refuse};

    /// What the group and other users may do.
    const OTHERS: u32 = 0o077;
    /// In a folder: any user may add files, and without the sticky bit remove those of others.
    const WORLD_WRITABLE: u32 = 0o002;
    const STICKY: u32 = 0o1000;

    /// What a database begins with, once something was written.
    const MAGIC: &[u8; 16] = b"SQLite format 3\0";

    pub(super) fn resolve(path: &Path) -> Result<PathBuf, StoreError> {
        let file = match path.canonicalize() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                create(path).map_err(|error| refuse(error.to_string()))?;
                path.canonicalize()
            }
            resolved => resolved,
        }
        .map_err(|error| refuse(error.to_string()))?;
        make_private(&file, check_content)?;
        check_folder(&file)?;
        // Left behind by a process that was killed, or put there by another user.
        for end in ["-wal", "-shm", "-journal"] {
            let mut name = file.clone().into_os_string();
            name.push(end);
            make_private(Path::new(&name), |_| Ok(()))?;
        }
        Ok(file)
    }

    /// Makes the file with the right mode, whatever the umask; at the end of links that lead to
    /// nothing, too.
    fn create(path: &Path) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let file = options
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)?;
        file.set_permissions(Permissions::from_mode(0o600))
    }

    /// Takes a file, if it is there, from group and others. A file system without modes stays as it
    /// is.
    fn make_private(
        path: &Path,
        check: impl FnOnce(&Path) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let shown = path.display();
        let metadata = match path.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            metadata => metadata.map_err(|error| refuse(format!("{shown}: {error}")))?,
        };
        if !metadata.is_file() {
            return Err(refuse(format!("{shown} is not a file")));
        }
        if !is_open(&metadata) {
            return Ok(());
        }
        check(path)?;
        let mode = metadata.permissions().mode() & !OTHERS;
        fs::set_permissions(path, Permissions::from_mode(mode)).map_err(|error| {
            refuse(format!(
                "others can read {shown}, and that cannot be changed: {error}"
            ))
        })
    }

    fn is_open(metadata: &Metadata) -> bool {
        metadata.permissions().mode() & OTHERS != 0
    }

    /// A file that is something else keeps its mode.
    fn check_content(path: &Path) -> Result<(), StoreError> {
        let mut begin = Vec::new();
        File::open(path)
            .and_then(|file| file.take(16).read_to_end(&mut begin))
            .map_err(|error| refuse(error.to_string()))?;
        if begin.is_empty() || begin == MAGIC {
            Ok(())
        } else {
            Err(refuse("it is not a database"))
        }
    }

    /// Where any user may remove files, another file can take the place of a private one.
    fn check_folder(file: &Path) -> Result<(), StoreError> {
        let Some(folder) = file.parent() else {
            return Ok(());
        };
        let metadata = |path: &Path| path.metadata().map_err(|error| refuse(error.to_string()));
        let mode = metadata(folder)?.permissions().mode();
        let has_modes = !is_open(&metadata(file)?);
        if has_modes && mode & WORLD_WRITABLE != 0 && mode & STICKY == 0 {
            let shown = folder.display();
            return Err(refuse(format!(
                "any user can replace files in {shown}; use another folder"
            )));
        }
        Ok(())
    }
}
