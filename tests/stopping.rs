//! How it stops, how it fails to start, and how two processes share the data.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_support::Postgres;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::overload::GO_ON;
use crate::suite::{PATIENCE, Suite, eventually};
use crate::viewer::Viewer;

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_closes_the_sockets_answers_what_is_under_way_and_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let (mut viewer, _) = Viewer::with_snapshot(&suite.pulse).await;
    // A request whose second half comes after the signal.
    let sample = json!({"subject": "agent-7", "at": "2026-01-01T00:00:00Z", "pain": 0.3}).to_string();
    let (first, second) = sample.split_at(10);
    let mut request = begin_request(&suite.pulse, sample.len()).await;
    request.write_all(first.as_bytes()).await.unwrap();

    let asked = Instant::now();
    let clients = async {
        assert_eq!(viewer.closed().await, 1012);
        drop(viewer);
        request.write_all(second.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(PATIENCE, request.read_to_string(&mut answer)).await.expect("answered in time").unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(r#""accepted":1"#), "{answer}");
    };
    let (exit_code, ()) = tokio::join!(suite.stop(), clients);
    assert_eq!(exit_code, Some(0));
    assert!(asked.elapsed() < Duration::from_secs(9), "it was cut, {:?} after it was asked", asked.elapsed());

    let suite = Suite::start(folder.path(), &[]).await;
    assert_eq!(suite.get("/api/v1/subjects/agent-7").await["subject"]["latest"]["pain"], 0.3);
}

/// A request to store samples that Pulse has begun to take: it waits for so many bytes.
async fn begin_request(pulse: &str, length: usize) -> TcpStream {
    let address = pulse.strip_prefix("http://").unwrap();
    let mut request = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v1/samples HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    );
    request.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; GO_ON.len()];
    timeout(PATIENCE, request.read_exact(&mut go_on)).await.expect("it is under way in time").unwrap();
    request
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_and_nothing_starts() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_iskra"))
        .args(["up", "--pulse-port", "0", "--seams-port", &port, "--voices-port", "0", "--slo-engine-port", "0"])
        .arg("--data")
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&format!("127.0.0.1:{port}: is another Iskra running?")), "{said}");
    assert!(said.contains("in use"), "{said}");
    assert!(output.stdout.is_empty(), "no address is named that is not served");
}

/// One service in a process of its own; killed when dropped.
struct Served {
    process: Child,
    url: String,
}

impl Served {
    /// Starts `service` over the data in `folder`, and waits until it says where it listens.
    fn start(service: &str, folder: &Path) -> Self {
        Self::start_over(service, &format!("storage.path={}", folder.join("iskra.db").display()))
    }

    /// Starts `service` over the storage that is named so.
    fn start_over(service: &str, storage: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_iskra"))
            .args(["serve", service, "--set", storage, "--set", "ports.pulse=0", "--set", "ports.slo_engine=0"])
            .args(["--set", "host_probe.enabled=false", "--set", "log.filter=warn"])
            .env_remove("ISKRA_CONFIG")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let Some(url) = line.trim().strip_prefix("listening on ").map(str::to_owned) else {
            said.read_to_string(&mut line).unwrap();
            panic!("{service} does not start: {line}");
        };
        // What it says later must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self { process, url }
    }

    async fn ready(&self, client: &reqwest::Client) {
        eventually("it is ready", async || {
            let answer = client.get(format!("{}/-/ready", self.url)).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_the_data_of_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    test_support::use_tls();
    let client = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
    // Both at once: whoever comes first makes the file.
    let (pulse, engine) = (Served::start("pulse", folder.path()), Served::start("slo-engine", folder.path()));
    for service in [&pulse, &engine] {
        service.ready(&client).await;
    }
    let (mut viewer, _) = Viewer::with_snapshot(&pulse.url).await;
    let sample = json!({"subject": "agent-7", "pain": 0.95});
    let answer = client.post(format!("{}/api/v1/samples", pulse.url)).json(&sample).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let opened = loop {
        let update = viewer.next_of("update").await;
        if let Some(change) = update["alerts"].get(0) {
            break change.clone();
        }
    };
    assert_eq!((&opened["change"], &opened["alert"]["priority"]), (&json!("opened"), &json!("P0")));
    assert_eq!(viewer.next_of("heartbeat").await["bus"], "polling");
    // A command takes the same way, in the other direction.
    let url = format!("{}/api/v1/alerts/{}/acknowledge", pulse.url, opened["alert"]["id"].as_str().unwrap());
    let answer = client.post(url).json(&json!({"by": "Ann"})).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<Value>().await.unwrap()["alert"]["acknowledged"]["by"], "Ann");
}

/// A database whose machine is gone answers nothing. Whoever waits for it is not waited for.
#[tokio::test(flavor = "multi_thread")]
async fn services_end_in_time_though_the_database_does_not_answer() {
    test_support::use_tls();
    let mut server = Postgres::start().await.unwrap();
    let storage = format!("storage.url={}", server.create_database().await.unwrap());
    let client = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
    let mut services = ["pulse", "slo-engine"].map(|service| Served::start_over(service, &storage));
    for service in &services {
        service.ready(&client).await;
    }
    let sample = json!({"subject": "agent-7", "pain": 0.3}).to_string();
    // The writer has its connection: it will wait for an answer over it.
    let answer = client.post(format!("{}/api/v1/samples", services[0].url)).body(sample.clone()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let mut request = begin_request(&services[0].url, sample.len()).await;
    server.pause().unwrap();
    request.write_all(sample.as_bytes()).await.unwrap();
    for service in &services {
        let id = service.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill runs").success());
    }
    let asked = Instant::now();
    for service in &mut services {
        let status = eventually("it ends", async || service.process.try_wait().expect("its status can be asked")).await;
        assert_eq!(status.code(), Some(0));
    }
    assert!(asked.elapsed() < Duration::from_secs(10), "they ended {:?} after they were asked to", asked.elapsed());
}
