//! The groups of tests, in the order in which they start: those first that fail fast, then those
//! that take turns at cargo's folder, next to which all others run.

use anyhow::Result;

use super::needs::{CHROMIUM, FIREFOX, Need, PACKAGE, RUNTIMES, WEBKIT};
use super::report::Report;
use super::schedule::Resource;
use super::{budgets, javascript, rust, wasm};
use crate::{python, site, tools};

pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// What is to be provided for before it starts. A tool that is missing here is installed all
    /// the same, when it is asked for: later, and unannounced.
    pub(super) needs: &'static [&'static [Need]],
    /// What it must have for itself.
    pub(super) holds: &'static [Resource],
    pub(super) run: fn() -> Result<Report>,
}

const BENCH: &[Need] = &[
    Need::Npm("benches"),
    Need::Debian(tools::JAVA),
    Need::Python(python::BENCH),
];

pub(super) const GROUPS: &[Group] = &[
    Group {
        name: "fmt",
        title: "the Rust is formatted",
        needs: &[],
        holds: &[],
        run: rust::fmt,
    },
    Group {
        name: "clippy",
        title: "clippy has nothing to say, natively and on wasm32",
        needs: &[],
        holds: &[Resource::Target],
        run: rust::clippy,
    },
    Group {
        name: "crates",
        title: "the crates' licences, sources and versions are those that deny.toml allows",
        needs: &[&[Need::Crate(tools::CARGO_DENY)]],
        holds: &[],
        run: rust::crates,
    },
    Group {
        name: "doc",
        title: "the Rust documentation builds without warnings",
        needs: &[],
        holds: &[Resource::Target],
        run: rust::doc,
    },
    Group {
        name: "native",
        title: "the client's policy against the contract, the sandbox and xtask, natively",
        needs: &[],
        holds: &[Resource::Target],
        run: rust::native,
    },
    Group {
        name: "wasm-node",
        title: "the client as WebAssembly in Node",
        needs: &[],
        holds: &[Resource::Target],
        run: wasm::node,
    },
    Group {
        name: "wasm-chromium",
        title: "the client as WebAssembly in Chromium",
        needs: &[CHROMIUM],
        holds: &[Resource::Target],
        run: wasm::chromium,
    },
    Group {
        name: "wasm-firefox",
        title: "the client as WebAssembly in Firefox",
        needs: &[FIREFOX],
        holds: &[Resource::Target],
        run: wasm::firefox,
    },
    Group {
        name: "wasm-webkit",
        title: "the client as WebAssembly in WebKit",
        needs: &[WEBKIT],
        holds: &[Resource::Target],
        run: wasm::webkit,
    },
    Group {
        name: "wasm-pack",
        title: "the same by `wasm-pack test --headless --chrome`, and no `wasm-pack build` changes pkg/",
        needs: &[CHROMIUM, &[Need::Crate(tools::WASM_PACK)]],
        holds: &[Resource::Target],
        run: wasm::wasm_pack,
    },
    Group {
        name: "js",
        title: "the client's own JavaScript by itself, with the rules out of Rust",
        needs: &[&[Need::Tools]],
        holds: &[Resource::Target],
        run: javascript::js,
    },
    Group {
        name: "packaging",
        title: "the package's manifest and its files, and that it could be published",
        needs: &[PACKAGE, CHROMIUM, RUNTIMES, &[Need::Npm("tests/packaging")]],
        holds: &[Resource::Target],
        run: javascript::packaging,
    },
    Group {
        name: "demo",
        title: "`cargo xtask demo --once`",
        needs: &[PACKAGE],
        holds: &[Resource::Target],
        run: javascript::demo,
    },
    Group {
        name: "types",
        title: "the package's types by every TypeScript, for every host",
        needs: &[PACKAGE, CHROMIUM, &[Need::Npm("tests/packaging")]],
        holds: &[],
        run: javascript::types,
    },
    Group {
        name: "docs",
        title: "the links between documents, their site, the TypeScript reference",
        needs: &[PACKAGE, &[Need::Npm(site::TOOLS)]],
        holds: &[],
        run: javascript::docs,
    },
    Group {
        name: "scripts",
        title: "the types of the client's own JavaScript, of the command line and of the console",
        needs: &[PACKAGE, &[Need::Npm("tests/packaging")]],
        holds: &[],
        run: javascript::scripts,
    },
    Group {
        name: "size",
        title: "what users of each entry download, against its budget",
        needs: &[PACKAGE],
        holds: &[],
        run: budgets::size,
    },
    Group {
        name: "instructions",
        title: "what a call executes of the module, against its budget",
        needs: &[PACKAGE],
        holds: &[],
        run: budgets::instructions,
    },
    Group {
        name: "package",
        title: "what the packed package holds and exports",
        needs: &[PACKAGE, CHROMIUM],
        holds: &[],
        run: javascript::package,
    },
    Group {
        name: "cli",
        title: "the installed package's command line against the sandbox, in Node, Deno and Bun",
        needs: &[PACKAGE, CHROMIUM, RUNTIMES],
        holds: &[],
        run: javascript::cli,
    },
    Group {
        name: "testing",
        title: "the sandbox in process, by itself and in every test runner's example",
        needs: &[PACKAGE, CHROMIUM, RUNTIMES, &[Need::Npm("tests/testing")]],
        holds: &[],
        run: javascript::testing,
    },
    Group {
        name: "simulation",
        title: "clients and the sandbox on one virtual clock, by drawn schedules",
        needs: &[PACKAGE],
        holds: &[],
        run: javascript::simulation,
    },
    Group {
        name: "contract",
        title: "the generated types against the contract",
        needs: &[PACKAGE, CHROMIUM],
        holds: &[],
        run: javascript::contract,
    },
    Group {
        name: "bundlers",
        title: "the installed package in an app of every bundler",
        needs: &[PACKAGE, CHROMIUM, &[Need::Npm("tests/bundlers")]],
        holds: &[],
        run: javascript::bundlers,
    },
    Group {
        name: "faults",
        title: "calls under faults on five runtimes, the exactly-once run, the soak",
        needs: &[PACKAGE, CHROMIUM, RUNTIMES],
        holds: &[],
        run: javascript::faults,
    },
    Group {
        name: "runtimes",
        title: "the installed package against the sandbox, on every runtime",
        needs: &[PACKAGE, CHROMIUM, FIREFOX, WEBKIT, RUNTIMES],
        holds: &[],
        run: javascript::runtimes,
    },
    Group {
        name: "security-runtimes",
        title: "the same of what every runtime prints, and of where its requests go",
        needs: &[PACKAGE, CHROMIUM, FIREFOX, WEBKIT, RUNTIMES],
        holds: &[],
        run: javascript::security_runtimes,
    },
    Group {
        name: "security",
        title: "no secret leaks and bad input gets nowhere: odd objects, memory, fuzz, promises",
        needs: &[PACKAGE, CHROMIUM, &[Need::Npm("tests/security")]],
        holds: &[],
        run: javascript::security,
    },
    Group {
        name: "console",
        title: "the console in Chromium, Firefox and WebKit, by the installed package, against the sandbox",
        needs: &[PACKAGE, CHROMIUM, FIREFOX, WEBKIT],
        holds: &[],
        run: javascript::console,
    },
    Group {
        name: "proxy",
        title: "the example proxy in workerd against the sandbox, and the console through it",
        needs: &[
            PACKAGE,
            CHROMIUM,
            RUNTIMES,
            &[Need::Npm("tests/bundlers"), Need::Npm("tests/packaging")],
        ],
        holds: &[],
        run: javascript::proxy,
    },
    Group {
        name: "bulk-worker",
        title: "the example of many Workers within one limit, in workerd against the sandbox",
        needs: &[
            PACKAGE,
            CHROMIUM,
            RUNTIMES,
            &[Need::Npm("tests/bundlers"), Need::Npm("tests/packaging")],
        ],
        holds: &[],
        run: javascript::bulk_worker,
    },
    Group {
        name: "first-hour",
        title: "a new user's projects: Node, a page, a Worker, Deno, Vitest, an editor, OpenTelemetry, the console",
        needs: &[
            PACKAGE,
            CHROMIUM,
            RUNTIMES,
            &[
                Need::Npm("tests/bundlers"),
                Need::Npm("tests/packaging"),
                Need::Npm("tests/first-hour"),
            ],
        ],
        holds: &[],
        run: javascript::first_hour,
    },
    Group {
        name: "examples",
        title: "each project of examples/ compiles, builds, starts and does what it shows",
        needs: &[PACKAGE, CHROMIUM, RUNTIMES, &[Need::Npm("tests/examples")]],
        holds: &[],
        run: javascript::examples,
    },
    Group {
        name: "reproducible",
        title: "the same package from a second build, in other folders",
        needs: &[PACKAGE, &[Need::Debian(tools::GIT)]],
        holds: &[],
        run: rust::reproducible,
    },
    Group {
        name: "bench",
        title: "the measurements run, quickly, and write their document",
        needs: &[PACKAGE, CHROMIUM, RUNTIMES, BENCH],
        holds: &[],
        run: javascript::bench,
    },
    Group {
        name: "schemathesis",
        title: "the sandbox keeps to the OpenAPI document under generated requests",
        needs: &[PACKAGE, &[Need::Python(python::SCHEMATHESIS)]],
        holds: &[],
        run: javascript::schemathesis,
    },
];
