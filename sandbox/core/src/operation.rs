//! The five operations: the rules of the other modules applied to what is stored, which is given.

use std::collections::HashMap;

use uuid::Uuid;

use crate::{
    body::{self, Operation, Reading},
    change::{self, Context},
    event::Event,
    idempotency::{self, ApiResponse, Decision, Fingerprint, Saved, ScopedKey},
    instant::Instant,
    listing::{self, Listing},
    outcome::Outcome,
    problem::{ApiError, Code},
    record::{Record, page_response},
    rules::Rules,
    store::{Page, Unit},
    warning::Warning,
};

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
pub struct Change {
    operation: Operation,
    id: String,
    reading: Result<Reading, ApiError>,
}

/// The idempotency key of a request, and what the request is.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The key.
    pub key: ScopedKey,
    /// The request.
    pub fingerprint: Fingerprint,
}

/// The idempotency keys of the requests that are handled right now.
#[derive(Debug, Default)]
pub struct RunningKeys(HashMap<ScopedKey, Fingerprint>);

impl RunningKeys {
    /// Takes a key, until [`release`](Self::release).
    ///
    /// # Errors
    /// The request that has the key already.
    pub fn take(&mut self, claim: &Claim) -> Result<(), Fingerprint> {
        match self.0.get(&claim.key) {
            Some(running) => Err(running.clone()),
            None => {
                self.0.insert(claim.key.clone(), claim.fingerprint.clone());
                Ok(())
            }
        }
    }

    /// Makes a key free again.
    pub fn release(&mut self, key: &ScopedKey) {
        self.0.remove(key);
    }
}

/// What became of a write.
pub struct Settled {
    /// What is sent.
    pub outcome: Outcome,
    /// What changed, where that was asked for.
    pub event: Option<Event>,
}

/// GET /customers/{id}, where `find` looks a document up.
///
/// # Errors
/// When the storage fails.
pub fn get<E>(
    id: &str,
    find: impl FnOnce(Uuid) -> Result<Option<Vec<u8>>, E>,
) -> Result<Outcome, E> {
    let id = match path_id(id) {
        Ok(id) => id,
        Err(error) => return Ok(ApiResponse::from(error).into()),
    };
    Ok(match find(id)? {
        Some(document) => success(200, document).into(),
        None => ApiResponse::from(not_found()).into(),
    })
}

/// GET /customers with this raw query, where `search` finds a page.
///
/// # Errors
/// When the storage fails.
pub fn list<E>(
    raw_query: &str,
    search: impl FnOnce(&Listing) -> Result<Page, E>,
) -> Result<Outcome, E> {
    let (listing, warnings) = match listing::parse(raw_query) {
        Ok(parsed) => parsed,
        Err(error) => return Ok(ApiResponse::from(error).into()),
    };
    let page = search(&listing)?;
    let token = page.last.map(|last| listing.token_after(&last));
    let body = page_response(&page.documents, token.as_deref());
    Ok(Outcome {
        warnings,
        ..success(200, body).into()
    })
}

/// The response to a request whose key another one, `running`, is using. `saved` is the response that
/// was given under the key before: the other one may only be repeating an old request.
#[must_use]
pub fn while_running(
    saved: Option<Saved>,
    running: &Fingerprint,
    asked: &Fingerprint,
    now: Instant,
    rules: &Rules,
) -> Outcome {
    answered(saved, asked, now).unwrap_or_else(|| {
        let status = rules.concurrent_use_status;
        ApiResponse::from(idempotency::while_running(running, asked, status)).into()
    })
}

impl Change {
    /// Reads a write's body at the moment `now`.
    #[must_use]
    pub fn read(write: Write, rules: &Rules, now: Instant) -> Self {
        let Write {
            operation,
            id,
            body,
        } = write;
        let members = body::parse(&body);
        Self {
            operation,
            id,
            reading: members.map(|members| body::read(&members, operation, rules, now.date())),
        }
    }

    /// The whole of a write, within its transaction: the response that was kept under its key, or the
    /// change and the response to keep.
    ///
    /// # Errors
    /// When the storage fails; then nothing may be kept.
    pub fn settle<E: From<serde_json::Error>>(
        &self,
        unit: &mut dyn Unit<Error = E>,
        claim: Option<&Claim>,
        context: &mut Context<'_>,
        wants_event: bool,
    ) -> Result<Settled, E> {
        let now = context.now;
        if let Some(claim) = claim {
            let saved = unit.recall(&claim.key)?;
            if let Some(outcome) = answered(saved, &claim.fingerprint, now) {
                let event = None;
                return Ok(Settled { outcome, event });
            }
        }
        let mut warnings = Vec::new();
        let mut event = None;
        let response = match self.apply(unit, context, &mut warnings)? {
            Ok(applied) => {
                if wants_event {
                    let Applied {
                        before,
                        after,
                        document,
                    } = &applied;
                    event = Some(Event::new(before.as_ref(), after, document, now)?);
                }
                let is_new = self.operation == Operation::Create;
                success(if is_new { 201 } else { 200 }, applied.document)
            }
            Err(error) => error.into(),
        };
        if let Some(claim) = claim
            && idempotency::is_kept(response.status)
        {
            let saved = Saved {
                fingerprint: claim.fingerprint.clone(),
                response: response.clone(),
                at: now,
            };
            unit.remember(&claim.key, &saved)?;
        }
        let outcome = Outcome {
            warnings,
            ..response.into()
        };
        Ok(Settled { outcome, event })
    }

    /// Changes the customer. The inner result holds the caller's faults, the outer one the store's.
    fn apply<E: From<serde_json::Error>>(
        &self,
        unit: &mut dyn Unit<Error = E>,
        context: &mut Context<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Result<Result<Applied, ApiError>, E> {
        let before = match self.target(unit)? {
            Ok(stored) => stored,
            Err(error) => return Ok(Err(error)),
        };
        let mut reading = match self.reading.clone() {
            Ok(reading) => reading,
            Err(error) => return Ok(Err(error)),
        };
        warnings.append(&mut reading.warnings);
        let note = reading.draft.note.clone();
        let changed = match (self.operation, before.clone()) {
            (Operation::Replace, Some(stored)) => change::replace(stored, reading, context),
            (Operation::Patch, Some(stored)) => change::patch(stored, reading, context),
            _ => {
                let mut failure = None;
                let created = change::create(reading, context, |record| {
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
        let after = match changed {
            Ok(record) => record,
            Err(error) => return Ok(Err(error)),
        };
        let document = after.to_document()?;
        if self.operation == Operation::Create {
            unit.insert(&after, &document)?;
        } else {
            unit.replace(&after, &document)?;
        }
        if let Some(note) = note {
            unit.add_note(after.id, context.now, &note)?;
        }
        Ok(Ok(Applied {
            before,
            after,
            document,
        }))
    }

    /// The record that a PUT or PATCH is about; none for POST.
    fn target<E>(
        &self,
        unit: &mut dyn Unit<Error = E>,
    ) -> Result<Result<Option<Record>, ApiError>, E>
    where
        E: From<serde_json::Error>,
    {
        if self.operation == Operation::Create {
            return Ok(Ok(None));
        }
        let id = match path_id(&self.id) {
            Ok(id) => id,
            Err(error) => return Ok(Err(error)),
        };
        Ok(match unit.customer(id)? {
            Some(record) => Ok(Some(record)),
            None => Err(not_found()),
        })
    }
}

/// A customer before and after a write.
struct Applied {
    before: Option<Record>,
    after: Record,
    document: Vec<u8>,
}

fn answered(saved: Option<Saved>, asked: &Fingerprint, now: Instant) -> Option<Outcome> {
    match idempotency::decide(saved, asked, now) {
        Decision::Run => None,
        Decision::Refuse(error) => Some(ApiResponse::from(error).into()),
        Decision::Replay(response) => Some(Outcome {
            is_replay: true,
            ..response.into()
        }),
    }
}

fn success(status: u16, body: Vec<u8>) -> ApiResponse {
    ApiResponse {
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
