//! What the `demo` command tells in the terminal.
//!
//! What the fields hold is in the table at [`Message`](crate::Message).

super::messages! {
    /// The heading.
    Title = "demo-title";
    /// What the demo is: a house with three people and stand-in phones.
    Intro = "demo-intro";
    /// Waits are shorter than in a real house; `span` is how long a step lasts here.
    ShortWaits = "demo-short-waits" <'a> { span: &'a str };
    /// The usual port is taken.
    PortTaken = "demo-port-taken" <'a> { url: &'a str };
    /// Above the plan of who is reached when.
    Plan = "demo-plan";
    /// In the plan: everybody in a team.
    Everybody = "demo-everybody" <'a> { team: &'a str };
    /// The name of the language itself.
    LanguageName = "demo-language-name";

    /// The source has handed over its alert.
    SignalTaken = "demo-signal-taken";
    /// An alert was fired.
    AlertFired = "demo-alert-fired" <'a> { code: &'a str, service: &'a str, summary: &'a str };
    /// A push message arrives.
    PhoneRings = "demo-phone-rings" <'a> { person: &'a str };
    /// An SMS arrives.
    SmsArrives = "demo-sms-arrives" <'a> { person: &'a str };
    /// A pager message arrives.
    PagerBeeps = "demo-pager-beeps" <'a> { person: &'a str };
    /// Instead of a text that was shown before.
    SameText = "demo-same-text";
    /// Where to take the alert in the browser.
    WebPage = "demo-web-page" <'a> { url: &'a str };

    /// How to acknowledge from the keyboard.
    PressEnter = "demo-press-enter" <'a> { person: &'a str };
    /// The next contact method of a person.
    NextContact = "demo-next-contact" <'a> { channel: &'a str, person: &'a str, span: &'a str };
    /// The next step of the policy, when it means one person.
    NextStep = "demo-next-step" <'a> { step: i64, person: &'a str, span: &'a str };
    /// The next step of the policy, when it means any other number of people than one.
    NextStepCrowd = "demo-next-step-crowd" <'a> { step: i64, number: i64, span: &'a str };
    /// The fallback of the policy.
    NextFallback = "demo-next-fallback" <'a> { people: &'a str, span: &'a str };

    /// Without a keyboard: what the demo is about to do itself.
    TakesSoon = "demo-takes-soon" <'a> { person: &'a str, span: &'a str };
    /// Without a keyboard: the demo does it.
    TakesNow = "demo-takes-now" <'a> { person: &'a str };
    /// The alert could not be taken.
    NotTaken = "demo-not-taken" <'a> { reason: &'a str };
    /// A phone was told to stop ringing.
    StopsRinging = "demo-stops-ringing" <'a> { person: &'a str };
    /// What still rang has been stopped.
    Silenced = "demo-silenced";

    /// Above the whole timeline.
    Timeline = "demo-timeline";
    /// What to do next.
    Closing = "demo-closing";
    /// The web page goes on being served.
    StillThere = "demo-still-there" <'a> { url: &'a str };
    /// How to leave the demo.
    Leave = "demo-leave";
    /// It has ended.
    Ended = "demo-ended";
}
