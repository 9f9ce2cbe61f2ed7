//! Disturbing how a response travels.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use futures_util::stream::{self, StreamExt};

use crate::core::{
    fault::{Delivery, Part},
    response,
};

/// Marks a response that is never to be sent: the connection is closed instead.
#[derive(Clone, Copy, Debug)]
pub struct Hangup;

/// How long the head and the first bytes get to leave before the connection is cut.
const FLUSH: Duration = Duration::from_millis(30);

/// A connection to be closed without a response.
pub(super) fn hangup() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Hangup);
    response
}

/// The same response, or one that is cut or stalled. A stall without a time ends after
/// `longest`, by cutting the connection.
pub(super) async fn deliver(
    response: response::Response,
    delivery: Delivery,
    longest: Duration,
) -> Response {
    match delivery {
        Delivery::Whole => response.map(Body::from),
        Delivery::DropBefore | Delivery::DropAfter => hangup(),
        Delivery::Stall(Part::Headers, time) => {
            tokio::time::sleep(time.unwrap_or(longest)).await;
            if time.is_some() {
                response.map(Body::from)
            } else {
                hangup()
            }
        }
        Delivery::Stall(Part::Body, time) => response.map(|body| {
            let late = async move {
                tokio::time::sleep(time.unwrap_or(longest)).await;
                time.map(|_| body)
                    .ok_or(io::Error::from(io::ErrorKind::ConnectionAborted))
            };
            Body::from_stream(stream::once(late))
        }),
        Delivery::Truncate(length) => response.map(|body| {
            let bytes = Bytes::from(body);
            let head = bytes.slice(..length.min(bytes.len()));
            let cut = async {
                tokio::time::sleep(FLUSH).await;
                Err(io::Error::from(io::ErrorKind::ConnectionAborted))
            };
            Body::from_stream(stream::iter([Ok(head)]).chain(stream::once(cut)))
        }),
    }
}
