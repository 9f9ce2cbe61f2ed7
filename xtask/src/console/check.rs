//! Whether all that the console's page loads is there.

use anyhow::{Context, Result, bail};

/// Asks the console for its page and for all that the page and its modules load, as a browser
/// would: each must be there, with a MIME type that a browser takes. Returns how many there were.
pub(crate) fn check(url: &str) -> Result<usize> {
    let mut to_visit = vec!["/".to_owned()];
    let mut seen: Vec<String> = Vec::new();
    while let Some(path) = to_visit.pop() {
        if seen.contains(&path) {
            continue;
        }
        let (mime, body) = fetch(&format!("{url}{path}"))?;
        let wanted = wanted_type(&path);
        if !mime.starts_with(wanted) {
            bail!("the console serves {path} as {mime}, not as {wanted}");
        }
        if mime.starts_with("text/html") || mime.starts_with("text/javascript") {
            to_visit.extend(references(&path, &body));
        }
        seen.push(path);
    }
    for (what, found) in [
        (
            "script",
            seen.iter()
                .any(|path| path.ends_with(".js") && !path.starts_with("/pkg/")),
        ),
        (
            "file of the package",
            seen.iter().any(|path| path.starts_with("/pkg/")),
        ),
    ] {
        if !found {
            bail!("the console's page loads no {what}");
        }
    }
    Ok(seen.len())
}

/// The MIME type under which a browser takes a file; any if it does not care.
fn wanted_type(path: &str) -> &'static str {
    match path.rsplit_once('.') {
        None => "text/html",
        Some((_, "css")) => "text/css",
        Some((_, "js")) => "text/javascript",
        Some((_, "svg")) => "image/svg+xml",
        Some((_, "wasm")) => "application/wasm",
        Some(_) => "",
    }
}

fn fetch(url: &str) -> Result<(String, String)> {
    let mut response = ureq::get(url)
        .call()
        .with_context(|| format!("GET {url}"))?;
    let mime = response
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("nothing")
        .to_owned();
    let body = response.body_mut().read_to_vec()?;
    Ok((mime, String::from_utf8_lossy(&body).into_owned()))
}

/// The paths on this server that a page or module loads: what stands between quotes after
/// `src=`, `href=`, `from`, `import` or, in an import map, a colon.
fn references(from: &str, text: &str) -> Vec<String> {
    let folder = &from[..=from.rfind('/').unwrap_or(0)];
    let pieces: Vec<&str> = text.split(['"', '\'']).collect();
    pieces
        .windows(2)
        .filter_map(|pair| {
            let before = pair[0].trim_end();
            let in_page = before.ends_with("src=") || before.ends_with("href=");
            let in_module = ["from", "import", "import(", ":"]
                .iter()
                .any(|end| before.ends_with(end));
            let relative = ["/", "./", "../"]
                .iter()
                .any(|start| pair[1].starts_with(start));
            // A type in a comment, `{import("./types.js").Name}`, is never loaded.
            let in_type = before.ends_with("{import(");
            // A module's `import "name"` is a package; a page's `src="name"` is a file.
            (in_page || in_module && relative && !in_type).then(|| resolve(folder, pair[1]))?
        })
        .collect()
}

/// The path that a reference on a page in `folder` leads to, if it is a file of this server.
fn resolve(folder: &str, reference: &str) -> Option<String> {
    let reference = reference.split(['?', '#']).next()?;
    let elsewhere = reference.contains(':') || reference.starts_with("//");
    let a_file = reference.rsplit('/').next()?.contains('.');
    if elsewhere || !a_file || reference.contains(char::is_whitespace) {
        return None;
    }
    let full = match reference.strip_prefix('/') {
        Some(_) => reference.to_owned(),
        None => format!("{folder}{reference}"),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in full.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::super::tests::console;
    use super::*;

    #[test]
    fn the_check_follows_what_the_page_loads_and_finds_a_missing_file() {
        let page = "<script type=\"module\" src=\"app.js\"></script>";
        let files = [
            ("www/index.html", page),
            ("www/app.js", "import { A } from \"/pkg/a.js\";"),
            ("pkg/a.js", "export const A = 1;"),
        ];
        let (console, dir) = console("check", &files);
        assert_eq!(check(&console.url).expect("all there"), 3);

        std::fs::remove_file(dir.join("pkg/a.js")).expect("removed");
        let error = check(&console.url).expect_err("one is missing");
        assert!(format!("{error:#}").contains("/pkg/a.js"));
    }

    #[test]
    fn references_are_resolved_as_a_browser_resolves_them() {
        for (from, text, wanted) in [
            ("/", "<link href=\"style.css\">", vec!["/style.css"]),
            ("/js/a.js", "import x from './b.js'", vec!["/js/b.js"]),
            (
                "/js/a.js",
                "export * from \"../pkg/c.js\"",
                vec!["/pkg/c.js"],
            ),
            ("/js/a.js", "import x from 'synctera-customers'", vec![]),
            ("/js/a.js", "/** @type {import(\"./b.js\").B} */", vec![]),
            (
                "/",
                "{\"imports\": {\"p\": \"/pkg/d.js\"}}",
                vec!["/pkg/d.js"],
            ),
            ("/", "<a href=\"https://example.com/x.html\">", vec![]),
            ("/a.js", "let s = \"a.b.c\";", vec![]),
        ] {
            assert_eq!(references(from, text), wanted, "in {text}");
        }
    }
}
