//! Copying the write-ahead log into the database, in parallel with the writer.
//!
//! `SQLite` would do it within the commit that makes the log too long, and all writes would wait for
//! the disk. Here a separate thread copies while the writer goes on; then little is left, which
//! the writer copies itself, and after that the log begins anew.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
};

use rusqlite::Connection;

use super::StoreError;

/// Pages of 4 KiB in the log when a copy is asked for: about 100 MB. A page that changed often is
/// copied once.
const PAGES: usize = 24_576;

/// So many pages a commit changes, about, and each write in it more: one for each index at its end,
/// which the writes share, and those where an id or a key falls.
const PAGES_OF_COMMIT: usize = 20;
const PAGES_OF_WRITE: usize = 5;

/// The thread, as the writer sees it. Dropping this ends it.
pub(super) struct Checkpoints {
    /// Pages since the last copy was asked for.
    pages: usize,
    ask: Option<mpsc::SyncSender<()>>,
    /// Set by the thread after a copy.
    copied: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Starts the thread, which copies through this connection.
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (ask, asked) = mpsc::sync_channel(1);
        let copied = Arc::new(AtomicBool::new(false));
        let is_copied = Arc::clone(&copied);
        let work = move || {
            while let Ok(()) = asked.recv() {
                copy(&connection);
                is_copied.store(true, Ordering::Release);
            }
        };
        let thread = thread::Builder::new()
            .name("checkpoints".to_owned())
            .spawn(work)
            .map_err(|_| StoreError::Thread)?;
        Ok(Self {
            pages: 0,
            ask: Some(ask),
            copied,
            thread: Some(thread),
        })
    }

    /// Counts writes that were committed together through the connection `writer`.
    pub(super) fn after(&mut self, written: usize, writer: &Connection) {
        self.pages += PAGES_OF_COMMIT + PAGES_OF_WRITE * written;
        if self.copied.swap(false, Ordering::Acquire) {
            copy(writer);
        }
        if self.pages >= PAGES
            && let Some(ask) = &self.ask
        {
            self.pages = 0;
            // A copy that is asked for already will do.
            let _ = ask.try_send(());
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop(self.ask.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Copies as much as can be without waiting for a reader or the writer. If it fails, the log is longer for a while,
/// and nothing is lost.
fn copy(connection: &Connection) {
    let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
}

#[cfg(test)]
mod tests {
    use std::{
        path::Path,
        time::{Duration, Instant},
    };

    use super::*;

    fn open(folder: &Path) -> Connection {
        let connection = Connection::open(folder.join("x.db")).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
                 PRAGMA wal_autocheckpoint = 0; CREATE TABLE IF NOT EXISTS t (x);",
            )
            .unwrap();
        connection
    }

    fn write(writer: &Connection) {
        writer
            .execute("INSERT INTO t VALUES (randomblob(2000))", [])
            .unwrap();
    }

    /// Bytes of the log's file, which never shrinks.
    fn log(folder: &Path) -> u64 {
        std::fs::metadata(folder.join("x.db-wal")).unwrap().len()
    }

    #[test]
    fn the_log_is_copied_when_it_is_long_and_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let writer = open(folder.path());
        let mut checkpoints = Checkpoints::start(open(folder.path())).unwrap();
        let mut sizes = Vec::new();
        for _ in 0..4 {
            for _ in 0..=PAGES / (PAGES_OF_COMMIT + PAGES_OF_WRITE) {
                write(&writer);
                checkpoints.after(1, &writer);
            }
            let begin = Instant::now();
            while !checkpoints.copied.load(Ordering::Acquire) {
                assert!(
                    begin.elapsed() < Duration::from_secs(20),
                    "it does not copy"
                );
                thread::sleep(Duration::from_millis(1));
            }
            sizes.push(log(folder.path()));
        }
        assert!(sizes[0] > 4_000_000, "{sizes:?}");
        assert!(sizes[3] < sizes[0] * 3 / 2, "{sizes:?}");
    }

    #[test]
    fn the_writer_copies_what_was_written_while_the_thread_copied() {
        let folder = tempfile::tempdir().unwrap();
        let writer = open(folder.path());
        let mut checkpoints = Checkpoints::start(open(folder.path())).unwrap();
        let mut sizes = Vec::new();
        for _ in 0..4 {
            (0..100).for_each(|_| write(&writer));
            // As if the thread had copied all but these.
            checkpoints.copied.store(true, Ordering::Release);
            checkpoints.after(0, &writer);
            sizes.push(log(folder.path()));
        }
        assert!(sizes[3] < sizes[0] * 3 / 2, "{sizes:?}");
    }
}
