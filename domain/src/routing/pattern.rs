//! Regular expressions of routes. They are matched in a time that grows with the text alone, whatever the expression:
//! there is no looking back, and nothing is tried twice.

use regex::{Error, Regex, RegexBuilder};

/// Characters of one expression.
pub const PATTERN_CHARS_MAX: usize = 1_000;
/// What one expression may become when it is made ready: room for a few hundred Unicode classes.
pub const PATTERN_BYTES_MAX: usize = 256 * 1_024;
/// What one expression may remember of the texts that it has seen; beyond it begins anew.
const CACHE_BYTES_MAX: usize = 256 * 1_024;

/// Why a regular expression is none of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadPattern {
    /// It has more than [`PATTERN_CHARS_MAX`] characters.
    TooLong,
    /// It would become larger than [`PATTERN_BYTES_MAX`].
    TooLarge,
    /// It is not one, in the words of whoever reads them.
    Wrong(String),
}

/// One that must match all of a text, as Alertmanager's matchers do. A dot stands for line breaks as well.
///
/// # Errors
/// When it cannot be used.
pub fn whole(pattern: &str) -> Result<Regex, BadPattern> {
    // By itself first, so that no bracket of it closes ours.
    somewhere(pattern)?;
    ready(&format!(r"\A(?s:{pattern})\z"), false)
}

/// One that may match any part of a text.
///
/// # Errors
/// When it cannot be used.
pub fn somewhere(pattern: &str) -> Result<Regex, BadPattern> {
    if pattern.chars().count() > PATTERN_CHARS_MAX {
        return Err(BadPattern::TooLong);
    }
    ready(pattern, false)
}

/// One that finds these words, in whatever case.
///
/// # Errors
/// When there are too many of them.
pub fn containing(words: &str) -> Result<Regex, BadPattern> {
    if words.chars().count() > PATTERN_CHARS_MAX {
        return Err(BadPattern::TooLong);
    }
    ready(&regex::escape(words), true)
}

fn ready(pattern: &str, is_case_insensitive: bool) -> Result<Regex, BadPattern> {
    let built = RegexBuilder::new(pattern)
        .case_insensitive(is_case_insensitive)
        .size_limit(PATTERN_BYTES_MAX)
        .dfa_size_limit(CACHE_BYTES_MAX)
        .build();
    built.map_err(|error| match error {
        Error::CompiledTooBig(_) => BadPattern::TooLarge,
        // The last line says what is wrong; those before show the expression.
        other => {
            let said = other.to_string();
            let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
            BadPattern::Wrong(last.trim_start_matches("error: ").trim().to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_matched_as_a_whole() {
        for (pattern, value, expected) in [
            ("db", "db", true),
            ("db", "db1", false),
            ("db[0-9]+", "db12", true),
            ("a|ab", "ab", true),
            ("a|ab", "xa", false),
            ("db.*", "db\n1", true),
            ("(?i)prod", "PROD", true),
            ("prod", "PROD", false),
            ("^db$", "db", true),
            ("", "", true),
            (".+", "", false),
            ("straße", "straße", true),
        ] {
            let ready = whole(pattern).unwrap_or_else(|error| panic!("{pattern}: {error:?}"));
            assert_eq!(ready.is_match(value), expected, "{pattern} on {value:?}");
        }
    }

    #[test]
    fn words_are_found_in_whatever_case_and_are_no_expression() {
        let found = |words: &str, text: &str| containing(words).expect("short").is_match(text);
        assert!(found("disk", "DISK full") && found("Größe", "die größe") && found("a.b", "xa.bx"));
        assert!(!found("a.b", "axb") && !found("disk full", "disk is full"));
    }

    #[test]
    fn what_is_no_expression_says_why_and_what_is_too_much_says_so() {
        let wrong = |pattern: &str| match whole(pattern) {
            Err(BadPattern::Wrong(why)) => why,
            other => panic!("{pattern}: {other:?}"),
        };
        assert_eq!(wrong("db("), "unclosed group");
        assert_eq!(wrong("a)|(b"), "unopened group");
        assert!(wrong(r"(a)\1").contains("backreferences"), "{}", wrong(r"(a)\1"));
        assert!(wrong("(?=a)").contains("look-around"), "{}", wrong("(?=a)"));
        assert!(!wrong("(?x) a # b").is_empty(), "a comment would swallow our bracket");
        assert_eq!(whole(&"a".repeat(PATTERN_CHARS_MAX + 1)).unwrap_err(), BadPattern::TooLong);
        assert_eq!(whole(r"(?:\w{50}){50}").unwrap_err(), BadPattern::TooLarge);
        assert_eq!(containing(&"a".repeat(PATTERN_CHARS_MAX + 1)).unwrap_err(), BadPattern::TooLong);
    }

    #[test]
    fn an_expression_that_would_hang_others_is_answered() {
        // By a backtracking matcher each of these takes longer than the universe is old.
        let text = format!("{}!", "a".repeat(8_192));
        for pattern in ["(a+)+", "(a*)*b", "(a|aa)+", "(?:a?){300}a{300}", "([a-z]+)*="] {
            let ready = whole(pattern).unwrap_or_else(|error| panic!("{pattern}: {error:?}"));
            assert!(!ready.is_match(&text), "{pattern}");
        }
    }
}
