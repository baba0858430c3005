//! Why a signal goes where it goes. `wanted` is what a route asks for and `found` what there is, as they are written.

super::messages! {
    /// Head: the route's number.
    ColumnRoute = "route-column-route";
    /// Head: what it asks for.
    ColumnWhen = "route-column-when";
    /// Head: what it says.
    ColumnAnswer = "route-column-answer";
    /// A route asks for nothing: it takes everything.
    Everything = "route-everything";
    /// The route takes it.
    Taken = "route-taken";
    /// An earlier route takes it.
    NotAsked = "route-not-asked";
    /// The route would take it, but there is no such service any more.
    ServiceGone = "route-service-gone";
    /// It comes from another source.
    MissedSource = "route-missed-source" <'a> { wanted: &'a str, found: &'a str };
    /// It is less severe, or none of those.
    MissedSeverity = "route-missed-severity" <'a> { wanted: &'a str, found: &'a str };
    /// A label has another value.
    MissedLabel = "route-missed-label" <'a> { label: &'a str, wanted: &'a str, found: &'a str };
    /// A label is not there.
    MissedLabelAbsent = "route-missed-label-absent" <'a> { label: &'a str, wanted: &'a str };
    /// The clock in the route's zone shows another time.
    MissedHours = "route-missed-hours" <'a> { wanted: &'a str, found: &'a str };
    /// The text does not say so.
    MissedText = "route-missed-text" <'a> { wanted: &'a str };
    /// How bad it is: from the source's word to ours, with arrows between them.
    SeveritySteps = "route-severity-steps" <'a> { severity: &'a str };
    /// Where it goes.
    Goes = "route-goes" <'a> { service: &'a str, policy: &'a str, severity: &'a str };
    /// Where it goes, of files that do not say how that escalates.
    GoesSomehow = "route-goes-somehow" <'a> { service: &'a str, severity: &'a str };
    /// No route had to: the source has a service of its own.
    GoesOwn = "route-goes-own";
    /// It is over.
    Over = "route-over" <'a> { key: &'a str };
    /// No route leads to a service.
    Nowhere = "route-nowhere";
    /// The body speaks of no problem.
    Nothing = "route-nothing";
    /// There is no such source.
    UnknownSource = "route-unknown-source" <'a> { source: &'a str, known: &'a str };
    /// The file with the body cannot be read.
    BodyUnreadable = "route-body-unreadable" <'a> { file: &'a str, why: &'a str };
    /// The source could not send such a body.
    BodyWrong = "route-body-wrong" <'a> { source: &'a str, why: &'a str };
    /// Not a label with its value.
    BadLabel = "route-bad-label" <'a> { text: &'a str };
}
