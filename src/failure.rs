//! Failures on their way out: from what is known in Rust to an error object of JavaScript.

use crate::check::Finding;
use crate::host::{Answer, Ending, make_error};
use crate::message::{self, BodyKind};
use crate::operation::Operation;
use crate::outcome::Outcome;
use crate::problem::Problem;
use serde::Serialize;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

/// The properties of an error object. What is `None` or `undefined` is left out of it.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    operation: Option<&'static str>,
    outcome: &'static str,
    attempts: u32,
    idempotency_key: Option<String>,
    request_id: Option<String>,
    retry_after_ms: Option<f64>,
    // ApiError and DecodeError
    status: Option<u16>,
    headers: Option<BTreeMap<String, String>>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    body: JsValue,
    // ApiError
    body_kind: Option<&'static str>,
    code: Option<String>,
    title: Option<String>,
    detail: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    missing: Option<Vec<String>>,
    invalid: Option<BTreeMap<String, String>>,
    immutable: Option<Vec<String>>,
    valid_status: Option<Vec<String>>,
    retry_after: Option<f64>,
    // DecodeError
    problem: Option<&'static str>,
    // ValidationError
    argument: Option<String>,
    issues: Option<Vec<Finding>>,
    // TimeoutError
    timeout_ms: Option<f64>,
    // AbortError
    #[serde(with = "serde_wasm_bindgen::preserve")]
    reason: JsValue,
    // what the host threw
    #[serde(with = "serde_wasm_bindgen::preserve")]
    cause: JsValue,
}

fn raise(kind: &str, message: &str, details: &Details) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    // Serialising this struct cannot fail; were it to, the message would still say what happened.
    let details = details.serialize(&serializer).unwrap_or(JsValue::UNDEFINED);
    make_error(kind, message, &details)
}

/// The `ValidationError` for what was found wrong. `operation` is `None` for the constructor.
pub fn validation(operation: Option<Operation>, findings: Vec<Finding>, cause: JsValue) -> JsValue {
    let details = Details {
        operation: operation.map(Operation::name),
        outcome: Outcome::NotSent.name(),
        cause,
        ..Details::default()
    };
    refusal(findings, "Nothing was sent.", details)
}

fn refusal(findings: Vec<Finding>, after: &str, details: Details) -> JsValue {
    let place = details.operation.unwrap_or("new CustomersApi");
    let list: Vec<_> = findings.iter().map(ToString::to_string).collect();
    let message = format!("{place}: {}. {after}", list.join("; "));
    let argument = findings.first().map(|finding| {
        let end = finding.path.find(['.', '[']).unwrap_or(finding.path.len());
        finding.path.get(..end).unwrap_or_default().to_owned()
    });
    let details = Details {
        argument,
        issues: Some(findings),
        ..details
    };
    raise("ValidationError", &message, &details)
}

/// A `ValidationError` about one argument.
pub fn argument(
    operation: Option<Operation>,
    path: &str,
    found: &'static str,
    expected: impl Into<String>,
) -> JsValue {
    let finding = Finding {
        path: path.to_owned(),
        found,
        expected: expected.into(),
    };
    validation(operation, vec![finding], JsValue::UNDEFINED)
}

/// What is known of a call when it fails.
pub struct Circumstances {
    /// Which operation it was.
    pub operation: Operation,
    /// How many attempts were made.
    pub attempts: u32,
    /// What the server may have done.
    pub outcome: Outcome,
    /// The key it was sent under.
    pub key: Option<String>,
    /// How long the server asked to wait, in milliseconds.
    pub retry_after_ms: Option<f64>,
    /// The deadline the call had, in milliseconds.
    pub timeout_ms: f64,
    /// The address it went to.
    pub base_url: String,
}

impl Circumstances {
    fn details(&self) -> Details {
        Details {
            operation: Some(self.operation.name()),
            outcome: self.outcome.name(),
            attempts: self.attempts,
            idempotency_key: self.key.clone(),
            retry_after_ms: self.retry_after_ms,
            ..Details::default()
        }
    }

    /// The error for an exchange that ended without a whole answer.
    pub fn unanswered(&self, answer: &Answer) -> JsValue {
        let name = self.operation.name();
        let after = message::after(self.operation, self.outcome);
        let details = Details {
            cause: answer.error(),
            ..self.details()
        };
        let no_answer = |why: &str| {
            let count = message::count(self.attempts);
            let message = format!("{name}: {why} {} after {count}. {after}", self.base_url);
            raise("ConnectionError", &message, &details)
        };
        match answer.ending() {
            Ending::TimedOut => {
                let limit = message::whole(self.timeout_ms);
                let message = format!("{name}: no result within {limit} ms. {after}");
                let details = Details {
                    timeout_ms: Some(self.timeout_ms),
                    ..details
                };
                raise("TimeoutError", &message, &details)
            }
            Ending::Aborted => {
                let message = format!("{name}: aborted by the caller. {after}");
                let details = Details {
                    cause: JsValue::UNDEFINED,
                    reason: answer.error(),
                    ..details
                };
                raise("AbortError", &message, &details)
            }
            Ending::BadToken => self.bad_token(answer.error()),
            Ending::NotAResponse => no_answer("fetch gave something that is no response from"),
            Ending::BrokenOff => no_answer("the answer broke off on its way from"),
            Ending::Unreachable | Ending::Answered | Ending::TooLarge => {
                no_answer("no answer (in a browser, a missing CORS permission looks the same) from")
            }
        }
    }

    /// The `ApiError` for an answer that is not a success.
    pub fn refused(&self, answer: &Answer, problem: Option<Problem>) -> JsValue {
        let body_kind = body_kind(answer, problem.as_ref());
        let problem = problem.unwrap_or_default();
        let message = message::api(self.operation, answer.status(), body_kind, &problem);
        let details = Details {
            body_kind: Some(body_kind.name()),
            code: problem.code,
            title: problem.title,
            detail: problem.detail,
            kind: problem.kind,
            missing: Some(problem.missing),
            invalid: Some(problem.invalid.into_iter().collect()),
            immutable: Some(problem.immutable),
            valid_status: Some(problem.valid_status),
            retry_after: self.retry_after_ms.map(|ms| ms / 1000.0),
            ..self.answered(answer)
        };
        raise("ApiError", &message, &details)
    }

    /// The `DecodeError` for a success whose body is not what it should be.
    pub fn undecodable(&self, answer: &Answer, why: Undecodable) -> JsValue {
        let message = format!(
            "{}: the server answered {}, but {}. {}",
            self.operation.name(),
            answer.status(),
            why.sentence(),
            message::after(self.operation, self.outcome),
        );
        let details = Details {
            problem: Some(why.name()),
            ..self.answered(answer)
        };
        raise("DecodeError", &message, &details)
    }

    /// The `ValidationError` for a token function that gave no token. An earlier attempt may have
    /// gone out, so that the outcome is the call's and not simply "not sent".
    fn bad_token(&self, cause: JsValue) -> JsValue {
        let found = if cause.is_undefined() {
            "no usable token"
        } else {
            "a failure"
        };
        let finding = Finding {
            path: "accessToken".to_owned(),
            found,
            expected: "its function to give a string of visible ASCII characters".to_owned(),
        };
        let details = Details {
            cause,
            ..self.details()
        };
        refusal(
            vec![finding],
            message::after(self.operation, self.outcome),
            details,
        )
    }

    fn answered(&self, answer: &Answer) -> Details {
        Details {
            status: Some(answer.status()),
            request_id: answer.request_id(),
            headers: Some(headers(answer)),
            body: answer.body(),
            ..self.details()
        }
    }
}

fn body_kind(answer: &Answer, problem: Option<&Problem>) -> BodyKind {
    match problem {
        Some(_) => BodyKind::Problem,
        None if answer.is_json() => BodyKind::Json,
        None if is_empty(answer) => BodyKind::Empty,
        None => BodyKind::Text,
    }
}

/// Whether a body that is no JSON is nothing at all.
pub fn is_empty(answer: &Answer) -> bool {
    answer
        .body()
        .as_string()
        .is_none_or(|text| text.trim().is_empty())
}

/// Why a body is of no use.
#[derive(Debug, Clone, Copy)]
pub enum Undecodable {
    /// It should be JSON, and is not.
    Malformed,
    /// It does not even claim to be JSON.
    NotJson,
    /// There is none.
    Empty,
    /// It is JSON without the least shape.
    Shape,
    /// It is larger than `maxResponseBytes`.
    TooLarge,
}

impl Undecodable {
    fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed_json",
            Self::NotJson => "not_json",
            Self::Empty => "empty_body",
            Self::Shape => "unexpected_shape",
            Self::TooLarge => "too_large",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Malformed => "its body is malformed JSON",
            Self::NotJson => "its body is not JSON (something between here and the API?)",
            Self::Empty => "its body is empty",
            Self::Shape => "its body has not the shape of the contract",
            Self::TooLarge => "its body is larger than maxResponseBytes",
        }
    }
}

/// The headers of an answer, names in lower case.
pub fn headers(answer: &Answer) -> BTreeMap<String, String> {
    answer
        .headers()
        .map_or_else(BTreeMap::new, |headers| headers.entries().collect())
}
