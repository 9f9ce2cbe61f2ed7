//! The package's public TypeScript declarations, out of those that wasm-bindgen generates.

use anyhow::{Context, Result, bail};

/// Where the part begins that declares how wasm-bindgen's glue is loaded. The entries do that;
/// users must not see it. wasm-bindgen writes it last.
const LOADING: &str = "export type InitInput =";

/// The names of that part, none of which may leak.
const LOADING_NAMES: &[&str] = &["InitInput", "InitOutput", "initSync", "__wbg_init"];

/// What wasm-bindgen declares in each class. TypeScript refuses it where a program's libraries lack
/// `Symbol.dispose`, and a reference to `esnext.disposable` where the compiler is older than 5.2.
const DISPOSE: &str = "    [Symbol.dispose](): void;\n";

/// How a class begins. wasm-bindgen writes nothing between its name and its brace.
const CLASS: &str = "export class ";

/// Keeps the types and classes, drops the loading.
pub(crate) fn public(generated: &str) -> Result<String> {
    let (public, loading) = generated.split_once(LOADING).with_context(|| {
        format!("wasm-bindgen's declarations have no `{LOADING}`: has its output changed?")
    })?;
    if let Some(line) = loading
        .lines()
        .find(|line| line.starts_with("export class"))
    {
        bail!("wasm-bindgen declares `{line}` after its loading part: has its output changed?");
    }
    if let Some(name) = LOADING_NAMES.iter().find(|name| public.contains(**name)) {
        bail!("`{name}` would leak into the public types: has wasm-bindgen's output changed?");
    }
    let public = public
        .trim_start_matches("/* tslint:disable */\n")
        .trim_start_matches("/* eslint-disable */\n");
    disposable_where_known(&optional_or_undefined(public))
}

/// Lets every optional property be `undefined` as well. Under `exactOptionalPropertyTypes` the two
/// differ, and a program that has `string | undefined` should not need a condition for each. Not of
/// what `fetch` is given: its own type, `RequestInit`, has no `undefined`.
fn optional_or_undefined(declarations: &str) -> String {
    let mut text = String::with_capacity(declarations.len());
    let mut is_for_fetch = false;
    for line in declarations.lines() {
        if !line.starts_with(' ') {
            is_for_fetch = line == "export interface FetchInit {" || is_for_fetch && line != "}";
        }
        let property = line.split_once("?: ").and_then(|(name, kind)| {
            let is_property =
                line.starts_with("    ") && !name.contains(['(', '*']) && !is_for_fetch;
            is_property
                .then(|| (name, kind.strip_suffix(';')))
                .filter(|(_, kind)| kind.is_some())
        });
        match property {
            Some((name, Some(kind))) if kind.contains("=>") => {
                text.push_str(&format!("{name}?: ({kind}) | undefined;\n"));
            }
            Some((name, Some(kind))) => text.push_str(&format!("{name}?: {kind} | undefined;\n")),
            _ => text.push_str(&format!("{line}\n")),
        }
    }
    text
}

/// Takes `[Symbol.dispose]` out of each class and adds it by a merged interface, whose conditional
/// type gives nothing where the program does not know the symbol. At run time it is the same: the
/// glue adds the method where `Symbol.dispose` exists.
fn disposable_where_known(declarations: &str) -> Result<String> {
    let mut parts = declarations.split(DISPOSE).peekable();
    let mut declared = String::new();
    let mut interfaces = String::new();
    while let Some(part) = parts.next() {
        declared.push_str(part);
        if parts.peek().is_some() {
            let class = declared
                .rsplit_once(CLASS)
                .and_then(|(_, class)| class.split_once(' '))
                .map(|(name, _)| name)
                .context("wasm-bindgen declares `[Symbol.dispose]` outside of a class")?;
            interfaces.push_str(&disposable(class));
        }
    }
    if declared.contains("Symbol.dispose]") {
        bail!("wasm-bindgen declares `[Symbol.dispose]` otherwise: has its output changed?");
    }
    Ok(format!("{}\n{interfaces}", declared.trim_end()))
}

fn disposable(class: &str) -> String {
    format!(
        "\n/** For `using`: has `[Symbol.dispose]` where the program's libraries know it \
         (`esnext.disposable`). */\n\
         export interface {class} extends Record<SymbolConstructor extends \
         {{ readonly dispose: infer S extends symbol }} ? S : never, () => void> {{}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATED: &str = "/* tslint:disable */\n/* eslint-disable */\n\
        export class CustomersApi {\n    free(): void;\n    [Symbol.dispose](): void;\n}\n\n\
        export type InitInput = URL;\n\
        export interface InitOutput {\n}\nexport default function __wbg_init(): void;\n";

    #[test]
    fn the_loading_part_is_dropped_and_the_rest_kept() {
        let public = public(GENERATED).expect("well-formed");
        assert_eq!(
            public,
            format!(
                "export class CustomersApi {{\n    free(): void;\n}}\n{}",
                disposable("CustomersApi")
            )
        );
    }

    #[test]
    fn each_class_that_is_disposable_says_so_where_the_symbol_is_known() {
        let two = GENERATED.replace(
            "export type",
            "export class Other {\n}\nexport class Third {\n    [Symbol.dispose](): void;\n}\n\
             export type",
        );
        let public = public(&two).expect("well-formed");
        assert!(!public.contains(DISPOSE));
        assert!(public.contains("export interface CustomersApi extends Record<"));
        assert!(public.contains("export interface Third extends Record<"));
        assert!(!public.contains("export interface Other"));
    }

    #[test]
    fn an_optional_property_may_be_undefined() {
        let given = "export interface A {\n    a: string;\n    b?: string;\n    readonly c?: (x: B) => void;\n    \
            d?(): void;\n}\n";
        assert_eq!(
            optional_or_undefined(given),
            "export interface A {\n    a: string;\n    b?: string | undefined;\n    \
            readonly c?: ((x: B) => void) | undefined;\n    d?(): void;\n}\n"
        );
        let for_fetch = "export interface FetchInit {\n    body?: string;\n}\n";
        assert_eq!(optional_or_undefined(for_fetch), for_fetch);
    }

    #[test]
    fn a_symbol_declared_in_another_way_is_refused() {
        let changed = GENERATED.replace(DISPOSE, "    get [Symbol.dispose](): () => void;\n");
        let error = public(&changed).expect_err("would not compile everywhere");
        assert!(error.to_string().contains("Symbol.dispose"));
    }

    #[test]
    fn a_loading_name_among_the_types_is_refused() {
        let leaking = format!("export function initSync(): void;\n{GENERATED}");
        let error = public(&leaking).expect_err("leaks");
        assert!(error.to_string().contains("initSync"));
    }

    #[test]
    fn a_class_after_the_loading_part_is_refused() {
        let reordered = format!("{GENERATED}export class Other {{}}\n");
        assert!(public(&reordered).is_err());
    }
}
