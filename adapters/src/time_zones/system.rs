//! Which edition of the time-zone data the system has. The house uses the one that is compiled in.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Where systems keep their time-zone data.
pub const FOLDER: &str = "/usr/share/zoneinfo";
/// So much of a file is read to find its edition.
const HEAD_BYTES_MAX: u64 = 64;
/// The files that name the edition: `zic`'s input, whose first line is `# version 2026a`, and what other systems have.
/// Source: `theory.html` of the tz database, and `Makefile` there.
const NAMED_IN: [&str; 2] = ["tzdata.zi", "+VERSION"];

/// The system's edition, such as `2026a`, when it is newer than `compiled`.
pub fn newer_than(folder: &Path, compiled: &str) -> Option<String> {
    let of_file = |name: &&str| edition(&head(&folder.join(name))?);
    let found = NAMED_IN.iter().filter_map(of_file).max()?;
    (found > edition(compiled)?).then(|| found.to_string())
}

/// A year and a letter; after `z` comes `za`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    year: u16,
    letters: String,
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.year, self.letters)
    }
}

fn head(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(HEAD_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The edition that a first line names: `# version 2026a`, or `2026a` alone. What follows, such as `-dirty`, is of no
/// interest.
fn edition(text: &str) -> Option<Named> {
    let line = text.lines().next()?.trim();
    let name = line.strip_prefix("# version ").unwrap_or(line).trim();
    let (year, rest) = name.split_at_checked(4)?;
    let is_year = year.bytes().all(|byte| byte.is_ascii_digit());
    let year = year.parse().ok().filter(|_| is_year)?;
    let letters: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
    (!letters.is_empty() && letters.len() <= 2).then_some(Named { year, letters })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_is_read_from_the_first_line_and_editions_have_an_order() {
        let named = |text: &str| edition(text).map(|named| named.to_string());
        for (text, expected) in [
            ("# version 2026a\n# ddeps backzone\n", Some("2026a")),
            ("2026a\n", Some("2026a")),
            ("2026a-dirty", Some("2026a")),
            ("2025za", Some("2025za")),
            ("# This is a file", None),
            ("2026", None),
            ("+026a", None),
            ("20é6a", None),
            ("2026abc", None),
            ("", None),
        ] {
            assert_eq!(named(text).as_deref(), expected, "{text:?}");
        }
        let order = ["2024b", "2025a", "2025b", "2025z", "2025za", "2026a"].map(edition);
        assert!(order.is_sorted());
    }

    #[test]
    fn only_a_newer_edition_of_the_system_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let newer = |compiled| newer_than(folder.path(), compiled);
        assert_eq!(newer("2025b"), None, "there is none");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
        write("tzdata.zi", &format!("# version 2025b\n{}", "# rules\n".repeat(1_000)));
        assert_eq!((newer("2025b"), newer("2025c"), newer("what")), (None, None, None));
        assert_eq!(newer("2025a").as_deref(), Some("2025b"));
        write("+VERSION", "2026a\n");
        assert_eq!(newer("2025b").as_deref(), Some("2026a"));
        assert!(newer(chrono_tz::IANA_TZDB_VERSION).is_none_or(|newer| newer == "2026a"));
    }
}
