//! The document's own examples through the client's own checks.

use crate::document::{DOCUMENT, at, list, resolve};
use serde_json::{Map, Value};
use synctera_customers::arguments;
use synctera_customers::check::{Check, Direction, Finding};
use synctera_customers::model::{
    Customer, CustomerInBody, CustomerList, CustomerWrite, ListCustomersParams, PatchCustomer,
};
use synctera_customers::query;
use synctera_customers::schema::{Model, Shape};

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

#[track_caller]
fn assert_clean(name: &str, findings: &[Finding]) {
    let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(lines, Vec::<String>::new(), "{name}");
}

fn response_findings(value: &Value, model: &'static Model) -> Vec<Finding> {
    let mut check = Check::new(Direction::Response, "");
    check.value(&Some(value), &Shape::Object(model));
    check.finish().0
}

#[test]
fn every_example_of_a_body_passes_the_argument_checks() {
    for operation in [CREATE, UPDATE] {
        for (name, body) in examples(&format!("{operation}/requestBody")) {
            assert_clean(&name, &arguments::customer(&Some(&body)));
            let read: CustomerWrite = serde_json::from_value(body.clone()).expect(&name);
            assert_eq!(serde_json::to_value(read).expect(&name), body, "{name}");
        }
    }
    for (name, body) in examples(&format!("{PATCH}/requestBody")) {
        assert_clean(&name, &arguments::patch(&Some(&body)));
        let read: PatchCustomer = serde_json::from_value(body.clone()).expect(&name);
        assert_eq!(serde_json::to_value(read).expect(&name), body, "{name}");
    }
}

#[test]
fn every_example_of_an_answer_is_free_of_drift() {
    for (operation, status) in [(CREATE, 201), (GET, 200), (PATCH, 200), (UPDATE, 200)] {
        for (name, body) in examples(&format!("{operation}/responses/{status}")) {
            assert_clean(&name, &response_findings(&body, &Customer::MODEL));
            let read: CustomerInBody = serde_json::from_value(body.clone()).expect(&name);
            assert_eq!(serde_json::to_value(read).expect(&name), body, "{name}");
        }
    }
    for (name, page) in examples(&format!("{LIST}/responses/200")) {
        assert_clean(&name, &response_findings(&page, &CustomerList::MODEL));
        let read: CustomerList = serde_json::from_value(page.clone()).expect(&name);
        assert_eq!(serde_json::to_value(read).expect(&name), page, "{name}");
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
fn an_answer_sent_back_without_what_the_server_sets_is_a_fit_body() {
    for (name, body) in examples(&format!("{GET}/responses/200")) {
        let mut body: Map<String, Value> = serde_json::from_value(body).expect("an object");
        for field in arguments::server_fields() {
            body.remove(field);
        }
        assert!(arguments::is_masked(&body.get("ssn")), "{name}");
        // With the masked number it is refused: that is why the client leaves it out.
        let whole = Value::Object(body.clone());
        assert_eq!(arguments::customer(&Some(&whole)).len(), 1, "{name}");
        body.remove("ssn");
        assert_clean(&name, &arguments::customer(&Some(&Value::Object(body))));
    }
}

#[test]
fn the_examples_of_the_list_parameters_pass_together_and_give_one_query() {
    let mut params = Map::new();
    let mut wanted = Vec::new();
    for parameter in list(at(LIST), "parameters").map(resolve) {
        let name = parameter["name"].as_str().expect("a name").to_owned();
        let example = parameter["example"].clone();
        wanted.push(format!("{name}={}", as_query(&example)));
        params.insert(name, example);
    }
    let params = Value::Object(params);
    assert_clean("params", &arguments::list(&Some(&params)));
    assert_eq!(
        query::from_params(&Some(&params)),
        format!("?{}", wanted.join("&"))
    );
    let read: ListCustomersParams = serde_json::from_value(params.clone()).expect("params");
    assert_eq!(serde_json::to_value(read).expect("params"), params);
}

fn as_query(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(as_query).collect::<Vec<_>>().join(","),
        Value::String(text) => percent_encoding::utf8_percent_encode(text, ESCAPED).to_string(),
        other => other.to_string(),
    }
}

/// Everything but the unreserved characters of RFC 3986.
const ESCAPED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

#[test]
fn the_example_of_a_customer_id_travels_as_it_is() {
    let id = at("/components/parameters/CustomerId/example")
        .as_str()
        .expect("an id");
    assert_eq!(synctera_customers::url::customer_id(id), Ok(()));
    let mut path = String::new();
    synctera_customers::url::encode(id, &mut path);
    assert_eq!(path, id);
}

#[test]
fn the_example_of_an_idempotency_key_can_be_a_header() {
    let key = at("/components/parameters/IdempotencyKey/example")
        .as_str()
        .expect("a key");
    assert_eq!(synctera_customers::header::idempotency_key(key), Ok(()));
}
