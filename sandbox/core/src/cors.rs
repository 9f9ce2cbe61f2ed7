//! CORS for pages of this machine. **Not the behaviour of the real API**, which publishes nothing
//! about it and is assumed to refuse browsers (BEHAVIOUR 1.9).

use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::{local::local_origin, response::Response};

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PATCH, PUT");
const REQUEST_HEADERS: HeaderValue =
    HeaderValue::from_static("Authorization, Content-Type, Idempotency-Key, Accept, Sandbox-Fault");
const RESPONSE_HEADERS: HeaderValue =
    HeaderValue::from_static("X-Request-Id, Idempotency-Replayed, Retry-After, Sandbox-Warning");
/// How long a browser may remember a preflight: ten minutes.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// The response to OPTIONS: to a preflight of a local page, what it may do; to others nothing.
pub(crate) fn options(headers: &HeaderMap, allow: &'static str) -> Response {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let out = response.headers_mut();
    out.insert(header::ALLOW, HeaderValue::from_static(allow));
    let is_preflight = headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if is_preflight && local_origin(headers).is_some() {
        out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        out.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
        out.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    }
    response
}

/// Lets a local page read the response.
pub(crate) fn expose(origin: Option<HeaderValue>, headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS);
    }
}
