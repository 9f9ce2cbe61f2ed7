//! Faults at random, for a whole run: each request draws one, or none, from a list of chances. The
//! draws follow from a seed, so that a run can be repeated.

use crate::{
    fault::{self, Fault},
    random::Random,
};

/// A list of faults with their chances, and the state of the draws.
pub struct Lottery {
    chances: Vec<(f64, Fault)>,
    random: Random,
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
            random: Random(seed),
        })
    }

    /// Draws for the next request.
    pub fn draw(&mut self) -> Fault {
        let mut ticket = self.random.unit() * 100.0;
        for (percent, fault) in &self.chances {
            if ticket < *percent {
                return fault.clone();
            }
            ticket -= percent;
        }
        Fault::default()
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
        let mut lottery = Lottery::parse(LIST, seed).unwrap();
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
        let refused = drawn.iter().filter(|f| f.response.is_some()).count();
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
