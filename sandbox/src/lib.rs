//! The local Synctera: a faithful imitation of the five operations of Synctera's Customers API,
//! for tests and for trying things out. Unofficial.
//!
//! What it imitates is written down in `contract/BEHAVIOUR.md` and
//! `contract/customers.openapi.yaml`; comments here cite the lines (BEHAVIOUR 4.12). What has no
//! number there is counted within its section: BEHAVIOUR 3.2 is the second row of section 3, 7.2
//! the second bullet of section 7, 5.b4 the fourth bullet of section 5 (whose rows have numbers of
//! their own), 8.p3 the third paragraph of section 8, `8.FORBIDDEN` the row of that code.
//!
//! # The way of a request
//!
//! ```text
//! socket ─ server ─ http::envelope ─ http::handlers ─ service ─ store (SQLite)
//!          limits   body, log, waits threads          keys in use
//!                          └──────────── core ───────────┘
//! ```
//!
//! * [`core`]: all rules, from a request to its response: a crate without I/O, which
//!   `synctera-customers/testing` has in common with this one.
//! * [`store`]: the trait that keeps customers and answered keys, and its `SQLite` implementation.
//! * [`service`]: the five operations over a store, and the idempotency keys that are in use.
//! * [`http`]: what the core decides, done: waits, threads, logs, and responses that break off.
//! * [`clock`]: the time.
//! * [`limits`]: bounds on connections and time; those on the parts of a request are in
//!   [`core::bounds`].
//! * [`log`]: lines on standard error.
//! * [`server`]: serving on a socket, with limits, and able to cut a connection.
//! * [`seed`]: fictional people.
//! * [`webhook`]: an event for every change, to a receiver.

pub mod clock;
mod connection_limit;
pub use synctera_sandbox_core as core;
pub mod http;
pub mod limits;
pub mod log;
pub mod seed;
pub mod server;
pub mod service;
pub mod store;
pub mod webhook;
mod write_timeout;
