//! What surrounds every request: its id, its log line, CORS and faults.

use std::{sync::Arc, time::Instant};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method},
    middleware::Next,
    response::{IntoResponse, Response},
};
use uuid::Uuid;

use super::{
    App, cors,
    delivery::{self, Hangup},
    handlers::{self, Hold},
    local,
    reply::{Failure, Remarks},
    upload,
};
use crate::{
    connection_limit::Permit,
    core::{
        problem::{ApiError, Code},
        warning,
    },
    fault::{self, Fault},
};

const REQUEST_ID: &str = "x-request-id";

/// The largest head of a request: 64 KiB. The real limit is not published.
const LARGEST_HEAD: usize = 64 * 1024;

/// The outermost layer.
pub(super) async fn wrap(State(app): State<App>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let id = Uuid::new_v4();
    let method = request.method().clone();
    let template = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(no route)", MatchedPath::as_str)
        .to_owned();
    let origin = local::local_origin(request.headers());
    let identity = app.access.identify(request.headers());
    let is_known = identity.is_known();
    // Until the answer is ready, or the client has gone and this is dropped.
    let _busy = request
        .extensions()
        .get::<Permit>()
        .filter(|_| is_known)
        .map(Permit::mark_busy);
    let mut request = upload::take_in(request, &app, is_known).await;
    request.extensions_mut().insert(identity);
    let mut response = if head_size(&request) > LARGEST_HEAD {
        too_large()
    } else if !app.any_host && !local::is_sent_here(&request) {
        misdirected()
    } else if method == Method::OPTIONS {
        cors::options(request.headers(), handlers::allowed(&template))
    } else if is_known {
        disturbed(&app, request, next).await
    } else {
        // A fault can hold a connection, so a client without the key gets none.
        next.run(request).await
    };
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    cors::expose(origin, response.headers_mut());
    let method = known_method(&method);
    log(&app, &format!("{id} {method} {template}"), begin, &response);
    response
}

/// Bytes in the target and the headers of a request.
fn head_size(request: &Request) -> usize {
    let headers = request.headers().iter();
    let target = request
        .uri()
        .path_and_query()
        .map_or(0, |t| t.as_str().len());
    target
        + headers
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum::<usize>()
}

fn too_large() -> Response {
    Failure::from(ApiError::plain(
        431,
        "Request Header Fields Too Large",
        format!("path, query and headers can be {LARGEST_HEAD} bytes at most together"),
    ))
    .into_response()
}

fn misdirected() -> Response {
    Failure::from(ApiError::plain(
        421,
        "Misdirected Request",
        "the sandbox answers to localhost and to loopback addresses only; to be reached by another \
         name it has to listen on another address",
    ))
    .into_response()
}

/// One line: method, path template, status and time, and how many parts of the request had no
/// effect. Nothing of it is the client's choice of words.
fn log(app: &App, head: &str, begin: Instant, response: &Response) {
    let millis = begin.elapsed().as_millis();
    let status = response.status();
    let status = match response.extensions().get::<Hangup>() {
        Some(_) => "closed",
        None => status.as_str(),
    };
    let remarks = response.extensions().get::<Remarks>();
    match remarks.filter(|remarks| !remarks.0.is_empty()) {
        None => (app.log)(&format!("{head} {status} {millis} ms")),
        Some(Remarks(warnings)) => {
            let summary = warning::summary(warnings);
            (app.log)(&format!("{head} {status} {millis} ms, with {summary}"));
        }
    }
}

/// The method, if HTTP knows it; any word can be sent as one.
fn known_method(method: &Method) -> &str {
    const KNOWN: [Method; 9] = [
        Method::CONNECT,
        Method::DELETE,
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::PATCH,
        Method::POST,
        Method::PUT,
        Method::TRACE,
    ];
    if KNOWN.contains(method) {
        method.as_str()
    } else {
        "(other)"
    }
}

/// Handles the request of a caller who is known, with the fault that it asks for.
async fn disturbed(app: &App, mut request: Request, next: Next) -> Response {
    let fault = match fault_of(app, &request) {
        Ok(fault) => fault,
        Err(failure) => return failure.into_response(),
    };
    if fault.quota.as_ref().is_some_and(|quota| !app.is_due(quota)) {
        return next.run(request).await;
    }
    if let Some(delay) = fault.delay {
        tokio::time::sleep(delay).await;
    }
    if fault.delivery == fault::Delivery::DropBefore {
        return delivery::hangup();
    }
    if let Some(time) = fault.hold {
        let Ok(permit) = Arc::clone(&app.holds).try_acquire_owned() else {
            return too_many_holds();
        };
        request.extensions_mut().insert(Hold::new(time, permit));
    }
    let response = match &fault.answer {
        Some(canned) => delivery::canned(canned),
        None if fault.is_doubled => twice(request, next).await,
        None => next.run(request).await,
    };
    delivery::deliver(response, fault.delivery, app.limits.stall).await
}

fn too_many_holds() -> Response {
    Failure::from(ApiError::new(
        Code::TooManyRequests,
        "too many requests are held by Sandbox-Fault already",
    ))
    .into_response()
}

/// Handles the request as if it had arrived twice, one after the other; the first answer travels.
async fn twice(request: Request, next: Next) -> Response {
    // The body was taken in already and is among the extensions.
    let mut copy = Request::new(Body::empty());
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    *copy.extensions_mut() = request.extensions().clone();
    let answer = next.clone().run(request).await;
    next.run(copy).await;
    answer
}

fn fault_of(app: &App, request: &Request) -> Result<Fault, Failure> {
    match request.headers().get(fault::HEADER) {
        None => Ok(app.drawn()),
        Some(value) => Ok(fault::parse(value.to_str().unwrap_or("?"))?),
    }
}
