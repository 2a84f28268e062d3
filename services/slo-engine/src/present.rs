//! The latest vitals and levels, for Prometheus: `iskra_vital_ratio` and `iskra_level`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Subject, Verdict, Vitals};
use durable_log::{Partition, partition_of};
use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{GaugeVec, IntGauge, Opts};

/// Most subjects that are exported one by one; a time series costs Prometheus more than it costs us.
const SUBJECTS: usize = 1_000;

/// A table that the workers write and a scrape reads. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Present {
    table: Arc<Mutex<Table>>,
    ratio: GaugeVec,
    level: GaugeVec,
    left_out: IntGauge,
}

#[derive(Default)]
struct Table {
    rows: BTreeMap<Subject, Row>,
    left_out: BTreeSet<Subject>,
}

#[derive(Default)]
struct Row {
    vitals: Vitals,
    verdict: Verdict,
}

impl Present {
    pub(crate) fn new() -> prometheus::Result<Self> {
        let labels = &["subject", "vital"];
        let ratio = Opts::new("iskra_vital_ratio", "Latest value of a vital, from 0 to 1.");
        let level = Opts::new("iskra_level", "Level of a vital: 0 OK, 1 WARN, 2 BLOCK; absent while stale.");
        let left_out = "Subjects beyond the 1,000 that are exported one by one.";
        Ok(Self {
            table: Arc::default(),
            ratio: GaugeVec::new(ratio, labels)?,
            level: GaugeVec::new(level, labels)?,
            left_out: IntGauge::new("iskra_subjects_left_out", left_out)?,
        })
    }

    /// Takes in how subjects now stand.
    pub(crate) fn update<'a>(&self, subjects: impl Iterator<Item = (&'a Subject, Vitals, &'a Verdict)>) {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        for (subject, vitals, verdict) in subjects {
            if let Some(row) = table.row(subject) {
                *row = Row { vitals, verdict: verdict.clone() };
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
        [self.ratio.desc(), self.level.desc(), self.left_out.desc()].concat()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        self.ratio.reset();
        self.level.reset();
        for (subject, row) in &table.rows {
            for (vital, verdict) in row.verdict.present().filter(|(_, verdict)| !verdict.stale) {
                let labels = [subject.as_str(), vital.name()];
                self.level.with_label_values(&labels).set(f64::from(verdict.level.number()));
                if let Some(score) = row.vitals.get(vital) {
                    self.ratio.with_label_values(&labels).set(score.get());
                }
            }
        }
        self.left_out.set(i64::try_from(table.left_out.len()).unwrap_or(i64::MAX));
        [self.ratio.collect(), self.level.collect(), self.left_out.collect()].concat()
    }
}
