//! The five operations and the two servers.

use crate::document::{at, list, resolve};
use serde_json::Value;
use std::collections::BTreeMap;
use synctera_customers::base_url;
use synctera_customers::contract::operation::Operation;

const OPERATIONS: [Operation; 5] = Operation::ALL;

/// Every operation of the document: its id, with its method and its description.
fn declared() -> BTreeMap<String, (String, Value)> {
    let paths = at("/paths").as_object().expect("paths");
    let of_path = |item: &Value| -> Vec<(String, (String, Value))> {
        let members = item.as_object().expect("a path item");
        let described = members.iter().filter(|(name, _)| *name != "parameters");
        described
            .map(|(method, operation)| {
                let id = operation["operationId"].as_str().expect("an operationId");
                (id.to_owned(), (method.to_uppercase(), operation.clone()))
            })
            .collect()
    };
    paths.values().flat_map(of_path).collect()
}

#[test]
fn the_client_has_the_contracts_operations_and_no_others() {
    let methods = |(name, (method, _)): (&String, &(String, Value))| (name.clone(), method.clone());
    let declared: BTreeMap<_, _> = declared().iter().map(methods).collect();
    let ours = OPERATIONS
        .iter()
        .map(|operation| (operation.name().to_owned(), operation.method().to_string()));
    assert_eq!(ours.collect::<BTreeMap<_, _>>(), declared);
}

#[test]
fn the_client_makes_an_idempotency_key_where_the_contract_declares_one() {
    let declared = declared();
    for operation in OPERATIONS {
        let (_, description) = &declared[operation.name()];
        let declares = list(description, "parameters")
            .map(resolve)
            .any(|parameter| parameter["name"] == "Idempotency-Key");
        assert_eq!(operation.needs_key(), declares, "{operation:?}");
        assert!(
            operation.has_body() || !operation.needs_key(),
            "{operation:?}"
        );
    }
}

#[test]
fn the_two_environments_are_the_contracts_servers_sandbox_first() {
    let servers: Vec<_> = list(&crate::document::DOCUMENT, "servers")
        .filter_map(|server| server["url"].as_str())
        .collect();
    assert_eq!(servers, [base_url::SANDBOX, base_url::PRODUCTION]);
    assert_eq!(base_url::environment(None), base_url::SANDBOX);
    assert_eq!(base_url::environment(Some("sandbox")), base_url::SANDBOX);
    assert_eq!(
        base_url::environment(Some("production")),
        base_url::PRODUCTION
    );
    assert_eq!(
        base_url::check(base_url::SANDBOX, false),
        Ok(base_url::SANDBOX.to_owned())
    );
}

#[test]
fn an_operation_that_sends_a_body_is_one_that_takes_a_key() {
    let declared = declared();
    for operation in OPERATIONS {
        let has_body = declared[operation.name()].1.get("requestBody").is_some();
        assert_eq!(operation.has_body(), has_body, "{operation:?}");
    }
}
