//! A block, as it is heard: TAP 1.8, sections 3 (step 8) and 5.

/// A block has no more characters with its checksum.
pub const BLOCK_CHARS_MAX: usize = 256;

/// What a block was.
#[derive(Debug, PartialEq, Eq)]
pub enum Block {
    /// Its characters between the first and the one that ends it, which was this one.
    Sound(Vec<u8>, u8),
    /// The checksum is another one, or it is too long.
    Broken,
}

/// Opens a block from `STX` to the character before the last carriage return.
pub fn open(block: &[u8]) -> Block {
    let Some((summed, sum)) = block.split_last_chunk::<3>() else { return Block::Broken };
    let total: u32 = summed.iter().map(|byte| u32::from(*byte)).sum();
    let digits = [total / 256 % 16, total / 16 % 16, total % 16];
    let is_right = sum.iter().zip(digits).all(|(said, digit)| u32::from(*said) == 0x30 + digit);
    match summed {
        [0x02, info @ .., end @ (0x03 | 0x17 | 0x1f)] if is_right && block.len() < BLOCK_CHARS_MAX => {
            Block::Sound(info.to_vec(), *end)
        }
        _ => Block::Broken,
    }
}

/// The fields of a transaction. `SUB` and a letter stand for a control character.
pub fn fields(info: &[u8]) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut bytes = info.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' => fields.push(String::new()),
            0x1a => {
                let meant = bytes.next().map_or(' ', |letter| char::from(letter.wrapping_sub(0x40)));
                if let Some(field) = fields.last_mut() {
                    field.push(meant);
                }
            }
            byte => {
                if let Some(field) = fields.last_mut() {
                    field.push(char::from(*byte));
                }
            }
        }
    }
    // Every field ends with a carriage return.
    fields.pop();
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_sound_and_nothing_else() {
        assert_eq!(open(b"\x02123\rABC\r\x0317;"), Block::Sound(b"123\rABC\r".to_vec(), 0x03));
        for broken in
            [&b"\x02123\rABD\r\x0317;"[..], b"\x02123\rABC\r\x0317:", b"", b"\x02", b"\x0217;", b"123\r17;"]
        {
            assert_eq!(open(broken), Block::Broken, "{broken:?}");
        }
        assert_eq!(fields(b"123\rABC\r"), ["123", "ABC"]);
        assert_eq!(fields(b"123\rA\x1aMB\x1aZ\r"), ["123", "A\rB\u{1a}"]);
        assert_eq!(fields(b"123\r\r"), ["123", ""]);
        assert_eq!(fields(b""), [""; 0]);
    }
}
