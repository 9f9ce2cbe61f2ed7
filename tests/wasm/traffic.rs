//! Calls among other calls: fresh tokens, places, rates, pauses, and who may watch.

use super::harness::{
    CUSTOMER, ID, NEVER, Server, apply, fine, get, js, json, now, pick, problem, response,
    response_with, sleep, text,
};
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Refuses the first token that is asked for, and takes every later one.
fn refuses_the_first() -> Server {
    let refused = problem(401, "UNAUTHENTICATED", &json!({}));
    Server::new([format!(
        "init.headers.authorization === 'Bearer t1' ? {refused} : {}",
        fine()
    )])
}

/// A token function that counts its questions in `globalThis[name]`.
fn counting(name: &str) -> String {
    format!(
        "{{ accessToken: async () => {{
            globalThis.{name} = (globalThis.{name} ?? 0) + 1;
            const number = globalThis.{name};
            await new Promise((done) => setTimeout(done, 5));
            return 't' + number;
        }} }}"
    )
}

#[test]
async fn a_token_that_is_refused_is_asked_for_again_once() {
    let server = refuses_the_first();
    let api = server.client_with(&counting("freshTokens"));
    let info = api.ok("getCustomerWithHttpInfo", &[ID.into()]).await;
    assert_eq!(get(&info, "attempts"), 2);
    assert_eq!(js("globalThis.freshTokens"), 2);

    let stubborn = Server::new([problem(401, "UNAUTHENTICATED", &json!({}))]);
    let error = stubborn
        .client_with("{ accessToken: () => 'same' }")
        .err("getCustomer", &[ID.into()])
        .await;
    assert_eq!(
        pick(&error, "status attempts"),
        json!({"status": 401, "attempts": 2})
    );
}

#[test]
async fn a_token_that_does_not_change_is_not_sent_twice() {
    let server = Server::new([problem(401, "UNAUTHENTICATED", &json!({}))]);
    server.client().err("getCustomer", &[ID.into()]).await;
    assert_eq!(server.attempts(), 1);
}

#[test]
async fn each_call_sends_the_token_that_it_asked_for() {
    let server = Server::fine();
    let api = server
        .client_with("{ accessToken: (() => { let n = 0; return async () => `user-${++n}` })() }");
    let calls: Vec<_> = (0..20)
        .map(|_| api.start("getCustomer", &[ID.into()]))
        .collect();
    for call in calls {
        call.await.expect("a customer");
    }
    let sent = server.sent();
    let tokens: std::collections::BTreeSet<_> = sent
        .iter()
        .map(|sent| sent.header("authorization").expect("a token").to_owned())
        .collect();
    assert_eq!(tokens.len(), 20, "{tokens:?}");
}

#[test]
async fn a_body_larger_than_allowed_is_not_read_to_its_end() {
    let long = json!({"id": ID, "status": "ACTIVE", "email": "x".repeat(5_000)}).to_string();
    let declared = "{ 'content-length': '9000' }";
    for line in [
        response(200, &long),
        response_with(200, CUSTOMER, declared),
        response_with(500, CUSTOMER, declared),
        // A stream that would never end.
        "new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(900)); } }))".into(),
    ] {
        let server = Server::new([line.as_str()]);
        let error = server
            .client_with("{ maxResponseBytes: 1000 }")
            .err("getCustomer", &[ID.into()])
            .await;
        assert_eq!(
            pick(&error, "name problem attempts"),
            json!({"name": "DecodeError", "problem": "too_large", "attempts": 1}),
            "{line}"
        );
    }
    let server = Server::new([response(200, &long)]);
    let data = server
        .client_with("{ maxResponseBytes: 6000 }")
        .get()
        .await
        .expect("a customer");
    assert_eq!(text(&data, "email").len(), 5_000);
}

#[test]
async fn a_body_in_many_pieces_is_put_together_even_where_a_letter_is_cut() {
    let line = format!(
        "(() => {{
            const bytes = new TextEncoder().encode({});
            return new Response(new ReadableStream({{ start(c) {{
                for (const byte of bytes) c.enqueue(new Uint8Array([byte]));
                c.close();
            }} }}));
        }})()",
        json!(json!({"id": ID, "status": "ACTIVE", "last_name": "Østergaard ☃"}).to_string())
    );
    let data = Server::new([line])
        .client()
        .get()
        .await
        .expect("a customer");
    assert_eq!(text(&data, "last_name"), "Østergaard ☃");
}

#[test]
async fn hooks_see_each_attempt_and_nothing_of_anybody() {
    let server = Server::new([
        response_with(503, "", "{ 'retry-after': '0', 'x-request-id': 'r-1' }"),
        response(200, r#"{"customers":[]}"#),
    ]);
    let api = server.client_with(
        "{ onRequest: (e) => (globalThis.seen = [...(globalThis.seen ?? []), ['request', e]]),
           onResponse: (e) => globalThis.seen.push(['response', e]),
           onRetry: (e) => globalThis.seen.push(['retry', e]) }",
    );
    api.ok("listCustomers", &[js("{ email: 'canary@example.com' }")])
        .await;
    let seen =
        js("globalThis.seen.map(([kind, { durationMs, ...event }]) => ({ kind, ...event }))");
    let call = |kind: &str, attempt: u32, more: &[(&str, serde_json::Value)]| {
        let mut event = json!({
            "kind": kind, "call": 1, "operation": "listCustomers", "method": "GET",
            "path": "/customers", "attempt": attempt,
        });
        for (name, value) in more {
            event[name] = value.clone();
        }
        event
    };
    let answered = |status: u16| [("ended", json!("answered")), ("status", json!(status))];
    let mut failed = answered(503).to_vec();
    failed.push(("requestId", json!("r-1")));
    failed.push(("retryAfterMs", json!(0)));
    assert_eq!(
        json(&seen),
        json!([
            call("request", 1, &[]),
            call("response", 1, &failed),
            call(
                "retry",
                1,
                &[
                    ("ended", json!("answered")),
                    ("status", json!(503)),
                    ("waitMs", json!(0)),
                ]
            ),
            call("request", 2, &[]),
            call("response", 2, &answered(200)),
        ])
    );
    assert!(!json(&js("globalThis.seen")).to_string().contains("canary"));
    let durations = js("globalThis.seen.every(([k, e]) => k !== 'response' || e.durationMs >= 0)");
    assert_eq!(durations, JsValue::TRUE);
}

#[test]
async fn a_hook_that_throws_changes_nothing() {
    let hook = "() => { throw new Error('mine'); }";
    let server = Server::new([response_with(503, "", "{ 'retry-after': '0' }"), fine()]);
    let options = format!("{{ onRequest: {hook}, onResponse: {hook}, onRetry: {hook} }}");
    server
        .client_with(&options)
        .get()
        .await
        .expect("a customer");
}

#[test]
async fn no_more_requests_run_than_allowed_and_they_go_in_the_order_of_their_calls() {
    let server = Server::new([format!(
        "(async () => {{
            const at = (globalThis.places ??= {{ now: 0, most: 0 }});
            at.most = Math.max(at.most, ++at.now);
            await new Promise((done) => setTimeout(done, 3));
            at.now -= 1;
            return {};
        }})()",
        fine()
    )]);
    let api = server.client_with("{ maxConcurrent: 3 }");
    let ids: Vec<String> = (0..30).map(|number| number.to_string()).collect();
    let calls: Vec<_> = ids
        .iter()
        .map(|id| api.start("getCustomer", &[id.as_str().into()]))
        .collect();
    for call in calls {
        call.await.expect("a customer");
    }
    assert_eq!(js("globalThis.places.most"), 3);
    let order: Vec<_> = server
        .sent()
        .iter()
        .filter_map(|sent| sent.url.rsplit('/').next().map(str::to_owned))
        .collect();
    assert_eq!(order, ids);
}

#[test]
async fn requests_begin_no_faster_than_the_rate() {
    let server = Server::fine();
    let api = server.client_with("{ maxRequestsPerSecond: 50 }");
    let started = now();
    let calls: Vec<_> = (0..6)
        .map(|_| api.start("getCustomer", &[ID.into()]))
        .collect();
    for call in calls {
        call.await.expect("a customer");
    }
    // Five intervals of 20 ms; a clock of whole milliseconds may hide one.
    assert!(now() - started >= 99.0);
}

#[test]
async fn a_call_that_waits_for_a_place_keeps_its_deadline_and_its_signal() {
    let server = Server::new([NEVER]);
    let api = server.client_with("{ maxConcurrent: 1, timeoutMs: 5000 }");
    let running = js("new AbortController()");
    let first = api.start(
        "getCustomer",
        &[
            ID.into(),
            apply("(c) => ({ signal: c.signal })", &[&running]),
        ],
    );
    let late = api
        .err("getCustomer", &[ID.into(), js("{ timeoutMs: 30 }")])
        .await;
    assert_eq!(
        pick(&late, "name outcome attempts"),
        json!({"name": "TimeoutError", "outcome": "not_sent", "attempts": 0})
    );
    let options = js("{ signal: AbortSignal.timeout(20) }");
    let aborted = api.err("getCustomer", &[ID.into(), options]).await;
    assert_eq!(
        pick(&aborted, "name outcome attempts"),
        json!({"name": "AbortError", "outcome": "not_sent", "attempts": 0})
    );
    apply("(c) => c.abort()", &[&running]);
    first.await.expect_err("aborted");
    assert_eq!(server.attempts(), 1);
}

#[test]
async fn one_calls_rate_limit_holds_the_others_back() {
    // Long next to the sleeps below, which a busy machine makes longer.
    let limited = problem(429, "TOO_MANY_REQUESTS", &json!({"retry_after": 1.5}));
    let server = Server::new([limited, fine()]);
    let api = server.client();
    let first = api.start("getCustomer", &[ID.into()]);
    sleep(30).await;
    assert_eq!(server.attempts(), 1);
    let others: Vec<_> = (0..20)
        .map(|_| api.start("getCustomer", &[ID.into()]))
        .collect();
    sleep(50).await;
    assert_eq!(server.attempts(), 1, "no attempt is made before its time");
    first.await.expect("a customer");
    for other in others {
        other.await.expect("a customer");
    }
    assert_eq!(server.attempts(), 22);
}

#[test]
async fn an_outage_is_not_stormed_by_retries() {
    let server = Server::new([response_with(503, "", "{ 'retry-after': '0' }")]);
    let api = server.client_with("{ maxRetries: 5 }");
    for _ in 0..100 {
        api.get().await.expect_err("an outage");
    }
    assert_eq!(
        server.attempts(),
        200,
        "a hundred calls and the budget's hundred repetitions"
    );
}

#[test]
async fn a_wait_longer_than_allowed_ends_the_call_and_says_how_long_it_is() {
    let server = Server::new([response_with(503, "", "{ 'retry-after': '3' }")]);
    let error = server
        .client_with("{ maxRetryDelayMs: 2000 }")
        .err("getCustomer", &[ID.into()])
        .await;
    assert_eq!(
        pick(&error, "name attempts retryAfterMs"),
        json!({"name": "ApiError", "attempts": 1, "retryAfterMs": 3000})
    );
}

/// Each option with a value that it does not take.
#[test]
async fn an_option_of_traffic_that_makes_no_sense_is_refused() {
    for option in [
        "maxConcurrent: 0",
        "maxConcurrent: 1.5",
        "maxRequestsPerSecond: 0",
        "maxRequestsPerSecond: Infinity",
        "maxResponseBytes: 0",
        "maxResponseBytes: 'many'",
        "maxRetryDelayMs: -1",
        "onRequest: {}",
        "onResponse: 1",
        "onRetry: 'log'",
    ] {
        let name = option.split(':').next().expect("a name");
        let options = Server::fine().options(&format!("{{ {option} }}"));
        let Err(error) = super::harness::construct(&[options]) else {
            panic!("{option} was taken");
        };
        assert_eq!(text(&error, "issues.0.path"), format!("options.{name}"));
    }
}
