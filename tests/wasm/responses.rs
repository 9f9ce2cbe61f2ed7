//! What a success becomes, and what it does not.

use super::harness::{
    CUSTOMER, ID, Server, get, js, json, keys, pick, response, response_with, text,
};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
async fn a_response_passes_with_unknown_fields_and_values_untouched() {
    let body = r#"{"zzz":[{"deep":null}],"id":"1","status":"ARCHIVED","kyc_status":"VENDOR_ERROR","ban_status":"NEW",
        "ssn":"987-65-4329","creation_time":"2025-02-03T14:05:06.120045Z","metadata":{"n":1.5,"__proto__":{"x":1}},
        "legal_address":{"address_type":"ORBITAL","address_line_1":7},"dob":null,"1":"first"}"#;
    for status in [200, 201, 202, 299] {
        let server = Server::new([response(status, body)]);
        let customer = server.client().ok("getCustomer", &[ID.into()]).await;
        let parsed = js_sys::JSON::parse(body).expect("JSON");
        assert_eq!(
            js_sys::JSON::stringify(&customer),
            js_sys::JSON::stringify(&parsed)
        );
    }
}

#[test]
async fn a_number_that_wasm_could_not_hold_passes_as_the_host_parsed_it() {
    let body =
        r#"{"id":"1","status":"ACTIVE","metadata":{"big":12345678901234567890,"small":1e-300}}"#;
    let server = Server::new([response(200, body)]);
    let customer = server.client().ok("getCustomer", &[ID.into()]).await;
    assert_eq!(
        get(&customer, "metadata.big").as_f64(),
        Some(12_345_678_901_234_567_890.0)
    );
    assert_eq!(get(&customer, "metadata.small").as_f64(), Some(1e-300));
}

#[test]
async fn a_page_passes_with_its_token_or_without() {
    for (body, token) in [
        (
            r#"{"customers":[{"id":"1","status":"NEW"}],"next_page_token":"k7"}"#,
            json!("k7"),
        ),
        (r#"{"customers":[]}"#, Value::Null),
        (r#"{"customers":[null, 5]}"#, Value::Null),
    ] {
        let server = Server::new([response(200, body)]);
        let page = server.client().ok("listCustomers", &[]).await;
        assert_eq!(
            json(&page),
            serde_json::from_str::<Value>(body).expect("JSON")
        );
        assert_eq!(json(&get(&page, "next_page_token")), token);
    }
}

#[test]
async fn the_http_info_describes_the_exchange() {
    let headers = "{ 'content-type': 'application/json', 'X-Request-Id': 'r-1' }";
    let busy = response_with(503, "", "{ 'retry-after': '0' }");
    let server = Server::new([busy, response_with(201, CUSTOMER, headers)]);
    let info = server
        .client()
        .ok(
            "createCustomerWithHttpInfo",
            &[js("{ status: 'ACTIVE' }"), js("{ idempotencyKey: 'k' }")],
        )
        .await;
    let wanted = json!({
        "data": serde_json::from_str::<Value>(CUSTOMER).expect("JSON"), "status": 201,
        "headers": {"content-type": "application/json", "x-request-id": "r-1"},
        "requestId": "r-1", "idempotencyKey": "k", "attempts": 2,
    });
    assert_eq!(json(&info), wanted);
}

#[test]
async fn the_http_info_of_a_read_has_no_key_and_no_made_up_id() {
    let server = Server::fine();
    let info = server
        .client()
        .ok("getCustomerWithHttpInfo", &[ID.into()])
        .await;
    assert_eq!(keys(&info), ["data", "status", "headers", "attempts"]);
}

/// A success without use: why, and how it is reported.
#[test]
async fn a_success_that_is_of_no_use_is_a_decode_error_and_is_not_repeated() {
    let html = "<!doctype html><title>Sign in</title>";
    let as_html = "{ 'content-type': 'text/html' }";
    let no_content = "new Response(null, { status: 204 })".to_owned();
    let table = [
        (
            response(200, r#"{"id":"1","sta"#),
            200,
            "malformed_json",
            json!(r#"{"id":"1","sta"#),
        ),
        (response(200, "ok"), 200, "malformed_json", json!("ok")),
        (
            response_with(200, html, as_html),
            200,
            "not_json",
            json!(html),
        ),
        (response(200, ""), 200, "empty_body", json!("")),
        (
            response_with(200, " ", as_html),
            200,
            "empty_body",
            json!(" "),
        ),
        (no_content, 204, "empty_body", json!("")),
        (response(200, "{}"), 200, "unexpected_shape", json!({})),
        (response(200, "null"), 200, "unexpected_shape", json!(null)),
        (response(200, "[]"), 200, "unexpected_shape", json!([])),
        (response(200, "5"), 200, "unexpected_shape", json!(5)),
        (
            response(200, r#""text""#),
            200,
            "unexpected_shape",
            json!("text"),
        ),
        (
            response(200, r#"{"id":7,"status":"ACTIVE"}"#),
            200,
            "unexpected_shape",
            json!({"id": 7, "status": "ACTIVE"}),
        ),
        (
            response(200, r#"{"id":"1"}"#),
            200,
            "unexpected_shape",
            json!({"id": "1"}),
        ),
        (
            response(200, r#"{"customers":[]}"#),
            200,
            "unexpected_shape",
            json!({"customers": []}),
        ),
    ];
    for (line, status, problem, body) in table {
        let server = Server::new([line.as_str()]);
        let api = server.client();
        let error = api
            .err("createCustomer", &[js("{ status: 'ACTIVE' }")])
            .await;
        assert_eq!(
            pick(
                &error,
                "name operation outcome attempts status problem body"
            ),
            json!({
                "name": "DecodeError", "operation": "createCustomer", "outcome": "unknown",
                "attempts": 1, "status": status, "problem": problem, "body": body,
            }),
            "{line}"
        );
        assert!(get(&error, "headers").is_object(), "{line}");
        assert!(get(&error, "idempotencyKey").is_string(), "{line}");
        assert!(
            text(&error, "message").contains("repeat with the same idempotency key"),
            "{line}"
        );
        assert_eq!(server.attempts(), 1, "{line}");
    }
}

#[test]
async fn a_page_without_a_list_of_customers_is_a_decode_error() {
    for body in [
        "{}",
        r#"{"customers":{}}"#,
        r#"{"customers":null}"#,
        r#"[{"id":"1"}]"#,
        CUSTOMER,
    ] {
        let server = Server::new([response(200, body)]);
        let error = server.client().err("listCustomers", &[]).await;
        assert_eq!(
            pick(&error, "name problem outcome"),
            json!({"name": "DecodeError", "problem": "unexpected_shape", "outcome": "unknown"}),
            "{body}"
        );
    }
}

/// Options with a callback that keeps what it gets.
fn keeping() -> &'static str {
    "{ onSchemaDrift: ((kept) => Object.assign((drift) => kept.push(drift), { kept }))([]) }"
}

/// What the callback of these options got.
fn kept(options: &JsValue) -> Value {
    json(&get(options, "onSchemaDrift.kept"))
}

#[test]
async fn a_drift_is_reported_by_path_and_type_and_the_response_passes() {
    let body = r#"{"id":"1","status":"ARCHIVED","kyc_last_run":17,"nickname":{},"ssn":"987-65-4329","note":"n"}"#;
    let server = Server::new([response(200, body)]);
    let options = server.options(keeping());
    let api = super::harness::construct(std::slice::from_ref(&options)).expect("a client");
    let customer = api.ok("getCustomer", &[ID.into()]).await;
    assert_eq!(
        json(&customer),
        serde_json::from_str::<Value>(body).expect("JSON")
    );

    let reported = kept(&options);
    assert_eq!(reported.as_array().map(Vec::len), Some(1));
    assert_eq!(reported[0]["operation"], "getCustomer");
    assert_eq!(reported[0]["total"], 5);
    let paths: Vec<_> = reported[0]["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| format!("{}: {}", finding["path"], finding["found"]).replace('"', ""))
        .collect();
    assert_eq!(
        paths,
        [
            "status: a string of 8 characters",
            "kyc_last_run: number",
            "nickname: object",
            "ssn: a string of 11 characters",
            "note: string",
        ]
    );
    assert!(!reported.to_string().contains("987") && !reported.to_string().contains("ARCHIVED"));
}

#[test]
async fn a_drift_in_a_page_is_reported_with_its_place() {
    let server = Server::new([response(
        200,
        r#"{"customers":[{"id":"1","status":"ACTIVE"},{"id":2,"status":"ACTIVE"}],"total":2}"#,
    )]);
    let options = server.options(keeping());
    let api = super::harness::construct(std::slice::from_ref(&options)).expect("a client");
    api.ok("listCustomers", &[]).await;
    let reported = kept(&options);
    assert_eq!(reported[0]["operation"], "listCustomers");
    assert_eq!(reported[0]["findings"][0]["path"], "customers[1].id");
    assert_eq!(reported[0]["findings"][1]["path"], "total");
}

#[test]
async fn a_response_that_keeps_to_the_contract_reports_nothing() {
    let server = Server::fine();
    let options = server.options(keeping());
    let api = super::harness::construct(std::slice::from_ref(&options)).expect("a client");
    api.ok("getCustomer", &[ID.into()]).await;
    assert_eq!(kept(&options), json!([]));
}

#[test]
async fn a_callback_that_throws_or_rejects_does_not_fail_the_call() {
    for callback in [
        "() => { throw new Error('mine') }",
        "() => { throw undefined }",
        "() => 5",
    ] {
        let server = Server::new([response(200, r#"{"id":"1","status":"ARCHIVED"}"#)]);
        let api = server.client_with(&format!("{{ onSchemaDrift: {callback} }}"));
        assert_eq!(
            text(&api.ok("getCustomer", &[ID.into()]).await, "id"),
            "1",
            "{callback}"
        );
    }
}

#[test]
async fn the_response_is_the_hosts_own_object_and_not_a_copy() {
    // A double whose `json()` gives an object with its own identity.
    let server = Server::new([
        "{ status: 200, json: async () => (globalThis.theResponse ??= { id: '1', status: 'ACTIVE' }) }",
    ]);
    let customer = server.client().ok("getCustomer", &[ID.into()]).await;
    assert!(js_sys::Object::is(&customer, &js("theResponse")));
    let info = server
        .client()
        .ok("getCustomerWithHttpInfo", &[ID.into()])
        .await;
    assert!(js_sys::Object::is(&get(&info, "data"), &js("theResponse")));
}

#[test]
async fn a_polluted_prototype_does_not_make_a_response_fit() {
    let server = Server::new([response(200, "{}")]);
    js("Object.prototype.id = 'x', Object.prototype.status = 'ACTIVE'");
    let result = server.client().get().await;
    js("delete Object.prototype.id, delete Object.prototype.status");
    let error = result.expect_err("no customer");
    assert_eq!(text(&error, "problem"), "unexpected_shape");
}

#[test]
async fn a_large_page_passes() {
    let server = Server::new([
        "new Response(JSON.stringify({ customers: Array.from({ length: 5000 }, \
        (_, i) => ({ id: String(i), status: 'ACTIVE', first_name: 'x'.repeat(200) })) }))",
    ]);
    let page = server.client().ok("listCustomers", &[]).await;
    assert_eq!(get(&page, "customers.length"), 5000);
    assert_eq!(text(&page, "customers.4999.id"), "4999");
}

#[test]
async fn a_byte_order_mark_before_the_json_does_no_harm() {
    // As bytes, the way it would arrive: WebKit hands a string given to `Response` back as it was.
    let body = Value::from(format!("\u{feff}{CUSTOMER}"));
    let server = Server::new([format!("new Response(new TextEncoder().encode({body}))")]);
    let customer = server.client().ok("getCustomer", &[ID.into()]).await;
    assert_eq!(text(&customer, "id"), ID);
}
