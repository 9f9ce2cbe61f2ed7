//! Requests that mean harm, or happen to do it: each is sent for real, and the sandbox goes on.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use synctera_sandbox::{
    core::{
        idempotency::{Saved, ScopedKey},
        listing::Listing,
    },
    limits::Limits,
    store::{Cancellation, Done, Page, Patience, READERS, SqliteStore, Store, StoreError, Work},
};
use uuid::Uuid;

use crate::harness::{Call, Sandbox, TOKEN, UNKNOWN_ID, agent, lantern_row, with};

/// Long enough to send something in, and not too long to wait for.
const SHORT: Duration = Duration::from_millis(400);

/// What a sandbox that works needs far less than.
const LONG: Duration = Duration::from_secs(15);

fn connect(sandbox: &Sandbox) -> TcpStream {
    let stream = TcpStream::connect(sandbox.address).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream.set_write_timeout(Some(LONG)).unwrap();
    stream
}

/// The head of a request, up to its own headers.
fn head(method: &str, token: &str) -> String {
    format!(
        "{method} /v0/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\n"
    )
}

/// All that arrives until the other side closes; empty if it just cut the connection.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let begin = Instant::now();
    // A reset is a way to close.
    let _ = stream.read_to_end(&mut bytes);
    assert!(begin.elapsed() < LONG, "it was not closed");
    String::from_utf8(bytes).unwrap()
}

/// Writes piece by piece, with pauses, until the other side has had enough.
fn drip(stream: &mut TcpStream, piece: &str) {
    let begin = Instant::now();
    while stream.write_all(piece.as_bytes()).is_ok() {
        assert!(begin.elapsed() < LONG, "it takes whatever comes");
        thread::sleep(Duration::from_millis(20));
        // Closed, or a response: then that is enough.
        stream.set_nonblocking(true).unwrap();
        let seen = stream.peek(&mut [0]);
        stream.set_nonblocking(false).unwrap();
        if seen.is_ok() {
            return;
        }
    }
}

#[test]
fn a_head_that_never_ends_is_cut_off() {
    let sandbox = Sandbox::limited(Limits {
        head: SHORT,
        ..Limits::default()
    });
    let mut stream = connect(&sandbox);
    write!(stream, "GET /v0/customers HTTP/1.1\r\nX-Slow: ").unwrap();
    drip(&mut stream, "x");
    let response = rest(&mut stream);
    assert!(
        response.is_empty() || response.starts_with("HTTP/1.1 408"),
        "{response}"
    );
    sandbox.get("/v0/customers").ok();
}

#[test]
fn a_connection_that_says_nothing_is_cut_off() {
    let sandbox = Sandbox::limited(Limits {
        head: SHORT,
        ..Limits::default()
    });
    assert_eq!(rest(&mut connect(&sandbox)), "");
    let mut used = connect(&sandbox);
    write!(used, "{}\r\n", head("GET", TOKEN)).unwrap();
    assert!(rest(&mut used).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_body_that_never_ends_is_answered_408() {
    let sandbox = Sandbox::limited(Limits {
        body: SHORT,
        ..Limits::default()
    });
    for (announced, piece) in [
        ("Content-Length: 100000\r\n\r\n{\"status\":", " "),
        ("Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"),
    ] {
        for (token, status) in [(TOKEN, "408"), ("unknown", "401")] {
            let mut stream = connect(&sandbox);
            write!(stream, "{}{announced}", head("POST", token)).unwrap();
            drip(&mut stream, piece);
            let mut response = [0; 12];
            stream.read_exact(&mut response).unwrap();
            assert_eq!(response, *format!("HTTP/1.1 {status}").as_bytes());
        }
    }
    assert!(sandbox.list("").ids().is_empty());
}

#[test]
fn a_body_without_end_and_in_haste_is_answered_413_or_401() {
    let sandbox = Sandbox::start();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for (token, status) in [(TOKEN, "413"), ("unknown", "401")] {
        let mut stream = connect(&sandbox);
        write!(
            stream,
            "{}Transfer-Encoding: chunked\r\n\r\n",
            head("POST", token)
        )
        .unwrap();
        let mut sent = 0;
        while stream.write_all(chunk.as_bytes()).is_ok() {
            sent += 0x10000;
            assert!(sent < 200_000_000, "it takes whatever comes");
        }
        // The response may be lost where the other side closes while this one still writes.
        let response = rest(&mut stream);
        let expected = format!("HTTP/1.1 {status}");
        assert!(
            response.is_empty() || response.starts_with(&expected),
            "{response}"
        );
    }
    sandbox.get("/v0/customers").ok();
}

#[test]
fn too_many_headers_are_refused() {
    let sandbox = Sandbox::start();
    for (count, status) in [(60, "200"), (1_000, "431"), (20_000, "431")] {
        let mut stream = connect(&sandbox);
        let many = "X-Many: 1\r\n".repeat(count);
        let _ = write!(
            stream,
            "{}Connection: close\r\n{many}\r\n",
            head("GET", TOKEN)
        );
        let response = rest(&mut stream);
        let expected = format!("HTTP/1.1 {status}");
        assert!(
            response.starts_with(&expected),
            "{count} headers: {response}"
        );
    }
}

/// Asks for the list, and gives the first line of the response up to the status.
fn ask(stream: &mut TcpStream, token: &str, header: &str) -> std::io::Result<String> {
    write!(stream, "{}{header}\r\n", head("GET", token))?;
    let mut response = [0; 12];
    stream.read_exact(&mut response)?;
    Ok(String::from_utf8(response.to_vec()).unwrap())
}

#[test]
fn connections_with_a_request_under_the_key_stay_and_further_ones_wait() {
    let sandbox = Sandbox::limited(Limits {
        connections: 2,
        ..Limits::default()
    });
    let held = "Sandbox-Fault: delay=1500\r\n";
    let mut busy: Vec<_> = (0..2).map(|_| connect(&sandbox)).collect();
    for stream in &mut busy {
        write!(stream, "{}{held}\r\n", head("GET", TOKEN)).unwrap();
    }
    thread::sleep(SHORT);
    let mut third = connect(&sandbox);
    third.set_read_timeout(Some(SHORT)).unwrap();
    assert!(ask(&mut third, TOKEN, "").is_err(), "both are busy");
    for stream in &mut busy {
        let mut response = [0; 12];
        stream.read_exact(&mut response).unwrap();
        assert_eq!(response, *b"HTTP/1.1 200");
    }
    third.set_read_timeout(Some(LONG)).unwrap();
    let mut response = [0; 12];
    third.read_exact(&mut response).unwrap();
    assert_eq!(response, *b"HTTP/1.1 200");
}

#[test]
fn a_client_without_the_key_cannot_use_up_the_connections() {
    let sandbox = Sandbox::limited(Limits {
        connections: 4,
        ..Limits::default()
    });
    let slow_body = format!("{}Content-Length: 9\r\n\r\n{{", head("POST", "unknown"));
    for (what, sent) in [
        ("says nothing", ""),
        ("half a head", "GET /v0/customers HTTP/1.1\r\nHost:"),
        ("half a body", &slow_body),
        (
            "a fault that holds",
            &format!(
                "{}Sandbox-Fault: stall=headers\r\n\r\n",
                head("GET", "unknown")
            ),
        ),
        (
            "an answered request",
            &format!("{}\r\n", head("GET", "unknown")),
        ),
    ] {
        let silent: Vec<TcpStream> = (0..12)
            .map(|_| {
                let mut stream = connect(&sandbox);
                // It may be closed already, as one of too many.
                let _ = stream.write_all(sent.as_bytes());
                stream
            })
            .collect();
        let begin = Instant::now();
        let mut health = connect(&sandbox);
        write!(
            health,
            "GET /v0/sandbox/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let response = rest(&mut health);
        assert!(response.starts_with("HTTP/1.1 200"), "{what}: {response}");
        let mut known = connect(&sandbox);
        assert_eq!(
            ask(&mut known, TOKEN, "").unwrap(),
            "HTTP/1.1 200",
            "{what}"
        );
        assert!(begin.elapsed() < Duration::from_secs(5), "{what}");
        drop(silent);
    }
}

#[test]
fn a_client_that_takes_no_response_is_cut_off() {
    let sandbox = Sandbox::limited(Limits {
        response: SHORT,
        ..Limits::default()
    });
    let large = json!({"status": "ACTIVE", "metadata": {"x": "x".repeat(60_000)}});
    for _ in 0..100 {
        assert_eq!(sandbox.post(&large).status, 201);
    }
    let mut greedy = connect(&sandbox);
    // Asks for 6 MB each time, and no socket's buffers hold 30.
    for _ in 0..5 {
        write!(greedy, "{}\r\n", head("GET", TOKEN)).unwrap();
    }
    thread::sleep(4 * SHORT);
    let taken = rest(&mut greedy).len();
    assert!(taken < 5 * 6_000_000, "{taken} bytes");
}

#[test]
fn a_name_that_is_not_of_this_machine_is_refused() {
    let sandbox = Sandbox::start();
    sandbox.created(&json!({"status": "ACTIVE"}));
    let to = |sandbox: &Sandbox, target: &str, hosts: &[&str]| {
        let mut stream = connect(sandbox);
        let hosts: String = hosts.iter().map(|h| format!("Host: {h}\r\n")).collect();
        write!(
            stream,
            "GET {target} HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\
             {hosts}\r\n"
        )
        .unwrap();
        rest(&mut stream)
    };
    let port = sandbox.address.port();
    let good = [
        format!("localhost:{port}"),
        "LOCALHOST".to_owned(),
        format!("127.0.0.1:{port}"),
        format!("[::1]:{port}"),
    ];
    for host in &good {
        let response = to(&sandbox, "/v0/customers", &[host]);
        assert!(response.starts_with("HTTP/1.1 200"), "{host}: {response}");
    }
    let refused = |response: &str| {
        response.starts_with("HTTP/1.1 421") && !response.contains("tenant")
            // hyper's own word, where there is no telling which name is meant.
            || response.starts_with("HTTP/1.1 400") && !response.contains("tenant")
    };
    for host in [
        "rebound.example.com",
        &format!("rebound.example.com:{port}"),
        "localhost.example.com",
        "127.0.0.1.example.com",
        "10.0.0.1",
        "",
    ] {
        for target in ["/v0/customers", "/v0/sandbox/health"] {
            let response = to(&sandbox, target, &[host]);
            assert!(refused(&response), "{host}: {response}");
        }
    }
    let both = to(
        &sandbox,
        "/v0/customers",
        &["localhost", "rebound.example.com"],
    );
    assert!(refused(&both), "{both}");
    let absolute = to(
        &sandbox,
        "http://rebound.example.com/v0/customers",
        &["localhost"],
    );
    assert!(refused(&absolute), "{absolute}");
    let open = Sandbox::of_any_name();
    let response = to(&open, "/v0/customers", &["sandbox.example.com"]);
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
}

/// A store whose lists go on until they are cancelled.
struct Endless {
    store: Arc<SqliteStore>,
    /// How many lists are running, and how many ran at the same time at most.
    running: AtomicUsize,
    most: AtomicUsize,
}

impl Endless {
    fn sandbox(limits: Limits) -> (Sandbox, Arc<Self>) {
        let mut endless = None;
        let sandbox = Sandbox::wrapped(limits, |store| {
            let made = Arc::new(Self {
                store,
                running: AtomicUsize::new(0),
                most: AtomicUsize::new(0),
            });
            endless = Some(Arc::clone(&made));
            made
        });
        (sandbox, endless.unwrap())
    }

    /// Waits until so many lists are running.
    fn wait_for(&self, running: usize) {
        let begin = Instant::now();
        while self.running.load(Ordering::SeqCst) != running {
            assert!(begin.elapsed() < LONG, "never {running} lists");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Store for Endless {
    fn customer(&self, id: Uuid, patience: Patience) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.customer(id, patience)
    }

    fn page(&self, _: &Listing, cancellation: &Cancellation) -> Result<Page, StoreError> {
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(running, Ordering::SeqCst);
        while !cancellation.is_due() {
            thread::sleep(Duration::from_millis(5));
        }
        self.running.fetch_sub(1, Ordering::SeqCst);
        Err(StoreError::Cancelled)
    }

    fn recall(&self, key: &ScopedKey, patience: Patience) -> Result<Option<Saved>, StoreError> {
        self.store.recall(key, patience)
    }

    fn transact(&self, work: Work, done: Done) {
        self.store.transact(work, done);
    }
}

#[test]
fn a_list_ends_when_its_client_goes_and_those_that_wait_never_begin() {
    let (sandbox, endless) = Endless::sandbox(Limits::default());
    let id = sandbox.created_id(&json!({"status": "ACTIVE"}));
    let clients: Vec<TcpStream> = (0..READERS + 20)
        .map(|_| {
            let mut stream = connect(&sandbox);
            write!(stream, "{}\r\n", head("GET", TOKEN)).unwrap();
            stream
        })
        .collect();
    endless.wait_for(READERS);
    thread::sleep(SHORT);
    sandbox.get(&format!("/v0/customers/{id}")).ok();
    sandbox.created(&json!({"status": "ACTIVE"}));
    drop(clients);
    endless.wait_for(0);
    assert_eq!(endless.most.load(Ordering::SeqCst), READERS);
}

#[test]
fn a_list_that_takes_too_long_is_504_gateway_timeout() {
    let (sandbox, _endless) = Endless::sandbox(Limits {
        list: SHORT,
        ..Limits::default()
    });
    sandbox.list("").problem(504, "GATEWAY_TIMEOUT");
}

/// What would do something if it ever became part of a statement.
const SQL: &[&str] = &[
    "'",
    "''",
    "\"",
    "`",
    "\\",
    "--",
    "/*",
    ";",
    "%",
    "_",
    "?1",
    ":id",
    "@x",
    "$x",
    "x' OR '1'='1",
    "x\" OR \"1\"=\"1",
    "x'); DROP TABLE customer; --",
    "'||(SELECT document FROM customer)||'",
    "x' UNION SELECT document FROM customer --",
    "a\u{0}b",
    "\u{0}",
    "\u{202e}Quay",
    "\u{1f980}",
    "\u{ff07}",
];

#[test]
fn sql_in_a_field_is_kept_unchanged_and_in_a_filter_finds_just_that() {
    let sandbox = Sandbox::start();
    sandbox.created(&json!({"status": "ACTIVE", "first_name": "Ottoline", "last_name": "Quay"}));
    for text in SQL {
        let address = with(
            &lantern_row(),
            &json!({"address_line_1": text, "city": text}),
        );
        let body = json!({
            "status": "ACTIVE", "first_name": text, "middle_name": text, "last_name": text,
            "email": text, "note": text, "legal_address": address, "metadata": {*text: text},
        });
        let created = sandbox.created(&body);
        let id = created["id"].as_str().unwrap();
        let patched = sandbox
            .patch(id, &json!({"middle_name": text, "note": text}))
            .ok();
        for found in [
            &created,
            &patched,
            &sandbox.get(&format!("/v0/customers/{id}")).ok(),
        ] {
            for name in [
                "first_name",
                "middle_name",
                "last_name",
                "email",
                "metadata",
            ] {
                assert_eq!(found[name], body[name], "{text:?}");
            }
            assert_eq!(found["legal_address"]["city"], json!(text));
        }
        let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for filter in ["first_name", "last_name", "email"] {
            let ids = sandbox.list(&format!("{filter}={encoded}")).ids();
            // One text holds a star.
            let expected = 1 + usize::from(text.contains('*')) * (ids.len() - 1);
            assert_eq!(ids.len(), expected, "{filter} {text:?}");
            assert!(ids.contains(&id.to_owned()));
        }
    }
    assert_eq!(sandbox.list("").ids().len(), 1 + SQL.len());
}

#[test]
fn sql_in_closed_fields_filters_paths_and_keys_is_refused_or_means_nothing() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&json!({"status": "ACTIVE", "last_name": "Quay"}));
    for text in SQL {
        let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for field in [
            "status",
            "ban_status",
            "dob",
            "phone_number",
            "ssn",
            "tenant",
        ] {
            let body = with(&json!({"status": "ACTIVE"}), &json!({field: text}));
            let status = sandbox.post(&body).status;
            assert!([400, 422].contains(&status), "{field} {text:?}: {status}");
        }
        for filter in [
            "id",
            "status",
            "has_accounts",
            "limit",
            "sort_by",
            "page_token",
        ] {
            sandbox
                .list(&format!("{filter}={encoded}"))
                .problem(400, "BAD_QUERY_PARAMETER");
        }
        for filter in ["phone_number", "ssn_last_4"] {
            let reply = sandbox.list(&format!("{filter}={encoded}"));
            assert!(
                reply.status == 400 || reply.ids().is_empty(),
                "{filter} {text:?}"
            );
        }
        sandbox
            .get(&format!("/v0/customers/{encoded}"))
            .problem(if *text == "/" { 404 } else { 400 }, "BAD_REQUEST");
        if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            let post = sandbox.request("POST", "/v0/customers").key(text);
            post.json(&json!({})).problem(400, "BAD_REQUEST_BODY");
        }
    }
    assert_eq!(sandbox.list("").ids(), [id]);
}

#[test]
fn bodies_that_are_deep_wide_or_odd_get_a_problem() {
    let sandbox = Sandbox::start();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("{{{}\"status\":\"NO\"}}", "\"x\":1,".repeat(100_000));
    let bodies: [&[u8]; 9] = [
        deep.as_bytes(),
        wide.as_bytes(),
        b"{\"status\":1e999999}",
        b"{\"status\":\"\xff\xfe\"}",
        b"{\"status\":\"\\ud800\"}",
        b"\xef\xbb\xbf{}",
        b"null",
        b"{} {}",
        b"",
    ];
    for body in bodies {
        let mut stream = connect(&sandbox);
        let head = head("POST", TOKEN);
        let length = body.len();
        write!(
            stream,
            "{head}Connection: close\r\nContent-Length: {length}\r\n\r\n"
        )
        .unwrap();
        stream.write_all(body).unwrap();
        let response = rest(&mut stream);
        assert!(response.starts_with("HTTP/1.1 400"), "{response}");
    }
    let wide: Value = json!({"status": "ACTIVE", "metadata": {"x": vec![0; 32_000]}});
    assert_eq!(sandbox.post(&wide).status, 201);
}

#[test]
fn a_stranger_learns_nothing() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&json!({"status": "ACTIVE"}));
    let stranger = |path: &str| {
        Call::new(
            &agent(),
            &format!("http://{}", sandbox.address),
            "GET",
            path,
        )
        .header("Authorization", "Bearer unknown")
        .send()
        .problem(401, "UNAUTHENTICATED")["detail"]
            .clone()
    };
    let here = stranger(&format!("/v0/customers/{id}"));
    let nowhere = stranger(&format!("/v0/customers/{UNKNOWN_ID}"));
    assert_eq!(here, nowhere);
    assert_eq!(here, stranger("/v0/customers?limit=bad"));
    assert_eq!(here, stranger("/v0/customers/no-id"));
}
