//! What a response that is no success becomes.

use super::harness::{
    ID, Server, apply, class, get, js, json, keys, pick, problem, response, response_with, text,
};
use js_sys::Promise;
use serde_json::json;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
async fn an_api_error_has_every_property_of_the_problem() {
    let body = json!({
        "type": "https://dev.synctera.com/errors/bad-request-body", "title": "Bad Request Body",
        "status": 400, "code": "BAD_REQUEST_BODY", "detail": "one field was not understood",
        "missing": ["status"], "invalid": {"ssn": "use hyphens"}, "immutable": ["creation_time"],
        "valid_status": ["ACTIVE", "INACTIVE"], "retry_after": 7, "extension": {"any": "thing"},
    });
    let headers =
        "{ 'Content-Type': 'application/problem+json', 'X-Request-Id': 'r-42', 'X-Odd': 'é' }";
    let server = Server::new([response_with(400, &body.to_string(), headers)]);
    let error = server
        .client()
        .err(
            "createCustomer",
            &[js("{ status: 'ACTIVE' }"), js("{ idempotencyKey: 'k-1' }")],
        )
        .await;
    let seen = pick(
        &error,
        "name operation outcome attempts idempotencyKey requestId retryAfterMs status code title \
         detail type missing invalid immutable validStatus retryAfter headers body bodyKind",
    );
    let wanted = json!({
        "name": "ApiError", "operation": "createCustomer", "outcome": "rejected", "attempts": 1,
        "idempotencyKey": "k-1", "requestId": "r-42", "retryAfterMs": 7000, "status": 400,
        "code": "BAD_REQUEST_BODY", "title": "Bad Request Body",
        "detail": "one field was not understood",
        "type": "https://dev.synctera.com/errors/bad-request-body",
        "missing": ["status"], "invalid": {"ssn": "use hyphens"}, "immutable": ["creation_time"],
        "validStatus": ["ACTIVE", "INACTIVE"], "retryAfter": 7,
        "headers": {"content-type": "application/problem+json", "x-request-id": "r-42", "x-odd": "é"},
        "body": body, "bodyKind": "problem",
    });
    assert_eq!(seen, wanted);
    assert_eq!(
        text(&error, "message"),
        "createCustomer failed: 400 BAD_REQUEST_BODY; missing: status; invalid: ssn; immutable: \
         creation_time. Correct the request, and take a new idempotency key for it: this response \
         is kept under the old one."
    );
}

#[test]
async fn what_a_problem_does_not_say_is_left_out_or_empty() {
    let server = Server::new([problem(404, "RESOURCE_NOT_FOUND", &json!({}))]);
    let error = server.client().err("getCustomer", &[ID.into()]).await;
    let names = "code title detail type missing invalid immutable validStatus retryAfter \
        retryAfterMs requestId idempotencyKey";
    assert_eq!(
        pick(&error, names),
        json!({
            "code": "RESOURCE_NOT_FOUND", "missing": [], "invalid": {}, "immutable": [],
            "validStatus": [],
        })
    );
    for name in ["title", "retryAfter", "requestId", "cause"] {
        let own = apply("Object.hasOwn", &[&error, &name.into()]);
        assert_eq!(own, false, "{name}");
    }
}

/// Every declared error status comes out with its own number and kind of body.
#[test]
async fn whatever_the_body_is_the_status_is_reported() {
    let html = "<html><body>Bad Gateway</body></html>";
    let as_html = "{ 'content-type': 'text/html' }";
    let table = [
        (response_with(502, html, as_html), 502, "text", json!(html)),
        (response_with(502, "", "{}"), 502, "empty", json!("")),
        (
            response_with(502, " \n", as_html),
            502,
            "empty",
            json!(" \n"),
        ),
        (
            response(500, r#"{"error":"old"}"#),
            500,
            "json",
            json!({"error": "old"}),
        ),
        (response(500, "[1]"), 500, "json", json!([1])),
        (response(500, "null"), 500, "json", json!(null)),
        (
            response(500, "{\"code\": "),
            500,
            "text",
            json!("{\"code\": "),
        ),
        // The body is what it is, whatever its content type says.
        (
            response_with(403, r#"{"code":"FORBIDDEN"}"#, as_html),
            403,
            "problem",
            json!({"code": "FORBIDDEN"}),
        ),
        (
            response_with(403, r#"{"code":"FORBIDDEN"}"#, "{}"),
            403,
            "problem",
            json!({"code": "FORBIDDEN"}),
        ),
        (
            response(418, r#"{"title":"Teapot"}"#),
            418,
            "problem",
            json!({"title": "Teapot"}),
        ),
    ];
    for (line, status, kind, body) in table {
        let server = Server::new([line.as_str()]);
        let api = server.client_with("{ maxRetries: 0 }");
        let error = api.err("getCustomer", &[ID.into()]).await;
        assert_eq!(
            pick(&error, "name status bodyKind body"),
            json!({"name": "ApiError", "status": status, "bodyKind": kind, "body": body}),
            "{line}"
        );
    }
}

#[test]
async fn members_of_the_wrong_type_do_not_hide_the_error() {
    let body = r#"{"code":7,"title":["x"],"missing":"status","invalid":[1],"immutable":[1,"id"],"retry_after":"soon"}"#;
    let server = Server::new([response(400, body)]);
    let error = server.client().err("getCustomer", &[ID.into()]).await;
    assert_eq!(
        pick(
            &error,
            "status code title missing invalid immutable retryAfter"
        ),
        json!({"status": 400, "missing": [], "invalid": {}, "immutable": ["id"]})
    );
}

#[test]
async fn a_redirect_is_an_error_and_is_not_followed() {
    let table = [
        (
            response_with(302, "", "{ location: 'https://evil.example/' }"),
            302,
        ),
        (response_with(307, "", "{ location: '/elsewhere' }"), 307),
        // All that a browser shows of one.
        (
            "{ type: 'opaqueredirect', status: 0, headers: new Headers(), text: async () => '' }"
                .to_owned(),
            302,
        ),
    ];
    for (line, status) in table {
        let server = Server::new([line.as_str()]);
        let error = server.client().err("getCustomer", &[ID.into()]).await;
        assert_eq!(
            pick(&error, "name status attempts"),
            json!({"name": "ApiError", "status": status, "attempts": 1})
        );
        assert!(text(&error, "message").contains("check baseUrl"), "{line}");
        assert_eq!(server.attempts(), 1);
    }
}

#[test]
async fn the_outcome_says_what_the_server_may_have_done() {
    for (status, outcome) in [
        (400, "rejected"),
        (401, "rejected"),
        (403, "rejected"),
        (404, "rejected"),
        (409, "rejected"),
        (422, "rejected"),
        (429, "rejected"),
        (408, "unknown"),
        (499, "unknown"),
        (500, "unknown"),
        (501, "unknown"),
        (502, "unknown"),
        (503, "unknown"),
        (504, "unknown"),
        (302, "unknown"),
    ] {
        let server = Server::new([response(status, "{}")]);
        let api = server.client_with("{ maxRetries: 0 }");
        let error = api
            .err("createCustomer", &[js("{ status: 'ACTIVE' }")])
            .await;
        assert_eq!(
            pick(&error, "status outcome"),
            json!({"status": status, "outcome": outcome})
        );
    }
}

#[test]
async fn the_id_of_a_request_is_found_under_either_name() {
    for name in ["X-Request-Id", "Request-Id"] {
        let server = Server::new([response_with(404, "", &format!("{{ '{name}': 'r-1' }}"))]);
        let error = server.client().err("getCustomer", &[ID.into()]).await;
        assert_eq!(text(&error, "requestId"), "r-1", "{name}");
    }
}

/// The error for a problem that quotes a person's data.
async fn telling() -> wasm_bindgen::JsValue {
    let body = json!({"detail": "d", "invalid": {"ssn": "987"}, "missing": ["dob"], "x": 1});
    let server = Server::new([problem(400, "BAD_REQUEST_BODY", &body)]);
    let call = [js("{ status: 'ACTIVE' }"), js("{ idempotencyKey: 'k' }")];
    server.client().err("createCustomer", &call).await
}

#[test]
async fn what_may_quote_personal_data_is_no_property_of_the_errors_own() {
    let error = telling().await;
    let mut shown = keys(&error);
    shown.sort();
    let wanted = "attempts bodyKind code operation outcome status";
    assert_eq!(shown, wanted.split(' ').collect::<Vec<_>>());
    // Not even a hidden one: what walks over all of an object's own properties misses it.
    let own = apply("Object.getOwnPropertyNames", &[&error]);
    let own = json(&own);
    let own = own.as_array().expect("names");
    for name in ["detail", "invalid", "missing", "body", "idempotencyKey"] {
        assert!(!get(&error, name).is_undefined(), "{name} can be read");
        assert!(!own.contains(&name.into()), "{name} is the error's own");
    }
    assert_eq!(text(&error, "detail"), "d");
    assert_eq!(json(&get(&error, "invalid")), json!({"ssn": "987"}));
}

#[test]
async fn an_error_as_json_is_what_a_log_may_hold() {
    let error = telling().await;
    let message = text(&error, "message");
    let wanted = json!({
        "name": "ApiError", "message": message, "operation": "createCustomer",
        "outcome": "rejected", "attempts": 1, "status": 400, "code": "BAD_REQUEST_BODY",
        "bodyKind": "problem",
    });
    assert_eq!(json(&error), wanted);
    assert_eq!(json(&apply("(error) => error.toJSON()", &[&error])), wanted);
}

#[test]
async fn an_error_unredacted_is_everything() {
    let error = telling().await;
    let seen = apply("(error) => error.unredacted()", &[&error]);
    let seen = json(&seen);
    let stack = text(&error, "stack");
    let mut wanted = json(&error);
    let quiet = json!({
        "stack": stack, "idempotencyKey": "k", "detail": "d", "invalid": {"ssn": "987"},
        "missing": ["dob"], "immutable": [], "validStatus": [],
        "headers": {"content-type": "application/problem+json"},
        "body": {"code": "BAD_REQUEST_BODY", "status": 400, "detail": "d",
            "invalid": {"ssn": "987"}, "missing": ["dob"], "x": 1},
    });
    let (Some(wanted), Some(quiet)) = (wanted.as_object_mut(), quiet.as_object()) else {
        panic!("objects");
    };
    wanted.extend(quiet.clone());
    assert_eq!(seen.as_object(), Some(&*wanted));
}

#[test]
async fn what_an_error_keeps_apart_cannot_be_changed_by_chance() {
    let error = telling().await;
    let change = "(error) => { 'use strict'; try { error.detail = 'x'; return 'changed' } catch (e) { return e.name } }";
    assert_eq!(apply(change, &[&error]), "TypeError");
    assert_eq!(text(&error, "detail"), "d");
}

#[test]
async fn a_copy_of_an_error_holds_nothing_of_anybodys() {
    let error = telling().await;
    for copy in [
        "(error) => ({ ...error })",
        "(error) => Object.assign({}, error)",
        "(error) => structuredClone(error)",
    ] {
        let copied = apply(copy, &[&error]);
        for name in ["detail", "invalid", "body", "idempotencyKey"] {
            assert!(get(&copied, name).is_undefined(), "{copy} copies {name}");
        }
    }
}

#[test]
async fn an_error_of_every_way_to_fail_can_be_cloned() {
    let server = Server::new([response(404, "{}")]);
    let failing = server.client_with("{ maxRetries: 0 }");
    let freed = server.client();
    apply("(api) => api.free()", &[&freed.0]);
    // From a microtask, since this test is WebAssembly too and would be in the error's stack.
    let ways = [
        "api.getCustomer('a')",
        "api.getCustomerWithHttpInfo('a')",
        "api.getCustomer(5)",
        "api.getCustomer('a', { signal: AbortSignal.abort() })",
        "freed.getCustomer('a')",
        "new Class({ accessToken: 5 })",
        "new Class({ accessToken: 'a', baseUrl: 'http://' })",
        "new (class extends Class {})({ accessToken: 5 })",
    ];
    for way in ways {
        let run = format!(
            "(api, freed, Class) => Promise.resolve().then(() => {way}).then(() => 'no error', (error) => {{ \
                 const {{ message, stack }} = structuredClone(error); \
                 return message === error.message && stack === error.stack && error instanceof Error; \
             }})"
        );
        let promise = apply(&run, &[&failing.0, &freed.0, &class()]);
        let cloned = JsFuture::from(promise.unchecked_into::<Promise>()).await;
        let cloned = cloned.unwrap_or_else(|error| panic!("{way}: {}", text(&error, "message")));
        assert_eq!(cloned, true, "{way}");
    }
}
