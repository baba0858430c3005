//! Crockford's base 32: digits and letters without I, L, O and U, so that people can read it out.
//! Source: <https://www.crockford.com/base32.html>.

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What each character stands for; [`NONE`] for those that stand for nothing.
const VALUES: [u8; 256] = values();
const NONE: u8 = u8::MAX;

/// Writes the top `digits` × 5 bits of `bytes`, missing bits as zero.
pub fn encode(bytes: &[u8], digits: usize) -> String {
    let mut bytes = bytes.iter();
    let (mut bits, mut held) = (0_usize, 0);
    (0..digits)
        .map(|_| {
            if held < 5 {
                bits = bits << 8 | bytes.next().copied().map_or(0, usize::from);
                held += 8;
            }
            held -= 5;
            char::from(ALPHABET[bits >> held & 31])
        })
        .collect()
}

/// Reads what [`encode`] wrote into `N` bytes. Small letters are fine; I and L read as 1, O as 0. `None` when
/// another character stands in it or the length does not fit.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != (N * 8).div_ceil(5) {
        return None;
    }
    let mut bytes = [0_u8; N];
    let mut places = bytes.iter_mut();
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.bytes() {
        let value = VALUES[usize::from(letter)];
        if value == NONE {
            return None;
        }
        bits = bits << 5 | u32::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            let [.., low] = (bits >> held).to_be_bytes();
            *places.next()? = low;
        }
    }
    // What is left over of the last character is nothing that was written.
    (bits & ((1 << held) - 1) == 0).then_some(bytes)
}

/// The same text with the letters that people mistake for one another made one: upper case, I and L as 1, O as 0.
pub fn canonical(text: &str) -> String {
    text.chars()
        .map(|letter| match letter.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            other => other,
        })
        .collect()
}

const fn values() -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < 32 {
        let letter = ALPHABET[value as usize];
        values[letter as usize] = value;
        values[letter.to_ascii_lowercase() as usize] = value;
        value += 1;
    }
    let mut like = 0;
    let alike = [(b'I', 1), (b'L', 1), (b'O', 0)];
    while like < alike.len() {
        let (letter, value) = alike[like];
        values[letter as usize] = value;
        values[letter.to_ascii_lowercase() as usize] = value;
        like += 1;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let bytes: [u8; 16] = std::array::from_fn(|at| u8::try_from(at * 13 % 251).expect("small"));
        let text = encode(&bytes, 26);
        assert_eq!(decode::<16>(&text), Some(bytes));
        assert_eq!(decode::<16>(&text.to_lowercase()), Some(bytes));
    }

    #[test]
    fn letters_that_look_like_digits_read_as_digits() {
        assert_eq!(decode::<1>("O4"), decode::<1>("04"));
        assert_eq!(decode::<1>("U4"), None);
        assert_eq!(decode::<1>("044"), None);
        assert_eq!(canonical("o1lI4"), "01114");
    }
}
