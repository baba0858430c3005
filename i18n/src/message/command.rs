//! What the command line answers.
//!
//! What the fields hold is in the table at [`Message`](crate::Message).

super::messages! {
    /// The alert is acknowledged.
    Acknowledged = "command-acknowledged" <'a> { code: &'a str };
    /// The alert is acknowledged for a while.
    AcknowledgedUntil = "command-acknowledged-until" <'a> { code: &'a str, until: &'a str };
    /// The alert is resolved.
    Resolved = "command-resolved" <'a> { code: &'a str };
    /// The note is in the timeline.
    Noted = "command-noted" <'a> { code: &'a str };
    /// The alert went to its next step.
    Escalated = "command-escalated" <'a> { code: &'a str };
    /// The alert is on hold.
    Held = "command-held" <'a> { code: &'a str, until: &'a str };
    /// The same, and it goes on when so many more problems have joined.
    HeldUnlessJoined = "command-held-unless-joined" <'a> { code: &'a str, until: &'a str, count: i64 };
    /// The hold is ended.
    Unheld = "command-unheld" <'a> { code: &'a str };
    /// There is no hold to end.
    NotHeld = "command-not-held" <'a> { code: &'a str };
    /// Planned work holds it.
    HeldByWork = "command-held-by-work" <'a> { code: &'a str };
    /// In the list: where an alert is that is on hold; `state` in words.
    HeldState = "command-held-state" <'a> { state: &'a str, until: &'a str };
    /// Head: what ends a hold, and who wanted it.
    ColumnHold = "command-column-hold";
    /// On which terms it is on hold.
    HoldTerms = "command-hold-terms" <'a> { person: &'a str };
    /// The same, and it goes on when so many more problems have joined.
    HoldTermsUnlessJoined = "command-hold-terms-unless-joined" <'a> { person: &'a str, count: i64 };
    /// Refused: somebody has it already.
    AlreadyAcknowledged = "command-already-acknowledged" <'a> { code: &'a str, person: &'a str };
    /// Refused: it is over already.
    AlreadyResolved = "command-already-resolved" <'a> { code: &'a str };
    /// Refused: no such alert.
    UnknownAlert = "command-unknown-alert" <'a> { id: &'a str };
    /// Refused: two open alerts share the code; `ids` is a list.
    CodeShared = "command-code-shared" <'a> { code: &'a str, ids: &'a str };
    /// Refused: no such person.
    UnknownPerson = "command-unknown-person" <'a> { person: &'a str };
    /// Refused: the person has no contact method that works.
    PersonUnreachable = "command-person-unreachable" <'a> { person: &'a str };
    /// Refused: the person has no such contact method.
    ContactUnreachable = "command-contact-unreachable" <'a> { person: &'a str, contact: &'a str };
    /// The server cannot be reached.
    ServerUnreachable = "command-server-unreachable" <'a> { url: &'a str };
    /// The server does not accept the token.
    TokenRefused = "command-token-refused";
    /// The address of the server is none.
    UrlInvalid = "command-url-invalid" <'a> { url: &'a str };
    /// The file with the token cannot be read; `why` in the words of the system.
    TokenFileUnreadable = "command-token-file-unreadable" <'a> { file: &'a str, why: &'a str };
    /// Somebody else answers at the address of the server.
    ServerStrange = "command-server-strange" <'a> { url: &'a str, number: i64 };
    /// The server says no, in its own words.
    ServerRefused = "command-server-refused" <'a> { reason: &'a str };
    /// At that moment the alert did not exist yet.
    NotYetRaised = "command-not-yet-raised" <'a> { code: &'a str };

    /// A line of the plan: something new.
    PlanAdded = "command-plan-added" <'a> { kind: &'a str, name: &'a str };
    /// A line of the plan: something else than before.
    PlanChanged = "command-plan-changed" <'a> { kind: &'a str, name: &'a str };
    /// A line of the plan: something that goes.
    PlanRemoved = "command-plan-removed" <'a> { kind: &'a str, name: &'a str };
    /// The plan is empty.
    PlanEmpty = "command-plan-empty";
    /// The plan in numbers.
    PlanSummary = "command-plan-summary" { added: i64, changed: i64, removed: i64 };
    /// Nothing was done, as asked.
    DryRun = "command-dry-run";
    /// The plan was carried out.
    Applied = "command-applied";
    /// The files are sound.
    CheckOk = "command-check-ok" { warnings: i64 };
    /// The files cannot stand; the mistakes were said before.
    CheckFailed = "command-check-failed" { mistakes: i64 };

    /// The log is unbroken.
    VerifyOk = "command-verify-ok" { records: i64, streams: i64 };
    /// The log is broken; `what` says how, `position` and `stream` where.
    VerifyBroken = "command-verify-broken" <'a> { position: &'a str, stream: &'a str, what: &'a str };
    /// A file is damaged where no record shows it; `what` says which file, and how.
    VerifyDamaged = "command-verify-damaged" <'a> { what: &'a str };

    /// A test page is on its way.
    TestPageSent = "command-test-page-sent" <'a> { person: &'a str };
    /// What became of a test page over one contact method; `result` is a status or a reason.
    TestPageResult = "command-test-page-result" <'a> { channel: &'a str, contact: &'a str, result: &'a str };
    /// No provider took a test page.
    TestPageNotTaken = "command-test-page-not-taken" <'a> { person: &'a str };
    /// Where to look for what becomes of a test page later.
    TestPageLater = "command-test-page-later" <'a> { code: &'a str };

    /// A person who would be paged; `reason` is one of the messages below.
    Who = "command-who" <'a> { person: &'a str, reason: &'a str };
    /// Because the step names the person.
    WhyNamed = "command-why-named" { step: i64 };
    /// Because of a shift.
    WhyRota = "command-why-rota" <'a> { rota: &'a str, layer: i64, from: &'a str, until: &'a str };
    /// Because of an override.
    WhyOverride = "command-why-override" <'a> { rota: &'a str, from: &'a str, until: &'a str };
    /// Because they stand in for somebody.
    WhyFor = "command-why-for" <'a> { of: &'a str, rota: &'a str, id: &'a str, from: &'a str, until: &'a str };
    /// Because they are on call as well as whoever's turn it is.
    WhyAlso = "command-why-also" <'a> { rota: &'a str, id: &'a str, from: &'a str, until: &'a str };
    /// Because everybody of their team is on call.
    WhyAllHands = "command-why-all-hands" <'a> { team: &'a str, id: &'a str, until: &'a str };
    /// Because they do planned work on it.
    WhyWork = "command-why-work" <'a> { id: &'a str, until: &'a str };
    /// Because the step names the person's team.
    WhyTeam = "command-why-team" <'a> { team: &'a str };
    /// Because the policy names the person last of all.
    WhyFallback = "command-why-fallback";
    /// Because their turn is `number` turns after the present one.
    WhyNext = "command-why-next" <'a> { rota: &'a str, number: i64 };
    /// The steps are through: the fallback.
    Fallback = "command-fallback";
    /// Nobody is on call.
    NobodyOnCall = "command-nobody-on-call";

    /// No open alerts.
    AlertsEmpty = "command-alerts-empty";
    /// The alerts that were open at a moment.
    ReplayAt = "command-replay-at" <'a> { when: &'a str };
    /// Table head: the code.
    ColumnCode = "command-column-code";
    /// Table head: what is wrong.
    ColumnSummary = "command-column-summary";
    /// Table head: the service.
    ColumnService = "command-column-service";
    /// Table head: the severity.
    ColumnSeverity = "command-column-severity";
    /// Table head: the state.
    ColumnState = "command-column-state";
    /// Table head: when it began.
    ColumnSince = "command-column-since";
    /// Table head: the person.
    ColumnPerson = "command-column-person";
    /// Table head: the rota.
    ColumnRota = "command-column-rota";
    /// Table head: the start of a shift.
    ColumnFrom = "command-column-from";
    /// Table head: the end of a shift.
    ColumnUntil = "command-column-until";
    /// Table head: the layer of a rota.
    ColumnLayer = "command-column-layer";
    /// Table head: the step of a policy.
    ColumnStep = "command-column-step";
    /// Refused: no such rota in the files.
    UnknownRota = "command-unknown-rota" <'a> { rota: &'a str };
    /// Refused: no such override.
    UnknownOverride = "command-unknown-override" <'a> { id: &'a str };
    /// Refused: the list ends before it begins.
    ShiftsBackwards = "command-shifts-backwards";
    /// Refused: the list is too long.
    ShiftsTooLong = "command-shifts-too-long";
    /// A shift that an override makes.
    ShiftOverride = "command-shift-override" <'a> { id: &'a str };
    /// A shift that a layer makes.
    ShiftLayer = "command-shift-layer" { layer: i64 };
    /// There is no override.
    OverridesEmpty = "command-overrides-empty";
    /// Somebody is asked whether they stand in.
    OverrideAsked = "command-override-asked" <'a> { person: &'a str };
    /// It counts.
    OverrideInForce = "command-override-in-force";
    /// It was taken back or declined.
    OverrideOver = "command-override-over";
    /// Somebody stands in for somebody.
    OverrideFor = "command-override-for" <'a> { by: &'a str, of: &'a str, rota: &'a str };
    /// Nobody is on call for somebody.
    OverrideNobody = "command-override-nobody" <'a> { of: &'a str, rota: &'a str };
    /// Somebody is on call as well.
    OverrideAlso = "command-override-also" <'a> { person: &'a str, rota: &'a str };
    /// Everybody in a team is on call.
    OverrideAllHands = "command-override-all-hands" <'a> { team: &'a str };
    /// Why somebody decided so.
    OverrideReason = "command-override-reason" <'a> { id: &'a str, text: &'a str };
    /// Later decisions about the same person overlap.
    OverrideOverruled = "command-override-overruled" <'a> { id: &'a str, ids: &'a str };
    /// Refused: no such planned work.
    UnknownWork = "command-unknown-work" <'a> { id: &'a str };
    /// There is no planned work.
    WorkEmpty = "command-work-empty";
    /// What is being done, where nobody said so.
    WorkUnsaid = "command-work-unsaid";
    /// Planned work lasts.
    WorkOn = "command-work-on";
    /// Planned work lasts and holds alerts.
    WorkHolds = "command-work-holds";
    /// Planned work is to come.
    WorkPlanned = "command-work-planned";
    /// Planned work is over.
    WorkOver = "command-work-over";
    /// It comes again `count` times, the last time ending at `until`.
    WorkRepeats = "command-work-repeats" <'a> { id: &'a str, count: i64, until: &'a str };
    /// How many alerts it has taken; `open` are the codes of those that are still open.
    WorkTaken = "command-work-taken" <'a> { count: i64, open: &'a str };
    /// How many alerts it would have taken, and on how many of them somebody had acted.
    WorkPreview = "command-work-preview" { count: i64, days: i64, acted: i64 };
    /// A step hands the alert over to a policy.
    WhoHandOver = "command-who-hand-over" <'a> { policy: &'a str };
    /// So many people are to take the alert in a step.
    WhoWanted = "command-who-wanted" { wanted: i64 };
    /// Planned work that comes before step 1.
    WhoWork = "command-who-work" <'a> { id: &'a str, what: &'a str, person: &'a str, until: &'a str };
    /// Planned work because of which nobody is paged.
    WhoHold = "command-who-hold" <'a> { id: &'a str, what: &'a str, person: &'a str, until: &'a str };
    /// Such work takes only some alerts; follows one of the two before.
    WhoWorkOnly = "command-who-work-only" <'a> { scope: &'a str };
    /// An alert was handed over.
    HandedOver = "command-handed-over" <'a> { code: &'a str };
    /// Refused: there is nobody to hand an alert over to.
    NobodyThere = "command-nobody-there" <'a> { name: &'a str };
    /// Table head: planned work's name.
    ColumnWork = "command-column-work";
    /// Table head: who does planned work.
    ColumnWorker = "command-column-worker";
    /// Table head: which alerts planned work takes.
    ColumnScope = "command-column-scope";
    /// Table head: who acted on an alert.
    ColumnActed = "command-column-acted";
    /// Table head: an override's name.
    ColumnOverride = "command-column-override";
    /// Table head: what is different.
    ColumnWhat = "command-column-what";
    /// Table head: why a person is paged.
    ColumnWhy = "command-column-why";
    /// Table head: how long until the next step.
    ColumnWait = "command-column-wait";
    /// Table head: the id.
    ColumnId = "command-column-id";
    /// Table head: where it is written what to do.
    ColumnRunbook = "command-column-runbook";
    /// Table head: what was changed elsewhere in the two hours before.
    ColumnChanges = "command-column-changes";
    /// Table head: who was paged.
    ColumnPaged = "command-column-paged";
    /// Table head: what the source labels it with.
    ColumnLabels = "command-column-labels";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Locale, Message as _};

    #[test]
    fn counts_agree_with_their_nouns() {
        let plan = PlanSummary { added: 1, changed: 2, removed: 0 };
        let verified = VerifyOk { records: 1, streams: 12 };
        for (locale, plan_expected, verified_expected) in [
            (
                Locale::En,
                "Plan: 1 addition, 2 changes, 0 removals",
                "The log is unbroken: 1 record in 12 streams.",
            ),
            (
                Locale::De,
                "Plan: 1 neuer Eintrag, 2 Änderungen, 0 Löschungen",
                "Das Ereignisprotokoll ist unversehrt: 1 Eintrag in 12 Verläufen.",
            ),
            (
                Locale::It,
                "Piano: 1 aggiunta, 2 modifiche, 0 rimozioni",
                "Il registro è integro: 1 voce in 12 flussi.",
            ),
        ] {
            assert_eq!(plan.render(locale), plan_expected);
            assert_eq!(verified.render(locale), verified_expected);
        }
    }
}
