use std::fs;
use std::time::Duration;

use super::*;
use crate::channel::kannel::KannelConfig;
use crate::channel::pushover::PushoverConfig;
use crate::channel::snpp::SnppConfig;
use crate::channel::twilio::{Sender, TwilioConfig};
use crate::channel::{RateLimit, Secret};

const BOOT: &str = r#"listen = "127.0.0.1:9090"
public_url = "https://pager.example/"
data_dir = "/var/lib/hotpotato"

[log]

[operators]
pushover = ["uQiRzpo4DXghDmr9QzzfQu27cmVRsG"]
sms = ["+4930123456"]
pager = ["7311@snpp-main"]

[channels.pushover]
token_file = "pushover.token"
base_url = "https://api.pushover.net"
retry = "90s"

[channels.sms.zebra]
account_sid = "AC0"
auth_token_file = "twilio.token"
messaging_service_sid = "MG0"
per_second = 2.5
burst = 4

[channels.sms.aardvark]
account_sid = "AC1"
auth_token_file = "twilio.token"
from = "+4930123456"
base_url = "http://127.0.0.1:4010/"
validity_period = "5m"
timeout = "2s"

[channels.pager.snpp-main]
protocol = "snpp"
address = "pager.example:444"
"#;

fn of<C: crate::channel::Plan>(boot: &BootConfiguration) -> Vec<&C> {
    boot.channels.iter().filter_map(ChannelPlan::of).collect()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [
            ("pushover.token", " azGDORePK8gMaC0QOYAMyEEuzJnyUi\n"),
            ("twilio.token", "t0ken"),
            ("empty", "\n"),
        ] {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        Self(folder)
    }

    fn read(&self, text: &str, environment: &[(&str, &str)]) -> Result<BootConfiguration, String> {
        let path = self.0.path().join("hotpotato.toml");
        fs::write(&path, text).expect("a file");
        let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let folder = format!("{}/", self.0.path().display());
        BootConfiguration::load(Some(&path), &environment)
            .map_err(|error| error.to_string().replace(&folder, ""))
    }
}

#[test]
fn the_contracts_example_reads() {
    let boot = Folder::new().read(BOOT, &[]).expect("sound");
    assert_eq!(boot.listen, "127.0.0.1:9090".parse().expect("an address"));
    assert_eq!(boot.public_url.as_deref(), Some("https://pager.example"));
    assert_eq!(boot.data_dir, PathBuf::from("/var/lib/hotpotato"));
    assert_eq!(boot.log, LogConfiguration::Embedded);
    let pushover = of::<PushoverConfig>(&boot)[0];
    assert_eq!(pushover.token.expose(), "azGDORePK8gMaC0QOYAMyEEuzJnyUi");
    assert_eq!((pushover.base_url.as_str(), pushover.retry_seconds), ("https://api.pushover.net", 90));
    let names: Vec<_> = boot.channels.iter().map(|channel| channel.id.as_str()).collect();
    assert_eq!(names, ["pushover", "zebra", "aardvark", "snpp-main"], "in the order of the file");
    let [zebra, aardvark] = of::<TwilioConfig>(&boot)[..] else { panic!("two") };
    assert_eq!(zebra.sender, Sender::MessagingService("MG0".into()));
    assert_eq!(zebra.rate, RateLimit { per_second: 2.5, burst: 4 });
    assert_eq!(aardvark.sender, Sender::From("+4930123456".into()));
    assert_eq!(aardvark.base_url, "http://127.0.0.1:4010");
    assert_eq!((aardvark.validity_seconds, aardvark.timeout), (300, Duration::from_secs(2)));
    assert_eq!(of::<SnppConfig>(&boot)[0].address, "pager.example:444");
    let operators: Vec<_> = boot.operators.iter().map(|one| (one.channel.as_str(), &*one.address)).collect();
    assert_eq!(
        operators,
        [("pushover", "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"), ("sms", "+4930123456"), ("pager", "7311")]
    );
    assert_eq!(boot.operators[2].via.as_ref().map(ChannelId::as_str), Some("snpp-main"));
    assert_eq!(boot.warnings, [""; 0]);
    let shown = format!("{boot:?}");
    assert!(!shown.contains("azGDORePK8g") && !shown.contains("t0ken"), "{shown}");
}

#[test]
fn a_kannel_reads() {
    let folder = Folder::new();
    let kannel = "[channels.sms.modem]\nprovider = \"kannel\"\nurl = \"http://k:13013/cgi-bin/sendsms/\"\n\
                  username = \"house\"\npassword_file = \"twilio.token\"\n";
    let boot = folder.read(kannel, &[]).expect("sound");
    assert_eq!((boot.channels[0].id.as_str(), boot.channels[0].kind), ("modem", ChannelKind::SMS));
    let config = of::<KannelConfig>(&boot)[0];
    assert_eq!((config.channel.as_str(), config.username.as_str()), ("modem", "house"));
    assert_eq!((config.url.as_str(), config.password.expose()), ("http://k:13013/cgi-bin/sendsms", "t0ken"));
    assert_eq!((&config.from, &config.smsc, config.validity_seconds), (&None, &None, 300));
    let more = format!("{kannel}from = \"4321\"\nsmsc = \"m-1\"\nvalidity_period = \"10m\"\nburst = 3\n");
    let boot = folder.read(&more, &[("HOTPOTATO_CHANNELS_SMS_MODEM_PASSWORD", "other")]).expect("sound");
    let config = of::<KannelConfig>(&boot)[0];
    assert_eq!((config.from.as_deref(), config.smsc.as_deref()), (Some("4321"), Some("m-1")));
    assert_eq!((config.validity_seconds, config.rate.burst, config.password.expose()), (600, 3, "other"));
    assert!(config.incoming_key.is_none(), "nobody is heard");
    let heard = format!("{kannel}incoming_key_file = \"incoming\"\n");
    for (key, is_good) in [("0f5a2c8e9b7d4163\n", true), ("t0oshort", false), ("0f5a2c8e9b7d4163&x=%", false)]
    {
        fs::write(folder.0.path().join("incoming"), key).expect("a file");
        match folder.read(&heard, &[]) {
            Ok(boot) => {
                let config = of::<KannelConfig>(&boot)[0];
                let known = config.incoming_key.as_ref().map(crate::channel::Secret::expose);
                assert!(is_good && known == Some("0f5a2c8e9b7d4163"), "{key:?}");
                assert!(!format!("{boot:?}").contains("0f5a"), "{boot:?}");
            }
            Err(said) => {
                assert!(!is_good && said.contains("incoming_key_file: must hold 16 to 128"), "{said}");
                assert!(!said.contains(key.trim()), "{said}");
            }
        }
    }
    for (line, expected) in [
        ("from = \"much too long a name\"", "must be a phone number or a name of up to 11 letters"),
        ("from = \"\"", "must be a phone number or a name"),
        ("smsc = \"a b\"", "must be up to 64 visible letters"),
        ("validity_period = \"30s\"", "must be a length of time from 1m to 10h"),
        ("validity_period = \"11h\"", "must be a length of time from 1m to 10h"),
        ("account_sid = \"AC1\"", "unknown field `account_sid`"),
    ] {
        let said = folder.read(&format!("{kannel}{line}"), &[]).expect_err(line);
        assert!(said.starts_with("hotpotato.toml:6:") && said.contains(expected), "{line}: {said}");
    }
    for (gone, expected) in [
        ("url", "url is missing; add it, such as url = \"http://127.0.0.1:13013/cgi-bin/sendsms\""),
        ("username", "username is missing"),
        ("password_file", "password_file is missing"),
    ] {
        let rest: Vec<&str> = kannel.lines().filter(|line| !line.starts_with(gone)).collect();
        let said = folder.read(&rest.join("\n"), &[]).expect_err(gone);
        assert!(said.contains(expected), "{gone}: {said}");
    }
    let query = kannel.replace("sendsms/", "sendsms?username=x");
    let said = folder.read(&query, &[]).expect_err("a query");
    assert!(said.contains("must be an address that begins with https:// or http://"), "{said}");
}

#[test]
fn how_long_a_report_may_take_is_a_length_of_time_or_never() {
    for (given, expected) in [
        ("", Ok(Some(Duration::from_secs(90)))),
        ("reports_within = \"5s\"", Ok(Some(Duration::from_secs(5)))),
        ("reports_within = \"1h\"", Ok(Some(Duration::from_hours(1)))),
        ("reports_within = \"never\"", Ok(None)),
        ("reports_within = \"4s\"", Err("from 5s to 1h, or never")),
        ("reports_within = \"61m\"", Err("from 5s to 1h, or never")),
        ("reports_within = \"soon\"", Err("from 5s to 1h, or never")),
    ] {
        let text = BOOT.replace("validity_period = \"5m\"", given);
        let read = Folder::new().read(&text, &[]);
        match (read, expected) {
            (Ok(boot), Ok(expected)) => assert_eq!(of::<TwilioConfig>(&boot)[1].reports_within, expected),
            (Err(error), Err(words)) => assert!(error.contains(words), "{given}: {error}"),
            (read, _) => panic!("{given}: {read:?}"),
        }
    }
}

#[test]
fn nothing_at_all_is_a_configuration() {
    let boot = BootConfiguration::load(None, &BTreeMap::new()).expect("defaults");
    assert_eq!((boot.listen, boot.public_url), (LISTEN_DEFAULT, None));
    assert_eq!(boot.data_dir, PathBuf::from(DATA_DIR_DEFAULT));
    assert_eq!(boot.warnings.len(), 2, "{:?}", boot.warnings);
}

#[test]
fn the_environment_counts_more_than_the_file() {
    let folder = Folder::new();
    let boot = folder.read(
        BOOT,
        &[
            ("HOTPOTATO_LISTEN", "[::1]:1"),
            ("HOTPOTATO_PUBLIC_URL", "http://127.0.0.1:1"),
            ("HOTPOTATO_DATA_DIR", "data"),
            ("HOTPOTATO_OPERATORS_SMS", "+4930111111, +4930222222"),
            ("HOTPOTATO_CHANNELS_PUSHOVER_TOKEN", "from-the-environment"),
            ("HOTPOTATO_CHANNELS_SMS_ZEBRA_BASE_URL", "http://127.0.0.1:2"),
            ("HOTPOTATO_CHANNELS_SMS_ZEBRA_AUTH_TOKEN", "other"),
            ("HOTPOTATO_CHANNELS_PAGER_SNPP_MAIN_ADDRESS", "127.0.0.1:3"),
            ("HOTPOTATO_URL", "http://for-the-client"),
            ("HOTPOTATO_LOG_URL", ""),
        ],
    );
    let boot = boot.expect("sound");
    assert_eq!(boot.listen.to_string(), "[::1]:1");
    assert_eq!(boot.public_url.as_deref(), Some("http://127.0.0.1:1"));
    assert_eq!(boot.data_dir, PathBuf::from("data"));
    let sms = boot.operators.iter().filter(|one| one.channel == ChannelKind::SMS);
    assert_eq!(sms.map(|one| one.address.as_str()).collect::<Vec<_>>(), ["+4930111111", "+4930222222"]);
    assert_eq!(of::<PushoverConfig>(&boot)[0].token.expose(), "from-the-environment");
    let [zebra, aardvark] = of::<TwilioConfig>(&boot)[..] else { panic!("two") };
    assert_eq!(zebra.base_url, "http://127.0.0.1:2");
    assert_eq!((zebra.auth_token.expose(), aardvark.auth_token.expose()), ("other", "t0ken"));
    assert_eq!(of::<SnppConfig>(&boot)[0].address, "127.0.0.1:3");

    let alone = folder.read("", &[("HOTPOTATO_CHANNELS_PUSHOVER_TOKEN", "t")]).expect("sound");
    assert_eq!(of::<PushoverConfig>(&alone).len(), 1, "Pushover needs no table");
}

#[test]
fn every_mistake_has_a_place_and_a_remedy() {
    let folder = Folder::new();
    let sms = "[channels.sms.a]\naccount_sid = \"AC1\"\nauth_token_file = \"twilio.token\"\n";
    let pager = "[channels.pager.a]\n";
    for (text, expected) in [
        ("listne = \"x\"", "hotpotato.toml:1:1: unknown field `listne`, expected one of `listen`, "),
        (
            "\nlisten = \"x\"",
            "hotpotato.toml:2:10: listen is \"x\", but must be an address and a port, such as \"127.0.0.1:8080\"",
        ),
        ("listen = 8080", "hotpotato.toml:1:10: listen is \"8080\", but must be"),
        ("listen = [1]", "hotpotato.toml:1:10: invalid type: sequence, expected text or a number"),
        ("listen = ", "hotpotato.toml:1:10: "),
        (
            "public_url = \"pager.example\"",
            "hotpotato.toml:1:14: public_url is \"pager.example\", but must be an address that begins",
        ),
        ("public_url = \"https://u:p@pager.example\"", "hotpotato.toml:1:14: public_url is"),
        (
            "[log]\nurl = \"esdb+discover://a\"",
            "hotpotato.toml:2:7: a log at esdb+discover: is not built yet; remove the url",
        ),
        (
            "[operators]\nsms = [\"+4930123456\", \"030\"]",
            "hotpotato.toml:2:23: operators.sms is \"030\", but must be an address of that channel",
        ),
        (
            "[operators]\npager = [\"@x\"]",
            "hotpotato.toml:2:10: operators.pager is \"@x\", but must be an address of that channel",
        ),
        (
            "[operators]\npager = [\"7311@\\u001b[2J\"]",
            "hotpotato.toml:2:10: operators.pager is \"7311@\\u{1b}[2J\", but must be an address of that channel",
        ),
        ("\"a\\nb\\u001b\" = 1", "hotpotato.toml:1:1: unknown field `a, b `, expected one of"),
        ("[log]\nurl = \"a\\nb:\"", "hotpotato.toml:2:7: a log at a b: is not built yet"),
        (
            "[channels.pushover]\ntoken_file = \"a\\nb\"",
            "hotpotato.toml:2:14: channels.pushover.token_file cannot be read from a b: No such file",
        ),
        (
            "[channels.pushover]\n",
            "hotpotato.toml:1:1: token_file is missing; add it, such as token_file = \"pushover.token\", or set HOTPOTATO_CHANNELS_PUSHOVER_TOKEN_FILE",
        ),
        (
            "[channels.pushover]\ntoken = \"hush\"",
            "hotpotato.toml:2:9: secrets do not stand in this file: write token into a file of its own and name that as token_file, or set HOTPOTATO_CHANNELS_PUSHOVER_TOKEN",
        ),
        (
            "[channels.pushover]\ntoken_file = \"gone\"",
            "hotpotato.toml:2:14: channels.pushover.token_file cannot be read from gone: No such file",
        ),
        (
            "[channels.pushover]\ntoken_file = \"empty\"",
            "hotpotato.toml:2:14: channels.pushover.token_file cannot be read from empty: it is empty",
        ),
        (
            "[channels.pushover]\ntoken_file = \"pushover.token\"\nretry = \"1s\"",
            "hotpotato.toml:3:9: channels.pushover.retry is \"1s\", but must be a length of time from 30s to 3h",
        ),
        ("[channels.smoke.a]\n", "hotpotato.toml:1:11: unknown field `smoke`"),
        ("[channels.sms.\"A b\"]\n", "hotpotato.toml:1:1: the channel's name is \"A b\""),
        ("[channels.sms.a]\n", "hotpotato.toml:1:1: account_sid is missing"),
        ("[channels.sms.a]\naccount_sid = \"AC1\"", "hotpotato.toml:1:1: auth_token_file is missing"),
        (
            sms,
            "hotpotato.toml:1:1: from is missing; add it, such as from = \"+4930123456\", or set HOTPOTATO_CHANNELS_SMS_A_FROM",
        ),
        (pager, "hotpotato.toml:1:1: address is missing"),
        (
            "[channels.pager.a]\nprotocol = \"tapp\"",
            "hotpotato.toml:2:12: channels.pager.a.protocol is \"tapp\", but must be \"snpp\" or \"tap\"",
        ),
        (
            "[channels.pager.a]\naddress = \"x\"",
            "hotpotato.toml:2:11: channels.pager.a.address is \"x\", but must be a host and a port",
        ),
        (
            "[channels.pager.a]\naddress = \"x:1\"\nburst = 0",
            "hotpotato.toml:3:9: channels.pager.a.burst is \"0\", but must be a number from 1",
        ),
    ] {
        let said = folder.read(text, &[]).expect_err(text);
        assert!(said.starts_with(expected), "{text:?}: {said}");
        assert!(!said.contains(char::is_control) && !said.contains("hush"), "{said}");
    }
    let said = folder.read("", &[("HOTPOTATO_LISTEN", "x")]).expect_err("no address");
    assert!(said.starts_with("HOTPOTATO_LISTEN: listen is \"x\""), "{said}");
}

#[test]
fn files_that_cannot_be_read() {
    let folder = Folder::new();
    let none = BTreeMap::new();
    for (bytes, expected) in
        [(vec![0xFF, 0xFE], "it is not UTF-8"), (vec![b'#'; 2_000_000], "it has more than 1048576 bytes")]
    {
        let path = folder.0.path().join("bad.toml");
        fs::write(&path, bytes).expect("a file");
        let said = BootConfiguration::load(Some(&path), &none).expect_err("bad").to_string();
        assert!(said.contains(expected), "{said}");
    }
    let said =
        BootConfiguration::load(Some(Path::new("/nowhere/h.toml")), &none).expect_err("gone").to_string();
    assert!(said.starts_with("/nowhere/h.toml cannot be read: No such file"), "{said}");
}

#[test]
fn operators_without_a_channel_are_warned_about() {
    let text = "[operators]\nsms = [\"+4930123456\"]\npager = [\"1@other\"]\n[channels.pager.main]\naddress = \"p:444\"\n";
    let boot = Folder::new().read(text, &[]).expect("sound");
    assert_eq!(boot.warnings.len(), 2, "{:?}", boot.warnings);
    assert!(boot.warnings[0].starts_with("no sms channel is configured, so the operator +4930123456"));
    assert!(boot.warnings[1].starts_with("no pager channel called other is configured"));
}

#[test]
fn mail_ntfy_webhooks_and_programs_are_configured() {
    use crate::channel::exec::ExecConfig;
    use crate::channel::mail::{MailConfig, Tls};
    use crate::channel::ntfy::NtfyConfig;
    use crate::channel::webhook::WebhookConfig;
    use crate::http::Credentials;

    let folder = Folder::new();
    let write = |name: &str, text: &str| fs::write(folder.0.path().join(name), text).expect("a file");
    write("webhook.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    write("ntfy.token", "tk_abc");
    write("smtp.password", "s3cret");
    let text = r#"
[operators]
mail = ["ops@example.org"]
ntfy = ["ops-Qx7vT2kM"]
exec = ["everybody"]

[channels.ntfy]
base_url = "https://ntfy.example/"
token_file = "ntfy.token"

[channels.webhook]
secret_file = "webhook.secret"
allow = ["10.0.0.0/8", "chat.example"]

[channels.exec.siren]
command = ["/usr/local/bin/siren", "--x", ""]
environment = ["SIREN=a=b"]
timeout = "5s"

[channels.mail]
server = "smtp.example:587"
username = "hotpotato"
password_file = "smtp.password"
from = "Hot Potato <pages@example.org>"
"#;
    let boot = folder.read(text, &[]).expect("sound");
    let ntfy = of::<NtfyConfig>(&boot)[0];
    assert_eq!(ntfy.base_url, "https://ntfy.example");
    assert!(matches!(&ntfy.credentials, Credentials::Bearer(token) if token.expose() == "tk_abc"));
    let webhook = of::<WebhookConfig>(&boot)[0];
    assert_eq!((webhook.keys.len(), webhook.allowed.len()), (1, 2));
    let exec = of::<ExecConfig>(&boot)[0];
    assert_eq!(exec.command, ["/usr/local/bin/siren", "--x", ""]);
    assert_eq!(exec.environment, [("SIREN".to_owned(), "a=b".to_owned())]);
    assert_eq!(exec.timeout, Duration::from_secs(5));
    let mail = of::<MailConfig>(&boot)[0];
    assert_eq!((mail.host.as_str(), mail.port, mail.tls), ("smtp.example", 587, Tls::Start));
    assert_eq!((mail.helo.as_str(), mail.login.is_some()), ("example.org", true));
    assert_eq!(boot.operators.len(), 3);
    assert_eq!(boot.warnings, [""; 0]);
    let shown = format!("{boot:?}");
    assert!(!shown.contains("s3cret") && !shown.contains("tk_abc") && !shown.contains("a=b"), "{shown}");

    for (text, why) in [
        ("[channels.ntfy]\nuser = \"a\"", "password_file is missing"),
        ("[channels.ntfy]\npassword_file = \"smtp.password\"", "user is missing"),
        ("[channels.ntfy]\nuser = \"a\"\ntoken_file = \"ntfy.token\"", "keep one"),
        ("[channels.ntfy]\nuser = \"a:b\"\npassword_file = \"smtp.password\"", "a name without a colon"),
        ("[channels.webhook]", "secret_file is missing"),
        ("[channels.webhook]\nsecret_file = \"ntfy.token\"", "24 to 64 random bytes"),
        (
            "[channels.webhook]\nsecret_file = \"webhook.secret\"\nallow = [\"10.0.0.0/99\"]",
            "a network, an address or a host",
        ),
        ("[channels.exec]", "command is missing"),
        ("[channels.exec]\ncommand = \"siren\"", "the whole path of a program"),
        ("[channels.exec]\ncommand = [\"/usr/../bin/siren\"]", "the whole path of a program"),
        ("[channels.exec]\ncommand = [\"/\"]", "the whole path of a program"),
        ("[channels.exec]\ncommand = [\"/bin/a\"]\nenvironment = [\"s3cret\"]", "NAME=value"),
        ("[channels.exec]\ncommand = [\"/bin/a\"]\ntimeout = \"11s\"", "a length of time of up to 10s"),
        ("[channels.mail]\nfrom = \"a@example.org\"", "server is missing"),
        ("[channels.mail]\nserver = \"smtp.example\"\nfrom = \"a@example.org\"", "a host and a port"),
        ("[channels.mail]\nserver = \"smtp.example:25\"", "from is missing"),
        ("[channels.mail]\nserver = \"smtp.example:25\"\nfrom = \"a\"", "a mail address"),
        (
            "[channels.mail]\nserver = \"smtp.example:25\"\nfrom = \"a@example.org\"\ntls = \"yes\"",
            "\\\"starttls\\\"",
        ),
        (
            "[channels.mail]\nserver = \"smtp.example:25\"\nfrom = \"a@example.org\"\ntls = \"none\"\nusername = \"a\"\npassword_file = \"smtp.password\"",
            "in the clear",
        ),
        ("[operators]\nmail = [\"nobody\"]", "an address of that channel"),
        ("[operators]\nntfy = [\"a b\"]", "an address of that channel"),
    ] {
        let said = folder.read(text, &[]).expect_err(text);
        assert!(said.contains(why) || said.contains(&why.replace("\\\"", "\"")), "{text}\n{said}");
        assert!(!said.contains("s3cret") && !said.contains("tk_abc"), "{said}");
    }
}

#[test]
fn how_much_one_address_is_sent_can_be_said_for_every_channel() {
    let folder = Folder::new();
    let told = |text: &str, environment: &[(&str, &str)]| {
        let boot = folder.read(text, environment).expect("sound");
        let limits = |channel: &ChannelPlan| {
            let limits =
                channel.pace.iter().map(|limit| format!("{}/{}", limit.count, limit.span.as_seconds()));
            format!("{}: {}", channel.id, limits.collect::<Vec<_>>().join(" "))
        };
        boot.channels.iter().map(limits).collect::<Vec<_>>()
    };
    let usual = ["pushover: ", "zebra: 1/60 5/900 12/3600", "aardvark: 1/60 5/900 12/3600", "snpp-main: "];
    assert_eq!(told(BOOT, &[]), usual);
    let changed = BOOT
        .replace("burst = 4", "pace = [\"2/30s\", \"9/1h\"]")
        .replace("timeout = \"2s\"", "pace = \"none\"");
    let own = ["pushover: ", "zebra: 2/30 9/3600", "aardvark: ", "snpp-main: "];
    assert_eq!(told(&changed, &[]), own);
    let environment = [("HOTPOTATO_CHANNELS_PUSHOVER_PACE", "1/2s, 3/1m")];
    assert_eq!(told(&changed, &environment)[0], "pushover: 1/2 3/60");
}

#[test]
fn a_pace_that_is_none_is_refused_with_its_place() {
    for (pace, expected) in [
        (
            "\"1 a minute\"",
            "hotpotato.toml:21:8: channels.sms.zebra.pace is \"1 a minute\", but must be `none`, or",
        ),
        ("[\"1/1m\", \"none\"]", "channels.sms.zebra.pace is \"none\", but must be"),
        ("[\"1/2h\"]", "channels.sms.zebra.pace is \"1/2h\", but must be"),
        ("[]", "hotpotato.toml:17:1: pace is missing; add it"),
        (
            "[\"1/1m\", \"2/2m\", \"3/3m\", \"4/4m\", \"5/5m\", \"6/6m\", \"7/7m\", \"8/8m\", \"9/9m\"]",
            "channels.sms.zebra.pace is \"9/9m\", but must be no ninth limit",
        ),
    ] {
        let text = BOOT.replace("per_second = 2.5", &format!("pace = {pace}"));
        let error = Folder::new().read(&text, &[]).expect_err(pace);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn watchers_stand_in_a_file_of_their_own_one_a_line() {
    let read = |text: &str, secret: &str| {
        let secret = secret.as_bytes().to_vec();
        let secrets = move |_: &Path| Ok(Some(secret.clone()));
        BootConfiguration::read_with(Path::new("h.toml"), text, &BTreeMap::new(), &secrets)
    };
    let named = "[watch]\nurl_file = \"watch\"\n";
    let two = "https://hc.example/ping/1\nhttp://other.example/2?k=3\n";
    let watch = read(&format!("{named}every = \"30s\"\n"), two).expect("sound").watch.expect("watched");
    assert_eq!(watch.every, Span::from_seconds(30));
    let urls: Vec<&str> = watch.urls.iter().map(Secret::expose).collect();
    assert_eq!(urls, ["https://hc.example/ping/1", "http://other.example/2?k=3"]);
    assert_eq!(read(named, two).expect("sound").watch.expect("watched").every, WATCH_EVERY_DEFAULT);
    assert_eq!(read("", "").expect("sound").watch, None);
    let wrong =
        read(named, "https://hc.example/1\nhc.example/secret-key").expect_err("no address").to_string();
    assert!(wrong.contains("address 2 of watch.url") && !wrong.contains("secret-key"), "{wrong}");
    let many = "https://hc.example/secret-key\n".repeat(11);
    let wrong = read(named, &many).expect_err("too many").to_string();
    assert!(wrong.contains("at most ten") && !wrong.contains("secret-key"), "{wrong}");
    let wrong =
        read("[watch]\nurl = \"https://hc.example/secret-key\"\n", "").expect_err("a secret").to_string();
    assert!(
        wrong.contains("url_file") && wrong.contains("HOTPOTATO_WATCH_URL") && !wrong.contains("secret-key")
    );
    for every in ["0s", "500ms", "2d", "often"] {
        read(&format!("{named}every = \"{every}\"\n"), two).expect_err(every);
    }
}
