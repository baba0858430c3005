//! `hotpotato notify`: one signal, not lost whatever happens on the way.

use std::net::SocketAddr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use tests::cli::Said;
use tests::house::House;
use tests::household::{ANNA, Household};
use tests::mount::Mount;
use tests::plan::Plan;
use tests::together::side_by_side;
use tests::{address, binary, wait};

/// Nobody is paged before the story is over.
fn nobody_yet() -> Household {
    with_nagios().ladder(ANNA, &["{ contact: push, after: 1h }"])
}

fn with_nagios() -> Household {
    Household::default().source("nagios: { kind: nagios, key_file: keys/nagios }")
}

/// Somebody who notifies a house.
struct Caller<'a> {
    house: &'a House,
    spool: PathBuf,
    servers: String,
    key_file: PathBuf,
}

impl<'a> Caller<'a> {
    fn of(house: &'a House) -> Self {
        Self {
            house,
            spool: house.path("spool"),
            servers: house.url(""),
            key_file: house.path("keys/scripts"),
        }
    }

    fn at(self, servers: &[&str]) -> Self {
        Self { servers: servers.join(","), ..self }
    }

    fn environment(&self) -> [(&str, String); 3] {
        [
            ("HOTPOTATO_URL", self.servers.clone()),
            ("HOTPOTATO_SPOOL", self.spool.display().to_string()),
            ("HOTPOTATO_KEY_FILE", self.key_file.display().to_string()),
        ]
    }

    async fn notify(&self, arguments: &[&str]) -> Said {
        let environment = self.environment();
        let variables: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.house.cli_with(&variables, &[&["notify"], arguments].concat()).await
    }

    /// Says that something is wrong, and leaves nobody in the background.
    async fn fire(&self, key: &str) -> Said {
        self.notify(&["--no-background", "--summary", key, "--key", key]).await
    }

    async fn resolve(&self, key: &str) -> Said {
        self.notify(&["--no-background", "--key", key, "--status", "resolved"]).await
    }

    async fn flush(&self) -> Said {
        self.notify(&["--flush"]).await
    }

    /// The signals that wait.
    fn waiting(&self) -> Vec<String> {
        files(&self.spool)
    }

    /// The signals that nobody understands.
    fn rejected(&self) -> Vec<String> {
        files(&self.spool.join("rejected"))
    }
}

/// What the files with signals in a folder hold.
fn files(folder: &std::path::Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).expect("it can be read")).collect()
}

async fn open(house: &House) -> Vec<String> {
    let mut open: Vec<String> = house.open().await.into_iter().map(|alert| alert.summary).collect();
    open.sort();
    open
}

/// A server that answers as it is told, and what it was sent.
struct Server {
    url: String,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers with what the function makes of the body; `None` is no answer at all.
    async fn answering(answer: fn(&str) -> Option<u16>) -> Self {
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&bodies);
        let router = Router::new().fallback(async move |body: String| {
            let status = answer(&body);
            heard.lock().expect("nobody panicked").push(body);
            let Some(status) = status else { return std::future::pending().await };
            StatusCode::from_u16(status).expect("a status")
        });
        let listener = tokio::net::TcpListener::bind(SocketAddr::from((address::take(), 8080))).await;
        let listener = listener.expect("an address of our own");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, bodies }
    }

    fn bodies(&self) -> Vec<String> {
        self.bodies.lock().expect("nobody panicked").clone()
    }
}

#[tokio::test]
async fn a_signal_pages_somebody_and_its_end_is_told_without_a_word() {
    let mut house = House::with(with_nagios()).await;
    let caller = Caller::of(&house);
    let label = ["--label", "team=db", "--severity", "critical"];
    let said = caller
        .notify(&[&["--summary", "backup of db1 failed", "--key", "backup"], &label[..]].concat())
        .await;
    assert_eq!((said.done(), said.err.as_str()), ("", ""), "a timer would mail every word");
    assert_eq!(caller.waiting(), [""; 0]);
    let page = house.page(ANNA.push).await;
    assert!(page.words().contains("backup of db1 failed"), "{page:#?}");
    let alert = house.listed("backup of db1 failed").await;
    assert_eq!(alert.severity, "critical");
    house.recorded(&alert.id, "accepted by the provider", 1).await;
    Caller::of(&house).resolve("backup").await.done();
    assert_eq!(house.alerts().await, []);
    house.finish().await;
}

#[tokio::test]
async fn what_no_server_took_is_sent_by_itself_once_one_is_back() {
    let mut house = House::with(with_nagios()).await;
    house.kill9();
    let caller = Caller::of(&house);
    let said = caller.notify(&["--summary", "fan broken", "--key", "fan"]).await;
    assert!(said.refused(4).contains("kept in"), "{said:#?}");
    assert_eq!(caller.waiting().len(), 1);
    house.start().await;
    let page = house.page(ANNA.push).await;
    assert!(page.words().contains("fan broken"), "{page:#?}");
    let spool = house.path("spool");
    wait::until("the spool to be empty", async || files(&spool).is_empty().then_some(())).await;
    house.finish().await;
}

#[tokio::test]
async fn what_waits_is_sent_in_order_and_before_what_is_new() {
    let mut house = House::with(nobody_yet()).await;
    house.kill9();
    let caller = Caller::of(&house);
    caller.fire("first").await.refused(4);
    caller.resolve("first").await.refused(4);
    caller.fire("second").await.refused(4);
    assert!(caller.flush().await.refused(4).contains("3 signals are still waiting"));
    house.start().await;
    let caller = Caller::of(&house);
    // Overtaken by its end, either would stay open.
    caller.resolve("second").await.done();
    assert_eq!((open(&house).await, caller.waiting()), (vec![], vec![]));
    assert_eq!(caller.flush().await.done(), "Nothing was waiting.\n");
    let signals = house.metrics().await;
    assert!(
        signals.iter().any(|(name, count)| name.contains("signals_accepted") && *count >= 4.0),
        "{signals:?}"
    );
    house.finish().await;
}

#[tokio::test]
async fn an_end_does_not_overtake_its_problem_that_is_told_at_the_same_time() {
    let house = House::with(nobody_yet()).await;
    let caller = Caller { key_file: house.path("keys/nagios"), ..Caller::of(&house) };
    let macros = |kind: &'static str| ["notify", "--nagios", "--macro", "HOSTNAME=db1", "--macro", kind];
    let mut problem = Command::new(binary::of_debian("strace", "strace"));
    problem
        .args(["-f", "-qq", "-o", "/dev/null", "-e", "inject=linkat:delay_enter=150ms:when=1"])
        .arg(binary::hotpotato())
        .args(macros("NOTIFICATIONTYPE=PROBLEM"))
        .envs(caller.environment());
    let mut problem = problem.stdin(Stdio::null()).spawn().expect("it starts");
    wait::until("the problem to be half kept", async || {
        let mut files = std::fs::read_dir(&caller.spool).ok()?;
        files
            .any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with(".new")))
            .then_some(())
    })
    .await;
    caller.notify(&macros("NOTIFICATIONTYPE=RECOVERY")[1..]).await.done();
    assert!(problem.wait().expect("it ends").success());
    assert_eq!(open(&house).await, [""; 0], "it would be open for ever");
    assert!(house.metrics().await["hotpotato_signals_accepted_total"] >= 2.0, "both were told");
    house.finish().await;
}

#[tokio::test]
async fn the_second_server_takes_what_the_first_does_not() {
    let house = House::with(nobody_yet()).await;
    let dead = format!("http://{}:8080", address::take());
    let (busy, silent) = (Server::answering(|_| Some(503)).await, Server::answering(|_| None).await);
    for (number, first) in [dead, busy.url.clone(), silent.url.clone()].iter().enumerate() {
        let key = format!("signal {number}");
        Caller::of(&house).at(&[first, &house.url("")]).fire(&key).await.done();
        house.listed(&key).await;
    }
    assert_eq!((busy.bodies().len(), silent.bodies().len()), (1, 1));
    house.finish().await;
}

#[tokio::test]
async fn a_server_that_is_busy_or_silent_costs_no_more_than_the_time_that_it_is_given() {
    let house = House::with(nobody_yet()).await;
    let busy = Server::answering(|_| Some(503)).await;
    let caller = Caller::of(&house).at(&[&busy.url]);
    assert!(caller.fire("a").await.refused(4).contains("status 503"));
    let silent = Server::answering(|_| None).await;
    let began_at = wait::wall_clock_ms();
    let caller = Caller::of(&house).at(&[&silent.url]);
    caller.notify(&["--no-background", "--within", "2s", "--summary", "b", "--key", "b"]).await.refused(4);
    let took = wait::wall_clock_ms() - began_at;
    assert!((2_000..15_000).contains(&took), "{took} ms");
    let caller = Caller::of(&house);
    assert_eq!(caller.flush().await.done(), "2 signals were sent.\n");
    assert_eq!(open(&house).await, ["a", "b"]);
    house.finish().await;
}

#[tokio::test]
async fn what_nobody_understands_is_set_aside_and_blocks_nothing() {
    let house = House::with(nobody_yet()).await;
    let server = Server::answering(|body| Some(if body.contains("poison") { 400 } else { 200 })).await;
    let dead = format!("http://{}:8080", address::take());
    let caller = Caller::of(&house).at(&[&dead]);
    caller.fire("poison").await.refused(4);
    caller.fire("sound").await.refused(4);
    let caller = Caller::of(&house).at(&[&server.url]);
    let said = caller.flush().await;
    assert!(said.refused(1).contains("did not understand an earlier signal"), "{said:#?}");
    assert_eq!(server.bodies().len(), 2);
    assert!(server.bodies()[1].contains("sound"));
    assert!(caller.fire("more poison").await.refused(1).contains("Nobody is paged for it."));
    assert_eq!((caller.waiting().len(), caller.rejected().len()), (0, 2));
    let reason = std::fs::read_dir(caller.spool.join("rejected")).expect("a folder");
    assert_eq!(reason.count(), 4, "each has its reason beside it");
    house.finish().await;
}

#[tokio::test]
async fn a_key_that_is_not_known_yet_holds_up_its_own_source_alone() {
    let house = House::with(nobody_yet()).await;
    let wrong = house.path("keys/wrong");
    std::fs::write(&wrong, "nobody-has-this-key").expect("a file");
    let caller = Caller { key_file: wrong.clone(), ..Caller::of(&house) };
    let said = caller.fire("with the wrong key").await;
    assert!(said.refused(4).contains("does not accept the source's key"), "{said:#?}");
    assert!(!said.err.contains("nobody-has-this-key"), "a key is no text for people: {said:#?}");
    Caller::of(&house).fire("with the right key").await.done();
    assert_eq!((open(&house).await, caller.waiting().len()), (vec!["with the right key".to_owned()], 1));
    std::fs::copy(house.path("keys/scripts"), &wrong).expect("a file");
    caller.flush().await.done();
    assert_eq!(open(&house).await, ["with the right key", "with the wrong key"]);
    house.finish().await;
}

#[tokio::test]
async fn many_at_once_do_not_get_in_each_others_way() {
    let mut house = House::with(nobody_yet()).await;
    house.kill9();
    let keys: Vec<String> = (10..22).map(|number| format!("signal {number}")).collect();
    let house = std::rc::Rc::new(house);
    let fire = |key: &String| {
        let (house, key) = (std::rc::Rc::clone(&house), key.clone());
        async move { Caller::of(&house).fire(&key).await.code }
    };
    side_by_side(keys.iter().map(|key| {
        let fired = fire(key);
        async move { assert_eq!(fired.await, Some(4)) }
    }))
    .await;
    assert_eq!(files(&house.path("spool")).len(), keys.len(), "each has a file of its own");
    let mut house = std::rc::Rc::into_inner(house).expect("all are done");
    house.start().await;
    let house = std::rc::Rc::new(house);
    side_by_side(keys.iter().map(|key| {
        let (house, key) = (std::rc::Rc::clone(&house), format!("{key} again"));
        async move {
            Caller::of(&house).fire(&key).await.done();
        }
    }))
    .await;
    let mut expected: Vec<String> =
        keys.iter().flat_map(|key| [key.clone(), format!("{key} again")]).collect();
    expected.sort();
    assert_eq!(open(&house).await, expected);
    assert_eq!(files(&house.path("spool")), [""; 0]);
    std::rc::Rc::into_inner(house).expect("all are done").finish().await;
}

#[tokio::test]
async fn a_kill_at_any_moment_loses_nothing_that_was_kept_and_doubles_nothing() {
    let house = House::with(nobody_yet()).await;
    let strace = binary::of_debian("strace", "strace");
    let caller = Caller::of(&house);
    let points = [
        ("fsync", 3),
        ("linkat", 1),
        ("unlink", 2),
        ("connect", 1),
        ("sendto", 1),
        ("writev", 1),
        ("recvfrom", 2),
    ];
    let (mut killed_count, mut kept_count) = (0, 0);
    let mut expected = Vec::new();
    for (call, times) in points {
        for time in 1..=times {
            let key = format!("{call} {time}");
            let mut command = Command::new(&strace);
            command
                .args(["-f", "-qq", "-o", "/dev/null", "-e"])
                .arg(format!("inject={call}:signal=SIGKILL:when={time}"))
                .arg(binary::hotpotato())
                .args(["notify", "--no-background", "--summary", &key, "--key", &key])
                .envs(caller.environment())
                .stdin(Stdio::null());
            let ended = command.output().expect("it starts").status;
            killed_count += u32::from(!ended.success());
            let is_kept = caller.waiting().iter().any(|signal| signal.contains(&key));
            let is_taken = open(&house).await.contains(&key);
            assert!(is_kept || is_taken || !ended.success(), "{key}: what was done is somewhere");
            kept_count += u32::from(is_kept);
            if is_kept || is_taken {
                expected.push(key.clone());
            }
            // Later calls have kept it for sure.
            assert!(
                is_kept || is_taken || matches!((call, time), ("fsync" | "linkat", 1)),
                "{key}: it is lost"
            );
            caller.flush().await.done();
            assert_eq!(caller.waiting(), [""; 0], "{key}");
        }
    }
    expected.sort();
    assert_eq!(open(&house).await, expected, "each of them is there, and once");
    assert!(killed_count >= 7 && kept_count >= 4, "{killed_count} were killed, {kept_count} of them late");
    house.finish().await;
}

#[tokio::test]
async fn without_room_it_is_sent_all_the_same_or_said_to_be_lost() {
    let Some(mount) = Mount::of_mib(1) else { return };
    let mut house = House::with(nobody_yet()).await;
    let spool = mount.path().join("spool");
    Caller { spool: spool.clone(), ..Caller::of(&house) }.fire("with room").await.done();
    let ballast = mount.fill();
    let said = Caller { spool: spool.clone(), ..Caller::of(&house) }.fire("without room").await;
    said.done();
    assert!(said.err.contains("was taken, but"), "{said:#?}");
    house.kill9();
    let caller = Caller { spool: spool.clone(), ..Caller::of(&house) };
    assert!(caller.fire("lost").await.refused(3).contains("lost"));
    assert_eq!(
        std::fs::read_dir(&spool)
            .expect("a folder")
            .filter(|file| {
                file.as_ref().is_ok_and(|file| file.file_name().to_string_lossy().starts_with(".new"))
            })
            .count(),
        0,
        "nothing half written stays"
    );
    std::fs::remove_file(ballast).expect("there is room again");
    caller.fire("kept").await.refused(4);
    house.start().await;
    let caller = Caller { spool, ..Caller::of(&house) };
    caller.flush().await.done();
    assert_eq!(open(&house).await, ["kept", "with room", "without room"]);
    house.finish().await;
}

#[tokio::test]
async fn wrong_usage_is_said_before_anything_is_kept() {
    let house = House::with(nobody_yet()).await;
    let caller = Caller::of(&house);
    for (arguments, words) in [
        (&[][..], "There is nothing to send."),
        (&["--key", "x"], "`summary` is missing"),
        (&["--nagios"], "No macro says which host"),
        (&["--icinga", "--nagios"], "cannot be used with"),
        (&["--summary", "x", "--label", "team"], "write it as NAME=VALUE"),
        (&["--summary", "x", "-s", "CRITICAL"], "--icinga"),
        (&["--summary", "x", "--within", "soon"], "give a length of time"),
    ] {
        let said = caller.notify(arguments).await;
        assert!(said.refused(2).contains(words), "{said:#?}");
    }
    let keyless = house.cli(&["notify", "--summary", "x", "--spool", "spool"]).await;
    assert!(keyless.refused(2).contains("HOTPOTATO_KEY_FILE"), "{keyless:#?}");
    assert_eq!(caller.waiting(), [""; 0]);
    house.finish().await;
}

#[tokio::test]
async fn called_pd_nagios_it_understands_what_pagerdutys_tool_does() {
    let house = House::with(Plan::from(nobody_yet())).await;
    let pd_nagios = house.path("pd-nagios");
    std::os::unix::fs::symlink(binary::hotpotato(), &pd_nagios).expect("a link");
    let key = std::fs::read_to_string(house.path("keys/nagios")).expect("a key");
    let caller = Caller::of(&house);
    let call = |kind: &str| {
        let mut command = Command::new(&pd_nagios);
        command.envs(caller.environment()).args(["-n", "service", "-k", &key, "-t", kind]);
        command.args([
            "-f",
            "HOSTNAME=db1",
            "-f",
            "SERVICEDESC=disk /var",
            "-f",
            "SERVICESTATE=CRITICAL",
            "-f",
        ]);
        // As plugins of old write it.
        command
            .arg(std::ffi::OsStr::from_bytes(b"SERVICEOUTPUT=Ger\xe4t $(id) `id` 'q' \"q\" ; voll\nmehr\\"));
        command.args(["-f", "nonsense"]).stdin(Stdio::null());
        let output = command.output().expect("it starts");
        assert!(output.status.success(), "{output:?}");
    };
    call("PROBLEM");
    let alert = house.listed("db1 / disk /var CRITICAL: Gerät $(id) `id` 'q' \"q\" ; voll").await;
    assert_eq!((alert.state.as_str(), alert.severity.as_str()), ("open", "critical"));
    call("ACKNOWLEDGEMENT");
    assert_eq!(house.alerts().await[0].state, "acknowledged");
    call("RECOVERY");
    assert_eq!(house.alerts().await, []);
    house.finish().await;
}
