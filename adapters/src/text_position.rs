//! Byte offsets as people count: lines and columns.

/// The lines of a text.
pub(crate) struct Lines<'a> {
    text: &'a str,
    /// Where each line begins, in bytes.
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds the lines of a text.
    pub(crate) fn of(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// Line and column, in characters and from 1, of a byte. Beyond the end it is the end.
    pub(crate) fn at(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts[line - 1];
        let before = self.text.as_bytes().get(start..offset.min(self.text.len())).unwrap_or_default();
        // Bytes that continue a character do not begin one.
        let columns = before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        (line, columns + 1)
    }
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
    }
}
