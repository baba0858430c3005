//! Pagers: through HylaFAX, which is real software on both sides, SNPP towards us and TAP towards the terminal; through
//! a gateway of another make; and over a modem's line. Long texts in parts.

use reqwest::Method;
use tests::house::House;
use tests::household::{ANNA, BERND, Household};
use tests::hylafax::{self, HylaFax};
use tests::net_snpp::NetSnpp;
use tests::plan::Plan;
use tests::stand_ins::Provider;

/// The number that HylaFAX refuses.
const UNKNOWN_PAGER: &str = "7390";

/// A house whose gateway is HylaFAX, with this password; not started yet.
fn with_hylafax(household: Household, password: &str, lines: &str) -> (House, HylaFax) {
    // The stand-ins have to be there before HylaFAX, and HylaFAX before the house.
    let house = House::built(&Plan::from(household.clone()));
    let hylafax = HylaFax::start(&house.path("hylafax"), &house.stand_ins().ready().tap);
    std::fs::write(house.path("keys/snpp"), password).expect("a file can be written");
    let login = format!("login = \"{}\"\npassword_file = \"keys/snpp\"\n{lines}", hylafax::USER);
    let plan =
        Plan { elsewhere: Some((Provider::Snpp, hylafax.address())), pager: login, ..Plan::from(household) };
    house.boot_anew(&plan);
    (house, hylafax)
}

async fn open(house: &mut House) {
    house.start().await;
    house.apply().await.done();
}

/// HylaFAX's own sender proves that the terminal is one; then our own client pages the same terminal.
#[tokio::test]
async fn a_page_goes_through_hylafax_and_to_the_same_terminal_directly() {
    let household = Household::default()
        .with_terminal()
        .ladder(ANNA, &["{ contact: pager, after: 0s }"])
        .ladder(BERND, &["{ contact: terminal, after: 0s }"])
        .steps(&["{ page: [{ person: anna }, { person: bernd }], wait: 1h }"]);
    let (mut house, hylafax) =
        with_hylafax(household, hylafax::PASSWORD, "queue = true\nlevel_critical = 0\nalert = true\n");
    open(&mut house).await;
    let alert = house.fire("Größe \"/var\" . SEND").await;
    for person in [BERND, ANNA] {
        let page = house.page(person.pager).await;
        assert_eq!(page.provider, "tap", "{page:#?}");
        // HylaFAX takes quotes for its own.
        let quote = if person == ANNA { "" } else { "\"" };
        let begin = format!("{} Groesse {quote}/var{quote} . SEND / Web shop", alert.code);
        assert!(page.processed && page.text.starts_with(&begin), "{page:#?}");
        assert!(page.text.ends_with(&format!("/a/{}", alert.code)), "{page:#?}");
    }
    house.recorded(&alert.id, "accepted by the provider", 2).await;
    house.api(Method::POST, &format!("/alerts/{}/resolve", alert.id), None).await.ok();
    house.finish().await;
    hylafax.end().await;
}

#[tokio::test]
async fn hylafax_refuses_a_pager_and_a_password_and_the_ladder_climbs() {
    let rungs = ["{ contact: pager, after: 0s }", "{ contact: push, after: 1h }"];
    // A wrong password.
    let (mut house, hylafax) = with_hylafax(Household::default().ladder(ANNA, &rungs), "wrong", "");
    open(&mut house).await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    let lines = house.timeline(&alert.id).await;
    assert!(lines.iter().all(|(_, text)| !text.contains("wrong")), "a password in {lines:#?}");
    house.finish().await;
    hylafax.end().await;
    // A pager that it does not know.
    let household = Household::default().pager_of(ANNA, UNKNOWN_PAGER).ladder(ANNA, &rungs);
    let (mut house, hylafax) = with_hylafax(household, hylafax::PASSWORD, "");
    open(&mut house).await;
    house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.finish_telling().await;
    hylafax.end().await;
}

#[tokio::test]
async fn hylafax_goes_down_and_the_next_rung_comes_in_time() {
    let rungs = ["{ contact: pager, after: 0s }", "{ contact: push, after: 1s }"];
    let household = Household::default().ladder(ANNA, &rungs);
    let (mut house, hylafax) = with_hylafax(household, hylafax::PASSWORD, "queue = true\n");
    open(&mut house).await;
    hylafax.end().await;
    let alert = house.fire("disk full").await;
    house.page(ANNA.push).await;
    house.recorded(&alert.id, "failed", 1).await;
    house.finish().await;
}

/// It knows neither reply types nor read acknowledgements, and takes choices all the same.
#[tokio::test]
async fn a_gateway_of_another_make_takes_a_two_way_page() {
    let household = Household::default().ladder(ANNA, &["{ contact: pager, after: 0s }"]);
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut gateway = NetSnpp::start(&folder.path().join("net-snpp.log"));
    let plan = Plan {
        elsewhere: Some((Provider::Snpp, gateway.address())),
        pager: "two_way = true\nlevel_critical = 0\nalert = true\n".to_owned(),
        ..Plan::from(household)
    };
    let house = House::with(plan).await;
    let alert = house.fire("disk full").await;
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    let page = gateway.line();
    assert!(page.starts_with("pager=7311 alert=1 hold=0 mess="), "{page}");
    assert!(page.contains(&format!("mess={} disk full", alert.code)), "{page}");
    // It keeps the code with the words.
    assert!(page.contains("responses=01:01 Ci penso io,02:02 Avanti twoway=1"), "{page}");
    house.finish().await;
}

#[tokio::test]
async fn a_pager_that_shows_little_gets_parts_over_either_protocol() {
    let household = Household::default()
        .with_terminal()
        .ladder(ANNA, &["{ contact: pager, after: 0s }"])
        .ladder(BERND, &["{ contact: terminal, after: 0s }"])
        .steps(&["{ page: [{ person: anna }, { person: bernd }], wait: 1h }"]);
    let short = "chars_max = 60\n".to_owned();
    let plan = Plan { pager: short.clone(), terminal: short, ..Plan::from(household) };
    let mut house = House::with(plan).await;
    let alert = house.fire("disk full on many machines ".repeat(6).trim_end()).await;
    for person in [ANNA, BERND] {
        for part in 1..=4 {
            let page = house.page(person.pager).await;
            assert!(page.text.starts_with(&format!("{} {part}/4 ", alert.code)), "{page:#?}");
            assert!(page.text.len() <= 60, "{page:#?}");
        }
    }
    house.recorded(&alert.id, "accepted by the provider", 2).await;
    house.finish().await;
}

/// A send ends before the modem has dialled: the next attempt finds the line, and the page comes once.
#[tokio::test]
async fn a_modem_that_dials_longer_than_a_send_may_take_pages_all_the_same() {
    let household = Household::default().with_terminal().ladder(ANNA, &["{ contact: terminal, after: 0s }"]);
    let mut plan = Plan::from(household).timeout("2s");
    plan.terminal
        .push_str("dial = [\"ATZ\", \"ATDT5559000\"]\nparity = \"even\"\npassword_file = \"keys/tap\"\n");
    plan.stand_ins.extend(
        ["--tap-dialling-ms", "5000", "--tap-even-parity", "--tap-password", "s3cret"].map(str::to_owned),
    );
    let mut house = House::built(&plan);
    std::fs::write(house.path("keys/tap"), "s3cret\n").expect("a file can be written");
    open(&mut house).await;
    let alert = house.fire("disk full").await;
    let page = house.page(ANNA.pager).await;
    assert!(!page.is_repeat() && page.field("password") == "s3cret", "{page:#?}");
    let after = page.at_ms - alert.raised_at_ms;
    assert!((4_900..9_500).contains(&after), "the page came after {after} ms");
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    let lines = house.timeline(&alert.id).await;
    assert!(lines.iter().all(|(_, text)| !text.contains("s3cret")), "{lines:#?}");
    house.finish().await;
}
