//! How an input of several parts is written: as lines, so that people can read a corpus.

use std::borrow::Cow;

/// Takes the first line off an input, without its end; all of it when there is no other.
pub(super) fn line<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let (line, after) = match rest.iter().position(|&byte| byte == b'\n') {
        Some(end) => (&rest[..end], &rest[end + 1..]),
        None => (*rest, &[][..]),
    };
    *rest = after;
    line
}

/// Takes the first line off as text. In it `\n`, `\r` and `\\` stand for what they usually do, so that a part can hold
/// several lines itself.
pub(super) fn text(rest: &mut &[u8]) -> String {
    let line = lossy(line(rest));
    let mut text = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('\\') | None => text.push('\\'),
            Some(other) => text.extend(['\\', other]),
        }
    }
    text
}

/// Bytes as text, with a mark for what is none.
pub(super) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
