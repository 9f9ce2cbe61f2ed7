//! What the client tells about an exchange besides its data.

use crate::check::Finding;
use serde::Serialize;
use std::collections::BTreeMap;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// The data of a call together with the exchange they came in.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase", bound = "T: wasm_bindgen::JsCast")]
#[tsify(hashmap_as_object)]
pub struct HttpInfo<T> {
    /// What the call without `WithHttpInfo` gives.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub data: T,
    /// The HTTP status.
    pub status: u16,
    /// The response's headers, names in lower case.
    #[tsify(type = "Record<string, string>")]
    pub headers: BTreeMap<String, String>,
    /// The id the server gave the request, if it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The idempotency key the request was sent under, given or made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// How many attempts it took.
    pub attempts: u32,
}

/// How a response differs from the contract: paths and types, never values.
#[derive(Debug, Serialize, Tsify)]
pub struct SchemaDrift {
    /// The method whose response it is, such as `listCustomers`.
    pub operation: &'static str,
    /// The differences, at most 100.
    pub findings: Vec<Finding>,
    /// How many differences there are in all.
    pub total: usize,
}
