//! The timeline of an alert: one sentence for each thing that happens.
//!
//! What the fields hold is in the table at [`Message`](crate::Message).

super::messages! {
    /// The alert was raised.
    Raised = "timeline-raised" <'a> { source: &'a str, service: &'a str, severity: &'a str, summary: &'a str };
    /// Somebody wants to see whether a person can be reached; `by` is a name.
    RaisedTest = "timeline-raised-test" <'a> { person: &'a str, by: &'a str };
    /// The house tells somebody something.
    RaisedMessage = "timeline-raised-message" <'a> { person: &'a str, text: &'a str };
    /// The source reported the same again.
    Repeated = "timeline-repeated";
    /// The source reports another severity.
    SeverityChanged = "timeline-severity-changed" <'a> { from: &'a str, to: &'a str };
    /// One more problem became part of the alert; `number` counts from 1, the one that raised it.
    SymptomJoined = "timeline-symptom-joined" <'a> {
        number: i64, source: &'a str, severity: &'a str, summary: &'a str,
    };
    /// In brackets after the two: what the source calls the severity, in its own word.
    SeveritySaid = "timeline-severity-said" <'a> { text: &'a str };
    /// One of its problems is worse or better than before.
    SymptomChanged = "timeline-symptom-changed" <'a> { number: i64, severity: &'a str };
    /// One of its problems is over.
    SymptomCleared = "timeline-symptom-cleared" { number: i64 };
    /// It is about more, or worse, than whoever has it knew.
    Grown = "timeline-grown" <'a> { count: i64, severity: &'a str };
    /// Somebody put the alert on hold, unless one more problem joins it.
    HeldUnlessJoined = "timeline-held-unless-joined" <'a> { person: &'a str, until: &'a str, count: i64 };
    /// Somebody put the alert on hold.
    Held = "timeline-held" <'a> { person: &'a str, until: &'a str };
    /// The hold is over.
    HoldEnded = "timeline-hold-ended";
    /// Somebody ended the hold before its time.
    HoldEndedBy = "timeline-hold-ended-by" <'a> { person: &'a str };
    /// Planned work took it and its workers are paged first.
    WorkEntered = "timeline-work-entered" <'a> { people: &'a str, what: &'a str, until: &'a str };
    /// Planned work took it and nobody who does it can be reached.
    WorkEmpty = "timeline-work-empty" <'a> { what: &'a str };
    /// Planned work holds it.
    HeldForWork = "timeline-held-for-work" <'a> { worker: &'a str, what: &'a str, until: &'a str };
    /// The work that has it ends at another moment.
    WorkMoved = "timeline-work-moved" <'a> { until: &'a str };
    /// The work that had it is over.
    WorkLeft = "timeline-work-left";
    /// Somebody has it and `missing` more are to take it.
    Joined = "timeline-joined" <'a> { person: &'a str, way: &'a str, missing: i64 };
    /// Somebody handed it over to a policy or a team.
    HandedOver = "timeline-handed-over" <'a> { person: &'a str, to: &'a str };
    /// A step handed it over to a policy.
    HandedOn = "timeline-handed-on" <'a> { to: &'a str };
    /// A step of the policy began.
    StepEntered = "timeline-step-entered" <'a> { step: i64, round: i64, people: &'a str, until: &'a str };
    /// A step had nobody on call.
    StepEmpty = "timeline-step-empty" { step: i64 };
    /// Several deadlines fell due during an outage and count as one.
    StepLate = "timeline-step-late" <'a> { span: &'a str };
    /// The policy is exhausted and the fallback is paged.
    FallbackEntered = "timeline-fallback-entered" <'a> { people: &'a str, every: &'a str };
    /// The policy is exhausted and nobody in the fallback can be reached.
    FallbackEmpty = "timeline-fallback-empty" <'a> { every: &'a str };
    /// A person of a step: it names them.
    CalledNamed = "timeline-called-named" <'a> { person: &'a str };
    /// A person of a step: they are on call.
    CalledOnCall = "timeline-called-on-call" <'a> { person: &'a str, rota: &'a str, until: &'a str };
    /// A person of a step: their turn is `number` turns after the present one.
    CalledNext = "timeline-called-next" <'a> { person: &'a str, rota: &'a str, number: i64 };
    /// A person of a step: they stand in for somebody.
    CalledFor = "timeline-called-for" <'a> { person: &'a str, of: &'a str, rota: &'a str, until: &'a str };
    /// A person of a step: they are on call as well as whoever's turn it is.
    CalledAlso = "timeline-called-also" <'a> { person: &'a str, rota: &'a str, until: &'a str };
    /// A person of a step: everybody of their team is on call.
    CalledAllHands = "timeline-called-all-hands" <'a> { person: &'a str, team: &'a str, until: &'a str };
    /// A person of a step: they do planned work on it.
    CalledWork = "timeline-called-work" <'a> { person: &'a str, until: &'a str };
    /// A person of a step: they belong to a team.
    CalledMember = "timeline-called-member" <'a> { person: &'a str, team: &'a str };
    /// Somebody is to be reached.
    PageOrdered = "timeline-page-ordered" <'a> { person: &'a str };
    /// A channel and which of its providers; stands where else the channel alone does.
    ChannelBy = "timeline-channel-by" <'a> { channel: &'a str, provider: &'a str };
    /// Added to it: these contact methods are left out, since they are broken.
    PageSkips = "timeline-page-skips" <'a> { contacts: &'a str };
    /// A contact method is tried.
    AttemptStarted = "timeline-attempt-started" <'a> {
        person: &'a str, contact: &'a str, channel: &'a str, number: i64,
    };
    /// A contact method is tried again because the first outcome is unknown.
    AttemptRepeated = "timeline-attempt-repeated" <'a> {
        person: &'a str, contact: &'a str, channel: &'a str, number: i64,
    };
    /// How late an attempt is; follows one of the two before and a comma.
    AttemptLate = "timeline-attempt-late" <'a> { span: &'a str };
    /// The provider took the message.
    AttemptAccepted = "timeline-attempt-accepted" <'a> { person: &'a str, channel: &'a str };
    /// The message reached the device.
    AttemptDelivered = "timeline-attempt-delivered" <'a> { person: &'a str, channel: &'a str };
    /// The provider will never take this message.
    AttemptRefused = "timeline-attempt-refused" <'a> { person: &'a str, channel: &'a str, reason: &'a str };
    /// The message was certainly not sent.
    AttemptFailed = "timeline-attempt-failed" <'a> { person: &'a str, channel: &'a str, reason: &'a str };
    /// Nobody knows whether the provider took the message.
    AttemptUnknown = "timeline-attempt-unknown" <'a> { person: &'a str, channel: &'a str, reason: &'a str };
    /// The process died while the attempt was under way.
    AttemptInterrupted = "timeline-attempt-interrupted" <'a> { person: &'a str, channel: &'a str };
    /// The attempt waited too long in its queue and was not sent.
    AttemptNotSent = "timeline-attempt-not-sent" <'a> { person: &'a str, channel: &'a str, reason: &'a str };
    /// The provider reported what became of a message.
    StatusReported = "timeline-status-reported" <'a> { person: &'a str, channel: &'a str, status: &'a str };
    /// The provider was to report by now that the message arrived, and did not.
    ReportOverdue = "timeline-report-overdue" <'a> { person: &'a str, channel: &'a str };
    /// Somebody took the alert for a while.
    Acknowledged = "timeline-acknowledged" <'a> { person: &'a str, way: &'a str, until: &'a str };
    /// Somebody took the alert for as long as it lasts.
    AcknowledgedNoLapse = "timeline-acknowledged-no-lapse" <'a> { person: &'a str, way: &'a str };
    /// The taking ran out.
    AcknowledgementLapsed = "timeline-acknowledgement-lapsed" <'a> { person: &'a str };
    /// Somebody passed the alert on.
    Escalated = "timeline-escalated" <'a> { person: &'a str };
    /// Somebody wrote a note.
    Noted = "timeline-noted" <'a> { person: &'a str, text: &'a str };
    /// The source reports that the problem is over.
    ResolvedBySource = "timeline-resolved-by-source" <'a> { source: &'a str };
    /// Somebody says that the problem is over.
    ResolvedByPerson = "timeline-resolved-by-person" <'a> { person: &'a str };
    /// A test ended by itself.
    ResolvedByHouse = "timeline-resolved-by-house";
    /// What still rings is being stopped.
    RecallStarted = "timeline-recall-started" <'a> { person: &'a str, channel: &'a str };
    /// A send was put off: the address has had all that carriers let through.
    AttemptHeld = "timeline-attempt-held" <'a> {
        person: &'a str, channel: &'a str, until: &'a str, count: i64, span: &'a str,
    };
    /// It went out in one message with others.
    AttemptAcceptedWith = "timeline-attempt-accepted-with" <'a> {
        person: &'a str, channel: &'a str, codes: &'a str,
    };
    /// What rang has stopped.
    RecallEnded = "timeline-recall-ended" <'a> { person: &'a str, channel: &'a str };
    /// What rings could not be stopped.
    RecallFailed = "timeline-recall-failed" <'a> { person: &'a str, channel: &'a str, reason: &'a str };
    /// The clock had run ahead and was put right.
    ClockCorrected = "timeline-clock-corrected" <'a> { span: &'a str };
    /// The configuration changed and more people are paged.
    Reconsidered = "timeline-reconsidered" <'a> { people: &'a str };
    /// The configuration changed and nobody else is paged.
    ReconsideredNobody = "timeline-reconsidered-nobody";
    /// A page ended before somebody answered it.
    PageWithdrawn = "timeline-page-withdrawn" <'a> { person: &'a str };
}
