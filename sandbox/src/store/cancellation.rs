//! Ending a query early.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::StoreError;

/// How many steps of `SQLite`'s virtual machine run between two checks of a [`Cancellation`]: about a
/// millisecond, so that the check costs next to nothing.
const STEPS: i32 = 10_000;

/// Ends a query at its deadline, or when it is cancelled. Clones share the state.
#[derive(Clone, Debug)]
pub struct Cancellation {
    deadline: Instant,
    is_cancelled: Arc<AtomicBool>,
}

impl Cancellation {
    /// With a deadline that is so far away.
    #[must_use]
    pub fn after(time: Duration) -> Self {
        Self {
            deadline: Instant::now() + time,
            is_cancelled: Arc::default(),
        }
    }

    /// Ends the query as soon as may be.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the query should have ended.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed) || Instant::now() >= self.deadline
    }

    /// Runs `query` on the connection, unless or until it is due.
    pub(super) fn guard<T>(
        &self,
        connection: &mut Connection,
        query: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.is_due() {
            return Err(StoreError::Cancelled);
        }
        let this = self.clone();
        connection.progress_handler(STEPS, Some(move || this.is_due()))?;
        let result = query(connection);
        connection.progress_handler(0, None::<fn() -> bool>)?;
        match result {
            Err(StoreError::Sqlite(error))
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) =>
            {
                Err(StoreError::Cancelled)
            }
            result => result,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::{
        core::listing,
        store::{SqliteStore, Store},
    };

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(100);

    /// Counts to a number that takes many seconds.
    fn endless(connection: &mut Connection) -> Result<i64, StoreError> {
        let sql = "WITH RECURSIVE n (x) AS (
                       SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000000)
                   SELECT count(*) FROM n";
        Ok(connection.query_row(sql, [], |row| row.get(0))?)
    }

    #[test]
    fn a_query_that_runs_ends_when_it_is_cancelled_or_at_its_deadline() {
        let mut connection = Connection::open_in_memory().unwrap();
        let cancelled = Cancellation::after(LONG);
        let canceller = cancelled.clone();
        let thread = thread::spawn(move || {
            thread::sleep(SHORT);
            canceller.cancel();
        });
        for cancellation in [cancelled, Cancellation::after(SHORT)] {
            let begin = Instant::now();
            let ended = cancellation.guard(&mut connection, endless);
            assert!(matches!(ended, Err(StoreError::Cancelled)), "{ended:?}");
            assert!(begin.elapsed() < LONG / 4);
        }
        thread.join().unwrap();
        let next = Cancellation::after(LONG).guard(&mut connection, |connection| {
            Ok(connection.query_row("SELECT 7", [], |row| row.get::<_, i64>(0))?)
        });
        assert_eq!(next.unwrap(), 7, "the connection is as good as before");
    }

    #[test]
    fn a_list_that_is_cancelled_before_its_turn_does_not_begin() {
        let store = SqliteStore::in_memory().unwrap();
        let (listing, _) = listing::parse("").unwrap();
        let page = store.page(&listing, &Cancellation::after(Duration::ZERO));
        assert!(matches!(page, Err(StoreError::Cancelled)), "{page:?}");
        store.page(&listing, &Cancellation::after(LONG)).unwrap();
    }
}
