//! An unofficial client for Synctera's Customers API, compiled to WebAssembly for every JavaScript
//! runtime that has `fetch`. JavaScript sees one class, [`api::CustomersApi`]; the npm package in
//! `pkg/` wraps it for each runtime.
//!
//! # The way of a call
//!
//! ```text
//! arguments ─▶ plan ─▶ first attempt ─▶ data                         (nearly always)
//!             client   host               │
//!             rules    (fetch)            └▶ classify ─▶ wait, attempt … ─▶ data, or a typed error
//!             url                            retry       call, attempts      advice
//! ```
//!
//! What is decided is decided here, by pure functions over plain values that are tested natively. The
//! JavaScript files in `host/` look at values by reference, fetch, and keep time.
//!
//! # What it is not
//!
//! It does not page by itself, cache, or know other resources than customers. Responses are never
//! rebuilt out of Rust structs: the host parses them, and what the API adds passes untouched.
//!
//! # Where to look
//!
//! * what the API's bodies are: [`model`], in the vocabulary of [`schema`]; [`rules`] hands it to the
//!   host
//! * what a caller may say: [`options`], [`url`], and `host/arguments.js`
//! * what is sent: [`operation`], [`client`]
//! * what happens then: [`call`], [`attempts`], [`retry`], [`outcome`], [`throttle`], [`budget`]
//! * what the caller gets: [`info`], [`hooks`], [`advice`], `host/errors.js`, [`typescript`]

pub mod advice;
pub mod api;
pub mod attempts;
pub mod budget;
pub mod call;
pub mod client;
pub mod hooks;
pub mod host;
pub mod info;
pub mod members;
pub mod model;
pub mod operation;
pub mod options;
pub mod outcome;
pub mod retry;
pub mod rules;
pub mod schema;
pub mod throttle;
pub mod typescript;
pub mod url;

/// A third of the weight of the default one. A call allocates a handful of times at most.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
