//! What each part of a band must be so that it can mean something.

use domain::{Priority, Side};
use yaml_file::{Findings, Located, Place, Scalar};

use super::numbers::{in_range, share};
use crate::rules::is_beyond;

/// An edge that could be read, and where it stands.
pub(crate) struct Checked {
    pub(crate) side: Side,
    pub(crate) priority: Priority,
    pub(crate) at: f64,
    pub(crate) inclusive: bool,
    pub(crate) place: Place,
}

impl Checked {
    fn is_beyond(&self, value: f64) -> bool {
        is_beyond(self.side, self.inclusive, self.at, value)
    }

    fn name(&self) -> &'static str {
        match self.priority {
            Priority::P0 => "critical",
            Priority::P1 => "block",
            Priority::P2 => "warn",
        }
    }

    fn written(&self) -> String {
        let sign = if self.side == Side::Low { "<" } else { ">" };
        format!("{sign}{} {}", if self.inclusive { "=" } else { "" }, self.at)
    }

    /// Whether every value beyond this edge is also beyond `other`, and some values are only beyond `other`.
    fn lies_outside_of(&self, other: &Self) -> bool {
        match self.side {
            _ if self.at == other.at => other.inclusive && !self.inclusive,
            Side::Low => self.at < other.at,
            Side::High => self.at > other.at,
        }
    }
}

/// Keeps the edges that some values are beyond and others are not; the rest is told, and judged no further.
pub(crate) fn crossable(mut edges: Vec<Checked>, findings: &mut Findings) -> Vec<Checked> {
    edges.retain(|edge| {
        let problem = uncrossable(edge);
        if let Some((message, hint)) = &problem {
            findings.add_with_hint(edge.place, message, hint);
        }
        problem.is_none()
    });
    edges
}

fn uncrossable(edge: &Checked) -> Option<(String, String)> {
    let written = edge.written();
    if !(0.0..=1.0).contains(&edge.at) {
        return Some((format!("the edge {written} is outside [0, 1]"), in_range(edge.at)));
    }
    match (edge.is_beyond(0.0), edge.is_beyond(1.0)) {
        (false, false) => Some((
            format!("no value is ever {written}: this edge cannot be crossed"),
            "leave it out, or move it inward".into(),
        )),
        (true, true) => {
            Some((format!("every value is {written}: this edge is always crossed"), "move it outward".into()))
        }
        _ => None,
    }
}

/// Whether the edges are in order and leave something between the two sides.
///
/// `edges` come from the most to the least urgent on each side.
pub(crate) fn in_order(edges: &[Checked], findings: &mut Findings) -> bool {
    let mut is_right = true;
    for (outer, inner) in edges.iter().zip(edges.iter().skip(1)).filter(|(outer, inner)| outer.side == inner.side) {
        if !outer.lies_outside_of(inner) {
            is_right = false;
            let [(outer_name, outer_edge), (inner_name, inner_edge)] =
                [outer, inner].map(|edge| (edge.name(), edge.written()));
            let message = format!("`{outer_name}` ({outer_edge}) does not lie beyond `{inner_name}` ({inner_edge})");
            let hint = match outer.side {
                Side::Low => "on the low side the numbers fall from warn to block to critical",
                Side::High => "on the high side the numbers rise from warn to block to critical",
            };
            findings.add_with_hint(outer.place, message, hint);
        }
    }
    if let (Some(low), Some(high)) = (innermost(edges, Side::Low), innermost(edges, Side::High))
        && low.at >= high.at
    {
        is_right = false;
        let message = format!("nothing is OK between low ({}) and high ({})", low.written(), high.written());
        findings.add_with_hint(low.place, message, "every low edge stands below every high edge");
    }
    is_right
}

/// The edge of a side that is nearest to the OK zone: the least urgent one.
fn innermost(edges: &[Checked], side: Side) -> Option<&Checked> {
    edges.iter().filter(|edge| edge.side == side).min_by_key(|edge| edge.priority)
}

/// That a value can come back far enough inside each edge for its alert to end.
pub(crate) fn hysteresis(edges: &[Checked], hysteresis: f64, place: Place, findings: &mut Findings) {
    for (side, opposite) in [(Side::Low, Side::High), (Side::High, Side::Low)] {
        let Some(edge) = innermost(edges, side) else { continue };
        let exit = match side {
            Side::Low => edge.at + hysteresis,
            Side::High => edge.at - hysteresis,
        };
        // Decimal fractions are not exact: a billionth decides nothing.
        let is_outside = !(-1e-9..=1.0 + 1e-9).contains(&exit);
        let blocking = innermost(edges, opposite).filter(|opposite| opposite.is_beyond(exit));
        let problem = match blocking {
            _ if is_outside => "which no value reaches: its alert could never clear".to_owned(),
            Some(other) => format!("which is beyond `{}` ({}) on the other side", other.name(), other.written()),
            None => continue,
        };
        let exit = (exit * 1e9).round() / 1e9;
        let message =
            format!("with this hysteresis `{}` ({}) clears at {exit}, {problem}", edge.name(), edge.written());
        findings.add_with_hint(place, message, "choose a smaller hysteresis; 0.02 suits most vitals");
        // Once is enough: both sides suffer from the same number.
        return;
    }
}

/// The optimum and the target: inside the OK zone, the target inside the optimum.
pub(crate) fn aim(
    optimum: &Located<Vec<Scalar<f64>>>,
    target: &Scalar<f64>,
    edges: &[Checked],
    findings: &mut Findings,
) -> ((f64, f64), f64) {
    let zone = match optimum.value.as_slice() {
        [from, to] => (share(from, "the optimum", findings), share(to, "the optimum", findings)),
        others => {
            let message = format!("the optimum needs two numbers, found {}", others.len());
            findings.add_with_hint(optimum.place, message, "from and to, like [0.75, 0.85]");
            (None, None)
        }
    };
    let aim = share(target, "the target", findings);
    let (Some(from), Some(to)) = zone else { return ((0.0, 0.0), 0.0) };
    if from > to {
        findings.add_with_hint(
            optimum.place,
            format!("the optimum ends ({to}) before it begins ({from})"),
            "swap them",
        );
    } else if let Some(edge) = edges.iter().find(|edge| edge.is_beyond(from) || edge.is_beyond(to)) {
        let message = format!("the optimum [{from}, {to}] is not all OK: part of it is {}", edge.written());
        findings.add_with_hint(optimum.place, message, "keep it inside the OK zone");
    }
    if let Some(aim) = aim
        && !(from..=to).contains(&aim)
    {
        let message = format!("the target {aim} is outside the optimum [{from}, {to}]");
        findings.add_with_hint(target.place, message, "aim for what is best");
    }
    ((from, to), aim.unwrap_or(0.0))
}
