//! A limit on connections, which clients without the key cannot use up.
//!
//! A connection gets a permit when it is accepted. When there are no more, the connection that has
//! been idle for longest is closed for the next one. A connection is busy while a request with the
//! key is handled on it, and idle otherwise: it may be silent, or slow with a head or a body, or
//! belong to a client without the key.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
};

use tokio::sync::Notify;

/// States of a connection. Any other state is the number of an idle one, in the order in which they
/// became idle.
const BUSY: u64 = 0;
const CLOSING: u64 = u64::MAX;

/// The limit, with the connections that are open. A request touches nothing but atomics; the list is
/// locked where a connection begins or ends.
pub(crate) struct ConnectionLimit {
    most: usize,
    open: Mutex<Vec<Arc<Connection>>>,
    next_idle: AtomicU64,
    /// Whether a caller waits for a permit.
    is_wanted: AtomicBool,
    /// A connection ended or became idle.
    changed: Notify,
}

struct Connection {
    state: AtomicU64,
    close: Notify,
}

impl ConnectionLimit {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            open: Mutex::default(),
            next_idle: AtomicU64::new(BUSY + 1),
            is_wanted: AtomicBool::new(false),
            changed: Notify::new(),
        })
    }

    /// A permit, as soon as there is one. Only one caller may wait at a time.
    pub(crate) async fn acquire(self: &Arc<Self>) -> Permit {
        loop {
            // Before the attempt, so that no change after it is missed.
            self.is_wanted.store(true, SeqCst);
            if let Some(permit) = self.try_acquire() {
                self.is_wanted.store(false, SeqCst);
                return permit;
            }
            self.changed.notified().await;
        }
    }

    fn try_acquire(self: &Arc<Self>) -> Option<Permit> {
        let mut open = self.open();
        if open.len() >= self.most {
            close_one(&open);
            return None;
        }
        let connection = Arc::new(Connection {
            state: AtomicU64::new(self.idle_number()),
            close: Notify::new(),
        });
        open.push(Arc::clone(&connection));
        let limit = Arc::clone(self);
        Some(Permit(Arc::new(Held { limit, connection })))
    }

    /// Closes an idle connection: something else than permits has run out.
    pub(crate) fn close_one(&self) {
        close_one(&self.open());
    }

    fn idle_number(&self) -> u64 {
        self.next_idle.fetch_add(1, SeqCst)
    }

    /// Wakes the caller that waits, if there is one.
    fn notify(&self) {
        if self.is_wanted.load(SeqCst) {
            self.changed.notify_one();
        }
    }

    /// A panic while the lock was held cannot leave the list half changed.
    fn open(&self) -> MutexGuard<'_, Vec<Arc<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the connection that has been idle for longest, unless one is closing already.
fn close_one(open: &[Arc<Connection>]) {
    let states = || open.iter().map(|one| (one.state.load(SeqCst), one));
    if states().any(|(state, _)| state == CLOSING) {
        return;
    }
    let idle = states().filter(|(state, _)| *state != BUSY);
    if let Some((state, oldest)) = idle.min_by_key(|(state, _)| *state)
        // It may have become busy in between.
        && oldest.state.compare_exchange(state, CLOSING, SeqCst, SeqCst).is_ok()
    {
        oldest.close.notify_one();
    }
}

/// Lets one connection be open. Returned to the limit when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct Permit(Arc<Held>);

struct Held {
    limit: Arc<ConnectionLimit>,
    connection: Arc<Connection>,
}

impl Permit {
    /// Ready when the connection has to close.
    pub(crate) async fn revoked(&self) {
        self.0.connection.close.notified().await;
    }

    /// Makes the connection busy until the guard is dropped. A connection handles one request at a
    /// time.
    pub(crate) fn mark_busy(&self) -> Busy {
        self.0.set(BUSY);
        Busy(Arc::clone(&self.0))
    }
}

impl Held {
    /// Changes the state, unless the connection is closing.
    fn set(&self, state: u64) {
        let change = |old| (old != CLOSING).then_some(state);
        // An error says that it is closing.
        let _ = self.connection.state.fetch_update(SeqCst, SeqCst, change);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.limit
            .open()
            .retain(|one| !Arc::ptr_eq(one, &self.connection));
        self.limit.notify();
    }
}

/// Keeps a connection busy.
pub(crate) struct Busy(Arc<Held>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.set(self.0.limit.idle_number());
        self.0.limit.notify();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn run<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(future)
    }

    async fn is_ready(future: impl Future) -> bool {
        tokio::time::timeout(Duration::from_millis(20), future)
            .await
            .is_ok()
    }

    #[test]
    fn the_connection_that_was_idle_for_longest_closes_for_the_next() {
        run(async {
            let limit = ConnectionLimit::new(3);
            let first = limit.acquire().await;
            let second = limit.acquire().await;
            let third = limit.acquire().await;
            // The first one handles a request, so that the second is idle for longest.
            drop(first.mark_busy());
            assert!(!is_ready(limit.acquire()).await, "all permits are in use");
            assert!(is_ready(second.revoked()).await);
            assert!(!is_ready(first.revoked()).await && !is_ready(third.revoked()).await);
            drop(second);
            limit.acquire().await;
        });
    }

    #[test]
    fn a_busy_connection_stays_open_until_it_is_idle_again() {
        run(async {
            let limit = ConnectionLimit::new(1);
            let only = limit.acquire().await;
            let busy = only.mark_busy();
            assert!(!is_ready(limit.acquire()).await);
            assert!(!is_ready(only.revoked()).await);
            drop(busy);
            assert!(!is_ready(limit.acquire()).await);
            assert!(is_ready(only.revoked()).await);
            drop(only);
            limit.acquire().await;
        });
    }
}
