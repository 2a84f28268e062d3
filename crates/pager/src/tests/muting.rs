//! Reminders of acknowledged alerts, with a real Alertmanager that reminds often.

use std::time::Duration;

use domain::{Acknowledgement, Alert, Level, Priority, Silence};
use durable_log::Clock;
use serde_json::Value;
use test_support::{Alertmanager, DEADLINE, WebhookReceiver};

use super::{Running, eventually, new_alert, resolved};

const OFTEN: Duration = Duration::from_millis(100);

/// Each alert is a group of its own, and people are reminded of it several times a second.
fn reminding(url: &str) -> String {
    format!(
        "\
route: {{ receiver: test, group_by: ['...'], group_wait: 0s, group_interval: 100ms, repeat_interval: 200ms }}
receivers:
  - name: test
    webhook_configs: [{{ url: {url} }}]
"
    )
}

/// Silenced by a person from now on.
fn silenced(alert: &Alert, lasts: Duration) -> Alert {
    let from = Clock::system().now();
    let silence = Silence {
        id: "0-43.silence".into(),
        subject: alert.subject.clone(),
        rule: None,
        from,
        until: from.plus(lasts),
        by: "Bob".into(),
        note: "on it".into(),
        ended: None,
    };
    Alert { silenced: Some(silence), ..alert.clone() }
}

fn acknowledged(alert: &Alert) -> Alert {
    let seen = Acknowledgement { by: "Ann".into(), at: Clock::system().now(), note: "on it".into() };
    Alert { acknowledged: Some(seen), ..alert.clone() }
}

/// The alert after its acknowledgement has lapsed.
fn lapsed(alert: &Alert) -> Alert {
    let mut alert = Alert { acknowledged: None, ..alert.clone() };
    alert.escalation.lapses += 1;
    alert.escalation.told_again.push(alert.escalation.step);
    alert
}

#[tokio::test]
async fn who_acknowledges_is_reminded_no_more_until_that_lapses_and_hears_of_the_end() {
    let webhook = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start_with(&reminding(webhook.url())).await.unwrap();
    let running = Running::start(&[&alertmanager.url()], OFTEN, DEADLINE).await;
    let alert = new_alert("PainCriticalHigh");
    let other = Alert { priority: Priority::P1, level: Level::Block, ..new_alert("Other") };
    running.conclude(&[alert.clone(), other.clone()]).await;
    let times = |name: &str| webhook.notified().iter().filter(|page| page.is(name, "firing")).count();
    eventually("people are reminded", || times("PainCriticalHigh") >= 3 && times("Other") >= 3).await;

    running.conclude(&[acknowledged(&alert)]).await;
    eventually("it is silenced", || running.metric("iskra_pager_silences") == 1.0).await;
    let silences = silences(&alertmanager).await;
    assert_eq!(silences.len(), 1);
    assert_eq!(silences[0]["createdBy"], "iskra");
    assert_eq!(silences[0]["comment"], "acknowledged by Ann: on it");
    // What was on its way when the silence began has arrived with the next of the other.
    let (before, others) = (times("PainCriticalHigh"), times("Other"));
    eventually("others are reminded of", || times("Other") >= others + 5).await;
    assert!(times("PainCriticalHigh") <= before + 1, "{:#?}", webhook.notified());

    running.conclude(&[lapsed(&alert)]).await;
    webhook.wait_for(|page| page.labels.get("lapse").is_some_and(|lapse| lapse == "1")).await.unwrap();
    let seen_again = acknowledged(&lapsed(&alert));
    running.conclude(std::slice::from_ref(&seen_again)).await;
    eventually("it is silenced again", || running.metric("iskra_pager_silences") == 1.0).await;

    // Its end is told although nobody has heard of it since.
    running.conclude(&[resolved(seen_again)]).await;
    let ended = |lapse: Option<&str>| {
        let told = webhook.notified();
        told.iter().any(|page| {
            page.is("PainCriticalHigh", "resolved") && page.labels.get("lapse").map(String::as_str) == lapse
        })
    };
    eventually("the end is told to all", || ended(None) && ended(Some("1"))).await;
    running.stop().await;
    assert_eq!(self::silences(&alertmanager).await, Vec::<Value>::new());
}

#[tokio::test]
async fn nobody_is_reminded_of_what_a_person_has_silenced_and_its_end_is_told() {
    let webhook = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start_with(&reminding(webhook.url())).await.unwrap();
    let running = Running::start(&[&alertmanager.url()], OFTEN, DEADLINE).await;
    let alert = new_alert("PainCriticalHigh");
    let other = Alert { priority: Priority::P1, level: Level::Block, ..new_alert("Other") };
    running.conclude(&[alert.clone(), other]).await;
    let times = |name: &str| webhook.notified().iter().filter(|page| page.is(name, "firing")).count();
    eventually("people are reminded", || times("PainCriticalHigh") >= 3 && times("Other") >= 3).await;

    running.conclude(&[silenced(&alert, Duration::from_hours(2))]).await;
    eventually("it is silenced", || running.metric("iskra_pager_silences") == 1.0).await;
    assert_eq!(silences(&alertmanager).await[0]["comment"], "silenced by Bob: on it");
    let (before, others) = (times("PainCriticalHigh"), times("Other"));
    eventually("others are reminded of", || times("Other") >= others + 5).await;
    assert!(times("PainCriticalHigh") <= before + 1, "{:#?}", webhook.notified());

    // It is over early, and people are reminded again; then somebody silences it once more, and it ends.
    running.conclude(std::slice::from_ref(&alert)).await;
    let before = times("PainCriticalHigh");
    eventually("people are reminded again", || times("PainCriticalHigh") >= before + 3).await;
    let again = silenced(&alert, Duration::from_hours(2));
    running.conclude(std::slice::from_ref(&again)).await;
    eventually("it is silenced again", || running.metric("iskra_pager_silences") == 1.0).await;
    running.conclude(&[resolved(again)]).await;
    webhook.wait_for(|page| page.is("PainCriticalHigh", "resolved")).await.unwrap();
    running.stop().await;
    assert_eq!(self::silences(&alertmanager).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_silence_that_outlasts_an_acknowledgement_takes_its_place() {
    let webhook = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start_with(&reminding(webhook.url())).await.unwrap();
    let running = Running::start(&[&alertmanager.url()], OFTEN, DEADLINE).await;
    let seen = acknowledged(&new_alert("PainCriticalHigh"));
    running.conclude(std::slice::from_ref(&seen)).await;
    let comments = async || -> Vec<String> {
        let all = silences(&alertmanager).await;
        all.iter().map(|silence| silence["comment"].as_str().unwrap().to_owned()).collect()
    };
    let becomes = async |expected: &str| {
        let waiting = async {
            while comments().await != [expected] {
                tokio::time::sleep(OFTEN).await;
            }
        };
        tokio::time::timeout(DEADLINE, waiting).await.unwrap_or_else(|_| panic!("not `{expected}`"));
    };
    becomes("acknowledged by Ann: on it").await;
    let both = silenced(&seen, Duration::from_hours(24 * 6));
    let until = both.silenced.as_ref().unwrap().until;
    running.conclude(&[both]).await;
    becomes("silenced by Bob: on it").await;
    let ends: domain::Timestamp = silences(&alertmanager).await[0]["endsAt"].as_str().unwrap().parse().unwrap();
    assert!(ends.plus(Duration::from_millis(1)) >= until, "{ends} is before {until}");
    // Another round, the last one, leaves it as it is.
    let id = silences(&alertmanager).await[0]["id"].clone();
    running.stop().await;
    assert_eq!(silences(&alertmanager).await[0]["id"], id);
}

#[tokio::test]
async fn a_silence_that_somebody_else_made_stays() {
    let webhook = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start_with(&reminding(webhook.url())).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let now = Clock::system().now();
    let silence = serde_json::json!({
        "matchers": [{ "name": "subject", "value": "agent-7", "isRegex": false, "isEqual": true }],
        "startsAt": now, "endsAt": now.plus(Duration::from_secs(60)), "createdBy": "Ann", "comment": "",
    });
    let url = format!("{}/api/v2/silences", alertmanager.url());
    client.post(url).json(&silence).send().await.unwrap().error_for_status().unwrap();
    let running = Running::start(&[&alertmanager.url()], OFTEN, DEADLINE).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    eventually("it is handed over", || running.metric("iskra_pager_alerts{state=\"firing\"}") == 1.0).await;
    running.stop().await;
    assert_eq!(silences(&alertmanager).await.len(), 1);
}

/// Those in force.
async fn silences(alertmanager: &Alertmanager) -> Vec<Value> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("{}/api/v2/silences", alertmanager.url())).send().await.unwrap();
    let all: Vec<Value> = answer.json().await.unwrap();
    all.into_iter().filter(|silence| silence["status"]["state"] == "active").collect()
}
