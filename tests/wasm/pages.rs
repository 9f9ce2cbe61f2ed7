//! What differs in a page and its workers: whose key may be used, cookies, and addresses without a host.

use super::harness::{ID, Server, construct, get, in_browser, js, text};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_page_may_not_use_the_key_of_syncteras_own_servers() {
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
    for (more, is_rejected) in table {
        let made = construct(&[js(&format!("{{ accessToken: 'x'{more} }}"))]);
        assert_eq!(made.is_err(), is_rejected && in_browser(), "{more}");
        if let Err(error) = made {
            assert_eq!(text(&error, "name"), "ValidationError", "{more}");
            let message = text(&error, "message");
            let path = "new CustomersApi: options.dangerouslyAllowBrowser: missing in a browser";
            assert!(message.starts_with(path), "{message}");
            assert!(
                message.contains("a backend of your own by baseUrl"),
                "{message}"
            );
        }
    }
}

#[test]
async fn sends_cookies_only_in_a_page_and_only_where_that_is_said() {
    for (more, mode) in [
        ("", "omit"),
        ("credentials: 'omit'", "omit"),
        ("credentials: 'same-origin'", "same-origin"),
        ("credentials: 'include'", "include"),
    ] {
        let server = Server::fine();
        let backend = "https://backend.example.com/v0";
        let api = server.client_with(&format!("{{ baseUrl: '{backend}', {more} }}"));
        api.ok("getCustomer", &[ID.into()]).await;
        let sent = get(&server.sent()[0].init, "credentials");
        let wanted = if in_browser() {
            mode.into()
        } else {
            JsValue::UNDEFINED
        };
        assert_eq!(sent, wanted, "{more}");
    }
}

#[test]
async fn resolves_a_path_against_the_origin_of_a_page_and_rejects_it_elsewhere() {
    let server = Server::fine();
    let options = server.options("{ baseUrl: '/v0', dangerouslyAllowHttp: true }");
    match construct(std::slice::from_ref(&options)) {
        Ok(api) => {
            assert!(in_browser());
            api.ok("getCustomer", &[ID.into()]).await;
            let origin = js("location.origin").as_string().expect("an origin");
            assert_eq!(server.sent()[0].url, format!("{origin}/v0/customers/{ID}"));
        }
        Err(error) => {
            assert!(!in_browser());
            assert!(text(&error, "message").contains("only a page may give a path"));
        }
    }
}
