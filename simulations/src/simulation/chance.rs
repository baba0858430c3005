//! The only chance there is in a simulation: a stream of numbers that a seed and a purpose decide.
//!
//! Written here rather than taken from a crate, because a seed in `seeds.txt` must mean the same in ten years.

use events::Span;

/// A stream of numbers: `SplitMix64`, after Steele, Lea and Flood, "Fast splittable pseudorandom number generators"
/// (2014).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of this seed for this purpose. Streams of different purposes have nothing to do with each other, so
    /// that one more draw in one place changes nothing elsewhere.
    pub fn of(seed: u64, purpose: &str) -> Self {
        let mut chance = Self(seed);
        for byte in purpose.bytes() {
            chance.0 = chance.next() ^ u64::from(byte);
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not including `bound`; 0 when that is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let scaled = u128::from(self.next()) * u128::from(bound);
        u64::try_from(scaled >> 64).unwrap_or_default()
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// A span from `least` to `most`.
    pub fn span(&mut self, least: Span, most: Span) -> Span {
        Span::from_micros(self.between(least.as_micros(), most.as_micros()))
    }

    /// A span up to `typical`, and now and then one many times longer.
    pub fn tail(&mut self, typical: Span) -> Span {
        let factor = if self.happens(50) { 20 } else { 1 };
        self.span(Span::ZERO, typical.times(factor))
    }

    /// True so many times out of a thousand.
    pub fn happens(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// A place in a list of `count` things; 0 when there is none.
    pub fn place(&mut self, count: usize) -> usize {
        usize::try_from(self.below(u64::try_from(count).unwrap_or(u64::MAX))).unwrap_or_default()
    }

    /// One of these.
    ///
    /// # Panics
    /// When there is none.
    pub fn pick<T: Clone>(&mut self, things: &[T]) -> T {
        things[self.place(things.len())].clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_means_the_same_for_ever() {
        let mut chance = Chance::of(7, "people");
        let drawn: Vec<u64> = (0..4).map(|_| chance.below(1_000)).collect();
        let mut again = Chance::of(7, "people");
        assert_eq!(drawn, (0..4).map(|_| again.below(1_000)).collect::<Vec<_>>());
        let mut other = Chance::of(7, "providers");
        assert_ne!(drawn, (0..4).map(|_| other.below(1_000)).collect::<Vec<_>>());
    }

    #[test]
    fn every_bound_is_kept_and_reached() {
        let mut chance = Chance::of(1, "bounds");
        let drawn: Vec<u64> = (0..10_000).map(|_| chance.between(3, 7)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&3), Some(&7)));
        assert_eq!((chance.below(0), chance.place(0)), (0, 0));
        assert!((0..100).all(|_| !chance.happens(0) && chance.happens(1_000)));
    }
}
