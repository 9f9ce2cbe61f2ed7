//! Answers and failures as HTTP responses.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::core::{
    idempotency::Answer,
    outcome::Outcome,
    problem::{ApiError, Code},
    warning::Warning,
};

/// Remarks of the sandbox on a request; the real API has no such header.
pub(super) const WARNING: &str = "sandbox-warning";
const REPLAYED: &str = "idempotency-replayed";

/// Warnings that one response carries at most.
const MOST_WARNINGS: usize = 20;

/// A failure that ends a handler early.
pub(super) struct Failure(ApiError);

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let code = self.0.code;
        let mut response = answer(self.0.into());
        if code == Some(Code::Unauthenticated) {
            let challenge = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let mut response = answer(self.answer);
        if self.is_replay {
            response
                .headers_mut()
                .insert(REPLAYED, HeaderValue::from_static("true"));
        }
        for warning in self.warnings.iter().take(MOST_WARNINGS) {
            // A warning is printable ASCII.
            if let Ok(value) = HeaderValue::try_from(warning.to_string()) {
                response.headers_mut().append(WARNING, value);
            }
        }
        response.extensions_mut().insert(Remarks(self.warnings));
        response
    }
}

/// The warnings of a response, for the log.
#[derive(Clone)]
pub(super) struct Remarks(pub(super) Vec<Warning>);

fn answer(answer: Answer) -> Response {
    let kind = if answer.is_problem {
        "application/problem+json"
    } else {
        "application/json"
    };
    build(answer.status, HeaderValue::from_static(kind), answer.body)
}

/// A response with its length, which a disturbed delivery has to announce as well.
pub(super) fn build(status: u16, content_type: HeaderValue, body: Vec<u8>) -> Response {
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CONTENT_LENGTH, length);
    response
}
