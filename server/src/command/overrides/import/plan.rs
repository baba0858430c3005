//! What an import comes to: events, held against who is on call.

use std::collections::BTreeMap;

use adapters::calendar::read::Happening;
use domain::overrides::{LEGS_MAX, OVERRIDE_MAX};
use events::Timestamp;
use i18n::{Message as _, calendar as message, format};
use serde_json::{Value, json};

use super::super::Leg;
use super::count;
use crate::command::alerts::moment;
use crate::command::session::Session;
use crate::shifts::Line;

/// What is to be done.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) rota: String,
    pub(super) overrides: Vec<Planned>,
    /// Who is on call already as the calendar says, from when until when.
    pub(super) known: Vec<(String, Timestamp, Timestamp)>,
}

/// An override to be made.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) by: String,
    pub(super) uid: String,
    pub(super) legs: Vec<PlannedLeg>,
}

/// One span of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlannedLeg {
    /// For whom; none where nobody is on call.
    pub(super) of: Option<String>,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

impl Planned {
    /// As the server takes it.
    pub(super) fn body(&self, rota: &str) -> Value {
        let leg = |leg: &PlannedLeg| {
            let (from, to) = (leg.from.to_string(), leg.until.to_string());
            match &leg.of {
                Some(of) => json!({ "rota": rota, "for": of, "by": self.by, "from": from, "to": to }),
                None => json!({ "rota": rota, "also": self.by, "from": from, "to": to }),
            }
        };
        json!({ "legs": self.legs.iter().map(leg).collect::<Vec<_>>() })
    }
}

/// What the plan is made from.
pub(super) struct Planner<'a> {
    pub(super) rota: &'a str,
    /// What people are called, by the name that the configuration gives them.
    pub(super) people: BTreeMap<&'a str, &'a str>,
    /// Whose turns are taken.
    pub(super) of: Option<&'a str>,
    /// Who is on call.
    pub(super) shifts: &'a [Line],
    /// What people decided already about this rota.
    pub(super) in_force: Vec<Leg>,
    pub(super) now: Timestamp,
    pub(super) session: &'a Session,
}

impl Planner<'_> {
    /// The plan, or a sentence for each event that cannot be.
    pub(super) fn plan(&self, happenings: &[Happening]) -> Result<Plan, Vec<String>> {
        let mut plan = Plan { rota: self.rota.to_owned(), ..Plan::default() };
        let mut mistakes = Vec::new();
        let mut before: Option<(&Happening, &str)> = None;
        for happening in happenings {
            match self.legs(happening, before) {
                Ok((by, from, legs)) => {
                    if legs.is_empty() {
                        plan.known.push((by.to_owned(), from, happening.until));
                    }
                    for legs in legs.chunks(LEGS_MAX) {
                        let (by, uid) = (by.to_owned(), happening.uid.clone());
                        plan.overrides.push(Planned { by, uid, legs: legs.to_vec() });
                    }
                    if before.is_none_or(|(last, _)| last.until < happening.until) {
                        before = Some((happening, by));
                    }
                }
                Err(sentence) => mistakes.push(sentence),
            }
        }
        if mistakes.is_empty() { Ok(plan) } else { Err(mistakes) }
    }

    /// Who stands in, from when, and what is to be different for that.
    fn legs(
        &self,
        happening: &Happening,
        before: Option<(&Happening, &str)>,
    ) -> Result<(&str, Timestamp, Vec<PlannedLeg>), String> {
        let (line, locale) = (count(happening.line), self.session.locale());
        let by = self.person(happening)?;
        if happening.until.since(happening.from) > OVERRIDE_MAX {
            return Err(message::ImportTooLong { line, uid: &happening.uid }.render(locale));
        }
        // What was before does not change any more.
        let mut from = happening.from.max(self.now);
        if let Some((last, earlier)) = before.filter(|(last, _)| last.until > from) {
            if earlier != by {
                let other = count(last.line);
                return Err(message::ImportOverlap { line, other, by, earlier }.render(locale));
            }
            from = last.until;
        }
        if from >= happening.until {
            return Ok((by, from, Vec::new()));
        }
        let legs = match self.of {
            Some(of) => self.for_one(of, by, from, happening.until),
            None => self.for_all(by, line, from, happening.until)?,
        };
        Ok((by, from, legs))
    }

    /// The one person whose name, in the configuration or among people, is the event's title.
    fn person(&self, happening: &Happening) -> Result<&str, String> {
        let (line, locale) = (count(happening.line), self.session.locale());
        let same = |text: &str| text.trim().to_lowercase() == happening.summary.trim().to_lowercase();
        let slugs: Vec<&str> = self.people.keys().copied().filter(|slug| same(slug)).collect();
        let names = self.people.iter().filter(|(_, name)| same(name)).map(|(slug, _)| *slug);
        let found = if slugs.is_empty() { names.collect() } else { slugs };
        match found.as_slice() {
            [only] => Ok(only),
            [] => Err(message::ImportNobody { line, summary: &happening.summary }.render(locale)),
            several => {
                let people = format::list(locale, several);
                Err(message::ImportSeveral { line, summary: &happening.summary, people: &people }
                    .render(locale))
            }
        }
    }

    fn for_one(&self, of: &str, by: &str, from: Timestamp, until: Timestamp) -> Vec<PlannedLeg> {
        let at = |text: &str| Timestamp::parse_rfc3339(text);
        let says_so = |leg: &Leg| {
            let is_same = leg.of.as_deref() == Some(of) && leg.by.as_deref() == Some(by);
            let begins = at(&leg.from).is_some_and(|begins| begins <= from);
            is_same && begins && at(&leg.to).is_some_and(|ends| until <= ends)
        };
        if of == by || self.in_force.iter().any(says_so) {
            return Vec::new();
        }
        vec![PlannedLeg { of: Some(of.to_owned()), from, until }]
    }

    /// One leg for each shift that somebody else has.
    fn for_all(
        &self,
        by: &str,
        line: i64,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<PlannedLeg>, String> {
        let mut legs = Vec::new();
        // Several people of one shift stand beside each other.
        for shift in self.shifts.chunk_by(|one, other| one.start == other.start) {
            let bounds = shift.first().and_then(|first| {
                Some((Timestamp::parse_rfc3339(&first.start)?, Timestamp::parse_rfc3339(&first.end)?))
            });
            let Some((begins, ends)) = bounds else { continue };
            let (from, until) = (from.max(begins), until.min(ends));
            let people: Vec<&str> = shift.iter().filter_map(|line| line.person.as_deref()).collect();
            if from >= until || people.contains(&by) {
                continue;
            }
            if people.len() > 1 {
                let locale = self.session.locale();
                let (from, people) = (moment(self.session, &from.to_string()), format::list(locale, &people));
                return Err(message::ImportShared { line, from: &from, people: &people }.render(locale));
            }
            legs.push(PlannedLeg { of: people.first().map(|of| (*of).to_owned()), from, until });
        }
        Ok(legs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-03-01T00:00:00Z";

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).expect("RFC 3339")
    }

    /// On this day of March 2026.
    fn day(day: u32) -> String {
        format!("2026-03-{day:02}T00:00:00Z")
    }

    fn event(line: usize, summary: &str, from: u32, until: u32) -> Happening {
        let (from, until) = (at(&day(from)), at(&day(until)));
        Happening { line, uid: format!("{line}@x"), summary: summary.to_owned(), from, until }
    }

    fn shift(person: Option<&str>, from: u32, until: u32) -> Line {
        Line {
            rota: "primary".to_owned(),
            person: person.map(str::to_owned),
            name: None,
            start: day(from),
            end: day(until),
            layer: None,
            by_override: None,
            known_at: None,
        }
    }

    /// Each override as `whom<of:from-until,…`, and how much is known already.
    fn planned(
        shifts: &[Line],
        of: Option<&str>,
        events: &[Happening],
    ) -> Result<(String, usize), Vec<String>> {
        let session = Session::new(None, Some(i18n::Locale::En));
        let planner = Planner {
            rota: "primary",
            people: BTreeMap::from([
                ("anna", "Anna Rossi"),
                ("bernd", "Bernd Lang"),
                ("bernd2", "bernd LANG"),
                ("callum", "Anna"),
            ]),
            of,
            shifts,
            in_force: Vec::new(),
            now: at(NOW),
            session: &session,
        };
        let days = |at: Timestamp| at.to_string()[8..10].to_owned();
        let plan = planner.plan(events)?;
        let legs = |one: &Planned| -> Vec<String> {
            let leg = |leg: &PlannedLeg| {
                format!("{}:{}-{}", leg.of.as_deref().unwrap_or("-"), days(leg.from), days(leg.until))
            };
            one.legs.iter().map(leg).collect()
        };
        let overrides = plan.overrides.iter().map(|one| format!("{}<{}", one.by, legs(one).join(",")));
        Ok((overrides.collect::<Vec<_>>().join(" "), plan.known.len()))
    }

    #[test]
    fn whoever_has_the_turn_is_replaced_and_where_nobody_has_somebody_comes() {
        let shifts = [
            shift(Some("bernd"), 1, 4),
            shift(None, 4, 5),
            shift(Some("anna"), 5, 8),
            shift(Some("callum"), 8, 12),
        ];
        let all = planned(&shifts, None, &[event(1, "anna", 2, 10)]);
        assert_eq!(all, Ok(("anna<bernd:02-04,-:04-05,callum:08-10".to_owned(), 0)));
        let own = planned(&shifts, None, &[event(1, " ANNA rossi ", 5, 8)]);
        assert_eq!(own, Ok((String::new(), 1)));
        let one = planned(&shifts, Some("bernd"), &[event(1, "anna", 2, 10)]);
        assert_eq!(one, Ok(("anna<bernd:02-10".to_owned(), 0)));
        let oneself = planned(&shifts, Some("anna"), &[event(1, "anna", 2, 10)]);
        assert_eq!(oneself, Ok((String::new(), 1)));
    }

    #[test]
    fn what_has_begun_counts_from_now_and_nothing_is_asked_for_twice() {
        let mut begun = event(1, "anna", 1, 3);
        begun.from = at("2026-02-20T00:00:00Z");
        let shifts = [shift(Some("callum"), 1, 20)];
        let events = [begun, event(5, "anna", 2, 5), event(9, "anna", 3, 4)];
        assert_eq!(
            planned(&shifts, None, &events),
            Ok(("anna<callum:01-03 anna<callum:03-05".to_owned(), 1))
        );
    }

    #[test]
    fn many_shifts_are_several_overrides() {
        let each = (1..=12).map(|day| shift(Some(["bernd", "callum"][day as usize % 2]), day, day + 1));
        let (plan, _) = planned(&each.collect::<Vec<_>>(), None, &[event(1, "anna", 1, 13)]).expect("a plan");
        let legs: Vec<usize> = plan.split(' ').map(|one| one.matches(':').count()).collect();
        assert_eq!(legs, [LEGS_MAX, 2]);
    }

    #[test]
    fn every_event_that_cannot_be_is_told() {
        let both = [shift(Some("bernd"), 1, 9), shift(Some("callum"), 1, 9)];
        let alone = [shift(Some("callum"), 1, 9)];
        let mut long = event(4, "anna", 1, 2);
        long.until = at("2027-03-10T00:00:00Z");
        for (shifts, events, words) in [
            (&both[..], vec![event(3, "anna", 2, 3)], "--for"),
            (&alone, vec![event(3, "zoe", 2, 3)], "nobody is called"),
            (&alone, vec![event(3, "Bernd Lang", 2, 3)], "bernd and bernd2"),
            (&alone, vec![long], "366 days"),
            (&alone, vec![event(1, "anna", 2, 5), event(7, "bernd", 4, 6)], "overlaps with anna (line 1)"),
        ] {
            let line = events.last().map_or(0, |event| event.line);
            let told = planned(shifts, None, &events).expect_err(words);
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(
                told[0].contains(words) && told[0].contains(&format!("Line {line}")),
                "{words}: {told:?}"
            );
        }
        // Whoever is meant by the name in the configuration is not meant by another's full name.
        assert_eq!(planned(&alone, None, &[event(1, "Anna", 2, 3)]), Ok(("anna<callum:02-03".to_owned(), 0)));
        let two = [event(1, "zoe", 2, 3), event(2, "yan", 4, 5)];
        assert_eq!(planned(&alone, None, &two).map_err(|told| told.len()), Err(2));
    }
}
