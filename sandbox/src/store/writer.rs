//! The one thread that writes.
//!
//! It takes all writes that wait and commits them together: what a commit costs is shared, and so
//! are the pages of the indexes that neighbouring rows touch. Should one of them fail, all is taken
//! back and each runs again alone, so that it takes nothing of the others with it. Each is answered
//! only after the commit.

use std::{
    iter,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, mpsc},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{Done, StoreError, Work, checkpoint::Checkpoints, rows::Rows, sqlite::lock};
use crate::core::outcome::Outcome;

/// Writes committed together at most; more would let the first wait too long.
const LARGEST_GROUP: usize = 128;

struct Job {
    work: Work,
    done: Done,
}

/// What became of a work: none if it panicked.
type Ended = Option<Result<Outcome, StoreError>>;

/// The thread. Dropping this ends it, after the writes that were handed over.
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts a thread that writes through this connection, and says how much it wrote to
    /// `checkpoints`; a database in memory has none.
    pub(super) fn start(
        connection: Arc<Mutex<Connection>>,
        mut checkpoints: Option<Checkpoints>,
    ) -> Result<Self, StoreError> {
        let (jobs, waiting) = mpsc::channel::<Job>();
        let work = move || {
            while let Ok(first) = waiting.recv() {
                // Jobs that arrive while the first ones run still join them.
                let group = iter::once(first).chain(waiting.try_iter());
                let mut connection = lock(&connection);
                let (jobs, ended) = run(&mut connection, group.take(LARGEST_GROUP));
                if let Some(checkpoints) = &mut checkpoints {
                    checkpoints.after(jobs.len(), &connection);
                }
                drop(connection);
                for (job, ended) in jobs.into_iter().zip(ended) {
                    if let Some(outcome) = ended {
                        (job.done)(outcome);
                    }
                }
            }
        };
        let thread = thread::Builder::new().name("writer".to_owned()).spawn(work);
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread.map_err(|_| StoreError::Thread)?),
        })
    }

    /// Hands a write over.
    pub(super) fn add(&self, work: Work, done: Done) {
        let job = Job { work, done };
        let refused = match &self.jobs {
            Some(jobs) => jobs.send(job).err().map(|error| error.0),
            None => Some(job),
        };
        if let Some(job) = refused {
            (job.done)(Err(StoreError::Thread));
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take()
            // The last owner of the store can be a job, and a thread cannot wait for itself.
            && thread.thread().id() != thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

/// Runs the jobs together, or else one by one.
fn run(connection: &mut Connection, mut jobs: impl Iterator<Item = Job>) -> (Vec<Job>, Vec<Ended>) {
    let mut group = Vec::new();
    if let Some(ended) = together(connection, jobs.by_ref(), &mut group) {
        return (group, ended);
    }
    group.extend(jobs);
    let ended = group.iter().map(|job| alone(connection, &job.work));
    let ended = ended.collect();
    (group, ended)
}

/// Runs the jobs in one transaction, and puts them into `group` as they come. None if one of them,
/// or the transaction, fails; then all is as it was.
fn together(
    connection: &mut Connection,
    jobs: impl Iterator<Item = Job>,
    group: &mut Vec<Job>,
) -> Option<Vec<Ended>> {
    let transaction = begin(connection).ok()?;
    let mut ended = Vec::new();
    for job in jobs {
        let outcome = outcome(&transaction, &job.work);
        group.push(job);
        if !matches!(outcome, Some(Ok(_))) {
            return None;
        }
        ended.push(outcome);
    }
    transaction.commit().ok()?;
    Some(ended)
}

/// Runs a work in its own transaction.
fn alone(connection: &mut Connection, work: &Work) -> Ended {
    let transaction = match begin(connection) {
        Ok(transaction) => transaction,
        Err(error) => return Some(Err(error.into())),
    };
    let outcome = outcome(&transaction, work)?;
    Some(outcome.and_then(|outcome| {
        transaction.commit()?;
        Ok(outcome)
    }))
}

fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

fn outcome(connection: &Connection, work: &Work) -> Ended {
    catch_unwind(AssertUnwindSafe(|| work(&mut Rows(connection)))).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use uuid::Uuid;

    use super::*;
    use crate::{
        core::{idempotency::ApiResponse, instant::Instant},
        store::schema,
    };

    type Results = Receiver<Result<Outcome, StoreError>>;

    /// A job that adds a row and then ends as `end` says; what becomes of it arrives in the channel.
    fn job(row: i64, end: fn() -> Result<(), StoreError>) -> (Job, Results) {
        let (sender, result) = channel();
        let response = ApiResponse {
            status: 200,
            is_problem: false,
            body: Vec::new(),
        };
        let work: Work = Box::new(move |unit| {
            unit.add_note(Uuid::nil(), Instant(row), "")?;
            end()?;
            Ok(response.clone().into())
        });
        let done: Done = Box::new(move |outcome| drop(sender.send(outcome)));
        (Job { work, done }, result)
    }

    /// Runs the jobs and reports each result, as the thread does.
    fn serve(connection: &mut Connection, jobs: Vec<Job>) {
        let (jobs, ended) = run(connection, jobs.into_iter());
        assert_eq!(jobs.len(), ended.len());
        for (job, ended) in jobs.into_iter().zip(ended) {
            if let Some(outcome) = ended {
                (job.done)(outcome);
            }
        }
    }

    fn connection() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&schema::create()).unwrap();
        connection
    }

    fn rows(connection: &Connection) -> Vec<i64> {
        let mut statement = connection.prepare("SELECT at FROM note").unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_job_that_fails_or_panics_takes_nothing_of_the_others_with_it() {
        let mut connection = connection();
        let (one, first) = job(1, || Ok(()));
        let (two, second) = job(2, || Err(StoreError::Busy));
        let (three, third) = job(3, || panic!("a panic of the test's own"));
        let (four, fourth) = job(4, || Ok(()));
        serve(&mut connection, vec![one, two, three, four]);
        assert!(first.recv().unwrap().is_ok() && fourth.recv().unwrap().is_ok());
        assert!(matches!(second.recv().unwrap(), Err(StoreError::Busy)));
        assert!(third.recv().is_err(), "a panic leaves no outcome");
        assert_eq!(rows(&connection), [1, 4]);
    }

    #[test]
    fn a_job_that_cannot_be_committed_takes_nothing_of_the_others_with_it() {
        let mut connection = connection();
        // A row without the one it refers to, which is looked at when all is committed.
        connection
            .execute_batch(
                "PRAGMA foreign_keys = ON;
                 CREATE TABLE whole (id INTEGER PRIMARY KEY);
                 CREATE TABLE part (whole REFERENCES whole DEFERRABLE INITIALLY DEFERRED);
                 CREATE TRIGGER spoil AFTER INSERT ON note WHEN new.at = 2
                 BEGIN INSERT INTO part VALUES (7); END;",
            )
            .unwrap();
        let (jobs, results): (Vec<_>, Vec<_>) = (1..4).map(|n| job(n, || Ok(()))).unzip();
        serve(&mut connection, jobs);
        let succeeded: Vec<bool> = results.iter().map(|r| r.recv().unwrap().is_ok()).collect();
        assert_eq!(succeeded, [true, false, true]);
        assert_eq!(rows(&connection), [1, 3]);
    }

    #[test]
    fn a_database_that_is_locked_is_reported_to_all() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Connection::open(folder.path().join("x.db")).unwrap();
        let (mut connection, other) = (open(), open());
        connection.execute_batch(&schema::create()).unwrap();
        connection.busy_timeout(std::time::Duration::ZERO).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let (jobs, results): (Vec<_>, Vec<_>) = (1..4).map(|n| job(n, || Ok(()))).unzip();
        serve(&mut connection, jobs);
        assert!(results.iter().all(|result| result.recv().unwrap().is_err()));
        assert_eq!(rows(&connection), [0_i64; 0]);
    }

    #[test]
    fn writes_that_were_handed_over_are_done_when_the_writer_ends() {
        let connection = Arc::new(Mutex::new(connection()));
        let writer = Writer::start(Arc::clone(&connection), None).unwrap();
        let results: Vec<_> = (0..500)
            .map(|n| {
                let (job, result) = job(n, || Ok(()));
                writer.add(job.work, job.done);
                result
            })
            .collect();
        drop(writer);
        assert!(results.iter().all(|result| result.recv().unwrap().is_ok()));
        assert_eq!(rows(&lock(&connection)).len(), 500);
    }
}
