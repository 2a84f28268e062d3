//! How far the engines are behind the log, and what the log takes of the disk: asked for at each scrape.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use durable_log::{Log, LogError, Partition};
use futures_util::future::try_join_all;
use prometheus::{GaugeVec, IntGauge, IntGaugeVec, Opts, Registry};
use tokio::time::{Instant, timeout};

use crate::standing::Standing;

/// How long the log may take to answer; after that nothing is told rather than something old.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the log is asked for its size: a large database looks at many files for that.
const MEASURE: Duration = Duration::from_secs(60);

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct LogMetrics {
    log: Arc<dyn Log>,
    standing: Standing,
    /// The file of a log whose disk is ours to look at.
    file: Option<PathBuf>,
    lag: GaugeVec,
    bytes: IntGaugeVec,
    disk_free: IntGaugeVec,
    disk_size: IntGaugeVec,
    measured: Arc<Mutex<Option<Instant>>>,
}

impl LogMetrics {
    pub(crate) fn new(
        log: Arc<dyn Log>,
        standing: Standing,
        file: Option<PathBuf>,
        registry: &Registry,
    ) -> prometheus::Result<Self> {
        let partitions = IntGauge::new("iskra_log_partitions", "Partitions of the log: all that are to be judged.")?;
        partitions.set(log.partitions().into());
        registry.register(Box::new(partitions))?;
        let lag = "Since when the first sample or wish waits that was not judged yet, of a partition judged here.";
        let lag = GaugeVec::new(Opts::new("iskra_engine_lag_seconds", lag), &["partition"])?;
        registry.register(Box::new(lag.clone()))?;
        // Without labels, but absent until it is known.
        let gauge = |name: &str, help: &str| {
            let gauge = IntGaugeVec::new(Opts::new(name, help), &[])?;
            registry.register(Box::new(gauge.clone()))?;
            prometheus::Result::Ok(gauge)
        };
        Ok(Self {
            log,
            standing,
            file,
            lag,
            bytes: gauge("iskra_log_size_bytes", "What the log takes of the disk.")?,
            disk_free: gauge("iskra_log_disk_free_bytes", "What is free of the disk on which the log's file lies.")?,
            disk_size: gauge("iskra_log_disk_size_bytes", "How large the disk is on which the log's file lies.")?,
            measured: Arc::default(),
        })
    }

    /// Brings all of them up to date.
    pub(crate) async fn measure(self) {
        let (lags, bytes, ()) = tokio::join!(timeout(PATIENCE, self.lags()), self.bytes(), self.look_at_disk());
        match lags {
            Ok(Ok(lags)) => self.tell_lags(&lags),
            Ok(Err(_)) | Err(_) => self.lag.reset(),
        }
        if let Some(bytes) = bytes {
            set(&self.bytes, Some(bytes));
        }
    }

    async fn lags(&self) -> Result<Vec<(Partition, Duration)>, LogError> {
        let heads = self.log.heads().await?;
        let lags = self.standing.reached().into_iter().map(|(partition, through)| {
            let is_behind = heads.seq(partition) > through;
            async move {
                let waiting = if is_behind { self.log.read(partition, through, 1).await? } else { Vec::new() };
                let lag = waiting.first().map(|entry| self.log.now().since(entry.recorded));
                Ok((partition, lag.unwrap_or_default()))
            }
        });
        try_join_all(lags).await
    }

    fn tell_lags(&self, lags: &[(Partition, Duration)]) {
        for partition in (0..self.log.partitions()).map(Partition) {
            let label = [partition.to_string()];
            match lags.iter().find(|(of, _)| *of == partition) {
                Some((_, lag)) => self.lag.with_label_values(&label).set(lag.as_secs_f64()),
                // It may not have been there.
                None => drop(self.lag.remove_label_values(&label)),
            }
        }
    }

    /// How large the log is, if it is time to ask and the log answers.
    async fn bytes(&self) -> Option<u64> {
        {
            let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
            if measured.is_some_and(|at| at.elapsed() < MEASURE) {
                return None;
            }
            *measured = Some(Instant::now());
        }
        timeout(PATIENCE, self.log.size_bytes()).await.ok()?.ok()
    }

    /// A disk may be slow to answer: not on a thread that serves requests.
    async fn look_at_disk(&self) {
        let Some(file) = self.file.clone() else { return };
        let looked = tokio::task::spawn_blocking(move || {
            let disk = rustix::fs::statvfs(&file).context("the log's disk does not say how full it is")?;
            anyhow::Ok((disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize))
        });
        let disk = looked.await.ok().and_then(|disk| {
            let told = disk.inspect_err(|error| tracing::debug!("{error:#}"));
            told.ok()
        });
        set(&self.disk_free, disk.map(|(free, _)| free));
        set(&self.disk_size, disk.map(|(_, size)| size));
    }
}

/// Tells what is known; what is not known is absent.
fn set(gauge: &IntGaugeVec, value: Option<u64>) {
    match value {
        Some(value) => gauge.with_label_values::<&str>(&[]).set(i64::try_from(value).unwrap_or(i64::MAX)),
        None => gauge.reset(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::{Sample, Signals, Subject, Vitals};
    use settings::Settings;

    use super::*;

    #[tokio::test]
    async fn a_partition_lags_since_the_first_entry_that_was_not_judged() {
        test_support::use_tls();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("iskra.db");
        let layer = [("storage.path", file.to_str().unwrap()), ("storage.partitions", "2")];
        let layer = layer.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let log = assembly::Deps::alone(&Settings::load(None, [], &layer).unwrap(), None).await.unwrap().log;
        let (registry, standing) = (Registry::new(), Standing::default());
        let metrics = LogMetrics::new(log.clone(), standing.clone(), Some(file), &registry).unwrap();
        let told = async |name: &str| {
            metrics.clone().measure().await;
            let text = String::from_utf8(telemetry::encode(&registry).unwrap()).unwrap();
            let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            value.map(|value| value.parse::<f64>().unwrap())
        };
        let subject = Subject::new("agent-7").unwrap();
        let ours = durable_log::partition_of(&subject, 2);
        let lag = format!("iskra_engine_lag_seconds{{partition=\"{ours}\"}}");
        assert_eq!(told(&lag).await, None, "it is not judged here");
        standing.hold(BTreeSet::from([ours]));
        standing.judge(ours, 0);
        assert_eq!(told(&lag).await, Some(0.0));

        let sample = Sample { subject, at: log.now(), vitals: Vitals::default(), signals: Signals::default() };
        log.append(vec![sample]).await.unwrap();
        let recorded = log.read(ours, 0, 1).await.unwrap()[0].recorded;
        let before = log.now().since(recorded).as_secs_f64();
        let waiting = told(&lag).await.unwrap();
        assert!((before..=log.now().since(recorded).as_secs_f64()).contains(&waiting), "{waiting} after {before}");
        standing.judge(ours, 1);
        assert_eq!(told(&lag).await, Some(0.0));
        standing.lose();
        assert_eq!(told(&lag).await, None);

        assert_eq!(told("iskra_log_partitions").await, Some(2.0));
        assert!(told("iskra_log_size_bytes").await.unwrap() > 0.0);
        let (free, size) = (told("iskra_log_disk_free_bytes").await, told("iskra_log_disk_size_bytes").await);
        assert!(0.0 < free.unwrap() && free < size, "{free:?} of {size:?}");
        folder.close().unwrap();
        assert_eq!(told("iskra_log_disk_free_bytes").await, None, "nobody knows");
    }
}
