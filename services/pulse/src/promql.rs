//! Asks servers of the Prometheus kind what they have measured: each source at its own moments.
//!
//! The moments are whole multiples of the interval, and the server is asked for exactly them. So replicas make the same
//! samples, of which the log keeps one. A moment that nobody was asked about in time stays unmeasured: a server that comes
//! back would fill the time of its absence with what it knew before.

use std::time::Duration;

use anyhow::{Context as _, bail};
use domain::{Draft, Rejection, RejectionCode, Timestamp};
use prometheus::Registry;
use settings::Secrets;
use sources::{AnswerError, Polled, Promql, Query, Sources};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use self::metrics::{Metrics, Outcome, SourceMetrics};
use self::server::{Authorization, Server};
use self::trouble::Trouble;
use crate::ingest::{IndexedRejection, Ingest};

mod metrics;
mod server;
#[cfg(test)]
mod tests;
mod trouble;

/// How long all queries of a moment may take, unless the next moment comes sooner.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks whether the secrets that the sources name can be read, and tells of all that cannot.
pub fn check(sources: &Sources, secrets: &Secrets) -> anyhow::Result<()> {
    let fault = |source: &Promql| {
        let error = anyhow::Error::new(secrets.text(source.secret()?).err()?);
        Some(format!("the source `{}`: {error:#}", source.name))
    };
    let faults: Vec<_> = sources.promql.iter().filter_map(fault).collect();
    anyhow::ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// Polls all sources until `shutdown`. An answer may hold `most_series`.
pub(crate) fn start(
    sources: &Sources,
    ingest: &Ingest,
    most_series: usize,
    registry: &Registry,
    shutdown: &CancellationToken,
) -> anyhow::Result<JoinSet<()>> {
    let secrets = Secrets::of_process();
    check(sources, &secrets)?;
    let (metrics, client) = (Metrics::new(registry)?, server::client()?);
    let mut polling = JoinSet::new();
    for source in &sources.promql {
        let poller = Poller {
            source: source.clone(),
            server: Server::new(client.clone(), source, secrets.clone())?,
            ingest: ingest.clone(),
            most_series,
            metrics: metrics.of(&source.name),
            failure: Trouble::new("could not be polled"),
            complaint: Trouble::new("said what could not all be used"),
        };
        polling.spawn(poller.run(shutdown.clone()));
    }
    Ok(polling)
}

/// Asks one source.
struct Poller {
    source: Promql,
    server: Server,
    ingest: Ingest,
    most_series: usize,
    metrics: SourceMetrics,
    failure: Trouble,
    complaint: Trouble,
}

impl Poller {
    async fn run(mut self, shutdown: CancellationToken) {
        let mut asked = None;
        loop {
            let moment = tokio::select! {
                biased;
                () = shutdown.cancelled() => return,
                moment = self.next(asked) => moment,
            };
            asked = Some(moment);
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return,
                () = self.poll(moment) => {}
            }
        }
    }

    /// Waits for a moment after the one that was `asked` for: at the start the latest is due at once.
    async fn next(&self, asked: Option<Timestamp>) -> Timestamp {
        loop {
            let now = self.ingest.now();
            let moment = self.source.latest(now);
            match asked {
                Some(asked) if moment == asked => sleep(moment.plus(self.source.every).since(now)).await,
                Some(asked) => {
                    self.metrics.count(Outcome::Missed, between(asked, moment, self.source.every));
                    return moment;
                }
                None => return moment,
            }
        }
    }

    async fn poll(&mut self, moment: Timestamp) {
        let patience = self.source.every.min(PATIENCE);
        let answered = timeout(patience, self.ask(moment, patience)).await;
        let answered = answered.unwrap_or_else(|_| Err(anyhow::anyhow!("it did not answer within {patience:?}")));
        let (outcome, failure) = match answered {
            Err(error) => (Outcome::Failed, Some(error)),
            Ok(polled) => match self.store(polled.warnings.first().cloned(), polled.finish()).await {
                Err(error) => (Outcome::Unstored, Some(error)),
                Ok(()) => (Outcome::Stored, None),
            },
        };
        self.metrics.count(outcome, 1);
        if failure.is_none() {
            self.metrics.note_success(self.ingest.now());
        }
        self.failure.note(&self.source.name, failure.map(|error| format!("{error:#}")));
    }

    /// All queries of one moment, or none: with a part of them, replicas would make different samples.
    async fn ask(&self, moment: Timestamp, patience: Duration) -> anyhow::Result<Polled<'_>> {
        let authorization = self.server.authorization().await?;
        let mut polled = self.source.polled(moment);
        for query in &self.source.queries {
            let asked = self.ask_one(query, &authorization, (moment, patience), &mut polled).await;
            asked.with_context(|| format!("asked for `{}`", query.text))?;
        }
        Ok(polled)
    }

    async fn ask_one(
        &self,
        query: &Query,
        authorization: &Authorization,
        (moment, patience): (Timestamp, Duration),
        polled: &mut Polled<'_>,
    ) -> anyhow::Result<()> {
        let (status, body) = self.server.ask(&query.text, authorization, moment, patience).await?;
        match polled.take(query, &body, self.most_series) {
            taken if status.is_success() => Ok(taken?),
            Err(refused @ AnswerError::Refused(_)) => Err(refused.into()),
            _ => bail!("it answered {status}"),
        }
    }

    /// Stores what was measured, and tells what of it cannot be stored. That another Pulse has stored the moment is no
    /// trouble, even if its server knew a little less or more at that time.
    async fn store(&mut self, warning: Option<String>, items: Vec<Result<Draft, Rejection>>) -> anyhow::Result<()> {
        let report = self.ingest.take(items).await?;
        let is_trouble = |rejection: &&IndexedRejection| rejection.rejection.code != RejectionCode::Conflict;
        let mut refused = report.rejections.iter().filter(is_trouble).map(|each| &each.rejection);
        let refusal = refused.next().map(|first| match refused.count() {
            0 => first.to_string(),
            others => format!("{first}; and {others} more"),
        });
        self.complaint.note(&self.source.name, refusal.or(warning));
        Ok(())
    }
}

/// How many moments lie between two of them. None when the clock was set back.
fn between(asked: Timestamp, moment: Timestamp, every: Duration) -> u64 {
    let steps = moment.since(asked).as_micros() / every.as_micros().max(1);
    u64::try_from(steps).unwrap_or(u64::MAX).saturating_sub(1)
}
