//! Signals that no server has taken yet: a directory with a file for each, in the order of their names.
//!
//! A file appears whole or not at all, and is on the disk with its name before anybody is told so. Whoever sends holds
//! the lock; whoever puts something in needs none.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Error, ErrorKind, Result, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use events::{Span, Timestamp};

use super::entry::Entry;

/// So many signals wait at most: a day's notifications of a large Nagios.
pub(super) const ENTRIES_MAX: usize = 10_000;
/// So many bytes wait at most.
pub(super) const BYTES_MAX: u64 = 64 * 1_024 * 1_024;
/// Of what was refused, so many are kept.
pub(super) const REFUSED_MAX: usize = 1_000;
/// What is half written and so old was left by a process that was killed.
const REMNANT_AGE_MIN: Span = Span::from_minutes(60);
/// Two that are called for so shortly after one another stand in the order of their moments, whoever was quicker. Beyond
/// that the clock has been set back, and whoever comes later stands behind.
const ASTRIDE_MAX: Span = Span::from_seconds(1);
/// How many names are tried for one file.
const NAMES_MAX: u64 = 1_000;

const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
/// A name is its moment in microseconds, with so many digits.
const NAME_DIGITS: usize = 20;
const SUFFIX: &str = ".json";
const REMNANT: &str = ".new-";
const SENDING: &str = "sending.lock";
const FOLLOWING: &str = "following.lock";
const REFUSED: &str = "rejected";

/// The directory.
#[derive(Clone, Debug)]
pub(super) struct Spool {
    folder: PathBuf,
}

/// The file of one signal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name(u64);

impl Name {
    fn file(&self) -> String {
        format!("{:0NAME_DIGITS$}{SUFFIX}", self.0)
    }

    fn of(file: &str) -> Option<Self> {
        let digits = file.strip_suffix(SUFFIX).filter(|digits| digits.len() == NAME_DIGITS)?;
        digits.parse().ok().map(Self)
    }
}

/// Held while it is ours; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "held until it is dropped")] File);

/// Why a signal was not put in.
#[derive(Debug)]
pub(super) enum Unkept {
    /// There are so many already.
    Full(usize),
    /// The system says no.
    Failed(Error),
}

impl Spool {
    /// The directory, made for this user only where it is missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let folder = std::path::absolute(folder)?;
        let is_new = !folder.join(REFUSED).is_dir();
        DirBuilder::new().recursive(true).mode(DIRECTORY_MODE).create(folder.join(REFUSED))?;
        if is_new {
            // So that it is there after a loss of power. Not every directory above it can be opened, nor needs to be.
            for above in folder.ancestors() {
                let _ = File::open(above).and_then(|above| above.sync_all());
            }
        }
        Ok(Self { folder })
    }

    /// Where it is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// False once somebody has removed it.
    pub(super) fn is_there(&self) -> bool {
        self.folder.is_dir()
    }

    /// Puts a signal behind all others. It is durable when this returns.
    ///
    /// # Errors
    /// See [`Unkept`]; then nothing of it is left.
    pub(super) fn keep(&self, entry: &Entry) -> std::result::Result<Name, Unkept> {
        let (names, bytes) = self.survey().map_err(Unkept::Failed)?;
        let text = serde_json::to_vec(entry).map_err(|error| Unkept::Failed(error.into()))?;
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        if names.len() >= ENTRIES_MAX || bytes.saturating_add(length) > BYTES_MAX {
            return Err(Unkept::Full(names.len()));
        }
        let wanted = u64::try_from(entry.noticed_at.as_micros()).unwrap_or_default();
        let is_set_back = |last: &&Name| wanted.saturating_add(ASTRIDE_MAX.as_micros()) < last.0;
        let first = names.last().filter(is_set_back).map_or(wanted, |last| last.0.saturating_add(1));
        let remnant = self.folder.join(format!("{REMNANT}{}-{first}", std::process::id()));
        let kept = write(&remnant, &text).and_then(|()| self.name(&remnant, first));
        // Also where it went well: the name is a second one for the same file.
        let removed = fs::remove_file(&remnant);
        let name = kept.map_err(Unkept::Failed)?;
        removed.and_then(|()| self.sync()).map_err(Unkept::Failed)?;
        Ok(name)
    }

    /// Gives a whole file its name: the first that is free. A link never takes another's place.
    fn name(&self, remnant: &Path, first: u64) -> Result<Name> {
        for number in first..first.saturating_add(NAMES_MAX) {
            let name = Name(number);
            match fs::hard_link(remnant, self.path(&name)) {
                Ok(()) => return Ok(name),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(ErrorKind::AlreadyExists.into())
    }

    /// What waits, in order.
    ///
    /// # Errors
    /// When the directory cannot be listed.
    pub(super) fn waiting(&self) -> Result<Vec<Name>> {
        Ok(self.survey()?.0)
    }

    fn survey(&self) -> Result<(Vec<Name>, u64)> {
        let (mut names, mut bytes) = (Vec::new(), 0_u64);
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            let Some(name) = file.file_name().to_str().and_then(Name::of) else { continue };
            // Gone again: somebody sent it.
            bytes = bytes.saturating_add(file.metadata().map_or(0, |metadata| metadata.len()));
            names.push(name);
        }
        names.sort();
        Ok((names, bytes))
    }

    /// One signal; none where somebody else has sent it.
    ///
    /// # Errors
    /// `InvalidData` when the file holds something else; anything else when it cannot be read.
    pub(super) fn read(&self, name: &Name) -> Result<Option<Entry>> {
        match fs::read(self.path(name)) {
            Ok(text) => serde_json::from_slice(&text)
                .map(Some)
                .map_err(|error| Error::new(ErrorKind::InvalidData, error)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Takes one out that a server has taken.
    ///
    /// # Errors
    /// When it cannot be removed: then it will be sent again.
    pub(super) fn remove(&self, name: &Name) -> Result<()> {
        match fs::remove_file(self.path(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Puts one aside that will never be taken, with the reason beside it; says where it is now, and how many of the
    /// oldest had to go.
    ///
    /// # Errors
    /// When it cannot be moved.
    pub(super) fn refuse(&self, name: &Name, why: &str) -> Result<(PathBuf, usize)> {
        let refused = self.refused(name);
        // The reason is a help, and may have no room.
        let _ = write(&refused.with_extension("reason"), format!("{why}\n").as_bytes());
        fs::rename(self.path(name), &refused)?;
        let mut old: Vec<Name> = fs::read_dir(self.folder.join(REFUSED))?
            .filter_map(|file| Name::of(file.ok()?.file_name().to_str()?))
            .collect();
        old.sort();
        old.truncate(old.len().saturating_sub(REFUSED_MAX));
        for name in &old {
            for file in [self.refused(name), self.refused(name).with_extension("reason")] {
                let _ = fs::remove_file(file);
            }
        }
        Ok((refused, old.len()))
    }

    /// Where a refused one lies.
    pub(super) fn refused(&self, name: &Name) -> PathBuf {
        self.folder.join(REFUSED).join(name.file())
    }

    /// Where one that waits lies.
    pub(super) fn path(&self, name: &Name) -> PathBuf {
        self.folder.join(name.file())
    }

    /// What was done is on the disk when this returns.
    ///
    /// # Errors
    /// When the system says no.
    pub(super) fn sync(&self) -> Result<()> {
        File::open(&self.folder)?.sync_all()
    }

    /// The right to send; none while another process has it.
    ///
    /// # Errors
    /// When the file for it cannot be made.
    pub(super) fn lock_sending(&self) -> Result<Option<Lock>> {
        self.lock(SENDING)
    }

    /// The right to be the one in the background; none while another process is.
    ///
    /// # Errors
    /// When the file for it cannot be made.
    pub(super) fn lock_following(&self) -> Result<Option<Lock>> {
        self.lock(FOLLOWING)
    }

    fn lock(&self, name: &str) -> Result<Option<Lock>> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(FILE_MODE)
            .open(self.folder.join(name))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Removes what killed processes have left half written. Of what is younger somebody may still be writing.
    pub(super) fn tidy(&self, now: Timestamp) {
        let Ok(files) = fs::read_dir(&self.folder) else { return };
        for file in files.filter_map(Result::ok) {
            let is_remnant = file.file_name().to_str().is_some_and(|name| name.starts_with(REMNANT));
            let modified = file.metadata().and_then(|metadata| metadata.modified());
            let modified = modified.ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
            let modified = modified.and_then(|since| i64::try_from(since.as_micros()).ok());
            let is_old = modified.is_some_and(|at| now.since(Timestamp::from_micros(at)) >= REMNANT_AGE_MIN);
            if is_remnant && is_old {
                let _ = fs::remove_file(file.path());
            }
        }
    }
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::super::entry::{Key, Tongue};
    use super::*;

    fn entry(at: i64, body: &str) -> Entry {
        Entry {
            tongue: Tongue::Nagios,
            key: Key::Text("s3cret".to_owned()),
            noticed_at: Timestamp::from_micros(at),
            body: body.to_owned(),
        }
    }

    fn spool() -> (tempfile::TempDir, Spool) {
        let folder = tempfile::tempdir().expect("a folder");
        let spool = Spool::open(&folder.path().join("deep/spool")).expect("a spool");
        (folder, spool)
    }

    fn bodies(spool: &Spool) -> Vec<String> {
        let names = spool.waiting().expect("a list");
        names.iter().map(|name| spool.read(name).expect("it is read").expect("it is there").body).collect()
    }

    #[test]
    fn signals_wait_in_the_order_in_which_they_came_also_when_the_clock_is_set_back() {
        let (_folder, spool) = spool();
        for (seconds, body) in [(500, "a"), (400, "b"), (-7, "c"), (500, "d"), (501, "e")] {
            spool.keep(&entry(seconds * 1_000_000, body)).expect("kept");
        }
        assert_eq!(bodies(&spool), ["a", "b", "c", "d", "e"]);
        let names = spool.waiting().expect("a list");
        spool.remove(&names[0]).expect("removed");
        spool.remove(&names[0]).expect("it is gone already");
        assert_eq!(spool.read(&names[0]).expect("no error"), None);
        assert_eq!(bodies(&spool), ["b", "c", "d", "e"]);
    }

    #[test]
    fn who_was_called_first_goes_first_though_another_was_quicker() {
        let (_folder, spool) = spool();
        for (micros, body) in [(5_000_000, "its end"), (4_990_000, "a problem"), (5_000_000, "the next")] {
            spool.keep(&entry(micros, body)).expect("kept");
        }
        assert_eq!(bodies(&spool), ["a problem", "its end", "the next"]);
    }

    #[test]
    fn only_its_owner_reads_what_is_kept_and_no_key_is_printed() {
        let (_folder, spool) = spool();
        let name = spool.keep(&entry(1, "a")).expect("kept");
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(spool.folder()), mode(&spool.path(&name))), (0o700, 0o600));
        assert_eq!(spool.read(&name).expect("read"), Some(entry(1, "a")));
        assert!(!format!("{:?}", entry(1, "a")).contains("s3cret"));
    }

    #[test]
    fn a_name_that_is_taken_is_not_taken_again() {
        let (_folder, spool) = spool();
        fs::write(spool.folder().join("00000000000000000007.json"), "other").expect("written");
        let remnant = spool.folder().join(".new-1");
        fs::write(&remnant, "ours").expect("written");
        assert_eq!(spool.name(&remnant, 7).expect("a name"), Name(8));
        assert_eq!(fs::read(spool.path(&Name(7))).expect("still there"), b"other");
    }

    #[test]
    fn what_is_refused_lies_apart_with_its_reason_and_the_oldest_go() {
        let (_folder, spool) = spool();
        let first = spool.keep(&entry(1, "a")).expect("kept");
        let (file, removed) = spool.refuse(&first, "it means nothing").expect("moved");
        assert_eq!((bodies(&spool).len(), removed), (0, 0));
        let why = fs::read_to_string(file.with_extension("reason")).expect("a reason");
        assert_eq!(why, "it means nothing\n");
        for number in 2..2 + u64::try_from(REFUSED_MAX).expect("a number") {
            fs::write(spool.refused(&Name(number)), "x").expect("written");
        }
        let last = spool.keep(&entry(5_000, "b")).expect("kept");
        assert_eq!(spool.refuse(&last, "nor this").expect("moved").1, 2);
        assert!(!file.exists() && !file.with_extension("reason").exists(), "the oldest is gone");
    }

    #[test]
    fn a_full_spool_takes_nothing_more_and_leaves_nothing_behind() {
        let (_folder, spool) = spool();
        for number in 0..ENTRIES_MAX {
            fs::write(spool.folder().join(format!("{number:020}.json")), "").expect("written");
        }
        assert!(matches!(spool.keep(&entry(1, "a")), Err(Unkept::Full(ENTRIES_MAX))));
        let (_folder, spool) = self::spool();
        let large = File::create(spool.folder().join("00000000000000000001.json")).expect("a file");
        large.set_len(BYTES_MAX).expect("a large file");
        assert!(matches!(spool.keep(&entry(1, "a")), Err(Unkept::Full(1))));
        assert_eq!(fs::read_dir(spool.folder()).expect("a list").count(), 2);
    }

    #[test]
    fn what_is_half_written_is_no_signal_and_goes_when_it_is_old() {
        let (_folder, spool) = spool();
        let remnant = spool.folder().join(".new-1-2");
        fs::write(&remnant, "{\"tongue\"").expect("written");
        assert_eq!(spool.waiting().expect("a list"), []);
        let modified = fs::metadata(&remnant).and_then(|metadata| metadata.modified()).expect("a moment");
        let modified = modified.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_micros();
        let modified = Timestamp::from_micros(i64::try_from(modified).expect("a moment"));
        spool.tidy(modified + Span::from_minutes(59));
        assert!(remnant.exists());
        spool.tidy(modified + Span::from_minutes(61));
        assert!(!remnant.exists());
    }

    #[test]
    fn one_process_sends_at_a_time() {
        let (_folder, spool) = spool();
        let lock = spool.lock_sending().expect("no error").expect("ours");
        assert!(spool.lock_sending().expect("no error").is_none());
        assert!(spool.lock_following().expect("no error").is_some(), "that is another right");
        drop(lock);
        assert!(spool.lock_sending().expect("no error").is_some());
    }
}
