//! Calendars: feeds as another program reads them, and files that another program wrote.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::house::House;
use tests::household::Household;
use tests::ical::{self, Calendar};
use tests::wait;

/// Two rotas in zones whose clocks change, one of them by half an hour; one is without anybody at night.
const ROTAS: &str = "rotas:
  primary:
    time_zone: Europe/Berlin
    layers:
      - members: [anna, bernd, callum]
        handover: { every: 1w, from: \"2024-01-01T09:00\" }
      - members: [callum]
        handover: { every: 1d, from: \"2024-01-01T02:30\" }
        hours: [\"Sat 22:00-24:00\", \"Sun 00:00-02:30\"]
  island:
    time_zone: Australia/Lord_Howe
    layers:
      - members: [bernd, anna]
        handover: { every: 1d, from: \"2024-01-01T01:45\" }
        hours: [\"Mon-Sun 01:45-23:00\"]
";

async fn house() -> House {
    House::with(Household::default().more(ROTAS)).await
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(wait::wall_clock_ms()).expect("a moment in this era")
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn utc(text: &Value) -> String {
    let at = DateTime::parse_from_rfc3339(text.as_str().expect("a text")).expect("RFC 3339");
    self::text(at.with_timezone(&Utc))
}

/// Opens a calendar, and says its name and the path of its address.
async fn opened(house: &House, of: &[&str]) -> (String, String) {
    let told = house.cli(&[&["calendar", "open", "--format", "json"], of].concat()).await.json();
    let address = told["address"].as_str().expect("an address");
    let path = address.strip_prefix(&house.url("")).unwrap_or_else(|| panic!("{address} is ours"));
    (told["id"].as_str().expect("a name").to_owned(), format!("/{}", path.trim_start_matches('/')))
}

/// What stands at an address, for anybody.
async fn feed(house: &House, path: &str) -> (StatusCode, String) {
    let answer = house.http(Method::GET, path).send().await.expect("an answer");
    (answer.status(), answer.text().await.expect("a text"))
}

async fn calendar(house: &House, path: &str) -> Calendar {
    let (status, text) = feed(house, path).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    ical::read(&text)
}

/// Who is on call in a rota when, by `hotpotato shifts`: from, until, person's name; without those where nobody is.
async fn shifts(house: &House, rota: &str, from: &str, to: &str) -> Vec<(String, String, String)> {
    let listed = house.cli(&["shifts", rota, "--from", from, "--to", to, "--format", "json"]).await.json();
    let mut shifts: Vec<(String, String, String)> = (listed.as_array().expect("a list").iter())
        .filter(|line| !line["person"].is_null())
        .map(|line| {
            (utc(&line["start"]), utc(&line["end"]), line["name"].as_str().expect("a name").to_owned())
        })
        .collect();
    shifts.sort();
    shifts
}

/// The same by a calendar.
fn events(calendar: &Calendar) -> Vec<(String, String, String)> {
    let mut events: Vec<(String, String, String)> = (calendar.events.iter())
        .map(|event| (event.start.clone(), event.end.clone(), event.summary.clone()))
        .collect();
    events.sort();
    events
}

/// The whole span of a calendar.
fn span(calendar: &Calendar) -> (String, String) {
    let first = calendar.events.iter().map(|event| event.start.clone()).min().expect("an event");
    (first, calendar.events.iter().map(|event| event.end.clone()).max().expect("an event"))
}

#[tokio::test]
async fn feeds_say_what_shifts_say_by_another_programs_reading() {
    let house = house().await;
    let soon = now() + TimeDelta::days(3);
    let (from, to) = (text(soon), text(soon + TimeDelta::hours(50)));
    for line in [
        &["override", "add", "island", "--for", "bernd", "--by", "anna"][..],
        // Whoever has the turn is on call by it; one of these two has not.
        &["override", "add", "primary", "--also", "anna"],
        &["override", "add", "primary", "--also", "bernd"],
    ] {
        house.cli(&[line, &["--from", &from, "--to", &to]].concat()).await.done();
    }

    let (_, primary) = opened(&house, &["primary"]).await;
    let (_, island) = opened(&house, &["island"]).await;
    let (_, anna) = opened(&house, &["--person", "anna"]).await;
    let mut of_anna = Vec::new();
    for (rota, path, offsets) in
        [("primary", &primary, ["+0100", "+0200"]), ("island", &island, ["+1030", "+1100"])]
    {
        let read = calendar(&house, path).await;
        assert_eq!((read.name.as_str(), read.method.as_str()), (&*format!("On call: {rota}"), "PUBLISH"));
        let zones: Vec<&Vec<String>> = read.zones.values().collect();
        assert_eq!(zones, [&offsets], "both sides of the change are told");
        let (first, last) = span(&read);
        assert!(first < text(now() - TimeDelta::days(29)) && last > text(now() + TimeDelta::days(364)));
        let expected = shifts(&house, rota, &first, &last).await;
        assert!(expected.len() > 50);
        assert_eq!(events(&read), expected, "{rota}");
        let mut uids: Vec<&String> = read.events.iter().map(|event| &event.uid).collect();
        uids.sort();
        uids.dedup();
        assert_eq!(uids.len(), read.events.len(), "each event has a name of its own");
        assert!(read.events.iter().any(|event| event.description.starts_with("By override ")));
        let named = |(from, until, name): (String, String, String)| {
            (name == "Anna Rossi").then(|| (from, until, format!("Reperibilità: {rota}")))
        };
        let (first, last) = span(&calendar(&house, &primary).await);
        of_anna.extend(shifts(&house, rota, &first, &last).await.into_iter().filter_map(named));
    }
    of_anna.sort();
    let read = calendar(&house, &anna).await;
    assert_eq!(read.name, "Reperibilità: Anna Rossi");
    assert_eq!(read.zones.keys().collect::<Vec<_>>(), ["Europe/Rome"]);
    assert_eq!(events(&read), of_anna, "in every rota, in her language, also what comes from overrides");
    house.finish().await;
}

#[tokio::test]
async fn a_feed_is_the_same_text_until_something_changes_and_keeps_its_events() {
    let house = house().await;
    let (_, path) = opened(&house, &["primary"]).await;
    let answer = house.http(Method::GET, &path).send().await.expect("an answer");
    let header = |name: &str| {
        answer.headers().get(name).unwrap_or_else(|| panic!("{name}")).to_str().expect("a text").to_owned()
    };
    assert_eq!(header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(header("cache-control"), "private");
    let version = header("etag");
    let before = ical::read(&answer.text().await.expect("a text"));
    let again = house.http(Method::GET, &path).header("If-None-Match", &version).send().await.expect("one");
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(again.text().await.expect("nothing"), "");

    // The end of a shift that is to come moves: it is the same event, in a newer version.
    let is_coming = |event: &&ical::Event| event.start > text(now() + TimeDelta::days(1));
    let coming = before.events.iter().find(is_coming).expect("a shift").clone();
    let person = coming.summary.split_whitespace().next().expect("a name").to_lowercase();
    let start = DateTime::parse_from_rfc3339(&coming.start).expect("RFC 3339").with_timezone(&Utc);
    let cut = text(start + TimeDelta::minutes(30));
    let line =
        ["override", "add", "primary", "--for", &person, "--nobody", "--from", &cut, "--to", &coming.end];
    // Versions are told apart by the second.
    wait::pause_until(wait::wall_clock_ms() + 1_100).await;
    house.cli(&line).await.done();
    let changed = house.http(Method::GET, &path).header("If-None-Match", &version).send().await.expect("one");
    assert_eq!(changed.status(), StatusCode::OK);
    let after = ical::read(&changed.text().await.expect("a text"));
    let now = after.events.iter().find(|event| event.uid == coming.uid).expect("the same event");
    assert_eq!((&now.start, &now.end), (&coming.start, &cut));
    assert!(now.stamp > coming.stamp, "programs see that it is newer");
    assert_eq!(after.events.len(), before.events.len());
    house.finish().await;
}

#[tokio::test]
async fn an_address_that_was_renewed_closed_or_left_behind_leads_nowhere() {
    let mut house = house().await;
    let (nobody, nothing) = feed(&house, "/calendar/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.ics").await;
    assert_eq!(nobody, StatusCode::NOT_FOUND);
    let ended = |path: String| {
        let (house, nothing) = (&house, &nothing);
        async move { feed(house, &path).await == (StatusCode::NOT_FOUND, nothing.clone()) }
    };
    let (id, first) = opened(&house, &["primary"]).await;
    let (same, second) = opened(&house, &["primary"]).await;
    assert_eq!(id, same, "there is one calendar of each");
    assert!(ended(first.clone()).await, "renewed");
    assert!(ended(second.replace(".ics", "")).await, "half an address");
    calendar(&house, &second).await;
    let (_, anna) = opened(&house, &["--person", "anna"]).await;

    let listed = house.cli(&["calendar", "list"]).await;
    assert!(listed.done().contains(&id) && listed.done().contains("rota primary"), "{listed:#?}");
    let secret = second.trim_start_matches("/calendar/").trim_end_matches(".ics").to_owned();
    let told = house.api(Method::GET, "/calendars", None).await.json().to_string();
    assert!(!listed.out.contains(&secret) && !told.contains(&secret), "told once and never again");
    house.cli(&["calendar", "close", &id.to_lowercase()]).await.done();
    assert!(ended(second.clone()).await, "closed");
    house.cli(&["calendar", "close", &id]).await.refused(1);
    house.cli(&["calendar", "open", "nowhere"]).await.refused(1);
    house.cli(&["calendar", "open", "--person", "nobody"]).await.refused(1);
    let stranger = house.request(Method::GET, "/api/v1/calendars").await.expect("an answer");
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);

    let (_, third) = opened(&house, &["primary"]).await;
    house.terminate().await;
    house.start().await;
    calendar(&house, &third).await;
    calendar(&house, &anna).await;
    house.write(&Household::default());
    house.apply().await.done();
    assert_eq!(feed(&house, &third).await, (StatusCode::NOT_FOUND, nothing), "the rota is gone");
    calendar(&house, &anna).await;
    let files = [house.logged(), house.cli(&["verify"]).await.out].concat();
    assert!(!files.contains(&secret), "no secret stands in a log");
    house.finish().await;
}

#[tokio::test]
async fn shifts_are_a_calendar_too_with_and_without_a_server() {
    let house = house().await;
    std::fs::write(house.path("rota.yaml"), ROTAS).expect("a file can be written");
    let (from, to) = ("2026-03-20T00:00:00Z", "2026-11-10T00:00:00Z");
    for rota in ["primary", "island"] {
        let line = ["shifts", rota, "--from", from, "--to", to, "--format", "ics"];
        let served = ical::read(house.cli(&line).await.done());
        let offline = ical::read(house.cli(&[&line[..], &["--file", "rota.yaml"]].concat()).await.done());
        assert_eq!(events(&served), shifts(&house, rota, from, to).await, "{rota}");
        let uids = |calendar: &Calendar| -> Vec<String> {
            calendar.events.iter().map(|event| event.uid.clone()).collect()
        };
        assert_eq!(uids(&served), uids(&offline), "a file and the server mean the same events");
    }
    // The other program goes by the zone in the calendar, and not by the one of that name that it knows.
    let line = ["shifts", "primary", "--from", from, "--to", to, "--format", "ics"];
    let text = house.cli(&line).await.done().to_owned();
    let shifted = ical::read(&text.replace("TZOFFSETTO:+0200", "TZOFFSETTO:+0300"));
    let as_it_is = ical::read(&text);
    let pairs: Vec<_> = as_it_is.events.iter().zip(&shifted.events).collect();
    let summer: Vec<_> = pairs.iter().filter(|(as_it_is, shifted)| as_it_is.start != shifted.start).collect();
    assert!(!summer.is_empty() && summer.len() < pairs.len(), "{shifted:#?}");
    house.cli(&["shifts", "nowhere", "--format", "ics"]).await.refused(1);
    house.cli(&["shifts", "nowhere", "--format", "ics", "--file", "rota.yaml"]).await.refused(1);
    house.finish().await;
}

/// A Monday that is to come.
fn monday() -> chrono::NaiveDate {
    use chrono::{Datelike as _, Days};
    let day = now().date_naive() + Days::new(14);
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

async fn overrides(house: &House) -> usize {
    house.cli(&["override", "list", "--format", "json"]).await.json().as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn a_calendar_of_another_program_becomes_overrides_once() {
    let house = house().await;
    let day = |days: u64| (monday() + chrono::Days::new(days)).format("%Y-%m-%d").to_string();
    let file = ical::write(&json!([
        {
            "uid": "nights", "summary": " BERND müller ", "tzid": "Europe/Berlin",
            "start": format!("{}T20:00:00", day(1)), "end": format!("{}T06:00:00", day(2)),
            "rule": { "FREQ": "WEEKLY", "COUNT": 4 }, "exdates": [format!("{}T20:00:00", day(15))],
        },
        {
            "uid": "day", "summary": "callum", "tzid": "America/Chicago",
            "start": format!("{}T04:00:00", day(3)), "end": format!("{}T05:00:00", day(3)),
        },
        {
            "uid": "past", "summary": "somebody who has left", "tzid": "UTC",
            "start": "2020-01-01T00:00:00", "end": "2020-01-02T00:00:00",
        },
    ]));
    std::fs::write(house.path("file.ics"), &file).expect("a file can be written");
    let (from, to) = (format!("{}T00:00:00Z", day(0)), format!("{}T00:00:00Z", day(28)));
    let before = shifts(&house, "primary", &from, &to).await;

    let dry = house.cli(&["override", "import", "primary", "file.ics", "--dry-run"]).await;
    assert!(dry.done().contains("bernd for") && dry.done().contains("nothing was changed"), "{dry:#?}");
    assert!(dry.done().contains("1 that are over"), "{dry:#?}");
    assert_eq!((overrides(&house).await, shifts(&house, "primary", &from, &to).await), (0, before));

    let import = ["override", "import", "primary", "file.ics", "--format", "json"];
    let made = house.cli(&import).await.json();
    let count = made["made"].as_array().map(Vec::len).expect("a list");
    assert!(count >= 2, "at most one of the three nights, or none, is Bernd's already: {made:#}");
    assert_eq!(count + usize::try_from(made["known"].as_u64().expect("a number")).expect("few"), 4);
    let reason = made["made"][0]["reason"].as_str().expect("a reason");
    assert!(reason.ends_with("nights") || reason.ends_with("day"), "{made:#}");
    for (start, name) in [
        (format!("{}T20:00:00", day(1)), "Bernd Müller"),
        (format!("{}T20:00:00", day(8)), "Bernd Müller"),
        (format!("{}T20:00:00", day(22)), "Bernd Müller"),
    ] {
        let who = house.cli(&["who", "primary", "--at", &start, "--zone", "Europe/Berlin"]).await;
        assert!(who.done().contains(name), "{start}: {who:#?}");
    }
    let changed = shifts(&house, "primary", &from, &to).await;
    let again = house.cli(&import).await.json();
    assert_eq!((&again["made"], &again["known"]), (&json!([]), &json!(4)), "{again:#}");
    assert_eq!((overrides(&house).await, shifts(&house, "primary", &from, &to).await), (count, changed));

    // Once more, for one person only: then it counts whoever has the turn, and once as well.
    let for_anna = ["override", "import", "primary", "file.ics", "--for", "anna"];
    let told = house.cli(&[&for_anna[..], &["--dry-run", "--format", "json"]].concat()).await.json();
    let planned = told["overrides"].as_array().expect("a list");
    assert!(planned.iter().all(|one| one["legs"][0]["for"] == "anna"), "{told:#}");
    assert_eq!(told["known"], json!(4 - planned.len()), "{told:#}");
    house.cli(&for_anna).await.done();
    let told = house.cli(&for_anna).await;
    assert!(told.done().contains("Nothing had to be done"), "{told:#?}");
    house.finish().await;
}

#[tokio::test]
async fn the_address_of_a_calendar_is_as_good_as_a_file() {
    let house = house().await;
    let (_, path) = opened(&house, &["island"]).await;
    let url = house.url(&path);
    // Whoever is on call on the island is to be on call here too.
    let told = house.cli(&["override", "import", "primary", &url, "--dry-run", "--format", "json"]).await;
    assert!(told.json()["overrides"].as_array().is_some_and(|all| all.len() > 100), "{told:#?}");
    let nothing = house.cli(&["override", "import", "island", &url]).await;
    assert!(nothing.done().contains("Nothing had to be done"), "what is so already: {nothing:#?}");
    for (address, words) in [
        (house.url("/calendar/none.ics"), "404"),
        (house.url("/healthz"), "BEGIN:VCALENDAR"),
        ("ftp://calendar.example/a.ics".to_owned(), "https://"),
        ("http://127.0.0.1:1/secret.ics".to_owned(), "127.0.0.1"),
    ] {
        let refused = house.cli(&["override", "import", "primary", &address]).await;
        assert!(refused.refused(1).contains(words), "{refused:#?}");
        assert!(!refused.err.contains("secret"), "an address is a secret: {refused:#?}");
    }
    assert_eq!(overrides(&house).await, 0);
    house.finish().await;
}

#[tokio::test]
async fn a_calendar_with_a_mistake_changes_nothing_and_says_what_to_do() {
    let house = house().await;
    let good = json!({
        "uid": "good", "summary": "bernd", "tzid": "Europe/Berlin",
        "start": format!("{}T10:00:00", monday()), "end": format!("{}T12:00:00", monday()),
    });
    let with = |uid: &str, change: Value| {
        let mut bad = good.clone();
        bad["uid"] = uid.into();
        for (field, value) in change.as_object().expect("fields") {
            bad[field] = value.clone();
        }
        ical::write(&json!([good, bad]))
    };
    let sound = with("sound", json!({}));
    for (file, words) in [
        ("<html></html>".to_owned(), "BEGIN:VCALENDAR"),
        (sound.replace("END:VCALENDAR", ""), "cut off"),
        (sound.replace("TZID=Europe/Berlin", "TZID=Mars/Olympus"), "Mars/Olympus"),
        (with("stranger", json!({ "summary": "Zoë" })), "nobody is called \"Zoë\""),
        (
            with("backwards", json!({ "end": format!("{}T09:00:00", monday()) })),
            "backwards does not end after its beginning",
        ),
        (with("other", json!({ "summary": "callum" })), "overlaps"),
        (
            with("long", json!({ "start": format!("{}T13:00:00", monday()), "end": "2035-01-01T00:00:00" })),
            "366 days",
        ),
        (with("often", json!({ "rule": { "FREQ": "HOURLY" } })), "more than 500 times"),
    ] {
        std::fs::write(house.path("bad.ics"), &file).expect("a file can be written");
        let refused = house.cli(&["override", "import", "primary", "bad.ics"]).await;
        assert!(refused.refused(1).contains(words), "{words}: {refused:#?}");
        assert_eq!(overrides(&house).await, 0, "{words}");
    }
    house.cli(&["override", "import", "primary", "missing.ics"]).await.refused(1);
    house.cli(&["override", "import", "nowhere", "bad.ics"]).await.refused(1);
    house.cli(&["override", "import", "primary", "bad.ics", "--for", "nobody"]).await.refused(1);
    std::fs::write(house.path("good.ics"), sound).expect("a file can be written");
    house.cli(&["override", "import", "primary", "good.ics"]).await.done();
    house.finish().await;
}
