//! The rules by which Prometheus watches Iskra: right by themselves, and about what is really there.

use std::collections::BTreeSet;
use std::process::Command;

use test_support::{Alertmanager, Prometheus, RedisServer, WebhookReceiver, free_port};

use super::shipped;
use crate::suite::{Suite, becomes_good, eventually};

const FOLDER: &str = "deploy/prometheus";

fn promtool(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("promtool").args(arguments).current_dir(shipped::path(FOLDER)).output();
    let output = output.expect("promtool runs: get it with `apt-get install prometheus`");
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    if output.status.success() { Ok(()) } else { Err(said) }
}

/// The text of all files in a folder of Prometheus' configuration.
fn all_in(folder: &str) -> String {
    shipped::files(&format!("{FOLDER}/{folder}")).iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

#[test]
fn the_configuration_is_right_and_each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() {
    // The token is made where Iskra runs.
    promtool(&["check", "config", "--syntax-only", "prometheus.yml"]).unwrap_or_else(|said| panic!("{said}"));
    let rules = shipped::files(&format!("{FOLDER}/rules"));
    let rules = rules.iter().map(|file| file.to_str().unwrap());
    promtool(&["check", "rules"].into_iter().chain(rules).collect::<Vec<_>>()).unwrap_or_else(|said| panic!("{said}"));
    let tests = shipped::files(&format!("{FOLDER}/tests"));
    let tests = tests.iter().map(|file| file.to_str().unwrap());
    promtool(&["test", "rules"].into_iter().chain(tests).collect::<Vec<_>>()).unwrap_or_else(|said| panic!("{said}"));

    let (rules, tests) = (all_in("rules"), all_in("tests"));
    let alerts: BTreeSet<_> = shipped::named(&rules, "- alert:").collect();
    // A case that expects nothing stands on one line, one that expects something has its parts below it.
    let fires: BTreeSet<_> = shipped::named(&tests, "alertname:").collect();
    let silent = tests.lines().filter_map(|line| line.strip_suffix(", exp_alerts: [] }")?.split_once("alertname: "));
    let silent: BTreeSet<_> = silent.map(|(_, name)| name).collect();
    assert!(!alerts.is_empty());
    assert_eq!((&fires, &silent), (&alerts, &alerts));
    let records: BTreeSet<_> = shipped::named(&rules, "- record:").collect();
    assert_eq!(records.iter().find(|name| !tests.contains(&format!("expr: {name}"))), None);
}

/// The selectors of an expression, with their matchers.
fn selectors(expression: &str) -> BTreeSet<String> {
    let begins = |word: &str| {
        let owners = ["iskra_", "job:", "alertmanager_", "alertmanager:", "process_", "prometheus_"];
        word == "up" || owners.iter().any(|owner| word.starts_with(owner))
    };
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let mut found = BTreeSet::new();
    let mut rest = expression;
    while let Some(begin) = rest.find(is_part) {
        rest = &rest[begin..];
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let matchers = match after.starts_with('{') {
            true => after.split_inclusive('}').next().unwrap_or_default(),
            false => "",
        };
        if begins(word) {
            found.insert(format!("{word}{matchers}"));
        }
        rest = &after[matchers.len()..];
    }
    found
}

/// That no request has failed yet is no series; the label must be there all the same.
fn of_any_status(selector: &str) -> String {
    let (before, after) = selector.split_once("status=").unwrap_or((selector, ""));
    match after.trim_start_matches('~').trim_start_matches('"').split_once('"') {
        Some((_, rest)) => format!("{before}status!=\"\"{rest}"),
        None => selector.to_owned(),
    }
}

/// Prometheus over the shipped configuration, beside a suite that has all parts; it asks more often.
pub(super) struct Watched {
    pub(super) suite: Suite,
    pub(super) prometheus: Prometheus,
    _redis: RedisServer,
    alertmanager: Alertmanager,
    _receiver: WebhookReceiver,
    folder: tempfile::TempDir,
}

impl Watched {
    pub(super) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same, with more flags like `--set key=value`.
    pub(super) async fn start_with(more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (redis, receiver) = tokio::join!(RedisServer::start(), WebhookReceiver::start());
        let (redis, receiver) = (redis.unwrap(), receiver.unwrap());
        let url = receiver.url();
        let routes = format!(
            "route: {{ receiver: all, group_wait: 0s, repeat_interval: 1s, group_interval: 1s }}\n\
             receivers: [{{ name: all, webhook_configs: [{{ url: '{url}' }}] }}]\n"
        );
        let alertmanager = Alertmanager::start_with(&routes).await.unwrap();
        let rules = folder.path().join("rules");
        std::fs::create_dir(&rules).unwrap();
        let settings = [format!("alertmanager.urls={}", alertmanager.url()), format!("bus.redis={}", redis.url())];
        let flags = ["--set", &settings[0], "--set", &settings[1], "--set", "alertmanager.resend=1s"];
        let flags =
            [&flags[..], &["--set", "alertmanager.timeout=1s", "--config", rules.to_str().unwrap()], more].concat();
        let suite = Suite::start(folder.path(), &flags).await;

        let there = folder.path().join("prometheus");
        shipped::copy(&shipped::path(FOLDER), &there);
        let address = format!("127.0.0.1:{}", free_port().unwrap());
        let configuration = there.join("prometheus.yml");
        shipped::rewrite(&configuration, &services(&suite, &alertmanager));
        let often = [("interval: 15s", "interval: 500ms"), ("scrape_timeout: 10s", "scrape_timeout: 500ms")];
        // It is shown to those who do not ask for it, too.
        let token = folder.path().join("prometheus-token");
        std::fs::write(&token, "iskra").unwrap();
        let own = [("localhost:9090", address.as_str()), ("/run/secrets/prometheus-token", token.to_str().unwrap())];
        shipped::rewrite(&configuration, &[&own[..], &often].concat());
        let prometheus = Prometheus::start_at(&address, &configuration).await.unwrap();
        Self { suite, prometheus, _redis: redis, alertmanager, _receiver: receiver, folder }
    }

    /// Puts a file of rules in force.
    pub(super) async fn rule(&self, file: &str, text: &str) {
        std::fs::write(self.folder.path().join("rules").join(file), text).unwrap();
        let answer = self.suite.client.post(format!("{}/-/reload", self.suite.slo_engine)).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// The names of the deployment, and what stands for them here.
    pub(super) fn addresses(&self) -> Vec<(&'static str, String)> {
        let prometheus = ("prometheus:9090", self.prometheus.url().trim_start_matches("http://").to_owned());
        services(&self.suite, &self.alertmanager).into_iter().chain([prometheus]).collect()
    }
}

fn services(suite: &Suite, alertmanager: &Alertmanager) -> [(&'static str, String); 5] {
    let address = |url: &str| url.trim_start_matches("http://").to_owned();
    [
        ("pulse:3001", address(&suite.pulse)),
        ("seams:3002", address(&suite.seams)),
        ("voices:3003", address(&suite.voices)),
        ("slo-engine:3004", address(&suite.slo_engine)),
        ("alertmanager:9093", address(&alertmanager.url())),
    ]
}

/// Waits until an alert has noticed that its condition holds.
async fn notices(prometheus: &Prometheus, name: &str) {
    eventually(&format!("{name} is pending"), async || {
        let rules = prometheus.rules().await.ok()?;
        let rule = rules.iter().find(|rule| rule.name == name)?;
        (rule.state.as_deref() != Some("inactive")).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rule_is_about_what_is_there_and_none_fires_while_all_is_well() {
    let watched = Watched::start().await;
    let mut sent = 0;
    becomes_good("every rule has its series, and is quiet", async || {
        sent += 1;
        watched.suite.push_pain(&format!("agent-{}", sent % 7), 0.3).await;
        for dashboard in [&watched.suite.seams, &watched.suite.voices] {
            watched.suite.client.get(format!("{dashboard}/api/v1/subjects")).send().await?.error_for_status()?;
        }
        for rule in watched.prometheus.rules().await? {
            anyhow::ensure!(rule.health == "ok", "{}: {} {}", rule.name, rule.health, rule.last_error);
            for selector in selectors(&rule.query) {
                let there = watched.prometheus.series(&of_any_status(&selector)).await?;
                anyhow::ensure!(there > 0, "{}: there is no {selector}", rule.name);
            }
            let state = rule.state.unwrap_or_else(|| "inactive".to_owned());
            // How full the disk of this machine is, is no matter of ours.
            let is_well = state == "inactive" || rule.name == "IskraDiskFills";
            anyhow::ensure!(is_well, "{} is {state}", rule.name);
        }
        Ok(())
    })
    .await;
    let recorded: Vec<_> =
        watched.prometheus.rules().await.unwrap().into_iter().filter(|rule| rule.state.is_none()).collect();
    assert!(!recorded.is_empty());
    for rule in recorded {
        eventually(&rule.name, async || {
            watched.suite.push_pain("agent-7", 0.3).await;
            (watched.prometheus.series(&rule.name).await.unwrap() > 0).then_some(())
        })
        .await;
    }

    // What is wrong is seen.
    std::fs::write(watched.folder.path().join("rules/states.yml"), "dwell: soon\n").unwrap();
    notices(&watched.prometheus, "IskraRulesRefused").await;
    watched.suite.kill();
    notices(&watched.prometheus, "IskraServiceDown").await;
    notices(&watched.prometheus, "IskraPartitionsUnjudged").await;
}

#[test]
fn selectors_are_found_in_expressions() {
    let expression =
        r#"sum by (job) (rate(iskra_a_total{route!~"/-/.*",status=~"5.."}[5m])) / job:iskra_b:rate5m * up"#;
    let found: Vec<_> = selectors(expression).into_iter().collect();
    assert_eq!(found, [r#"iskra_a_total{route!~"/-/.*",status=~"5.."}"#, "job:iskra_b:rate5m", "up"]);
    assert_eq!(of_any_status(&found[0]), r#"iskra_a_total{route!~"/-/.*",status!=""}"#);
}
