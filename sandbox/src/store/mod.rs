//! Where customers and answered idempotency keys are kept.

mod plan;
mod schema;
mod sqlite;

use std::fmt;

use uuid::Uuid;

use crate::core::{
    idempotency::{Answer, Saved, ScopedKey},
    instant::Instant,
    listing::Listing,
    record::Record,
};

pub use sqlite::SqliteStore;

/// A page of a listing.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The rows, in order.
    pub records: Vec<Record>,
    /// Whether rows follow.
    pub has_more: bool,
}

/// A store that could not do its work. The request it happened to is answered with 500.
#[derive(Debug)]
pub enum StoreError {
    /// `SQLite` refused or failed.
    Sqlite(rusqlite::Error),
    /// A stored document cannot be read, or a record cannot be written, as JSON.
    Document(serde_json::Error),
    /// The file was made by another version of the sandbox.
    Version(i64),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(error) => write!(f, "database: {error}"),
            // The text of a JSON error can quote the document, so only its place is told.
            Self::Document(error) => write!(
                f,
                "stored document is not readable (line {}, column {})",
                error.line(),
                error.column()
            ),
            Self::Version(version) => write!(
                f,
                "the database has schema version {version}, this sandbox needs {}; use a new file",
                schema::VERSION
            ),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Document(error)
    }
}

/// The work of one write, which ends in an answer.
pub type Work<'a> = Box<dyn FnOnce(&mut dyn Unit) -> Result<Answer, StoreError> + 'a>;

/// Durable storage, shared by all requests.
pub trait Store: Send + Sync {
    /// The customer with this id.
    ///
    /// # Errors
    /// When the storage fails.
    fn customer(&self, id: Uuid) -> Result<Option<Record>, StoreError>;

    /// One page of a listing.
    ///
    /// # Errors
    /// When the storage fails.
    fn page(&self, listing: &Listing) -> Result<Page, StoreError>;

    /// The answer given under a key, if any.
    ///
    /// # Errors
    /// When the storage fails.
    fn recall(&self, key: &ScopedKey) -> Result<Option<Saved>, StoreError>;

    /// Runs `work` alone: all of its effects are kept together, or none if it fails.
    ///
    /// # Errors
    /// What `work` returns, or when the storage fails.
    fn transact(&self, work: Work<'_>) -> Result<Answer, StoreError>;
}

/// What one write may do. Its effects become visible together.
pub trait Unit {
    /// The customer with this id.
    ///
    /// # Errors
    /// When the storage fails.
    fn customer(&mut self, id: Uuid) -> Result<Option<Record>, StoreError>;

    /// Adds a new customer.
    ///
    /// # Errors
    /// When the storage fails, or the id is taken.
    fn insert(&mut self, record: &Record) -> Result<(), StoreError>;

    /// Puts `record` in the place of the customer with its id.
    ///
    /// # Errors
    /// When the storage fails.
    fn replace(&mut self, record: &Record) -> Result<(), StoreError>;

    /// Keeps the remark that came with a change (BEHAVIOUR 4.4). It is never given out.
    ///
    /// # Errors
    /// When the storage fails.
    fn add_note(&mut self, customer: Uuid, at: Instant, note: &str) -> Result<(), StoreError>;

    /// Whether a banned customer has the same first name, last name and birth date.
    ///
    /// # Errors
    /// When the storage fails.
    fn is_banned_identity(&mut self, record: &Record) -> Result<bool, StoreError>;

    /// The answer given under a key, if any.
    ///
    /// # Errors
    /// When the storage fails.
    fn recall(&mut self, key: &ScopedKey) -> Result<Option<Saved>, StoreError>;

    /// Keeps an answer, in the place of an older one, and drops what has outlived its 7 days.
    ///
    /// # Errors
    /// When the storage fails.
    fn remember(&mut self, key: &ScopedKey, saved: &Saved) -> Result<(), StoreError>;
}
