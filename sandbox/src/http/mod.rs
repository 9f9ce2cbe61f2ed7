//! The HTTP face: routes, authentication, and everything that surrounds an answer.

mod access;
mod cors;
mod delivery;
mod envelope;
mod handlers;
mod local;
mod reply;
mod upload;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router, middleware,
    routing::{MethodRouter, get},
};

use tokio::sync::Semaphore;

pub use access::Access;
pub use delivery::Hangup;

use crate::{
    fault::{Fault, Quota},
    limits::Limits,
    lottery::Lottery,
    service::Service,
    store::READERS,
};

/// Takes one line of the request log.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// How many fault ids are counted before the counts begin anew.
const FAULT_IDS: usize = 10_000;

/// How many requests a fault may hold while they are handled. A write goes on when its client goes,
/// so those are not counted by connections.
const HOLDS: usize = 256;

/// What every request shares.
#[derive(Clone)]
pub struct App {
    service: Arc<Service>,
    access: Arc<Access>,
    log: Log,
    faults: Arc<Mutex<HashMap<String, u32>>>,
    lottery: Option<Arc<Lottery>>,
    limits: Limits,
    any_host: bool,
    /// One permit for each list that may search at the same time.
    lists: Arc<Semaphore>,
    /// One permit for each request that a fault may hold while it is handled.
    holds: Arc<Semaphore>,
}

impl App {
    /// Over `service`, for the keys of `access`. A line without personal data goes to `log` for
    /// each request.
    #[must_use]
    pub fn new(service: Arc<Service>, access: Access, log: Log) -> Self {
        Self {
            service,
            access: Arc::new(access),
            log,
            faults: Arc::default(),
            lottery: None,
            limits: Limits::default(),
            any_host: false,
            lists: Arc::new(Semaphore::new(READERS)),
            holds: Arc::new(Semaphore::new(HOLDS)),
        }
    }

    /// The same, with this patience for bodies.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same for requests that were sent to whatever name. Else only names of this machine are
    /// answered, so that no page from elsewhere gets in by a name of its own that leads here.
    #[must_use]
    pub fn with_any_host(self) -> Self {
        Self {
            any_host: true,
            ..self
        }
    }

    /// The same, where every request that asks for no fault draws one.
    #[must_use]
    pub fn with_lottery(self, lottery: Lottery) -> Self {
        Self {
            lottery: Some(Arc::new(lottery)),
            ..self
        }
    }

    /// The fault of a request that asks for none.
    fn drawn(&self) -> Fault {
        self.lottery
            .as_ref()
            .map(|lottery| lottery.draw())
            .unwrap_or_default()
    }

    /// Counts a request under its fault id, and tells whether the fault still applies.
    fn is_due(&self, quota: &Quota) -> bool {
        let mut counts = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= FAULT_IDS {
            counts.clear();
        }
        let count = counts.entry(quota.id.clone()).or_insert(0);
        *count = count.saturating_add(1);
        *count <= quota.times
    }
}

/// All routes. Serve it with [`crate::server::serve`], which can also cut connections.
pub fn app(app: App) -> Router {
    let customers = get(handlers::list)
        .post(handlers::create)
        .fallback(handlers::customers_not_allowed);
    let customer = get(handlers::get)
        .patch(handlers::patch)
        .put(handlers::replace)
        .fallback(handlers::customer_not_allowed);
    let health: MethodRouter<App> = get(handlers::health).fallback(handlers::health_not_allowed);
    Router::new()
        .route("/v0/customers", customers)
        .route("/v0/customers/{customer_id}", customer)
        .route("/v0/sandbox/health", health)
        .fallback(handlers::not_found)
        .layer(middleware::from_fn_with_state(app.clone(), envelope::wrap))
        .with_state(app)
}
