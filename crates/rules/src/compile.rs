use std::time::Duration;

use domain::{Priority, Side, Text, Vital};
use yaml_file::{Findings, Located, OneOr, Place, Scalar, write_duration};

use crate::beyond::Beyond;
use crate::check::{self, Checked};
use crate::file::{BandFile, DefaultsFile, EachPriority, EdgeFile, RulesFile, SideFile, StalenessFile, TextFile};
use crate::{Band, Edge, Rules, Staleness};

/// Longest time that makes sense in a rule: what should last longer should be switched off.
const LONGEST: Duration = Duration::from_secs(30 * 86_400);
/// Below it every subject would be stale between two samples.
const SHORTEST_STALENESS: Duration = Duration::from_secs(1);

/// Makes the rules of the file; whatever is wrong with it goes into `findings`.
///
/// A value that cannot be read is replaced for the time being, so that the rest is still looked at:
/// the result counts only if there are no findings.
pub(crate) fn rules(file: &RulesFile, findings: &mut Findings) -> Option<Rules> {
    let defaults = Defaults::read(&file.defaults, findings);
    let staleness = staleness(&file.staleness, findings);
    let bands = Vital::ALL.map(|vital| match file.vitals.value.get(vital) {
        Some(band) => Some(self::band(vital, band, &defaults, findings)),
        None => {
            let hint = format!("add `{vital}:` with its edges; all four vitals are judged");
            findings.add_with_hint(file.vitals.place, format!("missing vital `{vital}`"), hint);
            None
        }
    });
    let [Some(clarity), Some(chaos), Some(trust), Some(pain)] = bands else {
        return None;
    };
    let bands = [clarity, chaos, trust, pain];
    let mut rules = Rules { bands, staleness, minimum_hold: defaults.minimum_hold, hash: String::new() };
    rules.hash = hash(&rules);
    Some(rules)
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
            hysteresis: check::score(&file.hysteresis, "the hysteresis", findings).unwrap_or(0.0),
            hysteresis_place: file.hysteresis.place,
        }
    }
}

fn staleness(file: &StalenessFile, findings: &mut Findings) -> Staleness {
    let after = duration(&file.after, findings);
    // What could not be read was told already, and is zero here.
    if after < SHORTEST_STALENESS && file.after.is_readable() {
        let hint = "give producers time for a few samples, e.g. 60s";
        findings.add_with_hint(file.after.place, "staleness below 1s would make every subject stale", hint);
    }
    Staleness {
        after,
        priority: file.priority.read(findings).map_or(Priority::P1, |urgency| urgency.0),
        reason: file.reason.read(findings),
        recommendation: file.recommendation.read(findings),
    }
}

fn band(vital: Vital, file: &Located<BandFile>, defaults: &Defaults, findings: &mut Findings) -> Band {
    let place = file.place;
    let file = &file.value;
    let (hysteresis, hysteresis_place) = match &file.hysteresis {
        Some(own) => (check::score(own, "the hysteresis", findings).unwrap_or(0.0), own.place),
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
    let mut sound = check::crossable(placed, findings);
    if check::in_order(&sound, findings) {
        check::hysteresis(&sound, hysteresis, hysteresis_place, findings);
    } else {
        // One mistake, one finding: edges in disorder would put the optimum in the wrong as well.
        sound.clear();
    }
    let (optimum, target) = check::aim(&file.optimum, &file.target, &sound, findings);
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

const fn title(vital: Vital) -> &'static str {
    match vital {
        Vital::Clarity => "Clarity",
        Vital::Chaos => "Chaos",
        Vital::Trust => "Trust",
        Vital::Pain => "Pain",
    }
}

fn duration(written: &Scalar<Duration>, findings: &mut Findings) -> Duration {
    let Some(duration) = written.read(findings) else { return Duration::ZERO };
    if duration > LONGEST {
        let message = format!("{} is longer than 30d", write_duration(duration));
        findings.add_with_hint(written.place, message, "30d is the most");
    }
    duration
}

/// FNV-1a over all that the rules say. `Debug` leaves nothing out, and nothing of the file's layout gets in.
fn hash(rules: &Rules) -> String {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let hash =
        format!("{rules:?}").bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}
