//! The routes: from a request to a call of the service.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::{FromRequestParts, Path, Request, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::{
    App,
    access::Caller,
    reply::{self, Failure},
    upload,
};
use crate::{
    core::{
        body::Operation,
        bounds,
        idempotency::{Fingerprint, ScopedKey},
        outcome::Outcome,
        problem::{ApiError, Code},
        warning::Warning,
    },
    service::{Begin, Service, Write},
    store::{Cancellation, Patience, StoreError},
};

pub(super) const ALLOW_CUSTOMERS: &str = "GET, HEAD, POST, OPTIONS";
pub(super) const ALLOW_CUSTOMER: &str = "GET, HEAD, PATCH, PUT, OPTIONS";
pub(super) const ALLOW_HEALTH: &str = "GET, HEAD, OPTIONS";

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A wait while the request is handled, asked for by a fault.
#[derive(Clone)]
pub(super) struct Hold {
    time: Duration,
    _permit: Arc<OwnedSemaphorePermit>,
}

impl Hold {
    pub(super) fn new(time: Duration, permit: OwnedSemaphorePermit) -> Self {
        Self {
            time,
            _permit: Arc::new(permit),
        }
    }
}

/// The id in the path as it was sent. One that is not UTF-8 cannot be an id, so it becomes empty
/// and is refused like any other that is no UUID.
pub(super) struct PathId(String);

impl FromRequestParts<App> for PathId {
    type Rejection = Failure;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        app: &App,
    ) -> Result<Self, Failure> {
        let path = Path::<String>::from_request_parts(parts, app).await;
        Ok(Self(path.map(|Path(id)| id).unwrap_or_default()))
    }
}

pub(super) async fn list(
    State(app): State<App>,
    _caller: Caller,
    uri: Uri,
    request: Request,
) -> Response {
    let query = uri.query().unwrap_or_default().to_owned();
    let ignored = has_key(&request);
    hold(hold_of(&request)).await;
    // A list waits here, where it can be dropped, and not on a thread.
    let Ok(turn) = Arc::clone(&app.lists).acquire_owned().await else {
        return finish(&app, Err(Breakdown::Panic));
    };
    let cancellation = Cancellation::after(app.limits.list);
    let _while_wanted = CancelOnDrop(cancellation.clone());
    let list = move |service: &Arc<Service>| {
        let _turn = turn;
        service.list(&query, &cancellation)
    };
    let outcome = blocking(&app, list).await;
    finish(&app, outcome.map(key_ignored(ignored)))
}

/// Cancels a query when the request is dropped: hyper does that when the client has gone.
struct CancelOnDrop(Cancellation);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

pub(super) async fn get(
    State(app): State<App>,
    _caller: Caller,
    PathId(id): PathId,
    request: Request,
) -> Response {
    let ignored = has_key(&request);
    hold(hold_of(&request)).await;
    let get = move |service: &Arc<Service>, patience| service.get(&id, patience);
    let outcome = look(&app, get).await;
    finish(&app, outcome.map(key_ignored(ignored)))
}

pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    request: Request,
) -> Result<Response, Failure> {
    write(app, caller, Operation::Create, String::new(), request).await
}

pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Failure> {
    write(app, caller, Operation::Replace, id, request).await
}

pub(super) async fn patch(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Failure> {
    write(app, caller, Operation::Patch, id, request).await
}

/// Outside of authentication, so that a driver can tell whether the sandbox is up. The real API has
/// no such path.
pub(super) async fn health() -> Response {
    let body = br#"{"status":"ok"}"#.to_vec();
    reply::build(200, HeaderValue::from_static("application/json"), body)
}

pub(super) async fn not_found() -> Failure {
    ApiError::new(Code::ResourceNotFound, "there is nothing under this path").into()
}

pub(super) async fn customers_not_allowed() -> Response {
    not_allowed(ALLOW_CUSTOMERS, "this path takes GET and POST")
}

/// Customers are never deleted (BEHAVIOUR 1.10).
pub(super) async fn customer_not_allowed() -> Response {
    not_allowed(
        ALLOW_CUSTOMER,
        "this path takes GET, PATCH and PUT; to retire a customer set status to INACTIVE",
    )
}

pub(super) async fn health_not_allowed() -> Response {
    not_allowed(ALLOW_HEALTH, "this path takes GET")
}

fn not_allowed(allow: &'static str, detail: &str) -> Response {
    let error = ApiError::plain(405, "Method Not Allowed", detail);
    let mut response = Failure::from(error).into_response();
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

fn hold_of(request: &Request) -> Option<Hold> {
    request.extensions().get::<Hold>().cloned()
}

async fn write(
    app: App,
    caller: Caller,
    operation: Operation,
    id: String,
    mut request: Request,
) -> Result<Response, Failure> {
    let hold = hold_of(&request);
    upload::check_type(request.headers())?;
    let key = key(request.headers())?;
    let body = upload::body_of(&mut request)?;
    // PUT does not declare the header, and no client may rely on it there (BEHAVIOUR 7.1).
    let is_keyed = operation != Operation::Replace;
    let ignored = key.is_some() && !is_keyed;
    let claim = key.filter(|_| is_keyed).map(|key| {
        let scope = caller.scope;
        let fingerprint = Fingerprint::new(request.method().as_str(), request.uri().path(), &body);
        (ScopedKey { scope, key }, fingerprint)
    });
    let write = Write {
        operation,
        id,
        body,
    };
    let outcome = run(&app, claim, hold, write).await;
    Ok(finish(&app, outcome.map(key_ignored(ignored))))
}

/// Says that a key has no effect, where one was sent.
fn key_ignored(was_sent: bool) -> impl FnOnce(Outcome) -> Outcome {
    move |mut outcome| {
        if was_sent {
            outcome.warnings.push(Warning::KeyIgnored);
        }
        outcome
    }
}

fn has_key(request: &Request) -> bool {
    request.headers().contains_key(IDEMPOTENCY_KEY)
}

/// Any string may be a key, but an empty one would be shared by all who forgot to fill it in. The
/// bound is there because each key is kept for 7 days.
fn key(headers: &HeaderMap) -> Result<Option<Vec<u8>>, ApiError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(key), None) if (1..=bounds::IDEMPOTENCY_KEY).contains(&key.len()) => {
            Ok(Some(key.as_bytes().to_vec()))
        }
        _ => Err(ApiError::new(
            Code::BadRequest,
            format!(
                "Idempotency-Key has to be sent once, with 1 to {} bytes",
                bounds::IDEMPOTENCY_KEY
            ),
        )),
    }
}

/// Runs a write on a task of its own: once begun it ends, even if the client goes away meanwhile.
async fn run(
    app: &App,
    claim: Option<(ScopedKey, Fingerprint)>,
    held: Option<Hold>,
    write: Write,
) -> Result<Outcome, Breakdown> {
    let app = app.clone();
    tokio::spawn(async move {
        let begun = match claim {
            None => None,
            Some((key, fingerprint)) => {
                let begin = move |service: &Arc<Service>, patience| {
                    service.begin(&key, &fingerprint, patience)
                };
                match look(&app, begin).await? {
                    Begin::Answered(outcome) => return Ok(outcome),
                    Begin::Started(running) => Some(running),
                }
            }
        };
        // The key stays taken during the wait.
        hold(held).await;
        let (tell, told) = oneshot::channel();
        // Nobody listens any more if the runtime is ending.
        let done = move |outcome| drop(tell.send(outcome));
        app.service.write(write, begun, done);
        told.await
            .map_err(|_| Breakdown::Panic)?
            .map_err(Breakdown::Store)
    })
    .await?
}

async fn hold(hold: Option<Hold>) {
    if let Some(hold) = hold {
        tokio::time::sleep(hold.time).await;
    }
}

/// A request that could not be handled, through no fault of the client.
enum Breakdown {
    Store(StoreError),
    Panic,
}

impl From<tokio::task::JoinError> for Breakdown {
    fn from(_: tokio::task::JoinError) -> Self {
        Self::Panic
    }
}

/// Looks at a row. That takes less time than handing the look to another thread, so it is done here
/// and now, unless it would have to wait.
async fn look<T: Send + 'static>(
    app: &App,
    call: impl Fn(&Arc<Service>, Patience) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Breakdown> {
    let now = AssertUnwindSafe(|| call(&app.service, Patience::Now));
    match catch_unwind(now).map_err(|_| Breakdown::Panic)? {
        Err(StoreError::Busy) => blocking(app, move |service| call(service, Patience::Wait)).await,
        result => result.map_err(Breakdown::Store),
    }
}

/// Calls the service on a thread for blocking work.
async fn blocking<T: Send + 'static>(
    app: &App,
    call: impl FnOnce(&Arc<Service>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Breakdown> {
    let service = Arc::clone(&app.service);
    tokio::task::spawn_blocking(move || call(&service))
        .await?
        .map_err(Breakdown::Store)
}

fn finish(app: &App, outcome: Result<Outcome, Breakdown>) -> Response {
    match outcome {
        Ok(outcome) => outcome.into_response(),
        // The API says so of itself where it takes too long (BEHAVIOUR 1.7).
        Err(Breakdown::Store(StoreError::Cancelled)) => {
            let time = app.limits.list.as_secs();
            let detail = format!("the search took more than {time} s; narrow it down");
            Failure::from(ApiError::new(Code::GatewayTimeout, detail)).into_response()
        }
        Err(breakdown) => {
            match breakdown {
                Breakdown::Store(error) => (app.log)(&format!("storage failed: {error}")),
                Breakdown::Panic => (app.log)("a handler panicked"),
            }
            let error = ApiError::new(Code::InternalError, "the request could not be completed");
            Failure::from(error).into_response()
        }
    }
}

/// `Allow` for a path template.
pub(super) fn allowed(template: &str) -> &'static str {
    match template {
        "/v0/customers" => ALLOW_CUSTOMERS,
        "/v0/customers/{customer_id}" => ALLOW_CUSTOMER,
        "/v0/sandbox/health" => ALLOW_HEALTH,
        _ => "OPTIONS",
    }
}
