//! What the client reports about an exchange besides its data.

use crate::validate::Finding;
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// The data of a call together with the exchange they came in.
#[derive(Debug, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct HttpInfo<T> {
    /// What the call without `WithHttpInfo` gives.
    pub data: T,
    /// The HTTP status.
    pub status: u16,
    /// The response's headers, names in lower case; of several `Set-Cookie` each on a line.
    #[tsify(type = "Record<string, string>")]
    pub headers: JsValue,
    /// The id the server gave the request, if it gave one.
    #[tsify(optional)]
    pub request_id: Option<String>,
    /// The idempotency key the request was sent under, given or made.
    #[tsify(optional)]
    pub idempotency_key: Option<String>,
    /// How many attempts it took.
    pub attempts: u32,
}

/// How a response differs from the contract: paths and types, never values.
#[derive(Debug, Serialize, Tsify)]
pub struct SchemaDrift {
    /// The method whose response it is, such as `listCustomers`.
    #[tsify(type = "string")]
    pub operation: &'static str,
    /// The differences, at most 100.
    pub findings: Vec<Finding>,
    /// How many differences there are in all.
    pub total: u32,
}
