use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Priority, Side, Text, Vital};
use yaml_file::{Findings, Located, OneOr, Place, Scalar};

use super::edges::{self, Checked};
use super::numbers::{SECOND, share, time};
use super::objectives;
use crate::rules::{Band, Edge, Objectives, Staleness};
use crate::written::bands::{BandFile, BandsFile, DefaultsFile, EdgeFile, SideFile, StalenessFile};
use crate::written::{Beyond, EachPriority, TextFile, Word};

/// Longest time of a rule: what should last longer should be switched off.
const LONGEST: Duration = Duration::from_secs(30 * 86_400);

/// What `slo-thresholds-matrix.yml` says.
pub(crate) struct Compiled {
    pub(crate) bands: [Band; 4],
    pub(crate) staleness: Staleness,
    pub(crate) minimum_hold: Duration,
    pub(crate) objectives: Objectives,
    /// Where the number of each edge stands, by the edge's rule.
    pub(crate) places: BTreeMap<String, Place>,
}

/// What the file says; none if a vital is missing.
pub(crate) fn compile(file: &BandsFile, findings: &mut Findings) -> Option<Compiled> {
    let defaults = Defaults::read(&file.defaults, findings);
    let staleness = staleness(&file.staleness, findings);
    let mut places = BTreeMap::new();
    let bands = Vital::ALL.map(|vital| match file.vitals.value.get(vital) {
        Some(band) => Some(self::band(vital, band, &defaults, &mut places, findings)),
        None => {
            let hint = format!("add `{vital}:` with its edges; all four vitals are judged");
            findings.add_with_hint(file.vitals.place, format!("missing vital `{vital}`"), hint);
            None
        }
    });
    let objectives = objectives::compile(&file.objectives, findings);
    let [Some(clarity), Some(chaos), Some(trust), Some(pain)] = bands else {
        return None;
    };
    let bands = [clarity, chaos, trust, pain];
    Some(Compiled { bands, staleness, minimum_hold: defaults.minimum_hold, objectives, places })
}

/// What holds for an edge or a vital that does not say otherwise.
struct Defaults {
    hold: EachPriority<Duration>,
    keep_firing: EachPriority<Duration>,
    minimum_hold: Duration,
    hysteresis: f64,
    hysteresis_place: Place,
}

impl Defaults {
    fn read(file: &DefaultsFile, findings: &mut Findings) -> Self {
        Self {
            hold: file.hold.map(|written| duration(written, findings)),
            keep_firing: file.keep_firing.map(|written| duration(written, findings)),
            minimum_hold: duration(&file.minimum_hold, findings),
            hysteresis: share(&file.hysteresis, "the hysteresis", findings).unwrap_or(0.0),
            hysteresis_place: file.hysteresis.place,
        }
    }
}

fn staleness(file: &StalenessFile, findings: &mut Findings) -> Staleness {
    Staleness {
        // Below a second every subject would be stale between two samples.
        after: time(&file.after, &(SECOND..=LONGEST), findings),
        priority: file.priority.read(findings).map_or(Priority::P1, |Word(priority)| priority),
        reason: file.reason.read(findings),
        recommendation: file.recommendation.read(findings),
    }
}

fn band(
    vital: Vital,
    file: &Located<BandFile>,
    defaults: &Defaults,
    places: &mut BTreeMap<String, Place>,
    findings: &mut Findings,
) -> Band {
    let place = file.place;
    let file = &file.value;
    let (hysteresis, hysteresis_place) = match &file.hysteresis {
        Some(own) => (share(own, "the hysteresis", findings).unwrap_or(0.0), own.place),
        None => (defaults.hysteresis, defaults.hysteresis_place),
    };
    let mut edges = Vec::new();
    let mut placed = Vec::new();
    for side in [Side::Low, Side::High] {
        for priority in Priority::ALL {
            let Some(side_file) = file.side(side) else { continue };
            let Some(written) = side_file.edge(priority) else { continue };
            let Some((edge, place)) = self::edge(vital, side, priority, side_file, written, defaults, findings) else {
                continue;
            };
            placed.push(Checked { side, priority, at: edge.at, inclusive: edge.inclusive, place });
            places.insert(edge.rule.clone(), place);
            edges.push(edge);
        }
    }
    if file.has_no_edges() {
        findings.add_with_hint(
            place,
            format!("`{vital}` has no edges"),
            "add at least one, e.g. high: { warn: \"> 0.80\" }",
        );
    }
    let mut sound = edges::crossable(placed, findings);
    if edges::in_order(&sound, findings) {
        edges::hysteresis(&sound, hysteresis, hysteresis_place, findings);
    } else {
        // One mistake, one finding: edges in disorder would put the optimum in the wrong as well.
        sound.clear();
    }
    let (optimum, target) = edges::aim(&file.optimum, &file.target, &sound, findings);
    Band {
        vital,
        name: file.name.read(findings),
        optimum,
        target,
        hysteresis,
        cooldown: duration(&file.cooldown, findings),
        edges,
    }
}

fn edge(
    vital: Vital,
    side: Side,
    priority: Priority,
    side_file: &SideFile,
    written: &OneOr<Beyond, EdgeFile>,
    defaults: &Defaults,
    findings: &mut Findings,
) -> Option<(Edge, Place)> {
    let (beyond, own) = match written {
        OneOr::One(beyond) => (beyond, None),
        OneOr::Mapping(file) => (&file.value.beyond, Some(&file.value)),
    };
    // Ids and names are part of the contract with Alertmanager: they follow from what the edge is.
    let (edge_name, edge_title) = match priority {
        Priority::P0 => ("critical", "Critical"),
        Priority::P1 => ("block", "Block"),
        Priority::P2 => ("warn", "Warn"),
    };
    let (side_name, side_title, sign) = match side {
        Side::Low => ("low", "Low", '<'),
        Side::High => ("high", "High", '>'),
    };
    let mut text = |what: &str, own: Option<&TextFile>, of_side: Option<&TextFile>| {
        let text = own.or(of_side).map(|text| text.read(findings));
        text.unwrap_or_else(|| {
            let hint = format!("add `{what}: {{ en: …, ru: … }}` to it or to `{side_name}`");
            findings.add_with_hint(beyond.place, format!("`{edge_name}` has no {what}"), hint);
            Text::default()
        })
    };
    let reason = text("reason", own.and_then(|own| own.reason.as_ref()), side_file.reason.as_ref());
    let recommendation =
        text("recommendation", own.and_then(|own| own.recommendation.as_ref()), side_file.recommendation.as_ref());
    let mut time = |own: Option<&Scalar<Duration>>, defaults: &EachPriority<Duration>| match own {
        Some(own) => duration(own, findings),
        None => *defaults.get(priority),
    };
    let hold = time(own.and_then(|own| own.hold.as_ref()), &defaults.hold);
    let keep_firing = time(own.and_then(|own| own.keep_firing.as_ref()), &defaults.keep_firing);
    let Beyond { side: written_side, inclusive, at } = beyond.read(findings)?;
    if written_side != side {
        let message = format!("an edge under `{side_name}` looks the other way");
        findings.add_with_hint(beyond.place, message, format!("write \"{sign} {at}\" or \"{sign}= {at}\""));
        return None;
    }
    let rule = format!("{vital}_{edge_name}_{side_name}");
    let alert = format!("{}{edge_title}{side_title}", title(vital));
    let edge = Edge { rule, alert, side, priority, at, inclusive, hold, keep_firing, reason, recommendation };
    Some((edge, beyond.place))
}

pub(super) const fn title(vital: Vital) -> &'static str {
    match vital {
        Vital::Clarity => "Clarity",
        Vital::Chaos => "Chaos",
        Vital::Trust => "Trust",
        Vital::Pain => "Pain",
    }
}

fn duration(written: &Scalar<Duration>, findings: &mut Findings) -> Duration {
    time(written, &(Duration::ZERO..=LONGEST), findings)
}
