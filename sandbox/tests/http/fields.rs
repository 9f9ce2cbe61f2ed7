//! The rules of single fields.

use serde_json::{Value, json};
use synctera_sandbox::core::rules::{ReadOnlyFields, Rules};

use crate::harness::{Sandbox, TENANT, UNKNOWN_ID, lantern_row, ottoline, with};

// BEHAVIOUR 2.2, 4.15, 4.17, 5.b5
#[test]
fn a_new_customer_comes_back_with_what_the_server_sets() {
    let sandbox = Sandbox::start();
    let created = sandbox.created(&ottoline());
    for field in [
        "first_name",
        "middle_name",
        "last_name",
        "dob",
        "email",
        "phone_number",
        "metadata",
    ] {
        assert_eq!(created[field], ottoline()[field], "{field}");
    }
    assert_eq!(created["ban_status"], "ALLOWED");
    assert_eq!(created["kyc_status"], "UNVERIFIED");
    assert_eq!(created["kyc_exempt"], false);
    assert_eq!(created["has_accounts"], false);
    assert_eq!(created["tenant"], TENANT);
    assert_eq!(created["ssn_source"], "MANUAL");
    assert_eq!(created["creation_time"], created["last_updated_time"]);
    let time = created["creation_time"].as_str().unwrap();
    assert!(
        time.len() == 27 && time.ends_with('Z'),
        "microseconds: {time}"
    );
    let members = created.as_object().unwrap();
    assert!(members.values().all(|v| !v.is_null()));
    assert!(!members.contains_key("kyc_last_run"));
    let id = created["id"].as_str().unwrap();
    assert_eq!(sandbox.get(&format!("/v0/customers/{id}")).ok(), created);
}

// BEHAVIOUR 4.1, 4.7, 4.15
#[test]
fn status_alone_is_enough_and_absent_values_stay_out_of_the_response() {
    let sandbox = Sandbox::start();
    for status in ["ACTIVE", "PROSPECT"] {
        let created = sandbox.created(&json!({"status": status}));
        let names: Vec<&str> = created
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            names,
            [
                "id",
                "status",
                "ban_status",
                "kyc_status",
                "kyc_exempt",
                "has_accounts",
                "tenant",
                "creation_time",
                "last_updated_time",
            ]
        );
    }
    assert_eq!(sandbox.post(&json!({})).complaints(), "-status");
}

// BEHAVIOUR 4.1
#[test]
fn the_strict_switch_asks_for_names_and_birth_date_on_the_way_to_active() {
    let sandbox = Sandbox::with(Rules {
        strict_active: true,
        ..Rules::default()
    });
    let bare = json!({"status": "ACTIVE"});
    assert_eq!(
        sandbox.post(&bare).complaints(),
        "-first_name -last_name -dob"
    );
    let id = sandbox.created_id(&json!({"status": "PROSPECT", "dob": "1991-07-23"}));
    assert_eq!(
        sandbox.patch(&id, &bare).complaints(),
        "-first_name -last_name"
    );
    assert_eq!(
        sandbox.put(&id, &bare).complaints(),
        "-first_name -last_name -dob"
    );
    sandbox.created(&json!({"status": "INACTIVE"}));
    let names = json!({"status": "ACTIVE", "first_name": "Ottoline", "last_name": "Quay"});
    assert_eq!(sandbox.patch(&id, &names).ok()["status"], "ACTIVE");
}

// BEHAVIOUR 4.2, 4.3, 4.13, 4.14
#[test]
fn read_only_fields_are_refused_or_ignored_as_switched() {
    let read_only = json!({
        "id": UNKNOWN_ID, "creation_time": "2025-02-03T14:05:06Z", "addresses": [],
        "last_updated_time": "2025-02-03T14:05:06Z", "has_accounts": true,
        "kyc_status": "ACCEPTED", "kyc_exempt": true, "kyc_last_run": "2025-02-03T14:05:06Z",
        "ssn_source": "PREFILL",
    });
    let body = with(&json!({"status": "ACTIVE"}), &read_only);
    let address = with(
        &lantern_row(),
        &json!({"id": UNKNOWN_ID, "address_type": "BILLING"}),
    );
    let nested = json!({"status": "ACTIVE", "legal_address": address});

    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    let immutable: Vec<String> = read_only
        .as_object()
        .unwrap()
        .keys()
        .map(|k| format!("!{k}"))
        .collect();
    for reply in [
        sandbox.post(&body),
        sandbox.put(&id, &body),
        sandbox.patch(&id, &body),
    ] {
        assert_eq!(reply.complaints(), immutable.join(" "));
    }
    assert_eq!(
        sandbox.post(&nested).complaints(),
        "!legal_address.id !legal_address.address_type"
    );
    assert_eq!(
        sandbox.patch(&id, &json!({"tenant": TENANT})).complaints(),
        "!tenant"
    );

    let rules = Rules {
        read_only_fields: ReadOnlyFields::Ignore,
        ..Rules::default()
    };
    let sandbox = Sandbox::with(rules);
    let reply = sandbox.post(&body);
    let created = reply.ok();
    assert_eq!(reply.warnings().len(), 9);
    assert_ne!(created["id"], UNKNOWN_ID);
    assert_eq!(
        (&created["kyc_status"], &created["has_accounts"]),
        (&json!("UNVERIFIED"), &json!(false))
    );
    let created = sandbox.created(&nested);
    assert_eq!(created["legal_address"]["address_type"], "LEGAL");
}

// BEHAVIOUR 4.4
#[test]
fn a_note_is_never_given_back() {
    let sandbox = Sandbox::start();
    let secret = "seen at the harbor";
    let reply = sandbox.post(&with(&ottoline(), &json!({"note": secret})));
    let id = reply.ok()["id"].as_str().unwrap().to_owned();
    let replies = [
        reply,
        sandbox.patch(&id, &json!({"note": secret})),
        sandbox.put(&id, &json!({"status": "ACTIVE", "note": secret})),
        sandbox.get(&format!("/v0/customers/{id}")),
        sandbox.list(""),
    ];
    for reply in replies {
        reply.ok();
        assert!(!reply.text.contains("note") && !reply.text.contains(secret));
    }
}

// BEHAVIOUR 4.5, 5.5
#[test]
fn an_ssn_goes_in_whole_and_comes_out_as_four_digits() {
    let sandbox = Sandbox::start();
    let created = sandbox.created(&ottoline());
    assert_eq!(
        (&created["ssn"], &created["ssn_source"]),
        (&json!("4329"), &json!("MANUAL"))
    );
    assert!(!sandbox.list("").text.contains("987-65"));
    for wrong in [
        "987654329",
        "4329",
        "987-65-432",
        "98a-65-4329",
        "987-65-4329 ",
        "",
        "９87-65-4329",
    ] {
        let reply = sandbox.post(&json!({"status": "ACTIVE", "ssn": wrong}));
        assert_eq!(reply.complaints(), "?ssn", "{wrong}");
        if !wrong.is_empty() {
            assert!(!reply.text.contains(wrong), "the response quotes no value");
        }
    }
}

// BEHAVIOUR 2.5, 4.6
#[test]
fn sending_back_what_get_gave_fails_and_an_omitted_ssn_is_kept() {
    let sandbox = Sandbox::start();
    let created = sandbox.created(&ottoline());
    let id = created["id"].as_str().unwrap();
    let complaints = sandbox.put(id, &created).complaints();
    for part in [
        "?ssn",
        "!id",
        "!creation_time",
        "!kyc_status",
        "!legal_address.id",
    ] {
        assert!(
            complaints.split(' ').any(|c| c == part),
            "{part} in {complaints}"
        );
    }
    let replaced = sandbox
        .put(id, &json!({"status": "ACTIVE", "email": "new@example.com"}))
        .ok();
    assert_eq!(replaced["ssn"], "4329");
    assert_eq!(replaced["email"], "new@example.com");
    for gone in [
        "first_name",
        "dob",
        "phone_number",
        "metadata",
        "legal_address",
        "addresses",
    ] {
        assert_eq!(replaced.get(gone), None, "{gone}");
    }
    assert_eq!(replaced["creation_time"], created["creation_time"]);
    assert!(replaced["last_updated_time"].as_str() > created["last_updated_time"].as_str());
}

// BEHAVIOUR 4.8
#[test]
fn a_birth_date_is_a_day_that_exists_and_in_range_for_customers() {
    let sandbox = Sandbox::start();
    let post = |status: &str, dob: &str| sandbox.post(&json!({"status": status, "dob": dob}));
    for good in ["1900-01-01", "2000-02-29"] {
        assert_eq!(post("ACTIVE", good).ok()["dob"], good);
    }
    for wrong in [
        "1899-12-31",
        "2999-01-01",
        "2001-02-29",
        "23.07.1991",
        "1991-07-23T00:00:00Z",
    ] {
        assert_eq!(post("ACTIVE", wrong).complaints(), "?dob", "{wrong}");
    }
    assert_eq!(post("PROSPECT", "1899-12-31").ok()["dob"], "1899-12-31");
    assert_eq!(post("PROSPECT", "1899-02-30").complaints(), "?dob");
    let id = sandbox.created_id(&ottoline());
    assert_eq!(
        sandbox
            .patch(&id, &json!({"dob": "1899-12-31"}))
            .complaints(),
        "?dob"
    );
}

// BEHAVIOUR 1.8, 4.9
#[test]
fn a_phone_number_is_e164_with_a_country_code_that_exists() {
    let sandbox = Sandbox::start();
    let post = |phone: &str| sandbox.post(&json!({"status": "ACTIVE", "phone_number": phone}));
    for good in ["+12025550143", "+442079460958", "+99890555010012", "+11"] {
        assert_eq!(post(good).ok()["phone_number"], good);
    }
    for wrong in [
        "12025550143",
        "+02025550143",
        "+1 202 555 0143",
        "+1",
        "+1234567890123456",
        " +12025550143",
        "+999123456",
        "+210123456",
        "",
        "+1٢٠٢٥",
    ] {
        assert_eq!(post(wrong).complaints(), "?phone_number", "{wrong}");
    }
}

// BEHAVIOUR 1.8, 4.10
#[test]
fn an_email_is_any_string_kept_as_sent_and_may_repeat() {
    let sandbox = Sandbox::start();
    for email in ["a@example.com", "a@example.com", " Two Words ", "", "ÄÖÜ"] {
        assert_eq!(
            sandbox.created(&json!({"status": "ACTIVE", "email": email}))["email"],
            email
        );
    }
}

// BEHAVIOUR 4.11
#[test]
fn metadata_comes_back_as_it_was_sent_and_is_json_however_odd() {
    let sandbox = Sandbox::start();
    let post = |metadata: &str| {
        let body = format!(r#"{{"status":"ACTIVE","metadata":{metadata}}}"#);
        let call = sandbox.request("POST", "/v0/customers");
        call.header("Content-Type", "application/json").body(&body)
    };
    for metadata in [
        r#"{"large":123456789012345678901234567890,"huge":1e400,"exact":1.10,"zero":-0.0}"#,
        r#"{"text":" \"{[ ","":null}"#,
    ] {
        let reply = post(metadata);
        assert_eq!(reply.status, 201, "{}", reply.text);
        assert!(reply.text.contains(metadata), "{}", reply.text);
        // A reader of JSON that has 64 bits for a number would refuse it.
        let id = reply.text.split('"').nth(3).unwrap();
        let stored = sandbox.get(&format!("/v0/customers/{id}"));
        assert!(stored.text.contains(metadata), "{}", stored.text);
    }
    for levels in [33, 127, 200, 5_000] {
        let nested = format!(
            "{}{}",
            r#"{"a":"#.repeat(levels),
            "1".to_owned() + &"}".repeat(levels)
        );
        assert_eq!(post(&nested).complaints(), "?metadata", "{levels}");
    }
}

// BEHAVIOUR 4.11
#[test]
fn metadata_is_any_object_and_patch_replaces_it() {
    let sandbox = Sandbox::start();
    let metadata = json!({"z": 1, "a": {"deep": [null, 1.5, "x"]}, "": true});
    let created = sandbox.created(&json!({"status": "ACTIVE", "metadata": metadata}));
    assert_eq!(created["metadata"], metadata);
    assert!(
        created["metadata"].to_string().starts_with(r#"{"z":1"#),
        "order is kept"
    );
    let id = created["id"].as_str().unwrap();
    let patched = sandbox.patch(id, &json!({"metadata": {"b": 2}})).ok();
    assert_eq!(patched["metadata"], json!({"b": 2}));
    for wrong in [json!([]), json!("x"), json!(null), json!(1)] {
        assert_eq!(
            sandbox.patch(id, &json!({"metadata": wrong})).complaints(),
            "?metadata"
        );
    }
}

// BEHAVIOUR 4.12, 5.7
#[test]
fn related_customers_are_refused_even_when_empty() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    for related in [
        json!([]),
        json!([{"id": UNKNOWN_ID, "relationship_role": "PARTNER"}]),
        json!(null),
    ] {
        let body = json!({"status": "ACTIVE", "related_customers": related});
        for reply in [
            sandbox.post(&body),
            sandbox.put(&id, &body),
            sandbox.patch(&id, &body),
        ] {
            assert_eq!(reply.complaints(), "?related_customers");
        }
    }
}

// BEHAVIOUR 4.13, 8.INVALID_TENANCY
#[test]
fn a_foreign_tenant_is_422_and_no_query_filter() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&with(&ottoline(), &json!({"tenant": TENANT})));
    let foreign = json!({"status": "ACTIVE", "tenant": "abcdef_ghijkl"});
    for reply in [sandbox.post(&foreign), sandbox.put(&id, &foreign)] {
        let problem = reply.problem(422, "INVALID_TENANCY");
        assert!(
            problem["type"]
                .as_str()
                .unwrap()
                .ends_with("/rule-violation")
        );
    }
    let reply = sandbox.list("tenant=abcdef_ghijkl");
    assert_eq!(reply.ids(), [id]);
    assert_eq!(reply.warnings(), ["unknown query parameter tenant ignored"]);
}

// BEHAVIOUR 2.4, 4.14
#[test]
fn patch_changes_the_thirteen_fields_and_nothing_else() {
    let sandbox = Sandbox::start();
    let before = sandbox.created(&json!({"status": "PROSPECT"}));
    let id = before["id"].as_str().unwrap();
    let patch = json!({
        "ban_status": "SUSPENDED", "dob": "1991-07-23", "email": "o@example.com",
        "first_name": "Ottoline", "last_name": "Quay", "legal_address": lantern_row(),
        "metadata": {"a": 1}, "middle_name": "Wren", "note": "ticket 4471",
        "phone_number": "+12025550143", "shipping_address": lantern_row(),
        "ssn": "987-65-4329", "status": "ACTIVE",
    });
    let after = sandbox.patch(id, &patch).ok();
    for field in [
        "ban_status",
        "dob",
        "email",
        "first_name",
        "last_name",
        "metadata",
        "middle_name",
        "phone_number",
        "status",
    ] {
        assert_eq!(after[field], patch[field], "{field}");
    }
    assert_eq!(after["ssn"], "4329");
    assert_eq!(after["legal_address"]["address_line_1"], "12 Lantern Row");
    for kept in ["id", "creation_time", "kyc_status", "tenant"] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    let untouched = sandbox.patch(id, &json!({})).ok();
    assert_eq!(untouched["first_name"], "Ottoline");
}

// BEHAVIOUR 4.15
#[test]
fn null_is_no_value_for_any_field() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&ottoline());
    for field in [
        "ban_status",
        "dob",
        "email",
        "first_name",
        "last_name",
        "legal_address",
        "metadata",
        "middle_name",
        "note",
        "phone_number",
        "shipping_address",
        "ssn",
        "status",
    ] {
        let reply = sandbox.patch(&id, &json!({field: null}));
        assert_eq!(reply.complaints(), format!("?{field}"));
    }
}

// BEHAVIOUR 4.15
#[test]
fn unknown_fields_are_ignored_with_a_warning_that_names_them() {
    let sandbox = Sandbox::start();
    let body = json!({
        "status": "ACTIVE", "colour": "blue",
        "legal_address": with(&lantern_row(), &json!({"planet": "Earth"})),
    });
    let reply = sandbox.post(&body);
    let created = reply.ok();
    assert_eq!(
        reply.warnings(),
        [
            "unknown field colour ignored",
            "unknown field legal_address.planet ignored"
        ]
    );
    assert_eq!(created.get("colour"), None);
    assert_eq!(created["legal_address"].get("planet"), None);
    assert!(!sandbox.log().join("").contains("Earth"));
}

#[test]
fn every_fault_of_a_body_is_reported_at_once() {
    let sandbox = Sandbox::start();
    let body = json!({
        "id": UNKNOWN_ID, "first_name": 1, "ssn": "1", "dob": "never", "related_customers": [],
        "legal_address": {"city": 5}, "shipping_address": {}, "ban_status": "SUSPENDED",
    });
    assert_eq!(
        sandbox.post(&body).complaints(),
        "-status -legal_address.address_line_1 -legal_address.country_code \
         -shipping_address.address_line_1 -shipping_address.country_code -note \
         ?dob ?first_name ?legal_address.city ?related_customers ?ssn !id"
    );
    assert_eq!(
        sandbox.list("").ids(),
        Vec::<String>::new(),
        "nothing was stored"
    );
}

#[test]
fn text_fields_take_strings_only() {
    let sandbox = Sandbox::start();
    let wrong: Vec<Value> = vec![json!(1), json!(true), json!([]), json!({})];
    for field in [
        "first_name",
        "middle_name",
        "last_name",
        "email",
        "dob",
        "phone_number",
        "ssn",
        "note",
        "tenant",
        "ban_status",
    ] {
        for value in &wrong {
            let reply = sandbox.post(&json!({"status": "ACTIVE", field: value}));
            assert_eq!(reply.complaints(), format!("?{field}"), "{value}");
        }
    }
}
