//! The sandbox over real HTTP, on real sockets.
//!
//! Each test cites the lines of contract/BEHAVIOUR.md that it holds the sandbox to, in a comment
//! right above it; `coverage` checks that no line is left out.

mod addresses;
mod binary;
mod bounds;
mod concurrency;
mod coverage;
mod errors;
mod faults;
mod fields;
mod harness;
mod idempotency;
mod lifecycle;
mod listing;
mod paging;
mod safety;
mod transport;
