//! Filling a store with fictional people.

use crate::{
    core::seed::person,
    store::{SqliteStore, StoreError},
};

/// Fills the store up to `target` customers. A store that has as many is left alone.
///
/// # Errors
/// When the storage fails; then nothing was added.
pub fn fill(store: &SqliteStore, target: u64, tenant: &str) -> Result<(), StoreError> {
    let present = store.count()?;
    if present >= target {
        return Ok(());
    }
    let people = (present..target).map(|number| person(0, number, tenant));
    store.add_all(target - present, people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filling_stops_at_the_target_and_goes_on_from_what_is_there() {
        let store = SqliteStore::in_memory().unwrap();
        for (target, expected) in [(10, 10), (5, 10), (30, 30)] {
            fill(&store, target, "t").unwrap();
            assert_eq!(store.count().unwrap(), expected);
        }
    }
}
