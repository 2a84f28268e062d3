//! Judges the same samples by two sets of rules, while the next samples are read.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::Subject;
use durable_log::{Log, LogError, partition_of};
use rules::Rules;

use crate::judges::{Judges, Turn, give_way};
use crate::{Figures, Period, Samples};

/// Pages that are read ahead: enough that who judges never waits, few enough that memory stays small.
const PAGES: usize = 4;
/// The same beside other work, where memory counts for more.
const PAGES_ASIDE: usize = 1;

/// What is judged.
#[derive(Clone, Debug)]
pub struct Past {
    /// Of whom.
    pub subjects: Vec<Subject>,
    /// The time that counts.
    pub period: Period,
    /// So much of the time before is judged too, and does not count.
    pub warm_up: Duration,
}

/// The past of some subjects, judged by the rules in force and by others.
#[derive(Debug)]
pub struct Comparison {
    /// How many samples of each subject were judged and count.
    pub samples: BTreeMap<Subject, usize>,
    /// What was so of each subject under the rules in force, and under the others.
    pub figures: [BTreeMap<Subject, Figures>; 2],
}

/// How much may be judged.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// So many samples in all.
    pub samples: usize,
    /// So many in memory together: some two hours of one subject, and more where they were recorded long after they were
    /// measured, because the order of their numbers is then known late.
    pub at_once: usize,
}

impl Bounds {
    /// As much as there is.
    pub const NONE: Self = Self { samples: usize::MAX, at_once: usize::MAX };
}

/// Why the past could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The log did not answer.
    #[error("reading samples")]
    Read(#[source] LogError),
    /// No thread could be had.
    #[error("starting a thread")]
    Start(#[source] std::io::Error),
    /// An engine panicked.
    #[error("an engine panicked while it judged")]
    Judge,
    /// There is more of the past than may be judged.
    #[error("there are more than {most} samples")]
    TooMany {
        /// What is allowed.
        most: usize,
    },
    /// More would lie in memory together than may.
    #[error("more than {most} samples came too close together, or long after they were measured")]
    TooMuchAtOnce {
        /// What is allowed.
        most: usize,
    },
}

impl Past {
    /// Judges it by the rules in force and by others, as fast as the machine can: each on a thread of its own. Who no
    /// longer waits for the answer ends it.
    ///
    /// # Errors
    ///
    /// The log does not answer, or an engine panics.
    pub async fn compare(&self, log: &Arc<dyn Log>, rules: [Arc<Rules>; 2]) -> Result<Comparison, Error> {
        let late = late(&rules);
        let judges = rules.map(|rules| Judges::start([rules], self.period, PAGES, || ()));
        let [in_force, candidate] = judges;
        let judges = [in_force?, candidate?];
        let samples = self.hand_out(log, late, Bounds::NONE, &judges).await?;
        let [in_force, candidate] = judges;
        let ([in_force], [candidate]) = (in_force.finish().await?, candidate.finish().await?);
        Ok(Comparison { samples, figures: [in_force, candidate] })
    }

    /// The same beside work that matters more: on one thread, which takes what the others leave, and within bounds.
    /// `place` is dropped when that thread has ended, which is a little later than who no longer waits.
    ///
    /// # Errors
    ///
    /// The log does not answer, an engine panics, or there is more to judge than the bounds allow.
    pub async fn compare_aside(
        &self,
        log: &Arc<dyn Log>,
        rules: [Arc<Rules>; 2],
        bounds: Bounds,
        place: impl Send + 'static,
    ) -> Result<Comparison, Error> {
        let late = late(&rules);
        let begin = move || {
            give_way();
            place
        };
        let judges = Judges::start(rules, self.period, PAGES_ASIDE, begin)?;
        let samples = self.hand_out(log, late, bounds, std::slice::from_ref(&judges)).await?;
        Ok(Comparison { samples, figures: judges.finish().await? })
    }

    /// Reads the samples, and hands them to all judges. Answers how many of each subject count.
    async fn hand_out<const N: usize>(
        &self,
        log: &Arc<dyn Log>,
        late: Duration,
        bounds: Bounds,
        judges: &[Judges<N>],
    ) -> Result<BTreeMap<Subject, usize>, Error> {
        let Period { since, until } = self.period;
        let warm = Period { since: since.minus(self.warm_up), until };
        let (mut counts, mut read) = (BTreeMap::new(), 0);
        for subject in &self.subjects {
            let mut past = Samples::new(Arc::clone(log), subject.clone(), warm, late).at_most(bounds.at_once);
            let partition = partition_of(subject, log.partitions());
            hand_on(judges, Turn::Begin(subject.clone(), partition.0)).await;
            let mut count = 0;
            while let Some(page) = past.next().await? {
                read += page.len();
                if read > bounds.samples {
                    return Err(Error::TooMany { most: bounds.samples });
                }
                count += page.iter().filter(|entry| entry.recorded >= since).count();
                if !page.is_empty() {
                    hand_on(judges, Turn::Page(Arc::new(page))).await;
                }
            }
            counts.insert(subject.clone(), count);
        }
        Ok(counts)
    }
}

async fn hand_on<const N: usize>(judges: &[Judges<N>], turn: Turn) {
    for judges in judges {
        judges.hand(turn.clone()).await;
    }
}

/// How long before its recording a sample that matters may have been measured.
fn late(rules: &[Arc<Rules>]) -> Duration {
    rules.iter().map(|rules| rules.staleness.after).max().unwrap_or_default()
}

#[cfg(test)]
mod tests;
