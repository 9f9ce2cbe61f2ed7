//! The five operations: the rules of [`core`](crate::core) applied to what is stored.
//!
//! Everything here blocks on the store, so the HTTP layer calls it on a thread for blocking work.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use uuid::Uuid;

use crate::{
    core::{
        body::{self, Operation},
        change::{self, Context},
        idempotency::{self, Answer, Decision, Fingerprint, Saved, ScopedKey},
        instant::Instant,
        listing,
        problem::{ApiError, Code},
        record::{Record, page_response},
        rules::Rules,
        warning::Warning,
    },
    store::{Store, StoreError, Unit},
};

/// Tells the time. Tests bring their own.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What is sent.
    pub answer: Answer,
    /// What had no effect.
    pub warnings: Vec<Warning>,
    /// Whether the answer comes from memory.
    pub is_replay: bool,
}

impl From<ApiError> for Answer {
    fn from(error: ApiError) -> Self {
        Self {
            status: error.status,
            is_problem: true,
            body: error.to_json(),
        }
    }
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            warnings: Vec::new(),
            is_replay: false,
        }
    }
}

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
        })
    }

    /// GET /customers/{id}.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn get(&self, id: &str) -> Result<Outcome, StoreError> {
        let id = match path_id(id) {
            Ok(id) => id,
            Err(error) => return Ok(Answer::from(error).into()),
        };
        Ok(match self.store.customer(id)? {
            Some(record) => success(200, &record)?.into(),
            None => Answer::from(not_found()).into(),
        })
    }

    /// GET /customers with this raw query.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn list(&self, raw_query: &str) -> Result<Outcome, StoreError> {
        let (listing, warnings) = match listing::parse(raw_query) {
            Ok(parsed) => parsed,
            Err(error) => return Ok(Answer::from(error).into()),
        };
        let page = self.store.page(&listing)?;
        let token = match page.records.last() {
            Some(last) if page.has_more => Some(listing.token_after(last)),
            _ => None,
        };
        let answer = Answer {
            status: 200,
            is_problem: false,
            body: page_response(&page.records, token.as_deref())?,
        };
        Ok(Outcome {
            warnings,
            ..answer.into()
        })
    }

    /// Takes an idempotency key for a request, unless it has an answer already or is in use.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn begin(
        self: &Arc<Self>,
        key: ScopedKey,
        fingerprint: Fingerprint,
    ) -> Result<Begin, StoreError> {
        let saved = self.store.recall(&key)?;
        if let Some(outcome) = answered(saved, &fingerprint, (self.clock)()) {
            return Ok(Begin::Answered(outcome));
        }
        Ok(match self.running().entry(key.clone()) {
            Entry::Occupied(running) => {
                let status = self.rules.concurrent_use_status;
                let error = idempotency::while_running(running.get(), &fingerprint, status);
                Begin::Answered(Answer::from(error).into())
            }
            Entry::Vacant(free) => {
                free.insert(fingerprint.clone());
                Begin::Started(RunningKey {
                    service: Arc::clone(self),
                    key,
                    fingerprint,
                })
            }
        })
    }

    /// POST, PUT and PATCH. The change and the answer kept under the key are committed together.
    ///
    /// # Errors
    /// When the storage fails; then nothing was changed and nothing kept.
    pub fn write(&self, write: &Write, key: Option<&RunningKey>) -> Result<Outcome, StoreError> {
        let mut warnings = Vec::new();
        let mut is_replay = false;
        let answer = self.store.transact(Box::new(|unit| {
            let now = (self.clock)();
            if let Some(running) = key {
                // Another request may have finished between the look and the taking of the key.
                let saved = unit.recall(&running.key)?;
                if let Some(outcome) = answered(saved, &running.fingerprint, now) {
                    is_replay = outcome.is_replay;
                    return Ok(outcome.answer);
                }
            }
            let answer = match self.apply(unit, write, now, &mut warnings)? {
                Ok(record) => {
                    let created = write.operation == Operation::Create;
                    success(if created { 201 } else { 200 }, &record)?
                }
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
            Ok(answer)
        }))?;
        Ok(Outcome {
            answer,
            warnings,
            is_replay,
        })
    }

    /// The inner result tells the caller's faults, the outer one the store's.
    fn apply(
        &self,
        unit: &mut dyn Unit,
        write: &Write,
        now: Instant,
        warnings: &mut Vec<Warning>,
    ) -> Result<Result<Record, ApiError>, StoreError> {
        let stored = match self.target(unit, write)? {
            Ok(stored) => stored,
            Err(error) => return Ok(Err(error)),
        };
        let members = match body::parse(&write.body) {
            Ok(members) => members,
            Err(error) => return Ok(Err(error)),
        };
        let mut reading = body::read(&members, write.operation, &self.rules, now.date());
        warnings.append(&mut reading.warnings);
        let note = reading.draft.note.clone();
        let mut context = Context {
            rules: &self.rules,
            now,
            new_id: &mut Uuid::new_v4,
        };
        let changed = match (write.operation, stored) {
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
        let Ok(record) = &changed else {
            return Ok(changed);
        };
        if write.operation == Operation::Create {
            unit.insert(record)?;
        } else {
            unit.replace(record)?;
        }
        if let Some(note) = note {
            unit.add_note(record.id, now, &note)?;
        }
        Ok(changed)
    }

    /// The record that a PUT or PATCH is about; none for POST.
    fn target(
        &self,
        unit: &mut dyn Unit,
        write: &Write,
    ) -> Result<Result<Option<Record>, ApiError>, StoreError> {
        if write.operation == Operation::Create {
            return Ok(Ok(None));
        }
        let id = match path_id(&write.id) {
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

fn success(status: u16, record: &Record) -> Result<Answer, StoreError> {
    Ok(Answer {
        status,
        is_problem: false,
        body: record.to_response()?,
    })
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
