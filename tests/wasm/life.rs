//! Many calls, several clients, and clients that are freed.

use super::harness::{ID, Server, apply, construct, fine, get, js, json, problem, sleep, text};
use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test as test;

fn free(api: &JsValue) {
    get(api, "free")
        .unchecked_into::<js_sys::Function>()
        .call0(api)
        .expect("free");
}

#[test]
async fn a_client_may_be_freed_while_its_calls_are_under_way() {
    let slow = format!(
        "new Promise((done) => setTimeout(() => done({}), 30))",
        fine()
    );
    let server = Server::new([slow]);
    let api = server.client();
    let pending = [
        api.start("getCustomer", &[ID.into()]),
        api.start("createCustomer", &[js("{ status: 'ACTIVE' }")]),
    ];
    free(&api.0);
    for call in pending {
        assert_eq!(text(&call.await.expect("a customer"), "id"), ID);
    }
}

#[test]
async fn a_freed_client_still_repeats_a_call_that_was_under_way() {
    let busy = problem(503, "", &json!({"retry_after": 0.03}));
    let server = Server::new([busy, fine()]);
    let api = server.client();
    let pending = api.start("getCustomer", &[ID.into()]);
    sleep(5).await;
    free(&api.0);
    pending.await.expect("a customer");
    assert_eq!(server.attempts(), 2);
}

#[test]
async fn a_freed_client_can_no_longer_be_called_and_the_others_can() {
    let server = Server::fine();
    let api = server.client();
    free(&api.0);
    let error = api.err("getCustomer", &["a".into()]).await;
    assert!(text(&error, "message").contains("free()"));
    assert_eq!(server.attempts(), 0);
    server.client().get().await.expect("a customer");
}

#[test]
async fn two_clients_share_nothing() {
    let (one, two) = (Server::fine(), Server::fine());
    let first =
        one.client_with("{ accessToken: 'first', headers: { 'x-who': '1' }, maxRetries: 0 }");
    let second =
        two.client_with("{ accessToken: 'second', baseUrl: 'https://second.example.com' }");
    for _ in 0..2 {
        let calls = [
            first.start("getCustomer", &[ID.into()]),
            second.start("getCustomer", &[ID.into()]),
        ];
        for call in calls {
            call.await.expect("a customer");
        }
    }
    assert_eq!((one.attempts(), two.attempts()), (2, 2));
    for sent in one.sent().iter() {
        assert_eq!(sent.header("authorization"), Some("Bearer first"));
        assert_eq!(sent.header("x-who"), Some("1"));
        assert!(sent.url.starts_with("https://api-sandbox.synctera.com/"));
    }
    for sent in two.sent().iter() {
        assert_eq!(sent.header("authorization"), Some("Bearer second"));
        assert_eq!(sent.header("x-who"), None);
        assert!(sent.url.starts_with("https://second.example.com/"));
    }
}

#[test]
async fn a_thousand_calls_at_once_each_get_their_own_response() {
    let echo = "new Promise((done) => setTimeout(() => done(new Response(JSON.stringify({ \
        id: url.slice(url.lastIndexOf('/') + 1), status: 'ACTIVE' }))), Math.random() * 20))";
    let server = Server::new([echo]);
    let api = server.client();
    let pending: Vec<_> = (0..1000)
        .map(|n| (n, api.start("getCustomer", &[format!("c{n}").into()])))
        .collect();
    for (n, call) in pending {
        let customer = call.await.expect("a customer");
        assert_eq!(text(&customer, "id"), format!("c{n}"));
    }
    assert_eq!(server.attempts(), 1000);
}

#[test]
async fn a_thousand_creates_at_once_have_a_thousand_keys() {
    let server = Server::fine();
    let api = server.client();
    let pending: Vec<_> = (0..1000)
        .map(|_| api.start("createCustomer", &[js("{ status: 'ACTIVE' }")]))
        .collect();
    for call in pending {
        call.await.expect("a customer");
    }
    let sent = server.sent();
    let keys: std::collections::BTreeSet<_> = sent
        .iter()
        .filter_map(|sent| sent.header("idempotency-key"))
        .collect();
    assert_eq!(keys.len(), 1000);
}

#[test]
async fn one_failing_call_does_not_touch_the_others() {
    let line = "url.endsWith('bad') ? Promise.reject('x') : url.endsWith('odd') ? null : \
        new Response(JSON.stringify({ id: '1', status: 'ACTIVE' }))";
    let server = Server::new([line]);
    let api = server.client_with("{ maxRetries: 0 }");
    let pending: Vec<_> = ["good", "bad", "good", "odd", "good"]
        .map(|id| api.start("getCustomer", &[id.into()]))
        .into();
    let mut results = Vec::new();
    for call in pending {
        results.push(call.await.is_ok());
    }
    assert_eq!(results, [true, false, true, false, true]);
}

#[test]
async fn a_refused_argument_gives_a_rejection_and_never_throws() {
    let server = Server::fine();
    let api = server.client();
    // `start` itself would fail the test if a method threw.
    for (method, arguments) in [
        ("createCustomer", vec![]),
        ("getCustomer", vec![]),
        ("patchCustomer", vec![]),
        ("updateCustomer", vec![ID.into()]),
        ("listCustomers", vec![js("5")]),
        ("getCustomer", vec![ID.into(), js("5")]),
        ("getCustomer", vec![js("Symbol('x')")]),
    ] {
        let error = api.err(method, &arguments).await;
        assert_eq!(text(&error, "name"), "ValidationError", "{method}");
    }
    assert_eq!(server.attempts(), 0);
}

#[test]
async fn a_call_from_within_a_callback_of_a_call_works() {
    let server = Server::fine();
    let inner = server.client();
    js_sys::Reflect::set(&js_sys::global(), &"inner".into(), &inner.0).expect("a global");
    let token = format!("{{ accessToken: async () => (await inner.getCustomer('{ID}')).status }}");
    let outer = server.client_with(&token);
    outer.get().await.expect("a customer");
    assert_eq!(
        server.sent()[1].header("authorization"),
        Some("Bearer ACTIVE")
    );
}

#[test]
fn the_class_has_the_contracts_operations_an_iteration_and_nothing_else() {
    let api =
        construct(&[js("{ accessToken: 'x', dangerouslyAllowBrowser: true }")]).expect("a client");
    let names = apply(
        "(api) => [Object.getPrototypeOf(api), Object.getPrototypeOf(Object.getPrototypeOf(api))].flatMap(Object.getOwnPropertyNames)",
        &[&api.0],
    );
    let mut names: Vec<String> = serde_json::from_value(json(&names)).expect("names");
    names.sort();
    names.dedup();
    // `__destroy_into_raw` is wasm-bindgen's own.
    names.retain(|name| !name.starts_with("__"));
    let mut wanted: Vec<_> = [
        "createCustomer",
        "getCustomer",
        "listCustomers",
        "patchCustomer",
        "updateCustomer",
    ]
    .iter()
    .flat_map(|name| [(*name).to_owned(), format!("{name}WithHttpInfo")])
    .chain(["constructor", "free", "iterateCustomers"].map(str::to_owned))
    .collect();
    wanted.sort();
    assert_eq!(names, wanted);
}
