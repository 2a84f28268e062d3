use std::sync::Arc;

use domain::{
    AlertChange, Command, Event, EventBody, HeldBy, Notification, Sample, Score, Signals, Simulated, Subject,
    Timestamp, Vital, Vitals,
};
use rules::Rules;

use super::{Engine, Input};

mod alerts;
mod determinism;
mod escalation;
mod experiments;
mod levels;
mod silences;
mod staleness;
mod upgrade;

/// A short story told to an engine with the shipped rules: seconds and vitals in, lines out.
struct Story {
    engine: Engine,
    seq: u64,
    events: Vec<Event>,
}

impl Story {
    fn new() -> Self {
        Self::with(Rules::built_in())
    }

    fn with(rules: Rules) -> Self {
        Self { engine: Engine::new(3, Arc::new(rules)), seq: 0, events: Vec::new() }
    }

    /// A sample of `agent-7` at `seconds`, and what it led to.
    fn sample(&mut self, seconds: f64, vitals: &[(Vital, f64)]) -> Vec<String> {
        self.late_sample(seconds, seconds, vitals)
    }

    /// A sample taken at `taken` that arrives at `seconds`.
    fn late_sample(&mut self, seconds: f64, taken: f64, vitals: &[(Vital, f64)]) -> Vec<String> {
        self.seq += 1;
        let sample = sample("agent-7", taken, vitals);
        self.step(seconds, Input::Sample(self.seq, &sample))
    }

    fn tick(&mut self, seconds: f64) -> Vec<String> {
        self.step(seconds, Input::Tick)
    }

    fn acknowledge(&mut self, seconds: f64, alert: &str) -> Vec<String> {
        let (alert, by) = (alert.to_owned(), "Ann".to_owned());
        self.command(seconds, &Command::Acknowledge { alert, by, note: String::new() })
    }

    /// Somebody silences `rule`, or all of the subject, for so many seconds.
    fn silence(&mut self, seconds: f64, rule: Option<&str>, lasts: u64) -> Vec<String> {
        let rule = rule.map(str::to_owned);
        self.command(seconds, &Command::Silence { rule, seconds: lasts, by: "Ann".to_owned(), note: String::new() })
    }

    /// Somebody ends the silence that was the entry `seq` of the log.
    fn unsilence(&mut self, seconds: f64, seq: u64) -> Vec<String> {
        let silence = format!("3-{seq}.silence");
        self.command(seconds, &Command::Unsilence { silence, by: Some("Bob".to_owned()) })
    }

    fn command(&mut self, seconds: f64, command: &Command) -> Vec<String> {
        self.seq += 1;
        let subject = Subject::new("agent-7").unwrap();
        self.step(seconds, Input::Command(self.seq, &subject, command))
    }

    fn step(&mut self, seconds: f64, input: Input<'_>) -> Vec<String> {
        let before = self.events.len();
        self.engine.step(moment(seconds), input, &mut self.events);
        self.events[before..].iter().filter(|event| is_about_alerts(event)).map(line).collect()
    }
}

/// What else the engine concludes has tests of its own, beside each part.
fn is_about_alerts(event: &Event) -> bool {
    matches!(
        event.body,
        EventBody::Levels { .. } | EventBody::Alert { .. } | EventBody::Silence { .. } | EventBody::Experiment { .. }
    )
}

fn moment(seconds: f64) -> Timestamp {
    Timestamp::from_micros(1_767_225_600_000_000 + (seconds * 1e6) as i64)
}

fn seconds(moment: Timestamp) -> f64 {
    (moment.as_micros() - 1_767_225_600_000_000) as f64 / 1e6
}

fn sample(subject: &str, at: f64, vitals: &[(Vital, f64)]) -> Sample {
    let vitals =
        vitals.iter().fold(Vitals::default(), |all, (vital, value)| all.with(*vital, Score::new(*value).unwrap()));
    Sample { subject: Subject::new(subject).unwrap(), at: moment(at), vitals, signals: Signals::new() }
}

/// One event as a person would tell it.
fn line(event: &Event) -> String {
    let at = seconds(event.at);
    match &event.body {
        EventBody::Levels { verdict, .. } => {
            let vitals = verdict.present().map(|(vital, v)| {
                let priority = v.priority.map_or("", domain::Priority::name);
                format!(" {vital} {}{priority}{}", v.level.name(), if v.stale { " stale" } else { "" })
            });
            format!("{at}: levels{}", vitals.collect::<String>())
        }
        EventBody::Alert { change, alert } => {
            let told = match alert.notification {
                Notification::Sent { at } => format!("sent {}", seconds(at)),
                Notification::Held { until, by: HeldBy::Cooldown } => format!("held until {}", seconds(until)),
                Notification::Held { until, by: HeldBy::Maintenance } => format!("muted until {}", seconds(until)),
                Notification::Held { until, by: HeldBy::Silence } => format!("silenced until {}", seconds(until)),
                Notification::Suppressed => "suppressed".to_owned(),
            };
            let step = match change {
                AlertChange::Escalated => format!(" {}", alert.escalation.step),
                _ => String::new(),
            };
            format!("{at}: {} {change:?}{step}, {told}", alert.rule)
        }
        EventBody::Experiment { change, experiment } => {
            let end = experiment.ended.as_ref().map(|end| format!(", {}: {}", end.outcome.name(), end.reason.en));
            let end = end.filter(|_| *change != domain::ExperimentChange::Released).unwrap_or_default();
            format!("{at}: {} {}{end}", experiment.name, change.name())
        }
        EventBody::Silence { change, .. } => format!("{at}: silence {}", change.name()),
        other => unreachable!("{} is told elsewhere", other.kind()),
    }
}

const OK: [(Vital, f64); 4] = [(Vital::Clarity, 0.8), (Vital::Chaos, 0.45), (Vital::Trust, 0.8), (Vital::Pain, 0.3)];

fn pain(value: f64) -> [(Vital, f64); 1] {
    [(Vital::Pain, value)]
}
