//! Short names between the module and its glue. wasm-bindgen calls an import
//! `__wbg_maxRetryDelayMs_47b885e75bd429cf`, and spells it out on both sides; nobody but the two of
//! them uses the names, and a tenth of the download would be made of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use walrus::Module;

use crate::project;

/// Renames what the module imports and exports, in the module and in its glue.
pub(crate) fn names(module: &Path, glue: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("reading {}", module.display()))?;
    let mut wasm = Module::from_buffer(&bytes)?;
    let mut names = Names::default();
    for import in wasm.imports.iter_mut() {
        // Of other modules, the client's own files, these are the real names.
        if import.module.ends_with("_bg.js") {
            import.module = names.short(&import.module);
            import.name = names.short(&import.name);
        }
    }
    let imported = names.0.len();
    for export in wasm.exports.iter_mut() {
        if export.name != "memory" {
            export.name = names.short(&export.name);
        }
    }
    let text = names.replace(&project::read(glue)?);
    for short in (0..imported).map(letters) {
        ensure!(text.contains(&short), "the glue does not give {short}");
    }
    project::write(module, wasm.emit_wasm())?;
    project::write(glue, text)
}

/// The names given so far.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn short(&mut self, long: &str) -> String {
        let next = self.0.len();
        self.0
            .entry(long.to_owned())
            .or_insert_with(|| letters(next))
            .clone()
    }

    /// Replaces whole words; a module's name is one in quotes.
    fn replace(&self, text: &str) -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_part) {
            let (before, from) = rest.split_at(start);
            let end = from.find(|c| !is_part(c)).unwrap_or(from.len());
            let (word, after) = from.split_at(end);
            out.push_str(before);
            out.push_str(self.0.get(word).map_or(word, String::as_str));
            rest = after;
        }
        out.push_str(rest);
        for (long, short) in self.0.iter().filter(|(long, _)| long.starts_with("./")) {
            out = out.replace(&format!("\"{long}\""), &format!("\"{short}\""));
        }
        out
    }
}

/// `$a`, `$b`, … `$z`, `$ba`, …: no word of the language, and no name that the glue uses.
fn letters(mut number: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(b'a' + u8::try_from(number % 26).unwrap_or_default());
        number /= 26;
        if number == 0 {
            break;
        }
    }
    name.push(b'$');
    name.reverse();
    String::from_utf8_lossy(&name).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_are_replaced() {
        let mut names = Names::default();
        for long in ["./x_bg.js", "__wbg_new_12", "__run"] {
            names.short(long);
        }
        let glue = r#"{ "./x_bg.js": import0 } __wbg_new_12: f, __wbg_new_123: g, wasm.__run.get(); __running"#;
        assert_eq!(
            names.replace(glue),
            r#"{ "$a": import0 } $b: f, __wbg_new_123: g, wasm.$c.get(); __running"#
        );
    }

    #[test]
    fn every_number_has_a_name_of_its_own() {
        let all: std::collections::BTreeSet<_> = (0..2000).map(letters).collect();
        assert_eq!(all.len(), 2000);
        assert_eq!(
            (letters(0), letters(25), letters(26)),
            ("$a".into(), "$z".into(), "$ba".into())
        );
    }
}
