//! What is repeated, when, and what is not.

use super::harness::{
    CUSTOMER, ID, Server, fine, get, js, now, pick, problem, response_with, text,
};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
async fn a_create_that_failed_in_passing_succeeds_in_its_second_attempt() {
    let server = Server::new([
        response_with(503, "", "{ 'retry-after': '0' }"),
        super::harness::response(201, CUSTOMER),
    ]);
    let info = server
        .client()
        .ok("createCustomerWithHttpInfo", &[js("{ status: 'ACTIVE' }")])
        .await;
    assert_eq!(
        pick(&info, "status attempts"),
        json!({"status": 201, "attempts": 2})
    );
}

/// Each response with whether it is repeated: the body's code decides, then its type, then the status.
#[test]
async fn the_code_decides_then_the_type_and_then_the_status() {
    let with_type = |status, slug: &str| {
        problem(
            status,
            "NOT_KNOWN_YET",
            &json!({"retry_after": 0, "type": format!("https://dev.synctera.com/errors/{slug}")}),
        )
    };
    let with_code = |status, code: &str| problem(status, code, &json!({"retry_after": 0}));
    let bare = |status| response_with(status, "", "{ 'retry-after': '0' }");
    let table = [
        (with_code(409, "DUPLICATE_RESOURCE"), false),
        (with_code(409, "IDEMPOTENCY_CONCURRENT_USE"), true),
        (with_code(422, "IDEMPOTENCY_CONCURRENT_USE"), true),
        (with_code(422, "IDEMPOTENCY_INVALID_REUSE"), false),
        (with_code(422, "INVALID_STATUS"), false),
        (with_code(400, "BAD_REQUEST_BODY"), false),
        (with_code(401, "UNAUTHENTICATED"), false),
        (with_code(403, "FORBIDDEN"), false),
        (with_code(404, "RESOURCE_NOT_FOUND"), false),
        (with_code(429, "TOO_MANY_REQUESTS"), true),
        (with_code(499, "REQUEST_CANCELED"), true),
        (with_code(500, "INTERNAL_ERROR"), true),
        (with_code(501, "NOT_IMPLEMENTED"), false),
        (with_code(504, "VENDOR_TIMEOUT"), true),
        (with_code(503, "DUPLICATE_RESOURCE"), false),
        (with_type(409, "conflict"), true),
        (with_type(409, "duplicate"), false),
        (with_type(503, "not_known_yet"), true),
        (bare(408), true),
        (bare(409), false),
        (bare(429), true),
        (bare(500), true),
        (bare(502), true),
        (bare(503), true),
        (bare(504), true),
        (bare(505), false),
        (bare(304), false),
    ];
    for (line, repeated) in table {
        // A 304 and its like may have no body.
        let line = line.replace("new Response(\"\",", "new Response(null,");
        let server = Server::new([line.clone(), fine()]);
        let result = server
            .client()
            .start("createCustomer", &[js("{ status: 'ACTIVE' }")])
            .await;
        assert_eq!(server.attempts(), if repeated { 2 } else { 1 }, "{line}");
        assert_eq!(result.is_ok(), repeated, "{line}");
    }
}

#[test]
async fn the_retries_of_a_call_are_the_clients_unless_it_says_otherwise() {
    let line = response_with(503, "", "{ 'retry-after': '0' }");
    for (client, call, attempts) in [
        ("{}", "{}", 3),
        ("{ maxRetries: 0 }", "{}", 1),
        ("{ maxRetries: 5 }", "{}", 6),
        ("{ maxRetries: 5 }", "{ maxRetries: 0 }", 1),
        ("{ maxRetries: 0 }", "{ maxRetries: 1 }", 2),
    ] {
        let server = Server::new([line.as_str()]);
        let error = server
            .client_with(client)
            .err("getCustomer", &[ID.into(), js(call)])
            .await;
        assert_eq!(server.attempts(), attempts, "{client} {call}");
        assert_eq!(
            get(&error, "attempts"),
            u32::try_from(attempts).expect("few"),
            "{client} {call}"
        );
    }
}

#[test]
async fn a_wait_that_does_not_fit_the_deadline_fails_at_once_and_says_how_long_it_is() {
    for (line, ms) in [
        (
            problem(429, "TOO_MANY_REQUESTS", &json!({"retry_after": 7})),
            7000,
        ),
        (response_with(429, "", "{ 'retry-after': '7' }"), 7000),
        (response_with(503, "", "{ 'retry-after': '120' }"), 120_000),
        // The body's word counts, not the header's.
        (
            response_with(429, r#"{"retry_after":7}"#, "{ 'retry-after': '0' }"),
            7000,
        ),
    ] {
        let server = Server::new([line.as_str()]);
        let started = now();
        let options = js("{ timeoutMs: 6000 }");
        let error = server
            .client()
            .err("createCustomer", &[js("{ status: 'ACTIVE' }"), options])
            .await;
        assert!(now() - started < 5000.0, "{line}");
        assert_eq!(
            pick(&error, "name attempts retryAfterMs retryAfter"),
            json!({"name": "ApiError", "attempts": 1, "retryAfterMs": ms, "retryAfter": ms / 1000}),
            "{line}"
        );
    }
}

#[test]
async fn the_server_is_given_the_time_it_asks_for() {
    for line in [
        problem(429, "TOO_MANY_REQUESTS", &json!({"retry_after": 0.2})),
        // A date, two seconds ahead because it counts in whole ones.
        "new Response('', { status: 503, headers: { 'retry-after': new Date(Date.now() + 2000).toUTCString() } })".to_owned(),
    ] {
        let server = Server::new([line.clone(), fine()]);
        let started = now();
        server.client().get().await.expect("a customer");
        assert!(now() - started >= 190.0, "{line}: {}", now() - started);
        assert_eq!(server.attempts(), 2, "{line}");
    }
}

#[test]
async fn a_wait_that_was_not_asked_for_is_short() {
    let server = Server::new(["new Response('', { status: 502 })".to_owned(), fine()]);
    let started = now();
    server.client().get().await.expect("a customer");
    assert!(now() - started < 5000.0);
    assert_eq!(server.attempts(), 2);
}

#[test]
async fn an_unknown_outcome_stays_unknown_when_a_later_attempt_is_turned_away() {
    let busy = response_with(503, "", "{ 'retry-after': '0' }");
    for (last, outcome) in [
        (problem(401, "UNAUTHENTICATED", &json!({})), "unknown"),
        (problem(409, "DUPLICATE_RESOURCE", &json!({})), "unknown"),
        (
            problem(422, "IDEMPOTENCY_INVALID_REUSE", &json!({})),
            "unknown",
        ),
        (problem(400, "BAD_REQUEST_BODY", &json!({})), "rejected"),
    ] {
        let server = Server::new([busy.clone(), last.clone()]);
        let error = server
            .client()
            .err("createCustomer", &[js("{ status: 'ACTIVE' }")])
            .await;
        assert_eq!(
            pick(&error, "attempts outcome"),
            json!({"attempts": 2, "outcome": outcome}),
            "{last}"
        );
        if outcome == "unknown" {
            assert!(get(&error, "idempotencyKey").is_string());
        }
    }
}

#[test]
async fn the_key_of_a_failed_call_repeats_it() {
    let server = Server::new(["Promise.reject(new TypeError('x'))".to_owned(), fine()]);
    let api = server.client_with("{ maxRetries: 0 }");
    let customer = "{ status: 'ACTIVE', first_name: 'Ottoline' }";
    let error = api.err("createCustomer", &[js(customer)]).await;
    let again = js("{}");
    let key = get(&error, "idempotencyKey");
    js_sys::Reflect::set(&again, &"idempotencyKey".into(), &key).expect("an object");
    api.ok("createCustomer", &[js(customer), again]).await;
    let sent = server.sent();
    assert_eq!(
        sent[0].header("idempotency-key"),
        sent[1].header("idempotency-key")
    );
    assert_eq!(sent[0].body, sent[1].body);
}

#[test]
async fn an_error_says_which_attempt_failed_last() {
    let busy = response_with(503, "", "{ 'retry-after': '0' }");
    let server = Server::new([busy, problem(404, "RESOURCE_NOT_FOUND", &json!({}))]);
    let error = server.client().err("getCustomer", &[ID.into()]).await;
    assert_eq!(
        pick(&error, "status code attempts"),
        json!({"status": 404, "code": "RESOURCE_NOT_FOUND", "attempts": 2})
    );
    assert!(text(&error, "message").contains("No customer has this id"));
}
