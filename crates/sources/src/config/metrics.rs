use domain::{Vital, is_signal_name};
use serde::Deserialize;
use yaml_file::{Entries, Findings, Located, Place, most_similar, present};

use super::{PointsFile, calibration};
use crate::{Calibration, Mapping, Target, fold};

/// What a metric of others means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingFile {
    metric: Located<String>,
    #[serde(default, rename = "where", deserialize_with = "present")]
    conditions: Option<Entries<String>>,
    subject: Located<String>,
    #[serde(default, deserialize_with = "present")]
    vital: Option<Located<String>>,
    #[serde(default, deserialize_with = "present")]
    signal: Option<Located<String>>,
    #[serde(default, deserialize_with = "present")]
    points: Option<PointsFile>,
}

impl MappingFile {
    pub(super) fn mapping(&self, findings: &mut Findings) -> Option<Mapping> {
        for name in [&self.metric, &self.subject] {
            if name.value.trim().is_empty() {
                findings.add(name.place, "a name is expected here");
            }
        }
        let (target, calibration) =
            meaning(self.vital.as_ref(), self.signal.as_ref(), self.points.as_ref(), self.metric.place, findings)?;
        let conditions = self.conditions.iter().flatten();
        Some(Mapping {
            metric: fold(&self.metric.value),
            conditions: conditions.map(|entry| (fold(&entry.name), entry.value.clone())).collect(),
            subject: fold(&self.subject.value),
            target,
            calibration,
        })
    }
}

/// What becomes of a reading: a vital, perhaps calibrated, or a signal. `place` is where it stands.
pub(super) fn meaning(
    vital: Option<&Located<String>>,
    signal: Option<&Located<String>>,
    points: Option<&PointsFile>,
    place: Place,
    findings: &mut Findings,
) -> Option<(Target, Option<Calibration>)> {
    let calibration = points.map(|points| calibration(points, findings));
    let target = target(vital, signal, place, findings)?;
    if let (Target::Signal(_), Some(points)) = (&target, points) {
        findings.add_with_hint(
            points.place,
            "a signal has no points",
            "it is taken as it was measured: only vitals are scores",
        );
    }
    match calibration {
        Some(calibration) => Some((target, Some(calibration?))),
        None => Some((target, None)),
    }
}

fn target(
    vital: Option<&Located<String>>,
    signal: Option<&Located<String>>,
    place: Place,
    findings: &mut Findings,
) -> Option<Target> {
    match (vital, signal) {
        (Some(vital), None) => match Vital::from_name(&vital.value) {
            Some(vital) => Some(Target::Vital(vital)),
            None => {
                let names = Vital::ALL.map(Vital::name);
                let hint = match most_similar(&vital.value, names) {
                    Some(similar) => format!("did you mean `{similar}`?"),
                    None => format!("known are {}", names.join(", ")),
                };
                findings.add_with_hint(vital.place, format!("unknown vital `{}`", vital.value), hint);
                None
            }
        },
        (None, Some(signal)) if is_signal_name(&signal.value) => Some(Target::Signal(signal.value.as_str().into())),
        (None, Some(signal)) => {
            let message = format!("`{}` is no name of a signal", signal.value);
            findings.add_with_hint(signal.place, message, "a-z, 0-9 and _, beginning with a letter, and no vital");
            None
        }
        _ => {
            findings.add_with_hint(place, "what becomes of it?", "say either `vital` or `signal`");
            None
        }
    }
}
