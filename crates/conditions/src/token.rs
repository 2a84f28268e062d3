use crate::node::Comparison;

/// From which character of the text to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Place {
    /// From the start of this to the end of `other`.
    pub(crate) const fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

/// The smallest parts of a condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Number(f64),
    /// Seconds.
    Span(f64),
    Flag(bool),
    /// A name, known or not.
    Name(String),
    And,
    Or,
    Not,
    Compare(Comparison),
    Plus,
    Minus,
    Times,
    Divide,
    Open,
    Close,
    Comma,
    /// Behind the last one.
    End,
}

impl Token {
    /// What a word of the language means; none for a name.
    pub(crate) fn keyword(word: &str) -> Option<Self> {
        Some(match word {
            "and" | "AND" => Self::And,
            "or" | "OR" => Self::Or,
            "not" | "NOT" => Self::Not,
            "true" => Self::Flag(true),
            "false" => Self::Flag(false),
            _ => return None,
        })
    }
}
