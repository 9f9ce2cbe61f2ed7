//! What the users of each entry download: its program, bundled and minified, and the module.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::{Measure, gzip, read};
use crate::{npm, process, project};

/// An entry, and what may at most be downloaded for it, after gzip.
struct Entry {
    what: &'static str,
    file: &'static str,
    /// Whether the module is a file next to the program. If not, it is inside, as text, or not needed.
    is_separate: bool,
    limit: u64,
}

/// Just above what is built today, so that growth is a decision. Lower a limit after a change that
/// makes it smaller; raise one only with the reason in the commit.
const ENTRIES: &[Entry] = &[
    Entry {
        what: "workerd: program and module",
        file: "entries/workerd.js",
        is_separate: true,
        limit: 59_800,
    },
    Entry {
        what: "slim: program and module",
        file: "entries/slim.js",
        is_separate: true,
        limit: 60_110,
    },
    Entry {
        what: "default: program with the module inside",
        file: "entries/default.js",
        is_separate: false,
        limit: 60_720,
    },
    // Development only: what a test runner in a browser would load.
    Entry {
        what: "testing: the sandbox in process",
        file: "entries/testing.js",
        is_separate: false,
        limit: 410_000,
    },
    Entry {
        what: "bulk: program",
        file: "entries/bulk.js",
        is_separate: false,
        limit: 4_550,
    },
];

pub(super) fn measures() -> Result<Vec<Measure>> {
    let module = gzip(&read(&project::path("pkg/dist/synctera_customers.wasm"))?)?;
    ENTRIES
        .iter()
        .map(|entry| {
            let program = gzip(&read(&bundle(entry)?)?)?;
            Ok(Measure {
                what: entry.what,
                unit: "bytes gzip",
                value: program + if entry.is_separate { module } else { 0 },
                limit: entry.limit,
            })
        })
        .collect()
}

/// The entry as a user's bundler ships it. Every export is kept, as if the user needed all.
fn bundle(entry: &Entry) -> Result<PathBuf> {
    let out = project::cache("size")?.join(entry.file.replace('/', "-"));
    // esbuild would leave an old file where it fails.
    let _ = fs::remove_file(&out);
    let mut esbuild = npm::tool("esbuild")?;
    esbuild.current_dir(project::path("pkg")).arg(entry.file);
    esbuild.args([
        "--bundle",
        "--minify",
        "--format=esm",
        "--platform=neutral",
        "--target=es2022",
        "--external:*.wasm",
        "--log-level=warning",
        // wasm-bindgen names a file once for each function of it that the module imports directly.
        "--log-override:duplicate-object-key=silent",
    ]);
    esbuild.arg(format!("--outfile={}", out.display()));
    process::run_quietly(&mut esbuild)?;
    Ok(out)
}
