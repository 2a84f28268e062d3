//! What is told at the end: a table for people, or JSON.

use indicatif::HumanCount;
use load::{Missing, Outcome, Times};
use serde::Serialize;

use super::LoadArguments;

/// Quantiles that are told.
const QUANTILES: [(&str, f64); 5] = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0)];
/// From this share of all cores on, this program itself may be what is slow.
const BUSY: f64 = 0.7;

/// The figures, as programs read them.
#[derive(Serialize)]
pub(super) struct Report {
    load: Figures,
}

#[derive(Serialize)]
struct Figures {
    target: String,
    viewers: usize,
    measured_seconds: f64,
    samples: Samples,
    delivered: Delivered,
    /// In milliseconds.
    latency_ms: Latencies,
    opening_seconds: f64,
    tool: Tool,
    no_gap: bool,
    missing: MissingFigures,
}

#[derive(Serialize)]
struct Samples {
    asked_per_second: u64,
    reached_per_second: f64,
    acknowledged: u64,
    rejected: u64,
    unknown: u64,
    unsent: u64,
    answers_come_back_later: u64,
    requests_broken: u64,
}

#[derive(Serialize)]
struct Delivered {
    samples: u64,
    samples_per_second: f64,
    merged: u64,
    frames: u64,
    bytes: u64,
    lagged: u64,
    connections_lost: u64,
    began_anew: u64,
}

#[derive(Serialize)]
struct Latencies {
    due_to_acknowledged: Option<Quantiles>,
    due_to_seen: Option<Quantiles>,
    due_to_seen_by_watchers: Option<Quantiles>,
    connecting: Option<Quantiles>,
}

#[derive(Serialize)]
struct Quantiles {
    count: u64,
    p50: f64,
    p90: f64,
    p99: f64,
    #[serde(rename = "p99_9")]
    p999: f64,
    max: f64,
}

#[derive(Serialize)]
struct Tool {
    cpu_seconds: f64,
    cores_used: f64,
    cores: usize,
}

#[derive(Serialize)]
struct MissingFigures {
    viewers_with_broken_chain: usize,
    viewers_short: usize,
    samples_short: u64,
    viewers_short_that_began_anew: usize,
    viewers_over: usize,
    samples_over: u64,
    watchers_unseen: u64,
    watchers_twice: u64,
    watchers_blind: usize,
    viewers_absent: usize,
    examples: Vec<Example>,
}

#[derive(Serialize)]
struct Example {
    subject: String,
    at: domain::Timestamp,
}

impl Report {
    pub(super) fn new(arguments: &LoadArguments, outcome: &Outcome, cores: usize) -> Self {
        let Outcome { counts, missing, lasted, cpu: (cpu, wall), .. } = outcome;
        let per_second = |count: u64| if lasted.is_zero() { 0.0 } else { count as f64 / lasted.as_secs_f64() };
        let figures = Figures {
            target: arguments.url.to_string(),
            viewers: arguments.viewers,
            measured_seconds: lasted.as_secs_f64(),
            samples: Samples {
                asked_per_second: arguments.rate,
                reached_per_second: per_second(outcome.acknowledged.len()),
                acknowledged: counts.acknowledged,
                rejected: counts.rejected,
                unknown: counts.unknown,
                unsent: counts.unsent,
                answers_come_back_later: counts.busy,
                requests_broken: counts.broken,
            },
            delivered: Delivered {
                samples: counts.delivered,
                samples_per_second: per_second(outcome.seen.len()),
                merged: counts.merged,
                frames: counts.frames,
                bytes: counts.bytes,
                lagged: counts.lagged,
                connections_lost: counts.lost,
                began_anew: counts.anew,
            },
            latency_ms: Latencies {
                due_to_acknowledged: Quantiles::of(&outcome.acknowledged),
                due_to_seen: Quantiles::of(&outcome.seen),
                due_to_seen_by_watchers: Quantiles::of(&outcome.watched),
                connecting: Quantiles::of(&outcome.opened),
            },
            opening_seconds: outcome.opening.as_secs_f64(),
            tool: Tool {
                cpu_seconds: cpu.as_secs_f64(),
                cores_used: cpu.as_secs_f64() / wall.as_secs_f64().max(0.001),
                cores,
            },
            no_gap: missing.is_nothing(),
            missing: MissingFigures::of(missing),
        };
        Self { load: figures }
    }

    /// For people.
    pub(super) fn lines(&self) -> Vec<String> {
        let Figures { samples, delivered, latency_ms, tool, .. } = &self.load;
        let heads: String = QUANTILES.iter().map(|(name, _)| format!("{name:>12}")).collect();
        let mut lines = vec![format!("{:<26}{heads}", "")];
        for (what, quantiles) in [
            ("due → acknowledged", &latency_ms.due_to_acknowledged),
            ("due → seen", &latency_ms.due_to_seen),
            ("due → seen by watchers", &latency_ms.due_to_seen_by_watchers),
            ("connecting", &latency_ms.connecting),
        ] {
            if let Some(Quantiles { p50, p90, p99, p999, max, .. }) = quantiles {
                let values: String = [p50, p90, p99, p999, max].map(|ms| format!("{:>12}", in_ms(*ms))).concat();
                lines.push(format!("{what:<26}{values}"));
            }
        }
        let count = |count: &u64| HumanCount(*count).to_string();
        let rate = |rate: f64| HumanCount(rate.round() as u64).to_string();
        lines.push(String::new());
        lines.push(format!(
            "samples    {}/s asked, {}/s reached; {} acknowledged, {} rejected, {} unknown, {} never sent",
            count(&samples.asked_per_second),
            rate(samples.reached_per_second),
            count(&samples.acknowledged),
            count(&samples.rejected),
            count(&samples.unknown),
            count(&samples.unsent),
        ));
        lines.push(format!(
            "requests   {} told to come back later (429, 503), {} without an answer; all of them were sent again",
            count(&samples.answers_come_back_later),
            count(&samples.requests_broken),
        ));
        if self.load.viewers > 0 {
            lines.push(format!(
                "viewers    {}, there after {:.1} s; {} connections lost, {} began anew",
                HumanCount(self.load.viewers as u64),
                self.load.opening_seconds,
                count(&delivered.connections_lost),
                count(&delivered.began_anew),
            ));
            lines.push(format!(
                "updates    {}/s seen; {} in {} frames ({:.1} MB), {} of them merged, {} frames lagged",
                rate(delivered.samples_per_second),
                count(&delivered.samples),
                count(&delivered.frames),
                delivered.bytes as f64 / 1e6,
                count(&delivered.merged),
                count(&delivered.lagged),
            ));
        }
        lines.push(format!("this tool  {:.2} of {} cores", tool.cores_used, tool.cores));
        if tool.cores_used > BUSY * tool.cores as f64 {
            lines.push(
                "           which is most of this machine: these may be its limits, not those of the service"
                    .to_owned(),
            );
        }
        lines.push(String::new());
        lines.extend(self.load.missing.lines());
        lines
    }
}

impl Quantiles {
    fn of(times: &Times) -> Option<Self> {
        let [p50, p90, p99, p999, max] =
            QUANTILES.map(|(_, quantile)| times.value_at_quantile(quantile) as f64 / 1_000.0);
        (!times.is_empty()).then(|| Self { count: times.len(), p50, p90, p99, p999, max })
    }
}

impl MissingFigures {
    fn of(missing: &Missing) -> Self {
        let examples =
            missing.examples.iter().map(|(subject, at)| Example { subject: subject.clone(), at: *at }).collect();
        Self {
            viewers_with_broken_chain: missing.broken_chains,
            viewers_short: missing.short.0,
            samples_short: missing.short.1,
            viewers_short_that_began_anew: missing.anew,
            viewers_over: missing.over.0,
            samples_over: missing.over.1,
            watchers_unseen: missing.unseen,
            watchers_twice: missing.twice,
            watchers_blind: missing.blind,
            viewers_absent: missing.absent,
            examples,
        }
    }

    /// The verdict.
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut tell = |count: usize, line: String| {
            if count > 0 {
                lines.push(line);
            }
        };
        let Self { viewers_short, samples_short, viewers_over, samples_over, .. } = self;
        tell(
            self.viewers_with_broken_chain,
            format!("GAP: the chain of cursors broke for {} viewers", self.viewers_with_broken_chain),
        );
        tell(
            *viewers_short,
            format!("MISSING: {viewers_short} viewers got {} samples too few in all", HumanCount(*samples_short)),
        );
        let anew = self.viewers_short_that_began_anew;
        tell(anew, format!("         {anew} of them came back too late to resume, and were told so"));
        tell(
            *viewers_over,
            format!("TWICE: {viewers_over} viewers got {} samples too many in all", HumanCount(*samples_over)),
        );
        tell(
            self.watchers_unseen as usize,
            format!("MISSING: a watcher did not see {} acknowledged samples", HumanCount(self.watchers_unseen)),
        );
        for Example { subject, at } in &self.examples {
            tell(1, format!("         {subject} at {at}"));
        }
        tell(
            self.watchers_twice as usize,
            format!("TWICE: a watcher saw {} samples more than once", HumanCount(self.watchers_twice)),
        );
        tell(self.watchers_blind, format!("UNKNOWN: {} watchers had too many holes to name them", self.watchers_blind));
        tell(self.viewers_absent, format!("MISSING: {} viewers were not connected at the end", self.viewers_absent));
        if lines.is_empty() {
            lines.push("no gap: every acknowledged sample came to every viewer, once".to_owned());
        }
        lines
    }
}

/// A quantile as people read it.
pub(super) fn millis(times: &Times, quantile: f64) -> String {
    in_ms(times.value_at_quantile(quantile) as f64 / 1_000.0)
}

fn in_ms(ms: f64) -> String {
    match ms {
        ..10.0 => format!("{ms:.2} ms"),
        ..1_000.0 => format!("{ms:.0} ms"),
        _ => format!("{:.2} s", ms / 1_000.0),
    }
}
