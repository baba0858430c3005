//! What a paging terminal says, byte by byte. Terminals differ in how they end their lines, and noise is heard before
//! the first word. Source: TAP 1.8, section 3 and the notes in section 4.

use super::block::character;

/// The most that is kept of one line.
const LINE_CHARS_MAX: usize = 200;

const EOT: u8 = 0x04;
const ACK: u8 = 0x06;
const NAK: u8 = 0x15;
const ESC: u8 = 0x1b;
const RS: u8 = 0x1e;

/// One thing that a terminal, or the modem before it, has said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// `ID=`: who is there?
    Id,
    /// `ACK`: taken.
    Ack,
    /// `NAK`: once more.
    Nak,
    /// `RS`: this page never.
    Rs,
    /// `ESC EOT`: the end.
    Disconnect,
    /// `ESC [ p`: go ahead.
    GoAhead,
    /// A line of text.
    Line(String),
}

/// Makes words of bytes.
#[derive(Clone, Debug, Default)]
pub struct Ear {
    line: Vec<u8>,
    escaped: Vec<u8>,
}

impl Ear {
    /// Hears one byte; gives what it has completed.
    pub fn hear(&mut self, byte: u8) -> Option<Heard> {
        let byte = character(byte);
        if !self.escaped.is_empty() {
            return self.hear_escaped(byte);
        }
        match byte {
            ACK => Some(self.after_line(Heard::Ack)),
            NAK => Some(self.after_line(Heard::Nak)),
            RS => Some(self.after_line(Heard::Rs)),
            ESC => {
                self.escaped.push(byte);
                None
            }
            b'\r' | b'\n' => {
                let line = std::mem::take(&mut self.line);
                let line = String::from_utf8_lossy(&line).trim().to_owned();
                (!line.is_empty()).then_some(Heard::Line(line))
            }
            b' '..=b'~' => {
                if self.line.len() < LINE_CHARS_MAX {
                    self.line.push(byte);
                } else {
                    // `ID=` is heard behind any noise.
                    self.line.remove(0);
                    self.line.push(byte);
                }
                self.line.ends_with(b"ID=").then(|| self.after_line(Heard::Id))
            }
            _ => None,
        }
    }

    fn hear_escaped(&mut self, byte: u8) -> Option<Heard> {
        self.escaped.push(byte);
        let heard = match self.escaped.as_slice() {
            [ESC, EOT] => Some(Heard::Disconnect),
            [ESC, b'[', b'p'] => Some(Heard::GoAhead),
            [ESC, b'['] => return None,
            _ => None,
        };
        self.escaped.clear();
        if byte == ESC {
            self.escaped.push(byte);
        }
        heard.map(|heard| self.after_line(heard))
    }

    /// What was begun before a word of the protocol is no line of its own.
    fn after_line(&mut self, heard: Heard) -> Heard {
        self.line.clear();
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(bytes: &[u8]) -> Vec<Heard> {
        let mut ear = Ear::default();
        bytes.iter().filter_map(|byte| ear.hear(*byte)).collect()
    }

    #[test]
    fn the_words_of_the_protocol_are_heard_however_the_lines_end() {
        let line = |text: &str| Heard::Line(text.to_owned());
        for (bytes, expected) in [
            (&b"ID="[..], vec![Heard::Id]),
            (b"\r\nWelcome\r\nID=\r\n", vec![line("Welcome"), Heard::Id]),
            (b"\xff\xfb\x01noise ID=", vec![Heard::Id]),
            (b"110 1.8\r\x06\r\x1b[p\r", vec![line("110 1.8"), Heard::Ack, Heard::GoAhead]),
            (b"\n\r\x06\n\r", vec![Heard::Ack]),
            (b"\x06\r", vec![Heard::Ack]),
            (b"514 Checksum error\r\x15\r", vec![line("514 Checksum error"), Heard::Nak]),
            (b"511 unknown\r\x1e\r", vec![line("511 unknown"), Heard::Rs]),
            (b"115 bye\r\x1b\x04\r", vec![line("115 bye"), Heard::Disconnect]),
            (b"\x1b\x1b\x04", vec![Heard::Disconnect]),
            (b"\x1b[q\x1b[p", vec![Heard::GoAhead]),
            // Even parity.
            (b"\xc9D\xbd\x8d", vec![Heard::Id]),
        ] {
            assert_eq!(heard(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn endless_noise_takes_no_room_and_hides_nothing() {
        let noise = [&vec![b'x'; 100_000][..], b"ID="].concat();
        assert_eq!(heard(&noise), [Heard::Id]);
        let Some(Heard::Line(line)) = heard(&[&vec![b'x'; 5_000][..], b"\r"].concat()).pop() else {
            panic!("a line");
        };
        assert_eq!(line.len(), LINE_CHARS_MAX);
    }
}
