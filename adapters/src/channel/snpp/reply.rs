//! A line that a gateway says, and one that is said to it. Source: RFC 1861, section 4.2.

use crate::line::Line;

/// One line of a reply.
pub(super) struct Reply {
    pub(super) code: u16,
    /// No more lines belong to it.
    pub(super) last: bool,
    /// The whole line.
    pub(super) words: String,
}

impl Reply {
    /// Reads a line: three digits, then nothing, a blank, or a dash when more lines follow.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let (digits, rest) = line.split_at_checked(3)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let last = match rest.first() {
            None | Some(b' ' | b'\r' | b'\t') => true,
            Some(b'-') => false,
            Some(_) => return None,
        };
        let code = std::str::from_utf8(digits).ok()?.parse().ok()?;
        Some(Self { code, last, words: String::from_utf8_lossy(line).into_owned() })
    }
}

pub(super) fn command(verb: &str, argument: &Line) -> Line {
    Line::new(&format!("{verb} {argument}"))
}
