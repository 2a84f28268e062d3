//! Whether people were told what they had to be told, once.

use std::collections::BTreeMap;

use anyhow::ensure;
use domain::{Alert, AlertChange, AlertState, Notification, Priority, Timestamp};
use test_support::Notified;

/// What tells an alert from all others: its name, its subject, and when it opened.
type Identity = (String, String, Timestamp);

/// Every alert of the log that calls for people (P0 and P1) has come through, and so has its end; nothing came twice,
/// from nowhere, or too early.
pub(crate) fn are_right(alerts: &[(AlertChange, Alert)], notified: &[Notified]) -> anyhow::Result<()> {
    for state in [AlertState::Firing, AlertState::Resolved] {
        let pages = told(state, notified)?;
        for (page, count) in &pages {
            ensure!(*count == 1, "{state:?}: {page:?} came {count} times");
            let is_it =
                |alert: &Alert| *page == identity(alert) && (state == AlertState::Firing || alert.state == state);
            ensure!(alerts.iter().any(|(_, alert)| is_it(alert)), "{state:?}: {page:?} is not in the log");
        }
        for (change, alert) in alerts {
            let is_news = match state {
                AlertState::Firing => matches!(change, AlertChange::Opened | AlertChange::Notified),
                AlertState::Resolved => *change == AlertChange::Resolved,
            };
            let is_told = is_news && matches!(alert.notification, Notification::Sent { .. });
            if is_told && matches!(alert.priority, Priority::P0 | Priority::P1) {
                ensure!(pages.contains_key(&identity(alert)), "{state:?}: nobody was told of {:?}", identity(alert));
            }
        }
    }
    Ok(())
}

/// How often people were told of each alert that it is in this state.
fn told(state: AlertState, notified: &[Notified]) -> anyhow::Result<BTreeMap<Identity, usize>> {
    let status = match state {
        AlertState::Firing => "firing",
        AlertState::Resolved => "resolved",
    };
    let mut pages = BTreeMap::new();
    for page in notified.iter().filter(|page| page.status == status) {
        let label = |name: &str| page.labels.get(name).cloned().unwrap_or_default();
        *pages.entry((label("alertname"), label("subject"), page.starts_at.parse()?)).or_default() += 1;
    }
    Ok(pages)
}

fn identity(alert: &Alert) -> Identity {
    (alert.name.clone(), alert.subject.to_string(), alert.opened_at)
}
