//! What this replica holds and judges, for readiness.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use durable_log::Partition;

/// A table that the supervisor and the workers write and readiness reads. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Standing(Arc<Mutex<Table>>);

#[derive(Default)]
struct Table {
    /// None while it is not known who holds what.
    held: Option<BTreeSet<Partition>>,
    judged: BTreeSet<Partition>,
}

impl Standing {
    /// These partitions are ours.
    pub(crate) fn hold(&self, held: BTreeSet<Partition>) {
        self.lock().held = Some(held);
    }

    /// Nobody knows what is ours.
    pub(crate) fn lose(&self) {
        self.lock().held = None;
    }

    /// Whether a partition is being judged now.
    pub(crate) fn judge(&self, partition: Partition, is_judged: bool) {
        let judged = &mut self.lock().judged;
        match is_judged {
            true => judged.insert(partition),
            false => judged.remove(&partition),
        };
    }

    /// Ready is who shares, and judges what it holds: nothing may be enough.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let table = self.lock();
        let held =
            table.held.as_ref().ok_or_else(|| anyhow::anyhow!("the log does not say which partitions to judge"))?;
        match held.difference(&table.judged).next() {
            Some(idle) => Err(anyhow::anyhow!("partition {idle} is not judged now")),
            None => Ok(()),
        }
    }

    /// For people.
    pub(crate) fn describe(&self) -> String {
        match &self.lock().held {
            None => "unknown".to_owned(),
            Some(held) if held.is_empty() => "none: other replicas judge all of them".to_owned(),
            Some(held) => list(held),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Their numbers, with commas.
pub(crate) fn list(partitions: &BTreeSet<Partition>) -> String {
    partitions.iter().map(Partition::to_string).collect::<Vec<_>>().join(", ")
}
