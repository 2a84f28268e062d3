use domain::{Vital, is_signal_name};
use serde::Deserialize;
use yaml_file::{Entries, Findings, Located, most_similar, present};

use super::{PointsFile, calibration};
use crate::{Mapping, Target, fold};

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
        let calibration = self.points.as_ref().map(|points| calibration(points, findings));
        let target = self.target(findings)?;
        if let (Target::Signal(_), Some(points)) = (&target, &self.points) {
            findings.add_with_hint(
                points.place,
                "a signal has no points",
                "it is taken as it was measured: only vitals are scores",
            );
        }
        let conditions = self.conditions.iter().flatten();
        Some(Mapping {
            metric: fold(&self.metric.value),
            conditions: conditions.map(|entry| (fold(&entry.name), entry.value.clone())).collect(),
            subject: fold(&self.subject.value),
            target,
            calibration: match calibration {
                Some(calibration) => Some(calibration?),
                None => None,
            },
        })
    }

    fn target(&self, findings: &mut Findings) -> Option<Target> {
        match (&self.vital, &self.signal) {
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
                findings.add_with_hint(self.metric.place, "what becomes of it?", "say either `vital` or `signal`");
                None
            }
        }
    }
}
