//! The rules of the imitated API: a request in, a response out.
//!
//! There is no I/O here: no socket, no file, no thread, no clock. The present moment, random
//! identifiers and the stored rows are given to each function, so that the same rules serve the
//! sandbox's server (axum and `SQLite`) and `synctera-customers/testing` (WebAssembly and
//! [`memory`]), and each rule is tested in microseconds.
//!
//! ```text
//! request ─ api::Api::admit ─ fault ─ api::Api::task ─ operation ─ response ─ api::Api::complete
//!           head, host, CORS          route, key,      fields, idempotency,
//!                                     type, body       store (given)
//! ```

pub mod access;
pub mod address;
pub mod api;
pub mod body;
pub mod bounds;
pub mod calling_code;
pub mod canonical;
pub mod change;
mod cors;
pub mod country;
pub mod event;
pub mod fault;
pub mod idempotency;
pub mod in_process;
pub mod instant;
pub mod listing;
mod local;
pub mod lottery;
pub mod memory;
pub mod metadata;
pub mod operation;
pub mod outcome;
pub mod page_token;
pub mod pattern;
pub mod problem;
pub mod random;
pub mod record;
pub mod response;
pub mod route;
pub mod rules;
pub mod seed;
pub mod signature;
pub mod store;
pub mod warning;
