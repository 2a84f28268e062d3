//! The command line, as people and scripts use it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use test_support::Postgres;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use crate::suite::{PATIENCE, Suite, eventually};

/// The program with these arguments, in a folder where nothing is set.
pub(crate) fn iskra(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iskra"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("ISKRA_CONFIG")
        .env_remove("ISKRA_URL")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env_remove("LANG");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    ended(iskra(folder, arguments).output().unwrap())
}

fn ended(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Starts `iskra push` with these lines on its standard input, which then ends.
fn push_lines(suite: &Suite, lines: &[u8]) -> Child {
    let url = suite.pulse.clone();
    let mut push = iskra(Path::new("/"), &["push", "--url", &url]).stdin(Stdio::piped()).spawn().unwrap();
    push.stdin.take().unwrap().write_all(lines).unwrap();
    push
}

#[test]
fn help_names_what_matters() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, named) in [
        (
            &["--help"][..],
            &[
                "up",
                "serve",
                "push",
                "tail",
                "check",
                "config",
                "migrate",
                "new-epoch",
                "First steps",
                "ISKRA_TOKEN_FILE",
            ][..],
        ),
        (&["up", "--help"], &["--data", "--bind", "--pulse-port", "--config", "--set", "3001", "ISKRA_CONFIG"]),
        (&["serve", "--help"], &["pulse", "seams", "voices", "slo-engine", "ISKRA__STORAGE__URL_FILE", "host_probe"]),
        (&["push", "--help"], &["--subject", "--pain", "--signal", "NDJSON", "ISKRA_URL", "Exit code"]),
        (&["tail", "--help"], &["--channels", "--json", "levels,"]),
        (&["load", "--help"], &["--viewers", "STORED", "--yes", "--no-mute", "ISKRA_URL", "Exit code"]),
        (&["check", "--help"], &["--config", "iskra.yml"]),
        (&["backtest", "--help"], &["--config", "--since", "--fail-on", "--against", "--json", "Exit code"]),
        (&["replay", "--help"], &["--at", "--speed", "--for", "--subject", "--config"]),
        (&["explain", "--help"], &["agent-7 pain_critical_high", "--language", "LANG", "--json", "ISKRA_URL"]),
        (&["slo", "report", "--help"], &["--month", "--subject", "--language", "--json", "ISKRA_URL"]),
        (&["delta", "validate", "--help"], &["FILE|DIR|-", "--format", "sarif", "--language", "Exit code"]),
        (&["config", "--help"], &["--set"]),
        (&["migrate", "--help"], &["--check", "storage.migrate", "Exit code"]),
        (&["health", "--help"], &["--url", "ISKRA_URL", "Exit code"]),
        (&["new-epoch", "--help"], &["backup", "Stop every service"]),
    ] {
        let (code, said, _) = run(folder.path(), arguments);
        assert_eq!(code, 0);
        for word in named {
            assert!(said.contains(word), "{arguments:?} does not name {word}:\n{said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn push_sends_what_flags_say() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let push = |more: &[&str]| run(folder.path(), &[&["push", "--url", &suite.pulse], more].concat());
    let sample = ["--subject", "agent-7", "--at", "2026-01-01T00:00:00Z", "--pain", "0.3", "--signal", "drift=0.1"];
    assert_eq!(push(&sample).1, "1 stored, 0 there already, 0 refused\n");
    assert_eq!(push(&sample).1, "0 stored, 1 there already, 0 refused\n");
    let latest = eventually("the sample", async || {
        let subjects = suite.get("/api/v1/subjects").await;
        subjects["subjects"].get(0).map(|subject| subject["latest"].clone())
    })
    .await;
    assert_eq!(
        latest,
        json!({"subject": "agent-7", "at": "2026-01-01T00:00:00Z", "pain": 0.3, "signals": {"drift": 0.1}})
    );
    let (code, _, said) = push(&["--subject", "agent-7", "--pain", "1.5"]);
    assert_eq!((code, &*said), (1, "pain: `1.5`: a vital lies within [0, 1]\n"));
    let (code, _, said) = push(&["--pain", "0.5"]);
    assert_eq!((code, &*said), (1, "iskra: --subject says whom the sample is about\n"));
    let (code, _, said) = push(&["--subject", "agent-7"]);
    assert!(code == 1 && said.contains("at least one of --clarity"), "{said}");
    let (code, _, said) =
        run(folder.path(), &["push", "--url", &format!("{}/", suite.slo_engine), "--subject", "a", "--pain", "0.3"]);
    assert!(code == 1 && said.contains("404"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn push_reads_lines_and_names_the_bad_ones() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let good = |second: u32| format!(r#"{{"subject":"agent-7","at":"2026-01-01T00:00:{second:02}Z","pain":0.3}}"#);
    let lines = [
        good(1).as_bytes(),
        b"",
        b"nonsense",
        br#"{"subject":"agent-7","pian":0.3}"#,
        b"\xff\xfe",
        &[b'x'; 20_000],
        good(2).as_bytes(),
    ]
    .join(&b'\n');
    let (code, result, notes) = ended(push_lines(&suite, &lines).wait_with_output().unwrap());
    assert_eq!((code, &*result), (1, "2 stored, 0 there already, 4 refused\n"), "{notes}");
    for note in ["line 3: `nonsense`", "line 4: pian: `0.3`", "line 5: not UTF-8", "line 6: a sample has at most"] {
        assert!(notes.contains(note), "no `{note}` in:\n{notes}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn push_sends_what_is_there_and_waits_for_a_suite_that_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let line =
        |number: u32| format!("{{\"subject\":\"agent-7\",\"at\":\"2026-01-01T00:00:{number:02}Z\",\"pain\":0.3}}\n");
    let mut push = iskra(folder.path(), &["push", "--url", &suite.pulse]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = push.stdin.take().unwrap();
    stdin.write_all(line(1).as_bytes()).unwrap();
    let arrived = async |suite: &Suite, number: u32| {
        eventually("a sample that does not wait for others", async || {
            let subjects = suite.get("/api/v1/subjects").await;
            let latest = subjects["subjects"].get(0)?["latest"]["at"].as_str()?.to_owned();
            (latest == format!("2026-01-01T00:00:{number:02}Z")).then_some(())
        })
        .await;
    };
    arrived(&suite, 1).await;
    let port = suite.pulse_port();
    suite.kill();
    stdin.write_all(line(2).as_bytes()).unwrap();
    let suite = Suite::start_at(&port, folder.path(), &[]).await;
    arrived(&suite, 2).await;
    drop(stdin);
    let (code, result, _) = ended(push.wait_with_output().unwrap());
    assert_eq!((code, &*result), (0, "2 stored, 0 there already, 0 refused\n"));
}

#[test]
fn check_says_what_is_wrong_and_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (code, said, _) = run(path, &["check"]);
    assert_eq!((code, said.lines().count(), said.matches(": built in").count()), (0, 9, 7), "{said}");

    let config = path.join("config");
    std::fs::create_dir(&config).unwrap();
    for (name, text) in [
        ("iskra.yml", include_str!("../config/iskra.yml")),
        ("slo-thresholds-matrix.yml", include_str!("../config/slo-thresholds-matrix.yml")),
        ("sources.yml", include_str!("../config/sources.yml")),
    ] {
        std::fs::write(config.join(name), text).unwrap();
    }
    let (code, said, _) = run(path, &["check"]);
    assert_eq!((code, said.matches(": good").count()), (0, 3), "{said}");
    assert!(said.contains("voices-triggers.yml: built in: 7 voices, 14 triggers, 9 symbols, 5 tones"), "{said}");
    let hash = |said: &str| said.lines().find_map(|line| line.strip_prefix("hash of the rules: ").map(str::to_owned));
    let (code, other, _) = run(path, &["check", config.to_str().unwrap()]);
    assert_eq!((code, hash(&other)), (0, hash(&said)));

    std::fs::write(config.join("iskra.yml"), "log:\n  fliter: info\n").unwrap();
    std::fs::write(config.join("slo-thresholds-matrix.yml"), "defaults:\n  for: 5\n").unwrap();
    let states = include_str!("../config/states.yml").replace("pain > 0.6", "pian > 0.6");
    std::fs::write(config.join("states.yml"), states).unwrap();
    std::fs::write(config.join("sources.yml"), "host: [").unwrap();
    let (code, good, wrong) = run(path, &["check"]);
    assert_eq!((code, &*good), (1, ""), "{wrong}");
    for place in ["iskra.yml:2", "slo-thresholds-matrix.yml:2:8", "states.yml:11:11", "sources.yml:1:"] {
        assert!(wrong.contains(place), "{place} is not named:\n{wrong}");
    }
    let redis = "bus.redis=redis://:secret@cache.example.com:port";
    let (code, _, wrong) = run(path, &["check", "--config", "/", "--set", redis]);
    assert!(code == 1 && wrong.contains("`bus.redis` cannot be used") && wrong.contains("from 1 to 65535"), "{wrong}");
    assert!(!wrong.contains("secret"), "{wrong}");
    let (code, _, wrong) = run(path, &["check", "--config", "nowhere"]);
    assert!(code == 1 && wrong.contains("nowhere"), "{wrong}");
}

#[test]
fn a_source_whose_secret_is_missing_is_told_before_and_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    let shipped = include_str!("../config/sources.yml");
    let source = "{ name: shop, url: 'http://127.0.0.1:9', every: 15s, about: shop, token: SHOP_TOKEN, \
                  queries: [{ query: up, vital: trust }] }";
    let text = shipped.replace("promql: []", &format!("promql: [{source}]"));
    std::fs::write(config.join("sources.yml"), text).unwrap();
    let told = "the source `shop`: SHOP_TOKEN is not set, nor is SHOP_TOKEN_FILE: one of them gives the secret";
    for command in [&["check"][..], &["serve", "pulse", "--set", "ports.pulse=0"]] {
        let (code, _, wrong) = run(folder.path(), command);
        assert!(code == 1 && wrong.contains(told), "{wrong}");
    }
    let output = iskra(folder.path(), &["check"]).env("SHOP_TOKEN", "secret").output().unwrap();
    assert_eq!(ended(output).0, 0);
}

#[test]
fn later_layers_win_and_config_shows_where_each_value_is_from() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    let file = "ports:\n  pulse: 3101\n  seams: 3102\n  voices: 3103\n";
    std::fs::write(config.join("iskra.yml"), file).unwrap();
    let mut command = iskra(folder.path(), &["config", "--set", "ports.voices=3303"]);
    command.env("ISKRA__PORTS__SEAMS", "3202").env("ISKRA__PORTS__VOICES", "3203");
    let (code, said, _) = ended(command.output().unwrap());
    assert_eq!(code, 0);
    for (value, layer) in [
        ("  pulse: 3101", "config/iskra.yml:2"),
        ("  seams: 3202", "ISKRA__PORTS__SEAMS"),
        ("  voices: 3303", "flag ports.voices"),
        ("  slo_engine: 3004", "default"),
    ] {
        let line = said.lines().find(|line| line.starts_with(value)).unwrap_or_else(|| panic!("no `{value}`:\n{said}"));
        assert!(line.ends_with(&format!("# {layer}")), "{line}");
    }
    // What it prints is a settings file with the same meaning.
    std::fs::write(config.join("iskra.yml"), &said).unwrap();
    let (code, again, wrong) = run(folder.path(), &["config"]);
    assert_eq!(code, 0, "{wrong}");
    let values = |text: &str| {
        text.lines().map(|line| line.split(" #").next().unwrap().trim_end().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(values(&again), values(&said));

    let (code, _, wrong) = run(folder.path(), &["config", "--set", "ports.pluse=1"]);
    assert!(code == 1 && wrong.contains("did you mean `ports.pulse`?"), "{wrong}");
    let (code, _, wrong) = run(folder.path(), &["config", "--set", "ports.pulse"]);
    assert!(code == 2 && wrong.contains("KEY=VALUE"), "{wrong}");
}

/// What a process prints, line by line, with a deadline on each.
pub(crate) struct Printed(mpsc::Receiver<String>);

impl Printed {
    pub(crate) fn by(process: &mut Child) -> Self {
        let (keep, lines) = mpsc::channel();
        let output = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| keep.send(line)));
        Self(lines)
    }

    /// The next line that `is_it`.
    pub(crate) fn line(&self, is_it: impl Fn(&str) -> bool) -> String {
        std::iter::repeat_with(|| self.0.recv_timeout(PATIENCE).expect("it prints the line"))
            .find(|line| is_it(line))
            .unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tail_prints_what_was_asked_for_and_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    suite.push_pain("agent-7", 0.3).await;
    suite.push_pain("other", 0.3).await;
    let arguments = ["tail", "--url", &suite.pulse, "--channels", "pain,levels,alerts", "agent-7"];
    let mut tail = iskra(folder.path(), &arguments).spawn().unwrap();
    let lines = Printed::by(&mut tail);
    lines.line(|line| line.ends_with(" agent-7 is green"));
    suite.push_pain("other", 0.35).await;
    suite.push_pain("agent-7", 0.95).await;
    let first = lines.line(|line| !line.is_empty());
    assert!(first.ends_with(" agent-7 pain 0.950"), "nobody asked for others: {first}");
    lines.line(|line| line.ends_with(" agent-7 is red: pain BLOCK"));
    lines.line(|line| line.contains(" P0 PainCriticalHigh opened: Pain of agent-7 is 0.95"));

    let port = suite.pulse_port();
    suite.kill();
    let suite = Suite::start_at(&port, folder.path(), &[]).await;
    suite.push_pain("agent-7", 0.96).await;
    lines.line(|line| line.ends_with(" agent-7 pain 0.960"));
    tail.kill().unwrap();
    tail.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tail_resumes_from_what_it_saw_and_not_from_a_sign_of_life_before_that() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut tail = iskra(Path::new("/"), &["tail", "--url", &url]).spawn().unwrap();
    let answers = [
        r#"[{"type":"subscribed"},{"type":"snapshot","cursor":"1:4"}]"#,
        r#"[{"type":"heartbeat","cursor":"1:9"}]"#,
        r#"[{"type":"heartbeat","cursor":"1:9"},{"type":"subscribed"},{"type":"heartbeat","cursor":"1:9"}]"#,
        "[]",
    ];
    let mut resumed = Vec::new();
    for answer in answers {
        let (connection, _) = timeout(PATIENCE, listener.accept()).await.expect("it comes in time").unwrap();
        let mut socket = accept_async(connection).await.unwrap();
        let asked = socket.next().await.unwrap().unwrap().into_text().unwrap();
        resumed.push(serde_json::from_str::<Value>(&asked).unwrap()["resume"].clone());
        for frame in serde_json::from_str::<Vec<Value>>(answer).unwrap() {
            socket.send(Message::text(frame.to_string())).await.unwrap();
        }
        // What was sent is read before its end is.
        socket.close(None).await.unwrap();
    }
    tail.kill().unwrap();
    tail.wait().unwrap();
    assert_eq!(resumed, [json!(null), json!("1:4"), json!("1:4"), json!("1:9")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tail_as_json_ends_quietly_when_nobody_reads_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let mut tail = iskra(folder.path(), &["tail", "--json", "--url", &suite.voices]).spawn().unwrap();
    let mut lines = BufReader::new(tail.stdout.take().unwrap()).lines();
    let kinds: Vec<Value> = lines.by_ref().take(2).map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    assert_eq!((&kinds[0]["type"], &kinds[1]["type"]), (&json!("subscribed"), &json!("snapshot")));
    drop(lines);
    // The next heartbeat finds that nobody reads.
    let ended_with = eventually("it ends", async || tail.try_wait().unwrap()).await;
    let (_, _, said) = ended(tail.wait_with_output().unwrap());
    assert_eq!((ended_with.code(), &*said), (Some(0), ""));

    let (code, _, said) = run(folder.path(), &["tail", "--url", &suite.voices, "--channels", "pian"]);
    assert!(code == 1 && said.contains("pian"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn health_asks_whether_a_service_can_do_its_work() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let health = |url: &str| run(folder.path(), &["health", "--url", url]);
    for service in [&suite.pulse, &suite.slo_engine] {
        let (code, said, _) = health(service);
        assert!(code == 0 && said.starts_with("ready, ") && said.contains("store: SQLite"), "{said}");
    }
    let url = suite.pulse.clone();
    suite.kill();
    let (code, said, wrong) = health(&url);
    assert!(code == 1 && said.is_empty() && wrong.contains(&format!("nobody answers at {url}")), "{wrong}");

    // One that answers, and cannot work.
    let mut postgres = Postgres::start().await.unwrap();
    let database = postgres.create_database().await.unwrap();
    let suite = Suite::start(folder.path(), &["--set", &format!("storage.url={database}")]).await;
    postgres.stop().await.unwrap();
    eventually("it says what is wrong", async || {
        let (code, _, wrong) = health(&suite.pulse);
        (code == 1 && wrong.starts_with("iskra: log: ")).then_some(())
    })
    .await;
}
