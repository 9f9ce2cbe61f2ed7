//! The npm libraries that are bundled into the package's command line, and their licences.
//!
//! Which they are comes from the bundler's own report, so that none can be in the bundle and not here.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::prelude::{BASE64_STANDARD as BASE64, Engine as _};
use serde_json::Value;

use crate::{npm, project};

/// What a library's licence may be. All of them ask for their text to go along, and for nothing else.
const LICENSES: &[&str] = &["ISC", "MIT"];

/// A library in the bundle.
pub(crate) struct Library {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: String,
    /// The licence's text, with the holders' names.
    pub(crate) text: String,
    /// What the lock file says that the library's archive must hash to, in hexadecimal.
    pub(crate) sha512: String,
}

/// The libraries that a bundle is made of, by name.
pub(crate) fn libraries(esbuild_metafile: &Path) -> Result<Vec<Library>> {
    let meta = json(esbuild_metafile)?;
    let inputs = meta["inputs"]
        .as_object()
        .context("esbuild named no inputs")?;
    let names: BTreeSet<&str> = inputs.keys().filter_map(|path| library_of(path)).collect();
    let lock = json(&project::path(npm::TOOLS).join("package-lock.json"))?;
    names.into_iter().map(|name| library(name, &lock)).collect()
}

/// The texts of all licences, for `dist/THIRD-PARTY.txt`.
pub(crate) fn notice(libraries: &[Library]) -> String {
    let mut notice = String::from(
        "The command line of this package, dist/cli.js, holds these libraries. The client itself holds none of them.\n",
    );
    for Library {
        name,
        version,
        license,
        text,
        ..
    } in libraries
    {
        notice.push_str(&format!(
            "\n{}\n\n{name} {version} ({license})\n\n{}\n",
            "-".repeat(80),
            text.trim()
        ));
    }
    notice
}

/// The library that a source belongs to: `@scope/name` or `name`, if it is one's at all.
fn library_of(path: &str) -> Option<&str> {
    let (_, below) = path.rsplit_once("node_modules/")?;
    let parts = if below.starts_with('@') { 2 } else { 1 };
    let end = below.match_indices('/').nth(parts - 1)?.0;
    Some(&below[..end])
}

fn library(name: &str, lock: &Value) -> Result<Library> {
    let folder = npm::tools()?.join(name);
    let manifest = json(&folder.join("package.json"))?;
    let text = |key: &str| {
        manifest[key]
            .as_str()
            .map(str::to_owned)
            .with_context(|| format!("{name} has no {key}"))
    };
    let license = text("license")?;
    if !LICENSES.contains(&license.as_str()) {
        bail!("{name} has the licence {license}, which may ask for more than its text");
    }
    Ok(Library {
        version: text("version")?,
        text: project::read(&folder.join("LICENSE"))?,
        sha512: sha512(name, lock)?,
        name: name.to_owned(),
        license,
    })
}

fn sha512(name: &str, lock: &Value) -> Result<String> {
    let integrity = lock["packages"][format!("node_modules/{name}")]["integrity"].as_str();
    let digest = integrity
        .and_then(|sum| sum.strip_prefix("sha512-"))
        .with_context(|| format!("the lock file has no SHA-512 of {name}"))?;
    let bytes = BASE64
        .decode(digest)
        .context("an integrity in the lock file")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn json(path: &Path) -> Result<Value> {
    serde_json::from_str(&project::read(path)?)
        .with_context(|| format!("{} is not JSON", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_library_of_a_source_by_its_path() {
        assert_eq!(library_of("../../cli/main.js"), None);
        assert_eq!(
            library_of("../../tests/node_modules/csv-parse/lib/index.js"),
            Some("csv-parse")
        );
        assert_eq!(
            library_of("tests/node_modules/@scope/name/index.js"),
            Some("@scope/name")
        );
        assert_eq!(
            library_of("node_modules/a/node_modules/b/index.js"),
            Some("b")
        );
    }

    #[test]
    fn the_notice_has_each_library_with_its_licence() {
        let library = Library {
            name: "some-library".into(),
            version: "1.2.3".into(),
            license: "MIT".into(),
            text: "Copyright Someone\n".into(),
            sha512: String::new(),
        };
        let notice = notice(&[library]);
        assert!(notice.contains("some-library 1.2.3 (MIT)\n\nCopyright Someone\n"));
    }
}
