//! `cargo xtask size`: what a user downloads.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{npm, process, project};

/// Node has both compressors, at the levels that servers use for files compressed ahead of time.
const MEASURE: &str = "
const { readFileSync } = require('node:fs');
const { gzipSync, brotliCompressSync } = require('node:zlib');
const sizes = process.argv.slice(1).map((file) => {
  const bytes = readFileSync(file);
  return [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
});
console.log(JSON.stringify(sizes));
";

const FILES: &[&str] = &[
    "dist/synctera_customers.wasm",
    "dist/core.js",
    "dist/wasm-base64.js",
    "dist/start.cjs",
    "dist/index.d.ts",
];

pub(crate) fn command(args: &[String]) -> Result<()> {
    if let Some(arg) = args.first() {
        bail!("`cargo xtask size` takes no arguments, got `{arg}`");
    }
    crate::build::build()?;
    print()
}

/// Prints the sizes of what was built.
pub(crate) fn print() -> Result<()> {
    let pkg = project::path("pkg");
    println!("{:<30} {:>9} {:>9} {:>9}", "pkg/", "raw", "gzip", "brotli");
    for (file, [raw, gzip, brotli]) in FILES.iter().zip(measure(&pkg, FILES)?) {
        println!("{file:<30} {raw:>9} {gzip:>9} {brotli:>9}");
    }
    Ok(())
}

/// Raw, gzip and brotli bytes of each file.
fn measure(dir: &Path, files: &[&str]) -> Result<Vec<[u64; 3]>> {
    let mut node = npm::node()?;
    node.args(["-e", MEASURE, "--"])
        .args(files)
        .current_dir(dir);
    let sizes: Value = serde_json::from_str(&process::output(&mut node)?)?;
    let rows = sizes.as_array().context("node printed no sizes")?;
    rows.iter()
        .map(|row| {
            let at = |i: usize| row[i].as_u64().context("node printed no number");
            Ok([at(0)?, at(1)?, at(2)?])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_come_in_the_order_of_the_files() {
        let dir = project::cache("test-size").expect("a folder");
        project::write(&dir.join("a"), "a".repeat(1000)).expect("written");
        project::write(&dir.join("b"), "b").expect("written");
        let sizes = measure(&dir, &["a", "b"]).expect("measured");
        assert_eq!((sizes[0][0], sizes[1][0]), (1000, 1));
        assert!(sizes[0][1] < 100 && sizes[0][2] < 100);
    }
}
