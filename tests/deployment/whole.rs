//! All of it together and locked, by the shipped configuration: from a producer to people and back, while somebody looks on.

use std::process::Command;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use test_support::{Alertmanager, Database, Postgres, Prometheus, RedisServer, free_port};

use super::browser::Browser;
use super::front::{Front, Replicas};
use super::people::People;
use super::{alertmanager, shipped};
use crate::production::service::Service;
use crate::suite::{PATIENCE, eventually, within};

/// Prometheus asks every 15 s, and judges as often.
const PROMETHEUS: std::time::Duration = std::time::Duration::from_secs(35);

const TITLE: &str = "[P0] Pain of agent-7 is 0.95: critical from 0.70 up";
const OVER: &str = "[P0 is over] Pain of agent-7 is 0.95: critical from 0.70 up";

#[tokio::test(flavor = "multi_thread")]
async fn a_p0_goes_from_its_producer_to_people_and_back_and_whoever_looks_sees_it() {
    let people = People::start().await;
    let whole = Whole::start(&people).await;

    // All is well, and somebody has the page open.
    whole.send(0.3).await;
    let mut page = Browser::open(&format!("{}/pulse/?subject=agent-7", whole.front.url)).await;
    page.log_in(&whole.ann).await;
    page.shows("All well").await;
    people.told("switch", "Watchdog").await;

    // It hurts. The first in the chain is called, the channel knows, and the page shows it.
    whole.send(0.95).await;
    let called = people.told("pagerduty devops-lead", TITLE).await;
    assert_eq!(called.incident.0, "trigger");
    assert!(called.text.contains("Runbook: https://iskra.example.com/runbooks/PainCriticalHigh"), "{}", called.text);
    people.told("slack", TITLE).await;
    page.shows("Pain 0.95").await;
    page.shows("P0").await;

    // Ann reads what to do, and says that she is on it.
    assert_eq!(whole.front.get("/runbooks/PainCriticalHigh").await.status(), StatusCode::OK);
    let id = whole.alert().await["id"].as_str().unwrap().to_owned();
    let acknowledge = format!("{}/pulse/api/v1/alerts/{id}/acknowledge", whole.front.url);
    let answer = whole.front.client.post(&acknowledge).json(&json!({})).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "nobody acknowledges without a name");
    let answer = whole.front.client.post(acknowledge).bearer_auth(&whole.ann).json(&json!({})).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    page.shows("Ann").await;

    // Prometheus sees the level of the subject, and every part of Iskra alive.
    let critical = r#"iskra_level{subject="agent-7",vital="pain"} == 2"#;
    within(PROMETHEUS, critical, async || (whole.prometheus.series(critical).await.ok()? == 1).then_some(())).await;
    within(PROMETHEUS, "all of it is alive", async || {
        (whole.prometheus.series("up == 1").await.ok()? == 6).then_some(())
    })
    .await;

    // It is over: people hear of it, their incident closes, the page is quiet.
    whole.send(0.3).await;
    let over = people.told("pagerduty devops-lead", OVER).await;
    assert_eq!(over.incident, ("resolve".to_owned(), called.incident.1));
    people.told("slack", OVER).await;
    page.shows("All well").await;
    assert_eq!(whole.alert().await["state"], "resolved");

    // Each was told once of the beginning and once of the end, and nobody else was called.
    assert_eq!(people.read("pagerduty devops-lead").len(), 2);
    for further in ["sre", "tech-lead"] {
        assert_eq!(people.read(&format!("pagerduty {further}")), []);
    }
    let firing: Vec<_> = whole.prometheus.rules().await.unwrap();
    let firing: Vec<_> = firing.iter().filter(|rule| rule.state.as_deref() == Some("firing")).collect();
    assert!(firing.is_empty(), "Iskra complains of itself: {firing:#?}");
}

/// What an operator has started.
struct Whole {
    front: Front,
    /// The token of one who sends.
    producer: String,
    /// The token of a person.
    ann: String,
    prometheus: Prometheus,
    _services: [Service; 4],
    _alertmanager: (TempDir, Alertmanager),
    _redis: RedisServer,
    _database: Database,
    _folder: TempDir,
}

impl Whole {
    async fn start(people: &People) -> Self {
        test_support::use_tls();
        let folder = tempfile::tempdir().unwrap();
        let (database, redis) = (Postgres::shared_database().await.unwrap(), RedisServer::start().await.unwrap());
        let alertmanager = alertmanager::start(people, &[]).await;
        let settings = [
            ("storage.url", &*database),
            ("bus.redis", &redis.url()),
            ("alertmanager.urls", &alertmanager.1.url()),
            ("alertmanager.runbooks", "https://iskra.example.com/runbooks"),
            ("public_url", "https://iskra.example.com/pulse/"),
            ("access.mode", "locked"),
        ];
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let token = |name: &str, scopes: &[&str]| create_token(&database, name, scopes);
        let [producer, ann, watcher] =
            [token("producer", &["ingest"]), token("Ann", &["read", "operate"]), token("prometheus", &["read"])];
        let inside = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let services = ["pulse", "seams", "voices", "slo-engine"]
            .map(|service| Service::start(&inside, folder.path(), service, service, &settings));
        for service in &services {
            service.ready().await;
        }
        let [pulse, seams, voices, engine] = services.each_ref().map(Service::address);
        let watched = [
            ("pulse:3001", pulse.clone()),
            ("seams:3002", seams.clone()),
            ("voices:3003", voices.clone()),
            ("slo-engine:3004", engine),
            ("alertmanager:9093", alertmanager.1.url().trim_start_matches("http://").to_owned()),
        ];
        let prometheus = watch(&folder, &watched, &watcher).await;
        let replicas = Replicas { pulse: vec![pulse], seams: vec![seams], voices: vec![voices] };
        Self {
            front: Front::open(&replicas, &[]).await,
            producer,
            ann,
            prometheus,
            _services: services,
            _alertmanager: alertmanager,
            _redis: redis,
            _database: database,
            _folder: folder,
        }
    }

    /// As a producer does: by the front door.
    async fn send(&self, pain: f64) {
        let samples = format!("{}/pulse/api/v1/samples", self.front.url);
        let sample = json!({"subject": "agent-7", "clarity": 0.8, "chaos": 0.45, "trust": 0.8, "pain": pain});
        let answer = self.front.client.post(samples).bearer_auth(&self.producer).json(&sample).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
    }

    /// The alert that it is about.
    async fn alert(&self) -> Value {
        let alerts = format!("{}/pulse/api/v1/alerts?subject=agent-7", self.front.url);
        eventually("there is an alert", async || {
            let answer = self.front.client.get(&alerts).bearer_auth(&self.ann).send().await.ok()?;
            let all: Value = answer.json().await.ok()?;
            all["alerts"].as_array()?.iter().find(|alert| alert["name"] == "PainCriticalHigh").cloned()
        })
        .await
    }
}

/// What `iskra token create` prints, as an operator runs it.
fn create_token(database: &str, name: &str, scopes: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iskra"));
    command.args(["token", "create", name, "--set", &format!("storage.url={database}")]);
    let output = command.args(scopes.iter().flat_map(|scope| ["--scope", scope])).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Prometheus by the shipped configuration, over these, with a token.
async fn watch(folder: &TempDir, targets: &[(&str, String)], token: &str) -> Prometheus {
    let there = folder.path().join("prometheus");
    shipped::copy(&shipped::path("deploy/prometheus"), &there);
    let (configuration, address) = (there.join("prometheus.yml"), format!("127.0.0.1:{}", free_port().unwrap()));
    shipped::rewrite(&configuration, targets);
    let file = folder.path().join("prometheus-token");
    std::fs::write(&file, token).unwrap();
    let own = [("localhost:9090", address.as_str()), ("/run/secrets/prometheus-token", file.to_str().unwrap())];
    shipped::rewrite(&configuration, &own);
    Prometheus::start_at(&address, &configuration).await.unwrap()
}
