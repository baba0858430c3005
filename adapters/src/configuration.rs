//! Configuration files: the part of the house that Git owns, in YAML, JSON or TOML.
//!
//! [`read`] is pure: texts in, a [`Blueprint`] with the place of everything and all mistakes out. [`load`] is its thin
//! half: it reads the files and the keys that they name. [`examine`] adds what the core says about the meaning, and is
//! what `check`, `apply` and `shifts --file` call. [`write_yaml`] is the way back, for `export`.
//!
//! Everything wrong is said at once, with file, line and column; [`say`] says it in the reader's language.
//!
//! **To add a key to the language:** add it to the plan in [`domain::blueprint`], to the grammar in `decode/`, to
//! `write.rs`, and a case to the tables in `tests.rs`.

mod ahead;
mod decode;
mod files;
mod key;
mod node;
pub mod quantity;
mod say;
mod toml;
mod write;
mod yaml;

use std::collections::BTreeSet;

use crate::channel::address_mistake;
use domain::blueprint::check::{Completeness, check};
use domain::blueprint::mistake::{Mistake, Severity, What, locate};
use domain::blueprint::place::{Path, Places};
use domain::blueprint::{Blueprint, kind::ThingKind};
use events::Timestamp;

use decode::Decoder;

pub use files::load;
pub use key::{KEY_CHARS_MIN, KEY_FILE_BYTES_MAX};
pub use say::say;
pub use write::write_yaml;

/// Bytes of one file: 4 MiB.
pub const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Lists and maps within one another; the language itself needs 9.
pub const DEPTH_MAX: usize = 32;

/// A configuration file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationFile {
    /// The file as it was named. TOML when it ends in `.toml`, JSON in `.json`, else YAML.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// What the files say, all of them together; harmless values where something could not be read.
    pub blueprint: Blueprint,
    /// Where everything stands.
    pub places: Places,
    /// Everything that is wrong so far, in the order of the files.
    pub mistakes: Vec<Mistake>,
    /// The values that could not be read.
    broken: BTreeSet<Path>,
    /// Something is missing that would be there but for a mistake.
    lossy: bool,
}

impl Reading {
    /// True when nothing is wrong, but for warnings.
    pub fn is_sound(&self) -> bool {
        self.mistakes.iter().all(|mistake| mistake.severity == Severity::Warning)
    }

    /// Adds what is wrong with the meaning. What only follows from something that could not be read is left out.
    #[must_use]
    pub fn checked(mut self, completeness: Completeness) -> Self {
        let found = check(&self.blueprint, completeness, address_mistake);
        let own = found.into_iter().filter(|mistake| !self.follows(mistake)).collect::<Vec<_>>();
        self.mistakes.extend(own);
        locate(&mut self.mistakes, &self.places);
        self
    }

    /// Adds what the house will lack within the next days, and which handovers people may get wrong. Says nothing of
    /// files that hold only a part of a house, or are wrong already.
    #[must_use]
    pub fn looking_ahead(mut self, now: Timestamp) -> Self {
        if self.is_sound() && !self.blueprint.people.is_empty() {
            self.mistakes.extend(ahead::warnings(&self.blueprint, now));
            locate(&mut self.mistakes, &self.places);
        }
        self
    }

    fn follows(&self, mistake: &Mistake) -> bool {
        let within = std::iter::successors(Some(mistake.path.clone()), Path::parent)
            .any(|path| self.broken.contains(&path));
        // Paths are in order: whatever is within one follows it.
        let mut next = self.broken.range(&mistake.path..);
        let mut around = || next.next().is_some_and(|broken| broken.is_within(&mistake.path));
        within || (mistake.what.is_about_absence() && (self.lossy || around()))
    }
}

/// Reads texts as one configuration. Keys of sources are not read: that is [`load`]'s part.
///
/// The same name in two files is a mistake; routes of later files follow those of earlier ones.
pub fn read(files: &[ConfigurationFile]) -> Reading {
    let mut decoder = Decoder::default();
    for file in files {
        decoder.open(&file.name);
        read_file(&mut decoder, file);
    }
    finish(decoder)
}

/// Reads files and the keys that they name, and says everything that is wrong with them.
pub fn examine(paths: &[std::path::PathBuf], completeness: Completeness) -> Reading {
    load(paths).checked(completeness)
}

fn read_file(decoder: &mut Decoder, file: &ConfigurationFile) {
    if u64::try_from(file.text.len()).unwrap_or(u64::MAX) > FILE_BYTES_MAX {
        decoder.refuse(What::FileTooLarge { bytes_max: FILE_BYTES_MAX });
        return;
    }
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    let has_extension = |wanted: &str| {
        let extension = std::path::Path::new(&file.name).extension();
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
    };
    let (root, flaws) = if has_extension("toml") {
        toml::parse(text)
    } else if has_extension("json") {
        yaml::parse(&yaml::from_json(text))
    } else {
        yaml::parse(text)
    };
    for flaw in flaws {
        decoder.flaw(flaw);
    }
    if let Some(root) = root {
        decoder.file(&root);
    }
}

fn finish(decoder: Decoder) -> Reading {
    let Decoder { blueprint, places, mut mistakes, broken, lossy, .. } = decoder;
    locate(&mut mistakes, &places);
    Reading { blueprint, places, mistakes, broken, lossy }
}

/// The path of a source's part.
fn source_path(name: &str, field: &str) -> Path {
    Path::of([ThingKind::Source.section(), name, field])
}

#[cfg(test)]
mod tests;
