//! What is refused before anything is sent.

use super::harness::{Api, ID, Server, construct, get, in_browser, js, json, pick, text};
use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Looks at an error of an argument: its class, and where and what.
#[track_caller]
fn assert_refused(error: &JsValue, operation: Option<&str>, path: &str, words: &str, case: &str) {
    assert_eq!(text(error, "name"), "ValidationError", "{case}");
    assert_eq!(
        get(error, "operation").as_string().as_deref(),
        operation,
        "{case}"
    );
    assert_eq!(
        pick(error, "outcome attempts"),
        json!({"outcome": "not_sent", "attempts": 0}),
        "{case}"
    );
    assert_eq!(text(error, "issues.0.path"), path, "{case}");
    let argument = path.split(['.', '[']).next().expect("a root");
    assert_eq!(text(error, "argument"), argument, "{case}");
    let message = text(error, "message");
    let place = operation.unwrap_or("new CustomersApi");
    assert!(
        message.starts_with(&format!("{place}: {path}: ")),
        "{case}: {message}"
    );
    assert!(message.contains(words), "{case}: {message}");
    assert!(message.ends_with("Nothing was sent."), "{case}: {message}");
}

#[test]
fn a_client_is_refused_for_any_option_that_is_unfit() {
    let many = "{ accessToken: 'x', ";
    let table = [
        (
            "undefined",
            "options",
            "missing, expected an object with accessToken",
        ),
        ("'key'", "options", "string, expected object"),
        ("null", "options", "null, expected object"),
        ("['key']", "options", "array, expected object"),
        ("{}", "options.accessToken", "missing, expected the API key"),
        (
            "{ accessToken: '' }",
            "options.accessToken",
            "another string",
        ),
        (
            "{ accessToken: 'a b' }",
            "options.accessToken",
            "another string",
        ),
        (
            "{ accessToken: 'a\\nb' }",
            "options.accessToken",
            "another string",
        ),
        (
            "{ accessToken: 'clé' }",
            "options.accessToken",
            "another string",
        ),
        ("{ accessToken: 5 }", "options.accessToken", "number"),
        ("{ accessToken: null }", "options.accessToken", "null"),
        (
            "{ accesToken: 'x' }",
            "options.accesToken",
            "did you mean accessToken?",
        ),
        (
            &format!("{many} timeout: 5 }}"),
            "options.timeout",
            "did you mean timeoutMs?",
        ),
        (
            &format!("{many} base_url: 'x' }}"),
            "options.base_url",
            "did you mean baseUrl?",
        ),
        (
            &format!("{many} color: 'x' }}"),
            "options.color",
            "one of accessToken, environment",
        ),
        (
            &format!("{many} environment: 'live' }}"),
            "options.environment",
            "sandbox or production",
        ),
        (
            &format!("{many} environment: null }}"),
            "options.environment",
            "null",
        ),
        (
            &format!("{many} environment: 'sandbox', baseUrl: 'https://a.example.com' }}"),
            "options.baseUrl",
            "either of the two",
        ),
        (
            &format!("{many} baseUrl: 'http://api.example.com/v0' }}"),
            "options.baseUrl",
            "an https URL",
        ),
        (
            &format!("{many} baseUrl: '/v0' }}"),
            "options.baseUrl",
            "an absolute URL",
        ),
        (
            &format!("{many} baseUrl: 'https://u:p@a.example.com' }}"),
            "options.baseUrl",
            "credentials",
        ),
        (
            &format!("{many} baseUrl: 'https://a.example.com/?x' }}"),
            "options.baseUrl",
            "query",
        ),
        (
            &format!("{many} baseUrl: new URL('https://a.example.com') }}"),
            "options.baseUrl",
            "a URL as a string",
        ),
        (
            &format!("{many} fetch: {{}} }}"),
            "options.fetch",
            "object, expected a function",
        ),
        (
            &format!("{many} fetch: null }}"),
            "options.fetch",
            "null, expected a function",
        ),
        (
            &format!("{many} onSchemaDrift: 'log' }}"),
            "options.onSchemaDrift",
            "a function",
        ),
        (
            &format!("{many} logger: {{ debug() {{}}, info() {{}}, warn() {{}} }} }}"),
            "options.logger",
            "the methods debug, info, warn and error",
        ),
        (
            &format!("{many} logLevel: 'silly' }}"),
            "options.logLevel",
            "debug, info, warn, error or off",
        ),
        (
            &format!("{many} dangerouslyAllowBrowser: 1 }}"),
            "options.dangerouslyAllowBrowser",
            "boolean",
        ),
        (
            &format!("{many} validate: 'no' }}"),
            "options.validate",
            "boolean",
        ),
        (
            &format!("{many} headers: 5 }}"),
            "options.headers",
            "an object of strings",
        ),
        (
            &format!("{many} headers: {{ Authorization: 'x' }} }}"),
            "options.headers",
            "use the option accessToken",
        ),
        (
            &format!("{many} headers: {{ 'X-Trace': 'a\\r\\nB: c' }} }}"),
            "options.headers",
            "no line breaks",
        ),
        (
            &format!("{many} timeoutMs: 0 }}"),
            "options.timeoutMs",
            "a number of milliseconds above 0",
        ),
        (
            &format!("{many} timeoutMs: NaN }}"),
            "options.timeoutMs",
            "another number",
        ),
        (
            &format!("{many} maxRetries: -1 }}"),
            "options.maxRetries",
            "a whole number from 0 to 100",
        ),
    ];
    for (options, path, words) in table {
        let error = construct(&[js(options)])
            .err()
            .unwrap_or_else(|| panic!("{options} passed"));
        assert_refused(&error, None, path, words, options);
    }
}

#[test]
fn a_page_is_refused_the_key_of_syncteras_own_servers() {
    let table = [
        ("", true),
        (", environment: 'production'", true),
        (", dangerouslyAllowBrowser: false", true),
        (", dangerouslyAllowBrowser: true", false),
        (", baseUrl: 'https://api.synctera.com/v0'", true),
        (", baseUrl: 'https://API-SANDBOX.synctera.com'", true),
        (", baseUrl: 'https://proxy.example.com/synctera'", false),
        (", baseUrl: 'http://127.0.0.1:8080/v0'", false),
    ];
    for (more, refused) in table {
        let options = format!("{{ accessToken: 'x'{more} }}");
        let made = construct(&[js(&options)]);
        assert_eq!(made.is_err(), refused && in_browser(), "{options}");
        if let Err(error) = made {
            let (path, words) = ("options.dangerouslyAllowBrowser", "a proxy by baseUrl");
            assert_refused(&error, None, path, words, &options);
        }
    }
}

#[test]
fn a_client_without_any_argument_is_refused() {
    let error = construct(&[]).err().expect("refused");
    assert_refused(&error, None, "options", "missing", "no argument");
}

#[test]
fn everything_wrong_with_the_options_is_told_at_once() {
    let options = js("{ accesToken: 'x', time_out_ms: 1 }");
    let error = construct(&[options]).err().expect("refused");
    let paths = json(&get(&error, "issues"));
    let paths: Vec<_> = paths
        .as_array()
        .expect("issues")
        .iter()
        .map(|i| i["path"].clone())
        .collect();
    assert_eq!(
        paths,
        [
            "options.accesToken",
            "options.time_out_ms",
            "options.accessToken"
        ]
    );
}

/// Calls that carry one unfit option each; `CALL` is one whose other arguments are fit.
#[test]
async fn a_call_is_refused_for_any_option_that_is_unfit() {
    let table = [
        ("'x'", "options", "string, expected object"),
        (
            "{ timeout: 5 }",
            "options.timeout",
            "did you mean timeoutMs?",
        ),
        (
            "{ idempotency_key: 'x' }",
            "options.idempotency_key",
            "did you mean idempotencyKey?",
        ),
        (
            "{ accessToken: 'x' }",
            "options.accessToken",
            "an unknown name",
        ),
        (
            "{ idempotencyKey: '' }",
            "options.idempotencyKey",
            "unique to this logical call",
        ),
        (
            "{ idempotencyKey: 7 }",
            "options.idempotencyKey",
            "number, expected a string",
        ),
        (
            "{ idempotencyKey: null }",
            "options.idempotencyKey",
            "null, expected a string",
        ),
        (
            "{ idempotencyKey: 'a\\nb' }",
            "options.idempotencyKey",
            "no line breaks",
        ),
        (
            "{ idempotencyKey: ' a' }",
            "options.idempotencyKey",
            "without spaces around it",
        ),
        (
            "{ idempotencyKey: '☃' }",
            "options.idempotencyKey",
            "beyond Latin-1",
        ),
        ("{ timeoutMs: -5 }", "options.timeoutMs", "another number"),
        ("{ timeoutMs: '5' }", "options.timeoutMs", "string"),
        ("{ timeoutMs: null }", "options.timeoutMs", "null"),
        (
            "{ maxRetries: 1.5 }",
            "options.maxRetries",
            "another number",
        ),
        (
            "{ maxRetries: 101 }",
            "options.maxRetries",
            "another number",
        ),
        (
            "{ maxRetries: Infinity }",
            "options.maxRetries",
            "another number",
        ),
        ("{ maxRetries: true }", "options.maxRetries", "boolean"),
        ("{ signal: {} }", "options.signal", "an AbortSignal"),
        ("{ signal: null }", "options.signal", "an AbortSignal"),
        (
            "{ signal: new AbortController() }",
            "options.signal",
            "an AbortSignal",
        ),
        (
            "{ headers: 'a: b' }",
            "options.headers",
            "an object of strings",
        ),
        (
            "{ headers: { 'X-Trace': 5 } }",
            "options.headers",
            "(header X-Trace)",
        ),
        (
            "{ headers: { 'a b': 'x' } }",
            "options.headers",
            "letters, digits and hyphens",
        ),
        (
            "{ headers: { 'X-Trace': 'snow ☃' } }",
            "options.headers",
            "beyond Latin-1",
        ),
        (
            "{ headers: { 'Content-Type': 'text/plain' } }",
            "options.headers",
            "always application/json",
        ),
        (
            "{ headers: { 'idempotency-key': 'x' } }",
            "options.headers",
            "use the option idempotencyKey",
        ),
        (
            "{ headers: { AUTHORIZATION: 'x' } }",
            "options.headers",
            "use the option accessToken",
        ),
    ];
    for validate in ["{}", "{ validate: false }"] {
        let server = Server::fine();
        let api = server.client_with(validate);
        for (options, path, words) in table {
            let arguments = [js("{ status: 'ACTIVE' }"), js(options)];
            let error = api.err("createCustomer", &arguments).await;
            assert_refused(&error, Some("createCustomer"), path, words, options);
        }
        assert_eq!(server.attempts(), 0, "{validate}");
    }
}

#[test]
async fn a_read_takes_no_idempotency_key() {
    let server = Server::fine();
    let api = server.client();
    for (method, argument) in [
        ("getCustomer", ID.into()),
        ("listCustomers", JsValue::UNDEFINED),
    ] {
        let error = api
            .err(method, &[argument, js("{ idempotencyKey: 'k' }")])
            .await;
        assert_refused(
            &error,
            Some(method),
            "options.idempotencyKey",
            "reading needs no key",
            method,
        );
    }
    assert_eq!(server.attempts(), 0);
}

#[test]
async fn an_id_that_names_no_customer_is_refused_even_without_validation() {
    let ids = [
        "undefined",
        "null",
        "5",
        "{}",
        "['a']",
        "''",
        "' '",
        "'.'",
        "'..'",
        "new String('a')",
    ];
    for validate in ["{}", "{ validate: false }"] {
        let server = Server::fine();
        let api = server.client_with(validate);
        for id in ids {
            for (method, rest) in [
                ("getCustomer", None),
                ("patchCustomer", Some("{}")),
                ("updateCustomer", Some("{ status: 'ACTIVE' }")),
            ] {
                let arguments: Vec<_> = [js(id)].into_iter().chain(rest.map(js)).collect();
                let error = api.err(method, &arguments).await;
                assert_refused(
                    &error,
                    Some(method),
                    "customerId",
                    "the id of a customer",
                    id,
                );
            }
        }
        assert_eq!(server.attempts(), 0);
    }
}

#[test]
async fn list_parameters_that_would_not_do_what_they_say_are_refused() {
    let table = [
        ("'x'", "params", "string, expected object"),
        (
            "{ lastName: 'Quay' }",
            "params.lastName",
            "did you mean last_name?",
        ),
        (
            "{ kyc_status: 'ACCEPTED' }",
            "params.kyc_status",
            "an unknown name",
        ),
        ("{ limit: 0 }", "params.limit", "at least 1"),
        ("{ limit: 2.5 }", "params.limit", "whole number"),
        ("{ limit: '5' }", "params.limit", "string"),
        (
            "{ ssn_last_4: '432' }",
            "params.ssn_last_4",
            "exactly 4 characters",
        ),
        ("{ has_accounts: 'true' }", "params.has_accounts", "boolean"),
        ("{ status: 'SANCTIONED' }", "params.status", "SANCTION"),
        ("{ status: ['ACTIVE'] }", "params.status", "array"),
        (
            "{ sort_by: 'last_name:asc' }",
            "params.sort_by",
            "string, expected array",
        ),
        (
            "{ sort_by: ['last_name'] }",
            "params.sort_by[0]",
            "last_name:asc",
        ),
        ("{ id: 'a' }", "params.id", "string, expected array"),
        ("{ id: [] }", "params.id", "an empty array"),
        (
            "{ id: ['a', 'b,c'] }",
            "params.id[1]",
            "another string, expected the ids of customers",
        ),
        ("{ id: ['a', ''] }", "params.id[1]", "another string"),
        ("{ id: [7] }", "params.id[0]", "number"),
        (
            "{ page_token: '' }",
            "params.page_token",
            "another string, expected the next_page_token of the page before",
        ),
        ("{ page_token: null }", "params.page_token", "null"),
        ("{ email: 7 }", "params.email", "number"),
    ];
    let server = Server::fine();
    let api = server.client();
    for (params, path, words) in table {
        let error = api.err("listCustomers", &[js(params)]).await;
        assert_refused(&error, Some("listCustomers"), path, words, params);
    }
    assert_eq!(server.attempts(), 0);
}

#[test]
async fn a_body_that_cannot_be_right_is_refused() {
    let address = "{ status: 'ACTIVE', legal_address: ";
    let table = [
        ("undefined", "customer", "missing, expected object"),
        ("null", "customer", "null, expected object"),
        ("[]", "customer", "array, expected object"),
        ("'x'", "customer", "string, expected object"),
        ("() => 1", "customer", "a value that JSON cannot hold"),
        ("{}", "customer.status", "missing, expected one of ACTIVE"),
        (
            "{ status: 'SANCTIONED' }",
            "customer.status",
            "another string",
        ),
        (
            "{ status: 'ACTIVE', ssn: '987654329' }",
            "customer.ssn",
            "NNN-NN-NNNN",
        ),
        (
            "{ status: 'ACTIVE', dob: '23.07.1991' }",
            "customer.dob",
            "YYYY-MM-DD",
        ),
        (
            "{ status: 'ACTIVE', dob: new Date(0) }",
            "customer.dob",
            "a Date",
        ),
        (
            "{ status: 'ACTIVE', phone_number: '2025550143' }",
            "customer.phone_number",
            "E.164",
        ),
        (
            "{ status: 'ACTIVE', ban_status: 'NO' }",
            "customer.ban_status",
            "ALLOWED, BANNED, SUSPENDED",
        ),
        (
            "{ status: 'ACTIVE', metadata: 'x' }",
            "customer.metadata",
            "object",
        ),
        (
            "{ status: 'ACTIVE', email: Symbol('x') }",
            "customer.email",
            "a value that JSON cannot hold",
        ),
        (
            &format!("{address} 'x' }}"),
            "customer.legal_address",
            "object",
        ),
        (
            &format!("{address} {{}} }}"),
            "customer.legal_address.address_line_1",
            "missing",
        ),
        (
            &format!("{address} {{ address_line_1: 'x', country_code: 'usa' }} }}"),
            "customer.legal_address.country_code",
            "upper case",
        ),
    ];
    let server = Server::fine();
    let api = server.client();
    for (customer, path, words) in table {
        for (method, arguments) in [
            ("createCustomer", vec![js(customer)]),
            ("updateCustomer", vec![ID.into(), js(customer)]),
        ] {
            let error = api.err(method, &arguments).await;
            assert_refused(&error, Some(method), path, words, customer);
        }
    }
    assert_eq!(server.attempts(), 0);
}

#[test]
async fn everything_wrong_with_a_body_is_told_at_once() {
    let server = Server::fine();
    let customer = js("{ ssn: '1', dob: 'x', legal_address: { country_code: 'us' } }");
    let error = server.client().err("createCustomer", &[customer]).await;
    let issues = json(&get(&error, "issues"));
    let mut paths: Vec<_> = issues
        .as_array()
        .expect("issues")
        .iter()
        .map(|issue| issue["path"].as_str().expect("a path").to_owned())
        .collect();
    paths.sort();
    assert_eq!(
        paths,
        [
            "customer.dob",
            "customer.legal_address.address_line_1",
            "customer.legal_address.country_code",
            "customer.ssn",
            "customer.status",
        ]
    );
}

#[test]
async fn without_validation_a_body_and_parameters_go_out_as_they_are() {
    let server = Server::fine();
    let api = server.client_with("{ validate: false }");
    api.ok(
        "createCustomer",
        &[js("{ status: 'SANCTIONED', ssn: 'x', dob: 5 }")],
    )
    .await;
    assert_eq!(
        server.sent()[0].body.as_deref(),
        Some(r#"{"status":"SANCTIONED","ssn":"x","dob":5}"#)
    );
}

#[test]
async fn what_json_cannot_hold_is_refused_and_names_the_argument() {
    let server = Server::fine();
    let api = server.client_with("{ validate: false }");
    let table = [
        (
            "createCustomer",
            "(() => { const a = { status: 'ACTIVE' }; a.self = a; return a })()",
            "customer",
        ),
        (
            "createCustomer",
            "{ status: 'ACTIVE', metadata: { n: 1n } }",
            "customer",
        ),
        ("createCustomer", "undefined", "customer"),
        ("patchCustomer", "{ metadata: { n: 1n } }", "patch"),
        ("patchCustomer", "undefined", "patch"),
    ];
    for (method, body, path) in table {
        let arguments: Vec<_> = match method {
            "patchCustomer" => vec![ID.into(), js(body)],
            _ => vec![js(body)],
        };
        let error = api.err(method, &arguments).await;
        assert_refused(&error, Some(method), path, "JSON cannot hold", body);
    }
    assert_eq!(server.attempts(), 0);
}

#[test]
async fn an_object_whose_getter_throws_is_refused_and_the_cause_kept() {
    let server = Server::fine();
    let body = js("{ status: 'ACTIVE', get email() { throw new RangeError('no') } }");
    let error = server.client().err("createCustomer", &[body]).await;
    assert_refused(
        &error,
        Some("createCustomer"),
        "customer",
        "cannot be read",
        "getter",
    );
    assert_eq!(text(&error, "cause.name"), "RangeError");
    assert_eq!(server.attempts(), 0);
}

#[test]
async fn a_hostile_object_is_refused_and_leaves_the_client_working() {
    let server = Server::fine();
    let api: Api = server.client();
    let hostile = [
        "new Proxy({}, { ownKeys() { throw new Error('no') } })",
        "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()",
    ];
    for source in hostile {
        for (method, arguments) in [
            ("createCustomer", vec![js(source)]),
            ("patchCustomer", vec![ID.into(), js(source)]),
        ] {
            let error = api.err(method, &arguments).await;
            assert_eq!(text(&error, "name"), "ValidationError", "{method} {source}");
        }
    }
    assert_eq!(server.attempts(), 0);
    api.get().await.expect("a customer");
}
