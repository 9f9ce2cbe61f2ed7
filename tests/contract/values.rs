//! Every list of values: the same ones, in the same order, with the same spelling through serde.

use crate::document::{at, schema, texts};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Debug;
use synctera_customers::contract::schema::Enumerated;
use synctera_customers::contract::{
    AddressType, BanStatus, CustomerKycStatus, CustomerStatus, Open, RelationshipRole, SortBy,
    SsnSource,
};

#[test]
fn every_list_of_values_is_the_contracts_in_its_order() {
    let address_type = at("/components/schemas/Address/properties/address_type");
    let sort_by = at("/components/parameters/SortBy/schema/items");
    check::<CustomerStatus>("CustomerStatus", schema("CustomerStatus"), "enum");
    check::<BanStatus>("BanStatus", schema("BanStatus"), "x-known-values");
    check::<BanStatus>("BanStatus", schema("BanStatusWrite"), "enum");
    check::<CustomerKycStatus>(
        "CustomerKycStatus",
        schema("CustomerKycStatus"),
        "x-known-values",
    );
    check::<SsnSource>("SsnSource", schema("SsnSource"), "x-known-values");
    check::<RelationshipRole>("RelationshipRole", schema("RelationshipRole"), "enum");
    check::<AddressType>("AddressType", address_type, "x-known-values");
    check::<SortBy>("SortBy", sort_by, "enum");
}

#[track_caller]
fn check<T>(name: &str, schema: &Value, key: &str)
where
    T: Enumerated + Serialize + DeserializeOwned + Debug + PartialEq,
{
    assert_eq!(T::NAME, name);
    assert_eq!(T::VALUES, texts(schema, key), "{name}");
    for value in T::VALUES {
        let text = Value::from(*value);
        let read: T = serde_json::from_value(text.clone()).expect(value);
        assert_eq!(serde_json::to_value(&read).expect(value), text);
        let open: Open<T> = serde_json::from_value(text).expect(value);
        assert_eq!(open, Open::Known(read));
    }
    let stranger: Open<T> = serde_json::from_value("NOT_KNOWN_YET".into()).expect("a text");
    assert_eq!(stranger, Open::Unknown("NOT_KNOWN_YET".to_owned()));
    assert!(
        serde_json::from_value::<T>("NOT_KNOWN_YET".into()).is_err(),
        "{name} is closed"
    );
}

#[test]
fn every_list_of_values_in_the_contract_has_a_type() {
    let mut lists = Vec::new();
    collect("", &crate::document::DOCUMENT, &mut lists);
    let unknown: Vec<_> = lists
        .into_iter()
        .filter(|pointer| !KNOWN.iter().any(|known| pointer.ends_with(known)))
        .collect();
    assert_eq!(unknown, Vec::<String>::new());
}

/// Where lists of values stand in the document; the last two are compared elsewhere.
const KNOWN: [&str; 10] = [
    "/schemas/CustomerStatus",
    "/schemas/BanStatus",
    "/schemas/BanStatusWrite",
    "/schemas/CustomerKycStatus",
    "/schemas/SsnSource",
    "/schemas/RelationshipRole",
    "/schemas/Address/properties/address_type",
    "/parameters/SortBy/schema/items",
    "/schemas/Customer/properties/status",
    "/schemas/Problem/properties/code",
];

fn collect(pointer: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if members.contains_key("enum") || members.contains_key("x-known-values") {
                found.push(pointer.to_owned());
            }
            for (name, member) in members {
                collect(&format!("{pointer}/{name}"), member, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(&format!("{pointer}/{index}"), item, found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_status_distinguishes_a_prospect_from_a_customer() {
    let mapping = at("/components/schemas/CustomerInBody/discriminator/mapping");
    let mapping = mapping.as_object().expect("a mapping");
    let mut statuses: Vec<_> = mapping.keys().map(String::as_str).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, CustomerStatus::VALUES);
    for (status, schema) in mapping {
        let wanted = if status == "PROSPECT" {
            "Prospect"
        } else {
            "Customer"
        };
        assert!(
            schema.as_str().is_some_and(|s| s.ends_with(wanted)),
            "{status}"
        );
    }
}

#[test]
fn the_meaning_of_every_status_is_stated() {
    let meanings = at("/components/schemas/CustomerStatus/x-meanings");
    let mut documented: Vec<_> = meanings
        .as_object()
        .expect("meanings")
        .keys()
        .cloned()
        .collect();
    documented.sort();
    assert_eq!(documented, CustomerStatus::VALUES);
}
