//! The copy rules, and the checks of an address.

use serde_json::{Value, json};

use crate::harness::{Sandbox, harbor_street, lantern_row, ottoline, with};

fn line(customer: &Value, address: &str) -> Option<String> {
    customer[address]["address_line_1"]
        .as_str()
        .map(str::to_owned)
}

// BEHAVIOUR 3.1, 3.8
#[test]
fn post_copies_the_legal_address_as_a_snapshot_with_its_own_id() {
    let sandbox = Sandbox::start();
    let created = sandbox.created(&ottoline());
    let (legal, shipping) = (&created["legal_address"], &created["shipping_address"]);
    for field in lantern_row().as_object().unwrap().keys() {
        assert_eq!(legal[field], lantern_row()[field], "{field}");
        assert_eq!(shipping[field], lantern_row()[field], "{field}");
    }
    assert_eq!(
        (&legal["address_type"], &shipping["address_type"]),
        (&json!("LEGAL"), &json!("SHIPPING"))
    );
    assert_ne!(legal["id"], shipping["id"]);
    assert_eq!(created["addresses"], json!([legal, shipping]));
    let id = created["id"].as_str().unwrap();
    let moved = sandbox
        .patch(id, &json!({"legal_address": harbor_street()}))
        .ok();
    assert_eq!(moved["shipping_address"], *shipping, "no link");
}

// BEHAVIOUR 3.2
#[test]
fn put_without_shipping_address_overwrites_a_different_one() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&with(
        &ottoline(),
        &json!({"shipping_address": harbor_street()}),
    ));
    let replaced = sandbox.put(&id, &ottoline()).ok();
    assert_eq!(
        line(&replaced, "shipping_address").as_deref(),
        Some("12 Lantern Row")
    );
}

// BEHAVIOUR 3.3
#[test]
fn patch_fills_the_shipping_address_if_none_is_stored() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&json!({"status": "PROSPECT"}));
    let patched = sandbox
        .patch(&id, &json!({"legal_address": harbor_street()}))
        .ok();
    assert_eq!(
        line(&patched, "shipping_address").as_deref(),
        Some("9 Harbor Street")
    );
}

// BEHAVIOUR 3.4
#[test]
fn patch_leaves_a_stored_shipping_address_alone() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    let patched = sandbox
        .patch(&id, &json!({"legal_address": harbor_street()}))
        .ok();
    assert_eq!(
        line(&patched, "legal_address").as_deref(),
        Some("9 Harbor Street")
    );
    assert_eq!(
        line(&patched, "shipping_address").as_deref(),
        Some("12 Lantern Row")
    );
}

// BEHAVIOUR 3.5
#[test]
fn patch_without_legal_address_copies_nothing() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&json!({"status": "PROSPECT"}));
    let patched = sandbox.patch(&id, &json!({"email": "o@example.com"})).ok();
    assert_eq!(patched.get("shipping_address"), None);
    let patched = sandbox
        .patch(&id, &json!({"shipping_address": harbor_street()}))
        .ok();
    assert_eq!(patched.get("legal_address"), None);
}

// BEHAVIOUR 3.6
#[test]
fn a_shipping_address_is_taken_as_sent_and_never_copied_back() {
    let sandbox = Sandbox::start();
    let both = with(&ottoline(), &json!({"shipping_address": harbor_street()}));
    let id = sandbox.created_id(&ottoline());
    for customer in [
        sandbox.created(&both),
        sandbox.put(&id, &both).ok(),
        sandbox
            .patch(&id, &json!({"shipping_address": harbor_street()}))
            .ok(),
    ] {
        assert_eq!(
            line(&customer, "legal_address").as_deref(),
            Some("12 Lantern Row")
        );
        assert_eq!(
            line(&customer, "shipping_address").as_deref(),
            Some("9 Harbor Street")
        );
    }
    let only = sandbox.created(&json!({"status": "ACTIVE", "shipping_address": harbor_street()}));
    assert_eq!(only.get("legal_address"), None);
}

// BEHAVIOUR 3.7
#[test]
fn without_any_address_both_stay_absent() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    let bare = json!({"status": "ACTIVE"});
    for customer in [sandbox.created(&bare), sandbox.put(&id, &bare).ok()] {
        for field in ["legal_address", "shipping_address", "addresses"] {
            assert_eq!(customer.get(field), None, "{field}");
        }
    }
}

// BEHAVIOUR 3.p1
#[test]
fn null_and_empty_addresses_are_refused() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    for field in ["legal_address", "shipping_address"] {
        let null = json!({"status": "ACTIVE", field: null});
        let empty = json!({"status": "ACTIVE", field: {}});
        for reply in [
            sandbox.post(&null),
            sandbox.put(&id, &null),
            sandbox.patch(&id, &null),
        ] {
            assert_eq!(reply.complaints(), format!("?{field}"));
        }
        for reply in [
            sandbox.post(&empty),
            sandbox.put(&id, &empty),
            sandbox.patch(&id, &empty),
        ] {
            assert_eq!(
                reply.complaints(),
                format!("-{field}.address_line_1 -{field}.country_code")
            );
        }
    }
}

// BEHAVIOUR 4.16
#[test]
fn patch_replaces_an_address_whole() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    let reply = sandbox.patch(&id, &json!({"legal_address": {"city": "Portland"}}));
    assert_eq!(
        reply.complaints(),
        "-legal_address.address_line_1 -legal_address.country_code"
    );
    let patched = sandbox
        .patch(&id, &json!({"legal_address": harbor_street()}))
        .ok();
    for gone in ["address_line_2", "city", "state", "postal_code", "nickname"] {
        assert_eq!(patched["legal_address"].get(gone), None, "{gone}");
    }
}

// BEHAVIOUR 5.4
#[test]
fn address_fields_are_held_to_what_is_stated_and_no_more() {
    let sandbox = Sandbox::start();
    let us = |more: &Value| with(&lantern_row(), more);
    let other = |country: &str, more: &Value| {
        with(
            &json!({"address_line_1": "1 Row", "country_code": country}),
            more,
        )
    };
    let good = [
        us(&json!({"postal_code": "62701"})),
        us(&json!({"postal_code": "62701-0001", "state": "IL"})),
        us(&json!({"address_line_2": ""})),
        other("MX", &json!({"state": "CMX", "postal_code": "anything"})),
        other(
            "GB",
            &json!({"state": "Greater London", "postal_code": "SW1A 1AA"}),
        ),
        other("CA", &json!({"postal_code": "K1A 0B1"})),
    ];
    for address in good {
        let reply = sandbox.post(&json!({"status": "ACTIVE", "legal_address": address}));
        assert_eq!(reply.status, 201, "{address} {}", reply.text);
    }
    let wrong = [
        (
            us(&json!({"postal_code": "6270"})),
            "?legal_address.postal_code",
        ),
        (
            us(&json!({"postal_code": "62701 0001"})),
            "?legal_address.postal_code",
        ),
        (us(&json!({"state": "Illinois"})), "?legal_address.state"),
        (other("us", &json!({})), "?legal_address.country_code"),
        (other("USA", &json!({})), "?legal_address.country_code"),
        (other("XX", &json!({})), "?legal_address.country_code"),
        (other("", &json!({})), "?legal_address.country_code"),
        (
            other("CA", &json!({"postal_code": "62701"})),
            "?legal_address.postal_code",
        ),
        (
            other("GB", &json!({"nickname": 1})),
            "?legal_address.nickname",
        ),
        (
            other("GB", &json!({"is_registered_agent": "yes"})),
            "?legal_address.is_registered_agent",
        ),
    ];
    for (address, expected) in wrong {
        let reply = sandbox.post(&json!({"status": "ACTIVE", "legal_address": address}));
        assert_eq!(reply.complaints(), expected, "{address}");
    }
}

// BEHAVIOUR 1.8, 5.4
#[test]
fn canadian_postal_codes_are_the_one_thing_that_is_tidied() {
    let sandbox = Sandbox::start();
    for code in ["k1a0b1", "K1A 0B1", "k1a 0b1"] {
        let address = json!({
            "address_line_1": " 1 row ", "city": "ottawa ", "country_code": "CA", "postal_code": code,
        });
        let created = sandbox.created(&json!({"status": "ACTIVE", "legal_address": address}));
        assert_eq!(created["legal_address"]["postal_code"], "K1A 0B1");
        assert_eq!(created["legal_address"]["address_line_1"], " 1 row ");
        assert_eq!(created["legal_address"]["city"], "ottawa ");
    }
}

#[test]
fn the_registered_agent_flag_is_left_out_unless_true() {
    let sandbox = Sandbox::start();
    for (sent, expected) in [(true, Some(&json!(true))), (false, None)] {
        let address = with(&harbor_street(), &json!({"is_registered_agent": sent}));
        let created = sandbox.created(&json!({"status": "ACTIVE", "legal_address": address}));
        assert_eq!(
            created["legal_address"].get("is_registered_agent"),
            expected
        );
    }
}
