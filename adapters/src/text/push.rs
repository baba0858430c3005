//! Words for a push message.

use domain::port::{Dispatch, Notice};
use i18n::{Message as _, page};

use super::digest::Digest;
use super::{Parts, Text};
use crate::line::{Line, cut};

/// Characters in a title. Source for all four: <https://pushover.net/api#limits> and `#urls`.
pub const TITLE_CHARS_MAX: usize = 250;
/// Characters in a message.
pub const BODY_CHARS_MAX: usize = 1024;
/// Characters in a link.
pub const LINK_CHARS_MAX: usize = 512;
/// Characters in a link's title.
pub const LINK_TITLE_CHARS_MAX: usize = 100;

/// What marks a cut; one character.
const MARK: &str = "…";

/// Puts a notice into words for a push message. The link travels beside the text, unless it is longer than
/// [`LINK_CHARS_MAX`], and then there is none.
pub fn push(dispatch: &Dispatch, notice: &Notice, link: &str) -> Text {
    if let Some(digest) = Digest::of(dispatch, notice) {
        return digest.push(link);
    }
    let parts = Parts::new(dispatch, notice);
    let test_summary = page::TestSummary.render(parts.locale);
    let title = fit(parts.summary.as_str(), TITLE_CHARS_MAX, |summary| {
        let (code, service) = (parts.code.as_str(), parts.service.as_str());
        if notice.message.is_some() {
            page::MessageTitle { code }.render(parts.locale)
        } else if notice.test {
            page::PushTitle { code, summary: &test_summary }.render(parts.locale)
        } else if notice.reference_only {
            page::ReferenceOnly { code, service }.render(parts.locale)
        } else {
            page::PushTitle { code, summary }.render(parts.locale)
        }
    });
    let additions = additions(&parts, notice);
    let body =
        fit(parts.summary.as_str(), BODY_CHARS_MAX, |summary| body(&parts, notice, summary) + &additions);
    let link = (!link.is_empty() && link.chars().count() <= LINK_CHARS_MAX).then(|| link.to_owned());
    let link_title =
        link.as_ref().map(|_| cut(&page::PushLink.render(parts.locale), LINK_TITLE_CHARS_MAX, MARK, |_| 1));
    Text { title, body, link, link_title }
}

fn body(parts: &Parts, notice: &Notice, summary: &str) -> String {
    let (code, service, when) = (parts.code.as_str(), parts.service.as_str(), parts.when.as_str());
    if notice.message.is_some() {
        page::MessageBody { text: summary }.render(parts.locale)
    } else if notice.test {
        page::TestBody { code, when }.render(parts.locale)
    } else if notice.reference_only {
        page::ReferenceOnlyBody { code, service, when }.render(parts.locale)
    } else {
        page::PushBody { code, summary, service, severity: &parts.severity, when }.render(parts.locale)
    }
}

/// What else there is to say, each on a line of its own: a repeat, how late, and where it is written what to do.
fn additions(parts: &Parts, notice: &Notice) -> String {
    let repeat = parts.repeat.then(|| page::Repeat.render(parts.locale));
    let late = parts.late.as_deref().map(|span| page::Late { span }.render(parts.locale));
    let runbook = notice.runbook.as_deref().filter(|_| !notice.reference_only && !notice.test);
    let runbook = runbook.map(|runbook| Line::new(runbook).cut(LINK_CHARS_MAX).to_string());
    let work = parts.work.clone();
    work.into_iter()
        .chain(repeat)
        .chain(late)
        .chain(runbook)
        .flat_map(|line| ["\n".to_owned(), line])
        .collect()
}

/// Says it with as much of the summary as there is room for; cuts the end where the rest alone is too long.
pub(super) fn fit(summary: &str, chars_max: usize, say: impl Fn(&str) -> String) -> String {
    let rest = say("").chars().count();
    let summary = cut(summary, chars_max.saturating_sub(rest), MARK, |_| 1);
    cut(&say(&summary), chars_max, MARK, |_| 1)
}

#[cfg(test)]
mod tests {
    use events::Span;
    use events::event::Language;
    use events::event::person::ChannelKind;

    use super::*;
    use crate::text::sample::{LINK, dispatch, notice};

    fn push_in(language: Language, notice: &Notice) -> Text {
        push(&dispatch(ChannelKind::PUSHOVER, "u", language, notice), notice, LINK)
    }

    #[test]
    fn push_says_what_where_and_when_in_the_persons_language() {
        let notice = notice("Checkout answers 500");
        let text = push_in(Language::En, &notice);
        assert_eq!(text.title, "K7M2Q Checkout answers 500");
        assert_eq!(
            text.body,
            "K7M2Q: Checkout answers 500\nWeb shop, critical, since 03:10\nTo take it: “I have it” below."
        );
        assert_eq!((text.link.as_deref(), text.link_title.as_deref()), (Some(LINK), Some("I have it")));
        let german = push_in(Language::De, &notice);
        assert!(german.body.contains("Web shop, kritisch, seit 03:10"), "{german:?}");
        assert_eq!(german.link_title.as_deref(), Some("Ich übernehme"));
        assert!(push_in(Language::It, &notice).body.contains("Web shop, critico, inizio 03:10"));
    }

    #[test]
    fn push_says_that_it_is_a_repeat_and_late_and_where_the_runbook_is() {
        let mut notice = notice("Checkout answers 500");
        notice.repeat = true;
        notice.late = Some(Span::from_seconds(240));
        notice.runbook = Some("https://wiki.example/shop".to_owned());
        let text = push_in(Language::En, &notice);
        assert!(
            text.body.ends_with(
                "\nSent again: it is unknown whether the first one arrived.\nThis page is 4 min late.\n\
                 https://wiki.example/shop"
            ),
            "{text:?}"
        );
    }

    #[test]
    fn reference_only_says_code_and_service_only() {
        let mut notice = notice("secret thing");
        notice.reference_only = true;
        notice.runbook = Some("https://wiki.example/secret".to_owned());
        for language in [Language::En, Language::De, Language::It] {
            let text = push_in(language, &notice);
            assert!(text.title.starts_with("K7M2Q ") && text.title.contains("Web shop"), "{text:?}");
            assert!(!text.for_record().contains("secret"), "{text:?}");
        }
    }

    #[test]
    fn test_page_says_so() {
        let mut notice = notice("anything");
        notice.test = true;
        notice.service = None;
        let text = push_in(Language::De, &notice);
        assert_eq!(text.title, "K7M2Q Probealarm. Es liegt keine Störung vor, bitte nur übernehmen.");
        assert!(text.body.contains("Gesendet: 03:10") && !text.body.contains("kritisch"), "{text:?}");
    }

    #[test]
    fn long_summaries_are_cut_and_nothing_else() {
        let notice = notice(&"ä".repeat(5_000));
        let text = push_in(Language::De, &notice);
        assert_eq!(text.title.chars().count(), TITLE_CHARS_MAX);
        assert_eq!(text.body.chars().count(), BODY_CHARS_MAX);
        assert!(text.title.starts_with("K7M2Q ä") && text.title.ends_with("ä…"), "{text:?}");
        assert!(text.body.contains("ä…\nWeb shop, kritisch, seit 03:10\n"), "{text:?}");
    }

    #[test]
    fn endless_names_are_cut_in_the_end() {
        let mut notice = notice("short");
        notice.service = Some("s".repeat(2_000));
        let text = push_in(Language::En, &notice);
        assert_eq!(text.body.chars().count(), BODY_CHARS_MAX);
        let far = push(
            &dispatch(ChannelKind::PUSHOVER, "u", Language::En, &notice),
            &notice,
            &format!("https://{}/a/K7M2Q#t", "x".repeat(600)),
        );
        assert_eq!((far.link, far.link_title), (None, None));
    }
}
