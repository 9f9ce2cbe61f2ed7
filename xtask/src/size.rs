//! `cargo xtask size`: what a user downloads, and how much of the module a call executes.
//!
//! Everything here gives the same numbers on every machine, so that a budget can be a test: bytes
//! are counted of what the build made, instructions of a module that counts itself. Times are not
//! measured here.

mod entries;
mod instructions;
mod module;

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::{build, project};

/// How many of the largest functions `--functions` shows.
const FUNCTIONS: usize = 60;

const FILES: &[&str] = &[
    "dist/synctera_customers.wasm",
    "dist/core.js",
    "dist/wasm-text.js",
    "dist/core.cjs",
    "dist/index.d.ts",
    "dist/cli.js",
];

/// A number that must not grow past its limit.
pub(crate) struct Measure {
    what: &'static str,
    unit: &'static str,
    value: u64,
    limit: u64,
}

impl Measure {
    pub(crate) fn fits(&self) -> bool {
        self.value <= self.limit
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            unit,
            value,
            limit,
        } = self;
        let verdict = if self.fits() { "" } else { "  OVER" };
        write!(f, "{what:<42} {value:>9} of {limit:>9} {unit}{verdict}")
    }
}

pub(crate) fn command(args: &[String]) -> Result<()> {
    let functions = match args {
        [] => false,
        [arg] if arg == "--functions" => true,
        _ => bail!("`cargo xtask size` takes `--functions` or nothing"),
    };
    build::build()?;
    print()?;
    println!();
    print_module(functions)?;
    println!();
    let mut measures = entries::measures()?;
    measures.extend(instructions::measures()?);
    for measure in &measures {
        println!("{measure}");
    }
    if measures.iter().all(Measure::fits) {
        Ok(())
    } else {
        bail!("over budget; the budgets are in xtask/src/size/")
    }
}

/// Prints the sizes of what was built, as shipped: the JavaScript is not minified.
pub(crate) fn print() -> Result<()> {
    println!("{:<42} {:>9} {:>9}", "pkg/, not minified", "raw", "gzip");
    for file in FILES {
        let bytes = read(&project::path("pkg").join(file))?;
        println!("{file:<42} {:>9} {:>9}", bytes.len(), gzip(&bytes)?);
    }
    Ok(())
}

/// What users of each entry download, against its budget.
pub(crate) fn downloads() -> Result<Vec<Measure>> {
    build::build()?;
    entries::measures()
}

/// What a call executes, against its budget.
pub(crate) fn executions() -> Result<Vec<Measure>> {
    build::build()?;
    instructions::measures()
}

/// Prints what the module is made of: by section, by crate and, if asked, by function.
fn print_module(functions: bool) -> Result<()> {
    let shipped = shipped()?;
    println!("{:<42} {:>9}", "the module's sections", "raw");
    for (section, bytes) in module::sections(&shipped)? {
        println!("{section:<42} {bytes:>9}");
    }
    let all = functions_of(&shipped)?;
    println!(
        "\n{:<42} {:>9} {:>9}",
        "its code, by crate", "raw", "functions"
    );
    for (owner, bytes, count) in module::by_crate(&all) {
        println!("{owner:<42} {bytes:>9} {count:>9}");
    }
    if functions {
        println!("\n{:<42} {:>9}", "its largest functions", "raw");
        for function in all.iter().take(FUNCTIONS) {
            println!("{:>9}  {}", function.bytes, function.name);
        }
    }
    Ok(())
}

/// The bytes of the module's code by crate, the largest first.
pub(crate) fn code_by_crate() -> Result<Vec<(String, u64)>> {
    let all = functions_of(&shipped()?)?;
    let crates = module::by_crate(&all).into_iter();
    Ok(crates
        .map(|(owner, bytes, _)| (owner.to_owned(), bytes))
        .collect())
}

fn shipped() -> Result<Vec<u8>> {
    read(&project::path("pkg").join(FILES[0]))
}

/// The functions of the module that is shipped, with their names.
fn functions_of(shipped: &[u8]) -> Result<Vec<module::Function>> {
    let named = read(&build::module_with_names()?)?;
    if module::code(&named)? != module::code(shipped)? {
        bail!("the module with names has other code than the one that is shipped");
    }
    module::functions(&named)
}

/// How many bytes remain after gzip at its highest level, as files compressed ahead of time are.
///
/// In this process, not by Node: its zlib differs from one release and processor to the next.
fn gzip(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).context("compressing")?;
    let compressed = encoder.finish().context("compressing")?;
    Ok(compressed.len() as u64)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_sees_what_repeats_and_what_does_not() {
        assert!(gzip(&[b'a'; 1000]).expect("compressed") < 40);
        let noise: Vec<u8> = (0..1000_u32).map(|i| (i * i / 7 % 251) as u8).collect();
        assert!(gzip(&noise).expect("compressed") > 300);
    }

    #[test]
    fn a_measure_on_its_limit_fits_and_one_past_it_says_so() {
        let measure = |value| Measure {
            what: "x",
            unit: "bytes",
            value,
            limit: 10,
        };
        assert!(measure(10).fits());
        assert!(!measure(11).fits());
        assert!(measure(11).to_string().ends_with("bytes  OVER"));
    }
}
