use domain::{Priority, Side};
use yaml_file::{Complaint, FromScalar, Written};

/// The written form of an edge: `< 0.70`, `>= 0.95`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Beyond {
    /// `<` and `<=` look down, `>` and `>=` look up.
    pub(crate) side: Side,
    pub(crate) inclusive: bool,
    pub(crate) at: f64,
}

impl FromScalar for Beyond {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        // Longer operators first: `<=` begins with `<`.
        const OPERATORS: [(&str, Side, bool); 6] = [
            ("<=", Side::Low, true),
            (">=", Side::High, true),
            ("≤", Side::Low, true),
            ("≥", Side::High, true),
            ("<", Side::Low, false),
            (">", Side::High, false),
        ];
        let wrong = |hint: &str| Err(Complaint::new(format!("expected an edge, found {written}")).hint(hint));
        let Written::Text(text) = written else {
            return wrong("an edge is an operator and a number in quotes, like \"< 0.70\" or \">= 0.95\"");
        };
        let text = text.trim();
        let Some((operator, side, inclusive)) = OPERATORS.into_iter().find(|(operator, ..)| text.starts_with(operator))
        else {
            return wrong("begin with <, <=, > or >=, like \"< 0.70\" or \">= 0.95\"");
        };
        match text[operator.len()..].trim().parse::<f64>() {
            Ok(at) if at.is_finite() => Ok(Self { side, inclusive, at }),
            _ => wrong("one number follows the operator, with a point: \"< 0.70\""),
        }
    }
}

/// A priority by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Urgency(pub(crate) Priority);

impl FromScalar for Urgency {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        let found = match written {
            Written::Text(text) => Priority::ALL.into_iter().find(|priority| priority.name() == text),
            _ => None,
        };
        found.map(Self).ok_or_else(|| {
            Complaint::new(format!("expected a priority, found {written}"))
                .hint("known are P0 (now), P1 and P2 (can wait)")
        })
    }
}
