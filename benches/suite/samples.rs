//! What producers send: samples within OK, each with a time of its own.

use std::fmt::Write as _;
use std::time::SystemTime;

use domain::Timestamp;

/// The path that takes them.
pub(crate) const PATH: &str = "/api/v1/samples";

/// The present on the clock that samples carry.
pub(crate) fn now() -> Timestamp {
    Timestamp::from(SystemTime::now())
}

/// One sample of `subject`, as JSON.
pub(crate) fn sample(subject: &str, at: Timestamp, wave: i64) -> String {
    let wave = (wave % 100) as f64 / 1_000.0;
    let (clarity, chaos, trust, pain) = (0.72 + wave, 0.35 + wave, 0.7 + wave, 0.25 + wave);
    format!(
        r#"{{"subject":"{subject}","at":"{at}","clarity":{clarity:.3},"chaos":{chaos:.3},"trust":{trust:.3},"pain":{pain:.3}}}"#
    )
}

/// Makes batches of one producer. No two of its samples have the same subject and time.
pub(crate) struct Batches {
    name: String,
    subjects: usize,
    last: i64,
}

impl Batches {
    /// Those of a producer that speaks of so many subjects, all its own.
    pub(crate) fn new(name: String, subjects: usize) -> Self {
        Self { name, subjects, last: 0 }
    }

    /// An array of `size` samples, from now on.
    pub(crate) fn next(&mut self, size: usize) -> String {
        let mut text = String::with_capacity(size * 130);
        self.last = self.last.max(now().as_micros());
        for index in 0..size {
            self.last += 1;
            let subject = format!("{}-{}", self.name, index % self.subjects);
            let sample = sample(&subject, Timestamp::from_micros(self.last), self.last);
            write!(text, "{}{sample}", if index == 0 { '[' } else { ',' }).expect("writing into memory");
        }
        text.push(']');
        text
    }
}
