//! What producers send: samples that look alive and lie within OK and within one state, so that they wake nobody.

use std::fmt::Write as _;

use crate::schedule::Schedule;

/// How long a wave is, in seconds; those of other subjects come before or after it.
const WAVE: f64 = 40.0;
/// What each vital moves around, and how far.
const VITALS: [(&str, f64); 4] = [("clarity", 0.75), ("chaos", 0.35), ("trust", 0.66), ("pain", 0.25)];
const FAR: f64 = 0.04;

/// The JSON of a batch.
pub(crate) fn body(schedule: &Schedule, prefix: &str, batch: u64) -> String {
    let samples = schedule.samples(batch);
    let mut text = String::with_capacity(samples.clone().count() * 140 + 2);
    for sample in samples {
        text.push(if text.is_empty() { '[' } else { ',' });
        let (subject, at) = (schedule.subject(sample), schedule.at(sample));
        write!(text, r#"{{"subject":"{prefix}-{subject}","at":"{at}""#).expect("writing into memory");
        let seconds = (at.as_micros() / 1_000 % 3_600_000) as f64 / 1_000.0;
        for (index, (vital, around)) in VITALS.into_iter().enumerate() {
            let turn = seconds / WAVE + subject as f64 * 0.381_966 + index as f64 / 4.0;
            let value = around + FAR * (turn * std::f64::consts::TAU).sin();
            write!(text, r#","{vital}":{value:.4}"#).expect("writing into memory");
        }
        text.push('}');
    }
    text.push(']');
    text
}
