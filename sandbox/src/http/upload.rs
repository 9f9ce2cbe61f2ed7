//! Taking in a request body, within limits of size and time.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use http_body_util::BodyExt;

use crate::core::{
    api::body_size_error,
    bounds,
    problem::{ApiError, Code},
};

/// A body that is too large is still read up to this size and thrown away: a client that is cut
/// off in the middle of sending sees a broken connection instead of the response.
const LARGEST_DRAINED: usize = 16 * bounds::BODY;

/// Reads the body before anything is decided. A response that leaves a body unread makes hyper close
/// the connection, and then a client that is still sending sees a reset instead of its 401.
///
/// The body of a caller without a good key is read and thrown away.
///
/// # Errors
/// 408 for a body that takes longer than `patience`, 413 for one that is too large, and 400 for one
/// that breaks off.
pub(super) async fn read(
    body: Body,
    is_known: bool,
    patience: Duration,
) -> Result<Vec<u8>, ApiError> {
    if body.is_end_stream() {
        return Ok(Vec::new());
    }
    let kept = if is_known { bounds::BODY } else { 0 };
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
    Err(body_size_error())
}
