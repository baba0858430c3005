//! Texts that reach a sleeping person: first the code and what is wrong, then where and since when, then how to
//! acknowledge.
//!
//! All but the push body and the push link stay within GSM-7 as far as their fields do.
//! What the fields hold is in the table at [`Message`](crate::Message).

super::messages! {
    /// Title of a push message.
    PushTitle = "page-push-title" <'a> { code: &'a str, summary: &'a str };
    /// Text of a push message; the link travels beside it, titled [`PushLink`].
    PushBody = "page-push-body" <'a> {
        code: &'a str, summary: &'a str, service: &'a str, severity: &'a str, when: &'a str,
    };
    /// Subject of a mail.
    MailSubject = "page-mail-subject" <'a> { code: &'a str, severity: &'a str, summary: &'a str };
    /// Subject of a mail that is about no problem.
    MailSubjectPlain = "page-mail-subject-plain" <'a> { code: &'a str, summary: &'a str };
    /// Title of the link in a push message.
    PushLink = "page-push-link";
    /// Text of an SMS.
    Sms = "page-sms" <'a> {
        code: &'a str, summary: &'a str, service: &'a str, when: &'a str, link: &'a str,
    };
    /// How to answer an SMS; `reply` is the code that stands in that SMS only.
    SmsReply = "page-sms-reply" <'a> { reply: &'a str };
    /// Text of a pager, in one line.
    Pager = "page-pager" <'a> {
        code: &'a str, summary: &'a str, service: &'a str, when: &'a str, link: &'a str,
    };
    /// What is answered on a pager by whoever has it; 15 letters of ASCII at most.
    PagerTake = "page-pager-take";
    /// What is answered on a pager by whoever wants others to be paged; 15 letters of ASCII at most.
    PagerEscalate = "page-pager-escalate";
    /// Title of a push message about several alerts.
    Digest = "page-digest" <'a> { count: i64, list: &'a str };
    /// Stands after those that are named.
    DigestMore = "page-digest-more" { count: i64 };
    /// Text of a push message about several alerts, each on a line of its own; the link takes one of them.
    DigestBody = "page-digest-body" <'a> { lines: &'a str, code: &'a str };
    /// Text of an SMS about several alerts.
    DigestSms = "page-digest-sms" <'a> { count: i64, list: &'a str, code: &'a str, link: &'a str };
    /// Text of a pager about several alerts, in one line.
    DigestPager = "page-digest-pager" <'a> { count: i64, list: &'a str, code: &'a str, link: &'a str };
    /// Added to a page that is sent again because nobody knows what became of it.
    Repeat = "page-repeat";
    /// Added to a page that comes late.
    Late = "page-late" <'a> { span: &'a str };
    /// In a word, added to the time in an SMS or on a pager: it is sent again because nobody knows what became of it.
    RepeatShort = "page-repeat-short";
    /// In a word, added to the time in an SMS or on a pager: it comes late.
    LateShort = "page-late-short" <'a> { span: &'a str };
    /// Added to a page of whoever does planned work on what is wrong; `what` is what they do.
    WorkYours = "page-work-yours" <'a> { what: &'a str, until: &'a str };
    /// Added to a page of on call, when whoever does planned work did not take it in time.
    WorkOn = "page-work-on" <'a> { worker: &'a str, what: &'a str, until: &'a str };
    /// Added to a page of on call, when planned work is over and it still fires.
    WorkOver = "page-work-over" <'a> { worker: &'a str, what: &'a str };
    /// In a word, added to the time in an SMS or on a pager: it is about the person's own work.
    WorkYoursShort = "page-work-yours-short";
    /// In a word: planned work is on.
    WorkOnShort = "page-work-on-short";
    /// In a word: planned work is over.
    WorkOverShort = "page-work-over-short";
    /// Title of what the house tells somebody.
    MessageTitle = "page-message-title" <'a> { code: &'a str };
    /// Push text of what the house tells somebody; `text` is one of the sentences below.
    MessageBody = "page-message-body" <'a> { text: &'a str };
    /// The same as an SMS.
    MessageSms = "page-message-sms" <'a> { code: &'a str, text: &'a str, link: &'a str };
    /// The same on a pager.
    MessagePager = "page-message-pager" <'a> { code: &'a str, text: &'a str, link: &'a str };
    /// A person's turn begins.
    ShiftBegins = "page-shift-begins" <'a> { rota: &'a str, until: &'a str };
    /// A person's turn begins, and these people were on call before.
    ShiftBeginsAfter = "page-shift-begins-after" <'a> { rota: &'a str, until: &'a str, others: &'a str };
    /// A person's turn begins, and these people stay on call until they say that they have it.
    ShiftBeginsAsked = "page-shift-begins-asked" <'a> { rota: &'a str, until: &'a str, others: &'a str };
    /// A person's turn is over, and they stay on call until whoever comes has it.
    ShiftStays = "page-shift-stays" <'a> { rota: &'a str };
    /// A person's turn is over, and these people are on call.
    ShiftEnds = "page-shift-ends" <'a> { rota: &'a str, others: &'a str };
    /// A person's turn is over, and nobody is on call.
    ShiftEndsNobody = "page-shift-ends-nobody" <'a> { rota: &'a str };
    /// A person's planned work ends soon.
    WorkEnds = "page-work-ends" <'a> { what: &'a str, until: &'a str, id: &'a str };
    /// Planned work is over, and how many alerts it had taken.
    WorkTaken = "page-work-taken" <'a> { what: &'a str, worker: &'a str, count: i64 };
    /// A contact method of the reader's own is broken; `why` is one of the three below.
    ContactBroken = "page-contact-broken" <'a> { contact: &'a str, why: &'a str };
    /// That of somebody whose team the reader leads.
    ContactBrokenOf = "page-contact-broken-of" <'a> { person: &'a str, contact: &'a str, why: &'a str };
    /// A test page over a contact method of the reader's own was answered by nobody.
    ContactUnanswered = "page-contact-unanswered" <'a> { contact: &'a str };
    /// Why: the provider does not know the address.
    ContactUnknown = "page-contact-unknown";
    /// Why: the provider refuses it.
    ContactRefused = "page-contact-refused";
    /// Why: what was sent did not arrive.
    ContactUndelivered = "page-contact-undelivered";
    /// The code that proves a contact method.
    ContactCode = "page-contact-code" <'a> { code: &'a str, contact: &'a str, until: &'a str };
    /// For the operators: a contact method is broken.
    OperatorsContact = "page-operators-contact" <'a> { person: &'a str, contact: &'a str };
    /// For the operators: a test page was answered by nobody.
    OperatorsUnanswered = "page-operators-unanswered" <'a> { person: &'a str, contact: &'a str };
    /// What is still open; `codes` names alerts.
    StillOpen = "page-still-open" <'a> { codes: &'a str };
    /// Nothing is open.
    NothingOpen = "page-nothing-open";
    /// The label of a test page.
    Test = "page-test";
    /// What a test page says in place of a summary.
    TestSummary = "page-test-summary";
    /// Text of a push message that is a test.
    TestBody = "page-test-body" <'a> { code: &'a str, when: &'a str };
    /// Text of an SMS that is a test.
    TestSms = "page-test-sms" <'a> { code: &'a str, when: &'a str, link: &'a str };
    /// Text of a pager that is a test.
    TestPager = "page-test-pager" <'a> { code: &'a str, when: &'a str, link: &'a str };
    /// One line for a service that wants no alert text in the clear.
    ReferenceOnly = "page-reference-only" <'a> { code: &'a str, service: &'a str };
    /// Text of a push message for a service that wants no alert text in the clear.
    ReferenceOnlyBody = "page-reference-only-body" <'a> { code: &'a str, service: &'a str, when: &'a str };
    /// Text of an SMS for a service that wants no alert text in the clear.
    ReferenceOnlySms = "page-reference-only-sms" <'a> {
        code: &'a str, service: &'a str, when: &'a str, link: &'a str,
    };
    /// Text of a pager for a service that wants no alert text in the clear.
    ReferenceOnlyPager = "page-reference-only-pager" <'a> {
        code: &'a str, service: &'a str, when: &'a str, link: &'a str,
    };
    /// Title of the house alarm.
    HouseAlarmTitle = "page-house-alarm-title";
    /// The house alarm when the log refuses writes.
    NoLog = "page-no-log" <'a> { reason: &'a str };
    /// The house alarm when a piece of the configuration cannot be read.
    ConfigurationUnreadable = "page-configuration-unreadable";
    /// The house alarm when an alert has nobody to page.
    NobodyToPage = "page-nobody-to-page" <'a> { code: &'a str };
    /// The house alarm when the ledger does not agree.
    Unaccounted = "page-unaccounted" { count: i64 };
    /// The house alarm when no route matches a signal.
    NoRoute = "page-no-route" <'a> { source: &'a str };
    /// The house alarm when a provider would not take a page; `channel` as it is configured, `detail` in the
    /// provider's words.
    ProviderIll = "page-provider-ill" <'a> { channel: &'a str, detail: &'a str };
    /// The house alarm when a provider's certificate runs out soon; `channel` as it is configured, `when` in UTC.
    CertificateEnds = "page-certificate-ends" <'a> { channel: &'a str, when: &'a str };
    /// Title of what operators are told when a provider's account has few messages left.
    AccountLowTitle = "page-account-low-title";
    /// A provider's account has few messages left.
    AccountLow = "page-account-low" <'a> { channel: &'a str, left: &'a str, limit: &'a str, until: &'a str };
    /// The house alarm when an alert's history cannot be replayed.
    Quarantine = "page-quarantine" <'a> { code: &'a str };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Locale, Message as _, gsm7, words};

    /// The longest link: a usual host, a code, a token of 128 bits.
    const LINK: &str = "https://pager.example/a/K7M2Q#q3mZ0bYx7Jt2Vw9Lc4Rk1A";

    #[test]
    fn what_is_sent_by_sms_or_pager_is_gsm7() {
        let push_only = [
            "page-push-body",
            "page-digest-body",
            "page-push-link",
            "page-reference-only-body",
            "page-test-body",
            "page-message-body",
            "page-work-yours",
            "page-work-on",
            "page-work-over",
        ];
        for declared in DECLARED.iter().filter(|declared| !push_only.contains(&declared.id)) {
            for locale in Locale::ALL {
                let text = (declared.render)(locale, 1).expect("renders");
                assert!(gsm7::septets(&text).is_some(), "{locale} {}: {text}", declared.id);
            }
        }
    }

    #[test]
    fn usual_sms_is_one_segment() {
        for (locale, when) in
            Locale::ALL.into_iter().zip(["Sun 22 Nov, 03:10", "So 22.11., 03:10", "dom 22/11, 03:10"])
        {
            let summary = "Checkout answers 500 for 3 minutes";
            let sms = Sms { code: "K7M2Q", summary, service: "Web shop", when, link: LINK }.render(locale);
            assert!(sms.starts_with("K7M2Q Checkout"), "{sms}");
            assert!(sms.contains(when) && sms.ends_with(LINK), "{sms}");
            assert_eq!(gsm7::segments(&sms), 1, "{sms}");
        }
    }

    #[test]
    fn pager_adds_little_to_the_summary_and_stays_on_one_line() {
        for locale in Locale::ALL {
            let empty = Pager { code: "K7M2Q", summary: "", service: "Web shop", when: "", link: "" };
            let text = empty.render(locale);
            assert!(text.len() <= 40, "{text}");
            assert!(!text.contains('\n'), "{text}");
        }
    }

    #[test]
    fn reference_only_has_no_place_for_the_alert_text() {
        let references = DECLARED.iter().filter(|declared| declared.id.starts_with("page-reference-only"));
        assert!(references.clone().count() == 4);
        for declared in references {
            assert!(!declared.variables.contains(&"summary"), "{}", declared.id);
        }
    }

    #[test]
    fn house_alarm_is_one_sms() {
        for locale in Locale::ALL {
            for reason in [words::ReasonDiskFull.render(locale), words::ReasonLogUnavailable.render(locale)] {
                let text = NoLog { reason: &reason }.render(locale);
                assert_eq!(gsm7::segments(&text), 1, "{text}");
            }
            let text = Quarantine { code: "K7M2Q" }.render(locale);
            assert_eq!(gsm7::segments(&text), 1, "{text}");
        }
    }

    #[test]
    fn house_alarm_is_labelled() {
        for locale in Locale::ALL {
            assert!(NoLog { reason: "x" }.render(locale).starts_with("[NO-LOG] "));
            assert!(Quarantine { code: "K7M2Q" }.render(locale).starts_with("[NO-LOG] "));
            assert!(HouseAlarmTitle.render(locale).starts_with("[NO-LOG] "));
        }
    }
}
