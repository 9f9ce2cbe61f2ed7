//! One call: attempts under one deadline and one key, until there is data or an error.

use crate::failure::{Circumstances, Undecodable, is_empty};
use crate::host::{Answer, Ending, Life, Sender};
use crate::operation::Operation;
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::retry::{self, Failed, Verdict};
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
struct Attempt {
    answer: Answer,
    problem: Option<Problem>,
    undecodable: Option<Undecodable>,
    outcome: Outcome,
    verdict: Verdict,
    asked_ms: Option<f64>,
}

impl Request {
    /// Sends it, and again where that is safe and may help.
    ///
    /// # Errors
    /// One of the error objects of `errors.js`.
    pub async fn perform(&self, sender: &Sender) -> Result<Reply, JsValue> {
        let life = Life::new(self.timeout_ms, &self.signal)?;
        let url = format!("{}{}", self.base_url, self.target);
        let mut attempts = 0;
        let mut outcome = Outcome::NotSent;
        loop {
            attempts += 1;
            let answer = life
                .exchange(
                    sender,
                    self.operation.method().as_str(),
                    &url,
                    &self.body,
                    &self.key,
                    &self.headers,
                )
                .await;
            let failed = match self.judge(answer, &life) {
                Ok((data, answer)) => {
                    return Ok(Reply {
                        data,
                        answer,
                        attempts,
                    });
                }
                Err(failed) => *failed,
            };
            let status =
                (failed.answer.ending() == Ending::Answered).then(|| failed.answer.status());
            outcome = outcome.then(failed.outcome, status);
            let mut circumstances = Circumstances {
                operation: self.operation,
                attempts,
                outcome,
                key: self.key.as_string(),
                retry_after_ms: failed.asked_ms,
                timeout_ms: self.timeout_ms,
                base_url: self.base_url.clone(),
            };
            if failed.verdict == Verdict::Fail || attempts > self.max_retries {
                return Err(failed.into_error(&circumstances));
            }
            let wait = retry::delay_ms(attempts, failed.asked_ms, js_sys::Math::random());
            if wait >= life.left() {
                return Err(failed.into_error(&circumstances));
            }
            if let Some(ended) = life.sleep(wait).await {
                circumstances.outcome = outcome.then(Outcome::NotSent, None);
                return Err(circumstances.unanswered(&ended));
            }
        }
    }

    fn judge(&self, answer: Answer, life: &Life) -> Result<(JsValue, Answer), Box<Attempt>> {
        match answer.ending() {
            Ending::Answered if (200..300).contains(&answer.status()) => match self.decode(&answer)
            {
                Ok(data) => Ok((data, answer)),
                Err(why) => Err(Attempt::undecodable(answer, why)),
            },
            Ending::Answered if answer.status() >= 300 => Err(Attempt::refused(answer)),
            ending => Err(Attempt::unanswered(answer, ending, life.sent())),
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

impl Attempt {
    fn undecodable(answer: Answer, why: Undecodable) -> Box<Self> {
        Box::new(Self {
            answer,
            problem: None,
            undecodable: Some(why),
            outcome: Outcome::Unknown,
            verdict: Verdict::Fail,
            asked_ms: None,
        })
    }

    fn refused(answer: Answer) -> Box<Self> {
        let status = answer.status();
        let problem = answer
            .is_json()
            .then(|| Problem::read(&answer.body()))
            .flatten();
        let verdict = retry::verdict(Failed {
            status: Some(status),
            code: problem.as_ref().and_then(|p| p.code.as_deref()),
            slug: problem.as_ref().and_then(Problem::slug),
        });
        let in_body = problem
            .as_ref()
            .and_then(|p| p.retry_after)
            .map(|seconds| seconds * 1000.0);
        let in_header =
            || retry::retry_after_ms(&answer.header("retry-after")?, js_sys::Date::now());
        Box::new(Self {
            asked_ms: in_body.or_else(in_header),
            outcome: Outcome::of_status(status),
            undecodable: None,
            problem,
            verdict,
            answer,
        })
    }

    fn unanswered(answer: Answer, ending: Ending, sent: bool) -> Box<Self> {
        let verdict = match ending {
            Ending::Unreachable | Ending::BrokenOff => retry::verdict(Failed::default()),
            _ => Verdict::Fail,
        };
        Box::new(Self {
            answer,
            problem: None,
            undecodable: None,
            outcome: if sent {
                Outcome::Unknown
            } else {
                Outcome::NotSent
            },
            verdict,
            asked_ms: None,
        })
    }

    fn into_error(self, circumstances: &Circumstances) -> JsValue {
        let answer = &self.answer;
        match (self.undecodable, answer.ending()) {
            (Some(why), _) => circumstances.undecodable(answer, why),
            (None, Ending::Answered) if answer.status() >= 300 => {
                circumstances.refused(answer, self.problem)
            }
            _ => circumstances.unanswered(answer),
        }
    }
}
