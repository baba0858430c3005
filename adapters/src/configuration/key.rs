//! Integration keys: read, doubted, hashed, forgotten.

use std::path::Path;

use domain::blueprint::mistake::What;

use crate::bounded_file;

/// Bytes of a key's file.
pub const KEY_FILE_BYTES_MAX: u64 = 4 * 1024;
/// Characters below which a key might be guessed. A warning: PagerDuty's own routing keys have 32.
pub const KEY_CHARS_MIN: usize = 20;

/// The key in a file: its text without surrounding white space.
pub(super) fn read(file: &Path) -> Result<String, What> {
    let shown = || file.display().to_string();
    let unreadable = |why: String| What::KeyFileUnreadable { file: shown(), why };
    let bytes =
        bounded_file::read(file, KEY_FILE_BYTES_MAX).map_err(|error| unreadable(error.to_string()))?;
    let bytes =
        bytes.ok_or_else(|| What::KeyFileTooLarge { file: shown(), bytes_max: KEY_FILE_BYTES_MAX })?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable("not UTF-8".to_owned()))?;
    let key = text.trim_start_matches('\u{feff}').trim();
    if key.is_empty() { Err(What::KeyFileEmpty { file: shown() }) } else { Ok(key.to_owned()) }
}

/// What may be wrong with a key that can be used.
pub(super) fn doubts(key: &str, file: &Path) -> Vec<What> {
    let file = file.display().to_string();
    let chars = key.chars().count();
    let mut doubts = Vec::new();
    if chars < KEY_CHARS_MIN {
        doubts.push(What::KeyShort { file: file.clone(), chars, chars_min: KEY_CHARS_MIN });
    }
    // RFC 3986, section 2.3: what needs no escape in an address.
    let unreserved = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_' | '~');
    if !key.chars().all(unreserved) {
        doubts.push(What::KeyNotForAddress { file });
    }
    doubts
}
