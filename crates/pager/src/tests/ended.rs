//! Ends that Alertmanager keeps back, because of a P0 or of a silence: they are told once nothing keeps them back.

use std::time::Duration;

use domain::{Alert, AlertState, Priority, Timestamp};
use durable_log::Clock;
use serde_json::{Value, json};
use test_support::{Alertmanager, DEADLINE, WebhookReceiver};

use super::{Running, critical_pain, eventually, new_alert, new_year, resolved};
use crate::Pager;
use crate::ended::{Ended, Mutes, RESOLVED_FOR};

const OFTEN: Duration = Duration::from_millis(100);

fn after(minutes: u64) -> Timestamp {
    new_year().plus(Duration::from_secs(60 * minutes))
}

fn p0(opened: u64) -> Alert {
    Alert { opened_at: after(opened), ..critical_pain() }
}

fn over(id: &str, priority: Priority, ended: u64) -> Alert {
    Alert { id: id.into(), priority, state: AlertState::Resolved, resolved_at: Some(after(ended)), ..critical_pain() }
}

/// Which ends are told at `minute`, where the log finds `found` and `firing` fires; and since when the log was asked.
fn told(ended: &mut Ended, minute: u64, firing: &[Alert], found: &[Alert]) -> (Vec<String>, Timestamp) {
    let mutes = Mutes::new(firing, &[]);
    let since = ended.ask_since(after(minute), &mutes);
    let found = found.iter().filter(|alert| alert.resolved_at >= Some(since)).cloned().collect();
    let mut ids: Vec<_> = ended.take(found, after(minute), &mutes).into_iter().map(|alert| alert.id).collect();
    ids.sort();
    (ids, since)
}

#[test]
fn an_end_is_repeated_until_15_minutes_after_the_last_p0_of_its_subject() {
    let mut ended = Ended::new(RESOLVED_FOR);
    let found = [over("p0", Priority::P0, 9), over("p1", Priority::P1, 10), over("early", Priority::P2, 1)];
    let other = Alert { subject: "agent-8".parse().unwrap(), ..over("other", Priority::P1, 10) };
    let found: Vec<_> = found.into_iter().chain([other]).collect();
    // `early` had ended long before the P0 opened.
    assert_eq!(told(&mut ended, 11, &[p0(8)], &found).0, ["early", "other", "p0", "p1"]);
    assert_eq!(told(&mut ended, 26, &[p0(8)], &found).0, ["p1"]);
    assert_eq!(told(&mut ended, 300, &[p0(8)], &[]).0, ["p1"]);
    // One P0 takes over from another.
    assert_eq!(told(&mut ended, 310, &[p0(304)], &[]).0, ["p1"]);
    assert_eq!(told(&mut ended, 325, &[], &[]).0, ["p1"]);
    assert_eq!(told(&mut ended, 326, &[], &[]).0, [""; 0]);
}

#[test]
fn who_begins_anew_looks_back_to_where_the_p0_began_once() {
    let mut ended = Ended::new(RESOLVED_FOR);
    let found = [over("p1", Priority::P1, 10)];
    assert_eq!(told(&mut ended, 300, &[p0(8)], &found), (vec!["p1".into()], after(3)));
    assert_eq!(told(&mut ended, 301, &[p0(8)], &found), (vec!["p1".into()], after(286)));
    ended.forget_since();
    assert_eq!(told(&mut ended, 302, &[p0(8)], &found), (vec!["p1".into()], after(3)));
}

#[test]
fn what_alertmanager_has_forgotten_is_not_repeated() {
    let mut ended = Ended::new(RESOLVED_FOR);
    let found = [over("p1", Priority::P1, 10)];
    let days = 5 * 24 * 60;
    assert_eq!(told(&mut ended, days, &[p0(8)], &found).0, ["p1"]);
    assert_eq!(told(&mut ended, days + 11, &[p0(8)], &found).0, [""; 0]);
}

#[tokio::test]
async fn an_end_under_a_silence_is_told_when_the_silence_is_over() {
    let webhook = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start(webhook.url()).await.unwrap();
    let shortly = |pager: &mut Pager| pager.repeated_for = Duration::from_secs(1);
    let running = Running::start_as(shortly, None, &[&alertmanager.url()], OFTEN, DEADLINE).await;
    let other = Alert { subject: "other-1".parse().unwrap(), ..new_alert("Other") };
    let alert = new_alert("PainCriticalHigh");
    running.conclude(&[alert.clone(), other.clone()]).await;
    webhook.wait_for(|page| page.is("PainCriticalHigh", "firing")).await.unwrap();

    let api = format!("{}/api/v2", alertmanager.url());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let now = Clock::system().now();
    let silence = json!({
        "matchers": [{ "name": "subject", "value": "agent-.*", "isRegex": true, "isEqual": true }],
        "startsAt": now, "endsAt": now.plus(Duration::from_secs(3_600)), "createdBy": "Ann", "comment": "on it",
    });
    let made = client.post(format!("{api}/silences")).json(&silence).send().await.unwrap().error_for_status().unwrap();
    let made: Value = made.json().await.unwrap();
    eventually("the pager knows", || running.metric("iskra_pager_silences") == 1.0).await;

    running.conclude(&[resolved(alert), resolved(other)]).await;
    webhook.wait_for(|page| page.is("Other", "resolved")).await.unwrap();
    let still_told = || running.metric("iskra_pager_alerts{state=\"resolved\"}");
    eventually("both ends are told", || still_told() == 2.0).await;
    eventually("only the one that is kept back is", || still_told() == 1.0).await;
    assert!(!webhook.notified().iter().any(|page| page.is("PainCriticalHigh", "resolved")));

    let silence = format!("{api}/silence/{}", made["silenceID"].as_str().unwrap());
    client.delete(silence).send().await.unwrap().error_for_status().unwrap();
    webhook.wait_for(|page| page.is("PainCriticalHigh", "resolved")).await.unwrap();
    eventually("then it is enough", || still_told() == 0.0).await;
    running.stop().await;
}
