//! Words for a pager: one line of ASCII, which a pager that shows little gets in parts.

use domain::port::{Dispatch, Notice};
use i18n::{Message as _, page};

use super::digest::Digest;
use super::{Parts, Text, parts};
use crate::line::Line;

/// Characters on a usual alphanumeric pager; each channel can be told otherwise.
pub const CHARS_MAX_DEFAULT: usize = 240;

/// Puts a notice into one line of printable ASCII by shortening the summary: of at most `chars_max` characters, or, on
/// a pager that shows fewer than a usual one, of what a usual one shows as far as that fits in parts.
pub fn pager(dispatch: &Dispatch, notice: &Notice, link: &str, chars_max: usize) -> Text {
    if let Some(digest) = Digest::of(dispatch, notice) {
        return digest.pager(link, chars_max);
    }
    let parts = Parts::new(dispatch, notice);
    let when = parts.when_with_labels();
    let say = |summary: &str| {
        let (code, service, when) = (parts.code.as_str(), parts.service.as_str(), when.as_str());
        let text = if notice.message.is_some() {
            page::MessagePager { code, text: summary, link }.render(parts.locale)
        } else if notice.test {
            page::TestPager { code, when, link }.render(parts.locale)
        } else if notice.reference_only {
            page::ReferenceOnlyPager { code, service, when, link }.render(parts.locale)
        } else {
            page::Pager { code, summary, service, when, link }.render(parts.locale)
        };
        Line::new(&text).ascii()
    };
    let rest = say("-").as_str().len().saturating_sub(1);
    let summary = if notice.message.is_some() { parts.sentence() } else { parts.summary.clone() }.ascii();
    let text_of = |room: usize| say(summary.cut(room).as_str()).cut(room + rest);
    let room_max = chars_max.max(CHARS_MAX_DEFAULT).saturating_sub(rest).min(summary.as_str().len());
    // From the longest summary down to none, until nothing else has to be cut.
    let room = (0..=room_max).rev().find(|room| parts::fits(&text_of(*room), chars_max));
    let text = room.map_or_else(|| text_of(0), text_of).cut(chars_max.max(CHARS_MAX_DEFAULT));
    Text { body: text.to_string(), ..Text::default() }
}

#[cfg(test)]
mod tests {
    use events::Span;
    use events::event::Language;
    use events::event::person::ChannelKind;

    use super::*;
    use crate::text::sample::{LINK, dispatch, notice};

    fn pager_in(language: Language, notice: &Notice) -> String {
        let dispatch = dispatch(ChannelKind::PAGER, "7311", language, notice);
        pager(&dispatch, notice, LINK, CHARS_MAX_DEFAULT).body
    }

    #[test]
    fn pager_has_everything_on_one_line() {
        let mut notice = notice("Speicher läuft über");
        assert_eq!(
            pager_in(Language::De, &notice),
            format!("K7M2Q Speicher laeuft ueber / Web shop seit 03:10 / OK: {LINK}")
        );
        notice.repeat = true;
        notice.late = Some(Span::from_seconds(90));
        assert_eq!(
            pager_in(Language::De, &notice),
            format!(
                "K7M2Q Speicher laeuft ueber / Web shop seit 03:10 (Wiederholung, 1 min 30 s zu spaet) / OK: {LINK}"
            )
        );
        notice.reference_only = true;
        assert!(pager_in(Language::It, &notice).starts_with("K7M2Q Web shop, inizio 03:10 (ripetizione"));
        notice.test = true;
        assert!(pager_in(Language::En, &notice).starts_with("K7M2Q Test page. "));
    }

    #[test]
    fn pager_shortens_the_summary() {
        for summary in ["x".repeat(1_024), "ü".repeat(1_024), "д 🔥".repeat(99)] {
            let text = pager_in(Language::En, &notice(&summary));
            assert!(text.is_ascii() && (239..=240).contains(&text.len()), "{}: {text}", text.len());
            assert!(text.contains(".. / Web shop since 03:10 / OK: ") && text.ends_with(LINK), "{text}");
        }
        let mut endless = notice("x");
        endless.service = Some("s".repeat(999));
        assert_eq!(pager_in(Language::En, &endless).len(), CHARS_MAX_DEFAULT);
    }

    #[test]
    fn a_pager_that_shows_little_gets_the_usual_text_in_parts() {
        let notice = notice(&format!("Disk full {}", "on many machines ".repeat(50)));
        let dispatch = dispatch(ChannelKind::PAGER, "7311", Language::En, &notice);
        for (chars_max, parts_count) in [(80, 4), (60, 4), (40, 4), (240, 1), (400, 1)] {
            let text = pager(&dispatch, &notice, "https://pager.example/a/K7M2Q", chars_max).body;
            assert!(text.len() <= chars_max.max(CHARS_MAX_DEFAULT), "{text}");
            assert!(
                text.starts_with("K7M2Q Disk full on") && text.contains(".. / Web shop since 03:10"),
                "{text}"
            );
            assert!(text.ends_with("OK: https://pager.example/a/K7M2Q"), "{text}");
            let parts = parts::parts(&Line::new(&text), chars_max);
            assert_eq!(parts.len(), parts_count, "{parts:?}");
            assert!(parts.iter().all(|part| part.as_str().len() <= chars_max), "{parts:?}");
        }
        // There is no room for all of it: the code is there in any case.
        let tiny = pager(&dispatch, &notice, LINK, 20).body;
        let parts = parts::parts(&Line::new(&tiny), 20);
        assert!(
            parts.len() == 4 && parts.iter().all(|part| part.as_str().starts_with("K7M2Q ")),
            "{parts:?}"
        );
    }
}
