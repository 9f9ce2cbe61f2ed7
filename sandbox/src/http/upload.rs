//! Taking in a request body, within limits of size and time.

use std::time::Duration;

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::{HeaderMap, header},
};
use http_body_util::BodyExt;

use super::App;
use crate::core::problem::{ApiError, Code};

/// The largest body: 1 MiB. The real limit is not published.
pub(super) const LARGEST: usize = 1024 * 1024;

/// A body that is too large is still read up to this size and thrown away: a client that is cut
/// off in the middle of sending sees a broken connection instead of the answer.
const LARGEST_DRAINED: usize = 16 * LARGEST;

/// Checks that the body is announced as JSON (BEHAVIOUR 1.4).
pub(super) fn check_type(headers: &HeaderMap) -> Result<(), ApiError> {
    let essence = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split(';').next())
        .map(str::trim);
    if essence.is_some_and(|text| text.eq_ignore_ascii_case("application/json")) {
        return Ok(());
    }
    Err(ApiError::plain(
        415,
        "Unsupported Media Type",
        "Content-Type has to be application/json",
    ))
}

/// What became of a request's body.
#[derive(Clone)]
struct Upload(Result<Vec<u8>, ApiError>);

/// Reads the body before anything is decided. An answer that leaves a body unread makes hyper close
/// the connection, and then a client that is still sending sees a reset instead of its 401.
///
/// The body of a stranger is read and thrown away.
pub(super) async fn take_in(request: Request, app: &App, is_known: bool) -> Request {
    let (parts, body) = request.into_parts();
    let kept = if body.is_end_stream() || is_known {
        LARGEST
    } else {
        0
    };
    let upload = Upload(read(body, kept, app.limits.body).await);
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(upload);
    request
}

/// The body that was taken in.
pub(super) fn body_of(request: &mut Request) -> Result<Vec<u8>, ApiError> {
    match request.extensions_mut().remove::<Upload>() {
        Some(Upload(body)) => body,
        None => Ok(Vec::new()),
    }
}

async fn read(body: Body, kept: usize, patience: Duration) -> Result<Vec<u8>, ApiError> {
    if body.is_end_stream() {
        return Ok(Vec::new());
    }
    tokio::time::timeout(patience, collect(body, kept))
        .await
        .unwrap_or_else(|_| {
            let detail = format!("the body did not arrive within {} s", patience.as_secs());
            Err(ApiError::plain(408, "Request Timeout", detail))
        })
}

async fn collect(mut body: Body, kept: usize) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame
            .map_err(|_| ApiError::new(Code::BadRequest, "the body broke off while it was read"))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        size += data.len();
        if size <= kept {
            bytes.extend_from_slice(&data);
        } else if size > LARGEST_DRAINED {
            break;
        }
    }
    if size <= kept {
        return Ok(bytes);
    }
    Err(ApiError::plain(
        413,
        "Content Too Large",
        format!("a body can be {LARGEST} bytes at most"),
    ))
}
