//! What is told at the end: a table for people, or JSON.

use indicatif::HumanCount;
use load::{Outcome, Times};
use serde::Serialize;

use super::LoadArguments;
use super::missing::MissingFigures;

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
                reached_per_second: per_second(outcome.reached),
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
            no_gap: outcome.is_good(),
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
            "requests   {} told to come back later (429, 503), {} without an answer; sent again until they were given up",
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
        lines.extend(self.load.verdict());
        lines
    }
}

impl Figures {
    fn verdict(&self) -> Vec<String> {
        let Samples { acknowledged, rejected, unknown, unsent, .. } = self.samples;
        let mut lines = self.missing.lines();
        if self.no_gap {
            let good = match self.viewers {
                0 => "all that was acknowledged is stored, as the service says; no viewer looked whether it comes",
                _ => "no gap: every acknowledged sample came to every viewer, once",
            };
            let others = [(rejected, "rejected"), (unknown, "unknown"), (unsent, "never sent")];
            let others = others.into_iter().filter(|(count, _)| *count > 0);
            let others: Vec<_> = others.map(|(count, what)| format!("{} {what}", HumanCount(count))).collect();
            let but = if others.is_empty() { String::new() } else { format!("; but {}", others.join(", ")) };
            lines.push(format!("{good}{but}"));
        }
        if acknowledged == 0 {
            lines.push("NOTHING was acknowledged: so nothing could be seen, and nothing could be missing".to_owned());
        } else if self.viewers > 0 && unknown > 0 {
            // Watchers know which samples they saw.
            lines.push(format!(
                "         up to {} acknowledged samples may be missing at each viewer who only counts: unknown ones that \
                were stored would make up for them",
                HumanCount(unknown)
            ));
        }
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use load::{Counts, Missing};

    use super::*;
    use crate::load::arguments::tests::parsed;

    /// What is told of a load with these flags that ended so.
    fn report(flags: &str, counts: Counts, missing: Missing) -> Report {
        let none = || Times::new(3).unwrap();
        let outcome = Outcome {
            counts,
            opening: Duration::ZERO,
            opened: none(),
            acknowledged: none(),
            seen: none(),
            watched: none(),
            reached: 50,
            lasted: Duration::from_secs(1),
            cpu: (Duration::ZERO, Duration::from_secs(1)),
            of_subject: Vec::new(),
            missing,
        };
        Report::new(&parsed(flags), &outcome, 2)
    }

    fn verdict(flags: &str, counts: Counts) -> (bool, String) {
        let Report { load } = report(flags, counts, Missing::default());
        (load.no_gap, load.verdict().join("\n"))
    }

    #[test]
    fn where_nothing_was_acknowledged_nothing_is_good() {
        for flags in ["", "--viewers 0"] {
            let (is_good, said) = verdict(flags, Counts { rejected: 100, ..Counts::default() });
            assert!(!is_good && said.contains("NOTHING") && !said.contains("no gap"), "{flags}: {said}");
        }
    }

    #[test]
    fn a_good_verdict_says_what_it_does_not_rest_on() {
        let all = Counts { acknowledged: 1_000, ..Counts::default() };
        assert_eq!(verdict("", all), (true, "no gap: every acknowledged sample came to every viewer, once".to_owned()));
        let (is_good, said) = verdict("--viewers 0", all);
        assert!(is_good && !said.contains("every viewer"), "{said}");
        let (is_good, said) = verdict("", Counts { rejected: 3, unsent: 7, ..all });
        assert!(is_good && said.ends_with("once; but 3 rejected, 7 never sent"), "{said}");
        let (is_good, said) = verdict("", Counts { unknown: 20, ..all });
        assert!(is_good && said.contains("; but 20 unknown\n") && said.contains("up to 20 acknowledged"), "{said}");
    }

    #[test]
    fn what_is_missing_is_no_good_verdict() {
        let all = Counts { acknowledged: 1_000, ..Counts::default() };
        let Report { load } = report("", all, Missing { short: (1, 4), ..Missing::default() });
        assert!(!load.no_gap);
        assert_eq!(load.verdict(), ["MISSING: 1 viewers got 4 samples too few in all"]);
    }

    #[test]
    fn the_reached_rate_is_of_what_was_acknowledged() {
        let Report { load } = report("", Counts::default(), Missing::default());
        assert_eq!(load.samples.reached_per_second, 50.0);
    }
}
