//! Judges the same samples by two sets of rules, each on a thread of its own, while the next samples are read.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use backtest::{Figures, Judge, Period};
use domain::Subject;
use durable_log::{Log, SampleEntry, partition_of};
use rules::Rules;
use tokio::sync::mpsc;

use super::report::Report;
use super::{BacktestArguments, FailOn, Moment};
use crate::past::{Samples, subjects};
use crate::say;

/// How far back it is looked, if nobody says.
const SINCE: Moment = Moment::Ago(Duration::from_secs(7 * 86_400));
/// Pages that are read ahead: enough that who judges never waits, few enough that memory stays small.
const PAGES: usize = 4;

/// What a judge is handed.
#[derive(Clone)]
enum Turn {
    /// From now on samples of this one, in this partition.
    Begin(Subject, u16),
    /// The next samples.
    Page(Arc<Vec<SampleEntry>>),
}

/// Whether all is well.
pub(super) async fn run(
    arguments: &BacktestArguments,
    log: &Arc<dyn Log>,
    rules: [Arc<Rules>; 2],
) -> anyhow::Result<bool> {
    let now = log.now();
    let until = arguments.until.map_or(now, |until| until.before(now)).min(now);
    let since = arguments.since.unwrap_or(SINCE).before(now);
    anyhow::ensure!(since < until, "--since must lie before --until: nothing was asked for");
    let period = Period { since, until };
    let hashes = rules.each_ref().map(|rules| rules.hash.clone());
    let late = rules.iter().map(|rules| rules.staleness.after).max().unwrap_or_default();

    let subjects = subjects(&arguments.subjects, &**log).await?;
    let (hands, judges): (Vec<_>, Vec<_>) = rules
        .into_iter()
        .map(|rules| {
            let (hand, turns) = mpsc::channel(PAGES);
            (hand, tokio::task::spawn_blocking(move || judge(&rules, period, turns)))
        })
        .unzip();
    let mut samples = BTreeMap::new();
    for subject in subjects {
        let warm = Period { since: since.minus(arguments.warm_up), until };
        let mut past = Samples::new(Arc::clone(log), subject.clone(), warm, late);
        hand_on(&hands, Turn::Begin(subject.clone(), partition_of(&subject, log.partitions()).0)).await;
        let mut count = 0;
        while let Some(page) = past.next().await.context("reading samples")? {
            count += page.iter().filter(|entry| entry.recorded >= since).count();
            if !page.is_empty() {
                hand_on(&hands, Turn::Page(Arc::new(page))).await;
            }
        }
        samples.insert(subject, count);
    }
    drop(hands);
    let mut figures = Vec::new();
    for judge in judges {
        figures.push(judge.await.context("judging")?);
    }
    let [in_force, candidate] = <[_; 2]>::try_from(figures).ok().context("two judges have two answers")?;
    let report = Report::new(period, arguments.warm_up, hashes, samples, &in_force, &candidate);
    let _is_read = match arguments.json {
        true => say::out(&report.to_json()),
        false => report.lines().iter().all(|line| say::out(line)),
    };
    Ok(match arguments.fail_on {
        FailOn::Any => !report.differs(),
        FailOn::MoreTold => !report.tells_more(),
        FailOn::Never => true,
    })
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
