use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::Language;
use test_support::{Alertmanager, DEADLINE, WebhookReceiver};

use super::fake::{Fake, names};
use super::{Running, new_alert, new_year};
use crate::payload::Wording;
use crate::watchdog::Watchdog;

const OFTEN: Duration = Duration::from_millis(50);

#[tokio::test]
async fn it_goes_with_the_whole_set_as_long_as_all_is_well() {
    let fake = Fake::start([]).await;
    let is_well = Arc::new(AtomicBool::new(true));
    let asked = is_well.clone();
    let watchdog = Watchdog::new(move || asked.load(Ordering::Relaxed));
    let running = Running::start_with(Some(watchdog), &[&fake.url], OFTEN, DEADLINE).await;
    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    fake.wait_for(|sets| sets.last().is_some_and(|set| names(set) == ["PainCriticalHigh", "Watchdog"])).await;
    is_well.store(false, Ordering::Relaxed);
    fake.wait_for(|sets| sets.last().is_some_and(|set| names(set) == ["PainCriticalHigh"])).await;
    running.stop().await;
    assert_eq!(names(fake.sets().last().unwrap()), ["PainCriticalHigh"], "nor when it stops");
}

#[tokio::test]
async fn its_end_comes_by_itself_when_nobody_speaks_any_more() {
    let webhook = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start_with(&tell_all(webhook.url())).await.unwrap();
    let running = Running::start_with(Some(Watchdog::new(|| true)), &[&alertmanager.url()], OFTEN, DEADLINE).await;
    webhook.wait_for(|told| told.is("Watchdog", "firing")).await.unwrap();
    running.kill();
    webhook.wait_for(|told| told.is("Watchdog", "resolved")).await.unwrap();
}

/// Other configurations leave the watchdog out.
fn tell_all(url: &str) -> String {
    format!(
        "\
route: {{ receiver: test, group_by: ['...'], group_wait: 0s, group_interval: 100ms }}
receivers:
  - name: test
    webhook_configs: [{{ url: {url} }}]
"
    )
}

#[test]
fn its_labels_are_the_same_everywhere_and_always() {
    let wording = |language| Wording {
        language,
        public_url: "https://iskra.example.com".parse().unwrap(),
        runbooks: None,
        lifetime: Duration::from_secs(60),
    };
    let told = |language| Watchdog::new(|| true).payload(&wording(language), new_year()).unwrap();
    insta::assert_json_snapshot!(told(Language::En));
    insta::assert_json_snapshot!(told(Language::Ru).annotations);
    assert_eq!(told(Language::En).labels, told(Language::Ru).labels);
}
