//! The document's own examples through the models' serde forms. What the host checks of them is in
//! `tests/js/examples.test.mjs`.

use crate::document::{DOCUMENT, at, list, resolve};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use synctera_customers::contract::{
    CustomerInBody, CustomerList, CustomerWrite, ListCustomersParams, PatchCustomer,
};

/// The examples under a media type, by name.
#[track_caller]
fn examples(pointer: &str) -> Vec<(String, Value)> {
    let examples = at(&format!("{pointer}/content/application~1json/examples"));
    let examples = examples.as_object().expect("examples");
    assert!(!examples.is_empty(), "{pointer}");
    examples
        .iter()
        .map(|(name, example)| {
            (
                format!("{pointer} {name}"),
                resolve(example)["value"].clone(),
            )
        })
        .collect()
}

/// The operations' pointers whose `requestBody` or `200` response is meant.
const CREATE: &str = "/paths/~1customers/post";
const LIST: &str = "/paths/~1customers/get";
const GET: &str = "/paths/~1customers~1{customer_id}/get";
const PATCH: &str = "/paths/~1customers~1{customer_id}/patch";
const UPDATE: &str = "/paths/~1customers~1{customer_id}/put";

/// Reads a value as a model and writes it again: nothing is lost, nothing is added.
#[track_caller]
fn assert_kept<T: Serialize + DeserializeOwned>(name: &str, value: &Value) {
    let read: T = serde_json::from_value(value.clone()).expect(name);
    assert_eq!(&serde_json::to_value(read).expect(name), value, "{name}");
}

#[test]
fn every_example_of_a_body_is_read_and_written_whole() {
    for operation in [CREATE, UPDATE] {
        for (name, body) in examples(&format!("{operation}/requestBody")) {
            assert_kept::<CustomerWrite>(&name, &body);
        }
    }
    for (name, body) in examples(&format!("{PATCH}/requestBody")) {
        assert_kept::<PatchCustomer>(&name, &body);
    }
}

#[test]
fn every_example_of_a_response_is_read_and_written_whole() {
    for (operation, status) in [(CREATE, 201), (GET, 200), (PATCH, 200), (UPDATE, 200)] {
        for (name, body) in examples(&format!("{operation}/responses/{status}")) {
            assert_kept::<CustomerInBody>(&name, &body);
        }
    }
    for (name, page) in examples(&format!("{LIST}/responses/200")) {
        assert_kept::<CustomerList>(&name, &page);
    }
}

#[test]
fn no_operation_has_examples_that_are_not_checked() {
    fn count(value: &Value) -> usize {
        match value {
            Value::Object(members) => {
                let here = members
                    .get("application/json")
                    .is_some_and(|m| m.get("examples").is_some());
                usize::from(here) + members.values().map(count).sum::<usize>()
            }
            Value::Array(items) => items.iter().map(count).sum(),
            _ => 0,
        }
    }
    // Three bodies and five answers.
    assert_eq!(count(&DOCUMENT), 8);
}

#[test]
fn the_examples_of_the_list_parameters_are_read_and_written_whole() {
    let params: Map<_, _> = list(at(LIST), "parameters")
        .map(resolve)
        .map(|parameter| {
            let name = parameter["name"].as_str().expect("a name").to_owned();
            (name, parameter["example"].clone())
        })
        .collect();
    assert_kept::<ListCustomersParams>("params", &Value::Object(params));
}
