//! The programs `stand-ins` and `load`, as another process uses them.

use std::process::Stdio;

use serde_json::{Value, json};
use simulations::load::LoadReport;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::{SOON, answered, client, stand_ins};

#[tokio::test]
async fn stand_ins_say_where_they_are_and_leave_on_sigterm() {
    let _chooses_cryptography = stand_ins().await;
    let mut child = Command::new(env!("CARGO_BIN_EXE_stand-ins"))
        .args(["--pushover-token", "azGDORePK8gMaC0QOYAMyEEuzJnyUi", "--snpp-login", "hotpotato:secret"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let line =
        tokio::time::timeout(SOON, lines.next_line()).await.expect("in time").expect("text").expect("a line");
    let ready: Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(ready["pushover_token"], "azGDORePK8gMaC0QOYAMyEEuzJnyUi");
    assert!(ready["twilio_account_sid"].as_str().is_some_and(|sid| sid.starts_with("AC") && sid.len() == 34));
    let control = ready["control"].as_str().expect("an address");
    assert_eq!(answered(client().get(format!("{control}/addresses"))).await.body["twilio"], ready["twilio"]);

    let pid = child.id().expect("it runs").to_string();
    Command::new("kill").args(["-TERM", &pid]).status().await.expect("kill runs");
    let status = tokio::time::timeout(SOON, child.wait()).await.expect("in time").expect("a status");
    assert!(status.success());
    assert!(lines.next_line().await.expect("text").is_none(), "one line and no more");
}

#[tokio::test]
async fn stand_ins_stay_on_this_machine() {
    let output = Command::new(env!("CARGO_BIN_EXE_stand-ins")).args(["--bind", "0.0.0.0"]).output().await;
    let output = output.expect("the program starts");
    assert!(!output.status.success() && output.stdout.is_empty());
}

#[tokio::test]
async fn load_prints_its_report_as_json() {
    let free = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = free.local_addr().expect("an address").port().to_string();
    drop(free);
    let (url, pid) = (format!("http://127.0.0.1:{port}/"), std::process::id().to_string());
    let mut command = Command::new(env!("CARGO_BIN_EXE_load"));
    command.args([
        "--url",
        &url,
        "--sink-port",
        &port,
        "--count",
        "500",
        "--connections",
        "4",
        "--pid",
        &pid,
    ]);
    let output = command.output().await.expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: LoadReport = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((report.accepted, report.sink.expect("a sink").arrived), (500, 500));
    assert!(report.process.is_some_and(|process| process.after.resident_kib > 0));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("accepted   500 of 500"));

    let nowhere =
        ["--url", "http://127.0.0.1:9/", "--count", "1", "--post-limit-seconds", "0", "--output", "json"];
    let output =
        Command::new(env!("CARGO_BIN_EXE_load")).args(nowhere).output().await.expect("the program starts");
    assert_eq!(output.status.code(), Some(1), "not all arrived");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&report["lost"], &report["sink"]), (&json!(1), &Value::Null));
    assert!(output.stderr.is_empty());
}
