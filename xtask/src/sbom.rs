//! What the package is made of: a bill of materials in `CycloneDX` form, `dist/sbom.cdx.json`.
//!
//! It lists what is compiled into the WebAssembly module and what is bundled into the command line, nothing
//! else: the npm package depends on nothing, and what only helps to build it is not shipped. It holds no time
//! and no random number, so that the same sources give the same bytes.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use cargo_lock::Lockfile;
use cargo_metadata::{DependencyKind, Metadata, Node, Package, PackageId};
use cyclonedx_bom::external_models::normalized_string::NormalizedString;
use cyclonedx_bom::external_models::spdx::SpdxExpression;
use cyclonedx_bom::external_models::uri::Purl;
use cyclonedx_bom::models::bom::{Bom, SpecVersion};
use cyclonedx_bom::models::component::{Classification, Component, Components, Cpe, Scope};
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::hash::{Hash, HashAlgorithm, HashValue, Hashes};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata as About;
use cyclonedx_bom::validation::Validate;

use crate::third_party::Library;
use crate::{cargo, package, project};

/// The newest version that the library writes.
const VERSION: SpecVersion = SpecVersion::V1_5;

/// The licence of the standard library and of what it is made of.
const STD_LICENSE: &str = "MIT OR Apache-2.0";

/// The bill, for a module that these crates were compiled into and a command line that holds these libraries.
pub(crate) fn of(crates: &BTreeSet<PackageId>, libraries: &[Library]) -> Result<String> {
    let metadata = cargo::metadata()?;
    let lock = Lockfile::load(project::path("Cargo.lock")).context("reading Cargo.lock")?;
    let bom = bill(&metadata, &lock, crates, libraries, &cargo::release()?)?;
    let verdict = bom.validate_version(VERSION);
    if !verdict.passed() {
        bail!("the bill of materials is not what CycloneDX asks for: {verdict:?}");
    }
    let mut json = Vec::new();
    bom.output_as_json(&mut json, VERSION)
        .context("writing the bill of materials")?;
    json.push(b'\n');
    String::from_utf8(json).context("the bill of materials is not UTF-8")
}

fn bill(
    metadata: &Metadata,
    lock: &Lockfile,
    crates: &BTreeSet<PackageId>,
    libraries: &[Library],
    release: &str,
) -> Result<Bom> {
    let client = client(metadata)?;
    let mut components = vec![standard_library(release)];
    let mut packages: Vec<&Package> = crates
        .iter()
        .map(|id| &metadata[id])
        .filter(|package| package.source.is_some())
        .collect();
    packages.sort_by_key(|package| (&package.name, &package.version));
    for package in &packages {
        components.push(component(package, lock)?);
    }
    let std = components[0].bom_ref.clone().unwrap_or_default();
    packages.insert(0, client);
    let mut dependencies = packages
        .iter()
        .map(|package| dependency(metadata, crates, package, &std))
        .collect::<Result<Vec<_>>>()?;
    // What the project's other crates use, which are parts of the package and not of the bill.
    let own = crates.iter().filter(|id| **id != client.id);
    for package in own.map(|id| &metadata[id]) {
        if package.source.is_none() {
            let used = dependency(metadata, crates, package, &std)?.dependencies;
            dependencies[0].dependencies.extend(used);
        }
    }
    dependencies[0].dependencies.sort();
    dependencies[0].dependencies.dedup();
    for library in libraries {
        let part = bundled(library)?;
        let reference = part.bom_ref.clone().unwrap_or_default();
        // The first is the package.
        dependencies[0].dependencies.push(reference.clone());
        dependencies.push(Dependency {
            dependency_ref: reference,
            dependencies: Vec::new(),
        });
        components.push(part);
    }
    Ok(Bom {
        spec_version: VERSION,
        // The library's own choice is a random one.
        serial_number: None,
        metadata: Some(About {
            component: Some(npm_package(client)?),
            ..About::default()
        }),
        components: Some(Components(components)),
        dependencies: Some(Dependencies(dependencies)),
        ..Bom::default()
    })
}

fn client(metadata: &Metadata) -> Result<&Package> {
    metadata
        .workspace_packages()
        .into_iter()
        .find(|package| package.name == cargo::CLIENT)
        .context("the workspace has no client")
}

/// What the bill is about.
fn npm_package(client: &Package) -> Result<Component> {
    let version = client.version.to_string();
    let mut component = Component::new(
        Classification::Library,
        package::NAME,
        &version,
        Some(reference(client)),
    );
    component.purl = Some(Purl::new("npm", package::NAME, &version)?);
    component.licenses = Some(license(client)?);
    component.description = client.description.as_deref().map(NormalizedString::new);
    Ok(component)
}

/// A crate, as crates.io has it.
fn component(package: &Package, lock: &Lockfile) -> Result<Component> {
    let version = package.version.to_string();
    let mut component = Component::new(
        Classification::Library,
        &package.name,
        &version,
        Some(reference(package)),
    );
    component.scope = Some(Scope::Required);
    component.purl = Some(Purl::new("cargo", &package.name, &version)?);
    component.licenses = Some(license(package)?);
    component.hashes = Some(Hashes(vec![Hash {
        alg: HashAlgorithm::SHA_256,
        content: HashValue(checksum(package, lock)?),
    }]));
    Ok(component)
}

/// A library of the command line, as npm has it.
fn bundled(library: &Library) -> Result<Component> {
    let Library { name, version, .. } = library;
    let mut component = Component::new(
        Classification::Library,
        name,
        version,
        Some(format!("pkg:npm/{name}@{version}")),
    );
    component.scope = Some(Scope::Required);
    component.purl = Some(Purl::new("npm", name, version)?);
    component.licenses = Some(Licenses(vec![LicenseChoice::expression(&library.license)]));
    component.hashes = Some(Hashes(vec![Hash {
        alg: HashAlgorithm::SHA_512,
        content: HashValue(library.sha512.clone()),
    }]));
    Ok(component)
}

/// Rust's own library is in the module too. Its crates have no separate versions; advisories
/// name the Rust release.
fn standard_library(release: &str) -> Component {
    let mut component = Component::new(
        Classification::Library,
        "std",
        release,
        Some(format!("rust-std@{release}")),
    );
    component.scope = Some(Scope::Required);
    component.description = Some(NormalizedString::new(
        "Rust's standard library, with core, alloc and the allocator, as rustc brings it",
    ));
    component.cpe = Some(Cpe::new(&format!(
        "cpe:2.3:a:rust-lang:rust:{release}:*:*:*:*:*:*:*"
    )));
    component.licenses = Some(Licenses(vec![LicenseChoice::expression(STD_LICENSE)]));
    component
}

/// Which crates in the module a crate of the module uses.
fn dependency(
    metadata: &Metadata,
    crates: &BTreeSet<PackageId>,
    package: &Package,
    std: &str,
) -> Result<Dependency> {
    let node = node(metadata, &package.id)?;
    let mut used: Vec<String> = node
        .deps
        .iter()
        .filter(|dep| crates.contains(&dep.pkg))
        .filter(|dep| {
            dep.dep_kinds
                .iter()
                .any(|kind| kind.kind == DependencyKind::Normal)
        })
        .map(|dep| &metadata[&dep.pkg])
        .filter(|package| package.source.is_some())
        .map(reference)
        .collect();
    used.push(std.to_owned());
    used.sort();
    Ok(Dependency {
        dependency_ref: reference(package),
        dependencies: used,
    })
}

fn node<'a>(metadata: &'a Metadata, id: &PackageId) -> Result<&'a Node> {
    let resolved = metadata
        .resolve
        .as_ref()
        .context("cargo resolved nothing")?;
    resolved
        .nodes
        .iter()
        .find(|node| node.id == *id)
        .with_context(|| format!("cargo did not resolve {id}"))
}

/// How the parts of the bill name each other.
fn reference(package: &Package) -> String {
    let kind = if package.source.is_some() {
        "cargo"
    } else {
        "npm"
    };
    format!("pkg:{kind}/{}@{}", package.name, package.version)
}

/// As the crate declares it, with `/` for OR in old ones.
fn license(package: &Package) -> Result<Licenses> {
    let Some(license) = &package.license else {
        bail!("{} declares no licence", package.name);
    };
    let expression = SpdxExpression::parse_lax(license.clone())
        .with_context(|| format!("the licence of {}", package.name))?;
    Ok(Licenses(vec![LicenseChoice::Expression(expression)]))
}

/// What Cargo.lock says that the crate's archive must hash to.
fn checksum(package: &Package, lock: &Lockfile) -> Result<String> {
    lock.packages
        .iter()
        .find(|locked| locked.name.as_str() == *package.name && locked.version == package.version)
        .and_then(|locked| locked.checksum.as_ref())
        .map(ToString::to_string)
        .with_context(|| format!("Cargo.lock has no checksum of {}", package.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bill_lists_the_crates_and_libraries_given_with_their_checksums_and_no_time() {
        let metadata = cargo::metadata().expect("cargo answers");
        let lock = Lockfile::load(project::path("Cargo.lock")).expect("Cargo.lock");
        let id = |name: &str| {
            let package = metadata
                .packages
                .iter()
                .find(|package| *package.name == name);
            package.expect(name).id.clone()
        };
        let crates = BTreeSet::from([id(cargo::CLIENT), id("js-sys"), id("wasm-bindgen")]);
        let library = Library {
            name: "some-library".into(),
            version: "4.5.6".into(),
            license: "MIT".into(),
            text: String::new(),
            sha512: "ab".repeat(64),
        };
        let bom = bill(&metadata, &lock, &crates, &[library], "1.2.3").expect("a bill");
        assert!(bom.validate_version(VERSION).passed());
        assert_eq!(bom.serial_number, None);
        assert_eq!(bom.metadata.and_then(|about| about.timestamp), None);
        let components = bom.components.expect("components").0;
        let names: Vec<String> = components
            .iter()
            .map(|part| part.name.to_string())
            .collect();
        assert_eq!(names, ["std", "js-sys", "wasm-bindgen", "some-library"]);
        assert!(components[1..].iter().all(|part| part.hashes.is_some()));
        let dependencies = bom.dependencies.expect("dependencies").0;
        assert!(
            dependencies[1]
                .dependency_ref
                .starts_with("pkg:cargo/js-sys@")
        );
        assert!(dependencies[1].dependencies[0].starts_with("pkg:cargo/wasm-bindgen@"));
    }
}
