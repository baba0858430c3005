//! Mail, ntfy, webhooks and programs: paged, refused, slow, down, and taken from where that can be done.

use std::os::unix::fs::PermissionsExt as _;

use reqwest::Method;
use serde_json::Value;
use tests::counterparts::{Counterparts, MAIL_PASSWORD, NTFY_TOKEN, Told, WEBHOOK_SECRET};
use tests::house::House;
use tests::household::{ANNA, Household};
use tests::open_smtpd::OpenSmtpd;
use tests::plan::Plan;
use tests::web::Answer;
use tests::{address, wait};

/// When the next rung comes by itself: later than any retry that is expected here.
const NEXT_RUNG_MS: i64 = 30_000;

/// A house in which Anna, who reads Italian, is reached by this contact, then by push.
async fn house(others: &Counterparts, contact: &str) -> House {
    let household = Household::default().contact(ANNA, &format!("first: {{ {contact} }}")).ladder(
        ANNA,
        &["{ contact: first, after: 0s }", &format!("{{ contact: push, after: {NEXT_RUNG_MS}ms }}")],
    );
    started(others, Plan::from(household)).await
}

async fn started(others: &Counterparts, plan: Plan) -> House {
    let ports = others.ports();
    started_at(others, plan, [ports.web, ports.mail]).await
}

/// The same, with the push server and the open mail server at these ports.
async fn started_at(others: &Counterparts, mut plan: Plan, [web, mail]: [u16; 2]) -> House {
    let more = format!(
        r#"
[channels.ntfy]
base_url = "http://127.0.0.1:{web}"
token_file = "keys/ntfy"
timeout = "3s"

[channels.webhook]
secret_file = "keys/webhook"
allow = ["127.0.0.1/32"]
timeout = "3s"

[channels.exec.siren]
command = ["./siren"]
timeout = "3s"
"#
    );
    plan.more.push_str(&more);
    // What one server does not take goes to the other, so each is there only where it is meant.
    let protected = others.ports().protected_mail;
    let login = "tls = \"starttls\"\nusername = \"hotpotato\"\npassword_file = \"keys/mail\"\n";
    for (name, port, more) in [("open", mail, "timeout = \"3s\"\n"), ("protected", protected, login)] {
        if plan.household.yaml().contains(&format!("via: {name}")) {
            let from = "from = \"Hot Potato <pages@example.org>\"";
            let table = format!("\n[channels.mail.{name}]\nserver = \"127.0.0.1:{port}\"\n{from}\n{more}");
            plan.more.push_str(&table);
        }
    }
    plan.environment = vec![("SSL_CERT_FILE".to_owned(), others.certificate().display().to_string())];
    let mut house = House::built(&plan);
    for (name, text) in [("ntfy", NTFY_TOKEN), ("webhook", WEBHOOK_SECRET), ("mail", MAIL_PASSWORD)] {
        std::fs::write(house.path("keys").join(name), text).expect("a file can be written");
    }
    // A program is named by its whole path, which only the house knows.
    let boot = house.path("hotpotato.toml");
    let text = std::fs::read_to_string(&boot).expect("it was written");
    let siren = house.path("siren").display().to_string();
    std::fs::write(boot, text.replace("./siren", &siren)).expect("a file can be written");
    house.start().await;
    house.apply().await.done();
    house
}

/// Ends a story whose alert somebody has taken before the next rung.
async fn acknowledged(house: House, alert: &str) {
    taken(&house, alert).await;
    house.finish().await;
}

/// Waits until somebody has taken the alert.
async fn taken(house: &House, alert: &str) {
    wait::until("the alert to be taken", async || {
        let open = house.open().await;
        open.iter().find(|one| one.id == alert).filter(|one| one.state == "acknowledged").map(|_| ())
    })
    .await;
}

/// Takes an alert by a link as a browser does.
async fn tap(house: &House, link: &str) {
    let (address, token) = link.split_once('#').expect("a link with a token");
    let path = address.strip_prefix(&house.url("")).expect("a link to this house");
    let request = house.http(Method::POST, path).form(&[("token", token)]);
    Answer::to(request).await.expect("the house answers").ok();
}

#[tokio::test]
async fn ntfy_shows_the_page_and_its_button_takes_the_alert() {
    let others = Counterparts::start();
    let house = house(&others, "ntfy: anna-Qx7vT2kM").await;
    let alert = house.fire("Öl \"läuft\" . aus").await;
    let page = others.told("anna-Qx7vT2kM", 1).await.remove(0).told;
    assert_eq!(page["title"], format!("{} Öl \"läuft\" . aus", alert.code));
    assert_eq!(
        (page["priority"].as_u64(), page["actions"][0]["label"].as_str()),
        (Some(5), Some("Ci penso io"))
    );

    // As the app does it: what the button says, and nothing else.
    let button = &page["actions"][0];
    let text = |name: &str| button[name].as_str().expect("a text");
    let path = text("url").strip_prefix(&house.url("")).expect("a link to this house").to_owned();
    let mut request = house.http(text("method").parse().expect("a method"), &path);
    for (name, value) in button["headers"].as_object().expect("headers") {
        request = request.header(name, value.as_str().expect("a text"));
    }
    Answer::to(request.body(text("body").to_owned())).await.expect("the house answers").ok();
    acknowledged(house, &alert.id).await;
}

#[tokio::test]
async fn a_webhook_is_told_of_the_page_and_that_it_is_over() {
    let others = Counterparts::start();
    let hook = format!("http://127.0.0.1:{}/anna", others.ports().web);
    let house = house(&others, &format!("webhook: \"{hook}\"")).await;
    let alert = house.fire("Öl \"läuft\" aus").await;
    // It is written down only when its signature fits.
    let page = others.told("anna", 1).await.remove(0).told;
    assert_eq!((page["type"].as_str(), page["data"]["language"].as_str()), (Some("page"), Some("it")));
    assert_eq!(page["data"]["code"], alert.code.as_str());
    assert_eq!(page["data"]["summary"], "Öl \"läuft\" aus");
    tap(&house, page["data"]["link"].as_str().expect("a link")).await;
    let recall = others.told("anna", 2).await.remove(1).told;
    assert_eq!(recall["type"], "recall");
    assert_eq!(recall["data"]["receipt"], page["webhook-id"]);
    assert_ne!(recall["webhook-id"], page["webhook-id"]);
    acknowledged(house, &alert.id).await;
}

#[tokio::test]
async fn a_webhook_into_the_houses_own_network_is_refused_and_the_next_rung_starts_at_once() {
    let others = Counterparts::start();
    let port = others.ports().web;
    // Only 127.0.0.1 itself is allowed.
    for target in [format!("http://127.0.0.2:{port}/own"), "http://169.254.169.254/latest".to_owned()] {
        let mut house = house(&others, &format!("webhook: \"{target}\"")).await;
        let alert = house.fire("disk full").await;
        let page = house.page(ANNA.push).await;
        assert!(page.at_ms - alert.raised_at_ms < NEXT_RUNG_MS / 2, "{target}: {page:#?}");
        house.recorded(&alert.id, "private or reserved network", 1).await;
        house.finish().await;
    }
    assert!(others.journal().is_empty(), "{:?}", others.journal());
}

#[tokio::test]
async fn a_program_pages_and_is_told_that_it_is_over() {
    let others = Counterparts::start();
    let house = house(&others, "exec: \"room 7; $(id)\", via: siren").await;
    let script = "#!/bin/sh\ncat >>\"$(dirname \"$0\")/heard\"\necho '{\"outcome\":\"accepted\",\"receipt\":\"r7\"}'\n";
    std::fs::write(house.path("siren"), script).expect("a file can be written");
    std::fs::set_permissions(house.path("siren"), std::fs::Permissions::from_mode(0o755)).expect("its mode");
    let alert = house.fire("Öl \"läuft\" aus").await;
    let heard = async |count: usize| {
        wait::until("the program to be told", async || {
            let text = std::fs::read_to_string(house.path("heard")).unwrap_or_default();
            let lines: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
            (lines.len() >= count).then_some(lines)
        })
        .await
    };
    let page = heard(1).await.remove(0);
    assert_eq!(
        (&page["data"]["address"], &page["data"]["summary"]),
        (&"room 7; $(id)".into(), &"Öl \"läuft\" aus".into())
    );
    tap(&house, page["data"]["link"].as_str().expect("a link")).await;
    let recall = heard(2).await.remove(1);
    assert_eq!((&recall["type"], &recall["data"]["receipt"]), (&"recall".into(), &"r7".into()));
    acknowledged(house, &alert.id).await;
}

#[tokio::test]
async fn a_program_that_is_not_there_lets_the_next_rung_start_at_once() {
    let others = Counterparts::start();
    let mut house = house(&others, "exec: \"room 7\"").await;
    let alert = house.fire("disk full").await;
    let page = house.page(ANNA.push).await;
    assert!(page.at_ms - alert.raised_at_ms < NEXT_RUNG_MS / 2, "{page:#?}");
    house.finish().await;
}

#[tokio::test]
async fn mails_of_one_alert_are_one_thread_in_two_parts_and_its_link_takes_it() {
    let others = Counterparts::start();
    let household = Household::default()
        .contact(ANNA, "first: { mail: anna@example.org, via: open }")
        .ladder(ANNA, &["{ contact: first, after: 0s, attempts: 2, every: 2s }"]);
    let house = started(&others, Plan::from(household)).await;
    let summary = "Öl \"läuft\" <b>aus</b> Bcc: eve@example.org .";
    let alert = house.fire(summary).await;
    let mails: Vec<Value> =
        others.told("anna@example.org", 2).await.into_iter().map(|one| one.told).collect();
    for mail in &mails {
        assert_eq!(mail["defects"], Value::Array(Vec::new()), "{mail:#}");
        assert_eq!(mail["headers"]["Subject"], format!("[{}] critico: {summary}", alert.code));
        assert_eq!(
            (&mail["headers"]["Bcc"], &mail["headers"]["To"]),
            (&Value::Null, &"anna@example.org".into())
        );
        assert_eq!(
            (&mail["headers"]["Auto-Submitted"], &mail["from"]),
            (&"auto-generated".into(), &"pages@example.org".into())
        );
        assert_eq!(mail["kinds"], serde_json::json!(["multipart/alternative", "text/plain", "text/html"]));
        let (plain, html) = (mail["plain"].as_str().expect("a text"), mail["html"].as_str().expect("a text"));
        assert!(plain.contains(summary) && plain.contains("Ci penso io"), "{plain}");
        assert!(!html.contains("<b>aus") && html.contains("&lt;b&gt;aus"), "{html}");
        assert!(html.contains("lang=\"it\"") && html.contains("Öl"), "{html}");
    }
    let header =
        |mail: &Value, name: &str| mail["headers"][name].as_str().map(str::to_owned).expect("a header");
    assert_ne!(header(&mails[0], "Message-ID"), header(&mails[1], "Message-ID"));
    for name in ["References", "In-Reply-To", "Subject"] {
        assert_eq!(header(&mails[0], name), header(&mails[1], name), "{name}");
    }
    let plain = mails[1]["plain"].as_str().expect("a text");
    tap(&house, plain.lines().find(|line| line.contains("/a/")).expect("a link")).await;
    acknowledged(house, &alert.id).await;
}

#[tokio::test]
async fn a_mail_goes_over_tls_to_a_server_that_wants_a_login() {
    let others = Counterparts::start();
    let house = house(&others, "mail: bernd@example.org, via: protected").await;
    let alert = house.fire("disk full").await;
    let mail = others.told("bernd@example.org", 1).await.remove(0).told;
    assert_eq!((&mail["protected"], &mail["known"]), (&true.into(), &true.into()), "{mail:#}");
    house.cli(&["alert", "ack", &alert.code]).await.done();
    acknowledged(house, &alert.id).await;
}

#[tokio::test]
async fn a_mail_goes_through_opensmtpd_which_knows_whom_it_takes_mail_for() {
    let others = Counterparts::start();
    let folder = tempfile::tempdir().expect("a folder");
    let Some(server) = OpenSmtpd::start(folder.path(), address::take(), others.ports().mail).await else {
        return;
    };
    let household = Household::default()
        .contact(ANNA, "first: { mail: nobody@elsewhere.example, via: world }")
        .contact(ANNA, "second: { mail: carla@example.org, via: world }")
        .ladder(ANNA, &["{ contact: first, after: 0s }", "{ contact: second, after: 30s }"]);
    let mut plan = Plan::from(household).with_probes();
    plan.more =
        format!("[channels.mail.world]\nserver = \"{}\"\nfrom = \"pages@example.org\"\n", server.address());
    let house = started(&others, plan).await;
    let world = wait::until("the mail server to be asked", async || {
        let all = house.api(Method::GET, "/channels", None).await.json();
        let mut all = all.as_array()?.iter();
        all.find(|channel| channel["channel"] == "world" && channel["asked_at"].is_string()).cloned()
    })
    .await;
    assert_eq!(world["sound"], true, "{world:#}");
    let alert = house.fire("Öl läuft aus").await;
    // The other one is about the contact that does not work.
    let mails = others.told("carla@example.org", 2).await;
    let is_alert = |mail: &&Told| mail.told["headers"]["Subject"].to_string().contains(&alert.code);
    let mail = mails.iter().find(is_alert).expect("a mail about the alert");
    assert!(
        mail.at_ms - alert.raised_at_ms < NEXT_RUNG_MS / 2,
        "it does not relay, so the ladder climbs: {mail:#?}"
    );
    assert_eq!((&mail.told["defects"], &mail.told["ascii"]), (&Value::Array(Vec::new()), &true.into()));
    assert_eq!(mail.told["headers"]["Subject"], format!("[{}] critico: Öl läuft aus", alert.code));
    assert!(
        mail.told["headers"]["Received"].as_str().is_some_and(|by| by.contains("relay.example")),
        "{mail:#?}"
    );
    house.cli(&["alert", "ack", &alert.code]).await.done();
    taken(&house, &alert.id).await;
    house.finish_telling().await;
}

/// The contact methods that behave so, with what the counterparts call them.
fn contacts(others: &Counterparts, mood: &str) -> [(String, String); 3] {
    let web = others.ports().web;
    let mail = format!("{mood}@example.org");
    [
        (format!("ntfy: {mood}-1"), format!("{mood}-1")),
        (format!("webhook: \"http://127.0.0.1:{web}/{mood}-2\""), format!("{mood}-2")),
        (format!("mail: {mail}, via: open"), mail),
    ]
}

#[tokio::test]
async fn what_is_refused_climbs_at_once() {
    let others = Counterparts::start();
    for (contact, to) in contacts(&others, "refused") {
        let mut house = house(&others, &contact).await;
        let alert = house.fire("disk full").await;
        others.told(&to, 1).await;
        let page = house.page(ANNA.push).await;
        assert!(page.at_ms - alert.raised_at_ms < NEXT_RUNG_MS / 2, "{contact}: {page:#?}");
        house.finish_telling().await;
    }
}

#[tokio::test]
async fn who_is_busy_gets_it_again_and_it_is_no_repeat() {
    let others = Counterparts::start();
    for (contact, to) in contacts(&others, "busy") {
        let house = house(&others, &contact).await;
        let alert = house.fire("disk full").await;
        let told = others.told(&to, 2).await;
        assert!(!told[1].told.to_string().contains("Ripetizione"), "{told:#?}");
        let asked_ms = if contact.starts_with("mail") { 1_900 } else { 2_900 };
        assert!(told[1].at_ms - told[0].at_ms >= asked_ms, "{told:#?}");
        house.cli(&["alert", "ack", &alert.code]).await.done();
        acknowledged(house, &alert.id).await;
    }
}

#[tokio::test]
async fn whose_answer_is_lost_gets_it_again_as_a_repeat() {
    let others = Counterparts::start();
    for mood in ["hung", "cut"] {
        for (contact, to) in contacts(&others, mood) {
            let house = house(&others, &contact).await;
            let alert = house.fire("disk full").await;
            let told = others.told(&to, 2).await;
            let first = told[0].told.to_string();
            assert_ne!(told[1].told.to_string(), first);
            house.recorded(&alert.id, "accepted by the provider", 1).await;
            let repeats = others.journal().iter().filter(|one| one.to == to).count();
            assert_eq!(repeats, 2, "{contact}: sent twice and no more");
            house.cli(&["alert", "ack", &alert.code]).await.done();
            acknowledged(house, &alert.id).await;
        }
    }
}

#[tokio::test]
async fn who_is_slow_is_waited_for() {
    let others = Counterparts::start();
    for (contact, to) in contacts(&others, "slow") {
        let house = house(&others, &contact).await;
        let alert = house.fire("disk full").await;
        house.recorded(&alert.id, "accepted by the provider", 1).await;
        assert_eq!(others.told(&to, 1).await.len(), 1);
        house.cli(&["alert", "ack", &alert.code]).await.done();
        acknowledged(house, &alert.id).await;
    }
}

#[tokio::test]
async fn who_is_down_holds_nobody_up_and_it_is_tried_again() {
    let others = Counterparts::start();
    for (contact, to) in contacts(&others, "down") {
        // Nobody listens on port 9 of this machine.
        let ports = others.ports();
        let contact = contact.replace(&format!(":{}/", ports.web), ":9/");
        let household = Household::default()
            .contact(ANNA, &format!("first: {{ {contact} }}"))
            .ladder(ANNA, &["{ contact: first, after: 0s }", "{ contact: push, after: 3s }"]);
        let mut house = started_at(&others, Plan::from(household), [9, 9]).await;
        let alert = house.fire("disk full").await;
        house.recorded(&alert.id, "no connection to the provider", 2).await;
        let page = house.page(ANNA.push).await;
        let after = page.at_ms - alert.raised_at_ms;
        assert!((2_850..10_000).contains(&after), "{contact}: the next rung came after {after} ms");
        assert!(others.journal().iter().all(|one| one.to != to), "{contact}");
        house.cli(&["alert", "ack", &alert.code]).await.done();
        acknowledged(house, &alert.id).await;
    }
}
