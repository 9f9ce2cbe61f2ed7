//! Where the token comes from.

use super::harness::{ID, Server, TOKEN, apply, fine, get, js, json, pick, problem, text};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
async fn a_token_is_a_string_or_a_function_that_gives_one() {
    for (token, sent) in [
        ("'fixed'", "Bearer fixed"),
        ("() => 'called'", "Bearer called"),
        ("async () => 'awaited'", "Bearer awaited"),
        (
            "() => ({ then(done) { done('thenable') } })",
            "Bearer thenable",
        ),
        (
            "class { static t() { return 'method' } }.t",
            "Bearer method",
        ),
    ] {
        let server = Server::fine();
        server
            .client_with(&format!("{{ accessToken: {token} }}"))
            .get()
            .await
            .expect("a customer");
        assert_eq!(
            server.sent()[0].header("authorization"),
            Some(sent),
            "{token}"
        );
    }
}

#[test]
async fn a_function_is_asked_again_before_every_attempt() {
    let busy = problem(503, "", &json!({"retry_after": 0}));
    let server = Server::new([busy.clone(), busy, fine()]);
    let api = server.client_with("{ accessToken: ((n) => () => `token-${++n}`)(0) }");
    api.get().await.expect("a customer");
    let sent = server.sent();
    let tokens: Vec<_> = sent
        .iter()
        .filter_map(|sent| sent.header("authorization"))
        .collect();
    assert_eq!(
        tokens,
        ["Bearer token-1", "Bearer token-2", "Bearer token-3"]
    );
}

#[test]
async fn a_function_that_fails_ends_the_call_with_its_failure_as_the_cause() {
    for (token, cause) in [
        (
            "() => { throw new RangeError('vault') }",
            json!("RangeError"),
        ),
        (
            "async () => { throw new RangeError('vault') }",
            json!("RangeError"),
        ),
        (
            "() => Promise.reject(new RangeError('vault'))",
            json!("RangeError"),
        ),
    ] {
        let server = Server::fine();
        let api = server.client_with(&format!("{{ accessToken: {token} }}"));
        let error = api.err("getCustomer", &[ID.into()]).await;
        assert_eq!(
            pick(&error, "name operation outcome"),
            json!({"name": "TokenError", "operation": "getCustomer", "outcome": "not_sent"}),
            "{token}"
        );
        assert_eq!(json(&get(&error, "cause.name")), cause, "{token}");
        assert_eq!(server.attempts(), 0, "{token}");
    }
}

#[test]
async fn a_function_that_fails_with_something_odd_ends_the_call_too() {
    for thrown in ["'text'", "undefined", "null", "{}", "0"] {
        let server = Server::fine();
        let api = server.client_with(&format!("{{ accessToken: () => {{ throw {thrown} }} }}"));
        let error = api.err("getCustomer", &[ID.into()]).await;
        assert_eq!(text(&error, "name"), "TokenError", "{thrown}");
        assert_eq!(server.attempts(), 0, "{thrown}");
    }
}

#[test]
async fn a_function_that_gives_no_usable_token_ends_the_call() {
    for token in [
        "undefined",
        "null",
        "''",
        "5",
        "{}",
        "'a b'",
        "'a\\r\\nX: y'",
        "'clé'",
        "Symbol('x')",
    ] {
        let server = Server::fine();
        let api = server.client_with(&format!("{{ accessToken: () => {token} }}"));
        let error = api.err("getCustomer", &[ID.into()]).await;
        assert_eq!(text(&error, "name"), "TokenError", "{token}");
        assert!(get(&error, "cause").is_undefined(), "{token}");
        assert_eq!(server.attempts(), 0, "{token}");
    }
}

#[test]
async fn a_failing_token_is_not_retried() {
    let server = Server::fine();
    js_sys::Reflect::set(&js_sys::global(), &"asked".into(), &0.into()).expect("a global");
    let api = server
        .client_with("{ accessToken: () => { asked += 1; throw new Error('x') }, maxRetries: 5 }");
    api.err("getCustomer", &[ID.into()]).await;
    assert_eq!(js("asked"), 1);
}

#[test]
async fn a_token_that_fails_or_hangs_in_a_later_attempt_leaves_the_outcome_of_the_first() {
    let second = |then: &str| {
        format!(
            "accessToken: ((n) => async () => {{ if (n++) {then}; return 'first' }})(0), timeoutMs: 200"
        )
    };
    let fails = second("throw new Error('gone')");
    let hangs = second("await new Promise(() => {})");
    for (status, outcome) in [(503, "unknown"), (429, "rejected")] {
        for (token, name) in [(&fails, "TokenError"), (&hangs, "TimeoutError")] {
            let server = Server::new([problem(status, "", &json!({"retry_after": 0}))]);
            let api = server.client_with(&format!("{{ {token} }}"));
            let error = api
                .err("createCustomer", &[js("{ status: 'ACTIVE' }")])
                .await;
            assert_eq!(
                pick(&error, "name outcome"),
                json!({"name": name, "outcome": outcome}),
                "{status} {}",
                text(&error, "message")
            );
            assert!(get(&error, "idempotencyKey").is_string());
            assert!(!text(&error, "message").contains("Nothing was sent"));
        }
    }
}

#[test]
async fn the_client_does_not_show_its_token() {
    let server = Server::fine();
    let api = server.client();
    api.get().await.expect("a customer");
    let seen = apply(
        "(api) => JSON.stringify(api) + Object.entries(api) + String(api)",
        &[&api.0],
    );
    assert!(!seen.as_string().expect("text").contains(TOKEN));
}
