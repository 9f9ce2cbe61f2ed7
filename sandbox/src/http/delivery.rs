//! Disturbing how an answer travels.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream::{self, StreamExt};
use http_body_util::{BodyExt, Collected};

use super::reply::{self, Failure};
use crate::fault::{Canned, Delivery, Part};

/// Marks a response that is never to be sent: the connection is closed instead.
#[derive(Clone, Copy, Debug)]
pub struct Hangup;

/// How long the head and the first bytes get to leave before the connection is cut.
const FLUSH: Duration = Duration::from_millis(30);

/// A connection to be closed without an answer.
pub(super) fn hangup() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Hangup);
    response
}

/// The answer that a fault prescribes.
pub(super) fn canned(canned: &Canned) -> Response {
    let mut response = match &canned.body {
        None => Failure::from(canned.problem()).into_response(),
        Some(body) => {
            let kind = HeaderValue::from_static("application/problem+json");
            reply::build(canned.status, kind, body.clone())
        }
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

/// The same response, or one that is cut or stalled. A stall without a time ends after
/// `longest`, by cutting the connection.
pub(super) async fn deliver(response: Response, delivery: Delivery, longest: Duration) -> Response {
    match delivery {
        Delivery::Whole => response,
        Delivery::DropBefore | Delivery::DropAfter => hangup(),
        Delivery::Stall(Part::Headers, time) => {
            tokio::time::sleep(time.unwrap_or(longest)).await;
            if time.is_some() { response } else { hangup() }
        }
        Delivery::Stall(Part::Body, time) => {
            with_body(response, |bytes| {
                let late = async move {
                    tokio::time::sleep(time.unwrap_or(longest)).await;
                    time.map(|_| bytes)
                        .ok_or(io::Error::from(io::ErrorKind::ConnectionAborted))
                };
                Body::from_stream(stream::once(late))
            })
            .await
        }
        Delivery::Truncate(length) => {
            with_body(response, |bytes| {
                let head = bytes.slice(..length.min(bytes.len()));
                let cut = async {
                    tokio::time::sleep(FLUSH).await;
                    Err(io::Error::from(io::ErrorKind::ConnectionAborted))
                };
                Body::from_stream(stream::iter([Ok(head)]).chain(stream::once(cut)))
            })
            .await
        }
    }
}

/// Puts another body in; the length that was announced stays.
async fn with_body(response: Response, body: impl FnOnce(Bytes) -> Body) -> Response {
    let (parts, old) = response.into_parts();
    // The bodies here are whole byte strings, which cannot fail.
    let bytes = old
        .collect()
        .await
        .map(Collected::to_bytes)
        .unwrap_or_default();
    Response::from_parts(parts, body(bytes))
}
