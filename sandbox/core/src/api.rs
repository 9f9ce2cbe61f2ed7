//! From a request to what is to be done, and from what was done to the response.

use http::{HeaderMap, HeaderValue, Method, header};
use uuid::Uuid;

use crate::{
    access::{Access, Identity},
    body::Operation,
    bounds, cors,
    fault::{Fault, Faults},
    idempotency::{Fingerprint, ScopedKey},
    local,
    operation::{Claim, Write},
    outcome::Outcome,
    problem::{ApiError, Code},
    response::{self, Response},
    route::{Call, Route},
    warning::Warning,
};

const IDEMPOTENCY_KEY: &str = "idempotency-key";
const REQUEST_ID: &str = "x-request-id";

/// A request whose body was read, or why it could not be.
pub type Request = http::Request<Result<Vec<u8>, ApiError>>;

/// Who is let in, and by which names the sandbox is called.
#[derive(Clone, Debug)]
pub struct Api {
    /// The keys.
    pub access: Access,
    /// Whether requests that were sent to a name of another machine are answered.
    pub is_any_host: bool,
}

/// What comes before a request is handled.
pub enum Admission {
    /// It is not: this is its response.
    Answered(Response),
    /// It is, with this fault.
    Admitted(Fault),
}

/// What a request asks for.
pub enum Task {
    /// Nothing of what is stored: this is its response.
    Answered(Response),
    /// The customer with this id.
    Get(String),
    /// The page of this raw query.
    List(String),
    /// A change, perhaps under a key.
    Write(Write, Option<Claim>),
}

impl Api {
    /// Looks at a request before it is handled: its size, the name it was sent to, whether it asks
    /// what is allowed, and which fault it gets. A fault can hold a connection, so a caller without
    /// a good key gets none.
    pub fn admit(&self, request: &Request, identity: &Identity, faults: &mut Faults) -> Admission {
        let (uri, headers) = (request.uri(), request.headers());
        let response = if head_size(request) > bounds::HEAD {
            response::of_error(head_error())
        } else if !self.is_any_host && !local::is_sent_here(uri, headers) {
            response::of_error(misdirected())
        } else if request.method() == Method::OPTIONS {
            cors::options(headers, Route::of(uri.path()).allow())
        } else if identity.is_err() {
            return Admission::Admitted(Fault::default());
        } else {
            match faults.of(headers) {
                Ok(fault) => return Admission::Admitted(fault),
                Err(error) => response::of_error(error),
            }
        };
        Admission::Answered(response)
    }

    /// What an admitted request asks for.
    #[must_use]
    pub fn task(request: Request, identity: Identity) -> Task {
        Self::understand(request, identity)
            .unwrap_or_else(|error| Task::Answered(response::of_error(error)))
    }

    fn understand(request: Request, identity: Identity) -> Result<Task, ApiError> {
        let (parts, body) = request.into_parts();
        let route = Route::of(parts.uri.path());
        let Some(call) = route.call(&parts.method) else {
            return Ok(Task::Answered(without_call(&route, &parts.method)));
        };
        let caller = identity?;
        let id = match route {
            Route::Customer(id) => id,
            _ => String::new(),
        };
        let operation = match call {
            Call::Get => return Ok(Task::Get(id)),
            Call::List => return Ok(Task::List(parts.uri.query().unwrap_or_default().to_owned())),
            Call::Write(operation) => operation,
        };
        check_type(&parts.headers)?;
        let key = key(&parts.headers)?;
        let body = body?;
        let claim = key.filter(|_| takes_key(operation)).map(|key| Claim {
            key: ScopedKey {
                scope: caller.scope,
                key,
            },
            fingerprint: Fingerprint::new(parts.method.as_str(), parts.uri.path(), &body),
        });
        let write = Write {
            operation,
            id,
            body,
        };
        Ok(Task::Write(write, claim))
    }

    /// The response to what became of a task; `ignores_key` as [`ignores_key`] says of its request.
    #[must_use]
    pub fn respond(mut outcome: Outcome, ignores_key: bool) -> Response {
        if ignores_key {
            outcome.warnings.push(Warning::KeyIgnored);
        }
        response::of_outcome(outcome)
    }

    /// Adds what every response has. One to HEAD keeps the length of the body that it leaves out.
    pub fn complete(response: &mut Response, method: &Method, request: &HeaderMap, id: Uuid) {
        if *method == Method::HEAD {
            response.body_mut().clear();
        }
        if let Ok(value) = HeaderValue::try_from(id.to_string()) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        cors::expose(local::local_origin(request), response.headers_mut());
    }
}

/// Whether a request comes with an idempotency key that has no effect.
#[must_use]
pub fn ignores_key(request: &Request) -> bool {
    let call = || Route::of(request.uri().path()).call(request.method());
    request.headers().contains_key(IDEMPOTENCY_KEY)
        && !matches!(call(), Some(Call::Write(operation)) if takes_key(operation))
}

/// 413, for a body of more than [`bounds::BODY`] bytes.
#[must_use]
pub fn body_size_error() -> ApiError {
    ApiError::plain(
        413,
        "Content Too Large",
        format!("a body can be {} bytes at most", bounds::BODY),
    )
}

/// PUT does not declare the header, and no client may rely on it there (BEHAVIOUR 7.1).
fn takes_key(operation: Operation) -> bool {
    operation != Operation::Replace
}

fn without_call(route: &Route, method: &Method) -> Response {
    match route {
        Route::Unknown => {
            let detail = "there is nothing under this path";
            response::of_error(ApiError::new(Code::ResourceNotFound, detail))
        }
        Route::Health if method == Method::GET || method == Method::HEAD => response::health(),
        Route::Health | Route::Customers | Route::Customer(_) => {
            let mut response = response::of_error(route.method_error());
            let allow = HeaderValue::from_static(route.allow());
            response.headers_mut().insert(header::ALLOW, allow);
            response
        }
    }
}

/// Bytes in the target and the headers of a request.
fn head_size(request: &Request) -> usize {
    let target = request.uri().path_and_query();
    let headers = request.headers().iter();
    target.map_or(0, |target| target.as_str().len())
        + headers
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum::<usize>()
}

fn head_error() -> ApiError {
    ApiError::plain(
        431,
        "Request Header Fields Too Large",
        format!(
            "path, query and headers can be {} bytes at most together",
            bounds::HEAD
        ),
    )
}

fn misdirected() -> ApiError {
    ApiError::plain(
        421,
        "Misdirected Request",
        "the sandbox answers to localhost and to loopback addresses only; to be reached by another \
         name it has to listen on another address",
    )
}

/// Checks that the body is announced as JSON (BEHAVIOUR 1.4).
fn check_type(headers: &HeaderMap) -> Result<(), ApiError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn is_admitted(request: &Request) -> bool {
        let api = Api {
            access: Access::new("known", &[]),
            is_any_host: true,
        };
        let identity = api.access.identify(request.headers());
        let admission = api.admit(request, &identity, &mut Faults::default());
        matches!(admission, Admission::Admitted(_))
    }

    #[test]
    fn the_head_of_a_request_can_be_as_large_as_its_bound_and_no_larger() {
        let target = "/v0/customers?last_name=Quay";
        for (excess, wanted) in [(0, true), (1, false)] {
            let value = "a".repeat(bounds::HEAD - target.len() - "x-padding".len() + excess);
            let body: Result<Vec<u8>, ApiError> = Ok(Vec::new());
            let request = http::Request::builder()
                .uri(target)
                .header("x-padding", value)
                .body(body)
                .expect("a request");
            assert_eq!(is_admitted(&request), wanted, "{excess}");
        }
    }
}
