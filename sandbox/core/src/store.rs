//! What the rules need of a store.

use uuid::Uuid;

use crate::{
    idempotency::{Saved, ScopedKey},
    instant::Instant,
    record::Record,
};

/// A page of a listing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The documents of the rows, in order, joined by commas.
    pub documents: Vec<u8>,
    /// The last row, if rows follow.
    pub last: Option<Record>,
}

/// What one write may do. Its effects become visible together.
pub trait Unit {
    /// Why the storage fails.
    type Error: From<serde_json::Error>;

    /// The customer with this id.
    ///
    /// # Errors
    /// When the storage fails.
    fn customer(&mut self, id: Uuid) -> Result<Option<Record>, Self::Error>;

    /// Adds a new customer, whose document this is.
    ///
    /// # Errors
    /// When the storage fails, or the id is taken.
    fn insert(&mut self, record: &Record, document: &[u8]) -> Result<(), Self::Error>;

    /// Puts `record`, whose document this is, in the place of the customer with its id.
    ///
    /// # Errors
    /// When the storage fails.
    fn replace(&mut self, record: &Record, document: &[u8]) -> Result<(), Self::Error>;

    /// Keeps the remark that came with a change (BEHAVIOUR 4.4). It is never given out.
    ///
    /// # Errors
    /// When the storage fails.
    fn add_note(&mut self, customer: Uuid, at: Instant, note: &str) -> Result<(), Self::Error>;

    /// Whether a banned customer has the same first name, last name and birth date.
    ///
    /// # Errors
    /// When the storage fails.
    fn is_banned_identity(&mut self, record: &Record) -> Result<bool, Self::Error>;

    /// The response given under a key, if any.
    ///
    /// # Errors
    /// When the storage fails.
    fn recall(&mut self, key: &ScopedKey) -> Result<Option<Saved>, Self::Error>;

    /// Keeps a response, in the place of an older one, and drops what has outlived its 7 days.
    ///
    /// # Errors
    /// When the storage fails.
    fn remember(&mut self, key: &ScopedKey, saved: &Saved) -> Result<(), Self::Error>;
}
