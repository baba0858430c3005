//! Everything random, from one seed: `SplitMix64` (Steele, Lea, Flood 2014).

/// A source of numbers that follow from a seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice with this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Other dice that follow from these and a number, whatever these are used for.
    pub fn of(&self, number: u64) -> Self {
        Self::new(Self(self.0 ^ number.wrapping_mul(0xd129_0d2d_5d6c_4e3b)).next())
    }

    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number from `min` up to and without `max`; `min` if there is none.
    pub const fn between(&mut self, min: u64, max: u64) -> u64 {
        if max <= min { min } else { min + self.next() % (max - min) }
    }

    /// True in so many of a hundred cases.
    pub const fn percent(&mut self, share: u64) -> bool {
        self.next() % 100 < share
    }

    /// One of these.
    ///
    /// # Panics
    /// When there is none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let count = u64::try_from(from.len()).unwrap_or(u64::MAX);
        let place = usize::try_from(self.between(0, count)).unwrap_or_default();
        from.get(place).expect("there is something to pick from")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_says_everything() {
        let throw = |seed| {
            let mut dice = Dice::new(seed).of(3);
            (0..8).map(|_| dice.between(10, 20)).collect::<Vec<_>>()
        };
        assert_eq!(throw(7), throw(7));
        assert_ne!(throw(7), throw(8));
        assert!(throw(7).iter().all(|number| (10..20).contains(number)));
    }
}
