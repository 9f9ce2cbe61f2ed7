//! Base path, authentication, media types, methods, CORS, limits.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::json;

use crate::harness::{FORBIDDEN, Sandbox, UNKNOWN_ID, ottoline};

// BEHAVIOUR 1.1
#[test]
fn the_api_lives_under_v0_and_nowhere_else() {
    let sandbox = Sandbox::start();
    sandbox.get("/v0/customers").ok();
    for path in [
        "/customers",
        "/v0/v0/customers",
        "/v0/customers/",
        "/v0",
        "/",
        "/v0/persons",
    ] {
        sandbox.get(path).problem(404, "RESOURCE_NOT_FOUND");
    }
}

// BEHAVIOUR 1.3, 8.UNAUTHENTICATED, 8.FORBIDDEN
#[test]
fn a_missing_or_unknown_key_is_401_and_a_key_without_rights_403() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    let one = format!("/v0/customers/{id}");
    for (method, path) in [
        ("GET", "/v0/customers"),
        ("POST", "/v0/customers"),
        ("GET", &one),
        ("PATCH", &one),
        ("PUT", &one),
    ] {
        for header in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer unknown",
            "Basic abc",
            "Token x y",
        ] {
            let reply = sandbox
                .request(method, path)
                .header("Authorization", header)
                .json(&json!({}));
            reply.problem(401, "UNAUTHENTICATED");
            assert_eq!(reply.header("www-authenticate"), "Bearer");
        }
        sandbox
            .request(method, path)
            .header("Authorization", &format!("Bearer {FORBIDDEN}"))
            .json(&json!({}))
            .problem(403, "FORBIDDEN");
    }
    let lower = format!("bearer {}", crate::harness::TOKEN);
    sandbox
        .request("GET", &one)
        .header("Authorization", &lower)
        .send()
        .ok();
}

// BEHAVIOUR 1.4
#[test]
fn a_body_has_to_be_json_and_responses_are_json_or_problem_json() {
    let sandbox = Sandbox::start();
    let post = || sandbox.request("POST", "/v0/customers");
    for kind in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/problem+json",
    ] {
        post()
            .header("Content-Type", kind)
            .body("{}")
            .problem(415, "");
    }
    for kind in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
    ] {
        let reply = post()
            .header("Content-Type", kind)
            .body(r#"{"status":"ACTIVE"}"#);
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (201, "application/json")
        );
    }
}

// BEHAVIOUR 1.5
#[test]
fn no_accept_header_is_ever_refused() {
    let sandbox = Sandbox::start();
    for accept in [
        "",
        "*/*",
        "application/json",
        "text/html",
        "image/png;q=1",
        "nonsense",
    ] {
        sandbox
            .request("GET", "/v0/customers")
            .header("Accept", accept)
            .send()
            .ok();
        sandbox
            .request("GET", &format!("/v0/customers/{UNKNOWN_ID}"))
            .header("Accept", accept)
            .send()
            .problem(404, "RESOURCE_NOT_FOUND");
    }
}

// BEHAVIOUR 1.9
#[test]
fn pages_of_this_machine_may_call_and_others_may_not() {
    let sandbox = Sandbox::start();
    let preflight = |origin: &str| {
        sandbox
            .request("OPTIONS", "/v0/customers")
            .header("Authorization", "")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "PATCH")
            .header(
                "Access-Control-Request-Headers",
                "authorization,idempotency-key",
            )
            .send()
    };
    for origin in [
        "http://localhost:5173",
        "http://127.0.0.1:8080",
        "http://[::1]:3000",
    ] {
        let reply = preflight(origin);
        assert_eq!(reply.status, 204);
        assert_eq!(reply.header("access-control-allow-origin"), origin);
        assert_eq!(
            reply.header("access-control-allow-methods"),
            "GET, POST, PATCH, PUT"
        );
        for name in [
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "Accept",
            "Sandbox-Fault",
        ] {
            assert!(
                reply.header("access-control-allow-headers").contains(name),
                "{name}"
            );
        }
        assert_eq!(reply.header("access-control-max-age"), "600");
        // A response of any kind can be read, and so can its headers.
        let reply = sandbox
            .request("GET", "/v0/customers/x")
            .header("Origin", origin)
            .send();
        assert_eq!(reply.status, 400);
        assert_eq!(reply.header("access-control-allow-origin"), origin);
        for name in ["X-Request-Id", "Idempotency-Replayed", "Retry-After"] {
            assert!(
                reply.header("access-control-expose-headers").contains(name),
                "{name}"
            );
        }
    }
    for origin in [
        "https://example.com",
        "null",
        "http://localhost.example.com",
    ] {
        let reply = preflight(origin);
        assert_eq!(reply.header("access-control-allow-origin"), "");
        assert_eq!(reply.header("access-control-allow-methods"), "");
        assert_eq!(reply.header("vary"), "Origin");
    }
}

// BEHAVIOUR 1.10
#[test]
fn there_is_no_delete_and_inactive_retires() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    let reply = sandbox
        .request("DELETE", &format!("/v0/customers/{id}"))
        .send();
    let problem = reply.problem(405, "");
    assert_eq!(reply.header("allow"), "GET, HEAD, PATCH, PUT, OPTIONS");
    assert!(problem["detail"].as_str().unwrap().contains("INACTIVE"));
    let retired = sandbox.patch(&id, &json!({"status": "INACTIVE"})).ok();
    assert_eq!(retired["status"], "INACTIVE");
}

#[test]
fn wrong_methods_are_problems_that_say_what_is_allowed() {
    let sandbox = Sandbox::start();
    for (method, path, allow) in [
        ("PUT", "/v0/customers", "GET, HEAD, POST, OPTIONS"),
        ("DELETE", "/v0/customers", "GET, HEAD, POST, OPTIONS"),
        (
            "POST",
            &format!("/v0/customers/{UNKNOWN_ID}"),
            "GET, HEAD, PATCH, PUT, OPTIONS",
        ),
        ("POST", "/v0/sandbox/health", "GET, HEAD, OPTIONS"),
    ] {
        let reply = sandbox.request(method, path).json(&json!({}));
        reply.problem(405, "");
        assert_eq!(reply.header("allow"), allow);
        let options = sandbox.request("OPTIONS", path).send();
        assert_eq!((options.status, options.header("allow")), (204, allow));
    }
}

#[test]
fn head_gives_the_headers_of_get_and_no_body() {
    let sandbox = Sandbox::start();
    let get = sandbox.get("/v0/customers");
    let head = sandbox.request("HEAD", "/v0/customers").send();
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), get.header("content-length"));
    assert_eq!(head.header("content-type"), "application/json");
}

#[test]
fn every_response_carries_its_own_request_id() {
    let sandbox = Sandbox::start();
    let replies = [
        sandbox.get("/v0/customers"),
        sandbox.get("/nowhere"),
        sandbox.request("OPTIONS", "/v0/customers").send(),
        sandbox
            .request("GET", "/v0/customers")
            .fault("status=503")
            .send(),
    ];
    let ids: std::collections::HashSet<_> = replies
        .iter()
        .map(|r| r.header("x-request-id").to_owned())
        .collect();
    assert_eq!(ids.len(), replies.len());
    assert!(ids.iter().all(|id| id.len() == 36));
}

#[test]
fn an_oversized_body_is_a_problem_even_while_it_is_being_sent() {
    let sandbox = Sandbox::start();
    for size in [1024 * 1024, 6 * 1024 * 1024] {
        let body = format!(r#"{{"status":"ACTIVE","email":"{}"}}"#, "x".repeat(size));
        let reply = sandbox
            .request("POST", "/v0/customers")
            .header("Content-Type", "application/json")
            .body(&body);
        reply.problem(413, "");
    }
    // A field that the API does not have is ignored.
    let body = json!({"status": "ACTIVE", "padding": "x".repeat(900_000)});
    assert_eq!(sandbox.post(&body).status, 201);
}

#[test]
fn an_early_refusal_leaves_the_connection_whole() {
    let sandbox = Sandbox::start();
    let body = json!({"status": "ACTIVE", "email": "x".repeat(900_000)});
    for _ in 0..20 {
        let post = || sandbox.request("POST", "/v0/customers");
        post()
            .header("Authorization", "")
            .json(&body)
            .problem(401, "UNAUTHENTICATED");
        post()
            .header("Content-Type", "text/plain")
            .body(&body.to_string())
            .problem(415, "");
        assert_eq!(post().fault("status=503").json(&body).status, 503);
        sandbox
            .request("DELETE", "/v0/customers")
            .json(&body)
            .problem(405, "");
    }
}

#[test]
fn an_oversized_head_is_refused_and_the_sandbox_goes_on() {
    let sandbox = Sandbox::start();
    let get = |size: usize| {
        sandbox
            .request("GET", "/v0/customers")
            .header("X-Long", &"x".repeat(size))
            .send()
    };
    get(50_000).ok();
    get(70_000).problem(431, "");
    let mut stream = TcpStream::connect(sandbox.address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let long = "x".repeat(5_000_000);
    let _ = write!(
        stream,
        "GET /v0/customers HTTP/1.1\r\nHost: localhost\r\nX-Long: {long}\r\n\r\n"
    );
    let mut response = [0; 12];
    // Either the status arrives, or the connection is closed while the head is still being sent.
    if stream.read_exact(&mut response).is_ok() {
        assert_eq!(&response, b"HTTP/1.1 431");
    }
    sandbox.get("/v0/customers").ok();
}

#[test]
fn the_log_has_one_line_a_request_with_nothing_in_it_that_was_sent() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    let before = sandbox.log().len();
    let get = || sandbox.request("GET", "/v0/customers");
    let requests = [
        sandbox.get(&format!("/v0/customers/{id}")),
        sandbox.list("last_name=Quay&email=ottoline*"),
        sandbox.list("Marker=1&Marker-two=Marker&last_name=a&last_name=Marker&Marker=2"),
        sandbox.post(&json!({
            "status": "ACTIVE", "Marker": "Quay", "ssn": "4329", "Marker\n\u{1b}[31m": 1,
            "legal_address": {"Marker": 1, "address_line_1": "Marker", "country_code": "US"},
        })),
        sandbox.post(&json!({"status": "FROZEN", "Marker": "Quay", "Marker-two": 1})),
        sandbox.get("/v0/Ottoline"),
        sandbox.get("/v0/customers/Marker?Marker=Marker"),
        sandbox.request("OTTOLINE", "/v0/customers").send(),
        sandbox.request("MARKER", "/v0/Marker").send(),
        get().fault("Marker=Marker").send(),
        get()
            .fault("status=503;body=Marker;id=Marker;times=1")
            .send(),
        get().header("User-Agent", "Marker").send(),
        get().header("X-Request-Id", "Marker").send(),
        get().header("Host", "marker.example.com").send(),
        get().header("Authorization", "Bearer Marker").send(),
        sandbox
            .request("PUT", &format!("/v0/customers/{id}"))
            .key("Marker")
            .json(&ottoline()),
    ];
    let log = sandbox.log();
    assert_eq!(log.len() - before, requests.len(), "{log:#?}");
    let log = log.join("\n");
    for expected in [
        " POST /v0/customers 201 ",
        " GET /v0/customers/{customer_id} 200 ",
        " GET (no route) 404 ",
        " (other) /v0/customers 405 ",
        " ms, with 1 repeated query parameter, 3 unknown query parameters\n",
        " ms, with 2 unknown fields\n",
        " ms, with 1 ignored idempotency key",
    ] {
        assert!(log.contains(expected), "{expected} in\n{log}");
    }
    for secret in [
        "Quay",
        "ottoline",
        "marker",
        "4329",
        &id,
        crate::harness::TOKEN,
    ] {
        let lower = log.to_lowercase();
        assert!(
            !lower.contains(&secret.to_lowercase()),
            "{secret} in\n{log}"
        );
    }
    assert!(
        log.bytes()
            .all(|byte| byte == b'\n' || (0x20..0x7f).contains(&byte))
    );
}

#[test]
fn health_needs_no_key() {
    let sandbox = Sandbox::start();
    let reply = sandbox
        .request("GET", "/v0/sandbox/health")
        .header("Authorization", "")
        .send();
    assert_eq!(reply.ok(), json!({"status": "ok"}));
}
