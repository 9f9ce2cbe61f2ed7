//! A retry budget: while a server fails for everybody, a busy client must not multiply its load.
//!
//! A token bucket as AWS's SDKs have it: every retry takes tokens out, every success puts a few
//! back. In ordinary times it never empties; in an outage a client soon sends each call once.

use std::cell::Cell;

/// What a full bucket holds: a hundred retries in a row.
const CAPACITY: u32 = 500;
/// What a retry costs.
const COST: u32 = 5;
/// What a call that succeeds at once puts back.
const REFUND: u32 = 1;

/// The bucket that all calls of one client share.
pub struct Budget(Cell<u32>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(CAPACITY))
    }
}

impl Budget {
    /// Takes out a retry; `false` if there is not enough left.
    pub fn take(&self) -> bool {
        let rest = self.0.get().checked_sub(COST);
        if let Some(rest) = rest {
            self.0.set(rest);
        }
        rest.is_some()
    }

    /// Puts back after a success: what its retries cost, or a little if it needed none.
    pub fn put_back(&self, retries: u32) {
        let refund = if retries == 0 { REFUND } else { COST };
        self.0
            .set(self.0.get().saturating_add(refund).min(CAPACITY));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_empties_the_budget_and_successes_fill_it_again() {
        let budget = Budget::default();
        assert_eq!((0..1000).filter(|_| budget.take()).count(), 100);
        budget.put_back(1);
        assert!(
            budget.take(),
            "the success of a retried call pays for one retry"
        );
        assert!(!budget.take());
        (0..4).for_each(|_| budget.put_back(0));
        assert!(!budget.take());
        budget.put_back(0);
        assert!(budget.take(), "five ordinary successes pay for one retry");
    }

    #[test]
    fn the_budget_never_holds_more_than_its_capacity() {
        let budget = Budget::default();
        (0..1000).for_each(|_| budget.put_back(0));
        assert_eq!((0..1000).filter(|_| budget.take()).count(), 100);
    }
}
