//! A chain against a real Alertmanager, which routes by priority and escalation as in production: who is told of what,
//! and whether all of them hear of the end.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{Alert, Level, Priority, Vital};
use test_support::{Alertmanager, DEADLINE, Notified, WebhookReceiver};

use super::{NEVER, Running, escalated, new_alert, resolved};

const OFTEN: Duration = Duration::from_millis(100);

/// Those whom Alertmanager tells, and an Alertmanager that knows them.
struct People {
    devops_lead: WebhookReceiver,
    sre: WebhookReceiver,
    tech_lead: WebhookReceiver,
    slack: WebhookReceiver,
    alertmanager: Alertmanager,
}

impl People {
    async fn gather() -> Self {
        let receiver = || async { WebhookReceiver::start().await.unwrap() };
        let (devops_lead, sre, tech_lead, slack) = tokio::join!(receiver(), receiver(), receiver(), receiver());
        let told = |name: &str, receiver: &WebhookReceiver| {
            format!("  - name: {name}\n    webhook_configs: [{{ url: '{}' }}]\n", receiver.url())
        };
        let receivers = [
            told("devops-lead", &devops_lead),
            told("sre", &sre),
            told("tech-lead", &tech_lead),
            told("slack", &slack),
        ];
        let configuration = format!("{ROUTES}receivers:\n  - name: nobody\n{}", receivers.concat());
        let alertmanager = Alertmanager::start_with(&configuration).await.unwrap();
        Self { devops_lead, sre, tech_lead, slack, alertmanager }
    }
}

const ROUTES: &str = "\
route:
  receiver: nobody
  group_by: [subject]
  group_wait: 0s
  group_interval: 100ms
  repeat_interval: 1h
  routes:
    - { matchers: ['priority=\"P0\"', 'escalation=\"1\"'], receiver: devops-lead }
    - { matchers: ['priority=\"P0\"', 'escalation=\"2\"'], receiver: sre }
    - { matchers: ['priority=\"P0\"', 'escalation=\"3\"'], receiver: tech-lead }
    - { matchers: ['priority=~\"P1|P2\"', 'escalation=\"1\"'], receiver: slack }
inhibit_rules:
  - source_matchers: ['priority=\"P0\"']
    target_matchers: ['priority=~\"P1|P2\"']
    equal: [subject, service]
";

/// What somebody was told, each once.
fn told(receiver: &WebhookReceiver) -> BTreeSet<(String, String, String)> {
    let all = receiver.notified();
    let label = |one: &Notified, name: &str| one.labels[name].clone();
    all.iter().map(|one| (label(one, "alertname"), label(one, "escalation"), one.status.clone())).collect()
}

fn set<const N: usize>(told: [(&str, &str, &str); N]) -> BTreeSet<(String, String, String)> {
    told.map(|(name, step, status)| (name.to_owned(), step.to_owned(), status.to_owned())).into()
}

fn low_trust() -> Alert {
    Alert { priority: Priority::P1, vital: Some(Vital::Trust), ..new_alert("TrustBlockLow") }
}

#[tokio::test]
async fn each_step_tells_its_own_people_and_all_of_them_hear_of_the_end() {
    let people = People::gather().await;
    let running = Running::start(&[&people.alertmanager.url()], NEVER, DEADLINE).await;
    let first = new_alert("PainCriticalHigh");
    let (second, third) = (escalated(first.clone()), escalated(escalated(first.clone())));
    for (alert, receiver, role) in [
        (&first, &people.devops_lead, "DevOps Lead"),
        (&second, &people.sre, "SRE"),
        (&third, &people.tech_lead, "Tech Lead"),
    ] {
        running.conclude(std::slice::from_ref(alert)).await;
        let page = receiver.wait_for(|page| page.is("PainCriticalHigh", "firing")).await.unwrap();
        assert_eq!(page.annotations["escalated_to"], role);
    }
    running.conclude(&[resolved(third)]).await;
    let all = [(&people.devops_lead, "1"), (&people.sre, "2"), (&people.tech_lead, "3")];
    for (receiver, step) in all {
        receiver.wait_for(|page| page.is("PainCriticalHigh", "resolved")).await.unwrap();
        let expected = set([("PainCriticalHigh", step, "firing"), ("PainCriticalHigh", step, "resolved")]);
        assert_eq!(told(receiver), expected);
        assert_eq!(receiver.notified().len(), 2, "each once: {:#?}", receiver.notified());
    }
    assert_eq!(told(&people.slack), set([]));
    running.stop().await;
}

#[tokio::test]
async fn while_a_p0_fires_what_is_less_urgent_waits_and_no_end_is_lost() {
    let people = People::gather().await;
    let running = Running::start(&[&people.alertmanager.url()], OFTEN, DEADLINE).await;
    running.conclude(&[low_trust()]).await;
    people.slack.wait_for(|page| page.is("TrustBlockLow", "firing")).await.unwrap();

    running.conclude(&[new_alert("PainCriticalHigh")]).await;
    people.devops_lead.wait_for(|page| page.is("PainCriticalHigh", "firing")).await.unwrap();
    let chaos = Alert { priority: Priority::P2, level: Level::Warn, ..new_alert("ChaosWarnHigh") };
    let other = Alert { subject: "agent-8".parse().unwrap(), priority: Priority::P2, ..new_alert("Other") };
    running.conclude(&[resolved(low_trust()), chaos, other]).await;
    people.slack.wait_for(|page| page.is("Other", "firing")).await.unwrap();
    assert_eq!(told(&people.slack), set([("TrustBlockLow", "1", "firing"), ("Other", "1", "firing")]));

    // Now both are told, the end because it is repeated.
    running.conclude(&[resolved(new_alert("PainCriticalHigh"))]).await;
    people.devops_lead.wait_for(|page| page.is("PainCriticalHigh", "resolved")).await.unwrap();
    people.slack.wait_for(|page| page.is("ChaosWarnHigh", "firing")).await.unwrap();
    people.slack.wait_for(|page| page.is("TrustBlockLow", "resolved")).await.unwrap();
    running.stop().await;
}
