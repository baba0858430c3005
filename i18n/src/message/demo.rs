//! What the `demo` command tells in the terminal.
//!
//! What the fields hold is in the table at [`Message`](crate::Message).

super::messages! {
    /// What the demo is: a house with three people and stand-in phones.
    Intro = "demo-intro";
    /// Waits are shorter than in a real house; `span` is how long a step lasts here.
    ShortWaits = "demo-short-waits" <'a> { span: &'a str };
    /// Where the web page is.
    WebPage = "demo-web-page" <'a> { url: &'a str };
    /// An alert was fired.
    AlertFired = "demo-alert-fired" <'a> { code: &'a str, service: &'a str, summary: &'a str };
    /// How to acknowledge from the keyboard.
    PressEnter = "demo-press-enter" <'a> { person: &'a str };
    /// A push message arrives.
    PhoneRings = "demo-phone-rings" <'a> { person: &'a str };
    /// An SMS arrives.
    SmsArrives = "demo-sms-arrives" <'a> { person: &'a str };
    /// A pager message arrives.
    PagerBeeps = "demo-pager-beeps" <'a> { person: &'a str };
    /// Nobody answered; the next step follows.
    NextStep = "demo-next-step" <'a> { span: &'a str };
    /// Somebody has it.
    HasIt = "demo-has-it" <'a> { person: &'a str };
    /// What still rang has been stopped.
    Silenced = "demo-silenced";
    /// How to leave the demo.
    Leave = "demo-leave";
    /// What to do next.
    Closing = "demo-closing";
}
