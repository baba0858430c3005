//! Makes the identifiers that providers hand out.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use sha1::{Digest as _, Sha1};

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A source of unique identifiers. The same seed and the same order of calls give the same identifiers.
#[derive(Debug)]
pub struct Mint {
    seed: u64,
    minted: AtomicU64,
}

impl Mint {
    /// Creates a mint whose identifiers follow from `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { seed, minted: AtomicU64::new(0) }
    }

    /// Returns 32 lower-case hex digits.
    pub fn hex32(&self) -> String {
        let mut text = String::with_capacity(40);
        for byte in self.bytes() {
            write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        }
        text.truncate(32);
        text
    }

    /// Returns an identifier in the shape of a UUID.
    pub fn uuid(&self) -> String {
        let hex = self.hex32();
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// Returns 30 characters of `[A-Za-z0-9]`, the shape of Pushover's receipts.
    pub fn alphanumeric30(&self) -> String {
        let bytes = self.bytes().into_iter().chain(self.bytes());
        bytes.take(30).map(|byte| char::from(ALPHANUMERIC[usize::from(byte) % ALPHANUMERIC.len()])).collect()
    }

    fn bytes(&self) -> [u8; 20] {
        let ordinal = self.minted.fetch_add(1, Ordering::Relaxed);
        let mut hash = Sha1::new();
        hash.update(self.seed.to_be_bytes());
        hash.update(ordinal.to_be_bytes());
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_the_provider_shapes_and_differ() {
        let mint = Mint::new(7);
        assert_eq!(mint.hex32().len(), 32);
        assert_eq!(mint.uuid().len(), 36);
        let (first, second) = (mint.alphanumeric30(), mint.alphanumeric30());
        assert_eq!(first.len(), 30);
        assert!(first.chars().all(|character| character.is_ascii_alphanumeric()));
        assert_ne!(first, second);
        assert_eq!(Mint::new(7).hex32(), Mint::new(7).hex32());
    }
}
