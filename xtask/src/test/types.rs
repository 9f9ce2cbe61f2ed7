//! The package's declarations, as TypeScript programs see them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::report::Report;
use crate::{npm, package, project};

/// The compilers that must accept the package: the current one and the last of the line before.
const TYPESCRIPTS: &[&str] = &["typescript", "typescript-5.9"];

/// What the examples use of Node. Its own types would bring a hundred files to check, which are
/// not ours, and hide it if the package needed them.
const HOST: &str = "declare const process: { env: Record<string, string | undefined> };\n";

/// The files whose examples are compiled.
const READMES: &[&str] = &["README.md", "pkg/README.md"];

/// Uses the package by `import` and by `require`, in a program that knows neither DOM nor Node.
const BARE: &[(&str, &str)] = &[
    (
        "import.mts",
        "import { CustomersApi, isSyncteraError } from \"synctera-customers\";\n\
         import { init } from \"synctera-customers/slim\";\n\
         export const api: CustomersApi = new CustomersApi({ accessToken: \"t\" });\n\
         export const ready: Promise<void> = init(\"https://example.com/module.wasm\");\n\
         export const ours: boolean = isSyncteraError(undefined);\n",
    ),
    (
        "require.cts",
        "import customers = require(\"synctera-customers\");\n\
         export const api = new customers.CustomersApi({ accessToken: \"t\" });\n",
    ),
];

pub(super) fn types() -> Result<Report> {
    let project = package::consumer("types")?;
    if copy_types(&project)? + copy_examples(&project)? == 0 {
        bail!("there is nothing to compile: no tests/types/*.ts and no ```ts block in {READMES:?}");
    }
    project::write(&project.join("process-env.d.ts"), HOST)?;
    let bare = project.join("bare");
    project::make_dir(&bare)?;
    for (name, text) in BARE {
        project::write(&bare.join(name), text)?;
    }
    let configs = [
        config(&project, "nodenext", &["es2022", "dom"])?,
        config(&project, "bundler", &["es2022", "dom"])?,
        config(&bare, "nodenext", &["es2022"])?,
        // The console is JavaScript whose comments hold its types; it uses the package's.
        project::path("www/tsconfig.json"),
    ];
    let mut report = Report::default();
    for config in &configs {
        for compiler in TYPESCRIPTS {
            report = report.check(compile(compiler)?.arg(config))?;
        }
    }
    Ok(report)
}

fn compile(compiler: &str) -> Result<Command> {
    let tsc = npm::tools()?.join(compiler).join("bin/tsc");
    let mut command = npm::node()?;
    command.arg(tsc).arg("--project");
    Ok(command)
}

/// Writes a project file: strict, and without `skipLibCheck`, so that the package's own
/// declarations are checked too.
fn config(dir: &Path, resolution: &str, lib: &[&str]) -> Result<PathBuf> {
    let module = if resolution == "bundler" {
        "esnext"
    } else {
        resolution
    };
    let config = json!({
        "compilerOptions": {
            "strict": true,
            "exactOptionalPropertyTypes": true,
            "noUncheckedIndexedAccess": true,
            "noEmit": true,
            "skipLibCheck": false,
            "target": "es2022",
            "lib": lib,
            "module": module,
            "moduleResolution": resolution,
            // None but what the package and the files themselves bring.
            "types": [],
        },
        "include": ["*.ts", "*.mts", "*.cts"],
    });
    let file = dir.join(format!("tsconfig.{resolution}.json"));
    project::write(&file, config.to_string())?;
    Ok(file)
}

/// Copies `tests/types/*.ts` (and `.mts`, `.cts`); returns how many there are.
fn copy_types(project: &Path) -> Result<usize> {
    let mut copied = 0;
    for file in project::files_in("tests/types", &[".ts", ".mts", ".cts"])? {
        let name = file.file_name().context("a file has no name")?;
        fs::copy(&file, project.join(name))
            .with_context(|| format!("copying {}", file.display()))?;
        copied += 1;
    }
    Ok(copied)
}

/// Writes each TypeScript example of the READMEs into a module; returns how many there are.
fn copy_examples(project: &Path) -> Result<usize> {
    let mut written = 0;
    for readme in READMES {
        let Ok(text) = fs::read_to_string(project::path(readme)) else {
            continue;
        };
        for (line, example) in examples(&text) {
            let name = format!("{}-line-{line}.ts", readme.replace(['/', '.'], "-"));
            // An example without an import would be a script, which may not await.
            project::write(&project.join(name), format!("{example}\nexport {{}};\n"))?;
            written += 1;
        }
    }
    Ok(written)
}

/// The fenced TypeScript blocks of a Markdown text, each with the number of its first line.
fn examples(markdown: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in markdown.lines().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match (&mut open, fence.map(str::trim)) {
            (None, Some("ts" | "typescript")) => open = Some((index + 2, String::new())),
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some((_, example)), None) => {
                example.push_str(line);
                example.push('\n');
            }
            (None, _) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_typescript_blocks_of_a_readme_are_examples() {
        let readme = "# T\n```ts\nconst a = 1;\n```\n```sh\nls\n```\n  ```typescript\nb();\n```\n";
        let wanted = vec![
            (3, String::from("const a = 1;\n")),
            (9, String::from("b();\n")),
        ];
        assert_eq!(examples(readme), wanted);
    }
}
