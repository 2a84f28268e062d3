//! Judges everything that is stored once more, from the first entry on, and compares what the engine concludes with the
//! events that are stored.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Context as _;
use backtest::{Audit, Audited};
use domain::{Event, EventBody, Subject, Timestamp};
use durable_log::{Body, Cursor, EngineState, Entry, Log, Partition};
use engine::{Engine, Input};
use rules::Rules;
use serde_json::json;
use tokio::sync::mpsc;

use super::{BacktestArguments, FailOn};
use crate::past::Entries;
use crate::say;

/// Pages that are read ahead.
const PAGES: usize = 4;
/// How often it is tried to find the engine at rest. One that is never so judges too much to be compared now.
const TRIES: u32 = 50;

/// Whether all is well.
pub(super) async fn run(arguments: &BacktestArguments, log: &Arc<dyn Log>, rules: Arc<Rules>) -> anyhow::Result<bool> {
    let now = log.now();
    let since = arguments.since.map_or(Timestamp::from_micros(i64::MIN), |since| since.before(now));
    let until = arguments.until.map_or(Timestamp::from_micros(i64::MAX), |until| until.before(now));
    let wanted = Wanted { since, until, subjects: arguments.subjects.iter().cloned().collect() };
    let mut total = Outcome::default();
    for partition in (0..log.partitions()).map(Partition) {
        let (state, heads) = at_rest(&**log, partition).await?;
        let mut entries = Entries::new(Arc::clone(log), partition, 0, heads.seq(partition));
        let (hand, pages) = mpsc::channel(PAGES);
        let (rules, wanted) = (Arc::clone(&rules), wanted.clone());
        let judge = tokio::task::spawn_blocking(move || judge(partition, rules, &state, &wanted, pages));
        loop {
            let page = entries.next().await.context("reading entries")?;
            // A judge who is gone has seen enough.
            if page.is_empty() || hand.send(page).await.is_err() {
                break;
            }
        }
        drop(hand);
        total.add(judge.await.context("judging")?);
    }
    total.audited.deviations.sort_by(|one, other| one.subject.cmp(&other.subject));
    let is_same = total.audited.deviations.is_empty();
    let _is_read = match arguments.json {
        true => say::out(&total.to_json(&rules)),
        false => total.lines(&rules).iter().all(|line| say::out(line)),
    };
    Ok(is_same || arguments.fail_on == FailOn::Never)
}

/// Where the engine of a partition stands, and a head of the log behind which nothing lies that it has concluded since.
async fn at_rest(log: &dyn Log, partition: Partition) -> anyhow::Result<(EngineState, Cursor)> {
    let standing = async || {
        let state = log.engine_state(partition).await.context("reading where the engine stands")?;
        anyhow::Ok(EngineState { subjects: Vec::new(), ..state })
    };
    let mut state = standing().await?;
    for _ in 0..TRIES {
        let heads = log.heads().await.context("reading the heads")?;
        let again = standing().await?;
        if again == state {
            return Ok((state, heads));
        }
        state = again;
    }
    anyhow::bail!("the engine of partition {partition} never rests: ask again when less is coming in, or stop it")
}

/// What is looked at.
#[derive(Clone)]
struct Wanted {
    since: Timestamp,
    until: Timestamp,
    /// All, if none is named.
    subjects: BTreeSet<Subject>,
}

impl Wanted {
    fn wants(&self, subject: &Subject) -> bool {
        self.subjects.is_empty() || self.subjects.contains(subject)
    }
}

/// What came of it.
#[derive(Default)]
struct Outcome {
    audited: Audited,
    samples: u64,
    /// The rules that verdicts in the log rest on.
    hashes: BTreeSet<String>,
    /// Whether the beginning was pruned, so that the engine lacks memory that it had.
    is_pruned: bool,
}

fn judge(
    partition: Partition,
    rules: Arc<Rules>,
    state: &EngineState,
    wanted: &Wanted,
    mut pages: mpsc::Receiver<Vec<Entry>>,
) -> Outcome {
    let mut engine = Engine::new(partition.0, rules);
    let mut audit = Audit::new(wanted.since);
    let (mut outcome, mut events, mut is_first) = (Outcome::default(), Vec::new(), true);
    // The engine's own last moment counts; a moment that was asked for does not.
    let is_within = |at: Timestamp| at <= state.now && at < wanted.until;
    let concluded = |audit: &mut Audit, events: &mut Vec<Event>| {
        events.drain(..).filter(|event| is_within(event.at)).for_each(|event| audit.concluded(&event));
    };
    'pages: while let Some(page) = pages.blocking_recv() {
        for entry in page {
            outcome.is_pruned |= std::mem::take(&mut is_first) && entry.seq > 1;
            let is_judged = entry.seq <= state.through && entry.recorded < wanted.until;
            match &entry.body {
                Body::Sample(sample) if is_judged && wanted.wants(&sample.subject) => {
                    engine.step(entry.recorded, Input::Sample(entry.seq, sample), &mut events);
                    outcome.samples += 1;
                }
                Body::Command(subject, command) if is_judged && wanted.wants(subject) => {
                    engine.step(entry.recorded, Input::Command(entry.seq, subject, command), &mut events);
                }
                // An engine's events are in the order of their times.
                Body::Event(event) if event.at >= wanted.until => break 'pages,
                Body::Event(event) if wanted.wants(&event.subject) => {
                    if let EventBody::Levels { verdict, .. } = &event.body
                        && event.at >= wanted.since
                        && !outcome.hashes.contains(&verdict.config_hash)
                    {
                        outcome.hashes.insert(verdict.config_hash.clone());
                    }
                    audit.stored(event);
                }
                _ => {}
            }
            concluded(&mut audit, &mut events);
        }
    }
    let last = wanted.until.as_micros().saturating_sub(1).min(state.now.as_micros());
    engine.step(Timestamp::from_micros(last), Input::Tick, &mut events);
    concluded(&mut audit, &mut events);
    Outcome { audited: audit.finish(), ..outcome }
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.audited.same += other.audited.same;
        self.audited.deviations.extend(other.audited.deviations);
        self.samples += other.samples;
        self.hashes.extend(other.hashes);
        self.is_pruned |= other.is_pruned;
    }

    /// The rules of the log that are not those it was judged by.
    fn others(&self, rules: &Rules) -> Vec<&str> {
        self.hashes.iter().map(String::as_str).filter(|hash| *hash != rules.hash).collect()
    }

    fn lines(&self, rules: &Rules) -> Vec<String> {
        let Audited { same, deviations } = &self.audited;
        let mut lines = Vec::new();
        for deviation in deviations {
            let side = |line: &Option<String>| line.clone().unwrap_or_else(|| "nothing more".to_owned());
            lines.push(format!("{}: from here on the log differs", deviation.subject));
            lines.push(format!("  stored     {}", side(&deviation.stored)));
            lines.push(format!("  concluded  {}", side(&deviation.concluded)));
        }
        if !deviations.is_empty() {
            let others = self.others(rules);
            if !others.is_empty() {
                lines.push(format!("judged here by rules {}, in the log also by {}", rules.hash, others.join(", ")));
            }
            if self.is_pruned {
                lines.push(
                    "the log no longer has its beginning: what the engine remembered of it is not known".to_owned(),
                );
            }
        }
        lines.push(match deviations.len() {
            0 => format!("{} samples, {same} events: byte for byte what the engine concludes", self.samples),
            1 => format!("{} samples, {same} events the same; 1 subject differs", self.samples),
            number => format!("{} samples, {same} events the same; {number} subjects differ", self.samples),
        });
        lines
    }

    fn to_json(&self, rules: &Rules) -> String {
        let backtest = json!({
            "against": "log",
            "rules": rules.hash,
            "other_rules_in_log": self.others(rules),
            "is_pruned": self.is_pruned,
            "differs": !self.audited.deviations.is_empty(),
            "samples": self.samples,
            "same_events": self.audited.same,
            "deviations": self.audited.deviations,
        });
        json!({ "backtest": backtest }).to_string()
    }
}
