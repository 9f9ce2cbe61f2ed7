//! Values that are made once in a process, by whichever thread needs them first.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;

/// A place for a value that takes long to make, such as a build. Threads that ask meanwhile wait.
pub(crate) struct Once<T>(Mutex<Option<T>>);

impl<T: Clone> Once<T> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The value; `make` makes it unless that has succeeded before.
    pub(crate) fn get(&self, make: impl FnOnce() -> Result<T>) -> Result<T> {
        let mut value = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = &*value {
            return Ok(value.clone());
        }
        Ok(value.insert(make()?).clone())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use anyhow::bail;

    use super::*;

    #[test]
    fn a_value_is_made_once_and_a_failure_is_tried_again() {
        let once = Once::new();
        assert!(once.get(|| bail!("not yet")).is_err());
        let made = thread::scope(|scope| {
            let threads = [1, 2, 3].map(|number| {
                let once = &once;
                scope.spawn(move || once.get(|| Ok(number)))
            });
            threads.map(|thread| thread.join().expect("no panic").expect("a value"))
        });
        assert!(made.iter().all(|value| *value == made[0]), "{made:?}");
    }
}
