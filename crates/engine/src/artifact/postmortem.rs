//! The artifact of an alert: what changed while it was open, on what evidence, and what is recommended. It holds what was
//! measured and what happened, and nothing else; a person completes it.

use domain::{
    About, Alert, Artifact, ArtifactStatus, Delivery, Event, EventBody, Notification, Text, Timestamp, Vital, Vitals,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::context::Context;

/// Who made it.
const BY: &str = "iskra";
/// So many of the things that happened are told. An alert may stay open for weeks; how many more there were is told too.
const MOST_TRACED: usize = 64;

/// What is noted while the alert is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Postmortem {
    /// The id of the alert.
    alert: String,
    /// The vitals when it opened.
    before: Vitals,
    /// The experiment that ran then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    experiment: Option<String>,
    trace: Vec<Traced>,
    /// How many more things happened.
    #[serde(default, skip_serializing_if = "is_none")]
    untold: u32,
}

/// Something that happened while the alert was open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Traced {
    at: Timestamp,
    /// Of the event.
    id: String,
    what: String,
    /// Whether the alert's page has more to show of it: of an action or a seam.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    belongs: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_none(number: &u32) -> bool {
    *number == 0
}

impl Postmortem {
    /// Begins when the alert opens, as `event` tells; what came `before` in the same step may be an answer to the same.
    pub(super) fn begin(
        alert: &Alert,
        vitals: Vitals,
        experiment: Option<&str>,
        before: &[Event],
        event: &Event,
    ) -> Self {
        let mut begun = Self {
            alert: alert.id.clone(),
            before: vitals,
            experiment: experiment.map(str::to_owned),
            trace: Vec::new(),
            untold: 0,
        };
        before.iter().chain([event]).for_each(|event| begun.trace(event));
        begun
    }

    /// Of an alert that was open before anything was noted: `event` is its end.
    pub(super) fn unknown(alert: &Alert, event: &Event) -> Self {
        Self::begin(alert, Vitals::default(), None, &[], event)
    }

    pub(super) fn is_of(&self, alert: &Alert) -> bool {
        self.alert == alert.id
    }

    /// Notes what happened, if it has to do with the alert.
    pub(super) fn trace(&mut self, event: &Event) {
        let Some(what) = self.what(&event.body) else { return };
        // The end is always told.
        if self.trace.len() >= MOST_TRACED && !event.id.ends_with(".resolved") {
            self.untold = self.untold.saturating_add(1);
            return;
        }
        let belongs = matches!(event.body, EventBody::Action { .. } | EventBody::Seam { .. });
        self.trace.push(Traced { at: event.at, id: event.id.clone(), what, belongs });
    }

    /// The artifact, now that the alert has ended at `vitals`.
    pub(super) fn artifact(self, context: &Context<'_>, alert: &Alert, vitals: Vitals) -> Artifact {
        let events = self.trace.iter().filter(|traced| traced.belongs).map(|traced| traced.id.clone()).collect();
        let about = About { alert: Some(alert.id.clone()), experiment: self.experiment.clone(), events };
        Artifact {
            id: format!("{}.artifact", alert.id),
            subject: context.subject.clone(),
            at: context.now,
            status: ArtifactStatus::Warn,
            about,
            by: BY.to_owned(),
            record: self.record(context, alert, vitals),
        }
    }

    fn record(&self, context: &Context<'_>, alert: &Alert, vitals: Vitals) -> Value {
        let mut delta = changes(self.before, vitals);
        #[expect(clippy::cast_precision_loss, reason = "there are four vitals")]
        let measured = delta.len() as f64 / Vital::ALL.len() as f64;
        delta.insert("lasted_seconds".to_owned(), json!(context.now.since(alert.opened_at).as_secs_f64()));
        let Alert { summary, description, recommendation, escalation, .. } = alert;
        json!({
            "timestamp": context.now,
            "auto_generated": true,
            "delta": delta,
            "dimension": {
                "events": self.trace.len() + self.untold as usize,
                "steps_of_the_chain": escalation.taken.len(),
                "lapsed_acknowledgements": escalation.lapses,
            },
            "omega": { "coverage_density": measured, "manual_review_required": true },
            "lambda": { "status": ArtifactStatus::Warn, "next_step": texts(recommendation) },
            "sift": {
                "source": {
                    "subject": context.subject,
                    "log": [logged(&alert.id), format!("{}-{}", context.partition, context.seq)],
                    "rules": context.rules.hash,
                },
                "inference": texts(description),
                "fact": facts(alert, summary),
                "trace": self.trace.iter().map(told).collect::<Vec<_>>(),
                "not_traced": self.untold,
            },
        })
    }

    fn what(&self, body: &EventBody) -> Option<String> {
        Some(match body {
            EventBody::Alert { change, alert } if alert.id == self.alert => format!("alert {}", change.name()),
            EventBody::Action { action } => {
                let what = match action.delivery {
                    Delivery::None | Delivery::Pending => "taken",
                    Delivery::Delivered => "delivered",
                    Delivery::Failed => "not delivered",
                };
                format!("action {} {what}", action.action)
            }
            EventBody::Voice { voice, stood_down: None, .. } => format!("{} begins", voice.name()),
            EventBody::Voice { voice, stood_down: Some(_), .. } => format!("{} ends", voice.name()),
            EventBody::Seam { seam } => format!("seam {} to {}", seam.from, seam.to),
            EventBody::Experiment { change, experiment } => {
                format!("experiment {} {}", experiment.name, change.name())
            }
            _ => return None,
        })
    }
}

/// How the vitals changed that were known at both ends.
fn changes(before: Vitals, after: Vitals) -> Map<String, Value> {
    let known =
        Vital::ALL.into_iter().filter_map(|vital| Some((vital, before.get(vital)?.get(), after.get(vital)?.get())));
    let change = |(vital, from, to): (Vital, f64, f64)| {
        // Rounded as people subtract. Zero has no sign.
        let change = ((to - from) * 1e6).round() / 1e6 + 0.0;
        (vital.name().to_owned(), json!({ "from": from, "to": to, "change": change }))
    };
    known.map(change).collect()
}

fn facts(alert: &Alert, summary: &Text) -> Value {
    let told = match alert.notification {
        Notification::Sent { at } => Some(at),
        Notification::Held { .. } | Notification::Suppressed => None,
    };
    json!({
        "summary": texts(summary),
        "rule": alert.rule,
        "priority": alert.priority.name(),
        "value": alert.value,
        "threshold": alert.threshold,
        "since": alert.since,
        "opened_at": alert.opened_at,
        "resolved_at": alert.resolved_at,
        "told_at": told,
        "acknowledged_by": alert.acknowledged.as_ref().map(|seen| &seen.by),
        "actions": alert.actions,
        "simulated": alert.simulated,
    })
}

fn told(traced: &Traced) -> Value {
    json!({ "at": traced.at, "event": traced.id, "what": traced.what })
}

fn texts(text: &Text) -> Value {
    json!({ "en": text.en, "ru": text.ru })
}

/// The place in the log that an id was made from.
fn logged(id: &str) -> &str {
    id.split(['.', '+']).next().unwrap_or(id)
}
