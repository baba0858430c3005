//! A blueprint as YAML that reads back the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::blueprint::{
    Blueprint, ContactPlan, LayerPlan, MemberPlan, PersonPlan, PolicyPlan, RotaPlan, RoutePlan, RungPlan,
    ServicePlan, SourcePlan, StepPlan, TargetPlan, TeamPlan, default,
};
use events::event::Language;
use events::event::routes::{TextTest, When};
use events::event::signal::Severity;
use events::event::team::Handovers;

use super::decode::{NEVER, source_kind};
use super::quantity::{write_local_time, write_turn};

/// Writes a blueprint as a configuration file. Reading it gives the same blueprint, but for the hashes of keys: a
/// file names a key's file, and the key is read from there.
pub fn write_yaml(blueprint: &Blueprint) -> String {
    let mut out = Out::default();
    out.section("people", &blueprint.people, person);
    out.section("teams", &blueprint.teams, |out, team| out.line(1, &flow(team_fields(team))));
    out.section("rotas", &blueprint.rotas, rota);
    out.section("policies", &blueprint.policies, policy);
    out.section("services", &blueprint.services, |out, service| out.line(1, &flow(service_fields(service))));
    out.section("sources", &blueprint.sources, |out, source| out.line(1, &flow(source_fields(source))));
    out.items(0, "routes", &blueprint.routes, route);
    out.text
}

/// A field and its value, as they are written.
type Field = (String, String);

/// Lines so far.
#[derive(Default)]
struct Out {
    text: String,
    /// What stands at the beginning of the next line: a key that a flow value follows.
    pending: String,
}

impl Out {
    fn section<'a, T: 'a>(
        &mut self,
        name: &str,
        things: impl IntoIterator<Item = (&'a String, &'a T)>,
        write: fn(&mut Self, &T),
    ) {
        let mut things = things.into_iter().peekable();
        if things.peek().is_none() {
            return;
        }
        self.line(0, &format!("{name}:"));
        for (id, thing) in things {
            self.pending = format!("{}:", scalar(id));
            write(self, thing);
        }
    }

    /// A line, after whatever was pending: on the same line when it is a flow value, else on its own.
    fn line(&mut self, depth: usize, text: &str) {
        let indent = "  ".repeat(depth);
        if self.pending.is_empty() {
            writeln!(self.text, "{indent}{text}").expect("a string takes everything");
        } else {
            let pending = std::mem::take(&mut self.pending);
            writeln!(self.text, "{indent}{pending} {text}").expect("a string takes everything");
        }
    }

    /// Whatever was pending, on a line of its own.
    fn flush(&mut self, depth: usize) {
        let pending = std::mem::take(&mut self.pending);
        self.line(depth, &pending);
    }

    fn field(&mut self, depth: usize, name: &str, value: &str) {
        self.line(depth, &format!("{name}: {value}"));
    }

    /// A list of flow values, each on a line; nothing for none.
    fn items<T>(&mut self, depth: usize, name: &str, items: &[T], write: impl Fn(&T) -> String) {
        if items.is_empty() {
            return;
        }
        self.line(depth, &format!("{name}:"));
        for item in items {
            self.line(depth + 1, &format!("- {}", write(item)));
        }
    }
}

fn person(out: &mut Out, person: &PersonPlan) {
    out.flush(1);
    out.field(2, "name", &scalar(&person.name));
    out.field(2, "locale", locale(person.locale));
    out.field(2, "time_zone", &scalar(&person.time_zone));
    if !person.contacts.is_empty() {
        out.line(2, "contacts:");
        for (id, contact) in &person.contacts {
            out.field(3, &scalar(id), &self::contact(contact));
        }
    }
    out.items(2, "ladder", &person.ladder, rung);
}

const fn locale(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::De => "de",
        Language::It => "it",
    }
}

fn contact(contact: &ContactPlan) -> String {
    let mut fields = vec![field(contact.channel.as_str(), scalar(&contact.address))];
    fields.extend(contact.via.as_ref().map(|via| field("via", scalar(via))));
    flow(fields)
}

fn rung(rung: &RungPlan) -> String {
    let mut fields = vec![field("contact", scalar(&rung.contact)), field("after", rung.after.to_string())];
    if rung.attempts != default::ATTEMPTS {
        fields.push(field("attempts", rung.attempts.to_string()));
    }
    if rung.attempts > 1 || rung.every != default::EVERY {
        fields.push(field("every", rung.every.to_string()));
    }
    flow(fields)
}

fn team_fields(team: &TeamPlan) -> Vec<Field> {
    let mut fields = vec![field("name", scalar(&team.name)), field("members", names(&team.members))];
    fields.extend(team.time_zone.as_ref().map(|zone| field("time_zone", scalar(zone))));
    match team.handovers {
        Handovers::Announced => {}
        Handovers::Silent => fields.push(field("handovers", "silent".to_owned())),
        Handovers::Accepted => fields.push(field("handovers", "accepted".to_owned())),
    }
    fields.extend(team.lead.as_ref().map(|lead| field("lead", scalar(lead))));
    fields.extend(team.test_pages.map(|span| field("test_pages", span.to_string())));
    fields
}

fn rota(out: &mut Out, rota: &RotaPlan) {
    out.flush(1);
    if let Some(team) = &rota.team {
        out.field(2, "team", &scalar(team));
    }
    out.field(2, "time_zone", &scalar(&rota.time_zone));
    if rota.layers.is_empty() {
        out.field(2, "layers", "[]");
    }
    out.items(2, "layers", &rota.layers, layer);
}

fn layer(layer: &LayerPlan) -> String {
    let from = write_local_time(layer.handover.from);
    let handover = flow(vec![field("every", write_turn(&layer.handover)), field("from", quoted(&from))]);
    let mut fields =
        vec![field("members", list(layer.members.iter().map(member))), field("handover", handover)];
    if !layer.hours.is_empty() {
        fields.push(field("hours", list(layer.hours.iter().map(|hours| quoted(&hours.to_string())))));
    }
    flow(fields)
}

fn member(member: &MemberPlan) -> String {
    let people = match member.people.as_slice() {
        [person] => scalar(person),
        people => names(people),
    };
    if member.from.is_none() && member.until.is_none() {
        return people;
    }
    let key = if member.people.len() == 1 { "person" } else { "people" };
    let mut fields = vec![field(key, people)];
    fields.extend(member.from.map(|from| field("from", quoted(&write_local_time(from)))));
    fields.extend(member.until.map(|until| field("until", quoted(&write_local_time(until)))));
    flow(fields)
}

fn policy(out: &mut Out, policy: &PolicyPlan) {
    out.flush(1);
    if policy.steps.is_empty() {
        out.field(2, "steps", "[]");
    }
    out.items(2, "steps", &policy.steps, step);
    out.field(2, "repeat", &policy.repeat.to_string());
    if !policy.fallback.is_empty() {
        out.field(2, "fallback", &list(policy.fallback.iter().map(target)));
    }
    let lapses = policy.acknowledgement_lapses.map_or_else(|| NEVER.to_owned(), |span| span.to_string());
    out.field(2, "acknowledgement_lapses", &lapses);
}

fn step(step: &StepPlan) -> String {
    if let Some(policy) = &step.hand_over {
        return flow(vec![field("hand_over", scalar(policy))]);
    }
    let page = list(step.page.iter().map(target));
    let mut fields = vec![field("page", page), field("wait", step.wait.to_string())];
    if step.acknowledgements != 1 {
        fields.push(field("acknowledgements", step.acknowledgements.to_string()));
    }
    flow(fields)
}

fn target(target: &TargetPlan) -> String {
    flow(match target {
        TargetPlan::Person(person) => vec![field("person", scalar(person))],
        TargetPlan::Team(team) => vec![field("team", scalar(team))],
        TargetPlan::Rota { rota, offset: 0 } => vec![field("rota", scalar(rota))],
        TargetPlan::Rota { rota, offset } => {
            vec![field("rota", scalar(rota)), field("offset", offset.to_string())]
        }
    })
}

fn service_fields(service: &ServicePlan) -> Vec<Field> {
    let mut fields = vec![field("name", scalar(&service.name)), field("policy", scalar(&service.policy))];
    fields.extend(service.runbook.as_ref().map(|runbook| field("runbook", scalar(runbook))));
    fields.extend(service.reference_only.then(|| field("reference_only", "true".to_owned())));
    fields.extend(service.group_within.map(|within| field("group_within", within.to_string())));
    fields.extend(service.group_again_after.map(|count| field("group_again_after", count.to_string())));
    fields
}

fn source_fields(source: &SourcePlan) -> Vec<Field> {
    let mut fields =
        vec![field("kind", source_kind(source.kind).to_owned()), field("key_file", scalar(&source.key_file))];
    fields.extend(source.every.map(|every| field("every", every.to_string())));
    fields.extend(source.grace.map(|grace| field("grace", grace.to_string())));
    fields.extend(source.service.as_ref().map(|service| field("service", scalar(service))));
    fields.extend(source.flood_at.map(|count| field("flood_at", count.to_string())));
    fields.extend(severities(&source.severities));
    fields
}

fn route(route: &RoutePlan) -> String {
    let mut fields = Vec::new();
    if !route.when.is_empty() {
        fields.push(field("when", when(&route.when)));
    }
    fields.push(field("service", scalar(&route.service)));
    fields.extend(severities(&route.severities));
    flow(fields)
}

fn severities(severities: &BTreeMap<String, Severity>) -> Option<Field> {
    let words = severities.iter().map(|(word, severity)| (scalar(word), severity.as_str().to_owned()));
    (!severities.is_empty()).then(|| field("severities", flow(words.collect())))
}

fn when(when: &When) -> String {
    let mut fields = Vec::new();
    fields.extend(when.source.as_ref().map(|source| field("source", scalar(source.as_str()))));
    if !when.sources.is_empty() {
        fields.push(field("source", list(when.sources.iter().map(|source| scalar(source.as_str())))));
    }
    let equal = when.labels.iter().map(|(label, value)| (scalar(label), scalar(value)));
    let matching = when.label_patterns.iter().map(|(label, regex)| (scalar(label), pattern(regex)));
    let labels: Vec<Field> = equal.chain(matching).collect();
    if !labels.is_empty() {
        fields.push(field("labels", flow(labels)));
    }
    fields.extend(when.severity.map(|severity| field("severity", severity.as_str().to_owned())));
    if !when.severities.is_empty() {
        let severities = when.severities.iter().map(|severity| severity.as_str().to_owned());
        fields.push(field("severity", list(severities)));
    }
    fields.extend(when.text.as_ref().map(|text| match text {
        TextTest::Contains(words) => field("text", scalar(words)),
        TextTest::Matches(regex) => field("text", pattern(regex)),
    }));
    if !when.hours.is_empty() {
        fields.push(field("hours", list(when.hours.iter().map(|hours| quoted(&hours.to_string())))));
    }
    fields.extend(when.time_zone.as_ref().map(|zone| field("time_zone", scalar(zone))));
    flow(fields)
}

fn pattern(regex: &str) -> String {
    flow(vec![field("regex", scalar(regex))])
}

fn field(name: &str, value: String) -> Field {
    (name.to_owned(), value)
}

fn flow(fields: Vec<Field>) -> String {
    let fields: Vec<String> = fields.into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{{ {} }}", fields.join(", "))
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn names(names: &[String]) -> String {
    list(names.iter().map(|name| scalar(name)))
}

/// Text as people would write it: plain where no reader of YAML, old or new, takes it for anything else.
fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A letter, then letters, digits, and what means nothing in the middle of a word; single spaces between words.
fn is_plain(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic());
    let harmless = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/' | ' ');
    let spaced = !text.contains("  ") && !text.ends_with(' ') && !text.contains(" -");
    begins && spaced && text.chars().all(harmless) && !MEANINGFUL.contains(&text.to_lowercase().as_str())
}

/// Words that some version of YAML takes for something else than text.
const MEANINGFUL: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

/// Text in double quotes, on one line. Source: YAML 1.2.2, section 5.7.
fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for letter in text.chars() {
        match letter {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            hidden if is_hidden(hidden) => {
                write!(written, "\\U{:08X}", u32::from(hidden)).expect("a string takes everything");
            }
            letter => written.push(letter),
        }
    }
    written.push('"');
    written
}

/// What YAML does not take as it is, or nobody would see.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{a0}')
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
