//! Drives one run in real time: does what is due, and hears what comes of it.

use std::sync::Arc;
use std::time::Duration;

use experiments::{Input, Run};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::lab::{Sight, View, in_full};
use super::log_end::{Heard, LogEnd};

/// What is asked of the engine is heard so much later at the most, unless something is wrong.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
/// A service that ends waits so long for the engine to say that the experiment ended.
const LAST_WORDS: Duration = Duration::from_millis(500);
const ENDS_WITH_SERVICE: &str = "the service that ran it has ended";

pub(super) struct Runner {
    pub(super) run: Run,
    pub(super) end: LogEnd,
    pub(super) told: watch::Sender<View>,
    pub(super) shutdown: CancellationToken,
}

impl Runner {
    /// Goes on until all is over, or the service ends.
    pub(super) async fn run(mut self) {
        let shutdown = self.shutdown.clone();
        while let Some(due) = self.run.due() {
            let now = self.end.now();
            // Before anything is heard: a partition that never falls silent must not keep the runner from its work.
            if due <= now {
                let inputs = self.run.inputs(now);
                self.append(inputs).await;
                self.tell();
            }
            let Some(due) = self.run.due() else { return };
            tokio::select! {
                biased;
                () = shutdown.cancelled() => self.leave().await,
                heard = self.end.next() => self.hear(heard),
                () = sleep(due.since(now)) => {}
            }
        }
    }

    /// What the log cannot take for long is given up: the engine ends an experiment of whose runner nothing is heard.
    async fn append(&mut self, inputs: impl IntoIterator<Item = Input>) {
        for input in inputs {
            if let Err(error) = self.end.append(input).await {
                let experiment = self.run.id().unwrap_or_default();
                tracing::warn!(error = %error, experiment.id = experiment, "an experiment could not write to the log");
            }
        }
    }

    fn hear(&mut self, heard: Vec<Heard>) {
        if heard.is_empty() {
            return;
        }
        for heard in heard {
            match heard {
                Heard::Sample(sample) => self.run.sampled(&sample),
                Heard::Events(events) => self.run.hear(&events),
            }
        }
        self.tell();
    }

    /// Ends it before its time, and keeps what was measured so far.
    async fn leave(&mut self) {
        let stop = self.run.stop(None, ENDS_WITH_SERVICE);
        self.append(stop).await;
        let ended = async {
            while self.run.experiment().is_some_and(|experiment| experiment.ended.is_none()) {
                let heard = self.end.next().await;
                self.hear(heard);
            }
        };
        // An engine that ends too says it when it is there again.
        drop(timeout(LAST_WORDS, ended).await);
        let artifact = self.run.close(self.end.now());
        self.append(artifact).await;
        self.tell();
    }

    fn tell(&self) {
        let report = self.run.is_over().then(|| Arc::new(in_full(&self.run.report())));
        let progress = Some(self.run.progress(self.end.now()));
        let view = View { experiment: self.run.experiment().cloned(), sight: Sight { progress, report } };
        self.told.send_replace(view);
    }
}
