//! Where customers and answered idempotency keys are kept.

mod cancellation;
mod checkpoint;
mod file;
mod plan;
mod rows;
#[cfg(test)]
mod scale;
mod schema;
mod sqlite;
mod writer;

use std::{fmt, sync::Arc};

use uuid::Uuid;

use crate::core::{
    idempotency::{Saved, ScopedKey},
    listing::Listing,
    outcome::Outcome,
};

pub use crate::core::store::{Page, Unit};
pub use cancellation::Cancellation;
pub use sqlite::{READERS, SqliteStore};

/// A store that could not do its work. The request it happened to is answered with 500.
#[derive(Clone, Debug)]
pub enum StoreError {
    /// `SQLite` refused or failed. Writes that were committed together share it.
    Sqlite(Arc<rusqlite::Error>),
    /// A stored document cannot be read, or a record cannot be written, as JSON.
    Document(Arc<serde_json::Error>),
    /// The file was made by another version of the sandbox.
    Version(i64),
    /// Everything that could answer is in use, and waiting was not wanted.
    Busy,
    /// The name is not that of a file that the sandbox takes for its database.
    File(String),
    /// There is no thread to write, or to copy the log, with.
    Thread,
    /// The query was cancelled, or took too long.
    Cancelled,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(error) => write!(f, "database: {error}"),
            // The text of a JSON error can quote the document, so only its position is given.
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
            Self::Busy => f.write_str("all connections are in use"),
            Self::File(why) => f.write_str(why),
            Self::Thread => f.write_str("there is no thread to write with"),
            Self::Cancelled => f.write_str("the query was cancelled"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(Arc::new(error))
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Document(Arc::new(error))
    }
}

/// Whether a caller can wait until a connection is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// It cannot: rather [`StoreError::Busy`].
    Now,
    /// It can.
    Wait,
}

/// The work of one write. It may run a second time, after all it did was taken back.
pub type Work =
    Box<dyn Fn(&mut dyn Unit<Error = StoreError>) -> Result<Outcome, StoreError> + Send>;

/// Takes what became of a [`Work`]. Dropped uncalled if the work panicked.
pub type Done = Box<dyn FnOnce(Result<Outcome, StoreError>) + Send>;

/// Durable storage, shared by all requests.
pub trait Store: Send + Sync {
    /// The document of the customer with this id.
    ///
    /// # Errors
    /// When the storage fails, or is busy.
    fn customer(&self, id: Uuid, patience: Patience) -> Result<Option<Vec<u8>>, StoreError>;

    /// One page of a listing. May take long, so call it where waiting is allowed.
    ///
    /// # Errors
    /// When the storage fails, and [`StoreError::Cancelled`] when `cancellation` is due.
    fn page(&self, listing: &Listing, cancellation: &Cancellation) -> Result<Page, StoreError>;

    /// The response given under a key, if any.
    ///
    /// # Errors
    /// When the storage fails, or is busy.
    fn recall(&self, key: &ScopedKey, patience: Patience) -> Result<Option<Saved>, StoreError>;

    /// Has `work` run alone, as soon as may be, and returns at once. All effects of the work are
    /// kept together, or none if it fails; `done` is called when they are kept.
    fn transact(&self, work: Work, done: Done);
}
