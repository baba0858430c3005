//! SNPP: RFC 1861, levels 1 to 3.

use std::time::Duration;

use simulations::behaviour::{Behaviour, NonsenseShape, On, Rule};
use simulations::ledger::{Call, Provider};
use simulations::stand_in::snpp::{Login, Progress, SnppOptions};
use simulations::stand_ins::{StandIns, StandInsOptions};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::TcpStream;

use crate::{MOMENT, SOON, stand_ins, stand_ins_with};

/// The client's side of a dialogue.
struct Dialogue(BufStream<TcpStream>);

impl Dialogue {
    /// Connects without reading the banner.
    async fn connect(house: &StandIns) -> Self {
        Self(BufStream::new(TcpStream::connect(&house.addresses().snpp).await.expect("a gateway")))
    }

    async fn open(house: &StandIns) -> Self {
        let mut dialogue = Self::connect(house).await;
        assert!(dialogue.line().await.starts_with("220 "));
        dialogue
    }

    /// Reads one line; empty when the gateway closed.
    async fn line(&mut self) -> String {
        let mut line = String::new();
        let read = tokio::time::timeout(SOON, self.0.read_line(&mut line)).await;
        read.expect("an answer in time").expect("text");
        line.trim_end().to_owned()
    }

    async fn write(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.expect("an open connection");
        self.0.flush().await.expect("an open connection");
    }

    async fn say(&mut self, command: &str) -> String {
        self.write(&format!("{command}\r\n")).await;
        self.line().await
    }

    /// Says each command and expects the code of its answer.
    async fn expect(&mut self, dialogue: &[(&str, &str)]) {
        for (command, code) in dialogue {
            let answer = self.say(command).await;
            assert!(answer.starts_with(code), "{command}: {answer}");
        }
    }
}

async fn house_with(snpp: SnppOptions) -> StandIns {
    stand_ins_with(StandInsOptions { snpp, ..StandInsOptions::default() }).await
}

const PAGE: &[(&str, &str)] = &[("PAGE 7311", "250"), ("MESS 7KQ2M disk /var at 5%", "250")];

#[tokio::test]
async fn a_level_one_page_is_sent_and_written_down() {
    let house = stand_ins().await;
    let mut dialogue = Dialogue::open(&house).await;
    dialogue.expect(PAGE).await;
    assert!(house.ledger().entries().is_empty(), "nobody is paged before SEND");
    dialogue.expect(&[("SEND", "250"), ("QUIT", "221")]).await;
    assert_eq!(dialogue.line().await, "", "closed after QUIT");
    let entry = house.ledger().entries().remove(0);
    assert_eq!(
        (entry.provider, entry.call, entry.destination.as_str()),
        (Provider::Snpp, Call::Send, "7311")
    );
    assert_eq!(entry.text, "7KQ2M disk /var at 5%");
    assert_eq!((entry.processed, entry.answer.code), (true, Some(250)));
}

#[tokio::test]
async fn level_two_carries_its_options_and_several_pagers() {
    let house = stand_ins().await;
    let mut dialogue = Dialogue::open(&house).await;
    dialogue
        .expect(&[
            ("LOGI hotpotato", "250"),
            ("leve 1", "250"),
            ("COVERage 2", "250"),
            ("HOLDuntil 261122031000 +0100", "250"),
            ("SUBJect Disk", "250"),
            ("ALER 1", "250"),
            ("CALL 112", "250"),
            ("PAGE 7311", "250"),
            ("PAGEr 7312 1234", "250"),
            ("DATA", "354"),
        ])
        .await;
    dialogue.write("first line\r\n..stuffed\r\n\r\nlast: Gr\u{f6}\u{df}e\r\n.\r\n").await;
    assert!(dialogue.line().await.starts_with("250"));
    dialogue.expect(&[("SEND", "250"), ("SEND", "503")]).await;
    let entries = house.ledger().entries();
    let pagers: Vec<&str> = entries.iter().map(|entry| entry.destination.as_str()).collect();
    assert_eq!(pagers, ["7311", "7312"]);
    assert_eq!(entries[1].text, "first line\n.stuffed\n\nlast: Größe");
    let fields = &entries[0].fields;
    assert_eq!(
        (fields["LEVE"].as_str(), fields["COVE"].as_str(), fields["SUBJ"].as_str()),
        ("1", "2", "Disk")
    );
    assert_eq!((fields["HOLD"].as_str(), fields["LOGI"].as_str()), ("261122031000 +0100", "hotpotato"));
}

#[tokio::test]
async fn the_dialogue_of_sendpage_is_understood() {
    let house = stand_ins().await;
    let mut dialogue = Dialogue::open(&house).await;
    dialogue.expect(&[("LOGI root", "250"), ("SITE HELP NOTIFY", "500"), ("LEVE 1", "250")]).await;
    dialogue.expect(&[("PAGE 5557777", "250"), ("MESS Disk full on db1", "250"), ("SEND", "250")]).await;
    drop(dialogue);
    assert_eq!(house.ledger().sends_to("5557777").len(), 1);
}

#[tokio::test]
async fn commands_out_of_order_and_wrong_arguments_are_refused() {
    let house = stand_ins().await;
    let mut dialogue = Dialogue::open(&house).await;
    dialogue.expect(&[("SEND", "503"), ("MESS first", "250"), ("MESS second", "503"), ("DATA", "503")]).await;
    dialogue.expect(&[("SEND", "503"), ("PAGE", "550"), ("RESE", "250"), ("MESS", "550")]).await;
    let mut dialogue = Dialogue::open(&house).await;
    dialogue
        .expect(&[("LEVE 12", "550"), ("HOLD tomorrow", "550"), ("ALER 2", "550"), ("COVE", "550")])
        .await;
    dialogue.expect(&[("SUBJ", "550"), ("LOGI", "550"), ("2WAY", "500"), ("", "500")]).await;
    assert!(house.ledger().entries().iter().all(|entry| !entry.processed));
}

#[tokio::test]
async fn unknown_pagers_are_refused_and_written_down() {
    let house =
        house_with(SnppOptions { pagers: Some(["7311".to_owned()].into()), ..SnppOptions::default() }).await;
    let mut dialogue = Dialogue::open(&house).await;
    dialogue.expect(&[("PAGE 7312", "550"), ("PAGE 7311", "250"), ("MESS x", "250"), ("SEND", "250")]).await;
    let codes: Vec<Option<u16>> = house.ledger().entries().iter().map(|entry| entry.answer.code).collect();
    assert_eq!(codes, [Some(550), Some(250)]);
}

#[tokio::test]
async fn a_login_can_be_demanded() {
    let login = Some(Login { user: "hotpotato".to_owned(), password: Some("secret".to_owned()) });
    let house =
        house_with(SnppOptions { login, banner: "Acme Paging".to_owned(), ..SnppOptions::default() }).await;
    let mut dialogue = Dialogue::connect(&house).await;
    assert_eq!(dialogue.line().await, "220 Acme Paging");
    dialogue.expect(&[("PAGE 7311", "530"), ("SEND", "530"), ("LOGI hotpotato wrong", "550")]).await;
    dialogue.expect(&[("LOGI hotpotato secret", "250"), ("RESE", "250"), ("PAGE 7311", "250")]).await;
}

#[tokio::test]
async fn a_level_one_gateway_knows_no_level_two() {
    let house = house_with(SnppOptions { level: 1, ..SnppOptions::default() }).await;
    let mut dialogue = Dialogue::open(&house).await;
    dialogue.expect(&[("LOGI root", "500"), ("DATA", "500"), ("LEVE 1", "500")]).await;
    dialogue.expect(PAGE).await;
    dialogue.expect(&[("SEND", "250")]).await;
}

#[tokio::test]
async fn help_ends_with_250() {
    let house = stand_ins().await;
    let mut dialogue = Dialogue::open(&house).await;
    let mut line = dialogue.say("HELP").await;
    while line.starts_with("214 ") {
        line = dialogue.line().await;
    }
    assert!(line.starts_with("250"), "{line}");
}

#[tokio::test]
async fn too_long_is_refused_and_too_many_mistakes_end_it() {
    let house = house_with(SnppOptions { message_chars_max: 20, ..SnppOptions::default() }).await;
    let mut dialogue = Dialogue::open(&house).await;
    let line = format!("MESS {}", "x".repeat(1000));
    dialogue
        .expect(&[(line.as_str(), "500"), ("MESS more than twenty characters", "550"), ("DATA", "354")])
        .await;
    dialogue.write(&format!("{line}\r\n.\r\n")).await;
    assert!(dialogue.line().await.starts_with("550"));
    for _ in 0..6 {
        dialogue.expect(&[("NOOP", "500")]).await;
    }
    dialogue.expect(&[("NOOP", "421")]).await;
    assert_eq!(dialogue.line().await, "");
}

#[tokio::test]
async fn silent_clients_are_sent_away() {
    let house = house_with(SnppOptions { idle: Duration::from_millis(30), ..SnppOptions::default() }).await;
    let mut dialogue = Dialogue::open(&house).await;
    assert!(dialogue.line().await.starts_with("421"));
    assert_eq!(dialogue.line().await, "");
}

#[tokio::test]
async fn scripts_refuse_fail_and_throttle() {
    let house = stand_ins().await;
    house.snpp().script().set(vec![
        Rule::new(Behaviour::Refuse { status: None, code: None }).times(1),
        Rule::new(Behaviour::Fail { status: None }).times(1),
        Rule::new(Behaviour::Throttle { retry_after_seconds: None }).times(1),
    ]);
    let mut dialogue = Dialogue::open(&house).await;
    dialogue.expect(&[("PAGE 7311", "550")]).await;
    dialogue.expect(PAGE).await;
    dialogue.expect(&[("SEND", "554")]).await;
    dialogue.expect(PAGE).await;
    dialogue.expect(&[("SEND", "421")]).await;
    assert_eq!(dialogue.line().await, "", "closed after 421");
    let entries = house.ledger().sends_to("7311");
    let codes: Vec<Option<u16>> = entries.iter().map(|entry| entry.answer.code).collect();
    assert_eq!(codes, [Some(550), Some(554), Some(421)]);
    assert!(entries.iter().all(|entry| !entry.processed));
}

#[tokio::test]
async fn scripts_drop_hang_and_talk_nonsense() {
    let house = stand_ins().await;
    house.snpp().script().set(vec![
        Rule::new(Behaviour::DropBefore).times(1),
        Rule::new(Behaviour::DropAfter).times(1),
        Rule::new(Behaviour::Nonsense { shape: NonsenseShape::NotJson }).times(1),
        Rule::new(Behaviour::Slow { ms: 20 }).times(1),
        Rule::new(Behaviour::Nonsense { shape: NonsenseShape::HugeReply }).times(1),
        Rule::new(Behaviour::Hang { processed: true }).times(1),
    ]);
    for answer in ["", "", "Message probably sent", "250 Message Sent Successfully"] {
        let mut dialogue = Dialogue::open(&house).await;
        dialogue.expect(PAGE).await;
        assert_eq!(dialogue.say("SEND").await, answer);
    }
    let mut dialogue = Dialogue::open(&house).await;
    dialogue.expect(PAGE).await;
    dialogue.write("SEND\r\n").await;
    let mut endless = Vec::new();
    dialogue.0.read_to_end(&mut endless).await.expect("bytes");
    assert_eq!(endless.len(), 16 * 1024 * 1024);

    let mut dialogue = Dialogue::open(&house).await;
    dialogue.expect(PAGE).await;
    dialogue.write("SEND\r\n").await;
    let mut line = String::new();
    assert!(tokio::time::timeout(MOMENT, dialogue.0.read_line(&mut line)).await.is_err(), "{line}");
    let processed: Vec<bool> = house.ledger().entries().iter().map(|entry| entry.processed).collect();
    assert_eq!(processed, [false, true, true, true, true, true]);
}

#[tokio::test]
async fn scripts_can_spoil_the_connection_itself() {
    let house = stand_ins().await;
    house.snpp().script().set(vec![
        Rule::new(Behaviour::Throttle { retry_after_seconds: None }).on(On::Connect).times(1),
        Rule::new(Behaviour::DropBefore).on(On::Connect).times(1),
        Rule::new(Behaviour::Slow { ms: 10 }).on(On::Connect).times(1),
    ]);
    assert!(Dialogue::connect(&house).await.line().await.starts_with("421"));
    assert_eq!(Dialogue::connect(&house).await.line().await, "");
    assert!(Dialogue::connect(&house).await.line().await.starts_with("220"));
    assert!(house.ledger().entries().iter().all(|entry| entry.call == Call::Connect && !entry.processed));
}

#[tokio::test]
async fn level_three_pages_two_way_and_says_what_became_of_it() {
    let house = house_with(SnppOptions { level: 3, ..SnppOptions::default() }).await;
    let mut dialogue = Dialogue::open(&house).await;
    dialogue.expect(&[("ACKR 1", "550"), ("2WAY", "250"), ("PAGE 7311", "850"), ("PAGE 7312", "550")]).await;
    dialogue.expect(&[("2WAY", "550"), ("MESS 7KQ2M disk", "250"), ("MCRE 01 OK", "550")]).await;
    dialogue.expect(&[("ACKR 1", "250"), ("RTYP MULTICHOICE", "250"), ("MCRE 01 OK", "250")]).await;
    dialogue.expect(&[("MCRE 01 ESC", "502"), ("MCRE 02 ESC", "250")]).await;
    assert_eq!(dialogue.say("SEND").await, "960 32001 4001 OK, Message QUEUED for Delivery");
    assert_eq!(house.ledger().sends_to("7311")[0].receipt.as_deref(), Some("32001 4001"));
    for (progress, code) in [
        (Progress::Queued, "960"),
        (Progress::Delivered, "860"),
        (Progress::Read, "870"),
        (Progress::Chosen("01".to_owned()), "888"),
        (Progress::Written("on my way".to_owned()), "889"),
        (Progress::Expired, "780"),
    ] {
        assert!(house.snpp().progress("7311", progress));
        dialogue.expect(&[("MSTA 32001 4001", code)]).await;
    }
    dialogue.expect(&[("MSTA 32001 4002", "550")]).await;
    assert!(!house.snpp().progress("7399", Progress::Read));
}

#[tokio::test]
async fn a_gateway_of_level_two_knows_no_two_way() {
    let house = stand_ins().await;
    let mut dialogue = Dialogue::open(&house).await;
    dialogue.expect(&[("2WAY", "500"), ("ACKR 1", "500"), ("MSTA 1 1", "500")]).await;
}
