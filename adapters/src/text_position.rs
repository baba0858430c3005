//! Byte offsets as people count: lines and columns.

/// Bytes between two notes of how many characters there were: what is counted anew for each place, at most.
const STRIDE: usize = 256;

/// The lines of a text.
pub(crate) struct Lines<'a> {
    text: &'a [u8],
    /// Where each line begins, in bytes.
    starts: Vec<usize>,
    /// How many characters begin before each [`STRIDE`]: a file may be one long line.
    characters: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds the lines of a text.
    pub(crate) fn of(text: &'a str) -> Self {
        let text = text.as_bytes();
        let breaks = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let mut characters = vec![0];
        let mut sum = 0;
        for stride in text.chunks(STRIDE) {
            sum += begun(stride);
            characters.push(sum);
        }
        Self { text, starts: std::iter::once(0).chain(breaks).collect(), characters }
    }

    /// Line and column, in characters and from 1, of a byte. Beyond the end it is the end.
    pub(crate) fn at(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        (line, self.before(offset) - self.before(self.starts[line - 1]) + 1)
    }

    /// How many characters begin before a byte.
    fn before(&self, offset: usize) -> usize {
        let stride = offset / STRIDE;
        self.characters[stride] + begun(&self.text[stride * STRIDE..offset])
    }
}

/// How many characters begin in these bytes: all but those that continue one.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let lines = Lines::of("a\nßb\r\nc");
        let found: Vec<_> = [0, 2, 4, 7, 99].into_iter().map(|at| lines.at(at)).collect();
        assert_eq!(found, [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2)]);
        assert_eq!(Lines::of("").at(0), (1, 1));
        let long = "ß".repeat(1_000) + "\n" + &"x".repeat(1_000);
        let lines = Lines::of(&long);
        assert_eq!((lines.at(1_500), lines.at(2_000), lines.at(2_501)), ((1, 751), (1, 1_001), (2, 501)));
    }
}
