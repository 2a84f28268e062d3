use crate::node::{Arithmetic, At, Comparison, Node, root};

/// For how many points of a box a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// For all of them.
    Always,
    /// For some, or it cannot be told.
    Sometimes,
    /// For none.
    Never,
}

/// Evaluates nodes over a box, from the least to the greatest values of slots: interval arithmetic.
///
/// Operands are taken to be independent of each other, so the answer may be wider than the truth, never narrower.
#[derive(Clone, Copy)]
pub(crate) struct Region<'a> {
    pub(crate) nodes: &'a [Node],
    pub(crate) low: &'a [f64],
    pub(crate) high: &'a [f64],
}

impl Region<'_> {
    pub(crate) fn whole(&self) -> Reach {
        self.reach(root(self.nodes))
    }

    pub(crate) fn reach(&self, at: At) -> Reach {
        let flag = self.interval(at).as_flag();
        if !flag.can_be_true {
            Reach::Never
        } else if flag.can_be_false || flag.can_be_unknown {
            Reach::Sometimes
        } else {
            Reach::Always
        }
    }

    pub(crate) fn interval(&self, at: At) -> Interval {
        match self.nodes[at.index()] {
            Node::Number(value) | Node::Span(value) => Interval::exactly(value),
            Node::Flag(flag) => Interval::exactly(f64::from(flag)),
            Node::Slot(slot) => match (self.low.get(slot.index()), self.high.get(slot.index())) {
                (Some(&low), Some(&high)) if low <= high => Interval { low, high, can_be_unknown: false },
                _ => Interval::UNKNOWN,
            },
            Node::Negate(inner) => self.interval(inner).negated(),
            Node::Arithmetic(arithmetic, left, right) => {
                arithmetic_over(arithmetic, self.interval(left), self.interval(right))
            }
            Node::Compare(compare) => {
                compared(compare.comparison, self.interval(compare.left), self.interval(compare.right)).into()
            }
            Node::And(left, right) | Node::Chain(left, right) => self.flag(left).and(self.flag(right)).into(),
            // a or b is not (not a and not b), in three-valued logic too.
            Node::Or(left, right) => self.flag(left).not().and(self.flag(right).not()).not().into(),
            Node::Not(inner) => self.flag(inner).not().into(),
        }
    }

    fn flag(&self, at: At) -> Possible {
        self.interval(at).as_flag()
    }
}

/// The values that a node can have. No known one if `low` is greater than `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    pub(crate) low: f64,
    pub(crate) high: f64,
    can_be_unknown: bool,
}

impl Interval {
    const UNKNOWN: Self = Self { low: f64::INFINITY, high: f64::NEG_INFINITY, can_be_unknown: true };
    const ANYTHING: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY, can_be_unknown: true };

    const fn exactly(value: f64) -> Self {
        Self { low: value, high: value, can_be_unknown: false }
    }

    fn is_unknown(self) -> bool {
        self.low > self.high
    }

    fn is_zero(self) -> bool {
        self.low == 0.0 && self.high == 0.0
    }

    fn has_zero(self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }

    fn is_bounded(self) -> bool {
        self.low.is_finite() && self.high.is_finite()
    }

    fn negated(self) -> Self {
        Self { low: -self.high, high: -self.low, ..self }
    }

    fn as_flag(self) -> Possible {
        let is_known = !self.is_unknown();
        Possible {
            can_be_true: is_known && self.high != 0.0,
            can_be_false: is_known && self.low == 0.0,
            can_be_unknown: self.can_be_unknown,
        }
    }
}

/// Rounding keeps order, so the extremes of a sum or product are at the corners of its operands.
fn arithmetic_over(arithmetic: Arithmetic, left: Interval, right: Interval) -> Interval {
    if left.is_unknown() || right.is_unknown() {
        return Interval::UNKNOWN;
    }
    match arithmetic {
        Arithmetic::Divide if right.is_zero() => return Interval::UNKNOWN,
        Arithmetic::Divide if right.has_zero() => return Interval::ANYTHING,
        // Zero times what has overflowed is unknown, and need not be at a corner.
        Arithmetic::Multiply if left.has_zero() && !right.is_bounded() => return Interval::ANYTHING,
        Arithmetic::Multiply if right.has_zero() && !left.is_bounded() => return Interval::ANYTHING,
        _ => {}
    }
    let mut all = Interval { can_be_unknown: left.can_be_unknown || right.can_be_unknown, ..Interval::UNKNOWN };
    for a in [left.low, left.high] {
        for b in [right.low, right.high] {
            let corner = arithmetic.of(a, b);
            if corner.is_nan() {
                return Interval::ANYTHING;
            }
            all = Interval { low: all.low.min(corner), high: all.high.max(corner), ..all };
        }
    }
    all
}

fn compared(comparison: Comparison, left: Interval, right: Interval) -> Possible {
    let can_be_unknown = left.can_be_unknown || right.can_be_unknown;
    if left.is_unknown() || right.is_unknown() {
        return Possible { can_be_true: false, can_be_false: false, can_be_unknown };
    }
    let (can_be_true, can_be_false) = match comparison {
        Comparison::Less => (left.low < right.high, left.high >= right.low),
        Comparison::LessOrEqual => (left.low <= right.high, left.high > right.low),
        Comparison::Greater => (left.high > right.low, left.low <= right.high),
        Comparison::GreaterOrEqual => (left.high >= right.low, left.low < right.high),
        Comparison::Equal | Comparison::NotEqual => {
            let can_be_equal = left.low <= right.high && right.low <= left.high;
            let can_differ = left.low < left.high || right.low < right.high || left.low != right.low;
            if comparison == Comparison::Equal { (can_be_equal, can_differ) } else { (can_differ, can_be_equal) }
        }
    };
    Possible { can_be_true, can_be_false, can_be_unknown }
}

/// The truths that a flag can have.
#[derive(Clone, Copy)]
struct Possible {
    can_be_true: bool,
    can_be_false: bool,
    can_be_unknown: bool,
}

impl Possible {
    fn and(self, other: Self) -> Self {
        let is_possible = |flag: Self| flag.can_be_true || flag.can_be_false || flag.can_be_unknown;
        Self {
            can_be_true: self.can_be_true && other.can_be_true,
            can_be_false: (self.can_be_false && is_possible(other)) || (other.can_be_false && is_possible(self)),
            can_be_unknown: (self.can_be_unknown && (other.can_be_unknown || other.can_be_true))
                || (other.can_be_unknown && self.can_be_true),
        }
    }

    fn not(self) -> Self {
        Self { can_be_true: self.can_be_false, can_be_false: self.can_be_true, ..self }
    }
}

impl From<Possible> for Interval {
    fn from(flag: Possible) -> Self {
        let (low, high) = match (flag.can_be_false, flag.can_be_true) {
            (true, true) => (0.0, 1.0),
            (true, false) => (0.0, 0.0),
            (false, true) => (1.0, 1.0),
            (false, false) => (Self::UNKNOWN.low, Self::UNKNOWN.high),
        };
        Self { low, high, can_be_unknown: flag.can_be_unknown }
    }
}
