//! An unofficial client for Synctera's Customers API, compiled to WebAssembly for every JavaScript
//! runtime that has `fetch`. JavaScript sees one class, [`api::CustomersApi`]; the npm package in
//! `pkg/` wraps it for each runtime.
//!
//! # The way of a call
//!
//! ```text
//! arguments ─▶ validate ─▶ plan ─▶ attempt ─▶ classify ─▶ data, or a typed error
//!             arguments   client   host        retry         failure
//!             check       query    (fetch)     problem       message
//!             options     url         ▲           │
//!                         header      └─ wait ◀───┘  retryable, and time is left
//! ```
//!
//! Everything but the attempt is a pure function over plain values, or over values seen by
//! reference ([`view::View`]), and is tested natively. Only [`host`] touches JavaScript.
//!
//! # What it is not
//!
//! It does not page by itself, cache, or know other resources than customers. Responses are never
//! rebuilt out of Rust structs: the host parses them, and what the API adds passes untouched.
//!
//! # Where to look
//!
//! * what the API's bodies are: [`model`], in the vocabulary of [`schema`]
//! * what a caller may say: [`options`], [`arguments`], [`check`], [`header`], [`url`], [`suggest`]
//! * what is sent: [`operation`], [`client`], [`query`]
//! * what happens then: [`call`], [`retry`], [`problem`], [`outcome`]
//! * what the caller gets: [`info`], [`failure`], [`message`], [`typescript`]

pub mod api;
pub mod arguments;
pub mod attempts;
pub mod budget;
pub mod call;
pub mod check;
pub mod client;
pub mod failure;
pub mod header;
pub mod hooks;
pub mod host;
pub mod info;
pub mod message;
pub mod model;
pub mod operation;
pub mod options;
pub mod outcome;
pub mod problem;
pub mod query;
pub mod retry;
pub mod schema;
mod settings;
pub mod suggest;
pub mod throttle;
pub mod typescript;
pub mod url;
pub mod view;
