//! Deadlines and the caller's signal, in every phase of a call, and what is left behind: nothing.

use super::harness::{
    CUSTOMER, ID, NEVER, Server, fine, get, js, now, pick, response_with, sleep, text,
};
use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A response whose head comes at once and whose body never does.
const ENDLESS: &str = "new Response(new ReadableStream({ start(c) { \
    c.enqueue(new Uint8Array([123])); init.signal.addEventListener('abort', () => c.error(init.signal.reason)) } }))";
/// The same, from a double that does not care about the signal.
const DEAF: &str = "({ status: 200, text: () => new Promise(() => {}) })";
/// A fetch that does not care about the signal.
const DEAF_FETCH: &str = "new Promise(() => {})";

/// Phases in which a call may hang: further options, the script, and whether something was sent.
const HANGING: [(&str, &str, bool); 5] = [
    ("{ accessToken: () => new Promise(() => {}) }", NEVER, false),
    ("{}", NEVER, true),
    ("{}", DEAF_FETCH, true),
    ("{}", ENDLESS, true),
    ("{}", DEAF, true),
];

/// A server that asks for an hour's patience. A call whose deadline lets it waits that long.
const PATIENCE: &str = "new Response('', { status: 503, headers: { 'retry-after': '3600' } })";

#[test]
async fn a_deadline_ends_a_call_in_every_phase() {
    for (options, script, sent) in HANGING {
        let server = Server::new([script]);
        let started = now();
        let arguments = [js("{ status: 'ACTIVE' }"), js("{ timeoutMs: 40 }")];
        let error = server
            .client_with(options)
            .err("createCustomer", &arguments)
            .await;
        let took = now() - started;
        assert!(
            (30.0..10_000.0).contains(&took),
            "{options} {script}: {took} ms"
        );
        let outcome = if sent { "unknown" } else { "not_sent" };
        assert_eq!(
            pick(&error, "name operation outcome attempts timeoutMs"),
            json!({"name": "TimeoutError", "operation": "createCustomer", "outcome": outcome, "attempts": 1, "timeoutMs": 40}),
            "{options} {script}"
        );
        let message = text(&error, "message");
        assert!(
            message.starts_with("createCustomer: no result within 40 ms. "),
            "{message}"
        );
        let advice = if sent {
            "repeat with the same idempotency key"
        } else {
            "Nothing was sent."
        };
        assert!(message.contains(advice), "{message}");
    }
}

#[test]
async fn a_token_that_comes_after_the_end_sends_nothing() {
    let late = "{ accessToken: () => new Promise((done) => setTimeout(() => done('late'), 40)) }";
    for options in ["{ timeoutMs: 15 }", "{ signal: AbortSignal.timeout(15) }"] {
        let server = Server::fine();
        let api = server.client_with(late);
        let error = api.err("getCustomer", &[ID.into(), js(options)]).await;
        assert_eq!(
            pick(&error, "outcome"),
            json!({"outcome": "not_sent"}),
            "{options}"
        );
        sleep(60).await;
        assert_eq!(server.attempts(), 0, "{options}");
    }
}

#[test]
async fn one_deadline_holds_for_all_attempts_together() {
    // Each attempt alone is short enough.
    let slow = "new Promise((done) => setTimeout(() => done(new Response('', \
        { status: 503, headers: { 'retry-after': '0' } })), 240))";
    let server = Server::new([slow]);
    let started = now();
    let api = server.client_with("{ timeoutMs: 600, maxRetries: 100 }");
    let error = api.err("getCustomer", &[ID.into()]).await;
    assert!(now() - started < 10_000.0);
    assert_eq!(text(&error, "name"), "TimeoutError");
    assert!(
        (2..=3).contains(&server.attempts()),
        "{}",
        server.attempts()
    );
}

#[test]
async fn the_calls_deadline_replaces_the_clients_and_infinity_is_none() {
    let server = Server::new([NEVER]);
    let api = server.client_with("{ timeoutMs: 30 }");
    let error = api.err("getCustomer", &[ID.into()]).await;
    assert_eq!(get(&error, "timeoutMs"), 30);

    let late = format!(
        "new Promise((done) => setTimeout(() => done({}), 80))",
        fine()
    );
    let server = Server::new([late]);
    let api = server.client_with("{ timeoutMs: 30 }");
    for timeout in ["Infinity", "60000", "1e12"] {
        let options = js(&format!("{{ timeoutMs: {timeout} }}"));
        api.ok("getCustomer", &[ID.into(), options]).await;
    }
}

#[test]
async fn an_abort_ends_a_call_in_every_phase_at_once_and_hands_on_its_reason() {
    let waiting = ("{ timeoutMs: Infinity }", PATIENCE, true);
    for (options, script, sent) in HANGING.into_iter().chain([waiting]) {
        let server = Server::new([script]);
        let controller = js("new AbortController()");
        let call = js("{}");
        js_sys::Reflect::set(&call, &"signal".into(), &get(&controller, "signal"))
            .expect("an object");
        let api = server.client_with(options);
        let pending = api.start("createCustomer", &[js("{ status: 'ACTIVE' }"), call]);
        sleep(20).await;
        let abort: js_sys::Function = get(&controller, "abort").unchecked_into();
        abort
            .call1(&controller, &js("{ mine: true }"))
            .expect("abort");
        let error = pending.await.expect_err("aborted");
        let outcome = if sent { "unknown" } else { "not_sent" };
        assert_eq!(
            pick(&error, "name operation outcome attempts reason"),
            json!({"name": "AbortError", "operation": "createCustomer", "outcome": outcome, "attempts": 1, "reason": {"mine": true}}),
            "{options} {script}"
        );
        assert!(get(&error, "cause").is_undefined(), "{options} {script}");
        assert_eq!(server.attempts(), usize::from(sent), "{options} {script}");
    }
}

#[test]
async fn a_signal_that_had_fired_before_sends_nothing() {
    for (signal, reason) in [
        ("AbortSignal.abort('stop')", json!("stop")),
        ("AbortSignal.abort(null)", json!(null)),
        (
            "{ aborted: true, reason: 7, addEventListener() {}, removeEventListener() {} }",
            json!(7),
        ),
    ] {
        let server = Server::fine();
        let options = js(&format!("{{ signal: {signal} }}"));
        let error = server
            .client()
            .err("createCustomer", &[js("{ status: 'ACTIVE' }"), options])
            .await;
        assert_eq!(
            pick(&error, "name outcome reason"),
            json!({"name": "AbortError", "outcome": "not_sent", "reason": reason}),
            "{signal}"
        );
        assert_eq!(server.attempts(), 0, "{signal}");
    }
}

#[test]
async fn an_abort_without_a_reason_hands_on_the_hosts_own() {
    let server = Server::new([NEVER]);
    let options = js("{ signal: AbortSignal.abort() }");
    let error = server
        .client()
        .err("getCustomer", &[ID.into(), options])
        .await;
    assert_eq!(text(&error, "reason.name"), "AbortError");
    assert_eq!(text(&error, "name"), "AbortError");
}

#[test]
async fn the_hosts_fetch_is_aborted_when_a_call_ends_early() {
    let server = Server::new([NEVER]);
    let api = server.client();
    api.err("getCustomer", &[ID.into(), js("{ timeoutMs: 20 }")])
        .await;
    assert_eq!(get(&server.sent()[0].init, "signal.aborted"), true);
    // But not when it ended well.
    let server = Server::fine();
    server.client().get().await.expect("a customer");
    assert_eq!(get(&server.sent()[0].init, "signal.aborted"), false);
}

#[test]
async fn an_abort_after_the_end_changes_nothing() {
    let server = Server::fine();
    let controller = js("new AbortController()");
    let call = js("{}");
    js_sys::Reflect::set(&call, &"signal".into(), &get(&controller, "signal")).expect("an object");
    let customer = server.client().ok("getCustomer", &[ID.into(), call]).await;
    get(&controller, "abort")
        .unchecked_into::<js_sys::Function>()
        .call0(&controller)
        .expect("abort");
    sleep(1).await;
    assert_eq!(text(&customer, "id"), ID);
}

/// A signal that counts its listeners.
const COUNTING: &str = "{ aborted: false, on: 0, most: 0, listeners: new Set(), \
    addEventListener(type, f) { this.listeners.add(f); this.on += 1; this.most = Math.max(this.most, this.on) }, \
    removeEventListener(type, f) { if (this.listeners.delete(f)) this.on -= 1 } }";

#[test]
async fn no_listener_is_left_on_the_signal_however_the_call_ends() {
    let busy = response_with(503, "", "{ 'retry-after': '0' }");
    let endings: [(&str, Vec<String>); 7] = [
        ("{}", vec![fine()]),
        ("{}", vec![busy.clone(), fine()]),
        ("{ maxRetries: 0 }", vec![busy]),
        ("{}", vec!["null".to_owned()]),
        ("{ maxRetries: 0 }", vec!["Promise.reject('x')".to_owned()]),
        ("{ timeoutMs: 20 }", vec![NEVER.to_owned()]),
        ("{ accessToken: () => { throw 1 } }", vec![fine()]),
    ];
    for (options, script) in endings {
        let server = Server::new(&script);
        let signal = js(COUNTING);
        let call = js("{}");
        js_sys::Reflect::set(&call, &"signal".into(), &signal).expect("an object");
        let _ = server
            .client_with(options)
            .start("getCustomer", &[ID.into(), call])
            .await;
        assert_eq!(
            pick(&signal, "on most"),
            json!({"on": 0, "most": 1}),
            "{options} {script:?}"
        );
    }
}

#[test]
async fn no_timer_is_left_however_the_call_ends() {
    // Counts the timers that were set and have neither fired nor been cleared: those whose times only
    // the calls below have, since a call that another test has left behind may set some meanwhile.
    js(
        "globalThis.timers = { set: setTimeout, clear: clearTimeout, live: new Set(), ours: [54_321, 21, 7, 3_600_000] }",
    );
    js(
        "globalThis.setTimeout = (f, ms) => { const id = timers.set.call(globalThis, () => { timers.live.delete(id); f() }, ms); if (timers.ours.includes(ms)) timers.live.add(id); return id }",
    );
    js(
        "globalThis.clearTimeout = (id) => { timers.live.delete(id); timers.clear.call(globalThis, id) }",
    );
    let busy = response_with(503, r#"{"retry_after":0.007}"#, "{}");
    let endings: [(&str, Vec<String>); 6] = [
        ("", vec![fine()]),
        ("", vec![busy.clone(), fine()]),
        ("maxRetries: 0", vec![busy]),
        ("maxRetries: 0", vec!["Promise.reject('x')".to_owned()]),
        ("timeoutMs: 21", vec![NEVER.to_owned()]),
        ("accessToken: () => ''", vec![fine()]),
    ];
    let mut left = Vec::new();
    for (options, script) in endings {
        let server = Server::new(&script);
        let _ = server
            .client_with(&format!("{{ timeoutMs: 54_321, {options} }}"))
            .start("getCustomer", &[ID.into()])
            .await;
        left.push(js("timers.live.size").as_f64());
    }
    // An abort during the wait between attempts.
    let server = Server::new([PATIENCE]);
    js("globalThis.stop = new AbortController()");
    let call = js("{ timeoutMs: Infinity, signal: stop.signal }");
    let pending = server.client().start("getCustomer", &[ID.into(), call]);
    // Turns of the microtask queue, enough to get there; a timer would count itself.
    for _ in 0..50 {
        wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&JsValue::NULL))
            .await
            .expect("a turn");
    }
    js("stop.abort()");
    pending.await.expect_err("aborted");
    left.push(js("timers.live.size").as_f64());
    js("globalThis.setTimeout = timers.set, globalThis.clearTimeout = timers.clear");
    assert_eq!(left, [Some(0.0); 7]);
}

#[test]
async fn a_client_that_makes_no_call_starts_no_timer() {
    js("globalThis.kept = setTimeout");
    js("globalThis.setTimeout = () => { throw new Error('a timer') }");
    let made =
        super::harness::construct(&[js("{ accessToken: 'x', dangerouslyAllowBrowser: true }")]);
    js("globalThis.setTimeout = globalThis.kept");
    assert!(made.is_ok());
}

#[test]
async fn a_signal_that_cannot_be_listened_to_is_a_validation_error() {
    let server = Server::fine();
    let signal = "{ aborted: false, addEventListener() { throw new RangeError('no') }, removeEventListener() {} }";
    let error = server
        .client()
        .err(
            "getCustomer",
            &[ID.into(), js(&format!("{{ signal: {signal} }}"))],
        )
        .await;
    assert_eq!(
        pick(&error, "name argument outcome cause"),
        json!({"name": "ValidationError", "argument": "options", "outcome": "not_sent", "cause": {"name": "RangeError"}})
    );
    assert_eq!(server.attempts(), 0);
}

#[test]
async fn a_late_response_does_not_undo_a_timeout() {
    let late = format!(
        "new Promise((done) => setTimeout(() => done(new Response({})), 60))",
        serde_json::Value::from(CUSTOMER)
    );
    let server = Server::new([late]);
    let error = server
        .client_with("{ timeoutMs: 20 }")
        .err("getCustomer", &[ID.into()])
        .await;
    assert_eq!(text(&error, "name"), "TimeoutError");
    sleep(80).await;
}
