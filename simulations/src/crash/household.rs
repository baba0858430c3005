//! Who lives in a house that is killed, and which sends an alert plans there.
//!
//! Waits are short, so that much is in flight at every moment. Each contact is sent to once for an alert, except
//! Bernd's telephone; so what the providers saw can be told apart without asking the house.

/// The key of the source `prometheus`.
pub const ALERTMANAGER_KEY: &str = "am-crashcrashcrashcrashcrashcr";
/// The key of the source `scripts`.
pub const GENERIC_KEY: &str = "gn-crashcrashcrashcrashcrashcr";

/// The least time between two planned sends to one contact, in milliseconds.
pub const SENDS_EVERY_MS: u64 = 3_000;

/// A way to reach somebody, and how often an alert that nobody takes is sent there.
#[derive(Debug, Clone, Copy)]
pub struct Contact {
    /// As the provider knows it.
    pub destination: &'static str,
    /// How many sends are planned.
    pub sends: u64,
    /// From raising the alert to the moment from which [`Contact::waits_ms`] counts, in milliseconds.
    pub due_ms: u64,
    /// A house that is ready for so long after that without a break is about to begin the first send.
    pub waits_ms: u64,
}

impl Contact {
    /// True for a pager, whose gateway has one connection for everybody.
    pub fn is_pager(&self) -> bool {
        self.destination.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// From raising the alert to the first send at the earliest, in milliseconds.
    pub const fn after_ms(&self) -> u64 {
        // A later step may have to wait for the one before it, which the earliest moment does not.
        self.due_ms + self.waits_ms - self.due_ms.saturating_sub(STEP_MS)
    }
}

/// A contact of the first step: its wait counts from raising the alert.
const fn first(destination: &'static str, after_ms: u64) -> Contact {
    Contact { destination, sends: 1, due_ms: after_ms, waits_ms: 0 }
}

/// A contact of a later step. Its wait counts from entering that, which a house that was down does later; and the step
/// before it lasts four seconds from when that was entered.
const fn later(destination: &'static str, step_ms: u64, after_ms: u64) -> Contact {
    let before_ms = step_ms - STEP_MS;
    Contact { destination, sends: 1, due_ms: step_ms, waits_ms: before_ms + after_ms }
}

/// How long each step lasts.
const STEP_MS: u64 = 4_000;

/// Every contact of the policy: Anna's, then Bernd's, then Callum's, who is the fallback.
pub const CONTACTS: [Contact; 9] = [
    first("uAnnaAnnaAnnaAnnaAnnaAnnaAnna1", 0),
    first("+393331234567", 1_000),
    first("7311", 2_500),
    later("uBerndBerndBerndBerndBerndBer2", STEP_MS, 0),
    Contact { sends: 2, ..later("+491701234567", STEP_MS, 1_000) },
    later("7312", STEP_MS, 2_000),
    later("uCallumCallumCallumCallumCallu", 2 * STEP_MS, 0),
    later("+447700900123", 2 * STEP_MS, 1_000),
    later("7313", 2 * STEP_MS, 2_000),
];

/// What the house applies.
pub const CONFIGURATION: &str = r#"people:
  anna:
    name: Anna Rossi
    locale: it
    time_zone: Europe/Rome
    contacts:
      push: { pushover: "uAnnaAnnaAnnaAnnaAnnaAnnaAnna1" }
      sms: { sms: "+393331234567" }
      pager: { pager: "7311", via: snpp-main }
    ladder:
      - { contact: push, after: 0s }
      - { contact: sms, after: 1s }
      - { contact: pager, after: 2500ms }
  bernd:
    name: Bernd Lang
    locale: de
    time_zone: Europe/Berlin
    contacts:
      push: { pushover: "uBerndBerndBerndBerndBerndBer2" }
      sms: { sms: "+491701234567" }
      pager: { pager: "7312", via: snpp-main }
    ladder:
      - { contact: push, after: 0s }
      - { contact: sms, after: 1s, attempts: 2, every: 3s }
      - { contact: pager, after: 2s }
  callum:
    name: Callum Reid
    locale: en
    time_zone: Europe/London
    contacts:
      push: { pushover: "uCallumCallumCallumCallumCallu" }
      sms: { sms: "+447700900123" }
      pager: { pager: "7313", via: snpp-main }
    ladder:
      - { contact: push, after: 0s }
      - { contact: sms, after: 1s }
      - { contact: pager, after: 2s }
policies:
  default:
    steps:
      - { page: [{ person: anna }], wait: 4s }
      - { page: [{ person: bernd }], wait: 4s }
    fallback: [{ person: callum }]
    acknowledgement_lapses: never
services:
  shop: { name: Web shop, policy: default }
sources:
  prometheus: { kind: alertmanager, key_file: prometheus.key, flood_at: 1000000 }
  scripts: { kind: generic, key_file: scripts.key, flood_at: 1000000 }
routes:
  - { service: shop }
"#;

/// How texts say that they may have come before, in the three languages of the household: a sentence in a push
/// message, a word after the time elsewhere. From `i18n/locales/*/page.ftl`.
const REPEAT_LABELS: [&str; 6] =
    ["Sent again:", "Wiederholung:", "Ripetizione:", "(repeat", "(Wiederholung", "(ripetizione"];

/// True when a text says that it may have come before.
pub fn says_repeat(text: &str) -> bool {
    REPEAT_LABELS.iter().any(|label| text.contains(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contact_has_its_time() {
        let times: Vec<u64> = CONTACTS.iter().map(Contact::after_ms).collect();
        assert_eq!(times, [0, 1_000, 2_500, 4_000, 5_000, 6_000, 8_000, 9_000, 10_000]);
        let all_the_way = CONTACTS[8];
        assert_eq!((all_the_way.due_ms, all_the_way.waits_ms), (8_000, 4_000 + 2_000));
    }

    #[test]
    fn labels_are_found_in_every_language() {
        assert!(says_repeat("x 03:10 (repeat, 4 min late)") && says_repeat("x\nRipetizione: non si sa"));
        assert!(!says_repeat("crash-00-000001 Web shop, seit 03:10"));
    }
}
