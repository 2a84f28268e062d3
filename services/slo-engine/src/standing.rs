//! What this replica holds and judges, for readiness.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use durable_log::Partition;
use tokio::time::Instant;

/// A worker comes round every second, also when there is nothing to judge. One that does not for so long is stuck.
const STUCK: Duration = Duration::from_secs(15);

/// A table that the supervisor and the workers write and readiness reads. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Standing(Arc<Mutex<Table>>);

#[derive(Default)]
struct Table {
    /// None while it is not known who holds what.
    held: Option<BTreeSet<Partition>>,
    /// When the worker of each partition that is judged last came round.
    judged: BTreeMap<Partition, Instant>,
    /// The last entry that was judged of each partition that is held, also while its engine is restored.
    reached: BTreeMap<Partition, u64>,
}

impl Standing {
    /// These partitions are ours.
    pub(crate) fn hold(&self, held: BTreeSet<Partition>) {
        let mut table = self.lock();
        table.reached.retain(|partition, _| held.contains(partition));
        table.held = Some(held);
    }

    /// Nobody knows what is ours.
    pub(crate) fn lose(&self) {
        let mut table = self.lock();
        table.reached.clear();
        table.held = None;
    }

    /// A partition is being judged now, through this entry: told again and again.
    pub(crate) fn judge(&self, partition: Partition, through: u64) {
        let mut table = self.lock();
        table.judged.insert(partition, Instant::now());
        if table.held.as_ref().is_some_and(|held| held.contains(&partition)) {
            table.reached.insert(partition, through);
        }
    }

    /// A partition is not judged any more.
    pub(crate) fn leave(&self, partition: Partition) {
        self.lock().judged.remove(&partition);
    }

    /// How far each partition that is held was judged.
    pub(crate) fn reached(&self) -> Vec<(Partition, u64)> {
        self.lock().reached.iter().map(|(partition, through)| (*partition, *through)).collect()
    }

    /// Ready is who shares, and judges what it holds: nothing may be enough.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let table = self.lock();
        let held =
            table.held.as_ref().ok_or_else(|| anyhow::anyhow!("the log does not say which partitions to judge"))?;
        for partition in held {
            match table.judged.get(partition) {
                None => anyhow::bail!("partition {partition} is not judged now"),
                Some(at) if at.elapsed() > STUCK => anyhow::bail!("the engine of partition {partition} is stuck"),
                Some(_) => {}
            }
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn well_is_who_judges_what_it_holds_and_goes_on_doing_so() {
        let standing = Standing::default();
        let told = || standing.check().map_err(|error| error.to_string());
        assert!(told().is_err(), "nobody knows what is ours");
        standing.hold(BTreeSet::new());
        assert_eq!(told(), Ok(()));
        standing.hold(BTreeSet::from([Partition(1), Partition(2)]));
        standing.judge(Partition(1), 7);
        assert_eq!(told(), Err("partition 2 is not judged now".to_owned()));
        advance(STUCK).await;
        standing.judge(Partition(2), 7);
        assert_eq!(told(), Ok(()));
        advance(Duration::from_millis(1)).await;
        assert_eq!(told(), Err("the engine of partition 1 is stuck".to_owned()));
        standing.judge(Partition(1), 7);
        standing.leave(Partition(2));
        assert_eq!(told(), Err("partition 2 is not judged now".to_owned()));
    }

    #[tokio::test]
    async fn how_far_a_partition_was_judged_is_known_while_it_is_held() {
        let standing = Standing::default();
        standing.hold(BTreeSet::from([Partition(1)]));
        standing.judge(Partition(1), 7);
        standing.judge(Partition(2), 5);
        standing.leave(Partition(1));
        assert_eq!(standing.reached(), [(Partition(1), 7)]);
        standing.hold(BTreeSet::from([Partition(1), Partition(2)]));
        standing.judge(Partition(2), 6);
        assert_eq!(standing.reached(), [(Partition(1), 7), (Partition(2), 6)]);
        standing.hold(BTreeSet::from([Partition(2)]));
        assert_eq!(standing.reached(), [(Partition(2), 6)]);
        standing.lose();
        assert_eq!(standing.reached(), []);
    }
}
