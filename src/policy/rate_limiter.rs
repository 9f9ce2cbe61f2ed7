//! How many requests go out at a time and per second, and the pause that one call's 429 puts on
//! all. No clock, no timer, no promise: a call asks whether it may go, and the decision is to go or to ask
//! again after a while, on its own timer. So no call waits for something that belongs to
//! another, which in a Worker would never come once that request is gone; and a call that vanished
//! is forgotten.

use std::cell::RefCell;

/// Asking again sooner than this gains nothing.
const SOONEST_MS: f64 = 2.0;
/// A call that waits asks again at least this often.
const LATEST_MS: f64 = 250.0;
/// A call that has not asked for this long is gone.
const GONE_MS: f64 = 2_000.0;
/// A call that never came back gives its place up after this long at the latest.
const LONGEST_RUN_MS: f64 = 600_000.0;

/// What the caller set.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rates {
    /// How many requests may be under way; `None` for any number.
    pub max_concurrent: Option<u32>,
    /// How many may begin a second; `None` for any number.
    pub per_second: Option<f64>,
}

/// The decision for a call that asks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Admission {
    /// Send now.
    Go,
    /// Ask again after so many milliseconds, or when a place was given up.
    Wait(f64),
}

/// The queue that all calls of one client share.
#[derive(Debug, Default)]
pub struct RateLimiter {
    rates: Rates,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    tickets: u32,
    waiting: Vec<Waiting>,
    running: Vec<Running>,
    next_start_ms: f64,
    paused_until_ms: f64,
    /// When the limiter was asked last.
    latest_ms: f64,
}

#[derive(Debug)]
struct Waiting {
    ticket: u32,
    asked_ms: f64,
}

#[derive(Debug)]
struct Running {
    ticket: u32,
    until_ms: f64,
}

impl RateLimiter {
    /// An empty queue.
    pub fn new(rates: Rates) -> Self {
        Self {
            rates,
            state: RefCell::default(),
        }
    }

    /// Whether anyone may go at once, without a place.
    pub fn is_open(&self, now_ms: impl FnOnce() -> f64) -> bool {
        let limited = self.rates.max_concurrent.is_some() || self.rates.per_second.is_some();
        if limited {
            return false;
        }
        let mut state = self.state.borrow_mut();
        if state.paused_until_ms == 0.0 {
            return true;
        }
        let now_ms = now_ms();
        state.notice(now_ms);
        state.paused_until_ms <= now_ms
    }

    /// A place in the queue for one attempt.
    pub fn ticket(&self) -> u32 {
        let mut state = self.state.borrow_mut();
        state.tickets = state.tickets.wrapping_add(1);
        state.tickets
    }

    /// Whether the attempt may go. `left_ms` is the time before its deadline.
    pub fn ask(&self, ticket: u32, now_ms: f64, left_ms: f64) -> Admission {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        state.notice(now_ms);
        state.forget_the_gone(now_ms, ticket);
        // A pause that outlasts the deadline is not waited out: the server may say more.
        let paused = state.paused_until_ms - now_ms;
        if paused > 0.0 && paused < left_ms {
            return Admission::Wait(paused);
        }
        if self.rates.max_concurrent.is_none() && self.rates.per_second.is_none() {
            return Admission::Go;
        }
        let place = state.place(ticket, now_ms);
        let free = self.rates.max_concurrent.map_or(usize::MAX, |most| {
            (most as usize).saturating_sub(state.running.len())
        });
        let interval = self.rates.per_second.map_or(0.0, |rate| 1_000.0 / rate);
        #[expect(clippy::cast_precision_loss, reason = "a queue is short of 2^53")]
        let start_ms = state.next_start_ms + interval * place as f64;
        if place >= free {
            return Admission::Wait((SOONEST_MS + (place - free) as f64).min(LATEST_MS));
        }
        if start_ms > now_ms {
            return Admission::Wait((start_ms - now_ms).clamp(SOONEST_MS, LATEST_MS));
        }
        state.waiting.retain(|waiting| waiting.ticket != ticket);
        state.next_start_ms = state.next_start_ms.max(now_ms) + interval;
        if self.rates.max_concurrent.is_some() {
            let until_ms = now_ms + left_ms.min(LONGEST_RUN_MS);
            state.running.push(Running { ticket, until_ms });
        }
        Admission::Go
    }

    /// The attempt has ended, or its call gave up waiting.
    pub fn leave(&self, ticket: u32) {
        let mut state = self.state.borrow_mut();
        state.waiting.retain(|waiting| waiting.ticket != ticket);
        state.running.retain(|running| running.ticket != ticket);
    }

    /// A server said that it has had enough: nothing is sent for that time.
    pub fn pause(&self, now_ms: f64, wait_ms: f64) {
        let mut state = self.state.borrow_mut();
        state.notice(now_ms);
        state.paused_until_ms = state.paused_until_ms.max(now_ms + wait_ms);
    }
}

impl State {
    /// Notices a clock that was set back, as when a test's fake timers are removed: what was due by the
    /// old one is due now.
    fn notice(&mut self, now_ms: f64) {
        if now_ms < self.latest_ms {
            self.paused_until_ms = 0.0;
            self.next_start_ms = now_ms;
            for waiting in &mut self.waiting {
                waiting.asked_ms = now_ms;
            }
            for running in &mut self.running {
                running.until_ms = running.until_ms.min(now_ms + LONGEST_RUN_MS);
            }
        }
        self.latest_ms = now_ms;
    }

    fn forget_the_gone(&mut self, now_ms: f64, but: u32) {
        self.waiting
            .retain(|w| w.ticket == but || now_ms - w.asked_ms <= GONE_MS);
        self.running.retain(|running| running.until_ms > now_ms);
    }

    /// The place of a ticket in the queue, from 0; a new one joins at the end.
    fn place(&mut self, ticket: u32, now_ms: f64) -> usize {
        for (place, waiting) in self.waiting.iter_mut().enumerate() {
            if waiting.ticket == ticket {
                waiting.asked_ms = now_ms;
                return place;
            }
        }
        self.waiting.push(Waiting {
            ticket,
            asked_ms: now_ms,
        });
        self.waiting.len() - 1
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FAR: f64 = 60_000.0;

    #[test]
    fn without_rates_everyone_goes_at_once() {
        let limiter = RateLimiter::default();
        for _ in 0..1000 {
            assert_eq!(limiter.ask(limiter.ticket(), 0.0, FAR), Admission::Go);
        }
    }

    #[test]
    fn a_pause_holds_all_but_those_who_cannot_wait_so_long() {
        let limiter = RateLimiter::default();
        limiter.pause(0.0, 5_000.0);
        limiter.pause(0.0, 1_000.0);
        assert_eq!(limiter.ask(1, 1_000.0, FAR), Admission::Wait(4_000.0));
        assert_eq!(limiter.ask(2, 1_000.0, 3_000.0), Admission::Go);
        assert_eq!(limiter.ask(2, 1_000.0, 4_000.0), Admission::Go);
        assert_eq!(limiter.ask(1, 5_000.0, FAR), Admission::Go);
    }

    #[test]
    fn with_either_rate_every_request_needs_a_place() {
        for (max_concurrent, per_second) in [(Some(1), None), (None, Some(1.0))] {
            let limiter = RateLimiter::new(Rates {
                max_concurrent,
                per_second,
            });
            assert!(!limiter.is_open(|| 0.0));
        }
    }

    #[test]
    fn a_clock_that_was_set_back_ends_a_pause() {
        let limiter = RateLimiter::default();
        limiter.pause(3_600_000.0, 30_000.0);
        assert!(!limiter.is_open(|| 3_600_001.0));
        assert!(limiter.is_open(|| 5.0));
        assert_eq!(limiter.ask(1, 6.0, FAR), Admission::Go);
    }

    #[test]
    fn after_a_clock_was_set_back_a_call_that_vanished_holds_its_place_for_ten_minutes_at_most() {
        let limiter = RateLimiter::new(Rates {
            max_concurrent: Some(1),
            per_second: None,
        });
        assert_eq!(limiter.ask(1, 3_600_000.0, FAR), Admission::Go);
        assert!(matches!(limiter.ask(2, 1_000.0, FAR), Admission::Wait(_)));
        assert_eq!(limiter.ask(2, 601_000.0, FAR), Admission::Go);
    }

    #[test]
    fn a_call_asks_again_the_later_the_more_are_before_it() {
        let limiter = RateLimiter::new(Rates {
            max_concurrent: Some(2),
            per_second: None,
        });
        assert_eq!(limiter.ask(1, 10_000.0, FAR), Admission::Go);
        assert_eq!(limiter.ask(2, 10_000.0, FAR), Admission::Go);
        for (ticket, wait_ms) in [(3, 2.0), (4, 3.0), (5, 4.0), (3, 2.0)] {
            let admission = limiter.ask(ticket, 10_001.0, FAR);
            assert_eq!(admission, Admission::Wait(wait_ms), "{ticket}");
        }
        limiter.leave(1);
        assert_eq!(limiter.ask(4, 10_002.0, FAR), Admission::Wait(2.0));
        (6..500).for_each(|ticket| assert!(limiter.ask(ticket, 10_002.0, FAR) != Admission::Go));
        assert_eq!(limiter.ask(500, 10_002.0, FAR), Admission::Wait(LATEST_MS));
    }

    #[test]
    fn a_call_that_is_too_early_for_the_rate_asks_again_when_it_may_go() {
        for (per_second, now_ms, wait_ms) in [
            (10.0, 0.0, 100.0),
            (10.0, 50.0, 50.0),
            (10.0, 99.5, SOONEST_MS),
            (1.0, 0.0, LATEST_MS),
        ] {
            let limiter = RateLimiter::new(Rates {
                max_concurrent: None,
                per_second: Some(per_second),
            });
            assert_eq!(limiter.ask(1, 0.0, FAR), Admission::Go);
            assert_eq!(limiter.ask(2, now_ms, FAR), Admission::Wait(wait_ms));
        }
    }

    #[test]
    fn a_place_is_given_in_the_order_of_asking() {
        let limiter = RateLimiter::new(Rates {
            max_concurrent: Some(1),
            per_second: None,
        });
        assert_eq!(limiter.ask(1, 0.0, FAR), Admission::Go);
        assert!(matches!(limiter.ask(2, 1.0, FAR), Admission::Wait(_)));
        assert!(matches!(limiter.ask(3, 2.0, FAR), Admission::Wait(_)));
        limiter.leave(1);
        assert!(
            matches!(limiter.ask(3, 3.0, FAR), Admission::Wait(_)),
            "2 came first"
        );
        assert_eq!(limiter.ask(2, 4.0, FAR), Admission::Go);
        limiter.leave(2);
        assert_eq!(limiter.ask(3, 5.0, FAR), Admission::Go);
    }

    #[test]
    fn a_call_that_vanished_holds_no_other_up() {
        let limiter = RateLimiter::new(Rates {
            max_concurrent: Some(1),
            per_second: None,
        });
        assert_eq!(limiter.ask(1, 0.0, 100.0), Admission::Go);
        limiter.ask(2, 1.0, FAR);
        limiter.ask(3, 90.0, FAR);
        assert!(
            matches!(limiter.ask(3, 101.0, FAR), Admission::Wait(_)),
            "2 may still ask"
        );
        assert_eq!(limiter.ask(3, 2_002.0, FAR), Admission::Go);
    }

    #[test]
    fn a_call_holds_its_place_until_its_deadline() {
        let limiter = RateLimiter::new(Rates {
            max_concurrent: Some(1),
            per_second: None,
        });
        assert_eq!(limiter.ask(1, 0.0, 100.0), Admission::Go);
        assert!(matches!(limiter.ask(2, 99.0, FAR), Admission::Wait(_)));
        assert_eq!(limiter.ask(2, 100.0, FAR), Admission::Go);
    }

    #[test]
    fn requests_begin_no_faster_than_the_rate() {
        let limiter = RateLimiter::new(Rates {
            max_concurrent: None,
            per_second: Some(10.0),
        });
        let mut starts = Vec::new();
        let mut waiting: Vec<u32> = (0..5).map(|_| limiter.ticket()).collect();
        for now in 0..1_000 {
            waiting.retain(|ticket| {
                let go = limiter.ask(*ticket, f64::from(now), FAR) == Admission::Go;
                if go {
                    starts.push(now);
                }
                !go
            });
        }
        assert_eq!(starts, [0, 100, 200, 300, 400]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// Calls come, ask, run, give up and vanish at random.
        #[test]
        fn never_more_run_than_allowed_and_in_the_end_all_had_their_turn(
            most in 1_u32..5,
            lengths in proptest::collection::vec((0_u32..50, 1_u32..100, 0_u8..10), 1..60),
        ) {
            let limiter = RateLimiter::new(Rates { max_concurrent: Some(most), per_second: None });
            let mut calls: Vec<_> = lengths
                .iter()
                .map(|(begin, length, fate)| (limiter.ticket(), *begin, *length, *fate, None))
                .collect();
            let mut done = 0;
            for now in 0..40_000_u32 {
                for (ticket, begin, length, fate, started) in &mut calls {
                    if *begin > now {
                        continue;
                    }
                    match started {
                        // One in ten gives up while it waits, without a word.
                        None if *fate == 0 && now > *begin + 20 => { *begin = u32::MAX; done += 1; }
                        None => if limiter.ask(*ticket, now.into(), FAR) == Admission::Go {
                            *started = Some(now);
                        },
                        Some(at) if now >= *at + *length => {
                            limiter.leave(*ticket);
                            *begin = u32::MAX;
                            done += 1;
                        }
                        Some(_) => {}
                    }
                }
                let running = calls.iter().filter(|c| c.1 != u32::MAX && c.4.is_some()).count();
                prop_assert!(running <= most as usize);
                if done == calls.len() {
                    break;
                }
            }
            prop_assert_eq!(done, calls.len());
        }
    }
}
