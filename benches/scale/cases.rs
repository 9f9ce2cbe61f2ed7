//! Onboarding many customers, simulated: the cases, and what came of each as JSON. `cargo xtask scale --model`
//! runs them.

mod simulation;

use serde_json::{Value, json};
use simulation::{CASE, Case, shared, simulate};

fn report(case: Case) -> Value {
    let counts = simulate(case);
    json!({
        "limit": case.limit, "programs": case.programs, "inFlight": case.in_flight, "perSecond": case.per_second,
        "saysWhen": case.says_when, "outageSeconds": case.outage.1 - case.outage.0, "seconds": case.seconds,
        "requests": counts.requests, "rejected429": counts.rejected_429, "created": counts.created,
        "failed": counts.failed, "unknown": counts.unknown,
    })
}

fn main() {
    let limits = [10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0, 10_000.0];
    let rates = limits.iter().flat_map(|limit| {
        [1, 10, 100].map(|programs| Case {
            seconds: 120.0,
            ..shared(*limit, programs)
        })
    });
    let shares = [Some(0.9), Some(1.0), Some(1.1), Some(1.5), Some(2.0), None];
    let overload = shares.into_iter().flat_map(|share| {
        let per_second = share.map(|share| share * CASE.limit / 10.0);
        [true, false].map(|says_when| Case {
            programs: 10,
            in_flight: 8,
            per_second,
            says_when,
            ..CASE
        })
    });
    let outages = [100.0, 1_000.0].iter().flat_map(|limit| {
        [3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0].map(|seconds| Case {
            seconds: 200.0 + seconds,
            outage: (100.0, 100.0 + seconds),
            ..shared(*limit, 10)
        })
    });
    let deadlines = [8, 30, 50, 60, 70, 100].into_iter().map(|in_flight| Case {
        in_flight,
        ..shared(1.0, 1)
    });
    println!(
        "{}",
        json!({
            "rates": rates.map(report).collect::<Vec<_>>(),
            "overload": overload.map(report).collect::<Vec<_>>(),
            "outages": outages.map(report).collect::<Vec<_>>(),
            "deadlines": deadlines.map(report).collect::<Vec<_>>(),
        })
    );
}
