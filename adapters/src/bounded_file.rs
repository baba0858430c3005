//! Files of people, who may name the wrong one: never more is read than there should be.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// What a file holds; none when that is more than allowed.
pub(crate) fn read(path: &Path, bytes_max: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(bytes_max + 1).read_to_end(&mut bytes)?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= bytes_max);
    Ok(fits.then_some(bytes))
}
