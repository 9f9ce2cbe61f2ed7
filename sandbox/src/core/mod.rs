//! The rules of the imitated API as functions over plain values: no sockets, no SQL, no clock.
//!
//! Everything that can be decided without I/O is decided here, so that each rule is tested in
//! microseconds. The time, new identifiers and the stored rows are passed in.

pub mod address;
pub mod body;
pub mod bounds;
pub mod calling_code;
pub mod canonical;
pub mod change;
pub mod country;
pub mod event;
pub mod idempotency;
pub mod instant;
pub mod listing;
pub mod outcome;
pub mod page_token;
pub mod pattern;
pub mod problem;
pub mod record;
pub mod rules;
pub mod warning;
