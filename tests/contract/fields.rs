//! Field by field.

use crate::document::{at, flag, flatten, list, reference_name, resolve, schema, texts};
use serde_json::Value;
use std::collections::BTreeMap;
use synctera_customers::contract::schema::{Access, Field, Model, Pattern, Shape};
use synctera_customers::contract::{
    Address, AddressWrite, Customer, CustomerList, CustomerWrite, ListCustomersParams, PATTERNS,
    PatchCustomer, Prospect,
};

/// What is said of each field, in words that both sides can say.
type Fields = BTreeMap<String, String>;

/// Which way a body travels.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// To the API: what only the server sets is left out.
    Request,
    /// From the API.
    Response,
}

/// A difference that is meant: model, field, what the contract says, what the client says, why.
type Difference = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const ABSENT: &str = "absent";

#[rustfmt::skip]
const DIFFERENCES: &[Difference] = &[
    ("Customer", "id", "required, read-only, text of format uuid", "required, read-only, text",
     "an id is opaque to the client: one of another form works just as well"),
    ("Prospect", "id", "required, read-only, text of format uuid", "required, read-only, text",
     "as for Customer"),
    ("Address", "id", "optional, read-only, text of format uuid", "optional, read-only, text",
     "as for Customer"),
    ("ListCustomersParams", "id", "optional, list of text of format uuid", "optional, list of text",
     "as for Customer"),
    ("Customer", "status",
     "required, any but PROSPECT, open: ACTIVE DECEASED DENIED DORMANT ESCHEAT FROZEN INACTIVE SANCTION",
     "required, open: ACTIVE DECEASED DENIED DORMANT ESCHEAT FROZEN INACTIVE PROSPECT SANCTION",
     "one table checks both shapes of a response; the TypeScript type leaves PROSPECT out"),
    ("Prospect", "status", "required, always PROSPECT",
     "required, closed: ACTIVE DECEASED DENIED DORMANT ESCHEAT FROZEN INACTIVE PROSPECT SANCTION",
     "as for Customer; the TypeScript type is \"PROSPECT\""),
    ("Customer", "related_customers", "optional, list of Relationship", ABSENT,
     "retired (BEHAVIOUR 4.12): what a response still carried would pass as an unknown field"),
    ("Prospect", "related_customers", "optional, list of Relationship", ABSENT,
     "as for Customer"),
];

#[test]
fn every_field_of_a_response_is_the_contracts() {
    let read = schema("CustomerRead");
    compare(
        &Customer::MODEL,
        contract_fields(read, "Customer", Way::Response),
        true,
    );
    compare(
        &Prospect::MODEL,
        contract_fields(read, "Prospect", Way::Response),
        true,
    );
    compare(
        &Address::MODEL,
        contract_fields(schema("Address"), "", Way::Response),
        true,
    );
    // The whole page comes from the server, so that the contract need not mark its fields.
    compare(
        &CustomerList::MODEL,
        contract_fields(schema("CustomerList"), "", Way::Response),
        false,
    );
}

#[test]
fn every_field_of_a_request_is_the_contracts() {
    let write = schema("CustomerWrite");
    for branch in ["Customer", "Prospect"] {
        compare(
            &CustomerWrite::MODEL,
            contract_fields(write, branch, Way::Request),
            true,
        );
    }
    compare(
        &PatchCustomer::MODEL,
        contract_fields(schema("PatchCustomer"), "", Way::Request),
        true,
    );
    compare(
        &AddressWrite::MODEL,
        contract_fields(schema("Address"), "", Way::Request),
        true,
    );
}

#[test]
fn every_parameter_of_a_list_is_the_contracts_and_in_its_order() {
    let parameters: Vec<Value> = list(at("/paths/~1customers/get"), "parameters")
        .map(resolve)
        .collect();
    let names: Vec<_> = parameters.iter().map(|p| text(p, "name")).collect();
    let own: Vec<_> = ListCustomersParams::MODEL
        .fields()
        .map(|f| f.name)
        .collect();
    assert_eq!(names, own);

    let described = parameters.iter().map(|parameter| {
        let need = if flag(parameter, "required") {
            "required"
        } else {
            "optional"
        };
        let shape = contract_shape(&parameter["schema"], Way::Request);
        (
            text(parameter, "name").to_owned(),
            format!("{need}, {shape}"),
        )
    });
    compare(&ListCustomersParams::MODEL, described.collect(), false);
}

#[test]
fn a_list_in_the_query_is_one_parameter_with_commas() {
    for parameter in list(at("/paths/~1customers/get"), "parameters").map(resolve) {
        let name = text(&parameter, "name");
        assert_eq!(text(&parameter, "in"), "query", "{name}");
        assert_eq!(text(&parameter, "style"), "form", "{name}");
        let field = ListCustomersParams::MODEL.field(name).expect(name);
        let joined = matches!(field.shape, Shape::List(_) | Shape::NonEmptyList(_));
        assert_eq!(parameter["explode"], Value::Bool(!joined), "{name}");
    }
}

#[test]
fn what_is_left_out_of_requests_is_what_the_contract_marks_read_only() {
    let read_only = |schema: &Value| -> Vec<String> {
        let (properties, _) = flatten(schema, "");
        let marked = properties
            .iter()
            .filter(|(_, property)| flag(&resolve(property), "readOnly"));
        let mut names: Vec<_> = marked.map(|(name, _)| name.clone()).collect();
        // The document's reader keeps the order of the text or not, by a feature of another crate.
        names.sort();
        names
    };
    let sorted = |names: Vec<&str>| {
        let mut names: Vec<_> = names.into_iter().map(str::to_owned).collect();
        names.sort();
        names
    };
    // What the host leaves out is what these models mark (`src/request.rs`).
    let marked = |model: &Model| {
        let fields = model.fields().filter(|f| f.access == Access::ReadOnly);
        sorted(fields.map(|f| f.name).collect())
    };
    assert_eq!(
        marked(&Customer::MODEL),
        read_only(schema("CustomerCommon"))
    );
    assert_eq!(marked(&Address::MODEL), read_only(schema("Address")));
}

#[test]
fn the_two_forms_of_a_tax_number_are_the_contracts() {
    let ssn = at("/components/schemas/CustomerCommon/properties/ssn");
    for (model, key) in [
        (&CustomerWrite::MODEL, "x-request-pattern"),
        (&PatchCustomer::MODEL, "x-request-pattern"),
        (&Customer::MODEL, "x-response-pattern"),
    ] {
        let field = model.field("ssn").expect("ssn");
        assert_eq!(
            client_shape(&field.shape),
            format!("text like {}", text(ssn, key)),
            "{}",
            model.name
        );
    }
}

/// Each pattern of the client takes every text that the contract's own expression describes.
#[test]
fn a_pattern_takes_whatever_the_contracts_expression_makes() {
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for pattern in PATTERNS {
        let words = pattern_words(pattern);
        let Some(expression) = words.strip_prefix("text like ") else {
            continue;
        };
        let form = regex::Regex::new(pattern.form).expect("an expression");
        // The contract's expressions are JavaScript's, whose \d is an ASCII digit.
        let expression = expression.trim_matches(['^', '$']).replace(r"\d", "[0-9]");
        let texts = proptest::string::string_regex(&expression).expect("an expression");
        // A phone number may be longer or shorter; every other form has one length.
        let is_another_phone =
            |text: &str| pattern.name == "Phone" && text.starts_with('+') && text.len() <= 16;
        for _ in 0..500 {
            let text = texts.new_tree(&mut runner).expect("a text").current();
            assert!(form.is_match(&text), "{pattern:?} refuses {text}");
            for wrong in [format!("{text}0"), format!(" {text}"), text[1..].to_owned()] {
                let taken = form.is_match(&wrong) && !is_another_phone(&wrong);
                assert!(!taken, "{pattern:?} takes {wrong}");
            }
        }
    }
}

#[track_caller]
fn compare(model: &Model, mut contract: Fields, with_access: bool) {
    let mut client = client_fields(model, with_access);
    let meant: Vec<_> = DIFFERENCES.iter().filter(|d| d.0 == model.name).collect();
    for (_, field, by_contract, by_client, _) in meant {
        let said = |fields: &Fields| fields.get(*field).map_or(ABSENT.to_owned(), Clone::clone);
        assert_eq!(
            (said(&contract).as_str(), said(&client).as_str()),
            (*by_contract, *by_client),
            "{}.{field} no longer differs as the table says",
            model.name
        );
        contract.remove(*field);
        client.remove(*field);
    }
    assert_eq!(
        client, contract,
        "{}: client on the left, contract on the right",
        model.name
    );
}

fn client_fields(model: &Model, with_access: bool) -> Fields {
    let describe = |field: &Field| {
        let need = if field.required {
            "required"
        } else {
            "optional"
        };
        let access = match field.access {
            Access::ReadOnly if with_access => ", read-only",
            Access::WriteOnly if with_access => ", write-only",
            _ => "",
        };
        let shape = client_shape(&field.shape);
        (field.name.to_owned(), format!("{need}{access}, {shape}"))
    };
    model.fields().map(describe).collect()
}

fn client_shape(shape: &Shape) -> String {
    match shape {
        Shape::Text(pattern) => pattern_words(pattern),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Integer { minimum } => format!("whole number from {minimum}"),
        Shape::Enumeration(list) => {
            let open = if list.open { "open" } else { "closed" };
            format!("{open}: {}", list.values.join(" "))
        }
        // The contract has one address for both ways.
        Shape::Object(model) => model.name.trim_end_matches("Write").to_owned(),
        Shape::FreeObject => "free object".to_owned(),
        Shape::List(item) | Shape::NonEmptyList(item) => format!("list of {}", client_shape(item)),
        Shape::Number(_) | Shape::Token(_) | Shape::Host(_) => panic!("an option, not a field"),
    }
}

fn pattern_words(pattern: &Pattern) -> String {
    match pattern.name {
        "CalendarDate" => "text of format date",
        "Instant" => "text of format date-time",
        "Phone" => r"text like ^\+[1-9]\d{1,14}$",
        "FullSsn" => r"text like ^\d{3}-\d{2}-\d{4}$",
        "MaskedSsn" => r"text like ^\d{4}$",
        "Country" => r"text like ^[A-Z]{2}$",
        "FourCharacters" => "text of 4 characters",
        // What the client asks for beyond the contract, so that a request means what it says.
        "String" | "CustomerId" | "ListedId" | "PageToken" => "text",
        other => panic!("{other} is no form of the contract"),
    }
    .to_owned()
}

fn contract_fields(schema: &Value, branch: &str, way: Way) -> Fields {
    let (properties, required) = flatten(schema, branch);
    let mut fields = Fields::new();
    for (name, property) in &properties {
        let resolved = resolve(property);
        let (read_only, write_only) = (flag(&resolved, "readOnly"), flag(&resolved, "writeOnly"));
        match way {
            Way::Request if read_only => continue,
            Way::Response if write_only => panic!("{name} is write-only, yet in a response"),
            _ => {}
        }
        let need = if required.contains(name) {
            "required"
        } else {
            "optional"
        };
        let access = if read_only {
            ", read-only"
        } else if write_only {
            ", write-only"
        } else {
            ""
        };
        let shape = contract_shape(property, way);
        fields.insert(name.clone(), format!("{need}{access}, {shape}"));
    }
    fields
}

fn contract_shape(schema: &Value, way: Way) -> String {
    // A page holds what a response holds.
    let name = match reference_name(schema) {
        Some("CustomerRead") => Some("Customer"),
        name => name,
    };
    let schema = resolve(schema);
    match (schema.get("type").and_then(Value::as_str), name) {
        (Some("string"), _) => contract_text(&schema, way),
        (Some("boolean"), _) => "boolean".to_owned(),
        (Some("integer"), _) => format!("whole number from {}", schema["minimum"]),
        (Some("array"), _) => format!("list of {}", contract_shape(&schema["items"], way)),
        (Some("object"), _) if flag(&schema, "additionalProperties") => "free object".to_owned(),
        (_, Some(name)) => name.to_owned(),
        _ => panic!("the test cannot describe {schema}"),
    }
}

fn contract_text(schema: &Value, way: Way) -> String {
    let (closed, known) = (texts(schema, "enum"), texts(schema, "x-known-values"));
    if let Some(constant) = schema.get("const").and_then(Value::as_str) {
        return format!("always {constant}");
    }
    if !closed.is_empty() {
        return format!("closed: {}", closed.join(" "));
    }
    if !known.is_empty() {
        assert!(
            flag(schema, "x-open-enum"),
            "known values, but not open: {schema}"
        );
        let but = schema.pointer("/not/const").and_then(Value::as_str);
        let but = but.map_or(String::new(), |value| format!("any but {value}, "));
        // What a request may carry is the closed list of its schema.
        assert!(way == Way::Response, "an open list in a request: {schema}");
        return format!("{but}open: {}", known.join(" "));
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        return format!("text like {pattern}");
    }
    if let Some(format) = schema.get("format").and_then(Value::as_str) {
        return format!("text of format {format}");
    }
    match (schema.get("minLength"), schema.get("maxLength")) {
        (None, None) => "text".to_owned(),
        (Some(least), Some(most)) if least == most => format!("text of {least} characters"),
        _ => panic!("the test cannot describe {schema}"),
    }
}

#[track_caller]
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no text {name} in {value}"))
}

#[test]
fn the_table_of_differences_names_models_that_are_compared() {
    let compared = ["Customer", "Prospect", "Address", "ListCustomersParams"];
    for (model, field, _, _, reason) in DIFFERENCES {
        assert!(
            compared.contains(model) && !reason.is_empty(),
            "{model}.{field}"
        );
    }
}
