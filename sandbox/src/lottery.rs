//! Faults at random, for a whole run: each request draws one, or none, from a list of chances. The
//! draws follow from a seed, so that a run can be repeated.

use std::sync::{Mutex, PoisonError};

use crate::fault::{self, Fault};

/// A list of faults with their chances, and the state of the draws.
pub struct Lottery {
    chances: Vec<(f64, Fault)>,
    state: Mutex<u64>,
}

impl Lottery {
    /// Reads a list such as `20% drop=after, 5% status=503; retry-after-header=0`: each entry a
    /// percentage and a fault in the grammar of the `Sandbox-Fault` header.
    ///
    /// # Errors
    /// What is wrong with the list, in words.
    pub fn parse(list: &str, seed: u64) -> Result<Self, String> {
        let entries = list
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        let chances = entries.map(entry).collect::<Result<Vec<_>, _>>()?;
        let total: f64 = chances.iter().map(|(percent, _)| percent).sum();
        if total > 100.0 {
            return Err(format!("the chances add up to {total} %"));
        }
        Ok(Self {
            chances,
            state: Mutex::new(seed),
        })
    }

    /// Draws for the next request.
    pub fn draw(&self) -> Fault {
        let mut ticket = self.next_percent();
        for (percent, fault) in &self.chances {
            if ticket < *percent {
                return fault.clone();
            }
            ticket -= percent;
        }
        Fault::default()
    }

    /// The next number of the sequence, from 0 up to 100 (`SplitMix64`).
    fn next_percent(&self) -> f64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
        let unit = (mixed >> 11) as f64 / (1_u64 << 53) as f64;
        unit * 100.0
    }
}

fn entry(text: &str) -> Result<(f64, Fault), String> {
    let wanted = || format!("`{text}` has to be a percentage and a fault, such as 20% drop=after");
    let (percent, fault) = text.split_once('%').ok_or_else(wanted)?;
    let percent: f64 = percent.trim().parse().map_err(|_| wanted())?;
    if !(0.0..=100.0).contains(&percent) {
        return Err(wanted());
    }
    let fault = fault::parse(fault.trim()).map_err(|error| error.detail)?;
    Ok((percent, fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "20% drop=after, 5% status=503; retry-after-header=0";

    fn draws(seed: u64) -> Vec<Fault> {
        let lottery = Lottery::parse(LIST, seed).unwrap();
        (0..10_000).map(|_| lottery.draw()).collect()
    }

    #[test]
    fn the_same_seed_draws_the_same_faults() {
        assert_eq!(draws(7), draws(7));
        assert_ne!(draws(7), draws(8));
    }

    #[test]
    fn each_fault_is_drawn_as_often_as_its_chance_says() {
        let drawn = draws(1);
        let dropped = drawn
            .iter()
            .filter(|f| f.delivery == fault::Delivery::DropAfter)
            .count();
        let refused = drawn.iter().filter(|f| f.answer.is_some()).count();
        assert!((1_900..2_100).contains(&dropped), "{dropped}");
        assert!((430..570).contains(&refused), "{refused}");
    }

    #[test]
    fn what_is_wrong_with_a_list_is_said() {
        for (list, wanted) in [
            ("drop=after", "a percentage and a fault"),
            ("x% drop=after", "a percentage and a fault"),
            ("-1% drop=after", "a percentage and a fault"),
            ("5% teapot=1", "known items"),
            ("60% drop=after, 50% drop=before", "add up to 110"),
        ] {
            let error = Lottery::parse(list, 0).err().unwrap();
            assert!(error.contains(wanted), "{list}: {error}");
        }
        assert!(Lottery::parse("", 0).is_ok());
    }
}
