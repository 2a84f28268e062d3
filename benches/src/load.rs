//! What producers send, without end and without a clock.

use domain::{Sample, Score, SignalValue, Signals, Subject, Timestamp, Vital, Vitals};

/// What the values do.
#[derive(Clone, Copy, Debug)]
pub enum Weather {
    /// All within OK, never still: across the bars of many conditions, back and forth.
    Calm,
    /// Around the WARN and BLOCK edges: levels change with nearly every sample, alerts and voices come and go.
    Rough,
}

/// Subjects that send ten samples a second each, in turn.
pub struct Load {
    samples: Vec<Sample>,
    weather: Weather,
    sent: u64,
}

impl Load {
    /// So many subjects, with five signals besides the vitals or without.
    pub fn new(subjects: usize, weather: Weather, has_signals: bool) -> Self {
        let numbers = [
            ("accuracy", 0.95),
            ("complexity", 0.5),
            ("decision_impact_score", 0.2),
            ("drift", 0.1),
            ("truth_violations", 0.0),
        ];
        let numbers = numbers.into_iter().filter(|_| has_signals);
        let signals: Signals = numbers.map(|(name, value)| (name.into(), SignalValue::Number(value))).collect();
        let sample = |n: usize| Sample {
            subject: Subject::new(&format!("agent-{n}")).expect("a good name"),
            at: Timestamp::default(),
            vitals: Vitals::default(),
            signals: signals.clone(),
        };
        Self { samples: (0..subjects).map(sample).collect(), weather, sent: 0 }
    }

    /// The next sample and its number.
    pub fn send(&mut self) -> (u64, &Sample) {
        let subjects = self.samples.len() as u64;
        let (round, place) = (self.sent / subjects, self.sent % subjects);
        self.sent += 1;
        let micros = round * 100_000 + place * 100_000 / subjects;
        let sample = &mut self.samples[usize::try_from(place).expect("a place")];
        sample.at = Timestamp::from_micros(1_767_225_600_000_000 + micros.cast_signed());
        sample.vitals = vitals(self.weather, (round % 10) as f64 / 10.0);
        (self.sent, sample)
    }
}

fn vitals(weather: Weather, wave: f64) -> Vitals {
    let values = match weather {
        Weather::Calm => [0.72 + wave / 10.0, 0.4 + wave / 10.0, 0.7 + wave / 10.0, 0.25 + wave / 10.0],
        Weather::Rough => [0.6 + wave / 3.0, 0.2 + wave / 2.0, 0.5 + wave / 2.0, 0.15 + wave / 2.0],
    };
    let both = Vital::ALL.into_iter().zip(values);
    both.fold(Vitals::default(), |all, (vital, value)| all.with(vital, Score::clamped(value)))
}
