//! The console (`www/`) on a loopback port, with the package's files below `/pkg/`.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow, bail};
use tiny_http::{Header, Request, Response, Server};

/// The MIME type by the file's extension. Browsers refuse modules and wasm under a wrong one.
const MIME_TYPES: &[(&str, &str)] = &[
    ("css", "text/css; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("ico", "image/x-icon"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("map", "application/json"),
    ("md", "text/markdown; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("ts", "text/plain; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("woff2", "font/woff2"),
];

/// A running server, stopped when dropped.
pub(crate) struct Console {
    server: Arc<Server>,
    thread: Option<JoinHandle<()>>,
    /// Where it is, without a slash at the end.
    pub(crate) url: String,
}

impl Console {
    /// Serves `www` at `/`, and `pkg` at `/pkg/`, on `port` (0: any free one).
    pub(crate) fn start(www: PathBuf, pkg: PathBuf, port: u16) -> Result<Self> {
        let server = Server::http(("127.0.0.1", port))
            .map_err(|error| anyhow!("cannot listen on 127.0.0.1:{port}: {error}"))?;
        let address = server.server_addr().to_ip().context("not an IP address")?;
        let server = Arc::new(server);
        let serving = Arc::clone(&server);
        let thread = thread::spawn(move || {
            for request in serving.incoming_requests() {
                // An error here is a browser that went away; there is nobody to tell.
                let _ = answer(request, &www, &pkg);
            }
        });
        Ok(Self {
            server,
            thread: Some(thread),
            url: format!("http://{address}"),
        })
    }

    /// Serves until the process is ended.
    pub(crate) fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(request: Request, www: &Path, pkg: &Path) -> std::io::Result<()> {
    let Some((file, bytes)) = locate(request.url(), www, pkg).and_then(|file| {
        let bytes = fs::read(&file).ok()?;
        Some((file, bytes))
    }) else {
        return request.respond(Response::from_string("not found\n").with_status_code(404));
    };
    let mut response = Response::from_data(bytes);
    for (name, value) in [
        ("content-type", mime_type(&file)),
        // What is served changes with every build.
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        // The page's own policy stands in it; this one a page cannot give itself.
        ("content-security-policy", "frame-ancestors 'none'"),
        // The address of the console carries the sandbox's token in its fragment.
        ("referrer-policy", "no-referrer"),
    ] {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    request.respond(response)
}

/// The file that the path of `url` names, never one outside the two folders.
fn locate(url: &str, www: &Path, pkg: &Path) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let (root, path) = match path.strip_prefix("pkg/") {
        Some(rest) => (pkg, rest),
        None => (www, path),
    };
    let relative = Path::new(path);
    // `%` is left encoded: no file of ours has a name that needs it.
    if !relative
        .components()
        .all(|component| matches!(component, Component::Normal(_)))
    {
        return None;
    }
    let file = root.join(relative);
    Some(if path.is_empty() || path.ends_with('/') {
        file.join("index.html")
    } else {
        file
    })
}

fn mime_type(file: &Path) -> &'static str {
    let extension = file.extension().and_then(|extension| extension.to_str());
    MIME_TYPES
        .iter()
        .find(|(known, _)| Some(*known) == extension)
        .map_or("application/octet-stream", |(_, mime)| mime)
}

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
        let wanted = if path == "/" {
            "text/html"
        } else {
            mime_type(Path::new(&path))
        };
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
            // A module's `import "name"` is a package; a page's `src="name"` is a file.
            (in_page || in_module && relative).then(|| resolve(folder, pair[1]))?
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
    use super::*;
    use crate::project;

    #[test]
    fn a_path_leads_to_its_file_and_never_out_of_the_folders() {
        let (www, pkg) = (Path::new("www"), Path::new("pkg"));
        for (url, wanted) in [
            ("/", Some("www/index.html")),
            ("/?a#b", Some("www/index.html")),
            ("/js/app.js?v=1", Some("www/js/app.js")),
            ("/pkg/entries/default.js", Some("pkg/entries/default.js")),
            ("/../Cargo.toml", None),
            ("/pkg/../../etc/passwd", None),
            ("//etc/passwd", None),
            ("no-slash", None),
        ] {
            let wanted = wanted.map(PathBuf::from);
            assert_eq!(locate(url, www, pkg), wanted, "for {url}");
        }
    }

    #[test]
    fn the_check_follows_what_the_page_loads_and_finds_a_missing_file() {
        let dir = project::cache("test-console").expect("a folder");
        let (www, pkg) = (dir.join("www"), dir.join("pkg"));
        project::make_dir(&www).expect("made");
        project::make_dir(&pkg).expect("made");
        let page = "<script type=\"module\" src=\"app.js\"></script>";
        project::write(&www.join("index.html"), page).expect("written");
        project::write(&www.join("app.js"), "import { A } from \"/pkg/a.js\";").expect("written");
        project::write(&pkg.join("a.js"), "export const A = 1;").expect("written");

        let console = Console::start(www, pkg.clone(), 0).expect("started");
        assert_eq!(check(&console.url).expect("all there"), 3);

        std::fs::remove_file(pkg.join("a.js")).expect("removed");
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
