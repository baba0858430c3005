//! For those who run the house: alive, ready, metrics.

use std::fmt::Write;
use std::sync::Arc;

use actors::meter::{BUCKETS_MICROS, Histogram};
use actors::monitor::{Pulse, PulseState};
use adapters::channel::ReadyChannel;
use adapters::keys::sqlite::KeysHealth;
use adapters::log::sqlite::LogHealth;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::ledger::Whereabouts;
use domain::port::{AccountLimits, Channel as _};
use events::Timestamp;

use super::App;

/// `GET /healthz`: 200 while everything is well, else 503 and what is not. For an outside watchdog.
pub async fn healthz(State(app): State<App>) -> (StatusCode, String) {
    let ills = ills(&app);
    if ills.is_empty() {
        (StatusCode::OK, "well\n".to_owned())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, ills.join("\n") + "\n")
    }
}

/// What keeps the house from paging whom it should, as far as it can tell; none when all is well.
pub async fn ailment(app: &App) -> Option<String> {
    if let Some(ill) = ills(app).into_iter().next() {
        return Some(ill);
    }
    app.house.ailment().await.map(|ailment| ailment.to_string())
}

fn ills(app: &App) -> Vec<String> {
    let mut ills = Vec::new();
    match &*app.house.ports().journal.log().health().borrow() {
        LogHealth::Healthy => {}
        LogHealth::Full { reason } => ills.push(format!("the log's disk is full: {reason}")),
        LogHealth::Closed { reason } => ills.push(format!("the log is closed: {reason}")),
    }
    match &*app.house.ports().journal.keys().health().borrow() {
        KeysHealth::Healthy => {}
        KeysHealth::Full { reason } => ills.push(format!("the keys' disk is full: {reason}")),
        KeysHealth::Closed { reason } => ills.push(format!("the keys are closed: {reason}")),
    }
    let health = app.house.bell().health().borrow().clone();
    ills.extend(health.log_refuses.map(|reason| format!("the log refuses: {reason}")));
    ills.extend(
        health.quarantined.iter().map(|alert| format!("alert {alert} cannot be replayed and was set aside")),
    );
    ills.extend(
        health
            .configuration_unreadable
            .map(|reason| format!("a piece of the configuration cannot be read: {reason}")),
    );
    ills
}

/// `GET /readyz`: 200 while signals are taken.
pub async fn readyz(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.is_closing() {
        (StatusCode::SERVICE_UNAVAILABLE, "closing\n")
    } else {
        (StatusCode::OK, "ready\n")
    }
}

/// `GET /metrics`: the Prometheus text format, version 0.0.4.
pub async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let ports = app.house.ports();
    let (meter, log) = (&ports.meter, ports.journal.log().stats());
    let mut page = Page::default();
    page.counter("signals_accepted_total", "Signals that changed something.", meter.accepted.get());
    page.counter("signals_deduplicated_total", "Signals that changed nothing.", meter.deduplicated.get());
    page.counter(
        "signals_pushed_back_total",
        "Signals turned away because too much was under way.",
        meter.pushed_back.get(),
    );
    page.counter("signals_malformed_total", "Bodies that could not be understood.", meter.malformed.get());
    page.counter(
        "signals_lost_upstream_total",
        "Alerts that sources left out of their messages, as they said.",
        meter.lost_upstream.get(),
    );
    page.head("attempts_total", "counter", "Attempts by channel and outcome.");
    for ((channel, outcome), count) in meter.attempts.get() {
        let channel = label(&channel);
        page.line(&format!("attempts_total{{channel=\"{channel}\",outcome=\"{outcome}\"}} {count}"));
    }
    page.head("channel_sound", "gauge", "Whether the channel's provider would take a page, as last asked.");
    for (channel, found) in app.probes.all() {
        if let Some(found) = found {
            let sound = i32::from(found.probe.ill.is_none());
            page.line(&format!("channel_sound{{channel=\"{}\"}} {sound}", channel.id));
        }
    }
    page.accounts(&app.channels);
    page.heartbeats(&app.house.pulses().await.unwrap_or_default(), app.house.now());
    page.counter(
        "pages_held_total",
        "Pages put off because carriers let no more through to one address.",
        meter.pages_held.get(),
    );
    page.counter("digests_total", "Messages in which several pages went out.", meter.digests.get());
    page.head(
        "channel_breaker_open",
        "gauge",
        "1 while a channel is passed over: it failed, or nothing arrived.",
    );
    for (channel, breaker) in meter.breakers.get() {
        let (channel, open) = (label(channel.as_str()), u8::from(breaker.is_open()));
        page.line(&format!("channel_breaker_open{{channel=\"{channel}\"}} {open}"));
    }
    page.ledger(&app);
    page.gauge("alerts_open", "Alerts that are not over.", app.house.published().board().open_count());
    page.gauge("alert_actors", "Alerts that are being worked on right now.", meter.actors.get());
    page.counter("alert_crashes_total", "Alerts that fell over and were replayed.", meter.crashes.get());
    page.counter("log_commits_total", "Commits to the log, one fsync each.", log.commits);
    page.counter("log_appends_total", "Appends to the log.", log.appends);
    page.counter("log_append_failures_total", "Appends that failed.", log.failures);
    page.gauge(
        "clock_wall_ahead_seconds",
        "How far the wall clock is ahead of the house's, which follows it by a second a minute.",
        signed_seconds(ports.clock.wall_ahead_micros()),
    );
    page.histogram(
        "first_attempt_seconds",
        "From accepting a signal to handing over its first attempt.",
        &meter.first_attempt_latency,
    );
    page.histogram("log_append_seconds", "How long one append takes.", &meter.append_latency);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page.0)
}

/// A label's value as the format wants it.
fn label(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"")
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, line: &str) {
        self.0.push_str("hotpotato_");
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP hotpotato_{name} {help}\n# TYPE hotpotato_{name} {kind}");
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.head(name, "counter", help);
        self.line(&format!("{name} {value}"));
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, "gauge", help);
        self.line(&format!("{name} {value}"));
    }

    /// What the providers' accounts have left, as far as they say.
    fn accounts(&mut self, channels: &[Arc<ReadyChannel>]) {
        let limits =
            channels.iter().filter_map(|channel| Some((label(channel.id.as_str()), channel.limits()?)));
        let limits: Vec<(String, AccountLimits)> = limits.collect();
        self.head("channel_account_limit", "gauge", "Messages that the provider's account has altogether.");
        for (channel, AccountLimits { limit, .. }) in &limits {
            self.line(&format!("channel_account_limit{{channel=\"{channel}\"}} {limit}"));
        }
        self.head("channel_account_remaining", "gauge", "Messages that the provider's account has left.");
        for (channel, AccountLimits { remaining, .. }) in &limits {
            self.line(&format!("channel_account_remaining{{channel=\"{channel}\"}} {remaining}"));
        }
    }

    /// How long ago each heartbeat was heard, and which are silent.
    fn heartbeats(&mut self, pulses: &[Pulse], now: Timestamp) {
        self.head("heartbeat_silent", "gauge", "1 while a heartbeat is silent.");
        for pulse in pulses {
            let (source, silent) =
                (label(pulse.source.as_str()), u8::from(pulse.state == PulseState::Silent));
            self.line(&format!("heartbeat_silent{{source=\"{source}\"}} {silent}"));
        }
        self.head("heartbeat_age_seconds", "gauge", "Seconds since the last beat; none before the first.");
        for (pulse, last_at) in pulses.iter().filter_map(|pulse| Some((pulse, pulse.last_at?))) {
            let (source, age) = (label(pulse.source.as_str()), seconds(now.since(last_at).as_micros()));
            self.line(&format!("heartbeat_age_seconds{{source=\"{source}\"}} {age}"));
        }
    }

    /// What was accepted, and what became of it.
    fn ledger(&mut self, app: &App) {
        let reading = app.house.ledger();
        self.counter(
            "ledger_accepted_total",
            "Problems that were accepted since the log began.",
            reading.accepted,
        );
        self.head("ledger_problems", "gauge", "Accepted problems by what became of them.");
        for whereabouts in Whereabouts::ALL {
            let (name, count) = (whereabouts.as_str(), reading.sums.of(whereabouts));
            self.line(&format!("ledger_problems{{whereabouts=\"{name}\"}} {count}"));
        }
        self.gauge(
            "ledger_under_way",
            "Accepted problems that are just being written down.",
            reading.under_way,
        );
        self.gauge("ledger_difference", "Problems that are unaccounted for.", reading.difference);
        self.counter(
            "ledger_unchecked_total",
            "Signals that were taken and not looked for, since too many were waiting for that.",
            app.house.keeping().unchecked(),
        );
        let waits = reading.longest_wait.map_or(0, |(_, since)| app.house.now().since(since).as_micros());
        self.gauge(
            "ledger_longest_wait_seconds",
            "How long the problem waits that waits longest for its first page.",
            seconds(waits),
        );
    }

    fn histogram(&mut self, name: &str, help: &str, histogram: &Histogram) {
        self.head(name, "histogram", help);
        let (buckets, sum_micros) = histogram.get();
        let mut total = 0;
        for (bound, count) in BUCKETS_MICROS.iter().zip(&buckets) {
            total += count;
            self.line(&format!("{name}_bucket{{le=\"{}\"}} {total}", seconds(*bound)));
        }
        total += buckets[BUCKETS_MICROS.len()];
        self.line(&format!("{name}_bucket{{le=\"+Inf\"}} {total}"));
        self.line(&format!("{name}_sum {}", seconds(sum_micros)));
        self.line(&format!("{name}_count {total}"));
    }
}

fn signed_seconds(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    format!("{sign}{}", seconds(micros.unsigned_abs()))
}

fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}
