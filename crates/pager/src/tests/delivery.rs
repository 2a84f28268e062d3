//! Against a real Alertmanager.

use std::time::Duration;

use domain::{Alert, HeldBy, Notification};
use test_support::{Alertmanager, DEADLINE, WebhookReceiver};
use tokio::net::TcpListener;

use super::{NEVER, Running, eventually, label, new_alert, resolved};

const OFTEN: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_page_arrives_and_so_does_its_end() {
    let webhook = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start(webhook.url()).await.unwrap();
    let running = Running::start(&[&alertmanager.url()], NEVER, DEADLINE).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    let page = webhook.wait_for(|notified| notified.is("PainCriticalHigh", "firing")).await.unwrap();
    assert_eq!(page.labels["priority"], "P0");
    assert_eq!(page.labels["service"], "slo-engine");
    assert_eq!(page.annotations["value"], "0.95");
    assert!(page.generator_url.starts_with("https://iskra.example.com/?subject=agent-7&at="), "{page:?}");

    running.conclude(&[resolved(new_alert("PainCriticalHigh"))]).await;
    webhook.wait_for(|notified| notified.is("PainCriticalHigh", "resolved")).await.unwrap();
    running.stop().await;
}

#[tokio::test]
async fn repeating_an_alert_pages_once() {
    let webhook = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start(webhook.url()).await.unwrap();
    let url = alertmanager.url();
    let running = Running::start(&[&url], OFTEN, DEADLINE).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    webhook.wait_for(|notified| notified.is("PainCriticalHigh", "firing")).await.unwrap();
    let before = running.count(label(&url), "delivered");
    eventually("ten more sets", || running.count(label(&url), "delivered") >= before + 10.0).await;
    // The end is told after all that Alertmanager may have told before it.
    running.conclude(&[resolved(new_alert("PainCriticalHigh"))]).await;
    webhook.wait_for(|notified| notified.is("PainCriticalHigh", "resolved")).await.unwrap();
    let pages = webhook.notified().iter().filter(|notified| notified.is("PainCriticalHigh", "firing")).count();
    assert_eq!(pages, 1, "{:#?}", webhook.notified());
    running.stop().await;
}

#[tokio::test]
async fn what_is_held_or_suppressed_is_not_told() {
    let webhook = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start(webhook.url()).await.unwrap();
    let running = Running::start(&[&alertmanager.url()], NEVER, DEADLINE).await;
    let until = new_alert("Held").opened_at.plus(NEVER);
    let held = Alert { notification: Notification::Held { until, by: HeldBy::Cooldown }, ..new_alert("Held") };
    let suppressed = Alert { notification: Notification::Suppressed, ..resolved(new_alert("Suppressed")) };
    running.conclude(&[held, suppressed, new_alert("Told")]).await;
    webhook.wait_for(|notified| notified.is("Told", "firing")).await.unwrap();
    assert_eq!(webhook.notified().len(), 1, "{:#?}", webhook.notified());
    running.stop().await;
}

#[tokio::test]
async fn an_alertmanager_that_comes_up_later_is_told_then() {
    let webhook = WebhookReceiver::start().await.unwrap();
    let address = {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        free.local_addr().unwrap().to_string()
    };
    let running = Running::start(&[&format!("http://{address}")], NEVER, DEADLINE).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    eventually("it is read", || running.metric("iskra_pager_alerts{state=\"firing\"}") == 1.0).await;
    // Only one attempt can be under way with the set before: of these the last one is with the alert.
    let before = running.count(&address, "failed");
    eventually("two failures", || running.count(&address, "failed") >= before + 2.0).await;
    assert!(running.pager.destinations()[0].error.is_some());

    let _alertmanager = Alertmanager::start_at(&address, webhook.url()).await.unwrap();
    webhook.wait_for(|notified| notified.is("PainCriticalHigh", "firing")).await.unwrap();
    eventually("all is well", || running.pager.destinations()[0].error.is_none()).await;
    assert!(running.pager.destinations()[0].last_success.is_some());
    running.stop().await;
}

#[tokio::test]
async fn one_dead_alertmanager_does_not_hold_up_the_other() {
    let webhook = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start(webhook.url()).await.unwrap();
    let dead = Alertmanager::start(webhook.url()).await.unwrap().url();
    let running = Running::start(&[&dead, &alertmanager.url()], NEVER, DEADLINE).await;
    eventually("the dead one fails", || running.pager.destinations()[0].error.is_some()).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    webhook.wait_for(|notified| notified.is("PainCriticalHigh", "firing")).await.unwrap();
    let [dead, alive] = &running.pager.destinations()[..] else { panic!("two destinations") };
    assert!(dead.error.is_some() && dead.last_success.is_none(), "{dead:?}");
    assert!(alive.error.is_none() && alive.last_success.is_some(), "{alive:?}");
    running.stop().await;
}
