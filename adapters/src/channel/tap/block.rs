//! What a page looks like on the line to a paging terminal. Source: TAP 1.8, sections 2 to 5.
//!
//! ```text
//! STX 7311 CR K7M2Q Disk full … CR ETX 1 7 ; CR      a transaction in one block
//! STX 7311 CR K7M2Q Disk …         US  1 9 2 CR      its first block, when the field goes on in the next one
//! ```

use crate::line::Line;

/// Begins a block.
pub const STX: u8 = 0x02;
/// Ends the last block of a transaction.
pub const ETX: u8 = 0x03;
/// Ends a block after which the transaction goes on with another field.
pub const ETB: u8 = 0x17;
/// Ends a block after which its last field goes on.
pub const US: u8 = 0x1f;
/// Ends a field, a block and whatever else is said.
pub const CR: u8 = 0x0d;

/// Characters of fields in one block. Source: TAP 1.8, section 3, step 8.
pub const INFO_CHARS_MAX: usize = 250;

/// What of a byte on the line belongs to the character.
const SEVEN_BITS: u8 = 0x7f;

/// The eighth bit of every byte on the line. Source: TAP 1.8, section 2, and the note on it in section 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// It is not used: the terminal server adds the parity, or the terminal wants none.
    None,
    /// It makes the number of ones even, as the standard has it.
    Even,
}

impl Parity {
    /// What is written for these characters.
    pub fn seal(self, characters: &[u8]) -> Vec<u8> {
        let byte = |byte: &u8| match self {
            Self::Even if byte.count_ones() % 2 == 1 => byte | !SEVEN_BITS,
            Self::None | Self::Even => *byte,
        };
        characters.iter().map(byte).collect()
    }
}

/// The character of a byte that was read, whatever its parity.
pub const fn character(byte: u8) -> u8 {
    byte & SEVEN_BITS
}

/// The blocks that carry one transaction. The fields have no control characters, since they are lines of ASCII.
pub fn blocks(fields: &[Line]) -> Vec<Vec<u8>> {
    let mut info = Vec::new();
    for field in fields {
        info.extend(field.ascii().as_str().bytes());
        info.push(CR);
    }
    let chunks: Vec<&[u8]> = info.chunks(INFO_CHARS_MAX).collect();
    let last = chunks.len().saturating_sub(1);
    let sealed = |(at, chunk): (usize, &&[u8])| {
        let end = if at == last {
            ETX
        } else if chunk.last() == Some(&CR) {
            ETB
        } else {
            US
        };
        let mut block = [&[STX], *chunk, &[end]].concat();
        block.extend(checksum(&block));
        block.push(CR);
        block
    };
    chunks.iter().enumerate().map(sealed).collect()
}

/// The lowest twelve bits of the sum of the characters, in three printable ones. Source: TAP 1.8, section 5.
pub fn checksum(block: &[u8]) -> [u8; 3] {
    let sum = block.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(character(*byte))));
    [8, 4, 0].map(|shift| b'0' + (sum >> shift & 0xf).to_le_bytes()[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(fields: &[&str]) -> Vec<Line> {
        fields.iter().map(|field| Line::new(field)).collect()
    }

    #[test]
    fn the_example_of_the_standard_is_sealed_as_it_says() {
        assert_eq!(blocks(&lines(&["123", "ABC"])), [b"\x02123\rABC\r\x0317;\r"]);
        // What HylaFAX's own sender makes of its page.
        assert_eq!(
            blocks(&lines(&["5557777", "Disk full on db1"])),
            [b"\x025557777\rDisk full on db1\r\x0370<\r"]
        );
    }

    #[test]
    fn long_fields_go_on_in_the_next_block() {
        let message = "x".repeat(600);
        let blocks = blocks(&lines(&["7311", &message]));
        assert_eq!(blocks.len(), 3);
        let ends: Vec<u8> = blocks.iter().map(|block| block[block.len() - 5]).collect();
        assert_eq!(ends, [US, US, ETX]);
        assert!(blocks.iter().all(|block| block.len() <= 256 && block[0] == STX), "a block has at most 256");
        let whole: Vec<u8> = blocks.iter().flat_map(|block| block[1..block.len() - 5].to_vec()).collect();
        assert_eq!(whole, format!("7311\r{message}\r").as_bytes());
    }

    #[test]
    fn a_block_that_ends_with_a_field_says_so() {
        let fields = lines(&[&"1".repeat(249), "text"]);
        let blocks = blocks(&fields);
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[0][251], ETB);
        assert_eq!(&blocks[1][..7], b"\x02text\r\x03");
    }

    #[test]
    fn nothing_in_a_field_ends_it() {
        let evil = "a\rb\nc\u{0}d\u{1b}e\u{3}f\u{2}g\u{4}h\u{17}i\u{1f}j\u{1a}k\"'..ü";
        let blocks = blocks(&lines(&["7311\r\u{3}", evil]));
        assert_eq!(blocks.len(), 1);
        let info = &blocks[0][1..blocks[0].len() - 5];
        assert_eq!(info, b"7311\ra b c d e f g h i j k\"'..ue\r", "{info:?}");
    }

    #[test]
    fn parity_is_even_or_left_alone() {
        assert_eq!(Parity::None.seal(b"\x02A\r"), b"\x02A\r");
        assert_eq!(Parity::Even.seal(b"\x02A\r\x03C"), b"\x82A\x8d\x03\xc3");
        for byte in 0..=0x7f {
            assert_eq!(Parity::Even.seal(&[byte])[0].count_ones() % 2, 0);
            assert_eq!(character(Parity::Even.seal(&[byte])[0]), byte);
        }
    }
}
