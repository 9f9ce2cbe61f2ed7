//! What the WebAssembly module is made of: its sections, and its code by crate and function.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// Code that belongs to no crate: wasm-bindgen's exports, and what the compiler calls by C's names.
const NO_CRATE: &str = "(exports and C names)";

/// A function with its name as people write it.
pub(super) struct Function {
    pub(super) name: String,
    pub(super) bytes: u64,
}

/// Every section and its bytes, in the module's order. Custom sections go by their own names.
pub(super) fn sections(wasm: &[u8]) -> Result<Vec<(String, u64)>> {
    let mut sections = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let Some((id, range)) = payload.as_section() else {
            continue;
        };
        let name = match &payload {
            Payload::CustomSection(custom) => format!("custom: {}", custom.name()),
            _ => section_name(id).to_owned(),
        };
        sections.push((name, range.len() as u64));
    }
    Ok(sections)
}

fn section_name(id: u8) -> &'static str {
    match id {
        1 => "types",
        2 => "imports",
        3 => "functions' types",
        4 => "tables",
        5 => "memories",
        6 => "globals",
        7 => "exports",
        8 => "start",
        9 => "elements",
        10 => "code",
        11 => "data",
        12 => "data count",
        _ => "other",
    }
}

/// The bytes of the code section.
pub(super) fn code(wasm: &[u8]) -> Result<&[u8]> {
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionStart { range, .. } = payload? {
            return wasm.get(range).context("the code section is cut off");
        }
    }
    anyhow::bail!("the module has no code")
}

/// The functions of a module that has its names, the largest first.
pub(super) fn functions(named: &[u8]) -> Result<Vec<Function>> {
    let mut imported = 0;
    let mut sizes = Vec::new();
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(named) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    if matches!(import?.ty, TypeRef::Func(_)) {
                        imported += 1;
                    }
                }
            }
            Payload::CodeSectionEntry(body) => sizes.push(body.range().len() as u64),
            Payload::CustomSection(custom) => {
                if let KnownCustom::Name(sections) = custom.as_known() {
                    for section in sections {
                        if let Name::Function(map) = section? {
                            for naming in map {
                                let naming = naming?;
                                names.insert(naming.index, readable(naming.name));
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut functions: Vec<Function> = (imported..)
        .zip(sizes)
        .map(|(index, bytes)| Function {
            name: names.remove(&index).unwrap_or_default(),
            bytes,
        })
        .collect();
    functions.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
    Ok(functions)
}

/// Bytes and number of the functions of each crate, the largest first.
pub(super) fn by_crate(functions: &[Function]) -> Vec<(&str, u64, usize)> {
    let mut crates: BTreeMap<&str, (u64, usize)> = BTreeMap::new();
    for function in functions {
        let (bytes, count) = crates.entry(owner(&function.name)).or_default();
        *bytes += function.bytes;
        *count += 1;
    }
    let mut crates: Vec<_> = crates
        .into_iter()
        .map(|(name, (bytes, count))| (name, bytes, count))
        .collect();
    crates.sort_by_key(|(_, bytes, _)| std::cmp::Reverse(*bytes));
    crates
}

/// A symbol without its hashes. wasm-bindgen has demangled it: `core[c59…]::str::…` where the new
/// scheme is used, `core::str::…::h4a9…` where the old one is.
fn readable(symbol: &str) -> String {
    let mut name = String::new();
    for (i, part) in symbol.split('[').enumerate() {
        let kept = match part.split_once(']') {
            Some((hash, rest)) if i > 0 && is_hash(hash) => rest,
            _ if i > 0 => {
                name.push('[');
                part
            }
            _ => part,
        };
        name.push_str(kept);
    }
    match name.rsplit_once("::h") {
        Some((path, hash)) if hash.len() == 16 && is_hash(hash) => path.to_owned(),
        _ => name,
    }
}

fn is_hash(text: &str) -> bool {
    text.len() > 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The crate whose source the function is from. What drops a value counts as the value's crate.
fn owner(name: &str) -> &str {
    if let Some(dropped) = name.strip_prefix("core::ptr::drop_in_place<") {
        return crates_in(dropped)
            .find(|name| !matches!(*name, "core" | "alloc" | "std"))
            .unwrap_or("core");
    }
    match crates_in(name).next() {
        Some("__rustc") => "std",
        Some(first) => first,
        // `<[u8]>::starts_with`
        None if name.starts_with('<') => "core",
        None => NO_CRATE,
    }
}

/// The first word of every path in a name.
fn crates_in(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .filter_map(|path| path.split_once("::"))
        .map(|(first, _)| first)
        .filter(|first| !first.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_hashes_and_nothing_else() {
        for (symbol, name) in [
            ("a::b::h45dfffe3c92f2d7d", "a::b"),
            ("std[a543996e6e7dbf1e]::panicking::f", "std::panicking::f"),
            ("<[u8]>::starts_with", "<[u8]>::starts_with"),
            ("a::hello", "a::hello"),
            ("__wbindgen_malloc", "__wbindgen_malloc"),
        ] {
            assert_eq!(readable(symbol), name);
        }
    }

    #[test]
    fn a_function_counts_as_the_crate_that_wrote_it() {
        for (name, crate_name) in [
            ("synctera_customers::call::run", "synctera_customers"),
            (
                "<alloc::string::String as core::fmt::Write>::write_str",
                "alloc",
            ),
            ("core::ptr::drop_in_place<alloc::vec::Vec<a::B>>", "a"),
            ("core::ptr::drop_in_place<alloc::string::String>", "core"),
            ("<&T as core::fmt::Debug>::fmt", "core"),
            ("<[u8]>::starts_with", "core"),
            ("__rustc::__rdl_dealloc", "std"),
            ("memcpy", NO_CRATE),
            ("customersapi_getCustomer externref shim", NO_CRATE),
        ] {
            assert_eq!(owner(name), crate_name, "{name}");
        }
    }

    #[test]
    fn a_module_is_taken_apart_by_sections_and_functions() {
        let wasm = sample();
        let names: Vec<String> = sections(&wasm)
            .expect("well-formed")
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(
            names,
            [
                "types",
                "functions' types",
                "exports",
                "code",
                "custom: name"
            ]
        );
        let functions = functions(&wasm).expect("well-formed");
        assert_eq!(functions[0].name, "one::f");
        assert_eq!(functions[0].bytes, 4);
        assert_eq!(by_crate(&functions), [("one", 4, 1)]);
    }

    /// A module with one function, `one::f`, which returns 1.
    fn sample() -> Vec<u8> {
        let mut module = walrus::Module::default();
        let mut function =
            walrus::FunctionBuilder::new(&mut module.types, &[], &[walrus::ValType::I32]);
        function
            .name(String::from("one::f"))
            .func_body()
            .i32_const(1);
        let id = function.finish(Vec::new(), &mut module.funcs);
        module.exports.add("f", id);
        module.emit_wasm()
    }
}
