//! What only the server sets is left out of create and update.

use super::harness::{ID, Server, js};
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A customer with every field that only the server sets, here and in its addresses.
const RECEIVED: &str = "{
    id: 'b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64', status: 'ACTIVE', first_name: 'Ottoline',
    ssn: '4329', ssn_source: 'MANUAL', ban_status: 'ALLOWED', kyc_status: 'ACCEPTED',
    kyc_exempt: false, kyc_last_run: '2025-02-04T09:30:00.5Z', has_accounts: true,
    creation_time: '2025-02-03T14:05:06.120045Z', last_updated_time: '2025-02-03T14:05:06.120045Z',
    legal_address: { id: 'a1', address_type: 'LEGAL', address_line_1: '12 Lantern Row', country_code: 'US' },
    shipping_address: { address_line_1: '1 Dock', country_code: 'US', id: 'a2', address_type: 'SHIPPING' },
    addresses: [{ id: 'a1', address_line_1: '12 Lantern Row', country_code: 'US' }],
    tenant: 'qzwxec_mkjnhb', metadata: { id: 'the integrator’s own' },
}";

const WRITABLE: &str = concat!(
    r#"{"status":"ACTIVE","first_name":"Ottoline","ban_status":"ALLOWED","#,
    r#""legal_address":{"address_line_1":"12 Lantern Row","country_code":"US"},"#,
    r#""shipping_address":{"address_line_1":"1 Dock","country_code":"US"},"#,
    r#""tenant":"qzwxec_mkjnhb","metadata":{"id":"the integrator’s own"}}"#
);

#[test]
async fn a_customer_that_came_from_the_api_can_be_sent_back() {
    for (method, arguments) in [
        ("createCustomer", vec![js(RECEIVED)]),
        ("updateCustomer", vec![ID.into(), js(RECEIVED)]),
    ] {
        for validate in ["{}", "{ validate: false }"] {
            let server = Server::fine();
            server.client_with(validate).ok(method, &arguments).await;
            assert_eq!(
                server.sent()[0].body.as_deref(),
                Some(WRITABLE),
                "{method} {validate}"
            );
        }
    }
}

#[test]
async fn a_whole_tax_number_is_sent_and_a_masked_one_is_not() {
    for (ssn, body) in [
        (
            "'987-65-4329'",
            r#"{"status":"ACTIVE","ssn":"987-65-4329"}"#,
        ),
        ("'4329'", r#"{"status":"ACTIVE"}"#),
        ("null", r#"{"status":"ACTIVE","ssn":null}"#),
        ("undefined", r#"{"status":"ACTIVE"}"#),
    ] {
        let server = Server::fine();
        let customer = js(&format!("{{ status: 'ACTIVE', ssn: {ssn} }}"));
        server.client().ok("createCustomer", &[customer]).await;
        assert_eq!(server.sent()[0].body.as_deref(), Some(body), "{ssn}");
    }
}

#[test]
async fn an_address_that_is_null_stays_null() {
    let server = Server::fine();
    let customer = js("{ status: 'ACTIVE', legal_address: null, shipping_address: undefined }");
    server
        .client()
        .ok("updateCustomer", &[ID.into(), customer])
        .await;
    let wanted = r#"{"status":"ACTIVE","legal_address":null}"#;
    assert_eq!(server.sent()[0].body.as_deref(), Some(wanted));
}

#[test]
async fn a_patch_does_not_lose_a_field_silently() {
    let server = Server::fine();
    let api = server.client();
    for field in ["id", "kyc_status", "addresses", "has_accounts"] {
        let patch = js(&format!("{{ email: 'o@example.com', {field}: 'x' }}"));
        let error = api.err("patchCustomer", &[ID.into(), patch]).await;
        let message = super::harness::text(&error, "message");
        assert!(
            message.contains(&format!("patch.{field}: string")),
            "{message}"
        );
    }
    assert_eq!(server.attempts(), 0);
}
