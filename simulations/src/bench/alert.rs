//! One alert as [`crate::load`] words it, for posting one at a time.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::load::LoadKind;
use crate::{moment, sink};

/// Makes the fingerprints here differ from those of the load generator.
const FINGERPRINT_BASE: u64 = 0x5eed_0000_0000_0000;

/// Returns the body of a request with alert `number`, which starts now.
pub fn body(kind: LoadKind, number: u32) -> String {
    body_for(kind, number, "bench")
}

/// The same for one service.
pub fn body_for(kind: LoadKind, number: u32, service: &str) -> String {
    let now = i64::try_from(moment::unix_ms()).unwrap_or_default();
    let now = DateTime::<Utc>::from_timestamp_millis(now).unwrap_or_default();
    let alert = json!({
        "labels": {
            "alertname": "BenchDiskLow", "instance": format!("host-{number}:9100"), "job": "bench",
            "mount": "/var", "service": service, "severity": "critical",
        },
        "annotations": {
            "description": "Less than 5% left, and falling",
            "summary": format!("{}: disk /var at 5%", sink::marker(number)),
        },
        "startsAt": now.to_rfc3339_opts(SecondsFormat::Millis, true),
        "generatorURL": "http://prometheus.example:9090/graph?g0.tab=1",
    });
    match kind {
        LoadKind::AlertmanagerApi => json!([alert]),
        LoadKind::AlertmanagerWebhook => notification(number, alert),
    }
    .to_string()
}

fn notification(number: u32, mut alert: Value) -> Value {
    let instance = &alert["labels"]["instance"].clone();
    let (labels, annotations) = (alert["labels"].clone(), alert["annotations"].clone());
    alert["status"] = "firing".into();
    alert["endsAt"] = "0001-01-01T00:00:00Z".into();
    alert["fingerprint"] = format!("{:016x}", FINGERPRINT_BASE + u64::from(number)).into();
    json!({
        "receiver": "hotpotato", "status": "firing", "alerts": [alert],
        "groupLabels": { "instance": instance },
        "commonLabels": labels, "commonAnnotations": annotations,
        "externalURL": "http://alertmanager.example:9093", "version": "4",
        "groupKey": format!("{{}}:{{instance={instance}}}"), "truncatedAlerts": 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_alert_is_another_one() {
        let read = |kind, number| serde_json::from_str::<Value>(&body(kind, number)).expect("JSON");
        let (one, two) = (read(LoadKind::AlertmanagerWebhook, 1), read(LoadKind::AlertmanagerWebhook, 2));
        assert_eq!(one["alerts"][0]["annotations"]["summary"], "bench-000001: disk /var at 5%");
        assert_eq!(one["groupKey"], "{}:{instance=\"host-1:9100\"}");
        assert_ne!(one["alerts"][0]["fingerprint"], two["alerts"][0]["fingerprint"]);
        assert_eq!(read(LoadKind::AlertmanagerApi, 7)[0]["labels"]["instance"], "host-7:9100");
    }
}
