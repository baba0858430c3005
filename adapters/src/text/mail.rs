//! Words for a mail: a push message's, under a subject that stays the same for one alert.

use domain::port::{Dispatch, Notice};
use i18n::{Message as _, page};

use super::{Parts, Text, push};

/// Characters of the summary in a subject: with what stands before it, what a telephone shows of one.
pub const SUMMARY_CHARS_MAX: usize = 120;

/// Puts a notice into words for a mail. Whether it is a repeat, or late, stands in the text and not in the subject:
/// mail programs put together what has one subject.
pub fn mail(dispatch: &Dispatch, notice: &Notice, link: &str) -> Text {
    let parts = Parts::new(dispatch, notice);
    let code = parts.code.as_str();
    let test = page::TestSummary.render(parts.locale);
    let cut = parts.summary.cut(SUMMARY_CHARS_MAX);
    let title = if notice.message.is_some() {
        page::MailSubjectPlain { code, summary: cut.as_str() }.render(parts.locale)
    } else if notice.test {
        page::MailSubjectPlain { code, summary: &test }.render(parts.locale)
    } else {
        let service = parts.service.cut(SUMMARY_CHARS_MAX);
        let summary = if notice.reference_only { service.as_str() } else { cut.as_str() };
        page::MailSubject { code, severity: &parts.severity, summary }.render(parts.locale)
    };
    Text { title, ..push(dispatch, notice, link) }
}

#[cfg(test)]
mod tests {
    use events::event::Language;
    use events::event::person::ChannelKind;

    use super::*;
    use crate::text::sample::{LINK, dispatch, notice};

    fn mail_in(language: Language, notice: &Notice) -> Text {
        mail(&dispatch(ChannelKind::MAIL, "anna@example.org", language, notice), notice, LINK)
    }

    #[test]
    fn the_subject_says_code_severity_and_summary_and_stays() {
        let first = notice("Checkout answers 500");
        let repeat = Notice { repeat: true, ..first.clone() };
        for (language, expected) in [
            (Language::En, "[K7M2Q] critical: Checkout answers 500"),
            (Language::De, "[K7M2Q] kritisch: Checkout answers 500"),
            (Language::It, "[K7M2Q] critico: Checkout answers 500"),
        ] {
            assert_eq!(mail_in(language, &first).title, expected);
            assert_eq!(mail_in(language, &repeat).title, expected);
            assert_ne!(mail_in(language, &first).body, mail_in(language, &repeat).body);
        }
        let test = Notice { test: true, ..first.clone() };
        assert_eq!(
            mail_in(Language::En, &test).title,
            "[K7M2Q] Test page. Nothing is wrong, please take it."
        );
        let closed = Notice { reference_only: true, ..first };
        assert_eq!(mail_in(Language::En, &closed).title, "[K7M2Q] critical: Web shop");
        assert!(!mail_in(Language::En, &closed).for_record().contains("Checkout"));
    }

    #[test]
    fn a_subject_is_short_and_one_line() {
        let long = notice(&"ä\r\nBcc: eve@example.org\r\n".repeat(500));
        let text = mail_in(Language::De, &long);
        assert!(text.title.chars().count() < SUMMARY_CHARS_MAX + 30, "{text:?}");
        assert!(!text.title.contains(char::is_control), "{text:?}");
    }
}
