//! The groups of tests: those first that fail fast.

use anyhow::Result;

use super::report::Report;
use super::{budgets, javascript, rust, wasm};

pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) run: fn() -> Result<Report>,
}

pub(super) const GROUPS: &[Group] = &[
    Group {
        name: "fmt",
        title: "the Rust is formatted",
        run: rust::fmt,
    },
    Group {
        name: "clippy",
        title: "clippy has nothing to say, natively and on wasm32",
        run: rust::clippy,
    },
    Group {
        name: "doc",
        title: "the Rust documentation builds without warnings",
        run: rust::doc,
    },
    Group {
        name: "crates",
        title: "the crates' licences, sources and versions are those that deny.toml allows",
        run: rust::crates,
    },
    Group {
        name: "native",
        title: "the client's policy against the contract, the sandbox and xtask, natively",
        run: rust::native,
    },
    Group {
        name: "wasm-node",
        title: "the client as WebAssembly in Node",
        run: wasm::node,
    },
    Group {
        name: "wasm-chromium",
        title: "the client as WebAssembly in Chromium",
        run: wasm::chromium,
    },
    Group {
        name: "wasm-firefox",
        title: "the client as WebAssembly in Firefox",
        run: wasm::firefox,
    },
    Group {
        name: "wasm-webkit",
        title: "the client as WebAssembly in WebKit",
        run: wasm::webkit,
    },
    Group {
        name: "wasm-pack",
        title: "the same by `wasm-pack test --headless --chrome`",
        run: wasm::wasm_pack,
    },
    Group {
        name: "host",
        title: "the client's own JavaScript by itself, with the rules out of Rust",
        run: javascript::host,
    },
    Group {
        name: "scripts",
        title: "the types of the client's own JavaScript and of the console",
        run: javascript::scripts,
    },
    Group {
        name: "reproducible",
        title: "the same package from a second build, in other folders",
        run: rust::reproducible,
    },
    Group {
        name: "size",
        title: "what users of each entry download, against its budget",
        run: budgets::size,
    },
    Group {
        name: "instructions",
        title: "what a call executes of the module, against its budget",
        run: budgets::instructions,
    },
    Group {
        name: "package",
        title: "what the packed package holds and exports",
        run: javascript::package,
    },
    Group {
        name: "contract",
        title: "the generated types against the contract",
        run: javascript::contract,
    },
    Group {
        name: "packaging",
        title: "the package's types by every TypeScript, its manifest and its files",
        run: javascript::packaging,
    },
    Group {
        name: "security",
        title: "no secret leaks and bad input gets nowhere: odd objects, memory, fuzz, promises",
        run: javascript::security,
    },
    Group {
        name: "security-runtimes",
        title: "the same of what every runtime prints, and of where its requests go",
        run: javascript::security_runtimes,
    },
    Group {
        name: "runtimes",
        title: "the installed package against the sandbox, on every runtime",
        run: javascript::runtimes,
    },
    Group {
        name: "faults",
        title: "calls under faults on five runtimes, the exactly-once run, the soak",
        run: javascript::faults,
    },
    Group {
        name: "bundlers",
        title: "the installed package in an app of every bundler",
        run: javascript::bundlers,
    },
    Group {
        name: "console",
        title: "the console in Chromium, by the installed package, against the sandbox",
        run: javascript::console,
    },
    Group {
        name: "proxy",
        title: "the example proxy in workerd against the sandbox, and the console through it",
        run: javascript::proxy,
    },
    Group {
        name: "bench",
        title: "the measurements run, quickly, and write their document",
        run: javascript::bench,
    },
    Group {
        name: "schemathesis",
        title: "the sandbox keeps to the OpenAPI document under generated requests",
        run: javascript::schemathesis,
    },
    Group {
        name: "demo",
        title: "`cargo xtask demo --once`",
        run: javascript::demo,
    },
];
