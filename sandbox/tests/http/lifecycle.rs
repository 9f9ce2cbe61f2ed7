//! Status, ban status, KYC.

use serde_json::json;
use synctera_sandbox::{core::rules::Rules, seed, store::SqliteStore};

use crate::harness::{Sandbox, TENANT, UNKNOWN_ID, ottoline, with};

const STATUSES: [&str; 9] = [
    "ACTIVE", "DECEASED", "DENIED", "DORMANT", "ESCHEAT", "FROZEN", "INACTIVE", "PROSPECT",
    "SANCTION",
];

// BEHAVIOUR 5.1
#[test]
fn the_nine_statuses_are_accepted_and_no_other() {
    let sandbox = Sandbox::start();
    for status in STATUSES {
        assert_eq!(
            sandbox.created(&json!({"status": status}))["status"],
            status
        );
    }
    for wrong in [
        json!("SANCTIONED"),
        json!("active"),
        json!(""),
        json!(1),
        json!(null),
    ] {
        assert_eq!(
            sandbox.post(&json!({"status": wrong})).complaints(),
            "?status"
        );
    }
}

// BEHAVIOUR 5.b4, 8.INVALID_STATUS
#[test]
fn a_customer_never_becomes_a_prospect_again() {
    let sandbox = Sandbox::start();
    let id = sandbox.created_id(&json!({"status": "PROSPECT"}));
    let prospect = json!({"status": "PROSPECT"});
    sandbox.patch(&id, &prospect).ok();
    sandbox.put(&id, &prospect).ok();
    for status in ["ACTIVE", "INACTIVE", "DECEASED", "ACTIVE"] {
        assert_eq!(
            sandbox.patch(&id, &json!({"status": status})).ok()["status"],
            status
        );
    }
    for reply in [sandbox.patch(&id, &prospect), sandbox.put(&id, &prospect)] {
        let problem = reply.problem(422, "INVALID_STATUS");
        assert_eq!(problem.get("type"), None);
        let valid: Vec<&str> = STATUSES.into_iter().filter(|s| *s != "PROSPECT").collect();
        assert_eq!(problem["valid_status"], json!(valid));
    }
}

// BEHAVIOUR 5.3, 5.b5
#[test]
fn suspending_and_releasing_take_a_note_both_ways() {
    let sandbox = Sandbox::start();
    let suspend = json!({"ban_status": "SUSPENDED"});
    let allow = json!({"ban_status": "ALLOWED"});
    let note = json!({"note": "ticket 4471"});
    let active = json!({"status": "ACTIVE"});
    assert_eq!(sandbox.post(&with(&active, &suspend)).complaints(), "-note");
    let born = sandbox.created(&with(&with(&active, &suspend), &note));
    assert_eq!(born["ban_status"], "SUSPENDED");
    let id = sandbox.created_id(&with(&active, &allow));
    assert_eq!(sandbox.patch(&id, &suspend).complaints(), "-note");
    assert_eq!(
        sandbox
            .patch(&id, &with(&suspend, &json!({"note": ""})))
            .complaints(),
        "-note"
    );
    assert_eq!(
        sandbox.patch(&id, &with(&suspend, &note)).ok()["ban_status"],
        "SUSPENDED"
    );
    assert_eq!(sandbox.patch(&id, &suspend).ok()["ban_status"], "SUSPENDED");
    assert_eq!(
        sandbox.put(&id, &active).ok()["ban_status"],
        "SUSPENDED",
        "omitted is no move"
    );
    assert_eq!(
        sandbox.put(&id, &with(&active, &allow)).complaints(),
        "-note"
    );
    assert_eq!(sandbox.patch(&id, &allow).complaints(), "-note");
    assert_eq!(
        sandbox.patch(&id, &with(&allow, &note)).ok()["ban_status"],
        "ALLOWED"
    );
    assert_eq!(
        sandbox
            .patch(&id, &json!({"ban_status": "allowed"}))
            .complaints(),
        "?ban_status"
    );
}

// BEHAVIOUR 5.2, 5.3, 5.b4, 5.b5
#[test]
fn banned_is_the_platforms_alone_and_follows_the_identity() {
    let store = SqliteStore::in_memory().unwrap();
    seed::fill(&store, 400, TENANT).unwrap();
    let sandbox = Sandbox::over(store, Rules::default());
    let mut kyc = std::collections::BTreeSet::new();
    let mut banned = None;
    let mut query = "limit=100".to_owned();
    loop {
        let page = sandbox.list(&query);
        for customer in page.ok()["customers"].as_array().unwrap() {
            kyc.insert(customer["kyc_status"].as_str().unwrap().to_owned());
            if customer["ban_status"] == "BANNED" {
                banned = Some(customer.clone());
            }
        }
        match page.token() {
            Some(token) => query = format!("limit=100&page_token={token}"),
            None => break,
        }
    }
    assert_eq!(
        kyc.into_iter().collect::<Vec<_>>(),
        [
            "ACCEPTED",
            "PENDING",
            "PROVIDER_FAILURE",
            "PROVISIONAL",
            "REJECTED",
            "REVIEW",
            "UNVERIFIED"
        ]
    );
    let banned = banned.unwrap();
    let id = banned["id"].as_str().unwrap();
    let note = json!({"note": "n"});
    for to in ["ALLOWED", "SUSPENDED", "BANNED"] {
        let body = with(&json!({"status": "ACTIVE", "ban_status": to}), &note);
        assert_eq!(sandbox.patch(id, &body).complaints(), "?ban_status");
        assert_eq!(sandbox.put(id, &body).complaints(), "?ban_status");
    }
    assert_eq!(
        sandbox.patch(id, &json!({"email": "x@example.com"})).ok()["ban_status"],
        "BANNED"
    );
    let other = sandbox.created_id(&ottoline());
    let ban = with(&json!({"ban_status": "BANNED"}), &note);
    assert_eq!(sandbox.patch(&other, &ban).complaints(), "?ban_status");
    assert_eq!(
        sandbox.post(&with(&ottoline(), &ban)).complaints(),
        "?ban_status"
    );
    let twin = json!({
        "status": "ACTIVE", "dob": banned["dob"],
        "first_name": banned["first_name"].as_str().unwrap().to_uppercase(),
        "last_name": banned["last_name"],
    });
    assert_eq!(sandbox.created(&twin)["ban_status"], "BANNED");
    let stranger = with(&twin, &json!({"dob": "1905-01-01"}));
    assert_eq!(sandbox.created(&stranger)["ban_status"], "ALLOWED");
}

// BEHAVIOUR 2.3, 2.4, 2.5, 8.RESOURCE_NOT_FOUND, 8.BAD_REQUEST, 8.CUSTOMER_NOT_FOUND
#[test]
fn an_unknown_id_is_404_and_what_is_no_id_is_400() {
    let sandbox = Sandbox::start();
    let body = json!({"status": "ACTIVE"});
    let each = |id: &str| {
        [
            sandbox.get(&format!("/v0/customers/{id}")),
            sandbox.patch(id, &body),
            sandbox.put(id, &body),
        ]
    };
    for reply in each(UNKNOWN_ID) {
        let problem = reply.problem(404, "RESOURCE_NOT_FOUND");
        assert!(problem["type"].as_str().unwrap().ends_with("/not-found"));
    }
    for id in [
        "7",
        "unknown",
        "00000000000040008000000000000000",
        "%FF",
        "%7Bid%7D",
    ] {
        for reply in each(id) {
            reply.problem(400, "BAD_REQUEST");
        }
    }
    let upper = sandbox.created_id(&body).to_uppercase();
    sandbox.get(&format!("/v0/customers/{upper}")).ok();
}
