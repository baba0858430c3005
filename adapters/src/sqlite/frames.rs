//! The frames of a write-ahead log, looked at before `SQLite` does.
//!
//! After a crash `SQLite` takes every transaction up to the first frame that does not fit, and forgets the rest
//! without a word: that is how it drops what was being written when the power failed. A bit that flips in an older
//! frame looks the same to it, and takes everything after it along, which was durable and answered. The two can be
//! told apart: each transaction is synced before the next one is written, so a whole transaction never stands
//! behind a frame that was not finished.
//!
//! Format: <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;
/// The magic number, whose last bit says in which order checksums take the bytes of a word.
const MAGIC: u32 = 0x377f_0682;
/// What `SQLite` takes when nobody says otherwise, and what it is taken for when the header is damaged.
const PAGE_BYTES: u32 = 4_096;

type Checksum = (u32, u32);

/// A write-ahead log in memory.
struct Frames<'a> {
    bytes: &'a [u8],
    frame_bytes: usize,
    is_big_endian: bool,
    salt: &'a [u8],
}

/// The first frame, from 1, that `SQLite` would stop at although whole transactions stand behind it; 0 is the header.
/// None when it reads all that was ever committed, as far as the frames tell: damage in the last transaction looks as
/// if it had never been finished.
pub(super) fn damaged_frame(bytes: &[u8]) -> Option<usize> {
    let header = bytes.get(..HEADER_BYTES)?;
    let is_big_endian = word(header, 0) & 1 == 1;
    let is_header_good = word(header, 0) & !1 == MAGIC
        && checksum((0, 0), header.get(..24)?, is_big_endian) == (word(header, 24), word(header, 28));
    let page_bytes = if is_header_good { word(header, 8) } else { PAGE_BYTES };
    let frame_bytes = FRAME_HEADER_BYTES + usize::try_from(page_bytes).ok()?;
    // Frames carry the header's salt: a damaged header is overruled by them.
    let salt = if is_header_good { header.get(16..24)? } else { bytes.get(HEADER_BYTES + 8..)?.get(..8)? };
    let is_big_endian = if is_header_good { is_big_endian } else { cfg!(target_endian = "big") };
    let frames = Frames { bytes, frame_bytes, is_big_endian, salt };
    let count = (bytes.len() - HEADER_BYTES) / frame_bytes;
    let first_bad = if is_header_good { (0..count).find(|&at| !frames.fits(at))? + 1 } else { 0 };
    frames.whole_transaction_after(first_bad.saturating_sub(1), count).then_some(first_bad)
}

impl<'a> Frames<'a> {
    fn frame(&self, at: usize) -> &'a [u8] {
        let start = HEADER_BYTES + at * self.frame_bytes;
        self.bytes.get(start..start + self.frame_bytes).unwrap_or_default()
    }

    /// Whether a frame is what was written after the one before it. Each checksum begins where the last one ended.
    fn fits(&self, at: usize) -> bool {
        let is_of_this_round = self.frame(at).get(8..16) == Some(self.salt);
        is_of_this_round && self.checksum(at, self.kept(at.checked_sub(1))) == self.kept(Some(at))
    }

    /// The same, when the checksum that the frame before it keeps may itself be what was changed.
    fn fits_behind_damage(&self, at: usize) -> bool {
        let computed = || {
            let before = at.checked_sub(1)?;
            let before = self.checksum(before, self.kept(before.checked_sub(1)));
            Some(self.checksum(at, before) == self.kept(Some(at)))
        };
        self.fits(at) || (self.frame(at).get(8..16) == Some(self.salt) && computed() == Some(true))
    }

    /// The checksum that a frame keeps, or the header.
    fn kept(&self, at: Option<usize>) -> Checksum {
        let kept = match at {
            None => self.bytes.get(24..32),
            Some(at) => self.frame(at).get(16..24),
        };
        let kept = kept.unwrap_or_default();
        (word(kept, 0), word(kept, 4))
    }

    fn checksum(&self, at: usize, from: Checksum) -> Checksum {
        let frame = self.frame(at);
        let (numbers, page) = (frame.get(..8), frame.get(FRAME_HEADER_BYTES..));
        let begun = checksum(from, numbers.unwrap_or_default(), self.is_big_endian);
        checksum(begun, page.unwrap_or_default(), self.is_big_endian)
    }

    /// A frame that ends a transaction says how large the file is after it.
    fn ends_transaction(&self, at: usize) -> bool {
        word(self.frame(at), 4) != 0
    }

    /// Whether a transaction ends at or behind `from`, and another one stands whole behind that.
    fn whole_transaction_after(&self, from: usize, count: usize) -> bool {
        let mut is_whole = false;
        for at in from..count {
            let fits = self.fits_behind_damage(at);
            if is_whole && fits && self.ends_transaction(at) {
                return true;
            }
            is_whole = self.ends_transaction(at) || (is_whole && fits);
        }
        false
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_be_bytes)
}

fn checksum(from: Checksum, bytes: &[u8], is_big_endian: bool) -> Checksum {
    let read = |word: &[u8]| {
        let word = word.try_into().unwrap_or_default();
        if is_big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }
    };
    bytes.chunks_exact(8).fold(from, |(first, second), pair| {
        let first = first.wrapping_add(read(&pair[..4])).wrapping_add(second);
        let second = second.wrapping_add(read(&pair[4..])).wrapping_add(first);
        (first, second)
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// Three transactions, and where each one ends.
    fn written() -> (Vec<u8>, Vec<usize>) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        let connection = Connection::open(&file).expect("a file");
        connection.execute_batch("PRAGMA journal_mode = wal; CREATE TABLE t (x)").expect("a table");
        let wal = || std::fs::read(folder.path().join("file-wal")).expect("a write-ahead log");
        let mut ends = vec![wal().len()];
        for text in ["one", "two"] {
            connection.execute("INSERT INTO t VALUES (?1)", [text]).expect("a row");
            ends.push(wal().len());
        }
        (wal(), ends)
    }

    #[test]
    fn what_was_not_finished_is_no_damage() {
        let (whole, _) = written();
        assert_eq!(damaged_frame(&whole), None);
        for length in (0..whole.len()).step_by(23) {
            assert_eq!(damaged_frame(&whole[..length]), None, "cut at {length}");
        }
    }

    #[test]
    fn a_flipped_bit_before_the_last_transaction_is_damage() {
        let (whole, ends) = written();
        let last = ends[ends.len() - 2];
        let frame_bytes = FRAME_HEADER_BYTES + 4_096;
        for at in (0..HEADER_BYTES + FRAME_HEADER_BYTES).chain((0..whole.len()).step_by(37)) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            let frame = if at < HEADER_BYTES { 0 } else { (at - HEADER_BYTES) / frame_bytes + 1 };
            let expected = (at < last).then_some(frame);
            assert_eq!(damaged_frame(&flipped), expected, "byte {at}");
        }
    }

    #[test]
    fn frames_of_an_earlier_round_are_no_damage() {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = Connection::open(folder.path().join("file")).expect("a file");
        connection.execute_batch("PRAGMA journal_mode = wal; CREATE TABLE t (x)").expect("a table");
        for number in 0..20 {
            connection.execute("INSERT INTO t VALUES (?1)", [number]).expect("a row");
        }
        connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(())).expect("started over");
        connection.execute("INSERT INTO t VALUES ('new')", []).expect("a row");
        let wal = std::fs::read(folder.path().join("file-wal")).expect("a write-ahead log");
        assert_eq!(damaged_frame(&wal), None);
    }
}
