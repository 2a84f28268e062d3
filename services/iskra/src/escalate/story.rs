use domain::{Alert, AlertChange, Channel, Event, EventBody, HeldBy, Notification, Priority, Timestamp};
use rules::EscalationRules;
use serde::Serialize;
use yaml_file::write_duration;

/// What scripts read.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    pub(crate) simulation: Simulation,
}

/// What was simulated, and what came of it.
#[derive(Debug, Serialize)]
pub(crate) struct Simulation {
    pub(crate) priority: Priority,
    pub(crate) opened_at: Timestamp,
    /// If experiments on a production subject may run then: until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) chaos_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acknowledge_after_seconds: Option<f64>,
    pub(crate) happenings: Vec<Happening>,
}

/// One thing that happens.
#[derive(Debug, Serialize)]
pub(crate) struct Happening {
    at: Timestamp,
    /// Since the alert opened.
    after_seconds: f64,
    #[serde(flatten)]
    what: What,
}

#[derive(Debug, Serialize)]
#[serde(tag = "what", rename_all = "lowercase")]
enum What {
    /// Nobody is told before this is over.
    Held { until: Timestamp, by: HeldBy },
    /// A step is taken.
    Told { step: u8, role: String, channels: Vec<Channel> },
    /// Somebody has seen it: no more steps.
    Acknowledged,
    /// That was too long ago: whoever was told last is told again.
    Lapsed { step: u8, role: String, channels: Vec<Channel> },
}

impl Happening {
    /// What an event of the alert that opened at `opened_at` means to people.
    pub(crate) fn of(event: &Event, opened_at: Timestamp) -> Option<Self> {
        let EventBody::Alert { change, alert } = &event.body else { return None };
        let what = match (change, alert.notification) {
            (AlertChange::Opened, Notification::Held { until, by }) => What::Held { until, by },
            (AlertChange::Opened | AlertChange::Notified | AlertChange::Escalated, _) => {
                let (step, role, channels) = present_step(alert);
                What::Told { step, role, channels }
            }
            (AlertChange::Acknowledged, _) => What::Acknowledged,
            (AlertChange::Lapsed, _) => {
                let (step, role, channels) = present_step(alert);
                What::Lapsed { step, role, channels }
            }
            // In a simulation nobody silences anything.
            (AlertChange::Silenced | AlertChange::Unsilenced | AlertChange::Resolved, _) => return None,
        };
        Some(Self { at: event.at, after_seconds: event.at.since(opened_at).as_secs_f64(), what })
    }

    fn line(&self, simulation: &Simulation, rules: &EscalationRules) -> String {
        let said = match &self.what {
            What::Held { until, .. } => {
                let muting = rules.maintenance.iter().filter(|window| window.mutes.contains(&simulation.priority));
                let open = muting.filter(|window| window.open_until(self.at).is_some());
                let names = open.map(|window| window.name.en.as_str());
                format!("held until {}: {}", moment(*until), names.collect::<Vec<_>>().join(", "))
            }
            What::Told { step, role, channels } => {
                format!("step {step}: {}", told(role, channels))
            }
            What::Acknowledged => "acknowledged: no more steps, no reminders".to_owned(),
            What::Lapsed { step, role, channels } => {
                format!("the acknowledgement lapses, step {step} again: {}", told(role, channels))
            }
        };
        format!(
            "{}  {:<8}  {said}",
            moment(self.at),
            format!("+{}", write_duration(self.at.since(simulation.opened_at)))
        )
    }
}

impl Simulation {
    /// For people.
    pub(crate) fn lines(&self, rules: &EscalationRules) -> Vec<String> {
        let head = format!("{} opens at {} and goes on firing:", self.priority.name(), moment(self.opened_at));
        let chaos = self.chaos_until.map(|until| {
            format!("the chaos window is open until {}: experiments on a production subject may run", moment(until))
        });
        let lines = self.happenings.iter().map(|happening| happening.line(self, rules));
        [head].into_iter().chain(chaos).chain(lines).collect()
    }
}

/// The last step that was taken.
fn present_step(alert: &Alert) -> (u8, String, Vec<Channel>) {
    let escalation = &alert.escalation;
    let taken = usize::from(escalation.step).checked_sub(1).and_then(|index| escalation.chain.get(index)).cloned();
    let (role, channels) = taken.map(|taken| (taken.role, taken.channels)).unwrap_or_default();
    (escalation.step, role, channels)
}

/// Who is told by a step, and by which ways.
fn told(role: &str, channels: &[Channel]) -> String {
    let channels = channels.iter().copied().map(Channel::name).collect::<Vec<_>>().join(", ");
    match (role, channels.as_str()) {
        ("", "") => "nobody is called: it is in the inbox and at Alertmanager".to_owned(),
        ("", channels) => format!("shown in {channels}"),
        (role, "") => role.to_owned(),
        (role, channels) => format!("{role} by {channels}"),
    }
}

/// With its day, in UTC.
fn moment(at: Timestamp) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    // 1970-01-01 was a Thursday, the fourth of them.
    let days = at.as_micros().div_euclid(86_400 * 1_000_000) + 3;
    let day = usize::try_from(days.rem_euclid(7)).map_or("", |day| DAYS[day]);
    format!("{day} {at}")
}
