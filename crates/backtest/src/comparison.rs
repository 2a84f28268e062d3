//! Judges the same samples by two sets of rules, each on a thread of its own, while the next samples are read.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::Subject;
use durable_log::{Log, LogError, SampleEntry, partition_of};
use rules::Rules;
use tokio::sync::mpsc;
use tokio::task::JoinError;

use crate::{Figures, Judge, Period, Samples};

/// Pages that are read ahead: enough that who judges never waits, few enough that memory stays small.
const PAGES: usize = 4;

/// The past of some subjects, judged by the rules in force and by others.
#[derive(Debug)]
pub struct Comparison {
    /// How many samples of each subject were judged and count.
    pub samples: BTreeMap<Subject, usize>,
    /// What was so of each subject under the rules in force, and under the others.
    pub figures: [BTreeMap<Subject, Figures>; 2],
}

/// Why the past could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The log did not answer.
    #[error("reading samples")]
    Read(#[source] LogError),
    /// A judge gave up.
    #[error("judging")]
    Judge(#[source] JoinError),
}

/// What a judge is handed.
#[derive(Clone)]
enum Turn {
    /// From now on samples of this one, in this partition.
    Begin(Subject, u16),
    /// The next samples.
    Page(Arc<Vec<SampleEntry>>),
}

impl Comparison {
    /// Judges what `log` holds of `subjects` within `period`, by the rules in force and by others. So much of the time
    /// before as `warm_up` says is judged too, and does not count.
    ///
    /// # Errors
    ///
    /// The log does not answer, or the engine panics.
    pub async fn of(
        log: &Arc<dyn Log>,
        subjects: Vec<Subject>,
        period: Period,
        warm_up: Duration,
        rules: [Arc<Rules>; 2],
    ) -> Result<Self, Error> {
        let late = rules.iter().map(|rules| rules.staleness.after).max().unwrap_or_default();
        let [(one, in_force), (other, candidate)] = rules.map(|rules| {
            let (hand, turns) = mpsc::channel(PAGES);
            (hand, tokio::task::spawn_blocking(move || judge(&rules, period, turns)))
        });
        let hands = [one, other];
        let mut samples = BTreeMap::new();
        for subject in subjects {
            let warm = Period { since: period.since.minus(warm_up), until: period.until };
            let mut past = Samples::new(Arc::clone(log), subject.clone(), warm, late);
            hand_on(&hands, Turn::Begin(subject.clone(), partition_of(&subject, log.partitions()).0)).await;
            let mut count = 0;
            while let Some(page) = past.next().await.map_err(Error::Read)? {
                count += page.iter().filter(|entry| entry.recorded >= period.since).count();
                if !page.is_empty() {
                    hand_on(&hands, Turn::Page(Arc::new(page))).await;
                }
            }
            samples.insert(subject, count);
        }
        drop(hands);
        let figures = [in_force.await.map_err(Error::Judge)?, candidate.await.map_err(Error::Judge)?];
        Ok(Self { samples, figures })
    }
}

/// A judge who is gone has failed, which is found out when it is asked for its answer.
async fn hand_on(hands: &[mpsc::Sender<Turn>], turn: Turn) {
    for hand in hands {
        drop(hand.send(turn.clone()).await);
    }
}

fn judge(rules: &Arc<Rules>, period: Period, mut turns: mpsc::Receiver<Turn>) -> BTreeMap<Subject, Figures> {
    let mut figures = BTreeMap::new();
    let mut current: Option<(Subject, Judge)> = None;
    while let Some(turn) = turns.blocking_recv() {
        match turn {
            Turn::Begin(subject, partition) => {
                let next = (subject, Judge::new(partition, Arc::clone(rules), period));
                figures.extend(current.replace(next).map(|(subject, judge)| (subject, judge.finish())));
            }
            Turn::Page(page) => {
                let Some((_, judge)) = &mut current else { continue };
                for entry in page.iter() {
                    judge.sample(entry.seq, entry.recorded, &entry.sample);
                }
            }
        }
    }
    figures.extend(current.map(|(subject, judge)| (subject, judge.finish())));
    figures
}
