//! Against Alertmanagers that misbehave, and a log that does.

use std::time::Duration;

use durable_log::Log as _;
use test_support::{Alertmanager, DEADLINE, WebhookReceiver};
use tokio::sync::oneshot;

use super::fake::{Answer, Fake, names};
use super::{NEVER, Running, eventually, label, new_alert};

#[tokio::test]
async fn one_that_fails_and_one_that_hangs_do_not_hold_up_a_third() {
    let failing = Fake::start([500, 503, 500].map(Answer::Status)).await;
    let hanging = Fake::start([Answer::Never]).await;
    let webhook = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start(webhook.url()).await.unwrap();
    let urls = [failing.url.as_str(), &hanging.url, &alertmanager.url()];
    let running = Running::start(&urls, NEVER, Duration::from_secs(1)).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    webhook.wait_for(|notified| notified.is("PainCriticalHigh", "firing")).await.unwrap();

    // Both are tried again until they take the alert.
    for fake in [&failing, &hanging] {
        let label = label(&fake.url);
        fake.wait_for(|sets| sets.last().is_some_and(|set| names(set) == ["PainCriticalHigh"])).await;
        eventually("it is delivered", || running.count(label, "delivered") >= 1.0).await;
    }
    assert_eq!(running.count(label(&failing.url), "failed"), 3.0);
    assert_eq!(running.count(label(&hanging.url), "failed"), 1.0);
    assert!(running.pager.destinations().iter().all(|destination| destination.error.is_none()));
    running.stop().await;
}

#[tokio::test]
async fn the_newest_set_replaces_those_that_could_not_be_sent_and_no_wake_is_lost() {
    let (open, gate) = oneshot::channel();
    let fake = Fake::start([Answer::When(gate)]).await;
    let running = Running::start(&[&fake.url], NEVER, DEADLINE).await;
    // While the first set is under way, the alerts change twice.
    fake.wait_for(|sets| sets.len() == 1).await;
    running.conclude(&[new_alert("First")]).await;
    eventually("it is read", || running.metric("iskra_pager_alerts{state=\"firing\"}") == 1.0).await;
    running.conclude(&[new_alert("Second")]).await;
    eventually("it is read", || running.metric("iskra_pager_alerts{state=\"firing\"}") == 2.0).await;
    assert_eq!(fake.sets().len(), 1);

    open.send(()).unwrap();
    fake.wait_for(|sets| sets.len() == 2).await;
    assert_eq!(names(&fake.sets()[1]), ["First", "Second"]);
    running.stop().await;
}

#[tokio::test]
async fn a_change_is_handed_over_alone_and_after_a_failure_everything_is() {
    let fake = Fake::start([200, 200, 200, 500].map(Answer::Status)).await;
    let running = Running::start(&[&fake.url], NEVER, DEADLINE).await;
    fake.wait_for(|sets| sets.len() == 1).await;
    for (index, name) in ["First", "Second"].into_iter().enumerate() {
        running.conclude(&[new_alert(name)]).await;
        eventually("it is delivered", || running.count(label(&fake.url), "delivered") == 2.0 + index as f64).await;
        assert_eq!(names(&fake.sets()[1 + index]), [name]);
    }
    running.conclude(&[new_alert("Third")]).await;
    fake.wait_for(|sets| sets.len() == 5).await;
    assert_eq!(names(&fake.sets()[3]), ["Third"]);
    assert_eq!(names(&fake.sets()[4]), ["First", "Second", "Third"]);
    running.stop().await;
}

#[tokio::test]
async fn everything_is_repeated_every_interval_however_often_it_changes() {
    let fake = Fake::start([]).await;
    let running = Running::start(&[&fake.url], Duration::from_millis(200), DEADLINE).await;
    running.conclude(&[new_alert("First")]).await;
    fake.wait_for(|sets| sets.last().is_some_and(|set| names(set) == ["First"])).await;
    let first_is_repeated = async {
        // Each wake begins the interval anew.
        for number in 0.. {
            running.conclude(&[new_alert(&format!("Other{number}"))]).await;
            let handed = fake.sets();
            if handed.iter().filter(|set| names(set).contains(&"First")).count() >= 4 {
                break;
            }
        }
    };
    tokio::time::timeout(DEADLINE, first_is_repeated).await.expect("it is repeated");
    running.stop().await;
}

#[tokio::test]
async fn what_an_alertmanager_refuses_is_not_repeated_before_the_next_set() {
    let fake = Fake::start([Answer::Status(400)]).await;
    let running = Running::start(&[&fake.url], NEVER, DEADLINE).await;
    eventually("it refuses", || running.count(label(&fake.url), "refused") == 1.0).await;
    let error = running.pager.destinations()[0].error.clone();
    assert_eq!(error.as_deref(), Some("it answered 400 Bad Request"));
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    eventually("it is delivered", || running.count(label(&fake.url), "delivered") == 1.0).await;
    assert_eq!(fake.sets().len(), 2);
    running.stop().await;
}

#[tokio::test]
async fn while_the_log_cannot_be_read_the_last_set_is_repeated() {
    let fake = Fake::start([]).await;
    let running = Running::start(&[&fake.url], Duration::from_millis(50), DEADLINE).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    fake.wait_for(|sets| sets.last().is_some_and(|set| names(set) == ["PainCriticalHigh"])).await;
    running.log.close().await;
    eventually("the log fails", || running.metric("iskra_pager_log_failures_total") >= 1.0).await;
    let before = fake.sets().len();
    fake.wait_for(|sets| sets.len() >= before + 3).await;
    assert!(fake.sets()[before..].iter().all(|set| names(set) == ["PainCriticalHigh"]));
    running.stop().await;
}

#[tokio::test]
async fn a_pager_that_stops_hands_the_alerts_over_once_more() {
    let fake = Fake::start([]).await;
    let running = Running::start(&[&fake.url], NEVER, DEADLINE).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    fake.wait_for(|sets| sets.last().is_some_and(|set| names(set) == ["PainCriticalHigh"])).await;
    let before = fake.sets().len();
    running.stop().await;
    let after = fake.sets();
    assert_eq!(after.len(), before + 1);
    assert_eq!(names(&after[before]), ["PainCriticalHigh"]);
}

#[tokio::test]
async fn a_pager_stops_in_time_although_an_alertmanager_hangs() {
    let fake = Fake::start([Answer::Never, Answer::Never]).await;
    let running = Running::start(&[&fake.url], NEVER, Duration::from_millis(200)).await;
    fake.wait_for(|sets| sets.len() == 1).await;
    running.stop().await;
}

#[tokio::test]
async fn without_an_alertmanager_there_is_nothing_to_do() {
    let running = Running::start(&[], NEVER, DEADLINE).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    assert!(running.pager.destinations().is_empty());
    running.stop().await;
}

#[tokio::test]
async fn passwords_in_addresses_are_used_but_not_told() {
    let fake = Fake::start([Answer::Status(500)]).await;
    let url = fake.url.replace("http://", "http://ann:secret@");
    let running = Running::start(&[&url], NEVER, DEADLINE).await;
    eventually("it is delivered", || running.count(label(&fake.url), "delivered") == 1.0).await;
    let told = format!("{:?}", running.pager.destinations());
    let metrics = String::from_utf8(telemetry::encode(&running.registry).unwrap()).unwrap();
    assert!(!told.contains("secret") && !metrics.contains("secret"), "{told} {metrics}");
    running.stop().await;
}
