//! Input that no client sends on purpose: no panic, no 500, no row lost or doubled.
//!
//! A run is short by default. `FUZZ_CASES=1000000 cargo test --release -p synctera-sandbox --test
//! fuzz` makes a long one: so many cases of what is pure, a quarter of them through the routes, and a
//! hundredth through `SQLite` and through sockets.

mod input;
mod patterns;
mod pure;
mod requests;

use proptest::test_runner::Config;

/// Cases of a test that is pure.
const FEW: u32 = 1_000;

/// How many cases to try, divided by what one costs.
fn cases(cost: u32) -> Config {
    let asked = std::env::var("FUZZ_CASES").map(|text| text.parse().expect("a number"));
    Config {
        cases: (asked.unwrap_or(FEW) / cost).max(20),
        failure_persistence: None,
        ..Config::default()
    }
}
