use crate::token::Place;

/// Why a text is no condition, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Mistake {
    /// Where it begins, in characters from the start of the text; the end of the text when something is missing there.
    pub start: usize,
    /// How many characters are meant, at least one.
    pub length: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Mistake {
    pub(crate) fn new(place: Place, message: impl Into<String>) -> Self {
        let length = place.end.saturating_sub(place.start).max(1);
        Self { start: place.start, length, message: message.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
