use std::time::Duration;

use domain::{Vital, limits};
use stories::{Span, in_order};
use yaml_file::{Findings, Located, Scalar, write_duration};

use super::{MOST_PHASES, whole};
use crate::file::{PhaseFile, ReachedFile};
use crate::script::{Phase, Target};

/// The phases; what is wrong is added to the findings.
pub(super) fn read(written: &[Located<PhaseFile>], end: Duration, findings: &mut Findings) -> Vec<Phase> {
    in_order(written.iter().map(|phase| &phase.value.at), "phases", findings);
    if let Some(beyond) = written.get(MOST_PHASES) {
        findings.add(beyond.place, format!("more than {MOST_PHASES} phases"));
    }
    let mut phases: Vec<Phase> = Vec::new();
    for (index, file) in written.iter().enumerate() {
        let next = written.get(index + 1).and_then(|next| next.value.at.read(&mut Findings::default()));
        let Some(phase) = phase(file, next.unwrap_or(end), findings) else { continue };
        if phases.iter().any(|other| other.name == phase.name) {
            findings.add(file.value.name.place, format!("there are two phases `{}`", phase.name));
        }
        if phase.at >= end {
            findings.add(file.value.at.place, format!("the experiment is over at {}", write_duration(end)));
        }
        phases.push(phase);
    }
    phases
}

fn phase(written: &Located<PhaseFile>, next: Duration, findings: &mut Findings) -> Option<Phase> {
    let file = &written.value;
    let (name, at) = (file.name.read(findings), file.at.read(findings));
    let name = name.filter(|name| {
        let is_fine = name.len() <= limits::EXPERIMENT_NAME_BYTES;
        if !is_fine {
            let message = format!("a phase's name has at most {} bytes", limits::EXPERIMENT_NAME_BYTES);
            findings.add(file.name.place, message);
        }
        is_fine
    });
    let most = u64::from(limits::LARGEST_DOSE);
    let dose = file.dose.as_ref().map_or(Some(0), |dose| whole(dose, "a dose", most, findings));
    if dose == Some(0) {
        for place in [file.lasts.as_ref().map(|lasts| lasts.place), file.reached.as_ref().map(|reached| reached.place)]
            .into_iter()
            .flatten()
        {
            findings.add_with_hint(place, "nothing is injected in this phase", "add dose: 3");
        }
    }
    let lasts = file.lasts.as_ref().and_then(|lasts| lasts.read(findings));
    let at = at?;
    let until = lasts.map_or(next, |lasts| at + lasts);
    if until > next {
        let place = file.lasts.as_ref().map_or(written.place, |lasts| lasts.place);
        findings.add(place, format!("the phase is over at {}", write_duration(next)));
    }
    let target = file.reached.as_ref().map(|reached| target(reached, findings));
    Some(Phase { name: name?, at, dose: dose?, until, target })
}

fn target(written: &Located<ReachedFile>, findings: &mut Findings) -> Target {
    let file = &written.value;
    let mut vitals = Vec::new();
    for vital in Vital::ALL {
        let span: Option<&Scalar<Span>> = match vital {
            Vital::Clarity => file.clarity.as_ref(),
            Vital::Chaos => file.chaos.as_ref(),
            Vital::Trust => file.trust.as_ref(),
            Vital::Pain => file.pain.as_ref(),
        };
        if let Some(Span(from, to)) = span.and_then(|span| span.read(findings)) {
            vitals.push((vital, from, to));
        }
    }
    if vitals.is_empty() {
        findings.add_with_hint(written.place, "nothing is to be reached", "name vitals, like chaos: 0.40..0.50");
    }
    Target { vitals, held: file.held.as_ref().and_then(|held| held.read(findings)).unwrap_or_default() }
}
