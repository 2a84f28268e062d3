use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Alert, AlertState, Channel, EscalationStep, Language, Priority, Timestamp};
use serde::Serialize;
use url::Url;

/// What a payload needs to know besides the alerts.
#[derive(Clone, Debug)]
pub struct Wording {
    /// The language of what people are told.
    pub language: Language,
    /// Links begin with it.
    pub public_url: Url,
    /// Runbooks are below it, each under the name of its alert; none leaves the link out.
    pub runbooks: Option<Url>,
    /// After how long without being repeated an alert ends by itself.
    pub lifetime: Duration,
}

/// One alert as Alertmanager's API v2 takes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Payload {
    /// The identity: never a value in it, else every sample would be another alert.
    pub(crate) labels: BTreeMap<&'static str, String>,
    pub(crate) annotations: BTreeMap<&'static str, String>,
    pub(crate) starts_at: Timestamp,
    pub(crate) ends_at: Timestamp,
    #[serde(rename = "generatorURL")]
    pub(crate) generator_url: Url,
}

/// The label of all that comes from here.
pub(crate) const SERVICE: &str = "slo-engine";

/// What Alertmanager is told at `now` of one step of `alert`'s escalation, the first being 1; `lapse` is the lapsed
/// acknowledgement after which the step is told again, 0 being none.
pub fn payload(alert: &Alert, step: u8, lapse: usize, wording: &Wording, now: Timestamp) -> Payload {
    // Alerts carry the log's time, of which `now` and Alertmanager's clock may be behind. It refuses an end before the
    // start, and takes an end that is to come for none.
    let (starts_at, ends_at) = match alert.state {
        AlertState::Firing => (alert.opened_at, now.max(alert.opened_at).plus(wording.lifetime)),
        AlertState::Resolved => {
            let ended_at = alert.resolved_at.map_or(now, |at| at.max(alert.opened_at).min(now));
            (alert.opened_at.min(ended_at), ended_at)
        }
    };
    Payload {
        labels: labels(alert, step, lapse),
        annotations: annotations(alert, step, wording),
        starts_at,
        ends_at,
        generator_url: dashboard(wording, alert, Some(alert.opened_at)),
    }
}

/// By which Alertmanager knows a step of an alert again.
pub(crate) fn labels(alert: &Alert, step: u8, lapse: usize) -> BTreeMap<&'static str, String> {
    let mut labels = identity(alert);
    labels.insert("escalation", step.to_string());
    if lapse > 0 {
        labels.insert("lapse", lapse.to_string());
    }
    labels
}

/// The labels that all steps of an alert have.
pub(crate) fn identity(alert: &Alert) -> BTreeMap<&'static str, String> {
    let mut labels = BTreeMap::from([
        ("alertname", alert.name.clone()),
        ("subject", alert.subject.to_string()),
        ("level", alert.level.name().to_owned()),
        ("priority", alert.priority.name().to_owned()),
        ("severity", severity(alert.priority).to_owned()),
        ("service", SERVICE.to_owned()),
    ]);
    if let Some(vital) = alert.vital {
        labels.insert("vital", vital.name().to_owned());
    }
    // Such a one is handed over for a drill only: whoever is told sees it.
    if alert.simulated.is_some() {
        labels.insert("simulated", "true".to_owned());
    }
    labels
}

const fn severity(priority: Priority) -> &'static str {
    match priority {
        Priority::P0 => "critical",
        Priority::P1 => "warning",
        Priority::P2 => "info",
    }
}

fn annotations(alert: &Alert, step: u8, wording: &Wording) -> BTreeMap<&'static str, String> {
    let mut annotations = BTreeMap::from([
        ("summary", alert.summary.get(wording.language).to_owned()),
        ("description", alert.description.get(wording.language).to_owned()),
        ("recommendation", alert.recommendation.get(wording.language).to_owned()),
        ("value", figure(alert, alert.value)),
        ("threshold", figure(alert, alert.threshold)),
        ("dashboard_url", dashboard(wording, alert, None).into()),
    ]);
    if let Some(runbooks) = &wording.runbooks {
        annotations.insert("runbook_url", below(runbooks, &alert.name).into());
    }
    let told = usize::from(step).checked_sub(1).and_then(|index| alert.escalation.chain.get(index));
    if let Some(EscalationStep { role, channels, .. }) = told {
        let channels: Vec<_> = channels.iter().copied().map(Channel::name).collect();
        annotate(&mut annotations, "escalated_to", role.clone());
        annotate(&mut annotations, "channels", channels.join(", "));
    }
    annotate(&mut annotations, "actions", alert.actions.join(", "));
    if let Some(seen) = &alert.acknowledged {
        let note = if seen.note.is_empty() { String::new() } else { format!(": {}", seen.note) };
        annotations.insert("acknowledged", format!("{}, {}{note}", seen.by, seen.at));
    }
    annotations
}

/// Says nothing where there is nothing to say.
fn annotate(annotations: &mut BTreeMap<&'static str, String>, name: &'static str, text: String) {
    if !text.is_empty() {
        annotations.insert(name, text);
    }
}

/// A score, or the seconds of a stale subject; more than four digits say nothing.
fn figure(alert: &Alert, value: f64) -> String {
    let rounded = (value * 10_000.0).round() / 10_000.0;
    match alert.vital {
        Some(_) => rounded.to_string(),
        None => format!("{rounded} s"),
    }
}

fn dashboard(wording: &Wording, alert: &Alert, at: Option<Timestamp>) -> Url {
    let mut url = below(&wording.public_url, "");
    url.query_pairs_mut().append_pair("subject", alert.subject.as_str());
    if let Some(at) = at {
        url.query_pairs_mut().append_pair("at", &at.to_string());
    }
    url
}

/// `path` below `base`, whether or not that ends in a slash.
pub(crate) fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    let folder = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{folder}/{path}"));
    url
}
