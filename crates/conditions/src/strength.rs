use crate::evaluate::Values;
use crate::node::{At, Compare, Node, Scale, root};

/// How strongly the whole holds, from 0 to 1.
pub(crate) fn strength(values: Values<'_>) -> f64 {
    between(values, root(values.nodes)).0
}

/// The least and the greatest strength of a node: what is unknown could be anything, and counts for nothing.
fn between(values: Values<'_>, at: At) -> (f64, f64) {
    match values.nodes[at.index()] {
        Node::And(left, right) | Node::Chain(left, right) => {
            let (left, right) = (between(values, left), between(values, right));
            (left.0.min(right.0), left.1.min(right.1))
        }
        Node::Or(left, right) => {
            let (left, right) = (between(values, left), between(values, right));
            (left.0.max(right.0), left.1.max(right.1))
        }
        Node::Not(inner) => {
            let (least, greatest) = between(values, inner);
            (1.0 - greatest, 1.0 - least)
        }
        Node::Compare(compare) if compare.comparison.is_ordering() => {
            exactly(ordering(compare, values.get(compare.left), values.get(compare.right)))
        }
        _ => exactly(values.get(at)),
    }
}

fn exactly(strength: f64) -> (f64, f64) {
    if strength.is_nan() { (0.0, 1.0) } else { (strength, strength) }
}

/// One half at the bar, 1 far beyond it, 0 far before it.
fn ordering(compare: Compare, left: f64, right: f64) -> f64 {
    if left.is_nan() || right.is_nan() {
        return f64::NAN;
    }
    let bar = if compare.bar_is_left { left } else { right };
    let far = far(compare.scale, bar);
    let beyond = if compare.comparison.is_upward() { right - left } else { left - right };
    let strength = 0.5 + beyond / (2.0 * far);
    // What has overflowed is no longer near the bar.
    if strength.is_nan() { f64::from(compare.comparison.holds(left, right)) } else { strength.clamp(0.0, 1.0) }
}

/// How far beyond a bar is far.
pub(crate) fn far(scale: Scale, bar: f64) -> f64 {
    match scale {
        Scale::Unit => 0.2,
        Scale::Number => bar.abs().max(1.0),
        Scale::Span => bar.abs().max(60.0),
    }
}
