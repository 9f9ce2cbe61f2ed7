//! Random values that follow from a seed.

use uuid::{Builder, Uuid};

/// The `SplitMix64` generator: small, and the same everywhere and for ever, which a library's
/// default generator does not promise.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to 1, without 1.
    pub fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
        let unit = (self.bits() >> 11) as f64 / (1_u64 << 53) as f64;
        unit
    }

    /// A number from 0 up to, not including, `end`, which is 1 or more.
    pub fn below(&mut self, end: i64) -> i64 {
        i64::try_from(self.bits() % end.unsigned_abs().max(1)).unwrap_or(0)
    }

    /// True once in `n` draws.
    pub fn one_in(&mut self, n: i64) -> bool {
        self.below(n) == 0
    }

    /// One element of a list that is not empty.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = usize::try_from(self.bits() % from.len().max(1) as u64).unwrap_or(0);
        &from[at]
    }

    /// A random UUID.
    pub fn uuid(&mut self) -> Uuid {
        let bytes = u128::from(self.bits()) << 64 | u128::from(self.bits());
        Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_those_of_splitmix64() {
        // From the reference implementation (Vigna, https://prng.di.unimi.it/splitmix64.c).
        let mut random = Random(1_234_567);
        for bits in [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ] {
            assert_eq!(random.bits(), bits);
        }
        assert_eq!(
            Random(1_234_567).uuid().to_string(),
            "599ed017-fb08-4c85-ac73-f08458540fa5"
        );
    }

    #[test]
    fn one_in_n_is_drawn_about_as_often() {
        let mut random = Random(1);
        let drawn = (0..10_000).filter(|_| random.one_in(4)).count();
        assert!((2_400..2_600).contains(&drawn), "{drawn}");
    }
}
