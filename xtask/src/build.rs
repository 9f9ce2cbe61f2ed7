//! `cargo xtask build`: everything that `pkg/dist` holds.
//!
//! ```text
//! cargo rustc ─▶ wasm-bindgen ─┬▶ wasm-opt ─▶ synctera_customers.wasm ─▶ wasm-base64.cjs, wasm-text.{js,cjs}
//!                              ├▶ glue + snippets ─▶ esbuild ─▶ core.{js,cjs}, core-browser.cjs
//!                              └▶ declarations ─▶ index.d.ts, index.d.cts
//! the same of sandbox/testing, pkg/testing.js ─▶ esbuild ─▶ testing.cjs
//! cli/, npm libraries ─▶ esbuild ─▶ cli.js, THIRD-PARTY.txt
//! cargo rustc, Cargo.lock, npm libraries ─▶ sbom.cdx.json
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use crate::once::Once;
use crate::third_party::{self, Library};
use crate::{cargo, declarations, npm, process, project, sbom, shims, size, text};
use anyhow::{Context, Result, bail};
use base64::prelude::{BASE64_STANDARD as BASE64, Engine as _};

/// The name of the module in the package, and of everything that wasm-bindgen writes for it.
const NAME: &str = "synctera_customers";

/// The name of the module of the sandbox in process, which is inside `testing.cjs`.
const TESTING: &str = "synctera_testing";

/// What `pkg/dist` holds after a build.
const PRODUCTS: &[&str] = &[
    "THIRD-PARTY.txt",
    "bulk.cjs",
    "bulk.d.cts",
    "cli.js",
    "core-browser.cjs",
    "core.cjs",
    "core.js",
    "index.d.cts",
    "index.d.ts",
    "sbom.cdx.json",
    "synctera_customers.wasm",
    "testing.cjs",
    "testing.d.cts",
    "wasm-base64.cjs",
    "wasm-text.cjs",
    "wasm-text.js",
    "webhooks.cjs",
    "webhooks.d.cts",
];

/// The entries without WebAssembly: each is a file of JavaScript and its declarations.
const PLAIN_ENTRIES: &[&str] = &["bulk", "webhooks"];

/// The WebAssembly features that this Rust enables for wasm32-unknown-unknown. Named one by one:
/// with `--all-features` wasm-opt writes types that Node 20 and Safari refuse.
const WASM_FEATURES: &[&str] = &[
    "bulk-memory",
    "bulk-memory-opt",
    "call-indirect-overlong",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

pub(crate) fn command(args: &[String]) -> Result<()> {
    if let Some(arg) = args.first() {
        bail!("`cargo xtask build` takes no arguments, got `{arg}`");
    }
    build()?;
    size::print()
}

/// Builds what is out of date, once in this process, and returns `pkg/dist`.
pub(crate) fn build() -> Result<PathBuf> {
    static BUILT: Once<PathBuf> = Once::new();
    BUILT.get(build_now)
}

fn build_now() -> Result<PathBuf> {
    // Two commands at once would write into the same folders.
    let _lock = project::lock("build")?;
    let dist = project::path("pkg/dist");
    let module = cargo::build_module(cargo::CLIENT)?;
    let testing = cargo::build_module(cargo::TESTING)?;
    let stamp = project::cache("build")?.join("stamp");
    let inputs = inputs(&[&module.file, &testing.file])?;
    let up_to_date = PRODUCTS.iter().all(|name| dist.join(name).exists())
        && fs::read(&stamp).is_ok_and(|old| old == inputs);
    if up_to_date {
        return Ok(dist);
    }

    let work = project::fresh_cache("build")?;
    let bound = work.join("wasm-bindgen");
    bind(&module.file, NAME, &bound)?;
    let made = work.join("dist");
    project::make_dir(&made)?;
    let wasm = made.join("synctera_customers.wasm");
    optimize(
        &bound.join(format!("{NAME}_bg.wasm")),
        &wasm,
        &SMALLEST,
        "--strip-debug",
    )?;
    inline(&wasm, &made)?;
    bundle(&bound, &made)?;
    bundle_testing(&testing.file, &work, &made)?;
    let libraries = bundle_cli(&work, &made)?;
    declare(&bound, &made)?;
    project::write(
        &made.join("THIRD-PARTY.txt"),
        third_party::notice(&libraries),
    )?;
    let crates = &module.crates | &testing.crates;
    let sbom = sbom::of(&crates, &libraries)?;
    project::write(&made.join("sbom.cdx.json"), sbom)?;
    publish(&made, &dist)?;
    project::write(&stamp, inputs)?;
    Ok(dist)
}

/// All that the products are made of. Compared whole, since it is small: no hash to trust.
fn inputs(modules: &[&Path]) -> Result<Vec<u8>> {
    let this = std::env::current_exe().context("finding this program")?;
    let mut inputs = Vec::new();
    let mut paths = project::files_in("cli", &[".js"])?;
    paths.extend(project::files_in("cli/commands", &[".js"])?);
    paths.extend(modules.iter().map(|path| path.to_path_buf()));
    paths.extend([
        project::path("Cargo.lock"),
        project::path("pkg/start.js"),
        project::path("pkg/text-coding.js"),
        project::path("pkg/testing.js"),
        project::path("pkg/entries/testing.d.ts"),
        project::path("pkg/entries/bulk.js"),
        project::path("pkg/entries/bulk.d.ts"),
        project::path("pkg/entries/webhooks.js"),
        project::path("pkg/entries/webhooks.d.ts"),
        project::path("pkg/package.json"),
        project::path("tests/package-lock.json"),
    ]);
    for path in paths {
        let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        inputs.extend(bytes);
    }
    // This program is tens of megabytes; when it was built says as much as its bytes.
    let built = fs::metadata(this)?.modified()?;
    inputs.extend(format!("{built:?}").into_bytes());
    Ok(inputs)
}

/// wasm-bindgen: the glue for `--target web`, which every runtime can load once it is bundled.
fn bind(module: &Path, name: &str, out: &Path) -> Result<()> {
    process::note("wasm-bindgen …");
    let (module, out) = (utf8(module)?, utf8(out)?);
    shims::run_wasm_bindgen(&[
        module,
        "--target=web",
        // Without it the glue holds `new URL("….wasm", import.meta.url)`: bundlers follow that
        // and emit a second copy of a module that the entries already carry.
        "--omit-default-module-path",
        "--remove-producers-section",
        "--out-name",
        name,
        "--out-dir",
        out,
    ])
}

/// The module and the glue of the crate that weighs as little as can be, made as the client's are.
pub(crate) fn floor() -> Result<(PathBuf, PathBuf)> {
    let module = cargo::build_module(cargo::FLOOR)?;
    let work = project::fresh_cache("floor")?;
    bind(&module.file, NAME, &work)?;
    let wasm = work.join("floor.wasm");
    optimize(
        &work.join(format!("{NAME}_bg.wasm")),
        &wasm,
        &SMALLEST,
        "--strip-debug",
    )?;
    Ok((wasm, work.join(format!("{NAME}.js"))))
}

/// What `core.js` was bundled from. To be called after [`build`].
pub(crate) fn core_sources() -> Result<PathBuf> {
    Ok(project::cache("build")?.join("wasm-bindgen/core.js"))
}

/// The module that is shipped, byte for byte, with the names of its functions: for looking
/// at, made anew by each call. To be called after [`build`].
pub(crate) fn module_with_names() -> Result<PathBuf> {
    let bound = project::cache("build")?.join("wasm-bindgen");
    let named = project::cache("size")?.join("named.wasm");
    optimize(
        &bound.join(format!("{NAME}_bg.wasm")),
        &named,
        &SMALLEST,
        "--debuginfo",
    )?;
    Ok(named)
}

/// wasm-opt's options for the client, which is small first.
const SMALLEST: [&str; 2] = ["-Oz", "--converge"];

/// `level` are the options that say how much is optimised, `names` is the one that says what becomes
/// of the functions' names.
fn optimize(module: &Path, out: &Path, level: &[&str], names: &str) -> Result<()> {
    process::note("wasm-opt …");
    let mut wasm_opt = npm::tool("wasm-opt")?;
    wasm_opt.arg("--mvp-features");
    wasm_opt.args(WASM_FEATURES.iter().map(|name| format!("--enable-{name}")));
    wasm_opt.args(level);
    wasm_opt.args([names, "--strip-producers"]);
    wasm_opt.arg("--strip-target-features");
    process::run_quietly(wasm_opt.arg(module).arg("-o").arg(out))
}

/// The module as text, for the entries that carry it inside: as small as it can be, and for Node,
/// where it is not downloaded, as what Node reads without a line of JavaScript.
fn inline(wasm: &Path, dist: &Path) -> Result<()> {
    let bytes = fs::read(wasm).with_context(|| format!("reading {}", wasm.display()))?;
    project::write(
        &dist.join("wasm-base64.cjs"),
        format!("module.exports = \"{}\";\n", BASE64.encode(&bytes)),
    )?;
    let (common, text) = text::encode(&bytes);
    let parts = format!("[\"{common}\", \"{text}\"];\n");
    project::write(
        &dist.join("wasm-text.js"),
        format!("export default {parts}"),
    )?;
    project::write(
        &dist.join("wasm-text.cjs"),
        format!("module.exports = {parts}"),
    )
}

/// The glue, the client's own snippets and what the entries start by, as one module; and the same
/// for `require()`.
fn bundle(bound: &Path, dist: &Path) -> Result<()> {
    process::note("esbuild …");
    let source = bound.join("core.js");
    // `start.js` makes the class that is exported from the module's own.
    let mut exports = format!(
        "export {{ CustomersApi as Core, checkBody, default, initSync, pageLimit, turnPage }} from \"./{NAME}.js\";\n"
    );
    for snippet in snippets(bound)? {
        exports.push_str(&format!("export * from \"./{snippet}\";\n"));
    }
    exports.push_str("export * from \"./start.js\";\n");
    project::write(&source, exports)?;
    for name in ["start.js", "text-coding.js"] {
        fs::copy(project::path("pkg").join(name), bound.join(name))
            .with_context(|| format!("copying {name}"))?;
    }
    let inject = format!("--inject:{}", utf8(&bound.join("text-coding.js"))?);
    for (name, args) in [
        ("core.js", &["--format=esm"][..]),
        ("core.cjs", &["--format=cjs"]),
        ("core-browser.cjs", &["--format=cjs", &inject]),
    ] {
        esbuild(&source, &dist.join(name), args)?;
    }
    for name in PLAIN_ENTRIES {
        let source = project::path(&format!("pkg/entries/{name}.js"));
        esbuild(
            &source,
            &dist.join(format!("{name}.cjs")),
            &["--format=cjs"],
        )?;
    }
    Ok(())
}

/// The sandbox in process as one file, its module inside as base64: it is not shipped to browsers.
fn bundle_testing(module: &Path, work: &Path, dist: &Path) -> Result<()> {
    let bound = work.join("testing");
    bind(module, TESTING, &bound)?;
    let wasm = bound.join("testing.wasm");
    optimize(
        &bound.join(format!("{TESTING}_bg.wasm")),
        &wasm,
        &["-O2"],
        "--strip-debug",
    )?;
    let source = bound.join("testing.js");
    fs::copy(project::path("pkg/testing.js"), &source).context("copying testing.js")?;
    esbuild(
        &source,
        &dist.join("testing.cjs"),
        &["--format=cjs", "--loader:.wasm=binary"],
    )
}

/// The command line with its libraries as one file, and those libraries. It imports the client by the
/// package's own name, as any program would, so that Node, Deno and Bun each take their entry.
fn bundle_cli(work: &Path, dist: &Path) -> Result<Vec<Library>> {
    let meta = work.join("cli.json");
    let metafile = format!("--metafile={}", utf8(&meta)?);
    esbuild(
        &project::path("cli/main.js"),
        &dist.join("cli.js"),
        &[
            "--format=esm",
            "--platform=node",
            "--external:synctera-customers",
            // A checkout may share the tools by a link, and the bundle names each library's path.
            "--preserve-symlinks",
            &metafile,
        ],
    )?;
    third_party::libraries(&meta)
}

fn esbuild(source: &Path, out: &Path, args: &[&str]) -> Result<()> {
    let mut command = npm::tool("esbuild")?;
    // esbuild writes each source's path, seen from here, above its part of the bundle.
    command.current_dir(project::cache("build")?);
    // Where the libraries of the command line are found.
    command.env("NODE_PATH", npm::tools()?);
    // Not minified: an uncaught error shows the line that it comes from, and stacks and profiles name
    // functions. Who ships to browsers bundles, and a bundler minifies.
    command
        .arg(source)
        .arg("--platform=neutral")
        .args(args)
        .args([
            "--bundle",
            "--target=es2022",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=warning",
        ]);
    command.arg(format!("--outfile={}", utf8(out)?));
    process::run_quietly(&mut command)
}

/// The JavaScript files below `snippets/`, relative to `bound`, in a stable order.
fn snippets(bound: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    let mut folders = vec![bound.join("snippets")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.context("listing the snippets")?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "js") {
                files.push(utf8(path.strip_prefix(bound)?)?.to_owned());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn declare(bound: &Path, dist: &Path) -> Result<()> {
    let generated = project::read(&bound.join(format!("{NAME}.d.ts")))?;
    let public = declarations::public(&generated)?;
    project::write(&dist.join("index.d.ts"), &public)?;
    // Copies, not links: TypeScript takes the module kind from the file's own name.
    project::write(&dist.join("index.d.cts"), &public)?;
    for name in PLAIN_ENTRIES.iter().chain(&["testing"]) {
        let types = project::read(&project::path(&format!("pkg/entries/{name}.d.ts")))?;
        let types = types.replace("../dist/index.js", "./index.cjs");
        project::write(&dist.join(format!("{name}.d.cts")), types)?;
    }
    Ok(())
}

/// Puts the finished files in place: never half a build in `pkg/dist`.
fn publish(made: &Path, dist: &Path) -> Result<()> {
    if dist.exists() {
        fs::remove_dir_all(dist).context("emptying pkg/dist")?;
    }
    fs::rename(made, dist).context("putting the build into pkg/dist")?;
    match PRODUCTS.iter().find(|name| !dist.join(name).exists()) {
        Some(missing) => bail!("the build made no {missing}"),
        None => Ok(()),
    }
}

fn utf8(path: &Path) -> Result<&str> {
    path.to_str()
        .with_context(|| format!("{} is not UTF-8", path.display()))
}
