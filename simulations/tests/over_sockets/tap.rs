//! TAP 1.8.

use std::time::Duration;

use simulations::behaviour::{Behaviour, NonsenseShape, On, Rule};
use simulations::ledger::{Call, Provider};
use simulations::stand_in::tap::TapOptions;
use simulations::stand_ins::{StandIns, StandInsOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::{MOMENT, SOON, stand_ins, stand_ins_with};

/// The example of the standard, section 5.
const BLOCK: &str = "\u{2}123\rABC\r\u{3}17;\r";
const BYE: &str = "115 Goodbye\r\u{1b}\u{4}\r";

/// The client's side of a call.
struct Caller(TcpStream);

impl Caller {
    async fn connect(house: &StandIns) -> Self {
        Self(TcpStream::connect(&house.addresses().tap).await.expect("a terminal"))
    }

    async fn log_on(house: &StandIns) -> Self {
        let mut caller = Self::connect(house).await;
        caller.expect("\r", "ID=").await;
        caller.expect("\u{1b}PG1\r", "110 1.8\r114 Stand-in paging terminal\r\u{6}\r\u{1b}[p\r").await;
        caller
    }

    async fn say(&mut self, words: &[u8]) {
        self.0.write_all(words).await.expect("an open connection");
    }

    /// Says this and expects exactly that.
    async fn expect(&mut self, words: &str, answer: &str) {
        self.say(words.as_bytes()).await;
        let mut heard = vec![0; answer.len()];
        let read = tokio::time::timeout(SOON, self.0.read_exact(&mut heard)).await;
        read.expect("an answer in time").expect("an open connection");
        assert_eq!(String::from_utf8_lossy(&heard), answer, "after {words:?}");
    }

    /// What is still said until the terminal hangs up.
    async fn end(mut self) -> String {
        let mut heard = Vec::new();
        let read = tokio::time::timeout(SOON, self.0.read_to_end(&mut heard)).await;
        read.expect("an end in time").expect("bytes");
        String::from_utf8_lossy(&heard).into_owned()
    }
}

async fn house_with(tap: TapOptions) -> StandIns {
    stand_ins_with(StandInsOptions { tap, ..StandInsOptions::default() }).await
}

#[tokio::test]
async fn the_sample_session_of_the_standard_pages() {
    let house = stand_ins().await;
    let mut caller = Caller::log_on(&house).await;
    caller.expect(BLOCK, "211 Page accepted\r\u{6}\r").await;
    caller.expect("\u{4}\r", BYE).await;
    assert_eq!(caller.end().await, "");
    let entries = house.ledger().entries();
    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    assert_eq!((entry.provider, entry.call, entry.processed), (Provider::Tap, Call::Send, true));
    assert_eq!((entry.destination.as_str(), entry.text.as_str()), ("123", "ABC"));
}

#[tokio::test]
async fn broken_blocks_are_asked_for_again_and_not_for_ever() {
    let house = stand_ins().await;
    let mut caller = Caller::log_on(&house).await;
    let nak = "514 Checksum error, or more than 256 characters\r\u{15}\r";
    for _ in 0..2 {
        caller.expect("\u{2}123\rABC\r\u{3}17:\r", nak).await;
    }
    caller.expect(BLOCK, "211 Page accepted\r\u{6}\r").await;
    for _ in 0..3 {
        caller.expect("\u{2}123\rABC\r\u{3}17:\r", nak).await;
    }
    caller.say(b"\x02123\rABC\r\x0317:\r").await;
    assert_eq!(caller.end().await, "503 Too many checksum errors\r\u{1b}\u{4}\r");
    assert_eq!(house.ledger().entries().len(), 1);
}

#[tokio::test]
async fn a_page_may_take_several_blocks() {
    let house = stand_ins().await;
    let mut caller = Caller::log_on(&house).await;
    for (info, end, answer) in [
        ("123\rAB", '\u{1f}', "211 Go on"),
        ("C\r", '\u{17}', "211 Go on"),
        ("D\r", '\u{3}', "211 Page accepted"),
    ] {
        let block = format!("\u{2}{info}{end}");
        let sum: u32 = block.bytes().map(u32::from).sum();
        let digit = |shift: u32| char::from_u32(0x30 + (sum >> shift) % 16).expect("a digit");
        let digits: String = [8, 4, 0].map(digit).iter().collect();
        caller.expect(&format!("{block}{digits}\r"), &format!("{answer}\r\u{6}\r")).await;
    }
    assert_eq!(house.ledger().entries()[0].text, "ABC\nD");
}

#[tokio::test]
async fn who_may_not_is_refused_with_the_standards_code() {
    let pagers = Some(["7311".to_owned()].into());
    let options = TapOptions {
        password: Some("s3cret".to_owned()),
        pagers,
        message_chars_max: 2,
        ..TapOptions::default()
    };
    let house = house_with(options).await;
    let mut caller = Caller::connect(&house).await;
    caller.expect("\r", "ID=").await;
    caller.say(b"\x1bPG1wrong\r").await;
    assert_eq!(caller.end().await, "509 Invalid password\r\u{1b}\u{4}\r");
    let mut caller = Caller::connect(&house).await;
    caller.expect("\r", "ID=").await;
    caller.expect("\u{1b}PG1s3cret\r", "110 1.8\r114 Stand-in paging terminal\r\u{6}\r\u{1b}[p\r").await;
    caller.expect(BLOCK, "511 Invalid Pager ID\r\u{1e}\r").await;
    assert!(!house.ledger().entries()[0].processed);
    let mut caller = Caller::connect(&house).await;
    caller.expect("\r", "ID=").await;
    caller.say(b"M\r").await;
    assert_eq!(caller.end().await, "508 Manual operation is not supported\r\u{1b}\u{4}\r");
}

#[tokio::test]
async fn a_modem_dials_and_the_line_outlives_the_call() {
    let house = stand_ins().await;
    let mut caller = Caller::connect(&house).await;
    caller.expect("ATZ\r", "\r\nOK\r\n").await;
    caller.expect("ATDT5559000\r", "\r\nCONNECT 1200\r\nID=").await;
    caller.expect("\r\u{1b}PG1\r", "110 1.8\r114 Stand-in paging terminal\r\u{6}\r\u{1b}[p\r").await;
    caller.expect(BLOCK, "211 Page accepted\r\u{6}\r").await;
    caller.expect("\u{4}\r", BYE).await;
    caller.expect("ATH0\r", "\r\nOK\r\n").await;
}

#[tokio::test]
async fn parity_is_even_where_it_is_asked_for() {
    let house = house_with(TapOptions { even_parity: true, ..TapOptions::default() }).await;
    let mut caller = Caller::connect(&house).await;
    caller.say(b"\x8d").await;
    let mut heard = [0; 3];
    caller.0.read_exact(&mut heard).await.expect("an answer");
    assert_eq!(heard, *b"\xc9D\xbd");
}

#[tokio::test]
async fn whoever_says_nothing_is_asked_again_and_left() {
    let house = house_with(TapOptions { patience: Duration::from_millis(20), ..TapOptions::default() }).await;
    let mut caller = Caller::connect(&house).await;
    caller.expect("\r", "ID=ID=ID=ID=").await;
    assert_eq!(caller.end().await, "501 Time-out waiting for input\r\u{1b}\u{4}\r");
}

#[tokio::test]
async fn scripts_spoil_pages_and_connections() {
    let house = stand_ins().await;
    house.tap().script().set(vec![
        Rule::new(Behaviour::Refuse { status: None, code: None }).times(1),
        Rule::new(Behaviour::Throttle { retry_after_seconds: None }).times(1),
        Rule::new(Behaviour::Nonsense { shape: NonsenseShape::NotJson }).times(1),
        Rule::new(Behaviour::Fail { status: None }).times(1),
        Rule::new(Behaviour::DropBefore).times(1),
        Rule::new(Behaviour::DropAfter).times(1),
        Rule::new(Behaviour::Slow { ms: 10 }).times(1),
        Rule::new(Behaviour::Hang { processed: true }).times(1),
        Rule::new(Behaviour::DropBefore).on(On::Connect).times(1),
    ]);
    assert_eq!(Caller::connect(&house).await.end().await, "");
    let mut caller = Caller::log_on(&house).await;
    caller.expect(BLOCK, "511 Invalid Pager ID\r\u{1e}\r").await;
    caller.expect(BLOCK, "516 Message quota exceeded\r\u{1e}\r").await;
    caller.expect(BLOCK, "Page probably sent\r").await;
    caller.say(BLOCK.as_bytes()).await;
    assert_eq!(caller.end().await, "503 Terminal fault\r\u{1b}\u{4}\r");
    for _ in 0..2 {
        let mut caller = Caller::log_on(&house).await;
        caller.say(BLOCK.as_bytes()).await;
        assert_eq!(caller.end().await, "");
    }
    let mut caller = Caller::log_on(&house).await;
    caller.expect(BLOCK, "211 Page accepted\r\u{6}\r").await;
    caller.say(BLOCK.as_bytes()).await;
    let mut byte = [0];
    assert!(tokio::time::timeout(MOMENT, caller.0.read(&mut byte)).await.is_err(), "{byte:?}");
    let sends: Vec<bool> = house
        .ledger()
        .entries()
        .iter()
        .filter(|entry| entry.call == Call::Send)
        .map(|entry| entry.processed)
        .collect();
    assert_eq!(sends, [false, false, true, false, false, true, true, true]);
}
