//! What a page says, made of what strangers sent.
//!
//! Input of pages, each in a line: flags, the zone, the service, the runbook, the link, and the summary. Input of the
//! alphabet: two bytes of length, then the text.

use adapters::line::Line;
use adapters::text::{
    BODY_CHARS_MAX, LINK_CHARS_MAX, LINK_TITLE_CHARS_MAX, PAGER_CHARS_MAX_DEFAULT, SMS_CHARS_MAX,
    SMS_SEGMENTS_MAX, TITLE_CHARS_MAX, Text, pager, parts, push, sms,
};
use domain::alert::WorkStage;
use domain::port::{Dispatch, Errand, Notice, WorkNote};
use events::event::Language;
use events::event::person::ChannelKind;
use events::event::signal::{Finding, Severity};
use events::{AttemptId, PersonId, Span, Timestamp};
use i18n::gsm7 as alphabet;

use super::claim::{is_one_line, is_plain, is_within};
use super::shape;

/// Up to this many characters a service and a link leave enough room in a text message.
const SERVICE_CHARS_USUAL: usize = 60;
const LINK_CHARS_USUAL: usize = 80;

/// A critical page in this language about a service, with nothing else to say of it.
pub(super) fn plain(language: Language, service: &str, summary: &str) -> (Dispatch, Notice) {
    let alert = events::event::sample::alert();
    let notice = Notice {
        code: alert.code(),
        person: PersonId::from_bytes([1; 16]),
        generation: 1,
        summary: summary.to_owned(),
        severity: Severity::Critical,
        service: Some(service.to_owned()),
        runbook: None,
        raised_at: events::event::sample::at(0),
        repeat: false,
        late: None,
        test: false,
        reference_only: false,
        work: None,
        message: None,
        finding: None,
        problems: 1,
    };
    let dispatch = Dispatch {
        attempt: AttemptId { alert, page: 1, attempt: 1 },
        channel: ChannelKind::SMS,
        via: None,
        has_alternative: false,
        address: "+393331234567".to_owned(),
        language,
        time_zone: "Europe/Rome".to_owned(),
        expires_at: events::event::sample::at(15),
        errand: Errand::Page(Box::new(notice.clone())),
        with: Vec::new(),
    };
    (dispatch, notice)
}

/// A page in every channel's words.
pub fn page(mut input: &[u8]) {
    let flags = shape::line(&mut input).iter().fold(0_u32, |flags, &byte| flags << 1 | u32::from(byte & 1));
    let mut next = || shape::text(&mut input);
    let (zone, service, runbook, link, summary) = (next(), next(), next(), next(), next());
    let what = next();
    let flag = |bit: u32| flags >> bit & 1 == 1;
    let language = [Language::En, Language::De, Language::It, Language::En][(flags >> 7 & 3) as usize];
    let (plain_dispatch, plain_notice) = plain(language, &service, &summary);
    let notice = Notice {
        severity: if flag(0) { Severity::Critical } else { Severity::Info },
        service: (!flag(1)).then_some(service),
        runbook: flag(2).then_some(runbook),
        repeat: flag(3),
        late: flag(4).then_some(Span::from_seconds(flags.into())),
        test: flag(5),
        reference_only: flag(6),
        finding: flag(11).then_some(Finding::Flood { at: flags }),
        problems: if flag(12) { flags.max(1) } else { 1 },
        work: flag(9).then(|| WorkNote {
            worker: what.clone(),
            what,
            ends_at: events::event::sample::at(7_200),
            stage: if flag(10) { WorkStage::WithOnCall } else { WorkStage::Over },
        }),
        ..plain_notice
    };
    let dispatch = Dispatch {
        time_zone: zone,
        expires_at: Timestamp::default() + Span::from_seconds(flags.into()),
        errand: Errand::Page(Box::new(notice.clone())),
        ..plain_dispatch
    };
    check_push(&push(&dispatch, &notice, &link));
    check_sms(&sms(&dispatch, &notice, &link).body, &notice, &link);
    for chars_max in [20, PAGER_CHARS_MAX_DEFAULT] {
        let body = pager(&dispatch, &notice, &link, chars_max).body;
        for part in parts(&Line::new(&body), chars_max) {
            is_within(part.as_str(), chars_max, "a part of a pager's text");
        }
        assert!(body.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "a pager shows ASCII: {body:?}");
        assert!(body.starts_with(&notice.code.to_string()), "it begins with the code: {body:?}");
    }
    check_digest(dispatch, flags % 30 + 1, &notice, &link);
}

/// The same page and others like it in one message.
fn check_digest(dispatch: Dispatch, others: u32, notice: &Notice, link: &str) {
    let others = (0..others).map(|number| {
        let mut other = dispatch.clone();
        other.attempt.alert.ordinal += number + 1;
        other
    });
    let together = Dispatch { with: others.collect(), ..dispatch };
    let text = push(&together, notice, link);
    is_within(&text.title, TITLE_CHARS_MAX, "a title");
    is_one_line(&text.title, "a title");
    is_within(&text.body, BODY_CHARS_MAX, "a message");
    is_plain(&text.body, "a message");
    let count = (together.with.len() + 1).to_string();
    let body = sms(&together, notice, link).body;
    is_within(&body, SMS_CHARS_MAX, "a text message");
    assert!(body.starts_with(&count), "it begins with how many there are: {body:?}");
    if link.bytes().all(|byte| byte.is_ascii_graphic()) && link.len() <= LINK_CHARS_USUAL {
        assert!(body.contains(&notice.code.to_string()) && body.ends_with(link), "{body:?}");
        assert!(alphabet::segments(&body) <= SMS_SEGMENTS_MAX, "{body:?}");
    }
    for chars_max in [20, PAGER_CHARS_MAX_DEFAULT] {
        let body = pager(&together, notice, link, chars_max).body;
        is_within(&body, chars_max, "a pager's text");
        assert!(body.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "a pager shows ASCII: {body:?}");
    }
}

fn check_push(text: &Text) {
    is_one_line(&text.title, "a title");
    is_within(&text.title, TITLE_CHARS_MAX, "a title");
    is_plain(&text.body, "a message");
    is_within(&text.body, BODY_CHARS_MAX, "a message");
    assert!(!text.title.is_empty() && !text.body.is_empty(), "a page says something");
    is_within(text.link.as_deref().unwrap_or_default(), LINK_CHARS_MAX, "a link");
    is_within(text.link_title.as_deref().unwrap_or_default(), LINK_TITLE_CHARS_MAX, "a link's title");
    assert_eq!(text.link.is_some(), text.link_title.is_some());
}

fn check_sms(body: &str, notice: &Notice, link: &str) {
    is_within(body, SMS_CHARS_MAX, "a text message");
    assert!(body.starts_with(&notice.code.to_string()), "it begins with the code: {body:?}");
    let service = notice.service.as_deref().unwrap_or_default();
    let plain = link.bytes().all(|byte| byte.is_ascii_graphic());
    if plain && link.len() <= LINK_CHARS_USUAL && service.encode_utf16().count() <= SERVICE_CHARS_USUAL {
        assert!(body.ends_with(link), "the link is whole: {body:?}");
        let segments = alphabet::segments(body);
        assert!((1..=SMS_SEGMENTS_MAX).contains(&segments), "{segments} segments: {body:?}");
        is_plain(body, "a text message");
    }
}

/// The alphabet of text messages, and lines.
pub fn gsm7(input: &[u8]) {
    let (length, bytes) = input.split_at(input.len().min(2));
    let max = length.iter().fold(0_usize, |max, &byte| max << 8 | usize::from(byte)) % 2_000;
    let text = &*shape::lossy(bytes);

    let fitted = alphabet::to_gsm7(text);
    assert_eq!(alphabet::to_gsm7(&fitted), fitted, "what fits needs no change");
    if let Some(septets) = alphabet::septets(text) {
        assert_eq!(fitted, text, "what is in the alphabet stays");
        assert!((text.chars().count()..=2 * text.chars().count()).contains(&septets));
    }
    check_segments(text);
    check_segments(&fitted);

    let cut = alphabet::truncate(text, max);
    match (alphabet::septets(text), alphabet::septets(&cut)) {
        (Some(before), Some(after)) => {
            assert!(after <= max && after <= before, "{after} of {before} to {max}");
        }
        (Some(_), None) => panic!("a cut adds no strange letters: {cut:?}"),
        (None, _) => assert!(cut.encode_utf16().count() <= max * 7 / 16, "{cut:?} to {max}"),
    }
    assert!(max > alphabet::SEPTETS_SINGLE_MAX || alphabet::segments(&cut) <= 1, "one message: {cut:?}");
    assert_eq!(alphabet::truncate(&cut, max), cut, "what was cut fits");
    check_line(text, max);
}

/// Between the fewest messages that could hold it and that with a place lost in each.
fn check_segments(text: &str) {
    let (places, single, part) = match alphabet::septets(text) {
        Some(septets) => (septets, alphabet::SEPTETS_SINGLE_MAX, alphabet::SEPTETS_PART_MAX),
        None => (text.encode_utf16().count(), alphabet::UNITS_SINGLE_MAX, alphabet::UNITS_PART_MAX),
    };
    let segments = alphabet::segments(text);
    if places <= single {
        assert_eq!(segments, usize::from(places > 0));
    } else {
        assert!(
            (places.div_ceil(part)..=places.div_ceil(part - 1)).contains(&segments),
            "{segments}: {places}"
        );
    }
}

fn check_line(text: &str, max: usize) {
    let line = Line::new(text);
    is_one_line(line.as_str(), "a line");
    assert!(!line.as_str().contains("  ") && line.as_str().trim() == line.as_str(), "{line:?}");
    assert_eq!(Line::new(line.as_str()), line, "a line is a line");
    let ascii = line.ascii();
    assert!(ascii.as_str().bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{ascii:?}");
    assert_eq!(ascii.ascii(), ascii, "ASCII is ASCII");
    for cut in [line.cut(max), ascii.cut(max)] {
        is_within(cut.as_str(), max, "a line that was cut");
        assert_eq!(cut.cut(max), cut, "what was cut fits");
    }
}
