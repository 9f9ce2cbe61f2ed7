//! How a call goes on that is not done with its first attempt: attempts under one deadline and one
//! key, until there is data or an error.

use crate::advice;
use crate::attempts::{Attempts, End, Limits, Next};
use crate::budget::Budget;
use crate::hooks::Watch;
use crate::host::{Answer, Call, Sender, code_of, failure, now, retry_after_of, slug_of};
use crate::operation::Operation;
use crate::retry::{self, Failed, Row};
use crate::throttle::{Admission, Throttle};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What decides about the calls of one client, and is shared by them.
pub struct Policy {
    /// What may be spent on repetitions.
    pub budget: Budget,
    /// How many go at a time.
    pub throttle: Throttle,
    /// How many calls were watched.
    pub calls: Cell<u32>,
}

/// What is known of a call from the start.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Which operation it is.
    pub operation: Operation,
    /// Whether the exchange is wanted besides the data.
    pub with_info: bool,
    /// How many repetitions may follow the first attempt.
    pub max_retries: u32,
    /// The longest wait between two attempts, in milliseconds.
    pub max_delay_ms: f64,
}

impl Policy {
    /// Carries a call on to its end: from the answer to its first attempt, or from the start.
    pub async fn carry_on(self: Rc<Self>, call: Call, first: Option<Answer>, facts: Facts) {
        let sender = call.sender();
        let watch = Watch::new(&call, sender.watched(), &self.calls);
        let course = Course {
            facts,
            sender: &sender,
            policy: &self,
            call: &call,
            watch,
        };
        match course.follow(first).await {
            Ok((answer, attempts)) => call.data(&answer, attempts, facts.with_info),
            Err(description) => call.fail(&description),
        }
    }
}

/// One call on its way.
struct Course<'a> {
    facts: Facts,
    sender: &'a Sender,
    policy: &'a Policy,
    call: &'a Call,
    watch: Watch<'a>,
}

impl Course<'_> {
    /// Sends the request, and again where that is safe and may help.
    async fn follow(&self, mut first: Option<Answer>) -> Result<(Answer, u32), JsValue> {
        let Policy {
            budget, throttle, ..
        } = self.policy;
        let watch = &self.watch;
        let mut attempts = Attempts::new(Limits {
            max_retries: self.facts.max_retries,
            max_delay_ms: self.facts.max_delay_ms,
            refreshable: self.sender.asks(),
        });
        budget.put_back_for(self.sender.take_successes());
        loop {
            let answer = match first.take() {
                Some(answer) => {
                    attempts.begin();
                    answer
                }
                None => {
                    let place = Place::take(throttle, self)
                        .await
                        .map_err(|ended| self.failure(&ended, &attempts, None))?;
                    attempts.begin();
                    watch.request(attempts.made());
                    let answer = self.call.send().await;
                    drop(place);
                    answer
                }
            };
            watch.response(attempts.made(), &answer);
            if answer.fits(self.facts.operation.number()) {
                budget.put_back(attempts.repetitions());
                return Ok((answer, attempts.made()));
            }
            let refusal = Refusal::of(&answer);
            let end = self.end(&answer, &refusal);
            let random = js_sys::Math::random();
            match attempts.after(&end, self.call.left(), random, budget) {
                Next::Fail => {
                    return Err(self.failure(&answer, &attempts, Some(&refusal)));
                }
                Next::Refresh => watch.retry(attempts.made(), 0.0),
                Next::Repeat { wait_ms } => {
                    if answer.status() == 429 {
                        throttle.pause(now() + wait_ms);
                    }
                    watch.retry(attempts.made(), wait_ms);
                    if let Some(ended) = self.call.wait(wait_ms).await {
                        return Err(self.failure(&ended, &attempts, Some(&refusal)));
                    }
                }
            }
        }
    }

    fn end(&self, answer: &Answer, refusal: &Refusal) -> End {
        match answer.ending().as_str() {
            "no_token" => End::NoToken,
            "timed_out" | "aborted" => End::Over {
                sent: self.call.sent(),
            },
            "answered" if answer.status() >= 300 => End::Refused {
                failed: Failed {
                    status: Some(answer.status()),
                    row: refusal.row,
                },
                asked_ms: refusal.asked_ms,
            },
            "unreachable" | "broken_off" => End::Unanswered,
            _ => End::Useless,
        }
    }

    fn failure(&self, answer: &Answer, attempts: &Attempts, refusal: Option<&Refusal>) -> JsValue {
        let outcome = attempts.outcome();
        let advice = match answer.status() {
            status @ 300.. => {
                advice::refused(self.facts.operation, status, refusal.and_then(|r| r.row))
            }
            _ => advice::after(self.facts.operation, outcome),
        };
        failure(
            self.call,
            answer,
            outcome as u32,
            attempts.made(),
            refusal.and_then(|refusal| refusal.asked_ms),
            advice,
        )
    }
}

/// What is read of an answer that is not a success.
struct Refusal {
    /// Its row of the catalogue.
    row: Option<&'static Row>,
    /// How long the server asked to wait, in milliseconds: in the body, else in the header.
    asked_ms: Option<f64>,
}

impl Refusal {
    fn of(answer: &Answer) -> Self {
        let (code, slug) = (code_of(answer), slug_of(answer));
        let in_header = || {
            let header = answer.header("retry-after")?;
            retry::retry_after_ms(&header, js_sys::Date::now())
        };
        Self {
            row: retry::look_up(code.as_deref(), slug.as_deref()),
            asked_ms: match retry_after_of(answer) {
                Some(seconds) => Some(seconds * 1000.0),
                None => in_header(),
            },
        }
    }
}

/// A place among the requests under way, given up when it is dropped.
struct Place<'a> {
    ticket: u32,
    throttle: &'a Throttle,
    sender: &'a Sender,
}

impl<'a> Place<'a> {
    /// Waits for a place; fails with how the call ended, if it ends before.
    async fn take(throttle: &'a Throttle, course: &'a Course<'_>) -> Result<Self, Answer> {
        let place = Self {
            ticket: throttle.ticket(),
            throttle,
            sender: course.sender,
        };
        while let Admission::Wait(ms) = throttle.ask(place.ticket, now(), course.call.left()) {
            if let Some(ended) = course.call.wait_for_place(place.ticket, ms).await {
                return Err(ended);
            }
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.throttle.leave(self.ticket);
        self.sender.nudge();
    }
}
