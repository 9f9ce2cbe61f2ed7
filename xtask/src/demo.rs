//! `cargo xtask demo`: the whole thing at work, from nothing.
//!
//! Builds the package and the sandbox, lets the packed and installed package do the five
//! operations in Node, printing each exchange, and then serves the console.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::console::{self, Connection, Console};
use crate::sandbox::Sandbox;
use crate::{npm, package, process, project, site};

/// How many customers the sandbox starts with: more than one page of the console.
const SEED: &str = "250";

pub(crate) fn command(args: &[String]) -> Result<()> {
    let once = match args {
        [] => false,
        [arg] if arg == "--once" => true,
        _ => bail!("`cargo xtask demo` takes one argument at most, `--once`"),
    };

    let consumer = package::consumer("demo")?;
    let data = project::fresh_cache("demo-data")?;
    let (database, log) = (data.join("sandbox.db"), data.join("sandbox.log"));
    let database = database
        .to_str()
        .context("the project's path is not UTF-8")?;
    let sandbox = Sandbox::start(&["--db", database, "--seed", SEED], &log)?;

    println!("\nThe five operations, by the installed package in Node:\n");
    drive(&consumer, &sandbox)?;

    let console = Console::open(&package::installed(&consumer), 0)?;
    let files = console::check(&console.url)?;
    let documents = site::serve()?;
    println!("\nThe console answers with its page and the {files} files behind it.");
    if once {
        return Ok(());
    }
    let link = console.link(Connection {
        base_url: sandbox.base_url.clone(),
        token: sandbox.token.clone(),
    });
    println!(
        "\nConsole:  {link}\n          This link connects once, within {} minutes. After that, open {}/ and\n          \
         type the sandbox's address and token.\nDocs:     {}/\nSandbox:  {}\nToken:    {}\nIts log:  {}\n\n\
         Ctrl-C ends all.",
        console::LINK_LIFETIME.as_secs() / 60,
        console.url,
        documents.url,
        sandbox.base_url,
        sandbox.token,
        log.display(),
    );
    console.wait()
}

fn drive(consumer: &Path, sandbox: &Sandbox) -> Result<()> {
    let script = consumer.join("demo.mjs");
    std::fs::copy(project::path("tests/package/demo.mjs"), &script)
        .context("copying the script")?;
    process::run(
        npm::node()?
            .arg(script)
            .current_dir(consumer)
            .env("SYNCTERA_BASE_URL", &sandbox.base_url)
            .env("SYNCTERA_TOKEN", &sandbox.token),
    )
}
