//! The console (`www/`) on a loopback port, with the package's files below `/pkg/`.

use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::Request;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;

/// What every response says, those of status 404 included.
const HEADERS: &[(HeaderName, &str)] = &[
    // What is served changes with every build.
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // The page's own policy stands in it; this one a page cannot give itself.
    (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"),
    // The address of the console carries the sandbox's token in its fragment.
    (header::REFERRER_POLICY, "no-referrer"),
];

/// A running server, stopped when dropped.
pub(crate) struct Console {
    runtime: Runtime,
    serving: JoinHandle<io::Result<()>>,
    /// Where it is, without a slash at the end.
    pub(crate) url: String,
}

impl Console {
    /// Serves `www` at `/`, and `pkg` at `/pkg/`, on `port` (0: any free one).
    ///
    /// # Errors
    ///
    /// Fails if the port cannot be listened on, because another program does for example.
    pub(crate) fn start(www: &Path, pkg: &Path, port: u16) -> Result<Self> {
        let runtime = Runtime::new().context("starting the console's threads")?;
        let listener = runtime
            .block_on(TcpListener::bind(("127.0.0.1", port)))
            .with_context(|| format!("the console cannot listen on 127.0.0.1:{port}"))?;
        let url = format!("http://{}", listener.local_addr()?);
        let app = router(www, pkg);
        let serving = runtime.spawn(async move { axum::serve(listener, app).await });
        Ok(Self {
            runtime,
            serving,
            url,
        })
    }

    /// Serves until the process is ended.
    pub(crate) fn wait(self) -> Result<()> {
        self.runtime
            .block_on(self.serving)?
            .context("serving the console")
    }
}

fn router(www: &Path, pkg: &Path) -> Router {
    // A redirect to the folder's address would leave out `/pkg`; no folder but the first has an
    // index anyway.
    let files = |folder| ServeDir::new(folder).redirect_to_trailing_slash(false);
    Router::new()
        .nest_service("/pkg", files(pkg))
        .fallback_service(files(www))
        .layer(middleware::from_fn(set_headers))
}

async fn set_headers(request: Request, next: Next) -> Response {
    // `.ts` is registered for videos.
    let is_typescript = request.uri().path().ends_with(".ts");
    let mut response = next.run(request).await;
    let is_file = response.headers().contains_key(header::CONTENT_TYPE);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_typescript && is_file {
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, text);
    }
    response
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
            // A type in a comment, `{import("./types.js").Name}`, is loaded by nobody.
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
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::path::PathBuf;

    use super::*;
    use crate::project;

    /// A console with these files below `.cache/test-console-NAME/`, and that folder.
    fn console(name: &str, files: &[(&str, &str)]) -> (Console, PathBuf) {
        let dir = project::fresh_cache(&format!("test-console-{name}")).expect("a folder");
        for (path, text) in files {
            let file = dir.join(path);
            project::make_dir(file.parent().expect("a folder")).expect("made");
            project::write(&file, text).expect("written");
        }
        let console = Console::start(&dir.join("www"), &dir.join("pkg"), 0).expect("started");
        (console, dir)
    }

    /// Sends `GET target` as it stands, which clients would tidy first, and reads the response.
    fn get(console: &Console, target: &str) -> String {
        let address = console.url.strip_prefix("http://").expect("http");
        let mut stream = TcpStream::connect(address).expect("connected");
        let request =
            format!("GET {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("a response");
        response
    }

    #[test]
    fn each_kind_of_file_has_its_type_and_every_response_the_headers() {
        let files = [
            ("www/index.html", "text/html"),
            ("www/js/app.js", "text/javascript"),
            ("www/base.css", "text/css"),
            ("www/icon.svg", "image/svg+xml"),
            ("pkg/dist/core.wasm", "application/wasm"),
            ("pkg/dist/index.d.ts", "text/plain; charset=utf-8"),
            ("pkg/package.json", "application/json"),
        ];
        let (console, _) = console("types", &files);
        for (path, mime) in files {
            let response = get(
                &console,
                path.strip_prefix("www").unwrap_or(&format!("/{path}")),
            );
            assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
            assert!(
                response.contains(&format!("\r\ncontent-type: {mime}\r\n")),
                "{response}"
            );
        }
        for target in [
            "/",
            "/?a=b",
            "/js/app.js?v=1",
            "/missing.ts",
            "/js",
            "/pkg",
            "/pkg/",
        ] {
            let response = get(&console, target);
            let found = target.contains("?") || target == "/";
            let status = if found {
                "HTTP/1.1 200 "
            } else {
                "HTTP/1.1 404 "
            };
            assert!(response.starts_with(status), "{target}: {response}");
            for (name, value) in HEADERS {
                let line = format!("\r\n{name}: {value}\r\n");
                assert!(response.contains(&line), "{target}: {response}");
            }
        }
    }

    #[test]
    fn no_path_leads_out_of_the_folders() {
        let files = [
            ("www/index.html", ""),
            ("pkg/a.js", ""),
            ("secret", "SECRET"),
        ];
        let (console, dir) = console("outside", &files);
        let absolute = dir.join("secret").display().to_string();
        for target in [
            "/../secret",
            "/%2e%2e/secret",
            "/..%2fsecret",
            "/..%5csecret",
            "/pkg/../secret",
            "/pkg/%2e%2e/secret",
            "/pkg/..%2f..%2fsecret",
            "/pkg%2f../secret",
            &format!("/{absolute}"),
            &format!("/pkg/{absolute}"),
            &format!("/{}", absolute.replace('/', "%2f")),
            "/index.html/../../secret",
            "/secret%00",
            "http://localhost/../secret",
        ] {
            let response = get(&console, target);
            assert!(response.starts_with("HTTP/1.1 4"), "{target}: {response}");
            assert!(!response.contains("SECRET"), "{target}: {response}");
        }
    }

    #[test]
    fn a_port_that_is_taken_is_named() {
        let (console, dir) = console("port", &[]);
        let (_, port) = console.url.rsplit_once(':').expect("a port");
        let error = Console::start(&dir, &dir, port.parse().expect("a number"))
            .err()
            .expect("taken");
        let text = format!("{error:#}");
        let wanted = format!("the console cannot listen on 127.0.0.1:{port}: ");
        assert!(text.starts_with(&wanted), "{text}");
    }

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
