//! With a real Alertmanager and a real Prometheus, as Debian packages them.

use serde_json::json;
use tests::alertmanager::Alertmanager;
use tests::house::House;
use tests::household::{ALERTMANAGER_KEY, ANNA, Household};
use tests::prometheus::Prometheus;
use tests::wait;

async fn start_alertmanager(house: &House) -> Alertmanager {
    let webhook = house.url(&format!("/integrations/alertmanager/{ALERTMANAGER_KEY}"));
    Alertmanager::start(&house.path(""), house.address(), &webhook).await
}

async fn nothing_is_open(house: &House) {
    wait::until("the alert to be over", async || house.open().await.is_empty().then_some(())).await;
    assert_eq!(house.alerts().await, []);
}

#[tokio::test]
async fn a_real_alertmanager_pages_and_resolves() {
    let mut house = House::with(Household::default()).await;
    let alertmanager = start_alertmanager(&house).await;
    let labels = json!({ "alertname": "DiskLow", "instance": "db1", "severity": "critical" });
    let annotations = json!({ "summary": "disk /var at 5% – “läuft voll”" });
    alertmanager.post(&json!([{ "labels": labels, "annotations": annotations }])).await;

    let page = house.page(ANNA.push).await;
    assert!(page.words().contains("disk /var at 5% – “läuft voll”"), "{page:#?}");
    let [alert] = &house.alerts().await[..] else { panic!("one alert is open") };
    assert_eq!(alert.summary, "disk /var at 5% – “läuft voll”");
    house.recorded(&alert.id, "accepted by the provider", 1).await;

    alertmanager
        .post(&json!([{ "labels": labels, "annotations": annotations, "endsAt": "2020-01-01T00:00:00Z" }]))
        .await;
    nothing_is_open(&house).await;
    house.stand_ins().call("cancel", |call| Some(&call.destination) == page.receipt.as_ref()).await;
    drop(alertmanager);
    house.finish().await;
}

#[tokio::test]
async fn a_real_prometheus_rule_that_fires_and_resolves_pages_and_resolves() {
    let mut house = House::with(Household::default()).await;
    let alertmanager = start_alertmanager(&house).await;
    let prometheus = Prometheus::start(&house.path(""), house.address(), alertmanager.authority()).await;

    prometheus.set_errors(9);
    let page = house.page(ANNA.push).await;
    assert!(page.words().contains("errors on checkout = 9"), "{page:#?}");
    let [alert] = &house.alerts().await[..] else { panic!("one alert is open") };
    house.recorded(&alert.id, "accepted by the provider", 1).await;

    prometheus.set_errors(0);
    nothing_is_open(&house).await;
    house.stand_ins().call("cancel", |call| Some(&call.destination) == page.receipt.as_ref()).await;

    prometheus.set_errors(7);
    let again = house.page(ANNA.push).await;
    assert!(again.words().contains("errors on checkout = 7"), "{again:#?}");
    let [second] = &house.alerts().await[..] else { panic!("one alert is open") };
    assert_ne!(second.id, alert.id, "what fires again is another alert");
    drop((prometheus, alertmanager));
    house.finish().await;
}
