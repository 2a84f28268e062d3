use std::collections::BTreeMap;
use std::sync::Arc;

use domain::Subject;
use durable_log::SampleEntry;
use rules::Rules;
use tokio::sync::{mpsc, oneshot};

use crate::{Error, Figures, Judge, Period};

/// Some judges on one thread, who are handed the same samples.
pub(crate) struct Judges<const N: usize> {
    hand: mpsc::Sender<Turn>,
    figures: oneshot::Receiver<[BTreeMap<Subject, Figures>; N]>,
}

/// What judges are handed.
#[derive(Clone)]
pub(crate) enum Turn {
    /// From now on samples of this one, in this partition.
    Begin(Subject, u16),
    /// The next samples.
    Page(Arc<Vec<SampleEntry>>),
}

impl<const N: usize> Judges<N> {
    /// Starts the thread. At most so many pages wait for it. What `begin` answers, which it does first, it keeps until it
    /// has ended.
    pub(crate) fn start<T>(
        rules: [Arc<Rules>; N],
        period: Period,
        pages: usize,
        begin: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Self, Error> {
        let (hand, turns) = mpsc::channel(pages);
        let (answer, figures) = oneshot::channel();
        let thread = move || {
            let _kept = begin();
            // Nobody may wait any more.
            drop(answer.send(judge(&rules, period, turns)));
        };
        std::thread::Builder::new().name("backtest".to_owned()).spawn(thread).map_err(Error::Start)?;
        Ok(Self { hand, figures })
    }

    /// Judges who are gone have failed, which is found out when they are asked for their answer.
    pub(crate) async fn hand(&self, turn: Turn) {
        drop(self.hand.send(turn).await);
    }

    /// What was so by the rules of each judge, when they have come to the end.
    pub(crate) async fn finish(self) -> Result<[BTreeMap<Subject, Figures>; N], Error> {
        drop(self.hand);
        self.figures.await.map_err(|_| Error::Judge)
    }
}

/// The figures of each, when no more turns can come: there are none left, or nobody waits any more.
fn judge<const N: usize>(
    rules: &[Arc<Rules>; N],
    period: Period,
    mut turns: mpsc::Receiver<Turn>,
) -> [BTreeMap<Subject, Figures>; N] {
    let mut figures = [const { BTreeMap::new() }; N];
    let mut current: Option<(Subject, [Judge; N])> = None;
    let mut finish = |current: Option<(Subject, [Judge; N])>| {
        if let Some((subject, judges)) = current {
            for (figures, judge) in figures.iter_mut().zip(judges) {
                figures.insert(subject.clone(), judge.finish());
            }
        }
    };
    while let Some(turn) = turns.blocking_recv() {
        match turn {
            Turn::Begin(subject, partition) => {
                let judges = rules.each_ref().map(|rules| Judge::new(partition, Arc::clone(rules), period));
                finish(current.replace((subject, judges)));
            }
            Turn::Page(page) => {
                for judge in current.iter_mut().flat_map(|(_, judges)| judges) {
                    page.iter().for_each(|entry| judge.sample(entry.seq, entry.recorded, &entry.sample));
                }
            }
        }
    }
    finish(current);
    figures
}

/// From now on this thread takes what all others leave. Where a thread has no such rank of its own, nothing happens.
pub(crate) fn give_way() {
    #[cfg(target_os = "linux")]
    {
        /// The least of all: as `nice -n 19`.
        const LAST: i32 = 19;
        // Whoever wants less is never refused; and if so, the work is still that of one thread.
        rustix::process::setpriority_process(None, LAST).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests;
