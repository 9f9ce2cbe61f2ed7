//! Programs that create customers as `createCustomers` does, with the client's own policy (`src/policy`), at a server
//! of assumed limit, latency and faults, on a simulated clock. The same case gives the same numbers.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use synctera_customers::policy::attempts::{AttemptEnd, Attempts, Limits, Next};
use synctera_customers::policy::budget::Budget;
use synctera_customers::policy::outcome::Outcome;
use synctera_customers::policy::rate_limiter::{Admission, RateLimiter, Rates};
use synctera_customers::policy::retry::{Failed, look_up};

/// The client's defaults.
const LIMITS: Limits = Limits {
    max_retries: 2,
    max_delay_ms: 60_000.0,
    refreshable: false,
};
const TIMEOUT_MS: f64 = 60_000.0;
/// `MAX_UNRESOLVED` of `pkg/entries/bulk.js`.
const MAX_UNRESOLVED: usize = 1_000;

/// Assumed of the server: half of the responses take less; one in a hundred takes four times as long.
const MEDIAN_MS: f64 = 150.0;
const SIGMA: f64 = 0.6;
/// Assumed: one request in a thousand gets a 503, one in two thousand gets no response.
const FAILING: f64 = 0.001;
const LOST: f64 = 0.000_5;

/// One simulated case.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) seconds: f64,
    /// Requests per second that the server accepts, with a burst of one second; 429 beyond.
    pub(crate) limit: f64,
    /// Whether a 429 says to wait a second.
    pub(crate) says_when: bool,
    /// From when and until when each request gets a 503, in seconds.
    pub(crate) outage: (f64, f64),
    pub(crate) programs: usize,
    /// `concurrency` of each.
    pub(crate) in_flight: usize,
    /// `maxRequestsPerSecond` of each.
    pub(crate) per_second: Option<f64>,
}

pub(crate) const CASE: Case = Case {
    seconds: 600.0,
    limit: 100.0,
    says_when: true,
    outage: (0.0, 0.0),
    programs: 1,
    in_flight: 50,
    per_second: None,
};

/// What came of a case: numbers of requests, and of rows by what is reported of them.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) requests: u64,
    pub(crate) rejected_429: u64,
    pub(crate) created: u64,
    pub(crate) failed: u64,
    pub(crate) unknown: u64,
}

/// One program: a client, and what `createCustomers` holds.
struct Program {
    limiter: RateLimiter,
    budget: Budget,
    /// Rows of unknown outcome that will be sent once more; only their number matters.
    unresolved: usize,
}

/// A row in flight.
struct Row {
    program: usize,
    attempts: Attempts,
    deadline_ms: f64,
    ticket: u32,
    is_second_call: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Ask,
    Arrive(usize),
}

/// What an attempt can come to, by its number in [`Step::Arrive`].
const SUCCESS: usize = 0;
const RESPONSES: [(Option<u16>, Option<&str>); 4] = [
    (Some(200), None),
    (Some(429), Some("TOO_MANY_REQUESTS")),
    (Some(503), None),
    (None, None),
];

/// Programs that share a limit. None has more rows in flight than it may send in half of their deadline.
pub(crate) fn shared(limit: f64, programs: usize) -> Case {
    let per_second = limit / programs as f64;
    Case {
        limit,
        programs,
        per_second: Some(per_second),
        in_flight: (per_second * 30.0).clamp(1.0, 100.0) as usize,
        ..CASE
    }
}

struct Simulation {
    case: Case,
    now_ms: f64,
    /// Requests that the server still accepts, as of a time.
    tokens: (f64, f64),
    random: u64,
    programs: Vec<Program>,
    rows: Vec<Row>,
    /// By time in microseconds, then in the order in which they were planned.
    events: BinaryHeap<Reverse<(u64, u64, usize, Step)>>,
    planned: u64,
    counts: Counts,
}

pub(crate) fn simulate(case: Case) -> Counts {
    let rates = Rates {
        max_concurrent: None,
        per_second: case.per_second,
    };
    let program = |_| Program {
        limiter: RateLimiter::new(rates),
        budget: Budget::default(),
        unresolved: 0,
    };
    let mut simulation = Simulation {
        case,
        now_ms: 0.0,
        tokens: (case.limit, 0.0),
        random: 20_417,
        programs: (0..case.programs).map(program).collect(),
        rows: Vec::new(),
        events: BinaryHeap::new(),
        planned: 0,
        counts: Counts::default(),
    };
    simulation.run();
    simulation.counts
}

impl Simulation {
    fn run(&mut self) {
        // Programs start at different times, within the time between two of their requests.
        let interval_ms = 1_000.0 / self.case.per_second.unwrap_or(1.0);
        let starts: Vec<f64> = (0..self.case.programs)
            .map(|_| interval_ms * self.draw())
            .collect();
        for slot in 0..self.case.programs * self.case.in_flight {
            self.rows.push(Row {
                program: slot % self.case.programs,
                attempts: Attempts::new(LIMITS),
                deadline_ms: TIMEOUT_MS,
                ticket: 0,
                is_second_call: false,
            });
            self.now_ms = starts[slot % self.case.programs];
            self.start(slot);
        }
        while let Some(Reverse((micros, _, slot, step))) = self.events.pop() {
            self.now_ms = micros as f64 / 1_000.0;
            if self.now_ms > self.case.seconds * 1_000.0 {
                break;
            }
            match step {
                Step::Ask => self.ask(slot),
                Step::Arrive(response) => self.arrive(slot, response),
            }
        }
    }

    /// The next call of a slot: a row of unknown outcome once too many are held, else a new row.
    fn start(&mut self, slot: usize) {
        let row = &mut self.rows[slot];
        let program = &mut self.programs[row.program];
        row.is_second_call = program.unresolved > MAX_UNRESOLVED;
        program.unresolved -= usize::from(row.is_second_call);
        row.attempts = Attempts::new(LIMITS);
        row.deadline_ms = self.now_ms + TIMEOUT_MS;
        row.ticket = program.limiter.ticket();
        self.plan(slot, 0.0, Step::Ask);
    }

    /// As `Permit::acquire` in `src/execute.rs`, with a timer of each call's own, as in a Worker.
    fn ask(&mut self, slot: usize) {
        let row = &self.rows[slot];
        let limiter = &self.programs[row.program].limiter;
        let left_ms = row.deadline_ms - self.now_ms;
        if left_ms <= 0.0 {
            return self.end(slot, AttemptEnd::Over { sent: false });
        }
        if !limiter.is_open(|| self.now_ms)
            && let Admission::Wait(ms) = limiter.ask(row.ticket, self.now_ms, left_ms)
        {
            return self.plan(slot, ms.min(left_ms), Step::Ask);
        }
        self.rows[slot].attempts.begin();
        self.counts.requests += 1;
        let response = self.serve();
        let latency_ms = self.latency();
        self.plan(slot, latency_ms, Step::Arrive(response));
    }

    /// What the server does with a request that reaches it now.
    fn serve(&mut self) -> usize {
        let Case { limit, outage, .. } = self.case;
        let (tokens, since_ms) = self.tokens;
        let tokens = (tokens + (self.now_ms - since_ms) / 1_000.0 * limit).min(limit);
        let is_over_limit = tokens < 1.0;
        self.tokens = (tokens - f64::from(u8::from(!is_over_limit)), self.now_ms);
        let second = self.now_ms / 1_000.0;
        match self.draw() {
            _ if is_over_limit => {
                self.counts.rejected_429 += 1;
                1
            }
            _ if second >= outage.0 && second < outage.1 => 2,
            drawn if drawn < FAILING => 2,
            drawn if drawn < FAILING + LOST => 3,
            _ => SUCCESS,
        }
    }

    fn arrive(&mut self, slot: usize, response: usize) {
        let row = &self.rows[slot];
        let program = &self.programs[row.program];
        program.limiter.leave(row.ticket);
        if response == SUCCESS {
            program.budget.put_back(row.attempts.retries());
            self.counts.created += 1;
            return self.start(slot);
        }
        let (status, code) = RESPONSES[response];
        let end = match status {
            None => AttemptEnd::NoResponse,
            status => AttemptEnd::Rejected {
                failed: Failed {
                    status,
                    row: look_up(code, None),
                },
                asked_ms: (status == Some(429) && self.case.says_when).then_some(1_000.0),
            },
        };
        self.end(slot, end);
    }

    /// After an attempt that failed: as `Call::execute` in `src/execute.rs`, then as `#send` in `bulk.js`.
    fn end(&mut self, slot: usize, end: AttemptEnd) {
        let drawn = self.draw();
        let row = &mut self.rows[slot];
        let program = &mut self.programs[row.program];
        let left_ms = row.deadline_ms - self.now_ms;
        let next = row
            .attempts
            .after_attempt(&end, left_ms, drawn, &program.budget);
        if let Next::Retry { wait_ms } = next {
            if matches!(end, AttemptEnd::Rejected { failed, .. } if failed.status == Some(429)) {
                program.limiter.pause(self.now_ms, wait_ms);
            }
            row.ticket = program.limiter.ticket();
            return self.plan(slot, wait_ms, Step::Ask);
        }
        match row.attempts.outcome() {
            Outcome::Unknown if row.is_second_call => self.counts.unknown += 1,
            Outcome::Unknown => program.unresolved += 1,
            Outcome::NotSent | Outcome::Rejected => self.counts.failed += 1,
        }
        self.start(slot);
    }

    fn plan(&mut self, slot: usize, after_ms: f64, step: Step) {
        // Later than now, as by any timer: else a wait below the clock's resolution would never end.
        let micros = ((self.now_ms + after_ms) * 1_000.0) as u64 + 1;
        self.planned += 1;
        self.events
            .push(Reverse((micros, self.planned, slot, step)));
    }

    /// Log-normal, by the sum of twelve numbers, which is as good as normal.
    fn latency(&mut self) -> f64 {
        let normal = (0..12).map(|_| self.draw()).sum::<f64>() - 6.0;
        MEDIAN_MS * (SIGMA * normal).exp()
    }

    /// In `0.0..1.0`: splitmix64.
    fn draw(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

// Natively only, as the client's other tests of policy.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_program_creates_as_many_as_the_least_of_its_limits_allows() {
        let per_second = |case: Case| simulate(case).created as f64 / case.seconds;
        let by_rate = per_second(shared(20.0, 1));
        assert!((19.5..20.5).contains(&by_rate), "{by_rate}");
        // The mean of the latency is 180 ms: 50 in flight make 278 a second.
        let by_latency = per_second(Case { limit: 1e6, ..CASE });
        assert!((260.0..290.0).contains(&by_latency), "{by_latency}");
    }

    #[test]
    fn an_outage_makes_rows_unknown_and_a_rate_above_the_limit_makes_429() {
        let calm = simulate(shared(100.0, 1));
        assert_eq!((calm.rejected_429, calm.failed), (0, 0));
        let outage = simulate(Case {
            outage: (100.0, 200.0),
            ..shared(100.0, 1)
        });
        // Of 10,000 requests a thousand are held for the end, and the rest are two calls of a row each.
        assert!(
            (3_500..5_500).contains(&outage.unknown),
            "{}",
            outage.unknown
        );
        let over = simulate(Case {
            per_second: Some(150.0),
            ..CASE
        });
        assert!(over.rejected_429 > 100, "{}", over.rejected_429);
    }
}
