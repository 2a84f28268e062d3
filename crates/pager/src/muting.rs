//! Nobody is reminded of an alert that was acknowledged or silenced: a silence at Alertmanager that ends with what mutes the
//! alert, or before the end of the alert is told.

use std::collections::BTreeMap;
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

/// Alertmanager knows times to the millisecond: so much earlier is not too soon.
const ROUNDED: Duration = Duration::from_millis(1);

/// The labels of an alert, whichever step: what a silence of ours matches.
type Labels = BTreeMap<String, String>;

/// Keeps the silences of one Alertmanager as the acknowledgements and the silences of people are.
///
/// Nothing is remembered that Alertmanager does not know: after a restart on either side the next round mends it.
pub(crate) struct Muting {
    pub(crate) url: Url,
    pub(crate) client: reqwest::Client,
    /// Those that were muted when Alertmanager was last asked, and until when.
    pub(crate) settled: Option<BTreeMap<Labels, Timestamp>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Silence {
    id: String,
    created_by: String,
    ends_at: Timestamp,
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
    /// Ends the silences of alerts that are over or muted no more, and makes those that are missing or end too soon. Asks
    /// Alertmanager only when something has changed, or `is_round`. `is_ours` says of which subjects this process speaks.
    pub(crate) async fn settle(
        &mut self,
        set: &Set,
        is_round: bool,
        is_ours: impl Fn(&str) -> bool,
        now: Timestamp,
        lifetime: Duration,
    ) -> reqwest::Result<()> {
        let muted = muted(set);
        let until: BTreeMap<_, _> = muted.iter().map(|(labels, mute)| (labels.clone(), mute.until)).collect();
        if !is_round && self.settled.as_ref() == Some(&until) {
            return Ok(());
        }
        // Also when it fails: a page must not wait for silences again and again. The next round tries anew.
        self.settled = Some(until);
        let mut missing: BTreeMap<_, (&Mute, Option<String>)> =
            muted.iter().map(|(labels, mute)| (labels, (mute, None))).collect();
        let silences: Vec<Silence> = self.ask().await?;
        let ours = silences.into_iter().filter(|silence| silence.created_by == CREATED_BY);
        for silence in ours.filter(|silence| silence.status.state == "active") {
            let labels: Labels = silence.matchers.into_iter().map(|matcher| (matcher.name, matcher.value)).collect();
            match muted.get(&labels) {
                Some(mute) if mute.until <= silence.ends_at.plus(ROUNDED) => drop(missing.remove(&labels)),
                // Named by its id, it gives way to one that lasts longer.
                Some(_) => drop(missing.get_mut(&labels).map(|(_, id)| id.replace(silence.id))),
                None if labels.get("subject").is_some_and(|subject| is_ours(subject)) => {
                    // Another replica of Alertmanager may have ended it already.
                    self.client.delete(below(&self.url, &format!("api/v2/silence/{}", silence.id))).send().await?;
                }
                None => {}
            }
        }
        for (labels, (mute, id)) in missing {
            let silence = silence(id, labels, mute, now, lifetime);
            self.client.post(below(&self.url, "api/v2/silences")).json(&silence).send().await?.error_for_status()?;
        }
        Ok(())
    }

    async fn ask(&self) -> reqwest::Result<Vec<Silence>> {
        self.client.get(below(&self.url, "api/v2/silences")).send().await?.error_for_status()?.json().await
    }
}

/// What mutes an alert.
struct Mute {
    /// Until when, as far as can be told.
    until: Timestamp,
    /// By whom and why.
    comment: String,
}

impl Mute {
    /// Of an acknowledgement and a silence the one that lasts longer.
    fn of(alert: &Alert) -> Option<Self> {
        let acknowledged = alert.acknowledged.as_ref().map(|seen| {
            let lasts = match alert.escalation.acknowledge_timeout_seconds {
                0 => A_DAY,
                seconds => Duration::from_secs(seconds),
            };
            Self { until: seen.at.plus(lasts), comment: comment("acknowledged", &seen.by, &seen.note) }
        });
        let silenced = alert
            .silenced
            .as_ref()
            .map(|silence| Self { until: silence.until, comment: comment("silenced", &silence.by, &silence.note) });
        acknowledged.into_iter().chain(silenced).max_by_key(|mute| mute.until)
    }
}

fn comment(what: &str, by: &str, note: &str) -> String {
    let note = if note.is_empty() { String::new() } else { format!(": {note}") };
    format!("{what} by {by}{note}")
}

/// What mutes the alerts that fire, by their labels.
fn muted(set: &Set) -> BTreeMap<Labels, Mute> {
    let alerts = set.steps.iter().map(|step| &*step.alert).filter(|alert| alert.state == AlertState::Firing);
    let own = |(name, value): (&str, String)| (name.to_owned(), value);
    alerts.filter_map(|alert| Some((identity(alert).into_iter().map(own).collect(), Mute::of(alert)?))).collect()
}

/// One as Alertmanager's API v2 takes it; with an `id` in place of the one that it has. Should we fall silent, it ends with
/// what mutes the alert.
fn silence(id: Option<String>, labels: &Labels, mute: &Mute, now: Timestamp, lifetime: Duration) -> Value {
    let matcher = |(name, value)| json!({ "name": name, "value": value, "isRegex": false, "isEqual": true });
    let mut silence = json!({
        "matchers": labels.iter().map(matcher).collect::<Vec<_>>(),
        "startsAt": now,
        // A lapse may wait for the end of a maintenance window.
        "endsAt": mute.until.max(now.plus(lifetime)),
        "createdBy": CREATED_BY,
        "comment": mute.comment,
    });
    if let Some(id) = id {
        silence["id"] = id.into();
    }
    silence
}
