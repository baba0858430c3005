//! Another edition of the time-zone data at a start: what it moves is told, and the file that knows of the edition before
//! never stands in the way.

use chrono::DateTime;
use reqwest::Method;
use serde_json::{Value, json};
use tests::house::House;
use tests::household::{ANNA, Household};

const FILE: &str = "time-zones.json";

fn household(handover: &str) -> Household {
    let rota = format!(
        "rotas:\n  primary: {{ time_zone: Europe/Berlin, layers: [{{ members: [anna, bernd], handover: {{ every: 1w, from: \"{handover}\" }} }}] }}\n"
    );
    Household::default().more(&rota)
}

fn known(house: &House) -> Value {
    let text = std::fs::read_to_string(house.data_dir().join(FILE)).expect("the house has written it");
    serde_json::from_str(&text).expect("JSON")
}

async fn moved(house: &House) -> Value {
    house.api(Method::GET, "/gaps", None).await.json()["moved"].clone()
}

#[tokio::test]
async fn handovers_that_newer_time_zone_data_moves_are_told_at_each_start_until_the_rota_is_changed() {
    let mut house = House::with(household("2026-03-23T09:00")).await;
    assert_eq!(moved(&house).await, json!([]));
    house.terminate().await;

    // As if the house had run so far on data in which Berlin's clocks are an hour further ahead.
    let mut known = known(&house);
    let now = known["present"]["version"].clone();
    known["present"]["version"] = json!("2001a");
    for change in known["present"]["zones"]["Europe/Berlin"].as_array_mut().expect("a list") {
        change[1] = json!(change[1].as_i64().expect("seconds") + 3_600);
    }
    std::fs::write(house.data_dir().join(FILE), known.to_string()).expect("a file can be written");
    house.start().await;
    let logged = house.logged();
    for told in [
        "newer time-zone data moves handovers to other moments than were planned",
        "a handover is at another moment than was planned",
        "2001a",
        "primary",
    ] {
        assert!(logged.contains(told), "{told}: {logged}");
    }
    let first = moved(&house).await;
    assert!(first.as_array().is_some_and(|moved| moved.len() > 50), "a year of weeks: {first:#}");
    let one = &first[0];
    assert_eq!((&one["rota"], &one["layer"]), (&json!("primary"), &json!(1)));
    assert!(one["planned"].as_str().is_some_and(|planned| planned.ends_with("09:00:00")), "{one:#}");
    assert_eq!(one["time_zone_data"], json!({ "before": "2001a", "now": now }));
    let moment = |field: &str| {
        let text = one[field].as_str().expect("a moment");
        DateTime::parse_from_rfc3339(text).expect("RFC 3339")
    };
    assert_eq!((moment("at") - moment("was")).num_minutes(), 60, "{one:#}");
    assert!(one["at"].as_str().is_some_and(|at| at.contains("T09:00:00+0")), "{one:#}");

    house.kill9_and_restart().await;
    assert_eq!(moved(&house).await, first, "told again");
    house.write(&household("2026-03-24T09:00"));
    house.apply().await.done();
    assert_eq!(moved(&house).await, json!([]), "whoever changed it knew the data of now");
    house.finish().await;
}

#[tokio::test]
async fn a_house_starts_and_pages_whatever_became_of_the_file() {
    let mut house = House::with(household("2026-03-23T09:00")).await;
    house.terminate().await;
    let file = house.data_dir().join(FILE);
    let good = std::fs::read_to_string(&file).expect("the house has written it");
    for (bad, times) in ["", "{", "[]", "{\"format\":2}", &good[..good.len() / 2]].into_iter().zip(1..) {
        std::fs::write(&file, bad).expect("a file can be written");
        house.start().await;
        let told = "which time-zone data was in use before is not known";
        assert_eq!(house.logged().matches(told).count(), times, "{bad:?}");
        assert!(known(&house)["present"]["zones"].is_object(), "it is written anew");
        house.terminate().await;
    }
    // Neither can be read nor replaced.
    std::fs::remove_file(&file).expect("a file can be removed");
    std::fs::create_dir(&file).expect("a folder can be made");
    house.start().await;
    assert!(house.logged().contains("which time-zone data is in use cannot be written down"));
    let alert = house.fire("the disk is full").await;
    let page = house.page(ANNA.push).await;
    assert!(page.words().contains(&alert.code), "{page:#?}");
    house.finish().await;
}
