//! Whether people were told what they had to be told, once.

use std::collections::BTreeMap;

use anyhow::ensure;
use domain::{Alert, AlertChange, Notification, Priority, Timestamp};
use test_support::Notified;

/// Every alert of the log that called for people at once has come through, and nothing came twice or from nowhere.
pub(crate) fn are_right(alerts: &[(AlertChange, Alert)], notified: &[Notified]) -> anyhow::Result<()> {
    let mut pages: BTreeMap<(String, String, Timestamp), usize> = BTreeMap::new();
    for page in notified.iter().filter(|page| page.status == "firing") {
        let label = |name: &str| page.labels.get(name).cloned().unwrap_or_default();
        *pages.entry((label("alertname"), label("subject"), page.starts_at.parse()?)).or_default() += 1;
    }
    for (page, count) in &pages {
        ensure!(*count == 1, "{page:?} came {count} times");
        let is_it = |alert: &Alert| *page == identity(alert);
        ensure!(alerts.iter().any(|(_, alert)| is_it(alert)), "{page:?} is no alert of the log");
    }
    for (change, alert) in alerts {
        let is_told = matches!(change, AlertChange::Opened | AlertChange::Notified)
            && matches!(alert.notification, Notification::Sent { .. });
        if is_told && alert.priority == Priority::P0 {
            ensure!(pages.contains_key(&identity(alert)), "nobody was told of {:?}", identity(alert));
        }
    }
    Ok(())
}

fn identity(alert: &Alert) -> (String, String, Timestamp) {
    (alert.name.clone(), alert.subject.to_string(), alert.opened_at)
}
