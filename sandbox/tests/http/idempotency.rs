//! Idempotency keys.

use std::{thread, time::Duration};

use serde_json::json;
use synctera_sandbox::core::rules::Rules;

use crate::harness::{FORBIDDEN, Sandbox, TOKEN, ottoline};

const DAY: i64 = 24 * 60 * 60;

fn count(sandbox: &Sandbox) -> usize {
    sandbox.list("").ids().len()
}

// BEHAVIOUR 7.1, 7.2
#[test]
fn post_and_patch_replay_the_same_response_for_seven_days() {
    let sandbox = Sandbox::start();
    let post = |key: &str| {
        sandbox
            .request("POST", "/v0/customers")
            .key(key)
            .json(&ottoline())
    };
    let first = post("a key: any string, ~ü");
    assert_eq!(
        (first.status, first.header("idempotency-replayed")),
        (201, "")
    );
    let id = first.ok()["id"].as_str().unwrap().to_owned();
    let path = format!("/v0/customers/{id}");
    let patch = |email: &str, key: &str| {
        sandbox
            .request("PATCH", &path)
            .key(key)
            .json(&json!({"email": email}))
    };
    let changed = patch("one@example.com", "p");
    patch("two@example.com", "q").ok();

    sandbox.pass(7 * DAY - 60);
    let again = post("a key: any string, ~ü");
    assert_eq!(
        (again.status, again.header("idempotency-replayed")),
        (201, "true")
    );
    assert_eq!(again.text, first.text);
    assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
    let replayed = patch("one@example.com", "p");
    assert_eq!(
        (replayed.header("idempotency-replayed"), &replayed.text),
        ("true", &changed.text)
    );
    assert_eq!(
        sandbox.get(&path).ok()["email"],
        "two@example.com",
        "a replay changes nothing"
    );
    assert_eq!(count(&sandbox), 1);

    sandbox.pass(120);
    let anew = post("a key: any string, ~ü");
    assert_eq!(
        (anew.status, anew.header("idempotency-replayed")),
        (201, "")
    );
    assert_eq!(count(&sandbox), 2);
}

// BEHAVIOUR 7.1
#[test]
fn without_a_key_every_post_makes_a_customer() {
    let sandbox = Sandbox::start();
    sandbox.created(&ottoline());
    sandbox.created(&ottoline());
    assert_eq!(count(&sandbox), 2);
}

// BEHAVIOUR 7.1, 2.5
#[test]
fn put_ignores_the_key_with_a_warning() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    let put = |email: &str| {
        sandbox
            .request("PUT", &format!("/v0/customers/{id}"))
            .key("k")
            .json(&json!({"status": "ACTIVE", "email": email}))
    };
    put("one@example.com").ok();
    let second = put("two@example.com");
    assert_eq!(second.ok()["email"], "two@example.com");
    assert_eq!(
        second.warnings(),
        ["Idempotency-Key ignored, only POST and PATCH declare it"]
    );
}

// BEHAVIOUR 7.1
#[test]
fn reads_ignore_the_key_with_the_same_warning() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    for path in [format!("/v0/customers/{id}"), "/v0/customers".to_owned()] {
        let reply = sandbox.request("GET", &path).key("k").send();
        assert_eq!(
            reply.warnings(),
            ["Idempotency-Key ignored, only POST and PATCH declare it"]
        );
    }
}

// BEHAVIOUR 7.2
#[test]
fn a_refusal_is_replayed_too() {
    let sandbox = Sandbox::start();
    let wrong = || {
        sandbox
            .request("POST", "/v0/customers")
            .key("k")
            .json(&json!({}))
    };
    assert_eq!(wrong().complaints(), "-status");
    let again = wrong();
    assert_eq!(
        (
            again.complaints().as_str(),
            again.header("idempotency-replayed")
        ),
        ("-status", "true")
    );
    let corrected = sandbox
        .request("POST", "/v0/customers")
        .key("k")
        .json(&ottoline());
    corrected.problem(422, "IDEMPOTENCY_INVALID_REUSE");
    // Also what is no JSON at all, compared byte for byte.
    for (body, replayed) in [("{", ""), ("{", "true")] {
        let reply = sandbox
            .request("POST", "/v0/customers")
            .key("broken")
            .header("Content-Type", "application/json")
            .body(body);
        reply.problem(400, "BAD_REQUEST_BODY");
        assert_eq!(reply.header("idempotency-replayed"), replayed);
    }
}

// BEHAVIOUR 7.2
#[test]
fn server_errors_and_rate_limits_run_again() {
    let sandbox = Sandbox::start();
    for status in ["429", "500", "503", "504"] {
        let post = || sandbox.request("POST", "/v0/customers").key(status);
        let failed = post().fault(&format!("status={status}")).json(&ottoline());
        assert_eq!(failed.status.to_string(), status);
        let again = post().json(&ottoline());
        assert_eq!(
            (again.status, again.header("idempotency-replayed")),
            (201, "")
        );
    }
    assert_eq!(count(&sandbox), 4);
}

// BEHAVIOUR 7.3, 8.IDEMPOTENCY_INVALID_REUSE
#[test]
fn a_key_belongs_to_one_path_method_and_payload() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    let other = sandbox.created_id(&ottoline());
    let body = json!({"status": "ACTIVE"});
    let path = format!("/v0/customers/{id}");
    sandbox.request("PATCH", &path).key("k").json(&body).ok();
    for (method, path, body) in [
        ("POST", "/v0/customers", &body),
        ("PATCH", &format!("/v0/customers/{other}"), &body),
        ("PATCH", &path, &json!({"status": "INACTIVE"})),
    ] {
        let problem = sandbox
            .request(method, path)
            .key("k")
            .json(body)
            .problem(422, "IDEMPOTENCY_INVALID_REUSE");
        assert_eq!(
            problem["type"],
            "https://dev.synctera.com/errors/unprocessable-entity"
        );
        assert_eq!(problem["title"], "Unprocessable Entity");
    }
    let replayed = sandbox.request("PATCH", &path).key("k").json(&body);
    assert_eq!(
        replayed.header("idempotency-replayed"),
        "true",
        "a refusal takes no key away"
    );
}

// BEHAVIOUR 7.5
#[test]
fn payloads_are_equal_if_they_mean_the_same() {
    let sandbox = Sandbox::start();
    let post = |body: &str| {
        sandbox
            .request("POST", "/v0/customers")
            .key("k")
            .header("Content-Type", "application/json")
            .body(body)
    };
    assert_eq!(
        post(r#"{"status":"ACTIVE","metadata":{"a":1,"b":2}}"#).status,
        201
    );
    let same = post("{ \"metadata\": {\"b\": 2.0, \"a\": 1e0},\n \"status\": \"\\u0041CTIVE\" }");
    assert_eq!(same.header("idempotency-replayed"), "true");
    post(r#"{"status":"ACTIVE","metadata":{"a":1,"b":3}}"#)
        .problem(422, "IDEMPOTENCY_INVALID_REUSE");
}

// BEHAVIOUR 7.5
#[test]
fn a_refused_api_key_stores_nothing() {
    let sandbox = Sandbox::start();
    for (token, status) in [("unknown", 401), (FORBIDDEN, 403)] {
        let post = |token: &str| {
            sandbox
                .request("POST", "/v0/customers")
                .header("Authorization", &format!("Bearer {token}"))
                .key(token_key(status))
                .json(&ottoline())
        };
        assert_eq!(post(token).status, status);
        let good = post(TOKEN);
        assert_eq!(
            (good.status, good.header("idempotency-replayed")),
            (201, "")
        );
        assert_eq!(
            post(token).status,
            status,
            "a stored response is not for others"
        );
    }
}

fn token_key(status: u16) -> &'static str {
    if status == 401 {
        "unknown"
    } else {
        "forbidden"
    }
}

// BEHAVIOUR 7.4, 8.IDEMPOTENCY_CONCURRENT_USE
#[test]
fn a_key_that_is_still_in_use_has_to_wait() {
    for status in [409, 422] {
        let sandbox = Sandbox::with(Rules {
            concurrent_use_status: status,
            ..Rules::default()
        });
        let post = || sandbox.request("POST", "/v0/customers").key("k");
        thread::scope(|scope| {
            let slow = scope.spawn(|| post().fault("hold=2000").json(&ottoline()));
            thread::sleep(Duration::from_millis(600));
            let problem = post()
                .json(&ottoline())
                .problem(status, "IDEMPOTENCY_CONCURRENT_USE");
            assert_eq!(problem["type"], "https://dev.synctera.com/errors/conflict");
            post()
                .json(&json!({}))
                .problem(422, "IDEMPOTENCY_INVALID_REUSE");
            let other = sandbox
                .request("POST", "/v0/customers")
                .key("other")
                .json(&ottoline());
            assert_eq!(other.status, 201, "another key runs");
            assert_eq!(slow.join().unwrap().status, 201);
        });
        assert_eq!(
            post().json(&ottoline()).header("idempotency-replayed"),
            "true"
        );
        assert_eq!(count(&sandbox), 2);
    }
}

// BEHAVIOUR 7.1
#[test]
fn an_empty_or_doubled_key_is_refused() {
    use std::io::{Read, Write};
    let sandbox = Sandbox::start();
    for keys in [
        "Idempotency-Key:\r\n",
        "Idempotency-Key: a\r\nIdempotency-Key: a\r\n",
    ] {
        let mut stream = std::net::TcpStream::connect(sandbox.address).unwrap();
        write!(
            stream,
            "POST /v0/customers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\
             Content-Type: application/json\r\nConnection: close\r\n{keys}Content-Length: 2\r\n\r\n{{}}"
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(
            response.starts_with("HTTP/1.1 400") && response.contains("\"BAD_REQUEST\""),
            "{response}"
        );
    }
}
