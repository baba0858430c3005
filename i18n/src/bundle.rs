//! The translations, embedded in the program and parsed once for each language.

use std::sync::LazyLock;

use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentError, FluentResource};
use unic_langid::{LanguageIdentifier, langid};

use crate::Locale;

type Bundle = FluentBundle<FluentResource>;

macro_rules! files {
    ($language:literal) => {
        &[
            ("page.ftl", include_str!(concat!("../locales/", $language, "/page.ftl"))),
            ("timeline.ftl", include_str!(concat!("../locales/", $language, "/timeline.ftl"))),
            ("words.ftl", include_str!(concat!("../locales/", $language, "/words.ftl"))),
            ("format.ftl", include_str!(concat!("../locales/", $language, "/format.ftl"))),
            ("web.ftl", include_str!(concat!("../locales/", $language, "/web.ftl"))),
            ("demo.ftl", include_str!(concat!("../locales/", $language, "/demo.ftl"))),
            ("command.ftl", include_str!(concat!("../locales/", $language, "/command.ftl"))),
            ("token.ftl", include_str!(concat!("../locales/", $language, "/token.ftl"))),
            ("mistake.ftl", include_str!(concat!("../locales/", $language, "/mistake.ftl"))),
            ("channel.ftl", include_str!(concat!("../locales/", $language, "/channel.ftl"))),
            ("heartbeat.ftl", include_str!(concat!("../locales/", $language, "/heartbeat.ftl"))),
            ("ledger.ftl", include_str!(concat!("../locales/", $language, "/ledger.ftl"))),
            ("calendar.ftl", include_str!(concat!("../locales/", $language, "/calendar.ftl"))),
            ("contact.ftl", include_str!(concat!("../locales/", $language, "/contact.ftl"))),
            ("route.ftl", include_str!(concat!("../locales/", $language, "/route.ftl"))),
            ("reply.ftl", include_str!(concat!("../locales/", $language, "/reply.ftl"))),
            ("notify.ftl", include_str!(concat!("../locales/", $language, "/notify.ftl"))),
            ("change.ftl", include_str!(concat!("../locales/", $language, "/change.ftl"))),
            ("voice.ftl", include_str!(concat!("../locales/", $language, "/voice.ftl"))),
        ]
    };
}

/// The Fluent files of a language, each with its name.
pub(crate) const fn files(locale: Locale) -> &'static [(&'static str, &'static str)] {
    match locale {
        Locale::En => files!("en"),
        Locale::De => files!("de"),
        Locale::It => files!("it"),
    }
}

const fn identifier(locale: Locale) -> LanguageIdentifier {
    match locale {
        Locale::En => langid!("en"),
        Locale::De => langid!("de"),
        Locale::It => langid!("it"),
    }
}

/// Why a message could not be said as it was meant.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FormatError {
    /// The language has no such message.
    #[error("no message {0}")]
    Missing(&'static str),
    /// Fluent made a text with gaps in it.
    #[error("{errors:?} in {text:?}")]
    Gaps { text: String, errors: Vec<FluentError> },
}

/// Says a message. Never fails: what cannot be said in this language is said in English, and where that fails
/// too the text is the message's id, so that a page still goes out.
pub(crate) fn render(locale: Locale, id: &'static str, arguments: &FluentArgs<'_>) -> String {
    match format(locale, id, arguments) {
        Ok(text) | Err(FormatError::Gaps { text, .. }) => text,
        Err(FormatError::Missing(_)) if locale != Locale::En => render(Locale::En, id, arguments),
        Err(FormatError::Missing(_)) => id.to_owned(),
    }
}

/// Says a message, or tells why that did not go well.
pub(crate) fn format(
    locale: Locale,
    id: &'static str,
    arguments: &FluentArgs<'_>,
) -> Result<String, FormatError> {
    let bundle = bundle(locale);
    let message = bundle.get_message(id).ok_or(FormatError::Missing(id))?;
    let pattern = message.value().ok_or(FormatError::Missing(id))?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned();
    if errors.is_empty() { Ok(text) } else { Err(FormatError::Gaps { text, errors }) }
}

fn bundle(locale: Locale) -> &'static Bundle {
    static EN: LazyLock<Bundle> = LazyLock::new(|| load(Locale::En));
    static DE: LazyLock<Bundle> = LazyLock::new(|| load(Locale::De));
    static IT: LazyLock<Bundle> = LazyLock::new(|| load(Locale::It));
    match locale {
        Locale::En => &EN,
        Locale::De => &DE,
        Locale::It => &IT,
    }
}

fn load(locale: Locale) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![identifier(locale), identifier(Locale::En)]);
    // Isolation marks (U+2068, U+2069) would turn every SMS into UCS-2 and reach pagers as rubbish.
    bundle.set_use_isolating(false);
    for (_, source) in files(locale) {
        // A test proves that every file parses whole; if one ever did not, most of it is better than no page.
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_message_still_gives_text() {
        for locale in Locale::ALL {
            assert_eq!(render(locale, "no-such-message", &FluentArgs::new()), "no-such-message");
        }
    }

    #[test]
    fn missing_arguments_still_give_text() {
        for locale in Locale::ALL {
            assert!(!render(locale, "page-sms", &FluentArgs::new()).is_empty());
            assert!(format(locale, "page-sms", &FluentArgs::new()).is_err());
        }
    }

    #[test]
    fn every_file_parses_whole() {
        for locale in Locale::ALL {
            for (name, source) in files(locale) {
                let parsed = FluentResource::try_new((*source).to_owned());
                assert!(parsed.is_ok(), "{locale}/{name}: {:?}", parsed.err().map(|(_, errors)| errors));
            }
        }
    }

    #[test]
    fn all_languages_render_from_many_threads_at_once() {
        std::thread::scope(|scope| {
            for locale in Locale::ALL.into_iter().cycle().take(9) {
                scope.spawn(move || {
                    for _ in 0..50 {
                        assert!(format(locale, "severity-critical", &FluentArgs::new()).is_ok());
                    }
                });
            }
        });
    }
}
