//! The addresses by which other products' clients come in. Each is there with and without a slash at its end, since clients
//! differ in that.

use axum::Router;
use axum::routing::{MethodRouter, post};

use super::{App, goalert, opsgenie, opsgenie_heartbeats, pagerduty};

/// All of them.
pub fn router() -> Router<App> {
    let mut router = Router::new();
    for (path, handler) in posts() {
        router = router.route(path, handler.clone()).route(&format!("{path}/"), handler);
    }
    router
        .route("/integrations/alertmanager/{key}/", post(super::alertmanager))
        .route("/integrations/generic/{key}/", post(super::generic))
        .nest("/integrations/opsgenie/v2", opsgenie::router())
        .nest("/v2", opsgenie::router())
        .nest("/integrations/opsgenie/v2/heartbeats", opsgenie_heartbeats::router())
        .nest("/v2/heartbeats", opsgenie_heartbeats::router())
}

fn posts() -> [(&'static str, MethodRouter<App>); 13] {
    [
        ("/integrations/pagerduty/v2/enqueue", post(pagerduty::enqueue)),
        ("/integrations/pagerduty/v2/change/enqueue", post(pagerduty::change)),
        ("/v2/enqueue", post(pagerduty::enqueue)),
        ("/v2/change/enqueue", post(pagerduty::change)),
        ("/integrations/goalert/{key}", post(goalert::with_key)),
        ("/integrations/goalert/api/v2/generic/incoming", post(goalert::incoming)),
        ("/api/v2/generic/incoming", post(goalert::incoming)),
        ("/integrations/oncall/{key}", post(super::oncall)),
        ("/integrations/oncall/integrations/v1/formatted_webhook/{key}", post(super::oncall)),
        ("/integrations/v1/formatted_webhook/{key}", post(super::oncall)),
        ("/integrations/grafana/{key}", post(super::alertmanager)),
        ("/integrations/v1/alertmanager/{key}", post(super::alertmanager)),
        ("/integrations/v1/grafana_alerting/{key}", post(super::alertmanager)),
    ]
}
