//! What the engine tells of itself.

use domain::{AlertChange, ArtifactStatus, ExperimentChange, HeldBy, Outcome, SilenceChange, Suppression};
use prometheus::{Histogram, IntCounter, IntCounterVec, IntGauge, Opts, Registry};
use rules::Rules;
use telemetry::latency_histogram;

/// Cheap to clone; the workers share it.
#[derive(Clone)]
pub(crate) struct Metrics {
    pub(crate) samples: IntCounter,
    pub(crate) unjudged: IntCounterVec,
    pub(crate) alerts: IntCounterVec,
    pub(crate) notifications: IntCounterVec,
    pub(crate) holds: IntCounterVec,
    pub(crate) silences: IntCounterVec,
    pub(crate) experiments: IntCounterVec,
    pub(crate) experiment_outcomes: IntCounterVec,
    pub(crate) artifacts: IntCounterVec,
    pub(crate) actions: IntCounterVec,
    pub(crate) actions_suppressed: IntCounterVec,
    pub(crate) symbols: IntCounterVec,
    pub(crate) symbols_suppressed: IntCounterVec,
    pub(crate) restores: IntCounter,
    pub(crate) fenced: IntCounter,
    pub(crate) partitions: IntGauge,
    pub(crate) subjects: IntGauge,
    pub(crate) delay: Histogram,
    pub(crate) commit: Histogram,
}

impl Metrics {
    pub(crate) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let counters = |name: &str, help: &str, label: &str, values: &[&str]| {
            let vec = IntCounterVec::new(Opts::new(name, help), &[label])?;
            values.iter().for_each(|value| vec.with_label_values(&[value]).inc_by(0));
            registry.register(Box::new(vec.clone()))?;
            prometheus::Result::Ok(vec)
        };
        // The names of rules come from the rules: a closed set, though not ours. [`Metrics::know`] makes them begin at zero.
        let of_rules = |name: &str, help: &str, labels: &[&str]| {
            let vec = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(vec.clone()))?;
            prometheus::Result::Ok(vec)
        };
        let samples = IntCounter::new("iskra_engine_samples_total", "Samples read from the log.")?;
        let restores = IntCounter::new("iskra_engine_restores_total", "Times an engine was restored from the log.")?;
        let fenced = "Times another engine took a partition over while this one judged it.";
        let fenced = IntCounter::new("iskra_engine_fenced_total", fenced)?;
        let partitions = IntGauge::new("iskra_engine_partitions", "Partitions that this replica judges.")?;
        let subjects = IntGauge::new("iskra_engine_subjects", "Subjects that the engines hold.")?;
        registry.register(Box::new(samples.clone()))?;
        registry.register(Box::new(restores.clone()))?;
        registry.register(Box::new(fenced.clone()))?;
        registry.register(Box::new(partitions.clone()))?;
        registry.register(Box::new(subjects.clone()))?;
        Ok(Self {
            samples,
            restores,
            fenced,
            partitions,
            subjects,
            unjudged: counters(
                "iskra_engine_unjudged_total",
                "Samples that were stored but not judged, by reason.",
                "reason",
                &["superseded", "late"],
            )?,
            actions: of_rules("iskra_actions_taken_total", "Automatic actions that were taken.", &["action"])?,
            actions_suppressed: of_rules(
                "iskra_actions_suppressed_total",
                "Automatic actions whose condition became true and that were not taken, by reason.",
                &["action", "reason"],
            )?,
            symbols: of_rules("iskra_symbols_performed_total", "Symbols that were performed.", &["symbol"])?,
            symbols_suppressed: of_rules(
                "iskra_symbols_suppressed_total",
                "Symbols whose condition became true and that were not performed, by reason.",
                &["symbol", "reason"],
            )?,
            alerts: counters(
                "iskra_alerts_total",
                "Changes of alerts.",
                "change",
                &AlertChange::ALL.map(AlertChange::name),
            )?,
            notifications: counters(
                "iskra_alert_notifications_total",
                "Alerts by whether people were told: told + suppressed = opened, once none is held.",
                "outcome",
                &["told", "suppressed"],
            )?,
            holds: counters(
                "iskra_alert_holds_total",
                "Times that the notification of an alert was held back, by what holds it for longest.",
                "by",
                &HeldBy::ALL.map(HeldBy::name),
            )?,
            silences: counters(
                "iskra_silences_total",
                "Changes of silences.",
                "change",
                &SilenceChange::ALL.map(SilenceChange::name),
            )?,
            experiments: counters(
                "iskra_experiments_total",
                "Changes of experiments.",
                "change",
                &ExperimentChange::ALL.map(ExperimentChange::name),
            )?,
            experiment_outcomes: counters(
                "iskra_experiment_outcomes_total",
                "Experiments that ended or did not begin, by how.",
                "outcome",
                &Outcome::ALL.map(Outcome::name),
            )?,
            artifacts: counters(
                "iskra_artifacts_total",
                "Artifacts that were kept, by what the checks say of them.",
                "status",
                &ArtifactStatus::ALL.map(ArtifactStatus::name),
            )?,
            delay: latency_histogram(
                registry,
                "iskra_engine_delay_seconds",
                "From the commit of a sample to its judgement.",
            )?,
            commit: latency_histogram(
                registry,
                "iskra_engine_commit_seconds",
                "Time to commit what the engine concluded.",
            )?,
        })
    }

    /// Counts what these rules may do from zero; what was counted already stands.
    pub(crate) fn know(&self, rules: &Rules) {
        let actions = rules.actions.list.iter().map(|rule| (&rule.id, &self.actions, &self.actions_suppressed));
        let symbols = rules.symbols.iter().map(|rule| (&rule.id, &self.symbols, &self.symbols_suppressed));
        for (id, done, not_done) in actions.chain(symbols) {
            done.with_label_values(&[id]);
            for why in Suppression::ALL {
                not_done.with_label_values(&[id.as_str(), why.name()]);
            }
        }
    }
}
