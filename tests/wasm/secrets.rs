//! No error shows the token, nor anything of a person, where it would be logged.

use super::harness::{ID, NEVER, Server, apply, get, js, problem, response, response_with, text};
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Words that must not come out, each of another kind.
const CANARIES: [&str; 8] = [
    "tok3n-canary",
    "987-65-4329",
    "canary@example.com",
    "Ottoline-Canary",
    "+12025550199",
    "1991-07-23",
    "Canary Row",
    "detail-canary",
];

const CUSTOMER: &str = "{ status: 'ACTIVE', first_name: 'Ottoline-Canary', ssn: '987-65-4329', dob: '1991-07-23', \
    email: 'canary@example.com', phone_number: '+12025550199', \
    legal_address: { address_line_1: 'Canary Row', country_code: 'US' } }";

/// All that a log of this error would hold: what it says, where, and what printing or serialising
/// it shows.
fn shown(error: &JsValue) -> String {
    let show = "(error) => [error.message, error.stack, String(error), JSON.stringify(error), \
        JSON.stringify({ ...error }), Object.entries(error).map((e) => e.map(String)).join()].join('\\n')";
    apply(show, &[error]).as_string().expect("text")
}

#[track_caller]
fn assert_silent(error: &JsValue, case: &str) {
    assert!(
        text(error, "stack").len() > text(error, "name").len(),
        "{case}"
    );
    let shown = shown(error);
    for canary in CANARIES {
        assert!(!shown.contains(canary), "{case} shows {canary}:\n{shown}");
    }
}

/// A body that quotes everything.
fn quoting() -> serde_json::Value {
    json!({
        "detail": "detail-canary canary@example.com 987-65-4329",
        "invalid": {"ssn": "987-65-4329", "canary@example.com": "Ottoline-Canary"},
        "first_name": "Ottoline-Canary",
    })
}

#[test]
async fn an_error_of_any_kind_is_silent_about_the_person_and_the_token() {
    let echo = "new Response(JSON.stringify({ detail: 'detail-canary', echo: [url, init] }), { status: STATUS })";
    let page = "<p>canary@example.com 987-65-4329 tok3n-canary";
    let scripts = [
        problem(400, "BAD_REQUEST_BODY", &quoting()),
        problem(409, "DUPLICATE_RESOURCE", &quoting()),
        echo.replace("STATUS", "500"),
        echo.replace("STATUS", "200"),
        echo.replace("STATUS", "404"),
        response_with(502, page, "{ 'content-type': 'text/html', 'x-echo': 'tok3n-canary canary@example.com' }"),
        response_with(200, page, "{ 'content-type': 'text/html' }"),
        response(200, r#"{"id":"1","email":"canary@example.com","#),
        "Promise.reject(new TypeError(`failed: ${url} ${init.headers.authorization} ${init.body}`))".to_owned(),
        "Promise.reject(init.headers.authorization + init.body)".to_owned(),
        "({ status: 200, text: async () => { throw new Error(init.body) } })".to_owned(),
        "init.body".to_owned(),
        NEVER.to_owned(),
    ];
    for script in scripts {
        let server = Server::new([script.as_str()]);
        let api =
            server.client_with("{ accessToken: 'tok3n-canary', maxRetries: 0, timeoutMs: 50 }");
        for (method, arguments) in [
            ("createCustomer", vec![js(CUSTOMER)]),
            ("patchCustomer", vec![ID.into(), js(CUSTOMER)]),
            ("updateCustomer", vec![ID.into(), js(CUSTOMER)]),
            (
                "listCustomers",
                vec![js(
                    "{ email: 'canary@example.com', first_name: 'Ottoline-Canary', phone_number: '+12025550199' }",
                )],
            ),
        ] {
            let error = api.err(method, &arguments).await;
            assert_silent(&error, &format!("{method} {script}"));
        }
    }
}

#[test]
async fn a_refused_argument_is_named_but_not_quoted() {
    let server = Server::fine();
    let api = server.client_with("{ accessToken: 'tok3n-canary' }");
    let bodies = [
        "{ status: 'Ottoline-Canary' }",
        "{ status: 'ACTIVE', ssn: '987-65-4329 ' }",
        "{ status: 'ACTIVE', phone_number: '+12025550199x' }",
        "{ status: 'ACTIVE', dob: '1991-07-23T00' }",
        "{ status: 'ACTIVE', legal_address: 'Canary Row' }",
        "{ status: 'ACTIVE', legal_address: { address_line_1: 'x', country_code: 'Canary Row' } }",
        "{ status: 'ACTIVE', get email() { throw new Error('canary@example.com') } }",
    ];
    for body in bodies {
        for (method, arguments) in [
            ("createCustomer", vec![js(body)]),
            ("patchCustomer", vec![ID.into(), js(body)]),
        ] {
            if let Err(error) = api.start(method, &arguments).await {
                assert_silent(&error, &format!("{method} {body}"));
            }
        }
    }
    let params = [
        "{ ssn_last_4: '987-65-4329' }",
        "{ status: 'canary@example.com' }",
        "{ sort_by: ['canary@example.com'] }",
        "{ id: ['canary@example.com,x'] }",
        "{ 'my long name is canary@example.com and 987-65-4329': 1 }",
    ];
    for value in params {
        let error = api.err("listCustomers", &[js(value)]).await;
        assert_silent(&error, value);
    }
    let options = [
        "{ idempotencyKey: 'canary@example.com\\n' }",
        "{ headers: { 'X-A': 'tok3n-canary\\n' } }",
        "{ headers: { authorization: 'tok3n-canary' } }",
        "{ headers: { 'canary@example.com and a lot more than that': 'x' } }",
        "{ timeoutMs: 'canary@example.com' }",
        "{ signal: 'canary@example.com' }",
    ];
    for value in options {
        let error = api.err("createCustomer", &[js(CUSTOMER), js(value)]).await;
        assert_silent(&error, value);
    }
    assert_eq!(server.attempts(), 0);
}

#[test]
fn a_refused_client_does_not_quote_its_options() {
    for options in [
        "{ accessToken: 'tok3n-canary\\n' }",
        "{ accessToken: 'tok3n-canary', color: 1 }",
        "{ accessToken: 'x', baseUrl: 'https://user:tok3n-canary@api.example.com' }",
        "{ accessToken: 'x', baseUrl: 'https://api.example.com/?key=tok3n-canary' }",
        "{ accessToken: 'x', environment: 'tok3n-canary' }",
        "{ accessToken: 'x', headers: { authorization: 'tok3n-canary' } }",
        "'tok3n-canary'",
    ] {
        let error = super::harness::construct(&[js(options)])
            .err()
            .expect(options);
        assert_silent(&error, options);
    }
}

#[test]
async fn a_failing_token_function_is_not_quoted() {
    for token in [
        "() => { throw new Error('tok3n-canary') }",
        "async () => { throw 'tok3n-canary' }",
        "() => 'tok3n-canary\\n'",
    ] {
        let server = Server::fine();
        let api = server.client_with(&format!("{{ accessToken: {token} }}"));
        let error = api.err("getCustomer", &[ID.into()]).await;
        assert_silent(&error, token);
        // It is there for who asks.
        assert_eq!(
            get(&error, "cause").is_undefined(),
            token.ends_with("\\n'"),
            "{token}"
        );
    }
}

#[test]
async fn an_abort_with_a_telling_reason_is_silent() {
    let server = Server::new([NEVER]);
    let options = js("{ signal: AbortSignal.abort(new Error('canary@example.com left')) }");
    let error = server
        .client()
        .err("createCustomer", &[js(CUSTOMER), options])
        .await;
    assert_silent(&error, "abort");
    assert_eq!(text(&error, "reason.message"), "canary@example.com left");
}

#[test]
async fn nothing_is_written_to_the_console() {
    js("globalThis.said = [], globalThis.loud = {}");
    js(
        "['log', 'info', 'warn', 'error', 'debug'].forEach((m) => { loud[m] = console[m]; console[m] = (...a) => said.push(a) })",
    );
    for script in [
        problem(400, "BAD_REQUEST_BODY", &quoting()),
        response(200, "{}"),
        "null".to_owned(),
    ] {
        let server = Server::new([script]);
        let api = server.client_with(
            "{ accessToken: 'tok3n-canary', onSchemaDrift: () => { throw new Error('x') } }",
        );
        let _ = api.start("createCustomer", &[js(CUSTOMER)]).await;
    }
    js("Object.assign(console, loud)");
    assert_eq!(js("said.length"), 0);
}
