//! What those who run it rely on: health, readiness, metrics, the description of the API, reloads.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::suite::{Suite, becomes_good, eventually};

const RULES: &str = include_str!("../config/slo-thresholds-matrix.yml");
const PROMTOOL: &str = "promtool";

/// A folder of configuration that holds these rules.
fn write_rules(folder: &Path, text: &str) {
    std::fs::write(folder.join("slo-thresholds-matrix.yml"), text).unwrap();
}

/// The value of a metric without labels besides those of the service.
async fn metric(suite: &Suite, service: &str, name: &str) -> f64 {
    let text = suite.client.get(format!("{service}/metrics")).send().await.unwrap().text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name} in:\n{text}"));
    line.rsplit_once(' ').unwrap().1.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_service_is_healthy_and_describes_itself() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    suite.push_pain("agent-7", 0.95).await;
    let get = async |url: String| suite.client.get(url).send().await.unwrap();
    let common = ["/health", "/-/healthy", "/-/ready", "/-/reload", "/metrics"];
    let read = [
        "/api/v1/subjects",
        "/api/v1/subjects/{subject}",
        "/api/v1/subjects/{subject}/history",
        "/api/v1/alerts",
        "/api/v1/alerts/{id}",
        "/api/v1/config",
    ];
    let pulse_only = ["/api/v1/samples", "/api/v1/alerts/{id}/acknowledge"];
    for (name, service, routes) in [
        ("pulse", &suite.pulse, [&common[..], &read, &pulse_only].concat()),
        ("seams", &suite.seams, [&common[..], &read].concat()),
        ("voices", &suite.voices, [&common[..], &read].concat()),
        ("slo-engine", &suite.slo_engine, common.to_vec()),
    ] {
        for path in ["/health", "/-/healthy"] {
            let health: Value = get(format!("{service}{path}")).await.json().await.unwrap();
            assert_eq!((health["status"].as_str(), health["service"].as_str()), (Some("ok"), Some(name)));
        }
        let ready: Value = get(format!("{service}/-/ready")).await.json().await.unwrap();
        assert_eq!(ready["checks"]["log"], "ok", "{name}: {ready}");
        let api: Value = get(format!("{service}/api/openapi.json")).await.json().await.unwrap();
        assert!(api["openapi"].as_str().unwrap().starts_with("3."), "{name}");
        check_references(&api, &api);
        for path in routes {
            assert!(api["paths"][path].is_object(), "{name} does not describe {path}");
        }
        let metrics = get(format!("{service}/metrics")).await;
        assert_eq!(metrics.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        check_metrics(name, &metrics.text().await.unwrap());
    }
}

/// Every `$ref` of the document leads to something.
fn check_references(document: &Value, part: &Value) {
    if let Some(reference) = part["$ref"].as_str() {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
    }
    part.as_object().into_iter().flat_map(|fields| fields.values()).for_each(|part| check_references(document, part));
    part.as_array().into_iter().flatten().for_each(|part| check_references(document, part));
}

/// Prometheus' own opinion.
fn check_metrics(service: &str, text: &str) {
    let mut promtool = Command::new(PROMTOOL)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool is there: get it with `apt-get install prometheus`");
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success() && said.is_empty(), "{service}: {}", String::from_utf8_lossy(&said));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_band_takes_effect_and_a_broken_file_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    write_rules(&config, RULES);
    let suite = Suite::start(folder.path(), &["--config", config.to_str().unwrap()]).await;
    let level = async |subject: &str, pain: f64, expected: &str| {
        suite.push_pain(subject, pain).await;
        eventually(&format!("{subject} with {pain} is {expected}"), async || {
            let all = suite.get("/api/v1/subjects").await["subjects"].clone();
            let subject = all.as_array()?.iter().find(|known| known["subject"] == subject)?;
            (subject["latest"]["pain"] == pain && subject["level"] == expected && subject["verdict"].is_object())
                .then_some(())
        })
        .await;
    };
    let reload = async |service: &str| {
        let answer = suite.client.post(format!("{service}/-/reload")).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    level("agent-1", 0.45, "OK").await;
    let (status, before) = reload(&suite.pulse).await;
    assert_eq!(status, 200);

    let stricter = RULES.replace(r#"beyond: "> 0.50""#, r#"beyond: "> 0.42""#);
    assert_ne!(stricter, RULES, "the shipped file has another band for pain");
    write_rules(&config, &stricter);
    let (status, after) = reload(&suite.slo_engine).await;
    assert_eq!(status, 200, "{after}");
    assert_ne!(after["rules"], before["rules"]);
    level("agent-2", 0.45, "WARN").await;

    let broken = stricter.replace("minimum_hold: 5s", "minimum_hold: 5");
    write_rules(&config, &broken);
    let line = broken.lines().position(|line| line.contains("minimum_hold: 5")).unwrap() + 1;
    let (status, problem) = reload(&suite.pulse).await;
    assert_eq!((status, problem["code"].as_str()), (422, Some("bad_rules")));
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains(&format!("slo-thresholds-matrix.yml:{line}:")), "{detail}");
    for service in [&suite.pulse, &suite.seams, &suite.voices, &suite.slo_engine] {
        assert_eq!(metric(&suite, service, "iskra_rules_last_reload_successful").await, 0.0);
        let mistake = format!("iskra_rules_refused_info{{file=\"slo-thresholds-matrix.yml\",line=\"{line}\",message=");
        assert_eq!(metric(&suite, service, &mistake).await, 1.0);
    }
    let refused = suite.get("/api/v1/config").await["config"]["refused"].clone();
    assert_eq!(
        (refused["file"].as_str(), refused["line"].as_u64()),
        (Some("slo-thresholds-matrix.yml"), Some(line as u64))
    );
    assert_eq!(refused["error"], detail);
    level("agent-3", 0.45, "WARN").await;

    // The same by signal.
    write_rules(&config, RULES);
    assert!(Command::new("kill").args(["-HUP", &suite.id().to_string()]).status().unwrap().success());
    eventually("the rules are good again", async || {
        (metric(&suite, &suite.slo_engine, "iskra_rules_last_reload_successful").await == 1.0).then_some(())
    })
    .await;
    level("agent-4", 0.45, "OK").await;
}

/// Names and kinds of the metrics in the tables of the documentation.
fn documented() -> BTreeMap<String, String> {
    let text = include_str!("../docs/operations.md");
    let rows = text.lines().filter(|line| line.starts_with("| `iskra_"));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let named = cells.flat_map(|cells| {
        let (names, kind) = (cells[1].to_owned(), cells[2].to_owned());
        let names: Vec<_> = names.split('`').filter(|part| part.starts_with("iskra_")).map(str::to_owned).collect();
        names.into_iter().map(move |name| (name, kind.clone()))
    });
    named.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_is_documented_and_every_documented_one_is_there() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody answers there: enough for its metrics to be.
    let nobody = "http://127.0.0.1:9";
    let source = format!(
        "{{ name: nobody, url: '{nobody}', every: 1h, about: nobody, queries: [{{ query: up, vital: trust }}] }}"
    );
    let config = folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    let shipped = include_str!("../config/sources.yml");
    std::fs::write(config.join("sources.yml"), shipped.replace("promql: []", &format!("promql: [{source}]"))).unwrap();
    let alertmanagers = format!("alertmanager.urls={nobody}");
    let flags = ["--config", config.to_str().unwrap(), "--set", &alertmanagers];
    let suite = Suite::start(folder.path(), &flags).await;
    suite.push_pain("agent-7", 0.95).await;
    let exported = async || {
        let mut exported = BTreeMap::new();
        for service in [&suite.pulse, &suite.seams, &suite.voices, &suite.slo_engine] {
            let text = suite.client.get(format!("{service}/metrics")).send().await.unwrap().text().await.unwrap();
            let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
            exported.extend(types.map(|(name, kind)| (name.to_owned(), kind.to_owned())));
        }
        exported.retain(|name, _| name.starts_with("iskra_"));
        exported
    };
    let mut documented = documented();
    // There are none of these without Redis, while all rules are good, and before half an hour was measured.
    let elsewhere = ["iskra_rules_refused_info", "iskra_slo_burn_rate"];
    documented.retain(|name, _| !name.starts_with("iskra_bus_") && !elsewhere.contains(&name.as_str()));
    // Voices and budgets of a subject are there once it was judged.
    becomes_good("those that are documented are there, and no others", async || {
        let exported = exported().await;
        anyhow::ensure!(exported == documented, "{exported:?} instead of {documented:?}");
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changes_is_taken_in_without_asking() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    let suite = Suite::start(folder.path(), &["--config", config.to_str().unwrap()]).await;
    let hash = async || {
        let text = suite.client.get(format!("{}/metrics", suite.seams)).send().await.unwrap().text().await.unwrap();
        let mut lines =
            text.lines().filter_map(|line| line.strip_prefix("iskra_rules_info{hash=\"")?.split('"').next());
        let hash = lines.next().unwrap_or_else(|| panic!("no hash in:\n{text}")).to_owned();
        assert_eq!(lines.next(), None, "only those in force are told of");
        hash
    };
    let is_good = async || metric(&suite, &suite.seams, "iskra_rules_last_reload_successful").await;
    let built_in = hash().await;
    assert_eq!(is_good().await, 1.0);

    let states = include_str!("../config/states.yml");
    std::fs::write(config.join("states.yml"), states.replace("dwell: 5s", "dwell: 6s")).unwrap();
    eventually("the new states are in force", async || (hash().await != built_in).then_some(())).await;
    let own = hash().await;
    std::fs::write(config.join("states.yml"), states.replace("dwell: 5s", "dwell: 6")).unwrap();
    eventually("the wrong file is refused", async || (is_good().await == 0.0).then_some(())).await;
    assert_eq!(hash().await, own);
    std::fs::remove_file(config.join("states.yml")).unwrap();
    eventually("the built-in states are in force", async || (hash().await == built_in).then_some(())).await;
    assert_eq!(is_good().await, 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_that_falls_silent_alerts_until_it_speaks_again() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    write_rules(&config, &RULES.replace("after: 60s", "after: 1s").replace("minimum_hold: 5s", "minimum_hold: 0s"));
    let suite = Suite::start(folder.path(), &["--config", config.to_str().unwrap()]).await;
    suite.push_pain("agent-7", 0.3).await;
    let alert = eventually("an alert", async || suite.alerts("?state=firing").await.into_iter().next()).await;
    assert_eq!((alert["rule"].as_str(), alert["subject"].as_str()), (Some("stale"), Some("agent-7")));
    assert!(alert["value"].as_f64().unwrap() >= 1.0, "{alert}");
    eventually("its vital is marked", async || {
        let subject = suite.get("/api/v1/subjects/agent-7").await["subject"].clone();
        (subject["verdict"]["pain"]["stale"] == true).then_some(())
    })
    .await;
    // It speaks until the end is noticed: it would be silent again a second after the last word.
    let resolved = eventually("its end", async || {
        suite.push_pain("agent-7", 0.3).await;
        suite.alerts("?state=resolved").await.into_iter().next()
    })
    .await;
    assert_eq!(resolved["id"], alert["id"]);
}
