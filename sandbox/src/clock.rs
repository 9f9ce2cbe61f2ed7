//! The time of this machine.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::core::instant::Instant;

/// The moment this is called. Before 1970 it is 1970.
#[must_use]
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let micros = since.unwrap_or_default().as_micros();
    Instant(i64::try_from(micros).unwrap_or(i64::MAX))
}
