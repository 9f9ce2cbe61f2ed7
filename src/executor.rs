//! Polls the futures of calls when the host reports something: the table of calls in flight.
//!
//! A call is one `async fn` ([`crate::execute`]). Nothing else is spawned, so the module has no queue of
//! its own: each entry polls the one call that it is about. Wasm-bindgen's `spawn_local` has a queue,
//! which waits for ever once a test replaces `queueMicrotask`, and fails where the host re-enters it.

use crate::transport::{AttemptResult, Ending, schedule};
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A call in flight.
struct Entry {
    /// Taken out while it is polled, so that the host may enter again meanwhile.
    task: Option<Task>,
    /// What the host has reported and the call has not yet taken.
    report: Option<AttemptResult>,
    /// Whether something was reported while it was polled.
    is_woken: bool,
}

#[derive(Default)]
struct Calls {
    entries: Vec<Option<Entry>>,
    free: Vec<u32>,
}

thread_local! {
    static CALLS: RefCell<Calls> = RefCell::default();
}

/// No borrow is held while the host is entered, since that may enter the module again.
fn with<T>(act: impl FnOnce(&mut Calls) -> T) -> T {
    CALLS.with_borrow_mut(act)
}

fn with_entry<T>(slot: u32, act: impl FnOnce(&mut Entry) -> Option<T>) -> Option<T> {
    with(|calls| {
        let entry = calls.entries.get_mut(slot as usize)?.as_mut()?;
        act(entry)
    })
}

/// A place in the table of calls in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(u32);

impl Slot {
    /// Takes a free place.
    pub fn reserve() -> Self {
        with(|calls| {
            let entry = Some(Entry {
                task: None,
                report: None,
                is_woken: false,
            });
            if let Some(number) = calls.free.pop()
                && let Some(place) = calls.entries.get_mut(number as usize)
            {
                *place = entry;
                return Self(number);
            }
            calls.entries.push(entry);
            Self(u32::try_from(calls.entries.len() - 1).unwrap_or(u32::MAX))
        })
    }

    /// The number by which the host knows it.
    pub fn number(self) -> u32 {
        self.0
    }

    /// Gives the place back.
    pub fn release(self) {
        let entry = with(|calls| {
            let entry = calls.entries.get_mut(self.0 as usize)?.take()?;
            calls.free.push(self.0);
            Some(entry)
        });
        // Outside of the borrow: what it drops enters the host.
        drop(entry);
    }

    /// Keeps a report for the call.
    pub fn put(self, ending: Ending, status: u16) {
        with_entry(self.0, |entry| {
            entry.report = Some(AttemptResult { ending, status });
            Some(())
        });
    }

    /// The report, if there is one that is wanted.
    pub fn take(self, is_wanted: impl FnOnce(Ending) -> bool) -> Option<AttemptResult> {
        with_entry(self.0, |entry| {
            entry.report.take_if(|report| is_wanted(report.ending))
        })
    }

    /// Runs a call until it waits for the host for the first time.
    pub fn run(self, task: impl Future<Output = ()> + 'static) {
        with_entry(self.0, |entry| {
            entry.task = Some(Box::pin(task));
            Some(())
        });
        poll(self.0);
    }

    /// Ends a wait of the call before its time.
    pub fn wake(self) {
        with_entry(self.0, |entry| {
            entry.report.get_or_insert(AttemptResult {
                ending: Ending::Waited,
                status: 0,
            });
            Some(())
        });
        schedule(self.0);
    }

    /// Wakes the call from a promise's callback.
    pub fn waker(self) -> Waker {
        Waker::from(Arc::new(SlotWaker(self.0)))
    }
}

/// Knows its call by its number only, and is so safe to send.
struct SlotWaker(u32);

impl Wake for SlotWaker {
    fn wake(self: Arc<Self>) {
        // Through the host, so that what is polled can trap where that is caught.
        schedule(self.0);
    }
}

/// The host reports something, or nothing but that a call is to be polled.
pub fn resume(slot: u32, ending: Ending, status: u16) {
    if ending != Ending::None {
        Slot(slot).put(ending, status);
    }
    poll(slot);
}

fn poll(slot: u32) {
    loop {
        let task = with_entry(slot, |entry| {
            // While it is being polled, it is polled again afterwards.
            entry.is_woken = entry.task.is_none();
            entry.task.take()
        });
        let Some(mut task) = task else { return };
        // What a call waits for is polled with separate wakers.
        let mut context = Context::from_waker(Waker::noop());
        if task.as_mut().poll(&mut context) == Poll::Ready(()) {
            drop(task);
            Slot(slot).release();
            return;
        }
        let is_woken = with_entry(slot, |entry| {
            entry.task = Some(task);
            Some(entry.is_woken)
        });
        if is_woken != Some(true) {
            return;
        }
    }
}
