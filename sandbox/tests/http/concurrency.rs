//! Many requests at once, on a database in a file.

use std::{collections::HashSet, sync::Mutex, thread};

use serde_json::json;
use synctera_sandbox::{core::rules::Rules, seed, store::SqliteStore};

use crate::harness::{Sandbox, TENANT, ottoline};

// BEHAVIOUR 7.2, 7.4
#[test]
fn two_hundred_requests_at_once_create_one_customer_per_key_and_lose_no_update() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("customers.db")).unwrap();
    seed::fill(&store, 50, TENANT).unwrap();
    let sandbox = Sandbox::over(store, Rules::default());
    let shared = sandbox.created_id(&json!({"status": "ACTIVE", "email": "shared@example.com"}));
    let made = Mutex::new(HashSet::new());
    thread::scope(|scope| {
        for n in 0..200 {
            let (sandbox, made, shared) = (&sandbox, &made, &shared);
            scope.spawn(move || match n % 4 {
                // One logical call, sent 50 times.
                0 => {
                    let reply = sandbox
                        .request("POST", "/v0/customers")
                        .key("one")
                        .json(&ottoline());
                    match reply.status {
                        201 => {
                            made.lock().unwrap().insert(reply.json()["id"].to_string());
                        }
                        _ => drop(reply.problem(409, "IDEMPOTENCY_CONCURRENT_USE")),
                    }
                }
                1 => {
                    let body = json!({"status": "ACTIVE", "email": format!("n{n}@example.com")});
                    sandbox.created(&body);
                }
                2 => {
                    sandbox.patch(shared, &json!({"metadata": {"n": n}})).ok();
                }
                _ => {
                    sandbox
                        .list("limit=20&sort_by=last_name:asc&status=ACTIVE")
                        .ok();
                    sandbox.get(&format!("/v0/customers/{shared}")).ok();
                }
            });
        }
    });
    assert_eq!(
        made.into_inner().unwrap().len(),
        1,
        "all successes speak of one customer"
    );
    assert_eq!(
        sandbox.list("email=ottoline.quay@example.com").ids().len(),
        1
    );
    assert_eq!(sandbox.store.count().unwrap(), 50 + 1 + 1 + 50);
    let log = sandbox.log().join("\n");
    assert!(
        !log.contains("storage failed") && !log.contains(" 500 "),
        "{log}"
    );
}
