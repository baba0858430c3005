//! The words for what has a name of its own: severities, channels, outcomes.

use events::event::alert::Way;
use events::event::outcome::{DeliveryStatus, Reason};
use events::event::person::ChannelKind;
use events::event::signal::Severity;
use i18n::{Locale, Message as _, words};

/// How bad it is.
pub(crate) fn severity(severity: Severity, locale: Locale) -> String {
    match severity {
        Severity::Critical => words::SeverityCritical.render(locale),
        Severity::Error => words::SeverityError.render(locale),
        Severity::Warning => words::SeverityWarning.render(locale),
        Severity::Info => words::SeverityInfo.render(locale),
    }
}

/// A kind of channel.
pub(crate) fn channel(channel: ChannelKind, locale: Locale) -> String {
    match channel {
        ChannelKind::PUSHOVER => words::ChannelPushover.render(locale),
        ChannelKind::SMS => words::ChannelSms.render(locale),
        ChannelKind::VOICE => words::ChannelVoice.render(locale),
        ChannelKind::PAGER => words::ChannelPager.render(locale),
        ChannelKind::MAIL => words::ChannelMail.render(locale),
        // The rest are called by their own names everywhere.
        named => named.to_string(),
    }
}

/// How somebody said that they have it.
pub(crate) fn way(way: Way, locale: Locale) -> String {
    match way {
        Way::Link => words::WayLink.render(locale),
        Way::Api => words::WayApi.render(locale),
        Way::Terminal => words::WayTerminal.render(locale),
        Way::Pushover => words::WayPushover.render(locale),
        Way::Reply => words::WaySms.render(locale),
        Way::Call => words::WayCall.render(locale),
        Way::Pager => words::WayPager.render(locale),
        Way::Source => words::WaySource.render(locale),
    }
}

/// What a provider reported later.
pub(crate) fn status(status: DeliveryStatus, locale: Locale) -> String {
    match status {
        DeliveryStatus::Queued => words::StatusQueued.render(locale),
        DeliveryStatus::Sent => words::StatusSent.render(locale),
        DeliveryStatus::Delivered => words::StatusDelivered.render(locale),
        DeliveryStatus::Read => words::StatusRead.render(locale),
        DeliveryStatus::Answered => words::StatusAnswered.render(locale),
        DeliveryStatus::Undelivered => words::StatusUndelivered.render(locale),
    }
}

/// Why an attempt over a channel did not work, with the provider's own words where they say more than ours.
pub(crate) fn reason(reason: Reason, channel: Option<ChannelKind>, detail: &str, locale: Locale) -> String {
    match reason {
        Reason::Rejected if detail.is_empty() => words::ReasonRejected.render(locale),
        Reason::Rejected => words::ReasonRefused { detail }.render(locale),
        Reason::UnknownAddress if channel == Some(ChannelKind::PUSHOVER) => {
            words::ReasonUserUnknown.render(locale)
        }
        Reason::UnknownAddress if channel.is_none_or(has_numbers) => {
            words::ReasonNumberInvalid.render(locale)
        }
        Reason::UnknownAddress => words::ReasonAddressUnknown.render(locale),
        Reason::Unauthorized => words::ReasonCredentials.render(locale),
        Reason::NoChannel => words::ReasonNoChannel.render(locale),
        Reason::Connection => words::ReasonConnection.render(locale),
        Reason::Timeout => words::ReasonTimeout.render(locale),
        Reason::Throttled => words::ReasonRateLimited.render(locale),
        Reason::ProviderFault if detail.is_empty() => words::ReasonFault.render(locale),
        Reason::ProviderFault => words::ReasonProvider { detail }.render(locale),
        Reason::Nonsense => words::ReasonNonsense.render(locale),
        Reason::Expired => words::ReasonExpired.render(locale),
        Reason::Interrupted => words::ReasonInterrupted.render(locale),
        Reason::BreakerOpen => words::ReasonBreakerOpen.render(locale),
    }
}

/// Says whether addresses of this kind are numbers.
fn has_numbers(channel: ChannelKind) -> bool {
    [ChannelKind::SMS, ChannelKind::VOICE, ChannelKind::PAGER].contains(&channel)
}
