//! What the reader types: Enter, or the end.

use std::io::{self, BufRead as _, IsTerminal as _};

use tokio::sync::mpsc;

/// What was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// A line was ended.
    Enter,
    /// No more will be typed.
    End,
}

/// Listens to the keyboard, if there is one. What comes through a pipe is no person and is not read.
pub(super) fn listen() -> Option<mpsc::UnboundedReceiver<Key>> {
    if !io::stdin().is_terminal() {
        return None;
    }
    let (keys, typed) = mpsc::unbounded_channel();
    // A thread of its own: reading cannot be called off, and the program must be able to end meanwhile.
    std::thread::spawn(move || {
        let mut line = Vec::new();
        loop {
            line.clear();
            let key = match io::stdin().lock().read_until(b'\n', &mut line) {
                // Without a line's end nobody pressed Enter: the keyboard is gone.
                Ok(_) if line.ends_with(b"\n") => Key::Enter,
                Ok(_) | Err(_) => Key::End,
            };
            if keys.send(key).is_err() || key == Key::End {
                return;
            }
        }
    });
    Some(typed)
}
