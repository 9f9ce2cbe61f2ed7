//! The parts of Rust's toolchain that `rust-toolchain.toml` names.
//!
//! rustup installs them together with the toolchain. It does not add them to a toolchain that is
//! there already if its automatic installation is off (`RUSTUP_AUTO_INSTALL=0`, as in many images
//! for CI), and knows nothing of a toolchain that something else installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use toml::{Table, Value};

use crate::once::Once;
use crate::{process, project};

const FILE: &str = "rust-toolchain.toml";

/// Where a toolchain has the components that the file may name. Looking for a file costs nothing;
/// asking rustup would cost each command a process, and rustup does not know every toolchain.
const COMPONENTS: &[(&str, &str)] = &[
    ("clippy", "bin/cargo-clippy"),
    ("rustfmt", "bin/rustfmt"),
    ("rust-src", "lib/rustlib/src/rust/library/Cargo.toml"),
];

/// Those that only check code: building needs none of them.
const CHECKERS: &[&str] = &["clippy", "rustfmt"];

/// What a command is going to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Build,
    Test,
}

/// Something that rustup can add to a toolchain.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Component(String),
    Target(String),
}

/// Makes sure that the toolchain has what `purpose` takes; installs by rustup what is missing.
pub(crate) fn ensure(purpose: Purpose) -> Result<()> {
    let wanted = parts(&project::read(&project::path(FILE))?, purpose)?;
    let sysroot = sysroot()?;
    let missing = || wanted.iter().filter(|part| !part.is_in(&sysroot));
    let names = || missing().map(Part::name).collect::<Vec<_>>().join(", ");
    if missing().next().is_none() {
        return Ok(());
    }
    let commands: Vec<String> = missing().map(Part::command).collect();
    let place = sysroot.display();
    if process::find("rustup").is_none() {
        bail!(
            "the Rust toolchain in {place} lacks {}, and there is no rustup to install it: install \
             Rust by https://rustup.rs, or add it the way that toolchain was installed",
            names()
        );
    }
    process::note(&format!("installing {} by rustup …", names()));
    let installed = missing().try_for_each(Part::install);
    if let Err(error) = &installed {
        process::note(&format!("{error:#}"));
    }
    if installed.is_err() || missing().next().is_some() {
        bail!(
            "the Rust toolchain in {place} still lacks {}: run `{}` where its server can be \
             reached, or use the toolchain that {FILE} names",
            names(),
            commands.join(" && ")
        );
    }
    Ok(())
}

/// The folder of the toolchain that is in use.
pub(crate) fn sysroot() -> Result<PathBuf> {
    static SYSROOT: Once<PathBuf> = Once::new();
    SYSROOT.get(|| {
        let printed = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
        Ok(PathBuf::from(printed.trim()))
    })
}

fn parts(file: &str, purpose: Purpose) -> Result<Vec<Part>> {
    let file: Table = file.parse().with_context(|| format!("reading {FILE}"))?;
    let toolchain = &file["toolchain"];
    let names = |key: &str| {
        let list = toolchain.get(key).and_then(Value::as_array);
        let names = list.into_iter().flatten().filter_map(Value::as_str);
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let components = names("components")
        .into_iter()
        .filter(|name| purpose == Purpose::Test || !CHECKERS.contains(&name.as_str()))
        .map(Part::Component);
    let targets = names("targets").into_iter().map(Part::Target);
    Ok(components.chain(targets).collect())
}

impl Part {
    fn name(&self) -> &str {
        match self {
            Self::Component(name) | Self::Target(name) => name,
        }
    }

    fn is_in(&self, sysroot: &Path) -> bool {
        match self {
            Self::Component(component) => COMPONENTS
                .iter()
                .any(|(name, file)| name == component && sysroot.join(file).exists()),
            Self::Target(target) => {
                let folder = sysroot.join("lib/rustlib").join(target).join("lib");
                fs::read_dir(folder)
                    .into_iter()
                    .flatten()
                    .flatten()
                    .any(|file| file.file_name().to_string_lossy().starts_with("libcore-"))
            }
        }
    }

    fn arguments(&self) -> [&str; 3] {
        match self {
            Self::Component(name) => ["component", "add", name],
            Self::Target(name) => ["target", "add", name],
        }
    }

    /// As one types it.
    fn command(&self) -> String {
        format!("rustup {}", self.arguments().join(" "))
    }

    /// rustup finds the toolchain as it did when it ran cargo: by `RUSTUP_TOOLCHAIN`, or by the file
    /// in the project's root.
    fn install(&self) -> Result<()> {
        let mut rustup = Command::new("rustup");
        rustup
            .args(self.arguments())
            .current_dir(project::root())
            // Where it is on, rustup prints its own after each error.
            .env_remove("RUST_BACKTRACE");
        process::run_quietly(&mut rustup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_s_file_names_only_components_whose_place_is_known() {
        let file = project::read(&project::path(FILE)).expect("the file");
        let parts = parts(&file, Purpose::Test).expect("well-formed");
        assert!(parts.contains(&Part::Target(crate::cargo::WASM_TARGET.to_owned())));
        for part in &parts {
            if let Part::Component(name) = part {
                assert!(COMPONENTS.iter().any(|(known, _)| known == name), "{name}");
            }
        }
    }

    #[test]
    fn building_needs_the_targets_and_no_checker() {
        let file = "[toolchain]\ncomponents = [\"clippy\", \"rust-src\"]\ntargets = [\"wasm32\"]\n";
        let names = |purpose| {
            let parts = parts(file, purpose).expect("well-formed");
            parts
                .iter()
                .map(|part| part.name().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(Purpose::Build), ["rust-src", "wasm32"]);
        assert_eq!(names(Purpose::Test), ["clippy", "rust-src", "wasm32"]);
    }

    #[test]
    fn a_part_is_there_if_the_toolchain_has_its_file() {
        let sysroot = project::fresh_cache("test-sysroot").expect("a folder");
        let wasm = Part::Target("wasm32".into());
        let clippy = Part::Component("clippy".into());
        assert!(!wasm.is_in(&sysroot) && !clippy.is_in(&sysroot));
        let library = sysroot.join("lib/rustlib/wasm32/lib");
        project::make_dir(&library).expect("a folder");
        // rustup leaves an empty folder behind.
        assert!(!wasm.is_in(&sysroot));
        project::write(&library.join("libcore-1234.rlib"), "").expect("a file");
        project::make_dir(&sysroot.join("bin")).expect("a folder");
        project::write(&sysroot.join("bin/cargo-clippy"), "").expect("a file");
        assert!(wasm.is_in(&sysroot) && clippy.is_in(&sysroot));
    }
}
