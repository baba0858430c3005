//! Crockford's base 32: digits and letters without I, L, O and U, so that people can read it out.
//! Source: <https://www.crockford.com/base32.html>.

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Writes the top `digits` × 5 bits of `bytes`, missing bits as zero.
pub fn encode(bytes: &[u8], digits: usize) -> String {
    (0..digits)
        .map(|digit| {
            let value = (0..5).fold(0_usize, |value, offset| {
                let bit = digit * 5 + offset;
                let set = bytes.get(bit / 8).is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1);
                value << 1 | usize::from(set)
            });
            char::from(ALPHABET[value])
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
    for (digit, letter) in text.bytes().enumerate() {
        let value = value_of(letter)?;
        for offset in 0..5 {
            let bit = digit * 5 + offset;
            let set = value >> (4 - offset) & 1;
            match bytes.get_mut(bit / 8) {
                Some(byte) => *byte |= set << (7 - bit % 8),
                None if set == 0 => {}
                None => return None,
            }
        }
    }
    Some(bytes)
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

fn value_of(letter: u8) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        b'I' | b'L' => b'1',
        b'O' => b'0',
        other => other,
    };
    ALPHABET.iter().position(|&known| known == letter).and_then(|value| u8::try_from(value).ok())
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
