//! A limited number of connections, which strangers cannot keep from others.
//!
//! A connection takes a place when it is accepted. When all are taken, the connection that has been
//! idle for longest is closed for the next one. Idle is one on which no request with the key is
//! handled: it may be silent, or slow with a head or a body, or belong to somebody without the key.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
};

use tokio::sync::Notify;

/// States of a place besides those of the idle ones, which are numbered in the order in which they
/// became so.
const OCCUPIED: u64 = 0;
const CLOSING: u64 = u64::MAX;

/// All places of a server. A request touches nothing but atomics; the list is looked at where
/// connections come and go.
pub(crate) struct Places {
    limit: usize,
    taken: Mutex<Vec<Arc<Seat>>>,
    next_idle: AtomicU64,
    /// Whether somebody waits for a place.
    is_wanted: AtomicBool,
    /// A place became free, or its connection idle.
    changed: Notify,
}

struct Seat {
    state: AtomicU64,
    close: Notify,
}

impl Places {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            taken: Mutex::default(),
            next_idle: AtomicU64::new(OCCUPIED + 1),
            is_wanted: AtomicBool::new(false),
            changed: Notify::new(),
        })
    }

    /// A place, as soon as there is one. Only one caller may wait at a time.
    pub(crate) async fn take(self: &Arc<Self>) -> Place {
        loop {
            // Before the look, so that no change after it is missed.
            self.is_wanted.store(true, SeqCst);
            if let Some(place) = self.try_take() {
                self.is_wanted.store(false, SeqCst);
                return place;
            }
            self.changed.notified().await;
        }
    }

    fn try_take(self: &Arc<Self>) -> Option<Place> {
        let mut taken = self.taken();
        if taken.len() >= self.limit {
            close_one(&taken);
            return None;
        }
        let seat = Arc::new(Seat {
            state: AtomicU64::new(self.idle_number()),
            close: Notify::new(),
        });
        taken.push(Arc::clone(&seat));
        let places = Arc::clone(self);
        Some(Place(Arc::new(Taken { places, seat })))
    }

    /// Closes an idle connection: something else than places has run out.
    pub(crate) fn close_one(&self) {
        close_one(&self.taken());
    }

    fn idle_number(&self) -> u64 {
        self.next_idle.fetch_add(1, SeqCst)
    }

    /// Tells who waits that there may be a place.
    fn tell(&self) {
        if self.is_wanted.load(SeqCst) {
            self.changed.notify_one();
        }
    }

    /// A panic while the lock was held cannot leave the list half changed.
    fn taken(&self) -> MutexGuard<'_, Vec<Arc<Seat>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the connection that has been idle for longest, unless one is closing already.
fn close_one(taken: &[Arc<Seat>]) {
    let states = || taken.iter().map(|seat| (seat.state.load(SeqCst), seat));
    if states().any(|(state, _)| state == CLOSING) {
        return;
    }
    let idle = states().filter(|(state, _)| *state != OCCUPIED);
    if let Some((state, seat)) = idle.min_by_key(|(state, _)| *state)
        // It may have become occupied since the look.
        && seat.state.compare_exchange(state, CLOSING, SeqCst, SeqCst).is_ok()
    {
        seat.close.notify_one();
    }
}

/// The place of one connection, which is free again when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct Place(Arc<Taken>);

struct Taken {
    places: Arc<Places>,
    seat: Arc<Seat>,
}

impl Place {
    /// Ready when the connection has to close.
    pub(crate) async fn closed(&self) {
        self.0.seat.close.notified().await;
    }

    /// Keeps the place until the guard is dropped. A connection handles one request at a time.
    pub(crate) fn occupy(&self) -> Occupied {
        self.0.set(OCCUPIED);
        Occupied(Arc::clone(&self.0))
    }
}

impl Taken {
    /// Changes the state, unless the connection is closing.
    fn set(&self, state: u64) {
        let change = |old| (old != CLOSING).then_some(state);
        // An error says that it is.
        let _ = self.seat.state.fetch_update(SeqCst, SeqCst, change);
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.places
            .taken()
            .retain(|seat| !Arc::ptr_eq(seat, &self.seat));
        self.places.tell();
    }
}

/// A place that is kept.
pub(crate) struct Occupied(Arc<Taken>);

impl Drop for Occupied {
    fn drop(&mut self) {
        self.0.set(self.0.places.idle_number());
        self.0.places.tell();
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
            let places = Places::new(3);
            let (first, second, third) = (
                places.take().await,
                places.take().await,
                places.take().await,
            );
            // The first one handles a request meanwhile, so that the second is idle for longest.
            drop(first.occupy());
            assert!(!is_ready(places.take()).await, "all are taken");
            assert!(is_ready(second.closed()).await);
            assert!(!is_ready(first.closed()).await && !is_ready(third.closed()).await);
            drop(second);
            places.take().await;
        });
    }

    #[test]
    fn a_place_that_is_occupied_is_kept_until_it_is_idle_again() {
        run(async {
            let places = Places::new(1);
            let only = places.take().await;
            let occupied = only.occupy();
            assert!(!is_ready(places.take()).await);
            assert!(!is_ready(only.closed()).await);
            drop(occupied);
            assert!(!is_ready(places.take()).await);
            assert!(is_ready(only.closed()).await);
            drop(only);
            places.take().await;
        });
    }
}
