use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;

use domain::port::Errand;
use events::event::Language;
use serde_json::json;

use super::*;
use crate::link::LinkKey;
use crate::probe::Ill;
use crate::text::sample::{at, dispatch, notice};

struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        at("2026-11-22T02:10:01Z")
    }
}

/// A program with this text as a script, in a folder of its own.
struct Program {
    folder: tempfile::TempDir,
    exec: Exec,
}

impl Program {
    fn new(interpreter: &str, script: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("page");
        // Written by another process: a fork of a neighbouring test must not hold it open for writing.
        let staged = folder.path().join("staged");
        fs::write(&staged, format!("#!{interpreter}\n{script}\n")).expect("a file");
        let status = std::process::Command::new("/bin/cp").arg(&staged).arg(&path).status().expect("cp runs");
        assert!(status.success());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("its mode");
        let mut config =
            ExecConfig::new(vec![path.display().to_string(), "--loud".to_owned(), "a b".to_owned()]);
        config.timeout = Duration::from_secs(5);
        let links = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
        Self { folder, exec: Exec::new(config, &Means { links, clock: Arc::new(Standing) }) }
    }

    fn shell(script: &str) -> Self {
        Self::new("/bin/sh", script)
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    fn in_folder(mut self) -> Self {
        self.exec.config.environment.push(("HERE".to_owned(), self.folder.path().display().to_string()));
        self
    }

    fn within(mut self, timeout: Duration) -> Self {
        self.exec.config.timeout = timeout;
        self
    }
}

fn to(address: &str) -> Dispatch {
    dispatch(KIND, address, Language::De, &notice("Ölstand\r\n\0\"'; rm -rf / $(id) `id`"))
}

fn unknown() -> Outcome {
    Outcome::Unknown(Reason::ProviderFault)
}

fn failed() -> Outcome {
    Outcome::Failed { reason: Reason::ProviderFault, retry_after: None }
}

#[tokio::test]
async fn a_program_hears_the_page_and_nothing_of_it_is_an_argument() {
    let program = Program::shell(
        r#"printf '%s\n' "$#" "$@" >"$HERE/arguments"; env >"$HERE/environment"; pwd >"$HERE/directory"
cat >"$HERE/input"; echo '{"outcome":"accepted","detail":"rang room 7","receipt":"r-7"}'"#,
    )
    .in_folder();
    let address = "room 7\"; $(touch /tmp/x) --option";
    let report = program.exec.send(&to(address)).await;
    assert_eq!((report.outcome, report.detail.as_str()), (Outcome::Accepted, "rang room 7"));
    let receipt = report.receipt.expect("a receipt");
    assert_eq!((receipt.id.as_str(), receipt.rings_until), ("r-7", Some(Standing.now() + RINGS_MAX)));
    assert!(report.text.contains("#..."), "{}", report.text);
    assert_eq!(program.file("arguments"), "2\n--loud\na b\n");
    assert_eq!(program.file("directory"), "/\n");
    let environment = program.file("environment");
    let names: Vec<&str> = environment.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    assert!(
        names.iter().all(|name| ["PATH", "HERE", "PWD", "_", "SHLVL", "OLDPWD"].contains(name)),
        "{names:?}"
    );
    let input = program.file("input");
    assert_eq!(input.matches('\n').count(), 1, "{input}");
    let told: Value = serde_json::from_str(&input).expect("JSON");
    assert_eq!(told["type"], "page");
    assert_eq!(told["data"]["address"], address);
    assert_eq!(told["data"]["summary"], "Ölstand \"'; rm -rf / $(id) `id`");
}

#[tokio::test]
async fn a_program_in_another_language_answers_in_several_lines() {
    let program = Program::new(
        "/usr/bin/python3",
        "import json, sys\n\
         told = json.load(sys.stdin)\n\
         print(json.dumps({'outcome': 'refused', 'detail': 'no ' + told['data']['address']}, indent=2))",
    );
    let report = program.exec.send(&to("räum 7")).await;
    assert_eq!((report.outcome, report.detail.as_str()), (Outcome::Refused(Reason::Rejected), "no räum 7"));
    assert_eq!(report.text, "", "nothing was sent");
}

#[tokio::test]
async fn a_recall_and_an_announcement_are_told_too() {
    let program = Program::shell(r#"cat >"$HERE/input""#).in_folder();
    let mut recall = to("room 7");
    recall.errand = Errand::Recall { receipt: Some("r-7".to_owned()) };
    let report = program.exec.send(&recall).await;
    assert_eq!((report.outcome, report.receipt), (Outcome::Accepted, None));
    let told: Value = serde_json::from_str(&program.file("input")).expect("JSON");
    assert_eq!((&told["type"], &told["data"]["receipt"]), (&json!("recall"), &json!("r-7")));
    assert_eq!(told["data"]["address"], "room 7");

    let text = Text::announcement("[NO-LOG]", "[NO-LOG] disk full");
    assert_eq!(program.exec.announce("room 7", &text).await.outcome, Outcome::Accepted);
    let told: Value = serde_json::from_str(&program.file("input")).expect("JSON");
    assert_eq!(
        (&told["type"], &told["data"]["text"]),
        (&json!("announcement"), &json!("[NO-LOG] disk full"))
    );
}

#[tokio::test]
async fn ends_mean_what_they_say() {
    for (script, expected, detail) in [
        ("exit 0", Outcome::Accepted, ""),
        ("echo thanks; echo all well >&2", Outcome::Accepted, "all well"),
        ("echo one >&2; echo two >&2; echo >&2; exit 75", failed(), "exit status: 75: two"),
        ("exit 69", failed(), "exit status: 69"),
        ("exit 64", Outcome::Refused(Reason::Rejected), "exit status: 64"),
        ("exit 67", Outcome::Refused(Reason::UnknownAddress), "exit status: 67"),
        ("exit 77", Outcome::Refused(Reason::Unauthorized), "exit status: 77"),
        ("exit 1", unknown(), "exit status: 1"),
        ("no-such-program", unknown(), "not found"),
        ("kill -9 $$", unknown(), "signal: 9"),
        (r#"echo '{"outcome":"accepted"}'; exit 1"#, Outcome::Accepted, ""),
        (r#"echo trying; printf '%s\n\n' '{"outcome":"unknown","detail":"a\r\nb"}'"#, unknown(), "a b"),
        (r#"echo '{"outcome":"failed"}'; echo busy >&2"#, failed(), "busy"),
        (
            r#"echo '{"outcome":"failed","retry_after":9}'"#,
            Outcome::Failed { reason: Reason::ProviderFault, retry_after: Some(Span::from_seconds(9)) },
            "",
        ),
        (r#"echo '{"outcome":"great"}'; exit 75"#, failed(), "exit status: 75"),
        ("printf '\\377\\000\\n'", Outcome::Accepted, ""),
    ] {
        let report = Program::shell(script).exec.send(&to("room 7")).await;
        assert_eq!(report.outcome, expected, "{script}: {report:?}");
        assert!(report.detail.contains(detail), "{script}: {report:?}");
        assert_eq!(report.detail.is_empty(), detail.is_empty(), "{script}: {report:?}");
        assert!(!report.detail.contains(char::is_control), "{script}: {report:?}");
    }
}

#[tokio::test]
async fn a_slow_program_is_ended_with_everything_that_it_started() {
    let program = Program::shell(r#"sleep 300 & echo $! >"$HERE/child"; echo waiting >&2; wait"#)
        .in_folder()
        .within(Duration::from_millis(700));
    let report = program.exec.send(&to("room 7")).await;
    assert_eq!((report.outcome, report.detail.as_str()), (Outcome::Unknown(Reason::Timeout), "waiting"));
    gone(&program.file("child")).await;
}

#[tokio::test]
async fn what_a_program_leaves_running_neither_holds_it_up_nor_lives_on() {
    let program = Program::shell(r#"sleep 300 & echo $! >"$HERE/child"; exit 0"#).in_folder();
    let report = tokio::time::timeout(Duration::from_secs(3), program.exec.send(&to("room 7"))).await;
    assert_eq!(report.expect("at once").outcome, Outcome::Accepted);
    gone(&program.file("child")).await;
}

#[tokio::test]
async fn a_page_that_is_given_up_takes_its_program_along() {
    let program = Program::shell(r#"echo $$ >"$HERE/child"; exec sleep 300"#).in_folder();
    let given_up = tokio::time::timeout(Duration::from_millis(700), async {
        program.exec.send(&to("room 7")).await;
    });
    assert!(given_up.await.is_err());
    gone(&program.file("child")).await;
}

#[tokio::test]
async fn programs_that_do_not_listen_or_never_stop_talking_hold_nothing_up() {
    let closes = Program::shell("exec 0<&-; exit 0");
    let mut long = to("room 7");
    if let Errand::Page(notice) = &mut long.errand {
        notice.service = Some("x".repeat(1_000_000));
    }
    assert_eq!(closes.exec.send(&long).await.outcome, Outcome::Accepted);
    let endless = Program::shell("yes & yes >&2").within(Duration::from_millis(700));
    assert_eq!(endless.exec.send(&to("room 7")).await.outcome, Outcome::Unknown(Reason::Timeout));
    let wordy = Program::shell(r#"head -c 3000000 /dev/zero; echo; echo '{"outcome":"accepted"}'"#);
    assert_eq!(wordy.exec.send(&to("room 7")).await.outcome, Outcome::Accepted);
}

#[tokio::test]
async fn a_program_that_is_not_there_climbs_at_once() {
    for command in ["/no/such/program", "/etc/passwd", "/"] {
        let mut program = Program::shell("");
        program.exec.config.command = vec![command.to_owned()];
        let report = program.exec.send(&to("room 7")).await;
        assert_eq!(report.outcome, Outcome::Refused(Reason::NoChannel), "{command}: {report:?}");
    }
}

#[tokio::test]
async fn addresses_are_one_line() {
    let program = Program::shell(r#"touch "$HERE/started""#).in_folder();
    for address in ["", " ", "a\r\nb", "a\0b", "a\u{1b}[2J", &"x".repeat(256)] {
        assert!(mistake(address).is_some(), "{address:?}");
        let report = program.exec.send(&to(address)).await;
        assert_eq!(report.outcome, Outcome::Refused(Reason::UnknownAddress), "{address:?}");
    }
    assert!(!program.folder.path().join("started").exists());
    assert_eq!(mistake("room 7 \"'$(id)ü"), None);
}

#[test]
fn receipts_are_kept_of_pages_that_were_taken_and_of_sound_ones_only() {
    let notice = notice("x");
    let dispatch = dispatch(KIND, "x", Language::En, &notice);
    let links = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
    let telling = data::telling(&links, &dispatch, Standing.now());
    let long = "x".repeat(RECEIPT_CHARS_MAX + 1);
    for (output, expected) in [
        (json!({ "outcome": "accepted", "receipt": "r" }), Some("r")),
        (json!({ "outcome": "accepted", "receipt": "" }), None),
        (json!({ "outcome": "accepted", "receipt": "a\nb" }), None),
        (json!({ "outcome": "accepted", "receipt": long }), None),
        (json!({ "outcome": "refused", "receipt": "r" }), None),
        (json!({ "outcome": "unknown", "receipt": "r" }), None),
    ] {
        let ended = Ended::ByItself {
            status: ExitStatus::from_raw(0),
            output: output.to_string().into_bytes(),
            errors: Vec::new(),
        };
        let report = conclude(&telling, &ended, Standing.now());
        assert_eq!(report.receipt.map(|receipt| receipt.id).as_deref(), expected, "{output}");
    }
}

#[test]
fn a_configuration_does_not_print_its_environment() {
    let mut config = ExecConfig::new(vec!["/bin/true".to_owned(), "s3cret".to_owned()]);
    config.environment.push(("TOKEN".to_owned(), "s3cret".to_owned()));
    assert!(!format!("{config:?}").contains("s3cret"), "{config:?}");
}

/// Waits until a process is no more, or dead and only on the list of whoever takes care of orphans.
async fn gone(id: &str) {
    let id = id.trim();
    assert!(!id.is_empty(), "the program said which it is");
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    for _ in 0..500 {
        let state = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        let state = state.rsplit(") ").next().and_then(|rest| rest.chars().next());
        if matches!(state, None | Some('Z' | 'X')) {
            return;
        }
        ticks.tick().await;
    }
    panic!("{id} still runs");
}

#[tokio::test]
async fn a_program_that_cannot_be_started_or_that_anybody_may_replace_is_told() {
    let ill = async |program: &Program| program.exec.probe().await.expect("somebody to ask").ill;
    let word = |ill: Option<Ill>| ill.map(|ill| ill.as_str());
    let page = |program: &Program| program.folder.path().join("page");
    let mode =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");

    let program = Program::shell("echo called > \"$HERE/called\"").in_folder();
    assert_eq!(ill(&program).await, None);
    assert_eq!(program.file("called"), "", "it is looked at, not started");
    mode(&page(&program), 0o644);
    assert_eq!(word(ill(&program).await), Some("unauthorized"));
    mode(&page(&program), 0o757);
    let words = ill(&program).await.expect("anybody may write it");
    assert!(words.words().ends_with("chmod o-w"), "{words:?}");
    mode(&page(&program), 0o755);
    mode(program.folder.path(), 0o777);
    assert_eq!(word(ill(&program).await), Some("unfit"));
    mode(program.folder.path(), 0o1777);
    assert_eq!(ill(&program).await, None);
    fs::remove_file(page(&program)).expect("it is there");
    assert_eq!(word(ill(&program).await), Some("unfit"));
    fs::create_dir(page(&program)).expect("a folder");
    assert_eq!(word(ill(&program).await), Some("unfit"));
}

#[tokio::test]
async fn a_program_that_can_be_asked_says_itself_whether_it_would_take_a_page() {
    for (script, expected) in [
        ("cat > \"$HERE/told\"", None),
        ("exit 77", Some("unauthorized")),
        ("echo '{\"outcome\":\"failed\",\"detail\":\"no modem\"}'", Some("unfit")),
        ("sleep 9", Some("unreachable")),
    ] {
        let mut program = Program::shell(script).in_folder().within(Duration::from_secs(1));
        program.exec.config.probe = true;
        let ill = program.exec.probe().await.expect("somebody to ask").ill;
        assert_eq!(ill.as_ref().map(Ill::as_str), expected, "{script}: {ill:?}");
        if expected.is_none() {
            let told: Value = serde_json::from_str(&program.file("told")).expect("JSON");
            assert_eq!(told, json!({ "type": "probe", "timestamp": "2026-11-22T02:10:01Z", "data": {} }));
        }
    }
}
