//! From a task to a call of the service.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::App;
use crate::{
    core::{
        access::Identity,
        api::{self, Api, Task},
        operation::{Claim, Write},
        outcome::Outcome,
        problem::{ApiError, Code},
        response::{self, Response},
    },
    service::{Begin, Service},
    store::{Cancellation, Patience, StoreError},
};

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

/// Does what the request asks for, and answers it.
pub(super) async fn answer(
    app: &App,
    request: api::Request,
    identity: Identity,
    held: Option<Hold>,
) -> Response {
    let ignores_key = api::ignores_key(&request);
    let outcome = match Api::task(request, identity) {
        Task::Answered(response) => return response,
        Task::Get(id) => {
            hold(held).await;
            look(app, move |service, patience| service.get(&id, patience)).await
        }
        Task::List(query) => {
            hold(held).await;
            list(app, query).await
        }
        Task::Write(write, claim) => run(app, claim, held, write).await,
    };
    match outcome {
        Ok(outcome) => Api::respond(outcome, ignores_key),
        Err(breakdown) => response::of_error(explain(app, breakdown)),
    }
}

async fn list(app: &App, query: String) -> Result<Outcome, Breakdown> {
    // A list waits here, where it can be dropped, and not on a thread.
    let turn = Arc::clone(&app.lists).acquire_owned().await;
    let turn = turn.map_err(|_| Breakdown::Panic)?;
    let cancellation = Cancellation::after(app.limits.list);
    let _while_wanted = CancelOnDrop(cancellation.clone());
    let list = move |service: &Arc<Service>| {
        let _turn = turn;
        service.list(&query, &cancellation)
    };
    blocking(app, list).await
}

/// Cancels a query when the request is dropped: hyper does that when the client has gone.
struct CancelOnDrop(Cancellation);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Runs a write on its own task: once begun it ends, even if the client goes away meanwhile.
async fn run(
    app: &App,
    claim: Option<Claim>,
    held: Option<Hold>,
    write: Write,
) -> Result<Outcome, Breakdown> {
    let app = app.clone();
    tokio::spawn(async move {
        let begun = match claim {
            None => None,
            Some(claim) => {
                let begin = move |service: &Arc<Service>, patience| service.begin(&claim, patience);
                match look(&app, begin).await? {
                    Begin::Answered(outcome) => return Ok(outcome),
                    Begin::Started(running) => Some(running),
                }
            }
        };
        // The key stays taken during the wait.
        hold(held).await;
        let (sender, result) = oneshot::channel();
        // The receiver is gone if the runtime is ending.
        let done = move |outcome| drop(sender.send(outcome));
        app.service.write(write, begun, done);
        result
            .await
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

/// Logs why a request could not be handled, and returns what its caller is sent.
fn explain(app: &App, breakdown: Breakdown) -> ApiError {
    match breakdown {
        // The API says so of itself where it takes too long (BEHAVIOUR 1.7).
        Breakdown::Store(StoreError::Cancelled) => {
            let time = app.limits.list.as_secs();
            let detail = format!("the search took more than {time} s; narrow it down");
            return ApiError::new(Code::GatewayTimeout, detail);
        }
        Breakdown::Store(error) => (app.log)(&format!("storage failed: {error}")),
        Breakdown::Panic => (app.log)("a handler panicked"),
    }
    ApiError::new(Code::InternalError, "the request could not be completed")
}
