//! Many samples of the past, through the log as if they came now.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::{Log, LogError, Outcome};
use tokio::task::JoinSet;

use crate::report::say;
use crate::samples::now;

/// Seconds in one call: with those that run side by side, less than the log lets wait.
const SECONDS: u64 = 100;
const SIDE_BY_SIDE: usize = 4;
const DAY: Duration = Duration::from_hours(24);

/// What was stored: the samples end with the last day that is over, so that all of their chunks are full.
#[derive(Clone, Copy)]
pub(crate) struct Stock {
    pub(crate) samples: u64,
    pub(crate) seconds: u64,
    pub(crate) end: Timestamp,
}

/// Of the subjects.
pub(crate) fn name(index: usize) -> String {
    format!("agent-{index}")
}

/// Stores at least so many, one a second of each subject.
pub(crate) async fn fill(log: Arc<dyn Log>, samples: u64, subjects: usize) -> anyhow::Result<Stock> {
    let seconds = samples.div_ceil(subjects as u64).next_multiple_of(SECONDS);
    let today = Duration::from_micros(now().as_micros().unsigned_abs() % u64::try_from(DAY.as_micros())?);
    let end = now().minus(today);
    let end = Timestamp::from_micros(end.as_micros() / 1_000_000 * 1_000_000);
    let subjects: Vec<_> = (0..subjects).map(|index| Subject::new(&name(index))).collect::<Result<_, _>>()?;
    let (mut calls, mut told) = (JoinSet::new(), Instant::now());
    for first in (0..seconds).step_by(usize::try_from(SECONDS)?) {
        let from = end.minus(Duration::from_secs(seconds - first));
        let batch = (0..SECONDS).flat_map(|second| {
            let at = from.plus(Duration::from_secs(second));
            subjects.iter().enumerate().map(move |(index, subject)| sample(subject, at, index))
        });
        while calls.len() >= SIDE_BY_SIDE {
            finish(&mut calls).await?;
        }
        calls.spawn(store(log.clone(), batch.collect()));
        if told.elapsed() > Duration::from_secs(10) {
            told = Instant::now();
            let all = subjects.len() as u64;
            say(&format!("{} of {} samples are loaded", first * all, seconds * all))?;
        }
    }
    while !calls.is_empty() {
        finish(&mut calls).await?;
    }
    Ok(Stock { samples: seconds * subjects.len() as u64, seconds, end })
}

/// Ends one of them; all of its samples are stored then.
async fn finish(calls: &mut JoinSet<anyhow::Result<()>>) -> anyhow::Result<()> {
    calls.join_next().await.map_or(Ok(()), |ended| ended?)
}

/// As a producer does it: sends the same again when it cannot know whether it was stored.
async fn store(log: Arc<dyn Log>, batch: Vec<Sample>) -> anyhow::Result<()> {
    let appended = loop {
        match log.append(batch.clone()).await {
            Err(LogError::OutcomeUnknown(_)) => say("the outcome of a commit is unknown: the same again")?,
            answered => break answered?,
        }
    };
    let refused = appended.outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Conflict)).count();
    anyhow::ensure!(refused == 0, "{refused} samples were not accepted");
    Ok(())
}

/// Each moment and each subject has figures of its own.
fn sample(subject: &Subject, at: Timestamp, index: usize) -> Sample {
    let wave = ((at.as_micros() / 1_000_000 + index as i64) % 97) as f64 / 1_000.0;
    let vitals = Vital::ALL.into_iter().zip([0.72, 0.35, 0.7, 0.25]);
    let vitals =
        vitals.fold(Vitals::default(), |vitals, (vital, base)| vitals.with(vital, Score::clamped(base + wave)));
    Sample { subject: subject.clone(), at, vitals, signals: Signals::new() }
}
