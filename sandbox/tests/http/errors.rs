//! The shape of failures, and every code of the catalogue.

use serde_json::json;

use crate::harness::{Sandbox, ottoline};

// BEHAVIOUR 8.p1, 8.BAD_REQUEST_BODY
#[test]
fn a_failure_is_a_problem_with_a_code() {
    let sandbox = Sandbox::start();
    let problem = sandbox.post(&json!({"ssn": "1", "id": "x"})).json();
    assert_eq!(
        problem["type"],
        "https://dev.synctera.com/errors/bad-request-body"
    );
    assert_eq!(problem["title"], "Bad Request Body");
    assert_eq!(problem["status"], 400);
    assert_eq!(problem["code"], "BAD_REQUEST_BODY");
    assert_eq!(problem["missing"], json!(["status"]));
    assert_eq!(problem["immutable"], json!(["id"]));
    assert!(
        problem["invalid"]["ssn"]
            .as_str()
            .unwrap()
            .contains("NNN-NN-NNNN")
    );
    assert_eq!(problem.as_object().unwrap().len(), 8);
}

// BEHAVIOUR 8.p1
#[test]
fn what_is_no_json_object_is_a_problem_that_quotes_nothing() {
    let sandbox = Sandbox::start();
    let deep = "[".repeat(5_000);
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"Ottoline\"",
        "7",
        "{\"a\":Ottoline}",
        "{} {}",
        &deep,
        "{\"a\":1e999}",
    ] {
        let reply = sandbox
            .request("POST", "/v0/customers")
            .header("Content-Type", "application/json")
            .body(body);
        reply.problem(400, "BAD_REQUEST_BODY");
        assert!(!reply.text.contains("Ottoline"));
    }
}

// BEHAVIOUR 8.BAD_REQUEST, 8.BAD_REQUEST_BODY, 8.BAD_QUERY_PARAMETER, 8.FEATURE_NOT_AVAILABLE
// BEHAVIOUR 8.CUSTOMER_NOT_FOUND, 8.UNAUTHENTICATED, 8.FORBIDDEN, 8.RESOURCE_NOT_FOUND
// BEHAVIOUR 8.DUPLICATE_RESOURCE, 8.IDEMPOTENCY_CONCURRENT_USE, 8.IDEMPOTENCY_INVALID_REUSE
// BEHAVIOUR 8.INVALID_STATUS, 8.INVALID_TENANCY, 8.BAD_CONFIGURATION, 8.TOO_MANY_REQUESTS
// BEHAVIOUR 8.REQUEST_CANCELED, 8.INTERNAL_ERROR, 8.NOT_IMPLEMENTED, 8.VENDOR_TIMEOUT
// BEHAVIOUR 8.GATEWAY_TIMEOUT, 1.7, 2.p1
#[test]
fn every_code_can_be_had_on_every_operation_with_its_status_and_type() {
    let sandbox = Sandbox::start();
    let one = format!("/v0/customers/{}", sandbox.created_id(&ottoline()));
    for (code, status, slug) in [
        ("BAD_REQUEST", 400, "bad-request"),
        ("BAD_REQUEST_BODY", 400, "bad-request-body"),
        ("BAD_QUERY_PARAMETER", 400, "bad-request-query"),
        ("FEATURE_NOT_AVAILABLE", 400, "bad-request"),
        ("CUSTOMER_NOT_FOUND", 400, "not-found"),
        ("UNAUTHENTICATED", 401, "unauthenticated"),
        ("FORBIDDEN", 403, "forbidden"),
        ("RESOURCE_NOT_FOUND", 404, "not-found"),
        ("DUPLICATE_RESOURCE", 409, "duplicate"),
        ("IDEMPOTENCY_CONCURRENT_USE", 409, "conflict"),
        ("IDEMPOTENCY_INVALID_REUSE", 422, "unprocessable-entity"),
        ("INVALID_STATUS", 422, ""),
        ("INVALID_TENANCY", 422, "rule-violation"),
        ("BAD_CONFIGURATION", 422, ""),
        ("TOO_MANY_REQUESTS", 429, "too-many-requests"),
        ("REQUEST_CANCELED", 499, "client-closed-request"),
        ("INTERNAL_ERROR", 500, "internal-server-error"),
        ("NOT_IMPLEMENTED", 501, "not-implemented"),
        ("VENDOR_TIMEOUT", 504, ""),
        ("GATEWAY_TIMEOUT", 504, "gateway-timeout"),
    ] {
        for (method, path) in [
            ("GET", "/v0/customers"),
            ("POST", "/v0/customers"),
            ("GET", &one),
            ("PATCH", &one),
            ("PUT", &one),
        ] {
            let reply = sandbox
                .request(method, path)
                .fault(&format!("code={code}"))
                .send();
            let problem = reply.problem(status, code);
            let expected =
                (!slug.is_empty()).then(|| format!("https://dev.synctera.com/errors/{slug}"));
            assert_eq!(problem["type"].as_str(), expected.as_deref());
        }
    }
}

// BEHAVIOUR 8.502, 8.VENDOR_TIMEOUT
#[test]
fn gateway_failures_without_a_code_are_plain_problems() {
    let sandbox = Sandbox::start();
    for status in [502, 503] {
        let reply = sandbox
            .request("GET", "/v0/customers")
            .fault(&format!("status={status}"))
            .send();
        assert_eq!(reply.problem(status, "")["type"], "about:blank");
    }
    let vendor = sandbox
        .request("GET", "/v0/customers")
        .fault("code=VENDOR_TIMEOUT")
        .send();
    assert_eq!(vendor.json()["title"], "Gateway Timeout");
}

// BEHAVIOUR 1.6
#[test]
fn an_error_body_can_be_anything() {
    let sandbox = Sandbox::start();
    for (fault, status, kind, text) in [
        (
            "status=502;body=%3Chtml%3Eoops%3C%2Fhtml%3E;content-type=text%2Fhtml",
            502,
            "text/html",
            "<html>oops</html>",
        ),
        (
            "status=401;body=;content-type=application%2Fjson",
            401,
            "application/json",
            "",
        ),
        (
            "status=400;body=%7B%22error%22%3A%22x%22%7D",
            400,
            "application/problem+json",
            r#"{"error":"x"}"#,
        ),
    ] {
        let reply = sandbox.request("GET", "/v0/customers").fault(fault).send();
        assert_eq!(
            (
                reply.status,
                reply.header("content-type"),
                reply.text.as_str()
            ),
            (status, kind, text)
        );
    }
}

// BEHAVIOUR 8.p3, 8.TOO_MANY_REQUESTS
#[test]
fn a_rate_limit_gives_the_delay_in_the_body_the_header_or_not_at_all() {
    let sandbox = Sandbox::start();
    let limited = |fault: &str| sandbox.request("GET", "/v0/customers").fault(fault).send();
    let reply = limited("status=429;retry-after=7");
    assert_eq!(reply.problem(429, "TOO_MANY_REQUESTS")["retry_after"], 7);
    assert_eq!(reply.header("retry-after"), "");
    let reply = limited("status=429;retry-after-header=9");
    assert_eq!(
        reply.problem(429, "TOO_MANY_REQUESTS").get("retry_after"),
        None
    );
    assert_eq!(reply.header("retry-after"), "9");
    let reply = limited("status=429");
    assert_eq!(
        reply.problem(429, "TOO_MANY_REQUESTS").get("retry_after"),
        None
    );
}

// BEHAVIOUR 8.p4, 7.2
#[test]
fn after_a_lost_response_the_same_key_gives_the_outcome() {
    let sandbox = Sandbox::start();
    let post = || sandbox.request("POST", "/v0/customers").key("k");
    assert!(post().fault("drop=after").try_json(&ottoline()).is_err());
    assert_eq!(
        sandbox.list("email=ottoline*").ids().len(),
        1,
        "it was committed"
    );
    let reply = post().json(&ottoline());
    assert_eq!(
        (reply.status, reply.header("idempotency-replayed")),
        (201, "true")
    );
    assert_eq!(sandbox.list("").ids().len(), 1);
}
