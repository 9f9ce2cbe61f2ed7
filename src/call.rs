//! One call: attempts under one deadline and one key, until there is data or an error.

use crate::attempts::{Attempts, End, Limits, Next};
use crate::budget::Budget;
use crate::failure::{Circumstances, Undecodable, is_empty};
use crate::hooks::Hooks;
use crate::host::{Answer, Ending, Life, Sender, now};
use crate::operation::Operation;
use crate::problem::Problem;
use crate::retry::{self, Failed};
use crate::throttle::{Admission, Throttle};
use crate::view::{Kind, View};
use wasm_bindgen::prelude::*;

/// Everything that is sent, made once: every attempt sends the same bytes under the same key.
pub struct Request {
    /// Which operation it is.
    pub operation: Operation,
    /// The client's base URL.
    pub base_url: String,
    /// Path and query.
    pub target: String,
    /// The body as JSON text, or `undefined`. It stays the host's, so that no personal data enter
    /// WebAssembly's memory.
    pub body: JsValue,
    /// The idempotency key, or `undefined`.
    pub key: JsValue,
    /// Headers to add, or `undefined`.
    pub headers: JsValue,
    /// The caller's signal, or `undefined`.
    pub signal: JsValue,
    /// The deadline in milliseconds.
    pub timeout_ms: f64,
    /// How many attempts may follow the first.
    pub max_retries: u32,
    /// The longest wait between two attempts, in milliseconds.
    pub max_retry_delay_ms: f64,
}

/// What all calls of one client share.
pub struct Shared {
    /// Token, fetch, headers.
    pub sender: Sender,
    /// What may be spent on repetitions.
    pub budget: Budget,
    /// Who watches.
    pub hooks: Hooks,
    /// How many go at a time.
    pub throttle: Throttle,
}

/// A success.
pub struct Reply {
    /// The data, as the host parsed them.
    pub data: JsValue,
    /// The answer they came in.
    pub answer: Answer,
    /// How many attempts it took.
    pub attempts: u32,
}

/// How one attempt failed.
struct Failure {
    answer: Answer,
    what: What,
}

enum What {
    Undecodable(Undecodable),
    Refused(Option<Box<Problem>>),
    Unanswered { sent: bool },
}

impl Request {
    /// Sends it, and again where that is safe and may help.
    ///
    /// # Errors
    /// One of the error objects of `errors.js`.
    pub async fn perform(&self, shared: &Shared) -> Result<Reply, JsValue> {
        let Shared {
            sender,
            budget,
            hooks,
            throttle,
        } = shared;
        let life = Life::new(self.timeout_ms, &self.signal)?;
        let mut attempts = Attempts::new(Limits {
            max_retries: self.max_retries,
            max_delay_ms: self.max_retry_delay_ms,
            repeatable: !self.operation.needs_key() || self.key.is_string(),
            refreshable: sender.asks(),
        });
        let watch = hooks.watch(self.operation);
        loop {
            let place = match Place::take(throttle, sender, &life).await {
                Ok(place) => place,
                Err(ended) => return Err(self.circumstances(&attempts, None).unanswered(&ended)),
            };
            attempts.begin();
            watch.request(attempts.made());
            let answer = self.send(sender, &life).await;
            drop(place);
            watch.response(attempts.made(), &answer);
            let failure = match self.judge(answer, &life) {
                Ok((data, answer)) => {
                    budget.put_back(attempts.repetitions());
                    return Ok(Reply {
                        data,
                        answer,
                        attempts: attempts.made(),
                    });
                }
                Err(failure) => failure,
            };
            let asked_ms = failure.asked_ms();
            let random = js_sys::Math::random();
            match attempts.after(&failure.end(asked_ms), life.left(), random, budget) {
                Next::Fail => {
                    return Err(failure.into_error(&self.circumstances(&attempts, asked_ms)));
                }
                Next::Refresh => watch.retry(attempts.made(), 0.0),
                Next::Repeat { wait_ms } => {
                    if failure.is_rate_limit() {
                        throttle.pause(now() + wait_ms);
                    }
                    watch.retry(attempts.made(), wait_ms);
                    if let Some(ended) = life.sleep(wait_ms).await {
                        return Err(self.circumstances(&attempts, asked_ms).unanswered(&ended));
                    }
                }
            }
        }
    }

    async fn send(&self, sender: &Sender, life: &Life) -> Answer {
        let url = format!("{}{}", self.base_url, self.target);
        let method = self.operation.method();
        life.exchange(sender, method, &url, &self.body, &self.key, &self.headers)
            .await
    }

    fn judge(&self, answer: Answer, life: &Life) -> Result<(JsValue, Answer), Failure> {
        let status = answer.status();
        let what = match answer.ending() {
            Ending::Answered if (200..300).contains(&status) => match self.decode(&answer) {
                Ok(data) => return Ok((data, answer)),
                Err(why) => What::Undecodable(why),
            },
            Ending::Answered if status >= 300 => What::Refused(
                answer
                    .is_json()
                    .then(|| Problem::read(&answer.body()))
                    .flatten()
                    .map(Box::new),
            ),
            Ending::TooLarge => What::Undecodable(Undecodable::TooLarge),
            _ => What::Unanswered { sent: life.sent() },
        };
        Err(Failure { answer, what })
    }

    fn circumstances(&self, attempts: &Attempts, retry_after_ms: Option<f64>) -> Circumstances {
        Circumstances {
            operation: self.operation,
            attempts: attempts.made(),
            outcome: attempts.outcome(),
            key: self.key.as_string(),
            retry_after_ms,
            timeout_ms: self.timeout_ms,
            base_url: self.base_url.clone(),
        }
    }

    /// Looks for the least shape: the data pass, or they are of no use at all.
    fn decode(&self, answer: &Answer) -> Result<JsValue, Undecodable> {
        let body = answer.body();
        if !answer.is_json() {
            return Err(match answer.header("content-type") {
                _ if is_empty(answer) => Undecodable::Empty,
                Some(kind) if !kind.contains("json") => Undecodable::NotJson,
                _ => Undecodable::Malformed,
            });
        }
        let is = |name, kind| body.member(name).kind() == kind;
        let fits = match self.operation {
            Operation::List => is("customers", Kind::List),
            _ => is("id", Kind::Text) && is("status", Kind::Text),
        };
        if fits {
            Ok(body)
        } else {
            Err(Undecodable::Shape)
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
    /// Waits for a place; fails with how the life ended, if it ends before.
    async fn take(throttle: &'a Throttle, sender: &'a Sender, life: &Life) -> Result<Self, Answer> {
        let place = Self {
            ticket: throttle.ticket(),
            throttle,
            sender,
        };
        while let Admission::Wait(ms) = throttle.ask(place.ticket, now(), life.left()) {
            if let Some(ended) = life.queue(sender, place.ticket, ms).await {
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

impl Failure {
    fn is_rate_limit(&self) -> bool {
        self.answer.status() == 429
    }

    /// How long the server asked to wait, in milliseconds: in the body, else in the header.
    fn asked_ms(&self) -> Option<f64> {
        let What::Refused(problem) = &self.what else {
            return None;
        };
        let in_body = problem
            .as_ref()
            .and_then(|p| p.retry_after)
            .map(|seconds| seconds * 1000.0);
        let in_header =
            || retry::retry_after_ms(&self.answer.header("retry-after")?, js_sys::Date::now());
        in_body.or_else(in_header)
    }

    fn end(&self, asked_ms: Option<f64>) -> End<'_> {
        match (&self.what, self.answer.ending()) {
            (What::Undecodable(_), _) | (_, Ending::NotAResponse) => End::Useless,
            (What::Refused(problem), _) => End::Refused {
                failed: Failed {
                    status: Some(self.answer.status()),
                    code: problem.as_ref().and_then(|p| p.code.as_deref()),
                    slug: problem.as_deref().and_then(Problem::slug),
                },
                asked_ms,
            },
            (What::Unanswered { .. }, Ending::BadToken) => End::NoToken,
            (What::Unanswered { sent }, Ending::TimedOut | Ending::Aborted) => {
                End::Over { sent: *sent }
            }
            (What::Unanswered { .. }, _) => End::Unanswered,
        }
    }

    fn into_error(self, circumstances: &Circumstances) -> JsValue {
        match self.what {
            What::Undecodable(why) => circumstances.undecodable(&self.answer, why),
            What::Refused(problem) => circumstances.refused(&self.answer, problem.map(|it| *it)),
            What::Unanswered { .. } => circumstances.unanswered(&self.answer),
        }
    }
}
