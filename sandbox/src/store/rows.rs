//! The statements that read and write single rows.

use rusqlite::{Connection, OptionalExtension, named_params, params};
use uuid::Uuid;

use super::{StoreError, Unit};
use crate::core::{
    idempotency::{ApiResponse, Fingerprint, LIFETIME_MICROS, Saved, ScopedKey},
    instant::Instant,
    pattern::fold,
    record::{BanStatus, Record},
};

/// The document of a customer.
pub(super) fn document(connection: &Connection, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    let found = connection
        .prepare_cached("SELECT document FROM customer WHERE id = ?1")?
        .query_row([id.as_bytes()], |row| {
            Ok(row.get_ref(0)?.as_bytes()?.to_vec())
        });
    Ok(found.optional()?)
}

/// The customer itself.
pub(super) fn customer(connection: &Connection, id: Uuid) -> Result<Option<Record>, StoreError> {
    let document = document(connection, id)?;
    Ok(document
        .map(|document| serde_json::from_slice(&document))
        .transpose()?)
}

/// The response given under a key.
pub(super) fn recall(
    connection: &Connection,
    key: &ScopedKey,
) -> Result<Option<Saved>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT method, path, payload, status, is_problem, body, at FROM answer
         WHERE scope = ?1 AND key = ?2",
    )?;
    let saved = statement.query_row(params![key.scope, key.key], |row| {
        Ok(Saved {
            fingerprint: Fingerprint {
                method: row.get(0)?,
                path: row.get(1)?,
                payload: row.get(2)?,
            },
            response: ApiResponse {
                status: row.get(3)?,
                is_problem: row.get(4)?,
                body: row.get(5)?,
            },
            at: Instant(row.get(6)?),
        })
    });
    Ok(saved.optional()?)
}

/// Adds a customer, unless the id is there already; then nothing happens.
pub(super) fn add(connection: &Connection, record: &Record) -> Result<(), StoreError> {
    let document = record.to_document()?;
    write(connection, INSERT_OR_IGNORE, record, &document)
}

macro_rules! insert {
    ($verb:literal) => {
        concat!(
            $verb,
            " INTO customer (id, status, has_accounts, created, updated, first_name, last_name, \
             email, phone, ssn_last_4, dob, banned, document) VALUES (:id, :status, \
             :has_accounts, :created, :updated, :first_name, :last_name, :email, :phone, \
             :ssn_last_4, :dob, :banned, :document)"
        )
    };
}

const INSERT: &str = insert!("INSERT");
const INSERT_OR_IGNORE: &str = insert!("INSERT OR IGNORE");
const REPLACE: &str = "UPDATE customer SET status = :status, has_accounts = :has_accounts, \
     created = :created, updated = :updated, first_name = :first_name, last_name = :last_name, \
     email = :email, phone = :phone, ssn_last_4 = :ssn_last_4, dob = :dob, banned = :banned, \
     document = :document WHERE id = :id";

/// Runs a statement that takes every column.
fn write(
    connection: &Connection,
    sql: &str,
    record: &Record,
    document: &[u8],
) -> Result<(), StoreError> {
    let folded = |text: &Option<String>| fold(text.as_deref().unwrap_or(""));
    connection.prepare_cached(sql)?.execute(named_params! {
        ":id": record.id.as_bytes(),
        ":status": record.status.as_str(),
        ":has_accounts": record.has_accounts,
        ":created": record.creation_time.0,
        ":updated": record.last_updated_time.0,
        ":first_name": folded(&record.first_name),
        ":last_name": folded(&record.last_name),
        ":email": folded(&record.email),
        ":phone": folded(&record.phone_number),
        ":ssn_last_4": record.ssn_last_4.as_deref().unwrap_or(""),
        ":dob": record.dob.as_deref().unwrap_or(""),
        ":banned": record.ban_status == BanStatus::Banned,
        ":document": document,
    })?;
    Ok(())
}

/// The rows, within the transaction that the connection is in.
pub(super) struct Rows<'a>(pub(super) &'a Connection);

impl Unit for Rows<'_> {
    type Error = StoreError;

    fn customer(&mut self, id: Uuid) -> Result<Option<Record>, StoreError> {
        customer(self.0, id)
    }

    fn insert(&mut self, record: &Record, document: &[u8]) -> Result<(), StoreError> {
        write(self.0, INSERT, record, document)
    }

    fn replace(&mut self, record: &Record, document: &[u8]) -> Result<(), StoreError> {
        write(self.0, REPLACE, record, document)
    }

    fn add_note(&mut self, customer: Uuid, at: Instant, note: &str) -> Result<(), StoreError> {
        self.0
            .prepare_cached("INSERT INTO note (customer, at, text) VALUES (?1, ?2, ?3)")?
            .execute(params![customer.as_bytes(), at.0, note])?;
        Ok(())
    }

    fn is_banned_identity(&mut self, record: &Record) -> Result<bool, StoreError> {
        let (Some(first), Some(last), Some(dob)) =
            (&record.first_name, &record.last_name, &record.dob)
        else {
            return Ok(false);
        };
        let mut statement = self.0.prepare_cached(
            "SELECT 1 FROM customer WHERE banned = 1 AND last_name = ?1 AND first_name = ?2
             AND dob = ?3",
        )?;
        Ok(statement.exists(params![fold(last), fold(first), dob])?)
    }

    fn recall(&mut self, key: &ScopedKey) -> Result<Option<Saved>, StoreError> {
        recall(self.0, key)
    }

    fn remember(&mut self, key: &ScopedKey, saved: &Saved) -> Result<(), StoreError> {
        self.0
            .prepare_cached("DELETE FROM answer WHERE at <= ?1")?
            .execute([saved.at.0.saturating_sub(LIFETIME_MICROS)])?;
        self.0
            .prepare_cached(
                "INSERT OR REPLACE INTO answer
                 (scope, key, method, path, payload, status, is_problem, body, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                key.scope,
                key.key,
                saved.fingerprint.method,
                saved.fingerprint.path,
                saved.fingerprint.payload,
                saved.response.status,
                saved.response.is_problem,
                saved.response.body,
                saved.at.0,
            ])?;
        Ok(())
    }
}
