//! What goes over the wire.

use super::harness::{
    CUSTOMER, ID, Server, fine, get, in_browser, js, json, keys, pick, problem, response, text,
};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test as test;

const BASE: &str = "https://api-sandbox.synctera.com/v0";

/// A key as the client makes it, a UUID of version 4.
fn is_made_key(key: Option<&str>) -> bool {
    let form = js_sys::RegExp::new(
        "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        "",
    );
    key.is_some_and(|key| form.test(key))
}

#[test]
async fn each_operation_sends_its_method_its_address_and_its_body() {
    let path = format!("/customers/{ID}");
    let written = r#"{"status":"ACTIVE","first_name":"Ottoline"}"#;
    let table = [
        (
            "createCustomer",
            vec![js(written)],
            "POST",
            "/customers",
            Some(written),
        ),
        ("getCustomer", vec![ID.into()], "GET", &path, None),
        ("listCustomers", vec![], "GET", "/customers", None),
        (
            "patchCustomer",
            vec![ID.into(), js(r#"{"email":"o@example.com"}"#)],
            "PATCH",
            &path,
            Some(r#"{"email":"o@example.com"}"#),
        ),
        (
            "updateCustomer",
            vec![ID.into(), js(written)],
            "PUT",
            &path,
            Some(written),
        ),
    ];
    for (operation, arguments, method, path, body) in table {
        for method_name in [operation.to_owned(), format!("{operation}WithHttpInfo")] {
            let answer = if operation == "listCustomers" {
                r#"{"customers":[]}"#
            } else {
                CUSTOMER
            };
            let server = Server::new([response(200, answer)]);
            server.client().ok(&method_name, &arguments).await;

            let sent = &server.sent()[0];
            assert_eq!(sent.method, method, "{method_name}");
            assert_eq!(sent.url, format!("{BASE}{path}"), "{method_name}");
            assert_eq!(sent.body.as_deref(), body, "{method_name}");
            assert_eq!(
                sent.header("authorization"),
                Some("Bearer key-0123"),
                "{method_name}"
            );
            assert_eq!(
                sent.header("accept"),
                Some("application/json, application/problem+json")
            );
            let content_type = body.map(|_| "application/json");
            assert_eq!(sent.header("content-type"), content_type, "{method_name}");
            let wants_key = matches!(method, "POST" | "PATCH");
            assert_eq!(
                is_made_key(sent.header("idempotency-key")),
                wants_key,
                "{method_name}"
            );
            let count = 2 + usize::from(body.is_some()) + usize::from(wants_key);
            assert_eq!(
                sent.headers.len(),
                count,
                "{method_name}: {:?}",
                sent.headers
            );
        }
    }
}

#[test]
async fn a_request_carries_a_signal_and_is_not_to_follow_redirects() {
    let server = Server::fine();
    server.client().get().await.expect("a customer");
    let init = &server.sent()[0].init;
    assert_eq!(get(init, "redirect"), "manual");
    assert_eq!(get(init, "signal.aborted"), false);
    let names = ["method", "headers", "body", "signal", "redirect"];
    assert_eq!(keys(init)[..5], names);
}

/// Elsewhere there are no cookies and no referrer, but frameworks that keep responses.
#[test]
async fn a_page_sends_no_cookie_and_no_referrer_and_no_response_is_kept() {
    let server = Server::fine();
    server.client().get().await.expect("a customer");
    let seen = pick(&server.sent()[0].init, "cache credentials referrerPolicy");
    let in_a_page =
        json!({"cache": "no-store", "credentials": "omit", "referrerPolicy": "no-referrer"});
    let elsewhere = json!({"cache": "no-store"});
    assert_eq!(seen, if in_browser() { in_a_page } else { elsewhere });
}

#[test]
async fn an_empty_patch_is_sent_as_an_empty_object() {
    let server = Server::fine();
    server
        .client()
        .ok("patchCustomer", &[ID.into(), js("{}")])
        .await;
    assert_eq!(server.sent()[0].body.as_deref(), Some("{}"));
}

#[test]
async fn text_beyond_ascii_travels_in_a_body_unchanged() {
    let server = Server::fine();
    let customer = js(r#"{ status: "ACTIVE", first_name: "Zoë \"Ö\" 𝄞\n" }"#);
    server.client().ok("createCustomer", &[customer]).await;
    let wanted = r#"{"status":"ACTIVE","first_name":"Zoë \"Ö\" 𝄞\n"}"#;
    assert_eq!(server.sent()[0].body.as_deref(), Some(wanted));
}

#[test]
async fn a_body_is_read_when_the_method_is_called_and_may_change_afterwards() {
    let server = Server::fine();
    let customer = js("{ status: 'ACTIVE', first_name: 'Ottoline' }");
    let pending = server
        .client_with("{ accessToken: async () => 'late' }")
        .start("createCustomer", std::slice::from_ref(&customer));
    js_sys::Reflect::set(&customer, &"first_name".into(), &"Wren".into()).expect("an object");
    pending.await.expect("a customer");
    let wanted = r#"{"status":"ACTIVE","first_name":"Ottoline"}"#;
    assert_eq!(server.sent()[0].body.as_deref(), Some(wanted));
}

#[test]
async fn an_argument_is_never_changed() {
    let server = Server::fine();
    let source = "(function freeze(x) { Object.values(x).filter((v) => typeof v === 'object').forEach(freeze); \
        return Object.freeze(x) })({ id: '1', status: 'ACTIVE', ssn: '4329', \
        legal_address: { id: '2', address_type: 'LEGAL', address_line_1: '12 Lantern Row', country_code: 'US' } })";
    let customer = js(source);
    server
        .client()
        .ok("updateCustomer", &[ID.into(), customer.clone()])
        .await;
    assert_eq!(json(&customer), json(&js(source)));
}

#[test]
async fn each_list_parameter_travels_as_the_contract_says() {
    let table = [
        ("{ has_accounts: true }", "?has_accounts=true"),
        ("{ has_accounts: false }", "?has_accounts=false"),
        ("{ ssn_last_4: '4329' }", "?ssn_last_4=4329"),
        (
            "{ last_name: 'Quay & Sons' }",
            "?last_name=Quay%20%26%20Sons",
        ),
        ("{ email: '*@example.com' }", "?email=%2A%40example.com"),
        ("{ first_name: 'Zoë*' }", "?first_name=Zo%C3%AB%2A"),
        (
            "{ phone_number: '+12025550143' }",
            "?phone_number=%2B12025550143",
        ),
        ("{ page_token: 'k7w=/+' }", "?page_token=k7w%3D%2F%2B"),
        ("{ id: ['a', 'b'] }", "?id=a,b"),
        ("{ limit: 250 }", "?limit=250"),
        (
            "{ sort_by: ['last_name:asc', 'creation_time:desc'] }",
            "?sort_by=last_name%3Aasc,creation_time%3Adesc",
        ),
        ("{ status: 'PROSPECT' }", "?status=PROSPECT"),
        (
            "{ status: 'ACTIVE', limit: 1, has_accounts: true }",
            "?has_accounts=true&limit=1&status=ACTIVE",
        ),
        ("{ last_name: undefined, sort_by: [] }", ""),
        ("{ last_name: '' }", "?last_name="),
        ("{}", ""),
        ("undefined", ""),
        ("null", ""),
    ];
    for (params, query) in table {
        let server = Server::new([response(200, r#"{"customers":[]}"#)]);
        server.client().ok("listCustomers", &[js(params)]).await;
        assert_eq!(
            server.sent()[0].url,
            format!("{BASE}/customers{query}"),
            "{params}"
        );
    }
}

#[test]
async fn an_id_cannot_leave_its_place_in_the_path() {
    for (id, path) in [
        ("a/../../accounts", "/customers/a%2F..%2F..%2Faccounts"),
        ("a?limit=1#x", "/customers/a%3Flimit%3D1%23x"),
        ("a b%2F", "/customers/a%20b%252F"),
        ("é", "/customers/%C3%A9"),
    ] {
        let server = Server::fine();
        server.client().ok("getCustomer", &[id.into()]).await;
        assert_eq!(server.sent()[0].url, format!("{BASE}{path}"));
    }
}

#[test]
async fn the_address_is_the_environments_or_the_given_one() {
    let id = format!("/customers/{ID}");
    for (options, base) in [
        ("{}", BASE),
        ("{ environment: 'sandbox' }", BASE),
        (
            "{ environment: 'production' }",
            "https://api.synctera.com/v0",
        ),
        (
            "{ environment: undefined, baseUrl: 'https://proxy.example.com/synctera/' }",
            "https://proxy.example.com/synctera",
        ),
        (
            "{ baseUrl: 'http://127.0.0.1:8080/v0' }",
            "http://127.0.0.1:8080/v0",
        ),
    ] {
        let server = Server::fine();
        server.client_with(options).get().await.expect("a customer");
        assert_eq!(server.sent()[0].url, format!("{base}{id}"), "{options}");
    }
}

#[test]
async fn a_given_idempotency_key_is_the_one_that_travels() {
    for (method, arguments) in [
        ("createCustomer", vec![js("{ status: 'ACTIVE' }")]),
        ("patchCustomer", vec![ID.into(), js("{}")]),
        (
            "updateCustomer",
            vec![ID.into(), js("{ status: 'ACTIVE' }")],
        ),
    ] {
        let server = Server::fine();
        let mut arguments = arguments;
        arguments.push(js("{ idempotencyKey: 'order 7é' }"));
        let info = server
            .client()
            .ok(&format!("{method}WithHttpInfo"), &arguments)
            .await;
        assert_eq!(
            server.sent()[0].header("idempotency-key"),
            Some("order 7é"),
            "{method}"
        );
        assert_eq!(text(&info, "idempotencyKey"), "order 7é", "{method}");
    }
}

#[test]
async fn every_call_has_its_own_key_and_gives_it() {
    let server = Server::fine();
    let api = server.client();
    for _ in 0..3 {
        let info = api
            .ok("createCustomerWithHttpInfo", &[js("{ status: 'ACTIVE' }")])
            .await;
        let sent = server.sent();
        let key = sent.last().and_then(|sent| sent.header("idempotency-key"));
        assert_eq!(get(&info, "idempotencyKey").as_string().as_deref(), key);
    }
    let mut keys: Vec<_> = server
        .sent()
        .iter()
        .filter_map(|sent| sent.header("idempotency-key").map(str::to_owned))
        .collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 3);
}

#[test]
async fn every_attempt_sends_the_same_bytes_under_the_same_key() {
    let busy = problem(503, "", &json!({"retry_after": 0}));
    for (method, arguments, with_key) in [
        (
            "createCustomer",
            vec![js("{ status: 'ACTIVE', first_name: 'Ottoline' }")],
            true,
        ),
        (
            "patchCustomer",
            vec![ID.into(), js("{ email: 'o@example.com' }")],
            true,
        ),
        (
            "updateCustomer",
            vec![ID.into(), js("{ status: 'ACTIVE' }")],
            false,
        ),
        ("getCustomer", vec![ID.into()], false),
    ] {
        let server = Server::new([busy.clone(), busy.clone(), fine()]);
        server.client().ok(method, &arguments).await;
        let sent = server.sent();
        assert_eq!(sent.len(), 3, "{method}");
        assert_eq!(
            sent[0].header("idempotency-key").is_some(),
            with_key,
            "{method}"
        );
        for later in &sent[1..] {
            assert_eq!(later.method, sent[0].method, "{method}");
            assert_eq!(later.url, sent[0].url, "{method}");
            assert_eq!(later.body, sent[0].body, "{method}");
            assert_eq!(later.headers, sent[0].headers, "{method}");
        }
    }
}

#[test]
async fn a_calls_headers_win_over_the_clients_whatever_their_case() {
    let server = Server::fine();
    let api = server.client_with(
        "{ headers: { 'X-Trace': 'client', 'x-kept': 'yes', Accept: 'application/json' } }",
    );
    api.ok(
        "getCustomer",
        &[ID.into(), js("{ headers: { 'x-TRACE': 'call' } }")],
    )
    .await;
    let sent = server.sent();
    assert_eq!(sent[0].header("x-trace"), Some("call"));
    assert_eq!(sent[0].header("x-kept"), Some("yes"));
    assert_eq!(sent[0].header("accept"), Some("application/json"));
    assert_eq!(sent[0].header("authorization"), Some("Bearer key-0123"));
}

#[test]
async fn options_may_be_left_out_or_be_undefined_or_null() {
    for options in [
        "undefined",
        "null",
        "{}",
        "{ signal: undefined, headers: undefined, timeoutMs: undefined }",
    ] {
        let server = Server::fine();
        server
            .client()
            .ok("getCustomer", &[ID.into(), js(options)])
            .await;
        assert_eq!(server.attempts(), 1, "{options}");
    }
}

#[test]
async fn a_polluted_prototype_is_no_argument() {
    let server = Server::fine();
    let api = server.client();
    js(
        "Object.assign(Object.prototype, { idempotencyKey: 'polluted', maxRetries: 7, \
        status: 'ACTIVE', limit: 1, address_line_1: 'x' })",
    );
    let sent = api
        .start("createCustomer", &[js("{ status: 'ACTIVE' }"), js("{}")])
        .await;
    let listed = api.start("listCustomers", &[js("{}")]).await;
    let refused = api.start("createCustomer", &[js("{}")]).await;
    let address = "{ status: 'ACTIVE', legal_address: { country_code: 'US' } }";
    let incomplete = api.start("createCustomer", &[js(address)]).await;
    js(
        "delete Object.prototype.idempotencyKey, delete Object.prototype.maxRetries, \
        delete Object.prototype.status, delete Object.prototype.limit, \
        delete Object.prototype.address_line_1",
    );
    sent.expect("a customer");
    assert!(is_made_key(server.sent()[0].header("idempotency-key")));
    assert!(listed.is_err(), "a customer is no page");
    assert_eq!(server.sent()[1].url, format!("{BASE}/customers"));
    let paths = |error: Result<_, _>| json(&get(&error.expect_err("refused"), "issues.0.path"));
    assert_eq!(paths(refused), "customer.status");
    assert_eq!(paths(incomplete), "customer.legal_address.address_line_1");
    assert_eq!(server.attempts(), 2);
}

#[test]
async fn an_inherited_member_is_read_like_an_own_one() {
    let server = Server::fine();
    let options = js("Object.create({ idempotencyKey: 'inherited' })");
    server
        .client()
        .ok("createCustomer", &[js("{ status: 'ACTIVE' }"), options])
        .await;
    assert_eq!(
        server.sent()[0].header("idempotency-key"),
        Some("inherited")
    );
}
