use crate::Slot;

/// One part of a condition. Parts stand in one flat list, operands before what uses them, the whole last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Node {
    Number(f64),
    /// Seconds.
    Span(f64),
    Flag(bool),
    Slot(Slot),
    Negate(At),
    Arithmetic(Arithmetic, At, At),
    Compare(Compare),
    Not(At),
    And(At, At),
    Or(At, At),
    /// `a < b < c`: an `and` of two comparisons that share the operand `b`; the left may be such a chain itself.
    Chain(At, At),
}

impl Node {
    /// The slot, if it is one.
    pub(crate) const fn slot(&self) -> Option<Slot> {
        match self {
            Self::Slot(slot) => Some(*slot),
            _ => None,
        }
    }

    /// The nodes that it uses.
    pub(crate) const fn operands(self) -> [Option<At>; 2] {
        match self {
            Self::Number(_) | Self::Span(_) | Self::Flag(_) | Self::Slot(_) => [None, None],
            Self::Negate(inner) | Self::Not(inner) => [Some(inner), None],
            Self::Compare(Compare { left, right, .. })
            | Self::Arithmetic(_, left, right)
            | Self::And(left, right)
            | Self::Or(left, right)
            | Self::Chain(left, right) => [Some(left), Some(right)],
        }
    }
}

/// The position of a node in its list, which has at most 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At(pub(crate) u8);

impl At {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The last of them: the whole.
pub(crate) const fn root(nodes: &[Node]) -> At {
    // Never empty, never longer than 256.
    At((nodes.len() - 1) as u8)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Arithmetic {
    #[inline]
    pub(crate) fn of(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            // Infinite would be greater than anything, and fire.
            Self::Divide if right == 0.0 => f64::NAN,
            Self::Divide => left / right,
        }
    }

    pub(crate) const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Compare {
    pub(crate) comparison: Comparison,
    pub(crate) left: At,
    pub(crate) right: At,
    /// How far beyond the bar is far.
    pub(crate) scale: Scale,
    /// Whether the left side is the bar, as in `0.7 < chaos`: the one that no name moves.
    pub(crate) bar_is_left: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

impl Comparison {
    /// Of two known values; false if one of them is not.
    #[inline]
    pub(crate) fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::Equal => left == right,
            Self::NotEqual => left != right && !left.is_nan() && !right.is_nan(),
        }
    }

    pub(crate) const fn symbol(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
        }
    }

    /// Whether it says which one is greater.
    pub(crate) const fn is_ordering(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// With its sides exchanged.
    pub(crate) const fn reversed(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal | Self::NotEqual => self,
        }
    }

    /// `<` or `<=`.
    pub(crate) const fn is_upward(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual)
    }
}

/// By what the strength of a comparison is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    /// A name between 0 and 1 takes part.
    Unit,
    /// Other numbers.
    Number,
    Span,
}
