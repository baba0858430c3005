//! What is wrong with configuration files: each says what is there, and what to write instead.
//!
//! The place, `house.yaml:12:7`, stands before the sentence and is not part of it. What the fields hold is in the
//! table at [`Message`](crate::Message); besides, `key`, `field` and `section` are keys of the files, `known` is a
//! list of words, `example` is what could stand there, `place` is another place, `file` a file, `why` what the
//! system or a parser says, and `text` what is written there.

super::messages! {
    /// Stands before what may be meant so.
    Warning = "mistake-warning";
    /// What was probably meant.
    DidYouMean = "mistake-did-you-mean" <'a> { near: &'a str };

    /// The file cannot be read.
    FileUnreadable = "mistake-file-unreadable" <'a> { why: &'a str };
    /// The file is not UTF-8.
    FileNotText = "mistake-file-not-text";
    /// The file has more bytes than `max`.
    FileTooLarge = "mistake-file-too-large" { max: i64 };
    /// The file is not well-formed.
    Syntax = "mistake-syntax" <'a> { why: &'a str };
    /// More levels than `max`.
    TooDeep = "mistake-too-deep" { max: i64 };
    /// A YAML alias.
    AliasRefused = "mistake-alias-refused";
    /// A YAML tag.
    TagRefused = "mistake-tag-refused" <'a> { tag: &'a str };
    /// A second YAML document.
    SeveralDocuments = "mistake-several-documents";
    /// Nothing in any file.
    NothingDefined = "mistake-nothing-defined";
    /// A key that is no text.
    KeyNotText = "mistake-key-not-text";
    /// A key stands twice.
    DuplicateKey = "mistake-duplicate-key" <'a> { key: &'a str, place: &'a str };
    /// Two files define the same.
    DefinedTwice = "mistake-defined-twice" <'a> { kind: &'a str, name: &'a str, place: &'a str };
    /// A key that means nothing here.
    UnknownKey = "mistake-unknown-key" <'a> { key: &'a str, known: &'a str };
    /// A key is not there.
    Missing = "mistake-missing" <'a> { field: &'a str, example: &'a str };
    /// `expected` and `found` are two of the shapes below.
    WrongType = "mistake-wrong-type" <'a> { expected: &'a str, found: &'a str, example: &'a str };
    /// Shape: keys with values.
    ShapeMap = "mistake-shape-map";
    /// Shape: a list.
    ShapeList = "mistake-shape-list";
    /// Shape: text.
    ShapeText = "mistake-shape-text";
    /// Shape: a whole number.
    ShapeNumber = "mistake-shape-number";
    /// Shape: yes or no.
    ShapeYesNo = "mistake-shape-yes-no";
    /// Shape: nothing.
    ShapeNothing = "mistake-shape-nothing";
    /// Not a length of time.
    BadSpan = "mistake-bad-span" <'a> { text: &'a str };
    /// Not a time between two handovers.
    BadTurn = "mistake-bad-turn" <'a> { text: &'a str };
    /// Not times of the week.
    BadHours = "mistake-bad-hours" <'a> { text: &'a str };
    /// A step that will reach nobody for a while.
    Gaps = "mistake-gaps" <'a> { count: i64, from: &'a str, until: &'a str, zone: &'a str };
    /// A step of which nobody can be reached in two ways for a while.
    OneWay = "mistake-one-way";
    /// A handover at a time that clocks skip.
    HandoverSkipped = "mistake-handover-skipped" <'a> { planned: &'a str, shown: &'a str, zone: &'a str };
    /// A handover at a time that clocks show twice.
    HandoverRepeated = "mistake-handover-repeated" <'a> {
        planned: &'a str, zone: &'a str, first: &'a str, again: &'a str
    };
    /// A member who leaves before they join.
    MemberDates = "mistake-member-dates";
    /// A first handover too long ago or too far ahead. Years as digits alone.
    HandoverYear = "mistake-handover-year" <'a> { year: &'a str, min: &'a str, max: &'a str };
    /// Not a local time.
    BadLocalTime = "mistake-bad-local-time" <'a> { text: &'a str };
    /// Not one of the known words.
    BadChoice = "mistake-bad-choice" <'a> { text: &'a str, known: &'a str };
    /// Too small or too large.
    OutOfRange = "mistake-out-of-range" <'a> { number: &'a str, min: i64, max: i64 };
    /// Longer than `span`.
    SpanTooLong = "mistake-span-too-long" <'a> { span: &'a str };
    /// No channel, or several.
    ContactForm = "mistake-contact-form";
    /// No target, or several.
    TargetForm = "mistake-target-form";
    /// An offset without a rota.
    OffsetWithoutRota = "mistake-offset-without-rota";

    /// Not built: overrides.
    OverridesNotBuilt = "mistake-overrides-not-built";
    /// Not built: planned work.
    WorkNotBuilt = "mistake-work-not-built";
    /// Not built: a condition of a route.
    MatcherNotBuilt = "mistake-matcher-not-built" <'a> { name: &'a str };
    /// Not built: a channel; `known` lists those that are.
    ChannelNotBuilt = "mistake-channel-not-built" <'a> { name: &'a str, known: &'a str };

    /// A key's file cannot be read.
    KeyFileUnreadable = "mistake-key-file-unreadable" <'a> { file: &'a str, why: &'a str };
    /// A key's file is empty.
    KeyFileEmpty = "mistake-key-file-empty" <'a> { file: &'a str };
    /// A key's file has more bytes than `max`.
    KeyFileTooLarge = "mistake-key-file-too-large" <'a> { file: &'a str, max: i64 };
    /// A key of `count` characters, fewer than `min`.
    KeyShort = "mistake-key-short" <'a> { file: &'a str, count: i64, min: i64 };
    /// A key that cannot stand in an address as it is.
    KeyNotForAddress = "mistake-key-not-for-address" <'a> { file: &'a str };
    /// Two sources have one key.
    KeyShared = "mistake-key-shared" <'a> { source: &'a str };

    /// A person without a time zone.
    DefaultTimeZone = "mistake-default-time-zone";
    /// A name with other characters.
    BadName = "mistake-bad-name" <'a> { name: &'a str };
    /// Empty text.
    TextEmpty = "mistake-text-empty";
    /// More characters than `max`.
    TextTooLong = "mistake-text-too-long" { max: i64 };
    /// A character that cannot be seen.
    ControlCharacter = "mistake-control-character";
    /// More than `max`.
    TooMany = "mistake-too-many" { max: i64 };
    /// A name that nothing has.
    Unknown = "mistake-unknown" <'a> { kind: &'a str, name: &'a str };
    /// A contact method that the person does not have.
    UnknownContact = "mistake-unknown-contact" <'a> { contact: &'a str };
    /// Names that cannot be checked.
    SectionAbsent = "mistake-section-absent" <'a> { section: &'a str };
    /// Not a time zone.
    UnknownTimeZone = "mistake-unknown-time-zone" <'a> { name: &'a str };
    /// Not E.164.
    PhoneForm = "mistake-phone-form" <'a> { address: &'a str };
    /// Not like a Pushover key.
    PushoverForm = "mistake-pushover-form";
    /// Not like a pager's number.
    PagerForm = "mistake-pager-form" <'a> { address: &'a str };
    /// Not like an address of this channel.
    AddressForm = "mistake-address-form" <'a> { channel: &'a str, address: &'a str, example: &'a str };
    /// No members.
    EmptyMembers = "mistake-empty-members";
    /// No layers.
    EmptyLayers = "mistake-empty-layers";
    /// A layer with a list of times of the week that is empty.
    EmptyHours = "mistake-empty-hours";
    /// No steps.
    EmptySteps = "mistake-empty-steps";
    /// No targets.
    EmptyTargets = "mistake-empty-targets";
    /// A contact method outside the ladder.
    ContactUnused = "mistake-contact-unused" <'a> { contact: &'a str };
    /// Nothing where there must be something.
    Zero = "mistake-zero" <'a> { field: &'a str, example: &'a str };
    /// A step left at once.
    ZeroWait = "mistake-zero-wait";
    /// A policy in vain.
    PolicyReachesNobody = "mistake-policy-reaches-nobody";
    /// A step in vain.
    StepReachesNobody = "mistake-step-reaches-nobody";
    /// A person who cannot be reached; `name` is a policy.
    PersonWithoutContacts = "mistake-person-without-contacts" <'a> { name: &'a str };
    /// No fallback.
    FallbackEmpty = "mistake-fallback-empty";
    /// `count` people take turns; the offset leads back to the first.
    OffsetWraps = "mistake-offset-wraps" { offset: i64, count: i64 };
    /// A step behind one that hands over.
    StepAfterHandOver = "mistake-step-after-hand-over";
    /// A step must page people or hand over, and not both.
    StepForm = "mistake-step-form";
    /// `wanted` people are to acknowledge, and the step can mean `count`.
    TooFewPeople = "mistake-too-few-people" { wanted: i64, count: i64 };
    /// Policies that hand alerts round in a circle; `chain` is their names with arrows between.
    HandedRound = "mistake-handed-round" <'a> { chain: &'a str };
    /// No route for everything else.
    NoDefaultRoute = "mistake-no-default-route";
    /// A route hidden by that `number`.
    RouteNeverMatches = "mistake-route-never-matches" { number: i64 };
    /// A regular expression that is none, or one of another kind.
    BadPattern = "mistake-bad-pattern" <'a> { text: &'a str, why: &'a str };
    /// A regular expression that takes too much memory.
    PatternTooLarge = "mistake-pattern-too-large";
    /// More regular expressions than `max` in all routes.
    TooManyPatterns = "mistake-too-many-patterns" { max: i64 };
    /// A condition that names nothing.
    ConditionEmpty = "mistake-condition-empty" <'a> { field: &'a str };
    /// A condition in two forms.
    ConditionTwice = "mistake-condition-twice" <'a> { field: &'a str };
    /// A zone, but no times that are told in it.
    ZoneWithoutHours = "mistake-zone-without-hours";
    /// What only a heartbeat has.
    OnlyForHeartbeat = "mistake-only-for-heartbeat" <'a> { field: &'a str };
    /// A runbook that is no link.
    RunbookForm = "mistake-runbook-form";
    /// There are `count` more mistakes.
    More = "mistake-more" { count: i64 };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Locale, Message as _};

    #[test]
    fn an_unknown_name_is_said_in_every_language() {
        let unknown = |kind| Unknown { kind, name: "calum" };
        for (locale, kind, expected) in [
            (Locale::En, "person", "There is no person \"calum\"."),
            (Locale::De, "Person", "Person \"calum\" ist nirgends definiert."),
            (Locale::It, "persona", "Nessuna definizione per: persona \"calum\"."),
        ] {
            assert_eq!(unknown(kind).render(locale), expected);
        }
    }
}
