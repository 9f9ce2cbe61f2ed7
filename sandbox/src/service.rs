//! The five operations of [`core::operation`](crate::core::operation) over a store that is shared by
//! all requests.
//!
//! Nothing here is async. A list may block for long; a look at one row says so instead, if asked
//! ([`Patience`]); a write returns at once and reports how it ended to a callback.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use uuid::Uuid;

use crate::{
    core::{
        change::Context,
        event::Event,
        instant::Instant,
        operation::{self, Change, Claim, RunningKeys, Write},
        outcome::Outcome,
        rules::Rules,
    },
    store::{Cancellation, Patience, Store, StoreError},
};

/// The current time. Tests bring their own.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Gives a new identifier at each call. Tests bring their own.
pub type NewId = Arc<dyn Fn() -> Uuid + Send + Sync>;

/// Gets an event for every change, once it is committed.
pub type Observer = Box<dyn Fn(Event) + Send + Sync>;

/// An idempotency key that is in use. It becomes free again when this is dropped, however the
/// request ends; and since it lives in memory only, no key stays locked after a crash.
pub struct RunningKey {
    service: Arc<Service>,
    claim: Claim,
}

impl Drop for RunningKey {
    fn drop(&mut self) {
        self.service.running().release(&self.claim.key);
    }
}

/// What a request gets that asks for a key.
pub enum Begin {
    /// The key; go on.
    Started(RunningKey),
    /// A response already: replayed or refused.
    Answered(Outcome),
}

/// The API over a store.
pub struct Service {
    store: Arc<dyn Store>,
    rules: Rules,
    clock: Clock,
    new_id: NewId,
    running: Mutex<RunningKeys>,
    observer: OnceLock<Observer>,
}

impl Service {
    /// Over `store`, with the switches `rules`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, rules: Rules, clock: Clock, new_id: NewId) -> Arc<Self> {
        Arc::new(Self {
            store,
            rules,
            clock,
            new_id,
            running: Mutex::default(),
            observer: OnceLock::new(),
        })
    }

    /// Gives every change to `observer` from now on. There is one at most; a second is ignored.
    pub fn observe(&self, observer: Observer) {
        let _ = self.observer.set(observer);
    }

    /// A new identifier.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        (self.new_id)()
    }

    /// GET /customers/{id}.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn get(&self, id: &str, patience: Patience) -> Result<Outcome, StoreError> {
        operation::get(id, |id| self.store.customer(id, patience))
    }

    /// GET /customers with this raw query.
    ///
    /// # Errors
    /// When the storage fails, and [`StoreError::Cancelled`] when `cancellation` is due.
    pub fn list(
        &self,
        raw_query: &str,
        cancellation: &Cancellation,
    ) -> Result<Outcome, StoreError> {
        operation::list(raw_query, |listing| self.store.page(listing, cancellation))
    }

    /// Takes an idempotency key for a request, unless it is in use. Whether the key has a response
    /// already, [`write`](Self::write) sees; here that is looked up only where the key is in use, by
    /// a request that itself may only be repeating an old one.
    ///
    /// # Errors
    /// When the storage fails, or is busy.
    pub fn begin(self: &Arc<Self>, claim: &Claim, patience: Patience) -> Result<Begin, StoreError> {
        let taken = self.running().take(claim);
        let Err(running) = taken else {
            return Ok(Begin::Started(RunningKey {
                service: Arc::clone(self),
                claim: claim.clone(),
            }));
        };
        let saved = self.store.recall(&claim.key, patience)?;
        let asked = &claim.fingerprint;
        let now = (self.clock)();
        let outcome = operation::while_running(saved, &running, asked, now, &self.rules);
        Ok(Begin::Answered(outcome))
    }

    /// POST, PUT and PATCH. The change and the response kept under the key are committed together,
    /// and then `done` receives the outcome. If the storage fails, nothing was changed and nothing
    /// kept; if the work panicked, `done` is dropped.
    pub fn write(
        self: &Arc<Self>,
        write: Write,
        key: Option<RunningKey>,
        done: impl FnOnce(Result<Outcome, StoreError>) + Send + 'static,
    ) {
        let service = Arc::clone(self);
        let change = Change::read(write, &self.rules, (self.clock)());
        // The key stays taken until the commit.
        let key = Arc::new(key);
        let held = Arc::clone(&key);
        let event = Arc::new(Mutex::new(None));
        let made = Arc::clone(&event);
        let announcer = Arc::clone(self);
        self.store.transact(
            Box::new(move |unit| {
                let mut context = Context {
                    rules: &service.rules,
                    now: (service.clock)(),
                    new_id: &mut || (service.new_id)(),
                };
                let claim = Option::as_ref(&key).map(|key| &key.claim);
                let wants_event = service.observer.get().is_some();
                let settled = change.settle(unit, claim, &mut context, wants_event)?;
                *lock(&event) = settled.event;
                Ok(settled.outcome)
            }),
            Box::new(move |outcome| {
                drop(held);
                if let (Ok(_), Some(event)) = (&outcome, lock(&made).take()) {
                    announcer.announce(event);
                }
                done(outcome);
            }),
        );
    }

    fn announce(&self, event: Event) {
        if let Some(observer) = self.observer.get() {
            observer(event);
        }
    }

    fn running(&self) -> MutexGuard<'_, RunningKeys> {
        lock(&self.running)
    }
}

/// A panic while the lock was held cannot leave what it guards half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
