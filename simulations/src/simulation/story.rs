//! A simulation told as a story that a person can read: what the world did, and what the house wrote down about it.

use events::event::alert::{AlertEvent, Why};
use events::{AlertId, Recorded, Timestamp};

use super::agenda::Moment;

/// The lines so far; nothing is put into words unless somebody reads it.
#[derive(Debug, Default)]
pub struct Story {
    lines: Option<Vec<String>>,
    begins: Timestamp,
}

impl Story {
    /// A story that begins at this wall time, told or not.
    pub fn new(begins: Timestamp, is_told: bool) -> Self {
        Self { lines: is_told.then(Vec::new), begins }
    }

    /// Adds a line.
    pub fn tell(&mut self, moment: Moment, line: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.lines {
            let at = self.begins + events::Span::from_micros(moment.0);
            let time = at.to_utc().format("%d %b %H:%M:%S%.3f");
            lines.push(format!("{time}  {}", line()));
        }
    }

    /// All lines.
    pub fn into_text(self) -> String {
        self.lines.unwrap_or_default().join("\n")
    }
}

/// One record in words.
pub fn of_record(recorded: &Recorded, alert: Option<(AlertId, &AlertEvent)>) -> String {
    match alert {
        Some((alert, event)) => format!("  log  {} {}", alert.code(), of_event(event)),
        None => format!("  log  {} {}", recorded.stream, recorded.record.kind),
    }
}

fn of_event(event: &AlertEvent) -> String {
    match event {
        AlertEvent::Raised(raised) => format!("raised: {} ({})", raised.dedup_key, raised.severity.as_str()),
        AlertEvent::StepEntered(entered) => {
            let people: Vec<String> = entered
                .called
                .iter()
                .map(|called| {
                    let why = match &called.why {
                        Why::Named => "named".to_owned(),
                        Why::OnCall { rota, layer, .. } => format!("on call in {rota}, layer {layer}"),
                        Why::Override { rota, id, .. } => format!("on call in {rota} by {id}"),
                        Why::AllHands { team, .. } => format!("all hands of {team}"),
                        Why::Work { work, .. } => format!("doing work {work}"),
                        Why::Member { team } => format!("of {team}"),
                    };
                    format!("{} ({why})", short(&called.person.to_string()))
                })
                .collect();
            let passed = if entered.passed_over > 0 {
                format!(", {} passed over", entered.passed_over)
            } else {
                String::new()
            };
            format!("step {} of run {}{passed}: {}", entered.step, entered.round, people.join(", "))
        }
        AlertEvent::StepEmpty { round, step, .. } => format!("step {step} of run {round} reaches nobody"),
        AlertEvent::FallbackEntered { called, .. } => format!("fallback: {} people", called.len()),
        AlertEvent::PageOrdered(ordered) => {
            let rungs: Vec<&str> = ordered.ladder.iter().map(|rung| rung.channel.as_str()).collect();
            format!("page {} to {}: {}", ordered.page, short(&ordered.person.to_string()), rungs.join(", "))
        }
        AlertEvent::AttemptStarted(started) => {
            let repeat = if started.repeat { ", a repeat" } else { "" };
            let late = started.late.map(|late| format!(", {} s late", late.as_seconds())).unwrap_or_default();
            format!(
                "attempt {} begins: page {}, rung {}, send {}{repeat}{late}",
                started.attempt, started.page, started.rung, started.send
            )
        }
        AlertEvent::AttemptEnded(ended) => format!("attempt {} ends: {:?}", ended.attempt, ended.outcome),
        AlertEvent::AttemptHeld(held) => format!("attempt {} is put off until {}", held.attempt, held.until),
        AlertEvent::Acknowledged { by, .. } => format!("acknowledged by {}", short(&by.to_string())),
        AlertEvent::Resolved { by, .. } => format!("resolved by {by}"),
        AlertEvent::ClockCorrected { back } => format!("its deadlines move back by {} s", back.as_seconds()),
        other => format!("{}: {other:?}", other.kind()),
    }
}

fn short(id: &str) -> &str {
    id.get(..id.len().min(14)).unwrap_or(id)
}
