//! The languages of the house, and which of them a reader gets.

use std::fmt;
use std::str::FromStr;

/// A language the house speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locale {
    /// English, and what is said where nobody stated a preference.
    #[default]
    En,
    /// German.
    De,
    /// Italian.
    It,
}

/// The text is not the name of a language the house speaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown language {0:?}: use en, de or it")]
pub struct UnknownLocale(
    /// The text as it was given.
    pub String,
);

impl Locale {
    /// Every language, English first.
    pub const ALL: [Self; 3] = [Self::En, Self::De, Self::It];

    /// The name in configuration files and in the `lang` attribute of a web page: `en`, `de`, `it`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::It => "it",
        }
    }

    /// Chooses the language for a reader from an `Accept-Language` header.
    ///
    /// `de-CH` counts as `de`; among equals the first one wins; `*` stands for the first language that the
    /// header does not name. English when nothing fits, or when the header is empty or nonsense.
    ///
    /// Source: RFC 9110, sections 12.4.2 and 12.5.4.
    pub fn negotiate(accept_language_header: &str) -> Self {
        let entries: Vec<(Wanted, f64)> = accept_language_header.split(',').filter_map(entry).collect();
        let mut best: Option<(Self, f64)> = None;
        for (wanted, weight) in &entries {
            let locale = match wanted {
                Wanted::Named(locale) => Some(*locale),
                Wanted::Any => Self::ALL.into_iter().find(|locale| !names(&entries, *locale)),
            };
            let better = best.is_none_or(|(_, weight_best)| *weight > weight_best);
            if let Some(locale) = locale.filter(|_| better && *weight > 0.0) {
                best = Some((locale, *weight));
            }
        }
        best.map_or_else(Self::default, |(locale, _)| locale)
    }
}

/// What one entry of the header asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Named(Locale),
    Any,
}

fn names(entries: &[(Wanted, f64)], locale: Locale) -> bool {
    entries.iter().any(|(wanted, _)| *wanted == Wanted::Named(locale))
}

/// Reads one entry of the header with its weight; `None` for a language the house does not speak and for nonsense.
fn entry(text: &str) -> Option<(Wanted, f64)> {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next()?;
    let wanted = if range == "*" {
        Wanted::Any
    } else {
        let primary = range.split('-').next()?;
        Wanted::Named(primary.to_ascii_lowercase().parse().ok()?)
    };
    let mut weight = 1.0;
    for parameter in parts {
        if let Some(value) = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")) {
            weight = value.trim().parse().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
        }
    }
    Some((wanted, weight))
}

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(text: &str) -> Result<Self, UnknownLocale> {
        Self::ALL
            .into_iter()
            .find(|locale| locale.as_str() == text)
            .ok_or_else(|| UnknownLocale(text.to_owned()))
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_reads_back_as_the_same_language() {
        for locale in Locale::ALL {
            assert_eq!(locale.to_string().parse(), Ok(locale));
        }
        assert_eq!("fr".parse::<Locale>(), Err(UnknownLocale("fr".to_owned())));
    }

    #[test]
    fn header_chooses_the_heaviest_language_the_house_speaks() {
        for (header, expected) in [
            ("", Locale::En),
            ("de", Locale::De),
            ("de-CH", Locale::De),
            ("DE-ch", Locale::De),
            ("it-IT,it;q=0.9,en;q=0.8", Locale::It),
            ("fr,it;q=0.3,de;q=0.7", Locale::De),
            ("en;q=0.2, de ; q=0.4", Locale::De),
            ("de;q=0.5,it;q=0.5", Locale::De),
            ("fr", Locale::En),
            ("*", Locale::En),
            ("en;q=0,*", Locale::De),
            ("en;q=0,de;q=0,*;q=0.1", Locale::It),
            ("it;q=0", Locale::En),
            ("it;q=0.001", Locale::It),
        ] {
            assert_eq!(Locale::negotiate(header), expected, "{header:?}");
        }
    }

    #[test]
    fn nonsense_header_gives_english() {
        for header in [
            ",,,;;;",
            "q=1",
            "de;q=nan",
            "de;q=inf",
            "de;q=-1",
            "de;q=2",
            "de;q=",
            "\u{0}\u{ffff}",
            "-",
            "de_DE",
            "ü;q=ü",
            "deu",
        ] {
            assert_eq!(Locale::negotiate(header), Locale::En, "{header:?}");
        }
    }
}
