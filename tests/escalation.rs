//! Who is told of an alert, and when: through the program, a real Alertmanager with routes as in production, and its
//! receivers. And what the program says beforehand.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use test_support::{Alertmanager, Notified, WebhookReceiver};

use crate::suite::{Suite, eventually};

/// Chains of seconds.
const ESCALATION: &str = "\
chains:
  P0:
    - { after: 0s, role: DevOps Lead, channels: [slack, pagerduty] }
    - { after: 3s, role: SRE, channels: [pagerduty] }
    - { after: 4s, role: Tech Lead, channels: [email] }
  P1:
    - { after: 0s, channels: [slack] }
    - { after: 1s, role: SRE, channels: [email] }
  P2:
    - { after: 0s }
acknowledge_timeouts: { P0: 1h, P1: 0s, P2: 0s }
chaos: []
";

const MAINTENANCE: &str = "\
maintenance:
  - { name: { en: Quiet, ru: Тихо }, begins: Sun 02:00, lasts: 2h, mutes: [P1, P2] }
";
/// For what goes by the clock of the world: it may be Sunday.
const NO_MAINTENANCE: &str = "maintenance: []\n";

const ROUTES: &str = "\
route:
  receiver: nobody
  group_by: [subject]
  group_wait: 0s
  group_interval: 100ms
  repeat_interval: 1h
  routes:
    - { receiver: watchdog, matchers: ['alertname=\"Watchdog\"'] }
    - { receiver: devops-lead, matchers: ['priority=\"P0\"', 'escalation=\"1\"'] }
    - { receiver: sre, matchers: ['priority=~\"P0|P1\"', 'escalation=\"2\"'] }
    - { receiver: tech-lead, matchers: ['priority=\"P0\"', 'escalation=\"3\"'] }
    - { receiver: slack, matchers: ['priority=\"P1\"', 'escalation=\"1\"'] }
inhibit_rules:
  - { source_matchers: ['priority=\"P0\"'], target_matchers: ['priority=~\"P1|P2\"'], equal: [subject, service] }
receivers:
  - name: nobody
";

/// A folder with these chains and windows, and bands that alert at once.
fn write_rules(folder: &Path, maintenance: &str) {
    let bands = include_str!("../config/slo-thresholds-matrix.yml");
    let at_once = bands.replace("for: { P0: 0s, P1: 30s, P2: 2m }", "for: { P0: 0s, P1: 0s, P2: 0s }");
    assert_ne!(bands, at_once);
    std::fs::write(folder.join("slo-thresholds-matrix.yml"), at_once).unwrap();
    std::fs::write(folder.join("escalation.yml"), format!("{ESCALATION}{maintenance}")).unwrap();
}

/// What somebody was told, each once: of whom, what, by which step, and whether it began or ended.
fn told(receiver: &WebhookReceiver) -> BTreeSet<String> {
    let all = receiver.notified();
    let line = |one: &Notified| {
        let label = |name: &str| one.labels[name].as_str();
        format!("{} {} {} {}", label("subject"), label("alertname"), label("escalation"), one.status)
    };
    all.iter().map(line).collect()
}

async fn open_alert(suite: &Suite, subject: &str, name: &str) -> Value {
    let alerts = suite.alerts(&format!("?state=firing&subject={subject}")).await;
    alerts.into_iter().find(|alert| alert["name"] == name).unwrap()
}

fn lines<const N: usize>(lines: [&str; N]) -> BTreeSet<String> {
    lines.map(str::to_owned).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_should_be_is_told_and_all_of_them_hear_of_the_end() {
    let folder = tempfile::tempdir().unwrap();
    write_rules(folder.path(), NO_MAINTENANCE);
    let receiver = || async { WebhookReceiver::start().await.unwrap() };
    let (watchdog, devops_lead, sre) = tokio::join!(receiver(), receiver(), receiver());
    let (tech_lead, slack) = tokio::join!(receiver(), receiver());
    let named = [
        ("watchdog", &watchdog),
        ("devops-lead", &devops_lead),
        ("sre", &sre),
        ("tech-lead", &tech_lead),
        ("slack", &slack),
    ];
    let receivers =
        named.map(|(name, to)| format!("  - {{ name: {name}, webhook_configs: [{{ url: '{}' }}] }}\n", to.url()));
    let alertmanager = Alertmanager::start_with(&format!("{ROUTES}{}", receivers.concat())).await.unwrap();
    let urls = format!("alertmanager.urls={}", alertmanager.url());
    let config = folder.path().to_str().unwrap();
    let often = ["--set", "alertmanager.resend=1s", "--set", "alertmanager.timeout=1s"];
    let flags = [&["--config", config, "--set", &urls][..], &often].concat();
    let suite = Suite::start(folder.path(), &flags).await;

    // One that is seen climbs no further.
    suite.push_pain("seen", 0.95).await;
    devops_lead.wait_for(|page| page.labels["subject"] == "seen").await.unwrap();
    let seen = open_alert(&suite, "seen", "PainCriticalHigh").await;
    let url = format!("{}/api/v1/alerts/{}/acknowledge", suite.pulse, seen["id"].as_str().unwrap());
    let answer = suite.client.post(&url).json(&json!({"by": "Ann"})).send().await.unwrap();
    assert_eq!(answer.status(), 200);

    suite.push(&json!({"subject": "agent-7", "trust": 0.5})).await;
    slack.wait_for(|page| page.is("TrustBlockLow", "firing")).await.unwrap();
    suite.push_pain("agent-7", 0.95).await;
    let page = tech_lead.wait_for(|page| page.is("PainCriticalHigh", "firing")).await.unwrap();
    assert_eq!(page.labels["subject"], "agent-7");
    assert_eq!(page.annotations["escalated_to"], "Tech Lead");
    assert_eq!(page.annotations["channels"], "email");
    assert!(page.annotations["actions"].contains("emergency_recovery"), "{page:?}");
    let pain = open_alert(&suite, "agent-7", "PainCriticalHigh").await;
    assert_eq!((&pain["escalation"]["step"], pain["escalation"]["taken"].as_array().unwrap().len()), (&json!(3), 3));

    // The less urgent one may speak when the P0 is over.
    suite.push_pain("agent-7", 0.3).await;
    sre.wait_for(|page| page.is("TrustBlockLow", "firing")).await.unwrap();
    suite.push(&json!({"subject": "agent-7", "trust": 0.8})).await;
    for receiver in [&sre, &slack] {
        receiver.wait_for(|page| page.is("TrustBlockLow", "resolved")).await.unwrap();
    }
    for receiver in [&devops_lead, &sre, &tech_lead] {
        receiver.wait_for(|page| page.is("PainCriticalHigh", "resolved")).await.unwrap();
    }
    watchdog.wait_for(|page| page.is("Watchdog", "firing")).await.unwrap();

    let pain = |step: &str, status: &str| format!("agent-7 PainCriticalHigh {step} {status}");
    let trust = |step: &str, status: &str| format!("agent-7 TrustBlockLow {step} {status}");
    let seen = "seen PainCriticalHigh 1 firing";
    assert_eq!(told(&devops_lead), lines([seen, &pain("1", "firing"), &pain("1", "resolved")]));
    let sre_heard = [&pain("2", "firing"), &pain("2", "resolved"), &trust("2", "firing"), &trust("2", "resolved")];
    assert_eq!(told(&sre), lines(sre_heard.map(String::as_str)));
    assert_eq!(told(&tech_lead), lines([&pain("3", "firing"), &pain("3", "resolved")]));
    assert_eq!(told(&slack), lines([&trust("1", "firing"), &trust("1", "resolved")]));
    eventually("the steps are counted", async || {
        let metrics = suite.client.get(format!("{}/metrics", suite.slo_engine)).send().await.ok()?.text().await.ok()?;
        metrics.lines().any(|line| line == "iskra_alerts_total{change=\"escalated\"} 3").then_some(())
    })
    .await;
}

fn simulate(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iskra"));
    command.args(["escalate", "simulate"]).args(arguments).current_dir(folder).env_remove("ISKRA_CONFIG");
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_simulation_tells_who_would_be_told_and_when() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, told) in [
        (
            &["P0", "--at", "2026-01-03T03:00:00Z", "--acknowledge-after", "7m"][..],
            "\
P0 opens at Sat 2026-01-03T03:00:00Z and goes on firing:
Sat 2026-01-03T03:00:00Z  +0s       step 1: DevOps Lead by slack, pagerduty
Sat 2026-01-03T03:05:00Z  +5m       step 2: SRE by slack, pagerduty
Sat 2026-01-03T03:07:00Z  +7m       acknowledged: no more steps, no reminders
Sat 2026-01-03T03:37:00Z  +37m      the acknowledgement lapses, step 2 again: SRE by slack, pagerduty
Sat 2026-01-03T03:37:00Z  +37m      step 3: Tech Lead by slack, pagerduty, email
",
        ),
        (
            &["P0", "--at", "2026-01-03T03:00:00Z", "--acknowledge-after", "20m"],
            "\
P0 opens at Sat 2026-01-03T03:00:00Z and goes on firing:
Sat 2026-01-03T03:00:00Z  +0s       step 1: DevOps Lead by slack, pagerduty
Sat 2026-01-03T03:05:00Z  +5m       step 2: SRE by slack, pagerduty
Sat 2026-01-03T03:15:00Z  +15m      step 3: Tech Lead by slack, pagerduty, email
Sat 2026-01-03T03:20:00Z  +20m      acknowledged: no more steps, no reminders
Sat 2026-01-03T03:50:00Z  +50m      the acknowledgement lapses, step 3 again: Tech Lead by slack, pagerduty, email
",
        ),
        (
            &["p1", "--at", "2026-01-04T03:00:00Z"],
            "\
P1 opens at Sun 2026-01-04T03:00:00Z and goes on firing:
Sun 2026-01-04T03:00:00Z  +0s       held until Sun 2026-01-04T04:00:00Z: Weekly maintenance
Sun 2026-01-04T04:00:00Z  +1h       step 1: shown in slack
Sun 2026-01-04T04:15:00Z  +1h15m    step 2: SRE by slack, email
Sun 2026-01-04T05:00:00Z  +2h       step 3: PM by slack, email
",
        ),
        (
            &["P2", "--at", "2026-01-03T23:00:00Z"],
            "\
P2 opens at Sat 2026-01-03T23:00:00Z and goes on firing:
Sat 2026-01-03T23:00:00Z  +0s       step 1: nobody is called: it is in the inbox and at Alertmanager
Sun 2026-01-04T04:00:00Z  +5h       step 2: PM by email
",
        ),
    ] {
        assert_eq!(simulate(folder.path(), arguments), (0, told.to_owned(), String::new()));
    }
}

#[test]
fn a_simulation_goes_by_the_rules_of_a_folder_and_speaks_json() {
    let folder = tempfile::tempdir().unwrap();
    write_rules(folder.path(), MAINTENANCE);
    let arguments = ["P1", "--at", "sun 03:00", "--config", ".", "--json"];
    let (code, said, _) = simulate(folder.path(), &arguments);
    assert_eq!(code, 0);
    let said: Value = serde_json::from_str(&said).unwrap();
    let opened_at = said["simulation"]["opened_at"].as_str().unwrap();
    assert!(opened_at.ends_with("T03:00:00Z"), "{opened_at}");
    let end = opened_at.replace("T03:", "T04:");
    let second = end.replace("00Z", "01Z");
    assert_eq!(
        said["simulation"]["happenings"],
        json!([
            {"at": opened_at, "after_seconds": 0.0, "what": "held", "until": end, "by": "maintenance"},
            {"at": end, "after_seconds": 3600.0, "what": "told", "step": 1, "role": "", "channels": ["slack"]},
            {"at": second, "after_seconds": 3601.0, "what": "told", "step": 2, "role": "SRE", "channels": ["email"]},
        ])
    );
}

#[test]
fn a_simulation_of_nonsense_says_what_is_expected() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, expected) in [
        (&["P7"][..], "expected P0, P1 or P2"),
        (&["P0", "--at", "Sonntag 03:00"], "expected a day and a time in UTC, like 'Sun 03:00'"),
        (&["P0", "--at", "Sun 25:00"], "expected a day and a time in UTC, like 'Sun 03:00'"),
        (&["P0", "--acknowledge-after", "7"], "whole numbers with a unit"),
        (&["P0", "--config", "nowhere"], "nowhere"),
    ] {
        let (code, said, error) = simulate(folder.path(), arguments);
        assert!(code != 0 && said.is_empty() && error.contains(expected), "{arguments:?}: {code} {error}");
    }
}
