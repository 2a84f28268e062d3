//! The dashboards of Grafana: whole, and every question in them has an answer. Grafana itself is not run: variables and
//! macros are substituted as it does, and Prometheus and PostgreSQL are asked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, ValueRef as _};
use test_support::Postgres;

use super::prometheus::Watched;
use super::shipped;
use crate::suite::eventually;

const SOURCES: &str = "deploy/grafana/provisioning/datasources/iskra.yml";
const SUBJECT: &str = "agent-7";
/// Budgets are shown every 15 s, and Prometheus looks after that.
const PATIENCE: Duration = Duration::from_secs(40);

fn dashboards() -> Vec<(String, Value)> {
    let name = |file: &Path| file.file_stem().unwrap().to_str().unwrap().to_owned();
    let read = |file: &Path| serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let dashboards: Vec<_> =
        shipped::files("deploy/grafana/dashboards").iter().map(|file| (name(file), read(file))).collect();
    assert_eq!(dashboards.len(), 5);
    dashboards
}

/// The type of each data source, by its uid.
fn sources() -> BTreeMap<String, String> {
    let text = shipped::text(SOURCES);
    let of = |words| shipped::named(&text, words).map(str::to_owned).collect::<Vec<_>>();
    of("uid:").into_iter().zip(of("type:")).collect()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

/// What is wrong with a dashboard that Grafana would show all the same.
fn mistakes(dashboard: &Value, sources: &BTreeMap<String, String>) -> Vec<String> {
    let mut mistakes = Vec::new();
    let (mut titles, mut places) = (BTreeSet::new(), BTreeSet::new());
    let is_known =
        |of: &Value| of["uid"].as_str().and_then(|uid| sources.get(uid)).is_some_and(|kind| of["type"] == *kind);
    for panel in list(dashboard, "panels") {
        let title = panel["title"].as_str().unwrap_or_default();
        for (part, text) in [
            ("title", &panel["title"]),
            ("description", &panel["description"]),
            ("unit", &panel["fieldConfig"]["defaults"]["unit"]),
        ] {
            if text.as_str().is_none_or(str::is_empty) {
                mistakes.push(format!("`{title}` has no {part}"));
            }
        }
        if !titles.insert(title) {
            mistakes.push(format!("`{title}` is there twice"));
        }
        let [x, y, width, height] = ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_u64().unwrap());
        let is_apart = (x..x + width).all(|x| (y..y + height).all(|y| x < 24 && places.insert((x, y))));
        if !is_apart {
            mistakes.push(format!("`{title}` lies over another panel"));
        }
        let targets = list(panel, "targets");
        if targets.is_empty() || !targets.iter().chain([panel]).all(|part| is_known(&part["datasource"])) {
            mistakes.push(format!("`{title}` asks an unknown data source"));
        }
    }
    mistakes
}

#[test]
fn dashboards_are_whole_and_what_their_sources_say() {
    let sources = sources();
    assert_eq!(sources.len(), 2);
    let mut uids = BTreeSet::new();
    for (name, dashboard) in dashboards() {
        assert_eq!(mistakes(&dashboard, &sources), [""; 0], "{name}");
        assert!(uids.insert(dashboard["uid"].as_str().unwrap().to_owned()), "the uid of {name} is another one's");
        assert_eq!((&dashboard["timezone"], &dashboard["id"]), (&json!("browser"), &Value::Null), "{name}");
    }
    let mut check = Command::new("node");
    let checked = check.args(["generate.mjs", "--check"]).current_dir(shipped::path("deploy/grafana")).output();
    let checked = checked.expect("node runs");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn a_dashboard_that_is_not_whole_is_seen() {
    let sources = sources();
    let (_, good) = dashboards().remove(0);
    for (place, value, mistake) in [
        ("/panels/0/title", json!(""), "`` has no title"),
        ("/panels/0/description", Value::Null, "has no description"),
        ("/panels/0/fieldConfig/defaults/unit", json!(""), "has no unit"),
        ("/panels/0/datasource/uid", json!("mine"), "asks an unknown data source"),
        ("/panels/0/targets/0/datasource/type", json!("postgres"), "asks an unknown data source"),
        ("/panels/0/title", good["panels"][1]["title"].clone(), "is there twice"),
        ("/panels/0/gridPos/x", json!(5), "lies over another panel"),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(place).unwrap() = value;
        let found = mistakes(&bad, &sources);
        assert!(found.iter().any(|found| found.contains(mistake)), "{place}: {found:?}");
    }
}

/// A question as Grafana would ask it.
fn substituted(query: &str) -> String {
    let (from, to) = ("'2000-01-01T00:00:00Z'", "'2100-01-01T00:00:00Z'");
    let mut text = query.to_owned();
    for (name, value) in [
        ("${subject:regex}", SUBJECT),
        ("$__rate_interval", "10s"),
        ("$__range", "1h"),
        ("$__timeFrom()", from),
        ("$__timeTo()", to),
    ] {
        text = text.replace(name, value);
    }
    while let Some((before, rest)) = text.split_once("$__timeFilter(") {
        let (column, after) = rest.split_once(')').unwrap();
        text = format!("{before}{column} BETWEEN {from} AND {to}{after}");
    }
    assert!(!text.contains("$__") && !text.contains("${"), "nobody knows this variable: {text}");
    text
}

/// Whether an answer has rows, and something in every column.
async fn is_answered(target: &Value, watched: &Watched, reader: &mut PgConnection) -> anyhow::Result<()> {
    if let Some(query) = target["expr"].as_str() {
        // What is not a number is no answer.
        let series = watched.prometheus.series(&format!("({}) >= -Inf", substituted(query))).await?;
        anyhow::ensure!(series > 0, "no series");
        return Ok(());
    }
    let query = substituted(target["rawSql"].as_str().unwrap());
    let rows = sqlx::raw_sql(AssertSqlSafe(query)).fetch_all(reader).await?;
    let first = rows.first().ok_or_else(|| anyhow::anyhow!("no rows"))?;
    for column in 0..first.len() {
        let is_told = rows.iter().any(|row| row.try_get_raw(column).is_ok_and(|value| !value.is_null()));
        anyhow::ensure!(is_told, "nothing in column {column} of {} rows", rows.len());
    }
    Ok(())
}

/// The reader of the dashboards, made as the documentation says.
async fn reader(database: &str) -> PgConnection {
    let mut owner = PgConnection::connect(database).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(shipped::text("deploy/grafana/reader.sql"))).execute(&mut owner).await.unwrap();
    let mut reader = PgConnection::connect(&database.replacen("postgres@", "grafana@", 1)).await.unwrap();
    for (query, refusal) in [
        ("SELECT * FROM engine_subjects", "permission denied"),
        ("DELETE FROM alerts", "read-only"),
        ("BEGIN READ WRITE; DELETE FROM alerts", "permission denied"),
    ] {
        let error = sqlx::raw_sql(query).execute(&mut reader).await.unwrap_err().to_string();
        assert!(error.contains(refusal), "{query}: {error}");
    }
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    reader
}

/// What a subject goes through so that there is something to show.
async fn make_a_crisis(watched: &Watched) {
    let suite = &watched.suite;
    // Windows of burn rates shrink with the period: the shortest to 5 s.
    let bands = shipped::text("config/slo-thresholds-matrix.yml");
    let quick = bands.replace("period: 30d", "period: 12h").replace("minimum_hold: 5s", "minimum_hold: 0s");
    assert_ne!(quick, bands);
    watched.rule("slo-thresholds-matrix.yml", &quick).await;
    suite.push(&json!({"subject": SUBJECT, "clarity": 0.8, "chaos": 0.4, "trust": 0.45, "pain": 0.95})).await;
    let alert = eventually("an alert", async || suite.alerts("?state=firing").await.pop()).await;
    let url = format!("{}/api/v1/alerts/{}/acknowledge", suite.pulse, alert["id"].as_str().unwrap());
    // Who writes so must not spoil a dashboard.
    let by = json!({"by": "Ann \"the lead\"", "note": "it is \"known\": {on it}"});
    let answer = suite.client.post(&url).json(&by).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_question_has_an_answer() {
    let database = Postgres::shared_database().await.unwrap();
    let watched = Watched::start_with(&["--set", &format!("storage.url={}", &*database)]).await;
    let suite = &watched.suite;
    let mut reader = reader(&database).await;
    make_a_crisis(&watched).await;

    let mut open = Vec::new();
    for (name, dashboard) in dashboards() {
        for panel in list(&dashboard, "panels") {
            let of = |target: &Value| (format!("{name}: {}", panel["title"]), target.clone());
            open.extend(list(panel, "targets").iter().map(of));
        }
        for variable in list(&dashboard["templating"], "list").iter().filter(|variable| variable["type"] == "query") {
            let query = variable["query"]["query"].as_str().unwrap();
            let (metric, label) =
                query.strip_prefix("label_values(").unwrap().strip_suffix(')').unwrap().split_once(", ").unwrap();
            let expr = format!("count by ({label}) ({metric}{{{label}!=\"\"}})");
            open.push((format!("{name}: {}", variable["name"]), json!({ "expr": expr })));
        }
    }
    let start = Instant::now();
    while !open.is_empty() {
        suite.push(&json!({"subject": SUBJECT, "clarity": 0.8, "chaos": 0.45, "trust": 0.75, "pain": 0.3})).await;
        for dashboard in [&suite.seams, &suite.voices] {
            suite.client.get(format!("{dashboard}/api/v1/subjects")).send().await.unwrap();
        }
        let mut unanswered = Vec::new();
        for (what, target) in open {
            if let Err(error) = is_answered(&target, &watched, &mut reader).await {
                let query = substituted(target["expr"].as_str().or(target["rawSql"].as_str()).unwrap());
                unanswered.push((what, target, format!("{error:#} for {query}")));
            }
        }
        let told = || unanswered.iter().map(|(what, _, why)| format!("{what}: {why}")).collect::<Vec<_>>().join("\n");
        assert!(start.elapsed() < PATIENCE, "not within {PATIENCE:?}:\n{}", told());
        open = unanswered.into_iter().map(|(what, target, _)| (what, target)).collect();
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    println!("every question has an answer after {:?}", start.elapsed());
}
