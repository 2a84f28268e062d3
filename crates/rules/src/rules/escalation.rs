use std::time::Duration;

use domain::{EscalationStep, Priority, Subject, Text, Timestamp};

/// Who is told, and when not.
#[derive(Clone, Debug, PartialEq)]
pub struct EscalationRules {
    /// The chain of P0, P1 and P2, in this order: one to three steps, the first at once.
    pub chains: [Vec<EscalationStep>; 3],
    /// An acknowledgement lapses after so long while the alert still fires; zero for never. For P0, P1 and P2.
    pub acknowledge_timeouts: [Duration; 3],
    /// When some priorities are muted.
    pub maintenance: Vec<Window>,
    /// When experiments on a production subject may run.
    pub chaos: Vec<Window>,
    /// Subjects that are no production subjects: experiments on them may run at any time.
    pub anytime: Vec<SubjectPattern>,
}

impl EscalationRules {
    /// The chain of a priority.
    pub fn chain(&self, priority: Priority) -> &[EscalationStep] {
        &self.chains[place(priority)]
    }

    /// How long an acknowledgement of this priority lasts; zero for ever.
    pub const fn acknowledge_timeout(&self, priority: Priority) -> Duration {
        self.acknowledge_timeouts[place(priority)]
    }

    /// If alerts of this priority are muted at `now`: until when. Windows that touch count as one.
    pub fn muted_until(&self, priority: Priority, now: Timestamp) -> Option<Timestamp> {
        let mut until = None;
        // Windows may overlap or follow on each other; each turn goes through at least one of them.
        for _ in 0..=self.maintenance.len() {
            let at = until.unwrap_or(now);
            let muting = self.maintenance.iter().filter(|window| window.mutes.contains(&priority));
            match muting.filter_map(|window| window.open_until(at)).max() {
                Some(end) if Some(end) > until => until = Some(end),
                _ => break,
            }
        }
        until
    }

    /// Whether experiments on it may run in chaos windows only. Every subject is one of production, unless the rules say
    /// otherwise.
    pub fn is_production(&self, subject: &Subject) -> bool {
        !self.anytime.iter().any(|pattern| pattern.matches(subject))
    }

    /// If experiments on a production subject may run at `now`: until when.
    pub fn chaos_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.chaos.iter().filter_map(|window| window.open_until(now)).max()
    }
}

const fn place(priority: Priority) -> usize {
    match priority {
        Priority::P0 => 0,
        Priority::P1 => 1,
        Priority::P2 => 2,
    }
}

/// A subject, or all whose names begin alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectPattern {
    /// The name, or its beginning.
    pub name: String,
    /// Whether anything may follow.
    pub is_beginning: bool,
}

impl SubjectPattern {
    /// Whether `subject` is one of those.
    pub fn matches(&self, subject: &Subject) -> bool {
        match self.is_beginning {
            true => subject.as_str().starts_with(&self.name),
            false => subject.as_str() == self.name,
        }
    }
}

/// A time of every week, in UTC.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// How it is shown.
    pub name: Text,
    /// From when, since Monday 00:00 UTC.
    pub begins: Duration,
    /// How long, at most a week.
    pub lasts: Duration,
    /// Which priorities are muted; empty for windows that mute nobody.
    pub mutes: Vec<Priority>,
}

impl Window {
    /// If the window is open at `now`: until when.
    pub fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        let since = micros_since(self.begins, now);
        let lasts = i64::try_from(self.lasts.as_micros()).unwrap_or(0);
        (since < lasts).then(|| Timestamp::from_micros(now.as_micros() - since + lasts))
    }
}

/// The first moment at `now` or after it that lies so long after a Monday 00:00 UTC.
pub fn next_in_week(after_monday: Duration, now: Timestamp) -> Timestamp {
    let since = micros_since(after_monday, now);
    Timestamp::from_micros(now.as_micros() + (WEEK - since) % WEEK)
}

/// How long ago a moment of the week was, in microseconds.
fn micros_since(after_monday: Duration, now: Timestamp) -> i64 {
    // 1970-01-01 was a Thursday: the first Monday came four days later.
    const MONDAY: i64 = 4 * 86_400 * 1_000_000;
    let after_monday = i64::try_from(after_monday.as_micros()).unwrap_or(0);
    (now.as_micros() - MONDAY - after_monday).rem_euclid(WEEK)
}

/// In microseconds.
const WEEK: i64 = 7 * 86_400 * 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_chaos_window_is_open_on_wednesdays_from_two_to_four_utc() {
        let rules = crate::Rules::built_in().escalation;
        let until = |now: &str| rules.chaos_until(now.parse().unwrap()).map(|until| until.to_string());
        let end = Some("2026-11-25T16:00:00Z".to_owned());
        assert_eq!(until("2026-11-25T13:59:59.999999Z"), None);
        assert_eq!(until("2026-11-25T14:00:00Z"), end);
        assert_eq!(until("2026-11-25T15:59:59.999999Z"), end);
        assert_eq!(until("2026-11-25T16:00:00Z"), None);
        // UTC, however the moment is written; and on no other day.
        assert_eq!(until("2026-11-25T16:30:00+02:00"), end);
        assert_eq!(until("2026-11-24T15:00:00Z"), None);
    }

    #[test]
    fn a_moment_of_the_week_comes_every_week() {
        let next = |moment: &str, now: &str| {
            next_in_week(crate::parse_moment(moment).unwrap(), now.parse().unwrap()).to_string()
        };
        // A Saturday.
        assert_eq!(next("Sat 03:00", "2026-11-21T02:59:59Z"), "2026-11-21T03:00:00Z");
        assert_eq!(next("Sat 03:00", "2026-11-21T03:00:00Z"), "2026-11-21T03:00:00Z");
        assert_eq!(next("Sat 03:00", "2026-11-21T03:00:01Z"), "2026-11-28T03:00:00Z");
        assert_eq!(next("Mon 00:00", "2026-11-21T03:00:00Z"), "2026-11-23T00:00:00Z");
        assert_eq!(next("Wed 14:30", "1969-12-31T14:31:00Z"), "1970-01-07T14:30:00Z");
    }
}
