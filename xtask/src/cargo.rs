//! Cargo, called on this workspace.

use std::collections::BTreeSet;
use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use cargo_metadata::{
    Artifact, DependencyKind, Message, Metadata, MetadataCommand, NodeDep, PackageId,
};

use crate::toolchain::{self, Purpose};
use crate::{process, project};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The client crate, and the sandbox's.
pub(crate) const CLIENT: &str = "synctera-customers";
pub(crate) const SANDBOX: &str = "synctera-sandbox";
/// The crate of the sandbox in process.
pub(crate) const TESTING: &str = "synctera-testing";
/// The crate that weighs as little as can be with the client's dependencies.
pub(crate) const FLOOR: &str = "synctera-floor";

/// `cargo ARGS…` in the project's root.
pub(crate) fn cargo<const N: usize>(args: [&str; N]) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(project::root()).args(args);
    command
}

/// Builds a program of this workspace and returns where it is.
pub(crate) fn build_program(name: &str) -> Result<PathBuf> {
    let built = build(name, cargo(["build", "--bin", name]))?;
    file_of(&built, name, "")
}

/// Builds a program of this workspace, optimised, and returns where it is.
pub(crate) fn build_optimised_program(name: &str) -> Result<PathBuf> {
    let built = build(name, cargo(["build", "--release", "--bin", name]))?;
    file_of(&built, name, "")
}

/// Builds a program of `package` that measures, optimised, and returns where it is.
pub(crate) fn build_bench(package: &str, name: &str) -> Result<PathBuf> {
    let built = build(package, cargo(["build", "--release", "--bench", name]))?;
    executable(built, name)
}

/// Builds an example and returns where it is. With the features that the workspace's tests need, for
/// which cargo has built it already if they have run: alone, all it depends on would be compiled
/// again.
pub(crate) fn build_example(name: &str) -> Result<PathBuf> {
    let built = artifacts(cargo(["build", "--workspace", "--example", name]))?;
    executable(built, name)
}

/// Builds an example of `package`, optimised, and returns where it is.
pub(crate) fn build_optimised_example(package: &str, name: &str) -> Result<PathBuf> {
    let built = build(package, cargo(["build", "--release", "--example", name]))?;
    executable(built, name)
}

fn executable(built: Vec<Artifact>, name: &str) -> Result<PathBuf> {
    built
        .into_iter()
        .filter(|artifact| artifact.target.name == name)
        .find_map(|artifact| artifact.executable)
        .map(Into::into)
        .with_context(|| format!("`cargo build` made no program of {name}"))
}

/// The client as shipped, before wasm-bindgen.
pub(crate) struct Module {
    pub(crate) file: PathBuf,
    /// Every crate that was compiled into it, the client's own included. Not those that ran on this
    /// machine while it was compiled: macros and build scripts.
    pub(crate) crates: BTreeSet<PackageId>,
}

/// Builds the client, or another crate of the workspace, as the client is shipped.
pub(crate) fn build_module(package: &str) -> Result<Module> {
    toolchain::ensure(Purpose::Build)?;
    let metadata = metadata()?;
    let mut command = cargo([
        "rustc",
        "--lib",
        // Here and not in Cargo.toml, where it would let `wasm-pack build` write over `pkg/`.
        "--crate-type=cdylib",
        "--profile=release-wasm",
        "--target",
    ]);
    let flags = path_flags(&metadata)?;
    command
        .arg(WASM_TARGET)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    let built = build(package, command)?;
    // What is built for this machine is in a folder next to it.
    let folder = metadata.target_directory.join(WASM_TARGET);
    let needed = needed(&metadata, package)?;
    let crates = built
        .iter()
        .filter(|artifact| {
            artifact
                .filenames
                .iter()
                .any(|file| file.starts_with(&folder))
        })
        .map(|artifact| artifact.package_id.clone())
        // The standard library brings its own crates. One may have the very version that another
        // part of the workspace needs, so it is not enough that the workspace knows it.
        .filter(|id| needed.contains(id))
        .collect();
    let file = file_of(&built, package, ".wasm")?;
    Ok(Module { file, crates })
}

/// A crate of the workspace with all that it needs to run, and what those need.
fn needed(metadata: &Metadata, package: &str) -> Result<BTreeSet<PackageId>> {
    let resolved = metadata
        .resolve
        .as_ref()
        .context("cargo resolved nothing")?;
    let root = metadata
        .workspace_packages()
        .into_iter()
        .find(|member| *member.name == package)
        .with_context(|| format!("the workspace has no {package}"))?;
    let mut found = BTreeSet::new();
    let mut next = vec![&root.id];
    while let Some(id) = next.pop() {
        if !found.insert(id.clone()) {
            continue;
        }
        let node = resolved.nodes.iter().find(|node| node.id == *id);
        let deps = node.into_iter().flat_map(|node| &node.deps);
        let is_normal = |dep: &&NodeDep| {
            dep.dep_kinds
                .iter()
                .any(|kind| kind.kind == DependencyKind::Normal)
        };
        next.extend(deps.filter(is_normal).map(|dep| &dep.pkg));
    }
    Ok(found)
}

/// What cargo knows of the crates that are compiled for WebAssembly. Downloads what is missing.
pub(crate) fn metadata() -> Result<Metadata> {
    MetadataCommand::new()
        .current_dir(project::root())
        .other_options([format!("--filter-platform={WASM_TARGET}")])
        .exec()
        .context("asking cargo for the project's crates")
}

/// Panic messages hold source paths. Shortened, they neither show whose machine built the module
/// nor make two machines' modules differ. In cargo's encoding, since a path may hold spaces.
fn path_flags(metadata: &Metadata) -> Result<Vec<String>> {
    // Where rust-src is installed, the standard library's paths are the machine's own; elsewhere
    // they are what this makes of them.
    let library = toolchain::sysroot()?.join("lib/rustlib/src/rust");
    let mut renamed = vec![
        (project::root(), String::from(".")),
        (library, format!("/rustc/{}", commit()?)),
    ];
    renamed.extend(
        registries(metadata)
            .into_iter()
            .map(|folder| (folder, String::from("registry"))),
    );
    Ok(renamed
        .iter()
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect())
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
    compiler("commit-hash")
}

/// The compiler's version, which is also its standard library's.
pub(crate) fn release() -> Result<String> {
    compiler("release")
}

/// A line of what the compiler says of itself.
fn compiler(label: &str) -> Result<String> {
    let version = process::output(Command::new("rustc").arg("-vV"))?;
    let value = version.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        (name == label).then(|| value.to_owned())
    });
    value.with_context(|| format!("rustc does not print its {label}"))
}

/// Builds, showing cargo's progress, and returns what was made for `package` and all that it
/// depends on.
fn build(package: &str, mut command: Command) -> Result<Vec<Artifact>> {
    command.args(["--package", package]);
    artifacts(command)
}

fn artifacts(mut command: Command) -> Result<Vec<Artifact>> {
    command.arg("--message-format=json-render-diagnostics");
    let messages = process::output(&mut command)?;
    Message::parse_stream(messages.as_bytes())
        .filter_map(|message| match message {
            Ok(Message::CompilerArtifact(artifact)) => Some(Ok(artifact)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
        .collect::<Result<_, _>>()
        .context("reading what cargo built")
}

/// The one file of `package` whose name ends in `suffix`. Dependencies have files too; only
/// libraries (.rlib) and build scripts, though.
fn file_of(built: &[Artifact], package: &str, suffix: &str) -> Result<PathBuf> {
    let wanted = format!("{}{suffix}", package.replace('-', "_"));
    built
        .iter()
        .flat_map(|artifact| &artifact.filenames)
        .find(|path| {
            path.file_name()
                .is_some_and(|name| name.replace('-', "_") == wanted)
        })
        .map(|path| path.as_std_path().to_path_buf())
        .with_context(|| format!("`cargo build` of {package} made no file that fits"))
}
