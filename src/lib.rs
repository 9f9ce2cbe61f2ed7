//! An unofficial client for Synctera's Customers API, compiled to WebAssembly for every JavaScript
//! runtime that has `fetch`. JavaScript sees one class, [`api::CustomersApi`]; the npm package in
//! `pkg/` wraps it for each runtime.
//!
//! # The way of a call
//!
//! ```text
//! arguments ─▶ request ─▶ attempt ─▶ classify ─▶ settle: the data, or a typed error
//!              request    execute    execute     response, error, advice
//!                         transport  retry
//!                            ▲          │
//!                            └── wait ◀─┘  attempts, budget, rate_limiter
//! ```
//!
//! One `async fn`, [`execute`], is every form of every operation. Policy is pure functions and state
//! machines over plain values, tested natively. The JavaScript files in `js/` read values by reference,
//! fetch, and keep time; what they report is decided on here.
//!
//! # What it is not
//!
//! It does not cache, or know other resources than customers. Responses are never
//! rebuilt out of Rust structs: the host parses them, and what the API adds passes untouched.
//!
//! # Where to look
//!
//! * what the API's bodies and operations are: [`contract`]; `js/shape.js`, through [`kernel`], compares
//!   values with it, and [`validate`] says what is wrong
//! * what a caller may say: [`options`], [`base_url`], [`client`]
//! * what is sent: [`request`]
//! * what happens then: [`execute`], [`executor`], [`transport`], [`policy`]
//! * how a list is read page by page: [`iteration`], `js/pages.js`, [`policy::paging`]
//! * what the caller gets: [`response`], [`info`], [`events`], [`mod@error`], [`typescript`]

pub mod api;
pub mod base_url;
pub mod client;
pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod executor;
pub mod info;
pub mod iteration;
pub mod kernel;
pub mod options;
pub mod policy;
pub mod request;
pub mod response;
pub mod transport;
pub mod typescript;
pub mod validate;

/// A third of the weight of the default one. A call allocates a handful of times at most.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
