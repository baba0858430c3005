//! What is known about an alert: where, since when, how bad, what to do, who was told.

use events::event::signal::Signal;
use i18n::{format, web};
use maud::{Markup, html};

use super::super::{mark, shown, within};
use super::AlertPage;
use domain::alert::Subject;

/// A name is cut after so many characters.
pub(super) const NAME_CHARS_MAX: usize = 80;

/// A value from a source is cut after so many characters.
const VALUE_CHARS_MAX: usize = 300;

/// Labels and details have so many bytes of markup together; a source may send hundreds.
const DETAILS_BYTES_MAX: usize = 12_000;

/// So many people are named.
const PEOPLE_MAX: usize = 12;

impl AlertPage<'_> {
    pub(super) fn facts(&self) -> Markup {
        let Some(subject) = self.history.alert.subject() else { return html! {} };
        let reader = &self.reader;
        let service =
            subject.assignment.as_ref().map(|assignment| shown(&assignment.service_name, VALUE_CHARS_MAX));
        let runbook = subject.assignment.as_ref().and_then(|assignment| assignment.runbook.as_deref());
        let since = html! {
            (reader.moment(subject.raised_at, &reader.time(subject.raised_at)))
            " · " (reader.ago(subject.raised_at))
        };
        html! {
            dl.facts #facts data-live {
                @if let Some(service) = service {
                    (fact(&reader.say(&web::Where), &html! { bdi { (service) } }))
                }
                (fact(&reader.say(&web::Since), &since))
                @if self.is_problem() {
                    (fact(&reader.say(&web::Severity), &mark::severity(self.history.alert.severity(), reader)))
                }
                @if let Some(runbook) = runbook {
                    (fact(&reader.say(&web::Runbook), &linked(runbook)))
                }
                @if let Some(paged) = self.paged() {
                    (fact(&reader.say(&web::Paged), &html! { bdi { (paged) } }))
                }
            }
            (self.changes())
            (self.details(subject))
        }
    }

    /// Who was paged, in order; none for nobody.
    fn paged(&self) -> Option<String> {
        let people = self.history.alert.people_paged();
        let names = people.iter().filter_map(|&person| self.directory.name(person)).take(PEOPLE_MAX);
        let names: Vec<String> = names.map(|name| shown(name, NAME_CHARS_MAX)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| format::list(self.reader.locale, &names))
    }

    /// What was changed elsewhere in the hours before.
    fn changes(&self) -> Markup {
        let changes = &self.history.changes;
        if changes.is_empty() {
            return html! {};
        }
        let facts = changes.iter().map(|changed| {
            let (reader, told) = (&self.reader, &changed.told);
            let links = told.details.iter().filter(|(name, _)| name.starts_with("link "));
            html! { div {
                dt { (reader.moment(changed.at, &reader.time(changed.at))) }
                dd {
                    bdi { (shown(&told.summary, VALUE_CHARS_MAX)) } " · " bdi { (shown(told.source.as_str(), NAME_CHARS_MAX)) }
                    @for (_, link) in links { " · " (linked(link.split(' ').next().unwrap_or_default())) }
                }
            } }
        });
        let facts = within(DETAILS_BYTES_MAX, facts);
        html! {
            details open {
                summary { (self.reader.say(&web::ChangedBefore)) }
                dl.facts {
                    @for fact in &facts { (fact) }
                }
            }
        }
    }

    /// What else the source said.
    fn details(&self, subject: &Subject) -> Markup {
        let Some(signal) = subject.signal.open().filter(|signal| has_details(signal)) else {
            return html! {};
        };
        let values = signal.details.iter().chain(&signal.labels);
        let facts = values.map(|(name, value)| fact(&shown(name, NAME_CHARS_MAX), &linked(value)));
        let facts = within(DETAILS_BYTES_MAX, facts);
        html! {
            details {
                summary { (self.reader.say(&web::Details)) }
                dl.facts {
                    @for fact in &facts { (fact) }
                }
            }
        }
    }
}

fn has_details(signal: &Signal) -> bool {
    !signal.details.is_empty() || !signal.labels.is_empty()
}

fn fact(name: &str, value: &Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

/// A text from outside; a link when it is a web address and nothing else.
fn linked(text: &str) -> Markup {
    let label = shown(text, VALUE_CHARS_MAX);
    html! {
        @if is_web_address(text) {
            a href=(text) rel="noopener noreferrer" { bdi { (label) } }
        } @else {
            bdi { (label) }
        }
    }
}

/// Only what a browser opens as a web page: anything else could run something here.
fn is_web_address(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    let is_web =
        scheme.is_some_and(|scheme| ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)));
    is_web && text.len() <= ADDRESS_BYTES_MAX && shown(text, usize::MAX) == text && !text.contains(' ')
}

/// No longer address becomes a link.
const ADDRESS_BYTES_MAX: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        for (text, expected) in [
            ("https://wiki.example/shop", true),
            ("HTTP://wiki.example", true),
            ("https://wiki.example/a b", false),
            ("https://wiki.example/\u{202e}gpj", false),
            ("https://wiki.example/\nx", false),
            ("javascript:alert(1)", false),
            ("javascript://x%0aalert(1)", false),
            (" https://wiki.example", false),
            ("data:text/html,x", false),
            ("wiki.example", false),
            ("", false),
        ] {
            assert_eq!(is_web_address(text), expected, "{text:?}");
        }
        let link = linked("https://x/\"><script>").into_string();
        assert!(link.contains("href=\"https://x/&quot;&gt;&lt;script&gt;\""), "{link}");
        assert!(link.contains("rel=\"noopener noreferrer\""), "{link}");
    }
}
