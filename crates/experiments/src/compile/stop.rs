use domain::{Score, StopCondition, Vital};
use yaml_file::{Findings, Located, Scalar};

use crate::file::{StopFile, Word};

/// What stops an experiment whose file does not say it.
const STOP: [(Vital, Option<f64>, Option<f64>); 2] = [(Vital::Pain, Some(0.6), None), (Vital::Trust, None, Some(0.5))];

/// What stops it at once; what is wrong is added to the findings.
pub(super) fn read(written: Option<&[Located<StopFile>]>, findings: &mut Findings) -> Vec<StopCondition> {
    let Some(written) = written else {
        let condition = |(vital, above, below): (Vital, Option<f64>, Option<f64>)| StopCondition {
            vital,
            above: above.and_then(Score::new),
            below: below.and_then(Score::new),
        };
        return STOP.map(condition).into();
    };
    written.iter().filter_map(|stop| condition(stop, findings)).collect()
}

fn condition(written: &Located<StopFile>, findings: &mut Findings) -> Option<StopCondition> {
    let file = &written.value;
    if file.above.is_none() && file.below.is_none() {
        findings.add_with_hint(written.place, "this never stops it", "add above: 0.6, or below: 0.5");
    }
    let mut bar = |scalar: &Option<Scalar<f64>>| {
        let scalar = scalar.as_ref()?;
        let number = scalar.read(findings)?;
        let score = Score::new(number);
        if score.is_none() {
            findings.add(scalar.place, "a vital is a number between 0 and 1");
        }
        score
    };
    let (above, below) = (bar(&file.above), bar(&file.below));
    let Word(vital) = file.vital.read(findings)?;
    Some(StopCondition { vital, above, below })
}
