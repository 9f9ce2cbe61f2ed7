//! The HTTP face: what [`core::api`](crate::core::api) decides, done on tokio and axum.

mod delivery;
mod envelope;
mod handlers;
mod upload;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;

use tokio::sync::Semaphore;

pub use delivery::Hangup;

use crate::{
    core::{
        access::{Access, Identity},
        api::{Admission, Api, Request},
        fault::Faults,
        lottery::Lottery,
    },
    limits::Limits,
    service::Service,
    store::READERS,
};

/// Takes one line of the request log.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// How many requests a fault may hold while they are handled. A write goes on when its client goes,
/// so those are not counted by connections.
const HOLDS: usize = 256;

/// What every request shares.
#[derive(Clone)]
pub struct App {
    service: Arc<Service>,
    api: Arc<Api>,
    log: Log,
    faults: Arc<Mutex<Faults>>,
    limits: Limits,
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
            api: Arc::new(Api {
                access,
                is_any_host: false,
            }),
            log,
            faults: Arc::default(),
            limits: Limits::default(),
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
    /// answered, so that no page from elsewhere gets in by its own name that leads here.
    #[must_use]
    pub fn with_any_host(self) -> Self {
        let api = Api {
            is_any_host: true,
            ..Api::clone(&self.api)
        };
        Self {
            api: Arc::new(api),
            ..self
        }
    }

    /// The same, where every request that asks for no fault draws one.
    #[must_use]
    pub fn with_lottery(self, lottery: Lottery) -> Self {
        Self {
            faults: Arc::new(Mutex::new(Faults::with_lottery(lottery))),
            ..self
        }
    }

    fn admit(&self, request: &Request, identity: &Identity) -> Admission {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        self.api.admit(request, identity, &mut faults)
    }
}

/// The application. Serve it with [`crate::server::serve`], which can also cut connections.
pub fn app(app: App) -> Router {
    Router::new().fallback(envelope::handle).with_state(app)
}
