//! The five operations: the rules of [`core`](crate::core) applied to what is stored.
//!
//! Nothing here is async. A list may block for long; a look at one row says so instead, if asked
//! ([`Patience`]); a write returns at once and is told how it ended.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use uuid::Uuid;

use crate::{
    core::{
        body::{self, Operation, Reading},
        change::{self, Context},
        event::Event,
        idempotency::{self, Answer, Decision, Fingerprint, Saved, ScopedKey},
        instant::Instant,
        listing,
        outcome::Outcome,
        problem::{ApiError, Code},
        record::{Record, page_response},
        rules::Rules,
        warning::Warning,
    },
    store::{Cancellation, Patience, Store, StoreError, Unit},
};

/// Tells the time. Tests bring their own.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Gets an event for every change, once it is committed.
pub type Observer = Box<dyn Fn(Event) + Send + Sync>;

/// A write, as it arrived.
#[derive(Clone, Debug)]
pub struct Write {
    /// POST, PUT or PATCH.
    pub operation: Operation,
    /// The id in the path, as sent; empty for POST.
    pub id: String,
    /// The body, as sent.
    pub body: Vec<u8>,
}

/// A write whose body was read, before its turn comes: only one write at a time has that.
struct Change {
    operation: Operation,
    id: String,
    reading: Result<Reading, ApiError>,
}

/// An idempotency key that is in use. It becomes free again when this is dropped, however the
/// request ends; and since it lives in memory only, no key stays locked after a crash.
pub struct RunningKey {
    service: Arc<Service>,
    key: ScopedKey,
    fingerprint: Fingerprint,
}

impl Drop for RunningKey {
    fn drop(&mut self) {
        self.service.running().remove(&self.key);
    }
}

/// What a request gets that asks for a key.
pub enum Begin {
    /// The key; go on.
    Started(RunningKey),
    /// An answer already: replayed or refused.
    Answered(Outcome),
}

/// The API over a store.
pub struct Service {
    store: Arc<dyn Store>,
    rules: Rules,
    clock: Clock,
    running: Mutex<HashMap<ScopedKey, Fingerprint>>,
    observer: OnceLock<Observer>,
}

impl Service {
    /// Over `store`, with the switches `rules`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, rules: Rules, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            store,
            rules,
            clock,
            running: Mutex::new(HashMap::new()),
            observer: OnceLock::new(),
        })
    }

    /// Gives every change to `observer` from now on. There is one at most; a second is ignored.
    pub fn observe(&self, observer: Observer) {
        let _ = self.observer.set(observer);
    }

    /// GET /customers/{id}.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn get(&self, id: &str, patience: Patience) -> Result<Outcome, StoreError> {
        let id = match path_id(id) {
            Ok(id) => id,
            Err(error) => return Ok(Answer::from(error).into()),
        };
        Ok(match self.store.customer(id, patience)? {
            Some(document) => success(200, document).into(),
            None => Answer::from(not_found()).into(),
        })
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
        let (listing, warnings) = match listing::parse(raw_query) {
            Ok(parsed) => parsed,
            Err(error) => return Ok(Answer::from(error).into()),
        };
        let page = self.store.page(&listing, cancellation)?;
        let token = page.last.map(|last| listing.token_after(&last));
        let body = page_response(&page.documents, token.as_deref());
        Ok(Outcome {
            warnings,
            ..success(200, body).into()
        })
    }

    /// Takes an idempotency key for a request, unless it is in use. Whether the key has an answer
    /// already, [`write`](Self::write) sees; here that is looked up only where the key is in use, by
    /// a request that itself may only be repeating an old one.
    ///
    /// # Errors
    /// When the storage fails, or is busy.
    pub fn begin(
        self: &Arc<Self>,
        key: &ScopedKey,
        fingerprint: &Fingerprint,
        patience: Patience,
    ) -> Result<Begin, StoreError> {
        let running = match self.take(key, fingerprint) {
            Ok(taken) => return Ok(Begin::Started(taken)),
            Err(running) => running,
        };
        let saved = self.store.recall(key, patience)?;
        let outcome = answered(saved, fingerprint, (self.clock)()).unwrap_or_else(|| {
            let status = self.rules.concurrent_use_status;
            Answer::from(idempotency::while_running(&running, fingerprint, status)).into()
        });
        Ok(Begin::Answered(outcome))
    }

    /// Takes a key; or tells of the request that has it.
    fn take(
        self: &Arc<Self>,
        key: &ScopedKey,
        fingerprint: &Fingerprint,
    ) -> Result<RunningKey, Fingerprint> {
        match self.running().entry(key.clone()) {
            Entry::Occupied(running) => Err(running.get().clone()),
            Entry::Vacant(free) => {
                free.insert(fingerprint.clone());
                Ok(RunningKey {
                    service: Arc::clone(self),
                    key: key.clone(),
                    fingerprint: fingerprint.clone(),
                })
            }
        }
    }

    /// POST, PUT and PATCH. The change and the answer kept under the key are committed together,
    /// and then `done` learns the outcome. If the storage fails, nothing was changed and nothing
    /// kept; if the work panicked, `done` is dropped.
    pub fn write(
        self: &Arc<Self>,
        write: Write,
        key: Option<RunningKey>,
        done: impl FnOnce(Result<Outcome, StoreError>) + Send + 'static,
    ) {
        let service = Arc::clone(self);
        let change = self.read(write);
        // The key stays taken until the commit.
        let key = Arc::new(key);
        let held = Arc::clone(&key);
        let event = Arc::new(OnceLock::new());
        let made = Arc::clone(&event);
        let announcer = Arc::clone(self);
        self.store.transact(
            Box::new(move |unit| service.settle(unit, &change, Option::as_ref(&key), &made)),
            Box::new(move |outcome| {
                drop(held);
                if let (Ok(_), Some(event)) = (&outcome, event.get()) {
                    announcer.announce(event);
                }
                done(outcome);
            }),
        );
    }

    fn read(&self, write: Write) -> Change {
        let Write {
            operation,
            id,
            body,
        } = write;
        let today = (self.clock)().date();
        let members = body::parse(&body);
        Change {
            operation,
            id,
            reading: members.map(|members| body::read(&members, operation, &self.rules, today)),
        }
    }

    fn announce(&self, event: &Event) {
        if let Some(observer) = self.observer.get() {
            observer(event.clone());
        }
    }

    /// The whole of one write, within its transaction; what it changes is noted in `event`.
    fn settle(
        &self,
        unit: &mut dyn Unit,
        change: &Change,
        key: Option<&RunningKey>,
        event: &OnceLock<Event>,
    ) -> Result<Outcome, StoreError> {
        let now = (self.clock)();
        if let Some(running) = key {
            let saved = unit.recall(&running.key)?;
            if let Some(outcome) = answered(saved, &running.fingerprint, now) {
                return Ok(outcome);
            }
        }
        let mut warnings = Vec::new();
        let success_status = if change.operation == Operation::Create {
            201
        } else {
            200
        };
        let answer = match self.apply(unit, change, now, &mut warnings, event)? {
            Ok(document) => success(success_status, document),
            Err(error) => error.into(),
        };
        if let Some(running) = key
            && idempotency::is_kept(answer.status)
        {
            let saved = Saved {
                fingerprint: running.fingerprint.clone(),
                answer: answer.clone(),
                at: now,
            };
            unit.remember(&running.key, &saved)?;
        }
        Ok(Outcome {
            warnings,
            ..answer.into()
        })
    }

    /// The changed customer's document. The inner result tells the caller's faults, the outer one
    /// the store's.
    fn apply(
        &self,
        unit: &mut dyn Unit,
        change: &Change,
        now: Instant,
        warnings: &mut Vec<Warning>,
        event: &OnceLock<Event>,
    ) -> Result<Result<Vec<u8>, ApiError>, StoreError> {
        let operation = change.operation;
        let stored = match Self::target(unit, change)? {
            Ok(stored) => stored,
            Err(error) => return Ok(Err(error)),
        };
        let mut reading = match change.reading.clone() {
            Ok(reading) => reading,
            Err(error) => return Ok(Err(error)),
        };
        warnings.append(&mut reading.warnings);
        let note = reading.draft.note.clone();
        let is_observed = self.observer.get().is_some();
        let before = if is_observed { stored.clone() } else { None };
        let mut context = Context {
            rules: &self.rules,
            now,
            new_id: &mut Uuid::new_v4,
        };
        let changed = match (operation, stored) {
            (Operation::Replace, Some(stored)) => change::replace(stored, reading, &mut context),
            (Operation::Patch, Some(stored)) => change::patch(stored, reading, &mut context),
            _ => {
                let mut failure = None;
                let created = change::create(reading, &mut context, |record| {
                    unit.is_banned_identity(record).unwrap_or_else(|error| {
                        failure = Some(error);
                        false
                    })
                });
                match failure {
                    Some(error) => return Err(error),
                    None => created,
                }
            }
        };
        let record = match changed {
            Ok(record) => record,
            Err(error) => return Ok(Err(error)),
        };
        let document = record.to_document()?;
        if operation == Operation::Create {
            unit.insert(&record, &document)?;
        } else {
            unit.replace(&record, &document)?;
        }
        if let Some(note) = note {
            unit.add_note(record.id, now, &note)?;
        }
        if is_observed {
            let _ = event.set(Event::new(before.as_ref(), &record, &document, now)?);
        }
        Ok(Ok(document))
    }

    /// The record that a PUT or PATCH is about; none for POST.
    fn target(
        unit: &mut dyn Unit,
        change: &Change,
    ) -> Result<Result<Option<Record>, ApiError>, StoreError> {
        if change.operation == Operation::Create {
            return Ok(Ok(None));
        }
        let id = match path_id(&change.id) {
            Ok(id) => id,
            Err(error) => return Ok(Err(error)),
        };
        Ok(match unit.customer(id)? {
            Some(record) => Ok(Some(record)),
            None => Err(not_found()),
        })
    }

    /// A panic while the lock was held cannot leave the map half changed.
    fn running(&self) -> MutexGuard<'_, HashMap<ScopedKey, Fingerprint>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answered(saved: Option<Saved>, asked: &Fingerprint, now: Instant) -> Option<Outcome> {
    match idempotency::decide(saved, asked, now) {
        Decision::Run => None,
        Decision::Refuse(error) => Some(Answer::from(error).into()),
        Decision::Replay(answer) => Some(Outcome {
            is_replay: true,
            ..answer.into()
        }),
    }
}

fn success(status: u16, body: Vec<u8>) -> Answer {
    Answer {
        status,
        is_problem: false,
        body,
    }
}

/// A path that holds no UUID is not acceptable, which is another fault than an unknown id: the
/// contract declares 400 for the path and 404 for the record.
fn path_id(text: &str) -> Result<Uuid, ApiError> {
    listing::parse_uuid(text)
        .ok_or_else(|| ApiError::new(Code::BadRequest, "customer_id in the path has to be a UUID"))
}

fn not_found() -> ApiError {
    ApiError::new(
        Code::ResourceNotFound,
        "there is no customer with that identifier",
    )
}
