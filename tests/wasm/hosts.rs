//! A `fetch` that misbehaves, and test doubles that are hardly a response: every promise settles.

use super::harness::{CUSTOMER, ID, Server, apply, fine, get, js, json, pick, response_with, text};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
async fn a_fetch_that_fails_is_a_connection_error_whatever_it_throws() {
    let thrown = [
        ("new TypeError('fetch failed')", "TypeError", None),
        (
            "Object.assign(new Error('connect to 10.0.0.1'), { code: 'ECONNREFUSED' })",
            "Error",
            Some("ECONNREFUSED"),
        ),
        (
            "new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })",
            "TypeError",
            Some("ENOTFOUND"),
        ),
        (
            "{ name: 'an e-mail@example.com', code: 'and a sentence' }",
            "object",
            None,
        ),
        ("{ get name() { throw new Error('no') } }", "object", None),
        ("'a string'", "string", None),
        ("null", "object", None),
        ("0", "number", None),
        ("Object.create(null)", "object", None),
        ("Symbol('s')", "symbol", None),
    ];
    for (value, name, code) in thrown {
        for line in [
            format!("(() => {{ throw {value} }})()"),
            format!("Promise.reject({value})"),
            format!("({{ then(_, fail) {{ fail({value}) }} }})"),
            format!("({{ then() {{ throw {value} }} }})"),
        ] {
            let server = Server::new([line.as_str()]);
            let api = server.client_with("{ maxRetries: 0 }");
            let error = api
                .err("createCustomer", &[js("{ status: 'ACTIVE' }")])
                .await;
            assert_eq!(
                pick(&error, "name operation outcome attempts"),
                json!({"name": "ConnectionError", "operation": "createCustomer", "outcome": "unknown", "attempts": 1}),
                "{line}"
            );
            assert!(get(&error, "idempotencyKey").is_string(), "{line}");
            let cause = code.map_or(
                json!({"name": name}),
                |code| json!({"name": name, "code": code}),
            );
            assert_eq!(json(&get(&error, "cause")), cause, "{line}");
            // The thing itself is there for who asks.
            let whole = apply("(error) => typeof error.unredacted().cause", &[&error]);
            assert_eq!(whole, js(&format!("typeof ({value})")), "{line}");
            let message = text(&error, "message");
            assert!(
                message.contains(" https://api-sandbox.synctera.com/v0 after 1 attempt. "),
                "{message}"
            );
        }
    }
}

#[test]
async fn a_fetch_that_fails_with_nothing_has_no_cause() {
    let server = Server::new(["Promise.reject()"]);
    let api = server.client_with("{ maxRetries: 0 }");
    let error = api.err("getCustomer", &[ID.into()]).await;
    assert_eq!(text(&error, "name"), "ConnectionError");
    assert_eq!(apply("(error) => 'cause' in error", &[&error]), false);
}

#[test]
async fn a_fetch_that_fails_is_tried_again_and_the_error_counts_the_attempts() {
    let server = Server::new(["Promise.reject(new TypeError('x'))"]);
    let api = server.client_with("{ maxRetries: 1 }");
    let error = api.err("getCustomer", &[ID.into()]).await;
    assert_eq!(
        pick(&error, "name attempts outcome"),
        json!({"name": "ConnectionError", "attempts": 2, "outcome": "unknown"})
    );
    assert_eq!(server.attempts(), 2);
    assert!(text(&error, "message").contains("after 2 attempts. It is safe to repeat."));
}

#[test]
async fn a_fetch_that_gives_no_response_is_a_connection_error_and_is_not_repeated() {
    for value in [
        "undefined",
        "null",
        "5",
        "'text'",
        "{}",
        "[]",
        "() => 1",
        "{ status: '200' }",
        "{ status: NaN }",
        "{ status: 200 }",
        "{ status: 200, body: {} }",
        "{ get status() { throw new Error('x') } }",
    ] {
        for line in [format!("({value})"), format!("Promise.resolve({value})")] {
            let server = Server::new([line.as_str()]);
            let error = server.client().err("getCustomer", &[ID.into()]).await;
            assert_eq!(text(&error, "name"), "ConnectionError", "{line}");
            let message = text(&error, "message");
            assert!(message.contains("not a response"), "{line}: {message}");
            assert_eq!(server.attempts(), 1, "{line}");
        }
    }
}

#[test]
async fn a_double_needs_no_more_than_a_status_and_a_body() {
    let value = format!("JSON.parse({})", serde_json::Value::from(CUSTOMER));
    for double in [
        format!("{{ status: 200, json: async () => {value} }}"),
        format!("{{ status: 200, json: () => {value} }}"),
        format!("{{ status: 200, text: async () => JSON.stringify({value}) }}"),
        format!("{{ status: 200, text: () => JSON.stringify({value}) }}"),
        format!("{{ status: 200, headers: undefined, json: async () => {value} }}"),
        format!("{{ status: 200, headers: null, json: async () => {value} }}"),
        format!("{{ status: 200, headers: {{ 'X-Request-Id': 'r' }}, json: async () => {value} }}"),
        format!(
            "{{ status: 200, headers: new Map([['x-request-id', 'r']]), json: async () => {value} }}"
        ),
        format!("{{ status: 200, headers: 'odd', json: async () => {value} }}"),
        format!("{{ status: 200, headers: {{ 'a b': 'no header' }}, json: async () => {value} }}"),
        format!(
            "{{ ok: true, status: 200, text: async () => JSON.stringify({value}), json() {{ throw 1 }} }}"
        ),
    ] {
        let server = Server::new([format!("({double})")]);
        let info = server
            .client()
            .ok("getCustomerWithHttpInfo", &[ID.into()])
            .await;
        assert_eq!(text(&info, "data.id"), ID, "{double}");
        assert!(get(&info, "headers").is_object(), "{double}");
        if double.contains("'r'") {
            assert_eq!(text(&info, "requestId"), "r", "{double}");
        }
    }
}

#[test]
async fn a_double_of_an_error_is_read_like_a_response() {
    for double in [
        "{ status: 409, json: async () => ({ code: 'DUPLICATE_RESOURCE' }) }",
        "{ status: 409, text: async () => '{\"code\":\"DUPLICATE_RESOURCE\"}' }",
    ] {
        let server = Server::new([format!("({double})")]);
        let error = server
            .client()
            .err("createCustomer", &[js("{ status: 'ACTIVE' }")])
            .await;
        assert_eq!(
            pick(&error, "name status code"),
            json!({"name": "ApiError", "status": 409, "code": "DUPLICATE_RESOURCE"}),
            "{double}"
        );
    }
}

#[test]
async fn a_body_that_breaks_off_is_a_connection_error_and_is_tried_again() {
    let torn = "new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array([123])); c.error(new TypeError('torn')) } }))";
    let doubles = [
        torn,
        "({ status: 200, text: async () => { throw new TypeError('torn') } })",
        "({ status: 200, json: () => { throw new TypeError('torn') } })",
    ];
    for line in doubles {
        let server = Server::new([line]);
        let api = server.client_with("{ maxRetries: 0 }");
        let error = api
            .err("createCustomer", &[js("{ status: 'ACTIVE' }")])
            .await;
        assert_eq!(
            pick(&error, "name outcome"),
            json!({"name": "ConnectionError", "outcome": "unknown"}),
            "{line}"
        );
        assert!(text(&error, "message").contains("broke off"), "{line}");
        assert!(!get(&error, "cause").is_undefined(), "{line}");

        let server = Server::new([line.to_owned(), fine()]);
        server
            .client()
            .ok("createCustomer", &[js("{ status: 'ACTIVE' }")])
            .await;
        assert_eq!(server.attempts(), 2, "{line}");
    }
}

#[test]
async fn a_body_that_was_read_before_is_a_connection_error() {
    let server = Server::new(["(() => { const r = new Response('{}'); r.text(); return r })()"]);
    let api = server.client_with("{ maxRetries: 0 }");
    let error = api.err("getCustomer", &[ID.into()]).await;
    assert_eq!(text(&error, "name"), "ConnectionError");
}

#[test]
async fn the_given_fetch_is_called_without_a_this() {
    // A Workers binding's fetch is bound by its owner; the global one refuses a foreign `this`.
    let options = js(
        "{ accessToken: 'x', dangerouslyAllowBrowser: true, fetch: function () { 'use strict'; globalThis.seenThis = [this]; \
        return Promise.resolve(new Response('{\"id\":\"1\",\"status\":\"ACTIVE\"}')) } }",
    );
    super::harness::construct(&[options])
        .expect("a client")
        .ok("getCustomer", &[ID.into()])
        .await;
    assert_eq!(js("seenThis[0] === undefined"), true);
}

#[test]
async fn without_its_own_fetch_the_global_one_of_the_moment_is_used() {
    let options = js("{ accessToken: 'x', dangerouslyAllowBrowser: true }");
    let api = super::harness::construct(&[options]).expect("a client");
    js("globalThis.kept = globalThis.fetch");
    js(
        "globalThis.fetch = function (url, init) { 'use strict'; globalThis.asked = { url, init, self: this === globalThis }; \
        return Promise.resolve(new Response('{\"id\":\"global\",\"status\":\"ACTIVE\"}')) }",
    );
    let customer = api.get().await;
    js("globalThis.fetch = globalThis.kept");
    assert_eq!(text(&customer.expect("a customer"), "id"), "global");
    assert_eq!(js("asked.self"), true);
    assert_eq!(js("asked.init.method"), "GET");
}

#[test]
async fn headers_of_another_realm_are_read() {
    // Iterable, but not this realm's `Headers`.
    let headers = "{ *[Symbol.iterator]() { yield ['x-request-id', 'r-9'] } }";
    let server = Server::new([format!(
        "({{ status: 404, headers: {headers}, text: async () => '' }})"
    )]);
    let error = server.client().err("getCustomer", &[ID.into()]).await;
    assert_eq!(text(&error, "requestId"), "r-9");
    let server = Server::new([response_with(
        404,
        "",
        "new Headers({ 'x-request-id': 'r-8' })",
    )]);
    let error = server.client().err("getCustomer", &[ID.into()]).await;
    assert_eq!(json(&get(&error, "headers"))["x-request-id"], "r-8");
}
