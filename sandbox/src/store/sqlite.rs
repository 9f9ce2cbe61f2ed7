//! The store on `SQLite`: one writer, several readers, prepared statements only.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rusqlite::{
    Connection, OpenFlags, TransactionBehavior, functions::FunctionFlags, params_from_iter,
};
use uuid::Uuid;

use super::{
    Cancellation, Done, Page, Patience, Store, StoreError, Work,
    checkpoint::Checkpoints,
    file,
    plan::{self, BROAD, Query},
    rows, schema,
    writer::Writer,
};
use crate::core::{
    idempotency::{Saved, ScopedKey},
    listing::Listing,
    page_token::Cursor,
    pattern::matches,
    record::Record,
};

/// Readers of lists besides the writer, for a database in a file. One more reads single rows only, so
/// that those never wait for a list.
pub const READERS: usize = 4;

/// Adding more rows than this drops the search indexes first and makes them anew.
const BULK: u64 = 20_000;

/// Customers in an embedded `SQLite` database.
///
/// A database in a file uses the write-ahead log: readers see the last commit while a write runs,
/// and a commit survives the end of the process at any moment, `kill -9` included. (After a power
/// cut the last commits may be missing; the file stays whole.)
pub struct SqliteStore {
    thread: Writer,
    writer: Arc<Mutex<Connection>>,
    /// These are empty in memory, where a second connection would be another database.
    looker: Option<Mutex<Connection>>,
    readers: Vec<Mutex<Connection>>,
    turn: AtomicUsize,
}

impl SqliteStore {
    /// Opens the file, which is made if there is none. Only its owner can read it and the files that
    /// `SQLite` puts next to it.
    ///
    /// # Errors
    /// When `path` is no path of a file (a URI, for one), when the file cannot be opened or made
    /// private, or was made by another version of the sandbox.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let path = &file::prepare(path)?;
        let writer = connect(path)?;
        migrate(&writer)?;
        // Again, now that all files are there: another user may have made one meanwhile.
        file::prepare(path)?;
        let reader = || {
            let reader = connect(path)?;
            reader.pragma_update(None, "query_only", true)?;
            Ok(Mutex::new(reader))
        };
        let readers: Result<Vec<_>, StoreError> = (0..READERS).map(|_| reader()).collect();
        let checkpoints = Checkpoints::start(connect(path)?)?;
        Self::over(writer, Some(reader()?), readers?, Some(checkpoints))
    }

    /// A new database in memory.
    ///
    /// # Errors
    /// When `SQLite` cannot make one.
    pub fn in_memory() -> Result<Self, StoreError> {
        let writer = prepare(Connection::open_in_memory()?)?;
        migrate(&writer)?;
        Self::over(writer, None, Vec::new(), None)
    }

    fn over(
        writer: Connection,
        looker: Option<Mutex<Connection>>,
        readers: Vec<Mutex<Connection>>,
        checkpoints: Option<Checkpoints>,
    ) -> Result<Self, StoreError> {
        let writer = Arc::new(Mutex::new(writer));
        Ok(Self {
            thread: Writer::start(Arc::clone(&writer), checkpoints)?,
            writer,
            looker,
            readers,
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
            rows::add(&transaction, &record)?;
        }
        if count > BULK {
            transaction.execute_batch(&schema::create_indexes())?;
        }
        transaction.commit()?;
        // All of it went through the log, which is to be short again.
        writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
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

    /// A connection to read lists with: a free one, else the next in turn as soon as it is free.
    pub(super) fn reader(&self) -> MutexGuard<'_, Connection> {
        if let Some(free) = self.readers.iter().find_map(try_lock) {
            return free;
        }
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let in_turn = self.readers.get(turn % self.readers.len().max(1));
        lock(in_turn.unwrap_or(&self.writer))
    }

    /// A connection to read one row with, if waiting for one is wanted or not needed.
    fn looker(&self, patience: Patience) -> Result<MutexGuard<'_, Connection>, StoreError> {
        let own = self.looker.as_ref().unwrap_or(&self.writer);
        let mut any = std::iter::once(own).chain(&self.readers);
        match any.find_map(try_lock) {
            Some(free) => Ok(free),
            None if patience == Patience::Now => Err(StoreError::Busy),
            None => Ok(lock(own)),
        }
    }
}

/// A panic while the lock was held rolled its transaction back, so the connection is sound.
pub(super) fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn try_lock(connection: &Mutex<Connection>) -> Option<MutexGuard<'_, Connection>> {
    match connection.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Opens a file that [`file::prepare`] resolved.
fn connect(path: &Path) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if cfg!(unix) {
        flags |= OpenFlags::SQLITE_OPEN_NOFOLLOW;
    } else {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    prepare(Connection::open_with_flags(path, flags)?)
}

fn prepare(connection: Connection) -> Result<Connection, StoreError> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "cache_size", -64_000)?;
    // See `checkpoint`.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
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
    fn customer(&self, id: Uuid, patience: Patience) -> Result<Option<Vec<u8>>, StoreError> {
        rows::document(&*self.looker(patience)?, id)
    }

    fn page(&self, listing: &Listing, cancellation: &Cancellation) -> Result<Page, StoreError> {
        cancellation.guard(&mut self.reader(), |reader| page(reader, listing))
    }

    fn recall(&self, key: &ScopedKey, patience: Patience) -> Result<Option<Saved>, StoreError> {
        rows::recall(&*self.looker(patience)?, key)
    }

    fn transact(&self, work: Work, done: Done) {
        self.thread.add(work, done);
    }
}

fn page(reader: &mut Connection, listing: &Listing) -> Result<Page, StoreError> {
    // One transaction, so that all steps see the same rows.
    let reader = reader.transaction()?;
    let Some(query) = page_query(&reader, listing)? else {
        return Ok(Page::default());
    };
    let mut statement = reader.prepare_cached(&query.sql)?;
    let found = statement
        .query_map(params_from_iter(&query.values), |row| row.get::<_, i64>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let limit = usize::try_from(listing.limit).unwrap_or(usize::MAX);
    let mut page = Page::default();
    let mut read = reader.prepare_cached("SELECT document FROM customer WHERE seq = ?1")?;
    let mut last_begins = 0;
    for seq in found.iter().take(limit) {
        if !page.documents.is_empty() {
            page.documents.push(b',');
        }
        last_begins = page.documents.len();
        read.query_row([seq], |row| {
            page.documents
                .extend_from_slice(row.get_ref(0)?.as_bytes()?);
            Ok(())
        })?;
    }
    if found.len() > limit {
        let last = page.documents.get(last_begins..).unwrap_or_default();
        page.last = Some(serde_json::from_slice(last)?);
    }
    Ok(page)
}

/// The statement for a page; none if the row it should follow is gone.
fn page_query(connection: &Connection, listing: &Listing) -> Result<Option<Query>, StoreError> {
    let after = match &listing.after {
        None => None,
        Some(Cursor::After(position)) => Some(position.clone()),
        Some(Cursor::AfterRow(id)) => match rows::customer(connection, *id)? {
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
