//! Every quantity that a request chooses has a bound, and matching takes time in proportion to what
//! is matched.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Sandbox, harbor_street, with};

/// A body with `value` at `path`, such as `legal_address.city`.
fn body_with(path: &str, value: &Value) -> Value {
    let base = json!({"status": "ACTIVE"});
    match path.split_once('.') {
        None => with(&base, &json!({path: value})),
        Some((address, field)) => {
            let address_with = with(&harbor_street(), &json!({field: value}));
            with(&base, &json!({address: address_with}))
        }
    }
}

#[test]
fn a_text_field_takes_as_many_characters_as_its_bound_and_no_more() {
    let sandbox = Sandbox::start();
    for (path, longest) in [
        ("first_name", 255),
        ("middle_name", 255),
        ("last_name", 255),
        ("email", 254),
        ("note", 4_096),
        ("legal_address.address_line_1", 255),
        ("legal_address.address_line_2", 255),
        ("legal_address.city", 255),
        ("legal_address.nickname", 255),
        ("shipping_address.city", 255),
    ] {
        // Characters and not bytes.
        let fits = json!("é".repeat(longest));
        sandbox.created(&body_with(path, &fits));
        let too_long = json!("x".repeat(longest + 1));
        let id = sandbox.created_id(&json!({"status": "ACTIVE"}));
        let mut patch = body_with(path, &too_long);
        patch.as_object_mut().unwrap().remove("status");
        for reply in [
            sandbox.post(&body_with(path, &too_long)),
            sandbox.put(&id, &body_with(path, &too_long)),
            sandbox.patch(&id, &patch),
        ] {
            assert_eq!(reply.complaints(), format!("?{path}"));
            assert!(reply.text.contains(&longest.to_string()), "{}", reply.text);
        }
    }
}

#[test]
fn metadata_has_a_size_and_a_depth() {
    let sandbox = Sandbox::start();
    let large = |size: usize| json!({"x": "y".repeat(size - r#"{"x":""}"#.len())});
    let deep = |levels: usize| (1..levels).fold(json!({}), |inner, _| json!({"x": [inner]}));
    let nested = |levels: usize| (1..levels).fold(json!({}), |inner, _| json!({"x": inner}));
    for (metadata, fits) in [
        (large(64 * 1024), true),
        (large(64 * 1024 + 1), false),
        (nested(32), true),
        (nested(33), false),
        (deep(16), true),
        (deep(17), false),
    ] {
        let reply = sandbox.post(&json!({"status": "ACTIVE", "metadata": metadata}));
        if fits {
            assert_eq!(reply.status, 201, "{}", reply.text);
        } else {
            assert_eq!(reply.complaints(), "?metadata");
        }
    }
}

#[test]
fn a_filter_takes_as_many_characters_as_can_match_anything() {
    let sandbox = Sandbox::start();
    for name in ["first_name", "last_name", "email", "phone_number"] {
        sandbox.list(&format!("{name}={}", "x".repeat(511))).ok();
        let problem = sandbox
            .list(&format!("{name}={}", "x".repeat(512)))
            .problem(400, "BAD_QUERY_PARAMETER");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(name) && detail.contains("511"), "{detail}");
    }
}

#[test]
fn a_list_of_ids_has_a_bound() {
    let sandbox = Sandbox::start();
    let query = |count: u128| {
        let ids: Vec<String> = (0..count)
            .map(|n| uuid::Uuid::from_u128(n).to_string())
            .collect();
        format!("id={}", ids.join(","))
    };
    sandbox.list(&query(1_000)).ok();
    sandbox
        .list(&query(1_001))
        .problem(400, "BAD_QUERY_PARAMETER");
    // Repeated parameters are joined, and then they are as many.
    sandbox
        .list(&format!("{}&{}", query(600), query(600)))
        .problem(400, "BAD_QUERY_PARAMETER");
}

#[test]
fn an_idempotency_key_has_a_bound() {
    let sandbox = Sandbox::start();
    let post = |length: usize| {
        sandbox
            .request("POST", "/v0/customers")
            .key(&"k".repeat(length))
            .json(&json!({"status": "ACTIVE"}))
    };
    post(255).ok();
    let problem = post(256).problem(400, "BAD_REQUEST");
    assert!(problem["detail"].as_str().unwrap().contains("255"));
}

#[test]
fn a_response_does_not_grow_with_the_number_of_faults_in_a_query() {
    let sandbox = Sandbox::start();
    let reply = sandbox.list(&"id=%ff&".repeat(8_000));
    reply.problem(400, "BAD_QUERY_PARAMETER");
    assert!(reply.text.len() < 1_000, "{} bytes", reply.text.len());
}

#[test]
fn a_pattern_of_many_letters_after_a_star_cannot_keep_the_sandbox_busy() {
    let sandbox = Sandbox::start();
    for _ in 0..3 {
        let email = "a".repeat(1_000_000);
        sandbox.post(&json!({"status": "ACTIVE", "email": email}));
    }
    let begin = Instant::now();
    let pattern = format!("*{}b", "a".repeat(30_000));
    sandbox
        .list(&format!("email={pattern}"))
        .problem(400, "BAD_QUERY_PARAMETER");
    assert!(begin.elapsed() < Duration::from_secs(10));
}
