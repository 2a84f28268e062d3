//! The samples of a test.

use std::time::Duration;

use domain::{SignalValue, Vital};
use yaml_file::{Findings, Located, Scalar};

use super::in_order;
use crate::test::file::{SampleFile, Sent, TestFile};
use crate::test::names::Names;
use crate::test::timeline::{Point, Sends, Timeline, Values};

/// How often samples come in tests that do not say it.
const EVERY: Duration = Duration::from_secs(1);
/// Most samples of one test: some seconds of work, far more than a test needs with a fitting `every`.
const MOST_SAMPLES: u128 = 1_000_000;

/// The samples until `end`; what is wrong is added to the findings.
pub(super) fn timeline(file: &TestFile, names: &Names, end: Duration, findings: &mut Findings) -> Option<Timeline> {
    let every = match &file.every {
        None => EVERY,
        Some(every) => match every.read(findings)? {
            Duration::ZERO => {
                findings.add(every.place, "samples that come every 0s would never end");
                return None;
            }
            duration => duration,
        },
    };
    in_order(file.samples.iter().map(|sample| &sample.value.at), "samples", findings);
    let mut values = Values::default();
    let mut points = Vec::new();
    for sample in &file.samples {
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
    let timeline = Timeline { points, every, end };
    if timeline.count() > MOST_SAMPLES {
        let place = file.every.as_ref().map_or(file.name.place, |every| every.place);
        let message = format!("this test has {} samples, more than {MOST_SAMPLES}", timeline.count());
        findings.add_with_hint(place, message, "let them come less often, like every: 30s");
        return None;
    }
    Some(timeline)
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
