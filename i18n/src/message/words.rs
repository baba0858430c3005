//! Single words and short phrases that other messages are filled with.

super::messages! {
    /// Severity: something important is down.
    SeverityCritical = "severity-critical";
    /// Severity: something does not work.
    SeverityError = "severity-error";
    /// Severity: something will not work soon.
    SeverityWarning = "severity-warning";
    /// Severity: good to know.
    SeverityInfo = "severity-info";

    /// State: open, and nobody has it yet.
    StateOpen = "state-open";
    /// State: open, and on hold for a while.
    StateHeld = "state-held";
    /// State: somebody has it.
    StateAcknowledged = "state-acknowledged";
    /// State: over.
    StateResolved = "state-resolved";

    /// Channel: the Pushover app.
    ChannelPushover = "channel-pushover";
    /// Channel: a text message.
    ChannelSms = "channel-sms";
    /// Channel: a call.
    ChannelVoice = "channel-voice";
    /// Channel: a pager.
    ChannelPager = "channel-pager";
    /// Channel: mail.
    ChannelMail = "channel-mail";

    /// Acknowledged by the link in the page.
    WayLink = "way-link";
    /// Acknowledged on the web pages, logged in.
    WayWeb = "way-web";
    /// Acknowledged on the command line.
    WayCommand = "way-command";
    /// Acknowledged over the API.
    WayApi = "way-api";
    /// Acknowledged at the terminal of the demonstration.
    WayTerminal = "way-terminal";
    /// Acknowledged in the Pushover app.
    WayPushover = "way-pushover";
    /// Acknowledged by answering an SMS.
    WaySms = "way-sms";
    /// Acknowledged by a key during a call.
    WayCall = "way-call";
    /// Acknowledged by answering on the pager.
    WayPager = "way-pager";
    /// Acknowledged in the monitoring system that it came from.
    WaySource = "way-source";
    /// What is wrong, when several things are; `summary` is the worst of them.
    Problems = "problems" <'a> { count: i64, summary: &'a str };
    /// What is wrong: a source reports more new problems a minute than anybody could look at.
    FindingFlood = "finding-flood" <'a> { source: &'a str, count: i64 };
    /// What is wrong: a source that should give a sign of life this often gives none.
    FindingSilence = "finding-silence" <'a> { source: &'a str, every: &'a str };

    /// Status: in the provider's queue.
    StatusQueued = "status-queued";
    /// Status: on its way.
    StatusSent = "status-sent";
    /// Status: on the device.
    StatusDelivered = "status-delivered";
    /// Status: opened, heard or answered.
    StatusRead = "status-read";
    /// It was answered where it arrived.
    StatusAnswered = "status-answered";
    /// Status: given up by the network.
    StatusUndelivered = "status-undelivered";
    /// Status: given up by the provider.
    StatusFailed = "status-failed";

    /// Reason: the provider did not answer in time.
    ReasonTimeout = "reason-timeout";
    /// Reason: no connection to the provider.
    ReasonConnection = "reason-connection";
    /// Reason: the provider said no; `detail` in its own words.
    ReasonRefused = "reason-refused" <'a> { detail: &'a str };
    /// Reason: the provider said no, and nothing else.
    ReasonRejected = "reason-rejected";
    /// Reason: the provider said that it is in trouble, and nothing else.
    ReasonFault = "reason-fault";
    /// Reason: the provider's answer makes no sense.
    ReasonNonsense = "reason-nonsense";
    /// Reason: our process ended in the middle of it.
    ReasonInterrupted = "reason-interrupted";
    /// Reason: the provider failed again and again, and another one is tried at once.
    ReasonBreakerOpen = "reason-breaker-open";
    /// Reason: the provider said that it is in trouble; `detail` in its own words.
    ReasonProvider = "reason-provider" <'a> { detail: &'a str };
    /// Reason: too many messages in a short time.
    ReasonRateLimited = "reason-rate-limited";
    /// Reason: no such telephone or pager number.
    ReasonNumberInvalid = "reason-number-invalid";
    /// The address is not known.
    ReasonAddressUnknown = "reason-address-unknown";
    /// Reason: the provider does not know the user.
    ReasonUserUnknown = "reason-user-unknown";
    /// Reason: the provider does not accept our credentials.
    ReasonCredentials = "reason-credentials";
    /// Reason: waited too long in the queue.
    ReasonExpired = "reason-expired";
    /// Reason: no such channel in the boot configuration.
    ReasonNoChannel = "reason-no-channel";
    /// Reason, for the house alarm: no room on the disk.
    ReasonDiskFull = "reason-disk-full";
    /// Reason, for the house alarm: the log's storage does not answer.
    ReasonLogUnavailable = "reason-log-unavailable";

    /// Stands for a text that was erased with its key.
    Erased = "text-erased";

    /// Kind of configuration: a person.
    KindPerson = "kind-person";
    /// Kind of configuration: a team.
    KindTeam = "kind-team";
    /// Kind of configuration: a rota.
    KindRota = "kind-rota";
    /// Kind of configuration: an escalation policy.
    KindPolicy = "kind-policy";
    /// Kind of configuration: a service.
    KindService = "kind-service";
    /// Kind of configuration: a source.
    KindSource = "kind-source";
    /// Kind of configuration: the routes.
    KindRoutes = "kind-routes";
    /// Kind of configuration: an override.
    KindOverride = "kind-override";
    /// Kind of configuration: planned work.
    KindWork = "kind-work";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Locale, gsm7};

    #[test]
    fn words_fit_into_an_sms() {
        for declared in DECLARED {
            for locale in Locale::ALL {
                let text = (declared.render)(locale, 1).expect("renders");
                assert!(gsm7::septets(&text).is_some(), "{locale} {}: {text}", declared.id);
            }
        }
    }
}
