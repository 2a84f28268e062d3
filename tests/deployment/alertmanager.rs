//! From alerts to people, by the shipped configuration of Alertmanager.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use domain::{Channel, Priority};
use rules::Rules;
use serde_json::{Value, json};
use tempfile::TempDir;
use test_support::Alertmanager;

use super::people::{PASSWORD, People, TOKEN};
use super::shipped;
use crate::suite::{Suite, eventually};

const FOLDER: &str = "deploy/alertmanager";

fn amtool(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("amtool").args(arguments).current_dir(shipped::path(FOLDER)).output();
    let output = output.expect("amtool runs: get it with `apt-get install prometheus-alertmanager`");
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    if output.status.success() { Ok(said) } else { Err(said) }
}

#[test]
fn the_configuration_is_right_and_both_languages_have_the_same_words() {
    amtool(&["check-config", "alertmanager.yml"]).unwrap_or_else(|said| panic!("{said}"));
    let defined = |language: &str| {
        let text = shipped::text(&format!("{FOLDER}/templates/{language}.tmpl"));
        shipped::named(&text, "{{ define ")
            .map(|rest| rest.split_once(" }}").unwrap().0.to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(defined("en"), defined("ru"));
    let used = shipped::text(&format!("{FOLDER}/templates/iskra.tmpl"))
        + &shipped::text(&format!("{FOLDER}/alertmanager.yml"));
    for word in defined("en") {
        assert!(used.contains(&format!("template {word}")), "{word} is used nowhere");
    }
}

#[test]
fn secrets_are_in_files_alone() {
    let text = shipped::text(&format!("{FOLDER}/alertmanager.yml"));
    for name in ["slack_api_url:", "api_url:", "routing_key:", "service_key:", "smtp_auth_password:", "credentials:"] {
        assert!(!text.contains(name), "{name}");
    }
}

#[test]
fn alerts_go_to_whom_they_are_for() {
    let engine = |rest: &str| format!("service=slo-engine subject=agent-7 {rest}");
    let iskra = |rest: &str| format!("service=iskra {rest}");
    for (labels, receivers) in [
        (engine("alertname=PainCriticalHigh priority=P0 escalation=1"), "devops-lead"),
        (engine("alertname=PainCriticalHigh priority=P0 escalation=2"), "sre"),
        (engine("alertname=PainCriticalHigh priority=P0 escalation=2 lapse=1"), "sre"),
        (engine("alertname=PainCriticalHigh priority=P0 escalation=3"), "tech-lead"),
        (engine("alertname=PainCriticalHigh priority=P0 escalation=1 simulated=true"), "devops-lead"),
        // A step that these routes do not know is nobody's if it is not somebody's.
        (engine("alertname=PainCriticalHigh priority=P0 escalation=4"), "devops-lead"),
        (engine("alertname=TrustBlockLow priority=P1 escalation=1"), "slack"),
        (engine("alertname=TrustBlockLow priority=P1 escalation=2"), "sre-by-mail"),
        (engine("alertname=TrustBlockLow priority=P1 escalation=3"), "pm"),
        (engine("alertname=SubjectStale priority=P1 escalation=1"), "slack"),
        (engine("alertname=PainWarnHigh priority=P2 escalation=1"), "inbox-only"),
        (engine("alertname=PainWarnHigh priority=P2 escalation=2"), "pm-by-mail"),
        (engine("alertname=PainWarnHigh priority=P7 escalation=1"), "slack"),
        ("alertname=Watchdog service=slo-engine severity=none".to_owned(), "dead-mans-switch"),
        (iskra("alertname=IskraPartitionsUnjudged priority=P0"), "itself-urgent"),
        (iskra("alertname=IskraIngestFails priority=P1"), "itself"),
        (iskra("alertname=IskraBusDown priority=P2"), "itself-later"),
        (iskra("alertname=IskraSomething"), "itself-urgent"),
        ("alertname=DiskFull instance=db".to_owned(), "slack"),
    ] {
        let receivers = format!("--verify.receivers={receivers}");
        let arguments = ["config", "routes", "test", "--config.file=alertmanager.yml", &receivers];
        let labels: Vec<_> = labels.split(' ').collect();
        amtool(&[&arguments[..], &labels].concat()).unwrap_or_else(|said| panic!("{labels:?}: {said}"));
    }
}

/// Those of the ways to a receiver that are meant by the channels of a step.
fn ways(receiver: &str) -> BTreeSet<&'static str> {
    let text = shipped::text(&format!("{FOLDER}/alertmanager.yml"));
    let block = text.split("\n  - name: ").find(|block| block.lines().next() == Some(receiver)).unwrap();
    let ways = [
        ("slack_configs:", Channel::Slack),
        ("pagerduty_configs:", Channel::PagerDuty),
        ("email_configs:", Channel::Email),
    ];
    ways.into_iter().filter(|(key, _)| block.contains(key)).map(|(_, channel)| channel.name()).collect()
}

#[test]
fn each_step_of_the_shipped_chains_goes_by_the_channels_that_it_names() {
    let rules = Rules::built_in();
    for priority in [Priority::P0, Priority::P1, Priority::P2] {
        for (step, number) in rules.escalation.chain(priority).iter().zip(1..) {
            let labels = [
                "service=slo-engine".to_owned(),
                format!("priority={}", priority.name()),
                format!("escalation={number}"),
            ];
            let labels: Vec<_> = labels.iter().map(String::as_str).collect();
            let arguments = ["config", "routes", "test", "--config.file=alertmanager.yml"];
            let said = amtool(&[&arguments[..], &labels].concat()).unwrap();
            let receiver = said.lines().next().unwrap();
            let channels: BTreeSet<_> = step.channels.iter().map(|channel| channel.name()).collect();
            assert_eq!(ways(receiver), channels, "{priority:?}, step {number} to {receiver}");
        }
    }
}

#[test]
fn the_window_is_that_of_the_engine() {
    let engine = shipped::text("config/escalation.yml");
    assert!(
        engine.contains("    begins: Sun 02:00\n    lasts: 2h\n    mutes: [P1, P2]\n"),
        "the engine has another window"
    );
    let alertmanager = shipped::text(&format!("{FOLDER}/alertmanager.yml"));
    assert!(alertmanager.contains(WINDOW), "Alertmanager has another window");
}

/// The shipped configuration with these people, and whatever else is said.
pub(super) async fn start(people: &People, words: &[(&str, &str)]) -> (TempDir, Alertmanager) {
    let folder = tempfile::tempdir().unwrap();
    shipped::copy(&shipped::path(FOLDER), folder.path());
    let secrets = folder.path().join("secrets");
    std::fs::create_dir(&secrets).unwrap();
    let slack = format!("{}/slack", people.http);
    for (name, secret) in [
        ("slack-webhook-url", slack.as_str()),
        ("smtp-password", PASSWORD),
        ("dead-mans-switch-token", TOKEN),
        ("pagerduty-devops-lead", "devops-lead"),
        ("pagerduty-sre", "sre"),
        ("pagerduty-tech-lead", "tech-lead"),
    ] {
        // Without a line's end: Alertmanager would take it for a part of the password.
        std::fs::write(secrets.join(name), secret).unwrap();
    }
    let configuration = folder.path().join("alertmanager.yml");
    let (pagerduty, switch) = (format!("{}/pagerduty", people.http), format!("{}/switch", people.http));
    let own = [
        ("/etc/alertmanager/secrets", secrets.to_str().unwrap()),
        ("https://events.pagerduty.com/v2/enqueue", &pagerduty),
        ("https://deadman.example.com/ping/iskra", &switch),
        ("smtp.example.com:587", &people.mail),
        // The stand-in for the mail server speaks no TLS.
        ("smtp_require_tls: true", "smtp_require_tls: false"),
    ];
    shipped::rewrite(&configuration, &[&own[..], words].concat());
    let alertmanager = Alertmanager::start_from(&configuration).await.unwrap();
    (folder, alertmanager)
}

/// The shipped rules with chains of seconds, and bands that alert at once.
fn write_rules(folder: &Path) {
    let bands = shipped::text("config/slo-thresholds-matrix.yml");
    std::fs::write(folder.join("slo-thresholds-matrix.yml"), bands).unwrap();
    std::fs::write(folder.join("escalation.yml"), shipped::text("config/escalation.yml")).unwrap();
    let at_once = [("for: { P0: 0s, P1: 30s, P2: 2m }", "for: { P0: 0s, P1: 0s, P2: 0s }")];
    shipped::rewrite(&folder.join("slo-thresholds-matrix.yml"), &at_once);
    // On Sundays as on any other day.
    let soon = [("after: 5m", "after: 3s"), ("after: 15m", "after: 6s"), ("mutes: [P1, P2]", "mutes: [P2]")];
    shipped::rewrite(&folder.join("escalation.yml"), &soon);
}

/// What belongs together comes together, and the test need not wait for it.
const SOON: (&str, &str) = ("group_wait: 10s", "group_wait: 0s");
const OFTEN: (&str, &str) = ("group_interval: 10s", "group_interval: 500ms");
/// Every week.
const WINDOW: &str = "{ weekdays: [sunday], times: [{ start_time: '02:00', end_time: '04:00' }], location: UTC }";
const PAIN: &str = "[P0] Pain of agent-7 is 0.95: critical from 0.70 up";
const PAIN_OVER: &str = "[P0 is over] Pain of agent-7 is 0.95: critical from 0.70 up";

#[tokio::test(flavor = "multi_thread")]
async fn people_read_each_step_of_a_chain_and_its_end() {
    let people = People::start().await;
    let (_configuration, alertmanager) = start(&people, &[SOON, OFTEN]).await;
    let folder = tempfile::tempdir().unwrap();
    write_rules(folder.path());
    let urls = format!("alertmanager.urls={}", alertmanager.url());
    let flags = [
        "--config",
        folder.path().to_str().unwrap(),
        "--set",
        &urls,
        "--set",
        "public_url=https://iskra.example.com/pulse/",
    ];
    let more = ["--set", "alertmanager.runbooks=https://iskra.example.com/runbooks"];
    let often = ["--set", "alertmanager.resend=1s", "--set", "alertmanager.timeout=1s"];
    let suite = Suite::start(folder.path(), &[&flags[..], &more, &often].concat()).await;
    people.told("switch", "Watchdog").await;

    // One that somebody sees climbs no further.
    suite.push_pain("seen", 0.95).await;
    people.told("slack", "[P0] Pain of seen is 0.95: critical from 0.70 up").await;
    let seen = suite.alerts("?state=firing&subject=seen").await;
    let seen = seen.iter().find(|alert| alert["name"] == "PainCriticalHigh").unwrap().clone();
    let url = format!("{}/api/v1/alerts/{}/acknowledge", suite.pulse, seen["id"].as_str().unwrap());
    let answer = suite.client.post(&url).json(&json!({"by": "Ann"})).send().await.unwrap();
    assert!(answer.status().is_success());
    let acknowledged = eventually("it is acknowledged", async || {
        let alerts = suite.alerts("?state=firing&subject=seen").await;
        alerts.into_iter().find(|alert| alert["id"] == seen["id"] && alert["acknowledged"]["by"] == "Ann")
    })
    .await;

    suite.push_pain("agent-7", 0.95).await;
    // Step 1.
    let lead = people.told("pagerduty devops-lead", PAIN).await;
    assert_eq!(lead.incident.0, "trigger");
    let opened_at =
        suite.alerts("?state=firing&subject=agent-7").await[0]["opened_at"].as_str().unwrap().replace(':', "%3A");
    let text = |turn: &str| {
        format!(
            "\
Pain of agent-7 is 0.95: critical from 0.70 up
Value: 0.95 (limit 0.7)
Why: Acute pain: it is failing those who depend on it right now.
Do: Act at once: stop what hurts, undo the latest change, tell those affected.
Done already: emergency_recovery
Turn of: {turn}
Dashboard: https://iskra.example.com/pulse/?subject=agent-7&at={opened_at}
Runbook: https://iskra.example.com/runbooks/PainCriticalHigh
"
        )
    };
    assert_eq!(lead.text.trim_end(), text("DevOps Lead").trim_end());
    let slack = people.told("slack", PAIN).await.text;
    assert!(
        slack.starts_with("*Pain of agent-7 is 0.95: critical from 0.70 up*\nValue: 0.95 (limit 0.7)\nWhy: Acute"),
        "{slack}"
    );
    let links = format!(
        "<https://iskra.example.com/pulse/?subject=agent-7&at={opened_at}|Dashboard> · <https://iskra.example.com/runbooks/PainCriticalHigh|Runbook>"
    );
    assert!(slack.trim_end().ends_with(&links), "{slack}");
    // A lesser one of the same subject adds nothing now.
    suite.push(&json!({"subject": "agent-7", "trust": 0.5})).await;

    // Steps 2 and 3, each another person's incident, the last by mail too.
    let sre = people.told("pagerduty sre", PAIN).await;
    assert_eq!(sre.text.trim_end(), text("SRE").trim_end());
    let tech_lead = people.told("pagerduty tech-lead", PAIN).await;
    assert_eq!(tech_lead.text.trim_end(), text("Tech Lead").trim_end());
    let incidents: BTreeSet<_> = [&lead, &sre, &tech_lead].map(|message| message.incident.1.clone()).into();
    assert_eq!(incidents.len(), 3);
    let mail = people.told("mail tech-lead@example.com", PAIN).await.text;
    assert!(mail.contains(&text("Tech Lead")), "{mail}");
    assert!(mail.contains("<b>Pain of agent-7 is 0.95: critical from 0.70 up</b>"), "{mail}");
    assert_eq!(people.with("Trust of agent-7"), []);

    // In the time of two steps the one that was seen has taken none.
    let alerts = suite.alerts("?state=firing&subject=seen").await;
    let still = alerts.iter().find(|alert| alert["id"] == seen["id"]).unwrap();
    assert_eq!(still["escalation"]["step"], acknowledged["escalation"]["step"]);

    // The end reaches all of them, and closes the incidents; then the lesser one may speak.
    suite.push_pain("agent-7", 0.3).await;
    suite.push_pain("seen", 0.3).await;
    for (message, to) in [(lead, "devops-lead"), (sre, "sre"), (tech_lead, "tech-lead")] {
        let over = people.told(&format!("pagerduty {to}"), PAIN_OVER).await;
        assert_eq!(over.incident, ("resolve".to_owned(), message.incident.1));
    }
    assert!(people.told("mail tech-lead@example.com", PAIN_OVER).await.text.contains("Over since 20"));
    people.told("slack", PAIN_OVER).await;
    people.told("slack", "[P0 is over] Pain of seen is 0.95: critical from 0.70 up").await;
    people.told("slack", "[P1] Trust of agent-7 is 0.50: BLOCK from 0.55 down").await;
    // Each of them was told once that it began and once that it ended; the channel of each step, and once of the end.
    let mut told = [("pagerduty devops-lead", 4), ("pagerduty sre", 2), ("pagerduty tech-lead", 2)].to_vec();
    told.push(("mail tech-lead@example.com", 2));
    for (to, messages) in told {
        assert_eq!(people.read(to).len(), messages, "{to}: {:#?}", people.read(to));
    }
    let in_slack = |title: &str| people.read("slack").iter().filter(|message| message.title == title).count();
    assert_eq!((in_slack(PAIN), in_slack(PAIN_OVER)), (3, 1));
}

/// An alert as the engine or Prometheus hands it over.
async fn post(alertmanager: &Alertmanager, labels: Value, annotations: Value) {
    let alerts =
        json!([{"labels": labels, "annotations": annotations, "generatorURL": "https://iskra.example.com/pulse/"}]);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.post(format!("{}/api/v2/alerts", alertmanager.url())).json(&alerts).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

fn critical(subject: &str, more: &[(&str, &str)]) -> Value {
    let own = [("alertname", "PainCriticalHigh"), ("subject", subject), ("priority", "P0"), ("severity", "critical")];
    own.iter().chain(&[("service", "slo-engine"), ("escalation", "1")]).chain(more).copied().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_is_called_one_and_what_was_typed_calls_nobody() {
    let people = People::start().await;
    let (_folder, alertmanager) = start(&people, &[SOON, OFTEN]).await;
    let seen = json!({"summary": "Pain", "acknowledged": "Ann, now: <!channel> on it", "recommendation": "Act"});
    post(&alertmanager, critical("agent-7", &[("simulated", "true")]), seen).await;
    let slack = people.told("slack", "DRILL: [P0] Pain").await.text;
    assert!(slack.contains("\nThis is a drill: the subject is simulated.\n"), "{slack}");
    assert!(slack.contains("\nSeen by: Ann, now: !channel on it\n"), "{slack}");
    people.told("pagerduty devops-lead", "DRILL: [P0] Pain").await;

    // What is real is not held back by it.
    let lesser = json!({"service": "slo-engine", "alertname": "TrustBlockLow", "subject": "agent-7", "priority": "P1", "escalation": "1"});
    post(&alertmanager, lesser, json!({"summary": "Trust"})).await;
    people.told("slack", "[P1] Trust").await;
    // Several of a subject come as one.
    post(&alertmanager, critical("agent-8", &[]), json!({"summary": "Pain of agent-8"})).await;
    post(&alertmanager, critical("agent-8", &[("vital", "chaos")]), json!({"summary": "Chaos of agent-8"})).await;
    eventually("both are told", async || people.with("(and more: 1)").into_iter().next()).await;
    // Told again after an acknowledgement lapsed.
    post(&alertmanager, critical("agent-9", &[("lapse", "1")]), json!({"summary": "Pain of agent-9"})).await;
    let again = people.told("slack", "[P0] Pain of agent-9").await.text;
    assert!(again.contains("\nTold again: the acknowledgement lapsed, and it still fires.\n"), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_window_only_what_is_urgent_is_told_and_people_read_their_language() {
    let people = People::start().await;
    let words =
        [SOON, OFTEN, (WINDOW, "{ weekdays: ['sunday:saturday'] }"), ("templates/en.tmpl", "templates/ru.tmpl")];
    let (_folder, alertmanager) = start(&people, &words).await;
    let of_iskra = |name: &str, priority: &str| json!({"service": "iskra", "alertname": name, "priority": priority});
    let both = json!({"summary": "Fails", "summary_ru": "Сбой", "recommendation": "Look", "recommendation_ru": "Смотрите", "value": "5%"});
    for (name, priority) in [("IskraBusDown", "P2"), ("IskraIngestFails", "P1"), ("IskraPagingBlocked", "P0")] {
        post(&alertmanager, of_iskra(name, priority), both.clone()).await;
    }
    let told = people.told("pagerduty sre", "[P0] Сбой").await;
    assert_eq!(
        told.text.trim_end(),
        "Сбой\nЗначение: 5%\nЧто делать: Смотрите\nПанель: https://iskra.example.com/pulse/"
    );
    // The engine holds back its own: what it hands over is told.
    let trust = json!({"service": "slo-engine", "alertname": "TrustBlockLow", "subject": "a", "priority": "P1", "escalation": "2"});
    post(&alertmanager, trust, json!({"summary": "Доверие"})).await;
    people.told("slack", "[P1] Доверие").await;
    eventually("by mail too", async || people.read("mail sre@example.com").into_iter().next()).await;
    let told = people.with("Сбой");
    assert!(told.iter().all(|message| message.title == "[P0] Сбой"), "{told:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_urgent_waits_for_nothing() {
    let people = People::start().await;
    let (_folder, alertmanager) = start(&people, &[("group_wait: 10s", "group_wait: 1h"), OFTEN]).await;
    let watchdog = json!({"alertname": "Watchdog", "service": "slo-engine"});
    let itself = json!({"alertname": "IskraPagingBlocked", "service": "iskra", "priority": "P0"});
    for labels in [watchdog, itself, critical("agent-7", &[]), critical("agent-8", &[("escalation", "3")])] {
        post(&alertmanager, labels, json!({})).await;
    }
    people.told("switch", "Watchdog").await;
    people.told("pagerduty sre", "[P0] IskraPagingBlocked").await;
    people.told("pagerduty devops-lead", "[P0] PainCriticalHigh").await;
    people.told("mail tech-lead@example.com", "[P0] PainCriticalHigh").await;
}
