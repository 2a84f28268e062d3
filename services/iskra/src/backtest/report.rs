//! What two sets of rules make of the same past, for people and for programs.

use std::collections::BTreeMap;
use std::time::Duration;

use backtest::{Area, Difference, Figure, Figures, Period, differences};
use domain::Subject;
use serde_json::{Value, json};

/// What is summed up for people; programs are given everything.
const SUMMED_UP: [Area; 6] = [Area::Alert, Area::Told, Area::Shown, Area::Light, Area::Action, Area::Voice];

pub(super) struct Report {
    period: Period,
    warm_up: Duration,
    hashes: [String; 2],
    /// How many samples were judged, of everybody.
    samples: BTreeMap<Subject, usize>,
    /// Of those for whom something differs.
    differences: BTreeMap<Subject, Vec<Difference>>,
    /// Of all subjects together, under the rules in force and under the others.
    totals: [Figures; 2],
}

impl Report {
    pub(super) fn new(
        period: Period,
        warm_up: Duration,
        hashes: [String; 2],
        samples: BTreeMap<Subject, usize>,
        in_force: &BTreeMap<Subject, Figures>,
        candidate: &BTreeMap<Subject, Figures>,
    ) -> Self {
        let of = |all: &BTreeMap<Subject, Figures>, subject| all.get(subject).cloned().unwrap_or_default();
        let differing = samples.keys().filter_map(|subject| {
            let found = differences(&of(in_force, subject), &of(candidate, subject));
            (!found.is_empty()).then(|| (subject.clone(), found))
        });
        let differing = differing.collect();
        let totals = [in_force, candidate].map(|all| {
            all.values().fold(Figures::default(), |mut sum, figures| {
                sum.add(figures);
                sum
            })
        });
        Self { period, warm_up, hashes, samples, differences: differing, totals }
    }

    pub(super) fn differs(&self) -> bool {
        !self.differences.is_empty()
    }

    /// Whether anybody would be told more often of alerts of any priority than under the rules in force: ten messages
    /// fewer do not make up for one call more at night.
    pub(super) fn tells_more(&self) -> bool {
        let [in_force, candidate] = self.totals.each_ref().map(told_whom);
        candidate.iter().any(|(whom, times)| *times > in_force.get(whom).copied().unwrap_or_default())
    }

    fn told(&self) -> [u64; 2] {
        self.totals.each_ref().map(|figures| figures.times(Area::Told))
    }

    fn length(&self) -> Duration {
        self.period.until.since(self.period.since)
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let Period { since, until } = self.period;
        let mut lines = vec![format!("{since} to {until}, {}", count(self.samples.values().sum(), "sample"))];
        for (subject, differences) in &self.differences {
            lines.extend([String::new(), heading(subject.as_str())]);
            lines.extend(differences.iter().map(|it| row(it, self.length())));
        }
        let [in_force, candidate] = &self.totals;
        lines.extend([String::new(), heading(&format!("all of {}", count(self.samples.len(), "subject")))]);
        let together = self.length() * u32::try_from(self.samples.len()).unwrap_or(u32::MAX);
        lines.extend(summed_up(in_force, candidate).map(|it| row(&it, together)));
        let [told, would_be_told] = self.told();
        lines.push(String::new());
        lines.push(match self.differs() {
            false => format!("nothing differs: people are told {} either way", times(told)),
            true => format!(
                "{} of {} differ: people would be told {} instead of {}",
                self.differences.len(),
                count(self.samples.len(), "subject"),
                times(would_be_told),
                times(told)
            ),
        });
        lines
    }

    pub(super) fn to_json(&self) -> String {
        let subject = |(subject, count): (&Subject, &usize)| {
            let differences = self.differences.get(subject).map_or(&[][..], Vec::as_slice);
            json!({ "subject": subject, "samples": count, "differences": differences })
        };
        let ([in_force, candidate], [told, would_be_told]) = (&self.totals, self.told());
        let backtest = json!({
            "against": "rules",
            "since": self.period.since,
            "until": self.period.until,
            "warm_up_seconds": self.warm_up.as_secs_f64(),
            "rules": { "in_force": self.hashes[0], "candidate": self.hashes[1] },
            "differs": self.differs(),
            "told": { "in_force": told, "candidate": would_be_told },
            "subjects": self.samples.iter().map(subject).collect::<Vec<_>>(),
            "totals": { "in_force": all(in_force), "candidate": all(candidate) },
        });
        json!({ "backtest": backtest }).to_string()
    }
}

/// How often each role was told of each priority, by whatever ways: `P0 SRE`.
fn told_whom(figures: &Figures) -> BTreeMap<&str, u64> {
    let mut told = BTreeMap::new();
    for (_, name, figure) in figures.iter().filter(|(area, ..)| *area == Area::Told) {
        let whom = name.rsplit_once(" by ").map_or(name, |(whom, _)| whom);
        *told.entry(whom).or_default() += figure.times;
    }
    told
}

fn all(figures: &Figures) -> Vec<Value> {
    let seconds = |figure: Figure| figure.lasting.as_secs_f64();
    figures
        .iter()
        .map(|(area, name, figure)| {
            json!({ "area": area, "name": name, "times": figure.times, "seconds": seconds(figure) })
        })
        .collect()
}

/// The same of both, side by side, whether it differs or not.
fn summed_up(in_force: &Figures, candidate: &Figures) -> impl Iterator<Item = Difference> {
    let mut rows = BTreeMap::new();
    for (side, figures) in [in_force, candidate].into_iter().enumerate() {
        for (area, name, figure) in figures.iter().filter(|(area, ..)| SUMMED_UP.contains(area)) {
            rows.entry((area, name.to_owned())).or_insert([Figure::default(); 2])[side] = figure;
        }
    }
    rows.into_iter().map(|((area, name), [in_force, candidate])| Difference { area, name, in_force, candidate })
}

fn heading(of: &str) -> String {
    format!("{of:<50} {:>28} {:>28}", "in force", "candidate")
}

fn row(difference: &Difference, of: Duration) -> String {
    let Difference { area, name, in_force, candidate } = difference;
    let what = format!("{} {name}", area.title());
    format!("  {what:<48} {:>28} {:>28}", cell(*in_force, of), cell(*candidate, of))
}

/// `3 times, 15m (2.1 %)`.
fn cell(figure: Figure, of: Duration) -> String {
    if figure == Figure::default() {
        return "-".to_owned();
    }
    if figure.lasting.is_zero() {
        return times(figure.times);
    }
    let seconds = Duration::from_secs(figure.lasting.as_secs());
    let lasting = if seconds.is_zero() { "< 1s".to_owned() } else { yaml_file::write_duration(seconds) };
    let share = 100.0 * figure.lasting.as_secs_f64() / of.as_secs_f64();
    format!("{}, {lasting} ({share:.1} %)", times(figure.times))
}

fn times(number: u64) -> String {
    format!("{number} time{}", if number == 1 { "" } else { "s" })
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;

    fn report(in_force: &[(&str, u64)], candidate: &[(&str, u64)]) -> Report {
        let subject = Subject::new("agent-7").unwrap();
        let [in_force, candidate] = [in_force, candidate].map(|told| {
            let mut figures = Figures::default();
            told.iter().for_each(|(name, times)| figures.count(Area::Told, (*name).to_owned(), *times));
            BTreeMap::from([(subject.clone(), figures)])
        });
        let period = Period { since: Timestamp::from_millis(0), until: Timestamp::from_millis(1_000) };
        let samples = BTreeMap::from([(subject.clone(), 1)]);
        Report::new(period, Duration::ZERO, [String::new(), String::new()], samples, &in_force, &candidate)
    }

    #[test]
    fn fewer_messages_do_not_make_up_for_more_calls() {
        let before = [("P0 SRE by slack, pagerduty", 1), ("P2 PM by email", 10)];
        assert!(!report(&before, &before).tells_more());
        assert!(!report(&before, &[("P0 SRE by slack", 1)]).tells_more(), "by other ways is not more often");
        assert!(report(&before, &[("P0 SRE by slack, pagerduty", 2)]).tells_more());
        assert!(report(&before, &[("P0 Tech Lead by slack", 1)]).tells_more(), "who was never told is told");
        assert!(report(&before, &[("P1 SRE by slack", 1)]).tells_more());
    }
}
