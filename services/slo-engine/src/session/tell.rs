//! What others see of what a session has concluded: metrics, what the log of the process says, and who is to be told.

use std::time::Duration;

use domain::{
    Alert, AlertChange, Artifact, Delivery, EventBody, Experiment, ExperimentChange, ExperimentEnd, Notification,
    Silence, Suppression,
};
use engine::RuleKind;
use tokio::time::Instant;

use super::Session;

/// How often budgets are shown.
const ACCOUNT: Duration = Duration::from_secs(15);

impl Session {
    /// Counts and shows what is now written.
    pub(super) fn tell(&mut self) {
        let events = std::mem::take(&mut self.events);
        for event in &events {
            match &event.body {
                EventBody::Alert { change, alert } => {
                    self.has_told = true;
                    self.tell_alert(*change, alert);
                }
                EventBody::Action { action } if action.delivery == Delivery::Pending => {
                    self.actions.push((event.subject.clone(), action.clone()));
                }
                EventBody::Silence { change, silence } => {
                    let Silence { id, subject, rule, by, .. } = silence;
                    let (name, of) = (change.name(), rule.as_deref().unwrap_or("all alerts"));
                    self.metrics.silences.with_label_values(&[name]).inc();
                    tracing::info!(silence.id = id, %subject, "silence of {of} on `{subject}` by {by:?} {name}");
                }
                EventBody::Experiment { change, experiment } => self.tell_experiment(*change, experiment),
                EventBody::Artifact { artifact } => {
                    let Artifact { id, subject, status, by, .. } = &**artifact;
                    self.metrics.artifacts.with_label_values(&[status.name()]).inc();
                    tracing::info!(artifact.id = id, %subject, "artifact of `{subject}` by {by:?}: {}", status.name());
                }
                _ => {}
            }
        }
        // Their place is kept for the next ones.
        self.events = events;
    }

    fn tell_alert(&self, change: AlertChange, alert: &Alert) {
        let name = change.name();
        self.metrics.alerts.with_label_values(&[name]).inc();
        let outcome = match (change, alert.notification) {
            (AlertChange::Opened, Notification::Sent { .. }) | (AlertChange::Notified, _) => Some("told"),
            (AlertChange::Resolved, Notification::Suppressed) => Some("suppressed"),
            _ => None,
        };
        if let Some(outcome) = outcome {
            self.metrics.notifications.with_label_values(&[outcome]).inc();
        }
        let may_be_held = matches!(change, AlertChange::Opened | AlertChange::Silenced | AlertChange::Unsilenced);
        if let (true, Notification::Held { by, .. }) = (may_be_held, alert.notification) {
            self.metrics.holds.with_label_values(&[by.name()]).inc();
        }
        tracing::info!(
            alert.id, subject = %alert.subject, priority = alert.priority.name(),
            "{} {name}: {}", alert.name, alert.summary.en
        );
    }

    fn tell_experiment(&self, change: ExperimentChange, experiment: &Experiment) {
        let Experiment { id, name, subject, by, ended, .. } = experiment;
        self.metrics.experiments.with_label_values(&[change.name()]).inc();
        let told = format!("experiment {name} on `{subject}` by {by:?} {}", change.name());
        // One that is released ended before, and was counted then.
        match ended.as_ref().filter(|_| matches!(change, ExperimentChange::Refused | ExperimentChange::Ended)) {
            Some(ExperimentEnd { outcome, reason, .. }) => {
                self.metrics.experiment_outcomes.with_label_values(&[outcome.name()]).inc();
                tracing::info!(experiment.id = id, %subject, "{told}, {}: {}", outcome.name(), reason.en);
            }
            None => tracing::info!(experiment.id = id, %subject, "{told}"),
        }
    }

    /// Budgets move slowly, and looking at all of them is work.
    pub(super) fn account(&mut self) {
        if self.accounted.is_none_or(|at| at.elapsed() >= ACCOUNT) {
            self.accounted = Some(Instant::now());
            self.present.account(|subject| self.engine.budgets(subject));
        }
    }

    pub(super) fn count_done(&mut self) {
        for counted in self.engine.take_counts() {
            let (done, not_done) = match counted.kind {
                RuleKind::Symbol => (&self.metrics.symbols, &self.metrics.symbols_suppressed),
                _ => (&self.metrics.actions, &self.metrics.actions_suppressed),
            };
            done.with_label_values(&[&counted.rule]).inc_by(counted.taken);
            for (why, times) in Suppression::ALL.into_iter().zip(counted.suppressed) {
                not_done.with_label_values(&[&counted.rule, why.name()]).inc_by(times);
            }
        }
    }

    pub(super) fn count_unjudged(&mut self) {
        let now = self.engine.unjudged();
        let count = |reason: &str, by: u64| self.metrics.unjudged.with_label_values(&[reason]).inc_by(by);
        count("superseded", now.superseded - self.unjudged.superseded);
        count("late", now.late - self.unjudged.late);
        self.unjudged = now;
    }
}
