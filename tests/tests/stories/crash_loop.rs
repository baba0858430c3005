//! A short run of the crash program: kill -9 at random moments while alerts arrive, judged by the providers' ledger.
//! The long run is `cargo xtask crash`.

use tests::binary;
use tests::wait::PATIENCE;

/// What a failure prints holds the seed.
const ARGUMENTS: [&str; 10] =
    ["--kills", "20", "--stops", "1", "--stop-seconds-max", "2", "--houses", "2", "--keep", "--patient"];

#[tokio::test]
async fn nothing_is_lost_when_the_process_is_killed_at_random_moments() {
    let mut command = tokio::process::Command::new(binary::crash());
    command.args(ARGUMENTS).arg("--hotpotato").arg(binary::hotpotato()).stdin(std::process::Stdio::null());
    let output = tokio::time::timeout(PATIENCE * 5, command.kill_on_drop(true).output()).await;
    let output = output.expect("the run comes to its end").expect("it starts");
    let (json, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
    let report: serde_json::Value = serde_json::from_str(&json).expect("a report in JSON");
    let tally = &report["tally"];
    assert_eq!((&tally["kills"], &tally["lost"]), (&20.into(), &0.into()), "{told}");
    assert!(tally["alerts"].as_u64().is_some_and(|alerts| alerts > 0), "{told}");
}
