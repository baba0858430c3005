//! Words for several pages in one message: how many there are, the worst first, each with its code. The link takes the
//! first of them, and says so.

use std::collections::BTreeSet;

use domain::port::{Dispatch, Errand, Notice};
use i18n::gsm7::{septets, to_gsm7};
use i18n::{Message as _, page};

use super::push::{LINK_CHARS_MAX, fit as fit_push};
use super::sms::{CHARS_MAX, SEGMENTS_MAX, UCS2_SEGMENTS_MAX, capacity};
use super::{BODY_CHARS_MAX, Parts, TITLE_CHARS_MAX, Text};
use crate::line::{Line, cut};
use crate::reply::ReplyCode;

/// No more of them are named; the others are counted.
const NAMED_MAX: usize = 20;
/// The least of each that is worth naming.
const SUMMARY_WIDTH_MIN: usize = 14;
/// The most of each: then others have room.
const SUMMARY_WIDTH_MAX: usize = 60;
const WIDTHS_COUNT: usize = SUMMARY_WIDTH_MAX - SUMMARY_WIDTH_MIN + 1;
/// No more of it is looked at: one more than is said tells that it is cut, and the last may be a blank.
const HEAD_CHARS: usize = SUMMARY_WIDTH_MAX + 2;
/// What stands between two of them.
const BETWEEN: &str = "; ";

/// Pages that go out in one message.
pub(super) struct Digest {
    parts: Parts,
    /// Code, with what must be said of it in a word, and what is wrong; the worst first, each alert once.
    entries: Vec<(String, Line)>,
}

impl Digest {
    /// What goes out with this dispatch; none when it goes out alone.
    pub(super) fn of(dispatch: &Dispatch, notice: &Notice) -> Option<Self> {
        let mut seen = BTreeSet::from([dispatch.attempt.alert]);
        let parts = Parts::new(dispatch, notice);
        let mut entries = vec![entry(&parts, notice)];
        for other in &dispatch.with {
            if let Errand::Page(notice) = &other.errand
                && seen.insert(other.attempt.alert)
            {
                entries.push(entry(&Parts::new(other, notice), notice));
            }
        }
        (entries.len() > 1).then_some(Self { parts, entries })
    }

    fn count(&self) -> i64 {
        i64::try_from(self.entries.len()).unwrap_or(i64::MAX)
    }

    /// The first of them, each cut to `width`, and how many more there are.
    fn list(&self, named: usize, between: &str, width: impl Fn(&Line) -> String) -> String {
        let named_entries = self.entries.iter().take(named);
        let mut list: Vec<String> = named_entries.map(|(code, said)| item(code, &width(said))).collect();
        list.extend(self.more(named));
        list.join(between)
    }

    /// How many more there are.
    fn more(&self, named: usize) -> Option<String> {
        let more = self.entries.len().checked_sub(named).filter(|more| *more > 0)?;
        let count = i64::try_from(more).unwrap_or(i64::MAX);
        Some(page::DigestMore { count }.render(self.parts.locale))
    }

    /// As many as there is room for, and as much of each; none when not even one has room.
    fn fit(&self, items: &Items, room: usize, measure: impl Fn(&str) -> usize) -> Option<String> {
        for named in (1..=items.0.len()).rev() {
            let more = self.more(named);
            let rest = more.as_deref().map_or(0, |more| measure(BETWEEN) + measure(more));
            for place in (0..WIDTHS_COUNT).rev() {
                let items = || items.0[..named].iter().map(|widths| &widths[place]);
                let said: usize = items().map(|(_, room)| room).sum();
                if said + measure(BETWEEN) * (named - 1) + rest <= room {
                    let texts = items().map(|(text, _)| text.as_str()).chain(more.as_deref());
                    return Some(texts.collect::<Vec<_>>().join(BETWEEN));
                }
            }
        }
        None
    }

    /// Those that may be named.
    fn items(
        &self,
        prepare: impl Fn(&Line) -> Line,
        cut: impl Fn(&Line, usize) -> String,
        measure: impl Fn(&str) -> usize,
    ) -> Items {
        let widths = |(code, said): &(String, Line)| {
            let said = prepare(said).head(HEAD_CHARS);
            let length = said.as_str().chars().count();
            let mut widths: Vec<(String, usize)> = Vec::with_capacity(WIDTHS_COUNT);
            for width in SUMMARY_WIDTH_MIN..=SUMMARY_WIDTH_MAX {
                match widths.last() {
                    // It is whole already.
                    Some(last) if length < width => widths.push(last.clone()),
                    _ => {
                        let text = item(code, &cut(&said, width));
                        let room = measure(&text);
                        widths.push((text, room));
                    }
                }
            }
            widths
        };
        Items(self.entries.iter().take(NAMED_MAX).map(widths).collect())
    }

    /// One text message, of one segment where that names at least the worst.
    pub(super) fn sms(&self, link: &str, reply: Option<ReplyCode>) -> Text {
        let (code, count, locale) = (self.parts.code.as_str(), self.count(), self.parts.locale);
        let reply = reply.map(|code| code.to_string());
        let answer = reply.as_deref().map(|reply| page::SmsReply { reply }.render(locale));
        let say = |list: &str| {
            let said = page::DigestSms { count, list, code, link }.render(locale);
            answer.iter().fold(said, |said, answer| format!("{said}\n{answer}"))
        };
        let frame = say("");
        let in_gsm7 = septets(&frame).is_some()
            && self.entries.iter().all(|(_, said)| septets(&to_gsm7(said.as_str())).is_some());
        let width =
            |text: &str| if in_gsm7 { septets(text).unwrap_or(0) } else { text.encode_utf16().count() };
        let cut_to = |said: &Line, width: usize| to_gsm7(said.cut(width).as_str());
        let items = self.items(Line::clone, cut_to, width);
        let first = if in_gsm7 { 1 } else { UCS2_SEGMENTS_MAX };
        let list = (first..=SEGMENTS_MAX).find_map(|segments| {
            let room = capacity(segments, in_gsm7).saturating_sub(width(&frame));
            self.fit(&items, room, width)
        });
        let body = list.map_or_else(|| cut(&frame, CHARS_MAX, "..", |_| 1), |list| say(&list));
        Text { body, reply, ..Text::default() }
    }

    /// One line of ASCII.
    pub(super) fn pager(&self, link: &str, chars_max: usize) -> Text {
        let (code, count, locale) = (self.parts.code.as_str(), self.count(), self.parts.locale);
        let say =
            |list: &str| Line::new(&page::DigestPager { count, list, code, link }.render(locale)).ascii();
        let room = chars_max.saturating_sub(say("").as_str().len());
        let items = self.items(Line::ascii, |said, width| said.cut(width).to_string(), str::len);
        let list = self.fit(&items, room, str::len);
        Text { body: say(&list.unwrap_or_default()).cut(chars_max).to_string(), ..Text::default() }
    }

    /// A push message, one line for each.
    pub(super) fn push(&self, link: &str) -> Text {
        let (code, count, locale) = (self.parts.code.as_str(), self.count(), self.parts.locale);
        let list = self.list(NAMED_MAX, BETWEEN, Line::to_string);
        let title = fit_push(&list, TITLE_CHARS_MAX, |list| page::Digest { count, list }.render(locale));
        let width = |said: &Line| said.cut(SUMMARY_WIDTH_MAX).to_string();
        let lines = self.list(NAMED_MAX, "\n", width);
        let body = fit_push(&lines, BODY_CHARS_MAX, |lines| page::DigestBody { lines, code }.render(locale));
        let link = (!link.is_empty() && link.chars().count() <= LINK_CHARS_MAX).then(|| link.to_owned());
        let link_title = link.as_ref().map(|_| page::PushLink.render(locale));
        Text { title, body, link, link_title, reply: None }
    }
}

/// What is said of each that may be named, at each width from the least to the most, and the room that it takes: a
/// search for what fits only adds.
struct Items(Vec<Vec<(String, usize)>>);

fn item(code: &str, said: &str) -> String {
    format!("{code} {said}").trim_end().to_owned()
}

/// Its code, that it is a repeat, and what is wrong; its service where no alert text may be said.
fn entry(parts: &Parts, notice: &Notice) -> (String, Line) {
    let said = if notice.reference_only { &parts.service } else { &parts.summary };
    let label = parts.repeat.then(|| format!(" ({})", page::RepeatShort.render(parts.locale)));
    (format!("{}{}", parts.code, label.unwrap_or_default()), said.clone())
}

#[cfg(test)]
mod tests {
    use events::event::Language;
    use events::event::person::ChannelKind;
    use events::{AlertId, AttemptId, SymptomId};
    use i18n::gsm7;

    use super::*;
    use crate::text::sample::{LINK, dispatch, notice};
    use crate::text::{PAGER_CHARS_MAX_DEFAULT, pager, push, sms};

    const LANGUAGES: [Language; 3] = [Language::En, Language::De, Language::It];

    /// A message about a first alert and others with these summaries.
    fn together(channel: ChannelKind, language: Language, summaries: &[&str]) -> (Dispatch, Notice) {
        let first = notice(summaries[0]);
        let mut lead = dispatch(channel, "+49", language, &first);
        for (number, summary) in summaries.iter().enumerate().skip(1) {
            let symptom = SymptomId::derive(&"prometheus".into(), &number.to_string().as_str().into());
            let alert = AlertId { symptom, ordinal: 1 };
            let mut other = notice(summary);
            other.code = alert.code();
            let mut dispatch = dispatch(channel, "+49", language, &other);
            dispatch.attempt = AttemptId { alert, page: 1, attempt: 1 };
            lead.with.push(dispatch);
        }
        (lead, first)
    }

    fn sms_of(language: Language, summaries: &[&str]) -> String {
        let (dispatch, notice) = together(ChannelKind::SMS, language, summaries);
        sms(&dispatch, &notice, LINK).body
    }

    #[test]
    fn a_few_short_ones_are_one_segment_with_all_in_it() {
        for (language, begins, ends) in [
            (Language::En, "2 alerts: K7M2Q Disk full; ", "I have K7M2Q: "),
            (Language::De, "2 Alarme: K7M2Q Disk full; ", "K7M2Q übernehme ich: "),
            (Language::It, "2 allarmi: K7M2Q Disk full; ", "Di K7M2Q mi occupo io: "),
        ] {
            let text = sms_of(language, &["Disk full", "Checkout answers 500"]);
            assert!(text.starts_with(begins) && text.contains(" Checkout answers 500\n"), "{text}");
            assert!(text.ends_with(&format!("\n{ends}{LINK}")), "{text}");
            assert_eq!(gsm7::segments(&text), 1, "{text}");
        }
    }

    #[test]
    fn many_long_ones_are_counted_and_still_one_segment() {
        let long = "Die Datenbank im Rechenzentrum A antwortet nicht mehr";
        for count in [3, 5, 80, 999] {
            for language in LANGUAGES {
                let text = sms_of(language, &vec![long; count]);
                assert!(
                    text.starts_with(&format!("{count} al")) || text.starts_with(&format!("{count} Al")),
                    "{text}"
                );
                assert!(text.contains(" K7M2Q Die Datenb") && text.ends_with(LINK), "{text}");
                assert_eq!(gsm7::segments(&text), 1, "{text}");
                let named = text.matches(" Die Datenb").count();
                assert!(text.contains(&format!("; +{}", count - named)) || named == count, "{text}");
            }
        }
    }

    #[test]
    fn what_gsm7_cannot_say_and_what_is_too_long_stay_within_bounds() {
        for summary in ["Диск заполнен", &"🔥".repeat(400), &"[{".repeat(400), "", "a\r\nb\u{0}c"]
        {
            for language in LANGUAGES {
                let text = sms_of(language, &[summary; 7]);
                assert!(text.ends_with(LINK) && text.contains("K7M2Q"), "{text}");
                assert!(gsm7::segments(&text) <= 2, "{text}");
                assert!(!text.replace('\n', "").contains(char::is_control), "{text:?}");
            }
        }
        let (dispatch, notice) = together(ChannelKind::SMS, Language::En, &["a", "b"]);
        assert!(sms(&dispatch, &notice, &"x".repeat(9_000)).body.chars().count() <= CHARS_MAX);
    }

    /// Writing out every list until one fits, which is slow, and plainly right.
    fn tried(
        digest: &Digest,
        room: usize,
        shorten: impl Fn(&Line, usize) -> String,
        measure: impl Fn(&str) -> usize,
    ) -> Option<String> {
        let widths = || (SUMMARY_WIDTH_MIN..=SUMMARY_WIDTH_MAX).rev();
        let counts = (1..=digest.entries.len().min(NAMED_MAX)).rev();
        let mut lists = counts.flat_map(|named| {
            let shorten = &shorten;
            widths().map(move |width| digest.list(named, BETWEEN, |said| shorten(said, width)))
        });
        lists.find(|list| measure(list) <= room)
    }

    #[test]
    fn what_is_found_by_adding_is_what_writing_everything_out_would_find() {
        let blank_at_the_cut = format!("{} {}", "x".repeat(60), "y".repeat(9));
        let invisible = "a\u{200b}\u{ad}".repeat(99);
        let blanks = "x ".repeat(80);
        let summaries = [
            "",
            "Disk full",
            "Disk full on db1.example",
            &blank_at_the_cut,
            &invisible,
            &blanks,
            "Größe “überschritten” – ≥ 95 % … [{€}]",
            "Диск заполнен на сервере баз данных номер один, и так уже второй раз",
            &"ü".repeat(61),
            &"w".repeat(62),
            &"🔥".repeat(400),
        ];
        let rooms = [0, 19, 60, 147, 90, 300, 33, 1_200, 147, 20, 60];
        for (from, (count, room)) in [2, 5, 23].into_iter().cycle().zip(rooms).enumerate() {
            let some: Vec<&str> = summaries.iter().cycle().skip(from).take(count).copied().collect();
            let (dispatch, notice) = together(ChannelKind::SMS, Language::It, &some);
            let digest = Digest::of(&dispatch, &notice).expect("several");
            let in_ascii = |said: &Line, width: usize| said.ascii().cut(width).to_string();
            let in_gsm7 = |said: &Line, width: usize| to_gsm7(said.cut(width).as_str());
            let units = |text: &str| text.encode_utf16().count();
            let ascii = digest.items(Line::ascii, |said, width| said.cut(width).to_string(), str::len);
            let gsm7 = digest.items(Line::clone, in_gsm7, units);
            assert_eq!(
                digest.fit(&ascii, room, str::len),
                tried(&digest, room, in_ascii, str::len),
                "{some:?}"
            );
            assert_eq!(digest.fit(&gsm7, room, units), tried(&digest, room, in_gsm7, units), "{some:?}");
        }
    }

    #[test]
    fn an_alert_that_comes_twice_is_one() {
        let (mut dispatch, notice) = together(ChannelKind::SMS, Language::En, &["Disk full"]);
        dispatch.with.push(dispatch.clone());
        assert!(sms(&dispatch, &notice, LINK).body.starts_with("K7M2Q Disk full\nWeb shop"));
    }

    #[test]
    fn repeats_are_called_so_and_reference_only_says_no_text() {
        let (mut dispatch, mut first) = together(ChannelKind::SMS, Language::En, &["secret", "secret"]);
        first.repeat = true;
        first.reference_only = true;
        for other in &mut dispatch.with {
            if let Errand::Page(notice) = &mut other.errand {
                notice.reference_only = true;
            }
        }
        let text = sms(&dispatch, &first, LINK).body;
        assert!(text.contains("K7M2Q (repeat) Web shop; ") && !text.contains("secret"), "{text}");
    }

    #[test]
    fn pager_is_one_line_and_push_one_for_each() {
        for language in LANGUAGES {
            let summaries = ["Disk full\r\nSEND", "Speicher läuft über", "д"];
            let (dispatch, notice) = together(ChannelKind::PAGER, language, &summaries);
            let paged = pager(&dispatch, &notice, LINK, PAGER_CHARS_MAX_DEFAULT).body;
            assert!(paged.is_ascii() && !paged.contains('\n'), "{paged}");
            assert!(paged.contains("Disk full SEND") && paged.contains("laeuft ueber"), "{paged}");
            assert!(paged.len() <= PAGER_CHARS_MAX_DEFAULT && paged.ends_with(LINK), "{paged}");
            let pushed = push(&dispatch, &notice, LINK);
            assert!(pushed.title.starts_with("3 ") && !pushed.title.contains('\n'), "{pushed:?}");
            assert_eq!(pushed.body.lines().count(), 4, "{pushed:?}");
            assert!(pushed.body.starts_with("K7M2Q Disk full SEND\n"), "{pushed:?}");
            assert_eq!(pushed.link.as_deref(), Some(LINK));
        }
        let many = vec!["x".repeat(900); 900];
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let (dispatch, notice) = together(ChannelKind::PUSHOVER, Language::De, &many);
        let pushed = push(&dispatch, &notice, LINK);
        assert!(pushed.title.chars().count() <= TITLE_CHARS_MAX, "{pushed:?}");
        assert!(pushed.body.chars().count() <= BODY_CHARS_MAX, "{pushed:?}");
    }
}
