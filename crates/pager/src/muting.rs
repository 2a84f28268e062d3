//! Whoever has acknowledged an alert is not reminded of it: a silence at Alertmanager that ends with the
//! acknowledgement, or before the end of the alert is told.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::{Alert, AlertState, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::payload::{below, identity};
use crate::set::Set;

/// By which silences of ours are known again.
const CREATED_BY: &str = "iskra";
/// How long one lasts where the acknowledgement does not lapse; it is made anew then.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The labels of an alert, whichever step: what a silence of ours matches.
type Labels = BTreeMap<String, String>;

/// Keeps the silences of one Alertmanager as the acknowledgements are.
///
/// Nothing is remembered that Alertmanager does not know: after a restart on either side the next round mends it.
pub(crate) struct Muting {
    pub(crate) url: Url,
    pub(crate) client: reqwest::Client,
    /// Those that were acknowledged when Alertmanager was last asked.
    pub(crate) settled: Option<BTreeSet<Labels>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Silence {
    id: String,
    created_by: String,
    status: Status,
    matchers: Vec<Matcher>,
}

#[derive(Deserialize)]
struct Status {
    state: String,
}

#[derive(Deserialize)]
struct Matcher {
    name: String,
    value: String,
}

impl Muting {
    /// Ends the silences of alerts that are over or not acknowledged any more, and makes those that are missing. Asks
    /// Alertmanager only when something has changed, or `is_round`. `is_ours` says of which subjects this process speaks.
    pub(crate) async fn settle(
        &mut self,
        set: &Set,
        is_round: bool,
        is_ours: impl Fn(&str) -> bool,
        now: Timestamp,
        lifetime: Duration,
    ) -> reqwest::Result<()> {
        let mut wanted = acknowledged(set);
        let labels: BTreeSet<_> = wanted.keys().cloned().collect();
        if !is_round && self.settled.as_ref() == Some(&labels) {
            return Ok(());
        }
        // Also when it fails: a page must not wait for silences again and again. The next round tries anew.
        self.settled = Some(labels);
        let silences: Vec<Silence> = self.ask().await?;
        let ours = silences.into_iter().filter(|silence| silence.created_by == CREATED_BY);
        for silence in ours.filter(|silence| silence.status.state == "active") {
            let labels: Labels = silence.matchers.into_iter().map(|matcher| (matcher.name, matcher.value)).collect();
            if wanted.remove(&labels).is_none() && labels.get("subject").is_some_and(|subject| is_ours(subject)) {
                // Another replica of Alertmanager may have ended it already.
                self.client.delete(below(&self.url, &format!("api/v2/silence/{}", silence.id))).send().await?;
            }
        }
        for (labels, alert) in wanted {
            let silence = silence(&labels, alert, now, lifetime);
            self.client.post(below(&self.url, "api/v2/silences")).json(&silence).send().await?.error_for_status()?;
        }
        Ok(())
    }

    async fn ask(&self) -> reqwest::Result<Vec<Silence>> {
        self.client.get(below(&self.url, "api/v2/silences")).send().await?.error_for_status()?.json().await
    }
}

/// Alerts that fire and are acknowledged, by their labels.
fn acknowledged(set: &Set) -> BTreeMap<Labels, &Alert> {
    let alerts = set.steps.iter().map(|step| &*step.alert);
    let alerts = alerts.filter(|alert| alert.state == AlertState::Firing && alert.acknowledged.is_some());
    let own = |(name, value): (&str, String)| (name.to_owned(), value);
    alerts.map(|alert| (identity(alert).into_iter().map(own).collect(), alert)).collect()
}

/// One as Alertmanager's API v2 takes it. Should we fall silent, it ends with the acknowledgement.
fn silence(labels: &Labels, alert: &Alert, now: Timestamp, lifetime: Duration) -> Value {
    let seen = alert.acknowledged.as_ref().expect("it is acknowledged");
    let lasts = match alert.escalation.acknowledge_timeout_seconds {
        0 => A_DAY,
        seconds => Duration::from_secs(seconds),
    };
    let matcher = |(name, value)| json!({ "name": name, "value": value, "isRegex": false, "isEqual": true });
    let note = if seen.note.is_empty() { String::new() } else { format!(": {}", seen.note) };
    json!({
        "matchers": labels.iter().map(matcher).collect::<Vec<_>>(),
        "startsAt": now,
        // A lapse may wait for the end of a maintenance window.
        "endsAt": seen.at.plus(lasts).max(now.plus(lifetime)),
        "createdBy": CREATED_BY,
        "comment": format!("acknowledged by {}{note}", seen.by),
    })
}
