//! Words for a text message.

use domain::port::{Dispatch, Notice};
use i18n::gsm7::{
    self, SEPTETS_PART_MAX, SEPTETS_SINGLE_MAX, UNITS_PART_MAX, UNITS_SINGLE_MAX, septets, to_gsm7,
};
use i18n::{Message as _, page};

use super::digest::Digest;
use super::{Parts, Text};
use crate::line::cut;

/// The most segments where names and link alone fill more than one.
pub const SEGMENTS_MAX: usize = 4;
/// The most segments of a text that GSM-7 cannot say: 134 UTF-16 units.
pub const UCS2_SEGMENTS_MAX: usize = 2;
/// The most characters whatever happens. Source: <https://www.twilio.com/docs/api/errors/21617>.
pub const CHARS_MAX: usize = 1_600;

/// The least of a summary that is worth sending; where there is less room, one more segment is used.
const SUMMARY_WIDTH_MIN: usize = 20;

/// Puts a notice into words for a text message of one segment of 160 septets, by shortening the summary.
///
/// What GSM-7 has a counterpart for is replaced by it. A summary with other characters goes out as UCS-2 in up to
/// [`UCS2_SEGMENTS_MAX`] segments rather than being lost. Where code, service, time and link leave less than 20
/// septets for the summary, there are more segments, up to [`SEGMENTS_MAX`].
pub fn sms(dispatch: &Dispatch, notice: &Notice, link: &str) -> Text {
    if let Some(digest) = Digest::of(dispatch, notice) {
        return digest.sms(link);
    }
    let parts = Parts::new(dispatch, notice);
    let (service, when) = (to_gsm7(parts.service.as_str()), parts.when_with_labels());
    // A message has nothing to say but its sentence.
    let wanted = if notice.message.is_some() { CHARS_MAX } else { SUMMARY_WIDTH_MIN };
    let summary = if notice.message.is_some() { parts.sentence() } else { parts.summary.clone() };
    let body = fit(&to_gsm7(summary.as_str()), wanted, |summary| {
        let (code, service, when) = (parts.code.as_str(), service.as_str(), when.as_str());
        if notice.message.is_some() {
            page::MessageSms { code, text: summary, link }.render(parts.locale)
        } else if notice.test {
            page::TestSms { code, when, link }.render(parts.locale)
        } else if notice.reference_only {
            page::ReferenceOnlySms { code, service, when, link }.render(parts.locale)
        } else {
            page::Sms { code, summary, service, when, link }.render(parts.locale)
        }
    });
    Text { body, ..Text::default() }
}

/// Says it with as much of the summary as there is room for.
fn fit(summary: &str, wanted: usize, say: impl Fn(&str) -> String) -> String {
    let whole = say(summary);
    let in_gsm7 = septets(&whole).is_some();
    let width = |text: &str| if in_gsm7 { septets(text).unwrap_or(0) } else { text.encode_utf16().count() };
    let (rest, wanted) = (width(&say("")), width(summary).min(wanted));
    let segments_preferred = if in_gsm7 { 1 } else { UCS2_SEGMENTS_MAX };
    for segments in segments_preferred..=SEGMENTS_MAX {
        let room = capacity(segments, in_gsm7).checked_sub(rest);
        if let Some(room) = room.filter(|room| *room >= wanted) {
            return shorten(summary, room, segments, in_gsm7, &say);
        }
    }
    cut(&whole, CHARS_MAX, "..", |_| 1)
}

/// Cuts the summary to the room, and by the odd place that a character of two places leaves empty at the end of a
/// segment.
fn shorten(
    summary: &str,
    room: usize,
    segments: usize,
    in_gsm7: bool,
    say: impl Fn(&str) -> String,
) -> String {
    let mut room = room;
    loop {
        let shortened =
            if in_gsm7 { gsm7::truncate(summary, room) } else { cut(summary, room, "..", char::len_utf16) };
        let text = say(&shortened);
        if gsm7::segments(&text) <= segments || room == 0 {
            return text;
        }
        room -= 1;
    }
}

/// Septets, or UTF-16 units, in so many segments.
pub(super) const fn capacity(segments: usize, in_gsm7: bool) -> usize {
    match (segments, in_gsm7) {
        (1, true) => SEPTETS_SINGLE_MAX,
        (_, true) => segments * SEPTETS_PART_MAX,
        (1, false) => UNITS_SINGLE_MAX,
        (_, false) => segments * UNITS_PART_MAX,
    }
}

#[cfg(test)]
mod tests {
    use events::Span;
    use events::event::Language;
    use events::event::person::ChannelKind;

    use super::*;
    use crate::text::sample::{LINK, dispatch, notice};

    const LANGUAGES: [Language; 3] = [Language::En, Language::De, Language::It];

    fn sms_in(language: Language, notice: &Notice) -> String {
        sms(&dispatch(ChannelKind::SMS, "+49", language, notice), notice, LINK).body
    }

    #[test]
    fn sms_reads_as_people_expect_it() {
        let notice = notice("Checkout answers 500");
        for (language, expected) in LANGUAGES.into_iter().zip([
            "K7M2Q Checkout answers 500\nWeb shop, since 03:10\nI have it: ",
            "K7M2Q Checkout answers 500\nWeb shop, seit 03:10\nIch übernehme: ",
            "K7M2Q Checkout answers 500\nWeb shop, inizio 03:10\nCi penso io: ",
        ]) {
            assert_eq!(sms_in(language, &notice), format!("{expected}{LINK}"));
        }
    }

    #[test]
    fn long_summary_is_cut_to_exactly_one_segment() {
        for summary in ["x".repeat(1_024), "ß".repeat(1_024), "x[".repeat(512), "È “y” – ".repeat(99)]
        {
            for language in LANGUAGES {
                let text = sms_in(language, &notice(&summary));
                let used = septets(&text).expect("GSM-7");
                assert!((158..=160).contains(&used), "{used}: {text}");
                assert!(text.contains("..\nWeb shop, ") && text.ends_with(LINK), "{text}");
            }
        }
    }

    #[test]
    fn labels_cost_little_and_are_always_there() {
        let mut notice =
            notice("Die Datenbank im Rechenzentrum A antwortet nicht mehr auf Anfragen des Webladens");
        notice.repeat = true;
        notice.late = Some(Span::from_seconds(4 * 60));
        for (language, label) in LANGUAGES.into_iter().zip([
            "03:10 (repeat, 4 min late)",
            "03:10 (Wiederholung, 4 min zu spät)",
            "03:10 (ripetizione, 4 min di ritardo)",
        ]) {
            let text = sms_in(language, &notice);
            assert!(text.starts_with("K7M2Q Die Datenbank im ") && text.contains(label), "{text}");
            assert!(text.ends_with(LINK) && gsm7::segments(&text) == 1, "{text}");
        }
    }

    #[test]
    fn what_gsm7_cannot_say_takes_two_segments_at_most() {
        for summary in ["Диск заполнен", &"Диск ".repeat(200), &"🔥".repeat(500)] {
            for language in LANGUAGES {
                let text = sms_in(language, &notice(summary));
                let kept: String = summary.chars().take(10).collect();
                assert!(text.contains(&kept) && text.ends_with(LINK), "{text}");
                assert_eq!(gsm7::segments(&text), 2, "{text}");
            }
        }
    }

    #[test]
    fn names_and_links_are_never_cut_for_one_segment() {
        let mut notice = notice("Checkout answers 500");
        let service = "Zahlungsverkehr und Buchhaltung der Niederlassung Süd ".repeat(3);
        notice.service = Some(service.clone());
        let text = sms_in(Language::De, &notice);
        assert!(text.contains("Checkout answers 500") && text.contains(service.trim()), "{text}");
        assert!(text.ends_with(LINK) && gsm7::segments(&text) == 2, "{text}");
        notice.service = Some("s".repeat(9_000));
        assert_eq!(sms_in(Language::De, &notice).chars().count(), CHARS_MAX);
        notice.summary = String::new();
        assert_eq!(sms_in(Language::De, &notice).chars().count(), CHARS_MAX, "with nothing to shorten");
    }

    #[test]
    fn reference_and_test_say_no_alert_text() {
        let mut notice = notice("secret thing");
        notice.reference_only = true;
        for language in LANGUAGES {
            let text = sms_in(language, &notice);
            assert!(text.starts_with("K7M2Q A") && text.contains("Web shop"), "{text}");
            assert!(!text.contains("secret") && gsm7::segments(&text) == 1, "{text}");
        }
        notice.test = true;
        notice.service = None;
        for language in LANGUAGES {
            let text = sms_in(language, &notice);
            assert!(!text.contains("secret") && gsm7::segments(&text) == 1, "{text}");
        }
        assert!(sms_in(Language::De, &notice).starts_with("K7M2Q Probealarm. "));
    }
}
