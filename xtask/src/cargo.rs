//! Cargo, called on this workspace.

use std::collections::BTreeSet;
use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand};
use serde_json::Value;

use crate::{process, project};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The client crate, and the sandbox's.
pub(crate) const CLIENT: &str = "synctera-customers";
pub(crate) const SANDBOX: &str = "synctera-sandbox";

/// `cargo ARGS…` in the project's root.
pub(crate) fn cargo<const N: usize>(args: [&str; N]) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(project::root()).args(args);
    command
}

/// Builds a program of this workspace and returns where it is.
pub(crate) fn build_program(name: &str) -> Result<PathBuf> {
    build(name, cargo(["build", "--bin", name]), "")
}

/// Builds the client as it is shipped and returns the WebAssembly module.
pub(crate) fn build_module() -> Result<PathBuf> {
    let mut command = cargo(["build", "--lib", "--profile=release-wasm", "--target"]);
    command
        .arg(WASM_TARGET)
        .env("CARGO_ENCODED_RUSTFLAGS", path_flags()?);
    build(CLIENT, command, ".wasm")
}

/// What cargo knows of the crates that are compiled for WebAssembly. Downloads what is missing.
pub(crate) fn metadata() -> Result<Metadata> {
    MetadataCommand::new()
        .current_dir(project::root())
        .other_options([format!("--filter-platform={WASM_TARGET}")])
        .exec()
        .context("asking cargo for the project's crates")
}

/// Panic messages hold source paths. Shortened, they neither tell whose machine built the module
/// nor make two machines' modules differ. In cargo's encoding, since a path may hold spaces.
fn path_flags() -> Result<String> {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    // Where rust-src is installed, the standard library's paths are the machine's own; elsewhere
    // they are what this makes of them.
    let library = PathBuf::from(sysroot.trim()).join("lib/rustlib/src/rust");
    let mut renamed = vec![
        (project::root(), String::from(".")),
        (library, format!("/rustc/{}", commit()?)),
    ];
    renamed.extend(
        registries(&metadata()?)
            .into_iter()
            .map(|folder| (folder, String::from("registry"))),
    );
    let flags: Vec<String> = renamed
        .iter()
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect();
    Ok(flags.join("\u{1f}"))
}

/// The folders that hold the sources of crates from elsewhere: one per registry, in cargo's home
/// and named after the registry's host.
fn registries(metadata: &Metadata) -> BTreeSet<PathBuf> {
    metadata
        .packages
        .iter()
        .filter(|package| package.source.is_some())
        .filter_map(|package| package.manifest_path.parent()?.parent())
        .map(|folder| folder.as_std_path().to_path_buf())
        .collect()
}

/// The commit the compiler was built from.
fn commit() -> Result<String> {
    let version = process::output(Command::new("rustc").arg("-vV"))?;
    let hash = version
        .lines()
        .find_map(|line| line.strip_prefix("commit-hash: "));
    Ok(hash.context("rustc does not tell its commit")?.to_owned())
}

/// Builds, showing cargo's progress, and returns the one file that it made for `package` and
/// whose name ends in `suffix`.
fn build(package: &str, mut command: Command, suffix: &str) -> Result<PathBuf> {
    command
        .args(["--package", package])
        .arg("--message-format=json-render-diagnostics");
    let messages = process::output(&mut command)?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .flat_map(|message| match &message["filenames"] {
            Value::Array(names) => names.clone(),
            _ => Vec::new(),
        })
        .filter_map(|name| name.as_str().map(PathBuf::from))
        // Dependencies report their files too; only libraries (.rlib) and build scripts, though.
        .find(|path| {
            path.file_name().is_some_and(|name| {
                let name = name.to_string_lossy().replace('-', "_");
                name == format!("{}{suffix}", package.replace('-', "_"))
            })
        })
        .with_context(|| format!("`cargo build` of {package} made no file that fits"))
}
