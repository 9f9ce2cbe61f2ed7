//! Outcomes and failures as HTTP responses.

use http::{HeaderValue, StatusCode, header};

use crate::{
    fault::Canned,
    idempotency::ApiResponse,
    outcome::Outcome,
    problem::{ApiError, Code},
    warning::Warning,
};

/// A response with its whole body.
pub type Response = http::Response<Vec<u8>>;

/// Remarks of the sandbox on a request; the real API has no such header.
const WARNING: &str = "sandbox-warning";
const REPLAYED: &str = "idempotency-replayed";

/// Warnings that one response carries at most.
const MOST_WARNINGS: usize = 20;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");

/// The warnings of a response, among its extensions: for a log.
#[derive(Clone, Debug)]
pub struct Remarks(pub Vec<Warning>);

/// A failure.
#[must_use]
pub fn of_error(error: ApiError) -> Response {
    let code = error.code;
    let mut response = of_api_response(error.into());
    if code == Some(Code::Unauthenticated) {
        let challenge = HeaderValue::from_static("Bearer");
        let headers = response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// What became of a request.
#[must_use]
pub fn of_outcome(outcome: Outcome) -> Response {
    let mut response = of_api_response(outcome.response);
    let headers = response.headers_mut();
    if outcome.is_replay {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    for warning in outcome.warnings.iter().take(MOST_WARNINGS) {
        // A warning is printable ASCII.
        if let Ok(value) = HeaderValue::try_from(warning.to_string()) {
            headers.append(WARNING, value);
        }
    }
    response.extensions_mut().insert(Remarks(outcome.warnings));
    response
}

/// The response that a fault prescribes.
#[must_use]
pub fn of_fault(canned: &Canned) -> Response {
    let mut response = match &canned.body {
        None => of_error(canned.problem()),
        Some(body) => with_body(canned.status, PROBLEM, body.clone()),
    };
    let headers = response.headers_mut();
    for (name, text) in [
        (header::CONTENT_TYPE, &canned.content_type),
        (header::RETRY_AFTER, &canned.retry_after_header),
    ] {
        // Printable ASCII, as the grammar demands.
        if let Some(Ok(value)) = text.as_ref().map(HeaderValue::try_from) {
            headers.insert(name, value);
        }
    }
    response
}

pub(crate) fn health() -> Response {
    with_body(200, JSON, br#"{"status":"ok"}"#.to_vec())
}

fn of_api_response(response: ApiResponse) -> Response {
    let kind = if response.is_problem { PROBLEM } else { JSON };
    with_body(response.status, kind, response.body)
}

/// A response with its length, which a disturbed delivery has to announce as well.
fn with_body(status: u16, content_type: HeaderValue, body: Vec<u8>) -> Response {
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CONTENT_LENGTH, length);
    response
}
