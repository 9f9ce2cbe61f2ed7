//! `cargo xtask demo`: the whole thing at work, from nothing.
//!
//! Builds the package and the sandbox, lets the packed and installed package do the five
//! operations in Node, printing each exchange, and then serves the console.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::console::{self, Console};
use crate::sandbox::Sandbox;
use crate::{npm, package, process, project};

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

    let console = Console::start(&project::path("www"), &package::installed(&consumer), 0)?;
    let files = console::check(&console.url)?;
    println!("\nThe console answers with its page and the {files} files behind it.");
    if once {
        return Ok(());
    }
    // In the fragment, which a browser sends to no server.
    println!(
        "\nConsole:  {}/#baseUrl={}&token={}\nSandbox:  {}\nIts log:  {}\n\nCtrl-C ends both.",
        console.url,
        percent_encoded(&sandbox.base_url),
        percent_encoded(&sandbox.token),
        sandbox.base_url,
        log.display(),
    );
    console.wait()
}

fn drive(consumer: &Path, sandbox: &Sandbox) -> Result<()> {
    let script = consumer.join("demo.mjs");
    std::fs::copy(project::path("tests/e2e/demo.mjs"), &script).context("copying the script")?;
    process::run(
        npm::node()?
            .arg(script)
            .current_dir(consumer)
            .env("SYNCTERA_BASE_URL", &sandbox.base_url)
            .env("SYNCTERA_TOKEN", &sandbox.token),
    )
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_special_in_a_fragment_is_encoded() {
        assert_eq!(
            percent_encoded("http://a/?b&c"),
            "http%3A%2F%2Fa%2F%3Fb%26c"
        );
    }
}
