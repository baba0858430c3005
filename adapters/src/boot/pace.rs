//! How much one address is sent over a channel: as configured, or as carriers let through.

use events::Span;
use events::event::alert::PaceLimit;
use events::event::person::ChannelKind;

use super::BootError;
use super::table::Table;
use crate::configuration::quantity;

const EXAMPLE: &str = "[\"1/1m\", \"12/1h\"]";
const EXPECTED: &str = "`none`, or messages from 1 to 1000, a slash and a length of time from 1s to 1h";

/// A channel has no more limits than this.
const LIMITS_MAX: usize = 8;

/// The longest span of a limit: what was sent before is not remembered.
const SPAN_MAX: Span = Span::from_minutes(60);

/// The most messages that a limit counts.
const COUNT_MAX: u32 = 1_000;

/// What carriers and their filters let through to one number: what comes faster is dropped, often without a report.
/// What other tools for people on call keep to, too.
const OF_PHONES: [PaceLimit; 3] = [
    PaceLimit { count: 1, span: Span::from_minutes(1) },
    PaceLimit { count: 5, span: Span::from_minutes(15) },
    PaceLimit { count: 12, span: Span::from_minutes(60) },
];

/// The limits of a kind of channel when nothing else is configured.
pub fn usual(kind: ChannelKind) -> Vec<PaceLimit> {
    if matches!(kind.as_str(), "sms" | "voice") { OF_PHONES.to_vec() } else { Vec::new() }
}

/// What `pace` says: `["1/1m", "12/1h"]`, or `"none"`.
pub(super) fn read(table: &Table<'_>, kind: ChannelKind) -> Result<Vec<PaceLimit>, BootError> {
    let given = table.list("pace");
    match given.as_slice() {
        [] if table.names("pace") => Err(table.missing("pace", "\"none\"")),
        [] => Ok(usual(kind)),
        [only] if only.text == "none" => Ok(Vec::new()),
        [.., last] if given.len() > LIMITS_MAX => last.parsed("no ninth limit", EXAMPLE, |_| None),
        limits => limits.iter().map(|given| given.parsed(EXPECTED, EXAMPLE, limit)).collect(),
    }
}

fn limit(text: &str) -> Option<PaceLimit> {
    let (count, span) = text.split_once('/')?;
    let count = count.trim().parse().ok().filter(|count| (1..=COUNT_MAX).contains(count))?;
    let span = quantity::span(span.trim())?;
    (Span::from_seconds(1)..=SPAN_MAX).contains(&span).then_some(PaceLimit { count, span })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_and_a_length_of_time() {
        let some = |count, seconds| Some(PaceLimit { count, span: Span::from_seconds(seconds) });
        for (text, expected) in [
            ("1/1m", some(1, 60)),
            (" 12 / 1h ", some(12, 3_600)),
            ("1/3s", some(1, 3)),
            ("0/1m", None),
            ("1001/1m", None),
            ("1/0s", None),
            ("1/61m", None),
            ("1/500ms", None),
            ("-1/1m", None),
            ("1", None),
            ("/", None),
            ("none", None),
            ("", None),
        ] {
            assert_eq!(limit(text), expected, "{text:?}");
        }
    }

    #[test]
    fn phones_have_the_limits_of_their_carriers_and_nothing_else_has() {
        assert_eq!(usual(ChannelKind::SMS).len(), 3);
        assert_eq!(usual(ChannelKind::named("voice")).len(), 3);
        assert_eq!(usual(ChannelKind::PUSHOVER), Vec::new());
    }
}
