//! The caller's `throttle`, which each attempt waits for.

use super::harness::{
    ID, NEVER, Server, apply, fine, get, js, json, keys, now, pick, problem, sleep, text,
};
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A throttle that keeps what it is called with in `globalThis[name]`.
fn recording(name: &str) -> String {
    format!("throttle(request) {{ (globalThis.{name} ??= []).push(request); }}")
}

#[test]
async fn throttle_is_called_before_the_token_and_the_request_of_every_attempt() {
    let busy = problem(503, "", &json!({"retry_after": 0}));
    let log = |what: &str, value: &str| {
        format!("((globalThis.throttleSteps ??= []).push('{what}'), {value})")
    };
    let server = Server::new([log("fetch", &busy), log("fetch", &fine())]);
    let api = server.client_with(&format!(
        "{{ async throttle() {{ {} }}, accessToken: () => {} }}",
        log("throttle", "0"),
        log("token", "'t'"),
    ));
    api.get().await.expect("a customer");
    assert_eq!(
        json(&js("globalThis.throttleSteps")),
        json!(["throttle", "token", "fetch", "throttle", "token", "fetch"])
    );
}

#[test]
async fn throttle_is_called_with_the_attempt_and_nothing_of_the_arguments() {
    let busy = problem(503, "", &json!({"retry_after": 0}));
    let server = Server::new([busy, fine()]);
    let api = server.client_with(&format!("{{ {} }}", recording("throttled")));
    let arguments = [
        "canary@example.com".into(),
        js("{ email: 'canary@example.com' }"),
        js("{ idempotencyKey: 'canary@example.com', headers: { 'x-a': 'canary@example.com' } }"),
    ];
    api.ok("patchCustomer", &arguments).await;
    api.get().await.expect("a customer");
    let request = |call: u32, operation: &str, method: &str, attempt: u32| {
        json!({"call": call, "operation": operation, "method": method,
               "path": "/customers/{customer_id}", "attempt": attempt})
    };
    let plain = js("globalThis.throttled.map(({ signal, ...request }) => request)");
    assert_eq!(
        json(&plain),
        json!([
            request(1, "patchCustomer", "PATCH", 1),
            request(1, "patchCustomer", "PATCH", 2),
            request(2, "getCustomer", "GET", 1),
        ])
    );
    assert_eq!(
        keys(&js("globalThis.throttled[0]")),
        ["operation", "method", "path", "call", "attempt", "signal"]
    );
    assert_eq!(
        js(
            "globalThis.throttled.every(({ signal }) => signal instanceof AbortSignal && !signal.aborted)"
        ),
        true
    );
}

#[test]
async fn throttle_holds_the_request_back_until_its_promise_resolves_whatever_to() {
    for value in ["undefined", "false", "null", "0", "new Error('x')"] {
        let server = Server::fine();
        let api = server.client_with(&format!(
            "{{ throttle: () => new Promise((done) => globalThis.letThrough = () => done({value})) }}"
        ));
        let call = api.start("getCustomer", &[ID.into()]);
        sleep(20).await;
        assert_eq!(server.attempts(), 0, "{value}");
        js("globalThis.letThrough()");
        call.await.expect("a customer");
        assert_eq!(server.attempts(), 1, "{value}");
    }
}

#[test]
async fn throttle_may_return_anything_at_once() {
    for throttle in [
        "() => {}",
        "() => false",
        "() => ({ then(done) { done() } })",
        "class { static t() { if (this !== undefined) throw this } }.t",
    ] {
        let server = Server::fine();
        let api = server.client_with(&format!("{{ throttle: {throttle} }}"));
        api.get().await.expect(throttle);
    }
}

#[test]
async fn a_throttle_that_fails_ends_the_call_with_nothing_sent() {
    for throttle in [
        "() => { throw new RangeError('canary') }",
        "async () => { throw new RangeError('canary') }",
        "() => ({ then(_, fail) { fail(new RangeError('canary')) } })",
    ] {
        let server = Server::fine();
        let api = server.client_with(&format!(
            "{{ throttle: {throttle}, accessToken() {{ globalThis.askedAfterThrottle = true; return 't' }}, maxRetries: 5 }}"
        ));
        let error = api
            .err("createCustomer", &[js("{ status: 'ACTIVE' }")])
            .await;
        assert_eq!(
            pick(&error, "name operation outcome attempts cause"),
            json!({"name": "ThrottleError", "operation": "createCustomer", "outcome": "not_sent",
                   "attempts": 0, "cause": {"name": "RangeError"}}),
            "{throttle}"
        );
        assert_eq!(
            text(&error, "message"),
            "createCustomer: the throttle function failed. Nothing was sent.",
            "{throttle}"
        );
        let thrown = apply("(e) => e.unredacted().cause.message", &[&error]);
        assert_eq!(thrown, "canary", "{throttle}");
        assert_eq!(server.attempts(), 0, "{throttle}");
        assert_eq!(
            js("globalThis.askedAfterThrottle === undefined"),
            true,
            "{throttle}"
        );
    }
}

#[test]
async fn a_throttle_that_fails_with_something_odd_ends_the_call_too() {
    for thrown in ["'text'", "undefined", "null", "{}", "0"] {
        let server = Server::fine();
        let api = server.client_with(&format!("{{ throttle: () => {{ throw {thrown} }} }}"));
        let error = api.err("getCustomer", &[ID.into()]).await;
        assert_eq!(text(&error, "name"), "ThrottleError", "{thrown}");
        assert_eq!(server.attempts(), 0, "{thrown}");
    }
}

#[test]
async fn a_throttle_that_fails_or_hangs_later_leaves_the_outcome_of_earlier_attempts() {
    let second = |then: &str| {
        format!("throttle: ((n) => async () => {{ if (n++) {then} }})(0), timeoutMs: 200")
    };
    let fails = second("throw new Error('gone')");
    let hangs = second("await new Promise(() => {})");
    for (status, outcome) in [(503, "unknown"), (429, "rejected")] {
        for (throttle, name) in [(&fails, "ThrottleError"), (&hangs, "TimeoutError")] {
            let server = Server::new([problem(status, "", &json!({"retry_after": 0}))]);
            let api = server.client_with(&format!("{{ {throttle} }}"));
            let error = api
                .err("createCustomer", &[js("{ status: 'ACTIVE' }")])
                .await;
            assert_eq!(
                pick(&error, "name outcome attempts status body requestId"),
                json!({"name": name, "outcome": outcome, "attempts": 1}),
                "{status}"
            );
            assert!(get(&error, "idempotencyKey").is_string());
            assert!(!text(&error, "message").contains("Nothing was sent"));
            assert_eq!(server.attempts(), 1, "{status} {name}");
        }
    }
}

#[test]
async fn a_throttle_that_never_settles_ends_with_the_calls_deadline_or_signal() {
    for (options, name) in [
        ("{ timeoutMs: 30 }", "TimeoutError"),
        ("{ signal: AbortSignal.timeout(20) }", "AbortError"),
    ] {
        let server = Server::fine();
        let api = server.client_with(
            "{ throttle({ signal }) { globalThis.throttleSignal = signal; return new Promise(() => {}) } }",
        );
        let started = now();
        let error = api.err("getCustomer", &[ID.into(), js(options)]).await;
        assert!(now() - started < 10_000.0, "{options}");
        assert_eq!(
            pick(&error, "name outcome attempts"),
            json!({"name": name, "outcome": "not_sent", "attempts": 0}),
            "{options}"
        );
        assert_eq!(
            js("globalThis.throttleSignal.aborted"),
            true,
            "the wait can be given up"
        );
    }
}

#[test]
async fn a_throttle_that_settles_after_the_end_sends_nothing() {
    for end in ["done()", "fail(new Error('late'))"] {
        let server = Server::fine();
        let api = server.client_with(&format!(
            "{{ throttle: () => new Promise((done, fail) => setTimeout(() => {end}, 40)) }}"
        ));
        let error = api
            .err("getCustomer", &[ID.into(), js("{ timeoutMs: 15 }")])
            .await;
        assert_eq!(text(&error, "name"), "TimeoutError", "{end}");
        sleep(60).await;
        assert_eq!(server.attempts(), 0, "{end}");
    }
}

#[test]
async fn throttle_is_called_for_no_more_attempts_than_may_be_in_flight() {
    let server = Server::new([NEVER]);
    let api = server.client_with(&format!(
        "{{ maxConcurrent: 2, timeoutMs: 60, {} }}",
        recording("throttledAtATime")
    ));
    let calls: Vec<_> = (0..5)
        .map(|_| api.start("getCustomer", &[ID.into()]))
        .collect();
    sleep(20).await;
    assert_eq!(js("globalThis.throttledAtATime.length"), 2);
    for call in calls {
        call.await.expect_err("a deadline");
    }
}

/// The timer by which a call asks for its permit again may fire although it was cleared, for example while
/// a test replaces the host's timers.
#[test]
async fn throttle_is_not_ended_by_a_timer_of_the_wait_before_it() {
    let server = Server::new([format!(
        "new Promise((done) => setTimeout(() => done({}), 10))",
        fine()
    )]);
    let api = server.client_with(
        "{ maxConcurrent: 1, throttle: ((n) => () => n++ ? new Promise((done) => globalThis.letThrough = done) : undefined)(0) }",
    );
    let clear = get(&js_sys::global(), "clearTimeout");
    set_global("clearTimeout", &js("() => {}"));
    let first = api.start("getCustomer", &[ID.into()]);
    let second = api.start("getCustomer", &[ID.into()]);
    first.await.expect("a customer");
    sleep(60).await;
    set_global("clearTimeout", &clear);
    assert_eq!(server.attempts(), 1);
    js("globalThis.letThrough()");
    second.await.expect("a customer");
    assert_eq!(server.attempts(), 2);
}

fn set_global(name: &str, value: &JsValue) {
    js_sys::Reflect::set(&js_sys::global(), &name.into(), value).expect("a global");
}

#[test]
async fn throttle_may_call_the_client_itself() {
    let server = Server::fine();
    let api = server.client_with(
        "{ throttle: ((n) => () => n++ ? undefined : globalThis.throttledClient.getCustomer('inner'))(0) }",
    );
    set_global("throttledClient", &api.0);
    api.get().await.expect("a customer");
    assert_eq!(server.attempts(), 2);
}

#[test]
async fn throttle_is_a_function() {
    for throttle in ["null", "{}", "{ acquire() {} }", "5", "'wait'"] {
        let options = Server::fine().options(&format!("{{ throttle: {throttle} }}"));
        let error = super::harness::construct(&[options]).err().expect(throttle);
        assert_eq!(
            pick(&error, "name outcome"),
            json!({"name": "ValidationError", "outcome": "not_sent"}),
            "{throttle}"
        );
        assert_eq!(text(&error, "issues.0.path"), "options.throttle");
    }
}

#[test]
async fn after_a_429_the_hook_on_response_gives_the_wait_that_was_asked_for() {
    let limited = problem(429, "TOO_MANY_REQUESTS", &json!({"retry_after": 0.02}));
    let server = Server::new([limited, fine()]);
    let api = server.client_with(
        "{ onResponse: ({ call, attempt, status, retryAfterMs }) => \
           (globalThis.endedAttempts ??= []).push([call, attempt, status, retryAfterMs ?? null]) }",
    );
    api.get().await.expect("a customer");
    assert_eq!(
        json(&js("globalThis.endedAttempts")),
        json!([[1, 1, 429, 20], [1, 2, 200, null]])
    );
}
