//! What is decided about a call: pure functions and state machines without clock, randomness or I/O,
//! which are passed in. Tested natively.

pub mod advice;
pub mod attempts;
pub mod budget;
pub mod outcome;
pub mod paging;
pub mod rate_limiter;
pub mod retry;
