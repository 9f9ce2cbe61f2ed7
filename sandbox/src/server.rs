//! Serving the routes on a socket, with limits, and able to cut a connection.
//!
//! `axum::serve` can do neither, so this drives hyper itself.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::net::{TcpListener, TcpStream};
use tower_service::Service;

use crate::{
    connection_limit::{ConnectionLimit, Permit},
    http::Hangup,
    limits::Limits,
    write_timeout::WriteTimeout,
};

/// Bytes of a request's head that are read before hyper gives up with a bare 431. The envelope
/// refuses half of that already, with a problem.
const LARGEST_HEAD: usize = 128 * 1024;

/// How long requests get to finish once the end was asked for.
const LAST_REQUESTS: Duration = Duration::from_secs(3);

/// The connection is to be closed without a response.
#[derive(Debug)]
struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("closed without a response")
    }
}

impl std::error::Error for Closed {}

/// Serves until `end` is ready, then lets the running requests finish for up to three seconds.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    end: impl Future<Output = ()>,
) {
    let limit = ConnectionLimit::new(limits.connections);
    let graceful = GracefulShutdown::new();
    tokio::pin!(end);
    loop {
        let (stream, permit) = tokio::select! {
            () = &mut end => break,
            accepted = accept(&listener, &limit) => accepted,
        };
        // Small responses should leave at once.
        let _ = stream.set_nodelay(true);
        let app = app.clone();
        let its_permit = permit.clone();
        let answer = service_fn(move |request| respond(app.clone(), its_permit.clone(), request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(LARGEST_HEAD)
            .serve_connection(
                TokioIo::new(WriteTimeout::new(stream, limits.response)),
                answer,
            );
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            tokio::select! {
                // A connection that breaks is the client's affair; the others go on.
                _ = watched => {}
                () = permit.revoked() => {}
            }
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(LAST_REQUESTS, graceful.shutdown()).await;
}

/// The next connection, once there is a permit for it.
async fn accept(listener: &TcpListener, limit: &Arc<ConnectionLimit>) -> (TcpStream, Permit) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, limit.acquire().await),
            Err(_) => {
                // Out of file descriptors, for instance: make room, and do not spin until there is.
                limit.close_one();
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn respond(
    mut app: Router,
    permit: Permit,
    request: Request<Incoming>,
) -> Result<Response, Closed> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(permit);
    // The router is always ready and never fails.
    match app.call(request).await {
        Ok(response) if response.extensions().get::<Hangup>().is_none() => Ok(response),
        _ => Err(Closed),
    }
}
