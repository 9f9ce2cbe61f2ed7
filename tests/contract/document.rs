//! Reads `contract/customers.openapi.yaml` and `contract/BEHAVIOUR.md`.

use serde_json::{Map, Value};
use std::sync::LazyLock;

/// The `OpenAPI` document.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_norway::from_str(include_str!("../../contract/customers.openapi.yaml"))
        .expect("the OpenAPI document is YAML")
});

/// The facts that the document cannot express.
pub(crate) const BEHAVIOUR: &str = include_str!("../../contract/BEHAVIOUR.md");

/// What a JSON pointer leads to; the test fails where it leads nowhere.
#[track_caller]
pub(crate) fn at(pointer: &str) -> &'static Value {
    DOCUMENT
        .pointer(pointer)
        .unwrap_or_else(|| panic!("the document has no {pointer}"))
}

/// The named schema of `components`.
#[track_caller]
pub(crate) fn schema(name: &str) -> &'static Value {
    at(&format!("/components/schemas/{name}"))
}

/// Follows a `$ref`, if the value is one. Its siblings win, as in `OpenAPI` 3.1.
pub(crate) fn resolve(value: &Value) -> Value {
    let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
        return value.clone();
    };
    let mut target = resolve(at(reference.trim_start_matches('#')));
    if let (Some(target), Some(own)) = (target.as_object_mut(), value.as_object()) {
        let siblings = own.iter().filter(|(name, _)| *name != "$ref");
        target.extend(siblings.map(|(name, value)| (name.clone(), value.clone())));
    }
    target
}

/// The last segment of a `$ref`: the schema's name.
pub(crate) fn reference_name(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.rsplit('/').next()
}

/// The properties and the required names of a schema, with what it takes from `allOf` merged in
/// order. Where a schema is one of several, `branch` says which. A property that is `false` is one
/// that must not be there.
pub(crate) fn flatten(schema: &Value, branch: &str) -> (Map<String, Value>, Vec<String>) {
    let (mut properties, required) = merge(schema, branch);
    properties.retain(|_, property| *property != Value::Bool(false));
    (properties, required)
}

fn merge(schema: &Value, branch: &str) -> (Map<String, Value>, Vec<String>) {
    let schema = resolve(schema);
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut take = |part: &Value| {
        let (more, names) = merge(part, branch);
        properties.extend(more);
        required.extend(names);
    };
    for part in list(&schema, "allOf") {
        take(part);
    }
    for part in list(&schema, "oneOf") {
        if reference_name(part) == Some(branch) {
            take(part);
        }
    }
    if let Some(own) = schema.get("properties").and_then(Value::as_object) {
        properties.extend(own.clone());
    }
    required.extend(texts(&schema, "required"));
    (properties, required)
}

/// The items of a list member; none if there is no such member.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// The strings of a list member.
pub(crate) fn texts(value: &Value, name: &str) -> Vec<String> {
    list(value, name)
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// Whether a flag is set.
pub(crate) fn flag(value: &Value, name: &str) -> bool {
    value.get(name) == Some(&Value::Bool(true))
}
