//! What surrounds every request: its body, its id, its log line and its fault.

use std::{sync::Arc, time::Instant};

use axum::{
    body::Body,
    extract::{Request, State},
    http::Method,
    response::Response,
};

use super::{
    App,
    delivery::{self, Hangup},
    handlers::{self, Hold},
    upload,
};
use crate::{
    connection_limit::Permit,
    core::{
        access::Identity,
        api::{self, Admission, Api},
        fault::{Delivery, Fault},
        problem::{ApiError, Code},
        response::{self, Remarks},
        route::Route,
        warning,
    },
};

/// Handles one request.
pub(super) async fn handle(State(app): State<App>, request: Request) -> Response {
    let begin = Instant::now();
    let (parts, body) = request.into_parts();
    let id = app.service.new_id();
    let template = Route::of(parts.uri.path()).template();
    let (method, headers) = (parts.method.clone(), parts.headers.clone());
    let identity = app.api.access.identify(&headers);
    // Until the response is ready, or the client has gone and this is dropped.
    let _busy = parts
        .extensions
        .get::<Permit>()
        .filter(|_| identity.is_ok())
        .map(Permit::mark_busy);
    let body = upload::read(body, identity.is_ok(), app.limits.body).await;
    let request = api::Request::from_parts(parts, body);
    let complete = |mut response| {
        Api::complete(&mut response, &method, &headers, id);
        response
    };
    let response = match app.admit(&request, &identity) {
        Admission::Answered(response) => complete(response).map(Body::from),
        Admission::Admitted(fault) => disturbed(&app, request, identity, fault, complete).await,
    };
    let method = known_method(&method);
    log(&app, &format!("{id} {method} {template}"), begin, &response);
    response
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

/// Handles an admitted request with its fault.
async fn disturbed(
    app: &App,
    request: api::Request,
    identity: Identity,
    fault: Fault,
    complete: impl Fn(response::Response) -> response::Response,
) -> Response {
    if let Some(delay) = fault.delay {
        tokio::time::sleep(delay).await;
    }
    if fault.delivery == Delivery::DropBefore {
        return delivery::hangup();
    }
    let hold = match fault.hold {
        None => None,
        Some(time) => match Arc::clone(&app.holds).try_acquire_owned() {
            Ok(permit) => Some(Hold::new(time, permit)),
            Err(_) => return complete(response::of_error(too_many_holds())).map(Body::from),
        },
    };
    let answer =
        async |request, identity| handlers::answer(app, request, identity, hold.clone()).await;
    let response = match &fault.response {
        Some(canned) => response::of_fault(canned),
        // As if it had arrived twice, one after the other; the first response travels.
        None if fault.is_doubled => {
            let first = answer(request.clone(), identity.clone()).await;
            answer(request, identity).await;
            first
        }
        None => answer(request, identity).await,
    };
    delivery::deliver(complete(response), fault.delivery, app.limits.stall).await
}

fn too_many_holds() -> ApiError {
    let detail = "too many requests are held by Sandbox-Fault already";
    ApiError::new(Code::TooManyRequests, detail)
}
