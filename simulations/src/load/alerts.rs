//! Bodies as Alertmanager and Prometheus write them.

use std::fmt::Write as _;
use std::ops::Range;

use super::LoadKind;
use crate::sink;

/// Writes alerts that started at one moment.
#[derive(Debug)]
pub struct Alerts {
    kind: LoadKind,
    /// RFC 3339.
    started_at: String,
    /// Makes the fingerprints of this run differ from those of any other.
    salt: u64,
}

impl Alerts {
    pub fn new(kind: LoadKind, started_at: String) -> Self {
        let salt = hash(0, started_at.as_bytes());
        Self { kind, started_at, salt }
    }

    /// Returns one request's body with an alert for each number.
    pub fn body(&self, numbers: Range<u32>) -> String {
        let alerts: Vec<String> = numbers.clone().map(|number| self.alert(number)).collect();
        let alerts = alerts.join(",");
        match self.kind {
            LoadKind::AlertmanagerApi => format!("[{alerts}]"),
            LoadKind::AlertmanagerWebhook => Self::notification(numbers.start, &alerts),
        }
    }

    fn alert(&self, number: u32) -> String {
        let (marker, started_at) = (sink::marker(number), &self.started_at);
        let mut alert = format!(
            concat!(
                r#""labels":{{"alertname":"BenchDiskLow","instance":"host-{}:9100","job":"bench","#,
                r#""mount":"/var","service":"bench","severity":"critical"}},"#,
                r#""annotations":{{"description":"Less than 5% left, and falling","summary":"{}: disk /var at 5%"}},"#,
                r#""startsAt":"{}","generatorURL":"http://prometheus.example:9090/graph?g0.tab=1""#
            ),
            number, marker, started_at
        );
        if self.kind == LoadKind::AlertmanagerWebhook {
            let fingerprint = hash(self.salt, &number.to_be_bytes());
            write!(
                alert,
                r#","status":"firing","endsAt":"0001-01-01T00:00:00Z","fingerprint":"{fingerprint:016x}""#
            )
            .expect("writing to a string cannot fail");
        }
        format!("{{{alert}}}")
    }

    fn notification(number: u32, alerts: &str) -> String {
        format!(
            concat!(
                r#"{{"receiver":"hotpotato","status":"firing","alerts":[{}],"#,
                r#""groupLabels":{{"instance":"host-{}:9100"}},"#,
                r#""commonLabels":{{"alertname":"BenchDiskLow","job":"bench","mount":"/var","service":"bench","severity":"critical"}},"#,
                r#""commonAnnotations":{{"description":"Less than 5% left, and falling"}},"#,
                r#""externalURL":"http://alertmanager.example:9093","version":"4","#,
                r#""groupKey":"{{}}:{{instance=\"host-{}:9100\"}}","truncatedAlerts":0}}"#
            ),
            alerts, number, number
        )
    }
}

/// FNV-1a, as Prometheus uses it for fingerprints.
fn hash(salt: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325 ^ salt, |state, &byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn a_notification_has_every_part_of_version_4() {
        let alerts = Alerts::new(LoadKind::AlertmanagerWebhook, "2026-11-22T07:14:09.568Z".to_owned());
        let body: Value = serde_json::from_str(&alerts.body(7..9)).expect("JSON");
        assert_eq!(body["version"], "4");
        assert_eq!(body["alerts"][1]["annotations"]["summary"], "bench-000008: disk /var at 5%");
        assert_eq!(body["alerts"][0]["startsAt"], "2026-11-22T07:14:09.568Z");
        assert_eq!(body["groupKey"], "{}:{instance=\"host-7:9100\"}");
        let fingerprints: BTreeSet<&str> =
            (0..2).filter_map(|index| body["alerts"][index]["fingerprint"].as_str()).collect();
        assert_eq!(fingerprints.len(), 2);
        assert!(fingerprints.iter().all(|fingerprint| fingerprint.len() == 16));
    }

    #[test]
    fn prometheus_posts_a_bare_array() {
        let alerts = Alerts::new(LoadKind::AlertmanagerApi, "2026-11-22T07:14:09.568Z".to_owned());
        let body: Value = serde_json::from_str(&alerts.body(0..1)).expect("JSON");
        assert_eq!(body[0]["labels"]["instance"], "host-0:9100");
        assert!(body[0].get("fingerprint").is_none());
    }
}
