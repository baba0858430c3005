//! What can be wrong with configuration files. Values only: the sentences are in `i18n/locales`.

use chrono::NaiveDateTime;
use events::event::person::ChannelKind;
use events::{Span, Timestamp};

use crate::blueprint::kind::ThingKind;
use crate::blueprint::limit::MISTAKES_MAX;
use crate::blueprint::place::{Path, Place, Places};

/// Something that is wrong, or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The value that it is about.
    pub path: Path,
    /// Where that stands; none for a blueprint that came from no file.
    pub place: Option<Place>,
    /// What is wrong.
    pub what: What,
    /// How bad it is.
    pub severity: Severity,
}

impl Mistake {
    /// What is wrong with the value at `path`, as bad as it usually is, nobody knows where yet.
    pub fn new(path: Path, what: What) -> Self {
        let severity = what.severity();
        Self { path, place: None, what, severity }
    }

    /// The same, less bad.
    #[must_use]
    pub fn warned(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }
}

/// Puts every mistake that has no place yet at the place of its value, and all of them in the order in which
/// somebody reads the files. Of more than [`MISTAKES_MAX`] the others are only counted.
pub fn locate(mistakes: &mut Vec<Mistake>, places: &Places) {
    for mistake in mistakes.iter_mut().filter(|mistake| mistake.place.is_none()) {
        mistake.place = places.find(&mistake.path).cloned();
    }
    mistakes.sort_by(|left, right| {
        let key = |mistake: &Mistake| matches!(mistake.what, What::More { .. });
        let places =
            || (&left.place, left.severity, &left.path).cmp(&(&right.place, right.severity, &right.path));
        key(left).cmp(&key(right)).then_with(places)
    });
    if mistakes.len() > MISTAKES_MAX {
        let more = mistakes.split_off(MISTAKES_MAX);
        let counted = |mistake: &Mistake| match mistake.what {
            What::More { count } => count,
            _ => 1,
        };
        let mut rest = Mistake::new(Path::default(), What::More { count: more.iter().map(counted).sum() });
        rest.severity = more.iter().map(|mistake| mistake.severity).min().unwrap_or(rest.severity);
        mistakes.push(rest);
    }
}

/// How bad a mistake is, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It cannot stand: nothing is applied.
    Mistake,
    /// It may be meant so.
    Warning,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The file cannot be read.
    FileUnreadable {
        /// The system's words.
        why: String,
    },
    /// The file is not UTF-8 text.
    FileNotText,
    /// The file is too large.
    FileTooLarge {
        /// How many bytes are allowed.
        bytes_max: u64,
    },
    /// The file is not well-formed.
    Syntax {
        /// The parser's words.
        why: String,
    },
    /// Lists within lists within lists.
    TooDeep {
        /// How deep is allowed.
        depth_max: usize,
    },
    /// A YAML alias.
    AliasRefused,
    /// A YAML tag.
    TagRefused {
        /// The tag.
        tag: String,
    },
    /// A second YAML document in one file.
    SeveralDocuments,
    /// All files together define nothing.
    NothingDefined,
    /// A key that is not text.
    KeyNotText,
    /// A key that stands twice in one map.
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it stands first.
        first: Place,
    },
    /// A thing that two files define.
    DefinedTwice {
        /// What kind of thing.
        kind: ThingKind,
        /// Its name.
        name: String,
        /// Where it stands first.
        first: Place,
    },
    /// A key that means nothing here.
    UnknownKey {
        /// The key.
        key: String,
        /// What was probably meant.
        near: Option<String>,
        /// What would mean something, separated by commas.
        known: String,
    },
    /// A key that must be there.
    Missing {
        /// The key.
        field: &'static str,
        /// What it could look like.
        example: &'static str,
    },
    /// A list where text should be, and the like.
    WrongType {
        /// What should be here.
        expected: Shape,
        /// What is here.
        found: Shape,
        /// What it could look like.
        example: &'static str,
    },
    /// Not a length of time.
    BadSpan {
        /// As it is written.
        text: String,
    },
    /// Not a number of hours, days, weeks or months.
    BadTurn {
        /// As it is written.
        text: String,
    },
    /// Not times of the week.
    BadHours {
        /// As it is written.
        text: String,
    },
    /// A member who leaves before they join.
    MemberDates,
    /// Something that will be wrong within the next days.
    Ahead(Ahead),
    /// A first handover so long ago or so far ahead that it cannot be meant.
    HandoverYear {
        /// In which year.
        year: i32,
        /// The first that is allowed.
        min: i32,
        /// The last that is allowed.
        max: i32,
    },
    /// Not a local date and time.
    BadLocalTime {
        /// As it is written.
        text: String,
    },
    /// Not one of a few words.
    BadChoice {
        /// As it is written.
        text: String,
        /// What was probably meant.
        near: Option<String>,
        /// What can be chosen, separated by commas.
        known: String,
    },
    /// A number that is too small or too large.
    OutOfRange {
        /// As it is written.
        number: String,
        /// The smallest that is allowed.
        min: u32,
        /// The largest that is allowed.
        max: u32,
    },
    /// A span that is too long.
    SpanTooLong {
        /// The longest that is allowed.
        max: Span,
    },
    /// A contact method with no channel, or with several.
    ContactForm,
    /// A target that names nobody, or several things.
    TargetForm,
    /// An offset where no rota is named.
    OffsetWithoutRota,
    /// Part of the language, but not built yet.
    NotBuilt {
        /// Which part.
        feature: Feature,
    },
    /// A key's file cannot be read.
    KeyFileUnreadable {
        /// The file.
        file: String,
        /// The system's words.
        why: String,
    },
    /// A key's file holds no key.
    KeyFileEmpty {
        /// The file.
        file: String,
    },
    /// A key's file holds more than a key.
    KeyFileTooLarge {
        /// The file.
        file: String,
        /// How many bytes are allowed.
        bytes_max: u64,
    },
    /// A key that can be guessed.
    KeyShort {
        /// Its file.
        file: String,
        /// How many characters it has.
        chars: usize,
        /// How many it should have.
        chars_min: usize,
    },
    /// A key with characters that cannot stand in an address as they are.
    KeyNotForAddress {
        /// Its file.
        file: String,
    },
    /// Two sources with one key.
    KeyShared {
        /// The other source.
        other: String,
    },
    /// A person without a time zone of their own.
    DefaultTimeZone,
    /// A name with other characters than are allowed.
    BadName {
        /// The name.
        name: String,
    },
    /// No text where there must be some.
    TextEmpty,
    /// Too much text.
    TextTooLong {
        /// How many characters are allowed.
        chars_max: usize,
    },
    /// A line break or another character that cannot be seen.
    ControlCharacter,
    /// Too many of something.
    TooMany {
        /// How many are allowed.
        max: usize,
    },
    /// A name that nothing has.
    Unknown {
        /// What kind of thing it should be.
        kind: ThingKind,
        /// The name.
        name: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A rung with a contact method that the person does not have.
    UnknownContact {
        /// The contact method.
        contact: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// Names could not be checked: the files hold nothing of that kind.
    SectionAbsent {
        /// Which kind.
        kind: ThingKind,
    },
    /// Not a time zone.
    UnknownTimeZone {
        /// As it is written.
        name: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// Not a phone number in E.164 form.
    PhoneForm {
        /// As it is written.
        address: String,
    },
    /// Not what a Pushover user key looks like.
    PushoverForm,
    /// Not what a pager's number can look like.
    PagerForm {
        /// As it is written.
        address: String,
    },
    /// Not what an address of this kind of channel can look like.
    AddressForm {
        /// Which kind.
        channel: ChannelKind,
        /// As it is written.
        address: String,
        /// One that has the form, as people write it.
        example: &'static str,
    },
    /// A list that must not be empty.
    Empty {
        /// Of what.
        collection: Collection,
    },
    /// A contact method that the ladder never uses.
    ContactUnused {
        /// The contact method.
        contact: String,
    },
    /// Nothing where there must be something: `attempts: 0`.
    Zero {
        /// The key.
        field: &'static str,
        /// What it could be.
        example: &'static str,
    },
    /// A step that is left at once.
    ZeroWait,
    /// A policy that can page nobody.
    PolicyReachesNobody,
    /// A step that can page nobody.
    StepReachesNobody,
    /// A person who can be paged but has no contact method.
    PersonWithoutContacts {
        /// A policy that can page them.
        policy: String,
    },
    /// A policy without a fallback.
    FallbackEmpty,
    /// An offset that leads back to whoever is on call.
    OffsetWraps {
        /// The offset.
        offset: u32,
        /// How many take turns.
        members: usize,
    },
    /// A step is never entered, since the one before it hands the alert over.
    StepAfterHandOver,
    /// A step pages people and hands over, or does neither.
    StepForm,
    /// Fewer people than are to take the alert.
    TooFewPeople {
        /// How many are to take it.
        wanted: u32,
        /// How many the step can mean.
        people: usize,
    },
    /// The alert comes back to the policy that hands it over.
    HandedRound {
        /// The policies on its way, the first one also at the end.
        way: Vec<String>,
    },
    /// A signal may find no route.
    NoDefaultRoute,
    /// A route that another one hides.
    RouteNeverMatches {
        /// The number of the other one, from 1.
        earlier: usize,
    },
    /// A regular expression that is none.
    BadPattern {
        /// As it is written.
        pattern: String,
        /// The words of whoever reads them.
        why: String,
    },
    /// A regular expression that takes too much memory.
    PatternTooLarge,
    /// More regular expressions than all routes together may have.
    TooManyPatterns {
        /// How many are allowed.
        max: usize,
    },
    /// A condition that names nothing.
    ConditionEmpty {
        /// The key.
        field: &'static str,
    },
    /// A condition in two forms that files cannot write together.
    ConditionTwice {
        /// The key.
        field: &'static str,
    },
    /// A time zone, but no times that are told in it.
    ZoneWithoutHours,
    /// What only a heartbeat has.
    OnlyForHeartbeat {
        /// The key.
        field: &'static str,
    },
    /// A runbook that is no link.
    RunbookForm,
    /// More than are said at once.
    More {
        /// How many more.
        count: usize,
    },
}

/// What will be wrong within the next days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// A step that hangs by a thread for a while: nobody whom it means has two contact methods over different channels.
    OneWay,
    /// A step that will reach nobody for a while.
    Gaps {
        /// How many times within the days that were looked at.
        count: usize,
        /// The first of these times, on the wall clock.
        from: NaiveDateTime,
        /// Its end.
        until: NaiveDateTime,
        /// The zone of both.
        zone: String,
    },
    /// A handover at a time that clocks skip.
    HandoverSkipped {
        /// What the rota says.
        planned: NaiveDateTime,
        /// What clocks show when it is.
        shown: NaiveDateTime,
        /// In which zone.
        zone: String,
    },
    /// A handover at a time that clocks show twice.
    HandoverRepeated {
        /// What the rota says.
        planned: NaiveDateTime,
        /// When it is.
        first: Timestamp,
        /// When clocks show the same again.
        again: Timestamp,
        /// In which zone.
        zone: String,
    },
}

impl What {
    /// How bad it usually is.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Ahead(_)
            | Self::KeyShort { .. }
            | Self::KeyNotForAddress { .. }
            | Self::DefaultTimeZone
            | Self::SectionAbsent { .. }
            | Self::PushoverForm
            | Self::ContactUnused { .. }
            | Self::ZeroWait
            | Self::StepReachesNobody
            | Self::PersonWithoutContacts { .. }
            | Self::FallbackEmpty
            | Self::OffsetWraps { .. }
            | Self::StepAfterHandOver
            | Self::RouteNeverMatches { .. }
            | Self::OnlyForHeartbeat { .. }
            | Self::RunbookForm => Severity::Warning,
            Self::StepForm
            | Self::TooFewPeople { .. }
            | Self::HandedRound { .. }
            | Self::FileUnreadable { .. }
            | Self::FileNotText
            | Self::FileTooLarge { .. }
            | Self::Syntax { .. }
            | Self::TooDeep { .. }
            | Self::AliasRefused
            | Self::TagRefused { .. }
            | Self::SeveralDocuments
            | Self::NothingDefined
            | Self::KeyNotText
            | Self::DuplicateKey { .. }
            | Self::DefinedTwice { .. }
            | Self::UnknownKey { .. }
            | Self::Missing { .. }
            | Self::WrongType { .. }
            | Self::BadSpan { .. }
            | Self::BadTurn { .. }
            | Self::BadHours { .. }
            | Self::MemberDates
            | Self::HandoverYear { .. }
            | Self::BadLocalTime { .. }
            | Self::BadChoice { .. }
            | Self::OutOfRange { .. }
            | Self::SpanTooLong { .. }
            | Self::ContactForm
            | Self::TargetForm
            | Self::OffsetWithoutRota
            | Self::NotBuilt { .. }
            | Self::KeyFileUnreadable { .. }
            | Self::KeyFileEmpty { .. }
            | Self::KeyFileTooLarge { .. }
            | Self::KeyShared { .. }
            | Self::BadName { .. }
            | Self::TextEmpty
            | Self::TextTooLong { .. }
            | Self::ControlCharacter
            | Self::TooMany { .. }
            | Self::Unknown { .. }
            | Self::UnknownContact { .. }
            | Self::UnknownTimeZone { .. }
            | Self::PhoneForm { .. }
            | Self::PagerForm { .. }
            | Self::AddressForm { .. }
            | Self::Empty { .. }
            | Self::Zero { .. }
            | Self::PolicyReachesNobody
            | Self::NoDefaultRoute
            | Self::BadPattern { .. }
            | Self::PatternTooLarge
            | Self::TooManyPatterns { .. }
            | Self::ConditionEmpty { .. }
            | Self::ConditionTwice { .. }
            | Self::ZoneWithoutHours
            | Self::More { .. } => Severity::Mistake,
        }
    }

    /// True when it follows from something that is not there: it may be there once another mistake is mended.
    pub const fn is_about_absence(&self) -> bool {
        matches!(
            self,
            Self::Unknown { .. }
                | Self::SectionAbsent { .. }
                | Self::PolicyReachesNobody
                | Self::StepReachesNobody
                | Self::NoDefaultRoute
                | Self::NothingDefined
        )
    }
}

/// The shape of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Keys with values.
    Map,
    /// One after the other.
    List,
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    YesNo,
    /// Nothing at all.
    Nothing,
}

/// A list that must not be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// Members of a team or a layer.
    Members,
    /// Layers of a rota.
    Layers,
    /// Times of the week of a layer.
    Hours,
    /// Steps of a policy.
    Steps,
    /// Targets of a step.
    Targets,
}

/// Part of the language that is not built yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feature {
    /// `overrides`.
    Overrides,
    /// Planned work.
    PlannedWork,
    /// A route that asks for something that routes do not ask for.
    Matcher {
        /// What it asks for.
        name: String,
    },
    /// A way of reaching people.
    Channel {
        /// Its name.
        name: String,
    },
}
