//! Reads a log from its beginning, and finds what must not be: a hole, a double, an altered sample, a conclusion that a
//! fresh engine does not come to.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use domain::{Alert, AlertChange, Event, EventBody, Sample, Timestamp};
use durable_log::{Body, Entry, Log, Partition, partition_of};
use engine::{Engine, Input};
use rules::Rules;

use super::ledger::{Key, Ledger, key};
use crate::suite::PATIENCE;

/// Entries in one read.
const LIMIT: u32 = 5_000;

/// What was read so far. It may be continued while the log grows.
pub(crate) struct Audit {
    partitions: Vec<Reading>,
    stored: HashMap<Key, Sample>,
    alerts: Vec<(AlertChange, Alert)>,
}

/// One partition, judged by an engine of our own beside the one that wrote.
struct Reading {
    engine: Engine,
    last: u64,
    recorded: Timestamp,
    /// What our engine concluded, and the log does not say yet.
    expected: VecDeque<String>,
    ids: HashSet<String>,
}

impl Audit {
    /// Before the first entry.
    pub(crate) fn new(partitions: u16, rules: &Arc<Rules>) -> Self {
        let reading = |partition| Reading {
            engine: Engine::new(partition, rules.clone()),
            last: 0,
            recorded: Timestamp::default(),
            expected: VecDeque::new(),
            ids: HashSet::new(),
        };
        Self { partitions: (0..partitions).map(reading).collect(), stored: HashMap::new(), alerts: Vec::new() }
    }

    /// Takes in one more entry.
    pub(crate) fn take(&mut self, partition: Partition, entry: Entry) -> anyhow::Result<()> {
        let count = u16::try_from(self.partitions.len())?;
        let reading = &mut self.partitions[usize::from(partition.0)];
        let place = format!("partition {partition}, entry {}", entry.seq);
        ensure!(entry.seq == reading.last + 1, "{place}: it follows {}", reading.last);
        ensure!(entry.recorded >= reading.recorded, "{place}: recorded {} after {}", entry.recorded, reading.recorded);
        (reading.last, reading.recorded) = (entry.seq, entry.recorded);
        match entry.body {
            Body::Sample(sample) => {
                ensure!(partition_of(&sample.subject, count) == partition, "{place}: it belongs elsewhere");
                reading.step(entry.recorded, Input::Sample(entry.seq, &sample));
                let twice = self.stored.insert(key(&sample), sample);
                ensure!(twice.is_none(), "{place}: it is there twice: {twice:?}");
            }
            Body::Command(subject, command) => {
                reading.step(entry.recorded, Input::Command(entry.seq, &subject, &command));
            }
            Body::Event(event) => {
                reading.step(entry.recorded, Input::Tick);
                let expected = reading.expected.pop_front().context("nothing was expected");
                let expected = expected.with_context(|| format!("{place}: {event:?}"))?;
                let written = serde_json::to_string(&event)?;
                ensure!(written == expected, "{place}: a fresh engine says\n{expected}\nthe log says\n{written}");
                ensure!(reading.ids.insert(event.id.clone()), "{place}: its id was there before: {written}");
                if let EventBody::Alert { change, alert } = event.body {
                    self.alerts.push((change, *alert));
                }
            }
        }
        Ok(())
    }

    /// Reads on to where the log ends now.
    pub(crate) async fn read(&mut self, log: &dyn Log) -> anyhow::Result<()> {
        let partitions = u16::try_from(self.partitions.len())?;
        ensure!(log.partitions() == partitions, "the log has {} partitions", log.partitions());
        for partition in (0..partitions).map(Partition) {
            loop {
                let entries = log.read(partition, self.partitions[usize::from(partition.0)].last, LIMIT).await?;
                if entries.is_empty() {
                    break;
                }
                for entry in entries {
                    self.take(partition, entry)?;
                }
            }
        }
        Ok(())
    }

    /// Reads until the engine has written all that follows from what it was given; nobody may send samples any more.
    pub(crate) async fn read_to_the_end(&mut self, log: &dyn Log) -> anyhow::Result<()> {
        let start = Instant::now();
        loop {
            self.read(log).await?;
            let Some(missing) = self.partitions.iter().find_map(|reading| reading.expected.front()) else {
                return Ok(());
            };
            ensure!(start.elapsed() < PATIENCE, "the engine does not say what follows from the log: {missing}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What was acknowledged by then is there as it was sent, and nothing else is. `ledger` is as of before the reading.
    pub(crate) fn holds(&self, ledger: &Ledger) -> anyhow::Result<()> {
        for key in &ledger.acknowledged {
            let stored = self.stored.get(key);
            let sent = &ledger.sent[key];
            ensure!(stored == Some(sent), "acknowledged: {sent:?}, stored: {stored:?}");
        }
        Ok(())
    }

    /// Nothing is there that was never sent. `ledger` is as of after the reading.
    pub(crate) fn invents_nothing(&self, ledger: &Ledger) -> anyhow::Result<()> {
        for (key, stored) in &self.stored {
            let sent = ledger.sent.get(key);
            ensure!(sent == Some(stored), "stored: {stored:?}, sent: {sent:?}");
        }
        Ok(())
    }

    /// Every stored sample.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Key> {
        self.stored.keys()
    }

    /// What happened to alerts, in the order of each partition.
    pub(crate) fn alerts(&self) -> &[(AlertChange, Alert)] {
        &self.alerts
    }

    /// For people who read the output of a test.
    pub(crate) fn summary(&self) -> String {
        format!("{} samples, {} changes of alerts", self.stored.len(), self.alerts.len())
    }
}

impl Reading {
    fn step(&mut self, now: Timestamp, input: Input<'_>) {
        let mut events: Vec<Event> = Vec::new();
        self.engine.step(now, input, &mut events);
        let json =
            |event: &Event| serde_json::to_string(&event.as_told()).expect("an event has text keys and finite numbers");
        self.expected.extend(events.iter().map(json));
    }
}
