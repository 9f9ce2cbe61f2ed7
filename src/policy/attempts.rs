//! What follows after an attempt that failed: a state machine without clock, randomness or I/O, which
//! are passed in.

use crate::policy::budget::Budget;
use crate::policy::outcome::Outcome;
use crate::policy::retry::{self, Failed, Verdict};

/// What a call may do.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many retries may follow the first attempt.
    pub max_retries: u32,
    /// The longest wait between two attempts, in milliseconds; a server that asks for more ends
    /// the call.
    pub max_delay_ms: f64,
    /// Whether the token comes from a function that may give a fresh one.
    pub refreshable: bool,
}

/// How an attempt failed.
#[derive(Debug, Clone, Copy)]
pub enum AttemptEnd {
    /// There was no token; nothing was sent.
    NoToken,
    /// The deadline passed or the caller aborted.
    Over {
        /// Whether this attempt had gone out.
        sent: bool,
    },
    /// No whole response came.
    NoResponse,
    /// Nothing went out, and sending again changes nothing.
    NotSent,
    /// The server responded, and not with success.
    Rejected {
        /// Status, and row of the catalogue.
        failed: Failed,
        /// How long the server asked to wait, in milliseconds.
        asked_ms: Option<f64>,
    },
    /// A response of no use; another would be the same.
    Useless,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Next {
    /// The call has failed.
    Fail,
    /// Wait so many milliseconds, then send the same again.
    Retry {
        /// The wait.
        wait_ms: f64,
    },
    /// Ask for a fresh token, then send the same again.
    Refresh,
}

/// Counts a call's attempts and keeps what is known of its outcome.
#[derive(Debug)]
pub struct Attempts {
    limits: Limits,
    made: u32,
    retries: u32,
    refreshed: bool,
    outcome: Outcome,
}

impl Attempts {
    /// Before the first attempt.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            made: 0,
            retries: 0,
            refreshed: false,
            outcome: Outcome::NotSent,
        }
    }

    /// How many attempts were made.
    pub fn made(&self) -> u32 {
        self.made
    }

    /// How many of them were retries that the budget paid for.
    pub fn retries(&self) -> u32 {
        self.retries
    }

    /// What the server may have done so far.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Counts an attempt that starts.
    pub fn begin(&mut self) {
        self.made += 1;
    }

    /// What follows after an attempt that failed. `left_ms` is the time before the deadline, `random`
    /// is in `0.0..1.0`.
    pub fn after_attempt(
        &mut self,
        end: &AttemptEnd,
        left_ms: f64,
        random: f64,
        budget: &Budget,
    ) -> Next {
        self.record_outcome(end);
        let (failed, asked_ms) = match *end {
            AttemptEnd::NoToken
            | AttemptEnd::NotSent
            | AttemptEnd::Over { .. }
            | AttemptEnd::Useless => return Next::Fail,
            AttemptEnd::NoResponse => (Failed::default(), None),
            AttemptEnd::Rejected { failed, asked_ms } => (failed, asked_ms),
        };
        if failed.status == Some(401) && self.limits.refreshable && !self.refreshed {
            self.refreshed = true;
            return Next::Refresh;
        }
        // It is safe: a POST or PATCH is never sent without a key, and the others change nothing twice.
        let may =
            self.retries < self.limits.max_retries && retry::verdict(failed) == Verdict::Retry;
        if !may {
            return Next::Fail;
        }
        let wait_ms = retry::delay_ms(self.retries + 1, asked_ms, random);
        if wait_ms >= left_ms || wait_ms > self.limits.max_delay_ms || !budget.take() {
            return Next::Fail;
        }
        self.retries += 1;
        Next::Retry { wait_ms }
    }

    fn record_outcome(&mut self, end: &AttemptEnd) {
        let (last, status) = match end {
            AttemptEnd::NoToken | AttemptEnd::NotSent | AttemptEnd::Over { sent: false } => {
                (Outcome::NotSent, None)
            }
            AttemptEnd::Over { sent: true } | AttemptEnd::NoResponse | AttemptEnd::Useless => {
                (Outcome::Unknown, None)
            }
            // What holds the key is still at work, and may yet succeed.
            AttemptEnd::Rejected { failed, .. } if retry::is_key_in_use(*failed) => {
                (Outcome::Unknown, failed.status)
            }
            AttemptEnd::Rejected { failed, .. } => (
                failed.status.map_or(Outcome::Unknown, Outcome::of_status),
                failed.status,
            ),
        };
        self.outcome = self.outcome.after_attempt(last, status);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CALM: Limits = Limits {
        max_retries: 2,
        max_delay_ms: f64::INFINITY,
        refreshable: false,
    };

    fn refused(status: u16) -> AttemptEnd {
        AttemptEnd::Rejected {
            failed: Failed {
                status: Some(status),
                ..Failed::default()
            },
            asked_ms: None,
        }
    }

    /// Runs a call against a script of failures; returns the waits, and the attempts at the end.
    fn run(limits: Limits, script: &[AttemptEnd], deadline_ms: f64) -> (Vec<f64>, Attempts) {
        let mut attempts = Attempts::new(limits);
        let (mut waits, mut now) = (Vec::new(), 0.0);
        let budget = Budget::default();
        for end in script {
            attempts.begin();
            match attempts.after_attempt(end, deadline_ms - now, 0.5, &budget) {
                Next::Fail => break,
                Next::Refresh => waits.push(-1.0),
                Next::Retry { wait_ms } => {
                    now += wait_ms;
                    waits.push(wait_ms);
                }
            }
        }
        (waits, attempts)
    }

    #[test]
    fn a_call_is_repeated_as_often_as_it_may_and_no_more() {
        let (waits, attempts) = run(CALM, &[refused(503); 9], 60_000.0);
        assert_eq!((waits, attempts.made()), (vec![250.0, 500.0], 3));
        assert_eq!(attempts.retries(), 2);
        assert_eq!(attempts.outcome(), Outcome::Unknown);
    }

    #[test]
    fn a_wait_that_does_not_fit_ends_the_call_at_once() {
        let slow = |asked_ms| AttemptEnd::Rejected {
            failed: Failed {
                status: Some(429),
                ..Failed::default()
            },
            asked_ms: Some(asked_ms),
        };
        let strict = Limits {
            max_delay_ms: 1_000.0,
            ..CALM
        };
        for (limits, asked, waits) in [
            (CALM, 59_999.0, 1),
            (CALM, 60_000.0, 0),
            (strict, 1_000.0, 1),
            (strict, 1_001.0, 0),
        ] {
            let (done, _) = run(limits, &[slow(asked), refused(400)], 60_000.0);
            assert_eq!(done.len(), waits, "{asked}");
        }
    }

    #[test]
    fn a_fresh_token_is_asked_for_once_and_does_not_count_as_a_retry() {
        let limits = Limits {
            refreshable: true,
            max_retries: 0,
            ..CALM
        };
        let (waits, attempts) = run(
            limits,
            &[refused(401), refused(401), refused(401)],
            60_000.0,
        );
        assert_eq!((waits, attempts.made()), (vec![-1.0], 2));
        assert_eq!(attempts.retries(), 0);
        let (waits, _) = run(CALM, &[refused(401)], 60_000.0);
        assert!(waits.is_empty(), "a fixed token is not asked for again");
    }

    #[test]
    fn a_key_in_use_leaves_the_outcome_unknown_since_its_holder_may_succeed() {
        for (status, code, slug, outcome) in [
            (
                409,
                Some("IDEMPOTENCY_CONCURRENT_USE"),
                None,
                Outcome::Unknown,
            ),
            (
                422,
                Some("IDEMPOTENCY_CONCURRENT_USE"),
                None,
                Outcome::Unknown,
            ),
            (409, None, Some("conflict"), Outcome::Unknown),
            (
                409,
                Some("DUPLICATE_RESOURCE"),
                Some("conflict"),
                Outcome::Rejected,
            ),
            (
                422,
                Some("IDEMPOTENCY_INVALID_REUSE"),
                None,
                Outcome::Rejected,
            ),
        ] {
            let end = AttemptEnd::Rejected {
                failed: Failed {
                    status: Some(status),
                    row: retry::look_up(code, slug),
                },
                asked_ms: None,
            };
            let never = Limits {
                max_retries: 0,
                ..CALM
            };
            let (_, attempts) = run(never, &[end], 60_000.0);
            assert_eq!(attempts.outcome(), outcome, "{status} {code:?} {slug:?}");
        }
    }

    #[test]
    fn an_empty_budget_ends_the_call() {
        let budget = Budget::default();
        while budget.take() {}
        let mut attempts = Attempts::new(CALM);
        attempts.begin();
        assert_eq!(
            attempts.after_attempt(&AttemptEnd::NoResponse, 60_000.0, 0.0, &budget),
            Next::Fail
        );
    }

    fn any_end() -> impl Strategy<Value = AttemptEnd> {
        let codes = prop_oneof![
            Just(None),
            Just(Some("IDEMPOTENCY_CONCURRENT_USE")),
            Just(Some("DUPLICATE_RESOURCE")),
            Just(Some("TOO_MANY_REQUESTS")),
        ];
        prop_oneof![
            Just(AttemptEnd::NoToken),
            any::<bool>().prop_map(|sent| AttemptEnd::Over { sent }),
            Just(AttemptEnd::NoResponse),
            Just(AttemptEnd::NotSent),
            Just(AttemptEnd::Useless),
            (300_u16..600, codes, proptest::option::of(0.0..100_000.0)).prop_map(
                |(status, code, asked_ms)| AttemptEnd::Rejected {
                    failed: Failed {
                        status: Some(status),
                        row: retry::look_up(code, None),
                    },
                    asked_ms,
                }
            ),
        ]
    }

    proptest! {
        #[test]
        fn whatever_happens_a_call_keeps_within_its_limits(
            script in proptest::collection::vec(any_end(), 1..40),
            max_retries in 0_u32..6,
            refreshable: bool,
            deadline_ms in 1.0_f64..60_000.0,
            max_delay_ms in 0.0_f64..20_000.0,
        ) {
            let limits = Limits { max_retries, max_delay_ms, refreshable };
            let (waits, attempts) = run(limits, &script, deadline_ms);
            let slept: Vec<_> = waits.iter().filter(|wait| **wait >= 0.0).collect();
            prop_assert!(slept.len() <= max_retries as usize, "more retries than allowed");
            prop_assert!(waits.len() - slept.len() <= usize::from(refreshable), "asked twice");
            prop_assert!(slept.iter().copied().sum::<f64>() < deadline_ms, "waited past the deadline");
            prop_assert!(slept.iter().all(|wait| **wait <= max_delay_ms));
            prop_assert!(attempts.made() as usize <= max_retries as usize + 1 + usize::from(refreshable));
        }

        #[test]
        fn an_outcome_is_never_better_than_what_was_learned(
            script in proptest::collection::vec(any_end(), 1..20),
        ) {
            let limits = Limits { max_retries: 20, refreshable: true, ..CALM };
            let (waits, attempts) = run(limits, &script, f64::INFINITY);
            let seen = script.get(..=waits.len()).unwrap_or(&script);
            let sent = seen.iter().any(|end| !matches!(end, AttemptEnd::NoToken | AttemptEnd::NotSent | AttemptEnd::Over { sent: false }));
            prop_assert_eq!(attempts.outcome() == Outcome::NotSent, !sent);
        }
    }
}
