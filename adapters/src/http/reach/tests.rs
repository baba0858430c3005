use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::channel::stand_in::{self, Then};
use crate::http::{Client, Credentials, JsonRequest, SendError};

/// Answers each question with the next of its answers, and with the last one from then on.
#[derive(Debug)]
struct Changing(Mutex<Vec<Vec<IpAddr>>>);

impl Changing {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let ip = |text: &&str| text.parse().expect("an address");
        let answers = answers.iter().rev().map(|answer| answer.iter().map(ip).collect()).collect();
        Arc::new(Self(Mutex::new(answers)))
    }
}

impl Lookup for Changing {
    fn addresses(&self, _: &str) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        let mut answers = self.0.lock().expect("nobody panicked");
        let answer = if answers.len() > 1 { answers.pop() } else { answers.last().cloned() };
        Box::pin(std::future::ready(Ok(answer.unwrap_or_default())))
    }
}

fn reach(allowed: &[&str]) -> Reach {
    let allowed: Vec<Allowed> = allowed.iter().map(|text| Allowed::parse(text).expect(text)).collect();
    Reach::new(&allowed, Arc::new(SystemLookup))
}

#[test]
fn only_the_public_network_is_reached() {
    let nothing_more = reach(&[]);
    for public in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::101:101",
        "2001:4860:4860::8888",
    ] {
        assert!(nothing_more.permits(public.parse().expect("an address")), "{public}");
    }
    for special in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!nothing_more.permits(special.parse().expect("an address")), "{special}");
    }
}

#[test]
fn what_is_allowed_is_reached_and_nothing_beside_it() {
    let some = reach(&["10.0.0.0/8", "192.168.7.9", "fd00::/16", "chat.example"]);
    for (address, expected) in [
        ("10.200.0.1", true),
        ("::ffff:10.200.0.1", true),
        ("64:ff9b::a01:203", true),
        ("192.168.7.9", true),
        ("192.168.7.8", false),
        ("fd00::7", true),
        ("fd01::7", false),
        ("127.0.0.1", false),
    ] {
        assert_eq!(some.permits(address.parse().expect("an address")), expected, "{address}");
    }
    assert!(some.permits_all_of("Chat.Example.") && !some.permits_all_of("evil.chat.example"));
    for text in [
        "",
        "10.0.0.0/33",
        "fd00::/129",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "a b",
        "chat.example/8",
        "*",
        "ä.example",
    ] {
        assert_eq!(Allowed::parse(text), None, "{text:?}");
    }
}

#[test]
fn addresses_that_stand_as_numbers_are_checked_however_they_are_written() {
    let nothing_more = reach(&[]);
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]:8080/",
        "https://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1:22/",
        "http://１２７.0.0.1/",
    ] {
        assert_eq!(nothing_more.url(url), Err(Forbidden::Special), "{url}");
    }
    for url in [
        "",
        "chat.example",
        "ftp://chat.example/",
        "file:///etc/passwd",
        "gopher://chat.example/",
        "http://",
        "http://user@chat.example/",
        "http://user:password@chat.example/",
        "http://:p@chat.example/",
        "http://chat.example/#a",
        "http://chat.example/\r\nX-Evil: 1",
        "http://chat.example/ HTTP/1.1",
        "http://chat\0.example/",
        " http://chat.example/",
        "http://chat.exa\tmple/",
    ] {
        assert_eq!(nothing_more.url(url), Err(Forbidden::Form), "{url:?}");
    }
    let long = format!("http://chat.example/{}", "a".repeat(URL_CHARS_MAX));
    assert_eq!(nothing_more.url(&long), Err(Forbidden::Form));
    for url in ["http://chat.example/hook?a=b", "https://1.1.1.1:8443/", "http://localhost/"] {
        assert!(nothing_more.url(url).is_ok(), "{url}: its name is looked up later");
    }
}

async fn post(reach: &Reach, url: &str) -> Result<u16, SendError> {
    let client = Client::within(reach, Duration::from_secs(2), 0).expect("a client");
    let url = reach.url(url)?.to_string();
    let request =
        JsonRequest { url, credentials: Credentials::None, headers: Vec::new(), body: "{}".to_owned() };
    client.send_json(&request).await.map(|response| response.status)
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn a_name_that_leads_to_the_house_itself_is_not_reached_even_when_its_answer_changes() {
    let inside = stand_in::http(OK, Then::Close).await;
    let port = inside.address.port();
    let url = format!("http://rebound.example:{port}/");
    // At the first question it is a host that may be reached, where nobody listens; from the second one on ourselves.
    let lookup = Changing::new(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let reach = Reach::new(&[Allowed::Network(IpAddr::from([127, 0, 0, 2]), 32)], lookup);
    let first = post(&reach, &url).await;
    assert!(matches!(first, Err(SendError::NotSent(_))), "{first:?}");
    for _ in 0..3 {
        assert_eq!(post(&reach, &url).await, Err(SendError::Forbidden(Forbidden::Special)));
    }
    // Ourselves, where that is allowed: the very same name is reached.
    let allowed = [Allowed::Host("rebound.example".to_owned())];
    let reach = Reach::new(&allowed, Changing::new(&[&["127.0.0.1"]]));
    assert_eq!(post(&reach, &url).await, Ok(200));
    let heard = inside.heard().await;
    assert!(heard.contains(&format!("host: rebound.example:{port}\r\n")), "{heard}");
}

#[tokio::test]
async fn of_several_addresses_only_the_permitted_ones_are_tried() {
    let inside = stand_in::http(OK, Then::Close).await;
    let elsewhere = stand_in::closed().await;
    let url = format!("http://both.example:{}/", inside.address.port());
    let answers: &[&str] = &["10.0.0.1", "::1", "127.0.0.1", "169.254.169.254"];
    let allowed = [Allowed::parse("127.0.0.0/8").expect("a network")];
    assert_eq!(post(&Reach::new(&allowed, Changing::new(&[answers])), &url).await, Ok(200));
    let other = [Allowed::parse("192.168.0.0/16").expect("a network")];
    let refused = post(&Reach::new(&other, Changing::new(&[answers])), &url).await;
    assert_eq!(refused, Err(SendError::Forbidden(Forbidden::Special)));
    let nobody = post(&Reach::new(&allowed, Changing::new(&[&[]])), &url).await;
    assert!(matches!(nobody, Err(SendError::NotSent(_))), "a name without addresses: {nobody:?}");
    let closed = format!("http://both.example:{}/", elsewhere.port());
    let closed = post(&Reach::new(&allowed, Changing::new(&[answers])), &closed).await;
    assert!(matches!(closed, Err(SendError::NotSent(_))), "{closed:?}");
}

#[tokio::test]
async fn a_redirect_into_the_house_is_not_followed() {
    let inside = stand_in::http(OK, Then::Close).await;
    let answer =
        format!("HTTP/1.1 307 Away\r\nLocation: http://{}/\r\nContent-Length: 0\r\n\r\n", inside.address);
    let outside = stand_in::http(&answer, Then::Close).await;
    let allowed = [Allowed::Network(outside.address.ip(), 32)];
    let reach = Reach::new(&allowed, Arc::new(SystemLookup));
    assert_eq!(post(&reach, &outside.url()).await, Ok(307));
    let heard = tokio::time::timeout(Duration::from_millis(200), inside.heard()).await;
    assert!(heard.is_err(), "{heard:?}");
}

#[tokio::test]
async fn the_systems_own_names_are_checked_too() {
    let inside = stand_in::http(OK, Then::Close).await;
    let url = format!("http://localhost:{}/", inside.address.port());
    assert_eq!(post(&reach(&[]), &url).await, Err(SendError::Forbidden(Forbidden::Special)));
    assert_eq!(post(&reach(&["localhost"]), &url).await, Ok(200));
}
