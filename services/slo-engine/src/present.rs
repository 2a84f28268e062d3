//! How subjects stand, for Prometheus: vitals, levels, voices and budgets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Presence, Subject, Verdict, Vitals};
use durable_log::{Partition, partition_of};
use engine::BudgetNow;
use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{GaugeVec, IntGauge, Opts};

/// Most subjects that are exported one by one; a time series costs Prometheus more than it costs us.
const SUBJECTS: usize = 1_000;

/// A table that the workers write and a scrape reads. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Present {
    table: Arc<Mutex<Table>>,
    scrape: Arc<Mutex<()>>,
    ratio: GaugeVec,
    level: GaugeVec,
    voice: GaugeVec,
    objective: GaugeVec,
    measured: GaugeVec,
    remaining: GaugeVec,
    burn: GaugeVec,
    left_out: IntGauge,
}

#[derive(Default)]
struct Table {
    rows: BTreeMap<Subject, Row>,
    left_out: BTreeSet<Subject>,
}

#[derive(Clone, Default)]
struct Row {
    vitals: Vitals,
    verdict: Verdict,
    presence: Presence,
    budgets: Vec<BudgetNow>,
}

impl Present {
    pub(crate) fn new() -> prometheus::Result<Self> {
        let labels = &["subject", "vital"];
        let ratio = Opts::new("iskra_vital_ratio", "Latest value of a vital, from 0 to 1.");
        let level = Opts::new("iskra_level", "Level of a vital: 0 OK, 1 WARN, 2 BLOCK; absent while stale.");
        let objective = "Share of the time that a vital should be inside its OK zone, of what was measured.";
        let measured =
            "Share of the objective's period in which a vital was measured: the rest earns and costs nothing.";
        let remaining = "Share of an error budget that is left: 1 is all of it, below 0 it is overdrawn.";
        let burn = "How many times faster than its budget lasts a vital uses it up, over the window in seconds.";
        let left_out = "Subjects beyond the 1,000 that are exported one by one.";
        Ok(Self {
            table: Arc::default(),
            scrape: Arc::default(),
            ratio: GaugeVec::new(ratio, labels)?,
            level: GaugeVec::new(level, labels)?,
            voice: GaugeVec::new(
                Opts::new("iskra_voice_active", "Whether a voice is active: 0 or 1."),
                &["subject", "voice"],
            )?,
            objective: GaugeVec::new(Opts::new("iskra_slo_objective_ratio", objective), labels)?,
            measured: GaugeVec::new(Opts::new("iskra_slo_measured_ratio", measured), labels)?,
            remaining: GaugeVec::new(Opts::new("iskra_slo_budget_remaining_ratio", remaining), labels)?,
            burn: GaugeVec::new(Opts::new("iskra_slo_burn_rate", burn), &["subject", "vital", "window"])?,
            left_out: IntGauge::new("iskra_subjects_left_out", left_out)?,
        })
    }

    /// Takes in how subjects now stand.
    pub(crate) fn update<'a>(&self, subjects: impl Iterator<Item = (&'a Subject, Vitals, &'a Verdict)>) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        for (subject, vitals, verdict) in subjects {
            if let Some(row) = table.row(subject) {
                (row.vitals, row.verdict) = (vitals, verdict.clone());
            }
        }
    }

    /// Takes in how subjects are besides their levels.
    pub(crate) fn hear(&self, presences: &[(Subject, Presence)]) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        for (subject, presence) in presences {
            if let Some(row) = table.row(subject) {
                row.presence = presence.clone();
            }
        }
    }

    /// Takes in how the objectives of the subjects stand that `budgets` knows.
    pub(crate) fn account(&self, budgets: impl Fn(&Subject) -> Option<Vec<BudgetNow>>) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        for (subject, row) in &mut table.rows {
            if let Some(budgets) = budgets(subject) {
                row.budgets = budgets;
            }
        }
    }

    /// Leaves the subjects of a partition, of so many, to whoever judges it now: what is not judged here would stand
    /// still here.
    pub(crate) fn forget(&self, partition: Partition, of: u16) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.rows.retain(|subject, _| partition_of(subject, of) != partition);
        table.left_out.retain(|subject| partition_of(subject, of) != partition);
    }
}

impl Present {
    fn vecs(&self) -> [&GaugeVec; 7] {
        [&self.ratio, &self.level, &self.voice, &self.objective, &self.measured, &self.remaining, &self.burn]
    }
}

impl Table {
    fn row(&mut self, subject: &Subject) -> Option<&mut Row> {
        if !self.rows.contains_key(subject) {
            if self.rows.len() == SUBJECTS {
                self.left_out.insert(subject.clone());
                return None;
            }
            self.left_out.remove(subject);
            self.rows.insert(subject.clone(), Row::default());
        }
        self.rows.get_mut(subject)
    }
}

impl Collector for Present {
    fn desc(&self) -> Vec<&Desc> {
        self.vecs().into_iter().flat_map(Collector::desc).chain(self.left_out.desc()).collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        // One scrape after the other: two would write into the same series.
        let _scrape = self.scrape.lock().unwrap_or_else(PoisonError::into_inner);
        // The workers wait for the table, so it is only copied; to make tens of thousands of series takes longer.
        let (rows, left_out) = {
            let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
            (table.rows.clone(), table.left_out.len())
        };
        let vecs = self.vecs();
        vecs.into_iter().for_each(|vec| vec.reset());
        for (subject, row) in &rows {
            for (vital, verdict) in row.verdict.present().filter(|(_, verdict)| !verdict.stale) {
                let labels = [subject.as_str(), vital.name()];
                self.level.with_label_values(&labels).set(f64::from(verdict.level.number()));
                if let Some(score) = row.vitals.get(vital) {
                    self.ratio.with_label_values(&labels).set(score.get());
                }
            }
            for voice in row.presence.chorus.iter().flat_map(|chorus| &chorus.voices) {
                let is_active = if voice.active.is_some() { 1.0 } else { 0.0 };
                self.voice.with_label_values(&[subject.as_str(), voice.voice.name()]).set(is_active);
            }
            for budget in &row.budgets {
                let labels = [subject.as_str(), budget.vital.name()];
                self.objective.with_label_values(&labels).set(budget.objective);
                self.measured.with_label_values(&labels).set(budget.measured_ratio);
                self.remaining.with_label_values(&labels).set(budget.remaining_ratio);
                for burn in &budget.burns {
                    for (seconds, rate) in [(burn.long_seconds, burn.long), (burn.short_seconds, burn.short)] {
                        let labels = [subject.as_str(), budget.vital.name(), &seconds.to_string()];
                        rate.into_iter().for_each(|rate| self.burn.with_label_values(&labels).set(rate));
                    }
                }
            }
        }
        self.left_out.set(i64::try_from(left_out).unwrap_or(i64::MAX));
        vecs.into_iter().flat_map(Collector::collect).chain(self.left_out.collect()).collect()
    }
}
