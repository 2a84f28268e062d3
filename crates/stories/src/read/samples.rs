//! What is sent, and when.

use std::time::Duration;

use domain::{SignalValue, Vital};
use yaml_file::{Findings, Located, Place, Scalar};

use crate::file::{SampleFile, Sent};
use crate::names::Names;
use crate::read::in_order;
use crate::timeline::{Point, Sends, Timeline, Values};

/// How often samples come in stories that do not say it.
const EVERY: Duration = Duration::from_secs(1);
/// Most samples of one story: some seconds of work, far more than one needs with a fitting `every`.
const MOST_SAMPLES: u128 = 1_000_000;

/// The samples of a story as they are written.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// From when on what is sent.
    pub samples: &'a [Located<SampleFile>],
    /// How often.
    pub every: Option<&'a Scalar<Duration>>,
    /// What is wrong with all of them is told here.
    pub place: Place,
}

impl Timeline {
    /// The samples until `end`; what is wrong is added to the findings.
    pub fn read(written: Written<'_>, names: &Names, end: Duration, findings: &mut Findings) -> Option<Self> {
        let Written { samples, every, place } = written;
        let timeline = Self { every: interval(every, findings)?, points: points(samples, names, findings), end };
        if timeline.count() > MOST_SAMPLES {
            let place = every.map_or(place, |every| every.place);
            let message = format!("there are {} samples, more than {MOST_SAMPLES}", timeline.count());
            findings.add_with_hint(place, message, "let them come less often, like every: 30s");
            return None;
        }
        Some(timeline)
    }
}

fn interval(every: Option<&Scalar<Duration>>, findings: &mut Findings) -> Option<Duration> {
    let Some(every) = every else { return Some(EVERY) };
    match every.read(findings)? {
        Duration::ZERO => {
            findings.add(every.place, "samples that come every 0s would never end");
            None
        }
        duration => Some(duration),
    }
}

fn points(samples: &[Located<SampleFile>], names: &Names, findings: &mut Findings) -> Vec<Point> {
    in_order(samples.iter().map(|sample| &sample.value.at), "samples", findings);
    let mut values = Values::default();
    let mut points = Vec::new();
    for sample in samples {
        let is_ramp = is_set(sample.value.ramp.as_ref(), findings);
        let before = values.clone();
        let is_readable = read(&sample.value, names, &mut values, findings);
        let sends = sends(sample, findings);
        if is_readable && sends != Sends::Never && values.vitals.iter().all(Option::is_none) {
            findings.add(sample.place, "a sample has at least one vital");
        }
        if is_ramp && points.is_empty() {
            findings.add(sample.place, "a ramp begins at the sample before it, and there is none");
        }
        if is_ramp && is_readable && before == values {
            findings.add(sample.place, "this ramp leads nowhere: it names no value, or those that there were");
        }
        if let Some(at) = sample.value.at.read(findings) {
            points.push(Point { at, values: values.clone(), is_ramp, sends });
        }
    }
    points
}

fn sends(sample: &Located<SampleFile>, findings: &mut Findings) -> Sends {
    let once = is_set(sample.value.once.as_ref(), findings);
    let silence = is_set(sample.value.silence.as_ref(), findings);
    match (once, silence) {
        (true, true) => {
            findings.add_with_hint(sample.place, "either once or silence", "silence sends nothing at all");
            Sends::Never
        }
        (true, false) => Sends::Once,
        (false, true) => Sends::Never,
        (false, false) => Sends::Repeatedly,
    }
}

fn is_set(flag: Option<&Scalar<bool>>, findings: &mut Findings) -> bool {
    flag.and_then(|flag| flag.read(findings)).unwrap_or(false)
}

/// Sets what the sample names; the others stay as they were. Answers whether its vitals could be read.
fn read(file: &SampleFile, names: &Names, values: &mut Values, findings: &mut Findings) -> bool {
    let mut is_readable = true;
    for vital in Vital::ALL {
        let written = match vital {
            Vital::Clarity => &file.clarity,
            Vital::Chaos => &file.chaos,
            Vital::Trust => &file.trust,
            Vital::Pain => &file.pain,
        };
        let Some(scalar) = written else { continue };
        match scalar.read(findings) {
            Some(Sent(Some(SignalValue::Number(score)))) if (0.0..=1.0).contains(&score) => {
                values.vitals[vital.index()] = Some(score);
            }
            Some(Sent(Some(_))) => {
                findings.add(scalar.place, format!("{vital} is a number between 0 and 1"));
                is_readable = false;
            }
            Some(Sent(None)) => values.vitals[vital.index()] = None,
            None => is_readable = false,
        }
    }
    for entry in file.signals.iter().flatten() {
        if let Err(complaint) = names.sent(&entry.name) {
            findings.complain(entry.place, complaint);
        }
        match entry.value.read(findings) {
            Some(Sent(Some(value))) => drop(values.signals.insert(entry.name.as_str().into(), value)),
            Some(Sent(None)) => drop(values.signals.remove(entry.name.as_str())),
            None => {}
        }
    }
    is_readable
}
