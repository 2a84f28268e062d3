//! The samples of a story: points in time, and what is sent from each to the next.

use std::time::Duration;

use domain::{Score, SignalValue, Signals, Vital, Vitals};

/// What a subject sends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// By the place of each vital.
    pub vitals: [Option<f64>; 4],
    /// Other numbers and flags.
    pub signals: Signals,
}

/// What is sent from a moment on, until the next point.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Since the story's start.
    pub at: Duration,
    /// What.
    pub values: Values,
    /// Whether the values before move to these in a straight line.
    pub is_ramp: bool,
    /// How often.
    pub sends: Sends,
}

/// How often the values of a point are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sends {
    /// As often as the story says.
    Repeatedly,
    /// One sample, then silence.
    Once,
    /// Silence.
    Never,
}

/// The samples of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// In the order of time.
    pub points: Vec<Point>,
    /// How often what is repeated is sent.
    pub every: Duration,
    /// Nothing is sent after it.
    pub end: Duration,
}

/// How far a timeline was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    point: usize,
    /// Of the samples of that point.
    nth: u32,
}

impl Timeline {
    /// How many samples there are.
    pub fn count(&self) -> u128 {
        let of_point = |(index, point): (usize, &Point)| match point.sends {
            Sends::Never => 0,
            Sends::Once => 1,
            Sends::Repeatedly => {
                let lasts = self.until(index).saturating_sub(point.at);
                lasts.as_nanos() / self.every.as_nanos().max(1) + 1
            }
        };
        self.points.iter().enumerate().map(of_point).sum()
    }

    /// Each sample: when, and what.
    pub fn samples(&self) -> impl Iterator<Item = (Duration, Vitals, Signals)> + '_ {
        let mut position = Position::default();
        std::iter::from_fn(move || self.next(&mut position))
    }

    /// The sample at `position`, which moves on.
    pub fn next(&self, position: &mut Position) -> Option<(Duration, Vitals, Signals)> {
        loop {
            let point = self.points.get(position.point)?;
            let next = self.points.get(position.point + 1);
            let at = point.at + self.every * position.nth;
            let is_wanted = match point.sends {
                Sends::Never => false,
                Sends::Once => position.nth == 0,
                Sends::Repeatedly => true,
            };
            // At the next point its own values are sent.
            if !is_wanted || at > self.end || next.is_some_and(|next| at >= next.at) {
                *position = Position { point: position.point + 1, nth: 0 };
                continue;
            }
            position.nth += 1;
            return Some(match next.filter(|next| next.is_ramp) {
                Some(next) => {
                    let way = (at - point.at).as_secs_f64() / (next.at - point.at).as_secs_f64();
                    sample(at, &point.values.towards(&next.values, way))
                }
                None => sample(at, &point.values),
            });
        }
    }

    fn until(&self, index: usize) -> Duration {
        self.points.get(index + 1).map_or(self.end, |next| next.at.min(self.end))
    }
}

impl Values {
    /// What lies on the way to `other`, from 0 to 1. What is no number on both sides stays as it is.
    fn towards(&self, other: &Self, way: f64) -> Self {
        let mut values = self.clone();
        for (from, to) in values.vitals.iter_mut().zip(other.vitals) {
            if let (Some(from), Some(to)) = (from, to) {
                *from = between(*from, to, way);
            }
        }
        for (name, from) in &mut values.signals {
            if let (SignalValue::Number(from), Some(SignalValue::Number(to))) = (from, other.signals.get(name)) {
                *from = between(*from, *to, way);
            }
        }
        values
    }
}

/// To the millionth, so that a value on the way is one that a person could have written.
fn between(from: f64, to: f64, way: f64) -> f64 {
    ((from + (to - from) * way) * 1e6).round() / 1e6
}

fn sample(at: Duration, values: &Values) -> (Duration, Vitals, Signals) {
    let mut vitals = Vitals::default();
    for (vital, value) in Vital::ALL.into_iter().zip(values.vitals) {
        vitals.set(vital, value.and_then(Score::new));
    }
    (at, vitals, values.signals.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(points: &[(u64, f64, bool, Sends)], every: u64, end: u64) -> Vec<(u64, f64)> {
        let point = |&(at, pain, is_ramp, sends): &(u64, f64, bool, Sends)| Point {
            at: Duration::from_secs(at),
            values: Values { vitals: [None, None, None, Some(pain)], signals: Signals::new() },
            is_ramp,
            sends,
        };
        let points = points.iter().map(point).collect();
        let timeline = Timeline { points, every: Duration::from_secs(every), end: Duration::from_secs(end) };
        let samples = timeline.samples().map(|(at, vitals, _)| (at.as_secs(), vitals.get(Vital::Pain).unwrap().get()));
        samples.collect()
    }

    #[test]
    fn a_sample_is_repeated_until_the_next_one_and_to_the_end() {
        let points = [(0, 0.3, false, Sends::Repeatedly), (3, 0.7, false, Sends::Repeatedly)];
        assert_eq!(timeline(&points, 2, 6), [(0, 0.3), (2, 0.3), (3, 0.7), (5, 0.7)]);
    }

    #[test]
    fn once_and_silence_send_no_more() {
        let points = [(0, 0.3, false, Sends::Once), (3, 0.7, false, Sends::Repeatedly), (5, 0.7, false, Sends::Never)];
        assert_eq!(timeline(&points, 1, 9), [(0, 0.3), (3, 0.7), (4, 0.7)]);
    }

    #[test]
    fn a_ramp_moves_in_a_straight_line_and_arrives() {
        let points = [(0, 0.1, false, Sends::Repeatedly), (4, 0.3, true, Sends::Repeatedly)];
        assert_eq!(timeline(&points, 1, 5), [(0, 0.1), (1, 0.15), (2, 0.2), (3, 0.25), (4, 0.3), (5, 0.3)]);
    }
}
