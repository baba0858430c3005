//! Mistakes as sentences.

use domain::blueprint::kind::ThingKind;
use domain::blueprint::mistake::{Ahead, Collection, Feature, Mistake, Severity, Shape, What};
use i18n::{Locale, Message, format, mistake, words};

use crate::channel::{Medium, media_once};

/// Says a mistake on one line: `house.yaml:12:7: people.anna.ladder[1].contact: …`, with what to do about it.
pub fn say(mistake: &Mistake, locale: Locale) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(mistake.place.as_ref().map(ToString::to_string));
    if mistake.severity == Severity::Warning {
        parts.push(mistake::Warning.render(locale));
    }
    parts.push(mistake.path.to_string());
    parts.push(sentence(&mistake.what, locale));
    parts.retain(|part| !part.is_empty());
    // A name from a file may hold a line break, or whatever a terminal obeys; a mistake is one line all the same.
    parts.join(": ").chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// What is wrong, and what was probably meant.
fn sentence(what: &What, locale: Locale) -> String {
    let said = meaning(what, locale);
    match near(what) {
        Some(near) => format!("{said} {}", mistake::DidYouMean { near }.render(locale)),
        None => said,
    }
}

fn near(what: &What) -> Option<&str> {
    match what {
        What::UnknownKey { near, .. }
        | What::BadChoice { near, .. }
        | What::Unknown { near, .. }
        | What::UnknownContact { near, .. }
        | What::UnknownTimeZone { near, .. } => near.as_deref(),
        _ => None,
    }
}

#[expect(clippy::too_many_lines, reason = "one arm for each mistake")]
fn meaning(what: &What, locale: Locale) -> String {
    match what {
        What::FileUnreadable { why } => mistake::FileUnreadable { why }.render(locale),
        What::FileNotText => mistake::FileNotText.render(locale),
        What::FileTooLarge { bytes_max } => mistake::FileTooLarge { max: number(*bytes_max) }.render(locale),
        What::Syntax { why } => mistake::Syntax { why }.render(locale),
        What::TooDeep { depth_max } => mistake::TooDeep { max: number(*depth_max) }.render(locale),
        What::AliasRefused => mistake::AliasRefused.render(locale),
        What::TagRefused { tag } => mistake::TagRefused { tag }.render(locale),
        What::SeveralDocuments => mistake::SeveralDocuments.render(locale),
        What::NothingDefined => mistake::NothingDefined.render(locale),
        What::KeyNotText => mistake::KeyNotText.render(locale),
        What::DuplicateKey { key, first } => {
            mistake::DuplicateKey { key, place: &first.to_string() }.render(locale)
        }
        What::DefinedTwice { kind, name, first } => {
            let kind = thing(*kind, locale);
            mistake::DefinedTwice { kind: &kind, name, place: &first.to_string() }.render(locale)
        }
        What::UnknownKey { key, known, .. } => mistake::UnknownKey { key, known }.render(locale),
        What::Missing { field, example } => mistake::Missing { field, example }.render(locale),
        What::WrongType { expected, found, example } => {
            let (expected, found) = (shape(*expected, locale), shape(*found, locale));
            mistake::WrongType { expected: &expected, found: &found, example }.render(locale)
        }
        What::BadSpan { text } => mistake::BadSpan { text }.render(locale),
        What::BadTurn { text } => mistake::BadTurn { text }.render(locale),
        What::BadHours { text } => mistake::BadHours { text }.render(locale),
        What::Ahead(ahead) => coming(ahead, locale),
        What::MemberDates => mistake::MemberDates.render(locale),
        What::HandoverYear { year, min, max } => {
            let (year, min, max) = (&*year.to_string(), &*min.to_string(), &*max.to_string());
            mistake::HandoverYear { year, min, max }.render(locale)
        }
        What::BadLocalTime { text } => mistake::BadLocalTime { text }.render(locale),
        What::BadChoice { text, known, .. } => mistake::BadChoice { text, known }.render(locale),
        What::OutOfRange { number, min, max } => {
            mistake::OutOfRange { number, min: i64::from(*min), max: i64::from(*max) }.render(locale)
        }
        What::SpanTooLong { max } => {
            mistake::SpanTooLong { span: &format::span(locale, max.as_seconds()) }.render(locale)
        }
        What::ContactForm => mistake::ContactForm.render(locale),
        What::TargetForm => mistake::TargetForm.render(locale),
        What::OffsetWithoutRota => mistake::OffsetWithoutRota.render(locale),
        What::NotBuilt { feature } => unbuilt(feature, locale),
        What::KeyFileUnreadable { file, why } => mistake::KeyFileUnreadable { file, why }.render(locale),
        What::KeyFileEmpty { file } => mistake::KeyFileEmpty { file }.render(locale),
        What::KeyFileTooLarge { file, bytes_max } => {
            mistake::KeyFileTooLarge { file, max: number(*bytes_max) }.render(locale)
        }
        What::KeyShort { file, chars, chars_min } => {
            mistake::KeyShort { file, count: number(*chars), min: number(*chars_min) }.render(locale)
        }
        What::KeyNotForAddress { file } => mistake::KeyNotForAddress { file }.render(locale),
        What::KeyShared { other } => mistake::KeyShared { source: other }.render(locale),
        What::DefaultTimeZone => mistake::DefaultTimeZone.render(locale),
        What::BadName { name } => mistake::BadName { name }.render(locale),
        What::TextEmpty => mistake::TextEmpty.render(locale),
        What::TextTooLong { chars_max } => mistake::TextTooLong { max: number(*chars_max) }.render(locale),
        What::ControlCharacter => mistake::ControlCharacter.render(locale),
        What::TooMany { max } => mistake::TooMany { max: number(*max) }.render(locale),
        What::Unknown { kind, name, .. } => {
            mistake::Unknown { kind: &thing(*kind, locale), name }.render(locale)
        }
        What::UnknownContact { contact, .. } => mistake::UnknownContact { contact }.render(locale),
        What::SectionAbsent { kind } => mistake::SectionAbsent { section: kind.section() }.render(locale),
        What::UnknownTimeZone { name, .. } => mistake::UnknownTimeZone { name }.render(locale),
        What::PhoneForm { address } => mistake::PhoneForm { address }.render(locale),
        What::PushoverForm => mistake::PushoverForm.render(locale),
        What::PagerForm { address } => mistake::PagerForm { address }.render(locale),
        What::AddressForm { channel, address, example } => {
            mistake::AddressForm { channel: channel.as_str(), address, example }.render(locale)
        }
        What::Empty { collection } => match collection {
            Collection::Members => mistake::EmptyMembers.render(locale),
            Collection::Layers => mistake::EmptyLayers.render(locale),
            Collection::Hours => mistake::EmptyHours.render(locale),
            Collection::Steps => mistake::EmptySteps.render(locale),
            Collection::Targets => mistake::EmptyTargets.render(locale),
        },
        What::ContactUnused { contact } => mistake::ContactUnused { contact }.render(locale),
        What::Zero { field, example } => mistake::Zero { field, example }.render(locale),
        What::ZeroWait => mistake::ZeroWait.render(locale),
        What::PolicyReachesNobody => mistake::PolicyReachesNobody.render(locale),
        What::StepReachesNobody => mistake::StepReachesNobody.render(locale),
        What::PersonWithoutContacts { policy } => {
            mistake::PersonWithoutContacts { name: policy }.render(locale)
        }
        What::FallbackEmpty => mistake::FallbackEmpty.render(locale),
        What::OffsetWraps { offset, members } => {
            mistake::OffsetWraps { offset: i64::from(*offset), count: number(*members) }.render(locale)
        }
        What::StepAfterHandOver => mistake::StepAfterHandOver.render(locale),
        What::StepForm => mistake::StepForm.render(locale),
        What::TooFewPeople { wanted, people } => {
            mistake::TooFewPeople { wanted: i64::from(*wanted), count: number(*people) }.render(locale)
        }
        What::HandedRound { way } => mistake::HandedRound { chain: &way.join(" → ") }.render(locale),
        What::NoDefaultRoute => mistake::NoDefaultRoute.render(locale),
        What::RouteNeverMatches { earlier } => {
            mistake::RouteNeverMatches { number: number(*earlier) }.render(locale)
        }
        What::BadPattern { pattern, why } => mistake::BadPattern { text: pattern, why }.render(locale),
        What::PatternTooLarge => mistake::PatternTooLarge.render(locale),
        What::TooManyPatterns { max } => mistake::TooManyPatterns { max: number(*max) }.render(locale),
        What::ConditionEmpty { field } => mistake::ConditionEmpty { field }.render(locale),
        What::ConditionTwice { field } => mistake::ConditionTwice { field }.render(locale),
        What::ZoneWithoutHours => mistake::ZoneWithoutHours.render(locale),
        What::OnlyForHeartbeat { field } => mistake::OnlyForHeartbeat { field }.render(locale),
        What::RunbookForm => mistake::RunbookForm.render(locale),
        What::More { count } => mistake::More { count: number(*count) }.render(locale),
    }
}

fn unbuilt(feature: &Feature, locale: Locale) -> String {
    match feature {
        Feature::Overrides => mistake::OverridesNotBuilt.render(locale),
        Feature::PlannedWork => mistake::WorkNotBuilt.render(locale),
        Feature::Matcher { name } => mistake::MatcherNotBuilt { name }.render(locale),
        Feature::Channel { name } => {
            let known: Vec<&str> = media_once().map(Medium::kind_name).collect();
            mistake::ChannelNotBuilt { name, known: &known.join(", ") }.render(locale)
        }
    }
}

fn shape(shape: Shape, locale: Locale) -> String {
    match shape {
        Shape::Map => mistake::ShapeMap.render(locale),
        Shape::List => mistake::ShapeList.render(locale),
        Shape::Text => mistake::ShapeText.render(locale),
        Shape::Number => mistake::ShapeNumber.render(locale),
        Shape::YesNo => mistake::ShapeYesNo.render(locale),
        Shape::Nothing => mistake::ShapeNothing.render(locale),
    }
}

/// What a kind of thing is called, in the middle of a sentence.
fn thing(kind: ThingKind, locale: Locale) -> String {
    match kind {
        ThingKind::Person => words::KindPerson.render(locale),
        ThingKind::Team => words::KindTeam.render(locale),
        ThingKind::Rota => words::KindRota.render(locale),
        ThingKind::Policy => words::KindPolicy.render(locale),
        ThingKind::Service => words::KindService.render(locale),
        ThingKind::Source => words::KindSource.render(locale),
        ThingKind::Routes => words::KindRoutes.render(locale),
    }
}

fn number<N: TryInto<i64>>(number: N) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// What will be wrong within the next days.
fn coming(ahead: &Ahead, locale: Locale) -> String {
    match ahead {
        Ahead::OneWay => mistake::OneWay.render(locale),
        Ahead::Gaps { count, from, until, zone } => {
            let (from, until) = (format::date_time(locale, from), format::date_time(locale, until));
            mistake::Gaps { count: number(*count), from: &from, until: &until, zone }.render(locale)
        }
        Ahead::HandoverSkipped { planned, shown, zone } => {
            let (planned, shown) = (format::date_time(locale, planned), format::date_time(locale, shown));
            mistake::HandoverSkipped { planned: &planned, shown: &shown, zone }.render(locale)
        }
        Ahead::HandoverRepeated { planned, first, again, zone } => {
            let planned = format::date_time(locale, planned);
            let (first, again) = (first.to_string(), again.to_string());
            let said = mistake::HandoverRepeated { planned: &planned, zone, first: &first, again: &again };
            said.render(locale)
        }
    }
}
