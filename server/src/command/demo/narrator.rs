//! What the demo says: what the phones received, and what the house decided. Pure.

use std::collections::{BTreeMap, BTreeSet};

use adapters::text::locale;
use domain::blueprint::Blueprint;
use domain::directory::Directory;
use events::event::Language;
use events::event::person::ChannelKind;
use events::event::policy::Target;
use events::{PersonId, Span, Timestamp};
use i18n::{Locale, Message as _, demo as message, format};
use simulations::ledger::{Call, Entry, Provider};

use super::household::STEP_WAIT;
use super::layout::{COLUMNS, Device, Part, clock, minutes, sentence, wrap};
use super::upcoming::{Upcoming, What};
use crate::reader::Reader;
use crate::terminal::{Paint, Style, clean, width};
use crate::timeline::{Line, word};

/// Stands left of what is no event.
const MARGIN: &str = "  ";
/// Stands between the parts of the live line.
const DOT: &str = "  ·  ";

/// Somebody with a device.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Owner {
    slug: String,
    name: String,
    language: Language,
}

/// Tells the story of one alert.
#[derive(Debug)]
pub(super) struct Narrator {
    reader: Reader,
    style: Style,
    start: Timestamp,
    owners: BTreeMap<String, Owner>,
    /// Who is reached by what a provider has a receipt for.
    receipts: BTreeMap<String, String>,
    shown: BTreeSet<(String, String)>,
    link: Option<String>,
    last_reached: Option<String>,
}

impl Narrator {
    /// A narrator for this reader; the story begins at `start`.
    pub(super) fn new(reader: Reader, style: Style, start: Timestamp, blueprint: &Blueprint) -> Self {
        let devices = blueprint.people.iter().flat_map(|(slug, person)| {
            person.contacts.values().map(move |contact| {
                let owner = Owner { slug: slug.clone(), name: person.name.clone(), language: person.locale };
                (contact.address.clone(), owner)
            })
        });
        Self {
            reader,
            style,
            start,
            owners: devices.collect(),
            receipts: BTreeMap::new(),
            shown: BTreeSet::new(),
            link: None,
            last_reached: None,
        }
    }

    /// The name in the configuration of whoever was reached last.
    pub(super) fn last_reached(&self) -> Option<&str> {
        self.last_reached.as_deref()
    }

    /// The link of the page that came first.
    pub(super) fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// What the demo is, and that its waits are short.
    pub(super) fn opening(&self) -> String {
        let locale = self.reader.locale;
        let waits = message::ShortWaits { span: &self.span(STEP_WAIT) }.render(locale);
        let title = self.style.paint(Paint::Bold, &message::Title.render(locale));
        format!(
            "\n{MARGIN}{title}\n\n{}\n\n{}",
            self.paragraph(&message::Intro.render(locale), Paint::Plain),
            self.paragraph(&waits, Paint::Amber)
        )
    }

    /// Who is reached when, as the house is configured, if nobody answers.
    pub(super) fn plan(&self, directory: &Directory, now: Timestamp) -> String {
        let rows = plan(directory, now, self.reader);
        let names = rows.iter().map(|row| width(&row.who)).max().unwrap_or_default();
        let heading = self.style.paint(Paint::Bold, &message::Plan.render(self.reader.locale));
        let mut lines = vec![format!("{MARGIN}{heading}")];
        for Planned { at, who, ways } in rows {
            let gap = " ".repeat(names.saturating_sub(width(&who)));
            let time = self.style.paint(Paint::Grey, &minutes(at));
            lines.push(format!("{time}  {who}{gap}  {ways}").trim_end().to_owned());
        }
        lines.join("\n")
    }

    /// The signal was taken.
    pub(super) fn signal_taken(&self, at: Timestamp) -> String {
        self.event(at, "→", Paint::Plain, &message::SignalTaken.render(self.reader.locale))
    }

    /// The alert was raised.
    pub(super) fn fired(&self, at: Timestamp, code: &str, service: &str, summary: &str) -> String {
        let said = message::AlertFired { code, service, summary }.render(self.reader.locale);
        self.event(at, "●", Paint::Red, &said)
    }

    /// What arrived at a stand-in, if it is worth telling.
    pub(super) fn received(&mut self, entry: &Entry) -> Option<String> {
        let at = Timestamp::from_micros(i64::try_from(entry.at_ms).ok()?.saturating_mul(1_000));
        if !entry.processed {
            return None;
        }
        match entry.call {
            Call::Send => self.page(entry, at),
            Call::Cancel => {
                let person = self.receipts.remove(&entry.destination)?;
                if self.receipts.values().any(|other| *other == person) {
                    return None;
                }
                let said = message::StopsRinging { person: &person }.render(self.reader.locale);
                Some(self.event(at, "✓", Paint::Plain, &said))
            }
            Call::Connect
            | Call::Status
            | Call::Account
            | Call::Report
            | Call::Acknowledge
            | Call::Reply
            | Call::Ask
            | Call::Heard
            | Call::Unknown => None,
        }
    }

    fn page(&mut self, entry: &Entry, at: Timestamp) -> Option<String> {
        let owner = self.owners.get(&entry.destination)?.clone();
        if let Some(receipt) = entry.receipt.clone().filter(|_| entry.provider == Provider::Pushover) {
            self.receipts.insert(receipt, owner.name.clone());
        }
        let (locale, person) = (self.reader.locale, owner.name.as_str());
        let said = match entry.provider {
            Provider::Pushover => message::PhoneRings { person }.render(locale),
            Provider::Twilio | Provider::Kannel => message::SmsArrives { person }.render(locale),
            Provider::Snpp | Provider::Tap => message::PagerBeeps { person }.render(locale),
            // Nobody in the demo is reached so.
            Provider::Mail | Provider::Ntfy | Provider::Webhook => return None,
        };
        self.last_reached = Some(owner.slug.clone());
        if !self.shown.insert((entry.destination.clone(), entry.text.clone())) {
            let again = message::SameText.render(locale);
            return Some(self.event(at, "→", Paint::Amber, &format!("{said}: {again}")));
        }
        let device = device(entry, &owner, locale).draw(self.style);
        let mut told = format!("{}\n{device}", self.event(at, "→", Paint::Amber, &said));
        if let Some(url) = entry.fields.get("url").filter(|_| self.link.is_none()) {
            let where_ = message::WebPage { url }.render(locale);
            told = format!("{told}\n{}", sentence(&" ".repeat(super::layout::INDENT), &where_));
            self.link = Some(url.clone());
        }
        Some(told)
    }

    /// What the house wrote down, if it is worth telling before the end.
    pub(super) fn recorded(&self, line: &Line) -> Option<String> {
        let (symbol, paint) = match line.kind {
            "step_entered" | "escalated" | "reconsidered" | "hold_ended" | "work_entered" | "handed_over" => {
                ("●", Paint::Amber)
            }
            "step_empty" | "fallback_entered" | "acknowledgement_lapsed" | "work_left" => ("●", Paint::Red),
            "acknowledged" | "joined" => ("✓", Paint::Green),
            "attempt_refused" | "attempt_failed" | "attempt_unknown" | "attempt_not_sent"
            | "status_undelivered" | "report_overdue" | "recall_failed" => ("✗", Paint::Red),
            "held" | "held_for_work" | "noted" => ("·", Paint::Grey),
            "resolved" => ("■", Paint::Grey),
            _ => return None,
        };
        Some(self.event(line.at, symbol, paint, &clean(&line.text)))
    }

    /// Everything is silent.
    pub(super) fn silenced(&self, at: Timestamp) -> String {
        self.event(at, "✓", Paint::Green, &message::Silenced.render(self.reader.locale))
    }

    /// Without a keyboard: what the demo will do.
    pub(super) fn takes_soon(&self, at: Timestamp, person: &str, wait: Span) -> String {
        let said = message::TakesSoon { person, span: &self.span(wait) }.render(self.reader.locale);
        self.event(at, "·", Paint::Grey, &said)
    }

    /// Without a keyboard: the demo does it.
    pub(super) fn takes_now(&self, at: Timestamp, person: &str) -> String {
        self.event(at, "→", Paint::Plain, &message::TakesNow { person }.render(self.reader.locale))
    }

    /// It could not be taken.
    pub(super) fn not_taken(&self, at: Timestamp, reason: &str) -> String {
        self.event(at, "✗", Paint::Red, &message::NotTaken { reason }.render(self.reader.locale))
    }

    /// The live line: what Enter does, if there is a keyboard, and what happens next.
    pub(super) fn countdown(
        &self,
        next: Option<&Upcoming>,
        is_typed: bool,
        directory: &Directory,
        now: Timestamp,
    ) -> String {
        let enter = self.last_reached.as_ref().filter(|_| is_typed).map(|slug| self.press_enter(slug));
        let next = next.map(|next| self.next(next, directory, now));
        let parts: Vec<String> = enter.into_iter().chain(next).collect();
        if parts.is_empty() { String::new() } else { format!("{MARGIN}{}", parts.join(DOT)) }
    }

    /// How to take it from the keyboard.
    pub(super) fn press_enter(&self, slug: &str) -> String {
        let person = self.owners.values().find(|owner| owner.slug == slug);
        let person = person.map_or(slug, |owner| owner.name.as_str());
        self.style.paint(Paint::Bold, &message::PressEnter { person }.render(self.reader.locale))
    }

    fn next(&self, next: &Upcoming, directory: &Directory, now: Timestamp) -> String {
        let locale = self.reader.locale;
        // Counted so that it is 0 only when it is due.
        let left = next.at.since(now).as_micros().div_ceil(1_000_000);
        let span = format::span(locale, left);
        let name = |person: &PersonId| directory.name(*person).unwrap_or_default().to_owned();
        let names = |people: &[PersonId]| {
            let names: Vec<String> = people.iter().map(name).collect();
            format::list(locale, &names.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let said = match &next.what {
            What::Contact { person, channel } => {
                let channel = word::channel(*channel, locale);
                message::NextContact { channel: &channel, person: &name(person), span: &span }.render(locale)
            }
            What::Step { step, people } => {
                let step = i64::from(*step);
                match &people[..] {
                    [one] => message::NextStep { step, person: &name(one), span: &span }.render(locale),
                    several => {
                        let number = i64::try_from(several.len()).unwrap_or(i64::MAX);
                        message::NextStepCrowd { step, number, span: &span }.render(locale)
                    }
                }
            }
            What::Fallback { people } => {
                message::NextFallback { people: &names(people), span: &span }.render(locale)
            }
        };
        self.style.paint(Paint::Amber, &said)
    }

    /// A heading.
    pub(super) fn heading(&self, text: &str) -> String {
        format!("\n{MARGIN}{}", self.style.paint(Paint::Bold, text))
    }

    /// Sentences that belong to no moment.
    pub(super) fn paragraph(&self, text: &str, paint: Paint) -> String {
        let lines = wrap(text, COLUMNS - MARGIN.len());
        let lines: Vec<String> =
            lines.iter().map(|line| format!("{MARGIN}{}", self.style.paint(paint, line))).collect();
        lines.join("\n")
    }

    fn event(&self, at: Timestamp, symbol: &str, paint: Paint, text: &str) -> String {
        let time = self.style.paint(Paint::Grey, &clock(at, self.start));
        sentence(&format!("{time}  {} ", self.style.paint(paint, symbol)), text)
    }

    fn span(&self, span: Span) -> String {
        format::span(self.reader.locale, span.as_seconds())
    }
}

/// A page as it stands on the device, in the language of its owner; the frame in that of the reader.
fn device(entry: &Entry, owner: &Owner, reader: Locale) -> Device {
    let field = |name: &str| entry.fields.get(name).map_or("", String::as_str);
    let body = Part::Body(printed(&entry.text));
    let (kind, parts) = match entry.provider {
        Provider::Pushover => {
            let mut parts = vec![Part::Heading(clean(field("title"))), body];
            if !field("url").is_empty() {
                parts.push(Part::Button { label: clean(field("url_title")), link: clean(field("url")) });
            }
            (ChannelKind::PUSHOVER, parts)
        }
        Provider::Twilio | Provider::Kannel => (ChannelKind::SMS, vec![body]),
        Provider::Snpp | Provider::Tap => (ChannelKind::PAGER, vec![body]),
        Provider::Mail => (ChannelKind::MAIL, vec![body]),
        Provider::Ntfy => (ChannelKind::named("ntfy"), vec![body]),
        Provider::Webhook => (ChannelKind::named("webhook"), vec![body]),
    };
    let number = if kind == ChannelKind::PUSHOVER { "" } else { entry.destination.as_str() };
    let name = [word::channel(kind, reader).as_str(), number].join(" ");
    Device {
        name: format!("{} · {}", name.trim_end(), owner.name),
        language: message::LanguageName.render(locale(owner.language)),
        is_heavy: kind == ChannelKind::PAGER,
        parts,
    }
}

/// A text without anything that a terminal obeys, but with its lines.
fn printed(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

/// One row of the plan.
struct Planned {
    at: Span,
    who: String,
    ways: String,
}

/// The steps of the policy that the alert of the demo escalates by, each person with their ladder.
fn plan(directory: &Directory, now: Timestamp, reader: Reader) -> Vec<Planned> {
    let mut rows = Vec::new();
    let mut at = Span::ZERO;
    let steps = directory.policies().values().next().map_or(&[][..], |policy| &policy.steps);
    for step in steps {
        for target in &step.page {
            match target {
                Target::Team(team) => {
                    let team = directory.teams().get(team).map_or(team.as_str(), |team| team.name.as_str());
                    let who = message::Everybody { team }.render(reader.locale);
                    rows.push(Planned { at, who, ways: String::new() });
                }
                Target::Person(_) | Target::Rota { .. } => {
                    let called = directory.called(std::slice::from_ref(target), now);
                    rows.extend(called.iter().map(|called| Planned {
                        at,
                        who: directory.name(called.person).unwrap_or_default().to_owned(),
                        ways: ways(directory, called.person, at, reader),
                    }));
                }
            }
        }
        at = plus(at, step.wait);
    }
    rows
}

/// A person's ladder: `Pushover → 0:06 SMS → 0:12 pager`.
fn ways(directory: &Directory, person: PersonId, from: Span, reader: Reader) -> String {
    let Some(person) = directory.people().get(&person) else { return String::new() };
    let rungs = person.ladder.iter().filter_map(|rung| {
        let kind = person.contacts.get(&rung.contact)?.channel;
        let time = if rung.after.is_zero() { String::new() } else { minutes(plus(from, rung.after)) };
        Some(format!("{} {}", time.trim_start(), word::channel(kind, reader.locale)).trim_start().to_owned())
    });
    rungs.collect::<Vec<_>>().join(" → ")
}

fn plus(left: Span, right: Span) -> Span {
    Span::from_micros(left.as_micros().saturating_add(right.as_micros()))
}
