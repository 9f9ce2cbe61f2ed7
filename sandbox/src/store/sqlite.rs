//! The store on `SQLite`: one writer, several readers, prepared statements only.

use std::{
    path::Path,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rusqlite::{
    Connection, OptionalExtension, Row, Transaction, TransactionBehavior, functions::FunctionFlags,
    named_params, params, params_from_iter,
};
use uuid::Uuid;

use super::{
    Page, Store, StoreError, Unit, Work,
    plan::{self, BROAD, Query},
    schema,
};
use crate::core::{
    idempotency::{Answer, Fingerprint, LIFETIME_MICROS, Saved, ScopedKey},
    instant::Instant,
    listing::Listing,
    page_token::Cursor,
    pattern::{fold, matches},
    record::{BanStatus, Record},
};

/// Readers beside the writer, for a database in a file.
const READERS: usize = 4;

/// Adding more rows than this drops the search indexes first and makes them anew.
const BULK: u64 = 20_000;

/// Customers in an embedded `SQLite` database.
///
/// A database in a file uses the write-ahead log: readers see the last commit while a write runs,
/// and a commit survives the end of the process at any moment, `kill -9` included. (After a power
/// cut the last commits may be missing; the file stays whole.)
pub struct SqliteStore {
    writer: Mutex<Connection>,
    /// Empty in memory, where a second connection would be another database.
    readers: Vec<Mutex<Connection>>,
    turn: AtomicUsize,
}

impl SqliteStore {
    /// Opens the file, which is made if there is none.
    ///
    /// # Errors
    /// When the file cannot be opened, or was made by another version of the sandbox.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let writer = prepare(Connection::open(path)?)?;
        let readers = (0..READERS).map(|_| {
            let reader = prepare(Connection::open(path)?)?;
            reader.pragma_update(None, "query_only", true)?;
            Ok(Mutex::new(reader))
        });
        migrate(&writer)?;
        Ok(Self {
            readers: readers.collect::<Result<_, StoreError>>()?,
            writer: Mutex::new(writer),
            turn: AtomicUsize::new(0),
        })
    }

    /// A new database in memory.
    ///
    /// # Errors
    /// When `SQLite` cannot make one.
    pub fn in_memory() -> Result<Self, StoreError> {
        let writer = prepare(Connection::open_in_memory()?)?;
        migrate(&writer)?;
        Ok(Self {
            writer: Mutex::new(writer),
            readers: Vec::new(),
            turn: AtomicUsize::new(0),
        })
    }

    /// How many customers there are.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn count(&self) -> Result<u64, StoreError> {
        let count: i64 = self
            .reader()
            .query_row("SELECT count(*) FROM customer", [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Adds `count` records in one transaction. A record whose id is there already is left out.
    ///
    /// # Errors
    /// When the storage fails; then nothing was added.
    pub fn add_all(
        &self,
        count: u64,
        records: impl Iterator<Item = Record>,
    ) -> Result<(), StoreError> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if count > BULK {
            transaction.execute_batch(&schema::drop_indexes())?;
        }
        for record in records {
            insert(&transaction, "INSERT OR IGNORE", &record)?;
        }
        if count > BULK {
            transaction.execute_batch(&schema::create_indexes())?;
        }
        Ok(transaction.commit()?)
    }

    /// The steps of `SQLite`'s plan for a listing, as `EXPLAIN QUERY PLAN` words them. For tests
    /// that hold every filter and order to an index.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn explain(&self, listing: &Listing) -> Result<Vec<String>, StoreError> {
        let reader = self.reader();
        let Some(query) = page_query(&reader, listing)? else {
            return Ok(Vec::new());
        };
        let mut statement = reader.prepare(&format!("EXPLAIN QUERY PLAN {}", query.sql))?;
        let steps =
            statement.query_map(params_from_iter(&query.values), |row| row.get("detail"))?;
        Ok(steps.collect::<Result<_, _>>()?)
    }

    /// A connection to read with: the next free one, else the next in turn.
    fn reader(&self) -> MutexGuard<'_, Connection> {
        if self.readers.is_empty() {
            return lock(&self.writer);
        }
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let mut in_turn = self.readers.iter().cycle().skip(turn % self.readers.len());
        let free = in_turn
            .clone()
            .take(self.readers.len())
            .find_map(|reader| reader.try_lock().ok());
        free.unwrap_or_else(|| lock(in_turn.next().unwrap_or(&self.writer)))
    }
}

/// A panic while the lock was held rolled its transaction back, so the connection is sound.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn prepare(connection: Connection) -> Result<Connection, StoreError> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "cache_size", -64_000)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.create_scalar_function(
        "matches_pattern",
        2,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| {
            Ok(matches(
                context.get_raw(0).as_str()?,
                context.get_raw(1).as_str()?,
            ))
        },
    )?;
    Ok(connection)
}

fn migrate(connection: &Connection) -> Result<(), StoreError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        0 => {
            Ok(connection
                .execute_batch(&format!("BEGIN IMMEDIATE; {} COMMIT;", schema::create()))?)
        }
        schema::VERSION => Ok(()),
        other => Err(StoreError::Version(other)),
    }
}

impl Store for SqliteStore {
    fn customer(&self, id: Uuid) -> Result<Option<Record>, StoreError> {
        customer(&self.reader(), id)
    }

    fn page(&self, listing: &Listing) -> Result<Page, StoreError> {
        let mut reader = self.reader();
        // One transaction, so that all steps see the same rows.
        let reader = reader.transaction()?;
        let Some(query) = page_query(&reader, listing)? else {
            return Ok(Page {
                records: Vec::new(),
                has_more: false,
            });
        };
        let mut statement = reader.prepare_cached(&query.sql)?;
        let found = statement
            .query_map(params_from_iter(&query.values), |row| row.get::<_, i64>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        let limit = usize::try_from(listing.limit).unwrap_or(usize::MAX);
        let mut read = reader.prepare_cached("SELECT document FROM customer WHERE seq = ?1")?;
        let records = found
            .iter()
            .take(limit)
            .map(|seq| Ok(read.query_row([seq], document)??))
            .collect::<Result<_, StoreError>>()?;
        Ok(Page {
            records,
            has_more: found.len() > limit,
        })
    }

    fn recall(&self, key: &ScopedKey) -> Result<Option<Saved>, StoreError> {
        recall(&self.reader(), key)
    }

    fn transact(&self, work: Work<'_>) -> Result<Answer, StoreError> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut unit = SqliteUnit(transaction);
        let answer = work(&mut unit)?;
        unit.0.commit()?;
        Ok(answer)
    }
}

/// The statement for a page; none if the row it should follow is gone.
fn page_query(connection: &Connection, listing: &Listing) -> Result<Option<Query>, StoreError> {
    let after = match &listing.after {
        None => None,
        Some(Cursor::After(position)) => Some(position.clone()),
        Some(Cursor::AfterRow(id)) => match customer(connection, *id)? {
            Some(record) => Some(listing.position(&record)),
            None => return Ok(None),
        },
    };
    for way in plan::ways(listing, after.as_ref()) {
        let Some(probe) = way.probe else {
            return Ok(Some(way.query));
        };
        let found: i64 = connection
            .prepare_cached(&probe.sql)?
            .query_row(params_from_iter(&probe.values), |row| row.get(0))?;
        if found < BROAD {
            return Ok(Some(way.query));
        }
    }
    Ok(None)
}

/// A document that does not read is its own error, not one of `SQLite`.
fn document(row: &Row<'_>) -> rusqlite::Result<serde_json::Result<Record>> {
    Ok(serde_json::from_str(row.get_ref(0)?.as_str()?))
}

fn customer(connection: &Connection, id: Uuid) -> Result<Option<Record>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT document FROM customer WHERE id = ?1")?;
    let found = statement.query_row([id.as_bytes()], document).optional()?;
    Ok(found.transpose()?)
}

fn recall(connection: &Connection, key: &ScopedKey) -> Result<Option<Saved>, StoreError> {
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
            answer: Answer {
                status: row.get(3)?,
                is_problem: row.get(4)?,
                body: row.get(5)?,
            },
            at: Instant(row.get(6)?),
        })
    });
    Ok(saved.optional()?)
}

fn insert(connection: &Connection, verb: &str, record: &Record) -> Result<(), StoreError> {
    write(
        connection,
        &format!(
            "{verb} INTO customer (id, status, has_accounts, created, updated, first_name, \
             last_name, email, phone, ssn_last_4, dob, banned, document) VALUES (:id, :status, \
             :has_accounts, :created, :updated, :first_name, :last_name, :email, :phone, \
             :ssn_last_4, :dob, :banned, :document)"
        ),
        record,
    )
}

/// Runs a statement that takes every column.
fn write(connection: &Connection, sql: &str, record: &Record) -> Result<(), StoreError> {
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
        ":document": serde_json::to_string(record)?,
    })?;
    Ok(())
}

struct SqliteUnit<'a>(Transaction<'a>);

impl Unit for SqliteUnit<'_> {
    fn customer(&mut self, id: Uuid) -> Result<Option<Record>, StoreError> {
        customer(&self.0, id)
    }

    fn insert(&mut self, record: &Record) -> Result<(), StoreError> {
        insert(&self.0, "INSERT", record)
    }

    fn replace(&mut self, record: &Record) -> Result<(), StoreError> {
        write(
            &self.0,
            "UPDATE customer SET status = :status, has_accounts = :has_accounts, \
             created = :created, updated = :updated, first_name = :first_name, \
             last_name = :last_name, email = :email, phone = :phone, ssn_last_4 = :ssn_last_4, \
             dob = :dob, banned = :banned, document = :document WHERE id = :id",
            record,
        )
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
        recall(&self.0, key)
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
                saved.answer.status,
                saved.answer.is_problem,
                saved.answer.body,
                saved.at.0,
            ])?;
        Ok(())
    }
}
