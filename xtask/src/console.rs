//! The console (`www/`) on a loopback port, with the package's files below `/pkg/`, and below `/cli/`
//! those of the command line, of which it uses what reads and writes files of customers.

mod check;
mod code;

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;

pub(crate) use check::check;
use code::Codes;
pub(crate) use code::{Connection, LIFETIME as LINK_LIFETIME};

use crate::{build, project};

/// What every response says, those of status 404 included.
const HEADERS: &[(&str, &str)] = &[
    // What is served changes with every build; and a response may hold the token.
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    // The page's own policy stands in it; this one a page cannot give itself.
    ("content-security-policy", "frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    // A page that opens the console gets no handle on its window, and none can load its files.
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Serves the console until the process is ended. With `SYNCTERA_BASE_URL` and `SYNCTERA_TOKEN` in
/// the environment, it prints a link that connects the page to that server.
pub(crate) fn command(args: &[String]) -> Result<()> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (port, package) = match args.as_slice() {
        [] => (0, None),
        ["--port", port] => (port.parse().context("--port takes a number")?, None),
        ["--package", folder] => (0, Some(PathBuf::from(folder))),
        _ => bail!("`cargo xtask console` takes --port NUMBER, --package FOLDER or nothing"),
    };
    let package = match package {
        Some(folder) => folder,
        None => {
            build::build()?;
            project::path("pkg")
        }
    };
    let console = Console::open(&package, port)?;
    let from_environment = env::var("SYNCTERA_BASE_URL")
        .ok()
        .zip(env::var("SYNCTERA_TOKEN").ok());
    let address = match from_environment {
        Some((base_url, token)) => console.link(Connection { base_url, token }),
        None => console.url.clone(),
    };
    println!("Console:  {address}");
    console.wait()
}

/// A running server, stopped when dropped.
pub(crate) struct Console {
    runtime: Runtime,
    serving: JoinHandle<io::Result<()>>,
    exchange: Arc<Exchange>,
    /// Where it is, without a slash at the end.
    pub(crate) url: String,
}

impl Console {
    /// Serves the console itself, with the package in the folder `package`.
    pub(crate) fn open(package: &Path, port: u16) -> Result<Self> {
        let below = [("/pkg", package), ("/cli", &project::path("cli"))];
        Self::start(&project::path("www"), &below, port)
    }

    /// Serves a folder at `/`, and others below the paths given with them, on `port` (0: any free one).
    ///
    /// # Errors
    ///
    /// Fails if the port cannot be listened on, because another program does for example.
    pub(crate) fn start(root: &Path, below: &[(&str, &Path)], port: u16) -> Result<Self> {
        let runtime = Runtime::new().context("starting the console's threads")?;
        let listener = runtime
            .block_on(TcpListener::bind(("127.0.0.1", port)))
            .with_context(|| format!("the console cannot listen on 127.0.0.1:{port}"))?;
        let url = format!("http://{}", listener.local_addr()?);
        let exchange = Arc::new(Exchange {
            origin: HeaderValue::try_from(&url)?,
            codes: Codes::default(),
        });
        let app = router(root, below, Arc::clone(&exchange));
        let serving = runtime.spawn(async move { axum::serve(listener, app).await });
        Ok(Self {
            runtime,
            serving,
            exchange,
            url,
        })
    }

    /// The address that opens the console with `connection`, once and within [`code::LIFETIME`].
    /// A link that was made before is void.
    pub(crate) fn link(&self, connection: Connection) -> String {
        let code = self.exchange.codes.issue(connection, Instant::now());
        // In the fragment, which a browser sends to no server.
        format!("{}/#code={code}", self.url)
    }

    /// Serves until the process is ended.
    pub(crate) fn wait(self) -> Result<()> {
        self.runtime
            .block_on(self.serving)?
            .context("serving the console")
    }
}

/// What exchanges a code for the connection.
struct Exchange {
    origin: HeaderValue,
    codes: Codes,
}

fn router(root: &Path, below: &[(&str, &Path)], exchange: Arc<Exchange>) -> Router {
    // A redirect to the folder's address would leave out `/pkg`; no folder but the first has an
    // index anyway.
    let files = |folder: &Path| ServeDir::new(folder).redirect_to_trailing_slash(false);
    let connecting = post(connection).layer(DefaultBodyLimit::max(1024));
    let router = Router::new().route("/connection", connecting);
    below
        .iter()
        .fold(router, |router, (path, folder)| {
            router.nest_service(path, files(folder))
        })
        .fallback_service(files(root))
        .layer(middleware::from_fn(set_headers))
        .with_state(exchange)
}

/// `POST /connection` with a code as the body. A page of another origin cannot send our `Origin`,
/// not even under its own host name that leads to this machine.
async fn connection(
    State(exchange): State<Arc<Exchange>>,
    headers: HeaderMap,
    code: String,
) -> Response {
    if headers.get(header::ORIGIN) != Some(&exchange.origin) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match exchange.codes.exchange(&code, Instant::now()) {
        Some(Connection { base_url, token }) => {
            let body = json!({ "baseUrl": base_url, "token": token }).to_string();
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        None => StatusCode::GONE.into_response(),
    }
}

async fn set_headers(request: Request, next: Next) -> Response {
    // `.ts` is registered for videos.
    let is_typescript = request.uri().path().ends_with(".ts");
    let mut response = next.run(request).await;
    let is_file = response.headers().contains_key(header::CONTENT_TYPE);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    if is_typescript && is_file {
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, text);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;
    use crate::project;

    /// A console with these files below `.cache/test-console-NAME/`, and that folder.
    pub(super) fn console(name: &str, files: &[(&str, &str)]) -> (Console, PathBuf) {
        let dir = project::fresh_cache(&format!("test-console-{name}")).expect("a folder");
        for (path, text) in files {
            let file = dir.join(path);
            project::make_dir(file.parent().expect("a folder")).expect("made");
            project::write(&file, text).expect("written");
        }
        let console =
            Console::start(&dir.join("www"), &[("/pkg", &dir.join("pkg"))], 0).expect("started");
        (console, dir)
    }

    /// Sends `GET target` as it stands, which clients would tidy first, and reads the response.
    fn get(console: &Console, target: &str) -> String {
        send(console, &format!("GET {target}"), "", "")
    }

    fn send(console: &Console, method_and_target: &str, headers: &str, body: &str) -> String {
        let address = console.url.strip_prefix("http://").expect("http");
        let mut stream = TcpStream::connect(address).expect("connected");
        let request = format!(
            "{method_and_target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
             content-length: {}\r\n{headers}\r\n{body}",
            body.len(),
        );
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
        let error = Console::start(&dir, &[], port.parse().expect("a number"))
            .err()
            .expect("taken");
        let text = format!("{error:#}");
        let wanted = format!("the console cannot listen on 127.0.0.1:{port}: ");
        assert!(text.starts_with(&wanted), "{text}");
    }

    #[test]
    fn a_link_gives_the_token_once_to_a_page_of_the_console_and_to_nothing_else() {
        let (console, _) = console("code", &[]);
        let link = console.link(Connection {
            base_url: "http://127.0.0.1:1/v0".into(),
            token: "TOKEN".into(),
        });
        let (url, code) = link.split_once("/#code=").expect("a code");
        assert_eq!(url, console.url);
        let own = format!("origin: {url}\r\n");
        let other_port = "origin: http://127.0.0.1:1\r\n";
        let rebound = url.replace("127.0.0.1", "example.com");
        let rebound = format!("origin: {rebound}\r\n");
        for (request, headers, body, status) in [
            ("GET /connection", own.as_str(), code, 405),
            ("PUT /connection", &own, code, 405),
            ("OPTIONS /connection", &own, "", 405),
            (&format!("GET /connection?code={code}"), &own, "", 405),
            ("POST /connection", "", code, 403),
            ("POST /connection", "origin: null\r\n", code, 403),
            ("POST /connection", other_port, code, 403),
            ("POST /connection", &rebound, code, 403),
            ("POST /connection", &own, "", 410),
            ("POST /connection", &own, "another", 410),
            ("POST /connection", &own, &"x".repeat(5000), 413),
        ] {
            let response = send(&console, request, headers, body);
            assert!(
                response.starts_with(&format!("HTTP/1.1 {status} ")),
                "{request}: {response}"
            );
            assert!(!response.contains("TOKEN"), "{response}");
            assert!(!response.contains("access-control"), "{response}");
        }
        let response = send(&console, "POST /connection", &own, code);
        assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
        assert!(response.contains("cache-control: no-store"), "{response}");
        let body = r#"{"baseUrl":"http://127.0.0.1:1/v0","token":"TOKEN"}"#;
        assert!(response.ends_with(body), "{response}");
        let again = send(&console, "POST /connection", &own, code);
        assert!(again.starts_with("HTTP/1.1 410 "), "{again}");
    }
}
